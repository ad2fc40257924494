namespace KoreConnections.Sandbox;

/// <summary>Whether a key of the platform still works.</summary>
public enum KeyState
{
    Active,
    Expired,
    Revoked,
}
