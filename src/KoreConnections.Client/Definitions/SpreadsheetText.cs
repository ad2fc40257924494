namespace KoreConnections.Client;

/// <summary>What a spreadsheet writes into a file instead of a value that it does not have: an error, or what its cell was too narrow for.</summary>
internal static class SpreadsheetText
{
    private const char Minus = '\u2212';

    // As Excel and others write them in English, German, Spanish, French, Italian and Portuguese.
    private static readonly string[] Errors =
    [
        "#N/A", "#N/D", "#NV", "#NAME?", "#NOM?", "#NOME?", "#¿NOMBRE?", "#NULL!", "#NUL!", "#NULO!", "#NULLO!", "#¡NULO!", "#NUM!", "#ZAHL!",
        "#NOMBRE!", "#NÚM!", "#¡NUM!",
        "#REF!", "#BEZUG!", "#RIF!", "#¡REF!", "#VALUE!", "#WERT!", "#VALEUR!", "#VALORE!", "#VALOR!", "#¡VALOR!", "#DIV/0!", "#¡DIV/0!",
        "#SPILL!", "#ÜBERLAUF!", "#¡DESBORDAMIENTO!", "#PROPAGATION!", "#CALC!", "#KALK!", "#¡CALC!", "#FIELD!", "#FELD!", "#¡CAMPO!", "#GETTING_DATA",
    ];

    /// <summary>What it is, as the end of a sentence; null for anything else.</summary>
    public static string? Problem(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.IsEmpty || text[0] != '#' ? null
            : text.Length >= 3 && text.Trim('#').IsEmpty
                ? "is what a spreadsheet shows if a column is too narrow. Widen the column and save the file again."
            : text.Find(Errors) is string error ? $"is the spreadsheet error {error}. Correct the cell and save the file again."
            : null;
    }

    /// <summary>The same of a single value, which may be a long number that a spreadsheet shortened: <c>1,23457E+15</c>.</summary>
    /// <param name="what">What the value is.</param>
    public static string? ProblemOfValue(ReadOnlySpan<char> text, string what = "value") => Problem(text)
        ?? (!IsShortened(text.Trim()) ? null
            : $"is a number that a spreadsheet shortened, so digits are lost. Format the cell as text before you paste the {what}.");

    private static bool IsShortened(ReadOnlySpan<char> text)
    {
        text = text is ['-' or Minus, ..] ? text[1..] : text;
        int at = text.IndexOfAny('E', 'e');
        return at > 0 && text.Length > at + 2 && IsNumber(text[..at]) && IsNumber(text[(at + 2)..])
            && (text[at + 1] == '+' || (text[at + 1] is '-' or Minus && IsSmall(text[..at], text[at..])));
    }

    // 1,23E-05, and no part of a key in hexadecimal digits.
    private static bool IsSmall(ReadOnlySpan<char> digits, ReadOnlySpan<char> exponent) =>
        (digits.IndexOfAny('.', ',') is >= 0 and int point ? point : digits.Length) <= 3 && exponent[0] == 'E' && exponent.Length is 4 or 5;

    private static bool IsNumber(ReadOnlySpan<char> text) => text.IsAll(static c => c is (>= '0' and <= '9') or '.' or ',');
}
