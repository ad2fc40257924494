namespace KoreConnections.Client;

/// <summary>The model that a connection calls, and at which provider.</summary>
internal sealed record ModelReference(string Provider, string Model)
{
    // The public cloud, and those of governments.
    private static readonly Regex AzureHost = new(
        @"\.(?:openai|services\.ai|cognitiveservices)\.azure\.(?:com|us|cn)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    // With the regions of its data residency.
    private static readonly Regex OpenAIHost = new(@"^(?:[a-z]{2}\.)?api\.openai\.com$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>That of a connection as it was listed or read; null where nothing says.</summary>
    public static ModelReference? Of(Connection connection) => ApiValues.Providers.Find(connection.Provider) switch
    {
        ApiValues.CustomApi => OfCustomApi(
            ActualValues.Of(connection, CustomApiFields.EndpointUrl) as string,
            (ActualValues.Of(connection, CustomApiFields.Payload) as IDictionary)?["model"] as string ?? connection.Model),
        string provider => Of(provider, connection.Model),
        null => null,
    };

    public static ModelReference? Of(ConnectionDefinition definition) => definition is CustomApiDefinition custom
        ? OfCustomApi(
            custom.Settings.EndpointUrl,
            (custom.Settings.Payload is JsonElement payload ? LenientJson.Text(payload, "model") : null) ?? definition.Model)
        : Of(definition.Provider, definition.Model);

    /// <summary>That of a connection in a manifest of which something is wrong. What has more than a name may be what is wrong, such as a key.</summary>
    public static ModelReference? Of(ManifestEntry entry)
    {
        ManifestNode? named = entry["Model"];
        return entry.Provider switch
        {
            // A payload as text says nothing before it is read.
            ApiValues.CustomApi => entry["Payload"] is { IsScalar: true } ? null
                : OfCustomApi(entry["EndpointUrl"]?.Text, Plain(entry["Payload"]?.Find("model", StringComparison.Ordinal) ?? named)),
            string provider => Of(provider, Plain(named)),
            null => null,
        };

        static string? Plain(ManifestNode? node) => node?.Text.Contains(':') == true ? null : node?.Text;
    }

    /// <summary>Its retirement as a finding says it: what may fail today comes before what will.</summary>
    public ModelLifecycle? Look(DateTime day) => Find(day)?.ToReport;

    /// <summary>Its retirement if it is known to live: the next end of its versions.</summary>
    public ModelLifecycle? Find(DateTime day) => ModelTable.Current.Find(Provider, Model, day);

    // A gateway has models and dates of its own: only the providers' own hosts say whose model it is.
    private static ModelReference? OfCustomApi(string? endpoint, string? model)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address))
        {
            return null;
        }

        // The dot at the end of a whole name means nothing.
        string host = address.Host.TrimEnd('.');
        return OpenAIHost.IsMatch(host) ? Of(ApiValues.OpenAI, model)
            : host.Equals("api.anthropic.com", StringComparison.OrdinalIgnoreCase) ? Of(ApiValues.Anthropic, model)
            : AzureHost.IsMatch(host) ? Of(ApiValues.AzureOpenAI, model)
            : null;
    }

    private static ModelReference? Of(string provider, string? model) =>
        string.IsNullOrWhiteSpace(model) || model!.Contains("{{") ? null : new ModelReference(provider, model);
}
