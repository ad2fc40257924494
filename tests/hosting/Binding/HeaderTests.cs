using System;
using System.IO;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>What -Header takes, typed and in rows.</summary>
public sealed class HeaderTests : BindingTest
{
    private const string Variable = "KORE_TEST_HEADER";

    static HeaderTests() => Environment.SetEnvironmentVariable(Variable, " from-env\n");

    /// <summary>An expression and the pairs that are sent.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "@{}", "[]" },
        { "@()", "[]" },
        { "''", "[]" },
        { "$null", "[]" },
        { "@{ 'x-api-key' = 'v' }", """[{ "key": "x-api-key", "value": "v" }]""" },
        { "[ordered]@{ b = '1'; a = '2'; c = '3' }", """[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }, { "key": "c", "value": "3" }]""" },
        { "[pscustomobject]@{ b = '1'; a = '2' }", """[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }]""" },
        { "@{ 'x-api-key' = $key }", $$"""[{ "key": "x-api-key", "value": "{{Key}}" }]""" },
        { "@{ 'x-api-key' = [pscredential]::new('u', $key) }", $$"""[{ "key": "x-api-key", "value": "{{Key}}" }]""" },
        { "@{ 'x-api-key' = 'env:KORE_TEST_HEADER' }", """[{ "key": "x-api-key", "value": "from-env" }]""" },
        { "@{ 'x-version' = 2 }", """[{ "key": "x-version", "value": "2" }]""" },
        { "@{ 'x-on' = $true }", """[{ "key": "x-on", "value": "True" }]""" },
        { "@{ Authorization = 'Bearer two words' }", """[{ "key": "Authorization", "value": "Bearer two words" }]""" },
        { "@{ key = 'x-api-key'; value = 'v' }", """[{ "key": "x-api-key", "value": "v" }]""" },
        { "@{ key = 'v' }", """[{ "key": "key", "value": "v" }]""" },
        { "[pscustomobject]@{ Key = 'x-api-key'; Value = 'v' }", """[{ "key": "x-api-key", "value": "v" }]""" },
        { "@([pscustomobject]@{ key = 'b'; value = '1' }, [pscustomobject]@{ key = 'a'; value = $key })", $$"""[{ "key": "b", "value": "1" }, { "key": "a", "value": "{{Key}}" }]""" },
        { "@(@{ key = 'b'; value = '1' }, [ordered]@{ value = 'env:KORE_TEST_HEADER'; key = 'a' })", """[{ "key": "b", "value": "1" }, { "key": "a", "value": "from-env" }]""" },
        { "'{ \"b\": \"1\", \"a\": \"env:KORE_TEST_HEADER\" }'", """[{ "key": "b", "value": "1" }, { "key": "a", "value": "from-env" }]""" },
        { "' [{ \"key\": \"b\", \"value\": \"1\" }, { \"key\": \"a\", \"value\": 2 }]'", """[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }]""" },
        { "'{ \"key\": \"b\", \"value\": \"1\" }'", """[{ "key": "b", "value": "1" }]""" },
        { "'[]'", "[]" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "'x-api-key: v'", "is no table of headers" },
        { "'{ \"a\": '", "is not JSON: something is wrong at line 1, position 8" },
        { "'[1]'", "holds an item that is no header" },
        { "5", "holds an item that is no header" },
        { "@('a', 'b')", "holds an item that is no header" },
        { "@(@{ name = 'a'; value = 'v' }, @{ key = 'b'; value = 'v' })", "holds an item that is no header" },
        { "@{ a = $null }", "'a' has no value" },
        { "@{ a = '' }", "'a' is empty" },
        { "@{ a = @{ b = 1 } }", "is no key" },
        { "@{ a = 'sk-***************' }", "'a' holds a mask" },
        { "@{ a = '$env:GATEWAY_KEY' }", "'a' names a variable" },
        { "@{ a = '$(GATEWAY_KEY)' }", "'a' is what Azure Pipelines leaves of a variable" },
        { "@{ a = \"two`nlines\" }", "'a' holds a line break" },
        { "@{ a = 'ü' }", "'a' holds a line break or a character" },
        { "@{ a = 'env:KORE_TEST_MISSING' }", "'KORE_TEST_MISSING', which is not set" },
        { "@{ a = 'file:no-such-file' }", "'no-such-file', which cannot be read" },
        { "@{ a = 'secret:name' }", "needs the module Microsoft.PowerShell.SecretManagement" },
        { "@{ '' = 'v' }", "is not a header's name" },
        { "@{ 'two words' = 'v' }", "is not a header's name" },
        { "@{ 'a:' = 'v' }", "is not a header's name" },
        { "@(@{ key = 'a'; value = '1' }, @{ key = 'A'; value = '2' })", "names 'A' twice" },
    };

    [Theory, MemberData(nameof(Forms))]
    public void ItIsSentAsPairs(string header, string pairs) => Creates($"New-Connection @custom -Header ({header})", Custom($$"""{ "headers": {{pairs}} }"""));

    [Theory, MemberData(nameof(Forms))]
    public void ARowHoldsTheSame(string header, string pairs) =>
        Creates($"$row = $custom + @{{ Provider = 'API'; Header = ({header}) }}; $row.Remove('CustomApi'); $row | New-Connection", Custom($$"""{ "headers": {{pairs}} }"""));

    [Theory, MemberData(nameof(Forms))]
    public void APropertyBindsTheSame(string header, string pairs) =>
        Creates($"[pscustomobject]@{{ Header = ({header}) }} | New-Connection @custom", Custom($$"""{ "headers": {{pairs}} }"""));

    [Theory, MemberData(nameof(Refused))]
    public void WhatIsNoHeaderIsRefused(string header, string words) => RefusesSaying($"New-Connection @custom -Header ({header})", words);

    [Theory, MemberData(nameof(Refused))]
    public void SoItIsForAMappedOne(string header, string words) => RefusesSaying($"New-Connection @mapped -Header ({header})", words);

    [Fact]
    public void AFileMayEndWithALineBreak()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "from-file\r\n");
            Shell.Set("path", path);
            Creates("New-Connection @custom -Header @{ a = \"file:$path\" }", Custom("""{ "headers": [{ "key": "a", "value": "from-file" }] }"""));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
