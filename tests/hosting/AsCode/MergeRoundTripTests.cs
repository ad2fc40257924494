using CsCheck;

namespace KoreConnections.Tests.AsCode;

/// <summary>
/// Whatever a file of one platform holds, and whatever another platform has under the same names: what is merged is in sync or warned of,
/// no comment is lost, and a second merge changes nothing.
/// </summary>
public sealed class MergeRoundTripTests
{
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
        using KoreSession from = RoundTripTests.SessionOf(source);
        using KoreSession to = RoundTripTests.SessionOf(target);
        Task.WhenAll(first.Select(d => from.Client.CreateAsync(d, new RequestContext())).Concat(second.Select(d => to.Client.CreateAsync(d, new RequestContext())))).GetAwaiter().GetResult();
        shell.Set("from", from).Set("to", to);
        string path = Path.Combine(folder, "merged.yaml");
        RoundTripTests.Run(shell, "Export-Connection $folder/merged.yaml -Session $from -Force");
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
                ManifestFixture.Items(RoundTripTests.Run(shell, "Compare-Connection $folder/merged.yaml -Session $to -IgnoreKeys -WarningAction SilentlyContinue")),
                i => Assert.True(i.ActionValue is PlanAction.InSync or PlanAction.Create || warnings.Contains($"'{TextSanitizer.SingleLine(i.Name, 100)}':", StringComparison.Ordinal), $"{i}\n{text}\n{after}"));
            RoundTripTests.Run(shell, "Export-Connection $folder/merged.yaml -Session $to -Merge -WarningAction SilentlyContinue");
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
}
