namespace KoreConnections.Client;

/// <summary>The API's closed lists of values.</summary>
public static class ApiValues
{
    /// <summary>OpenAI's spelling on the wire.</summary>
    public const string OpenAI = "Open AI";

    /// <summary>Azure OpenAI's spelling on the wire.</summary>
    public const string AzureOpenAI = "Azure Open AI";

    /// <summary>Anthropic's spelling on the wire.</summary>
    public const string Anthropic = "Anthropic";

    /// <summary>A custom API's spelling on the wire.</summary>
    public const string CustomApi = "API";

    /// <summary>Values of <c>provider</c>.</summary>
    public static ApiValueSet Providers { get; } = new([OpenAI, AzureOpenAI, Anthropic, CustomApi], ignoreSpaces: true);

    /// <summary>Values of the status filter.</summary>
    public static ApiValueSet StatusFilters { get; } = new(["ACTIVE", "INACTIVE"]);

    /// <summary>Values of a custom API's <c>status</c> as it is written.</summary>
    public static ApiValueSet CustomApiStatuses { get; } = new(["DRAFT", "FINALIZED"]);

    /// <summary>Values of <c>mapProvider</c>.</summary>
    public static ApiValueSet MapProviders { get; } = new(["anthropicModel", "geminiModel", "openAIModel"]);

    /// <summary>Names in <c>llmFeatures</c>.</summary>
    public static ApiValueSet Features { get; } = new(
        ["toolCalling", "supportTools", "parallelToolCalling", "structuredResponse", "dataGeneration", "streaming"]);

    /// <summary>Values of <c>IOMappings</c>.</summary>
    public static ApiValueSet IOMappings { get; } = new(["textToText", "textToImage", "imageToText", "audioToText"]);
}
