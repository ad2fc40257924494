namespace KoreConnections.Client;

/// <summary>What is known of a model's retirement, and from whom.</summary>
/// <param name="Model">The model as the connection or the provider names it.</param>
internal sealed record ModelLifecycle(string Provider, string Model)
{
    /// <summary>How many days before a retirement it counts as soon, where nobody says otherwise.</summary>
    public const int SoonDays = 90;

    private const string VersionDecides = ": the version of the deployment decides.";
    private const string StillAccepted = ", but still accepts requests to it.";

    public DateTime? RetiresOn { get; init; }

    /// <summary>When another version of an Azure model has ended, where which one it is decides; null for none.</summary>
    public DateTime? MayHaveRetiredOn { get; init; }

    /// <summary>The same as a finding or a warning says it: what may fail today comes before what will.</summary>
    public ModelLifecycle ToReport => MayHaveRetiredOn is DateTime ended ? this with { RetiresOn = ended } : this;

    public string? Replacement { get; init; }

    /// <summary>Whether the platform's own page of models had the replacement when it was read.</summary>
    public bool IsReplacementOnPlatform { get; init; }

    public DateTime? ReplacementRetiresOn { get; init; }

    /// <summary>The day of which the replacement is.</summary>
    public DateTime SeenOn { get; init; }

    /// <summary>False where another fact decides: the version of an Azure deployment, which a connection does not hold.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>Whether the provider has just accepted a request that it refuses according to its page.</summary>
    public bool IsStillAccepted { get; init; }

    public bool IsCertainOn(DateTime day) => IsCertain && !(IsStillAccepted && StatusOn(day) == ModelStatus.Retired);

    /// <summary>When the provider's page was read; null for the provider's own answer of this moment.</summary>
    public DateTime? AsOf { get; init; }

    public ModelStatus StatusOn(DateTime day) =>
        RetiresOn is not DateTime end ? ModelStatus.Active : end <= day.Date ? ModelStatus.Retired : ModelStatus.Retiring;

    public bool EndsWithin(DateTime day, int days) => RetiresOn is DateTime end && (end - day.Date).TotalDays <= days;

    /// <summary>What happens to the model, in one sentence; empty for an active one.</summary>
    public string Describe(DateTime day)
    {
        string date = Day(RetiresOn);
        string source = AsOf is null ? "" : $" (its page of {Day(AsOf)})";
        return (StatusOn(day), IsCertain) switch
        {
            (ModelStatus.Retired, _) when IsStillAccepted => $"{Vendor} retired the model '{Shown}' on {date}{source}{StillAccepted}",
            (ModelStatus.Retired, true) => $"{Vendor} retired the model '{Shown}' on {date}{source}: requests to it fail.",
            (ModelStatus.Retired, false) => $"{Vendor} may have retired the model '{Shown}' on {date}{source}{VersionDecides}",
            (ModelStatus.Retiring, true) => $"{Vendor} retires the model '{Shown}' on {date}{source}: requests to it fail from then on.",
            (ModelStatus.Retiring, false) => $"{Vendor} may retire the model '{Shown}' on {date}{source}{VersionDecides}",
            _ => "",
        };
    }

    /// <summary>Whether a description says that something else decides: copies of findings have their message alone.</summary>
    public static bool IsUncertain(string description) =>
        description.EndsWith(VersionDecides, StringComparison.Ordinal) || description.EndsWith(StillAccepted, StringComparison.Ordinal);

    /// <param name="connectionProvider">The provider of the connection, which for a custom API is another than the model's.</param>
    /// <param name="withinDays">How soon the replacement's own end is worth a word.</param>
    /// <param name="isNew">Whether the connection is still to be created.</param>
    public string Advice(string? connectionProvider, int withinDays = SoonDays, bool isNew = false)
    {
        string platform = IsReplacementOnPlatform || Provider == ApiValues.AzureOpenAI ? "" : " Check that the platform offers it.";
        string verb = Provider == ApiValues.AzureOpenAI ? "may retire" : "retires";
        string end = (ReplacementRetiresOn - SeenOn)?.TotalDays <= withinDays ? $", which {verb} on {Day(ReplacementRetiresOn)}" : "";
        string named = Replacement is null ? "" : $" {Vendor} recommends '{TextSanitizer.SingleLine(Replacement, 100)}'{end}.{platform}";
        return ApiValues.Providers.Find(connectionProvider) switch
        {
            ApiValues.AzureOpenAI when !IsCertain =>
                $"Check the deployment's model version in the Azure portal, or query it with Test-ConnectionKey.{named}",
            ApiValues.AzureOpenAI => isNew ? $"Change the deployment's model in Azure, or use another deployment.{named}"
                : $"Change the deployment's model in Azure, or create a successor connection to another deployment.{named}",
            ApiValues.CustomApi when !IsCertain => $"Check the deployment's model version in the Azure portal.{named}",
            ApiValues.CustomApi => $"Change the model that the connection sends.{named}",
            _ when isNew => $"Use another model. That of a connection cannot change, so later you would have to create a successor.{named}",
            _ => $"A connection's model cannot change. Create a successor with another model, and move to it everything that uses this one.{named}",
        };
    }

    public static string Day(DateTime? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private string Shown => TextSanitizer.SingleLine(Model, 100);

    private string Vendor => Provider switch
    {
        ApiValues.OpenAI => "OpenAI",
        ApiValues.AzureOpenAI => "Azure OpenAI",
        _ => Provider,
    };
}
