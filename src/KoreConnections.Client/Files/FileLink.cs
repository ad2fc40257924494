using System.Reflection;

namespace KoreConnections.Client;

/// <summary>Follows symbolic links, where the runtime can: from .NET 6.</summary>
internal static class FileLink
{
    // As Linux counts.
    private const int MostLinks = 40;

    private static readonly MethodInfo? Resolve = typeof(FileInfo).GetMethod("ResolveLinkTarget", [typeof(bool)]);

    /// <summary>The file at the end of the links; the path itself where it is none.</summary>
    /// <exception cref="InvalidDataException">It is a link that cannot be followed.</exception>
    public static string Followed(string path)
    {
        if (!IsLink(path))
        {
            return path;
        }

        try
        {
            return Resolve is null
                ? throw new InvalidDataException($"'{path}' is a link. Specify its target instead.")
                : (Resolve.Invoke(new FileInfo(path), [true]) as FileSystemInfo)?.FullName ?? path;
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidDataException($"'{path}' is a link that cannot be followed: {e.InnerException?.Message}", e);
        }
    }

    /// <summary>Where a path leads to, with the links in all of its folders followed as far as the runtime can.</summary>
    /// <exception cref="IOException">The links do not end.</exception>
    public static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        var left = new Stack<string>(Parts(full, real));
        for (int links = 0; left.Count > 0;)
        {
            string next = Path.Combine(real, left.Pop());
            if (!IsLink(next) || Target(next) is not FileSystemInfo target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("Its links do not end.");
            }

            // What it leads to may have links before it, too.
            real = Path.GetPathRoot(target.FullName)!;
            foreach (string part in Parts(target.FullName, real))
            {
                left.Push(part);
            }
        }

        return real;
    }

    // The last first, as a stack takes them.
    private static IEnumerable<string> Parts(string full, string root) =>
        Enumerable.Reverse(full.Substring(root.Length).Split([Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));

    private static FileSystemInfo? Target(string link)
    {
        try
        {
            return Resolve?.Invoke(new FileInfo(link), [false]) as FileSystemInfo;
        }
        catch (TargetInvocationException e)
        {
            throw new IOException(e.InnerException?.Message, e);
        }
    }

    public static bool IsLink(string path)
    {
        try
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
