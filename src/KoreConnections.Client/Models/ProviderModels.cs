namespace KoreConnections.Client;

/// <summary>What providers say of their models: where they are asked, and how their answers are read.</summary>
internal static class ProviderModels
{
    public static ProbeRequest AskAzure(Uri resource, string apiVersion, Secret key) => new(
        HttpMethod.Get,
        KeyProbe.Address(resource, "openai", $"models?api-version={Uri.EscapeDataString(apiVersion)}"),
        [new Header("api-key", key)],
        resource);

    /// <summary>OpenAI's description of a model: a date, null where none is announced, nothing on servers that only speak its format.</summary>
    public static ModelLifecycle? OpenAILifecycle(JsonElement model, string name, DateTime day)
    {
        if (LenientJson.Property(model, "shutdown_date") is not JsonElement shutdown)
        {
            return null;
        }

        DateTime? date = ModelDate.OfText(shutdown);
        return date is null && shutdown.ValueKind != JsonValueKind.Null ? null : Live(ApiValues.OpenAI, name, null, date, day);
    }

    /// <summary>What Azure's listing says of the model and version behind a deployment; else what the table says of that version.</summary>
    /// <param name="deployed">The model with its version, as the deployment's own answer names it.</param>
    public static ModelLifecycle? AzureLifecycle(JsonElement? listing, string deployed, DateTime day)
    {
        string plain = ModelTable.Plain(deployed);
        JsonElement model = Items(listing).FirstOrDefault(m => LenientJson.Text(m, "id") is string id
            && ModelTable.Plain(id).Equals(plain, StringComparison.OrdinalIgnoreCase));
        return AzureLifecycle(model, deployed, day);
    }

    /// <summary>What Azure's description of a base model says; else what the table says of that version.</summary>
    /// <param name="name">The model with its version.</param>
    public static ModelLifecycle? AzureLifecycle(JsonElement model, string name, DateTime day)
    {
        (string plain, string? version) = ModelTable.Parts(name);
        JsonElement? inference = LenientJson.Property(model, "deprecation") is JsonElement end ? LenientJson.Property(end, "inference") : null;
        DateTime? date = ModelDate.OfUnixSeconds(inference)?.Date;
        // What cannot be read says nothing; a null says that none is announced.
        return date is not null || inference is { ValueKind: JsonValueKind.Null }
            ? Live(ApiValues.AzureOpenAI, plain, version, date, day)
            : ModelTable.Current.Find(ApiValues.AzureOpenAI, plain, day, version);
    }

    public static IEnumerable<JsonElement> Items(JsonElement? listing) =>
        listing is JsonElement json && LenientJson.Property(json, "data") is { ValueKind: JsonValueKind.Array } data ? data.EnumerateArray() : [];

    // The providers' interfaces name dates; which model comes after, only their pages do.
    private static ModelLifecycle Live(string provider, string model, string? version, DateTime? date, DateTime day)
    {
        ModelLifecycle? page = ModelTable.Current.Find(provider, model, day, version);
        return new ModelLifecycle(provider, version is null ? model : $"{model}-{version}")
        {
            RetiresOn = date,
            Replacement = date is null ? null : page?.Replacement,
            IsReplacementOnPlatform = page?.IsReplacementOnPlatform == true,
            ReplacementRetiresOn = page?.ReplacementRetiresOn,
            SeenOn = day,
        };
    }
}
