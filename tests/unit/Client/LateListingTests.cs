namespace KoreConnections.Tests.Client;

/// <summary>A platform that allows equal names, and lists a connection only some listings after the create was sent.</summary>
public sealed class LateListingTests : IDisposable
{
    private const int Never = int.MaxValue;
    private const string Another = "cn-0";

    private readonly AutoAdvancingTimeProvider _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(string Id, int From)> _made = [];
    private int _listings;
    private int _posts;
    private int _failAt = Never;
    private string _storedAs = "A";

    /// <param name="statuses">How each create is answered.</param>
    /// <param name="from">The listing in which what each has made is there for the first time; 99 for never.</param>
    /// <param name="posts">How often it is sent.</param>
    /// <param name="ids">The one id that is emitted, or all that an error names.</param>
    [Theory]
    [InlineData("504", "1", 1, "cn-1")]
    [InlineData("504", "2", 1, "cn-1")]
    [InlineData("503", "3", 1, "cn-1")]
    [InlineData("502", "4", 1, "cn-1")]
    [InlineData("202", "2", 1, "cn-1")]
    [InlineData("200", "4", 1, "cn-1")]
    [InlineData("504 201", "99 1", 2, "cn-2")]
    [InlineData("504 201", "5 5", 2, "cn-1 cn-2")]
    [InlineData("504 201", "5 99", 2, "cn-1 cn-2")]
    [InlineData("504 504", "5 5", 2, "cn-1 cn-2")]
    [InlineData("504 502", "5 6", 2, "cn-1 cn-2")]
    [InlineData("504 503 201", "9 9 9", 3, "cn-1 cn-2 cn-3")]
    [InlineData("504 409", "5 99", 2, "cn-1")]
    [InlineData("504 409", "8 99", 2, "cn-1")]
    // The platform asked for a wait that is longer than all looks.
    [InlineData("503:30 201", "2 99", 1, "cn-1")]
    public async Task WhatIsListedLateIsNeitherMadeTwiceNorHidden(string statuses, string from, int posts, string ids)
    {
        using FaultyProxy platform = Platform(statuses.Split(' '), [.. from.Split(' ').Select(n => n == "99" ? Never : int.Parse(n, CultureInfo.InvariantCulture))]);
        using ConnectionsClient client = Client(platform);
        Task<Connection> create = client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        if (ids.Contains(' ', StringComparison.Ordinal))
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => create);
            Assert.Equal(KoreErrorKind.UnexpectedResponse, error.Kind);
            Assert.All(ids.Split(' '), id => Assert.Contains(id, error.Message, StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(ids, (await create).ConnectionId);
        }

        Assert.Equal(posts, _posts);
    }

    [Fact]
    public async Task WhatIsMadeTwiceUnderANameOfThePlatformIsNotHidden()
    {
        _storedAs = "A &amp; B";
        using FaultyProxy platform = Platform(["504", "201"], [1, 1]);
        using ConnectionsClient client = Client(platform);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A & B"), new RequestContext()));
        Assert.StartsWith("'A & B' was created more than once: the platform lists cn-2 and cn-1.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(-3600)]
    [InlineData(60)]
    public async Task ItLooksForLongerThanAListingLags(int clockIsSetBy)
    {
        _clock.StepAtWait = TimeSpan.FromSeconds(clockIsSetBy);
        using FaultyProxy platform = Platform(["504", "201"], [Never, 1]);
        using ConnectionsClient client = Client(platform);
        await client.CreateAsync(RetryTests.Definition("A"), new RequestContext());
        Assert.InRange(_clock.Advanced.TotalSeconds, 14, 17);
        Assert.Equal(5, _listings);
    }

    [Theory]
    [InlineData(null, "Wait a minute, then")]
    [InlineData("30", "Wait a minute, then")]
    [InlineData("301", "Wait 301 s, then")]
    [InlineData("86400", "Wait 86400 s, then")]
    [InlineData("100000", "Wait 100000 s, then")]
    public async Task HowLongToWaitIsWhatThePlatformAsksFor(string? after, string words)
    {
        using var platform = new FaultyProxy(new Uri("http://localhost:1/api/public"), (line, _) => line.StartsWith("POST", StringComparison.Ordinal)
            ? FaultAction.Answer(503, after is null ? "" : $"Retry-After: {after}\r\n")
            : Answer("200", """{"connections":[],"total":0}""", ""));
        using var client = new ConnectionsClient(
            new SessionOptions(platform.BaseUri, Secret.FromPlainText("kg-0123456789")) { MaximumRetryCount = 0, TimeProvider = _clock });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Contains(words, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotRepeatedIsNotWaitedFor()
    {
        using FaultyProxy platform = Platform(["500"], [Never]);
        using ConnectionsClient client = Client(platform);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Contains("-IfNotExists", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((1, 1, TimeSpan.Zero), (_posts, _listings, _clock.Advanced));
    }

    /// <summary>What no listing shows may still be made, unless the platform says that it failed or that it has not begun.</summary>
    [Theory]
    [InlineData("504", true)]
    [InlineData("202", true)]
    [InlineData("500", false)]
    [InlineData("503:100000", false)]
    public async Task WhatIsNotListedMayHaveBeenMade(string status, bool isIndeterminate)
    {
        using FaultyProxy platform = Platform([status], [Never]);
        using ConnectionsClient client = Client(platform, retries: 0);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal(isIndeterminate, error.IsIndeterminate);
    }

    /// <summary>What the platform accepts it may still make. Of many rows, not each waits for that in turn.</summary>
    [Fact]
    public async Task WhatIsAcceptedIsWaitedForOnce()
    {
        using FaultyProxy platform = Platform(["202", "202", "202"], [Never, Never, Never]);
        using ConnectionsClient client = Client(platform);
        for (int i = 1; i <= 3; i++)
        {
            KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
            Assert.Contains("The platform may still create it. Wait a minute", error.RecommendedAction, StringComparison.Ordinal);
            Assert.Equal((i, i + 3), (_posts, _listings));
            // What really passes meanwhile is not waited for: on a busy machine, tenths of a second.
            Assert.InRange(_clock.Advanced.TotalSeconds, 9, 11);
        }
    }

    [Fact]
    public async Task AFailureIsNoAcceptanceThatIsWaitedForOnce()
    {
        using FaultyProxy platform = Platform(["500", "202"], [Never, 3]);
        using ConnectionsClient client = Client(platform);
        await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext()));
        Assert.Equal("cn-2", (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId);
    }

    /// <summary>That one with another model has the name does not say that nothing was created beside it.</summary>
    [Fact]
    public async Task WhatIsListedLateBesideAnotherIsFound()
    {
        _made.Add((Another, 1));
        using FaultyProxy platform = Platform(["500"], [2]);
        using ConnectionsClient client = Client(platform);
        Assert.Equal("cn-1", (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext())).ConnectionId);
    }

    /// <summary>What was created is emitted, also where no listing can show whether the first request created it, too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhereNoListingShowsATwinWhatWasCreatedIsEmitted(bool isStopped)
    {
        _failAt = isStopped ? Never : 5;
        using FaultyProxy platform = Platform(["504", "201"], [Never, Never], stopAt: isStopped ? 5 : Never);
        using ConnectionsClient client = Client(platform);
        Assert.Equal("cn-2", (await client.CreateAsync(RetryTests.Definition("A"), new RequestContext(cancellationToken: _stop.Token))).ConnectionId);
        Assert.Equal(5, _listings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task StoppedBeforeItHasLookedLongEnoughItIsUnknown(int listing)
    {
        using FaultyProxy platform = Platform(["504", "201"], [Never, Never], stopAt: listing);
        using ConnectionsClient client = Client(platform);
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.CreateAsync(RetryTests.Definition("A"), new RequestContext(cancellationToken: _stop.Token)));
        Assert.Contains("Could not determine whether 'A' was created", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _posts);
    }

    public void Dispose() => _stop.Dispose();

    private FaultyProxy Platform(string[] statuses, int[] from, int stopAt = Never) => new(new Uri("http://localhost:1/api/public"), (line, _) =>
    {
        lock (_made)
        {
            string date = $"Date: {DateTimeOffset.UtcNow:R}\r\n";
            if (line.StartsWith("POST", StringComparison.Ordinal))
            {
                string id = $"cn-{++_posts}";
                _made.Add((id, from[_posts - 1]));
                string[] status = statuses[_posts - 1].Split(':');
                return Answer(status[0], status[0] == "201" ? Item(id) : "", status is [_, string wait] ? $"{date}Retry-After: {wait}\r\n" : date);
            }

            _listings++;
            if (_listings == stopAt)
            {
                _stop.Cancel();
            }

            if (_listings == _failAt)
            {
                return Answer("400", "", date);
            }

            string[] items = [.. _made.Where(m => m.From <= _listings).Select(m => Item(m.Id))];
            return Answer("200", $$"""{"connections":[{{string.Join(",", items)}}],"total":{{items.Length}}}""", date);
        }
    });

    private string Item(string id) =>
        $$"""{"connectionId":"{{id}}","connectionName":"{{_storedAs}}","provider":"Open AI","model":"{{(id == Another ? "gpt-4o-mini" : "gpt-4o")}}","createdOn":"{{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}}"}""";

    private static FaultAction Answer(string status, string body, string headers) =>
        FaultAction.Answer(int.Parse(status, CultureInfo.InvariantCulture), $"Content-Type: application/json\r\n{headers}", body);

    private ConnectionsClient Client(FaultyProxy platform, int retries = 3) => new(new SessionOptions(platform.BaseUri, Secret.FromPlainText("kg-0123456789"))
    {
        MaximumRetryCount = retries,
        RetryInterval = TimeSpan.Zero,
        TimeProvider = _clock,
    });
}
