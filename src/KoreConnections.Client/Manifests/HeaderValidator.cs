namespace KoreConnections.Client;

internal sealed class HeaderValidator(Action<SourceLocation, string, string?> report)
{
    private const string Accepted = "Use a table of names and values, such as header: { x-api-key: env:NAME }, or a list of tables with key and value.";

    // Stands for a value that is not the one that is sent.
    private static readonly Secret AnyValue = Secret.FromPlainText("x");

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    public void Check(ManifestNode headers, string at)
    {
        report(headers.Location, at, headers.IsScalar ? $"header is {headers.Described}. {Accepted}" : null);
        foreach (ManifestProperty header in headers.Entries)
        {
            Check(header.Key, header.Value, at);
        }

        foreach (ManifestNode item in headers.Items.Where(i => !i.HasError))
        {
            if (item.Find("key") is not { IsScalar: true } name || item.Find("value") is not ManifestNode value)
            {
                report(item.Location, at, $"header contains an item that is not a header. {Accepted}");
                continue;
            }

            Check(name, value, at);
            foreach (ManifestNode other in item.Entries.Select(e => e.Key).Where(k => k.Text.ToLowerInvariant() is not ("key" or "value")))
            {
                string path = $"{at}.{ManifestParseContext.Shown(name.Text)}";
                report(other.Location, path, ManifestParseContext.NoProperty(other.Text, "a header", "", "key, value"));
            }
        }
    }

    private void Check(ManifestNode name, ManifestNode value, string at)
    {
        if (!_names.Add(name.Text))
        {
            Report(name.Location, $"{Subject()} is given twice. Remove one of them.");
            return;
        }

        if (value.HasError)
        {
            return;
        }

        if (!value.IsScalar || value.Kind == NodeKind.Null)
        {
            Report(value.Location, $"{Subject()} is {value.Described}. Use a string or a reference: {KeySources.BuiltInReferences}.");
            return;
        }

        SecretReference reference = SecretReference.Parse(value.Text.AsSpan());
        bool isReference = reference.IsReference;
        bool isKey = SecretRule.IsName(name.Text);
        // The check of the value says so.
        bool isUnfilled = !isReference && !value.IsSubstituted
            && (isKey ? UnfilledPlaceholder.FindForKey(value.Text) : UnfilledPlaceholder.FindInValue(value.Text)) is not null;
        if (reference is not { IsReference: true, Place.Length: > 0 }
            && !isUnfilled
            && UnfilledPlaceholder.FindInHeader(value.Text, isKey) is null
            && (isReference || ManifestKeyValidator.IsSecret(name.Text, value.Text) || ForeignReference.Problem(value.Text.AsSpan(), isKey) is not null))
        {
            Report(value.Location, ManifestKeyValidator.Reference(Subject(), value, mayHaveScheme: true, isKey));
        }

        try
        {
            bool isMistyped = isKey && !isUnfilled && SecretReference.Mistyped(value.Text.AsSpan()) is not null;
            bool isValue = !isReference && !isMistyped && !SecretMasker.IsHeaderMask(name.Text, value.Text.AsSpan());
            Header.Validate([new Header(name.Text, isValue ? Secret.FromPlainText(value.Text) : AnyValue)]);
        }
        catch (KoreException e)
        {
            Report(name.Location, SubstitutedValue.Show(ConnectionValidator.Words(e.Message), value.Substituted));
        }

        // A key in the form of an id is quoted elsewhere.
        string Shown() => SecretRule.IsKeyAsName(name.Text) ? Secret.Mask : ManifestParseContext.Shown(name.Text);

        string Subject() => $"The header '{Shown()}'";

        void Report(SourceLocation place, string? problem) => report(place, $"{at}.{Shown()}", problem);
    }
}
