using System.Collections.ObjectModel;

namespace KoreConnections.Commands;

internal static class PathInput
{
    public const string Accepted = "Use a string, or what Get-Item, Get-ChildItem or Resolve-Path emits.";

    private const string SchemaEnding = ".schema.json";

    /// <summary>What is bound instead of something that is no path, so that nothing of it is in any message.</summary>
    public static readonly string NoPath = new("(no path)".ToCharArray());

    /// <summary>The path of a file, a folder or a location; null for anything else.</summary>
    public static string? Of(object? given) => PSValueConverter.Unwrap(given) switch
    {
        FileSystemInfo item => IsRelative(item) ? item.ToString() : item.FullName,
        // With its drive, so that one that is not in the file system is refused.
        PathInfo location => location.Path,
        _ => null,
    };

    // Of a path that somebody gave it: .NET completes that with the folder of the process, and shells have their own. Of an item that was emitted,
    // Windows PowerShell has only the name as its text.
    private static bool IsRelative(FileSystemInfo item) => item.ToString() is var given && !Path.IsPathRooted(given)
        && PSObject.AsPSObject(item).Properties["PSPath"] is null && Path.GetFullPath(given) == item.FullName;

    public static bool IsOfFolder(string file) => ManifestFile.IsManifest(file) && !IsSchema(file);

    private static bool IsSchema(string file) => file.EndsWith(SchemaEnding, StringComparison.OrdinalIgnoreCase);

    public static string Full(PSCmdlet cmdlet, string? path, string parameter = "Path")
    {
        if (ReferenceEquals(path, NoPath))
        {
            throw Guard.Invalid(parameter, $"is not a path. {Accepted}");
        }

        string given = Guard.NotEmpty(path, parameter);
        string full = Literal(cmdlet, given, parameter);
        string bare = WildcardPattern.Unescape(given);
        // Completion escapes the characters of patterns in names. A file may also be called so: its own name comes first.
        return bare == given || File.Exists(full) || Directory.Exists(full) ? full : Literal(cmdlet, bare, parameter);
    }

    private static string Literal(PSCmdlet cmdlet, string path, string parameter)
    {
        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name != "FileSystem" ? throw Invalid(parameter, path, "is not in the file system.")
                // .NET Framework has exceptions of its own for these, as it parses a path.
                : full.IndexOfAny(Path.GetInvalidPathChars()) >= 0
                    ? throw Invalid(parameter, path, "is not a path: it contains a character that no path has, such as a null character.")
                : full;
        }
        // The last where ~ leads nowhere, because HOME is not set.
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw Invalid(parameter, path, $"is not a path: {SecretMasker.Quote(e.Message, 300)}");
        }
    }

    /// <summary>The manifests behind a path: a file, a folder with its folders, or a pattern.</summary>
    public static IReadOnlyList<string> Manifests(KoreCmdlet cmdlet, string path, string parameter = "Path")
    {
        string full = Full(cmdlet, path, parameter);
        if (File.Exists(full))
        {
            return [full];
        }

        string[] found;
        try
        {
            // A file may be called what looks like a pattern, so this comes second.
            found = [.. Directory.Exists(full) ? InFolder(cmdlet, full) : Matching(cmdlet, path)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(parameter, path, $"cannot be read completely: {SecretMasker.Reason(e)}");
        }

        return found.Length > 0
            ? found
            : throw Invalid(
                parameter,
                path,
                "does not match any manifest. Specify a file, a folder that contains manifests, or a pattern. "
                    + $"The extension of a manifest is {string.Join(", ", ManifestFile.Extensions)}. "
                    + $"Hidden files are skipped, and so are those that end with {SchemaEnding}.");
    }

    private static IEnumerable<string> InFolder(KoreCmdlet cmdlet, string folder) =>
        Sorted(Directory.GetFiles(folder)).Where(f => IsTaken(cmdlet, f))
            .Concat(Sorted(Directory.GetDirectories(folder)).Where(f => IsFollowed(cmdlet, f)).SelectMany(f => InFolder(cmdlet, f)));

    private static IEnumerable<string> Matching(KoreCmdlet cmdlet, string path)
    {
        RefuseUnreadable(cmdlet, path);
        return Sorted(Matches(cmdlet, path)).SelectMany(match =>
            File.Exists(match) ? IsTaken(cmdlet, match) ? [match] : []
            : Directory.Exists(match) && !IsLeftOut(cmdlet, match) ? InFolder(cmdlet, match)
            : []);
    }

    // The shell skips the folders of a pattern that it cannot read.
    private static void RefuseUnreadable(KoreCmdlet cmdlet, string pattern)
    {
        while (WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            string parent = cmdlet.SessionState.Path.ParseParent(pattern, null);
            IEnumerable<string> folders = WildcardPattern.ContainsWildcardCharacters(parent)
                ? Matches(cmdlet, parent)
                : [Full(cmdlet, parent.Length == 0 ? "." : parent)];
            foreach (string folder in folders.Where(Directory.Exists))
            {
                _ = Directory.EnumerateFileSystemEntries(folder).Any();
            }

            pattern = parent;
        }
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> paths) => paths.OrderBy(p => p, StringComparer.Ordinal);

    private static bool IsTaken(KoreCmdlet cmdlet, string file) =>
        ManifestFile.IsManifest(file) && !IsLeftOut(cmdlet, file) && !(IsSchema(file) && Skips(cmdlet, file, $"ends with {SchemaEnding}"));

    private static bool IsFollowed(KoreCmdlet cmdlet, string folder)
    {
        bool isSeen = !IsLeftOut(cmdlet, folder);
        // It may lead back to where it is.
        bool isLink = isSeen && FileLink.IsLink(folder);
        if (isLink)
        {
            cmdlet.WriteWarning($"'{SecretMasker.QuotePath(folder)}' is a link to a folder, which is not followed. Specify the folder itself with -Path.");
        }

        return isSeen && !isLink;
    }

    // What systems and editors leave beside the files: ._connections.yaml, .git.
    private static bool IsLeftOut(KoreCmdlet cmdlet, string path)
    {
        bool isHidden = Path.GetFileName(path)[0] == '.' || (File.GetAttributes(path) & FileAttributes.Hidden) != 0;
        return isHidden && Skips(cmdlet, path, "is hidden");
    }

    private static bool Skips(KoreCmdlet cmdlet, string path, string why)
    {
        cmdlet.WriteVerbose($"'{SecretMasker.QuotePath(path)}' {why} and was skipped. To read it, specify its path.");
        return true;
    }

    private static Collection<string> Matches(PSCmdlet cmdlet, string path)
    {
        try
        {
            return !WildcardPattern.ContainsWildcardCharacters(path) ? []
                : path.IndexOf('`') >= 0 && InOneFolder(cmdlet, path) is { } found ? found
                : cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }

    // The shell does not find a name with a character that is escaped and another that is not. Null where a folder is a pattern, too.
    private static Collection<string>? InOneFolder(PSCmdlet cmdlet, string path)
    {
        int end = path.LastIndexOfAny(['/', Path.DirectorySeparatorChar]) + 1;
        string folder = end == 0 ? "." : path.Substring(0, end);
        var name = new WildcardPattern(path.Substring(end), WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return WildcardPattern.ContainsWildcardCharacters(folder) || Full(cmdlet, folder) is not { } full || !Directory.Exists(full) ? null
            : [.. Directory.GetFileSystemEntries(full).Where(f => name.IsMatch(Path.GetFileName(f)))];
    }

    public static KoreException Invalid(string parameter, string? path, string problem) =>
        Guard.Invalid(parameter, $"'{SecretMasker.QuotePath(path)}' {problem}").About(path);
}
