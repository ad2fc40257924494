namespace KoreConnections.Client;

/// <summary>Takes the keys of one request out of any text that came back, should the other side repeat them.</summary>
/// <param name="beside">Keys that are known beside the request, such as a proxy's login.</param>
/// <param name="searched">Texts that other failures had, too.</param>
/// <param name="stop">Ends the work when the time of the request is over: a text can take long to search.</param>
internal sealed class SecretRedactor(
    RequestSecrets secrets, Func<IEnumerable<Secret>>? beside = null, SearchedTexts? searched = null, CancellationToken stop = default)
{
    // A key can be in what was not decoded.
    internal const string NotShown = "(not shown, because it has too many encoded parts to search it for keys)";

    // Of free text an error shows a line. So much is read for it, and so much more that no key is cut within what is shown.
    private const int LongestShown = 32 * 1024;
    private const int LongestFreeText = 1024 * 1024;
    private const string Property = "KoreConnections.SecretRedactor";

    /// <summary>Of a reading that follows no request.</summary>
    public static SecretRedactor None { get; } = new(RequestSecrets.None);

    public static SecretRedactor For(IEnumerable<Secret> keys) => new(new RequestSecrets([.. keys], []));

    // Opening a secret costs; the ten thousand names of a listing are shorter than any key in question.
    private int? _shortest;

    /// <summary>Those of the request's keys that were found since it was emptied.</summary>
    public HashSet<Secret> Found { get; } = [];

    /// <summary>The redactor of a request, for what is said of it elsewhere.</summary>
    public static SecretRedactor Of(HttpRequestMessage request) =>
        request.Properties.TryGetValue(Property, out object? redactor) ? ((SecretRedactor)redactor).ForFailure() : None;

    /// <summary>The same for a failure, which is rare enough to look for every key that is known beside the request, too.</summary>
    public SecretRedactor ForFailure() => beside is null ? this
        : new(secrets with { Keys = [.. secrets.Keys.Concat(beside()).Where(k => k.Problem is null).Distinct()] }, searched: searched, stop: stop);

    /// <summary>The same while the answer is read.</summary>
    public SecretRedactor Until(CancellationToken stop) => new(secrets, beside, searched, stop);

    public bool MayHold(int length) => length >= (_shortest ??= secrets.Keys.Select(k => k.ShortestEcho).DefaultIfEmpty(int.MaxValue).Min());

    public void AttachTo(HttpRequestMessage request) => request.Properties[Property] = this;

    /// <summary>Free text as a message may quote it, on one line.</summary>
    public string Quote(string text, int maxLength = 1000) => TextSanitizer.SingleLine(ApplyToFreeText(text), maxLength);

    /// <summary>For free text: takes out what the request carries, and all else that looks like a key.</summary>
    public string ApplyToFreeText(string text)
    {
        text = WithReferences(Start(text, LongestFreeText));
        return SecretMasker.Scrub(Start(WithoutKeys(text, isFreeText: true), LongestShown));
    }

    /// <summary>A text, such as a host, with the references instead of what came from them.</summary>
    public string WithReferences(string text)
    {
        if (secrets.Substituted.Count == 0)
        {
            return text;
        }

        var search = new EchoFinder(text, isFreeText: true, new DecodingBudget(text, stop));
        SubstitutedValue[] values = [.. secrets.Substituted.SelectMany(SubstitutedValue.WithHostForm).OrderByDescending(v => v.Value.Length)];
        foreach (SubstitutedValue value in values)
        {
            search.Find(value.Value, value.Reference);
        }

        return SubstitutedValue.Show(search.Result() ?? NotShown, values, SubstitutedValue.ShortestByChance);
    }

    private static string Start(string text, int length) => text.Length <= length ? text : text.Substring(0, length);

    public string Apply(string text) => MayHold(text.Length) ? WithoutKeys(text, isFreeText: false) : text;

    /// <summary>Whether an answer that repeats a text shows it so: as it is, or without what the request carries and what looks like a key.</summary>
    public bool Shows(string text, string shown) => shown == text
        || (SecretMasker.IsMasked(shown.AsSpan()) && Apply(text) is var redacted && (shown == redacted || shown == SecretMasker.AsRead(redacted)));

    private string WithoutKeys(string text, bool isFreeText)
    {
        // A failure is free text, and beside its own keys it is searched for those of all items.
        IReadOnlyCollection<Secret> keys = isFreeText && searched is not null ? searched.Without(text, secrets.Keys) : secrets.Keys;
        var search = new EchoFinder(text, isFreeText, new DecodingBudget(text, stop));
        foreach (Secret key in keys)
        {
            if (search.Find(key, Secret.Mask))
            {
                Found.Add(key);
            }
        }

        string? result = search.Result();
        if (isFreeText && result == text)
        {
            searched?.Add(text, keys);
        }

        return result ?? (isFreeText ? NotShown : Secret.Mask);
    }
}
