using System;
using System.IO;

namespace KoreConnections.Host;

/// <summary>The checkout that this program was built in: its root is where the built module is.</summary>
internal sealed class Repository
{
    private static readonly string ManifestPath = Path.Combine("out", "KoreConnections", "KoreConnections.psd1");

    private readonly string _root;

    private Repository(string root) => _root = root;

    public string Manifest => Path.Combine(_root, ManifestPath);

    public string Quickstart => Path.Combine(_root, "docs", "examples", "quickstart.ps1");

    public static Repository? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ManifestPath)))
            {
                return new(folder.FullName);
            }
        }

        return null;
    }
}
