namespace KoreConnections.Tests.Client;

/// <summary>JSON that people give.</summary>
public sealed class JsonTextTests
{
    // Each value was handed up through all levels: seconds for these.
    [Fact]
    public void ManyValuesDeepInsideTakeTimeByTheirNumber()
    {
        const int Depth = 900;
        string json = new string('[', Depth) + string.Join(",", Enumerable.Repeat("1", 20_000)) + new string(']', Depth);
        Assert.Equal(JsonValueKind.Array, JsonText.Parse(json, "Payload").ValueKind);
    }

    // It took twice as long for each one more: what "$list" makes of lists within a list, and a word.
    [Theory]
    [InlineData("System.Object[] ")]
    [InlineData("System.Collections.Hashtable ")]
    [InlineData("@{a=1} System.String[] ")]
    [InlineData("@{a=1; b=2} ")]
    [InlineData("@{a=1} @{} System.Object[] ")]
    public void ManyTypesInATextTakeTimeByTheirNumber(string again)
    {
        string text = string.Concat(Enumerable.Repeat(again, 20_000));
        Assert.Equal(text + "word", LostContent.Refuse(text + "word", "Payload"));
        Assert.Throws<KoreException>(() => LostContent.Refuse(text, "Payload"));
    }

    [Fact]
    public void TheFirstOfWhatWasLostIsNamed()
    {
        KoreException error = Assert.Throws<KoreException>(() => JsonText.Parse("""{ "a": [{ "b": "System.Object[]" }, "System.String[]"], "c": "@{x=1}" }""", "Payload"));
        Assert.Contains("System.Object[]", error.Message, StringComparison.Ordinal);
    }
}
