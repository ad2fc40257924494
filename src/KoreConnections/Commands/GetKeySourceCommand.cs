namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Get, "KeySource", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeySource))]
public sealed class GetKeySourceCommand : KoreCmdlet
{
    [Parameter(Position = 0), ValidateNotNull, SupportsWildcards, TextTransformation]
    [ArgumentCompleter(typeof(KeySchemeCompleter))]
    public string[] Scheme { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (string scheme in Scheme.Select(s => s.Trim()))
        {
            Attempt(scheme, () => WriteObject(
                NamePattern.Find([.. KeySources.All], s => s.Scheme, scheme, () => throw KeySources.NotFound(scheme)), enumerateCollection: true));
        }
    }
}
