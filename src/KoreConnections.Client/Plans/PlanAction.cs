namespace KoreConnections;

// None of these is 0, which a script's `if ($plan.Action -eq 'Create')` would take for false.

/// <summary>What has to be done so that the platform has what the manifest says, in the order in which it is done and reported.</summary>
public enum PlanAction
{
    /// <summary>The platform has none of this name: it is created.</summary>
    Create = 1,

    /// <summary>A custom API differs: what differs is changed.</summary>
    Update,

    /// <summary>The key of a named provider is another: it is changed.</summary>
    ChangeKey,

    /// <summary>It differs in what the API cannot change: a person has to.</summary>
    CannotChange,

    /// <summary>Which connection is meant is not clear: a person has to say.</summary>
    Ambiguous,

    /// <summary>Nothing that the platform returns differs.</summary>
    InSync,

    /// <summary>The manifest does not name it: it is left alone.</summary>
    Unmanaged,
}
