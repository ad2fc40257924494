using System.Reflection;
using System.Runtime.InteropServices;

namespace KoreConnections.Client;

/// <summary>Follows symbolic links, where the runtime can: from .NET 6.</summary>
internal static class FileLink
{
    // As Linux counts.
    private const int MostLinks = 40;

    // WIN32_FIND_DATAW, where the attributes come first.
    private const int FoundSize = 592;
    private const int TagOffset = 36;

    // The bit of a tag that says that what has it stands for something else.
    private const uint NameSurrogate = 0x20000000;

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

    public static bool IsLink(string path) => IsLink(path, FilePath.IsWindows, Resolve is null ? null : Target, Tag);

    /// <param name="target">Where a link leads to; null where the runtime cannot follow any.</param>
    /// <param name="tag">What kind of reparse point it is; null where that cannot be found.</param>
    internal static bool IsLink(string path, bool isWindows, Func<string, FileSystemInfo?>? target, Func<string, uint?> tag)
    {
        try
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0
                // On Windows, what OneDrive synchronizes is a reparse point, too, and leads nowhere.
                && (!isWindows || (target is not null ? target(path) is not null : tag(path) is not uint kind || (kind & NameSurrogate) != 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static uint? Tag(string path)
    {
        byte[] found = new byte[FoundSize];
        IntPtr search = FindFirst(path, found);
        if (search == new IntPtr(-1))
        {
            return null;
        }

        _ = FindClose(search);
        return ((FileAttributes)BitConverter.ToInt32(found, 0) & FileAttributes.ReparsePoint) == 0 ? 0 : BitConverter.ToUInt32(found, TagOffset);
    }

    [DllImport("kernel32", EntryPoint = "FindFirstFileW", CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern IntPtr FindFirst(string path, [Out] byte[] found);

    [DllImport("kernel32", ExactSpelling = true)]
    private static extern int FindClose(IntPtr search);
}
