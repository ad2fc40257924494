namespace KoreConnections.Commands;

internal sealed record ParallelItem(string? Target, string? Change, RequestContext Context, Task Task, Action Emit)
{
    public bool IsChange => Change is not null;

    public string? Label { get; init; }

    public int? Row { get; init; }

    public Func<KoreException?> Judge { get; init; } = () => null;

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
