namespace KoreConnections.Client;

/// <summary>A text as a person or a file gives it for a field, before the field's own rule.</summary>
internal static class FieldText
{
    /// <summary>The text; null for a blank one, which counts as not given.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it stands for content that was lost on its way here, or has a whole object in it.</exception>
    public static string? Of(string text, string parameter) => string.IsNullOrWhiteSpace(text) ? null
        : SpreadsheetText.Problem(text.AsSpan()) is string problem ? throw Guard.Invalid(parameter, problem)
        : LostContent.RefuseRow(LostContent.Refuse(text, parameter), parameter);

    /// <summary>The same of a text that may be missing; white space around it, which rules remove, is noted.</summary>
    public static string? Noting(string? text, string parameter, Action<string> note)
    {
        string? given = text is null ? null : Of(text, parameter);
        if (IsPadded(given))
        {
            note($"-{parameter}: white space around the value was removed.");
        }

        return given;
    }

    public static bool IsPadded(string? text) => text is not null && SingleLine.Trim(text).Length < text.Length;
}
