using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace KoreConnections.Host;

/// <summary>Hands the words of a command line to a script, by the rules of pwsh -File.</summary>
internal static class ScriptArguments
{
    public static PowerShell Add(PowerShell shell, ReadOnlySpan<string> words)
    {
        CommandParameterCollection parameters = shell.Commands.Commands[^1].Parameters;
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            parameters.Add((word, colon) switch
            {
                ({ Length: < 2 } or [not '-', ..], _) => new(null, word),
                // A name alone: the binder decides whether it is a switch or takes the next word.
                (_, < 0) => new(word),
                _ when colon == word.Length - 1 => i + 1 < words.Length ? new(word[..colon], words[++i]) : new(word[..colon]),
                _ => new CommandParameter(word[..colon], Value(word[(colon + 1)..])),
            });
        }

        return shell;
    }

    // There is no other way to hand $false to a switch from outside PowerShell.
    private static object Value(string text) =>
        bool.TryParse(text.StartsWith('$') ? text[1..] : text, out bool flag) ? flag : text;
}
