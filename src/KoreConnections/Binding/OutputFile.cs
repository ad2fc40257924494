namespace KoreConnections.Commands;

/// <summary>A file that a cmdlet writes: checked before anything is asked, written whole or not at all.</summary>
internal sealed class OutputFile
{
    private readonly PSCmdlet _cmdlet;
    private readonly string? _given;

    /// <param name="extensions">The accepted endings: they keep one kind of file from being written over another.</param>
    public OutputFile(
        PSCmdlet cmdlet, string? path, IReadOnlyList<string> extensions, bool overwrites, string advice = "Use -Force to replace it, or specify another path.")
    {
        (_cmdlet, _given) = (cmdlet, path);
        FullPath = PathInput.Full(cmdlet, path);
        string? problem =
            !extensions.Contains(Path.GetExtension(FullPath), StringComparer.OrdinalIgnoreCase)
                ? $"has no file extension that identifies a format. Use one of {string.Join(", ", extensions)}."
            : Directory.Exists(FullPath) ? "is a folder. Specify the path of a file."
            // To open one waits for somebody to read.
            : RegularFile.IsOther(FullPath) ? RegularFile.NoFile
            : !Directory.Exists(Path.GetDirectoryName(FullPath)) ? "is in a folder that does not exist. Create the folder, or specify another path."
            : !overwrites && File.Exists(FullPath) ? $"already exists. {advice}"
            : null;
        if (problem is not null)
        {
            throw Invalid(problem);
        }
    }

    public string FullPath { get; }

    /// <summary>The file as Get-Item emits it, so that it can be piped on.</summary>
    public object Item => _cmdlet.InvokeProvider.Item.Get([FullPath], force: true, literalPath: true);

    /// <summary>Tries whether it can be written. It changes nothing.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it could not.</exception>
    public void RequireWritable() => Write(() => AtomicFile.RequireWritable(FullPath));

    /// <exception cref="KoreException">KoreInvalidInput: it could not be written, and what was there is as it was.</exception>
    public void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (AtomicFile.IsFailure(e))
        {
            throw Invalid($"could not be written: {SecretMasker.Reason(e)}");
        }
    }

    private KoreException Invalid(string problem) => PathInput.Invalid("Path", _given, problem);
}
