namespace KoreConnections.Tests.Client;

/// <summary>A platform key is found in a request in each form that is looked for, wherever it begins.</summary>
public sealed class PlatformKeyTests
{
    // In base64 it has plus signs, which JSON escapes.
    private const string Key = "kg-~~~made~up~0123456789~~~";

    [Theory]
    [InlineData("", "")]
    [InlineData("a", ":b")]
    [InlineData("ab", "")]
    [InlineData("user:", ":x")]
    public void ABodyOrAnAddressWithTheKeyIsRefused(string before, string after)
    {
        string whole = before + Key + after;
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(whole));
        Assert.Contains('+', encoded);
        foreach (string text in new[]
        {
            whole, encoded, JsonSerializer.Serialize(whole), JsonSerializer.Serialize(encoded),
            $"https://a.example.com/?k={Uri.EscapeDataString(encoded)}",
            $"https://a.example.com/{string.Concat(whole.Select(c => $"%{(int)c:x2}"))}",
        })
        {
            Assert.Throws<KoreException>(() => Refuse(text));
        }

        Refuse(whole.Replace("made", "none", StringComparison.Ordinal));
    }

    /// <summary>A host is in lower case, JSON escapes marks, and what is escaped in an address may be a part of the key itself.</summary>
    [Theory]
    [InlineData("kg-0123456789-AbCdEfGh", "https://kg-0123456789-abcdefgh.evil.example/x")]
    [InlineData("KG0123456789ABCDEFGH", "https://user.kg0123456789abcdefgh/x")]
    [InlineData("kg-0123456789\\abcdef-AbCd", """{ "a": "kg-0123456789\\abcdef-AbCd" }""")]
    [InlineData("kg-0123456789\"abcdef-AbCd", """{ "a": "kg-0123456789\"abcdef-AbCd" }""")]
    [InlineData("kg-0123456789/abcdef-AbCd", """{ "a": "kg-0123456789\/abcdef-AbCd" }""")]
    [InlineData("kg-0123456789%41bcdef-AbCd", """{ "a": "kg-0123456789%41bcdef-AbCd" }""")]
    [InlineData("kg-0123456789%41bcdef-AbCd", "https://a.example.com/?k=kg-0123456789%2541bcdef-AbCd")]
    [InlineData("kg-0123456789\\u0041bcdef", """{ "a": "kg-0123456789\\u0041bcdef" }""")]
    [InlineData("kg-0123456789\\u0041bcdef", "https://a.example.com/?k=kg-0123456789%5Cu0041bcdef")]
    public void ItIsFoundInEachFormThatLeaves(string key, string text)
    {
        Assert.Throws<KoreException>(() => Refuse(text, key));
        Refuse(text.Replace("0123456789", "012345678", StringComparison.Ordinal), key);
    }

    private static void Refuse(string text, string key = Key) =>
        PlatformKey.Refuse([], [text], new TransportOptions { OtherPlatformKeys = () => [Secret.FromPlainText(key)] });
}
