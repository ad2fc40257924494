using System.Reflection;

namespace KoreConnections.Client;

/// <summary>Follows symbolic links, where the runtime can: from .NET 6.</summary>
internal static class FileLink
{
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
