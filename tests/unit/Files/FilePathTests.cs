namespace KoreConnections.Tests.Files;

public sealed class FilePathTests
{
    [Theory]
    [InlineData("a.yaml", "A.yaml")]
    [InlineData("/t/s.json", "/T/S.JSON")]
    [InlineData(@"C:\T\s.json", @"c:\t\S.json")]
    public void CaseDistinguishesPathsExceptOnWindows(string one, string other)
    {
        Assert.Single(new[] { one, other }.Distinct(FilePath.ComparerOf(isWindows: true)));
        Assert.Equal(2, new[] { one, other }.Distinct(FilePath.ComparerOf(isWindows: false)).Count());
        Assert.Equal(2, new[] { one, other + "x" }.Distinct(FilePath.ComparerOf(isWindows: true)).Count());
    }

    [Theory]
    [InlineData("m/k", "m", true, true)]
    [InlineData("m/a/k", "m/", true, true)]
    [InlineData("M/k", "m", false, true)]
    [InlineData("m/k", "M/", false, true)]
    [InlineData("m", "m", false, false)]
    [InlineData("mm/k", "m", false, false)]
    [InlineData("n/k", "m", false, false)]
    [InlineData("", "m", false, false)]
    [InlineData("/k", "/", true, true)]
    public void AFolderIsOneInEachCaseOnWindows(string path, string folder, bool isBelow, bool isBelowOnWindows)
    {
        (path, folder) = (Native(path), Native(folder));
        Assert.Equal(isBelow, FilePath.IsBelow(path, folder, FilePath.ComparerOf(isWindows: false)));
        Assert.Equal(isBelowOnWindows, FilePath.IsBelow(path, folder, FilePath.ComparerOf(isWindows: true)));

        static string Native(string path) => path.Replace('/', Path.DirectorySeparatorChar);
    }

    [Theory]
    [InlineData(@"\\server\share\key.txt", true)]
    [InlineData("//server/share/key.txt", true)]
    [InlineData(@"\\?\C:\keys\a.txt", true)]
    [InlineData(@"\keys\a.txt", false)]
    [InlineData("/keys/a.txt", false)]
    [InlineData(@"C:\keys\a.txt", false)]
    [InlineData(@"keys\\a.txt", false)]
    [InlineData(@"..\a.txt", false)]
    [InlineData(@"\", false)]
    [InlineData("", false)]
    public void APathOnAServerIsAbsoluteOnWindows(string path, bool isOnShare)
    {
        Assert.Equal(isOnShare, FilePath.IsOnShare(path, isWindows: true));
        Assert.False(FilePath.IsOnShare(path, isWindows: false));
    }
}
