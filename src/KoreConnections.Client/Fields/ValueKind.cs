namespace KoreConnections.Client;

/// <summary>What a field of a connection holds, which decides how it is read, checked, compared and exported.</summary>
internal enum ValueKind
{
    Text,
    Address,
    Texts,
    Switches,
    Flag,
    Key,
    Headers,
    Payload,
    Variables,
}
