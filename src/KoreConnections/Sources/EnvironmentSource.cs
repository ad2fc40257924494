namespace KoreConnections.Commands;

/// <summary><c>env:NAME</c>: an environment variable.</summary>
internal static class EnvironmentSource
{
    /// <param name="isForPlatform">Whether the key is for the platform itself, which alone takes the variable of its key.</param>
    public static KeyAnswer Read(string name, bool isForPlatform)
    {
        if (!isForPlatform && string.Equals(name, CurrentSession.KeyVariable, StringComparison.OrdinalIgnoreCase))
        {
            return KeyAnswer.Refused(
                $"refers to {CurrentSession.KeyVariable}, the platform key, which must not be sent to a provider. Specify the provider's key.");
        }

        if (IsValue(name))
        {
            return KeyAnswer.Refused("has the value of a variable after env: (not shown). Use the name of the variable: env:NAME, not env:$env:NAME.");
        }

        string? value = name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value)
            ? KeyAnswer.Unresolved(
                $"refers to the environment variable '{SecretMasker.Quote(name)}', which is not set or empty.",
                "Set the variable in this session, or use the name of one that is set.")
            : new KeyAnswer(Secret.FromPlainText(value!.Trim()));
    }

    // PowerShell puts the value in place of $env:NAME, where a name was meant.
    private static bool IsValue(string name) => name.Length > 0 && Environment.GetEnvironmentVariable(name) is null
        && Environment.GetEnvironmentVariables().Values.Cast<string?>().Any(value => value?.Trim() == name);
}
