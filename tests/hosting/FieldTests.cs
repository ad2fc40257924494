using System.Text.Json.Nodes;
using Json.Schema;
using KoreConnections.Tests.AsCode;

namespace KoreConnections.Tests;

/// <summary>Walks the table of fields: each goes through every part of the module with a value of its own.</summary>
public sealed class FieldTests : IDisposable
{
    private const string Own = "$own = @{ Provider = 'API'; Name = 'Walk'; EndpointUrl = 'https://llm.example.com/v1'; Header = @{ 'x-team' = 'a' }; Payload = @{ q = '{{prompt}}' }; OutputPath = 'a.b' }; ";
    private const string Mapped = "$own = @{ Provider = 'API'; Name = 'Walk'; EndpointUrl = 'https://llm.example.com/v1'; Header = @{ 'x-team' = 'a' }; MapProvider = 'openAIModel'; Feature = 'streaming' }; ";
    private const string Azure = "$own = @{ Provider = 'AzureOpenAI'; Name = 'Walk'; Model = 'GPT-4o'; ApiKey = 'azure-key-0123456789abcdef'; ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-06-01' }; ";

    // By parameter: a value, another, both as PowerShell writes them, what the wire holds for the first, and a value that is refused.
    private static readonly Dictionary<string, (string Value, string Other, string Wire, string Refused)> Samples = new()
    {
        ["Model"] = ("'gpt-5.5'", "'gpt-5.4-mini'", "\"gpt-5.5\"", "\"gpt`t5\""),
        ["ResourceName"] = ("'fabrikam'", "'contoso'", "\"fabrikam\"", "'https://fabrikam'"),
        ["DeploymentId"] = ("'us'", "'eu'", "\"us\"", "'eu/us'"),
        ["ApiVersion"] = ("'2024-08-01-preview'", "'2024-06-01'", "\"2024-08-01-preview\"", "'yesterday'"),
        ["EndpointUrl"] = ("'https://other.example.com/v2'", "'https://llm.example.com/v1'", "\"https://other.example.com/v2\"", "'ftp://other.example.com'"),
        ["Header"] = ("@{ 'x-walk' = 'b' }", "@{ 'x-team' = 'a' }", """[{"key":"x-walk","value":"b"}]""", "@{ 'x walk' = 'b' }"),
        ["Payload"] = ("@{ walk = '{{prompt}}' }", "@{ q = '{{prompt}}' }", """{"walk":"{{prompt}}"}""", "'{ walk'"),
        ["OutputPath"] = ("'walk[0].text'", "'a.b'", "\"walk[0].text\"", "'walk['"),
        ["InputTokensPath"] = ("'usage.walk_in'", "'usage.in'", "\"usage.walk_in\"", "'usage['"),
        ["OutputTokensPath"] = ("'usage.walk_out'", "'usage.out'", "\"usage.walk_out\"", "'usage['"),
        ["PromptVariable"] = ("@('prompt', 'examples')", "@('prompt')", "\"examples\",\"displayName\":\"Examples\",\"status\":true", "'walk'"),
        ["CustomVariable"] = ("@('walk_tone')", "@('tone')", "\"walk_tone\"", "\"walk`ttone\""),
        ["MapProvider"] = ("'anthropicModel'", "'openAIModel'", "\"anthropicModel\"", "'walkModel'"),
        ["Feature"] = ("@('supportTools')", "@('streaming')", "\"supportTools\":true", "'walk'"),
        ["IOMapping"] = ("@('textToImage')", "@('textToText')", """["textToImage"]""", "'walk'"),
        ["AuthorizationProfile"] = ("'walk-profile'", "'none'", "\"walk-profile\"", "\"walk`tprofile\""),
        ["Draft"] = ("$true", "$false", "\"DRAFT\"", "'perhaps'"),
        ["Disabled"] = ("$true", "$false", "false", "'perhaps'"),
    };

    private readonly ManifestFixture _place = new();

    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Repository.Root, "docs", "connections.schema.json")));

    // In each shape that has it: what is for both may be read, shown or changed in one of them alone.
    public static TheoryData<string, string> Fields => new(
        from f in ConnectionFields.All.Except([ConnectionFields.Provider, ConnectionFields.Name])
        where f.Kind != ValueKind.Key
        from start in f.IsInFields ? [nameof(Azure)] : new[] { nameof(Own), nameof(Mapped) }
        where f.IsInFields || f.Shape == FieldShape.Any || f.Shape.ToString() == start
        select (f.Parameter, start));

    [Theory, MemberData(nameof(Fields))]
    public void AFieldGoesThroughEverything(string parameter, string shape)
    {
        ConnectionField field = ConnectionFields.Find(parameter)!;
        Assert.True(Samples.TryGetValue(parameter, out (string Value, string Other, string Wire, string Refused) sample),
            $"Give {parameter} a sample: a value, another one, the first as the wire holds it, and one that is refused.");
        Assert.True(field.Kind != ValueKind.Text || field.Rule is not null, $"Give {parameter} a rule, which manifests are checked by.");
        Assert.True(
            field.Property is not string named || typeof(Connection).GetProperties().Any(p => p.Name == named || p.Name == "Connection" + named),
            $"Connection has no property {field.Property}. Run ./build.ps1 Docs, which writes it, and build again.");
        string start = shape switch { nameof(Azure) => Azure, nameof(Mapped) => Mapped, _ => Own };

        // From parameters and from a row, to the wire.
        string set = start == Azure ? "AzureOpenAI" : "CustomApi";
        Run($"{start} $own.Remove('Provider'); $own.Name = 'By parameter'; $own.{parameter} = {sample.Value}; New-Connection -{set} @own");
        AssertSent();
        if (field.Kind != ValueKind.Flag)
        {
            // A switch is given beside the rows.
            Run($"{start} $own.Remove('Provider'); $own.Name = 'By set'; $own.{parameter} = {sample.Value}; [pscustomobject]$own | New-Connection -{set}");
            AssertSent();
        }

        Run($"{start} $own.{parameter} = {sample.Value}; [pscustomobject]$own | New-Connection");
        AssertSent();

        // Read under its property's name, and back into New-Connection.
        Run("$read = Get-Connection -Name Walk -Detailed");
        if (field.Property is string property)
        {
            Assert.True((bool)Run($"$null -ne $read.{property}").Single().BaseObject, $"The sandbox, ConnectionSchema.cs, does not keep {field.WireName}.");
        }

        // Exported, compared with what there is, and found when the manifest says otherwise.
        Environment.SetEnvironmentVariable("KORE_KEY_WALK", "azure-key-0123456789abcdef");
        Environment.SetEnvironmentVariable("KORE_KEY_WALK_X_WALK", "b");
        Run("Export-Connection -Name Walk -Path $there -Force -WarningAction SilentlyContinue");
        Assert.Contains($"{field.Name}:", File.ReadAllText(Manifest), StringComparison.Ordinal);
        Assert.Equal("InSync", Text("(Compare-Connection $there | Where-Object Name -eq Walk).Action"));

        // Editors accept what an export writes, and mark what is refused, where they know its form.
        Run("Export-Connection -Name Walk -Path \"$there.json\" -Force -WarningAction SilentlyContinue");
        Assert.True(IsValid("Get-Content \"$there.json\" -Raw"), $"connections.schema.json refuses what an export writes of {field.Name}.");
        Assert.False(
            (field.Pattern ?? field.Values as object) is not null
                && IsValid($"$json = Get-Content \"$there.json\" | ConvertFrom-Json; $json.connections[0].{field.Name} = {sample.Refused}; ConvertTo-Json $json -Depth 9"),
            $"connections.schema.json accepts {sample.Refused} as {field.Name}.");

        Run($"{start} $own.Name = 'Walk other'; $own.{parameter} = {sample.Other}; $null = New-Connection -InputObject ([pscustomobject]$own)");
        Run("(Get-Content $there -Raw).Replace('name: Walk', 'name: Walk other').Replace('KORE_KEY_WALK_OTHER', 'KORE_KEY_WALK').Replace('WALK_OTHER', 'WALK') | Set-Content $there");
        Assert.Contains(field.Name, Text("(Compare-Connection $there | Where-Object Name -eq 'Walk other').Difference.Property"), StringComparison.Ordinal);

        // Changed by a plan and by its parameter, where the API changes it at all.
        if (start != Azure && field.Kind is not ValueKind.Flag)
        {
            Run("$null = Sync-Connection $there -Confirm:$false");
            AssertSent();
        }

        if (field.ChangeParameter is string change && start != Azure)
        {
            string given = field.Kind == ValueKind.Flag ? "'DRAFT'" : sample.Value;
            Run($"Set-Connection $read.ConnectionId -{change} {given} -Force");
            AssertSent();
            AssertRefused($"Set-Connection $read.ConnectionId -{change} {sample.Refused} -Force");
        }

        AssertRefused($"{start} $own.{parameter} = {sample.Refused}; [pscustomobject]$own | New-Connection");
        if (field is CustomApiField { Kind: ValueKind.Text, IsRequired: false, Default: null })
        {
            Run($"(Get-Content $there) -replace '^( +{field.Name}:).*', '$1' | Set-Content $there; $null = Sync-Connection $there -Confirm:$false");
            Assert.Null(Sent()[field.WireName]);
        }

        void AssertRefused(string script)
        {
            _place.Place.Forget();
            ShellResult result = _place.Shell.Run(script);
            Assert.True(result.AllErrors.Count == 1 && _place.Place.Writes.Count == 0, $"{script} is not refused.");
            string error = result.AllErrors[0].ToString();
            Assert.True(error.Contains(parameter, StringComparison.Ordinal) || error.Contains($"-{field.ChangeParameter}", StringComparison.Ordinal), error);
        }

        void AssertSent()
        {
            JsonNode? sent = Sent()[field.WireName];
            Assert.Contains(sample.Wire, sent?.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal) ?? "nothing", StringComparison.Ordinal);
            if (sent is JsonValue)
            {
                // A number or a flag that is written as a text holds its sample too.
                Assert.Equal(sample.Wire, sent.ToJsonString());
            }
        }
    }

    /// <summary>A platform may make a number of a text that looks like one.</summary>
    [Fact]
    public void ATextThatIsReadAsANumberIsTheSameText()
    {
        Environment.SetEnvironmentVariable("KORE_KEY_WALK", "azure-key-0123456789abcdef");
        Run(Azure + "$own.DeploymentId = '20'; $null = New-Connection -InputObject ([pscustomobject]$own)");
        string id = Text("(Get-Connection -Name Walk).ConnectionId");
        _place.Place.Sandbox.Faults.Add(new Fault
        {
            Method = "GET",
            Path = id,
            Times = 0,
            Status = 200,
            Body = $$"""
                { "connectionId": "{{id}}", "connectionName": "Walk", "provider": "Azure Open AI", "model": "GPT-4o", "status": "ACTIVE",
                  "fields": { "API_KEY": "az***************cdef", "your_resource_name": "contoso", "deployment_id": 20, "api_version": "2024-06-01" } }
                """,
        });
        Assert.Equal("20", Text($"(Get-Connection {id}).DeploymentId"));
        Run("Export-Connection -Name Walk -Path $there -WarningAction Stop");
        Assert.Contains("deploymentId: 20", File.ReadAllText(Manifest), StringComparison.Ordinal);
        Assert.Equal("InSync", Text("(Compare-Connection $there).Action"));
        File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace("deploymentId: 20", "deploymentId: 21", StringComparison.Ordinal));
        Assert.Equal("deploymentId: 20 -> 21", Text("(Compare-Connection $there).Difference"));
    }

    /// <summary>What cannot be read is no agreement, and an export without it says so.</summary>
    [Theory]
    [InlineData("EndpointUrl", "[]")]
    [InlineData("OutputPath", "[\"content\"]")]
    [InlineData("InputTokensPath", "{ \"a\": 1 }")]
    [InlineData("IOMapping", "{ \"TEXT_TO_TEXT\": true }")]
    [InlineData("Feature", "[\"streaming\"]")]
    [InlineData("MapProvider", "[\"openAIModel\"]")]
    [InlineData("CustomVariable", "{ \"style\": \"short\" }")]
    [InlineData("PromptVariable", "\"prompt\"")]
    public void AValueOfAnotherKindIsADifference(string parameter, string value)
    {
        ConnectionField field = ConnectionFields.Find(parameter)!;
        string start = field.Shape == FieldShape.Mapped ? Mapped + "$own.IOMapping = 'textToText'; "
            : Own + "$own.InputTokensPath = 'usage.in'; $own.CustomVariable = 'style'; $own.PromptVariable = 'prompt', 'examples'; ";
        Run(start + "$null = [pscustomobject]$own | New-Connection");
        var body = (JsonObject)_place.Place.SentBody!;
        Assert.NotNull(body[field.WireName]);
        string id = Text("(Get-Connection -Name Walk).ConnectionId");
        Run("Export-Connection -Name Walk -Path $there -WarningAction Stop");
        Assert.Equal("InSync", Text("(Compare-Connection $there -IgnoreKeys).Action"));
        body["connectionId"] = id;
        body[field.WireName] = JsonNode.Parse(value);
        _place.Place.Sandbox.Faults.Add(new Fault { Method = "GET", Path = id, Times = 0, Status = 200, Body = body.ToJsonString() });
        Assert.Contains(field.Name, Text("(Compare-Connection $there -IgnoreKeys).Difference.Property"), StringComparison.Ordinal);
        Assert.Contains(field.Name, Text("Export-Connection -Name Walk -Path $there -Force -WarningVariable warned -WarningAction SilentlyContinue; $warned"), StringComparison.Ordinal);
    }

    /// <summary>A row that is in no list is a field that nothing reads.</summary>
    [Fact]
    public void EachRowIsInTheTable() => Assert.All(
        new[] { typeof(ConnectionFields), typeof(CustomApiFields) }.SelectMany(t => t.GetProperties()).Where(p => typeof(ConnectionField).IsAssignableFrom(p.PropertyType)),
        row => Assert.True(ConnectionFields.All.Contains(row.GetValue(null)), $"{row.Name} is not in the list All of {row.DeclaringType!.Name}."));

    /// <summary>A parameter that is forgotten in a cmdlet is seen here, and what a list of a connection would not show.</summary>
    [Fact]
    public void CmdletsAndConnectionsHaveEveryField()
    {
        string views = File.ReadAllText(Path.Combine(Repository.Root, "src", "KoreConnections", "KoreConnections.format.ps1xml"));
        string[] created = Names("New-Connection"), changed = Names("Set-Connection");
        foreach (ConnectionField field in ConnectionFields.All)
        {
            Assert.Contains(field.Parameter, created);
            if (field.ChangeParameter is string change)
            {
                Assert.Contains(change, changed);
            }

            if (field.Property is string property && field.Kind != ValueKind.Key)
            {
                Assert.True(views.Contains($"<Label>{property}</Label>", StringComparison.Ordinal) || views.Contains($"<Label>Connection{property}</Label>", StringComparison.Ordinal), property);
                Assert.Contains(typeof(Connection).GetProperties(), p => p.Name == property || p.Name == "Connection" + property);
            }
        }

        string[] Names(string cmdlet) => [.. Run($"(Get-Command {cmdlet}).Parameters.Keys").Select(k => k.ToString())];
    }

    public void Dispose() => _place.Dispose();

    private string Manifest => Path.Combine(_place.Folder, "walk.yaml");

    private IReadOnlyList<PSObject> Run(string script)
    {
        _place.Shell.Set("there", Manifest);
        ShellResult result = _place.Shell.Run(script);
        Assert.Empty(result.AllErrors);
        return result.Output;
    }

    private bool IsValid(string manifest) => Schema.Evaluate(JsonDocument.Parse(Text(manifest)).RootElement).IsValid;

    private string Text(string script) => string.Join(",", Run(script));

    /// <summary>The last body that was sent, with an Azure connection's inner fields beside the others.</summary>
    private JsonObject Sent()
    {
        var body = (JsonObject)_place.Place.SentBody!;
        foreach ((string name, JsonNode? value) in body["fields"] as JsonObject ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }
}
