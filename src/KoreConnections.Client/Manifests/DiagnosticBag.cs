namespace KoreConnections.Client;

/// <summary>Collects problems, each once however many aliases lead to it, and lists them in the order of the files.</summary>
internal sealed class DiagnosticBag
{
    private readonly HashSet<(string File, int Line, int Column, string Message)> _seen = [];
    private readonly List<ManifestProblem> _problems = [];

    public int Count => _problems.Count;

    public void Add(string file, SourceLocation place, string path, string message) => Add(ManifestProblem.At(file, place, path, message));

    public void Add(ManifestProblem problem)
    {
        if (_seen.Add((problem.File, problem.Line, problem.Column, problem.Message)))
        {
            _problems.Add(problem);
        }
    }

    public bool HasAny(string file, SourceLocation place) => _problems.Exists(p => p.File == file && p.Line == place.Line && p.Column == place.Column);

    public IReadOnlyList<ManifestProblem> Ordered() =>
        [.. _problems.GroupBy(p => p.File).SelectMany(file => file.OrderBy(p => p.Line).ThenBy(p => p.Column))];
}
