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

    public static KeyLikeness Judge(ReadOnlySpan<char> key, string? mask)
    {
        if (mask is null || !SecretMasker.IsMasked(mask.AsSpan()))
        {
            return KeyLikeness.Unknown;
        }

        (int first, int last) = (mask.IndexOf('*'), mask.LastIndexOf('*'));
        ReadOnlySpan<char> start = mask.AsSpan(0, first);
        ReadOnlySpan<char> end = mask.AsSpan(last + 1);
        return key.Length < start.Length + end.Length
            || !key.StartsWith(start, StringComparison.Ordinal)
            || !key.EndsWith(end, StringComparison.Ordinal) ? KeyLikeness.Different
            : end.Length >= TellingCharacters ? KeyLikeness.LikelySame
            : KeyLikeness.Unknown;
    }

    /// <summary>Whether the end that a mask shows is this key's; null where that says too little. How masks begin differs from platform to platform.</summary>
    public static bool? Confirms(string? mask, Secret key)
    {
        string end = mask?.Substring(mask.LastIndexOf('*') + 1) ?? "";
        return end.Length == 0 || end.Length == mask!.Length ? null
            : !key.Read(text => text.EndsWith(end.AsSpan(), StringComparison.Ordinal)) ? false
            : end.Length >= TellingCharacters ? true
            : null;
    }

    /// <summary>A key with as much of it visible as the mask shows of the other.</summary>
    public static string Like(ReadOnlySpan<char> key, string mask)
    {
        int start = mask.IndexOf('*');
        int end = mask.Length - mask.LastIndexOf('*') - 1;
        return key.Length < ShortestShown || start < 0 || start + end > key.Length / 2
            ? Secret.Mask
            : key.Slice(0, start).ToString() + Secret.Mask + key.Slice(key.Length - end).ToString();
    }
}
