using System.Collections;

namespace KoreConnections.Commands;

/// <summary>What is known of a piped connection or row beside the values that bind: its name, which people know, its id and where it is from.</summary>
internal sealed class ItemLabel(object item, string? name, string? id)
{
    /// <summary>The platform of what was piped; null where that is not known, or where another id was given beside it.</summary>
    public static string? PlatformOf(object? piped, string? id) => Open(piped) is ItemLabel label && label.Id == id?.Trim() ? label.Platform : null;

    /// <summary>Name and id of what was piped; the id alone where that is all there is, or where another id was given beside it.</summary>
    public static string? Of(object? piped, string? id) =>
        Open(piped) is { Name: not null } label && id is not null && (label.Id == id.Trim() || id == TextOnlyTransformationAttribute.NoId)
            ? label.ToString()
            : id;

    /// <summary>What an error about it is about: its id, or its name where it has none.</summary>
    public static string? TargetOf(object? piped, string? id) => NameWithoutId(piped, id) ?? id;

    /// <summary>The name of a piped row that has no id; null for any other.</summary>
    public static string? NameWithoutId(object? piped, string? id) =>
        id is null or TextOnlyTransformationAttribute.NoId or { Length: 0 } && Open(piped) is { Id.Length: 0 } label ? label.Name : null;

    /// <summary>The id of what was piped, or what stands for none.</summary>
    public static string IdOf(object? piped) => Open(piped) is { Id: { Length: > 0 } id } ? id : TextOnlyTransformationAttribute.NoId;

    public static object? ItemOf(object? piped) => Open(piped)?.Item;

    /// <summary>Whether its name and id are in what is said of it.</summary>
    public static bool IsNamed(object? piped) => Open(piped) is { Name: not null, Id.Length: > 0 };

    public static void RefuseUnknown(object? piped, string? id)
    {
        if (id == TextOnlyTransformationAttribute.ManyIds)
        {
            throw Guard.Invalid("ConnectionId", "is a list, but takes one id. Pipe the ids one by one.");
        }

        if (id == TextOnlyTransformationAttribute.NoId && Open(piped) is { Id.Length: 0, Name: null } label && MayBeRow(label.Item))
        {
            var row = new InputRecord(label.Item);
            throw row.Has("ConnectionId") && row["ConnectionId"] is null
                ? Guard.Invalid("ConnectionId", "is empty. Specify a value.")
                : Guard.Invalid(
                    "InputObject",
                    $"has neither a ConnectionId nor a Name. Use the id of a connection, a connection, or a row with one of them.{row.DelimiterHint}");
        }
    }

    public override string ToString() => Id.Length == 0 ? SecretMasker.Quote(Name) : $"{SecretMasker.Quote(Name)} ({SecretMasker.Quote(Id)})";

    // A file or a process has a name too, and is no connection by it.
    private static bool MayBeRow(object item) =>
        PSValueConverter.Unwrap(item) is IDictionary or PSObject { BaseObject: PSCustomObject } or PSCustomObject or IFromPlatform;

    private static ItemLabel? Open(object? piped) => OpaqueArgument.Open(piped) as ItemLabel;

    private object Item => item;

    private string? Platform => (PSValueConverter.Unwrap(item) as IFromPlatform)?.Platform;

    private string? Name { get; } = id is null && !MayBeRow(item) ? null : name?.Trim();

    private string Id { get; } = id?.Trim() ?? "";
}
