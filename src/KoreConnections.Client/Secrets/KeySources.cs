namespace KoreConnections.Client;

/// <summary>
/// The one registry of the schemes that references have: those that come with the module, for which KeyResolver has the code, and those that
/// a script registers. It belongs to the process, so that ForEach-Object -Parallel finds them too.
/// </summary>
internal static class KeySources
{
    private static readonly KeySource[] BuiltIn =
    [
        new("env", "env:NAME", "An environment variable.", isBuiltIn: true),
        new("file", "file:PATH", "A text file.", isBuiltIn: true),
        new("azkv", "azkv:VAULT/NAME[/VERSION]", "A secret of Azure Key Vault, read by the module Az.KeyVault or the command az.", isBuiltIn: true),
        new("secret", "secret:[VAULT/]NAME", "A secret of the module Microsoft.PowerShell.SecretManagement, which is being retired.", isBuiltIn: true),
    ];

    private static readonly object Gate = new();
    private static volatile KeySource[] _all = BuiltIn;

    public static IReadOnlyList<KeySource> All => _all;

    public static string BuiltInReferences { get; } = Listed(BuiltIn);

    public static string References => Listed(_all);

    public static KeySource? Find(ReadOnlySpan<char> scheme)
    {
        foreach (KeySource source in _all)
        {
            if (scheme.Equals(source.Scheme, StringComparison.OrdinalIgnoreCase))
            {
                return source;
            }
        }

        return null;
    }

    public static bool IsScheme(string text) => text.Length > 0 && text[0] is >= 'a' and <= 'z' && text.All(IsSchemeCharacter);

    public static bool IsSchemeCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '.' or '-';

    /// <summary>Adds a source, in the place of the one of its scheme.</summary>
    public static void Register(KeySource source) => Change(source.Scheme, source);

    /// <summary>Takes a source away. What it replaced is there again.</summary>
    public static void Remove(string scheme) => Change(scheme, BuiltIn.FirstOrDefault(s => Is(s, scheme)));

    /// <summary>What is wrong with a text of an unknown scheme.</summary>
    /// <param name="scheme">The scheme; empty for one that is not quoted.</param>
    public static string Unknown(string scheme)
    {
        bool isWord = scheme.Length > 0 && scheme.All(static c => c is (>= 'a' and <= 'z') or '-');
        return $"uses {(isWord ? $"the scheme '{scheme}'" : "a scheme")}, for which no key source is registered. Use {References}, "
            + $"or register it: Register-KeySource {(isWord ? scheme : "SCHEME")} {{ param($Name) ... }}.";
    }

    /// <summary>What is wrong with a reference without a right colon, which may be a password: only a variable's name is quoted.</summary>
    public static string Mistyped(KeySource source, ReadOnlySpan<char> place)
    {
        bool isVariable = source.Scheme == "env" && place.IndexOf('_') > 0 && UnfilledPlaceholder.IsCapitals(place);
        return $"looks like a reference without its colon. Use {(isVariable ? "env:" + place.ToString() : source.Reference)}, without spaces.";
    }

    public static KoreException NotFound(string scheme) =>
        Invalid(scheme, $"There is no key source '{SecretMasker.Quote(scheme)}'. The key sources are {References}.");

    public static KoreException Invalid(string scheme, string message) => KoreException.InvalidInput("Scheme", message).About(scheme);

    private static bool Is(KeySource source, string scheme) => string.Equals(source.Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    private static void Change(string scheme, KeySource? replacement)
    {
        lock (Gate)
        {
            KeySource[] replaced = [.. _all.Select(s => Is(s, scheme) ? replacement : s).OfType<KeySource>()];
            _all = replacement is null || replaced.Contains(replacement) ? replaced : [.. replaced, replacement];
        }
    }

    private static string Listed(KeySource[] sources) =>
        $"{string.Join(", ", sources.Take(sources.Length - 1).Select(s => s.Reference))} and {sources[sources.Length - 1].Reference}";
}
