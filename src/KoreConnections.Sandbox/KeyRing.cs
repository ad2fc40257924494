using System.Collections.Concurrent;

namespace KoreConnections.Sandbox;

/// <summary>The platform keys that a sandbox has issued: hashes with their scopes.</summary>
public sealed class KeyRing
{
    /// <summary>The scope that reading needs.</summary>
    public const string ViewConnections = "View Connections";

    /// <summary>The scope that changing needs.</summary>
    public const string ManageConnections = "Manage Connections";

    private readonly ConcurrentDictionary<string, (HashSet<string> Scopes, KeyState State)> _keys = new();
    private readonly string _salt = KeyMask.Random(16);

    /// <summary>Makes a key. It is shown this once.</summary>
    /// <param name="scopes">Its scopes; null for both.</param>
    public string Issue(IEnumerable<string>? scopes = null, KeyState state = KeyState.Active)
    {
        string key = $"kg-{Guid.NewGuid():D}-{KeyMask.Random(8)}";
        _keys[KeyMask.Hash(_salt, key)] = (new HashSet<string>(scopes ?? [ViewConnections, ManageConnections]), state);
        return key;
    }

    /// <summary>Accepts a key that somebody chose, with both scopes.</summary>
    public void Accept(string key) => _keys[KeyMask.Hash(_salt, key)] = ([ViewConnections, ManageConnections], KeyState.Active);

    internal void Require(IReadOnlyDictionary<string, string> headers, string scope)
    {
        if (!headers.TryGetValue("x-api-key", out string? key) || !_keys.TryGetValue(KeyMask.Hash(_salt, key), out var known))
        {
            throw new ApiError(401, "UNAUTHORIZED", "The API key is missing or not valid");
        }

        if (known.State != KeyState.Active)
        {
            throw new ApiError(
                401, known.State == KeyState.Expired ? "API_KEY_EXPIRED" : "API_KEY_REVOKED", $"The API key is {known.State.ToString().ToLowerInvariant()}");
        }

        if (!known.Scopes.Contains(scope))
        {
            throw new ApiError(403, "INSUFFICIENT_SCOPE", $"The API key lacks the scope {scope}");
        }
    }
}
