namespace KoreConnections.Client;

/// <summary>
/// Finds what shows that a listing is not whole or has failed. The document of the API names <c>total</c> only; a gateway or a later
/// version may say it as other APIs do, and a name that a part of a listing lacks would be taken for absent.
/// </summary>
internal static class ListingGap
{
    /// <summary>Whether a property of an answer says that it is a failure, with any HTTP status.</summary>
    /// <param name="isConnection">Whether the answer is a connection, of which texts and errors may be its own, such as those of its last check.</param>
    public static bool IsFailure(string name, object? value, bool isConnection = false) => IsDenial(name, value) || Plain(name) switch
    {
        "errorcode" or "iserror" => !IsFine(value),
        "status" or "statuscode" when Number(value) is >= 400 and < 600 => true,
        _ when isConnection => false,
        "error" or "errors" or "errormessage" or "haserror" or "haserrors" => !IsFine(value),
        "status" or "statuscode" or "code" or "result" or "outcome" =>
            Number(value) is >= 400 and < 600 || (value as string)?.ToLowerInvariant() is "error" or "fail" or "failed" or "failure",
        _ => false,
    };

    /// <summary>Whether a property denies success, which is said of an answer only; an error may also be a past one of what the answer describes.</summary>
    public static bool IsDenial(string name, object? value) => Plain(name) is "success" or "succeeded" or "ok"
        && (value is false || Number(value) == 0 || (value is string text && bool.TryParse(text, out bool isDone) && !isDone));

    /// <summary>The name of a property that shows that there is more; null for none.</summary>
    /// <param name="count">How many connections the listing has, each counted once.</param>
    /// <param name="isCounted">Whether the documented total is as many: then only what says plainly that there is more counts.</param>
    public static string? In(string name, object? value, int count, bool isCounted)
    {
        string plain = Plain(name);
        bool isGap = plain switch
        {
            "hasmore" or "hasnext" or "hasnextpage" or "istruncated" or "truncated" or "incomplete" or "isincomplete" or "partial" or "ispartial"
                or "more" or "moreresults" or "moreavailable" or "remaining" => !IsEmpty(value),
            "last" or "islast" or "lastpage" or "islastpage" when value is bool isLast => !isLast,
            _ when isCounted => false,
            "next" or "nextcursor" or "nexttoken" or "nextpage" or "nextpagetoken" or "nextpageurl" or "nexturl" or "nexthref" or "nextkey"
                or "nextmarker" or "nextlink" or "nextoffset" or "odatanextlink" or "continuation" or "continuationtoken" or "paginationtoken" =>
                !IsEmpty(value),
            "total" or "totalcount" or "totalitems" or "totalrecords" or "totalresults" or "totalelements" => value is not null && !IsWhole(value, count),
            "totalpages" or "pagecount" or "pages" or "lastpage" => Number(value) > 1,
            _ => false,
        };
        return isGap ? TextSanitizer.SingleLine(name, 40)
            : plain is not ("pagination" or "paging" or "page" or "meta" or "metadata" or "links") ? null
            : value is JsonTable table ? In(table, count, isCounted)
            // Links may be a list, each with its relation.
            : value is object?[] links && !isCounted && links.OfType<JsonTable>().Any(l => l["rel"] is "next" && !IsEmpty(l["href"])) ? "next"
            : null;
    }

    /// <summary>A whole number, however it is written: 3, 3.0 or "3". Null for anything else.</summary>
    public static long? Whole(object? value) =>
        Number(value) is decimal number && number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue ? (long)number : null;

    private static string? In(JsonTable table, int count, bool isCounted) =>
        table.Cast<DictionaryEntry>().Select(e => In((string)e.Key, e.Value, count, isCounted)).FirstOrDefault(gap => gap is not null);

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

    // An error that says that there is none.
    private static bool IsFine(object? value) => value switch
    {
        JsonTable table => table.Values.Cast<object?>().All(IsFine),
        ICollection items => items.Cast<object?>().All(IsFine),
        string text when Plain(text) is "n" or "na" or "success" or "successful" or "succeeded" => true,
        _ => Number(value) is 0 or 200 || IsEmpty(value),
    };

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
