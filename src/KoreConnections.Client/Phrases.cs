namespace KoreConnections.Client;

/// <summary>Parts of sentences that messages and the report share.</summary>
internal static class Phrases
{
    private static readonly Regex Capital = new("(?<=[a-z])[A-Z]", RegexOptions.CultureInvariant);

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>A list for a sentence, which names no more than the first few.</summary>
    public static string FirstOf(IReadOnlyCollection<string> names, int most = 10) => string.Join(", ", names.Take(most)) + More(names.Count - most);

    /// <summary>The end of a list that names the first few; empty where it names all.</summary>
    public static string More(int left) => left > 0 ? $" and {left} more" : "";

    /// <summary>A name of the code in words: "Model retiring".</summary>
    public static string Words(string name) => Capital.Replace(name, m => " " + m.Value.ToLowerInvariant());
}
