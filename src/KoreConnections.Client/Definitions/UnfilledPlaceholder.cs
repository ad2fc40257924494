namespace KoreConnections.Client;

/// <summary>
/// What a pipeline, a shell or a template leaves of a variable that it did not fill: the one table of its forms. It reads a key where it is: no
/// copy is made, and nothing is built at the first call.
/// </summary>
internal static class UnfilledPlaceholder
{
    private const string AzurePipelines = "contains a variable that is not defined in Azure Pipelines, such as $(NAME). "
        + "Define it as a secret variable, or link its variable group.";

    private const string ShellVariable = "contains a variable that was not replaced, such as $env:NAME or $apiKey. "
        + "PowerShell does not expand variables in single quotation marks. " + UseReference;

    private const string Token = "contains a token that a deployment tool should have replaced, such as #{NAME}#. Replace it" + OrUseReference;

    private const string UseReference = "Use env:NAME.";
    private const string OrUseReference = ", or use env:NAME.";

    private enum Inner
    {
        Any,
        Name,
        Capitals,
    }

    // Where a form counts: there, and in those below.
    private enum Place
    {
        AnyValue,

        // None of these has such marks itself.
        KeyLoginOrAddress,

        // A login may be one of these.
        Key,
    }

    // Anywhere in a text. The platform's own {{x}} is none: it fills that itself.
    private static readonly (string Start, string End, string Meaning)[] Parts =
    [
        ("$(", ")", AzurePipelines),
        ("${", "}", "contains a variable that was not replaced, such as ${NAME}. Specify its value" + OrUseReference),
        ("#{", "}#", Token),
    ];

    // As a whole. What passwords may begin with is one only around a name in capitals.
    private static readonly (Place Place, string Start, string End, Inner Inner, string Meaning)[] Wholes =
    [
        (Place.AnyValue, "$[variables.", "]", Inner.Any, AzurePipelines),
        (Place.AnyValue, "%", "%", Inner.Name, ShellVariable),
        (Place.KeyLoginOrAddress, "$[", "]", Inner.Any, AzurePipelines),
        (Place.KeyLoginOrAddress, "%%", "%%", Inner.Name, ShellVariable),
        (Place.KeyLoginOrAddress, "!", "!", Inner.Capitals, ShellVariable),
        (Place.KeyLoginOrAddress, "$", "", Inner.Capitals, ShellVariable),
        (Place.KeyLoginOrAddress, "#{", "}", Inner.Any, Token),
        (Place.KeyLoginOrAddress, "%{", "}", Inner.Any, Token),
        (Place.Key, "{{", "}}", Inner.Any, Token),
        (Place.Key, "((", "))", Inner.Any, Token),
        (Place.Key, "__", "__", Inner.Any, Token),
        (Place.Key, "@@", "@@", Inner.Any, Token),
    ];

    /// <summary>Whether a text is nothing but a variable that Azure Pipelines did not fill. Within a text, it may belong to it.</summary>
    private static bool IsPipelineVariable(string text) =>
        text.StartsWith("$(", StringComparison.Ordinal) && text.IndexOf(')') == text.Length - 1 && text.IndexOf(' ') < 0;

    /// <summary>What is left in a key, a login or an address, or behind the scheme before it, as the end of a sentence; null for nothing.</summary>
    public static string? Find(ReadOnlySpan<char> text) => FindInValue(text) ?? FindWhole(SecretReference.Bare(text), Place.KeyLoginOrAddress);

    /// <summary>What is left in a value that may be anything, as the end of a sentence; null for nothing.</summary>
    public static string? FindInValue(ReadOnlySpan<char> text)
    {
        foreach ((string start, string end, string meaning) in Parts)
        {
            if (text.IndexOf(start) is var at && at >= 0 && text[(at + start.Length)..].IndexOf(end) > 0)
            {
                return meaning;
            }
        }

        return text.IndexOf("$env:", StringComparison.OrdinalIgnoreCase) >= 0 ? ShellVariable : FindWhole(text, Place.AnyValue);
    }

    /// <summary>What is left instead of a key, where any value may have its form, as the end of a sentence; null for nothing.</summary>
    public static string? FindToken(ReadOnlySpan<char> key) => FindWhole(key, Place.Key) ?? (PowerShellVariable.IsOne(key) ? ShellVariable : null);

    /// <summary>What is left in any of these forms, where a key belongs.</summary>
    public static string? FindForKey(ReadOnlySpan<char> text) => Find(text) ?? FindToken(SecretReference.Bare(text));

    /// <summary>What is left in an address, which is no reference, as the end of a sentence; null for nothing. Its query may have marks of its own.</summary>
    public static string? FindInAddress(string address) =>
        (Find(address) ?? (Pattern.InAddress.IsMatch(address) ? Token : HoldsVariable(address) ? ShellVariable : null))
            ?.Replace(OrUseReference, ".").Replace(UseReference, "Specify the complete address.")
        ?? (Pattern.ReferenceInQuery.Matches(address).Cast<Match>().Any(r =>
                SecretRule.IsNameInQuery(r.Groups["name"].Value) || r.Groups["scheme"].Value is not ['e' or 'E', ..])
            ? "contains a reference, such as env:NAME, which nothing resolves in an address. Specify the value itself, or use a header."
            : null);

    // OData and others have such names in a query of their own.
    private static bool HoldsVariable(string address) => Pattern.VariableInQuery.Matches(address).Cast<Match>().Any(v =>
        SecretRule.IsNameInQuery(v.Groups["name"].Value) && PowerShellVariable.IsOne(v.Groups["value"].Value));

    /// <summary>A reference within the longer value of a header, as the end of a sentence; null for none.</summary>
    public static string? FindInHeader(ReadOnlySpan<char> value, bool isKey) => Within(value, isKey) is string scheme
        ? $"contains a reference ({scheme}:) within a longer value, where nothing resolves it. Store the complete value where the reference leads. "
            + "Specify only the reference, or one word before it, as in 'Bearer env:NAME'."
        : null;

    /// <summary>Whether what is left is certainly a variable's: within a longer text, a word in lower case may be code, as in $(date).</summary>
    public static bool IsCertain(string left, string text) => left == text.Trim() || !left.StartsWith("$(", StringComparison.Ordinal)
        || left.Any(c => char.IsUpper(c) || c is '_' or '.');

    /// <summary>What is left in a text of a payload, as it is written there; null for nothing. Prompts have much that only looks so.</summary>
    /// <param name="name">What says what the text is: only where a key belongs, it may be meant as a reference to one.</param>
    public static string? FindInPayload(string text, string name) =>
        Pattern.InPayload.Match(text) is { Success: true } part ? part.Value
        : Pattern.WholeOfPayload.IsMatch(text) || (Pattern.Reference.IsMatch(text) && SecretRule.IsName(name)) ? text.Trim()
        : null;

    /// <summary>
    /// What is left in a name that people choose, as the end of a sentence; null for nothing. It may have marks, and those of the platform and of
    /// manifests are its own.
    /// </summary>
    public static string? FindInName(string name) =>
        IsPipelineVariable(name) ? $"is '{name}', a variable that is not defined in Azure Pipelines. Define it, or correct the value."
        : Pattern.InName.Match(name) is { Success: true } part && IsCertain(part.Value, name)
            ? $"contains '{SecretMasker.Quote(part.Value)}', a placeholder that was not replaced. Specify its value."
        : null;

    /// <summary>The same of a model, which is no sample's word.</summary>
    public static string? FindInModel(string text) => FindInName(text) ?? (Pattern.Sample.IsMatch(text) ? Unreplaced(text) : null);

    /// <summary>The same of what others look up, such as a deployment: it has no marks, and is no reference.</summary>
    public static string? FindInIdentifier(string text) => FindInModel(text)
        ?? (SecretReference.Parse(text) is { Source.Scheme: "env", Prefix: "" }
                ? $"is '{SecretMasker.Quote(text)}', a reference, which only keys and headers can be. Specify the value itself."
            : Find(text) is not null || Pattern.OfPlatform.IsMatch(text) ? Unreplaced(text)
            : null);

    private static string Unreplaced(string text) => $"is '{SecretMasker.Quote(text)}', a placeholder that was not replaced. Specify its value.";

    /// <summary>Whether a text is the name of a variable as shells have them, in capitals.</summary>
    public static bool IsCapitals(ReadOnlySpan<char> text) => IsName(text, static c => c is (>= 'A' and <= 'Z') or '_');

    private static string? FindWhole(ReadOnlySpan<char> text, Place place)
    {
        foreach ((Place from, string start, string end, Inner inner, string meaning) in Wholes)
        {
            if (from <= place && text.Length > start.Length + end.Length && text.StartsWith(start) && text.EndsWith(end)
                && text[start.Length..^end.Length] is var name
                && inner switch { Inner.Capitals => IsCapitals(name), Inner.Name => IsName(name), _ => true })
            {
                return meaning;
            }
        }

        return null;
    }

    // The scheme of a reference that is a part of a text. Anything but a key may have words such as file: in it.
    private static string? Within(ReadOnlySpan<char> text, bool isKey)
    {
        for (int colon = 1; colon < text.Length - 1; colon++)
        {
            if (text[colon] != ':' || !IsPlace(text[(colon + 1)..]))
            {
                continue;
            }

            int start = colon;
            while (start > 0 && KeySources.IsSchemeCharacter(char.ToLowerInvariant(text[start - 1])))
            {
                start--;
            }

            if (start > 0 && (isKey ? "=:,;\"'([{ " : "=\"'").IndexOf(text[start - 1]) >= 0
                && KeySources.Find(text[start..colon]) is KeySource source
                && (isKey || source.Scheme == "azkv" || (source.Scheme == "env" && IsCapitals(FirstWord(text[(colon + 1)..]))
                    && (text[start - 1] != '=' || SecretRule.IsNameInQuery(LastWord(text[..(start - 1)]))))))
            {
                return source.Scheme;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text) =>
        text[..(text.IndexOfOther(static c => char.IsLetterOrDigit(c) || c == '_') ?? text.Length)];

    // A tag may be env=env:PROD.
    private static string LastWord(ReadOnlySpan<char> text)
    {
        int start = text.Length;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-'))
        {
            start--;
        }

        return text[start..].ToString();
    }

    private static bool IsPlace(ReadOnlySpan<char> text) =>
        (char.IsLetter(text[0]) || text[0] is '_' or '.' or '/' or '~' or '\\') && !text.StartsWith("//");

    /// <summary>The same in any case.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => IsName(text, static c => c <= '~' && (char.IsLetter(c) || c is '_' or '.'));

    // What has numbers elsewhere, or a longer one, may be a password.
    private static bool IsName(ReadOnlySpan<char> text, Func<char, bool> fits)
    {
        ReadOnlySpan<char> name = text.TrimEnd("0123456789");
        return text.Length - name.Length <= 2 && !name.IsEmpty && name.IsAll(fits);
    }

    // Apart, so that a key that is checked does not wait for them to be built.
    private static class Pattern
    {
        private const string Name = "[A-Za-z_][A-Za-z0-9_.]*";
        private const string Longer = "[A-Za-z_][A-Za-z0-9_.-]{2,}";
        private const string Dashed = "[A-Za-z_][A-Za-z0-9_.-]*";

        private const RegexOptions AnyCase = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

        // A percent sign before two hexadecimal digits is an escape.
        public static readonly Regex InAddress = new(
            $@"(?<=[/.]|^)__(?-i:[A-Z][A-Z0-9_.]*)__(?=[./:?#]|\z)|@@{Name}@@|\$\[[^\[\]]+\]|<{Name}>"
                + $@"|%(?![0-9a-f]{{2}}){Name}%|%{Name}%(?![0-9a-f]{{2}})|^[^?#]*\{{\{{[^{{}}]*\}}\}}",
            AnyCase);

        // A tag of a query may be env:prod.
        public static readonly Regex ReferenceInQuery = new(
            @"(?<=[?&#])(?<name>[^=&#?]+)=(?<scheme>env|azkv):[\w.~/\\-]", AnyCase);

        public static readonly Regex VariableInQuery = new(@"(?<=[?&#])(?<name>[^=&#?]+)=(?<value>\$[^&#]+)", AnyCase);

        public static readonly Regex InPayload = new($@"\$\({Name}\)|\$\{{env:{Name}\}}|\$env:{Name}|#\{{{Name}\}}#", AnyCase);

        // Of one letter or two, it may be a name's own.
        public static readonly Regex InName = new(
            $@"\$\({Dashed}\)|\$\{{{Dashed}\}}|\$env:{Longer}|#\{{[^{{}}]+\}}#"
                + $@"|(?<![\w%])%{Longer}%(?![\w%])|(?<!\w)__(?-i:[A-Z][A-Z0-9_.]*)__(?!\w)|@@{Name}@@|\$\[variables\.[^\[\]]+\]|^<[A-Za-z][\w .-]*>\z",
            AnyCase);

        public static readonly Regex OfPlatform = new(@"\{\{[^{}]+\}\}", AnyCase);

        // As samples write it. The API's document has a resource and a deployment of such names.
        public static readonly Regex Sample = new(@"^your[-_ ](?:[a-z]+[-_ ])*?(?:model|profile)(?:[-_ ](?:name|id))?\z", AnyCase);

        // With or without the word that a header has before it.
        public static readonly Regex Reference = new(
            @"^\s*(?:[a-z][a-z-]* )?(?:env:(?-i:[A-Z_][A-Z0-9_]+)|azkv:[\w-]+/[\w/-]+)\s*\z", AnyCase);

        public static readonly Regex WholeOfPayload = new(
            $@"^\s*(?:\$\{{{Name}\}}|%{Name}%|__{Name}__|@@{Name}@@|\$\[variables\.{Name}\])\s*\z",
            AnyCase);
    }
}
