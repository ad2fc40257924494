using CsCheck;

namespace KoreConnections.Tests.AsCode;

/// <summary>Whatever a file holds, it gives problems: never an exception, never a hang, and never a value built without end.</summary>
public sealed class HostileManifestTests
{
    private const string Valid = """
        version: 1
        x-a: &a { provider: OpenAI, model: m }
        connections:
          - <<: *a
            name: "n: 1"
            apiKey: env:KORE_TEST_KEY
          - provider: API
            name: c
            endpointUrl: https://llm.example.com
            header: { x-api-key: env:KORE_TEST_KEY }
            payload: { a: [1, .5, null, true, "{{prompt}}"], b: 'c' }
            outputPath: |
              text
        """;

    public static TheoryData<string, string, int> Files => new()
    {
        { "laughs", "a: &a [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range('b', 12).Select(c => $"{(char)c}: &{(char)c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n")) + "connections: *m\n", 7 },
        { "laughs of tables", "a: &a {x: 1}\n" + string.Concat(Enumerable.Range('b', 20).Select(c => $"{(char)c}: &{(char)c} {{ k0: *{(char)(c - 1)}, k1: *{(char)(c - 1)}, k2: *{(char)(c - 1)} }}\n")), 13 },
        { "an anchor in itself", "connections: &a [*a]\n", 1 },
        { "an unknown alias", "connections:\n  - *nobody\n", 2 },
        { "deep lists", "connections: " + new string('[', 100_000), 1 },
        { "deep tables", "connections: " + string.Concat(Enumerable.Repeat("{a: ", 100_000)), 1 },
        { "deep blocks", "connections:\n" + string.Concat(Enumerable.Repeat("- ", 100_000)), 2 },
        { "tabs", "connections:\n\t- provider: OpenAI\n", 2 },
        { "tabs further down", "version: 1\nconnections:\n  - provider: OpenAI\n\tname: x\n", 4 },
        { "a zero character", "version: 1\nconnections: []\0\n  - x\n", 2 },
        { "an escape sequence", "version: 1\n# \u001b[31m\nconnections: []\n", 2 },
        { "a python object", "connections: !!python/object/apply:os.system [ls]\n", 1 },
        { "a tag of its own", "connections:\n  - !exec x\n", 2 },
        { "a second document", "connections: []\n---\nconnections: []\n", 2 },
        { "an unclosed text", "connections: \"abc\n\n\n", 1 },
        { "an unclosed list", "connections: [a,\n", 2 },
        { "a table as a name", "connections:\n  - name: {{prompt}}\n", 2 },
        { "a merge of a text", "connections:\n  - <<: text\n", 2 },
        { "a bad escape", "connections: \"\\q\"\n", 1 },
        { "half of a pair", "connections: \"\\ud800\"\n", 1 },
        { "nothing but dashes", "---\n---\n", 2 },
    };

    [Theory, MemberData(nameof(Files))]
    public void AHostileFileGivesProblemsWithTheirLine(string what, string text, int line)
    {
        IReadOnlyList<ManifestProblem> problems = Read(text, "h.yaml");
        Assert.NotEmpty(problems);
        Assert.Contains(problems, p => p.Line == line);
        Assert.All(problems, p => Assert.True(p.Message.Length < 700 && !p.Message.Any(char.IsControl), what));
    }

    [Theory]
    [InlineData("x-a: &a { model: m1 }\nconnections:\n  - <<: *a\n    name: n\n    <<: *a\n", 5, "<< is given twice, first on line 3. Use one list: <<: [*one, *other].")]
    [InlineData("x-a: { b: !!int 'abc' }\nconnections: []\n", 1, "b has the tag !!int, which its value does not match. Correct the value, or remove the tag.")]
    [InlineData("connections:\n  - name: !!int 1.5\n", 2, "name has the tag !!int, which its value does not match.")]
    [InlineData("connections:\n  - name: !!float abc\n", 2, "name has the tag !!float, which its value does not match.")]
    [InlineData("connections:\n  - draft: !!bool yes\n", 2, "draft has the tag !!bool, which its value does not match.")]
    [InlineData("connections:\n  - draft: !!null 0\n", 2, "draft has the tag !!null, which its value does not match.")]
    [InlineData("\ufeff\ufeffversion: 1\nconnections: []\n", 1, "The name 'version' contains an invisible character (U+FEFF) at position 1 of 8. Remove it.")]
    [InlineData("connections:\n  - mo\u200bdel: m\n", 2, "The name 'mo del' contains an invisible character (U+200B) at position 3 of 6. Remove it.")]
    [InlineData("connections:\n  - model\u00a0: m\n", 2, "The name 'model' contains a special space (U+00A0) at position 6 of 6.")]
    [InlineData("connections:\n  - ' model': m\n", 2, "The name 'model' has white space around it. Remove it.")]
    [InlineData("connections:\n  - header: [{ key: a, value: b, 'no\u200bte': c }]\n", 2, "The name 'no te' contains an invisible character (U+200B) at position 3 of 5. Remove it.")]
    public void WhatIsHardToSeeIsSaidWithItsLine(string text, int line, string message) =>
        Assert.Contains(Read(text, "h.yaml"), p => p.Line == line && p.Message.StartsWith(message, StringComparison.Ordinal));

    [Theory, InlineData("!!int 5"), InlineData("!!int '5'"), InlineData("!!int 0x1F"), InlineData("!!float 1"), InlineData("!!float .inf"), InlineData("!!bool 'true'"), InlineData("!!null ~"), InlineData("!!str 5")]
    public void AValueMayBeWhatItsTagSays(string value) => Assert.Empty(Read($"connections: []\nx-a: {value}\n", "h.yaml"));

    [Fact]
    public void AHugeTextIsReadAndAHugeFileIsNot()
    {
        Assert.Empty(Read($"connections: []\nx-a: {new string('x', 8_000_000)}\n", "h.yaml"));
        Assert.StartsWith("The file is larger than 16 MB.", Assert.Single(Read($"x-a: {new string('x', 17_000_000)}\n", "h.yaml")).Message, StringComparison.Ordinal);
    }

    // With the line ends of Windows, reading took the square of the length.
    [Fact]
    public void TheLineEndsOfWindowsCostNoMore()
    {
        string text = "connections: []\n" + string.Concat(Enumerable.Repeat($"# {new string('c', 60)}\n", 20_000));
        string[] files = [text, text.ReplaceLineEndings("\r\n")];
        TimeSpan[] best = [TimeSpan.MaxValue, TimeSpan.MaxValue];
        for (int i = 0; i < 6; i++)
        {
            long begun = System.Diagnostics.Stopwatch.GetTimestamp();
            Assert.Empty(Read(files[i % 2], "h.yaml"));
            TimeSpan taken = System.Diagnostics.Stopwatch.GetElapsedTime(begun);
            best[i % 2] = taken < best[i % 2] ? taken : best[i % 2];
        }

        Assert.True(best[1] < 10 * best[0], $"{best[0]}, {best[1]}");
    }

    [Fact]
    public void NoUtf8IsAProblem()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path + ".yaml", [0x63, 0xff, 0xfe, 0x20]);
        var problems = new DiagnosticBag();
        Assert.Null(ManifestFile.Read(path + ".yaml", _ => null, problems));
        Assert.Equal("The file is not UTF-8. Save it as UTF-8.", Assert.Single(problems.Ordered()).Message);
        File.Delete(path);
        File.Delete(path + ".yaml");
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("list")]
    [InlineData("text")]
    public Task WhatIsCopiedCounts(string kind) => Task.Run(() =>
    {
        // The numbers in messages are English in every culture.
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        string table = "x-a: &a {" + string.Join(", ", Enumerable.Range(0, 2000).Select(i => $"k{i}: v")) + "}\n";
        string text = kind switch
        {
            "merge" => table + "x-b:\n" + string.Concat(Enumerable.Repeat("  - { <<: *a }\n", 20_000)),
            "list" => table + "x-b: { <<: [" + string.Join(", ", Enumerable.Repeat("*a", 20_000)) + "] }\n",
            _ => $"x-a: &a {new string('t', 1_000_000)}\nx-b: [{string.Join(", ", Enumerable.Repeat("*a", 20_000))}]\n",
        };
        Assert.Contains("more than 1,000,000 values", Assert.Single(Read(text, "h.yaml")).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void AliasesThatHonestFilesUseAreNoLaughs()
    {
        string text = "x-p: &p { provider: OpenAI, model: m, apiKey: env:KORE_TEST_KEY }\nconnections:\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"  - {{ <<: *p, name: n{i} }}\n"));
        Assert.Empty(Read(text, "h.yaml"));
    }

    [Fact]
    public void OneMistakeBehindManyAliasesIsToldOnce()
    {
        string text = "x-p: &p { provider: OpenAI, model: m, apiKey: sk-0123456789abcdef }\nconnections:\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"  - {{ <<: *p, name: n{i} }}\n"));
        Assert.Equal(1, Assert.Single(Read(text, "h.yaml")).Line);
    }

    [Theory]
    [InlineData("h.yaml", "connections: []\nx-a: ${env:KORE_LARGE}\n", 2)]
    [InlineData("h.json", """{ "connections": [], "x-a": "${env:KORE_LARGE}" }""", 1)]
    public void AVariableThatIsLongerThanAKeyCanBeIsAProblem(string name, string text, int line)
    {
        ManifestProblem problem = Assert.Single(Read(text, name, new string('v', Secret.MaxLength + 1)));
        Assert.Equal("x-a refers to the environment variable 'KORE_LARGE', which has 65537 characters. Use a value of at most 65536.", problem.Message);
        Assert.Equal(line, problem.Line);
    }

    [Fact]
    public void DamageOfAnyKindGivesProblemsAtMost() => CsCheck.Check.Sample(
        Gen.Int[0, Valid.Length - 1].Select(Gen.Int[0, 30], Gen.OneOf(Gen.OneOf("\t", "\0", "\n", "\r", "&", "*", "!", "!!x ", "{", "[", "}", "]", "'", "\"", ":", "- ", "? ", "|", ">", "%", "@", "`", "#", "<<: ", "\ud83d\ude00", "\ufeff", "---", "...", "${env:", "\\"), Gen.String[0, 8])).Array[1, 4],
        damages =>
        {
            string text = Valid;
            foreach ((int at, int cut, string added) in damages)
            {
                int from = Math.Min(at, text.Length);
                text = text.Remove(from, Math.Min(cut, text.Length - from)).Insert(from, added);
            }

            Assert.All(Read(text, "h.yaml"), AssertPlace);
            Assert.All(Read(text, "h.json"), AssertPlace);
        },
        iter: 3000);

    [Fact]
    public void DamagedJsonGivesProblemsAtMost() => CsCheck.Check.Sample(
        Gen.OneOf("{", "}", "[", "]", ",", ":", "\"connections\"", "\"name\"", "\"a\"", "\"\\ud800\"", "1", "1e999", "true", "null", "\n", "x", "\"", "\"${env:\"").Array[0, 30],
        parts => Assert.All(Read(string.Concat(parts), "h.json"), AssertPlace),
        iter: 3000);

    private static void AssertPlace(ManifestProblem problem) => Assert.True(problem.Line >= 1 && problem.Column >= 1 && problem.Message.Length > 0);

    private static IReadOnlyList<ManifestProblem> Read(string text, string name, string variable = "value")
    {
        string folder = Directory.CreateTempSubdirectory("kore").FullName;
        try
        {
            string path = Path.Combine(folder, name);
            File.WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(text)); // half a pair becomes a replacement character
            var problems = new DiagnosticBag();
            var checker = new ManifestValidator(problems);
            if (ManifestFile.Read(path, _ => variable, problems) is ManifestFile file)
            {
                checker.Add(file);
            }

            return problems.Ordered();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
