namespace KoreConnections.Tests.Client;

/// <summary>Texts that are encoded again and again: what is decoded to search them is bounded, and what was not searched is not shown.</summary>
public sealed class EncodedTextTests
{
    private const string Bare = "abcdef-0123456789-ghijkl";

    [Theory]
    [InlineData("%2541", true)]
    [InlineData("\\u0041", true)]
    [InlineData("a<wbr>b", true)]
    [InlineData("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5", false)]
    public void ATextIsNotSearchedOnWhenItsTimeIsOver(string text, bool isFreeText)
    {
        SecretRedactor redactor = SecretRedactor.For([Secret.FromPlainText(Bare)]).Until(new CancellationToken(canceled: true));
        text += " with more than a key has";
        Assert.Throws<OperationCanceledException>(() => isFreeText ? redactor.Quote(text) : redactor.Apply(text));
    }

    /// <summary>Base64 in base64 with escapes between: each layer has runs, and each run has layers.</summary>
    private static string Nested(int length)
    {
        const string Between = "%2525252541<wbr>\\u005cu0041&amp;amp;";
        string inner = string.Concat(Enumerable.Repeat(Between + "abcdefghij", 40));
        string outer = string.Concat(Enumerable.Repeat(InBase64(inner) + Between, 4));
        string text = InBase64(outer) + Between + " ";
        return string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length];
    }

    private static string InBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/cb/")]
    [InlineData("/v1/cb/")]
    [InlineData("https://h.example/cb/")]
    [InlineData("cb=")]
    [InlineData("id-")]
    [InlineData("x+")]
    [InlineData("a_")]
    [InlineData("v")]
    [InlineData("0")]
    [InlineData("0x")]
    [InlineData("state")]
    [InlineData("cafe-")]
    [InlineData("/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567/")]
    [InlineData("/%2F")]
    public void AnEncodedTextIsFoundBehindAnyCharacter(string before)
    {
        const string Key = "wJalrXUt+FEMI/K7MDENG+bPxRfiCYzQ";
        string json = $"{{\"id\":17,\"name\":\"é\",\"apiKey\":\"{Key.Replace("+", "\\u002B").Replace("/", "\\/")}\"}}";
        byte[][] texts =
        [
            Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes("user:" + Key), Encoding.Unicode.GetBytes(Key), Encoding.BigEndianUnicode.GetBytes(Key), Encoding.UTF32.GetBytes(Key),
            Encoding.UTF8.GetBytes(json), Encoding.Unicode.GetBytes(json), Encoding.UTF8.GetBytes(InBase64("user:" + Key)), Encoding.UTF8.GetBytes(InBase64(json)), Encoding.UTF8.GetBytes(Uri.EscapeDataString(Key)),
            Encoding.UTF8.GetBytes("/v1/" + InBase64(json)), Encoding.UTF8.GetBytes("/v1/" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(json))),
        ];
        SecretRedactor redactor = SecretRedactor.For([Secret.FromPlainText(Key)]);
        foreach (byte[] text in texts)
        {
            string base64 = Convert.ToBase64String(text);
            foreach (string encoded in new[] { base64, base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'), Convert.ToHexString(text), Convert.ToHexStringLower(text) })
            {
                foreach (string after in new[] { "", "/status", "-x" })
                {
                    string whole = $"Cannot POST {before}{encoded}{after} today";
                    foreach (string shown in new[] { redactor.ApplyToFreeText(whole), redactor.Apply(whole) })
                    {
                        Assert.StartsWith("Cannot POST ", shown, StringComparison.Ordinal);
                        Assert.EndsWith(" today", shown, StringComparison.Ordinal);
                        Assert.DoesNotContain(encoded[^24..^8], shown, StringComparison.Ordinal);
                        Assert.DoesNotContain(encoded[(encoded.Length / 2 - 6)..(encoded.Length / 2 + 6)], shown, StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")]
    [InlineData("https://github.com/acme/desk/commit/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567")]
    [InlineData("/usr/local/share/powershell/Modules/KoreConnections/Dependencies/System.Text.Json.dll")]
    [InlineData("https://h.example/v1/state/eyJpZCI6MTcsIm5hbWUiOiJEZXNrIiwibmV4dCI6Ii92MS9tb2RlbHMifQ/status")]
    [InlineData("id-7b226964223a31372c226e616d65223a224465736b227d")]
    public void WhatHoldsNoKeyStays(string text)
    {
        SecretRedactor redactor = SecretRedactor.For([Secret.FromPlainText(Bare)]);
        Assert.Equal(text, redactor.Apply(text));
        var search = new EchoFinder(text, isFreeText: true, new DecodingBudget(text));
        Assert.False(search.Find(Secret.FromPlainText("wJalrXUt+FEMI/K7MDENG+bPxRfiCYzQ"), Secret.Mask));
        Assert.Equal(text, search.Result());
    }

    [Fact]
    public void TheSearchGrowsWithTheTextAlone()
    {
        // Runs whose bytes are text at every place where they may begin.
        foreach (string piece in new[] { "VVVV", "/v1/cb/", "4141", "AAAA", InBase64("/v1/" + InBase64("{\"id\":17}")) })
        {
            var spent = new[] { 40_000, 80_000 }.Select(length =>
            {
                string text = string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..length];
                var budget = new DecodingBudget(text);
                new EchoFinder(text, isFreeText: true, budget).Find(Secret.FromPlainText(Bare), Secret.Mask);
                Assert.False(budget.IsExceeded, piece);
                return budget.Spent;
            }).ToArray();
            Assert.InRange(spent[1], spent[0], 2.2 * spent[0]);
        }
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(20_000, true)]
    [InlineData(128 * 1024, false)]
    [InlineData(1024 * 1024, false)]
    public void WhatIsDecodedIsBounded(int length, bool isShown)
    {
        const int Least = 1024 * 1024;
        string text = Nested(length);
        foreach (bool isFreeText in new[] { false, true })
        {
            var budget = new DecodingBudget(text);
            var search = new EchoFinder(text, isFreeText, budget);
            Assert.False(search.Find(Secret.FromPlainText(Bare), Secret.Mask));
            Assert.InRange(budget.Spent, length, Math.Min(Math.Max(Least, 32L * length), 24 * Least) + length);
            Assert.Equal(isShown ? text : null, search.Result());
        }
    }

    [Fact]
    public void APageThatIsEncodedOnceOrTwiceIsFarBelow()
    {
        byte[] bytes = new byte[60_000];
        new Random(1).NextBytes(bytes);
        string page = string.Concat(Enumerable.Repeat("<p class=\"a\">It&#39;s &amp; <a href='/x?y=%20z'>abcdefghijkl</a>\r\n", 500));
        foreach (string text in new[] { page, InBase64(page), Uri.EscapeDataString(page), System.Text.Json.JsonSerializer.Serialize(page), Convert.ToBase64String(bytes), Convert.ToHexString(bytes), InBase64(InBase64(page)) })
        {
            var budget = new DecodingBudget(text);
            new EchoFinder(text, isFreeText: true, budget).Find(Secret.FromPlainText(Bare), Secret.Mask);
            Assert.InRange(budget.Spent, 1, 12L * text.Length);
        }
    }

    [Fact]
    public void WhatAllLayersHaveAlikeIsDecodedOnce()
    {
        string run = InBase64(new string('x', 30_000));
        long Spent(string text)
        {
            var budget = new DecodingBudget(text);
            new EchoFinder(text, isFreeText: false, budget).Find(Secret.FromPlainText(Bare), Secret.Mask);
            return budget.Spent;
        }

        // One layer, and six, each of which is searched with its gaps and without.
        long plain = Spent(run);
        Assert.InRange(Spent(run + " %252525252541") - (10 * (run.Length + 14)), plain / 2, plain * 3 / 2);
    }

    [Fact]
    public void WhatWasNotSearchedWholeIsNotShown()
    {
        SecretRedactor redactor = SecretRedactor.For([Secret.FromPlainText(Bare)]);
        string text = $"%25%41 {Bare} " + new string('x', 33 * 1024 * 1024);
        Assert.Equal(Secret.Mask, redactor.Apply(text));
        Assert.Equal(SecretRedactor.NotShown, redactor.Quote($"{Bare} {Nested(512 * 1024)} {Bare}"));
        var spent = new DecodingBudget("");
        Assert.False(spent.Spend(1024 * 1024 + 1));
        foreach (bool isFreeText in new[] { false, true })
        {
            var search = new EchoFinder($"before {Bare} %41", isFreeText, spent);
            search.Find(Secret.FromPlainText(Bare), Secret.Mask);
            Assert.Null(search.Result());
        }
    }
}
