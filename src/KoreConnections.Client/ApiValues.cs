namespace KoreConnections.Client;

internal static class ApiValues
{
    public const string OpenAI = "Open AI";

    public const string AzureOpenAI = "Azure Open AI";

    public const string Anthropic = "Anthropic";

    public const string CustomApi = "API";

    public static ApiValueSet Providers { get; } = new(
        [OpenAI, AzureOpenAI, Anthropic, CustomApi], ignoreSpaces: true, ("Custom API", CustomApi));

    public static ApiValueSet StatusFilters { get; } = new(["ACTIVE", "INACTIVE"]);

    /// <summary>Values of a custom API's <c>status</c> as it is written.</summary>
    public static ApiValueSet CustomApiStatuses { get; } = new(["DRAFT", "FINALIZED"]);

    public static ApiValueSet MapProviders { get; } = new(["anthropicModel", "geminiModel", "openAIModel"]);

    public static ApiValueSet Features { get; } = new(
        ["toolCalling", "supportTools", "parallelToolCalling", "structuredResponse", "dataGeneration", "streaming"]);

    public static ApiValueSet IOMappings { get; } = new(["textToText", "textToImage", "imageToText", "audioToText"]);
}
