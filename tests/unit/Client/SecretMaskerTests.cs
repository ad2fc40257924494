namespace KoreConnections.Tests.Client;

/// <summary>What is taken out of a text by its look alone.</summary>
public sealed class SecretMaskerTests
{
    private const string Key = "0123456789abcdef";

    /// <summary>What counts as a mask can be taken apart, whichever characters masks consist of.</summary>
    [Fact]
    public void EachMaskHasEnds()
    {
        string[] masks = [.. Enumerable.Range(' ', 0x2E00 - ' ').Select(c => $"ab{new string((char)c, 5)}cd").Where(text => SecretMasker.IsMasked(text))];
        Assert.NotEmpty(masks);
        Assert.All(masks, mask =>
        {
            Assert.Equal(("ab", "cd"), SecretMasker.EndsOf(mask));
            Assert.Equal(KeyLikeness.Different, MaskMatcher.Judge("sk-0123456789abcdefcd", mask));
        });
        Assert.All(new[] { null, "", "ab", "ab•••••cd" }, text => Assert.Null(SecretMasker.EndsOf(text)));
        Assert.Equal((("", ""), ("a", "d"), ("", "d")), (SecretMasker.EndsOf("*"), SecretMasker.EndsOf("a*b***d"), SecretMasker.EndsOf("***d")));
    }

    [Theory]
    [InlineData("sk***cdef (set)", true)]
    [InlineData("***abcd\thidden by us", false)]
    [InlineData("*** (set)", null)]
    [InlineData("***(set)", null)]
    [InlineData("***[hidden]", null)]
    [InlineData("sk***cdef(set)", true)]
    [InlineData("sk***wxyz(set)", false)]
    [InlineData("***cdef", true)]
    [InlineData("***cdef us", true, "sk-0123456789abcdef us")]
    [InlineData("***cdeg us", false, "sk-0123456789abcdef us")]
    [InlineData("***f us", true, "sk-0123456789abcdef us")]
    [InlineData("*** v 2", true, "Token abcdefgh, v 2")]
    public void AWordBehindAMaskIsNoEnd(string mask, bool? isConfirmed, string key = "sk-0123456789abcdef") =>
        Assert.Equal(isConfirmed, MaskMatcher.Confirms(mask, Secret.FromPlainText(key)));

    [Theory]
    [InlineData("""{ "api_key": "KEY", "model": "stays" }""")]
    [InlineData("""{ "api_key": "with \" in it KEY", "model": "stays" }""")]
    [InlineData("""{ "config": "{\"api_key\":\"KEY\",\"model\":\"stays\"}" }""")]
    [InlineData("""{ "config": "{\"inner\":\"{\\\"token\\\":\\\"KEY\\\"}\",\"model\":\"stays\"}" }""")]
    [InlineData("""stays, then cut off: { "headers": [{ "key": "x", "value": "KEY""")]
    [InlineData("""{ "endpointUrl": "https://a.example.com/v1?key=KEY&stays=1" }""")]
    [InlineData("https://a.example.com/v1?stays=1&api-key=KEY#part")]
    [InlineData("https://a.example.com/v1?stays=1&code=KEY")]
    [InlineData("https://a.example.com/stays?sv=2024-01-01&sig=KEY%3D")]
    [InlineData("https://a.example.com/stays?anything=KEY")]
    [InlineData("https://a.example.com/stays?KEY")]
    [InlineData("https://a.example.com/stays;ticket=KEY")]
    [InlineData("https://a.example.com/stays#access_token=KEY&x=1")]
    [InlineData("see https://user:KEY@a.example.com/stays")]
    [InlineData("postgres://KEY@stays/db")]
    [InlineData("https://a.example.com/stays/gsk_KEY/x?y=1")]
    [InlineData("https://a.example.com/stays/hf%5FKEY")]
    public void AKeyIsMaskedAndTheRestStays(string text)
    {
        string shown = SecretMasker.Scrub(text.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("***", shown, StringComparison.Ordinal);
        Assert.Contains("stays", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void WordsBeforeTheRestOfAKeyAreNoWords() => Assert.DoesNotContain("plain/words", SecretMasker.Scrub("(sk-plain/words+then=<0123&abc>)"), StringComparison.Ordinal);

    [Theory]
    [InlineData("a😀 23456789 123456789", "a***************6789")]
    [InlineData("ab3456789 123456😀789", "ab***************789")]
    [InlineData("😀3456789 1234567890😀😀", "😀***************😀😀")]
    [InlineData("", "")]
    public void AMaskCutsNoCharacterInHalf(string value, string mask) => Assert.Equal(mask, SecretMasker.Apply(value));

    [Theory]
    [InlineData("token is ghp_16C7e42F292c6912E7710c838347Ae178B4a ok", "token is gh***************8B4a ok")]
    [InlineData("a=AKIAIOSFODNN7EXAMPLE, b=sk-a1b2c3d4e5f6g7h!", "a=AK***************MPLE, b=sk***************!")]
    [InlineData("https://h/?key=abcdef0123456789 and xoxb-0123456789-abcdefABCDEF", "https://h/?key=*************** and xo***************CDEF")]
    [InlineData("sk-SK-ViktoriaNeural, a risk-free-0123456789abcdef or sk-bratislava-1", null)]
    [InlineData("Token sk-***************MQAA", null), InlineData("t=xoxb-0123-4567-8a9b-cdef!", "t=xo***************cdef!")]
    public void AKeyOfAKnownFormIsReadAsAMask(string text, string? read)
    {
        string shown = SecretMasker.AsRead(text);
        Assert.Equal(read ?? text, shown);
        Assert.Equal(read is not null, SecretMasker.HoldsKeyMask(shown));
        Assert.Equal(shown, SecretMasker.AsRead(shown));
    }

    [Theory]
    [InlineData("""{"apiKey":"Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl","n":1}""", """{"apiKey":"Zq***************j8Kl","n":1}""")]
    [InlineData("""Answer: { "password" : "Zq7Rt5Yu9Io3Pa1S" } or not""", """Answer: { "password" : "***************" } or not""")]
    [InlineData("""Answer: { "token" : "short", "key": "a3f5c6d7e8f9a0b1c2d3", "password": "short", "secret": "a word of yours" } or not""", null)]
    [InlineData("""{"a":"{\"apiKey\":\"Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl\"}"}""", """{"a":"{\"apiKey\":\"Zq***************j8Kl\"}"}""")]
    [InlineData("""{"a":"x","max_tokens":"16","apiKey":"{{key}}","token":"${env:TOKEN}"}""", null)]
    [InlineData("""She said: "key": yes""", null), InlineData("""{"token":"{{Gpt4oKeyEU2x}}","secret":"Something a user types, e.g. hT8vQx2"}""", null)]
    public void AKeyInJsonWithinATextIsReadAsAMask(string text, string? read)
    {
        string shown = SecretMasker.AsRead(text);
        Assert.Equal(read ?? text, shown);
        Assert.Equal(read is not null, SecretMasker.HoldsMask(shown));
        Assert.Equal(shown, SecretMasker.AsRead(shown));
    }

    [Theory]
    [InlineData("Clone https://contoso@dev.azure.com/c/_git/x, or ssh://git@github.com/a/b.git, or https://{{u}}:{{p}}@h", null)]
    [InlineData("if(x)return;someVeryLongIdentifier123Name;password=getpass();token=$(get);Password=p;", null)]
    [InlineData("a #a1b2c3d4e5f60718, &amp;sortkey=name_asc_2026_01 and ?why-is-this-so-long-1234567", null)]
    [InlineData("see https://x.example.com/e?code=abc123&thread_ts=1629999999.000200#issuecomment-1234567890", null)]
    [InlineData("fetch('https://x.example.com/e');someVeryLongIdentifier123Name;", null)]
    [InlineData("""Answer {"auth": "Bearer <your-token-goes-here>", "pin": "n/a", "secret": "What a user types, e.g. hT8vQx2"}""", null)]
    [InlineData("at http://svc:pw@proxy, https://hT8vQx2LmZ9rKp4W@h/x", "at http://***************@proxy, https://***************@h/x")]
    [InlineData("at https://h/x?code=hT8vQx2LmZ9rKp4W&a=b#hT8vQx2LmZ9rKp4W or", "at https://h/x?code=***************&a=b#*************** or")]
    [InlineData("at https://h/x?password=hunter2secret or", "at https://h/x?password=*************** or")]
    [InlineData("a;Password=Correct7Horse9;SharedAccessKey=hT8vQx2LmZ9rKp4W=;", "a;Password=***************;SharedAccessKey=***************;")]
    [InlineData("https://h/x?ticket=hT8vQx2LmZ9rKp4W", "https://h/x?ticket=***************")]
    [InlineData("https://h/x?q={{ p }}&key=9f86d081884c7d659a2feaa0c55ad015", "https://h/x?q={{ p }}&key=***************")]
    [InlineData("https://h/{{ id }}?q=a b&key=9f86d081884c7d659a2feaa0c55ad015", "https://h/{{ id }}?q=a b&key=***************")]
    [InlineData("GET h.example/v1?code=9f86d081884c7d659a2feaa0c55ad015 now", "GET h.example/v1?code=*************** now")]
    [InlineData("{{base}}/v1?key=9f86d081884c7d659a2feaa0c55ad015", "{{base}}/v1?key=***************")]
    [InlineData("localhost:8080/v1?key=9f86d081884c7d659a2feaa0c55ad015", "localhost:8080/v1?key=***************")]
    [InlineData("url = base + \"?code=9f86d081884c7d659a2feaa0c55ad015\"", "url = base + \"?code=***************\"")]
    [InlineData("curl \"https://h/v1?key=x7Kq9ZpL2vRt\" -X POST", "curl \"https://h/v1?key=***************\" -X POST")]
    [InlineData("{{base}}/v1?key=hunter2x", "{{base}}/v1?key=***************")]
    [InlineData("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=correct-horse", "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=***************")]
    [InlineData("Server=db;User ID=u;Password=Pa$$w0rd2024", "Server=db;User ID=u;Password=***************")]
    [InlineData("Server=db;Password=kfjwqpzxmvbnrtgh", "Server=db;Password=***************")]
    [InlineData("Server=db;Password=correct-horse-battery-staple;x=y", "Server=db;Password=***************;x=y")]
    [InlineData("Server=db;Password=Ab(12)cd99;pwd=hunter2;passwd=S3cr3t!", "Server=db;Password=***************;pwd=***************;passwd=***************")]
    [InlineData("Endpoint=https://x.azconfig.io;Id=ab;Secret=Winter2025", "Endpoint=https://x.azconfig.io;Id=ab;Secret=***************")]
    [InlineData("grant=x;client_secret=x7Kq9ZpL2vRt", "grant=x;client_secret=***************")]
    [InlineData("DefaultEndpointsProtocol=https;AccountKey=x7Kq9ZpL2vRt", "DefaultEndpointsProtocol=https;AccountKey=***************")]
    [InlineData("at https://x7Kq9ZpL2vRt:@h/v1 or https://Winter2025:@h or https://x7Kq9ZpL2vRt@h", "at https://***************@h/v1 or https://***************@h or https://***************@h")]
    [InlineData("""{"token": "the key is x7Kq9ZpL2vRt now"}""", """{"token": "th*************** now"}""")]
    [InlineData("https://h/x y?ticket=hT8vQx2LmZ9rKp4W", "https://h/x y?ticket=***************")]
    [InlineData("h.example.com/x?ticket=hT8vQx2LmZ9rKp4W", "h.example.com/x?ticket=***************")]
    [InlineData("Server=db; User ID=u; Password=Winter2025", "Server=db; User ID=u; Password=***************")]
    [InlineData("Password=Winter2025;Server=db", "Password=***************;Server=db")]
    [InlineData(" Password = Winter 2025 ; Server = db", " Password = ***************; Server = db")]
    [InlineData("Server=db;Password=\"Win;ter2025\";Database=x", "Server=db;Password=\"***************\";Database=x")]
    [InlineData("Server=db;Encryption Password='Win ter2025'", "Server=db;Encryption Password='***************'")]
    [InlineData("Endpoint=https://u:pw1@h/x?code=x7Kq9ZpL2vRt;Shared Key=hT8vQx2LmZ9rKp4W", "Endpoint=https://***************@h/x?code=***************;Shared Key=***************")]
    [InlineData("Connect: Server=db; Password=Winter2025 and ask", "Connect: Server=db; Password=*************** and ask")]
    [InlineData("Connect by 'Password=Winter2025; Server=db' and ask", "Connect by 'Password=***************; Server=db' and ask")]
    [InlineData("export PASSWORD='Winter 2025'; run;PASSWORD='Win ter2025'; x", "export PASSWORD='Winter 2025'; run;PASSWORD='***************'; x")]
    [InlineData("InstrumentationKey=3f2b1c4d-0000-4000-8000-abcdef012345;Endpoint=https://x.example/", "InstrumentationKey=***************;Endpoint=https://x.example/")]
    [InlineData("""{"key": "InstrumentationKey=3f2b1c4d-0000-4000-8000-abcdef012345;Endpoint=https://x.example/"}""", """{"key": "InstrumentationKey=***************;Endpoint=https://x.example/"}""")]
    [InlineData("Password=''; Server=x; Shared Secret=\"\"; run && x;PASSWORD=''; y", null)]
    [InlineData("Server=db;Password=abc://hunter2Secret;Database=y", "Server=db;Password=***************;Database=y")]
    [InlineData("Server=db;Password='it''s s3cr3t hunter2';Database=x", "Server=db;Password='***************';Database=x")]
    [InlineData("run;PASSWORD='it''s s3cr3t': done", "run;PASSWORD='***************': done")]
    [InlineData("Search Path=\"$user\",public;SharedAccessKey=hunter2!xyz;Database=x", "Search Path=\"$user\",public;SharedAccessKey=***************;Database=x")]
    [InlineData("Application Name=\"My \"\"App\"\"\";Password=ab cd hunter2;x=1", "Application Name=\"My \"\"App\"\"\";Password=***************;x=1")]
    [InlineData("Extended Properties=\"Text;PWD=hunter2x;HDR=NO\";Data Source=x", "Extended Properties=\"Text;PWD=***************;HDR=NO\";Data Source=x")]
    [InlineData("Extended Properties=\"Text;HDR=YES\" ;Password=hunter2x;Data Source=\"x\" ;AccountKey=12345678", "Extended Properties=\"Text;HDR=YES\" ;Password=***************;Data Source=\"x\" ;AccountKey=***************")]
    [InlineData("See https://h/p?q='tis&api_key=hT8vQx2LmZ9rKp4W now", "See https://h/p?q='tis&api_key=*************** now")]
    [InlineData("See https://h/p?q='a&api_key=hT8vQx2LmZ9rKp4W' now", "See https://h/p?q='a&api_key=***************' now")]
    [InlineData("Explain ';token=' and \";key=\" in the URL for the user. Be brief.", null)]
    [InlineData("intent=greeting; key=main_topic; confidence=0.9", null), InlineData("key=C major;tempo=120", null), InlineData("token=verb;lemma=run;pos=VBZ", null), InlineData("signature=Yours sincerely;tone=formal", null)]
    [InlineData("RetiresOn = '{0:yyyy-MM-dd}' -f $issue.DueOn; Provider = $issue.Provider", null), InlineData("unmanaged = $unmanaged.Count; ApiKey = $text", null)]
    [InlineData("pass=3; fail=0; skip=1", null), InlineData("x = 1; password = getpass.getpass(); y = 2", null), InlineData("It's a=b; password='; and it's fine", null)]
    [InlineData("Server=db;token=hunter2!xyz;pin=tuna-fish-cake;key=https://k3yS3cret/abc", "Server=db;token=***************;pin=***************;key=***************")]
    [InlineData("Timeout=30; Retry Count=5; Mode=strict", null)]
    [InlineData("A password; Password=getpass() or; token = x; the token=<yours>; name=Winter2025 too", null)]
    public void CodeAndLinksOfAPromptAreReadAsTheyAreButForKeys(string text, string? read)
    {
        Assert.Equal(read ?? text, SecretMasker.AsRead(text));
        Assert.Equal(read ?? text, SecretMasker.AsRead(read ?? text));
    }

    // Each would take minutes where the time is the square of the length.
    [Theory]
    [InlineData("a;b=c"), InlineData("a://b@"), InlineData("://"), InlineData("https://h/ ?"), InlineData("a.b"), InlineData(";Password="), InlineData("; a=b"), InlineData("a=\"b;c=\""), InlineData("a=\"\";")]
    public void WhatIsReadTakesTimeByItsLength(string again) => Assert.NotEmpty(SecretMasker.AsRead(string.Concat(Enumerable.Repeat(again, 50_000))));

    // It took the square of the length: minutes for this one.
    [Theory]
    [InlineData("sk-"), InlineData("eyJ-"), InlineData("xai-a_")]
    public void WhatBeginsAsAKeyAgainAndAgainTakesTimeByItsLength(string beginning) =>
        Assert.False(SecretRule.HoldsPastedKey("https://h/" + string.Concat(Enumerable.Repeat(beginning, 100_000))));

    // So did each of these.
    [Theory]
    [InlineData("a@b ", ":"), InlineData("a@b ", "(a:"), InlineData("/", "a/"), InlineData("", "a::")]
    public void WhatIsQuotedTakesTimeByItsLength(string start, string again)
    {
        string text = start + string.Concat(Enumerable.Repeat(again, 50_000));
        Assert.InRange(SecretMasker.Quote(text).Length, 1, 102);
        Assert.InRange(SecretMasker.QuotePath("/" + text).Length, 1, 202);
        Assert.EndsWith(" ***************@", SecretMasker.WithoutLogin(text + " x:y@"), StringComparison.Ordinal);
        Assert.InRange(TextSanitizer.SingleLine(text, 20_000).Length, 1, 20_002);
    }

    [Fact]
    public void TextWithinTextWithoutEndIsBounded()
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < 1000; i++)
        {
            text.Append("\"a\":").Append('\\', i).Append('"');
        }

        Assert.DoesNotContain(Key, SecretMasker.Scrub(text.Append(Key).ToString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "max_tokens": "16", "text": "a \"quoted\" word", "url": "https://a.example.com/?q=key" }""")]
    [InlineData("https://a.example.com/v1?key={{API_KEY}}&token=${env:TOKEN}")]
    [InlineData("Is that so? key=value is no address")]
    [InlineData("https://a.example.com/v1?api-version=2024-08-01-preview&model=claude-3-5-sonnet-20241022&region=westeurope-production")]
    [InlineData("https://a.example.com/v1?code=${env:KORE_KEY_N443152084_X}&x=${env:KORE_KEY_N443152084_X}")]
    [InlineData("https://a.example.com/v1/deployments/0f8e2a77c1d94/hf_mistral-7b-instruct/3f2b1c4d-0000-4000-8000-abcdef012345")]
    [InlineData("Deployment 'support-sk-bratislava-1' of contoso-kg-client-x, voice sk-SK-ViktoriaNeural.")]
    [InlineData("(voice=sk-SK-ViktoriaNeural, or 'kg-client-x')")]
    [InlineData("write to someone@example.com, or see https://example.com/@someone")]
    public void WhatIsNoKeyStays(string text) => Assert.Equal(text, SecretMasker.Scrub(text));

    [Theory]
    [InlineData("sk-secret-0123456789")]
    [InlineData("env sk-secret-0123456789")]
    [InlineData("hT8vQx2LmZ9rKp4W")]
    [InlineData("@{ApiKey=0123456789abcdefXYZ; Name=n}")]
    [InlineData("https://x?code=abc123")]
    public void WhatWasGivenIsQuotedWithoutAKey(string given)
    {
        string quoted = SecretMasker.Quote(given);
        Assert.Contains("***", quoted, System.StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", quoted, System.StringComparison.Ordinal);
        Assert.DoesNotContain("hT8v", quoted, System.StringComparison.Ordinal);
        Assert.DoesNotContain("abc123", quoted, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gemini"), InlineData("GPT [prod] 4o, for the desk"), InlineData("cn-c3dac1a1-973a-4fea-ba3e-f5cbbafe1577"), InlineData("KORE_KEY_SUPPORT"), InlineData("KORE_KEY_GATEWAY_AUTHORIZATION"), InlineData("env:KORE_KEY_B_CF6614A3"), InlineData("KORE_KEY_N1369477729_PATH2"), InlineData("KORE_KEY_TRANSKRIPTIONSSERVICE_AUTHORIZATION"), InlineData("Anthropik 3.5 (2024)")]
    public void WhatIsNoKeyIsQuotedAsItIs(string given) => Assert.Equal(given, SecretMasker.Quote(given));

    // It took twice as long for each letter more: a minute for 50.
    [Theory]
    [InlineData("a"), InlineData("A"), InlineData("Word"), InlineData("AIKey")]
    public void WhetherALongWordIsTheNameOfAVariableTakesTimeByItsLength(string again)
    {
        string name = "env:SecretKey" + string.Concat(Enumerable.Repeat(again, 10_000));
        Assert.True(KeyVariableNames.IsOne(name));
        Assert.False(KeyVariableNames.IsOne(name + "_2"));
        Assert.False(KeyVariableNames.IsOne(name + "12345"));
    }

    [Theory]
    [InlineData("a"), InlineData("a**"), InlineData("*'")]
    public void MasksAreFoundInTimeByTheLengthOfAText(string again)
    {
        string text = "sk*** " + string.Concat(Enumerable.Repeat(again, 100_000));
        Assert.Equal("***" + text[5..], SecretMasker.WithoutMasks(text));
    }
}
