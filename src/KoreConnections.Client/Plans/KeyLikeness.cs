namespace KoreConnections;

/// <summary>What the visible parts of the platform's mask show of a key.</summary>
public enum KeyLikeness
{
    /// <summary>The mask shows nothing, or what all such keys begin with.</summary>
    Unknown = 1,

    /// <summary>What the mask shows is the same.</summary>
    LikelySame,

    /// <summary>What the mask shows is another.</summary>
    Different,
}
