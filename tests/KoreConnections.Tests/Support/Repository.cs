using System.IO;
using System.Linq;
using System.Reflection;

namespace KoreConnections.Tests.Support;

/// <summary>Where the built things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string HostAssembly { get; } = Metadata("HostAssembly");

    public static string Module { get; } = Path.Combine(Root, "out", "KoreConnections");

    public static string Manifest { get; } = Path.Combine(Module, "KoreConnections.psd1");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
