using System;
using KoreConnections.Client;
using Xunit;

namespace KoreConnections.Tests.Client;

/// <summary>What is taken out of a text by its look alone.</summary>
public sealed class MaskingTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("""{ "api_key": "KEY", "model": "stays" }""")]
    [InlineData("""{ "api_key": "with \" in it KEY", "model": "stays" }""")]
    [InlineData("""{ "config": "{\"api_key\":\"KEY\",\"model\":\"stays\"}" }""")]
    [InlineData("""{ "config": "{\"inner\":\"{\\\"token\\\":\\\"KEY\\\"}\",\"model\":\"stays\"}" }""")]
    [InlineData("""stays, then cut off: { "headers": [{ "key": "x", "value": "KEY""")]
    [InlineData("""{ "endpointUrl": "https://a.example.com/v1?key=KEY&stays=1" }""")]
    [InlineData("https://a.example.com/v1?stays=1&api-key=KEY#part")]
    public void AKeyIsMaskedAndTheRestStays(string text)
    {
        string shown = Masking.Scrub(text.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("***", shown, StringComparison.Ordinal);
        Assert.Contains("stays", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void TextWithinTextWithoutEndIsBounded()
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < 1000; i++)
        {
            text.Append("\"a\":").Append('\\', i).Append('"');
        }

        Assert.DoesNotContain(Key, Masking.Scrub(text.Append(Key).ToString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "max_tokens": "16", "text": "a \"quoted\" word", "url": "https://a.example.com/?q=key" }""")]
    [InlineData("https://a.example.com/v1?key={{API_KEY}}&token=${env:TOKEN}")]
    [InlineData("Is that so? key=value is no address")]
    public void WhatIsNoKeyStays(string text) => Assert.Equal(text, Masking.Scrub(text));
}
