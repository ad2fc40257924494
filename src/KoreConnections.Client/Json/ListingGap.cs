using System.Collections;

namespace KoreConnections.Client;

/// <summary>
/// Finds what shows that a listing is not whole or has failed. The document of the API names <c>total</c> only; a gateway or a later
/// version may say it as other APIs do, and a name that a part of a listing lacks would be taken for absent.
/// </summary>
internal static class ListingGap
{
    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal)
    {
        "hasmore", "hasnext", "hasnextpage", "istruncated", "truncated", "incomplete", "isincomplete", "partial", "ispartial",
    };

    private static readonly HashSet<string> Continuations = new(StringComparer.Ordinal)
    {
        "next", "nextcursor", "nexttoken", "nextpage", "nextpagetoken", "nextlink", "nextoffset", "odatanextlink", "continuation", "continuationtoken",
    };

    private static readonly HashSet<string> Totals = new(StringComparer.Ordinal) { "total", "totalcount", "totalitems", "totalrecords", "totalresults" };

    private static readonly HashSet<string> Pages = new(StringComparer.Ordinal) { "totalpages", "pagecount" };

    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal) { "pagination", "paging", "page", "meta", "metadata", "links" };

    /// <summary>Whether a property of an answer says that it is a failure, whatever the HTTP status is.</summary>
    public static bool IsFailure(string name, object? value) => Plain(name) switch
    {
        "success" or "succeeded" or "ok" => value is false || (value is string text && bool.TryParse(text, out bool isDone) && !isDone),
        "error" or "errors" => !IsEmpty(value),
        "status" when value is string status => status.ToLowerInvariant() is "error" or "fail" or "failed" or "failure",
        "status" or "statuscode" or "code" => Number(value) is >= 400 and < 600,
        _ => false,
    };

    /// <summary>The name of a property that shows that there is more; null for none.</summary>
    /// <param name="count">How many connections the listing has.</param>
    /// <param name="isCounted">Whether the documented total is as many: then only what says plainly that there is more counts.</param>
    public static string? In(string name, object? value, int count, bool isCounted)
    {
        string plain = Plain(name);
        bool isGap = Flags.Contains(plain) ? !IsEmpty(value)
            : !isCounted && (Continuations.Contains(plain) ? !IsEmpty(value)
                : Totals.Contains(plain) ? value is not null && !IsWhole(value, count)
                : Pages.Contains(plain) && Number(value) > 1);
        return isGap ? TextSanitizer.SingleLine(name, 40)
            : Containers.Contains(plain) && value is JsonTable table
                ? table.Cast<DictionaryEntry>().Select(e => In((string)e.Key, e.Value, count, isCounted)).FirstOrDefault(found => found is not null)
            : null;
    }

    // Some totals are objects: { "value": 2, "relation": "eq" }.
    private static bool IsWhole(object? total, int count) => total is JsonTable table
        ? table.Values.Cast<object?>().Any(value => IsWhole(value, count))
        : Number(total) is decimal number && number >= 0 && number <= count;

    private static decimal? Number(object? value) =>
        decimal.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number : null;

    private static bool IsEmpty(object? value) => value switch
    {
        null or false => true,
        string text => text.Trim().ToLowerInvariant() is "" or "false" or "no" or "none" or "null" or "ok" or "0",
        JsonTable table => table.Values.Cast<object?>().All(IsEmpty),
        ICollection items => items.Cast<object?>().All(IsEmpty),
        _ => Number(value) <= 0,
    };

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
