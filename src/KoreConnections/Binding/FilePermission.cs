using System.Runtime.InteropServices;

namespace KoreConnections.Commands;

/// <summary>Who may read a file, where the system says so: on Unix, in PowerShell 7.</summary>
internal static class FilePermission
{
    // As chmod counts.
    private const int ReadableByOthers = 0x20 | 0x04;
    private const int Writable = 0x80 | 0x10 | 0x02;
    private const int ToWrite = 2;

    /// <summary>Whether others may read it, and the user can change that. What a container mounts, or another user owns, is as they want it.</summary>
    public static bool IsNeedlesslyOpen(string path)
    {
        try
        {
            return FileStatus.Of(path) is { } status && (status.Mode & ReadableByOthers) != 0 && (status.Mode & Writable) != 0
                && GetEffectiveUser() is uint user && (user == 0 || user == status.User)
                && Access(Encoding.UTF8.GetBytes(path + '\0'), ToWrite) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUser();

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Access")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access(byte[] path, int mode);
}
