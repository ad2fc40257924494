namespace KoreConnections.Client;

/// <summary>Finds keys, and masks in their place, among what is sent that is no key by its place: in payloads, variables and addresses.</summary>
internal static class CarriedSecrets
{
    // A value of one's own may have fewer asterisks, also under a key's name.
    private const string ShortestMask = "**********";

    public static IEnumerable<Secret> InAddress(string? address)
    {
        var found = new List<Secret>();
        SecretAddress.ReplaceInText(address ?? "", (_, value) =>
        {
            found.AddRange(new[] { value, Uri.UnescapeDataString(value) }.Distinct().SelectMany(Whole));
            return "";
        });
        return found;
    }

    public static IEnumerable<Secret> InJson(JsonElement? json) => json is not JsonElement element ? []
        : JsonString.In(element)
            .Where(s => !s.IsName)
            .SelectMany(s => SecretRule.MayHold(s.Name, s.Text) ? Whole(s.Text) : InAddress(s.Text).Concat(SecretJson.In(s.Text).SelectMany(Whole)));

    /// <summary>Where a mask stands for a key, as the end of a path; null where none does.</summary>
    public static string? FindMask(JsonElement element, string name = "") => JsonString.In(element, name: name).FirstOrDefault(IsMask).Place;

    private static bool IsMask(JsonString text) => text.IsName
        ? SecretMasker.HasMask("", text.Text)
        : text.Text.IndexOf(ShortestMask, StringComparison.Ordinal) >= 0
            && (SecretMasker.HasMask(text.Name, text.Text) || SecretAddress.HoldsMask(text.Text));

    // What is longer than a key can be is looked for in parts.
    private static IEnumerable<Secret> Whole(string text)
    {
        for (int start = 0; start < text.Length; start += Secret.MaxLength)
        {
            yield return Secret.FromPlainText(text.Substring(start, Math.Min(Secret.MaxLength, text.Length - start)));
        }
    }

    /// <summary>The name that says what a property of a table is: a variable, or a header, says what its value is.</summary>
    /// <param name="of">What the table is called.</param>
    /// <param name="text">Reads another property of the table; null for what is not a text.</param>
    public static string NameOf(string property, string of, Func<string, string?> text) =>
        SecretRule.NameIn(of, property is "defaultValue" or "value" ? text("name") ?? text("key") ?? property : property);
}
