namespace KoreConnections.Tests.Plans;

/// <summary>A platform may have a word of its own for a finalized custom API: the document itself shows ACTIVE after FINALIZED was sent.</summary>
public sealed class StatusWordTests
{
    [Theory]
    [InlineData("FINALIZED", "ACTIVE", false, null)]
    [InlineData("FINALIZED", "active", false, null)]
    [InlineData("FINALIZED", "INACTIVE", false, null)]
    [InlineData("FINALIZED", "Published", false, null)]
    [InlineData("FINALIZED", "finalized", false, true)]
    [InlineData("FINALIZED", "Finalized ", false, true)]
    [InlineData("FINALIZED", "FINALIZED", false, true)]
    [InlineData("DRAFT", "draft", false, true)]
    [InlineData("DRAFT", "ACTIVE", true, false)]
    [InlineData("DRAFT", "pending", true, false)]
    [InlineData("FINALIZED", "DRAFT", true, false)]
    [InlineData("FINALIZED", "draft", true, false)]
    [InlineData("DRAFT", "FINALIZED", true, false)]
    [InlineData("DRAFT", "Finalized", true, false)]
    [InlineData("FINALIZED", null, false, null)]
    public void OnlyTheOppositeIsAnotherValue(string sent, string? shown, bool isDifferent, bool? isShown)
    {
        var answer = new Connection { ConnectionId = "cn-1", Provider = ApiValues.CustomApi, Status = shown };
        foreach (bool replace in new[] { false, true })
        {
            var change = new CustomApiChange(
                new CustomApiSettings { Status = sent, EndpointUrl = "https://llm.example.com", Payload = JsonDocument.Parse("""{ "p": "{{prompt}}" }""").RootElement, OutputPath = "a" }, replace) { Name = "Own" };
            change.Validate();
            Assert.Equal(isDifferent ? ["status"] : [], change.StillDifferent(answer));
        }

        var alone = new CustomApiChange(new CustomApiSettings { Status = sent }, replace: false);
        alone.Validate();
        Assert.Equal(isShown, alone.IsShownBy(answer));
    }
}
