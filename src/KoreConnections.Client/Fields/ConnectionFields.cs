namespace KoreConnections.Client;

/// <summary>
/// The table of all fields of a connection: rows, parameters, definitions, changes, manifests, exports, comparisons and
/// the schema read it. What a custom API consists of is in <see cref="CustomApiFields"/>.
/// Source: the API document, "Create a connection" and "Update a connection".
/// </summary>
internal static class ConnectionFields
{
    public static ConnectionField Provider { get; } = new("Provider", "provider", ValueKind.Text)
    {
        Description = "The provider. API is a custom API.",
        Values = ApiValues.Providers,
        IsRequired = true,
        SaysWhich = true,
    };

    public static ConnectionField Name { get; } = new("Name", "connectionName", ValueKind.Text, text => Guard.Name(text))
    {
        Description = "The display name, unique in the account.",
        IsRequired = true,
        SaysWhich = true,
        ChangeParameter = "Name",
    };

    /// <summary>The model; a custom API may do without.</summary>
    public static ConnectionField Model { get; } = new("Model", "model", ValueKind.Text, text => Guard.Model(text))
    {
        Description = "The model, as the provider spells it.",
        IsNullable = true,
        ChangeParameter = "Model",
        MattersToKey = true,
    };

    /// <summary>Of a custom API, which is created so: the API cannot change it.</summary>
    public static ConnectionField Disabled { get; } = new("Disabled", "isEnable", ValueKind.Flag)
    {
        Description = "Whether it is switched off; false when left out.",
        Property = "IsEnabled",
        IsInverted = true,
    };

    private static readonly ConnectionField[] Keyed =
    [
        Provider, Name, Model,
        new("ApiKey", "API_KEY", ValueKind.Key)
        {
            Description = $"A reference to the key, never the key itself: {KeySources.BuiltInReferences}, or a scheme that Register-KeySource added.",
            Advice = $"Specify a reference to the key: {KeySources.BuiltInReferences}.",
            IsInFields = true,
            MattersToKey = true,
        },
    ];

    private static readonly ConnectionField[] Azure =
    [
        .. Keyed,
        new("ResourceName", "your_resource_name", ValueKind.Text, text => Guard.ResourceName(text))
        {
            Description = "The Azure resource's bare name: the RESOURCE in https://RESOURCE.openai.azure.com.",
            Pattern = Guard.ResourceNamePattern,
            Advice = "Specify the RESOURCE in https://RESOURCE.openai.azure.com.",
            IsInFields = true,
            MattersToKey = true,
        },
        new("DeploymentId", "deployment_id", ValueKind.Text, text => Guard.DeploymentId(text))
        {
            Description = "The deployment's name, without an address or path.",
            Pattern = "[A-Za-z0-9._-]{1,64}",
            IsInFields = true,
            MattersToKey = true,
        },
        new("ApiVersion", "api_version", ValueKind.Text, text => Guard.ApiVersion(text))
        {
            Description = "Azure's API version, such as 2024-08-01-preview.",
            Pattern = Guard.ApiVersionPattern,
            IsInFields = true,
            MattersToKey = true,
        },
    ];

    private static readonly ConnectionField[] Custom =
    [
        Provider, Name, Model,
        .. CustomApiFields.All,
        Disabled,
    ];

    /// <summary>All fields, in the order in which a manifest has them.</summary>
    public static IReadOnlyList<ConnectionField> All { get; } = [.. Azure, .. Custom.Except([Provider, Name, Model])];

    private static readonly Dictionary<string, ConnectionField> ByParameter = All.ToDictionary(f => f.Parameter, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, ConnectionField> ByWireName = All.ToDictionary(f => f.WireName, StringComparer.Ordinal);

    private static readonly Dictionary<string, ConnectionField> ByProperty = All
        .Where(f => f.Property is not null)
        .ToDictionary(f => f.Property!, StringComparer.OrdinalIgnoreCase);

    /// <summary>The field of a parameter's or manifest's name in any case, or null.</summary>
    public static ConnectionField? Find(string name) => ByParameter.TryGetValue(name, out ConnectionField? field) ? field : null;

    public static ConnectionField? OfWire(string wireName) => ByWireName.TryGetValue(wireName, out ConnectionField? field) ? field : null;

    /// <summary>What a connection has as a property, or null.</summary>
    public static ConnectionField? OfProperty(string property) => ByProperty.TryGetValue(property, out ConnectionField? field) ? field : null;

    public static IReadOnlyList<ConnectionField> Of(string provider) => provider switch
    {
        ApiValues.AzureOpenAI => Azure,
        ApiValues.CustomApi => Custom,
        _ => Keyed,
    };

    /// <summary>The fields without which a connection of a provider is not complete, whichever shape it has.</summary>
    public static IEnumerable<ConnectionField> RequiredOf(string provider) => provider == ApiValues.CustomApi
        ? Custom.Where(f => f.IsRequired && f.Shape == FieldShape.Any)
        : Of(provider);

    /// <summary>That a field is not one of a provider's, as what is said of its name.</summary>
    public static string NotOf(ConnectionField field, string provider) =>
        $"does not apply to {provider}, only to {string.Join(" and ", ApiValues.Providers.Values.Where(p => Of(p).Contains(field)))}.";
}
