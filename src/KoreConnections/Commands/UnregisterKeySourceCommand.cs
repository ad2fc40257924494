namespace KoreConnections.Commands;

[Cmdlet(VerbsLifecycle.Unregister, "KeySource", HelpUri = Documentation.ConnectionsApi)]
public sealed class UnregisterKeySourceCommand : KoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = PromptHelp.Scheme)]
    [AllowEmptyString, TextTransformation(IsOfRow = true), ArgumentCompleter(typeof(KeySchemeCompleter))]
    public string[] Scheme { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (string scheme in Scheme.Select(s => s.Trim()))
        {
            Attempt(scheme, () =>
            {
                KeySource source = KeySources.Find(scheme.AsSpan()) ?? throw KeySources.NotFound(scheme);
                if (source.IsBuiltIn)
                {
                    throw KeySources.Invalid(
                        source.Scheme,
                        $"-Scheme '{source.Scheme}' is built in and cannot be removed. Unregister-KeySource removes only what Register-KeySource added.");
                }

                KeySources.Remove(source.Scheme);
            });
        }
    }
}
