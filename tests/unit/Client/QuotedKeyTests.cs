namespace KoreConnections.Tests.Client;

/// <summary>What a server quotes of a key in a sentence: a part of it, or a short one as a word.</summary>
public sealed class QuotedKeyTests
{
    /// <summary>Other rules take a key apart at its marks, so that in a value each part was too short to count.</summary>
    [Theory]
    [InlineData("gw-Q7mX2pLr9TzB!kV4nHs8WdJcY3fGa6Ee1", "key gw-Q7mX2pLr9TzB!kV4nHs8WdJc stored", "key *************** stored")]
    [InlineData("gw-Q7mX2pLr9TzB!kV4nHs8WdJcY3fGa6Ee1", "gw-Q7mX2pLr9TzB!kV4n", "***************")]
    [InlineData("sk-qmxQrwtzbLpW&kVnHsWdJcYfGaEe4Kq2n", "sk-qmxQrwtzbLpW&kVnHsWd", "***************")]
    [InlineData("sk-qmxQrwtzbLpW$kVnHsWdJcYfGaEe4Kq2n", "at sk-qmxQrwtzbLpW%24kVnHsWd", "at ***************")]
    [InlineData("gw-Q7mX2pLr9TzB+kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB+kV4nHs8WdJ", "***************")]
    [InlineData("gw-Q7mX2pLr9TzB^kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB^kV4nHs8WdJ", "***************")]
    [InlineData("gw-Q7mX2pLr9TzB~kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB~kV4nHs8WdJ", "***************")]
    [InlineData("gw-Q7mX2pLr9TzB|kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB|kV4nHs8WdJ", "***************")]
    [InlineData("gw-Q7mX2pLr9TzB#kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB#kV4nHs8WdJ", "***************")]
    [InlineData("gw-Q7mX2pLr9TzB*kV4nHs8WdJcY3fGa6Ee1", "2pLr9TzB*kV4nHs8WdJ", "***************")]
    // A mask, a shorter part, words, and what is between the words of a header stay.
    [InlineData("gw-Q7mX2pLr9TzB!kV4nHs8WdJcY3fGa6Ee1", "gw-Q7mX2pLr9TzB!kV4nHs8****Ee1", null)]
    [InlineData("gw-Q7mX2pLr9TzB!kV4nHs8WdJcY3fGa6Ee1", "the gw-Q7mX2pLr9TzB gateway", null)]
    [InlineData("research&development-team-9d8f7g6h5j4k", "research&development-tools", null)]
    [InlineData("https://my-7f3a9b2c.example.com/v1?a=1&b=2", "https://my-7f3a9b2c.example.com/v2?a=1&c=2", null)]
    [InlineData("a=1&b=2&region=westeurope&tier=standard", "region=westeurope&tier=premium", null)]
    public void APartOfAKeyWithMarksIsTakenOutOfAValue(string key, string text, string? shown)
    {
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
        Assert.Equal(shown ?? text, redactor.Apply(text));
    }

    /// <summary>In sentences, a part is known by what stands for the rest; a mask of the platform's is no sentence.</summary>
    [Theory]
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "bad gw-new-9d8f7... given", "bad *************** given")]
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "bad GW-NEW-9D8F7…", "bad ***************")]
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "bad key \"gw-new-9d8****NEW2\"", "bad key \"***************NEW2\"")]
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "bad g w - n e w - 9 d 8 f 7 g 6 h 5 j 4 k 3 N E W 2 !", "bad *************** !")]
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "gw-new-9d8f7 or gw-new... or agw-new-9d8f7...", null)]
    [InlineData("my-gateway-9d8f7g6h5j4k3NEW2", "Use my-gateway-... or my-gateway****", null)]
    [InlineData("abcdefghijklmnopqrst", "abcdefghijkl...", "***************")]
    [InlineData("abcdefghijklmnopqrst", "abcdefghij...", null)]
    [InlineData("sk-proj-75e3c8085eeb693b76f32c1c55d0", "bad key ..c8085eeb693b76f32c1c55d0", "bad key ..***************")]
    [InlineData("sk-proj-75e3c8085eeb693b76f32c1c55d0", "bad key 3C8085EEB693B76F, or 5eeb693b76f32c1c", "bad key ***************, or ***************")]
    [InlineData("sk-proj-75e3c8085eeb693b76f32c1c55d0", "bad key 3c8085eeb693b76, or b693b76f32c1c55x", null)]
    [InlineData("sk-proj-75e3c8085eeb693b76f32c1c55d0", "bad key sk-proj-75e3c80 85eeb693b76f32c1...", "bad key ***************...")]
    [InlineData("Zx9Qw8Er7T", "bad key Zx9Qw 8Er7T, or Zx9Qw</b><b>8Er7T", "bad key ***************, or ***************")]
    [InlineData("fine-words", "what fine- words", null)]
    [InlineData("my-gateway-of-production-9d8f7g6h5j4k3NEW2", "the gateway-of-production is down", null)]
    [InlineData("k1z9", "bad key k1z9, or \"k1z9\"", "bad key ***************, or \"***************\"")]
    [InlineData("k1z9", "bad key azF6OQ== of k1z9: azF6OQ", "bad key ***************== of ***************: ***************")]
    [InlineData("k1z9", "bad eyJrIjoiazF6OSJ9", "bad ***************")]
    [InlineData("k1z9", "bad k1z90, ak1z9 and K1Z9", null)]
    [InlineData("test", "this test, not latest", "this ***************, not latest")]
    // Of a value, a word and a mask stay.
    [InlineData("gw-new-9d8f7g6h5j4k3NEW2", "gw-new-9d8f7****NEW2", null, false)]
    [InlineData("k1z9", "sent with k1z9", "sent with ***************", false)]
    [InlineData("test", "test desk", null, false)]
    public void APartOfAKeyOrAShortOneIsTakenOutOfSentences(string key, string text, string? shown, bool isSentence = true)
    {
        var redactor = new SecretRedactor(new RequestSecrets([ApiKeyValidator.Check(Secret.FromPlainText(key), "ApiKey")], []));
        Assert.Equal(shown ?? text, isSentence ? redactor.ApplyToFreeText(text) : redactor.Apply(text));
    }

    // It took the square of the key's length: a minute for a token of 16,000 characters.
    [Fact]
    public void ALongKeyTakesTimeByItsLength()
    {
        var random = new Random(1);
        string key = string.Concat(Enumerable.Range(0, 60_000).Select(_ => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[random.Next(62)]));
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
        Assert.Equal(
            "bad key *************** (***************)",
            redactor.ApplyToFreeText($"bad key {key} ({key[30_003..].ToUpperInvariant()})"));
    }

    /// <summary>The value of a header is short as often as it is a word.</summary>
    [Theory]
    [InlineData("json", "not json"), InlineData("gpt4", "no gpt4"), InlineData("application/json", "expected application/...")]
    public void WhatAHeaderHasIsNoKeyByItsPartsOrAsAWord(string header, string text) =>
        Assert.Equal(text, new SecretRedactor(new RequestSecrets([Secret.FromPlainText(header)], [])).ApplyToFreeText(text));
}
