namespace KoreConnections.Sandbox;

/// <summary>What a connection consists of: what is required of a request, what is kept of it, what answers show.</summary>
internal static class ConnectionSchema
{
    /// <summary>The salted hash of the key, kept beside the masks and never shown.</summary>
    public const string KeyHash = "keyHash";

    private const string ReadMask = "readMask";
    private const string WrittenMask = "writtenMask";
    private const int CreateStars = 15;
    private const int ChangeStars = 17;

    private static readonly string[] Providers = ["API", "Open AI", "Azure Open AI", "Anthropic"];
    private static readonly string[] RowProperties = ["connectionId", "connectionName", "provider", "model", "status", "createdOn", "modifiedOn"];
    private static readonly string[] Hidden = [KeyHash, ReadMask, WrittenMask];
    private static readonly string[] AzureFields = ["api_version", "your_resource_name", "deployment_id"];
    private static readonly string[] CustomProperties =
    [
        "promptVars", "customVars", "endpointUrl", "headers", "payload", "outputPath", "inputTokensPath", "outputTokensPath",
        "idp", "bodyTab", "mapProvider", "llmFeatures", "IOMappings", "isEnable",
    ];

    private static readonly string[] Names = ["connectionName", "model"];
    private static readonly string[] ChangeableProperties = [.. CustomProperties, .. Names, "status"];

    public static JsonObject Create(JsonObject body, string salt, string now)
    {
        string provider = Required(body, "provider");
        if (!Providers.Contains(provider))
        {
            throw ApiError.Invalid($"provider must be one of {string.Join(", ", Providers)}");
        }

        var stored = new JsonObject
        {
            ["connectionId"] = "cn-" + Guid.NewGuid().ToString("D"),
            ["connectionName"] = Required(body, "connectionName"),
            ["provider"] = provider,
            ["model"] = ConnectionStore.Text(body, "model"),
        };
        if (provider == "API")
        {
            stored["status"] = CustomStatus(body);
            CopyCustom(body, stored, salt);
        }
        else
        {
            Required(body, "model");
            stored["status"] = "ACTIVE";
            CreateFields(body, stored, provider, salt);
        }

        stored["createdOn"] = now;
        stored["modifiedOn"] = now;
        return stored;
    }

    public static JsonObject Change(JsonObject stored, JsonObject body, bool replace, bool customApis, string salt, string now)
    {
        var changed = (JsonObject)stored.DeepClone();
        if (ConnectionStore.Text(stored, "provider") == "API")
        {
            ChangeCustom(changed, body, replace, customApis, salt);
        }
        else if (replace)
        {
            throw ApiError.MethodNotAllowed("PUT");
        }
        else if (body["fields"] is JsonObject fields && body.Count == 1 && fields.Count == 1)
        {
            KeepKey(changed, Required(fields, "API_KEY"), salt, ChangeStars);
        }
        else
        {
            throw ApiError.Invalid("fields with an API_KEY, and nothing else, can be changed");
        }

        changed["modifiedOn"] = now;
        return changed;
    }

    /// <summary>A connection as a file keeps it. An address answers with its keys, as the platform's does, but no file has them.</summary>
    public static JsonNode Kept(JsonObject stored)
    {
        JsonNode kept = stored.DeepClone();
        if (ConnectionStore.Text(stored, "endpointUrl") is string address)
        {
            kept["endpointUrl"] = Redaction.OfText(address);
        }

        return kept;
    }

    public static JsonObject Row(JsonObject stored) => Pick(stored, p => RowProperties.Contains(p));

    public static JsonObject Detail(JsonObject stored) => WithMask(Pick(stored, p => !Hidden.Contains(p)), stored, ReadMask);

    public static JsonObject CreateAnswer(JsonObject stored) => Answer(stored, "modifiedOn");

    public static JsonObject ChangeAnswer(JsonObject stored) => Answer(stored, "createdOn");

    private static JsonObject Answer(JsonObject stored, string without) =>
        WithMask(Pick(stored, p => p != without && !Hidden.Contains(p)), stored, WrittenMask);

    private static JsonObject Pick(JsonObject stored, Func<string, bool> wanted) =>
        new(stored.Where(p => wanted(p.Key)).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value?.DeepClone())));

    private static JsonObject WithMask(JsonObject answer, JsonObject stored, string mask)
    {
        if (answer["fields"] is JsonObject fields)
        {
            fields["API_KEY"] = ConnectionStore.Text(stored, mask);
        }

        return answer;
    }

    private static void CreateFields(JsonObject body, JsonObject stored, string provider, string salt)
    {
        JsonObject fields = body["fields"] as JsonObject ?? throw ApiError.Invalid("fields is required");
        if (provider != "Open AI" && Required(body, "modelType") != "EASY_INTEGRATION")
        {
            throw ApiError.Invalid("modelType must be EASY_INTEGRATION");
        }

        var kept = new JsonObject { ["API_KEY"] = "" };
        foreach (string name in provider == "Azure Open AI" ? AzureFields : [])
        {
            kept[name] = Required(fields, name);
        }

        stored["fields"] = kept;
        KeepKey(stored, Required(fields, "API_KEY"), salt, CreateStars);
    }

    private static void KeepKey(JsonObject stored, string key, string salt, int stars)
    {
        stored[KeyHash] = KeyMask.Hash(salt, key);
        stored[ReadMask] = KeyMask.Read(key);
        stored[WrittenMask] = KeyMask.Written(key, stars);
    }

    private static void ChangeCustom(JsonObject changed, JsonObject body, bool replace, bool customApis, string salt)
    {
        if (!customApis)
        {
            throw replace ? ApiError.MethodNotAllowed("PUT") : ApiError.Invalid("Update is supported only where provider is not API");
        }

        if (body.FirstOrDefault(p => !ChangeableProperties.Contains(p.Key)) is { Key: string unknown })
        {
            throw ApiError.Invalid($"{unknown} cannot be changed");
        }

        if (replace)
        {
            foreach (string name in CustomProperties.Where(p => p is not ("isEnable" or "bodyTab")))
            {
                changed.Remove(name);
            }

            Required(body, "connectionName");
        }

        foreach (string name in Names.Where(body.ContainsKey))
        {
            changed[name] = Required(body, name);
        }

        if (replace || body.ContainsKey("status"))
        {
            changed["status"] = CustomStatus(body);
        }

        CopyCustom(body, changed, salt);
    }

    private static void CopyCustom(JsonObject body, JsonObject stored, string salt)
    {
        foreach (string name in CustomProperties.Where(body.ContainsKey))
        {
            stored[name] = Redaction.Redact(body[name]);
        }

        if (body["headers"] is JsonArray headers)
        {
            string all = string.Join("\n", headers.OfType<JsonObject>().Select(h => ConnectionStore.Text(h, "value")));
            stored[KeyHash] = KeyMask.Hash(salt, all);
        }

        RequireWhole(stored);
    }

    private static void RequireWhole(JsonObject stored)
    {
        Required(stored, "endpointUrl");
        _ = stored["headers"] as JsonArray ?? throw ApiError.Invalid("headers is required");
        if (stored["mapProvider"] is not null)
        {
            if (stored["llmFeatures"] is not JsonObject features || !features.Any(f => f.Value is JsonValue on && on.TryGetValue(out bool isOn) && isOn))
            {
                throw ApiError.Invalid("at least one of llmFeatures must be on");
            }

            _ = stored["IOMappings"] as JsonArray ?? throw ApiError.Invalid("IOMappings is required");
            return;
        }

        _ = stored["payload"] as JsonObject ?? throw ApiError.Invalid("payload is required");
        Required(stored, "outputPath");
    }

    private static string CustomStatus(JsonObject body) =>
        Required(body, "status") is var status && status is "DRAFT" or "FINALIZED" ? status : throw ApiError.Invalid("status must be DRAFT or FINALIZED");

    private static string Required(JsonObject from, string name) => ConnectionStore.Text(from, name) is string text && text.Trim().Length > 0
        ? text
        : throw ApiError.Invalid($"{name} is required");
}
