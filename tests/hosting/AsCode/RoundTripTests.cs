using CsCheck;

namespace KoreConnections.Tests.AsCode;

/// <summary>
/// Whatever a platform holds: exported and applied to an empty one it is in sync, a second run sends no write, and what
/// is exported from there is the same text.
/// </summary>
public sealed class RoundTripTests
{
    [Fact]
    public void ExportedAndAppliedToAnEmptyPlatformEverythingIsInSync()
    {
        using var shell = new Shell();
        string folder = Directory.CreateTempSubdirectory("kore").FullName;
        shell.Set("folder", folder);
        int platforms = 0;
        CsCheck.Check.Sample(
            RandomPlatform.Definitions,
            definitions =>
            {
                platforms++;
                RoundTrip(shell, folder, definitions, platforms % 4 == 0 ? "json" : "yaml");
            },
            iter: 500,
            threads: 1,
            print: definitions => string.Join("\n", definitions.Select(d => JsonSerializer.Serialize(SecretJsonContent.ToJson(d.Write)))));
        Assert.True(platforms >= 500);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Whatever a file of one platform holds, and whatever another platform has under the same names: what is merged is in sync or warned of,
    /// no comment is lost, and a second merge changes nothing.
    /// </summary>
    [Fact]
    public void MergedFromAnotherPlatformEverythingIsInSyncOrWarnedOf()
    {
        using var shell = new Shell();
        string folder = Directory.CreateTempSubdirectory("kore").FullName;
        shell.Set("folder", folder);
        int merged = 0;
        CsCheck.Check.Sample(
            Gen.Select(RandomPlatform.Definitions, RandomPlatform.Definitions),
            (first, second) => merged += Merge(shell, folder, first, second),
            iter: 150,
            threads: 1,
            print: platforms => string.Join("\n", platforms.Item1.Concat(platforms.Item2).Select(d => JsonSerializer.Serialize(SecretJsonContent.ToJson(d.Write)))));
        Assert.True(merged >= 150);
        Directory.Delete(folder, recursive: true);
    }

    private static int Merge(Shell shell, string folder, ConnectionDefinition[] first, ConnectionDefinition[] second)
    {
        // Two of three names are the same on both.
        for (int i = 0; i < second.Length; i++)
        {
            second[i].Name = i < first.Length && i % 3 != 2 ? first[i].Name : $"Other {i}";
        }

        using SandboxServer source = SandboxServer.Start();
        using SandboxServer target = SandboxServer.Start();
        using KoreSession from = SessionOf(source);
        using KoreSession to = SessionOf(target);
        Task.WhenAll(first.Select(d => from.Client.CreateAsync(d, new RequestContext())).Concat(second.Select(d => to.Client.CreateAsync(d, new RequestContext())))).GetAwaiter().GetResult();
        shell.Set("from", from).Set("to", to);
        string path = Path.Combine(folder, "merged.yaml");
        Run(shell, "Export-Connection $folder/merged.yaml -Session $from -Force");
        string[] lines = File.ReadAllLines(path);
        int done = 0;
        // First with a comment in every line, which may be refused, then without.
        foreach (bool isCommented in new[] { true, false })
        {
            int[] commented = isCommented ? [.. OutsideBlocks(lines)] : [];
            string text = string.Join("\n", lines.Select((line, i) => commented.Contains(i) ? $"{line} # c{i}." : line)) + "\n";
            File.WriteAllText(path, text);
            ShellResult result = shell.Run("Export-Connection $folder/merged.yaml -Session $to -Merge -WarningAction SilentlyContinue -WarningVariable warned; $warned");
            string after = File.ReadAllText(path);
            if (result.AllErrors.Count > 0)
            {
                Assert.True(isCommented && result.AllErrors[0].ToString().Contains("contains comments", StringComparison.Ordinal), $"{result.AllErrors[0]}\n{text}");
                Assert.Equal(text, after);
                continue;
            }

            done++;
            Assert.All(commented, i => Assert.Contains($"# c{i}.", after, StringComparison.Ordinal));
            string warnings = string.Join("\n", result.Output);
            Assert.All(
                ManifestFixture.Items(Run(shell, "Compare-Connection $folder/merged.yaml -Session $to -IgnoreKeys -WarningAction SilentlyContinue")),
                i => Assert.True(i.ActionValue is PlanAction.InSync or PlanAction.Create || warnings.Contains($"'{TextSanitizer.SingleLine(i.Name, 100)}':", StringComparison.Ordinal), $"{i}\n{text}\n{after}"));
            Run(shell, "Export-Connection $folder/merged.yaml -Session $to -Merge -WarningAction SilentlyContinue");
            Assert.Equal(after, File.ReadAllText(path));
        }

        return done;
    }

    // In a text that is a block, a comment is a part of the text.
    private static IEnumerable<int> OutsideBlocks(string[] lines)
    {
        int block = int.MaxValue;
        for (int i = 0; i < lines.Length; i++)
        {
            int indentation = lines[i].Length - lines[i].TrimStart(' ').Length;
            if (lines[i].Length > 0 && indentation <= block)
            {
                block = lines[i].EndsWith(" |", StringComparison.Ordinal) || lines[i].EndsWith(" |-", StringComparison.Ordinal) ? indentation : int.MaxValue;
                yield return i;
            }
        }
    }

    private static void RoundTrip(Shell shell, string folder, ConnectionDefinition[] definitions, string format)
    {
        using SandboxServer source = SandboxServer.Start();
        using SandboxServer target = SandboxServer.Start();
        using KoreSession from = SessionOf(source);
        using KoreSession to = SessionOf(target);
        Task.WhenAll(definitions.Select(d => from.Client.CreateAsync(d, new RequestContext()))).GetAwaiter().GetResult();

        shell.Set("from", from).Set("to", to);
        Run(shell, $"Export-Connection $folder/from.{format} -Session $from -Force");
        string exported = File.ReadAllText(Path.Combine(folder, "from." + format));
        ManifestFixture.SetKeys(exported);
        Assert.Equal(definitions.Length, Items(shell, $"Sync-Connection $folder/from.{format} -Session $to", i => i.ActionValue == PlanAction.Create && i.OutcomeValue == SyncOutcome.Done));
        Assert.Equal(definitions.Length, Items(shell, $"Compare-Connection $folder/from.{format} -Session $to", i => i.ActionValue == PlanAction.InSync));
        target.Log.Clear();
        Assert.Equal(definitions.Length, Items(shell, $"Sync-Connection $folder/from.{format} -Session $to", i => i.OutcomeValue == SyncOutcome.Unchanged));
        Assert.All(target.Log.Requests, r => Assert.Equal("GET", r.Method));
        Run(shell, $"Export-Connection $folder/to.{format} -Session $to -Force");
        Assert.Equal(exported, File.ReadAllText(Path.Combine(folder, "to." + format)));
    }

    private static int Items(Shell shell, string script, Func<ConnectionPlanItem, bool> isExpected)
    {
        IReadOnlyList<ConnectionPlanItem> items = ManifestFixture.Items(Run(shell, script));
        Assert.All(items, i => Assert.True(isExpected(i), $"{script}: {i} {i.Outcome} {i.Reason} {i.Error?.Message}"));
        return items.Count;
    }

    private static IReadOnlyList<System.Management.Automation.PSObject> Run(Shell shell, string script)
    {
        ShellResult result = shell.Run(script);
        Assert.True(result.AllErrors.Count == 0, $"{script}: {string.Join("\n", result.AllErrors.Select(e => $"{e}\n{e.Exception}"))}");
        return result.Output;
    }

    private static KoreSession SessionOf(SandboxServer sandbox) => new(new ConnectionsClient(new SessionOptions(sandbox.BaseUri, Secret.FromPlainText(sandbox.Keys.Issue()))));
}
