namespace KoreConnections.Commands;

[Cmdlet(VerbsLifecycle.Register, "KeySource", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeySource))]
public sealed class RegisterKeySourceCommand : KoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = PromptHelp.Scheme), AllowEmptyString, TextTransformation]
    [ArgumentCompleter(typeof(KeySchemeCompleter))]
    public string Scheme { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, HelpMessage = PromptHelp.ScriptBlock)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    [Parameter, TextTransformation]
    public string? Description { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => Attempt(null, () =>
    {
        string? problem = !KeySources.IsScheme(Scheme)
                ? $"'{SecretMasker.Quote(Scheme)}' is not a valid scheme. "
                    + "Use a lower-case letter followed by lower-case letters, digits, '+', '.' and '-', without the colon."
            : !Force && KeySources.All.Any(s => s.Scheme == Scheme && s.IsBuiltIn)
                ? $"'{Scheme}' is built in. Choose another name, or use -Force to replace it. Unregister-KeySource restores it."
            : null;
        if (problem is not null)
        {
            throw Guard.Invalid(nameof(Scheme), problem);
        }

        string description = string.IsNullOrWhiteSpace(Description) ? "A script." : TextSanitizer.SingleLine(SecretMasker.Quote(Description, 200));
        var source = new ScriptKeySource(Scheme, description, ScriptBlock);
        KeySources.Register(source);
        if (PassThru)
        {
            WriteObject(source);
        }
    });
}
