using System.Security;

namespace KoreConnections.Tests.Files;

/// <summary>How a file is replaced where other programs hold files for a moment: on Windows.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly string _path;
    private readonly string _next;
    private int _calls;

    public AtomicFileTests()
    {
        _path = Path.Combine(_folder, "file");
        _next = _path + ".tmp";
        File.WriteAllText(_path, "before");
        File.WriteAllText(_next, "after");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1175)]
    [InlineData(1176)]
    [InlineData(1177)]
    public void WhatIsBusyForAMomentIsTriedAgain(int code)
    {
        Replace((next, path, backup) =>
        {
            if (_calls < 3)
            {
                Lose(code, path, backup);
                throw Failure(code);
            }

            File.Replace(next, path, backup);
        });
        Assert.Equal(3, _calls);
        AssertLeft("after");
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(32, 5)]
    [InlineData(33, 5)]
    [InlineData(1175, 5)]
    [InlineData(1176, 5)]
    [InlineData(1177, 5)]
    // Other failures are no matter of time.
    [InlineData(2, 1)]
    [InlineData(112, 1)]
    public void WhatWasThereIsAsItWas(int code, int calls)
    {
        Exception failure = Failure(code);
        Assert.Same(failure, Assert.ThrowsAny<Exception>(() => Replace((_, path, backup) =>
        {
            Lose(code, path, backup);
            throw failure;
        })));
        Assert.Equal(calls, _calls);
        File.Delete(_next);
        AssertLeft("before");
    }

    [Fact]
    public void AReadOnlyFileIsRefusedAtOnce()
    {
        File.SetAttributes(_path, FileAttributes.ReadOnly);
        Assert.Throws<UnauthorizedAccessException>(() => Replace((_, _, _) => throw Failure(5)));
        Assert.Equal(1, _calls);
        File.SetAttributes(_path, FileAttributes.Normal);
    }

    [Fact]
    public void WhatCannotBePutBackIsKept()
    {
        IOException failure = Assert.Throws<IOException>(() => Replace((_, path, backup) =>
        {
            File.Move(path, backup!);
            Directory.CreateDirectory(path);
            throw Failure(1177);
        }));
        Assert.Contains("its name ends with .old", failure.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(_path + ".old"));
    }

    [Fact]
    public void CleaningUpHidesNoFailure()
    {
        Assert.Equal("first", Assert.Throws<IOException>(() => AtomicFile.Write(_path, "after", overwrite: true, create: next =>
        {
            // It is no file that could be removed.
            Directory.CreateDirectory(next);
            throw new IOException("first");
        })).Message);
        Assert.Equal("before", File.ReadAllText(_path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(87)]
    public void WhereNothingCanBeReplacedTheFileIsWritten(int code)
    {
        Replace((_, _, _) => throw Failure(code));
        Assert.Equal(1, _calls);
        File.Delete(_next);
        AssertLeft("after");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(32)]
    public void ElsewhereItIsReplacedOnceAndWithoutABackup(int code)
    {
        Assert.ThrowsAny<Exception>(() => AtomicFile.Replace(_path, _next, isWindows: false, (_, _, backup) =>
        {
            _calls++;
            Assert.Null(backup);
            throw Failure(code);
        }));
        Assert.Equal(1, _calls);
        AtomicFile.Replace(_path, _next, isWindows: false, File.Replace);
        AssertLeft("after");
    }

    [Fact]
    public void AFileIsWrittenOverAndOver()
    {
        File.Delete(_next);
        for (int i = 0; i < 3; i++)
        {
            AtomicFile.Write(_path, $"{i}", overwrite: true);
            AssertLeft($"{i}");
        }

        Assert.Throws<IOException>(() => AtomicFile.Write(_path, "x", overwrite: false));
        AssertLeft("2");
    }

    [Theory]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(PathTooLongException), true)]
    [InlineData(typeof(UnauthorizedAccessException), true)]
    [InlineData(typeof(InvalidDataException), true)]
    // .NET Framework: a * or ? in a path, and a colon.
    [InlineData(typeof(ArgumentException), true)]
    [InlineData(typeof(NotSupportedException), true)]
    [InlineData(typeof(InvalidOperationException), false)]
    [InlineData(typeof(NullReferenceException), false)]
    [InlineData(typeof(OperationCanceledException), false)]
    [InlineData(typeof(SecurityException), false)]
    public void WhatAFileSystemRefusesIsKnown(Type type, bool isFailure) =>
        Assert.Equal(isFailure, AtomicFile.IsFailure((Exception)Activator.CreateInstance(type)!));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Replace(Action<string, string, string?> replace) => AtomicFile.Replace(_path, _next, isWindows: true, (next, path, backup) =>
    {
        _calls++;
        replace(next, path, backup);
    });

    // As Windows documents its codes: by these, a file without a backup is gone, and by the second one with a backup has its name.
    private static void Lose(int code, string path, string? backup)
    {
        if (backup is null && code is 1176 or 1177)
        {
            File.Delete(path);
        }
        else if (code == 1177)
        {
            File.Move(path, backup!);
        }
    }

    private static Exception Failure(int code) =>
        code == 5 ? new UnauthorizedAccessException("No access.") : new IOException("It failed.", unchecked((int)0x80070000) | code);

    private void AssertLeft(string content)
    {
        Assert.Equal(content, File.ReadAllText(_path));
        Assert.Equal([_path], Directory.GetFiles(_folder));
    }
}
