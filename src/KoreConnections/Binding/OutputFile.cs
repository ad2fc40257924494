namespace KoreConnections.Commands;

/// <summary>A file that a cmdlet writes: checked before anything is asked, written whole or not at all.</summary>
internal sealed class OutputFile
{
    private readonly PSCmdlet _cmdlet;
    private readonly string? _given;
    private readonly bool _overwrites;

    /// <summary>Checks a -Path.</summary>
    /// <param name="extensions">The accepted endings: they keep one kind of file from being written over another.</param>
    /// <param name="overwrites">Whether an existing file may be replaced.</param>
    /// <param name="advice">What to do where it exists.</param>
    public OutputFile(
        PSCmdlet cmdlet, string? path, IReadOnlyList<string> extensions, bool overwrites, string advice = "Use -Force to replace it, or specify another path.")
    {
        (_cmdlet, _given, _overwrites) = (cmdlet, path, overwrites);
        FullPath = PathInput.Full(cmdlet, path);
        if (!extensions.Contains(Path.GetExtension(FullPath), StringComparer.OrdinalIgnoreCase))
        {
            throw Invalid($"has no file extension that identifies a format. Use one of {string.Join(", ", extensions)}.");
        }

        if (Directory.Exists(FullPath))
        {
            throw Invalid("is a folder. Specify the path of a file.");
        }

        // To open one waits for somebody to read.
        if (RegularFile.IsOther(FullPath))
        {
            throw Invalid(RegularFile.NoFile);
        }

        if (!Directory.Exists(Path.GetDirectoryName(FullPath)))
        {
            throw Invalid("is in a folder that does not exist. Create the folder, or specify another path.");
        }

        if (!overwrites && File.Exists(FullPath))
        {
            throw Invalid($"already exists. {advice}");
        }
    }

    public string FullPath { get; }

    /// <summary>The file as Get-Item emits it, so that it can be piped on.</summary>
    public object Item => _cmdlet.InvokeProvider.Item.Get([FullPath], force: true, literalPath: true);

    public void Write(string text) => Write(() => AtomicFile.Write(FullPath, text, _overwrites));

    /// <summary>Does what writes it.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it could not be written, and what was there is as it was.</exception>
    public void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or InvalidDataException)
        {
            throw Invalid($"could not be written: {SecretMasker.Reason(e)}");
        }
    }

    private KoreException Invalid(string problem) => PathInput.Invalid("Path", _given, problem);
}
