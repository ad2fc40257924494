namespace KoreConnections.Client;

/// <summary>A custom API has one of two shapes: a request of its own, or a mapping to a provider's format.</summary>
internal enum FieldShape
{
    Any,
    Own,
    Mapped,
}
