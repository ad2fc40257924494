using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>What a report keeps of a change whose end nobody saw, and what the next run makes of it.</summary>
public sealed class RotationDoubtTests : KeyConfirmationTestBase
{
    /// <summary>A newer date may be that of the previous key, once that was sent: only then the next run sends the new key again.</summary>
    [Theory]
    [InlineData("200 - before, 500, 500", false, "GET")]
    [InlineData("200 - before, 200 - before, 200 - before, 403", true, "GET GET PATCH GET")]
    [InlineData("200 - before, 200 - before, 200 - before, 500", true, "GET GET PATCH GET")]
    public async Task WhereThePreviousKeyMayBeBackTheNewOneIsSentAgain(string answers, bool hasPrevious, string requests)
    {
        string path = Path.GetTempFileName();
        var platform = new Uri("http://localhost:1/api/public");
        using (var report = RotationJournal.Open(path, platform, isReadOnly: false))
        {
            Assert.Equal("Unconfirmed", (await RotateAsync(answers, hasPrevious, recorded: null, report)).Outcome);
        }

        _sent.Clear();
        _platform!.Dispose();
        using var next = RotationJournal.Open(path, platform, isReadOnly: true);
        Assert.Equal("Updated", (await RotateAsync("200 - later, 200 - later, 200 NEWX later", hasPrevious: false, next.Find("cn-1"))).Outcome);
        Assert.Equal(requests, string.Join(" ", _sent));
        File.Delete(path);
    }

    [Theory]
    [InlineData("200 - same, 500, 200 - same")]
    [InlineData("200 - before, 200 - before")]
    public async Task AStopBeforeThePreviousKeyIsSentLeavesAResultAndItsLine(string answers)
    {
        string path = Path.GetTempFileName();
        using (var report = RotationJournal.Open(path, new Uri("http://localhost:1/api/public"), isReadOnly: false))
        {
            _atReading = _stop.Cancel;
            Assert.Equal("Unconfirmed", (await RotateAsync(answers, hasPrevious: true, recorded: null, report)).Outcome);
        }

        Assert.Equal(["started", "finished"], File.ReadAllLines(path).Skip(1).Select(l => (string?)JsonNode.Parse(l)!["step"]));
        File.Delete(path);
    }

    [Fact]
    public async Task WithoutItsLineInTheReportThePreviousKeyIsNotSent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not remove a file that is open.");
        string path = Path.GetTempFileName();
        using var report = RotationJournal.Open(path, new Uri("http://localhost:1/api/public"), isReadOnly: false);
        _atReading = () => File.Delete(path);
        KeyUpdateResult result = await RotateAsync("200 - before, 200 - before", hasPrevious: true, recorded: null, report);
        Assert.Equal(("Unconfirmed", "GET PATCH GET"), (result.Outcome, string.Join(" ", _sent)));
        Assert.Contains("was removed or renamed", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExceptionThatNothingExpectedLeavesAResultAndItsLine()
    {
        string path = Path.GetTempFileName();
        using (var report = RotationJournal.Open(path, new Uri("http://localhost:1/api/public"), isReadOnly: false))
        {
            // Without a change, sending it fails as nothing expects.
            KeyUpdateResult result = await RotateAsync("200 - before", hasPrevious: false, recorded: null, report, item => item.Change = null);
            Assert.Equal(("Unconfirmed", "KoreInternalError"), (result.Outcome, result.ErrorId));
        }

        Assert.Contains("\"outcome\":\"Unconfirmed\"", File.ReadAllLines(path)[^1], StringComparison.Ordinal);
        File.Delete(path);
    }

    [Theory]
    // Somebody edited it later, or at once.
    [InlineData("200 - later, 200 NEWX later", "A", 60, "", "GET PATCH GET")]
    [InlineData("200 - later, 200 - later, 200 NEWX later", "before it was renamed", 2, "", "GET GET PATCH GET")]
    [InlineData("200 - later", "A", 2, "", "GET")]
    [InlineData("200 NEWX later", "A", 60, "", "GET")]
    [InlineData("200 NEWX later", "A", 60, "NEWX", "GET PATCH GET")]
    public async Task OfAnInterruptedChangeOnlyWhatIsItsOwnProvesIt(string answers, string name, int secondsAgo, string endBefore, string requests)
    {
        var recorded = new JournalEntry(
            RotationJournal.StartedStep, null, name, "Open AI", "sk-***" + endBefore, null,
            _now.AddHours(-1).LocalDateTime, false, _now.AddSeconds(-secondsAgo), null);
        KeyUpdateResult result = await RotateAsync(answers, hasPrevious: false, recorded);
        Assert.Equal(requests, string.Join(" ", _sent));
        Assert.Equal(requests == "GET", result.Reason is not null);
    }

    /// <summary>A previous key that an earlier run put back may arrive late, and so may its change, after which nothing is put back.</summary>
    [Theory]
    [InlineData("rollingBack", null, false, 3, "200 NEWX before, 200 OLDX later, 200 NEWX later", "Updated", "GET GET PATCH GET", 7)]
    [InlineData("finished", "Unconfirmed", true, 3, "200 OLDX before, 200 OLDX before, 200 NEWX later", "Updated", "GET GET PATCH GET", 7)]
    [InlineData("finished", "Unconfirmed", true, -60, "200 OLDX before, 200 OLDX before, 200 NEWX later", "Updated", "GET GET PATCH GET", 10)]
    [InlineData("rollingBack", null, false, 11, "200 OLDX before, 200 NEWX later", "Updated", "GET PATCH GET", 0)]
    [InlineData("finished", "RolledBack", false, 0, "200 OLDX before, 200 NEWX later", "Updated", "GET PATCH GET", 0)]
    [InlineData("started", null, false, 3, "200 OLDX before, 200 OLDX later, 500, 200 OLDX later", "RolledBack", "GET PATCH GET PATCH", 7)]
    [InlineData("started", null, false, 3, "200 OLDX before, 500, 500, 200 OLDX later", "RolledBack", "GET PATCH GET PATCH", 10)]
    [InlineData("started", null, false, 11, "200 OLDX before, 200 OLDX later, 500, 200 OLDX later", "RolledBack", "GET PATCH GET PATCH", 0)]
    public async Task WhatAnEarlierRunSentMayArriveLate(
        string step, string? recordedOutcome, bool isEitherKey, int secondsAgo, string answers, string outcome, string requests, int waited)
    {
        var recorded = new JournalEntry(
            step, EnumName.Find<KeyUpdateOutcome>(recordedOutcome), "A", "Open AI", "sk-***OLDX", null,
            _now.AddHours(-1).LocalDateTime, isEitherKey, _clock.GetUtcNow().AddSeconds(-secondsAgo), null);
        // Where a change is sent again, a shorter time-out than a request may need ends no wait before something is put back.
        KeyUpdateResult result = await RotateAsync(answers, hasPrevious: true, recorded, timeout: step == "started" ? 2 : 100);
        Assert.Equal((outcome, requests), (result.Outcome, string.Join(" ", _sent)));
        Assert.InRange(_clock.Advanced.TotalSeconds, waited - 0.5, waited + 1);
    }
}
