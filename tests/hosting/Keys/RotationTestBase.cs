using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Keys;

/// <summary>A sandbox, providers and a folder for reports, to rotate keys with.</summary>
public abstract class RotationTestBase : IDisposable
{
    private protected const string Old = "sk-seed-0123456789abcdef";
    private protected static readonly string New = FakeProviders.Key("good");

    private protected readonly FakeProviders _provider = new();
    private protected readonly SandboxFixture _place;
    private protected readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-rotation");

    private protected RotationTestBase(string connectOptions = "-RetryIntervalSec 0 -MaximumRetryCount 2")
    {
        _place = new(connectOptions: connectOptions);
        Shell.Set("new", Shell.Secure(New));
        Shell.Set("old", Shell.Secure(Old));
        Shell.Set("bad", Shell.Secure(FakeProviders.Key("bad")));
        Shell.Set("report", Report);
        Shell.RunClean($"$PSDefaultParameterValues['Update-ConnectionKey:ProviderUri'] = '{_provider.BaseUri}'");
    }

    private protected Shell Shell => _place.Shell;

    private protected string Report => Path.Combine(_folder.FullName, "rotation.jsonl");

    private protected string[] Steps => [.. File.ReadAllLines(Report).Skip(1).Select(l => JsonNode.Parse(l)!).Select(l => $"{l["step"]} {l["outcome"]}".Trim())];

    public void Dispose()
    {
        _place.Dispose();
        _provider.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string[] Seed(params string[] names)
    {
        string[] ids = [.. _place.Seed(names)];
        Shell.Set("ids", ids);
        return ids;
    }

    private protected static string Text(PSObject result, params string[] properties) => string.Join(" ", properties.Select(p => result.Properties[p].Value));
}
