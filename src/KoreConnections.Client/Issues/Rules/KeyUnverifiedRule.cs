namespace KoreConnections.Client;

/// <summary>Whether the key works could not be found out.</summary>
internal sealed class KeyUnverifiedRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Information;

    public override string Help => "With -VerifyKey: the key could not be verified, because the manifest has none or the provider's answer was inconclusive.";

    public override bool IsPossible(IssueContext context) => context.VerifiesKeys;

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (connection.KeyTest is { VerdictValue: KeyVerdict.Unreachable or KeyVerdict.Inconclusive } test)
        {
            yield return Issue(
                connection.Snapshot,
                $"{test.ProviderHost} did not confirm whether the key works ({test.Verdict}).",
                test.RecommendedAction ?? "Test it again later with Test-ConnectionKey.");
        }
        else if (context.VerifiesKeys && connection.KeyTest is null)
        {
            yield return Issue(
                connection.Snapshot,
                connection.NotTested ?? "The manifest does not name the connection, so there is no key to test.",
                "Add it to the manifest with a reference to its key (Export-Connection), or test it with Test-ConnectionKey.");
        }
    }
}
