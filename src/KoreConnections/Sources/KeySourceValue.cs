namespace KoreConnections.Commands;

/// <summary>Reads a key from what a source gave: a SecureString, a line of text, or an object with one property of them.</summary>
internal static class KeySourceValue
{
    private const string Accepted = "A key source must emit a SecureString, one line of text, or an object with exactly one such property.";

    public static KeyAnswer Read(IEnumerable<PSObject> values, string reference)
    {
        // Commands print an empty line at their end.
        object[] given =
        [
            .. values
                .Select(v => v.BaseObject is PSCustomObject ? v : v.BaseObject)
                .Where(v => v is not string text || !string.IsNullOrWhiteSpace(text)),
        ];
        object? key = given is not [var only] ? null : KeyInput.Wrap(only) is not null ? only : Property(only);
        return given.Length switch
        {
            0 => KeyAnswer.Unresolved($"refers to '{reference}', but its source emitted nothing.", "Check the name of the secret."),
            > 1 => KeyAnswer.Refused(
                $"refers to '{reference}', but its source emitted {given.Length} {(given.All(g => g is string) ? "lines" : "objects")}. {Accepted}"),
            _ when key is null => KeyAnswer.Refused(
                $"refers to '{reference}', but its source emitted a {given[0].GetType().Name} without exactly one property that is a key. {Accepted}"),
            _ when KeyInput.Wrap(key) is { Length: > 0 } secure => new KeyAnswer(new Secret(secure).Trim()),
            _ => KeyAnswer.Unresolved(
                $"refers to '{reference}', but its source emitted an empty {(ReferenceEquals(key, given[0]) ? "string" : "value")}.",
                "Check the name and the value of the secret."),
        };
    }

    /// <summary>What may be a key in a value, for what has to be taken out of other texts.</summary>
    public static IEnumerable<Secret> Secrets(PSObject value) =>
        new[] { (object?)value.BaseObject }.Concat(Properties(value).Select(p => p.Value))
            .Where(v => v is string { Length: > 0 } or SecureString { Length: > 0 } or PSCredential)
            .Select(v => new Secret(KeyInput.Wrap(v)!));

    // A vault's object has texts beside its SecureString, such as its name. Where the value is missing, none of them is the key.
    private static object? Property(object value)
    {
        KeyValuePair<string, object?>[] all = Properties(PSObject.AsPSObject(value));
        KeyValuePair<string, object?>[] secure = [.. all.Where(p => p.Value is SecureString or PSCredential)];
        KeyValuePair<string, object?>[] keys = secure.Length > 0 ? secure : [.. all.Where(p => p.Value is string)];
        return keys.Length != 1 ? null
            : secure.Length == 0 && all.Any(p => p.Value is null && IsMeant(p.Key, keys[0].Key)) ? ""
            : keys[0].Value;
    }

    // Whether an empty property would have the key, rather than the one that has a text.
    private static bool IsMeant(string empty, string filled) => !Pattern.Value.IsMatch(filled)
        && (Pattern.Label.IsMatch(filled) || Pattern.Value.IsMatch(empty) || (SecretRule.IsName(empty) && !SecretRule.IsName(filled)));

    // A script property is code, which may put the key into $Error once the command of the source has ended.
    private static KeyValuePair<string, object?>[] Properties(PSObject value) => value.BaseObject switch
    {
        ScriptBlock or string or SecureString or PSCredential => [],
        IDictionary table => [.. PSValueConverter.Properties(table)!.Select(p => new KeyValuePair<string, object?>(p.Key, PSValueConverter.Unwrap(p.Value)))],
        var other when other.GetType().IsPrimitive => [],
        _ =>
        [
            .. value.Properties
                .Where(p => p.IsGettable && p.MemberType != PSMemberTypes.ScriptProperty)
                .Select(p => new KeyValuePair<string, object?>(p.Name, Value(p))),
        ],
    };

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return PSValueConverter.Unwrap(property.Value);
        }
        catch (Exception e) when (e is GetValueException or InvalidOperationException)
        {
            return null;
        }
    }

    // Apart, so that what asks no source does not wait for them to be built.
    private static class Pattern
    {
        public static readonly Regex Value = new("(?:value|text)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Label = new(@"^(?:\w*name|id)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
