#requires -Version 7.4
<#
.SYNOPSIS
Makes the picture of a session for the README, light and dark, from what the session really shows.

.DESCRIPTION
The commands run against a sandbox, and their output is drawn with the colours that PowerShell gives it. Only ids and
times are replaced, so that the same session makes the same picture. It needs the built module.
#>
[CmdletBinding()]
param(
    [string] $OutputFolder = $PSScriptRoot,

    [string] $Module = (Join-Path $PSScriptRoot '../out/KoreConnections')
)

$ErrorActionPreference = 'Stop'
$columns = 120
$commands = @(
    'Connect-KorePlatform -Sandbox'
    'Import-Csv connections.csv | New-Connection | Out-Null'
    'Get-Connection'
    'Get-Connection Finance | Set-Connection -ApiKey env:AZURE_OPENAI_API_KEY -WhatIf'
    'Get-Connection Finance | Set-Connection -ApiKey env:AZURE_OPENAI_API_KEY -PassThru | ForEach-Object Fields'
    "Get-Connection -Name 'Contract reviews'"
)

# In a process of its own: its output is all that a person would see.
$session = {
    param($Module, $Folder, $Columns, $Commands)
    Import-Module $Module
    Set-Location $Folder
    $PSStyle.OutputRendering = 'Ansi'
    # One after the other, so that the platform lists them in the order of the file.
    $PSDefaultParameterValues['New-Connection:ThrottleLimit'] = 1
    $env:OPENAI_API_KEY = 'sk-made-up-openai-4f1c7a90MQAA'
    $env:ANTHROPIC_API_KEY = 'sk-ant-made-up-7d20e5b3QXBB'
    $env:AZURE_OPENAI_API_KEY = 'made-up-azure-93b8d1c6f2a4ZRCC'
    Set-Content connections.csv @'
Provider,Name,Model,ApiKey,ResourceName,DeploymentId,ApiVersion
OpenAI,Support desk,gpt-5.5,env:OPENAI_API_KEY,,,
Anthropic,Contract review,claude-opus-4-8,env:ANTHROPIC_API_KEY,,,
AzureOpenAI,Finance,GPT-5.4,env:AZURE_OPENAI_API_KEY,contoso-finance,gpt-5.4-eu,2024-08-01-preview
'@
    foreach ($command in $Commands -split '\n') {
        "PS> $command"
        & ([scriptblock]::Create($command)) 2>&1 | Out-String -Stream -Width $Columns
    }
}

# The colours of a shell by the numbers of its sequences, then those of the picture itself.
$palettes = @{
    light = @{ '31' = '#b31d28'; '32' = '#116329'; '33' = '#953800'; '36' = '#1b7c83'; '90' = '#57606a'; '91' = '#b31d28'; '93' = '#953800'; Text = '#24292f'; Back = '#f6f8fa'; Edge = '#d0d7de' }
    dark  = @{ '31' = '#ff7b72'; '32' = '#56d364'; '33' = '#e3b341'; '36' = '#56d4dd'; '90' = '#8b949e'; '91' = '#ff7b72'; '93' = '#e3b341'; Text = '#e6edf3'; Back = '#0d1117'; Edge = '#30363d' }
}

# Colours a command as PSReadLine does while it is typed.
function Get-ColouredCommand($Text) {
    $tokens = $null
    $null = [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $null)
    $coloured = $Text
    foreach ($token in $tokens | Sort-Object { -$_.Extent.StartOffset }) {
        $colour = if ($token.TokenFlags -band 'CommandName') { 93 } elseif ($token.Kind -eq 'Parameter') { 90 } elseif ($token.Kind -match '^String') { 36 }
        if ($colour) {
            $coloured = $coloured.Remove($token.Extent.StartOffset, $token.Text.Length).Insert($token.Extent.StartOffset, "`e[${colour}m$($token.Text)`e[0m")
        }
    }
    "PS> $coloured"
}

function ConvertTo-Svg($Lines, $Palette) {
    $width, $height, $margin = 8.4, 20, 16
    $across = [int]($columns * $width + 2 * $margin)
    $down = [int]($Lines.Count * $height + 2 * $margin)
    "<svg xmlns=`"http://www.w3.org/2000/svg`" width=`"$across`" height=`"$down`" viewBox=`"0 0 $across $down`" role=`"img`" aria-label=`"A PowerShell session: connections are created from a CSV file, listed, and changed; an error says what to do.`">"
    "<style>text{font:14px ui-monospace,'Cascadia Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:$($Palette.Text)}$(
        foreach ($number in $Palette.Keys -match '^\d' | Sort-Object) { ".c$number{fill:$($Palette[$number])}" })</style>" -replace '\}\s+\.', '}.'
    "<rect x=`"0.5`" y=`"0.5`" width=`"$($across - 1)`" height=`"$($down - 1)`" rx=`"8`" fill=`"$($Palette.Back)`" stroke=`"$($Palette.Edge)`"/>"
    $colour = ''
    for ($row = 0; $row -lt $Lines.Count; $row++) {
        $column = 0
        # Each word gets its own place, so that columns stay columns in every font.
        $parts = foreach ($part in [regex]::Matches($Lines[$row], '\e\[(?<code>[\d;]*)m|(?<text>[^ \e]+)| +')) {
            if ($part.Groups['code'].Success) {
                $colour = @($part.Groups['code'].Value -split ';' | Where-Object { $Palette.ContainsKey($_) })[0]
                continue
            }
            if ($part.Groups['text'].Success) {
                $class = $colour ? " class=`"c$colour`"" : ''
                $x = ($margin + $column * $width).ToString('0.#', [cultureinfo]::InvariantCulture)
                "<tspan x=`"$x`"$class>$([Security.SecurityElement]::Escape($part.Value))</tspan>"
            }
            $column += $part.Length
        }
        if ($parts) {
            "<text y=`"$($margin + $row * $height + 14)`">$(-join $parts)</text>"
        }
    }
    '</svg>'
}

Import-Module "$PSScriptRoot/../tests/PowerShellProcess.psm1"
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) (New-Guid))).FullName
try {
    $quoted = foreach ($argument in (Resolve-Path $Module).Path, $folder, $columns, ($commands -join "`n")) { "'$("$argument".Replace("'", "''"))'" }
    $shown = Invoke-PowerShell -NonInteractive -Command "& { $session } $quoted"
} finally {
    Remove-Item $folder -Recurse
}

$ids = [Collections.Generic.List[string]]::new()
$lines = foreach ($line in $shown | ForEach-Object TrimEnd) {
    $line = $line -replace '\d{4}-\d\d-\d\d \d\d:\d\d', '2026-11-25 09:30'
    foreach ($id in [regex]::Matches($line, 'cn-[0-9a-f-]{36}').Value) {
        if ($id -notin $ids) {
            $ids.Add($id)
        }
        $line = $line.Replace($id, ('cn-{0}f1c7a90-6b1d-4d0e-9a57-c2f5d1f0b7e{0}' -f ($ids.IndexOf($id) + 1)))
    }
    if (($line -replace '\e\[[\d;]*m').Length -gt $columns) {
        throw "The picture is too narrow for: $line"
    }
    $line -match '^PS> (.*)' ? (Get-ColouredCommand $Matches[1]) : $line
}

# The empty lines around a table stay, but for those in a row.
$lines = ($lines -join "`n") -replace '\n{3,}', "`n`n" -split '\n'
foreach ($theme in $palettes.Keys) {
    [IO.File]::WriteAllText((Join-Path $OutputFolder "session-$theme.svg"), ((ConvertTo-Svg $lines $palettes[$theme]) -join "`n") + "`n")
}
