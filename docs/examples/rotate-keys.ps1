<#
.SYNOPSIS
Gives every OpenAI connection a new key: from Azure Key Vault or another source, verified first, confirmed after, with a report to resume from.

.DESCRIPTION
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-keys.ps1 -NewKey azkv:team/openai-next -PreviousKey azkv:team/openai

It ends with 0 when every connection has the new key, and with 1 when one has not. Run it again with the same report,
after a crash too: what is done is skipped, and what is in doubt is looked up and decided.

To rehearse on this machine, without an account or a real key: -Sandbox. It makes some connections and asks no provider.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Where the new key is: azkv:VAULT/NAME, env:NAME, file:PATH, or a scheme that Register-KeySource added. The key itself is in no script and no history.
    [Parameter(Mandatory)]
    [string] $NewKey,

    # Where the key is that the connections have now. A change that cannot be confirmed is rolled back to it.
    [string] $PreviousKey,

    # The record of each step. It holds masks, never a key.
    [string] $ReportPath = 'openai-rotation.jsonl',

    # A gateway that is asked in place of OpenAI.
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

# Ten keys at a time, a moment for the platform between, and not on and on when something is wrong.
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

# A failure is a result here, not the end: the others are still to be done, as far as -MaximumFailure allows.
$results = Get-Connection -Provider OpenAI | Update-ConnectionKey @rotation -ErrorAction Continue

$results | Format-Table ConnectionName, Outcome, Verdict, MaskBefore, MaskAfter, Reason
$results | Group-Object Outcome -NoElement | ForEach-Object { "$($_.Name): $($_.Count)" }

$open = @($results | Where-Object { $_.Outcome -notin 'Updated', 'AlreadyUpdated' })
if ($open.Count -gt 0) {
    "$($open.Count) not done. Run this again with the same report: $ReportPath"
}

exit [int]($open.Count -gt 0)
