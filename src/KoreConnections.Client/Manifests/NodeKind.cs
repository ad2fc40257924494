namespace KoreConnections.Client;

internal enum NodeKind
{
    Mapping,
    Sequence,
    Text,
    Number,
    Flag,
    Null,
}
