namespace KoreConnections;

/// <summary>One connection of a plan: what is done with it and why.</summary>
public sealed class ConnectionPlanItem : IFromPlatform
{
    string? IFromPlatform.Platform { get; set; }

    /// <summary>What is done.</summary>
    public string Action => ActionValue.ToString();

    /// <summary>The connection's name.</summary>
    public string? Name { get; internal set; }

    /// <summary>The provider in the API's spelling.</summary>
    public string? Provider { get; internal set; }

    /// <summary>The model.</summary>
    public string? Model { get; internal set; }

    /// <summary>The id on the platform; null for what is not there yet.</summary>
    public string? ConnectionId { get; internal set; }

    /// <summary>What differs.</summary>
    public IReadOnlyList<ConnectionDifference> Difference { get; internal set; } = new JoinedList<ConnectionDifference>([]);

    /// <summary>What does not differ and is sent all the same, with the references of keys: the API replaces headers, payload and variables whole.</summary>
    public IReadOnlyList<string> SentAgain { get; internal set; } = new JoinedList<string>([]);

    /// <summary>What is known of the key; null where there is none to compare.</summary>
    public string? KeyState => KeyStateValue?.ToString();

    /// <summary>Why, and what a person has to do where one has to.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>The manifest's file; null for what is unmanaged.</summary>
    public string? File { get; internal set; }

    /// <summary>The line in the file.</summary>
    public int? Line { get; internal set; }

    /// <summary>What became of it; null in a plan that was not applied.</summary>
    public string? Outcome => OutcomeValue?.ToString();

    /// <summary>Why it failed.</summary>
    public PlanItemError? Error => Failure is null ? null : new PlanItemError(Failure);

    /// <summary>The id of why it failed, such as <c>KoreServerError</c>.</summary>
    public string? ErrorId => Failure?.ErrorId;

    /// <summary>Whether the platform differs from what the manifest says of it, and was not brought to it.</summary>
    public bool IsDrift => ActionValue is not (PlanAction.InSync or PlanAction.Unmanaged) && OutcomeValue != SyncOutcome.Done;

    /// <summary>Whether it has a key on the platform that could not be compared.</summary>
    public bool IsKeyUnknown =>
        KeyStateValue == KeyLikeness.Unknown && ActionValue is not (PlanAction.Create or PlanAction.Ambiguous) && OutcomeValue != SyncOutcome.Done;

    internal KoreException? Failure { get; set; }

    internal SyncOutcome? OutcomeValue { get; set; }

    internal KeyLikeness? KeyStateValue { get; set; }

    internal PlanAction ActionValue { get; set; }

    internal ManifestConnection? Wanted { get; set; }

    internal ConnectionChange? Change { get; set; }

    internal Connection? Before { get; set; }

    /// <summary>The parameters that differ, which are what a change sends.</summary>
    internal ICollection<string> Parameters { get; set; } = [];

    /// <summary>The references to keys that would be sent and that lead to none here.</summary>
    internal IReadOnlyList<UnresolvedReference> Missing { get; set; } = [];

    /// <summary>Whether a key comes with it that the platform does not have.</summary>
    internal bool BringsKey { get; set; }

    /// <summary>The headers that the change removes, because the manifest does not list them.</summary>
    internal IReadOnlyList<string> RemovedHeaders { get; set; } = [];

    /// <summary>Whether the change may remove others, of which nobody can read the names.</summary>
    internal bool HidesHeaders { get; set; }

    /// <summary>The properties that the platform's own response to the change shows otherwise than it is wanted.</summary>
    internal IReadOnlyList<string> StillDifferent { get; set; } = [];

    internal ModelLifecycle? Lifecycle { get; set; }

    /// <summary>The whole plan in one line.</summary>
    internal string Summary { get; set; } = "";

    /// <summary>The question whether its key works; null for what the manifest does not name, which has no key to ask about.</summary>
    /// <param name="providerUri">
    /// A gateway to call instead of named providers, or null. A custom API is called at its own address: its key goes nowhere else.
    /// </param>
    internal KeyProbe? Probe(Uri? providerUri) => Wanted?.Definition is not ConnectionDefinition definition ? null
        : KeyProbe.For(definition, definition is CustomApiDefinition && providerUri is not SandboxProviderUri ? null : providerUri, ConnectionId);

    /// <summary>The same for the connection as the platform has it, which cannot get the model or the deployment that the manifest says.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the key is meant for another provider or resource, which alone may see it.</exception>
    internal KeyProbe? ProbeActual(Uri? providerUri) => ActionValue != PlanAction.CannotChange || Wanted?.Definition is not NamedProviderDefinition named
        ? Probe(providerUri)
        : Before is null || Difference.Any(d => d.Property == "resourceName")
            ? throw KoreException.InvalidInput(
                "ManifestPath", "The manifest's key is for another provider or resource, so it was not tested for the connection.")
            : new ConnectionCredential(named.ApiKey, null).Probe(Before, providerUri);

    /// <summary>What is done with what.</summary>
    public override string ToString()
    {
        string difference = Difference.Count == 0 ? "" : $": {Difference}";
        string sentAgain = SentAgain.Count == 0 ? "" : "; sent again: " + string.Join(", ", SentAgain);
        return TextSanitizer.SingleLine($"{Action} {Name}{difference}{sentAgain}");
    }
}
