namespace KoreConnections;

/// <summary>What became of a connection's key.</summary>
public enum KeyUpdateOutcome
{
    /// <summary>Nothing was tried, because the rotation was stopped. First, so that no success is what nobody has set.</summary>
    Skipped,

    /// <summary>The connection has the new key.</summary>
    Updated,

    /// <summary>The connection has the new key since a run before, as the report says; nothing was sent.</summary>
    AlreadyUpdated,

    /// <summary>The platform was asked to change it; whether it has the new key could not be confirmed.</summary>
    Unconfirmed,

    /// <summary>The change could not be confirmed, and the previous key was put back.</summary>
    RolledBack,

    /// <summary>The connection has the key that it had.</summary>
    Failed,
}
