namespace KoreConnections.Commands;

/// <summary>One item of a <see cref="ParallelCmdlet"/>: its work, and how its outcome is written.</summary>
/// <param name="Target">What errors name.</param>
/// <param name="Change">What is changed; null for a read.</param>
internal sealed record ParallelItem(string? Target, string? Change, RequestContext Context, Task Task, Action Emit)
{
    public bool IsChange => Change is not null;

    /// <summary>What people call the target, where that is more.</summary>
    public string? Label { get; init; }

    /// <summary>The number of the row that it comes from.</summary>
    public int? Row { get; init; }

    /// <summary>The failure that a result reports.</summary>
    public Func<KoreException?> Judge { get; init; } = () => null;

    /// <summary>What the result says of the outcome.</summary>
    public Func<string> Done { get; init; } = () => "done";

    public KoreException? Failure => Task.Exception is { } faults ? KoreException.FromUnexpected(faults.GetBaseException()) : null;

    public string Outcome()
    {
        string what = $"{Change} '{TextSanitizer.SingleLine(Label ?? Target, 200)}'";
        return Task.Status switch
        {
            TaskStatus.RanToCompletion => $"{what}: {Done().TrimEnd('.')}, but its result could no longer be emitted.",
            TaskStatus.Faulted when Failure is { IsIndeterminate: true } unknown => $"{what}: unknown. {unknown.Message}",
            TaskStatus.Faulted => $"{what}: failed. {Failure!.Message} {Failure.RecommendedAction}".TrimEnd(),
            _ => $"{what}: unknown. It was sent, but no answer arrived before the pipeline stopped. Check with Get-Connection.",
        };
    }
}
