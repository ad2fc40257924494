namespace KoreConnections.Commands;

/// <summary>Lists where keys may come from.</summary>
[Cmdlet(VerbsCommon.Get, "KeySource", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeySource))]
public sealed class GetKeySourceCommand : KoreCmdlet
{
    [Parameter(Position = 0)]
    [ValidateNotNull]
    [AllowEmptyString]
    [SupportsWildcards]
    [TextTransformation]
    [ArgumentCompleter(typeof(KeySchemeCompleter))]
    public string[] Scheme { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (string scheme in Scheme)
        {
            Attempt(scheme, () =>
            {
                KeySource[] found = NamePattern.Find([.. KeySources.All], s => s.Scheme, scheme, out bool isPattern);
                if (found.Length == 0 && !isPattern)
                {
                    throw KeySources.NotFound(scheme);
                }

                WriteObject(found, enumerateCollection: true);
            });
        }
    }
}
