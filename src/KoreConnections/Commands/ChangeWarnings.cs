namespace KoreConnections.Commands;

/// <summary>What there is to say of what the platform accepted.</summary>
internal static class ChangeWarnings
{
    public static string? OfCreate(Connection created, ConnectionDefinition wanted) => wanted.IsNamedOtherwise(created)
        ? $"The response to the create of '{TextSanitizer.SingleLine(wanted.Name, 100)}' is about "
            + $"'{TextSanitizer.SingleLine(created.ConnectionName, 100)}' ({TextSanitizer.SingleLine(created.ConnectionId, 100)}). "
            + "Check with Get-Connection which of them exist before you use it."
        : wanted.StillDifferent(created) is not { Count: > 0 } different ? null
        : $"The platform created '{TextSanitizer.SingleLine(created.ConnectionName, 100)}', but its response shows other values for "
            + $"{string.Join(", ", different.Select(d => TextSanitizer.SingleLine(d, 100)))}. Check it with Get-Connection -Detailed.";

    /// <param name="properties">What the answer shows otherwise than it was sent.</param>
    public static string? OfResponse(string label, IReadOnlyCollection<string> properties) => properties.Count == 0 ? null
        : $"The platform accepted the change of '{label}', but its response still shows another value "
            + $"({TextSanitizer.SingleLine(string.Join(", ", properties), 200)}). "
            + "The change may not have been stored. Check it with Get-Connection.";

    /// <summary>Of a change of what only the platform knew: that it cannot have been meant so.</summary>
    public static string? OfContradiction(string label, ConnectionChange change, Connection changed, bool isForced) =>
        change.Contradiction(changed, isForced) is not string contradiction ? null
        : $"The platform accepted the change of '{(label == changed.ConnectionId ? ItemLabel.Named(changed.ConnectionName, label) : label)}', "
            + $"but {contradiction}";

    /// <summary>Of a row whose key was all that can be changed: what else it has otherwise than the connection, as a copy of the connection has not.</summary>
    public static string? OfRow(string label, InputRecord row, Connection changed)
    {
        if (ApiValues.Providers.Find(changed.Provider) is not { } provider)
        {
            return null;
        }

        IEnumerable<ConnectionField> named = provider == ApiValues.CustomApi ? []
            : ConnectionFields.Of(provider).Where(f => f.Kind == ValueKind.Text && f != ConnectionFields.Provider);
        string different = Listed(named.Where(f => IfReadable(() => IsOther(row, f, changed))));
        string foreign = Listed(IfReadable(() => RowFields.Foreign(row, provider).ToArray()) ?? []);
        string[] warnings =
        [
            different.Length == 0 ? "" : $"The row of '{label}' has another {different} than the connection, which was not changed. "
                + "For a named provider, only the key can be changed. Correct the row, or create another connection.",
            foreign.Length == 0 ? "" : $"The row of '{label}' has {foreign}, which {changed.Provider} connections do not have. "
                + "Only the key was changed. Correct the row.",
        ];
        return string.Join(" ", warnings).Trim() is { Length: > 0 } all ? all : null;
    }

    private static string Listed(IEnumerable<ConnectionField> fields) => string.Join(" and ", fields.Select(f => f.Parameter));

    private static bool IsOther(InputRecord row, ConnectionField field, Connection changed)
    {
        object? given = PSValueConverter.Unwrap((field == ConnectionFields.Name ? row.Own("ConnectionName") : null) ?? row.Own(field.Parameter));
        return (given as string ?? PSValueConverter.OwnText(given)) is string text && ActualValues.Of(changed, field) is string { Length: > 0 } actual
            && SingleLine.Comparable(text) != SingleLine.Comparable(actual);
    }

    // The change needed no such property, so that its failure is none of the change.
    private static T? IfReadable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KoreException)
        {
            return default;
        }
    }
}
