namespace KoreConnections.Client;

/// <summary>Finds the keys in addresses: some APIs take them in the query or the path. The sandbox compiles this file too.</summary>
internal static class SecretAddress
{
    private static readonly char[] BeforeParts = ['?', '#', ';'];

    /// <summary>A text with something else in place of logins and keys in the addresses that it holds.</summary>
    /// <param name="replacement">
    /// What stands for a key, by its name in the query (or its place in the path, such as <c>path2</c>) and its text; the name of a login is empty.
    /// </param>
    public static string Replace(string text, Func<string, string, string> replacement)
    {
        text = text.IndexOf('@') < 0 ? text : Pattern.Login.Replace(text, login => replacement("", login.Value.TrimEnd('@')) + "@");
        text = text.IndexOf("://", StringComparison.Ordinal) < 0 ? text : Pattern.Path.Replace(text, path => ReplaceInPath(path.Value, replacement));
        return text.IndexOfAny(BeforeParts) < 0 ? text : Pattern.QueryPart.Replace(text, part =>
        {
            string name = part.Groups["name"].Value;
            string value = part.Groups["value"].Value;
            return !IsSecret(name, value) ? part.Value : (part.Groups["name"].Success ? name + "=" : "") + replacement(name, value);
        });
    }

    public static bool IsIn(string text) => Replace(text, static (_, _) => "") != text;

    /// <summary>Whether a link has a key by its name, or a password. Its opaque parts are ids more often, and a name before an at sign is none.</summary>
    public static bool HoldsNamedKey(string text)
    {
        bool isFound = false;
        Replace(text, (name, key) =>
        {
            isFound |= name.Length > 0 ? SecretRule.IsNameInQuery(name) && SecretRule.IsOpaque(key) : key.IndexOf(':') > 0 && text.Contains(key + "@");
            return key;
        });
        return isFound;
    }

    public static bool HoldsMask(string text)
    {
        bool isFound = false;
        Replace(text, (_, key) =>
        {
            isFound |= IsMask(Uri.UnescapeDataString(key));
            return key;
        });
        return isFound;
    }

    // An opaque part of a path is an id more often than a key: only what is a key for sure is one.
    private static string ReplaceInPath(string path, Func<string, string, string> replacement)
    {
        string[] parts = path.Split('/');
        for (int i = 1; i < parts.Length; i++)
        {
            string part = Uri.UnescapeDataString(parts[i]);
            parts[i] = IsMask(part) || SecretRule.HoldsPastedKey(part) ? replacement($"path{i}", parts[i]) : parts[i];
        }

        return string.Join("/", parts);
    }

    private static bool IsSecret(string name, string value)
    {
        value = Uri.UnescapeDataString(value);
        return IsMask(value) || SecretRule.MayHoldInQuery(name, value);
    }

    // A mask was a key.
    private static bool IsMask(string value) => value.IndexOf("*****", StringComparison.Ordinal) >= 0;

    // Apart, so that what works without them does not wait for them to be built.
    private static class Pattern
    {
        // What a data URL holds is a file.
        public static readonly Regex QueryPart = new(
            @"(?<=[?&#;])(?!base64,)(?>(?:(?<name>[^=&#?;\s""<>]{1,80})=)?)(?!\{\{|\$\{)(?<value>[^&#;\s""<>]+)", RegexOptions.CultureInvariant);
        public static readonly Regex Path = new(@"(?<=://)[^?#;\s""<>]+", RegexOptions.CultureInvariant);
        public static readonly Regex Login = new(@"(?<=://)[^/?#\s""<>]+@", RegexOptions.CultureInvariant);
    }
}
