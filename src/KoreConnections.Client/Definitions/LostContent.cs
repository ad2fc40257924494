namespace KoreConnections.Client;

/// <summary>Texts that PowerShell makes of an object where its content did not fit: a type's name, or a table on one line.</summary>
internal static class LostContent
{
    private static readonly Regex Shape = new(
        @"^(System\.(Object|String|Security\.SecureString|Management\.Automation|Collections)[\w.`+]*(\[[\w., ]*\])*|@\{[^{}]*=.*\})$",
        RegexOptions.CultureInvariant);

    /// <summary>The text, where it is one.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: the content is gone, and what is left of it is not sent.</exception>
    public static string Refuse(string text, string parameter) =>
        text.Length > 2 && text[0] is 'S' or '@' && Shape.IsMatch(text) ? throw Lost(text, parameter) : text;

    private static KoreException Lost(string text, string parameter)
    {
        string what = text[0] == '@' ? "an object as one line of text" : $"the type name '{TextSanitizer.SingleLine(text, 100)}'";
        return Guard.Invalid(
            parameter,
            $"contains {what} instead of its content. "
                + "ConvertTo-Json drops what is deeper than its -Depth, and Export-Csv drops what is nested. Convert it again with a greater -Depth.");
    }
}
