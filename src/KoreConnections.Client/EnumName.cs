namespace KoreConnections.Client;

/// <summary>Reads a value of an enumeration by its name. Enum.TryParse takes numbers, lists and white space, too.</summary>
internal static class EnumName
{
    public static T? Find<T>(string? name, StringComparison comparison = StringComparison.Ordinal)
        where T : struct, Enum =>
        Enum.GetNames(typeof(T)).FirstOrDefault(known => string.Equals(known, name, comparison)) is string found ? (T)Enum.Parse(typeof(T), found) : null;
}
