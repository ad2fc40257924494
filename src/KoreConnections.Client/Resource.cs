using System.Reflection;
using System.Security.Cryptography;

namespace KoreConnections.Client;

/// <summary>What the assembly has within itself, and what it says of itself.</summary>
internal static class Resource
{
    private static readonly Assembly Own = typeof(Resource).Assembly;

    public static string Version { get; } = Own.GetName().Version.ToString(3);

    /// <param name="name">Its name, behind that of the assembly.</param>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Own.GetManifestResourceStream($"KoreConnections.Client.{name}")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static byte[] Hash(string text)
    {
        using var sha = SHA256.Create();
        return sha.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
