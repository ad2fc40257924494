using System.Text.RegularExpressions;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Texts that PowerShell makes of an object where its content did not fit: a type's name, or a table on one line.</summary>
internal static class LostContent
{
    private static readonly Regex Shape = new(@"^(System\.(Object|String|Management\.Automation|Collections)[\w.`+]*(\[[\w., ]*\])*|@\{[^{}]*=.*\})$", RegexOptions.CultureInvariant);

    /// <summary>The text, where it is one.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the content is gone, and what is left of it is not sent.</exception>
    public static string Refuse(string text, string parameter) => text.Length > 2 && text[0] is 'S' or '@' && Shape.IsMatch(text)
        ? throw KoreException.InvalidInput(parameter, $"-{parameter} holds {(text[0] == '@' ? "an object as one line of text" : $"'{TypeName(text)}', the name of a type,")} in place of its content. ConvertTo-Json cuts what is deeper than its -Depth, and Export-Csv what is nested: convert again with a greater -Depth.")
        : text;

    private static string TypeName(string text) => TextSanitizer.SingleLine(text, 100);
}
