namespace KoreConnections.Client;

/// <summary>Collects problems, each once however many aliases lead to it, and lists them in the order of the files.</summary>
internal sealed class DiagnosticBag
{
    private readonly HashSet<(string File, SourceLocation Location, string Message)> _seen = [];
    private readonly List<ManifestProblem> _problems = [];

    public int Count => _problems.Count;

    public void Add(string file, SourceLocation place, string path, string message)
    {
        // A key can stand anywhere in a file, also where nobody expects one.
        (path, message) = (SecretMasker.Scrub(path), SecretMasker.Scrub(message));
        if (_seen.Add((file, place, message)))
        {
            _problems.Add(new ManifestProblem { File = file, Line = place.Line, Column = place.Column, Path = path, Message = message });
        }
    }

    public IReadOnlyList<ManifestProblem> Ordered() =>
        [.. _problems.GroupBy(p => p.File).SelectMany(file => file.OrderBy(p => p.Line).ThenBy(p => p.Column))];
}
