namespace KoreConnections.Commands;

internal sealed record ParallelItem(string? Target, string? Change, RequestContext Context, Task Task, Action Emit)
{
    public bool IsChange => Change is not null;

    public string? Label { get; init; }

    public int? Row { get; init; }

    public Func<KoreException?> Judge { get; init; } = () => null;

    /// <summary>What is reported of a result; null where the failure that it holds says it, if there is one.</summary>
    public Func<string>? Done { get; init; }

    public KoreException? Failure => Task.Exception is { } faults ? KoreException.FromUnexpected(faults.GetBaseException()) : null;

    /// <summary>Whether nothing of a change was sent: it was cancelled before, or has the failure that ends the pipeline.</summary>
    public bool IsUnsent =>
        Failure is KoreException failure ? Errors.EndsPipeline(failure) && !(failure.IsIndeterminate && Context.IsSent) : !Context.IsSent;

    public string Outcome() => Task.Status switch
    {
        TaskStatus.RanToCompletion when Done is null && Judge() is KoreException failure => Outcome(failure),
        TaskStatus.RanToCompletion => $"{What}: {(Done?.Invoke() ?? "done").TrimEnd('.')}, but its result could no longer be emitted.",
        TaskStatus.Faulted => Outcome(Failure!),
        _ => $"{What}: unknown. It was sent, but no answer arrived before the pipeline stopped. Check with Get-Connection.",
    };

    public string Outcome(KoreException failure) =>
        $"{What}: {(failure.IsIndeterminate ? "unknown" : "failed")}. {failure.Message} {failure.RecommendedAction}".TrimEnd();

    private string What => $"{Change} '{TextSanitizer.SingleLine(Label ?? Target, 200)}'".TrimStart();
}
