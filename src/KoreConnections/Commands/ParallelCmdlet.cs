namespace KoreConnections.Commands;

/// <summary>Works on many items at once, with results in the order of the input. However the pipeline ends, what was sent is awaited and reported.</summary>
public abstract class ParallelCmdlet : RowCmdlet
{
    // How many results may wait for a slow one before them, as a multiple of what is under way.
    private const int WindowFactor = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopDelay = TimeSpan.FromMilliseconds(250);

    private readonly Queue<ParallelItem> _window = new();
    private readonly HashSet<string> _changing = new(StringComparer.Ordinal);
    private readonly PipelineEnd _end = new();
    private SemaphoreSlim? _throttle;
    private int _done;
    private int _failed;

    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override string ProgressStatus =>
        $"{_done} done, {_failed} failed, {Math.Min(ThrottleLimit, _window.Count(i => !i.Task.IsCompleted))} in progress"
            + (Pause is { Ticks: > 0 } pause ? $", waiting {pause.TotalSeconds:0} s for the platform's rate limit" : RetryNote);

    protected override void EndProcessing()
    {
        Flush();
        base.EndProcessing();
    }

    /// <summary>Whether what is begun is finished before an error that ends the pipeline, because it is more than a request and its answer.</summary>
    private protected virtual bool FinishesWhatIsBegun => false;

    /// <summary>What is left of a batch, by name: nothing has begun of it, and nothing will where the pipeline ends before.</summary>
    private protected virtual IEnumerable<string> NotStarted => [];

    /// <summary>How what was not begun is done after all, as a sentence; null where it needs no words.</summary>
    private protected virtual string? Remedy => null;

    private protected override void EndUnanswered()
    {
        if (IsUnanswered)
        {
            Drain(isAlike: false);
        }

        base.EndUnanswered();
    }

    private protected override void Close()
    {
        Abandon();
        base.Close();
    }

    private protected void Prepare(Func<string?> target, Action action, Func<string?>? label = null)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Errors.IsOfItem(e))
        {
            Enqueue(new ParallelItem(target(), null, NewContext(), Task.FromException(e), () => { }) { Label = label?.Invoke() });
        }
    }

    /// <param name="change">What is changed, for what is reported when the result can no longer be emitted; null for a read.</param>
    /// <param name="judge">For results that can report a failure themselves: it is written after them.</param>
    /// <param name="describe">What is reported of a result that can no longer be emitted; null where the failure that it holds says it.</param>
    private protected void Start<T>(
        string? target,
        string? change,
        Func<RequestContext, Task<T>> work,
        Action<T> emit,
        Func<T, KoreException?>? judge = null,
        Func<T, string>? describe = null,
        string? label = null)
    {
        if (change is not null && target is not null)
        {
            AwaitChangeOf(target);
            _changing.Add(target);
        }

        RequestContext context = NewContext();
        SemaphoreSlim throttle = _throttle ??= new SemaphoreSlim(ThrottleLimit);
        long number = _end.NextNumber();
        bool stops = StopsAtError;
        Task<T> task = Task.Run(async () =>
        {
            await throttle.WaitAsync(context.CancellationToken).ConfigureAwait(false);
            try
            {
                _end.RequireOpen(number);
                T result = await work(context).ConfigureAwait(false);
                if (judge?.Invoke(result) is KoreException reported)
                {
                    _end.Note(reported, number, stops);
                }

                return result;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _end.Note(e, number, stops);
                throw;
            }
            finally
            {
                throttle.Release();
            }
        });
        Enqueue(new ParallelItem(target, change, context, task, () => emit(task.GetAwaiter().GetResult()))
        {
            Label = label,
            Judge = () => judge?.Invoke(task.GetAwaiter().GetResult()),
            Done = describe is null ? null : () => describe(task.GetAwaiter().GetResult()),
        });
    }

    /// <param name="id">The id; one that is none is an error in the connection's place.</param>
    /// <param name="platform">The platform that the id is from; null where that is not known.</param>
    /// <param name="label">What people call it, where that is more than its id.</param>
    private protected void Read(string? id, Action<Connection> emit, string? platform = null, string? label = null) => Prepare(() => id, () =>
    {
        RequireSessionOf(platform);
        string checkedId = Guard.ConnectionId(id);
        ConnectionsClient client = Client;
        Start(id, null, context => client.GetAsync(checkedId, context), emit, label: label);
    }, () => label);

    private protected void Result(string? target, Action emit) => Enqueue(new ParallelItem(target, null, NewContext(), Task.CompletedTask, emit));

    /// <summary>Two changes of the same thing happen one after the other, as their order in the pipeline says.</summary>
    private protected void AwaitChangeOf(string target)
    {
        if (_changing.Contains(target))
        {
            Flush();
        }
    }

    private protected void Flush()
    {
        while (_window.Count > 0)
        {
            EmitFirst();
        }

        EndProgress();
    }

    private void Enqueue(ParallelItem item)
    {
        _window.Enqueue(item with { Row = CurrentRow });
        // Nothing is begun after a failure that ends the pipeline, so that its turn is awaited.
        bool isLast = item.Failure is KoreException known && IsLast(known);
        int most = isLast || ThrottleLimit == 1 ? 1 : ThrottleLimit * WindowFactor;
        while (_window.Count > 0 && (_window.Count >= most || _window.Peek().Task.IsCompleted))
        {
            EmitFirst();
        }

        WriteWaiting();
    }

    private void EmitFirst()
    {
        WaitFor(_window.Peek().Task);
        ParallelItem item = _window.Dequeue();
        if (item.IsChange)
        {
            _changing.Remove(item.Target ?? "");
        }

        if (item.Failure is KoreException failure)
        {
            Count(Failed);
            FailAfterDraining(failure, item);
            return;
        }

        KoreException? reported = item.Judge();
        _done += reported is null ? 1 : 0;
        try
        {
            Emit(item);
        }
        catch
        {
            // The reader has had enough, or stops: from here on results can only be reported.
            Abandon();
            throw;
        }

        if (reported is not null)
        {
            FailAfterDraining(reported, item);
        }
    }

    private void Emit(ParallelItem item)
    {
        try
        {
            item.Emit();
        }
        catch (PipelineStoppedException)
        {
            // Ctrl+C stops a reader's own pipeline first, and is known here a moment later. An error of the reader's looks the same.
            SpinWait.SpinUntil(() => IsStopping, StopDelay);
            throw;
        }
        finally
        {
            // Ctrl+C before this one was passed on, or while it was: then a reader may have swallowed it, with or without an exception.
            // (Select-Object -First ends the pipeline too, but has it.)
            if (IsStopping && item.IsChange)
            {
                WarnToTheEnd(item.Outcome());
            }
        }
    }

    private void FailAfterDraining(KoreException failure, ParallelItem item)
    {
        _failed++;
        if (IsLast(failure))
        {
            try
            {
                Drain(isAlike: Errors.EndsPipeline(failure));
            }
            catch
            {
                // The reader has had enough, so that no error can be written any more.
                WarnToTheEnd(item.Outcome(failure));
                throw;
            }
        }

        Fail(failure, item.Target, item.Label, item.Row);
    }

    /// <summary>Before an error that ends the pipeline: nothing more is begun, and what was sent is written first.</summary>
    /// <param name="isAlike">Whether all that follows would fail alike.</param>
    private void Drain(bool isAlike)
    {
        _end.Come();
        if (!FinishesWhatIsBegun)
        {
            CancelAll(Patience);
        }

        var unsent = new List<string>();
        while (_window.Count > 0)
        {
            WaitFor(_window.Peek().Task);
            ParallelItem item = _window.Dequeue();
            if (item.Task.Status == TaskStatus.RanToCompletion)
            {
                Emit(item);
            }
            else if (item.IsChange && item.IsUnsent)
            {
                unsent.Add(item.Label ?? item.Target ?? "");
            }
            else if (item.IsChange)
            {
                WriteWarning(item.Outcome());
            }
        }

        unsent.AddRange(NotStarted);
        string why = isAlike ? "For the same reason" : "Because the command ends here";
        WarnOfNames(
            [.. unsent.Select(name => $"'{TextSanitizer.SingleLine(name, 200)}'")],
            names => $"{why}, nothing was changed for {names}. {Remedy}".TrimEnd(),
            most: 100);
    }

    private void Abandon()
    {
        if (_window.Count == 0)
        {
            return;
        }

        CancelAll(Patience);
        ParallelItem[] sent = [.. _window.Where(i => i.IsChange)];
        _window.Clear();
        // All of them end by then, because their token does.
        Task.WhenAll(sent.Select(i => i.Task)).ContinueWith(_ => { }, TaskScheduler.Default).Wait(Patience + Patience);
        Array.ForEach([.. sent.Where(i => i.Context.IsSent)], i => WarnToTheEnd(i.Outcome()));
    }
}
