using System.Reflection;

namespace KoreConnections.Tests.Support;

/// <summary>Where the built things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata(typeof(Repository).Assembly, "RepositoryRoot");

    public static string Module { get; } = Path.Combine(Root, "out", "KoreConnections");

    public static string Manifest { get; } = Path.Combine(Module, "KoreConnections.psd1");

    public static string Metadata(Assembly assembly, string key) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
