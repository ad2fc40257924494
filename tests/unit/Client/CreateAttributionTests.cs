namespace KoreConnections.Tests.Client;

/// <summary>After a create without an answer, a connection of that name is there: whose is it?</summary>
public sealed class CreateAttributionTests() : ClientTestBase(skipsWaits: true)
{
    /// <summary>By the clock of the Date header; what the clock of new connections shows is known from one made before, or not.</summary>
    [Theory]
    [InlineData(0.2, null, "ours")]
    [InlineData(-4, null, "unknown")]
    [InlineData(-60, null, "unknown")]
    [InlineData(-12 * 3600, null, "unknown")]
    [InlineData(60, null, "unknown")]
    [InlineData(12 * 3600, null, "unknown")]
    [InlineData(-3 * 86400, null, "existed before")]
    [InlineData(0.2, 0.0, "ours")]
    [InlineData(-4, 0.0, "unknown")]
    [InlineData(-60, 0.0, "existed before")]
    [InlineData(0.2, -60.0, "unknown")]
    [InlineData(0.2, 60.0, "unknown")]
    [InlineData(-60, -60.0, "unknown")]
    [InlineData(-60, -7200.0, "unknown")]
    public async Task ItsAgeTellsWhereTheClocksAgree(double age, double? shownOfNew, string verdict)
    {
        foreach (double skew in new[] { -3600, 0, 3600 })
        {
            Assert.Equal(verdict, await JudgeAsync(now => Listing(Time(now, skew + age)), now => $"Date: {now.AddSeconds(skew):R}\r\n", shownOfNew: shownOfNew + skew));
        }
    }

    [Theory]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT", null)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", null)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", null)]
    [InlineData(null, "0001-01-01T00:00:00Z")]
    [InlineData(null, "0001-01-01T00:00:00+14:00")]
    [InlineData(null, "1970-01-01T00:00:00Z")]
    [InlineData(null, "9999-12-31T23:59:59.9999999Z")]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01T00:00:00Z")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59-14:00")]
    public async Task ATimeThatMeansNothingDecidesNothing(string? date, string? createdOn) =>
        Assert.Equal("unknown", await JudgeAsync(now => Listing(createdOn ?? Time(now, 0.2)), date is null ? null : _ => $"Date: {date}\r\n"));

    [Fact]
    public async Task APlatformThatKeepsWholeSecondsIsUnderstood() =>
        Assert.Equal("ours", await JudgeAsync(now => Listing(now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))));

    [Fact]
    public async Task WithoutTheServersTimeItIsUnknown() =>
        Assert.Equal("unknown", await JudgeAsync(now => Listing(Time(now, 0.2)), _ => ""));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatWasAbsentBeforeIsOursWithoutATime(bool hasDate)
    {
        int listings = 0;
        string answer(DateTimeOffset now) => listings++ == 0 ? Empty : Listing(null);
        Assert.Equal("ours", await JudgeAsync(answer, hasDate ? null : _ => ""));
        Assert.Equal(2, listings);
    }

    [Fact]
    public async Task ANameThatSomethingElseHadWasNotAbsent()
    {
        int listings = 0;
        Assert.Equal("unknown", await JudgeAsync(now => listings++ == 0 ? Listing(Time(now, -3 * 86400), model: "another") : Listing(null)));
        Assert.Equal(2, listings);
    }

    [Theory]
    [InlineData(-4, "ours")]
    [InlineData(-60, "unknown")]
    [InlineData(60, "unknown")]
    [InlineData(-3 * 86400, "existed before")]
    public async Task AnEarlierListingDecidesWhereTheTimeDoesNot(double age, string verdict) =>
        Assert.Equal(verdict, await JudgeAsync(now => Listing(Time(now, age)), wasAbsent: true));

    /// <summary>Machines behind one host with clocks of their own: the listing's Date is not that of the answers before.</summary>
    [Theory]
    [InlineData(3600, 0.2, 0.0, "unknown")]
    [InlineData(30 * 3600, 0.2, null, "unknown")]
    [InlineData(-3600, -60, 0.0, "unknown")]
    [InlineData(3600, -3 * 86400, 0.0, "existed before")]
    [InlineData(-2, 0.2, 0.0, "ours")]
    public async Task DatesThatDisagreeProveNothing(double ahead, double age, double? shownOfNew, string verdict)
    {
        int answers = 0;
        string date(DateTimeOffset now) => DateOf(answers++ < (shownOfNew is null ? 1 : 2) ? now : now.AddSeconds(ahead));
        Assert.Equal(verdict, await JudgeAsync(now => Listing(Time(now, age)), date, shownOfNew: shownOfNew));
    }

    /// <summary>One id is one connection: who removes "the other" removes it.</summary>
    [Theory]
    [InlineData("A"), InlineData(" A")]
    public async Task WhatIsListedTwiceIsMadeOnce(string name) =>
        Assert.Equal("ours", await JudgeAsync(now => Listing(Time(now, 0.2)).Replace("],", $", {Row(Listing(Time(now, 0.2), name: name))}],", StringComparison.Ordinal)));

    [Theory]
    [InlineData("OpenAI", "gpt-4o", "ours")]
    [InlineData("Anthropic", "gpt-4o", "another provider or model")]
    [InlineData("Open AI", "gpt-4o-mini", "another provider or model")]
    public async Task ProviderAndModelHaveToFit(string provider, string model, string verdict) =>
        Assert.Equal(verdict, await JudgeAsync(now => Listing(Time(now, 0.2), provider, model)));

    /// <summary>What is not listed is not another value, and a platform may write a model in its own case.</summary>
    [Theory]
    [InlineData("\"provider\":\"Open AI\"", 0.2, "ours")]
    [InlineData("\"model\":\"gpt-4o\"", 0.2, "ours")]
    [InlineData("\"provider\":\"\",\"model\":null", 0.2, "ours")]
    [InlineData("\"provider\":\"Open AI\",\"model\":\"GPT-4O\"", 0.2, "ours")]
    [InlineData("\"status\":\"ACTIVE\"", null, "ours")]
    [InlineData("\"provider\":\"Open AI\"", -60.0, "unknown")]
    [InlineData("\"provider\":\"Open AI\"", -3 * 86400.0, "existed before")]
    [InlineData("\"model\":\"gpt-4o-mini\"", 0.2, "another provider or model")]
    public async Task WhatIsNotListedIsNotAnother(string listed, double? age, string verdict) =>
        Assert.Equal(verdict, await JudgeAsync(
            now => $$"""{"connections":[{"connectionId":"cn-1","connectionName":"A",{{listed}},"createdOn":"{{(age is double seconds ? Time(now, seconds) : "")}}"}],"total":1}""",
            wasAbsent: age is null));

    [Fact]
    public async Task WhatIsListedWithoutANameMayBeIt() =>
        Assert.Equal("unknown", await JudgeAsync(now => $$"""{"connections":[{"connectionId":"cn-1","provider":"Open AI","createdOn":"{{Time(now, 0.2)}}"}],"total":1}"""));

    [Theory]
    [InlineData("Zwei  Leer", "Zwei Leer"), InlineData("Bu\u0308ro", "B\\u00FCro"), InlineData("Ｗ", "W")]
    public async Task ANameMayComeBackAsThePlatformWritesIt(string given, string listed) =>
        Assert.Equal("ours", await JudgeAsync(now => Listing(Time(now, 0.2), name: listed), name: given));

    [Theory]
    [InlineData("My  Bot", "My Bot", null), InlineData("My  Bot", "My Bot", -2.0), InlineData("Desk", "desk", 0.2)]
    public async Task AnythingSimilarThatMayBeItIsNotCreatedAgain(string given, string listed, double? age) =>
        Assert.Equal("unknown", await JudgeAsync(now => Listing(age is double seconds ? Time(now, seconds) : null, name: listed), name: given));

    [Theory]
    [InlineData("desk", "Open AI", -3 * 86400), InlineData("desk", "Anthropic", 0.2)]
    public async Task WhatIsOnlySimilarAndWasThereBeforeStopsNothing(string listed, string provider, double age)
    {
        int posts = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => !line.StartsWith("POST", StringComparison.Ordinal) ? Answer(200, Listing(Time(DateTimeOffset.UtcNow, age), provider, name: listed), DateOf(DateTimeOffset.UtcNow))
            : Interlocked.Increment(ref posts) == 1 ? Answer(503, "", DateOf(DateTimeOffset.UtcNow)) : FaultAction.Pass);
        Assert.Equal("Desk", (await Client(proxy.BaseUri).CreateAsync(RetryTests.Definition("Desk"), new RequestContext())).ConnectionName);
        Assert.Equal(2, posts);
    }

    [Fact]
    public async Task WhatHasNoIdWasNotListedBefore()
    {
        int posts = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => line.StartsWith("POST", StringComparison.Ordinal) && Interlocked.Increment(ref posts) == 1
            ? Answer(503, "", DateOf(DateTimeOffset.UtcNow))
            : Answer(200, """{"connections":[{"connectionName":"Old"},{"connectionName":"A","provider":"Open AI","model":"gpt-4o"}],"total":2}""", DateOf(DateTimeOffset.UtcNow)));
        using ConnectionsClient client = Client(proxy.BaseUri);
        var before = new ConnectionList([new Connection { ConnectionName = "Old" }], 1);
        Assert.Equal("A", (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext(), before)).ConnectionName);
    }

    [Fact]
    public async Task WhatTheSessionMadeAMomentAgoIsNotMadeAgain()
    {
        using ConnectionsClient client = Client();
        await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 503 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(KoreErrorKind.Conflict, error.Kind);
        Assert.Contains("by this session earlier", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfTwoCreatesOfOneNameOneOnlyHasMadeIt()
    {
        int posts = 0;
        using var both = new Barrier(2);
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) =>
        {
            if (!line.StartsWith("POST", StringComparison.Ordinal) || Interlocked.Increment(ref posts) is var number && number > 2)
            {
                return FaultAction.Pass;
            }

            both.SignalAndWait(TimeSpan.FromSeconds(30));
            return number == 1 ? FaultAction.ResetAfter : FaultAction.ResetBefore;
        });
        using ConnectionsClient client = Client(proxy.BaseUri);
        Task<Connection>[] all = [client.CreateAsync(RetryTests.Definition("A"), new RequestContext()), client.CreateAsync(RetryTests.Definition("A"), new RequestContext())];
        await Assert.ThrowsAsync<KoreException>(() => Task.WhenAll(all));
        Assert.Equal(1, all.Count(t => t.IsCompletedSuccessfully));
        Assert.Equal(KoreErrorKind.Conflict, ((KoreException)all.Single(t => t.IsFaulted).Exception!.InnerException!).Kind);
        Assert.Single((await client.ListAsync(null, new RequestContext())).Items);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AConflictAfterARepetitionIsResolvedByAListing(bool isListed)
    {
        // The listings are behind the truth for so long that the create is sent again.
        int listings = 0, posts = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => line.StartsWith("POST", StringComparison.Ordinal)
            ? Interlocked.Increment(ref posts) == 1 ? FaultAction.ResetAfter : FaultAction.Pass
            : Interlocked.Increment(ref listings) <= 4 || !isListed ? Answer(200, Empty, DateOf(DateTimeOffset.UtcNow)) : FaultAction.Pass);
        Task<Connection> create = Client(proxy.BaseUri).CreateAsync(RetryTests.Definition("A"), new RequestContext());
        if (isListed)
        {
            Assert.Equal("A", (await create).ConnectionName);
        }
        else
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
            Assert.Contains("Could not determine whether 'A' was created", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, posts);
    }

    [Fact]
    public async Task AllThatIsRepeatedForOneCreateCountsTogether()
    {
        int posts = 0;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) => !line.StartsWith("POST", StringComparison.Ordinal) ? FaultAction.Pass
            : Interlocked.Increment(ref posts) % 2 == 0 ? Answer(503, "", "") : Answer(429, "", "Retry-After: 0\r\n"));
        await Assert.ThrowsAsync<KoreException>(() => Client(proxy.BaseUri, retries: 4).CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(5, posts);
    }

    private const string Empty = """{"connections":[],"total":0}""";

    /// <summary>Sends a create that gets a 503, and tells how the listing after it is understood.</summary>
    private async Task<string> JudgeAsync(Func<DateTimeOffset, string> listing, Func<DateTimeOffset, string>? date = null, bool wasAbsent = false, double? shownOfNew = null, string name = "A")
    {
        date ??= DateOf;
        DateTimeOffset sent = default;
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (line, _) =>
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            if (line.StartsWith("POST", StringComparison.Ordinal))
            {
                if (shownOfNew is double skew)
                {
                    shownOfNew = null;
                    return Answer(201, $$"""{"connectionId":"cn-0","connectionName":"Before","createdOn":"{{Time(now, skew)}}"}""", date(now));
                }

                sent = sent == default ? now : sent;
                return Answer(503, "", date(now));
            }

            return Answer(200, listing(sent), date(now));
        });
        using ConnectionsClient client = Client(proxy.BaseUri);
        if (shownOfNew is not null)
        {
            await client.CreateAsync(RetryTests.Definition("Before"), new RequestContext());
        }

        try
        {
            Assert.Equal("cn-1", (await client.CreateAsync(RetryTests.Definition(name), new RequestContext(), wasAbsent ? new ConnectionList([], 0) : null)).ConnectionId);
            return "ours";
        }
        catch (KoreException e)
        {
            string verdict = e.Message.StartsWith("Could not determine", StringComparison.Ordinal) ? "unknown" : new[] { "existed before", "another provider or model" }.Single(v => e.Message.Contains(v, StringComparison.Ordinal));
            Assert.Equal(verdict == "unknown" ? KoreErrorKind.ServerError : KoreErrorKind.Conflict, e.Kind);
            Assert.Contains($"'{TextSanitizer.SingleLine(name)}'", e.Message, StringComparison.Ordinal);
            return verdict;
        }
    }

    private static string DateOf(DateTimeOffset now) => $"Date: {now:R}\r\n";

    private static string Time(DateTimeOffset now, double seconds) => now.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Listing(string? createdOn, string provider = "Open AI", string model = "gpt-4o", string name = "A") =>
        $$"""{"connections":[{"connectionId":"cn-1","connectionName":"{{name}}","provider":"{{provider}}","model":"{{model}}"{{(createdOn is null ? "" : $",\"createdOn\":\"{createdOn}\"")}}}],"total":1}""";

    private static string Row(string listing) => listing[(listing.IndexOf('[', StringComparison.Ordinal) + 1)..listing.IndexOf(']', StringComparison.Ordinal)];

    private static FaultAction Answer(int status, string body, string headers) =>
        FaultAction.Answer(status, $"Content-Type: application/json\r\n{headers}", body);
}
