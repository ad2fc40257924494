using System;

namespace KoreConnections.Client;

/// <summary>What a pipeline, a shell or a template leaves of a variable that it did not fill, anywhere in a text.</summary>
internal static class UnfilledPlaceholder
{
    // The platform's own {{x}} is none: it fills that itself.
    private static readonly (string Start, string End, string Meaning)[] Shapes =
    [
        ("$(", ")", "holds what Azure Pipelines leaves of a variable that is not defined, such as $(NAME). Define it as a secret variable, or link its variable group."),
        ("${", "}", "holds a variable that nothing filled, such as ${NAME}. Give its value, or env:NAME."),
        ("#{", "}#", "holds a token that a deployment tool should have replaced, such as #{NAME}#. Replace it, or give env:NAME."),
    ];

    private const string ShellVariable = "holds a variable that nothing filled, such as $env:NAME: PowerShell leaves a text in single quotation marks as it is. Give env:NAME.";

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
