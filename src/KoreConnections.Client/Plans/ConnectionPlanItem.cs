using System;
using System.Collections.Generic;
using System.Linq;
using KoreConnections.Client;

namespace KoreConnections;

// None of these is 0, which a script's `if ($plan.Action -eq 'Create')` would take for false.

/// <summary>What has to be done so that the platform has what the manifest says, in the order in which it is done and told.</summary>
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

    /// <summary>Which connection is meant cannot be told: a person has to say.</summary>
    Ambiguous,

    /// <summary>Nothing that the platform tells differs.</summary>
    InSync,

    /// <summary>The manifest does not name it: it is left alone.</summary>
    Unmanaged,
}

/// <summary>What the visible parts of the platform's mask tell of a key.</summary>
public enum KeyLikeness
{
    /// <summary>The mask shows nothing, or what all such keys begin with.</summary>
    Unknown = 1,

    /// <summary>What the mask shows is the same.</summary>
    LikelySame,

    /// <summary>What the mask shows is another.</summary>
    Different,
}

/// <summary>What became of an item of a plan.</summary>
public enum SyncOutcome
{
    /// <summary>There was nothing to do.</summary>
    Unchanged = 1,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It failed; the error says how.</summary>
    Failed,

    /// <summary>It was left for a person to do, or declined.</summary>
    Skipped,
}

/// <summary>A property that differs. Keys are shown as masks.</summary>
public sealed class ConnectionDifference
{
    /// <summary>The property by the manifest's name, such as <c>payload.max_tokens</c>.</summary>
    public string Property { get; internal set; } = "";

    /// <summary>What the platform tells, or null where it has none.</summary>
    public string? Old { get; internal set; }

    /// <summary>What the manifest says, or null where it has none.</summary>
    public string? New { get; internal set; }

    /// <summary>Both on one line.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{Property}: {Old ?? "(none)"} -> {New ?? "(none)"}");
}

/// <summary>One connection of a plan: what is done with it and why.</summary>
public sealed class ConnectionPlanItem
{
    /// <summary>What is done.</summary>
    public PlanAction Action { get; internal set; }

    /// <summary>The connection's name.</summary>
    public string? Name { get; internal set; }

    /// <summary>The provider in the API's spelling.</summary>
    public string? Provider { get; internal set; }

    /// <summary>The model.</summary>
    public string? Model { get; internal set; }

    /// <summary>The id on the platform; null for what is not there yet.</summary>
    public string? ConnectionId { get; internal set; }

    /// <summary>What differs.</summary>
    public ConnectionDifference[] Difference { get; internal set; } = [];

    /// <summary>What does not differ and is sent all the same, with the references of keys: the API replaces headers and payloads as a whole.</summary>
    public string[] SentAgain { get; internal set; } = [];

    /// <summary>What can be told of the key; null where there is none to compare.</summary>
    public KeyLikeness? KeyState { get; internal set; }

    /// <summary>Why, and what a person has to do where one has to.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>The manifest's file; null for what is unmanaged.</summary>
    public string? File { get; internal set; }

    /// <summary>The line in the file.</summary>
    public int? Line { get; internal set; }

    /// <summary>What became of it; null in a plan that was not applied.</summary>
    public SyncOutcome? Outcome { get; internal set; }

    /// <summary>Why it failed.</summary>
    public KoreException? Error { get; internal set; }

    /// <summary>What the manifest says, for what it names.</summary>
    internal ManifestConnection? Wanted { get; set; }

    /// <summary>The change that brings the platform there.</summary>
    internal ConnectionChange? Change { get; set; }

    /// <summary>The references to keys that would be sent and that lead to none here.</summary>
    internal IReadOnlyList<UnresolvedReference> Missing { get; set; } = [];

    /// <summary>Whether a key comes with it that the platform does not have.</summary>
    internal bool BringsKey { get; set; }

    /// <summary>What its provider said of the model, where it was asked.</summary>
    internal ModelLifecycle? Lifecycle { get; set; }

    /// <summary>The whole plan in one line.</summary>
    internal string Summary { get; set; } = "";

    /// <summary>The question whether its key works; null for what the manifest does not name, which has no key to ask about.</summary>
    /// <param name="providerUri">A gateway to ask in place of named providers, or null. A custom API is asked where its owner says that it is: its key goes nowhere else.</param>
    internal KeyProbe? Probe(Uri? providerUri)
    {
        if (Wanted?.Definition is not ConnectionDefinition definition)
        {
            return null;
        }

        KeyProbe probe = KeyProbe.For(definition, definition is CustomApiDefinition ? null : providerUri);
        probe.ConnectionId = ConnectionId;
        return probe;
    }

    /// <summary>What is done with what.</summary>
    public override string ToString() => TextSanitizer.SingleLine($"{Action} {Name}{(Difference.Length == 0 ? "" : ": " + string.Join("; ", Difference.Select(d => d.ToString())))}{(SentAgain.Length == 0 ? "" : "; sent again: " + string.Join(", ", SentAgain))}");
}
