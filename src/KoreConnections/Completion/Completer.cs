using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes a value that is typed with or without quotation marks, by completions that can be typed as they stand.</summary>
public abstract class Completer : IArgumentCompleter
{
    private const string Unquoted = "-_.:/";

    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete ?? "";
        return Complete(word.Length > 0 && word[0] is ('\'' or '"') ? word.Substring(1).TrimEnd(word[0]) : word, fakeBoundParameters);
    }

    /// <param name="word">What was typed so far, without the quotation marks around it.</param>
    private protected abstract IEnumerable<CompletionResult> Complete(string word, IDictionary bound);

    /// <summary>Whether a text begins with what was typed, or matches it as a pattern, as in PowerShell's own completion.</summary>
    private protected static bool Begins(string? text, string word) => text is not null
        && (text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            || (WildcardPattern.ContainsWildcardCharacters(word) && NamePattern.Of(word + "*")?.IsMatch(text) == true));

    private protected static CompletionResult Result(string value, string shown, string toolTip)
    {
        bool isPlain = value.Length > 0 && IsWord(value[0]) && value.All(c => IsWord(c) || Unquoted.IndexOf(c) >= 0);
        string text = isPlain ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
        return new CompletionResult(
            text, NotEmpty(TextSanitizer.SingleLine(shown)), CompletionResultType.ParameterValue, NotEmpty(TextSanitizer.SingleLine(toolTip)));
    }

    private static bool IsWord(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9';

    private static string NotEmpty(string text) => text.Length == 0 ? " " : text;
}
