namespace KoreConnections;

/// <summary>Something in a manifest that is not acceptable. Its texts never hold a key.</summary>
public sealed class ManifestProblem
{
    /// <summary>The file.</summary>
    public string File { get; internal set; } = "";

    /// <summary>The line, from 1.</summary>
    public int Line { get; internal set; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; internal set; }

    /// <summary>Where it stands in the manifest, such as <c>connections[3].apiKey</c>; empty where the whole file is meant.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>What was wrong, and what is accepted.</summary>
    public string Message { get; internal set; } = "";

    // A key can stand anywhere in a file, also where nobody expects one.
    internal static ManifestProblem At(string file, SourceLocation place, string path, string message) => new()
    {
        File = file,
        Line = place.Line,
        Column = place.Column,
        Path = SecretMasker.Scrub(path),
        Message = SecretMasker.Scrub(message),
    };

    internal string Location => string.Format(CultureInfo.InvariantCulture, "{0}:{1}:{2}", File, Line, Column);

    /// <summary>Everything on one line.</summary>
    public override string ToString() => TextSanitizer.SingleLine(Path.Length == 0 ? $"{Location}: {Message}" : $"{Location}: {Path}: {Message}", 4000);
}
