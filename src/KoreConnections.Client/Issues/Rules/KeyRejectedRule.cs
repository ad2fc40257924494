namespace KoreConnections.Client;

/// <summary>The provider refuses the key of the manifest.</summary>
internal sealed class KeyRejectedRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Error;

    public override string Help => "With -VerifyKey: the provider rejects the key in the manifest, or rejects it for this model or deployment.";

    public override bool IsPossible(IssueContext context) => context.VerifiesKeys;

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (connection.KeyTest is { VerdictValue: KeyVerdict.InvalidKey or KeyVerdict.NoModelAccess or KeyVerdict.DeploymentNotFound } test
            // A retired model is refused with every key: ModelRetired says so.
            && !(test.VerdictValue == KeyVerdict.NoModelAccess && test.Lifecycle?.StatusOn(context.Day) == ModelStatus.Retired))
        {
            string details = test.ProviderMessage is string message ? $": {TextSanitizer.SingleLine(message, 200)}" : ".";
            yield return Issue(
                connection.Snapshot,
                $"{test.ProviderHost} rejects the key ({test.Verdict}){details}",
                test.RecommendedAction ?? "Set a valid key with Set-Connection.");
        }
    }
}
