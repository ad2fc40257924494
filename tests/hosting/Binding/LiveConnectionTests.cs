using System;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>Connections that were read, live or through Export-Clixml, as input of New-Connection.</summary>
public sealed class LiveConnectionTests : BindingTest
{
    private static readonly string[] Reads = ["Get-Connection", "Get-Connection -Detailed", "Get-Connection:Clixml", "Get-Connection -Detailed:Clixml"];

    public static TheoryData<string, string> All => Cases("OpenAI", "Anthropic", "AzureOpenAI", "Payload", "Mapped");

    public static TheoryData<string, string> Named => Cases("OpenAI", "Anthropic", "AzureOpenAI");

    public static TheoryData<string, string> CustomApis => Cases("Payload", "Mapped");

    [Theory, MemberData(nameof(All))]
    public void WithoutAKeyNothingIsSent(string name, string read)
    {
        Read(name, read);
        RefusesSaying("$in | New-Connection", (Shape.Get(name).Switch, IsDetailed(read)) switch
        {
            ("CustomApi", true) => "-Header 'x-api-key' holds a mask",
            ("CustomApi", false) => "-EndpointUrl is empty",
            (_, true) => "-ApiKey holds a mask",
            (_, false) => "-ApiKey is empty",
        });
    }

    [Theory, MemberData(nameof(Named))]
    public void WithANameAndAKeyItIsACopy(string name, string read)
    {
        Shape shape = Read(name, read);
        const string Script = "$in | New-Connection -Name copy -ApiKey $key";
        if (name == "AzureOpenAI" && !IsDetailed(read))
        {
            RefusesSaying(Script, "-ResourceName is empty");
        }
        else
        {
            Creates(Script, Merge(shape.Body, """{ "connectionName": "copy" }"""));
        }
    }

    [Theory, MemberData(nameof(Named))]
    public void ItBindsToItsOwnSetByName(string name, string read)
    {
        Shape shape = Read(name, read);
        string azure = name == "AzureOpenAI" ? " -ResourceName res -DeploymentId dep -ApiVersion 2024-08-01-preview" : "";
        Creates($"$in | New-Connection -{shape.Switch} -Name copy -ApiKey $key{azure}", Merge(shape.Body, """{ "connectionName": "copy" }"""));
    }

    [Theory, MemberData(nameof(CustomApis))]
    public void ACustomApiWithoutSecretsIsCopiedWhole(string name, string read)
    {
        Shape shape = Read(name, read, withHeaders: false);
        const string Script = "$in | New-Connection -Name copy";
        if (IsDetailed(read))
        {
            Creates(Script, Merge(shape.Body, """{ "connectionName": "copy", "headers": [] }"""));
        }
        else
        {
            RefusesSaying(Script, "-EndpointUrl is empty");
        }
    }

    [Theory]
    [InlineData("Payload", "Get-Connection -Detailed")]
    [InlineData("Payload", "Get-Connection -Detailed:Clixml")]
    [InlineData("Mapped", "Get-Connection -Detailed")]
    [InlineData("Mapped", "Get-Connection -Detailed:Clixml")]
    public void ADisabledDraftIsCopiedAsSuch(string name, string read)
    {
        Shape shape = Read(name, read, withHeaders: false, "-Draft -Disabled");
        Creates("$in | New-Connection -Name copy", Merge(shape.Body, """{ "connectionName": "copy", "headers": [], "status": "DRAFT", "isEnable": false }"""));
    }

    [Theory, MemberData(nameof(CustomApis))]
    public void ACustomApiTakesNoApiKey(string name, string read)
    {
        Read(name, read);
        RefusesSaying("$in | New-Connection -Name copy -ApiKey $key", "-ApiKey is not for a custom API");
    }

    private static TheoryData<string, string> Cases(params string[] shapes) => new(from shape in shapes from read in Reads select (shape, read));

    private static bool IsDetailed(string read) => read.Contains("-Detailed", StringComparison.Ordinal);

    /// <summary>Creates it, reads it into $in, and forgets the requests.</summary>
    private Shape Read(string name, string read, bool withHeaders = true, string switches = "")
    {
        Shape shape = Shape.Get(name);
        var row = (PSObject)shape.In(Form.Typed);
        if (!withHeaders)
        {
            row.Properties.Remove("Header");
        }

        Shell.Set("seed", row);
        Shell.RunClean(switches.Length == 0 ? "$seed | New-Connection" : $"$seed | New-Connection -CustomApi {switches}");
        PSObject connection = Shell.RunClean(read.Split(':')[0]).Single();
        Shell.Set("in", read.EndsWith("Clixml", StringComparison.Ordinal) ? PSSerializer.Deserialize(PSSerializer.Serialize(connection, 8)) : connection);
        Place.Forget();
        return shape;
    }
}
