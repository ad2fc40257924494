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
}
