namespace KoreConnections.Commands;

internal static class EnvironmentSource
{
    public static KeyAnswer Read(string name, bool isForPlatform)
    {
        string? value = name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
        return !isForPlatform && string.Equals(name, CurrentSession.KeyVariable, StringComparison.OrdinalIgnoreCase)
            ? KeyAnswer.Refused(
                $"refers to {CurrentSession.KeyVariable}, the platform key, which must not be sent to a provider. Specify the provider's key.")
            : IsValue(name) ? KeyAnswer.Refused(
                "has the value of a variable after env: (not shown). Use the name of the variable: env:NAME, not env:$env:NAME.")
            : string.IsNullOrWhiteSpace(value) ? KeyAnswer.Unresolved(
                $"refers to the environment variable '{Quote(name)}', which is not set or empty.",
                "Set the variable in this session, or use the name of one that is set.")
            : new KeyAnswer(Secret.FromPlainText(value!.Trim()));
    }

    /// <summary>The name of a variable as messages have it. A key that was typed in its place is not shown.</summary>
    public static string Quote(string name)
    {
        const string Scheme = "env:";
        string shown = SecretMasker.Quote(Scheme + name, 200);
        return shown.StartsWith(Scheme, StringComparison.Ordinal) ? shown.Substring(Scheme.Length) : SecretMasker.Quote(name, 200);
    }

    // PowerShell puts the value instead of $env:NAME, where a name was meant.
    private static bool IsValue(string name) => name.Length > 0 && Environment.GetEnvironmentVariable(name) is null
        && Environment.GetEnvironmentVariables().Values.Cast<string?>().Any(value => value?.Trim() == name);
}
