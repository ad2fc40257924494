<#
.SYNOPSIS
Gives every OpenAI connection a new key from Azure Key Vault or another source. Each key is verified and confirmed, and an interrupted rotation resumes.

.DESCRIPTION
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-keys.ps1 -NewKey azkv:team/openai-next -PreviousKey azkv:team/openai

The exit code is 0 if every connection has the new key, otherwise 1. Then run the script again with the same report, even
after a crash. Completed connections are skipped, and the result of an interrupted change is looked up.

To rehearse without an account or a real key, use -Sandbox. It creates some connections and sends nothing to a provider.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The reference to the new key: azkv:VAULT/NAME, env:NAME, file:PATH, or a scheme from Register-KeySource. No key is in a script or in the history.
    [Parameter(Mandatory)]
    [string] $NewKey,

    # The reference to the current key. A change that cannot be confirmed is rolled back to it.
    [string] $PreviousKey,

    # The record of each step. It contains masks, never a key.
    [string] $ReportPath = 'openai-rotation.jsonl',

    # A gateway to use instead of OpenAI.
    [string] $ProviderUri,

    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

if ($Sandbox) {
    Connect-KorePlatform -Sandbox
    $env:REHEARSAL_KEY = 'sk-made-up-previous-4f1c7a90MQAA'
    1..6 | ForEach-Object {
        $null = New-Connection -OpenAI -Name "Rehearsal $_" -Model gpt-5.5 -ApiKey env:REHEARSAL_KEY -WhatIf:$false
    }
    $env:REHEARSAL_KEY = $null
}

# Ten keys at a time, with a pause for the platform. The rotation stops after three failures.
$rotation = @{
    ApiKey           = $NewKey
    ReportPath       = $ReportPath
    BatchSize        = 10
    DelaySeconds     = if ($Sandbox) { 0 } else { 5 }
    MaximumFailure   = 3
    SkipVerification = $Sandbox -and -not $ProviderUri
}
if ($PreviousKey) { $rotation.PreviousApiKey = $PreviousKey }
if ($ProviderUri) { $rotation.ProviderUri = $ProviderUri }

# Connections that are not listed keep the previous key.
$connections = @(Get-Connection -Provider OpenAI -WarningVariable incomplete)
if ($incomplete -or $connections.Count -eq 0) {
    throw "Nothing was changed: $(if ($incomplete) { "$incomplete Try again." } else { 'the platform lists no OpenAI connection. Check KORE_HOST and the scopes of KORE_API_KEY.' })"
}

# A failed connection does not stop the others, up to -MaximumFailure.
$results = $connections | Update-ConnectionKey @rotation -ErrorAction Continue

$results | Format-Table ConnectionName, Outcome, Verdict, MaskBefore, MaskAfter, Reason
$results | Group-Object Outcome -NoElement | ForEach-Object { "$($_.Name): $($_.Count)" }

$open = @($results | Where-Object { $_.Outcome -notin 'Updated', 'AlreadyUpdated' })
if ($open.Count -gt 0) {
    "$($open.Count) not done. Run this again with the same report: $ReportPath"
}

exit [int]($open.Count -gt 0)
