namespace KoreConnections.Client;

/// <summary>What a path means on Windows and elsewhere.</summary>
internal static class FilePath
{
    public static bool IsWindows { get; } = Path.DirectorySeparatorChar == '\\';

    /// <summary>How the system compares paths.</summary>
    public static StringComparer Comparer { get; } = ComparerOf(IsWindows);

    public static StringComparer ComparerOf(bool isWindows) => isWindows ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static bool IsBelow(string path, string folder, StringComparer comparer)
    {
        string start = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return path.Length >= start.Length && comparer.Equals(path.Substring(0, start.Length), start);
    }

    /// <summary>Whether it is on a server (\\server\share): absolute, although it has no drive.</summary>
    public static bool IsOnShare(string path, bool isWindows) => isWindows && path is ['\\' or '/', '\\' or '/', ..];
}
