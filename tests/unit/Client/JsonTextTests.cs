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

    /// <summary>It was called invalid JSON, with advice about quotation marks.</summary>
    [Theory]
    [InlineData("{\"a\":", "1", "}", 1001)]
    [InlineData("[", "\"]]]\\\"}}\"", "]", 1001)]
    [InlineData("[", "", "]", 3000)]
    [InlineData("{ \"[{\" : [", "null", "] }", 501)]
    [InlineData("[", "", "]", 1000, false)]
    [InlineData("[", "", "", 900, false)]
    public void WhatIsTooDeepIsSaidToBe(string open, string inner, string close, int times, bool isTooDeep = true)
    {
        string json = string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));
        KoreException? error = (KoreException?)Record.Exception(() => JsonText.Parse(json, "Payload"));
        Assert.Equal(isTooDeep, error?.Message.Contains("is nested more than 1000 levels deep.", StringComparison.Ordinal) == true);
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
