using System.ComponentModel;
using System.Security;

namespace KoreConnections;

/// <summary>Where keys are kept: what a reference <c>SCHEME:NAME</c> leads to.</summary>
public class KeySource
{
    internal KeySource(string scheme, string reference, string description, bool isBuiltIn)
    {
        Scheme = scheme;
        Reference = reference;
        Description = description;
        IsBuiltIn = isBuiltIn;
    }

    /// <summary>What is before the colon.</summary>
    public string Scheme { get; }

    /// <summary>How a reference is written, such as <c>env:NAME</c>.</summary>
    public string Reference { get; }

    /// <summary>What it is, for people.</summary>
    public string Description { get; }

    /// <summary>Whether it comes with the module.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>
    /// Called with each key that a reference led to and its source, or with a key that was given itself and null, on the pipeline's thread and
    /// before the key is used: for a build agent, which masks it in all that it logs.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static event Action<SecureString, KeySource?>? Resolved;

    internal void OnResolved(Secret key) => Resolved?.Invoke(key.ToSecureString(), this);

    internal static void OnGiven(Secret key) => Resolved?.Invoke(key.ToSecureString(), null);

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
