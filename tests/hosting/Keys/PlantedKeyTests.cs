using System.Diagnostics.Tracing;

namespace KoreConnections.Tests.Keys;

/// <summary>The hunt finds a key that is planted, in each place and each disguise.</summary>
[Collection(SecretLeakTestBase.Hunt)]
public sealed class PlantedKeyTests() : SecretLeakTestBase(timeout: 60)
{
    [Theory]
    [InlineData("$text", "output")]
    [InlineData("[pscustomobject]@{ Deep = @{ er = @($text) } }", "output")]
    [InlineData("$text.ToLowerInvariant()", "output")]
    [InlineData("[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text))", "output")]
    [InlineData("[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('user:' + $text + '!'))", "output")]
    [InlineData("[Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes('x' + $text))", "output")]
    [InlineData("[uri]::EscapeDataString($text)", "output")]
    [InlineData("[Net.WebUtility]::HtmlEncode($text)", "output")]
    [InlineData("$key", "as Clixml")]
    [InlineData("throw $text", "terminating error")]
    [InlineData("$PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new($text), 'x', 'NotSpecified', $null))", "error")]
    [InlineData("throw [Exception]::new('outer', [Exception]::new($text))", "InnerException")]
    [InlineData("$e = [Exception]::new('data'); $e.Data['x'] = $text; throw $e", "Data")]
    [InlineData("$PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('x'), 'x', 'NotSpecified', $text))", "TargetObject")]
    [InlineData("$e = [Management.Automation.ErrorRecord]::new([Exception]::new('x'), 'x', 'NotSpecified', $null); $e.ErrorDetails = 'x'; $e.ErrorDetails.RecommendedAction = $text; $PSCmdlet.WriteError($e)", "RecommendedAction")]
    [InlineData("Get-Command -Name $text -TotalCount none", "BoundParameters")]
    [InlineData("try { throw $text } catch { }", "$Error")]
    [InlineData("$PSCmdlet.WriteVerbose($text)", "verbose")]
    [InlineData("$PSCmdlet.WriteDebug($text)", "debug")]
    [InlineData("$PSCmdlet.WriteWarning($text)", "warning")]
    [InlineData("$PSCmdlet.WriteInformation([Management.Automation.InformationRecord]::new($text, 'x'))", "information")]
    [InlineData("$PSCmdlet.WriteProgress([Management.Automation.ProgressRecord]::new(1, $text, 'x'))", "progress")]
    [InlineData("$Host.UI.WriteLine($text)", "host")]
    [InlineData("[KoreConnections.Tests.Keys.Planted]::Log.Tell($text)", "event sources")]
    public void APlantedKeyIsFound(string script, string place)
    {
        IReadOnlyList<string> found = _hunt.Run(_shell, $"function Plant {{ [CmdletBinding()] param() {script} }}; Plant");
        Assert.Contains(found, f => f.Contains(place, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$p = @(Compare-Connection $manifest)[0]; $p.PSObject.Properties.Add([psnoteproperty]::new('Planted', $text)); $p", "output")]
    [InlineData("([char[]]$text | ForEach-Object { '%{0:X2}' -f [int]$_ }) -join ''", "output")]
    [InlineData("([char[]]$text | ForEach-Object { '&#{0};' -f [int]$_ }) -join ''", "output")]
    [InlineData("$text.Replace('/', '\\/')", "output")]
    public void AKeyPlantedInAPlanIsFound(string script, string place) =>
        Assert.Contains(_hunt.Run(_shell, script), f => f.Contains(place, StringComparison.Ordinal));

    [Theory]
    [InlineData("report.jsonl", "$ids | Update-ConnectionKey -ApiKey $key -SkipVerification -ReportPath $file", "\"maskAfter\":\"KEY\"")]
    [InlineData("export.yaml", "Export-Connection $file", "    apiKey: KEY")]
    [InlineData("export.json", "Export-Connection $file", "\"apiKey\": \"KEY\"")]
    [InlineData("report.html", "Export-ConnectionReport $file", "<td>KEY</td>")]
    [InlineData("sandbox.json", "", "\"payload\":{\"a\":\"KEY\"}")]
    public void AKeyPlantedInAFileThatCmdletsWriteIsFound(string name, string script, string planted)
    {
        string path = Path.Combine(_folder.FullName, name);
        _shell.Set("file", path).RunClean(script);
        Assert.Empty(_hunt.Files(_folder));
        File.AppendAllText(path, planted.Replace("KEY", Key, StringComparison.Ordinal));
        Assert.Contains(name, _hunt.Files(_folder));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void AKeyInAFileIsFound(string encoding)
    {
        Assert.Empty(_hunt.Files(_folder));
        File.WriteAllText(Path.Combine(_folder.FullName, "planted.txt"), "before " + Key + " after", Encoding.GetEncoding(encoding));
        Assert.NotEmpty(_hunt.Files(_folder));
    }
}

/// <summary>An event source with a leak, for the hunt to find.</summary>
[EventSource(Name = "KoreConnections-Planted")]
public sealed class Planted : EventSource
{
    public static Planted Log { get; } = new();

    [Event(1)]
    public void Tell(string text) => WriteEvent(1, text);
}
