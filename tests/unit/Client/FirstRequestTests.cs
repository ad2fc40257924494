namespace KoreConnections.Tests.Client;

/// <summary>What an import does in the background goes the whole way of a listing, but not to the network.</summary>
public sealed class FirstRequestTests
{
    [Fact]
    public async Task AListingIsReadWithoutAServer()
    {
        ConnectionList list = await FirstRequest.RunAsync();
        Connection connection = Assert.Single(list.Items);
        Assert.Equal(("n", "Open AI", 1), (connection.ConnectionName, connection.Provider, list.Total));
        Assert.True(list.IsComplete);
    }
}
