namespace KoreConnections.Client;

internal sealed class PayloadValidator(Action<SourceLocation, string, string?> report)
{
    private bool _isUnused;

    private string Advice => _isUnused ? "Remove it, or use a reference: env:NAME." : "Use an environment variable: ${env:NAME}.";

    public void Check(ManifestNode payload, string at)
    {
        // A text is JSON, which is read where all JSON text is.
        if (payload.Kind is NodeKind.Mapping or NodeKind.Text)
        {
            CheckNode(payload, "payload", () => at);
        }
        else
        {
            report(payload.Location, at, $"payload is {payload.Described}. Use a table, or a string that contains a JSON object.");
        }
    }

    /// <summary>Checks a variable: what its name says of its value counts as a property's name does.</summary>
    public void CheckVariable(ManifestNode variable, string at)
    {
        if (Variable.Repeated(variable.Entries.Select(e => e.Key.Text)) is string repeated)
        {
            report(variable.Location, at, $"This variable {repeated}");
        }

        string named = variable.Find("name")?.Text ?? "";
        foreach (ManifestProperty property in variable.Entries.Where(e => !Is(e.Key, "name")))
        {
            string name = Is(property.Key, "defaultValue") ? named : property.Key.Text;
            string shown = ManifestParseContext.Shown(property.Key.Text);
            if (Variable.Misspelt(property.Key.Text) is string meant)
            {
                report(property.Key.Location, $"{at}.{shown}", $"'{shown}' is not a property of a variable. Did you mean {meant}?");
            }

            if (Variable.IsFlag(property.Key.Text) && IsOtherFlag(property.Value))
            {
                report(property.Value.Location, $"{at}.{shown}", $"{shown} is {property.Value.Quoted}. Use true or false.");
            }

            CheckNode(property.Value, name, () => $"{at}.{shown}");
        }
    }

    // Of what says neither yes nor no, a manifest may have whatever a platform has.
    private static bool IsOtherFlag(ManifestNode value) => value switch
    {
        { HasError: true } or { IsUnresolved: true } => false,
        { Kind: NodeKind.Text } => !bool.TryParse(value.Text, out _) && ActualValues.IsTrue(value.Text) is not null,
        { Kind: NodeKind.Number, Json: string json } => ActualValues.IsTrue(JsonNumber.Read(json)) is not null,
        _ => false,
    };

    /// <summary>
    /// Checks what holds anchors and notes. Nothing says what it is for, so that references may be anywhere in it, and a name alone makes no key.
    /// </summary>
    /// <param name="property">A name of the manifest itself with its value.</param>
    public void CheckUnused(ManifestProperty property)
    {
        _isUnused = true;
        CheckNode(property.Value, "", () => ManifestParseContext.Shown(property.Key.Text));
    }

    private static bool Is(ManifestNode key, string name) => string.Equals(key.Text, name, StringComparison.OrdinalIgnoreCase);

    // Paths are made for the few values that have a problem: a manifest has thousands.
    private void CheckNode(ManifestNode node, string name, Func<string> at)
    {
        foreach (ManifestProperty entry in node.Entries)
        {
            string key = entry.Key.Text;
            string? wrong = SecretRule.HoldsPastedKey(key) ? "a key, which must not be in a manifest. Remove the key from the name."
                : SecretMasker.HasMask("", key) ? "a mask, which is shown instead of a key. Remove the key from the name in the platform's web UI."
                : null;
            if (wrong is not null)
            {
                report(entry.Key.Location, $"{at()}.{ManifestParseContext.Shown(key)}", "A property name contains " + wrong);
            }

            string of = SecretRule.NameIn(name, key);
            CheckNode(entry.Value, of, () => $"{at()}.{ManifestParseContext.Shown(key)}");
        }

        for (int i = 0; i < node.Items.Count; i++)
        {
            int index = i;
            CheckNode(node.Items[i], name, () => $"{at()}[{index}]");
        }

        string? problem = node switch
        {
            { Kind: NodeKind.Number, Json: null } when !_isUnused => "is a number that JSON does not support.",
            { Kind: NodeKind.Text, IsSubstituted: false, HasError: false } when SecretMasker.HasMask(name, node.Text) =>
                "contains a mask, which the platform shows instead of a key. " + Advice,
            { Kind: NodeKind.Text, HasError: false } when HoldsKey(name, node) =>
                $"contains the key itself{KeysInText.PlaceIn(node.Shown)}, which must not be in a manifest. {Advice}",
            _ => null,
        };
        if (problem is not null)
        {
            report(node.Location, at(), $"{(name.Length == 0 ? at() : ManifestParseContext.Shown(name))} {problem}");
        }
    }

    private bool HoldsKey(string name, ManifestNode text) => _isUnused && !text.IsSubstituted
        ? ManifestKeyValidator.HoldsCertainKey(name, text.Text)
        : ManifestKeyValidator.HoldsKey(name, text);
}
