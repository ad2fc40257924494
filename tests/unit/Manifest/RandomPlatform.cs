using System.Text.Json.Nodes;
using CsCheck;

namespace KoreConnections.Tests.AsCode;

/// <summary>Generates whatever a platform can hold.</summary>
internal static class RandomPlatform
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf("a", "B", " ", "-", "- ", ": ", ":", "#", " #", "'", "\"", "\\", "\n", "\r\n", "\t", "{{prompt}}", "${{ x }}", "${env:PATH}", "$${env:A}", "$", "*", "***", "&a", "!x", "%", "@", "`", "|", ">", "[", "]", "{", "}", ",", "?", "~", "null", "true", "yes", "1", "0x1", "1e5", ".5", "<<", "=", "---", "...", "é", "日本", "😀", "\u202e", "\u0000", "\u001b[31m", "\u0085", "\u2028", "\ufeff", "\u00a0", "##vso[x]", "env:A", "file:x"),
        Gen.Char['\u0020', '\ud7ff'].Select(c => c.ToString()));

    private static readonly Gen<string> Text = Piece.Array[0, 6].Select(string.Concat);
    // What the rules of single-line texts leave as it is.
    private static readonly Gen<string> Filled = Text.Select(SingleLine.Trim).Where(t => t.Length > 0 && SingleLine.Problem(t) is null && UnfilledPlaceholder.FindInModel(t) is null);
    private static readonly Gen<string> Model = Filled.Where(t => SingleLine.SpaceProblem(t) is null);
    private static readonly Gen<string> Path = Gen.OneOf("text", "content[0].text", "[1].é", "a-b.c_d[0][1]");
    private static readonly Gen<string> Deployment = Gen.OneOf("gpt-4o", "007", "1.10", "true", "null", "eu_2");
    private static readonly Gen<string> Version = Gen.OneOf("2024-08-01-preview", "2024-06-01", "v1", "preview");
    private static readonly Gen<string> Word = Gen.OneOf("a", "gpt-4o", "GPT-4o", "007", "1.10", "true", "null", "2024-08-01-preview", "claude-3-5-haiku-20241022", "x y");
    private static readonly Gen<string> Key = Gen.Char['a', 'z'].Array[4, 40].Select(c => "sk-" + new string(c));
    private static readonly Gen<string> PropertyName = Gen.OneOf(Text, Gen.OneOf("api_key", "token", "password", "max_tokens", "public_key", "default", "key", "value", "model", "a", "A", "<<"));

    // What prompts have in them, with what only looks like a key, and with keys in links and examples.
    private static readonly Gen<string> Prompt = Gen.OneOf(
        Gen.OneOf("Clone https://contoso@dev.azure.com/c/_git/x first", "https://contoso@dev.azure.com/c/_git/x", "http://svc:pw@proxy.local:8080", "mongodb://user:pass@host/db, https://{{u}}:{{p}}@h"),
        Gen.OneOf("if(x)return;someVeryLongIdentifier123Name;other", "x=1;password=getpass();token=$(get);", "#a1b2c3d4e5f60718", "&amp;sortkey=name_asc_2026_01", "Server=x;Password=Correct7Horse9;", "Password=Correct7Horse9; Server=x; Shared Secret='Winter 2025'"),
        Gen.OneOf("https://d.example.com/edit#heading=h.3znysh7abcdefgh12", "https://x.example.com/p?thread_ts=1629999999.000200&code=abc123", "https://x.example.com/?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl"),
        Gen.OneOf("{\"token\": \"string\", \"user\": {\"password\": \"...\"}}", "{\"apiKey\": \"Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl\", \"a\": \"b\"}", "{\"auth\": \"Bearer <your-token-goes-here>\"}"),
        Gen.OneOf(" ", ", ", "\n", "Answer in the way of this example, which has each property that there is, and nothing else. "),
        Text).Array[1, 4].Select(parts => string.Join(" ", parts));

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Prompt.Select(t => (JsonNode?)JsonValue.Create(t)),
        Text.Select(t => (JsonNode?)JsonValue.Create(t)),
        Key.Select(t => (JsonNode?)JsonValue.Create(t + "0123456789")),
        Gen.Long.Select(n => (JsonNode?)JsonValue.Create(n)),
        Gen.Decimal.Select(n => (JsonNode?)JsonValue.Create(n)),
        Gen.Double[-1e30, 1e30].Select(n => (JsonNode?)JsonValue.Create(n)),
        Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)),
        Gen.Const(() => (JsonNode?)null));

    private static readonly Gen<JsonNode?> Json = Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
        ? Scalar
        : Gen.OneOf(Scalar, inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])), Gen.Select(PropertyName, inner).Array[0, 4].Select(p => (JsonNode?)Object(p))));

    private static readonly Gen<JsonObject> Payload = Gen.Select(PropertyName, Json).Array[0, 5].Select(Object);

    private static readonly Gen<Variable> CustomVariable = Gen.Select(Filled, Gen.Select(Gen.OneOf("displayName", "defaultValue", "status", "required", "hint"), Scalar).Array[0, 3])
        .Select((name, given) => new Variable(name) { Given = Given(given) });

    private static readonly Gen<Variable> PromptVariable = Gen.Select(Gen.OneOf("prompt", "system_prompt", "examples"), Gen.Select(Gen.OneOf("displayName", "defaultValue", "status"), Scalar).Array[0, 2])
        .Select((name, given) => new Variable(name) { Given = Given(given) });

    private static readonly Gen<IReadOnlyList<Header>> Headers = Gen.Select(Gen.OneOf("x-api-key", "Authorization", "Accept", "key", "value", "X-9"), Key).Array[0, 3]
        .Select(pairs => (IReadOnlyList<Header>)[.. pairs.DistinctBy(p => p.Item1).Select(p => new Header(p.Item1, Secret.FromPlainText(p.Item2)))]);

    private static readonly Gen<ConnectionDefinition> Definition = Gen.OneOf(
        Gen.Select(Filled, Word, Key).Select((n, m, k) => (ConnectionDefinition)new OpenAIDefinition { Name = n, Model = m, ApiKey = Secret.FromPlainText(k) }),
        Gen.Select(Filled, Word, Key).Select((n, m, k) => (ConnectionDefinition)new AnthropicDefinition { Name = n, Model = m, ApiKey = Secret.FromPlainText(k) }),
        Gen.Select(Filled, Model, Deployment, Version, Key).Select((n, m, d, v, k) => (ConnectionDefinition)new AzureOpenAIDefinition { Name = n, Model = m, ApiKey = Secret.FromPlainText(k), ResourceName = "contoso", DeploymentId = d, ApiVersion = v }),
        Gen.Select(Filled, Headers, Payload, Path, PromptVariable.Array[0, 3], CustomVariable.Array[0, 3], Gen.Bool, Gen.Bool).Select((n, h, p, o, pv, cv, draft, disabled) => (ConnectionDefinition)new CustomApiDefinition(new CustomApiSettings
        {
            EndpointUrl = "https://llm.example.com/v1",
            Headers = h,
            Payload = JsonSerializer.SerializeToElement(p),
            OutputPath = o,
            InputTokensPath = draft ? "usage.in" : null,
            PromptVariables = pv.Length == 0 ? null : [.. pv.DistinctBy(v => v.Name)],
            CustomVariables = [.. cv.DistinctBy(v => v.Name)],
            Status = draft ? "DRAFT" : null,
        })
        { Name = n, IsDisabled = disabled }),
        Gen.Select(Filled, Word, Headers, Gen.OneOf([.. ApiValues.MapProviders.Values]), Gen.OneOf([.. ApiValues.Features.Values]).Array[1, 4], Gen.OneOf([.. ApiValues.IOMappings.Values]).Array[1, 3], Gen.Bool).Select((n, m, h, p, f, io, draft) => (ConnectionDefinition)new CustomApiDefinition(new CustomApiSettings
        {
            EndpointUrl = "https://llm.example.com/v1?x={{y}}",
            Headers = h,
            MapProvider = p,
            Features = f,
            IOMappings = io,
            AuthorizationProfile = draft ? "p: 1" : null,
        })
        { Name = n, Model = m, IsDisabled = draft }));

    public static Gen<ConnectionDefinition[]> Definitions { get; } = Definition.Array[0, 6].Select(d => d.DistinctBy(c => SingleLine.Comparable(c.Name!)).ToArray());

    private static JsonObject Object((string Name, JsonNode? Value)[] properties) =>
        new(properties.DistinctBy(p => p.Name).Select(p => new KeyValuePair<string, JsonNode?>(p.Name, p.Value?.DeepClone())));

    private static Dictionary<string, JsonElement> Given((string Name, JsonNode? Value)[] properties) =>
        properties.DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => JsonSerializer.SerializeToElement(p.Value));
}
