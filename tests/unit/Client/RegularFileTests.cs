using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KoreConnections.Tests.Client;

/// <summary>What has no end is no file.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("fifo")]
    [InlineData("link")]
    public void OthersAreRefusedWithoutBeingOpened(string name)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return;
        }

        string path = Path.Combine(_folder, name);
        Process.Start("mkfifo", Path.Combine(_folder, "fifo")).WaitForExit();
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "fifo"));
        Assert.Contains("not a regular file", Assert.Throws<IOException>(() => RegularFile.Read(path, 100)).Message, StringComparison.Ordinal);
        var problems = new DiagnosticBag();
        File.CreateSymbolicLink(Path.Combine(_folder, "m.yaml"), path);
        Assert.Null(ManifestFile.Read(Path.Combine(_folder, "m.yaml"), _ => null, problems));
        Assert.Contains("not a regular file", Assert.Single(problems.Ordered()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALimitHoldsToTheByte()
    {
        string path = Path.Combine(_folder, "key");
        File.WriteAllBytes(path, new byte[100]);
        Assert.Equal(100, RegularFile.Read(path, 100).Length);
        Assert.Throws<InvalidDataException>(() => RegularFile.Read(path, 99));
        Assert.ThrowsAny<OperationCanceledException>(() => RegularFile.Read(path, 100, new CancellationToken(canceled: true)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
