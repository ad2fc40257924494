using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>A manifest that is merged with what a platform has.</summary>
internal sealed record MergedFile(ManifestFile File, IReadOnlyList<ManifestConnection> Connections)
{
    /// <summary>What a text holds; null where it is no manifest.</summary>
    public static MergedFile? Read(string text, out string problem, string name = "m.yaml")
    {
        var problems = new DiagnosticBag();
        problem = "";
        try
        {
            var context = new ManifestParseContext(_ => null, (place, at, message) => problems.Add(name, place, at, message));
            var file = new ManifestFile(name, text, ManifestFile.IsJson(name) ? JsonManifest.Read(text, context) : YamlManifest.Read(text, context));
            var validator = new ManifestValidator(problems);
            validator.Add(file);
            if (problems.Count == 0)
            {
                return new MergedFile(file, [.. validator.Entries.Select(Define)]);
            }

            problem = problems.Ordered()[0].Message;
        }
        catch (Exception e) when (e is ManifestParseException or KoreException)
        {
            problem = e.Message;
        }

        return null;
    }

    /// <summary>A connection that a platform has.</summary>
    public static Connection Connection(JsonObject body)
    {
        body["connectionId"] = "cn-" + body["connectionName"];
        return new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(Encoding.UTF8.GetBytes(body.ToJsonString())))!;
    }

    public IReadOnlyList<string> Names => [.. Connections.Select(c => c.Definition.Name!)];

    /// <summary>All values, of a connection or of the file.</summary>
    public string Values(string? name = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            (name is null ? File.Root! : ManifestExport.Connections(File.Root!)[Index(name)]).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A connection as the platform would get it.</summary>
    public JsonObject Body(string name) => JsonNode.Parse(Connections[Index(name)].Definition.Body.GetRawText())!.AsObject();

    /// <summary>What stands in the file from the first value of a connection to its last line that is more than blank or a comment.</summary>
    public string Lines(string name)
    {
        string[] lines = File.Content.Split('\n');
        IReadOnlyList<ManifestNode> all = ManifestExport.Connections(File.Root!);
        int next = Index(name) + 1;
        SourceLocation start = all[next - 1].Location;
        bool isLast = next == all.Count;
        string[] own = [.. lines.Skip(start.Line - 1).Take(isLast ? lines.Length : all[next].Location.Line - start.Line)];
        own = [.. own.TakeWhile((line, i) => i == 0 || !isLast || line is ['\r' or ' ' or '#', ..] or "")];
        string text = string.Join("\n", own.Reverse().SkipWhile(line => line.Trim() is "" or ['#', ..]).Reverse());
        // Within brackets, what is added stands in its last line.
        text = isLast && own[0][(start.Column - 1)..] is ['{', ..] ? text.Split('}')[0] : text;
        return text[Math.Min(start.Column - 1, text.Length)..].TrimEnd();
    }

    /// <exception cref="ManifestParseException">It is refused.</exception>
    public (ManifestMerge Merge, string Text) Merge(IReadOnlyList<Connection> platform)
    {
        var export = new ManifestExport();
        export.Reserve(Names);
        ILookup<bool, Connection> isThere = platform.ToLookup(c => Names.Contains(c.ConnectionName!));
        var merge = new ManifestMerge(File);
        foreach (ManifestNode exported in ManifestExport.Connections(export.Make([.. isThere[true]])))
        {
            string name = ManifestExport.NameOf(exported);
            merge.Update(Connections[Index(name)], exported, platform.Single(c => c.ConnectionName == name));
        }

        foreach (ManifestNode exported in ManifestExport.Connections(export.Make([.. isThere[false]])))
        {
            merge.Add(exported);
        }

        return (merge, merge.Changes.Count == 0 ? File.Content : merge.Result());
    }

    private static ManifestConnection Define(ManifestEntry entry)
    {
        var reader = new ManifestFieldReader(entry, (text, _, _) => Secret.FromPlainText(text), _ => { });
        ConnectionDefinition definition = ConnectionDefinition.Read(entry.Provider!, reader);
        definition.Validate();
        return new ManifestConnection(entry, definition, []);
    }

    private int Index(string name) => Connections.ToList().FindIndex(c => c.Definition.Name == name);
}
