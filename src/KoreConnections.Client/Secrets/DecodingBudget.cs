namespace KoreConnections.Client;

/// <summary>
/// How many characters are decoded to search one text: what is encoded in what is encoded would become hundreds of times as long.
/// </summary>
/// <param name="stop">Ends the work when the time of the request is over.</param>
internal sealed class DecodingBudget(string text, CancellationToken stop = default)
{
    // A step takes ten bytes for each character. A page or a script needs ten to eighteen times its length.
    private const long Least = 1024 * 1024;
    private const long Most = 24 * Least;
    private const int Times = 32;

    private readonly long _limit = Math.Min(Math.Max(Least, (long)text.Length * Times), Most);

    /// <summary>How many characters were decoded so far, with the step that was too much.</summary>
    public long Spent { get; private set; }

    /// <summary>Whether a part was not decoded, so that nobody knows what is in it.</summary>
    public bool IsExceeded => Spent > _limit;

    /// <summary>False where so many characters more are too many, and from then on.</summary>
    public bool Spend(int characters)
    {
        stop.ThrowIfCancellationRequested();
        Spent += IsExceeded ? 0 : characters;
        return !IsExceeded;
    }
}
