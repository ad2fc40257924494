using System;
using System.Globalization;
using System.Text;

namespace KoreConnections.Client;

/// <summary>Makes text that came from outside safe to show: it is data, never a command to a terminal or a build agent.</summary>
public static class CleanText
{
    /// <summary>How much of an unexpected text an error shows.</summary>
    internal const int Shortened = 300;

    /// <summary>
    /// Control and formatting characters become spaces, so escape sequences lose their start and text stays on one line;
    /// the openings of build agent commands are broken up.
    /// </summary>
    /// <param name="text">The text; null is read as empty.</param>
    /// <param name="maxLength">Longer text is cut and ends with an ellipsis.</param>
    public static string Line(string? text, int maxLength = 1000)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text!.Length, maxLength) + 1);
        bool pendingSpace = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || IsInvisible(c))
            {
                pendingSpace = line.Length > 0;
                continue;
            }

            if (line.Length >= maxLength)
            {
                line.Append('…');
                break;
            }

            if (pendingSpace)
            {
                line.Append(' ');
                pendingSpace = false;
            }
            else if (c == '#' && line.Length > 0 && line[line.Length - 1] == '#')
            {
                // Azure Pipelines acts on ##vso[ and ##[ anywhere in a line. Each pair is parted: ### has two.
                line.Append(' ');
            }

            line.Append(c);
        }

        // GitHub Actions acts on :: at the start of a line.
        return line.Length > 1 && line[0] == ':' && line[1] == ':' ? line.Insert(1, ' ').ToString() : line.ToString();
    }

    // The joiner is what holds composed emoji together.
    private static bool IsInvisible(char c) => c != '\u200D' && char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
