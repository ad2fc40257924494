using System;
using System.IO;
using System.Reflection;

namespace KoreConnections.Commands;

/// <summary>Who may read a file, where the runtime can tell: on Unix, from .NET 7.</summary>
internal static class FilePermission
{
    // Group and others, as chmod counts.
    private const int ReadableByOthers = 0x20 | 0x04;

    // Newer than what this is built for, so it is asked for by name.
    private static readonly MethodInfo? GetUnixFileMode = Path.DirectorySeparatorChar == '/'
        ? typeof(File).GetMethod("GetUnixFileMode", [typeof(string)])
        : null;

    /// <summary>Whether the group or others may read it; false where that cannot be told.</summary>
    public static bool IsOpenToOthers(string path)
    {
        try
        {
            return GetUnixFileMode?.Invoke(null, [path]) is Enum mode && (Convert.ToInt32(mode, System.Globalization.CultureInfo.InvariantCulture) & ReadableByOthers) != 0;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }
}
