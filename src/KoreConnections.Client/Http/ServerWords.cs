namespace KoreConnections.Client;

/// <summary>Finds out whether a server's text says more than the message that it would be added to.</summary>
internal static class ServerWords
{
    private const string Fillers = "a an the of this that these with for is are was were been has have had be it its your you we our "
        + "i to in on at by and or please error message sorry http status";

    // What servers say instead of our words. A word that gives a reason is none of them: expired, missing, locked, until.
    private static readonly Dictionary<KoreErrorKind, HashSet<string>> Synonyms = new()
    {
        [KoreErrorKind.Unauthorized] = Of(
            "unauthorized unauthorised unauthenticated invalid incorrect wrong bad api key token credentials credential authentication authorization "
                + "failed provided not valid accepted access denied"),
        [KoreErrorKind.Forbidden] = Of(
            "forbidden access denied not allowed permitted authorized authorised do does insufficient permission permissions scope scopes "
                + "api app lack lacks lacking require requires required need needs needed"),
        [KoreErrorKind.ConnectionNotFound] = Of("connection connections resource id not found no such does do exist exists could cannot unknown there"),
        [KoreErrorKind.Conflict] = Of(
            "connection connections resource name names named already exist exists existing duplicate duplicated conflict conflicts same "
                + "unique must used use taken another other different choose try"),
        [KoreErrorKind.Throttled] = Of("too many requests request rate limit limits exceeded reached slow down try again later throttled"),
    };

    public static bool Repeat(KoreErrorKind kind, string message, string text)
    {
        if (!Synonyms.TryGetValue(kind, out HashSet<string>? known))
        {
            return false;
        }

        var said = new HashSet<string>(WordsOf(message), StringComparer.OrdinalIgnoreCase);
        // Of these the quoted is the name or id that the caller gave; of others it may be the one thing that is new.
        string own = kind is KoreErrorKind.Conflict or KoreErrorKind.ConnectionNotFound ? Pattern.Name.Replace(Pattern.Quoted.Replace(text, " "), " ") : text;
        return WordsOf(own).All(word => said.Contains(word) || known.Contains(word));
    }

    /// <summary>Whether a conflict may be one of the connection's name: the server says so, or gives no reason of its own.</summary>
    public static bool MayBeOfName(string text) =>
        Pattern.OwnName.IsMatch(text) || Pattern.Exists.IsMatch(text) || Repeat(KoreErrorKind.Conflict, "", text);

    /// <summary>Whether a server refuses what it does not offer, which no scope changes.</summary>
    public static bool SayUnsupported(string text) => Pattern.Unsupported.IsMatch(text) && !Pattern.Rights.IsMatch(text);

    private static HashSet<string> Of(string words) => new($"{Fillers} {words}".Split(' '), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> WordsOf(string text) => Pattern.Word.Matches(text).Cast<Match>().Select(m => m.Value);

    private static class Pattern
    {
        // An apostrophe within a word quotes nothing.
        public static readonly Regex Quoted = new(
            @"(?<!\w)(?:(['""`]).{1,300}?\1|[\u201c\u201e\u00ab].{1,300}?[\u201d\u201c\u00bb])(?!\w)", RegexOptions.CultureInvariant);
        public static readonly Regex Name = new(
            @"(?<=\b(?:connection|named?)[: ]+)\S.{0,100}?(?=\s+(?:already exists|exists|is already (?:taken|used|in use))\b)",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        // What else has a name is another reason.
        public static readonly Regex OwnName = new(
            @"(?<!\b(?:model|deployment|resource|key|header|host|account|user|provider)[ _-]?)name",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        // Of a connection, or of what is quoted by its name alone.
        public static readonly Regex Exists = new(
            @"^(?!.*\b(?:model|deployment|resource|key|header|host|user|provider)s?\b).*\balready exists?\b",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline);
        public static readonly Regex Unsupported = new(
            @"\bunsupported\b|\b(?:not|never|cannot|can['\u2019]?t|isn['\u2019]t)\s+(?:yet\s+|be\s+)*"
                + @"(?:support\w*|available|offered|implemented|enabled|updated|modified|changed|edited)\b"
                + @"|\bupdates?\b.*\bdisabled\b|\bonly\b.*\bproviders?\b",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Rights = new(
            @"\b(?:scopes?|permissions?|roles?|privileges?|rights?|unauthori[sz]ed|authori[sz]\w*|allow\w*|denied|token|access"
                + @"|api app|(?:view|manage) connections|(?:your|this|the) (?:api )?key)\b",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        public static readonly Regex Word = new(@"[^\W_]+", RegexOptions.CultureInvariant);
    }
}
