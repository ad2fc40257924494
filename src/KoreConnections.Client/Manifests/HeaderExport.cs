namespace KoreConnections.Client;

internal static class HeaderExport
{
    /// <param name="reference">Makes the reference of a header's key, with the authentication scheme before it.</param>
    /// <param name="without">Takes a header that is not whole, and what it lacks.</param>
    public static ManifestNode? Of(object? actual, Func<string, string, ManifestNode> reference, Action<string, string> without)
    {
        var headers = new List<ManifestProperty>();
        foreach (ShownHeader header in ShownHeader.In(actual) ?? [])
        {
            if (header is { Name.Length: > 0, Value: string value })
            {
                headers.Add(new(header.Name, Value(header.Name, value, reference)));
            }
            else
            {
                string shown = header.Name.Length == 0 ? "a header" : $"header.{SecretMasker.Step(TextSanitizer.SingleLine(header.Name, 100))}";
                without(shown, header.Name.Length == 0 ? "name" : "value");
            }
        }

        return headers.Count == 0 ? null : ManifestNode.Mapping(headers);
    }

    private static ManifestNode Value(string name, string value, Func<string, string, ManifestNode> reference) => !ManifestKeyValidator.IsSecret(name, value)
        ? ManifestNode.Of(VariableExpansion.Escape(value))
        : reference(name, SecretMasker.SchemeOf(value) is { Length: > 0 } scheme ? scheme + " " : "");
}
