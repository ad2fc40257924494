using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>What a merge makes of any layout: what the platform has, with every comment and without a change of any other line.</summary>
public sealed class MergeTests
{
    [Theory]
    [InlineData("${env:A}", "anything", true)]
    [InlineData("Key ${env:A}!", "Key x!", true)]
    [InlineData("Key ${env:A}!", "Key !", true)]
    [InlineData("Key ${env:A}!", "Key!", false)]
    [InlineData("Key ${env:A}!", "Another x!", false)]
    [InlineData("Key ${env:A}!", "env:MINE", true)]
    [InlineData("a${env:A}b${env:B}c", "a1b2c", true)]
    [InlineData("a${env:A}b${env:B}c", "a12c", false)]
    [InlineData("a${env:A}b${env:B}b", "a1b", false)]
    [InlineData("$${env:A} ${env:B}", "${env:A} x", true)]
    [InlineData("no variable", "no variable", false)]
    public void ATextFitsIfOnlyItsKeysMayDiffer(string written, string text, bool fits) => Assert.Equal(fits, VariableExpansion.Fits(written, text));

    private const string Before =
        "connections:\n  - provider: API\n    name: Own\n    endpointUrl: https://llm.example.com/v1\n    outputPath: x\n    payload:";

    private const int Files = 200;

    private static readonly Regex Comment = new(@"# c\d+\.");

    [Theory]
    [InlineData("\n      p: q\n      t: old\n          # c1.\n", "\n      p: q\n      t: \"a\\nb\"\n          # c1.\n")]
    [InlineData("\n      p: q\n      t: old\n        # c1.\n      # c2.\n", "\n      p: q\n      t: \"a\\nb\"\n        # c1.\n      # c2.\n")]
    [InlineData("\n      t: old\n           \n      p: q\n", "\n      t: \"a\\nb\"\n           \n      p: q\n")]
    [InlineData("\n      t: old # c1.\n      p: q\n", "\n      t: \"a\\nb\" # c1.\n      p: q\n")]
    [InlineData("\n      p: q\n          # c1.\n", "\n      p: q\n      t: \"a\\nb\"\n          # c1.\n")]
    [InlineData("\n      p: q\n      # c1.\n", "\n      p: q\n      t: |-\n        a\n        b\n      # c1.\n")]
    [InlineData("\n      p: q\n      t: |\n        old\n          \n", "\n      p: q\n      t: |-\n        a\n        b\n")]
    [InlineData("\n      p: q\n      t: >-\n        old \n", "\n      p: q\n      t: |-\n        a\n        b\n")]
    [InlineData("\n      p: |-\n        q\n          \n      t: old\n", "\n      p: q\n      t: |-\n        a\n        b\n")]
    [InlineData("\n      t: |+\n        old\n\n      p: q\n", "\n      t: |-\n        a\n        b\n      p: q\n")]
    [InlineData("\n      t: |2- # c1.\n        old\n      p: q\n", "\n      t: |- # c1.\n        a\n        b\n      p: q\n")]
    [InlineData("\n      t: a\n      p: | # c1.\n        old\n", "\n      t: |-\n        a\n        b\n      p: q # c1.\n")]
    [InlineData("\n      ? t\n      : old\n      p: q\n", "\n      ? t\n      : |-\n        a\n        b\n      p: q\n")]
    [InlineData("\n      ? p\n      : q\n", "\n      ? p\n      : q\n      t: |-\n        a\n        b\n")]
    [InlineData(" &x\n      p: q\n", " &x\n      p: q\n      t: |-\n        a\n        b\n")]
    [InlineData(" !!map\n      p: q\n      other: 1\n", " !!map\n      t: |-\n        a\n        b\n      p: q\n")]
    [InlineData(" {p: q, t: old }  \n", " {p: q, t: \"a\\nb\" }  \n")]
    [InlineData(" {p: q  \n      }\n", " {p: q, t: \"a\\nb\"  \n      }\n")]
    public void ATextOfSeveralLinesIsABlockOnlyWhereOneFits(string before, string after) =>
        AssertMerged(before, after, own => own["payload"] = new JsonObject { ["t"] = "a\nb", ["p"] = "q" });

    /// <summary>A text that does not fit leaves the others as blocks, be they changed before or behind it.</summary>
    [Fact]
    public void OneTextThatDoesNotFitLeavesTheOthersBlocks()
    {
        string[] keys = [.. Enumerable.Range(0, 9).Select(i => $"k{i}")];
        foreach (string odd in keys)
        {
            AssertMerged(
                string.Concat(keys.Select(key => $"\n      {key}: old{(key == odd ? "\n             # c1." : "")}")) + "\n",
                string.Concat(keys.Select(key => $"\n      {key}: {(key == odd ? "\"a\\nb\"\n             # c1." : "|-\n        a\n        b")}")) + "\n",
                own => own["payload"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)"a\nb"))));
        }
    }

    /// <summary>The end of a file ends no line, and what is added behind a block would become one.</summary>
    [Theory]
    [InlineData("\n      p: |\n        q", "\n      p: |-\n        q\n")]
    [InlineData("\n      p: >2+\n        q", "\n      p: >-2\n        q\n")]
    [InlineData("\n      p: |- # c1.\n        q", "\n      p: |- # c1.\n        q\n")]
    [InlineData("\n      p: |\n        q\n", "\n      p: |\n        q\n")]
    [InlineData("\n      p: q", "\n      p: q\n")]
    public void ABlockAtTheEndOfAFileKeepsItsValue(string before, string after)
    {
        const string Added = "\n  - provider: API\n    name: Other\n    endpointUrl: https://llm.example.com/v1\n    payload:\n      p: q\n    outputPath: x\n";
        AssertMerged(before, after + Added, own => { }, other => other["payload"] = new JsonObject { ["p"] = "q" });
    }

    /// <summary>Of variables, a changed value is changed alone, unless others are there or their order is another.</summary>
    [Theory]
    [InlineData("a", "b", "\n      - name: a # c1.\n        defaultValue: |-\n          x\n          y\n      - b # c2.\n")]
    [InlineData("b", "a", null)]
    [InlineData("a", "c", null)]
    public void OfVariablesOnlyTheValueChanges(string first, string second, string? after)
    {
        const string Payload = " { p: q }\n    customVariable:";
        void Change(JsonObject own) => own["customVars"] = new JsonArray(
            new JsonObject { ["name"] = first, ["defaultValue"] = "x\ny" }, new JsonObject { ["name"] = second });
        void Merge() => AssertMerged(Payload + "\n      - name: a # c1.\n        defaultValue: old\n      - b # c2.\n", Payload + after, Change);
        if (after is null)
        {
            Assert.Contains("contains comments", Assert.Throws<ManifestParseException>(Merge).Message, StringComparison.Ordinal);
        }
        else
        {
            Merge();
        }
    }

    /// <summary>A key in a variable's value becomes a reference, which nothing else of the file has.</summary>
    [Fact]
    public void AKeyInAVariableIsMergedAsAReference() => AssertMerged(
        " { p: q }\n    customVariable:\n      - name: a\n        defaultValue: old\n",
        " { p: q }\n    customVariable:\n      - name: a\n        defaultValue: \"${env:KORE_KEY_OWN_A}\"\n",
        own => own["customVars"] = new JsonArray(new JsonObject { ["name"] = "a", ["defaultValue"] = "Use sk-made-up-0123456789MQAA." }));

    /// <summary>Headers may be a list, whose names are in any case.</summary>
    [Theory]
    [InlineData("[{ key: X, value: old }] # c1.", "[{ key: X, value: new }] # c1.")]
    [InlineData("\n      - key: X # c1.\n        value: old", "\n      - key: X # c1.\n        value: new")]
    [InlineData("[]", "[{ key: x, value: new }]")]
    [InlineData("[ ] # c1.", "[ { key: x, value: new }] # c1.")]
    [InlineData("[\n      ]", "[\n      { key: x, value: new }]")]
    public void AHeaderOfAListIsChangedInItsPlace(string before, string after) => AssertMerged(
        $" {{ p: q }}\n    header: {before}\n",
        $" {{ p: q }}\n    header: {after}\n",
        own => own["headers"] = new JsonArray(new JsonObject { ["key"] = "x", ["value"] = "new" }));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void AJsonFileKeepsItsLineEnds(string end)
    {
        string json = """
            {
              "version": 1,
              "connections": [
                {
                  "name": "Own",
                  "provider": "openai",
                  "model": "gpt-4o",
                  "apiKey": "env:KEY"
                }
              ]
            }

            """.ReplaceLineEndings(end);
        MergedFile file = MergedFile.Read(json, out string problem, "m.json") ?? throw new InvalidOperationException(problem);
        JsonObject body = file.Body("Own");
        body["model"] = "gpt-4.1";
        Assert.Equal(json.Replace("gpt-4o", "gpt-4.1", StringComparison.Ordinal), file.Merge([MergedFile.Connection(body)]).Text);
    }

    [Fact]
    public void AnyFileIsMergedWithAnyPlatform()
    {
        int merged = 0;
        for (int valid = 0, seed = Random.Shared.Next(); valid < Files; seed++)
        {
            var random = new Random(seed);
            string text = new RandomManifest(random).Write(RandomConnections.Make(random));
            if (MergedFile.Read(text, out _) is MergedFile file)
            {
                valid++;
                merged += IsMerged(random, file, seed) ? 1 : 0;
            }
        }

        Assert.True(merged > Files * 8 / 10);
    }

    private static void AssertMerged(string before, string after, params Action<JsonObject>[] changes)
    {
        foreach (string end in new[] { "\n", "\r\n" })
        {
            MergedFile file = MergedFile.Read((Before + before).Replace("\n", end, StringComparison.Ordinal), out string problem)
                ?? throw new InvalidOperationException(problem);
            var platform = new List<Connection>();
            foreach (Action<JsonObject> change in changes)
            {
                JsonObject body = file.Body("Own");
                body["connectionName"] = platform.Count == 0 ? "Own" : "Other";
                change(body);
                platform.Add(MergedFile.Connection(body));
            }

            Assert.Equal((Before + after).Replace("\n", end, StringComparison.Ordinal), file.Merge(platform).Text);
        }
    }

    private static bool IsMerged(Random random, MergedFile file, int seed)
    {
        (IReadOnlyList<Connection> platform, IReadOnlyList<string> unchanged) = RandomConnections.Platform(random, file);
        string text = file.File.Content;
        string after = "";
        try
        {
            (ManifestMerge merge, after) = file.Merge(platform);
            MergedFile read = MergedFile.Read(after, out string problem) ?? throw new InvalidOperationException(problem);
            Assert.Empty(read.Merge(platform).Merge.Changes);
            Assert.All(unchanged, name => Assert.Equal(file.Values(name), read.Values(name)));
            // What the file ends with gets a line end by what is added.
            IEnumerable<string> kept = unchanged.Where(name => text.EndsWith('\n') || name != file.Names[^1]);
            Assert.All(kept, name => Assert.Contains(file.Lines(name), after, StringComparison.Ordinal));
            string[] comments = [.. Comment.Matches(text).Select(m => m.Value).Where(c => !file.Values().Contains(c, StringComparison.Ordinal))];
            Assert.Equal(comments, Comment.Matches(after).Select(m => m.Value).Intersect(comments));
            Assert.DoesNotContain(comments, c => read.Values().Contains(c, StringComparison.Ordinal));
            IEnumerable<string> lines = text.Split('\n').Select(l => l.TrimEnd('\r'));
            Assert.Empty(lines.Where(l => l.TrimStart() is ['#', ..] && comments.Any(l.Contains)).Except(after.Split('\n').Select(l => l.TrimEnd('\r'))));
            Assert.True(Blanks(after) <= Blanks(text), "blanks at the end of a line");
            Assert.True(!text.Contains("\r\n", StringComparison.Ordinal) || !after.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n'), "line ends");
            return true;
        }
        catch (ManifestParseException e) when (e.Message.Contains("contains comments", StringComparison.Ordinal))
        {
            return false;
        }
        catch (Exception e)
        {
            string payloads = string.Join("\n", platform.Select(c => JsonSerializer.Serialize(c.AdditionalProperties)));
            throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{text}\n--- and\n{payloads}\n--- becomes\n{after}", e);
        }

        static int Blanks(string text) => Regex.Count(text, @"[ \t]\r?(\n|\z)");
    }
}
