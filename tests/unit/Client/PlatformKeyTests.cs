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

    private static void Refuse(string text) =>
        PlatformKey.Refuse([], [text], new TransportOptions { OtherPlatformKeys = () => [Secret.FromPlainText(Key)] });
}
