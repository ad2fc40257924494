using CsCheck;

namespace KoreConnections.Tests;

/// <summary>Names of anything, beside the other random input: a class runs one test after the other.</summary>
public sealed class RandomNameTests : RandomInputTestBase
{
    [Fact]
    public void NamesComeBackAsTheyWereTrimmed() => Text.Sample(
        name =>
        {
            Place.Shell.Set("name", name);
            ShellResult result = RunChecked("New-Connection -OpenAI -Name $name -Model m -ApiKey sk-0123456789 -IfNotExists");
            if (result.Output.Count == 1)
            {
                string id = (string)result.Output[0].Properties["ConnectionId"].Value;
                Place.Shell.Set("id", id);
                string read = (string)Place.Shell.RunClean("Get-Connection -ConnectionId $id")[0].Properties["ConnectionName"].Value;
                // A warning says that one exists which looks the same; without it, the name is the one that was given.
                Assert.Equal(SingleLine.Comparable(name), SingleLine.Comparable(read));
                Assert.True(result.Streams.Warning.Count > 0 || read == SingleLine.Trim(name), read);
                // Each create reads the listing, which would grow with every name.
                if (Place.Requests.Count > 500)
                {
                    Renew();
                }
            }
        },
        iter: 1500,
        threads: 1);
}
