namespace KoreConnections.Client;

/// <summary>The values that the API accepts for a property, in its spelling; given in any case, they are sent in that one.</summary>
/// <param name="ignoreSpaces">Whether <c>OpenAI</c> stands for <c>Open AI</c>.</param>
/// <param name="alias">A name that people use for one of the values.</param>
internal sealed class ApiValueSet(IReadOnlyList<string> values, bool ignoreSpaces = false, (string Name, string Value)? alias = null)
{
    /// <summary>The API's own spelling, in the order of its document.</summary>
    public IReadOnlyList<string> Values { get; } = values;

    /// <summary>The API's spelling of a value, or null when it is none of these.</summary>
    public string? Find(string? text) =>
        // The platform writes its own spelling, ten thousand times in a listing.
        text is null || Values.Contains(text) ? text : FindPlain(Plain(text));

    public string Parse(string? text, string parameter) => Find(text)
        ?? throw Guard.Invalid(parameter, $"'{SecretMasker.Quote(text)}' is not valid. Accepted values: {Listed}.");

    public IReadOnlyList<string> ParseAll(IEnumerable<string> texts, string parameter) =>
        texts.Select(t => Find(t) is null && t.IndexOf(',') > 0 && t.Split(',').All(p => Find(p) is not null)
            ? throw Guard.Invalid(
                parameter,
                $"has several values in one text. Use an array, or in a row separate them with semicolons: {t.Replace(',', ';')}.")
            : Parse(t, parameter)).Distinct().ToArray();

    internal string Listed => string.Join(", ", Values);

    private string? FindPlain(string plain)
    {
        bool IsIt(string value) => string.Equals(Plain(value), plain, StringComparison.OrdinalIgnoreCase);

        return alias is { } known && IsIt(known.Name) ? known.Value : Values.FirstOrDefault(IsIt);
    }

    private string Plain(string text) =>
        ignoreSpaces ? string.Concat(SingleLine.Trim(text).Where(c => !char.IsWhiteSpace(c))) : SingleLine.Trim(text);
}
