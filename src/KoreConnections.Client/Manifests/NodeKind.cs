namespace KoreConnections.Client;

/// <summary>What a node of a manifest is.</summary>
internal enum NodeKind
{
    Mapping,
    Sequence,
    Text,
    Number,
    Flag,
    Null,
}
