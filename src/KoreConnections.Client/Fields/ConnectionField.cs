namespace KoreConnections.Client;

/// <param name="parameter">The parameter of New-Connection, which is the name in messages too.</param>
/// <param name="rule">The rule for a text, or for each of several; it throws what is wrong.</param>
internal class ConnectionField(string parameter, string wireName, ValueKind kind, Action<string>? rule = null)
{
    public string Parameter { get; } = parameter;

    public string WireName { get; } = wireName;

    /// <summary>The name in a manifest: the parameter's in camel case.</summary>
    public string Name { get; } = NameOf(parameter);

    public ValueKind Kind { get; } = kind;

    public Action<string>? Rule => field ??= rule ?? (Values is { } values ? text => values.Parse(text, Parameter) : null);

    /// <summary>What it is, a sentence for editors. Without it the schema does not describe it.</summary>
    public string Description { get; init; } = "";

    /// <summary>The values that the API accepts, where it has a list of them.</summary>
    public ApiValueSet? Values { get; init; }

    /// <summary>What a text looks like, for editors: a regular expression of the whole, white space around it aside.</summary>
    public string? Pattern { get; init; }

    /// <summary>The property of a connection that was read, null for none.</summary>
    public string? Property { get; init; } = kind == ValueKind.Flag ? null : parameter;

    /// <summary>The parameter of Set-Connection, null for what the API cannot change.</summary>
    public virtual string? ChangeParameter { get; init; }

    public FieldShape Shape { get; init; }

    /// <summary>Whether the platform has it under <c>fields</c>.</summary>
    public bool IsInFields { get; init; }

    /// <summary>Whether a connection, or the shape, is incomplete without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the test of a key depends on it. A stored value of any other that its rule refuses prevents no test, and no export.</summary>
    public bool MattersToKey { get; init; }

    /// <summary>Whether null takes it away, on the wire and in a manifest.</summary>
    public virtual bool IsNullable { get; init; }

    /// <summary>Whether members that were not given are sent all the same, switched off or on by what the payload holds.</summary>
    public bool IsCompleted { get; init; }

    /// <summary>What the platform has where nothing was given.</summary>
    public string? Default { get; init; }

    /// <summary>Whether a flag is on where the platform's value is false.</summary>
    public bool IsInverted { get; init; }

    /// <summary>What to give where it is missing.</summary>
    public string Advice { get => field ?? (Values is { } values ? $"Accepted values: {values.Listed}." : "Specify a value."); init; }

    /// <summary>Whether <c>${env:NAME}</c> in it may stand for a key, or for a part of what leads to one.</summary>
    public bool MayHoldKey => Kind is ValueKind.Key or ValueKind.Headers or ValueKind.Payload or ValueKind.Variables or ValueKind.Address;

    /// <summary>Whether it says which connection is meant.</summary>
    public bool SaysWhich { get; init; }

    /// <summary>Whether a change replaces all that it consists of.</summary>
    public bool IsReplacedWhole => Kind is ValueKind.Headers or ValueKind.Payload or ValueKind.Variables or ValueKind.Texts or ValueKind.Switches;

    /// <summary>Whether the rule lets a text pass.</summary>
    public bool Accepts(string text)
    {
        try
        {
            Rule?.Invoke(text);
            return true;
        }
        catch (KoreException)
        {
            return false;
        }
    }

    // IOMapping begins with two capitals that belong together.
    private static string NameOf(string parameter) => parameter.StartsWith("IO", StringComparison.Ordinal)
        ? "io" + parameter.Substring(2)
        : char.ToLowerInvariant(parameter[0]) + parameter.Substring(1);
}
