using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

/// <summary>Settings of custom APIs, which only reading them by id shows.</summary>
internal static class CustomApiRules
{
    // Also one that is filled in later, and one that no client could parse: the platform decides what it calls.
    private static readonly Regex PlainHttp = new(
        @"^\s*http:[/\\]*(?:[^/?#\\]*@)?(?<host>\{\{[^{}]*\}\}|\[[^\]]*\]|[^/?#:\\\s]*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    public static IssueRule Disabled { get; } = Rule(
        "Disabled",
        IssueSeverity.Information,
        "The custom API is disabled (isEnable is false).",
        connection => connection.Snapshot.IsEnabled == false ? "The connection is disabled." : null,
        "Enable it in the platform's web UI, or delete it there if nothing needs it. The API can do neither.");

    public static IssueRule PlainHttpEndpoint { get; } = Rule(
        "PlainHttpEndpoint",
        IssueSeverity.Error,
        "The custom API is called over plain http: its key and the prompts of agents are sent unencrypted.",
        connection => Setting(connection, CustomApiFields.EndpointUrl) is string address && PlainHttp.Match(address) is { Success: true } host
            ? $"The platform calls {Callee(host.Groups["host"].Value)} over plain http: the key and the prompts of agents are sent unencrypted."
            : null,
        "Use an https address with Set-Connection -EndpointUrl. Then set a new key, because the old one was sent unencrypted.");

    public static IssueRule KeyInEndpoint { get; } = Rule(
        "KeyInEndpoint",
        IssueSeverity.Error,
        "The address of the custom API contains a login or a possible key: addresses are shown, listed and logged.",
        connection => Setting(connection, CustomApiFields.EndpointUrl) is string address && HoldsSecret(address)
            ? "The address of the API contains a login or a possible key, and addresses are shown and logged."
            : null,
        "Create a new key, send it in a header instead (Set-Connection -Header and -EndpointUrl), and revoke the old key.");

    public static IssueRule MissingPrompt { get; } = Rule(
        "MissingPrompt",
        IssueSeverity.Warning,
        "The payload of the custom API does not use {{prompt}}, so the API never gets the question of an agent.",
        connection => Setting(connection, CustomApiFields.Payload) is { } payload && !IsAbsent(payload, connection)
            && !IsPromptOff(connection) && !HasPrompt(payload)
            ? "The payload does not use {{prompt}}, so the API never gets the question of an agent."
            : null,
        "Put {{prompt}} where the question belongs, with Set-Connection -Payload.");

    public static IssueRule NoToolCalling { get; } = Rule(
        "NoToolCalling",
        IssueSeverity.Information,
        "Tool calling is off for the custom API: agents cannot use tools through it, and agentic apps cannot use it.",
        connection => ActualValues.IsMapped(connection.Snapshot) != false
            && ActualValues.On(Setting(connection, CustomApiFields.Feature))?.Contains("toolCalling") == false
            ? "Tool calling is off, so agentic apps cannot use the connection."
            : null,
        "If the API supports it, use Set-Connection -Feature with toolCalling and the features that are on now.");

    public static IssueRule NotUsableInAgenticApps { get; } = Rule(
        "NotUsableInAgenticApps",
        IssueSeverity.Information,
        "The custom API has its own payload or Gemini's format: agentic apps support only the formats of OpenAI and Anthropic.",
        connection => Setting(connection, CustomApiFields.MapProvider) switch
        {
            "openAIModel" or "anthropicModel" => null,
            string { Length: > 0 } format => $"The connection uses the format {TextSanitizer.SingleLine(format, 60)}, so agentic apps cannot use it.",
            _ => Setting(connection, CustomApiFields.Payload) is null ? null : "The connection has its own payload, so agentic apps cannot use it.",
        },
        "For agentic apps, create a second connection with New-Connection -MapProvider openAIModel or anthropicModel and the feature toolCalling. "
            + "An existing connection cannot be converted.");

    private static IssueRule Rule(string id, IssueSeverity severity, string help, Func<ExaminedConnection, string?> problem, string advice) =>
        OfEach(id, severity, help, problem, _ => advice) with { NeedsDetails = static connection => connection.IsCustomApi };

    /// <summary>A setting as it was read; null where the platform does not return it.</summary>
    private static object? Setting(ExaminedConnection connection, ConnectionField field) => ActualValues.Of(connection.Snapshot, field);

    private static string Callee(string host) => host.Length == 0 ? "the API" : TextSanitizer.SingleLine(host, 100);

    // What the one rule for addresses masks is what may be a secret; what came masked from the platform was one.
    private static bool HoldsSecret(string address) =>
        SecretMasker.IsMasked(address.AsSpan())
        || !string.Equals(SecretMasker.Addresses(address), address, StringComparison.Ordinal)
        || (Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0);

    // Beside a mapping, an answer may show the payload that there is none of.
    private static bool IsAbsent(object payload, ExaminedConnection connection) =>
        (payload is "" or ICollection { Count: 0 } || ActualValues.Payload(payload) is { Count: 0 })
        && Setting(connection, CustomApiFields.MapProvider) is string { Length: > 0 };

    private static bool HasPrompt(object? value) => value switch
    {
        string text => PayloadPlaceholders.Names(text).Contains("prompt"),
        IDictionary table => table.Keys.Cast<object?>().Any(HasPrompt) || table.Values.Cast<object?>().Any(HasPrompt),
        IEnumerable items => items.Cast<object?>().Any(HasPrompt),
        _ => false,
    };

    private static bool IsPromptOff(ExaminedConnection connection) =>
        ActualValues.Tables(Setting(connection, CustomApiFields.PromptVariable))?.FirstOrDefault(v => v["name"] is "prompt")?["status"] is false;
}
