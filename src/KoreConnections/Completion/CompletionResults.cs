using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Makes completions that can be typed as they stand.</summary>
internal static class CompletionResults
{
    private const string Unquoted = "-_.:/";

    /// <summary>What was typed so far, without the quotation marks around it.</summary>
    public static string Typed(string? word)
    {
        string text = word ?? "";
        return text.Length > 0 && text[0] is ('\'' or '"') ? text.Substring(1).TrimEnd(text[0]) : text;
    }

    /// <summary>A value, quoted where PowerShell would read it otherwise.</summary>
    public static CompletionResult Of(string value, string shown, string toolTip)
    {
        bool isPlain = value.Length > 0 && IsWord(value[0]) && value.All(c => IsWord(c) || Unquoted.IndexOf(c) >= 0);
        string text = isPlain ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
        return new CompletionResult(
            text, NotEmpty(TextSanitizer.SingleLine(shown)), CompletionResultType.ParameterValue, NotEmpty(TextSanitizer.SingleLine(toolTip)));
    }

    private static bool IsWord(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';

    private static string NotEmpty(string text) => text.Length == 0 ? " " : text;
}
