namespace KoreConnections.Tests.Files;

/// <summary>What of the reparse points of Windows is a link. Here, a symbolic link has that attribute.</summary>
public sealed class FileLinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly string _file;
    private readonly string _marked;

    public FileLinkTests()
    {
        _file = Path.Combine(_folder, "file");
        _marked = Path.Combine(_folder, "marked");
        File.WriteAllText(_file, "");
        File.CreateSymbolicLink(_marked, _file);
    }

    [Theory]
    // Symbolic links, junctions, and links of Linux.
    [InlineData(0xA000000C, true)]
    [InlineData(0xA0000003, true)]
    [InlineData(0xA000001D, true)]
    // OneDrive in several states, deduplication, projected files, Azure File Sync, archives, and programs of the Store.
    [InlineData(0x9000001A, false)]
    [InlineData(0x9000101A, false)]
    [InlineData(0x9000701A, false)]
    [InlineData(0x9000F01A, false)]
    [InlineData(0x80000013, false)]
    [InlineData(0x9000001C, false)]
    [InlineData(0x8000001E, false)]
    [InlineData(0xC0000004, false)]
    [InlineData(0x8000001B, false)]
    [InlineData(0u, false)]
    public void WindowsPowerShellAsksForTheKind(uint tag, bool isLink)
    {
        Assert.Equal(isLink, FileLink.IsLink(_marked, isWindows: true, target: null, _ => tag));
        Assert.True(FileLink.IsLink(_marked, isWindows: true, target: null, _ => null));
    }

    [Fact]
    public void WithATargetItIsALink()
    {
        Assert.True(FileLink.IsLink(_marked, isWindows: true, _ => new FileInfo(_file), NotAsked<uint?>));
        Assert.False(FileLink.IsLink(_marked, isWindows: true, _ => null, NotAsked<uint?>));
    }

    [Fact]
    public void OtherFilesAreNotAskedFor()
    {
        foreach (string path in new[] { _file, _folder, Path.Combine(_folder, "none"), Path.Combine(_folder, "none", "none") })
        {
            Assert.False(FileLink.IsLink(path, isWindows: true, NotAsked<FileSystemInfo?>, NotAsked<uint?>));
            Assert.False(FileLink.IsLink(path, isWindows: true, target: null, NotAsked<uint?>));
        }
    }

    [Fact]
    public void ElsewhereTheAttributeIsEnough() =>
        Assert.True(FileLink.IsLink(_marked, isWindows: false, NotAsked<FileSystemInfo?>, NotAsked<uint?>));

    [Fact]
    public void LinksThatDoNotEndAreRefused()
    {
        string one = Path.Combine(_folder, "one");
        File.CreateSymbolicLink(one, Path.Combine(_folder, "other"));
        File.CreateSymbolicLink(Path.Combine(_folder, "other"), one);
        Assert.Throws<IOException>(() => FileLink.Real(Path.Combine(one, "file")));
        Assert.Throws<InvalidDataException>(() => FileLink.Followed(one));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static T NotAsked<T>(string path) => throw new InvalidOperationException(path);
}
