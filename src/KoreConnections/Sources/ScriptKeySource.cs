using System.Management.Automation.Runspaces;

namespace KoreConnections.Commands;

/// <summary>A source that a script registered: its block gets what follows the colon.</summary>
internal sealed class ScriptKeySource(string scheme, string description, ScriptBlock block)
    : KeySource(scheme, scheme + ":NAME", description, isBuiltIn: false), IExternalKeySource
{
    private const string CheckSource = "Check the name of the secret, and run the command of the source to see what it does (Get-KeySource lists sources).";

    // A block runs where it was made, and would be waited for there. Another runspace gets its text.
    private readonly Guid? _runspace = Runspace.DefaultRunspace?.InstanceId;
    private readonly string _text = block.ToString();

    public string? Check(string place) =>
        Name(place) is not { Length: > 0 } name ? $"'{Scheme}:' does not name anything. Use {Reference}."
        : name[0] == '-' ? $"'{Scheme}:' is followed by a hyphen, which starts an option of a command. Use the name of a secret."
        : null;

    public KeyAnswer Ask(KeySourceInvoker invoker, string place)
    {
        string shown = $"{Scheme}:{SecretMasker.Quote(place, 200)}";
        ScriptBlock here = Runspace.DefaultRunspace?.InstanceId == _runspace ? block : ScriptBlock.Create(_text);
        KeySourceResult result = invoker.Run(here, new object[] { Name(place) });
        return result.Failure is string failure
            ? KeyAnswer.Unresolved($"refers to '{shown}', but its source failed: {failure}", CheckSource)
            : KeySourceValue.Read(result.Values, shown);
    }

    // As other tools write it: SCHEME://NAME.
    private static string Name(string place) => place.StartsWith("//", StringComparison.Ordinal) ? place.Substring(2) : place;
}
