namespace KoreConnections.Client;

/// <summary>Finds the keys in addresses: some APIs take them in the query. The sandbox compiles this file too.</summary>
internal static class SecretAddress
{
    private static readonly char[] BeforeParts = ['?', '#', ';'];

    /// <summary>A text with something else in place of logins and keys in the addresses that it holds.</summary>
    /// <param name="replacement">What stands for a key, by its name in the query and its text; the name of a login is empty.</param>
    public static string Replace(string text, Func<string, string, string> replacement)
    {
        text = text.IndexOf('@') < 0 ? text : Pattern.Login.Replace(text, login => replacement("", login.Value.TrimEnd('@')) + "@");
        return text.IndexOfAny(BeforeParts) < 0 ? text : Pattern.QueryPart.Replace(text, part =>
        {
            string name = part.Groups["name"].Value;
            string value = part.Groups["value"].Value;
            return !IsSecret(name, value) ? part.Value : (part.Groups["name"].Success ? name + "=" : "") + replacement(name, value);
        });
    }

    /// <summary>Whether a text holds an address with a key.</summary>
    public static bool IsIn(string text) => Replace(text, static (_, _) => "") != text;

    private static bool IsSecret(string name, string value)
    {
        try
        {
            value = Uri.UnescapeDataString(value);
        }
        catch (UriFormatException)
        {
            // As it is, then.
        }

        // A mask was a key.
        return value.IndexOf("*****", StringComparison.Ordinal) >= 0 || SecretRule.MayHoldInQuery(name, value);
    }

    // Apart, so that what works without them does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex QueryPart = new(
            @"(?<=[?&#;])(?:(?<name>[^=&#?;\s""<>]{1,80})=)?(?!\{\{|\$\{)(?<value>[^&#;\s""<>]+)", RegexOptions.CultureInvariant);
        public static readonly Regex Login = new(@"(?<=://)[^/?#\s""<>]+@", RegexOptions.CultureInvariant);
    }
}
