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

    /// <summary>Of a row: what it has otherwise than the connection, as a copy of the connection has not, and what was not changed.</summary>
    /// <param name="given">What parameters changed of a custom API; null for a key.</param>
    public static string? OfRow(string label, InputRecord row, Connection changed, ICollection<ConnectionField>? given, KeyResolver keys) =>
        given is null ? OfKey(label, row, changed) : OfUnread(label, row, changed, given, keys);

    private static string? OfKey(string label, InputRecord row, Connection changed)
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
                + "For a named provider, only the key can be changed. The key of "
                + $"'{TextSanitizer.SingleLine(changed.ConnectionName is { Length: > 0 } name ? name : changed.ConnectionId, 100)}' was changed, "
                + $"its {different} {(different.Contains(" and ") ? "were" : "was")} not. Correct the row, or create another connection.",
            foreign.Length == 0 ? "" : $"The row of '{label}' has {foreign}, which {changed.Provider} connections do not have. "
                + "Only the key was changed. Correct the row.",
        ];
        return string.Join(" ", warnings).Trim() is { Length: > 0 } all ? all : null;
    }

    private static string? OfUnread(string label, InputRecord row, Connection changed, ICollection<ConnectionField> given, KeyResolver keys)
    {
        if (ConnectionChange.RefusalOf(changed.Provider, isForCustomApi: true) is not null)
        {
            return null;
        }

        var binder = new DefinitionBinder(name => name == HeaderInput.Parameter ? null : row[name], keys, _ => { }) { IsOfPlatform = true };
        (string Column, string? Parameter)[] unread =
        [
            .. IsGivenKey(row) ? new (string, string?)[] { ("ApiKey", HeaderInput.Parameter) } : [],
            .. ConnectionFields.Of(ApiValues.CustomApi).Where(f => f != ConnectionFields.Provider && !given.Contains(f))
                .Select(f => (Column: ColumnOf(row, f), Field: f))
                .Where(c => c.Column is not null && IsUnread(row, c.Field, changed, binder))
                .Select(c => (c.Column!, c.Field.ChangeParameter)),
            .. (IfReadable(() => RowFields.Foreign(row, ApiValues.CustomApi).ToArray()) ?? []).Select(f => (f.Parameter, default(string))),
        ];
        string[] parameters = [.. unread.Select(u => u.Parameter).OfType<string>().Distinct().Select(p => "-" + p)];
        return unread.Length == 0 ? null
            : $"The row of '{label}' has {string.Join(" and ", unread.Select(u => u.Column))}, which Set-Connection does not read from a row "
                + "and did not change."
                + (parameters.Length == 0 ? "" : $" Use {string.Join(" and ", parameters)}.")
                + (parameters.Contains("-" + HeaderInput.Parameter) ? " For keys in rows, use Update-ConnectionKey." : "");
    }

    private static bool IsGivenKey(InputRecord row) => PSValueConverter.Unwrap(row.Own("ApiKey")) switch
    {
        string text => RowFields.HasContent(text) && !SecretMasker.IsMasked(text.AsSpan()),
        var key => !PSValueConverter.IsBlank(key),
    };

    // A flag may be in the row as what was read has it.
    private static string? ColumnOf(InputRecord row, ConnectionField field) =>
        new[] { field.Parameter, field == CustomApiFields.Draft ? "Status" : field.Kind == ValueKind.Flag ? field.Property : null }
            .OfType<string>().FirstOrDefault(name => IfReadable(() => RowFields.HasContent(row[name])));

    private static bool IsUnread(InputRecord row, ConnectionField field, Connection changed, DefinitionBinder binder)
    {
        object? actual = ActualValues.Of(changed, field);
        try
        {
            return field switch
            {
                { Kind: ValueKind.Headers } => RowFields.HasContent(row.GivenHeader),
                { Kind: ValueKind.Flag } => ActualValues.IsFlagOn(field, actual) is bool isOn && binder.Flag(field.Parameter) != isOn,
                CustomApiField custom => IsOther(custom, changed, binder)
                    || (actual is null && !row.IsOfPlatform
                        && !(field.Default is string initial && binder.Texts(field.Parameter) is [var only] && only == initial)),
                _ => IsOther(row, field, changed) || (actual is null or "" && !row.IsOfPlatform),
            };
        }
        catch (KoreException)
        {
            // What was read may have what nobody may give.
            return !row.IsOfPlatform;
        }
    }

    private static bool IsOther(CustomApiField field, Connection changed, DefinitionBinder binder)
    {
        var part = new CustomApiSettings();
        field.Read(part, binder);
        field.Validate(part);
        return !part.IsEmpty && new CustomApiChange(part, replace: false).StillDifferent(changed).Count > 0;
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
