namespace KoreConnections;

/// <summary>Where a model is in its life, on a given day.</summary>
public enum ModelStatus
{
    /// <summary>No retirement is announced.</summary>
    Active = 1,

    /// <summary>Its retirement is announced and still to come.</summary>
    Retiring,

    /// <summary>The provider has retired it: requests fail.</summary>
    Retired,

    /// <summary>The version of an Azure deployment decides whether it is retired.</summary>
    MayBeRetired,
}
