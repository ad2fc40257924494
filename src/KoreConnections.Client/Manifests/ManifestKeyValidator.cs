namespace KoreConnections.Client;

/// <summary>Keys stand in a manifest by reference only. What it says never repeats the value.</summary>
internal static class ManifestKeyValidator
{
    private static readonly Regex Login = new(@"^(\s*https?://)[^/?#\s@]*@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>What is wrong with a reference, or null.</summary>
    /// <param name="name">What the message calls it.</param>
    /// <param name="mayHaveScheme">Whether a scheme such as Bearer may stand before it, as in a header.</param>
    /// <param name="isKey">Whether it certainly is one, so that no word of it may be anything else.</param>
    public static string? Reference(string name, ManifestNode value, bool mayHaveScheme, bool isKey = true)
    {
        string accepted = $"Use a reference: {KeySources.BuiltInReferences}.";
        return SecretReference.Parse(value.Text.AsSpan()) switch
        {
            _ when !value.IsScalar => $"{name} is {value.Described}. {accepted}",
            { Source: KeySource source, Place.Length: 0 } => $"{name} '{source.Scheme}:' does not name anything. {accepted}",
            { IsReference: true, Prefix.Length: > 0 } when !mayHaveScheme =>
                $"{name} has a word before the reference, which only the value of a header may have. {accepted}",
            { IsReference: true } => null,
            _ when SecretMasker.IsMasked(value.Text.AsSpan()) => $"{name} is a mask, which the platform shows instead of a key. {accepted}",
            _ when value.IsSubstituted =>
                $"{name} uses ${{env:…}}, which would put the key itself into the manifest. Write env:NAME instead of ${{env:NAME}}. {accepted}",
            _ when UnfilledPlaceholder.FindForKey(value.Text.AsSpan()) is string unfilled => $"{name} {unfilled}",
            _ when ForeignReference.Problem(value.Text.AsSpan(), isKey) is string foreign => $"{name} {foreign}",
            _ when isKey && SecretReference.Mistyped(value.Text.AsSpan()) is string mistyped => $"{name} {mistyped}",
            _ when isKey && SecretReference.UnknownScheme(value.Text.AsSpan()) is string scheme => $"{name} {KeySources.Unknown(scheme)}",
            _ => $"{name} must be a reference, not the key itself. {accepted}",
        };
    }

    /// <summary>Whether a text holds a key that stands in the manifest itself: as a value under its name, in JSON, or in an address.</summary>
    public static bool HoldsKey(string name, ManifestNode text) => HoldsKey(name, OwnText(text), text.IsSubstituted);

    /// <summary>The same of an address, whose login is a problem apart.</summary>
    public static bool AddressHoldsKey(ManifestNode address) => HoldsKey("", Login.Replace(OwnText(address), "$1"), address.IsSubstituted);

    private static string OwnText(ManifestNode text) => text.IsSubstituted ? VariableExpansion.Without(text.Shown) : text.Text;

    private static bool HoldsKey(string name, string text, bool isSubstituted) =>
        (isSubstituted ? SecretRule.IsKnownKey(text) : SecretRule.MayHold(name, text)) || SecretMasker.HoldsKey(text) || SecretAddress.IsIn(text);

    /// <summary>The same where a name says too little, as of what nothing uses: by the shape of the text, and not of what may become a reference.</summary>
    public static bool HoldsCertainKey(string name, string text) =>
        (SecretRule.MayHold(name, text) && (SecretRule.IsKnownKey(text) || SecretRule.IsOpaque(text)) && !MayBeReference(text))
        || SecretMasker.HoldsKey(text) || SecretRule.HoldsPastedKey(text) || SecretAddress.HoldsNamedKey(text);

    private static bool MayBeReference(string text) =>
        SecretReference.Parse(text.AsSpan()).IsReference || SecretReference.UnknownScheme(text.AsSpan()) is not null;

    /// <summary>Whether the value of a header is a key or a mask: what is read as a mask.</summary>
    public static bool IsSecret(string name, string text) =>
        SecretRule.IsName(name) || Header.IsShownMasked(name, text) || SecretMasker.IsHeaderMask(name, text.AsSpan());
}
