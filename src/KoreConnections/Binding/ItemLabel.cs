using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What a piped connection or row is called: people know its name, not its id.</summary>
/// <param name="name">Its name.</param>
/// <param name="id">Its id.</param>
internal sealed class ItemLabel(string name, string id)
{
    /// <summary>Name and id of what was piped; the id alone where that is all there is, or where another id was given beside it.</summary>
    public static string? Of(object? piped, string? id) =>
        OpaqueArgument.Open(piped) is ItemLabel label && id is not null && label.Id == id.Trim() ? label.ToString() : id;

    /// <inheritdoc/>
    public override string ToString() => $"{SecretMasker.Quote(name)} ({SecretMasker.Quote(id)})";

    private string Id => id.Trim();
}
