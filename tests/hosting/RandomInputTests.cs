using System;
using System.Linq;
using System.Management.Automation;
using System.Text;
using CsCheck;
using KoreConnections.Client;
using KoreConnections.Sandbox;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests;

/// <summary>
/// Whatever comes in, from a person or from the platform, gives success, one of the error ids, or PowerShell's own
/// binding error for null. CsCheck prints the seed of a failure.
/// </summary>
public sealed class RandomInputTests : IDisposable
{
    private static readonly string[] Ids = [.. Enum.GetNames<KoreErrorKind>().Select(k => "Kore" + k)];
    private static readonly string[] Nulls = ["ParameterArgumentValidationErrorNullNotAllowed", "ParameterArgumentValidationErrorEmptyArrayNotAllowed", "ArgumentValidationError", "ParameterArgumentValidationError"];

    private static readonly Gen<string> Awkward = Gen.OneOf(
        "it's", "\"quoted\"", "a`b", "$(throw)", "line\nfeed", "\r\n", "\0", "🚀 emoji 👩‍👩‍👧", "%2F", "../..", "..", ".", "-Name", "--", "–dash", "[a]", "[", "*", "?", "[prod",
        " leading", "trailing ", " ", "", "\t", "null", "$null", "{{prompt}}", "##vso[task.complete]", "\u001b[31m", "\uD800", "x\uDC00y", "\uFFFE", "ＡＰＩ", "ß", "İ",
        new string('n', 10_000), new string('*', 10), "sk-***", "env:", "env:NO_SUCH", "file:/no/such", "secret:x", "{\"a\":1}", "[1]", "{", "a;b;;c", "https://x.example.com", "http://", "C:\\x", "ftp://x");

    private static readonly Gen<string> Text = Gen.OneOf(Awkward, Gen.String, Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.Select(Awkward, Awkward, (a, b) => a + b));
    private static readonly Gen<object?> Value = Gen.OneOf(
        Text.Select(t => (object?)t), Gen.Const((object?)null), Gen.Int.Select(i => (object?)i), Gen.Bool.Select(b => (object?)b), Gen.Double.Select(d => (object?)d),
        Text.Array[0, 3].Select(a => (object?)a), Gen.Select(Text, Text, (k, v) => (object?)new System.Collections.Hashtable { [k] = v }));

    private SandboxFixture _place = NewPlace();

    [Fact]
    public void NamesComeBackAsTheyWereTrimmed() => Text.Sample(
        name =>
        {
            _place.Shell.Set("name", name);
            ShellResult result = RunChecked("New-Connection -OpenAI -Name $name -Model m -ApiKey sk-0123456789 -IfNotExists");
            if (result.Output.Count == 1)
            {
                string id = (string)result.Output[0].Properties["ConnectionId"].Value;
                _place.Shell.Set("id", id);
                string read = (string)_place.Shell.RunClean("Get-Connection -ConnectionId $id")[0].Properties["ConnectionName"].Value;
                // A warning says that one exists which looks the same; without it, the name is the one that was given.
                Assert.Equal(SingleLine.Comparable(name), SingleLine.Comparable(read));
                Assert.True(result.Streams.Warning.Count > 0 || read == SingleLine.Trim(name), read);
                // Each create reads the listing, which would grow with every name.
                if (_place.Requests.Count > 500)
                {
                    _place.Dispose();
                    _place = NewPlace();
                }
            }
        },
        iter: 1500,
        threads: 1);

    [Fact]
    public void RowsOfAnything() => Gen.Select(
        Gen.OneOf(Gen.OneOf("OpenAI", "anthropic", "Azure Open AI", "API").Select(p => (object?)p), Value),
        Gen.Select(Gen.OneOf("Name", "Model", "ApiKey", "ResourceName", "DeploymentId", "ApiVersion", "EndpointUrl", "Header", "Payload", "OutputPath", "InputTokensPath", "PromptVariable", "CustomVariable", "MapProvider", "Feature", "IOMapping", "AuthorizationProfile", "Draft", "Disabled", "fields", "AdditionalProperties", "isEnable", "status"), Value, (n, v) => (Name: n, Value: v)).Array[0, 12]).Sample(
        (provider, cells) =>
        {
            var row = new PSObject();
            row.Properties.Add(new PSNoteProperty("Provider", provider));
            foreach ((string name, object? value) in cells.DistinctBy(c => c.Name))
            {
                row.Properties.Add(new PSNoteProperty(name, value));
            }

            _place.Shell.Set("row", row);
            RunChecked("$row | New-Connection");
        },
        iter: 3000,
        threads: 1);

    [Theory]
    [InlineData("Get-Connection -Name $x", 800)]
    [InlineData("Get-Connection -ConnectionId $x", 800)]
    [InlineData("Get-Connection -Provider $x -Status $y", 300)]
    [InlineData("Set-Connection -ConnectionId $x -ApiKey $y", 500)]
    [InlineData("$x | Set-Connection -ApiKey sk-0123456789", 300)]
    [InlineData("Set-Connection cn-1 -Model $x -EndpointUrl $y", 300)]
    [InlineData("Set-Connection cn-1 -OutputPath $x -Payload $y", 300)]
    [InlineData("New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -OutputPath $x -Payload $y", 300)]
    [InlineData("New-Connection -CustomApi -Name n -EndpointUrl $x -MapProvider openAIModel -Feature streaming -Header @{ h = $y }", 300)]
    [InlineData("New-Connection -AzureOpenAI -Name n -Model m -ApiKey $x -ResourceName $y -DeploymentId d -ApiVersion 2024-06-01", 300)]
    public void ParametersOfAnything(string script, int count) => Gen.Select(Text, Text).Sample(
        (x, y) =>
        {
            _place.Shell.Set("x", x).Set("y", y);
            RunChecked(script);
        },
        iter: count,
        threads: 1);

    [Fact]
    public void AnswersOfAnything() => Gen.Select(Gen.OneOf(RandomJson(4), Mutated(), Text), Gen.OneOf(200, 200, 200, 201, 400, 404, 409, 500)).Sample(
        (body, status) =>
        {
            _place.Sandbox.Faults.Clear();
            _place.Sandbox.Faults.Add(new Fault { Status = status, Body = body, Times = 0 });
            RunChecked("Get-Connection");
            RunChecked("Get-Connection -ConnectionId cn-1");
            _place.Sandbox.Faults.Clear();
        },
        iter: 1200,
        threads: 1);

    public void Dispose() => _place.Dispose();

    private static SandboxFixture NewPlace() => new(connectOptions: "-MaximumRetryCount 0");

    private static Gen<string> RandomJson(int depth) => depth == 0
        ? Gen.OneOf(Gen.OneOf("null", "true", "1", "-1e400", "123456789012345678901234567890", "\"\\uD800\"", "\"x\"", "{}", "[]"), Text.Select(Quote))
        : Gen.OneOf(
            RandomJson(0),
            RandomJson(depth - 1).Array[0, 4].Select(items => $"[{string.Join(",", items)}]"),
            Gen.Select(Gen.OneOf(Gen.OneOf("connections", "total", "connectionId", "connectionName", "provider", "fields", "headers", "key", "value", "API_KEY", "createdOn", "error", "errors", "message", "code", "meta"), Text), RandomJson(depth - 1), (name, value) => $"{Quote(name)}:{value}").Array[0, 6].Select(p => $"{{{string.Join(",", p)}}}"));

    /// <summary>A right answer with a piece replaced, doubled or cut off.</summary>
    private static Gen<string> Mutated()
    {
        const string Right = """{"connections":[{"connectionId":"cn-1","connectionName":"A","provider":"Open AI","model":"gpt-4o","status":"ACTIVE","fields":{"API_KEY":"sk-***************"},"createdOn":"2024-01-15T10:30:00.000Z"}],"total":1}""";
        return Gen.Select(Gen.Int[0, Right.Length - 1], Gen.Int[0, 30], Text, (at, length, piece) => Right[..at] + piece + Right[Math.Min(Right.Length, at + length)..]);
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    private ShellResult RunChecked(string script)
    {
        ShellResult result = _place.Shell.Run(script);
        foreach (ErrorRecord error in result.AllErrors)
        {
            string id = error.FullyQualifiedErrorId.Split(',')[0];
            Assert.True(Ids.Contains(id) || Nulls.Contains(id), $"{error.FullyQualifiedErrorId}: {error.Exception}");
            Assert.DoesNotContain(error.ToString(), char.IsControl);
        }

        return result;
    }
}
