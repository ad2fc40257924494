using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace KoreConnections.Tests.Sandbox;

/// <summary>The file of a sandbox that cannot be saved, and what killed ones left beside it.</summary>
public sealed class StoreFileTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly string _root = Directory.CreateTempSubdirectory("kore").FullName;
    private readonly string _folder;
    private readonly string _path;
    private readonly HttpClient _http = new();

    public StoreFileTests()
    {
        _folder = Path.Combine(_root, "kept");
        _path = Path.Combine(_folder, "own.json");
        Directory.CreateDirectory(_folder);
    }

    [Theory]
    [InlineData("folder in its place")]
    [InlineData("moved")]
    public async Task AChangeThatCannotBeSavedIsNotMade(string how)
    {
        Assert.SkipWhen(how == "moved" && OperatingSystem.IsWindows(), "Windows moves no folder in which a file is open.");
        using (SandboxServer sandbox = Start())
        {
            string id = (string)(await (await CreateAsync(sandbox, "A")).Content.ReadFromJsonAsync<JsonObject>())!["connectionId"]!;
            Break(how);
            Task<HttpResponseMessage>[] all = [.. Enumerable.Range(0, 20).Select(i => CreateAsync(sandbox, $"N{i}")), ChangeAsync(sandbox, id), CreateAsync(sandbox, "B")];
            foreach (HttpResponseMessage answer in await Task.WhenAll(all))
            {
                Assert.Equal(HttpStatusCode.FailedDependency, answer.StatusCode);
                string text = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!;
                Assert.StartsWith($"The sandbox could not save '{_path}', so nothing was changed. ", text, StringComparison.Ordinal);
                Assert.DoesNotContain(".tmp", text, StringComparison.Ordinal);
            }

            Assert.Equal(["A"], await NamesAsync(sandbox));
            Assert.True(sandbox.HasKey(id, "sk-before"));
            Mend(how);
            // The name of one that was not made is free.
            Assert.Equal(HttpStatusCode.Created, (await CreateAsync(sandbox, "B")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(sandbox, id)).StatusCode);
            Assert.True(sandbox.HasKey(id, "sk-after"));
        }

        using SandboxServer again = Start();
        Assert.Equal(["A", "B"], await NamesAsync(again));
        Assert.Single(Directory.GetFiles(_folder, "own*"));
    }

    [Theory]
    [InlineData("own.json." + Id + ".tmp", "", false)]
    [InlineData("own.json." + Id + ".tmp", "{\"sa", false)]
    [InlineData("own.json." + Id + ".tmp", "{\"salt\":\"x\",\"connections\":[{\"conn", false)]
    // Somebody else's, by the content or by the name.
    [InlineData("own.json." + Id + ".tmp", "mine", true)]
    [InlineData("own.json." + Id + ".tmp", "{\n  \"version\": 1", true)]
    [InlineData("own.json." + Id + ".tmp", "{\"salty\":1", true)]
    [InlineData("own.json." + Id + ".old", "", true)]
    [InlineData("own.json." + Id, "", true)]
    [InlineData("own.json.0123456789ABCDEF0123456789ABCDEF.tmp", "", true)]
    [InlineData("own.json.01234567-89ab-cdef-0123-456789abcdef.tmp", "", true)]
    [InlineData("own.json.0123456789abcdef0123456789abcdeg.tmp", "", true)]
    [InlineData("own.json.tmp", "", true)]
    [InlineData("own.json2." + Id + ".tmp", "", true)]
    [InlineData("other.json." + Id + ".tmp", "", true)]
    [InlineData("myown.json." + Id + ".tmp", "", true)]
    public void WhatAKilledSaveLeftIsRemoved(string name, string content, bool isKept)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        Start().Dispose();
        Assert.Equal(isKept, File.Exists(file));
        Assert.True(!isKept || File.ReadAllText(file) == content);
    }

    [Fact]
    public async Task WhatIsInUseOrNoFileIsNotRemoved()
    {
        string used = $"{_path}.{Id}.tmp";
        string folder = _path + "." + Id.Replace('0', '1') + ".tmp";
        string link = _path + "." + Id.Replace('0', '2') + ".tmp";
        string target = Path.Combine(_folder, "target");
        Directory.CreateDirectory(folder);
        File.WriteAllText(target, "");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(link, target);
        }

        using (new FileStream(used, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            using SandboxServer sandbox = Start();
            Assert.Equal(HttpStatusCode.Created, (await CreateAsync(sandbox, "A")).StatusCode);
            // A second one holds no file, and removes none.
            Assert.Throws<InvalidDataException>(Start);
            Assert.True(File.Exists(used));
        }

        Start().Dispose();
        Assert.False(File.Exists(used));
        Assert.True(Directory.Exists(folder) && File.Exists(target));
        Assert.True(OperatingSystem.IsWindows() || File.Exists(link));
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void Break(string how)
    {
        if (how == "moved")
        {
            Directory.Move(_folder, _folder + "2");
            return;
        }

        File.Delete(_path);
        Directory.CreateDirectory(_path);
    }

    private void Mend(string how)
    {
        if (how == "moved")
        {
            Directory.Move(_folder + "2", _folder);
            return;
        }

        Directory.Delete(_path);
    }

    private SandboxServer Start()
    {
        SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { Path = _path });
        _http.DefaultRequestHeaders.Remove("x-api-key");
        _http.DefaultRequestHeaders.Add("x-api-key", sandbox.Keys.Issue());
        return sandbox;
    }

    private Task<HttpResponseMessage> CreateAsync(SandboxServer sandbox, string name) => _http.PostAsJsonAsync(
        sandbox.BaseUri + "/connections",
        new JsonObject { ["provider"] = "Open AI", ["connectionName"] = name, ["model"] = "gpt-4o", ["fields"] = new JsonObject { ["API_KEY"] = "sk-before" } });

    private Task<HttpResponseMessage> ChangeAsync(SandboxServer sandbox, string id) =>
        _http.PatchAsJsonAsync($"{sandbox.BaseUri}/connections/{id}", new JsonObject { ["fields"] = new JsonObject { ["API_KEY"] = "sk-after" } });

    private async Task<string[]> NamesAsync(SandboxServer sandbox) =>
        [.. (await _http.GetFromJsonAsync<JsonObject>(sandbox.BaseUri + "/connections"))!["connections"]!.AsArray().Select(c => (string)c!["connectionName"]!)];
}
