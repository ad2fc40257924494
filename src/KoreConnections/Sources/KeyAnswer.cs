namespace KoreConnections.Commands;

/// <summary>What came of a reference: a key, or why there is none, as the end of a sentence that begins with the parameter.</summary>
/// <param name="IsUnresolved">Whether a plan can do without it: the reference is right, and leads to no key here.</param>
/// <param name="Action">What a person can do, where the problem does not say it.</param>
internal sealed record KeyAnswer(Secret? Key, string? Problem = null, bool IsUnresolved = false, string? Action = null)
{
    public static KeyAnswer Unresolved(string problem, string? action = null) => new(null, problem, true, action);

    public static KeyAnswer Refused(string problem) => new(null, problem);
}
