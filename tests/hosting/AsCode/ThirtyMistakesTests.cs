namespace KoreConnections.Tests.AsCode;

/// <summary>A manifest with thirty mistakes in two files: each is told in its line, all at once, and nothing is sent.</summary>
public sealed class ThirtyMistakesTests
{
    // Each line with a mistake says so; what follows the arrow is a part of the message.
    private const string First = """
        version: 3                                            # <- version is '3'
        conections: []                                        # <- Did you mean connections?
        x-key: &key sk-literal-0123456789abcdef               # <- apiKey must be a reference
        connections:
          - provider: OpenAI
            name: One
            modle: gpt-4o                                     # <- Did you mean model?
            apiKey: *key
          - provider: OpenAY                                  # <- provider 'OpenAY' is not valid
            name: Two
            model: m
            apiKey: env:KORE_TEST_KEY
          - provider: Anthropic                               # <- name is missing
            model: claude
            apiKey: "sk-ant-***************"                  # <- apiKey is a mask
          - provider: AzureOpenAI
            name: One                                         # <- 'One' is already defined
            model: GPT-4o
            model: GPT-5                                      # <- model is given twice
            apiKey: env:KORE_TEST_NOT_SET                     # <- 'KORE_TEST_NOT_SET', which is not set
            resourceName: https://contoso.openai.azure.com    # <- Did you mean 'contoso'?
            deploymentId: [a, b]                              # <- deploymentId is a list
            apiVersion: ${env:KORE_TEST_NOT_SET}              # <- apiVersion refers to the environment variable
          - just a text                                       # <- This is a string
          - provider: AzureOpenAI
            name: Four
            model: GPT-4o
            apiKey: file:none/here.key                        # <- which cannot be read
            resourceName: contoso
            deploymentId: d
            apiVersion: v1
            endpointUrl: https://x.example.com                # <- endpointUrl does not apply to Azure Open AI
        """;

    private const string Second = """
        connections:
          - provider: API
            name: Five
            apiKey: env:KORE_TEST_KEY                         # <- apiKey does not apply to a custom API
            endpointUrl: llm.example.com                      # <- is not an absolute http or https address
            header:
              x-api-key: literal-0123456789abcdef             # <- The header 'x-api-key' must be a reference
              bad name: x                                     # <- is not a valid header name
              Accept: [a]                                     # <- The header 'Accept' is a list
            payload:
              temperature: .nan                               # <- JSON does not support
              api_key: sk-0123456789abcdef                    # <- contains the key itself
            outputPath: $.content                             # <- begins with $
            promptVariable: [prompt, promt]                   # <- promptVariable 'promt' is not valid
            customVariable:
              - displayName: No name                          # <- This variable has no name
            draft: perhaps                                    # <- Use true or false
          - provider: API
            name: Six
            endpointUrl: https://x.example.com
            mapProvider: openai                               # <- mapProvider 'openai' is not valid
            feature: [streaming, flying]                      # <- feature 'flying' is not valid
            ioMapping: {}                                     # <- ioMapping is a table
          - provider: API                                     # <- A custom API needs either
            name: Seven
            endpointUrl: https://x.example.com
          - provider: API
            name: Eight
            endpointUrl: https://x.example.com
            payload: '{"a":1,"api_key":"sk-0123456789abcdef"}'  # <- contains the key itself
            outputPath: x
            feature: [streaming]                              # <- Use one or the other, not both
        """;

    [Theory]
    [InlineData("Test-ConnectionManifest $folder", false)]
    [InlineData("Compare-Connection $folder -RequireKey", true)]
    [InlineData("Sync-Connection $folder -RequireKey", true)]
    [InlineData("Sync-Connection $folder -RequireKey -WhatIf", true)]
    public void EachIsToldInItsLineAndNothingIsSent(string script, bool asErrors)
    {
        using var place = new ManifestFixture();
        string first = place.Write(First, "1.yaml");
        string second = place.Write(Second, "2.yaml");
        (string File, int Line, string Words)[] expected = [.. Mistakes(first, First), .. Mistakes(second, Second)];
        Assert.True(expected.Length >= 30);

        ShellResult result = place.Shell.Run(script);
        string[] told = asErrors
            ? [.. result.AllErrors.Select(e => e.Exception.Message)]
            : [.. result.Output.Select(o => o.ToString())];
        Assert.Equal(expected.Select(e => $"{e.File}:{e.Line}"), told.Select(t => Regex.Match(t, @"^(.*?:\d+):\d+: ").Groups[1].Value));
        Assert.All(expected.Zip(told), pair => Assert.Contains(pair.First.Words, pair.Second, StringComparison.Ordinal));
        Assert.All(told, t => Assert.DoesNotContain("0123456789", t, StringComparison.Ordinal));
        Assert.Empty(place.Place.Requests);
        if (asErrors)
        {
            Assert.All(result.ErrorIds, id => Assert.Equal("KoreInvalidInput", id));
            Assert.Empty(result.Output);
        }
    }

    [Fact]
    public void ThePlaceIsTheLineAndColumnOfTheObject()
    {
        using var place = new ManifestFixture();
        string path = place.Write(First);
        ManifestProblem problem = (ManifestProblem)place.Shell.RunClean("Test-ConnectionManifest $manifest")[3].BaseObject;
        Assert.Equal((path, 7, 5, "connections[0].modle"), (problem.File, problem.Line, problem.Column, problem.Path));
        Assert.Equal($"{path}:7:5: connections[0].modle: {problem.Message}", problem.ToString());
        Assert.Equal("connections.yaml", Path.GetFileName(problem.File));
    }

    private static IEnumerable<(string File, int Line, string Words)> Mistakes(string file, string text) =>
        text.Split('\n').Select((line, i) => (file, i + 1, line.Split("# <- ").ElementAtOrDefault(1) ?? "")).Where(m => m.Item3.Length > 0);
}
