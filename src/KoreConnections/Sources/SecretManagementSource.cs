namespace KoreConnections.Commands;

/// <summary><c>secret:[VAULT/]NAME</c>: a vault of the module Microsoft.PowerShell.SecretManagement.</summary>
internal sealed class SecretManagementSource : IExternalKeySource
{
    private const string Command = @"Microsoft.PowerShell.SecretManagement\Get-Secret";

    public string? Check(string place) => Parse(place).Name.Length > 0 ? null
        : $"'secret:{SecretMasker.Quote(place, 200)}' is not a valid reference. Use secret:NAME, secret:VAULT/NAME, "
            + "or secret:/GROUP/NAME for a name with a slash in the default vault.";

    public KeyAnswer Ask(KeySourceInvoker invoker, string place)
    {
        (string? vault, string name) = Parse(place);
        string shown = SecretMasker.Quote(place, 200);
        string readAs = vault is null ? "" : $" The part before the first slash, '{SecretMasker.Quote(vault)}', is the vault. "
            + $"For the name '{shown}' in the default vault, use secret:/{shown}.";
        if (invoker.Find(Command, CommandTypes.Cmdlet | CommandTypes.Function) is not CommandInfo command)
        {
            return KeyAnswer.Unresolved(
                $"'secret:{shown}' needs the module Microsoft.PowerShell.SecretManagement, which is being retired. "
                    + "Install it, or use env:NAME, file:PATH, azkv:VAULT/NAME, or your own source (Register-KeySource).");
        }

        var arguments = new Hashtable { ["Name"] = name, ["ErrorAction"] = "Stop" };
        if (vault is not null)
        {
            arguments["Vault"] = vault;
        }

        KeySourceResult result = invoker.Run(command, arguments);
        return result switch
        {
            { Failure: string failure } => KeyAnswer.Unresolved($"'secret:{shown}' could not be read: {failure.TrimEnd('.')}.{readAs}"),
            { Values.Count: 0 } => KeyAnswer.Unresolved($"'secret:{shown}' was not found.{readAs}"),
            { Values.Count: > 1 } => KeyAnswer.Refused(
                $"'secret:{shown}' returned {result.Values.Count} values. Name one secret, and its vault: secret:VAULT/NAME."),
            _ when KeyInput.Wrap(result.Values[0]) is { } key => key.Length > 0
                ? new KeyAnswer(new Secret(key).Trim())
                : KeyAnswer.Unresolved($"'secret:{shown}' is empty.", "Set the secret in the vault, or use the name of another."),
            _ => KeyAnswer.Refused($"'secret:{shown}' is a {result.Values[0].BaseObject.GetType().Name}, not a string, SecureString or PSCredential."),
        };
    }

    // Nothing before the slash is the default vault, whose names may hold slashes too.
    private static (string? Vault, string Name) Parse(string place)
    {
        int slash = place.IndexOf('/');
        return (slash <= 0 ? null : place.Substring(0, slash), place.Substring(slash + 1));
    }
}
