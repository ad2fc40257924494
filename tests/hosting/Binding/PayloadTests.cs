using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>What -Payload takes, typed and in rows: whole and in order, or not at all.</summary>
public sealed class PayloadTests : BindingTest
{
    public static TheoryData<string, string> Forms => new()
    {
        { "@{}", "{}" },
        { "'{}'", "{}" },
        { "@{ a = 1; b = 2.5; c = $true; d = $null; e = 'x' }", """{ "a": 1, "b": 2.5, "c": true, "d": null, "e": "x" }""" },
        { "[ordered]@{ z = 1; a = @{ n = @(1, 'two', $null, @(3, @())) } }", """{ "z": 1, "a": { "n": [1, "two", null, [3, []]] } }""" },
        { "[pscustomobject]@{ z = 1; a = [pscustomobject]@{ n = @([pscustomobject]@{ x = 1 }) } }", """{ "z": 1, "a": { "n": [{ "x": 1 }] } }""" },
        { "@{ list = [System.Collections.Generic.List[object]]@(1, 2); one = @(1); none = @() }", """{ "list": [1, 2], "one": [1], "none": [] }""" },
        { "@{ table = [System.Collections.Generic.Dictionary[string, int]]::new() }", """{ "table": {} }""" },
        { "$table = [System.Collections.Generic.Dictionary[string, object]]::new(); $table.a = [System.Collections.Generic.SortedDictionary[string, int]]::new(); $table.a.b = 1; $table", """{ "a": { "b": 1 } }""" },
        { "@{ 1 = 'number as name' }", """{ "1": "number as name" }""" },
        { "@{ big = 18446744073709551615; small = [decimal]0.1; long = 9007199254740993 }", """{ "big": 18446744073709551615, "small": 0.1, "long": 9007199254740993 }""" },
        { "@{ when = [datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc); day = [System.DayOfWeek]::Monday; at = [uri]'https://a.example.com/x' }", """{ "when": "2026-01-02T03:04:05Z", "day": "Monday", "at": "https://a.example.com/x" }""" },
        { "@{ text = \"quote `\" line`n {{prompt}} ü 😀 </script>\" }", """{ "text": "quote \" line\n {{prompt}} ü 😀 </script>" }""" },
        { "'{ \"a\": [1, { \"b\": null }] }'", """{ "a": [1, { "b": null }] }""" },
        { "\" `n { `\"a`\": 1.50 } `n\"", """{ "a": 1.50 }""" },
        { "@{ json = '{ \"stays\": \"text\" }' }", """{ "json": "{ \"stays\": \"text\" }" }""" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "'[1]'", "is not a JSON object" },
        { "'5'", "is not a JSON object" },
        { "'\"text\"'", "is not a JSON object" },
        { "'null'", "is not a JSON object" },
        { "@(1, 2)", "is not a JSON object" },
        { "5", "is not a JSON object" },
        { "$true", "is not a JSON object" },
        { "'{ a: 1 }'", "is not JSON: something is wrong at line 1, position 3" },
        { "\"{`n  `\"a`\": 1,`n}\"", "is not JSON: something is wrong at line 3, position 1" },
        { "'{ \"a\": 1 } trailing'", "is not JSON: something is wrong at line 1, position 12" },
        { "'{ \"a\": '", "is not JSON: something is wrong at line 1" },
        { "'text'", "is not JSON: something is wrong at line 1" },
        { "$loop = @{}; $loop.self = $loop; $loop", "contains itself" },
        { "$list = [System.Collections.ArrayList]::new(); [void]$list.Add($list); @{ a = $list }", "contains itself" },
        { "$item = [pscustomobject]@{ self = $null }; $item.self = $item; $item", "contains itself" },
        { "@{ a = [double]::NaN }", "a number or text that JSON cannot carry" },
        { "@{ a = [System.IO.FileInfo]::new('x') }", "holds a FileInfo, which JSON cannot carry" },
        { "@{ a = $key }", "holds a SecureString, which JSON cannot carry" },
        { "@{ a = { script } }", "holds a ScriptBlock, which JSON cannot carry" },
    };

    [Theory, MemberData(nameof(Forms))]
    public void ItIsSentAsItIs(string payload, string json) => Creates($"$custom.Payload = $({payload}); New-Connection @custom", Sent(json));

    [Theory, MemberData(nameof(Forms))]
    public void ARowHoldsTheSame(string payload, string json) =>
        Creates($"$custom.Payload = $({payload}); $custom.Provider = 'API'; $custom.Remove('CustomApi'); $custom | New-Connection", Sent(json));

    [Theory, MemberData(nameof(Forms))]
    public void APropertyBindsTheSame(string payload, string json) =>
        Creates($"$custom.Remove('Payload'); [pscustomobject]@{{ Payload = $({payload}) }} | New-Connection @custom", Sent(json));

    [Theory, MemberData(nameof(Refused))]
    public void WhatIsNoObjectIsRefused(string payload, string words) => RefusesSaying($"$custom.Payload = $({payload}); New-Connection @custom", words);

    [Theory]
    [InlineData("''")]
    [InlineData("'  '")]
    [InlineData("$null")]
    public void NothingIsNoPayload(string payload) => RefusesSaying($"$custom.Payload = {payload}; New-Connection @custom", "A custom API needs either -Payload");

    [Theory]
    [InlineData("[ordered]@{ z = 1; a = [ordered]@{ y = 1; b = 2 }; m = 3 }")]
    [InlineData("[pscustomobject]@{ z = 1; a = [pscustomobject]@{ y = 1; b = 2 }; m = 3 }")]
    [InlineData("'{ \"z\": 1, \"a\": { \"y\": 1, \"b\": 2 }, \"m\": 3 }'")]
    public void TheOrderIsKept(string payload)
    {
        Shell.RunClean($"$custom.Payload = {payload}; New-Connection @custom");
        Assert.Equal("""{"z":1,"a":{"y":1,"b":2},"m":3}""", Place.SentBody!["payload"]!.ToJsonString());
    }

    [Theory]
    [InlineData("@{ d = $deep }")]
    [InlineData("[pscustomobject]@{ d = $deep }")]
    [InlineData("@($deep)")]
    [InlineData("$json")]
    public void TwoHundredLevelsAreKeptWhole(string step)
    {
        string script = step == "$json"
            ? "$deep = '\"bottom\"'; foreach ($i in 1..200) { $deep = '{ \"d\": ' + $deep + ' }' }; $custom.Payload = $deep"
            : $"$deep = 'bottom'; foreach ($i in 1..199) {{ $deep = {(step == "@($deep)" ? ", $deep" : step)} }}; $custom.Payload = @{{ d = $deep }}";
        Shell.RunClean($"{script}; New-Connection @custom -WhatIf");
        Assert.Empty(Place.Requests);

        // The sandbox reads no more than 64 levels, but it tells what came.
        Shell.Run("New-Connection @custom");
        JsonNode node = JsonNode.Parse(Place.Writes.Single().Body, documentOptions: new JsonDocumentOptions { MaxDepth = 1000 })!["payload"]!;
        int depth = 0;
        while (node is not JsonValue)
        {
            node = node is JsonArray list ? list.Single()! : node["d"]!;
            depth++;
        }

        Assert.Equal((200, "bottom"), (depth, (string?)node));
    }

    [Theory]
    [InlineData("@{ a = 'x' + [char]0xD800 }")]
    [InlineData("@{ a = [char]0xDC00 + 'x' }")]
    [InlineData("@{ ([string][char]0xD800) = 1 }")]
    [InlineData("'{ \"a\": \"' + [char]0xD800 + '\" }'")]
    [InlineData("'{ \"a\": \"\\uD800\" }'")]
    public void HalfACharacterIsRefused(string payload) => RefusesSaying($"$custom.Payload = {payload}; New-Connection @custom", "half of a surrogate pair");

    private static string Sent(string json) => Custom($$"""{ "payload": {{json}} }""");
}
