using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>Keys and texts that are escapes, whole ones and halves: decoded, little or nothing is left of them.</summary>
public sealed class EscapedKeyTests
{
    private static readonly string[] Pieces =
    [
        @"\u0041", @"\x41", @"\n", @"\\", @"\/", @"\", "%41", "%2541", "%", "&#65;", "&#x41;", "&amp;", "&shy;", "&ZeroWidthSpace;", "&",
        "<b>", "<", ">", "A", "b", "1", " ", "=", "Basic ", "QQ==", ";",
        "\uD800", "\uDC00", "\u0130", "é", "…", "=\r\n", "\n", "0x", "/", "@", ":", "://", "?", "#", ",", "\"", "Bearer ", "\u200B", "\e[31m", "ABCDEF12", "sk-", "{\"key\":\"",
    ];

    private static readonly Gen<string> Escapes = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 6].Select(string.Concat);

    [Theory]
    [InlineData(@"\u0041")]
    [InlineData("&#x41;")]
    [InlineData("%25252541")]
    [InlineData("&shy;&shy;")]
    [InlineData("&ZeroWidthSpace;")]
    public void AKeyThatIsEscapesAloneIsTakenOut(string key)
    {
        var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
        Assert.Equal($"no key {Secret.Mask}, ABC", redactor.ApplyToFreeText($"no key {key}, ABC"));
        Assert.Equal($"no key {Secret.Mask}, ABC", redactor.Apply($"no key {key}, ABC"));
    }

    [Fact]
    public void AnyKeyIsTakenOutOfAnyText() => CsCheck.Check.Sample(
        Gen.Select(Escapes, Escapes, Escapes),
        texts =>
        {
            (string key, string before, string after) = (texts.Item1.Trim(), texts.Item2, texts.Item3);
            var redactor = new SecretRedactor(new RequestSecrets([Secret.FromPlainText(key)], []));
            foreach (string shown in new[] { redactor.Apply($"{before} {key} {after}"), redactor.ApplyToFreeText($"{before} {key} {after}") })
            {
                Assert.True(key.Length < KeyParts.Shortest || !shown.Contains(key, StringComparison.Ordinal), shown);
            }
        },
        iter: 3_000);
}
