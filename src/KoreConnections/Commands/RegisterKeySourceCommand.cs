namespace KoreConnections.Commands;

/// <summary>Adds a scheme of references to keys, and says what is run to follow one.</summary>
[Cmdlet(VerbsLifecycle.Register, "KeySource", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeySource))]
public sealed class RegisterKeySourceCommand : KoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = PromptHelp.Scheme)]
    [AllowEmptyString]
    [TextTransformation]
    [ArgumentCompleter(typeof(KeySchemeCompleter))]
    public string Scheme { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, HelpMessage = PromptHelp.ScriptBlock)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [TextTransformation]
    public string? Description { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => Attempt(null, () =>
    {
        if (!KeySources.IsScheme(Scheme))
        {
            throw Guard.Invalid(
                nameof(Scheme),
                $"'{SecretMasker.Quote(Scheme)}' is not a valid scheme. "
                    + "Use a lower-case letter followed by lower-case letters, digits, '+', '.' and '-', without the colon.");
        }

        if (!Force && KeySources.All.Any(s => s.Scheme == Scheme && s.IsBuiltIn))
        {
            throw Guard.Invalid(nameof(Scheme), $"'{Scheme}' is built in. Choose another name, or use -Force to replace it. Unregister-KeySource restores it.");
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
