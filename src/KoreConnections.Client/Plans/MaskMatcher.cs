namespace KoreConnections.Client;

/// <summary>
/// Judges keys by the visible parts of a mask, which is all that a platform shows. Whole masks are never compared: their lengths mean nothing.
/// </summary>
internal static class MaskMatcher
{
    /// <summary>How much of its end says that a key is another: fewer characters are shared by chance.</summary>
    public const int TellingCharacters = 3;

    // Of a shorter key even these few characters are too many to show.
    private const int ShortestShown = 20;

    public static KeyLikeness Judge(ReadOnlySpan<char> key, string? mask) =>
        !SecretMasker.IsMasked(mask.AsSpan()) || SecretMasker.EndsOf(mask) is not var (start, end) ? KeyLikeness.Unknown
        : key.Length < start.Length + end.Length
            || !key.StartsWith(start.AsSpan(), StringComparison.Ordinal)
            || !key.EndsWith(end.AsSpan(), StringComparison.Ordinal) ? KeyLikeness.Different
        : end.Length >= TellingCharacters ? KeyLikeness.LikelySame
        : KeyLikeness.Unknown;

    /// <summary>Whether the end that a mask shows is this key's; null where that says too little. How masks begin differs from platform to platform.</summary>
    public static bool? Confirms(string? mask, Secret key)
    {
        string end = SecretMasker.EndsOf(mask)?.End ?? "";
        if (!IsEnd(end))
        {
            // A word behind the mask, such as (set), is the platform's own.
            end = end.Split(' ', '\t', '(', '[', '<')[0];
        }

        return end.Length == 0 ? null : !IsEnd(end) ? false : end.Length >= TellingCharacters ? true : null;

        bool IsEnd(string shown) => key.Read(text => text.EndsWith(shown.AsSpan(), StringComparison.Ordinal));
    }

    /// <summary>A key with as much of it visible as the mask shows of the other.</summary>
    public static string Like(ReadOnlySpan<char> key, string mask) =>
        key.Length < ShortestShown || SecretMasker.EndsOf(mask) is not var (start, end) || start.Length + end.Length > key.Length / 2
            ? Secret.Mask
            : key.Slice(0, start.Length).ToString() + Secret.Mask + key.Slice(key.Length - end.Length).ToString();
}
