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
