namespace KoreConnections.Client;

/// <summary>What a pipeline, a shell or a template leaves of a variable that it did not fill, anywhere in a text.</summary>
internal static class UnfilledPlaceholder
{
    // The platform's own {{x}} is none: it fills that itself.
    private static readonly (string Start, string End, string Meaning)[] Shapes =
    [
        ("$(", ")", AzurePipelines),
        ("${", "}", "contains a variable that was not replaced, such as ${NAME}. Specify its value, or use env:NAME."),
        ("#{", "}#", "contains a token that a deployment tool should have replaced, such as #{NAME}#. Replace it, or use env:NAME."),
    ];

    private const string AzurePipelines = "contains a variable that is not defined in Azure Pipelines, such as $(NAME). "
        + "Define it as a secret variable, or link its variable group.";

    private const string ShellVariable = "contains a variable that was not replaced, such as $env:NAME. "
        + "PowerShell does not expand variables in single quotation marks. Use env:NAME.";

    /// <summary>Whether a text is nothing but a variable that Azure Pipelines did not fill. Within a text, it may belong to it.</summary>
    public static bool IsPipelineVariable(string text) =>
        text.StartsWith("$(", StringComparison.Ordinal) && text.IndexOf(')') == text.Length - 1 && text.IndexOf(' ') < 0;

    /// <summary>What is left, as the end of a sentence; null for nothing.</summary>
    public static string? Find(ReadOnlySpan<char> text)
    {
        foreach ((string start, string end, string meaning) in Shapes)
        {
            int at = text.IndexOf(start.AsSpan());
            if (at >= 0 && text.Slice(at + start.Length).IndexOf(end.AsSpan()) > 0)
            {
                return meaning;
            }
        }

        return text.IndexOf("$env:".AsSpan(), StringComparison.OrdinalIgnoreCase) >= 0
            || (text.Length > 2 && text[0] == '%' && text.Slice(1).IndexOf('%') == text.Length - 2)
            ? ShellVariable
            : null;
    }
}
