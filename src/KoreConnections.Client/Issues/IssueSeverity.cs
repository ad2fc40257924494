namespace KoreConnections;

// None of these is 0, which a script's `-eq 'Information'` would take for false; the order is that of the weight.

/// <summary>How much a finding matters.</summary>
public enum IssueSeverity
{
    /// <summary>Good to know.</summary>
    Information = 1,

    /// <summary>It will fail some day, or does not what was meant.</summary>
    Warning,

    /// <summary>It fails now, or gives a secret away.</summary>
    Error,
}
