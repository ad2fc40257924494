namespace KoreConnections.Commands;

/// <summary>What a piped connection or row is called: people know its name, not its id.</summary>
/// <param name="platform">The platform that it was read from, where that is known.</param>
internal sealed class ItemLabel(string name, string id, string? platform = null)
{
    /// <summary>The platform of what was piped; null where that is not known, or where another id was given beside it.</summary>
    public static string? PlatformOf(object? piped, string? id) =>
        OpaqueArgument.Open(piped) is ItemLabel label && label.Id == id?.Trim() ? label.Platform : null;

    /// <summary>Name and id of what was piped; the id alone where that is all there is, or where another id was given beside it.</summary>
    public static string? Of(object? piped, string? id) =>
        OpaqueArgument.Open(piped) is ItemLabel label && id is not null && (label.Id == id.Trim() || id == TextOnlyTransformationAttribute.NoId)
            ? label.ToString()
            : id;

    /// <summary>The name of a piped row that has no id; null for any other.</summary>
    public static string? NameWithoutId(object? piped, string? id) =>
        id == TextOnlyTransformationAttribute.NoId && OpaqueArgument.Open(piped) is ItemLabel label && label.Id.Length == 0 ? label.Name : null;

    public override string ToString() => Id.Length == 0 ? SecretMasker.Quote(name) : $"{SecretMasker.Quote(name)} ({SecretMasker.Quote(id)})";

    private string? Platform => platform;

    private string Name => name.Trim();

    private string Id => id.Trim();
}
