namespace KoreConnections.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly string _path;
    private readonly string _lock;

    public FileLockTests()
    {
        _path = Path.Combine(_folder, "file.yaml");
        _lock = _path + ".kore-lock";
    }

    [Fact]
    public async Task ItIsHeldByOneAtATimeAndLeavesNothing()
    {
        int holders = 0;
        int most = 0;
        int count = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                // Without a pause, one is opened while the one before is removed.
                for (int i = 0; i < 200;)
                {
                    using FileLock held = FileLock.Try(_path, TimeSpan.Zero, CancellationToken.None);
                    if (Record.Exception(held.Require) is null)
                    {
                        most = Math.Max(most, Interlocked.Increment(ref holders));
                        count++;
                        Thread.SpinWait(500);
                        Interlocked.Decrement(ref holders);
                        i++;
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal((1, 1600), (most, count));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void WhoDoesNotWaitIsRefusedInTheNameOfTheFile()
    {
        using (FileLock.Take(_path, TimeSpan.Zero, CancellationToken.None))
        {
            IOException refusal = Assert.ThrowsAny<IOException>(() => FileLock.Take(_path, TimeSpan.FromMilliseconds(50), CancellationToken.None));
            Assert.Contains("file.yaml", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("kore-lock", refusal.Message, StringComparison.Ordinal);
            using FileLock other = FileLock.Try(_path, TimeSpan.Zero, CancellationToken.None);
            Assert.ThrowsAny<IOException>(other.Require);
            using var stop = new CancellationTokenSource(100);
            Assert.ThrowsAny<OperationCanceledException>(() => FileLock.Take(_path, Long, stop.Token));
        }

        using FileLock next = FileLock.Try(_path, TimeSpan.Zero, CancellationToken.None);
        next.Require();
    }

    [Fact]
    public void OfALinkItIsThatOfItsTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right on Windows.");
        string link = Path.Combine(_folder, "link.yaml");
        File.WriteAllText(_path, "");
        File.CreateSymbolicLink(link, _path);
        using FileLock held = FileLock.Take(link, TimeSpan.Zero, CancellationToken.None);
        Assert.ThrowsAny<IOException>(() => FileLock.Take(_path, TimeSpan.Zero, CancellationToken.None));
        Assert.True(File.Exists(_lock));
    }

    /// <summary>What has its name and is none is neither waited for nor removed, and is named.</summary>
    [Theory]
    [InlineData("a folder")]
    [InlineData("a pipe")]
    [InlineData("a file with content")]
    public void WhatHasItsNameIsLeft(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && kind == "a pipe", "Windows has no such files.");
        if (kind == "a folder")
        {
            Directory.CreateDirectory(_lock);
        }
        else if (kind == "a pipe")
        {
            using var make = System.Diagnostics.Process.Start("mkfifo", [_lock]);
            make.WaitForExit();
        }
        else
        {
            File.WriteAllText(_lock, "x");
        }

        Exception refusal = Assert.Throws<InvalidDataException>(() => FileLock.Take(_path, Long, CancellationToken.None));
        Assert.Contains("file.yaml.kore-lock' is another file", refusal.Message, StringComparison.Ordinal);
        using FileLock other = FileLock.Try(_path, Long, CancellationToken.None);
        Assert.Throws<InvalidDataException>(other.Require);
        Assert.True(Directory.Exists(_lock) || File.Exists(_lock));
        Assert.True(kind != "a file with content" || File.ReadAllText(_lock) == "x");
    }

    /// <summary>One that a process left which was killed is nobody's.</summary>
    [Fact]
    public void OneThatWasLeftIsTaken()
    {
        File.WriteAllText(_lock, "");
        FileLock.Take(_path, TimeSpan.Zero, CancellationToken.None).Dispose();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void WhereNoneCanBeMadeIsSaidOnceItIsNeeded()
    {
        using FileLock none = FileLock.Try(Path.Combine(_folder, "missing", "file.yaml"), Long, CancellationToken.None);
        Assert.DoesNotContain("kore-lock", Assert.ThrowsAny<IOException>(none.Require).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
