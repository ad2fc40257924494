using CsCheck;

namespace KoreConnections.Tests;

/// <summary>Rows, parameters and answers of anything.</summary>
public sealed class RandomInputTests : RandomInputTestBase
{
    private static readonly Gen<object?> Value = Gen.OneOf(
        Text.Select(t => (object?)t), Gen.Const((object?)null), Gen.Int.Select(i => (object?)i), Gen.Bool.Select(b => (object?)b), Gen.Double.Select(d => (object?)d),
        Text.Array[0, 3].Select(a => (object?)a), Gen.Select(Text, Text, (k, v) => (object?)new System.Collections.Hashtable { [k] = v }));

    // Rows that are complete but for one field, and a value that is right for it.
    private static readonly (string Field, string Good, (string, object?)[] Row)[] Targets =
    [
        .. new[] { "Name", "Model" }.Select(f => (f, "gpt-5.5", new (string, object?)[] { ("Provider", "OpenAI"), ("ApiKey", "sk-0123456789abcdef") }.Concat(f == "Name" ? [("Model", "m")] : []).ToArray())),
        .. new[] { ("ResourceName", "contoso"), ("DeploymentId", "eu-1"), ("ApiVersion", "2024-06-01") }.Select(f => (f.Item1, f.Item2,
            new (string, object?)[] { ("Provider", "AzureOpenAI"), ("Model", "m"), ("ApiKey", "0123456789abcdef0123456789abcdef"), ("ResourceName", "contoso"), ("DeploymentId", "eu"), ("ApiVersion", "2024-06-01") }.Where(c => c.Item1 != f.Item1).ToArray())),
        .. new[] { ("EndpointUrl", "https://llm.example.com/v1"), ("OutputPath", "a.b[0]"), ("InputTokensPath", "usage.in"), ("OutputTokensPath", "usage.out") }.Select(f => (f.Item1, f.Item2,
            new (string, object?)[] { ("Provider", "API"), ("EndpointUrl", "https://llm.example.com/v1"), ("Payload", "{\"q\":\"{{prompt}}\"}"), ("OutputPath", "a.b") }.Where(c => c.Item1 != f.Item1).ToArray())),
        ("AuthorizationProfile", "corp", [("Provider", "API"), ("EndpointUrl", "https://llm.example.com/v1"), ("MapProvider", "openAIModel"), ("Feature", "streaming")]),
    ];

    private static readonly Gen<Func<string, object?>> Kinds = Gen.OneOf(
        // Invisible or look-alike characters, somewhere in it or around it.
        Gen.Select(Gen.OneOf("\u200B", "\u00A0", "\u2028", "\uFEFF", "\u00AD", "\u202E", "e\u0301", "\u3000", "\n", "\r\n", "\t", " ", "\u0085", "\u2060", "\U000E0041"), Gen.Int[0, 12], (mark, at) => (Func<string, object?>)(good => good.Insert(Math.Min(at, good.Length), mark))),
        Gen.OneOf<object?>(null, "", "  ", DBNull.Value, "\u00A0").Select(absent => (Func<string, object?>)(_ => absent)),
        Gen.OneOf<object?>(new DateTime(2024, 6, 1), 42, 4.5, true, false, 1e30, 20240601L, "01.06.2024", "1,5").Select(typed => (Func<string, object?>)(_ => typed)),
        Gen.Select(Gen.OneOf("$(KEY)", "${env:KEY}", "#{KEY}#", "<your-value>", "%KEY%", "env:KEY", "{{key}}", "@{a=1}", "System.Object[]", "#REF!", "null"), Gen.Bool, (unfilled, alone) => (Func<string, object?>)(good => alone ? unfilled : good + unfilled)),
        Gen.Const((Func<string, object?>)(good => good)));

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

            Place.Shell.Set("row", row);
            RunChecked("$row | New-Connection");
        },
        iter: 3000,
        threads: 1);

    /// <summary>What careful users met: text that looks the same, typed cells, absent ones, and what nobody filled in.</summary>
    [Fact]
    public void WhatIsAcceptedIsSentAsItWasWritten() => Gen.Select(Gen.OneOf(Targets), Kinds).Sample(
        (target, kind) =>
        {
            object? value = kind(target.Good);
            var row = new PSObject();
            foreach ((string name, object? cell) in target.Row.Append((target.Field, value)).Append(("Name", target.Field == "Name" ? value : $"Row {Guid.NewGuid():N}")))
            {
                row.Properties.Add(new PSNoteProperty(name, cell));
            }

            Place.Forget();
            Place.Shell.Set("row", row);
            ShellResult result = RunChecked("$row | New-Connection");
            if (result.AllErrors.Count > 0)
            {
                // The platform itself refuses a name that it has.
                Assert.True(result.ErrorIds[0] == "KoreConflict" || Place.Requests.Count == 0, result.ErrorIds[0]);
                return;
            }

            ConnectionField field = ConnectionFields.Find(target.Field)!;
            System.Text.Json.Nodes.JsonNode body = Place.SentBody!;
            string? sent = (string?)((field.IsInFields ? body["fields"]! : body)[field.WireName]);
            string?[] right = value switch
            {
                null or DBNull => [null, field.Default],
                string text => SingleLine.Trim(text).Length == 0 ? [null, field.Default] : [SingleLine.Trim(text)],
                DateTime date => [date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)],
                _ => [Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)],
            };
            Assert.Contains(sent, right);
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
            Place.Shell.Set("x", x).Set("y", y);
            RunChecked(script);
        },
        iter: count,
        threads: 1);

    [Fact]
    public void AnswersOfAnything() => Gen.Select(Gen.OneOf(RandomJson(4), Mutated(), Text), Gen.OneOf(200, 200, 200, 201, 400, 404, 409, 500)).Sample(
        (body, status) =>
        {
            Place.Sandbox.Faults.Clear();
            Place.Sandbox.Faults.Add(new Fault { Status = status, Body = body, Times = 0 });
            RunChecked("Get-Connection");
            RunChecked("Get-Connection -ConnectionId cn-1");
            Place.Sandbox.Faults.Clear();
        },
        iter: 1200,
        threads: 1);

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
}
