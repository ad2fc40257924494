namespace KoreConnections.Client;

/// <summary>What a property of a connection holds in a manifest.</summary>
internal enum ValueKind
{
    Text,
    Texts,
    Flag,
    Key,
    Headers,
    Payload,
    Variables,
}
