namespace KoreConnections.Client;

/// <summary>A value that came from the environment into a manifest. Wherever it is shown, the reference is.</summary>
/// <param name="Reference">What the manifest says: <c>${env:NAME}</c>.</param>
internal sealed record SubstitutedValue(string Reference, Secret Value)
{
    /// <summary>Shorter values are in texts by chance, and no secrets.</summary>
    public const int ShortestByChance = 4;

    /// <summary>A value, and the same in lower case if it has capitals: so it is in a host.</summary>
    public static IEnumerable<SubstitutedValue> WithHostForm(SubstitutedValue value)
    {
        yield return value;
        if (value.Value.Problem is null
            && value.Value.Read(static plain => plain.ToString()) is var text && text.ToLowerInvariant() is var lower && lower != text)
        {
            yield return value with { Value = Secret.FromPlainText(lower) };
        }
    }

    /// <summary>A text with the references instead of the values, the longest first: one may be a part of another.</summary>
    /// <param name="shortest">Shorter values are in other texts by chance; where a text was made of these values only, none is too short.</param>
    public static string Show(string text, IEnumerable<SubstitutedValue> values, int shortest = 1)
    {
        foreach (SubstitutedValue value in values.Where(v => v.Value.Length >= shortest).OrderByDescending(v => v.Value.Length))
        {
            text = value.Value.Read(plain => text.Replace(plain.ToString(), value.Reference));
        }

        return text;
    }
}
