namespace KoreConnections.Client;

/// <summary>A custom API whose address holds a secret.</summary>
internal sealed class KeyInEndpointRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Error;

    public override string Help => "The address of the custom API contains a login or a possible key: addresses are shown, listed and logged.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (Setting(connection, "endpointUrl") is string address && HoldsSecret(address))
        {
            yield return Issue(
                connection.Snapshot,
                "The address of the API contains a login or a possible key, and addresses are shown and logged.",
                "Create a new key, send it in a header instead (Set-Connection -Header and -EndpointUrl), and revoke the old key.");
        }
    }

    // What the one rule for addresses masks is what may be a secret; what came masked from the platform was one.
    private static bool HoldsSecret(string address) =>
        SecretMasker.IsMasked(address.AsSpan())
        || !string.Equals(SecretMasker.Addresses(address), address, StringComparison.Ordinal)
        || (Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0);
}
