namespace KoreConnections.Client;

/// <summary>What the keys of a provider begin with: the one table, which the sandbox compiles too.</summary>
/// <param name="Beginning">A key that stands alone may have it in any case.</param>
/// <param name="Within">An expression for the rest of a key within other text, where words begin as keys do more often than alone.</param>
/// <param name="Alone">An expression for what is behind the beginning of each key that is alone.</param>
/// <param name="Owner">Who has such keys, of the providers of models; null for others.</param>
/// <param name="Marker">What each key of the owner has in it where others have the beginning, too.</param>
internal sealed record KeyForm(string Beginning, string Within, string Alone = "", string? Owner = null, string Marker = "")
{
    // Words with dashes are like it.
    private const string Dashed = "(?<dashed>[-_A-Za-z0-9]{12,})";
    private const string Run = @"[A-Za-z0-9]{16,}(?![-./\w])";
    private const string Words = @"\w{20,}";
    private const string HasDigit = @"(?=\w*\d)";

    private const string OfModels = "sk-";

    // api03, admin01
    private const int LongestKind = 5;

    /// <summary>The longer ones of a beginning are first. Azure's keys, and those of custom APIs, have none of their own.</summary>
    public static readonly KeyForm[] All =
    [
        new("sk-ant-", Dashed, Owner: "Anthropic"),
        new("sk-proj-", Dashed, Owner: "OpenAI"), new("sk-svcacct-", Dashed, Owner: "OpenAI"), new("sk-admin-", Dashed, Owner: "OpenAI"),
        new("sk-or-v1-", Dashed, Owner: "OpenRouter"),
        new("sk-", Dashed, Owner: "OpenAI", Marker: "T3BlbkFJ") { IsNoWord = true }, new("kg-", Dashed) { IsNoWord = true },
        new("xai-", Dashed, Owner: "xAI") { IsNoWord = true }, new("nvapi-", Dashed, Owner: "NVIDIA"), new("pplx-", Dashed, Owner: "Perplexity"),
        new("glpat-", Dashed), new("gsk_", Run, Owner: "Groq"), new("hf_", Run, Owner: "Hugging Face"),
        new("ghp_", Run), new("gho_", Run), new("ghu_", Run), new("ghs_", Run), new("ghr_", Run), new("github_pat_", Words),
        new("npm_", Run), new("shpat_", Run), new("whsec_", Run), new("lsv2_", Words),
        new("sk_", "(?:live|test)_" + Run, "(?:live|test)_"), new("rk_", "(?:live|test)_" + Run, "(?:live|test)_"),
        new("xox", "[a-z]-[-A-Za-z0-9]{16,}", "[a-z]-"),
        new("AKIA", @"[A-Z0-9]{16}(?!\w)", HasDigit), new("ASIA", @"[A-Z0-9]{16}(?!\w)", HasDigit), new("AIza", "[-_A-Za-z0-9]{30,}", HasDigit, "Google"),
        new("ya29.", "[-_A-Za-z0-9]{16,}"), new("SG.", @"[-_A-Za-z0-9]{16,}\.[-_A-Za-z0-9]{16,}"),
        new("eyJ", @"[-_A-Za-z0-9]{10,300}\.[-_A-Za-z0-9]{10,}\.[-_A-Za-z0-9]{5,}", HasDigit),
    ];

    /// <summary>Whether neither words nor hosts begin with it, so that a key within other text is known by it alone.</summary>
    public bool IsNoWord { get; private init; }

    /// <summary>An expression for any of these.</summary>
    public static string AnyOf(Func<KeyForm, string> rest, Func<KeyForm, bool>? which = null) =>
        $"(?:{string.Join("|", All.Where(which ?? (static _ => true)).Select(f => Regex.Escape(f.Beginning) + rest(f)))})";

    /// <summary>Whether a text is only what keys of a provider of models begin with: <c>sk-proj-</c>, <c>sk-ant-api03-</c>, <c>sk-ant</c>.</summary>
    public static bool IsBeginning(ReadOnlySpan<char> text)
    {
        foreach (KeyForm form in All)
        {
            ReadOnlySpan<char> beginning = form.Beginning.AsSpan();
            if (form.Owner is not null && (text.Equals(beginning, StringComparison.OrdinalIgnoreCase)
                || (beginning.StartsWith(OfModels) && beginning.Length > OfModels.Length && text.Equals(beginning[..^1], StringComparison.OrdinalIgnoreCase))))
            {
                return true;
            }
        }

        ReadOnlySpan<char> version = WithoutBeginning(text).TrimEnd('-');
        return text.StartsWith("sk-ant-") && version is [.. var kind, '0', >= '1' and <= '9'] && kind.Length is > 0 and <= LongestKind
            && kind.IsAll(static c => c is >= 'a' and <= 'z');
    }

    /// <summary>A key of a provider of models without its beginning.</summary>
    public static ReadOnlySpan<char> WithoutBeginning(ReadOnlySpan<char> key)
    {
        foreach (KeyForm form in All)
        {
            if (form.Owner is not null && key.StartsWith(form.Beginning, StringComparison.OrdinalIgnoreCase))
            {
                return key[form.Beginning.Length..];
            }
        }

        return key;
    }
}
