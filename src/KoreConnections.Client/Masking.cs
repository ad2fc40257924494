using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace KoreConnections.Client;

/// <summary>Tells which texts are keys or masks, and turns a key that arrived unmasked into a mask.</summary>
internal static class Masking
{
    private const int MaskStars = 3;

    // JSON in a text of JSON in a text: nobody who means well goes further.
    private const int DeepestText = 8;

    private static readonly string[] SecretWords = ["secret", "password", "passwd", "credential", "authorization", "cookie", "signature"];
    private static readonly string[] SecretEndings = ["key", "token", "pwd", "bearer", "auth"];
    private static readonly string[] KeyPrefixes = ["sk-", "kg-", "bearer ", "basic ", "xai-", "ghp_", "eyj"];

    /// <summary>Three or more asterisks: something that was read back from the platform.</summary>
    public static bool IsMasked(ReadOnlySpan<char> text)
    {
        int stars = 0;
        foreach (char c in text)
        {
            stars += c == '*' ? 1 : 0;
        }

        return stars >= MaskStars;
    }

    /// <summary>Whether a mask that shows a key's end shows this key's; null for a mask that shows no end.</summary>
    public static bool? Fits(string? mask, Secret key)
    {
        string end = mask?.Substring(mask.LastIndexOf('*') + 1) ?? "";
        return end.Length == 0 || end.Length == mask!.Length ? null : key.Read(text => text.EndsWith(end.AsSpan(), StringComparison.Ordinal));
    }

    /// <summary>Whether a property or header of this name holds a secret: <c>API_KEY</c>, <c>x-api-key</c>, not <c>max_tokens</c>.</summary>
    public static bool IsSecretName(string name)
    {
        string plain = new(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).ToArray());
        // "key" alone is the name half of a header pair.
        return plain != "key" && (SecretEndings.Any(e => plain.EndsWith(e, StringComparison.Ordinal)) || SecretWords.Any(plain.Contains));
    }

    /// <summary>Whether a header's value looks like a key whatever the header is called.</summary>
    public static bool LooksLikeKey(string value) =>
        KeyPrefixes.Any(p => value.StartsWith(p, StringComparison.OrdinalIgnoreCase))
        || (value.Length >= 20 && !value.Contains(' ') && value.Any(char.IsDigit) && value.Any(char.IsLetter));

    /// <summary>Whether a text is JSON, or has some in it, with a key under a key's name. A placeholder is none.</summary>
    public static bool HoldsKey(string text) => text.IndexOf('"') >= 0 && Pattern.JsonPair.Matches(text).Cast<Match>().Any(m =>
        IsSecretName(m.Groups[1].Value) && m.Groups["value"].Value is var value && LooksLikeKey(value) && !IsMasked(value.AsSpan()) && !value.Contains("{{"));

    /// <summary>Free text or broken JSON with everything masked that looks like a key.</summary>
    public static string Scrub(string text) => Scrub(text, 0);

    private static string Scrub(string text, int depth)
    {
        text = Pattern.JsonPair.Replace(text, m =>
        {
            Group value = m.Groups["value"];
            int at = value.Index - m.Index;
            string shown = IsSecretName(m.Groups[1].Value) || m.Groups[1].Value.TrimEnd('\\') == "value" ? Apply(value.Value)
                : value.Value.IndexOf('"') < 0 ? value.Value
                : depth < DeepestText ? Scrub(value.Value, depth + 1)
                : Secret.Mask;
            return m.Value.Substring(0, at) + shown + m.Value.Substring(at + value.Length);
        });
        text = Addresses(text);
        return Pattern.KeyShape.Replace(text, m => Apply(m.Value));
    }

    /// <summary>An address as it may be shown.</summary>
    public static string Address(Uri address) => Addresses(address.AbsoluteUri);

    /// <summary>A text with addresses, without the keys in their queries: some APIs take them there.</summary>
    /// <param name="text">The text.</param>
    /// <param name="replace">What stands for a key, by the name of its part; a mask when left out.</param>
    public static string Addresses(string text, Func<string, string>? replace = null) => text.IndexOf('?') < 0 ? text : Pattern.QueryPart.Replace(text, m =>
        m.Groups[1].Value is var name && (name.Equals("key", StringComparison.OrdinalIgnoreCase) || IsSecretName(name)) ? $"{name}={replace?.Invoke(name) ?? Secret.Mask}" : m.Value);

    /// <summary>The text as it may be shown: itself when it is a mask already, else the platform's way of masking.</summary>
    public static string Apply(string value) =>
        value.Length == 0 || IsMasked(value.AsSpan()) ? value
        : value.Length < 20 ? Secret.Mask
        : value.Substring(0, 2) + Secret.Mask + value.Substring(value.Length - 4);

    // Apart, so that what works without them, as the first request does, does not wait for them to be built.
    private static class Pattern
    {
        // A text ends where its quotation mark comes again with as many backslashes: JSON may hold JSON as text.
        public static readonly Regex JsonPair = new(@"""([^""]{1,80})""\s*:\s*(?<quote>\\*"")(?<value>.*?)(?:(?<!\\)\k<quote>|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline);
        public static readonly Regex QueryPart = new(@"(?<=[?&])([^=&#?\s""]{1,80})=(?!\{\{|\$\{)[^&#\s""]+", RegexOptions.CultureInvariant);
        public static readonly Regex KeyShape = new(@"\b(?:sk|kg|xai)-[A-Za-z0-9._\-]{8,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
