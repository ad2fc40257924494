using System.Data;

namespace KoreConnections.Commands;

/// <summary>What is known of a piped connection or row beside the values that bind: its name, which people know, its id and where it is from.</summary>
internal sealed class ItemLabel(object item, string? name, string? id, KoreException? failure)
{
    /// <summary>The platform of what was piped; null where that is not known, or where another id was given beside it.</summary>
    public static string? PlatformOf(object? piped, string? id) => Open(piped) is ItemLabel label && label.Id == id?.Trim() ? label.Platform : null;

    /// <summary>The name of what was piped; null where it has none, or where another id was given beside it.</summary>
    public static string? NameOf(object? piped, string? id) => Open(piped) is ItemLabel label && label.Id == id?.Trim() ? label.Name : null;

    /// <summary>Name and id of what was piped; the id alone where that is all there is, or where another id was given beside it.</summary>
    public static string? Of(object? piped, string? id) =>
        Open(piped) is { Name: not null } label && id is not null && (label.Id == id.Trim() || id == ConnectionIdTransformationAttribute.NoId)
            ? label.ToString()
            : id;

    /// <summary>What an error about it is about: its id, or its name where it has none.</summary>
    public static string? TargetOf(object? piped, string? id) => NameWithoutId(piped, id) ?? id;

    /// <summary>The name of a piped row that has no id; null for any other.</summary>
    public static string? NameWithoutId(object? piped, string? id) =>
        id is null or ConnectionIdTransformationAttribute.NoId or { Length: 0 } && Open(piped) is { Id.Length: 0 } label ? label.Name : null;

    /// <summary>The id of what was piped, or what stands for none.</summary>
    public static string? IdOf(object? piped) => Open(piped) is { Id: { Length: > 0 } id } ? id : ConnectionIdTransformationAttribute.NoId;

    // The ids of tables are bound where tables are taken.

    /// <summary>The id that was bound, or that of the row where PowerShell bound none, as of a column with white space around its name.</summary>
    public static string? IdOf(object? piped, string? bound) =>
        bound == ConnectionIdTransformationAttribute.NoId && PSValueConverter.Unwrap(ItemOf(piped)) is not IDictionary ? IdOf(piped) : bound;

    public static object? ItemOf(object? piped) => Open(piped)?.Item;

    /// <summary>Whether its name and id are in what is said of it.</summary>
    public static bool IsNamed(object? piped) => Open(piped) is { Name: not null, Id.Length: > 0 };

    public static void RefuseUnknown(object? piped, string? id)
    {
        if (id == ConnectionIdTransformationAttribute.ManyIds)
        {
            throw Guard.Invalid("ConnectionId", "is a list, but takes one id. Pipe the ids one by one.");
        }

        if (id == ConnectionIdTransformationAttribute.NoId && Open(piped)?.Failure is KoreException failed)
        {
            throw failed;
        }

        if (id == ConnectionIdTransformationAttribute.NoId && IdOf(piped) != id && PSValueConverter.Unwrap(ItemOf(piped)) is IDictionary)
        {
            throw Guard.Invalid("ConnectionId", "is not read from a hashtable. Specify it with -ConnectionId, or convert the table to [pscustomobject].");
        }

        if (id == ConnectionIdTransformationAttribute.NoId && Open(piped) is { Id.Length: 0, Name: null } label && MayBeRow(label.Item))
        {
            var row = new InputRecord(label.Item);
            throw row.Has("ConnectionId") && row["ConnectionId"] is null
                ? Guard.Invalid("ConnectionId", "is empty. Specify a value.")
                : Guard.Invalid(
                    "InputObject",
                    "has neither a ConnectionId nor a Name. Use the id of a connection, a connection, or a row with one of them."
                        + $"{row.ColumnHint(ConnectionInput.Names)}");
        }
    }

    /// <summary>A name and an id as messages have them; the id alone without a name.</summary>
    public static string? Named(string? name, string? id) => string.IsNullOrWhiteSpace(name) || name == id ? id
        : $"{TextSanitizer.SingleLine(name, 100)} ({SecretMasker.Quote(id)})";

    // The platform's own name is no key in the wrong place.
    public override string ToString() => Platform is not null && Id.Length > 0 ? Named(Name, Id)!
        : Id.Length == 0 ? SecretMasker.Quote(Name) : $"{SecretMasker.Quote(Name)} ({SecretMasker.Quote(Id)})";

    // A file or a process has a name too, and is no connection by it.
    private static bool MayBeRow(object item) => PSValueConverter.Unwrap(item) switch
    {
        IDictionary or PSObject { BaseObject: PSCustomObject } or PSCustomObject or IFromPlatform or DataRow or DataRowView => true,
        null => false,
        // Objects of a class of the caller's own describe connections; what .NET and PowerShell have describes something else.
        var other => (other.GetType().Namespace ?? "") is var space && !IsWithin(space, "System") && !IsWithin(space, "Microsoft"),
    };

    private static bool IsWithin(string space, string root) => space == root || space.StartsWith(root + ".", StringComparison.Ordinal);

    private static ItemLabel? Open(object? piped) => OpaqueArgument.Open(piped) as ItemLabel;

    private object Item => item;

    private KoreException? Failure => failure;

    private string? Platform => (PSValueConverter.Unwrap(item) as IFromPlatform)?.Platform;

    private string? Name { get; } = id is null && !MayBeRow(item) ? null : name?.Trim();

    private string Id { get; } = id?.Trim() ?? "";
}
