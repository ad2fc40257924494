namespace KoreConnections.Client;

/// <summary>A custom API that is called without encryption.</summary>
internal sealed class PlainHttpEndpointRule : IssueRule
{
    public override IssueSeverity Severity => IssueSeverity.Error;

    public override string Help => "The custom API is called over plain http: its key and the prompts of agents are sent unencrypted.";

    public override bool NeedsDetails(Connection listed) => IsCustomApi(listed);

    protected override IEnumerable<ConnectionIssue> Check(ExaminedConnection connection, IssueContext context)
    {
        if (Uri.TryCreate(Setting(connection, "endpointUrl") as string, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme == Uri.UriSchemeHttp)
        {
            yield return Issue(
                connection.Snapshot,
                $"The platform calls {TextSanitizer.SingleLine(endpoint.Host, 100)} over plain http: the key and the prompts of agents are sent unencrypted.",
                "Use an https address with Set-Connection -EndpointUrl. Then set a new key, because the old one was sent unencrypted.");
        }
    }
}
