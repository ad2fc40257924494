namespace KoreConnections;

/// <summary>What a provider's answer says of a key.</summary>
public enum KeyVerdict
{
    /// <summary>The key works for the model or deployment.</summary>
    Valid,

    /// <summary>The provider does not know the key, or not any more.</summary>
    InvalidKey,

    /// <summary>The key is good, but not for this model.</summary>
    NoModelAccess,

    /// <summary>The Azure resource has no such deployment.</summary>
    DeploymentNotFound,

    /// <summary>The provider knows the key and wants it used less, or paid for.</summary>
    RateLimited,

    /// <summary>No answer came.</summary>
    Unreachable,

    /// <summary>An answer came that says nothing of the key: a restricted key, a firewall, a failure of the provider.</summary>
    Inconclusive,
}
