using System;
using System.IO;
using System.Linq;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Keys;

/// <summary>Keys that lie about in a file for all to read. Those in the history of a shell are for the acceptance tests: this engine keeps none.</summary>
public sealed class KeyWarningTests : IDisposable
{
    private const string Key = "sk-lies-about-0123456789";

    private readonly Workplace _place = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-warnings");

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    public void AFileThatOthersCanReadIsWarnedOfOnce(UnixFileMode mode, bool warns)
    {
        if (OperatingSystem.IsWindows())
        {
            // Files have no such mode there.
            return;
        }

        string path = Path.Combine(_folder.FullName, "key.txt");
        File.WriteAllText(path, Key);
        File.SetUnixFileMode(path, mode);
        _place.Shell.Set("path", path);
        ShellResult result = _place.Shell.Run("1..3 | ForEach-Object { @{ Provider = 'OpenAI'; Name = \"N$_\"; Model = 'm'; ApiKey = \"file:$path\" } } | New-Connection");
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(warns ? 1 : 0, result.Streams.Warning.Count(w => w.Message.Contains("can be read by others", StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        _place.Dispose();
        _folder.Delete(recursive: true);
    }
}
