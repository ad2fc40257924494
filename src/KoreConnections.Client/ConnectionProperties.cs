namespace KoreConnections;

/// <summary>What the API's document names, under the parameters' names. Null where the answer has none.</summary>
public sealed partial class Connection
{
    /// <summary>The Azure resource's name.</summary>
    public string? ResourceName => Text(nameof(ResourceName));

    /// <summary>The deployment's name.</summary>
    public string? DeploymentId => Text(nameof(DeploymentId));

    /// <summary>Azure's API version.</summary>
    public string? ApiVersion => Text(nameof(ApiVersion));

    /// <summary>The address that the platform calls.</summary>
    public string? EndpointUrl => Text(nameof(EndpointUrl));

    /// <summary>The headers that the platform sends by name, values as masks; as the answer has them where that is no table.</summary>
    public object? Header => field ??= HeadersOf(Raw(nameof(Header)));

    /// <summary>The body that the platform sends.</summary>
    public object? Payload => Raw(nameof(Payload));

    /// <summary>Where the text is in the answer.</summary>
    public string? OutputPath => Text(nameof(OutputPath));

    /// <summary>Where the count of input tokens is in the answer.</summary>
    public string? InputTokensPath => Text(nameof(InputTokensPath));

    /// <summary>Where the count of output tokens is in the answer.</summary>
    public string? OutputTokensPath => Text(nameof(OutputTokensPath));

    /// <summary>The prompt's variables.</summary>
    public IReadOnlyList<object?>? PromptVariable => field ??= ListOf(Raw(nameof(PromptVariable)));

    /// <summary>Further variables.</summary>
    public IReadOnlyList<object?>? CustomVariable => field ??= ListOf(Raw(nameof(CustomVariable)));

    /// <summary>The provider whose format the API speaks.</summary>
    public string? MapProvider => Text(nameof(MapProvider));

    /// <summary>The features that are on.</summary>
    public IReadOnlyList<string>? Feature => field ??= Raw(nameof(Feature)) is OrderedDictionary table
        ? new JsonList<string>(table.Cast<DictionaryEntry>().Where(f => f.Value is true).Select(f => (string)f.Key))
        : null;

    /// <summary>The kinds of input and output.</summary>
    public IReadOnlyList<string>? IOMapping => field ??= Raw(nameof(IOMapping)) is object?[] items ? new JsonList<string>(items.OfType<string>()) : null;

    /// <summary>The authorization profile.</summary>
    public string? AuthorizationProfile => Text(nameof(AuthorizationProfile));

    /// <summary>Whether it is switched on.</summary>
    public bool? IsEnabled => Raw(nameof(IsEnabled)) as bool?;

    private object? Raw(string property) => ActualValues.Of(this, ConnectionFields.OfProperty(property)!);

    // What is no single value stays in its table.
    private string? Text(string property) => ActualValues.Scalar(Raw(property));

    private static JsonList<object?>? ListOf(object? raw) => raw is object?[] items ? new JsonList<object?>(items) : null;

    // A table of two headers that are called key and value would be read as one header.
    private static object? HeadersOf(object? raw)
    {
        if (raw is not object?[] items)
        {
            return raw;
        }

        string[] names = [.. items.OfType<OrderedDictionary>().Select(h => h["key"]).OfType<string>()];
        if (names.Length != items.Length
            || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length
            || names.Contains("key", StringComparer.OrdinalIgnoreCase))
        {
            return new JsonList<object?>(items);
        }

        var table = new JsonTable(items.Length, StringComparer.OrdinalIgnoreCase);
        foreach (OrderedDictionary header in items.Cast<OrderedDictionary>())
        {
            table.Add(header["key"], header["value"]);
        }

        return table;
    }
}
