namespace KoreConnections.Commands;

/// <summary>Completes references to keys: schemes, names of variables (those that look like a key's first) and paths. No value is read.</summary>
public sealed class KeyCompleter : Completer
{
    private const string Variables = "env:";
    private const string Files = "file:";

    private static readonly string[] KeyEndings = ["KEY", "TOKEN"];

    private protected override IEnumerable<CompletionResult> Complete(string word, IDictionary bound) =>
        Begins(word, Variables) ? Names(word.Substring(Variables.Length)).Select(n => Result(Variables + n, n, $"The environment variable {n}"))
        : Begins(word, Files) ? Paths(word.Substring(Files.Length))
        : KeySources.All.Select(s => (Start: s.Scheme + ":", Source: s))
            .Where(s => Begins(s.Start, word))
            .Select(s => Result(s.Start, s.Start, $"{s.Source.Reference}: {s.Source.Description}"));

    private static IEnumerable<string> Names(string start) =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(n => Begins(n, start))
            .OrderBy(n => !KeyEndings.Any(e => n.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            .ThenBy(n => n, StringComparer.OrdinalIgnoreCase);

    // The folder stays as it was typed, and the names are those of PowerShell's own completion.
    private static IEnumerable<CompletionResult> Paths(string start)
    {
        string folder = start.Substring(0, start.LastIndexOfAny(['/', '\\']) + 1);
        return CompletionCompleters.CompleteFilename(start)
            .Select(f => Result(Files + folder + f.ListItemText, f.ListItemText, f.ToolTip));
    }
}
