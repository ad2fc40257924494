using System.Reflection;
using System.Runtime.ExceptionServices;
using KoreConnections.Client;

namespace KoreConnections.Sandbox;

/// <summary>Makes files that only their owner may read, from the first moment on.</summary>
internal static class PrivateFile
{
    // rw-------
    private const int OwnerOnly = 0x180;

    // What could not be written is not left for the end, where it would fail once more.
    private const int NoBuffer = 1;

    // Newer than what this is built for, so they are asked for by name: on Unix, from .NET 7.
    private static readonly Type? Options = typeof(File).Assembly.GetType("System.IO.FileStreamOptions");
    private static readonly PropertyInfo? CreateMode = FilePath.IsWindows ? null : Options?.GetProperty("UnixCreateMode");
    private static readonly ConstructorInfo? Constructor = Options is null ? null : typeof(FileStream).GetConstructor([typeof(string), Options]);

    public static FileStream Open(string path, FileMode mode, FileOptions options)
    {
        if (CreateMode is null || Constructor is null)
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, NoBuffer, options);
        }

        object how = Activator.CreateInstance(Options!)!;
        Set("Mode", mode);
        Set("Access", FileAccess.ReadWrite);
        Set("Share", FileShare.None);
        Set("BufferSize", NoBuffer);
        Set("Options", options);
        CreateMode.SetValue(how, Enum.ToObject(Nullable.GetUnderlyingType(CreateMode.PropertyType)!, OwnerOnly));
        try
        {
            return (FileStream)Constructor.Invoke([path, how]);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Capture(e.InnerException!).Throw();
            throw;
        }

        void Set(string name, object value) => Options!.GetProperty(name)!.SetValue(how, value);
    }
}
