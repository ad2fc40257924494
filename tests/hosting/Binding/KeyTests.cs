using System;
using System.IO;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Binding;

/// <summary>What -ApiKey takes, typed, in properties and in rows.</summary>
public sealed class KeyTests : BindingTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-keys");

    public KeyTests()
    {
        Environment.SetEnvironmentVariable("KORE_BINDING_KEY", Key + "\n");
        Environment.SetEnvironmentVariable("KORE_TEST_BLANK", " ");
        Environment.SetEnvironmentVariable("KORE_TEST_INDIRECT", "env:KORE_BINDING_KEY");
        Write("key.txt", Key + "\r\n");
        Write("blank.txt", "\n");
        Write("mask.txt", "sk-***");
        Write("large.txt", new string('k', 70_000));
        Write("with space.txt", Key);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "folder"));
        Shell.Set("folder", _folder.FullName);
        Shell.RunClean("$ExecutionContext.SessionState.Path.SetLocation($folder)");
    }

    public static TheoryData<string> Accepted => new()
    {
        "$key",
        $"'{Key}'",
        $"' {Key} '",
        $"\"{Key}`r`n\"",
        "[pscredential]::new('user', $key)",
        "'env:KORE_BINDING_KEY'",
        "' ENV: KORE_BINDING_KEY '",
        "'Env:/KORE_BINDING_KEY'",
        "'env:\\KORE_BINDING_KEY'",
        "'file:key.txt'",
        "'file:./key.txt'",
        "'File:folder/../key.txt'",
        "\"file:$folder/key.txt\"",
        "'file:with space.txt'",
        "(& { $s = [securestring]::new(); foreach ($c in 'env:KORE_BINDING_KEY'.ToCharArray()) { $s.AppendChar($c) }; $s })",
        "[pscredential]::new('user', (& { $s = [securestring]::new(); foreach ($c in 'file:key.txt'.ToCharArray()) { $s.AppendChar($c) }; $s }))",
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "''", "-ApiKey is empty" },
        { "'  '", "-ApiKey is empty" },
        { "\"`n\"", "-ApiKey is empty" },
        { "$null", "-ApiKey is empty" },
        { "[securestring]::new()", "-ApiKey is empty" },
        { "[pscredential]::new('user', [securestring]::new())", "-ApiKey is empty" },
        { "'sk-***************'", "-ApiKey holds a mask" },
        { "'sk***************MQAA'", "-ApiKey holds a mask" },
        { "'***'", "-ApiKey holds a mask" },
        { "'a*b*c*d'", "-ApiKey holds a mask" },
        { "'$(OPENAI_KEY)'", "-ApiKey is what Azure Pipelines leaves of a variable that is not defined" },
        { "'$env:OPENAI_KEY'", "-ApiKey names a variable" },
        { "'${env:OPENAI_KEY}'", "-ApiKey names a variable" },
        { "'%OPENAI_KEY%'", "-ApiKey names a variable" },
        { "'\"sk-quoted\"'", "-ApiKey stands in quotation marks" },
        { "\"'sk-quoted'\"", "-ApiKey stands in quotation marks" },
        { "'sk-two parts'", "at position 7 of 12" },
        { "\"sk-two`nlines\"", "at position 7 of 12" },
        { "'sk-ü'", "at position 4 of 4" },
        { "'env:KORE_TEST_MISSING'", "the environment variable 'KORE_TEST_MISSING', which is not set or empty" },
        { "'env:KORE_TEST_BLANK'", "which is not set or empty" },
        { "'env:'", "which is not set or empty" },
        { "'file:missing.txt'", "the file 'missing.txt', which cannot be read" },
        { "'file:folder'", "the file 'folder', which cannot be read" },
        { "'file:'", "which cannot be read" },
        { "'file:blank.txt'", "the file 'blank.txt', which is empty" },
        { "'file:large.txt'", "which is larger than any key" },
        { "'file:mask.txt'", "-ApiKey holds a mask" },
        { "'secret:name'", "'secret:name' needs the module Microsoft.PowerShell.SecretManagement" },
        { "'secret:vault/name'", "needs the module Microsoft.PowerShell.SecretManagement" },
        { "'secret:'", "is no reference" },
        { "'secret:/name'", "is no reference" },
        { "'secret:vault/'", "is no reference" },
    };

    [Theory, MemberData(nameof(Accepted))]
    public void AKeyIsSentWithoutWhatSurroundsIt(string key) => Creates($"New-Connection -OpenAI -Name n -Model m -ApiKey ({key})", OpenAI());

    [Theory, MemberData(nameof(Accepted))]
    public void APropertyBindsTheSame(string key) => Creates($"[pscustomobject]@{{ Name = 'n'; Model = 'm'; ApiKey = {key} }} | New-Connection -OpenAI", OpenAI());

    [Theory, MemberData(nameof(Accepted))]
    public void ARowHoldsTheSame(string key) => Creates($"@{{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = {key} }} | New-Connection", OpenAI());

    [Theory, MemberData(nameof(Accepted))]
    public void AChangeSendsTheSame(string key)
    {
        string id = Place.Seed("n")[0];
        Changes($"Set-Connection {id} ({key})", id, "PATCH", $$"""{ "fields": { "API_KEY": "{{Key}}" } }""");
    }

    [Theory, MemberData(nameof(Refused))]
    public void WhatIsNoKeyIsRefused(string key, string words) => RefusesSaying($"New-Connection -OpenAI -Name n -Model m -ApiKey ({key})", words);

    [Theory, MemberData(nameof(Refused))]
    public void SoItIsInAProperty(string key, string words) => RefusesSaying($"[pscustomobject]@{{ Name = 'n'; Model = 'm'; ApiKey = {key} }} | New-Connection -Anthropic", words);

    [Theory, MemberData(nameof(Refused))]
    public void SoItIsInARow(string key, string words) => RefusesSaying($"@{{ Provider = 'Anthropic'; Name = 'n'; Model = 'm'; ApiKey = {key} }} | New-Connection", words);

    [Theory, MemberData(nameof(Refused))]
    public void SoItIsInAChange(string key, string words) => RefusesSaying($"Set-Connection cn-1 ({key})", words);

    [Theory]
    [InlineData("'sk-a*b*c'", "sk-a*b*c")]
    [InlineData("'sk:with:colons'", "sk:with:colons")]
    [InlineData("'environment:X'", "environment:X")]
    [InlineData("':env'", ":env")]
    [InlineData("'\"\\/<>&'", "\"\\/<>&")]
    [InlineData("'env:KORE_TEST_INDIRECT'", "env:KORE_BINDING_KEY")]
    public void WhatLooksAlmostLikeAMaskOrReferenceIsAKey(string key, string sent) => Creates($"New-Connection -OpenAI -Name n -Model m -ApiKey ({key})", OpenAI(key: sent));

    [Theory]
    [InlineData("-ApiKey 5", "ParameterArgumentTransformationError")]
    [InlineData("-ApiKey @{ a = 1 }", "ParameterArgumentTransformationError")]
    public void AnotherTypeIsPowerShellsOwnError(string typed, string errorId) => Refuses($"New-Connection -OpenAI -Name n -Model m {typed}", errorId);

    [Fact]
    public void AnotherTypeInAPropertyIsNoKey() => Refuses("[pscustomobject]@{ Name = 'n'; Model = 'm'; ApiKey = 5 } | New-Connection -OpenAI", "ParameterArgumentTransformationError");

    [Fact]
    public void AnotherTypeInARowIsNoKey() => RefusesSaying("@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = 5 } | New-Connection", "-ApiKey is no key");

    [Theory]
    [InlineData("secret:name", "name ()")]
    [InlineData("secret:vault/name", "name (vault)")]
    [InlineData("secret:vault/a/b", "a/b (vault)")]
    public void ASecretIsAskedOfItsVault(string reference, string asked)
    {
        DefineVault("$global:asked = \"$Name ($Vault)\"; $global:key");
        Shell.Set("reference", reference);
        Creates("New-Connection -OpenAI -Name n -Model m -ApiKey $reference", OpenAI());
        Assert.Equal(asked, Shell.Get("asked")?.ToString());
    }

    [Theory]
    [InlineData("throw 'The vault is locked.'", "could not be read: The vault is locked.")]
    [InlineData("", "was not found")]
    [InlineData("5", "is a Int32, not a text")]
    public void ASecretThatIsNoneIsRefused(string vault, string words)
    {
        DefineVault(vault);
        RefusesSaying("New-Connection -OpenAI -Name n -Model m -ApiKey secret:name", words);
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private void DefineVault(string body) =>
        Shell.RunClean($"New-Module -Name Microsoft.PowerShell.SecretManagement {{ function Get-Secret {{ [CmdletBinding()] param($Name, $Vault) {body} }} }} | Import-Module");

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
