using System.IO;
using System.Linq;
using System.Reflection;

namespace KoreConnections.Tests.Support;

/// <summary>Where the built things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string HostAssembly { get; } = Metadata("HostAssembly");

    /// <summary>The reference assemblies of .NET Framework 4.7.2.</summary>
    public static string DesktopFramework { get; } = Metadata("DesktopFramework");

    /// <summary>The reference assembly of Windows PowerShell 5.1.</summary>
    public static string DesktopPowerShell { get; } = Metadata("DesktopPowerShell");

    public static string Module { get; } = Path.Combine(Root, "out", "KoreConnections");

    public static string Manifest { get; } = Path.Combine(Module, "KoreConnections.psd1");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
