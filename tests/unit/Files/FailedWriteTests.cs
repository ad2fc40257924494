namespace KoreConnections.Tests.Files;

/// <summary>A file that cannot be written, or was changed meanwhile, stays as it is; and what is said of it is about the file that the user knows.</summary>
public sealed class FailedWriteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly string _path;

    public FailedWriteTests()
    {
        _path = Path.Combine(_folder, "file.yaml");
        File.WriteAllText(_path, "before");
    }

    [Theory]
    [InlineData("full", "There is no space left on the disk for '{0}'. Free disk space, and try again.")]
    [InlineData("access", "Access to the path '{0}' is denied.")]
    [InlineData("missing", "Could not find a part of the path '{0}'.")]
    [InlineData("other", "It failed : '{0}'")]
    [InlineData("large", "The file is larger than its file system or the limits of this process allow.")]
    public void NoMessageNamesAFileBesideIt(string how, string expected)
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_path, "after", overwrite: true, create: next => throw Failure(how, next)));
        Assert.True(AtomicFile.IsFailure(failure));
        Assert.Equal(how == "full", AtomicFile.IsDiskFull(failure));
        Assert.Equal(string.Format(CultureInfo.InvariantCulture, expected, _path), failure.Message);
        AssertLeft("before");
    }

    [Fact]
    public void WhatCannotBeWrittenToIsNamed()
    {
        string path = Path.Combine(_folder, "missing", "file.yaml");
        Assert.Contains($"'{path}'", Assert.ThrowsAny<IOException>(() => AtomicFile.RequireWritable(path)).Message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", Assert.ThrowsAny<IOException>(() => AtomicFile.Write(path, "x", overwrite: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before", "before", true)]
    [InlineData("", "", true)]
    [InlineData("before", "afterw", false)]
    [InlineData("before", "before and more", false)]
    [InlineData("before", "bef", false)]
    [InlineData("before", "", false)]
    [InlineData("", "more", false)]
    [InlineData("before", null, false)]
    public void WhatWasChangedSinceItWasReadIsKept(string read, string? now, bool isWritten)
    {
        File.Delete(_path);
        if (now is not null)
        {
            File.WriteAllText(_path, now);
        }

        Exception? failure = Record.Exception(() => AtomicFile.Write(_path, "after", overwrite: true, previous: Encoding.UTF8.GetBytes(read)));
        Assert.Equal(isWritten ? null : "The file was changed in the meantime. Run the command again.", failure?.Message);
        Assert.True(isWritten || failure is IOException);
        AssertLeft(isWritten ? "after" : now);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Exception Failure(string how, string next) => how switch
    {
        "full" => new IOException($"No space left on device : '{next}'", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28),
        "access" => new UnauthorizedAccessException($"Access to the path '{next}' is denied."),
        "missing" => new DirectoryNotFoundException($"Could not find a part of the path '{next}'."),
        "large" => new ArgumentOutOfRangeException(nameof(how)),
        _ => new IOException($"It failed : '{next}'"),
    };

    private void AssertLeft(string? content)
    {
        Assert.Equal(content is null ? [] : new[] { _path }, Directory.GetFiles(_folder));
        Assert.Equal(content, content is null ? null : File.ReadAllText(_path));
    }
}
