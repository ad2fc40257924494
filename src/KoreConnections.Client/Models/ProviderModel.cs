namespace KoreConnections;

/// <summary>A model that a key may use at its provider.</summary>
public sealed class ProviderModel
{
    /// <summary>The provider in the API's spelling.</summary>
    public string Provider { get; internal set; } = "";

    /// <summary>The model's name, as a connection takes it; of Azure OpenAI, the base model with its version.</summary>
    public string ModelId { get; internal set; } = "";

    /// <summary>Where it is in its life today.</summary>
    public string Status => StatusValue.ToString();

    /// <summary>The day from which requests fail; null where none is announced or known.</summary>
    public DateTime? RetiresOn { get; internal set; }

    /// <summary>The model that the provider names instead.</summary>
    public string? Replacement { get; internal set; }

    /// <summary>When the provider made it available, in local time.</summary>
    public DateTime? CreatedOn { get; internal set; }

    internal ModelStatus StatusValue { get; set; } = ModelStatus.Active;

    /// <summary>The name and the status.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{ModelId} ({Status})");
}
