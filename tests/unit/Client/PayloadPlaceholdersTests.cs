namespace KoreConnections.Tests.Client;

public sealed class PayloadPlaceholdersTests
{
    // A search that goes back for each brace or space would take minutes.
    [Theory]
    [InlineData("{{city "), InlineData("{{city"), InlineData("{ city"), InlineData("{{"), InlineData("{"), InlineData("{ "), InlineData("{{city} "), InlineData("{city}} ")]
    public void ALongTextIsLookedThroughInATimeByItsLength(string beginning)
    {
        string[] texts =
        [
            beginning + new string(' ', 200_000) + "x}}", string.Concat(Enumerable.Repeat(beginning, 40_000)),
            beginning + new string('a', 200_000) + " }}", beginning + new string('\n', 200_000) + "}",
        ];
        var settings = new CustomApiSettings { Payload = JsonSerializer.SerializeToElement(texts), CustomVariables = [new Variable("city")] };
        Assert.Contains("the payload does not use {{prompt}}, ", string.Join(' ', PayloadPlaceholders.Remarks(settings)), StringComparison.Ordinal);
        PayloadPlaceholders.RefuseLeftovers(settings.Payload.Value, "Payload");
    }
}
