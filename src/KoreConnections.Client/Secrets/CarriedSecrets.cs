namespace KoreConnections.Client;

/// <summary>Finds keys, and masks in their place, among what is sent that is no key by its place: in payloads, variables and addresses.</summary>
internal static class CarriedSecrets
{
    // A value of one's own may have fewer asterisks, also under a key's name.
    private const string ShortestMask = "**********";

    public static IEnumerable<Secret> InAddress(string? address)
    {
        var found = new List<Secret>();
        if (address is not null)
        {
            SecretAddress.ReplaceInText(address, (_, value) =>
            {
                found.AddRange(new[] { value, Uri.UnescapeDataString(value) }.Distinct().SelectMany(Whole));
                return "";
            });
        }

        return found;
    }

    public static IEnumerable<Secret> InJson(JsonElement? json) => json is JsonElement element ? In(element, "", null) : [];

    /// <summary>Where a mask stands for a key, as the end of a path; null where none does.</summary>
    public static string? FindMask(JsonElement element, string name = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Select(p => (SecretMasker.HasMask("", p.Name) ? "" : FindMask(p.Value, NameOf(element, p.Name, name))) is string place
                ? $".{SecretMasker.Step(p.Name)}{place}"
                : null)
            .FirstOrDefault(p => p is not null),
        JsonValueKind.Array => element.EnumerateArray()
            .Select((item, i) => FindMask(item, name) is string place ? $"[{i}]{place}" : null)
            .FirstOrDefault(p => p is not null),
        JsonValueKind.String when element.GetString() is { } text && text.IndexOf(ShortestMask, StringComparison.Ordinal) >= 0
            && (SecretMasker.HasMask(name, text) || SecretAddress.HoldsMask(text)) => "",
        _ => null,
    };

    private static IEnumerable<Secret> In(JsonElement element, string name, string? variable) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => In(p.Value, NameOf(element, p.Name, name), null)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(i => In(i, name, variable)),
        JsonValueKind.String when element.GetString() is { } text => SecretRule.MayHold(name, text) ? Whole(text) : InAddress(text).Concat(InJsonText(text)),
        _ => [],
    };

    private static List<Secret> InJsonText(string text)
    {
        var found = new List<Secret>();
        SecretJson.Replace(text, value =>
        {
            found.AddRange(Whole(value));
            return value;
        });
        return found;
    }

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

    private static string NameOf(JsonElement table, string property, string of) => NameOf(property, of, other => LenientJson.Text(table, other));
}
