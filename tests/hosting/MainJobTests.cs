using System.Linq;
using System.Management.Automation;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests;

/// <summary>The main job in the embedded engine, over HTTP.</summary>
public sealed class MainJobTests
{
    [Fact]
    public void CreatesListsReadsAndReKeys()
    {
        using var place = new Workplace();
        place.Shell.Set("secret", Shell.Secure("sk-main-0123456789abcdef"));
        PSObject created = place.Shell.RunClean("New-Connection -OpenAI -Name 'GPT' -Model gpt-4o -ApiKey $secret").Single();
        Assert.Equal("Open AI", created.Properties["Provider"].Value);

        PSObject listed = place.Shell.RunClean("Get-Connection").Single();
        Assert.Equal(created.Properties["ConnectionId"].Value, listed.Properties["ConnectionId"].Value);

        place.Shell.Set("secret", Shell.Secure("sk-next-0123456789abcdef"));
        Assert.Empty(place.Shell.RunClean("Get-Connection -Name gpt | Set-Connection -ApiKey $secret"));
        Assert.True(place.Sandbox.HasKey((string)created.Properties["ConnectionId"].Value, "sk-next-0123456789abcdef"));
    }
}
