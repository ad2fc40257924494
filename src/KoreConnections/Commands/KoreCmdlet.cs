using System.Collections.Concurrent;
using System.Diagnostics;

namespace KoreConnections.Commands;

/// <summary>What every cmdlet here shares. Work runs on the pool; the pipeline's thread waits and does all the writing.</summary>
public abstract class KoreCmdlet : StreamCmdlet, IDisposable
{
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly ConcurrentQueue<Action> _lines = new();
    private readonly SemaphoreSlim _wake = new(0);

    // By their fingerprints: a thousand rows share a few.
    private readonly ConcurrentDictionary<string, Secret> _knownKeys = new(StringComparer.Ordinal);
    private readonly SearchedTexts _searchedTexts = new();
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private TimeSpan _nextProgress = ProgressDelay;
    private bool _isProgressShown;
    private volatile bool _isStopping;
    private volatile string? _retry;
    private bool? _isLogging;

    /// <summary>What sources answered, so that each is asked once for a reference in a pipeline.</summary>
    internal Dictionary<string, KeyAnswer> KeyAnswers { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes a key that was given to the cmdlet, or that a reference led to: no failure shows it.</summary>
    internal void Know(Secret key) => _knownKeys.TryAdd(key.Fingerprint(), key);

    /// <summary>Decides about the session before a key is resolved: a vault or a script takes its time, and others connect meanwhile.</summary>
    internal virtual void FixSession()
    {
    }

    protected override void StopProcessing()
    {
        _isStopping = true;
        CancelReads();
        _wake.Release();
    }

    protected override void EndProcessing()
    {
        EndProgress();
        EndUnanswered();
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called at the end of the pipeline, however it ends.</summary>
    private protected virtual void Close()
    {
        CancelReads();
        EndProgress();
        _stop.Dispose();
        _abandon.Dispose();
    }

    private protected virtual string Activity => "Waiting for the platform";

    private protected virtual string ProgressStatus => $"{_sinceStart.Elapsed.TotalSeconds:0} s{RetryNote}";

    private protected string RetryNote => _retry is string retry ? $". {retry}" : "";

    /// <summary>How many failures were written.</summary>
    private protected int Failures { get; private set; }

    /// <summary>Whether Ctrl+C was pressed, or the host stops the pipeline. The engine refuses output a moment before it calls StopProcessing.</summary>
    private protected bool IsStopping => _isStopping || Stopping;

    private protected RequestContext NewContext()
    {
        EndUnanswered();
        // Lines that nobody sees are not even made.
        _isLogging ??= IsOn("Verbose") || IsOn("Debug");
        return new RequestContext(_isLogging.Value ? Post : null, _stop.Token, _abandon.Token)
        {
            ReportRetry = line => _retry = line, KnownKeys = _knownKeys.Select(k => k.Value), SearchedTexts = _searchedTexts,
        };
    }

    private protected void CancelReads()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C in the moment in which the pipeline ended by itself.
        }
    }

    /// <summary>Ends reads now, and what was sent of changes when it has had that time to be answered.</summary>
    private protected void CancelAll(TimeSpan patience)
    {
        CancelReads();
        _abandon.CancelAfter(patience);
    }

    private protected T Await<T>(Func<RequestContext, Task<T>> work)
    {
        RequestContext context = NewContext();
        Task<T> task = Task.Run(() => work(context));
        WaitFor(task);
        return task.GetAwaiter().GetResult();
    }

    private protected void Await(Func<RequestContext, Task> work) => Await(async context =>
    {
        await work(context).ConfigureAwait(false);
        return true;
    });

    internal T Stoppable<T>(Func<CancellationToken, T> work)
    {
        try
        {
            return work(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private protected void WaitFor(Task task)
    {
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(_ => { _wake.Release(); }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        while (!task.IsCompleted && !IsStopping)
        {
            _wake.Wait(ProgressInterval);
            WriteWaiting();
        }

        if (IsStopping)
        {
            throw new PipelineStoppedException();
        }

        WriteWaiting();
    }

    private protected void WriteWaiting()
    {
        while (_lines.TryDequeue(out Action? write))
        {
            write();
        }

        if (_sinceStart.Elapsed >= _nextProgress)
        {
            _nextProgress = _sinceStart.Elapsed + ProgressInterval;
            _isProgressShown = true;
            WriteProgress(new ProgressRecord(0, Activity, TextSanitizer.SingleLine(ProgressStatus)));
        }
    }

    /// <summary>Removes the progress bar, before anything that may be the last that a reader takes.</summary>
    private protected void EndProgress()
    {
        if (_isProgressShown)
        {
            _isProgressShown = false;
            EndProgress(new ProgressRecord(0, Activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    /// <summary>Does something; a failure becomes its error record, and gives false.</summary>
    internal bool Attempt(string? target, Action action, string? label = null, int? row = null)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (Errors.IsOfItem(e))
        {
            Fail(KoreException.FromUnexpected(e), target, label, row);
            return false;
        }
    }

    /// <summary>Writes a failure, and ends the pipeline where all that follows would fail alike.</summary>
    internal void Fail(KoreException failure, string? target, string? label = null, int? row = null)
    {
        ErrorRecord record = Errors.ToRecord(failure, target, label, row);
        if (Errors.EndsPipeline(failure))
        {
            EndProgress();
            ThrowTerminatingError(record);
        }

        Failures++;
        WriteError(record);
    }

    // The property, because BoundParameters still holds what the row before was bound to.
    /// <summary>The value of a parameter for this record; null for none of that name.</summary>
    private protected object? Bound(string parameter) => GetType().GetProperty(parameter)?.GetValue(this);

    private protected bool IsLast(KoreException failure) => Errors.EndsPipeline(failure) || StopsAtError;

    private protected bool StopsAtError => Preference("ErrorAction", "ErrorActionPreference") is ActionPreference.Stop;

    /// <summary>Whether nothing is to be changed, even where there is nothing to ask about.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(Given("WhatIf", "WhatIfPreference"));

    /// <summary>Whether the user is asked before a change.</summary>
    private protected bool Asks => MyInvocation.BoundParameters.TryGetValue("Confirm", out object? given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact preference)
            && preference is ConfirmImpact.Low or ConfirmImpact.Medium;

    /// <summary>Whether what a run would refuse is to be refused before anything is sent.</summary>
    private protected bool IsRehearsed => IsWhatIf || Asks;

    private void Post(LogLevel level, string text)
    {
        _lines.Enqueue(level == LogLevel.Verbose ? () => WriteVerbose(text) : () => WriteDebug(text));
        _wake.Release();
    }
}
