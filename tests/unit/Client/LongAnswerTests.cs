namespace KoreConnections.Tests.Client;

/// <summary>Answers that are short on the wire and large in memory: what is read of them is bounded, and ends with the time of the request.</summary>
public sealed class LongAnswerTests() : ClientTestBase(retries: 0)
{
    private const int Most = 2_000_000;

    public static TheoryData<string, string, string, int, bool> Answers => new()
    {
        { "{\"connections\":[", "{},", "{}]}", Most - 3, true },
        { "{\"connections\":[", "{},", "{}]}", Most - 2, false },
        { "{\"connections\":[],\"x\":[", "[],", "[]]}", Most, false },
        { "{\"data\":[", "{\"a\":{}},", "{}]}", Most / 2, false },
        { "[", "1,", "1]", 4_999_998, true },
        { "[", "1,", "1]", 5_000_000, false },
        { "{\"a\":{", "\"b\":1,", "\"b\":1}}", 5_000_000, false },
        // Text is one value.
        { "{\"a\":\"", "{[,,,", "\"}", 3_000_000, true },
        // What is broken is read up to there, and a page of HTML is no JSON.
        { "{\"connections\":[", "{},", "{}]", 3, true },
        { "{\"connections\":[x", "{},", "{}]}", Most, true },
        { "<p>", "{},", "</p>", Most, true },
        // A hundred thousand connections as the platform has them.
        { "{\"connections\":[", Connection + ",", Connection + "]}", 100_000, true },
    };

    private const string Connection =
        """{"connectionId":"cn-1","connectionName":"a","provider":"Custom","model":"m","status":"Completed","isEnable":true,"createdOn":"2026-01-01","modifiedOn":"2026-01-01","fields":{"endpointUrl":"https://a.example","auth":"none","headers":[{"key":"x-api-key","value":"****"}],"payload":"{}","requestVariable":[],"maxToken":10}}""";

    private static byte[] Bytes(string start, string element, string end, int count) =>
        Encoding.UTF8.GetBytes(start + new StringBuilder(element.Length * count).Insert(0, element, count) + end);

    [Theory, MemberData(nameof(Answers))]
    public void AnAnswerHasSoManyElements(string start, string element, string end, int count, bool isWithin) =>
        Assert.Equal(isWithin, JsonSize.IsWithin(Bytes(start, element, end, count)));

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(503)]
    public async Task TooManyElementsAreAnUnexpectedResponse(int status)
    {
        string body = Encoding.UTF8.GetString(Bytes("{\"connections\":[", "{},", "{}]}", Most));
        _sandbox.Faults.Add(new Fault { Status = status, Body = body, Times = 0 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.ListAsync(null, new RequestContext()));
        Assert.Equal(
            (KoreErrorKind.UnexpectedResponse, status, "The answer contains more than 2,000,000 objects and arrays, or more than 5,000,000 values, so it was not read."),
            (error.Kind, (int)error.StatusCode!, error.Message));
    }

    [Theory]
    [InlineData("{\"connections\":[{},{},{}]}")]
    [InlineData("{\"connections\":[{\"connectionId\":\"cn-1\"}]}")]
    [InlineData("{\"connections\":[],\"other\":[[]]}")]
    public void AListIsNotReadOnWhenItsTimeIsOver(string json)
    {
        var reader = new ConnectionReader(SecretRedactor.None, new CancellationToken(canceled: true));
        Assert.Throws<OperationCanceledException>(() => reader.ReadList(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void TheNamesOfAnObjectAreNotSearchedWhenItsTimeIsOver()
    {
        var table = new PropertyTable();
        table.Add("a", 1);
        Assert.Throws<OperationCanceledException>(() => table.ToTable(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void AProvidersAnswerIsNotReadOnWhenItsTimeIsOver()
    {
        var answer = new ProbeResponse(System.Net.HttpStatusCode.OK, Encoding.UTF8.GetBytes("{\"error\":{\"message\":\"x\"}}"), default, null, null, SecretRedactor.None);
        Assert.Throws<OperationCanceledException>(() => answer.Read(new CancellationToken(canceled: true)));
        Assert.True(answer.Read(default).IsFailure);
    }
}
