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

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
