namespace KoreConnections.Client;

/// <param name="Root">Its content, or null for none.</param>
internal sealed record ManifestFile(string Path, string Content, ManifestNode? Root)
{
    private const int MaxFileSize = 16 * 1024 * 1024;

    // Half a character is a damaged file, not a question mark.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it begins with a byte order mark, as Windows PowerShell writes it.</summary>
    public bool HasMark => Bytes is [0xEF, 0xBB, 0xBF, ..] or [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..];

    /// <summary>What was read, as it is in the file.</summary>
    public byte[] Bytes { get; private init; } = [];

    public string LineEnd => Content.Contains("\r\n") ? "\r\n" : "\n";

    public static IReadOnlyList<string> Extensions { get; } = [".yaml", ".yml", ".json"];

    public static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public static bool IsManifest(string path) => Extensions.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a file; null when it cannot be read, which is reported as a problem.</summary>
    /// <param name="allowsUnset">Whether a variable may be unset, but for those that say which connection it is.</param>
    public static ManifestFile? Read(
        string path, Func<string, string?> environment, DiagnosticBag problems, bool allowsUnset = false, CancellationToken stop = default)
    {
        try
        {
            if (!IsManifest(path))
            {
                throw new ManifestParseException(
                    new SourceLocation(1, 1), $"The file extension does not identify a format. Use one of {string.Join(", ", Extensions)}.");
            }

            var context = new ManifestParseContext(environment, (place, at, message) => problems.Add(path, place, at, message), allowsUnset);
            byte[] bytes = RegularFile.Read(path, MaxFileSize, stop);
            string text = RegularFile.Text(bytes, Strict);
            ManifestNode? root = IsJson(path) ? JsonManifest.Read(text, context) : YamlManifest.Read(text, context);
            return new ManifestFile(path, text, root) { Bytes = bytes };
        }
        catch (Exception e) when (Problem(e) is string problem)
        {
            problems.Add(path, (e as ManifestParseException)?.Location ?? new SourceLocation(1, 1), "", problem);
            return null;
        }
    }

    private static string? Problem(Exception failure) => failure switch
    {
        ManifestParseException => failure.Message,
        InvalidDataException => $"The file is larger than {MaxFileSize / (1024 * 1024)} MB. Split it into several files.",
        DecoderFallbackException => "The file is not UTF-8. Save it as UTF-8.",
        IOException or UnauthorizedAccessException or NotSupportedException => $"The file cannot be read: {SecretMasker.Reason(failure)}",
        _ => null,
    };
}
