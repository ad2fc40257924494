#requires -Version 7.4
<#
.SYNOPSIS
Makes what Get-Help reads, docs/en-US/KoreConnections.dll-Help.xml, from the pages beside it.

.DESCRIPTION
The pages are the source, and the result is committed, so that a build needs no PlatyPS. To begin the page of a new
cmdlet:

    Import-Module ./out/KoreConnections
    New-MarkdownCommandHelp -CommandInfo (Get-Command NAME -Module KoreConnections) -OutputFolder NEW-FOLDER

Update-Reference.ps1 keeps its syntax and its parameters up to date. Update-MarkdownCommandHelp is of no use for that: it writes
descriptions twice, and what it reads loses the help messages, and which parameters are hidden.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE 1.0.0)) {
    throw 'The help was not made: it needs Microsoft.PowerShell.PlatyPS 1.0 or newer, which is not here. Install-PSResource Microsoft.PowerShell.PlatyPS'
}

Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0.0
$pages = Get-ChildItem "$PSScriptRoot/en-US/*-*.md" | Import-MarkdownCommandHelp
$problems = foreach ($page in $pages) {
    $page.Diagnostics.Messages | Where-Object Severity -NE Information | ForEach-Object { "$($page.Title): $($_.Message) $($_.Identifier)" }
}
if ($problems) {
    throw $problems -join "`n"
}

$folder = Join-Path ([IO.Path]::GetTempPath()) (New-Guid)
try {
    $xml = [xml](Get-Content ($pages | Export-MamlCommandHelp -OutputFolder $folder) -Raw)
} finally {
    Remove-Item $folder -Recurse -ErrorAction Ignore
}

$maml = 'http://schemas.microsoft.com/maml/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
$names = [Xml.XmlNamespaceManager]::new($xml.NameTable)
$names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
$names.AddNamespace('maml', $maml)
$names.AddNamespace('dev', $dev)
foreach ($page in $pages) {
    $command = $xml.SelectSingleNode("//command:command[command:details/command:name='$($page.Title)']", $names)

    # PlatyPS puts a whole example, fences and all, into its introduction. Get-Help has a place for code, and one for the rest.
    $nodes = $command.SelectNodes('command:examples/command:example', $names)
    for ($i = 0; $i -lt $nodes.Count; $i++) {
        $text = $page.Examples[$i].Remarks -replace '\r'
        $nodes[$i].SelectSingleNode('maml:introduction', $names).InnerXml = ''
        $nodes[$i].SelectSingleNode('dev:code', $names).InnerText = ([regex]::Matches($text, '(?ms)^```powershell\n(.*?)\n```$') | ForEach-Object { $_.Groups[1].Value }) -join "`n"
        $rest = $text -replace '(?ms)^```powershell\n.*?\n```$' -replace '(?m)^```(Output)?$' -replace '\n{3,}', "`n`n"
        $nodes[$i].SelectSingleNode('dev:remarks', $names).InnerXml = "<maml:para xmlns:maml='$maml'>$([Security.SecurityElement]::Escape($rest.Trim("`n")))</maml:para><maml:para xmlns:maml='$maml' />"
    }

    # It leaves defaults out.
    foreach ($parameter in $page.Parameters | Where-Object DefaultValue) {
        $node = $command.SelectSingleNode("command:parameters/command:parameter[maml:name='$($parameter.Name)']", $names)
        $node.AppendChild($xml.CreateElement('dev', 'defaultValue', $dev)).InnerText = $parameter.DefaultValue
    }

    # And links to files beside the page lead nowhere from a prompt.
    foreach ($link in $command.SelectNodes('command:relatedLinks/maml:navigationLink/maml:uri[not(contains(., "://"))]', $names)) {
        $link.InnerText = ''
    }
}

$settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; NewLineHandling = 'Replace'; Encoding = [Text.UTF8Encoding]::new($false) }
$writer = [Xml.XmlWriter]::Create("$PSScriptRoot/en-US/KoreConnections.dll-Help.xml", $settings)
try {
    $xml.Save($writer)
} finally {
    $writer.Dispose()
}
