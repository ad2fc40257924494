namespace KoreConnections.Client;

/// <summary>Finds what an export writes as variables: texts that are keys, and the keys within other texts, masked by now or not.</summary>
internal static class KeysInText
{
    // What is around the keys of a text that is written. Of less, the whole text is a variable.
    private const int ShortestAround = 60;

    /// <summary>A text with something else instead of its keys; null for one that is a key as a whole.</summary>
    /// <param name="escaped">The text as it is written.</param>
    /// <param name="variable">What stands for a key, by what it is called.</param>
    public static string? Replace(string name, string text, string escaped, Func<string, string> variable)
    {
        // What is around a key in an address stays.
        if ((SecretRule.IsName(name) || !SecretAddress.IsIn(text))
            && (SecretRule.MayHold(name, text) || SecretMasker.IsWholeMask(text) || (SecretRule.IsName(name) && SecretMasker.IsMasked(text.AsSpan()))))
        {
            return null;
        }

        // A long prompt has an example of a key, and is read as a prompt.
        return IsFree(text) ? InAddresses(escaped, variable)
            : All(text, static _ => "") is var rest && rest.Length >= ShortestAround && IsFree(rest) ? All(escaped, variable)
            : null;
    }

    /// <summary>Where the first key of a long text is, behind a blank, and what it is called there; empty if little or nothing is around it.</summary>
    public static string PlaceIn(string text)
    {
        string marked = text.Length < ShortestAround ? text : All(text, static part => $"\0{part}\0");
        int at = text.TakeWhile((c, i) => i < marked.Length && marked[i] == c).Count();
        return at == text.Length ? ""
            : $" at character {at + 1} of {text.Length}{(marked.Split('\0')[1] is var name and not "key" ? $" ({ManifestParseContext.Shown(name)})" : "")}";
    }

    public static string InAddresses(string text, Func<string, string> variable) => SecretAddress.ReplaceInText(
        text, (part, value) => variable(part.Length == 0 && text.Contains(value + "@") ? "login" : part));

    private static bool IsFree(string text) => !SecretMasker.HoldsKey(text) && !SecretMasker.HoldsMask(text) && !SecretMasker.HoldsKeyMask(text);

    private static string All(string text, Func<string, string> variable) => SecretMasker.ReplaceKeyMasks(
        InAddresses(SecretJson.Replace(text, _ => variable("key"), IsKeyInJson), variable), _ => variable("key"));

    private static bool IsKeyInJson(string name, string value) =>
        SecretRule.MayHold(name, value) && (SecretMasker.IsWholeMask(value) || SecretRule.MayHoldInText(name, value));
}
