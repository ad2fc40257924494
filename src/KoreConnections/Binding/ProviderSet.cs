namespace KoreConnections.Commands;

/// <summary>The parameter sets that are named for a provider, chosen by a switch of the same name.</summary>
internal static class ProviderSet
{
    /// <summary>
    /// No set that works: where nothing says which one is meant, the cmdlet can say more than PowerShell. It has what each of them has;
    /// none of it is hidden here, because completion would hide it everywhere.
    /// </summary>
    public const string None = "None";
    public const string OpenAI = "OpenAI";
    public const string Anthropic = "Anthropic";
    public const string AzureOpenAI = "AzureOpenAI";
    public const string CustomApi = "CustomApi";

    private static readonly (string Set, string Provider)[] All =
    [
        (OpenAI, ApiValues.OpenAI), (Anthropic, ApiValues.Anthropic), (AzureOpenAI, ApiValues.AzureOpenAI), (CustomApi, ApiValues.CustomApi),
    ];

    /// <summary>The named provider whose switch is among some parameters, in the API's spelling; null for none.</summary>
    public static string? Named(IDictionary parameters) => All.FirstOrDefault(s => s.Set != CustomApi && parameters.Contains(s.Set)).Provider;

    public static string Of(string provider) => All.First(s => s.Provider == provider).Set;

    public static string Provider(string set, SwitchParameter given, string? rowProvider)
    {
        string provider = All.First(s => s.Set == set).Provider;
        return !given
                ? throw KoreException.InvalidInput(set, $"-{set}:$false does not select a provider. Use one of -OpenAI, -Anthropic, -AzureOpenAI, -CustomApi.")
            : string.IsNullOrWhiteSpace(rowProvider) || ApiValues.Providers.Find(rowProvider) == provider
            ? provider
            : throw KoreException.InvalidInput(
                "Provider",
                $"The row's Provider is '{SecretMasker.Quote(rowProvider)}', but -{set} was used. Omit -{set} to use the Provider of each row.");
    }
}
