using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace KoreConnections.Client;

/// <summary>What Unix knows of a file beside its content.</summary>
internal sealed record FileStatus(int Mode, int User, int Group)
{
    // Permissions as chmod counts, with the bits for set-id and sticky.
    private const int Permissions = 0xFFF;
    private const int ReadableByOthers = 0x20 | 0x04;
    private const int Writable = 0x80 | 0x10 | 0x02;
    private const int ToWrite = 2;

    // As .NET's shim has them since .NET 7.
    private const int DeviceOffset = 88;
    private const int NumberOffset = 104;

    /// <summary>The status of what a path leads to; null on Windows, and where there is nothing.</summary>
    public static FileStatus? Of(string path) =>
        Read(path) is byte[] status ? new FileStatus(Field(status, 1), Field(status, 2), Field(status, 3)) : null;

    /// <summary>Which file of which device a path leads to; null on Windows, and where there is nothing.</summary>
    public static (long Device, long Number)? Identity(string path) => IdentityIn(Read(path));

    /// <summary>Which file is open, also where its path leads to another by now.</summary>
    public static (long Device, long Number)? Identity(FileStream open) =>
        IdentityIn(Read(status => OpenStat(open.SafeFileHandle.DangerousGetHandle(), status)));

    /// <summary>Whether others may read a file, and the user can change that. What a container mounts, or another user owns, is as they want it.</summary>
    public static bool IsNeedlesslyOpen(string path) =>
        Of(path) is { } status && (status.Mode & ReadableByOthers) != 0 && (status.Mode & Writable) != 0
        && GetEffectiveUser() is var user && (user == 0 || user == status.User) && Calls(() => Access(Native(path), ToWrite));

    /// <summary>Gives another file this owner, group and permissions; false where that is not allowed.</summary>
    public bool ApplyTo(string path)
    {
        if (Of(path) is { } now && (now.User, now.Group) != (User, Group))
        {
            Calls(() => ChangeOwner(Native(path), User, Group));
        }

        // After the owner, whose change takes bits away.
        Calls(() => ChangeMode(Native(path), Mode & Permissions));
        return Of(path) == this;
    }

    private static byte[]? Read(string path) => Read(status => Stat(Native(path), status));

    private static byte[]? Read(Func<byte[], int> stat)
    {
        byte[] status = new byte[512];
        return !FilePath.IsWindows && Calls(() => stat(status)) ? status : null;
    }

    private static (long Device, long Number)? IdentityIn(byte[]? status) =>
        status is null ? null : (BitConverter.ToInt64(status, DeviceOffset), BitConverter.ToInt64(status, NumberOffset));

    private static int Field(byte[] status, int index) => BitConverter.ToInt32(status, index * sizeof(int));

    private static byte[] Native(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static bool Calls(Func<int> native)
    {
        try
        {
            return native() == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // .NET's own shim over stat: its result begins alike on every system, where that of the C library differs.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static extern int Stat(byte[] path, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_FStat")]
    private static extern int OpenStat(IntPtr file, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_ChMod")]
    private static extern int ChangeMode(byte[] path, int mode);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    private static extern int GetEffectiveUser();

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Access")]
    private static extern int Access(byte[] path, int mode);

    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner(byte[] path, int user, int group);
}
