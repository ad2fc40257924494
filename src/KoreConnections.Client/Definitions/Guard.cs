namespace KoreConnections.Client;

/// <summary>The rules for single values, checked before anything is sent.</summary>
internal static class Guard
{
    /// <summary>What a message calls the place of a value: a parameter, or an environment variable, whose name has an underscore.</summary>
    private static string Shown(string parameter) => parameter.IndexOf('_') < 0 ? "-" + parameter : parameter;

    private const string ShownMask = "contains a mask, which is shown instead of a key. ";

    /// <summary>That a value was read and has a mask in it, which would be sent instead of what it stands for.</summary>
    public static KoreException Masked(string parameter) => Invalid(parameter, ShownMask + "Specify the complete value.");

    /// <summary>What is wrong with a value, as a sentence that begins with its place.</summary>
    public static KoreException Invalid(string parameter, string problem) => KoreException.InvalidInput(parameter, $"{Shown(parameter)} {problem}");

    /// <summary>A text that is looked for, as it is.</summary>
    public static string NotEmpty(string? text, string parameter) =>
        string.IsNullOrWhiteSpace(text) ? throw Invalid(parameter, "is empty. Specify a value.") : LostContent.RefuseRow(text!, parameter);

    /// <summary>A text of one line: white space at its ends is taken off, and nothing in it is invisible.</summary>
    public static string Required(string? text, string parameter)
    {
        string trimmed = LostContent.RefuseRow(SingleLine.Trim(text ?? ""), parameter);
        return trimmed.Length == 0 ? NotEmpty(null, parameter)
            : SingleLine.Problem(trimmed) is string problem ? throw Invalid(parameter, problem)
            : trimmed;
    }

    /// <summary>A display name. It is shown everywhere, as no key may be.</summary>
    public static string Name(string? text) => Kept(Filled(NoKey(Required(text, "Name"), "Name"), "Name", UnfilledPlaceholder.FindInName), "Name");

    /// <summary>A model's name, which is compared letter by letter.</summary>
    public static string Model(string? text) =>
        Kept(Filled(NoKey(PlainSpaced(text, "Model"), "Model"), "Model", UnfilledPlaceholder.FindInModel), "Model") is var model
            && model is not ("." or "..") ? model
        // In an address they are other places.
        : throw Invalid("Model", "is not the name of a model. Specify it as the provider spells it.");

    /// <summary>An absolute http(s) address without a login.</summary>
    public static string EndpointUrl(string? text)
    {
        string url = PlainSpaced(text, "EndpointUrl");
        string? problem = UnfilledPlaceholder.FindInAddress(url) is string unfilled ? unfilled
            : BaseAddress.IsKey(url) ? BaseAddress.LooksLikeKey
            : SecretMasker.IsMasked(url) ? ShownMask + "Specify the complete address."
            : !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !BaseAddress.IsWeb(uri)
                ? "is not an absolute http or https address. Use an address such as https://api.example.com/v1/chat."
            : url.IndexOf(" http", StringComparison.OrdinalIgnoreCase) is > 0 and int second && url.IndexOf("://", second, StringComparison.Ordinal) > 0
                ? "contains two addresses. Specify one."
            : uri.UserInfo.Length > 0
                ? "contains a login (USER:PASSWORD@), which would be shown with the address. "
                    + "Use a header instead: -Header @{ Authorization = 'env:NAME' }."
            : null;
        return problem is null ? url : throw Invalid("EndpointUrl", problem);
    }

    /// <summary>A resource's bare name, one label of a host; a pasted address is the usual mistake.</summary>
    public static string ResourceName(string? text)
    {
        string name = Identifier(text, "ResourceName");
        if (IsLabel(name))
        {
            return name;
        }

        string bare = name.Substring(name.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme >= 0 ? scheme + 3 : 0).Split('.', '/', ':')[0];
        string hint = bare != name && IsLabel(bare) ? $" Did you mean '{SecretMasker.Quote(bare)}'?" : "";
        throw Invalid(
            "ResourceName", $"is not a resource name. Use the RESOURCE in https://RESOURCE.openai.azure.com: 2 to 64 letters, digits and hyphens.{hint}");
    }

    /// <summary>A deployment's name, one segment of a path.</summary>
    public static string DeploymentId(string? text) =>
        Identifier(text, "DeploymentId") is { Length: <= 64 } name && IsSegment(name) ? name : throw Invalid(
            "DeploymentId",
            "is not a deployment name. Use up to 64 letters, digits, hyphens, underscores and dots, such as gpt-5.4-eu, without an address or path.");

    public static string ApiVersion(string? text) =>
        Required(text, "ApiVersion") is var version && ApiVersions.IsMatch(version)
            && (version[0] != '2' || IsDate(version.Substring(0, "YYYY-MM-DD".Length))) ? version
        : throw Invalid("ApiVersion", "is not a version of the API. Use a date (YYYY-MM-DD), optionally followed by -preview, or v1.");

    public const string ApiVersionPattern = @"20[0-9]{2}-[0-9]{2}-[0-9]{2}(-[a-z0-9]{1,20})*|v[0-9]{1,3}|preview|latest";

    private static readonly Regex ApiVersions = new($@"^({ApiVersionPattern})\z", RegexOptions.CultureInvariant);

    // Without the marks of JSONPath, XPath, calls and quotations.
    public const string ResponsePathPattern = @"(?![$/])([^\s.,;\[\](){}""`]+|\[[0-9]+\])(\.[^\s.,;\[\](){}""`]+|\[[0-9]+\])*";

    private static readonly Regex ResponsePaths = new($@"^{ResponsePathPattern}\z", RegexOptions.CultureInvariant);

    /// <summary>A path into an answer: dotted, with indexes, without the leading <c>$</c> of JSONPath.</summary>
    public static string ResponsePath(string? text, string parameter)
    {
        string path = Label(text, parameter);
        string bare = path.TrimStart('$', '.');
        return path[0] == '$' && UnfilledPlaceholder.Find(path) is null && ResponsePaths.IsMatch(bare)
            ? throw Invalid(parameter, $"begins with $, which the platform's paths do not. Use {SecretMasker.Quote(bare, 200)}.")
            : ResponsePaths.IsMatch(path) && MayBePath(path) ? path
            : throw Invalid(parameter, "is not a path into a response. Separate names with dots and put indexes in brackets, such as content[0].text.");
    }

    // Spreadsheets have other things for no path, and formulas.
    private static bool MayBePath(string path) =>
        path.Any(c => char.IsLetterOrDigit(c) || c == '_') && path[0] != '=' && !string.Equals(path, "N/A", StringComparison.OrdinalIgnoreCase)
            && UnfilledPlaceholder.FindInIdentifier(path) is null;

    public static JsonElement Payload(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object
            ? Unmasked(payload, "Payload")
            : throw Invalid("Payload", "is not a JSON object. Use a hashtable, an object with properties, or a JSON string that begins with {.");

    /// <summary>JSON without masks: what was read has them instead of its keys, and sent, they would overwrite the keys.</summary>
    /// <param name="at">Where the JSON is within the parameter's value.</param>
    /// <param name="name">What says what the JSON is.</param>
    public static JsonElement Unmasked(JsonElement json, string parameter, string at = "", string name = "") =>
        CarriedSecrets.FindMask(json, name) is not string place ? json : throw Invalid(
            parameter,
            $"contains a mask at '{TextSanitizer.SingleLine((at + place).TrimStart('.'), 200)}', which the platform shows instead of a key. "
                + $"Specify the key itself. If you pipe a connection, set the value in its {parameter} first.");

    /// <summary>An id as one segment of a path: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, and not dots alone.</summary>
    public static string ConnectionId(string? text)
    {
        string id = NotEmpty(text, "ConnectionId").Trim();
        return IsConnectionId(id) ? id
            : throw KoreException.InvalidInput("ConnectionId", SecretMasker.MayBeKey(id)
                ? "-ConnectionId looks like a key, so it was not sent. Ids look like cn-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. "
                    + "Check the order of the values."
                : "-ConnectionId is not the id of a connection. Ids look like cn-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. "
                    + "To find a connection by name, use Get-Connection -Name.");
    }

    /// <summary>Whether a text may be a connection's id, and is no key in its place.</summary>
    public static bool IsConnectionId(string? text) =>
        text?.Trim() is { Length: > 0 and <= 200 } id
            && !SecretMasker.MayBeKey(id) && IsSegment(id);

    /// <summary>A text that people may see, so that it is no key in the wrong place.</summary>
    public static string Label(string? text, string parameter) => NoKey(Required(text, parameter), parameter);

    /// <summary>A label that others look up, so that it is not what is left of a variable.</summary>
    public static string Identifier(string? text, string parameter) => Filled(Label(text, parameter), parameter, UnfilledPlaceholder.FindInIdentifier);

    public static string VariableName(string? text, string parameter) => Filled(Label(text, parameter), parameter, UnfilledPlaceholder.FindInName);

    /// <summary>What is displayed for a variable, which may be nothing.</summary>
    public static string DisplayedName(string text, string parameter) =>
        string.IsNullOrWhiteSpace(text) ? "" : Filled(Required(text, parameter), parameter, UnfilledPlaceholder.FindInName);

    // What was read has a mask instead of a key.
    private static string NoKey(string text, string parameter) =>
        SecretMasker.HoldsKeyMask(text) ? throw Invalid(parameter, $"looks like a key{NotSent}")
        : SecretMasker.HoldsMaskWithin(text) ? throw Masked(parameter)
        : NoKeyItself(text, parameter);

    /// <summary>The same where a mask may stay: nothing is sent that it would overwrite.</summary>
    public static string NoKeyItself(string text, string parameter) =>
        SecretRule.HoldsPastedKey(text) || text.Split(' ').Any(SecretRule.IsPastedKey) ? throw Invalid(parameter, $"looks like a key{NotSent}") : text;

    /// <summary>What to do about a key in the place of a text that was given with a parameter.</summary>
    internal const string NotSent = ", so it was not sent. Check the order of the values.";

    // A connection cannot be deleted through the API, so that no step whose variable is missing may make one.
    private static string Filled(string text, string parameter, Func<string, string?> find) =>
        find(text) is string problem ? throw Invalid(parameter, problem) : text;

    // Nor may a spreadsheet that lost the value.
    private static string Kept(string text, string parameter) =>
        SpreadsheetText.ProblemOfValue(text.AsSpan()) is string problem ? throw Invalid(parameter, problem) : text;

    private static string PlainSpaced(string? text, string parameter)
    {
        string line = Required(text, parameter);
        return SingleLine.SpaceProblem(line) is string problem ? throw Invalid(parameter, problem) : line;
    }

    public const string ResourceNamePattern = "[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]";

    private static bool IsLabel(string name) => Regex.IsMatch(name, $@"^{ResourceNamePattern}\z", RegexOptions.CultureInvariant);

    private static bool IsDate(string text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // Of a path, where dots alone are other places.
    private static bool IsSegment(string name) => name.AsSpan().IsMadeOf("-_.") && name.Any(char.IsLetterOrDigit);
}
