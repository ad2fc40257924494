namespace KoreConnections.Client;

/// <summary>Adds what is known of a model's retirement to what a test of a key says.</summary>
internal static class ModelFacts
{
    /// <summary>Fills the result's properties, and says what to do where the model ends soon or has ended.</summary>
    public static void Add(KeyTestResult result, ModelLifecycle? lifecycle, DateTime day)
    {
        if (lifecycle is null)
        {
            return;
        }

        result.Lifecycle = lifecycle;
        result.ModelRetiresOn = lifecycle.RetiresOn;
        result.Replacement = lifecycle.Replacement;
        if (!lifecycle.EndsWithin(day, ModelLifecycle.SoonDays))
        {
            return;
        }

        string words = $"{lifecycle.Describe(day)} {lifecycle.Advice(result.Provider)}";
        // A provider does not know a model any more that it retired: that is why, and not how it is spelled.
        bool isWhy = result.VerdictValue == KeyVerdict.NoModelAccess && lifecycle.StatusOn(day) == ModelStatus.Retired;
        result.RecommendedAction = result.RecommendedAction is null || isWhy ? words : $"{result.RecommendedAction} {words}";
    }
}
