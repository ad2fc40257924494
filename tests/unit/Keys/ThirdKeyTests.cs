namespace KoreConnections.Tests.Keys;

/// <summary>What a rotation does where somebody else sets a key meanwhile: it is not overwritten, because nobody could put it back.</summary>
public sealed class ThirdKeyTests : IDisposable
{
    private readonly AutoAdvancingTimeProvider _clock = new();
    private readonly DateTimeOffset _now = new(DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    private readonly List<string> _sent = [];
    private FaultyProxy? _platform;
    private RotationLimit _limit = new(0);

    /// <param name="answers">Status, what is shown of the key, and when it was modified: before, later, or none. The last repeats.</param>
    [Theory]
    [InlineData("200 OLDX before, 200 NEWX later, 200 CCCC later", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 200 NEWX later, 200 CCCC later", false, "GET PATCH GET")]
    [InlineData("200 OLDX none, 200 NEWX none, 200 CCCC none", true, "GET PATCH GET")]
    [InlineData("200 OLDX none, 200 - none, 200 CCCC none", true, "GET PATCH GET")]
    [InlineData("200 - before, 200 NEWX later, 200 CCCC later", true, "GET PATCH GET")]
    [InlineData("200 NEWX before, 200 - later, 200 CCCC later", true, "GET PATCH GET")]
    // After a read that was late, and in the answer itself.
    [InlineData("200 OLDX before, 200 NEWX later, 200 OLDX before, 200 CCCC later", true, "GET PATCH GET GET")]
    [InlineData("200 OLDX before, 200 NEWX later, 200 CCCC later, 200 OLDX before", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 200 CCCC later, 500", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 200 CCCC later, 200 OLDX before", true, "GET PATCH GET")]
    // Nothing is sent again, nor put back, after a change without an answer.
    [InlineData("200 OLDX before, 503, 200 CCCC later", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 503, 200 CCCC later", false, "GET PATCH GET")]
    [InlineData("200 OLDX none, 504, 200 CCCC none", true, "GET PATCH GET")]
    [InlineData("200 OLDX none, 504, 200 CCCC none", false, "GET PATCH GET")]
    [InlineData("200 OLDX before, 500, 200 CCCC later", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 202, 200 CCCC later", true, "GET PATCH GET")]
    [InlineData("200 OLDX before, 202, 200 OLDX before, 200 CCCC later", true, "GET PATCH GET GET")]
    [InlineData("200 - before, 503, 500, 200 CCCC later", true, "GET PATCH GET GET")]
    // While the previous key waits for the first attempt to be over.
    [InlineData("200 OLDX before, 504, 200 OLDX before, 200 OLDX before, 200 CCCC later", true, "GET PATCH GET PATCH GET")]
    // Less or more of a key is shown.
    [InlineData("200 OLDX before, 200 NEWX later, 200 C later", true, "GET PATCH GET")]
    [InlineData("200 X before, 200 X later, 200 CCCC later", true, "GET PATCH GET")]
    public async Task AKeyOfSomebodyElseIsNotOverwritten(string answers, bool hasPrevious, string requests)
    {
        foreach (bool isHeader in new[] { false, true })
        {
            KeyUpdateResult result = await RotateAsync(answers, hasPrevious, isHeader);
            Assert.Equal((isHeader, "Unconfirmed", requests), (isHeader, result.Outcome, string.Join(" ", _sent)));
            Assert.Contains("shows a third key", result.Reason, StringComparison.Ordinal);
            Assert.Contains("third key", result.Failure!.RecommendedAction, StringComparison.Ordinal);
            Assert.StartsWith("***C", result.MaskAfter, StringComparison.Ordinal);
        }
    }

    [Theory]
    // The previous key's end is what a read shows that is late; a mask without an end shows nothing.
    [InlineData("200 OLDX before, 200 NEWX later, 200 OLDX before", true, "RolledBack", "GET PATCH GET GET GET GET PATCH")]
    [InlineData("200 X before, 200 OLDX before, 200 X before", true, "RolledBack", "GET PATCH GET PATCH")]
    [InlineData("200 OLDX before, 200 - before, 200 - before", true, "RolledBack", "GET PATCH GET PATCH")]
    [InlineData("200 OLDX before, 200 NEWX later, 500, 200 OLDX later", true, "RolledBack", "GET PATCH GET PATCH")]
    [InlineData("200 OLDX before, 503, 200 OLDX before, 200 NEWX later", true, "Updated", "GET PATCH GET PATCH GET")]
    // Without a previous key, what was never shown may have been there.
    [InlineData("200 - before, 503, 200 CCCC before, 200 NEWX later", false, "Updated", "GET PATCH GET PATCH GET")]
    [InlineData("200 LDX before, 503, 200 OLDX before, 200 NEWX later", false, "Updated", "GET PATCH GET PATCH GET")]
    [InlineData("200 OLDX before, 503, 200 DX before, 200 NEWX later", false, "Updated", "GET PATCH GET PATCH GET")]
    public async Task WhatMayBeThePreviousKeyIsNoThirdOne(string answers, bool hasPrevious, string outcome, string requests)
    {
        foreach (bool isHeader in new[] { false, true })
        {
            KeyUpdateResult result = await RotateAsync(answers, hasPrevious, isHeader);
            Assert.Equal((isHeader, outcome, requests), (isHeader, result.Outcome, string.Join(" ", _sent)));
            Assert.Null(result.Reason);
        }
    }

    /// <summary>What a platform makes of the end, or adds to it, says nothing of whose key it is.</summary>
    [Theory]
    [InlineData("newx"), InlineData("NEWX."), InlineData("NEWX(hidden)"), InlineData("'NEWX'")]
    public async Task AMaskOfAnotherFormIsNoThirdKey(string shown)
    {
        foreach (bool isHeader in new[] { false, true })
        {
            foreach (bool hasPrevious in new[] { false, true })
            {
                KeyUpdateResult result = await RotateAsync($"200 - before, 200 {shown} later, 200 {shown} later", hasPrevious, isHeader);
                Assert.DoesNotContain("third key", $"{result.Reason} {result.Failure?.RecommendedAction}", StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Of headers, one is enough, and so is one that nobody had.</summary>
    [Theory]
    [InlineData("x-api-key=NEWX second=CCCC", "Unconfirmed")]
    [InlineData("x-api-key=CCCC second=NEWX", "Unconfirmed")]
    [InlineData("X-API-KEY=CCCC", "Unconfirmed")]
    [InlineData("authorization=CCCC", "Unconfirmed")]
    [InlineData("x-api-key=OLDX second=OLDX other=CCCC", "Unconfirmed")]
    [InlineData("x-api-key=OLDX second=OLDX", "RolledBack")]
    [InlineData("x-api-key=OLDX second=OLDX there=CCCC", "RolledBack")]
    [InlineData("x-api-key=OLDX", "RolledBack")]
    [InlineData("x-api-key= second=OLDX", "RolledBack")]
    [InlineData("second=", "RolledBack")]
    public async Task OneHeaderOfSomebodyElseIsEnough(string shown, string outcome)
    {
        const string Before = "200 x-api-key=OLDX;second=OLDX;there before";
        string reads = string.Concat(Enumerable.Repeat($", 200 {shown.Replace(' ', ';')} before", 4));
        KeyUpdateResult result = await RotateAsync($"{Before}, 200 x-api-key=NEWX;second=NEWX;there later{reads}, {Before}", true, true, "second");
        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(outcome == "RolledBack", _sent.Count(s => s == "PATCH") == 2);
    }

    /// <summary>A run that resumes an interrupted one compares the previous key with what is shown now.</summary>
    [Theory]
    [InlineData("200 CCCC later", true, "GET")]
    [InlineData("200 OLDX later, 200 NEWX later", true, "GET PATCH GET")]
    [InlineData("200 CCCC later, 200 NEWX later", false, "GET PATCH GET")]
    [InlineData("200 NEWX later", true, "GET")]
    [InlineData("200 - later, 200 NEWX later", true, "GET PATCH GET")]
    public async Task AResumedRunRefusesToPutBackWhatIsNotThereAnyMore(string answers, bool hasPrevious, string requests)
    {
        var recorded = new JournalEntry(
            RotationJournal.StartedStep, null, "B", "Open AI", "***OLDX", null, _now.AddHours(-1).LocalDateTime, false, _now.AddMinutes(-1), null);
        KeyUpdateResult result = await RotateAsync(answers, hasPrevious, isHeader: false, recorded: recorded);
        Assert.Equal(requests, string.Join(" ", _sent));
        Assert.Equal(answers == "200 CCCC later" ? "Unconfirmed" : "Updated", result.Outcome);
    }

    /// <summary>Headers that are put back are those that were there: others would be a third key.</summary>
    [Theory]
    [InlineData("200 x-api-key=CCCC before", "Failed", "GET")]
    [InlineData("200 x-api-key=OLDX before, 200 x-api-key=NEWX later", "Updated", "GET PATCH GET")]
    [InlineData("200 x-api-key= before, 200 x-api-key=NEWX later", "Updated", "GET PATCH GET")]
    [InlineData("200 x-api-key=NEWX before, 200 x-api-key=NEWX later", "Updated", "GET PATCH GET")]
    // One that the platform does not show says nothing.
    [InlineData("200 x-api-key=OLDX;there before, 200 x-api-key=NEWX;second=NEWX;there later", "Updated", "GET PATCH GET", "second")]
    [InlineData("200 x-api-key=OLDX;second=CCCC before", "Failed", "GET", "second")]
    public async Task PreviousHeadersAreThoseThatAreThere(string answers, string outcome, string requests, string? second = null)
    {
        KeyUpdateResult result = await RotateAsync(answers, hasPrevious: true, isHeader: true, second);
        Assert.Equal((outcome, requests), (result.Outcome, string.Join(" ", _sent)));
        Assert.Equal(outcome == "Failed", result.Failure?.Message.StartsWith("-PreviousHeader d", StringComparison.Ordinal) == true);
    }

    /// <summary>What a run has not overwritten, the next one does not overwrite either, until something else is there.</summary>
    [Theory]
    [InlineData("200 CCCC later", "Unconfirmed", "GET")]
    [InlineData("200 CCCC none", "Unconfirmed", "GET")]
    [InlineData("200 NEWX later", "Updated", "GET")]
    [InlineData("200 OLDX later, 200 NEWX later", "Updated", "GET PATCH GET")]
    [InlineData("200 DDDD later, 200 NEWX later", "Updated", "GET PATCH GET")]
    // A user who finds out whose key it is can name it.
    [InlineData("200 CCCC later, 200 NEWX later", "Updated", "GET PATCH GET", "sk-other-0123456789-CCCC")]
    public async Task AResumedRunLeavesTheThirdKeyThatWasReported(string answers, string outcome, string requests, string? previous = null)
    {
        var recorded = new JournalEntry(
            RotationJournal.FinishedStep, KeyUpdateOutcome.Unconfirmed, "A", null, "***OLDX", "***CCCC", _now.AddHours(-1).LocalDateTime, false,
            _now.AddMinutes(-1), null);
        foreach (bool isHeader in new[] { false, true })
        {
            JournalEntry marked = recorded with { ThirdKey = isHeader ? "x-api-key=CCCC" : "=CCCC" };
            KeyUpdateResult result = await RotateAsync(answers, hasPrevious: previous is not null, isHeader, recorded: marked, previous: previous ?? "");
            Assert.Equal((isHeader, outcome, requests), (isHeader, result.Outcome, string.Join(" ", _sent)));
            Assert.Equal(outcome == "Unconfirmed", result.Reason?.Contains("third key", StringComparison.Ordinal) == true);
        }
    }

    /// <summary>After a lost answer, a later modification may be that of somebody who changed anything else.</summary>
    [Theory]
    [InlineData("B"), InlineData("\"status\":\"DRAFT\""), InlineData("\"isEnable\":false"), InlineData("\"customVars\":[{\"name\":\"x\"}]"), InlineData("\"inputTokensPath\":\"a\"")]
    [InlineData("\"notDocumented\":1", "Updated"), InlineData("", "Updated")]
    public async Task WhatElseChangedMakesTheTimeNoProof(string more, string outcome = "Unconfirmed") =>
        Assert.Equal(outcome, (await RotateAsync($"200 - before, 502, 200 - later {more}".Trim(), false, isHeader: true)).Outcome);

    /// <summary>So may another header, but not one that the change itself brings.</summary>
    [Theory]
    [InlineData("x-api-key=;there", "x-api-key=;there", "Updated")]
    [InlineData("x-api-key=", "x-api-key=;there", "Unconfirmed")]
    [InlineData("x-api-key=;there", "x-api-key=", "Unconfirmed")]
    [InlineData("x-api-key=;second=", "x-api-key=;second", "Updated", "second")]
    public async Task ThatAnotherHeaderChangedMakesTheTimeNoProof(string before, string after, string outcome, string? second = null) =>
        Assert.Equal(outcome, (await RotateAsync($"200 {before} before, 502, 200 {after} later", false, isHeader: true, second)).Outcome);

    /// <summary>Which header the third key is in counts: where its owner has put the old value back, nothing of it is there any more.</summary>
    [Theory]
    [InlineData("x-api-key=OLDX;second=CCCC", "Unconfirmed", "GET")]
    [InlineData("x-api-key=OLDX;second=OLDX", "Updated", "GET PATCH GET")]
    public async Task AThirdKeyIsKnownByItsHeader(string shown, string outcome, string requests)
    {
        const string Before = "200 x-api-key=OLDX;second=OLDX before";
        KeyUpdateResult first = await RotateAsync($"{Before}, 502, 200 x-api-key=OLDX;second=CCCC later", false, true, "second");
        Assert.Equal(("Unconfirmed", "x-api-key=OLDX second=CCCC"), (first.Outcome, first.ThirdKey));
        var recorded = new JournalEntry(
            RotationJournal.FinishedStep, KeyUpdateOutcome.Unconfirmed, "A", null, "***OLDX", "***OLDX", null, false, _now.AddMinutes(-1), null)
        {
            ThirdKey = first.ThirdKey,
        };
        KeyUpdateResult next = await RotateAsync($"200 {shown} later, 200 x-api-key=NEWX;second=NEWX later", false, true, "second", recorded);
        Assert.Equal((outcome, requests), (next.Outcome, string.Join(" ", _sent)));
    }

    /// <summary>Before the turn of a row comes, others of its batch may take a long time.</summary>
    [Theory]
    [InlineData("200 OLDX before, 200 OLDX before, 200 NEWX later", true, 11, "Updated", "GET GET PATCH GET", "***OLDX")]
    [InlineData("200 OLDX before, 200 CCCC later, 200 NEWX later", false, 11, "Updated", "GET GET PATCH GET", "***CCCC")]
    [InlineData("200 OLDX before, 404", false, 11, "Failed", "GET GET", "***OLDX")]
    [InlineData("200 OLDX before, 401", false, 11, "Failed", "GET GET", "***OLDX")]
    [InlineData("200 OLDX before, 200 OLDX before B, 200 NEWX later B", true, 11, "Updated", "GET GET PATCH GET", "***OLDX")]
    [InlineData("200 OLDX before, 200 NEWX later", true, 8, "Updated", "GET PATCH GET", "***OLDX")]
    [InlineData("200 OLDX before, 200 CCCC later", true, 11, "Failed", "GET GET", "***CCCC", false)]
    public async Task WhoseTurnComesLateIsReadAgain(
        string answers, bool hasPrevious, int seconds, string outcome, string requests, string before, bool isAlike = true)
    {
        foreach (bool isHeader in new[] { false, isAlike })
        {
            KeyUpdateResult result = await RotateAsync(answers, hasPrevious, isHeader, seconds: seconds);
            Assert.Equal((isHeader, outcome, requests), (isHeader, result.Outcome, string.Join(" ", _sent)));
            Assert.Equal((before, answers.EndsWith("401", StringComparison.Ordinal) ? "the session has ended" : null), (result.MaskBefore, _limit.StopReason));
        }
    }

    public void Dispose() => _platform?.Dispose();

    private async Task<KeyUpdateResult> RotateAsync(string answers, bool hasPrevious, bool isHeader, string? second = null, JournalEntry? recorded = null, int seconds = 0,
        string previous = "sk-old-0123456789-OLDX")
    {
        _sent.Clear();
        _platform?.Dispose();
        string[] all = answers.Split(", ");
        _platform = new FaultyProxy(new Uri("http://localhost:1/api/public"), (line, number) =>
        {
            _sent.Add(line.Split(' ')[0]);
            return Answer(all[Math.Min(number, all.Length) - 1].Split(' '), isHeader);
        });
        using var client = new ConnectionsClient(
            new SessionOptions(_platform.BaseUri, Secret.FromPlainText("kg-0123456789")) { RetryInterval = TimeSpan.Zero, TimeProvider = _clock });
        var item = new RotationItem("cn-1", Key("sk-new-0123456789-NEWX"), hasPrevious ? Key(previous) : null, recorded);
        _limit = new RotationLimit(0);
        var rotation = new KeyRotator(client, new RotationPreparation(client, null, null, null), null, _limit);
        await rotation.PrepareAsync([item], 1, new RequestContext());
        await Task.Delay(TimeSpan.FromSeconds(seconds), _clock);
        return await rotation.ChangeAsync(item, new RequestContext());

        ConnectionCredential Key(string text) => !isHeader ? new(Secret.FromPlainText(text), null)
            : new(null, [.. new[] { "X-Api-Key", second }.OfType<string>().Select(name => new Header(name, Secret.FromPlainText(text)))]);
    }

    private FaultAction Answer(string[] answer, bool isHeader)
    {
        string modified = answer.ElementAtOrDefault(2) switch
        {
            "before" => $$""","modifiedOn":"{{_now.AddHours(-1):O}}" """,
            "later" => $$""","modifiedOn":"{{_now.AddSeconds(1):O}}" """,
            _ => "",
        };
        string shown = answer.ElementAtOrDefault(1) is null or "-" ? "" : answer[1];
        string[] headers = shown.Contains('=') ? shown.Split(';') : ["x-api-key=" + shown];
        string more = answer.ElementAtOrDefault(3) ?? "";
        string values = string.Join(",", headers.Select(h => h.Split('=') is [var name, var key]
            ? $$"""{"key":"{{name}}","value":"***{{key}}"}""" : $$"""{"key":"{{h}}","value":"plain"}"""));
        string body = !isHeader ? $$""" "provider":"Open AI","model":"gpt-5.5","fields":{"API_KEY":"***{{shown}}"} """
            : $$""" "provider":"API","endpointUrl":"https://llm.example.com","payload":{"p":1},"outputPath":"a","headers":[{{values}}] """;
        return FaultAction.Answer(
            int.Parse(answer[0], CultureInfo.InvariantCulture),
            $"Content-Type: application/json\r\nDate: {DateTimeOffset.UtcNow:R}\r\n",
            $$"""{"connectionId":"cn-1","connectionName":"{{(more.Length == 1 ? more : "A")}}",{{body}}{{modified}}{{(more.Length > 1 ? "," + more : "")}}}""");
    }
}
