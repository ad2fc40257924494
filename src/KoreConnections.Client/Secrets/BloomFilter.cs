namespace KoreConnections.Client;

/// <summary>
/// Which pieces of eight characters a text has, in any case: what begins with another is not in it, and is not looked for. A failure of one of
/// a thousand items is searched for the keys of all.
/// </summary>
internal sealed class BloomFilter
{
    /// <summary>The length of a piece, in characters.</summary>
    public const int Length = 8;

    // So many bits for each piece: of those that are absent, one of sixteen seems to be there.
    private const int BitsPerPiece = 16;

    private readonly ulong[] _bits;
    private readonly int _shift;

    public BloomFilter(string text)
    {
        int power = 6;
        while (power < 32 && 1L << power < text.Length * (long)BitsPerPiece)
        {
            power++;
        }

        _shift = 64 - power;
        _bits = new ulong[1 << (power - 6)];
        ulong piece = 0;
        for (int i = 0; i < text.Length; i++)
        {
            piece = Next(piece, text[i]);
            if (i >= Length - 1)
            {
                (int at, ulong bit) = Place(piece);
                _bits[at] |= bit;
            }
        }
    }

    /// <summary>Whether the text may hold what a form begins with. Of a form that is shorter than a piece, or is not of ASCII, nothing is known.</summary>
    public bool MayHold(ReadOnlySpan<char> form)
    {
        if (form.Length < Length || !form[..Length].IsAll(static c => c <= '~'))
        {
            return true;
        }

        (int at, ulong bit) = Place(Of(form));
        return (_bits[at] & bit) != 0;
    }

    /// <summary>The piece that a form begins with. Of ASCII, it is the text itself.</summary>
    public static ulong Of(ReadOnlySpan<char> form)
    {
        ulong piece = 0;
        foreach (char c in form.Slice(0, Length))
        {
            piece = Next(piece, c);
        }

        return piece;
    }

    /// <summary>The piece that ends with a character. Eight bits each: of what is further back than a piece is long, nothing is left.</summary>
    public static ulong Next(ulong piece, char c) => (piece << 8) + (byte)char.ToUpperInvariant(c);

    private (int At, ulong Bit) Place(ulong piece)
    {
        ulong place = (piece * 0x9E37_79B9_7F4A_7C15) >> _shift;
        return ((int)(place >> 6), 1UL << (int)(place & 63));
    }
}
