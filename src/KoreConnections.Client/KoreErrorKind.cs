namespace KoreConnections;

/// <summary>What went wrong. With "Kore" in front, each is an error id.</summary>
public enum KoreErrorKind
{
    /// <summary>There is no session, or it was disconnected.</summary>
    NotConnected,

    /// <summary>Something given is not acceptable; nothing was sent.</summary>
    InvalidInput,

    /// <summary>The platform does not accept the session's key (401).</summary>
    Unauthorized,

    /// <summary>The key lacks a scope (403).</summary>
    Forbidden,

    /// <summary>No connection of that id or name (404).</summary>
    ConnectionNotFound,

    /// <summary>It exists already (409).</summary>
    Conflict,

    /// <summary>The platform refused the request (other 4xx).</summary>
    InvalidRequest,

    /// <summary>Too many requests (429).</summary>
    Throttled,

    /// <summary>The platform failed (5xx).</summary>
    ServerError,

    /// <summary>The host was not reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>No complete answer came in time.</summary>
    Timeout,

    /// <summary>An answer came that is not of this API: HTML, a redirect, broken JSON.</summary>
    UnexpectedResponse,

    /// <summary>A fault of this module, met while it worked on one item.</summary>
    InternalError,
}
