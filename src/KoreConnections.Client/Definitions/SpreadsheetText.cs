namespace KoreConnections.Client;

/// <summary>What a spreadsheet writes into a file instead of a value that it does not have: an error, or what its cell was too narrow for.</summary>
internal static class SpreadsheetText
{
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

    /// <summary>Whether it is a long number as a spreadsheet shortens it, of which digits are lost: <c>1,23457E+15</c>.</summary>
    public static bool IsShortened(ReadOnlySpan<char> text)
    {
        int at = text.IndexOf("E+", StringComparison.OrdinalIgnoreCase);
        return at > 0 && IsNumber(text[..at]) && text.Length > at + 2 && IsNumber(text[(at + 2)..]);
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.IsAll(static c => c is (>= '0' and <= '9') or '.' or ',');
}
