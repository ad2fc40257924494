namespace KoreConnections.Client;

/// <summary>The parameter that limits an answer's length has two names, and each model takes one of them.</summary>
internal static class TokenLimit
{
    public const string Old = "max_tokens";
    public const string New = "max_completion_tokens";

    public static bool IsRefused(ProbeResponse answer) =>
        answer.Status == 400 && answer.Mentions(Old, New) && answer.Mentions("unsupported", "not supported", "unrecognized", "unknown parameter");

    /// <summary>A model that thinks first comes to no answer within one token: it was asked nevertheless.</summary>
    public static bool IsReached(ProbeResponse answer) =>
        answer.Status == 400 && !IsRefused(answer) && answer.Mentions("output limit was reached", "could not finish the message");
}
