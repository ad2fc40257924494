namespace KoreConnections.Client;

/// <summary>
/// Names variables of the environment for keys that a platform does not show. A name follows from its own connection, so the variable that
/// somebody has set means the same in the next export, also after connections came or went. Where two would have one name, both get a hash of their own.
/// </summary>
internal sealed class KeyVariableNames
{
    private const string Prefix = "KORE_KEY_";

    private static readonly Regex Other = new("[^A-Z0-9]+", RegexOptions.CultureInvariant);

    private static readonly Regex Taken = new($@"\b{Prefix}\w+", RegexOptions.CultureInvariant);

    private static readonly Regex Own = new($@"^(?:\$\{{env:|env:)?{Prefix}[A-Z0-9_]+\}}?[.?!,]?\z", RegexOptions.CultureInvariant);

    private static readonly Regex Reference = new(@"^(?:\$\{env:|env:)(\w+)\}?[.?!,]?\z", RegexOptions.CultureInvariant);

    private static readonly Regex Word = new("^(?:[A-Z]{2,}|[a-z]{2,})\\z", RegexOptions.CultureInvariant);

    // OpenAIKeyProd2026: words, and what it is for. Each is taken as a whole: to try its parts takes twice as long for each letter more.
    private static readonly Regex Camel = new(
        @"^(?=.*(?:Key|Token|Secret))(?>[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z]))+\d{0,4}\z", RegexOptions.CultureInvariant);

    // Which places would have a name; of a name that a text has already, nothing is known.
    private readonly Dictionary<string, HashSet<string>> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);

    /// <summary>Whether a word is a name as they are made here, or a reference to one: its hash makes it look like a key.</summary>
    public static bool IsOne(string word) => Own.IsMatch(word)
        || (Reference.Match(word) is { Success: true } reference && IsVariable(reference.Groups[1].Value));

    // Words of one case make up half of it: a key has them by chance, if at all.
    private static bool IsVariable(string name)
    {
        string[] pieces = name.Split('_');
        string[] words = [.. pieces.Where(p => Word.IsMatch(p))];
        return !SecretRule.IsKnownKey(name)
            && (Camel.IsMatch(name)
                || (words.Length > 1 && words.Any(w => w.Length > 2) && words.Sum(w => w.Length) * 2 >= pieces.Sum(p => p.Length)));
    }

    public void Take(string text) => _taken.UnionWith(Taken.Matches(text).Cast<Match>().Select(m => m.Value));

    /// <summary>Makes known who will want a name, before the first is given.</summary>
    public void Announce(params string[] parts) => Claim(parts, out _);

    /// <summary>Begins to give names, after all who want one have been announced.</summary>
    public void Begin() => _met.Clear();

    /// <summary>A name from the connection's, and from what the key is for where it has several.</summary>
    public string For(params string[] parts)
    {
        string name = Claim(parts, out string place);
        bool isShared = _places[name].Count > 1 || _taken.Contains(name);
        return name == Prefix || isShared || parts.Any(IsLost) ? $"{name.TrimEnd('_')}_{Hash(place)}" : name;
    }

    private string Claim(string[] parts, out string place)
    {
        place = string.Join("\n", parts);
        _met[place] = _met.TryGetValue(place, out int met) ? met + 1 : 1;
        place = _met[place] == 1 ? place : $"{place}\n#{_met[place]}";
        string name = Prefix + string.Join("_", parts.Select(Plain).Where(p => p.Length > 0));
        (_places.TryGetValue(name, out HashSet<string>? places) ? places : _places[name] = new HashSet<string>(StringComparer.Ordinal)).Add(place);
        return name;
    }

    // Letters without their marks; those of other scripts have none that every shell takes in a name.
    private static string Plain(string text) => Other.Replace(Base(text).ToUpperInvariant(), "_").Trim('_');

    private static string Base(string text) =>
        string.Concat(
            SingleLine.Normalized(text, NormalizationForm.FormKD)
                .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)))
            .Replace("ß", "ss").Replace("Æ", "AE").Replace("æ", "ae").Replace("Ø", "O").Replace("ø", "o");

    private static bool IsLost(string text) => Base(text).Any(c => c > '~' && char.IsLetterOrDigit(c)) || Plain(text).Length == 0;

    private static string Hash(string place) => BitConverter.ToString(Resource.Hash(place), 0, 4).Replace("-", "");
}
