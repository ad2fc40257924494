namespace KoreConnections.Tests.Keys;

/// <summary>Which rows a rotation takes, and what it says of the others.</summary>
public sealed class RotationInputTests : RotationTestBase
{
    [Theory]
    [InlineData("'' | Update-ConnectionKey -ApiKey $new", "-ConnectionId is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey", "needs a key")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey ''", "-ApiKey is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey 'sk-***'", "is a mask")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -PreviousApiKey 'sk-***'", "-PreviousApiKey is a mask")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -PreviousApiKey $new", "could not be rolled back")]
    [InlineData("'cn-1' | Update-ConnectionKey -Header @{ a = 'b'; 'x-api-key' = $new } -PreviousHeader @{ 'X-Api-Key' = $new; a = 'b' }", "could not be rolled back")]
    [InlineData("@{ ConnectionId = 'cn-1'; ApiKey = 'env:KORE_TEST_NONE' } | Update-ConnectionKey", "which is not set or empty")]
    [InlineData("@{ Model = 'x' } | Update-ConnectionKey -ApiKey $new", "neither a ConnectionId nor a Name")]
    [InlineData("@{ Provider = 'OpenAI' } | Update-ConnectionKey -ApiKey $new", "-ConnectionId is empty")]
    [InlineData("@{ ConnectionId = 'cn-1'; Provider = 'API' } | Update-ConnectionKey -ApiKey $new", "Use -Header")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ProviderUri 'http://gateway.example.com'", "unencrypted")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath ''", "-ReportPath is empty")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath nowhere:/x", "is not a path")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath Env:/x", "is not in the file system")]
    [InlineData("'cn-1' | Update-ConnectionKey -ApiKey $new -ReportPath /no-such-folder/x.jsonl", "cannot be used because its folder does not exist. Create the folder,")]
    public void WhatIsMissingOrWrongIsSaid(string script, string words)
    {
        ShellResult result = Shell.Run(script);
        result.AssertRefused(words);
        // What is wrong with the call itself ends it; a row that is wrong has its result.
        bool isOfCall = script.Contains("-ProviderUri", StringComparison.Ordinal) || script.Contains("-ReportPath", StringComparison.Ordinal);
        Assert.Equal(isOfCall ? [] : ["Failed KoreInvalidInput"], result.Output.Select(o => Text(o, "Outcome", "ErrorId")));
        Assert.All(result.Output, o => Assert.Contains(words, Text(o, "Error"), StringComparison.Ordinal));
        Assert.Empty(_place.Requests);
    }

    [Fact]
    public void ARowWhoseNameIsAnothersIsRefused()
    {
        Seed("A", "B");
        ShellResult result = Shell.Run("[pscustomobject]@{ ConnectionId = $ids[0]; Name = 'B' }, [pscustomobject]@{ ConnectionId = $ids[1]; Name = 'b' } | Update-ConnectionKey -ApiKey $new");
        result.AssertRefused("is 'A', but the row has the name 'B'");
        Assert.Equal(["Failed", "Updated"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Single(_place.Writes);
    }

    [Fact]
    public void ANameThatIsAbsentOrAmbiguousIsThatRowsError()
    {
        Seed("A");
        const string Listed = """{ "connectionId": "{id}", "connectionName": "{name}", "provider": "Open AI" }""";
        string id = _place.Shell.RunClean("(Get-Connection A).ConnectionId")[0].ToString();
        string[] rows = [.. new[] { ("A", id), ("Twin", "cn-1"), ("Twin", "cn-2") }.Select(c => Listed.Replace("{name}", c.Item1, StringComparison.Ordinal).Replace("{id}", c.Item2, StringComparison.Ordinal))];
        _place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = "/connections", Times = 1, Status = 200, Body = $$"""{ "connections": [{{string.Join(", ", rows)}}], "total": 3 }""" });
        ShellResult result = Shell.Run("@{ Name = 'Absent' }, @{ Name = 'Twin' }, @{ Name = 'a' }, @{ Name = 'A'; Provider = 'Anthropic' }, @{ Name = 'A' } | Update-ConnectionKey -ApiKey $new");
        Assert.Equal(["KoreConnectionNotFound", "KoreInvalidInput", "KoreConnectionNotFound", "KoreInvalidInput"], result.ErrorIds);
        Assert.Contains("2 connections named 'Twin': cn-1, cn-2", result.AllErrors[1].ToString(), StringComparison.Ordinal);
        Assert.Equal(["Absent", "Twin", "a", "A"], result.AllErrors.Select(e => e.TargetObject));
        Assert.Equal(["Absent: Failed", "Twin: Failed", "a: Failed", "A: Failed", $"A ({id}): Updated"], result.Output.Select(r => r.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-BatchSize 1")]
    [InlineData("-ReportPath $report -SkipVerification")]
    public void AConnectionThatIsListedTwiceIsChangedOnce(string options)
    {
        Seed("A", "B");
        ShellResult result = Shell.Run($"$ids[0], $ids[1], $ids[0], $ids[0] | Update-ConnectionKey -ApiKey $new {options}");
        Assert.All(result.Output, o => Assert.Equal("Updated", Text(o, "Outcome")));
        Assert.Equal([null, null, "An earlier row updated it.", "An earlier row updated it."], result.Output.Select(o => o.Properties["Reason"].Value));
        Assert.Equal("A", Text(result.Output[3], "ConnectionName"));
        Assert.Equal(2, _place.Writes.Count);
    }

    /// <summary>A copied id is what such a row comes from.</summary>
    [Theory]
    [InlineData("ConnectionName", "B", "Row 3: *the row has the name 'B'*")]
    [InlineData("Provider", "Anthropic", "Row 3: *Open AI, but the row has Anthropic*")]
    [InlineData("ApiKey", "sk-another-key-0123456789abcdef", "Row 3: *An earlier row has another key*")]
    public void ASecondRowThatMeansAnotherIsRefused(string column, string value, string words)
    {
        Seed("A", "B");
        ShellResult result = Shell.Run($"$rows = [pscustomobject]@{{ ConnectionId = $ids[1]; ApiKey = $new }}, [pscustomobject]@{{ ConnectionId = $ids[0]; ApiKey = $new }}, [pscustomobject](@{{ ConnectionId = $ids[0]; ApiKey = $new }} + @{{}}); $rows[2] | Add-Member {column} '{value}' -Force; $rows | Update-ConnectionKey");
        Assert.Equal(["Updated", "Updated", "Failed"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal(2, _place.Writes.Count);
        Assert.True(new WildcardPattern(words).IsMatch(Assert.Single(result.AllErrors).ToString()), result.AllErrors[0].ToString());
    }

    [Fact]
    public void ASecondRowTriesAgainWhereTheFirstFailed()
    {
        Seed("A");
        _place.Sandbox.Faults.Add(new Fault { Method = "PATCH", Status = 400 });
        ShellResult result = Shell.Run("$ids[0], $ids[0], $ids[0] | Update-ConnectionKey -ApiKey $new -ReportPath $report");
        Assert.Equal(["Failed", "Updated", "Updated"], result.Output.Select(o => Text(o, "Outcome")));
        Assert.Equal(["AlreadyUpdated"], Shell.RunClean("$ids[0] | Update-ConnectionKey -ApiKey $new -ReportPath $report").Select(o => Text(o, "Outcome")));
    }

    [Fact]
    public void RowsHaveTheirOwnKeysAsReferences()
    {
        Environment.SetEnvironmentVariable("KORE_TEST_ROW", FakeProviders.Key("slow"));
        string[] ids = Seed("A", "B");
        Shell.RunClean("$ids[0], $ids[1] | ForEach-Object { [pscustomobject]@{ ConnectionId = $_; ApiKey = if ($_ -eq $ids[0]) { 'env:KORE_TEST_ROW' } else { $new } } } | Update-ConnectionKey");
        Assert.True(_place.Sandbox.HasKey(ids[0], FakeProviders.Key("slow")));
        Assert.True(_place.Sandbox.HasKey(ids[1], New));
    }
}
