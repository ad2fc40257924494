namespace KoreConnections.Commands;

/// <summary>
/// What a row says that its connection could not be: values of another provider's fields, and a state that it would not have. Blank cells
/// say nothing, nor do those that say what is so anyway, because the columns of a file are there for all of its rows.
/// </summary>
internal static class RowFields
{
    private const string Draft = "Draft";
    private const string Disabled = "Disabled";
    private const string IsEnabled = "IsEnabled";
    private const string Status = "Status";

    /// <summary>What is ignored of a row, to warn of: what only describes a deployment of Azure makes no other connection of one elsewhere.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the connection would be another one than the row says.</exception>
    public static IReadOnlyList<string> Check(InputRecord row, string provider)
    {
        ConnectionField[] foreign = [.. Foreign(row, provider)];
        if (foreign.FirstOrDefault(f => ConnectionFields.Of(ApiValues.CustomApi).Contains(f)) is ConnectionField field)
        {
            throw Guard.Invalid(
                field.Parameter, $"{ConnectionFields.NotOf(field, provider)} Remove the value from the row, or correct the row's Provider.");
        }

        CheckState(row, provider);
        return [.. foreign.Select(f => $"{f.Parameter} {ConnectionFields.NotOf(f, provider)} It was ignored. Remove it, or correct the row's Provider.")];
    }

    /// <summary>The fields for which a row has a value, and its provider no use. A key beside a custom API has an error of its own.</summary>
    public static IEnumerable<ConnectionField> Foreign(InputRecord row, string provider) => ConnectionFields.All
        .Except(ConnectionFields.Of(provider))
        .Where(f => f.Kind != ValueKind.Key && row.Added(f.Parameter) is var value && HasContent(value)
            && (f.Kind != ValueKind.Flag || PSValueConverter.Flag(value!, f.Parameter)));

    private static void CheckState(InputRecord row, string provider)
    {
        bool isCustom = provider == ApiValues.CustomApi;
        // What was read has the state that it had. Where it cannot be given to another connection, that is no mistake of the row.
        bool isRead = row.IsOfPlatform || row["ConnectionId"] is not null;
        string status = HasContent(row[Status]) ? SingleLine.Trim(PSValueConverter.Text(row[Status], Status) ?? "").ToUpperInvariant() : "";
        if (!isRead && status is not ("" or "ACTIVE") && ApiValues.CustomApiStatuses.Find(status) is null)
        {
            throw Guard.Invalid(
                Status,
                $"'{SecretMasker.Quote(status, 50)}' is not valid for a new connection. "
                    + $"Use {(isCustom ? ApiValues.CustomApiStatuses.Listed : "ACTIVE")}, or leave the cell empty.");
        }

        bool? isEnabled = row[IsEnabled] is { } enabled && HasContent(enabled) ? PSValueConverter.Flag(enabled, IsEnabled) : null;
        if (!isCustom && !isRead && (status == "DRAFT" || isEnabled == false))
        {
            throw Guard.Invalid(
                status == "DRAFT" ? Status : IsEnabled,
                $"'{(status == "DRAFT" ? status : "false")}' does not apply to {provider}, only to {ApiValues.CustomApi}. "
                    + "Remove the value from the row, or correct the row's Provider.");
        }

        if (!row.IsOfPlatform)
        {
            RequireSame(row, Draft, Status, status is "" ? null : status == "DRAFT", status);
            RequireSame(row, Disabled, IsEnabled, !isEnabled, isEnabled == true ? "true" : "false");
        }
    }

    private static void RequireSame(InputRecord row, string flag, string other, bool? meant, string shown)
    {
        if (row[flag] is { } given && HasContent(given) && meant is not null && PSValueConverter.Flag(given, flag) != meant)
        {
            throw Guard.Invalid(flag, $"is {(meant == true ? "false" : "true")} in the row, but its {other} is {shown}. Keep one of them.");
        }
    }

    // People write a dash into cells that do not apply, and platforms an empty list.
    public static bool HasContent(object? value) => PSValueConverter.Unwrap(value) switch
    {
        null => false,
        string text => text.Any(char.IsLetterOrDigit) && !string.Equals(text.Trim(), "n/a", StringComparison.OrdinalIgnoreCase),
        ICollection items => items.Count > 0,
        _ => true,
    };
}
