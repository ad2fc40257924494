namespace KoreConnections.Tests.Client;

/// <summary>A server that repeats what it was sent gets no key into any text.</summary>
public sealed class EchoTests() : ClientTestBase(retries: 0)
{
    private const string Bare = "abcdef-0123456789-ghijkl";

    [Theory]
    [InlineData("no such key: " + Bare)]
    [InlineData("BEARER " + Bare)]
    [InlineData("ABCDEF-0123456789-GHIJKL, or was it ABCDEF-0123456789-GHIJKL")]
    public async Task AHeadersKeyIsTakenOutWithAndWithoutItsScheme(string echo)
    {
        string body = System.Text.Json.JsonSerializer.Serialize(new { error = new { code = echo, message = echo } });
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 400, Body = body, Headers = new Dictionary<string, string> { ["x-request-id"] = Bare } });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(Definition(), new RequestContext()));
        foreach (string text in new[] { error.ToString(), error.Code!, error.ServerMessage!, error.RequestId! })
        {
            Assert.DoesNotContain(Bare, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(Secret.Mask, error.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerIsReadWithoutTheKeysThatWereSent()
    {
        string body = System.Text.Json.JsonSerializer.Serialize(new { connectionId = "cn-1", connectionName = $"named {Bare}", note = $"sent with {_platformKey}", headers = new[] { new { key = "plain", value = Bare } } });
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, Body = body });
        Connection read = await _client.CreateAsync(Definition(), new RequestContext());
        Assert.Equal($"named {Secret.Mask}", read.ConnectionName);
        Assert.Equal($"sent with {Secret.Mask}", read.AdditionalProperties["note"]);
        Assert.DoesNotContain(Bare, string.Concat(((object?[])read.AdditionalProperties["headers"]!).Cast<System.Collections.Specialized.OrderedDictionary>().Select(h => (string)h["value"]!)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("user:")]
    public async Task AKeyInBase64IsTakenOutWhereverItBegins(string before)
    {
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Bare + "?after"));
        string alone = Convert.ToBase64String(Encoding.UTF8.GetBytes(Bare)).Replace('+', '-').Replace('/', '_');
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 400, Body = $"You sent {encoded}, which is {alone}", ContentType = "text/plain" });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(Definition(), new RequestContext()));
        Assert.Contains("You sent ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(encoded[12..24], error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(alone[4..12], error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyIsTakenOutAsAddressesAndJsonEscapeIt()
    {
        const string Odd = "p+q/r=s\"t\\u&v";
        var definition = new OpenAIDefinition { Name = "A", Model = "m", ApiKey = Secret.FromPlainText(Odd) };
        string escaped = Uri.EscapeDataString(Odd);
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 400, Body = "broken { \"k\": \"p+q/r=s\\\"t\\\\u&v\" at /x?y=" + escaped, ContentType = "text/plain" });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(definition, new RequestContext()));
        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p+q/r=s", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(escaped, error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    public static TheoryData<string, Func<string, string>> Forms => new()
    {
        { "HTML, decimal", key => string.Concat(key.Select(c => $"&#{(int)c};")) },
        { "HTML, hexadecimal", key => string.Concat(key.Select(c => $"&#x{(int)c:X};")) },
        { "HTML, named", key => key.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("/", "&sol;", StringComparison.Ordinal).Replace("+", "&plus;", StringComparison.Ordinal) },
        { "slashes escaped", key => key.Replace("/", "\\/", StringComparison.Ordinal) },
        { "percent", key => string.Concat(key.Select(c => $"%{(int)c:x2}")) },
        { "percent twice", key => string.Concat(key.Select(c => $"%25{(int)c:X2}")) },
        { "Unicode escapes", key => string.Concat(key.Select(c => $"\\u{(int)c:x4}")) },
        { "lines", key => string.Join("\r\n", key.Chunk(7).Select(c => new string(c))) },
        { "indented lines", key => string.Join("\n    ", key.Chunk(5).Select(c => new string(c))) },
        { "escaped lines", key => string.Join("\\n", key.Chunk(9).Select(c => new string(c))) },
        { "mail", key => string.Join("=\r\n", key.Chunk(8).Select(c => new string(c))) },
        { "base64 in lines", key => string.Join("\n", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)).Chunk(10).Select(c => new string(c))) },
        { "base64 in percent", key => Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(key))) },
        { "hexadecimal", key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)) },
        { "HTML without semicolons", key => string.Concat(key.Select(c => $"&#{(int)c:0000000000}")) + " " },
        { "HTML escaped again and again", key => string.Concat(key.Select(c => $"&amp;amp;amp;#{(int)c};")) },
        { "percent with u", key => string.Concat(key.Select(c => $"%u{(int)c:x4}")) },
        { "braces", key => string.Concat(key.Select(c => $"\\u{{{(int)c:x}}}")) },
        { "long escapes", key => string.Concat(key.Select(c => $"\\U{(int)c:x8}")) },
        { "octal", key => string.Concat(key.Select(c => $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}")) },
        { "zero width", key => string.Join('\u200b', key.ToCharArray()) },
        { "fillers", key => string.Join('\u3164', key.ToCharArray()) },
        { "tags of plane 14", key => string.Join("\U000e0041", key.Chunk(4).Select(c => new string(c))) },
        { "selectors of variants", key => string.Join("\ufe01", key.Chunk(4).Select(c => new string(c))) },
        { "separators of lines", key => string.Join("\u2028", key.Chunk(6).Select(c => new string(c))) },
        { "nulls", key => string.Join('\0', key.ToCharArray()) },
        { "colours", key => string.Join("\u001b[1;31m", key.Chunk(4).Select(c => new string(c))) },
        { "breaks of pages", key => string.Join("<wbr>", key.Chunk(5).Select(c => new string(c))) },
        { "quoted lines", key => string.Join("\n> ", key.Chunk(9).Select(c => new string(c))) },
        { "UTF-16 in base64", key => Convert.ToBase64String(Encoding.Unicode.GetBytes(key)) },
        { "UTF-16, high byte first, in base64", key => Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(key)) },
        { "UTF-32 in base64", key => Convert.ToBase64String(Encoding.UTF32.GetBytes(key)) },
        { "UTF-16 in hexadecimal", key => Convert.ToHexString(Encoding.Unicode.GetBytes(key)) },
        { "UTF-16 in hexadecimal, as a database shows it", key => "0x" + Convert.ToHexString(Encoding.Unicode.GetBytes(key)) },
        { "soft hyphens of HTML", key => string.Join("&shy;", key.Chunk(5).Select(c => new string(c))) },
        { "named spaces of HTML", key => string.Join("&ZeroWidthSpace;", key.Chunk(6).Select(c => new string(c))) },
        { "base64 in base64", key => Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(key)))) },
        { "hexadecimal in base64", key => Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(key)))) },
        { "percent in base64", key => Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(key))) },
        { "spaces", key => string.Join(' ', key.ToCharArray()) },
        { "HTML in percent", key => Uri.EscapeDataString(string.Concat(key.Select(c => $"&#{(int)c};"))) },
    };

    [Theory, MemberData(nameof(Forms))]
    public void AKeyIsTakenOutInWhicheverFormItIsRepeated(string form, Func<string, string> write)
    {
        const string Secretive = "aB3/dE+f9&hJ<k2mN4pQ";
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(Secretive)], []));
        string shown = redactor.Apply($"before {write(Secretive)} after");
        // Of base64, a few characters at the end stay.
        Assert.Matches($"^before .{{0,12}}{System.Text.RegularExpressions.Regex.Escape(Secret.Mask)}.{{0,12}} after$", shown.Replace("\n", "", StringComparison.Ordinal));
        Assert.NotEqual("", form);
    }

    [Theory, MemberData(nameof(Forms))]
    public void AKeyThatHoldsEscapesIsTakenOutInEachFormToo(string form, Func<string, string> write)
    {
        // A backslash before what breaks a key looks like one that escapes it.
        bool isMarked = form.EndsWith("of HTML", StringComparison.Ordinal);
        foreach (string secretive in new[] { @"aB3%41dE+f9&amp;J<k2mN4pQ", @"Correct\n7\u0041Horse&9Battery", "a%25%2541bcd-efgh%26lt;xy", @"back\slash\t&#65;end0" })
        {
            if (isMarked && secretive.Contains('\\', StringComparison.Ordinal))
            {
                continue;
            }

            var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(secretive)], []));
            string shown = redactor.Apply($"before {write(secretive)} after, before {System.Text.Json.JsonSerializer.Serialize(write(secretive))} after");
            Assert.Matches($"^(before .{{0,16}}{System.Text.RegularExpressions.Regex.Escape(Secret.Mask)}.{{0,16}} after(, )?){{2}}$", shown.Replace("\n", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    // As forms write it.
    [InlineData("my correct horse!", "my+correct+horse%21")]
    [InlineData("my correct horse!", "my+correct+horse!")]
    [InlineData("my correct horse!", "my%20correct%20horse%21")]
    // Each part of a header by itself.
    [InlineData("session=abcdef0123456789; theme=dark", "abcdef0123456789")]
    [InlineData("a=1; b=xyz-9876543210-uvw; c=2", "xyz-9876543210-uvw")]
    [InlineData("sid=zyxwvu-1357-9", "zyxwvu-1357-9")]
    [InlineData("Digest username=\"u\", response=\"0f1e2d3c4b5a6978\"", "0f1e2d3c4b5a6978")]
    [InlineData("Basic dXNlcjpodW50ZXItMg==", "hunter-2")]
    [InlineData("SharedAccessSignature sr=x&sig=Correct7Horse9&se=1&skn=p", "Correct7Horse9")]
    [InlineData("user:Correct7Horse9", "Correct7Horse9")]
    [InlineData("{\"k\":\"Correct7Horse9\"}", "Correct7Horse9")]
    [InlineData("Key [Correct7Horse9]", "Correct7Horse9")]
    [InlineData("key Correct7Horse9 v2", "Correct7Horse9")]
    [InlineData("Correct7Horse9/extra", "Correct7Horse9")]
    [InlineData("https://u:Correct7Horse9@h/", "Correct7Horse9")]
    public void EachPartOfAKeyIsTakenOutAsItIsWritten(string key, string written)
    {
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
        Assert.Equal($"no such {Secret.Mask}!", redactor.Apply($"no such {written}!"));
        Assert.Equal($"q={Secret.Mask}", redactor.Apply("q=" + written));
    }

    /// <summary>Names of schemes, regions, models and dates in a header are in other texts, too.</summary>
    [Theory]
    [InlineData("SharedAccessSignature sr=prod-gpt4o&sig=Correct7Horse9Battery&se=1764345600&skn=us-east-1")]
    [InlineData("{\"team\":\"support1\",\"region\":\"us-east-1\",\"model\":\"gpt-4o-mini\"}")]
    [InlineData("vendor/gpt-4o-mini")]
    [InlineData("application/json; version=\"2023-06-01\"; route=eastus2/prod-gpt4o")]
    [InlineData("mistralai/Mixtral-8x7B-Instruct-v0.1")]
    public void WhatIsNoKeyInAHeaderStays(string header)
    {
        const string Ordinary = "prod-gpt4o desk: I am gpt-4o-mini of support1, not Mixtral-8x7B-Instruct-v0.1, in us-east-1 and eastus2 since 1764345600";
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(header)], []));
        Assert.Equal(Ordinary, redactor.Apply(Ordinary));
    }

    /// <summary>The equals signs at the end of a broken line are the key's or the mail's.</summary>
    [Fact]
    public void AKeyThatEndsWithEqualsSignsIsTakenOutOfBrokenLines()
    {
        const string Padded = "aB3dEzfG6hI9jKylM2nOxpQ5rS8tU1vW4x7Yz0==";
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(Padded)], []));
        string shown = redactor.Apply($"log:\r\n{string.Join("\r\n", Padded.Chunk(10).Select(c => new string(c)))}\r\nend");
        Assert.Matches($"^log:\\s+{System.Text.RegularExpressions.Regex.Escape(Secret.Mask)}[=\\s]*end$", shown);
    }

    [Fact]
    public async Task AKeyOfDigitsIsTakenOutOfNumbers()
    {
        var definition = new OpenAIDefinition { Name = "A", Model = "m", ApiKey = Secret.FromPlainText("7302918465028374651") };
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 201, Body = """{ "connectionId": "cn-1", "connectionName": 7302918465028374651, "count": 7302918465028374651, "deep": [7302918465028374651.0], "other": 7302918465028374652 }""" });
        Connection read = await _client.CreateAsync(definition, new RequestContext());
        Assert.Equal((Secret.Mask, Secret.Mask), (read.ConnectionName, read.AdditionalProperties["count"]));
        Assert.Equal([Secret.Mask], (object?[])read.AdditionalProperties["deep"]!);
        Assert.Equal(7302918465028374652L, read.AdditionalProperties["other"]);
    }

    /// <summary>A key that is known beside the request, such as one that a listing finds out about, is in no text of its failure.</summary>
    [Fact]
    public async Task AListingThatFailsAfterACreateRepeatsNoKey()
    {
        _sandbox.Faults.Add(new Fault { Method = "POST", Status = 500, Body = "{}" });
        _sandbox.Faults.Add(new Fault { Method = "GET", Status = 200, Body = $"<html>the last body was {Bare}</html>", ContentType = $"text/{Bare}" });
        var lines = new List<string>();
        var context = new RequestContext((_, line) => { lock (lines) { lines.Add(line); } }) { KnownKeys = [Secret.FromPlainText(Bare)] };
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => _client.CreateAsync(Definition(), context));
        Assert.Contains("the last body was", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Bare, $"{error}{string.Join("\n", lines)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("  \t ")]
    [InlineData("&nbsp;")]
    [InlineData("</b><b>")]
    [InlineData("</span> <span class=\"x\">")]
    [InlineData("&lt;/b&gt;&lt;b&gt;")]
    public void AnErrorShowsNoKeyThatIsBrokenOnce(string gap)
    {
        foreach (string key in new[] { "Qw7ErTy1UiOp2AsDf3GhJk4Lz", "0f3c9b1e7a5d4c2b8e6f1a9d3c7b5e40", Bare })
        {
            var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
            Assert.Equal($"bad key: {Secret.Mask}, sorry", redactor.ApplyToFreeText($"bad key: {key.Insert(12, gap)}, sorry"));
            Assert.Equal($"bad key: {Secret.Mask}, sorry", redactor.ApplyToFreeText($"bad key: {key.Insert(6, gap)}, sorry"));
        }
    }

    [Theory]
    [InlineData("production", "The pro duction key")]
    [InlineData("Production desk", "Production desk")]
    public void AWordThatIsBrokenAndANameThatIsAKeysWordsStay(string name, string text) =>
        Assert.Equal(text, new SecretRedactor(new RequestSecrets([Secret.FromPlainText(name.Replace(" ", "", StringComparison.Ordinal))], [])).Apply(text));

    [Fact]
    public void ATextThatRepeatsAKeyTakesTimeByItsLength()
    {
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(Bare)], []));
        Assert.StartsWith("<a", redactor.ApplyToFreeText(string.Concat(Enumerable.Repeat("<a ", 300_000))), StringComparison.Ordinal);
        Assert.Equal(Secret.Mask, redactor.Apply(string.Concat(Enumerable.Repeat(Bare, 50_000))));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nno header: {0}\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno header at all {0}\r\n\r\n")]
    [InlineData("HTTP/1.1 {0}\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/{0}\r\nContent-Length: 1\r\n\r\n<")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset={0}\r\nContent-Length: 1\r\n\r\n<")]
    public async Task WhatIsQuotedOfABrokenAnswerHoldsNoKey(string answer)
    {
        var lines = new List<string>();
        using var proxy = new FaultyProxy(_sandbox.BaseUri, (_, _) => FaultAction.Raw(answer.Replace("{0}", _platformKey, StringComparison.Ordinal)));
        using var client = new ConnectionsClient(new SessionOptions(proxy.BaseUri, Secret.FromPlainText(_platformKey)) { MaximumRetryCount = 0 });
        KoreException error = await Assert.ThrowsAsync<KoreException>(() => client.ListAsync(null, new RequestContext((_, line) => { lock (lines) { lines.Add(line); } })));
        Assert.DoesNotContain(_platformKey, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_platformKey, string.Join("\n", lines), StringComparison.Ordinal);
        Assert.Null(error.InnerException);
        Assert.Contains(lines, l => l.Contains("GET http", StringComparison.Ordinal));
    }

    private static CustomApiDefinition Definition() => new(new CustomApiSettings
    {
        EndpointUrl = "https://llm.example.com",
        Headers = [new Header("Authorization", Secret.FromPlainText("Bearer " + Bare))],
        MapProvider = "openAIModel",
        Features = ["streaming"],
    })
    {
        Name = "A",
    };
}
