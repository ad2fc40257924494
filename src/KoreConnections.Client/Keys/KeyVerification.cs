namespace KoreConnections.Client;

/// <summary>What it means for a change that its provider was asked about the new key.</summary>
internal static class KeyVerification
{
    /// <summary>Why the key must not be given to the connection; null where it can be used.</summary>
    /// <param name="test">The provider's verdict.</param>
    /// <param name="otherwise">How to do without asking.</param>
    public static KoreException? Failure(KeyTestResult test, string otherwise)
    {
        if (test.IsUsable)
        {
            return null;
        }

        KoreErrorKind kind = test.VerdictValue switch
        {
            KeyVerdict.Unreachable => KoreErrorKind.Unreachable,
            KeyVerdict.Inconclusive => KoreErrorKind.UnexpectedResponse,
            _ => KoreErrorKind.InvalidInput,
        };
        string status = test.StatusCode is { } code ? $", HTTP {(int)code}" : "";
        string answer = test.ProviderMessage is string message ? $": {message}" : ".";
        return new KoreException(kind, $"The new key did not pass verification at {test.ProviderHost} ({test.Verdict}{status}); nothing was changed{answer}")
        {
            RecommendedAction = $"{test.RecommendedAction} {otherwise}".TrimStart(),
        };
    }
}
