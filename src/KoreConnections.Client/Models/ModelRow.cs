namespace KoreConnections.Client;

/// <summary>A row of the table of models; <c>models.csv</c> says what each column means.</summary>
internal sealed record ModelRow(
    string Provider, string Model, string? Version, DateTime? RetiresOn, DateTime? NotSoonerThan, string? Replacement, bool IsOnPlatform,
    DateTime AsOf, string Source);
