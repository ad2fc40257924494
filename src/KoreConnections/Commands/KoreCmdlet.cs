using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What every cmdlet here shares: asynchronous work, Ctrl+C, errors.</summary>
public abstract class KoreCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Ends all requests under way.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called at the end of the pipeline, however it ends.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }

    /// <summary>Runs work on the pool and waits; its log lines are written here, on the pipeline's thread.</summary>
    private protected T Await<T>(Func<Call, Task<T>> work)
    {
        using var lines = new BlockingCollection<(LogLevel Level, string Text)>();
        var call = new Call(IsLogging ? (level, text) => lines.Add((level, text)) : null, _stop.Token);
        Task<T> task = Task.Run(async () =>
        {
            try
            {
                return await work(call).ConfigureAwait(false);
            }
            finally
            {
                lines.CompleteAdding();
            }
        });
        foreach ((LogLevel level, string text) in lines.GetConsumingEnumerable())
        {
            if (level == LogLevel.Verbose)
            {
                WriteVerbose(text);
            }
            else
            {
                WriteDebug(text);
            }
        }

        return task.GetAwaiter().GetResult();
    }

    /// <summary>Does something for one item; a failure becomes its error record, and the next item follows.</summary>
    private protected void Attempt(string? target, Action action) => Attempt(() => target, action);

    /// <summary>The same, for a target that only the action finds out.</summary>
    private protected void Attempt(Func<string?> target, Action action)
    {
        try
        {
            action();
        }
        catch (KoreException e) when (Errors.EndsPipeline(e))
        {
            ThrowTerminatingError(Errors.ToRecord(e, target()));
        }
        catch (KoreException e)
        {
            WriteError(Errors.ToRecord(e, target()));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    // Lines that nobody sees are not even made.
    private bool IsLogging => IsOn("Verbose") || IsOn("Debug");

    private bool IsOn(string stream) =>
        MyInvocation.BoundParameters.TryGetValue(stream, out object? given) && given is SwitchParameter flag
            ? flag.IsPresent
            : GetVariableValue(stream + "Preference") is not (null or ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
