namespace KoreConnections.Sandbox;

/// <summary>Whether a key of the platform still works.</summary>
public enum KeyState
{
    /// <summary>It works.</summary>
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was deleted.</summary>
    Revoked,
}
