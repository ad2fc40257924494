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

    internal static IReadOnlyList<System.Management.Automation.PSObject> Run(Shell shell, string script)
    {
        ShellResult result = shell.Run(script);
        Assert.True(result.AllErrors.Count == 0, $"{script}: {string.Join("\n", result.AllErrors.Select(e => $"{e}\n{e.Exception}"))}");
        return result.Output;
    }

    internal static KoreSession SessionOf(SandboxServer sandbox) => new(new ConnectionsClient(new SessionOptions(sandbox.BaseUri, Secret.FromPlainText(sandbox.Keys.Issue()))));
}
