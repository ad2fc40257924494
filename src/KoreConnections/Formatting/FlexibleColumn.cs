namespace KoreConnections.Commands;

/// <summary>
/// The cells of the table of connections. Names and models take what a window leaves beside the other columns, so that ids stay whole,
/// which people copy. PowerShell makes a column as wide as its first rows, with any width in the format file, and takes what is
/// missing from the last column, the id: cells are filled up, so that what is left for it is known.
/// </summary>
internal static class FlexibleColumn
{
    public const int ProviderWidth = 13;
    public const int StatusWidth = 9;
    public const int TimeWidth = 16;

    private static readonly Regex Part = new(@"(?<=[ :/-])(?=[^ ])", RegexOptions.CultureInvariant);

    private const int Narrow = 120;
    private const int NarrowName = 21;
    private const int NarrowModel = 17;

    // A column that is never narrower looks the same from table to table.
    private const int LeastModel = 16;

    // What is left of an id in a narrower one says nothing, and its heading would take two lines.
    private const int LeastId = 12;
    private const int WholeId = 39;

    /// <summary>A name. Where the width is not known, as for Out-String, it is that of a narrow window.</summary>
    public static string Name(string text) => Cell(text, NarrowName + StubOfId(Window()), NarrowName + (Spare(Window()) ?? 0));

    // The longest model of a provider's list. What people have fine-tuned is longer.
    private const int LongestModel = 37;

    /// <summary>A model. Where the width is not known, it is whole, unless it would leave no other column.</summary>
    public static string Model(string text) => Window() is int window
        ? Cell(text, LeastModel, window <= Narrow ? LeastModel : NarrowModel + Spare(window)!.Value)
        : Cell(text, LeastModel, Width(text) > LongestModel ? NarrowModel : LongestModel);

    /// <summary>A text on lines of a width, which begin behind spaces and marks: PowerShell breaks words.</summary>
    public static string Wrapped(string text, int width)
    {
        var lines = new List<string> { "" };
        foreach (string part in Part.Split(text).Where(p => p.Length > 0))
        {
            if (lines[lines.Count - 1].Length > 0 && Width((lines[lines.Count - 1] + part).TrimEnd()) > width)
            {
                lines.Add("");
            }

            lines[lines.Count - 1] += part;
        }

        return string.Join("\n", lines.Select(l => l.TrimEnd()));
    }

    internal static string Cell(string text, int least, int most = int.MaxValue)
    {
        if (Width(text) > most)
        {
            int length = text.Length;
            while (Width(text.Substring(0, length)) >= most || char.IsHighSurrogate(text[length - 1]))
            {
                length--;
            }

            text = text.Substring(0, length) + "\u2026";
        }

        return text + new string(' ', Math.Max(0, least - Width(text)));
    }

    /// <summary>What each of the two may take of a window that is wider than a narrow one. PowerShell leaves its last column empty.</summary>
    internal static int? Spare(int? window) => window is int width ? Math.Max(0, width - 1 - Narrow) / 2 : null;

    /// <summary>What a window leaves for an id beside full columns, where it is too little. Names take it, and PowerShell leaves the id out.</summary>
    internal static int StubOfId(int? window) => window - (Narrow - WholeId) is int left and > 0 and < LeastId ? left : 0;

    private static int Width(string text) => text.Sum(c => c is >= '\u1100' and <= '\u115F' or >= '\u2E80' and <= '\uFFE6' ? 2 : 1);

    private static int? Window()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }
}
