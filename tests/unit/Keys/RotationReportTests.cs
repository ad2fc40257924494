using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>The file of a report: what is taken for one, and that no other file is touched.</summary>
public sealed class RotationReportTests : IDisposable
{
    private const string Head =
        """{"report":"KoreConnections key rotation","version":1,"platform":"https://a.example.com/api/public","at":"2026-11-25T10:00:00+00:00"}""";

    private static readonly Uri Platform = new("https://a.example.com/api/public");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-report");

    private string Report => Path.Combine(_folder.FullName, "Cargo");

    [Theory]
    [InlineData("a,b\n1,2\n", "is not a report of a key rotation")]
    [InlineData("{}\n", "is not a report of a key rotation")]
    [InlineData("not json", "is not a report of a key rotation")]
    [InlineData("""{"report":"KoreConnections key rotation","version":1,"platform":"https://b.example.com/api/public"}""" + "\n", "belongs to the platform https://b.example.com/api/public")]
    [InlineData("""{"report":"KoreConnections key rotation","version":1}""" + "\n", "belongs to the platform")]
    [InlineData("""{"report":"sales of the year""", "is not a report of a key rotation")]
    [InlineData("""{"report":"KoreConnections key rotation","version":1,"platform":"https://b.example""", "is not a report of a key rotation")]
    [InlineData("""{"report":"KoreConnections key rotation","version":2,"platform":"https://a.example.com/api/public"}""", "is a report of version 2")]
    [InlineData("""{"report":"KoreConnections key rotation","version":"x","platform":"https://a.example.com/api/public"}""", "is a report of version x")]
    public void AnotherFileIsLeftAsItIs(string content, string words)
    {
        File.WriteAllText(Report, content);
        KoreException error = Assert.Throws<KoreException>(() => Open(Report));
        Assert.Equal(KoreErrorKind.InvalidInput, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Report));
    }

    [Fact]
    public void AReportThatWasSavedAsUtf16IsLeftAsItIs()
    {
        File.WriteAllText(Report, Head + "\n", Encoding.Unicode);
        byte[] before = File.ReadAllBytes(Report);
        Assert.Contains("was saved as UTF-16 by another program. Save it as UTF-8", Assert.Throws<KoreException>(() => Open(Report)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Report));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void AnEditorMayChangeTheEndsOfLines(string end)
    {
        string text = Head + end + """{"step":"started","connectionId":"cn-1"}""" + end + """{"step":"finished","connectionId":"cn-1","outcome":"Updated"}""";
        foreach (string content in new[] { text, text + end })
        {
            File.WriteAllText(Report, content);
            using (RotationJournal report = Open(Report))
            {
                Assert.True(report.Find("cn-1")!.IsDone);
                report.Started(new KeyUpdateResult { ConnectionId = "cn-2" });
            }

            using RotationJournal again = Open(Report);
            Assert.True(again.Find("cn-1")!.IsDone);
            Assert.True(again.Find("cn-2")!.IsInDoubt);
        }
    }

    [Fact]
    public void AHeadThatWasCutOffAnywhereBegins()
    {
        for (int length = 0; length < Head.Length; length++)
        {
            File.WriteAllText(Report, Head[..length]);
            Open(Report).Dispose();
            Assert.EndsWith("}\n", File.ReadAllText(Report), StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(Assert.Single(File.ReadAllLines(Report))));
        }
    }

    [Fact]
    public void HalfOfASurrogatePairInANameSaysNothing()
    {
        File.WriteAllText(
            Report,
            Head.Replace("}", ""","vers\ud800ion":2}""" + "\n", StringComparison.Ordinal)
                + """{"step":"started","connectionId":"cn-1","isEither\ud800Key":1}""" + "\n");
        using RotationJournal report = Open(Report);
        Assert.True(report.Find("cn-1") is { IsInDoubt: true, IsEitherKey: false });
    }

    [Fact]
    public void ALockIsNoOtherFile()
    {
        File.WriteAllText(Report + ".lock", "");
        Open(Report).Dispose();
        Assert.Equal(["Cargo", "Cargo.lock"], _folder.GetFiles().Select(f => f.Name).Order());

        File.WriteAllText(Report + ".kore-lock", "not ours");
        Assert.Contains("Cargo.kore-lock' is another file", Assert.Throws<KoreException>(() => Open(Report)).Message, StringComparison.Ordinal);
        Assert.Equal("not ours", File.ReadAllText(Report + ".kore-lock"));
    }

    [Fact]
    public void TwoLinksToAReportAreOne()
    {
        string link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, Report);
        using (Open(Report))
        {
            Assert.Contains("no other rotation uses it", Assert.Throws<KoreException>(() => Open(link)).Message, StringComparison.Ordinal);
        }

        Open(link).Dispose();
        Assert.True(File.Exists(Report));
    }

    [Fact]
    public void ATimeOfAnotherKindSaysNothing()
    {
        File.WriteAllText(Report, Head + "\n" + """{"step":"started","connectionId":"cn-1","modifiedBefore":true,"at":5}""" + "\n");
        using RotationJournal journal = Open(Report);
        Assert.Equal((null, default), (journal.Find("cn-1")!.ModifiedBefore, journal.Find("cn-1")!.At));
    }

    [Theory]
    [InlineData("\"Updated\"", true)]
    [InlineData("\"1\"", false)]
    [InlineData("\" 1\"", false)]
    [InlineData("1", false)]
    [InlineData("\"Updated \"", false)]
    [InlineData("\"Failed, Updated\"", false)]
    [InlineData("\"Other\"", false)]
    public void OnlyTheNameOfAnOutcomeIsOne(string outcome, bool isDone)
    {
        File.WriteAllText(Report, Head + "\n" + $$"""{"step":"finished","connectionId":"cn-1","outcome":{{outcome}},"at":"2026-11-25T10:00:00+00:00"}""" + "\n");
        using RotationJournal journal = Open(Report);
        Assert.Equal(isDone, journal.Find("cn-1")!.IsDone);
    }

    [Theory]
    [InlineData("renamed")]
    [InlineData("removed")]
    [InlineData("replaced")]
    public void AReportThatIsGoneIsSaid(string how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not remove a file that is open.");
        using RotationJournal journal = Open(Report);
        var result = new KeyUpdateResult { ConnectionId = "cn-1" };
        journal.Started(result);
        File.Move(Report, Report + "2");
        if (how == "removed")
        {
            File.Delete(Report + "2");
        }
        else if (how == "replaced")
        {
            File.Copy(Report + "2", Report);
        }

        Assert.EndsWith("was removed or renamed during the rotation.", Assert.Throws<KoreException>(() => journal.Finished(result)).Message, StringComparison.Ordinal);
        Assert.Equal(how == "replaced", File.Exists(Report));
    }

    /// <summary>Who has no room is not sent to look for a folder.</summary>
    [Fact]
    public void AFullDiskIsRecognized()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a device that is always full.");
        Assert.True(AtomicFile.IsDiskFull(Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "x"))));
        Assert.False(AtomicFile.IsDiskFull(Assert.Throws<DirectoryNotFoundException>(() => File.WriteAllText(Report + "/x/y", "x"))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static RotationJournal Open(string path) => RotationJournal.Open(path, Platform, isReadOnly: false);
}
