<#
.SYNOPSIS
Moves all connections of an Azure OpenAI resource from one of its two keys to the other, which is first regenerated.

.DESCRIPTION
    az login
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-azure-openai-keys.ps1 -ResourceName contoso-finance -ResourceGroup ai -KeyInUse Key1

The script regenerates the key that is not in use. It verifies the key at the deployments, changes the connections, and confirms each change
by a read. The other key stays valid, so nothing is interrupted. Regenerate it in the next rotation, with -KeyInUse Key2.

The exit code is 0 if every connection has the other key, otherwise 1. Then run the script again with the same arguments. While the report
exists, no key is regenerated, and completed connections are skipped. After success, the report is renamed to .done, so the next rotation
regenerates its key. The reports also show which key is in use: the script refuses to regenerate that one.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [string] $ResourceName,

    [Parameter(Mandatory)]
    [string] $ResourceGroup,

    # The current key of the connections. It is never regenerated.
    [Parameter(Mandatory)]
    [ValidateSet('Key1', 'Key2')]
    [string] $KeyInUse,

    # The record of each step. It contains masks, never a key. Each rotation needs a separate report.
    [string] $ReportPath = "$ResourceName-from-$($KeyInUse.ToLowerInvariant()).jsonl",

    # A gateway to use instead of Azure.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

$resource = '--name', $ResourceName, '--resource-group', $ResourceGroup
$spare = if ($KeyInUse -eq 'Key1') { 'Key2' } else { 'Key1' }

# An unfinished report of the other direction, or a finished one of this direction: the key to regenerate is in use.
$opposite = $ReportPath -replace "from-$KeyInUse", "from-$($spare.ToLowerInvariant())"
if ($opposite -ne $ReportPath -and (Test-Path $opposite)) {
    throw "The rotation from $spare is not finished, so some connections may have $spare. Finish it first: -KeyInUse $spare."
}
if ($opposite -ne $ReportPath -and (Test-Path "$ReportPath.done")) {
    throw "The last rotation has given the connections $spare. Give -KeyInUse $spare. If $KeyInUse is in use again, remove $ReportPath.done."
}

# The keys are passed from az to the module, without a variable of this script.
Register-KeySource azure-openai { param($Name) az cognitiveservices account keys list @resource --query $Name -o tsv }.GetNewClosure() -Description 'The keys of an Azure OpenAI resource.'

# A connection that is not listed keeps $KeyInUse, which the next rotation would regenerate.
$connections = @(Get-Connection -Provider AzureOpenAI -Detailed -WarningVariable incomplete | Where-Object ResourceName -EQ $ResourceName)
if ($incomplete) { throw "Nothing was changed: $incomplete Try again." }
if ($connections.Count -eq 0) {
    "No connection uses the resource $ResourceName."
    exit 0
}

if (-not (Test-Path $ReportPath) -and $PSCmdlet.ShouldProcess("$spare of $ResourceName", 'Regenerate')) {
    az cognitiveservices account keys regenerate @resource --key-name $spare -o none
    if ($LASTEXITCODE) { throw "$spare of $ResourceName was not regenerated, and nothing was changed." }
}

$rotation = @{
    ApiKey         = "azure-openai:$($spare.ToLowerInvariant())"
    PreviousApiKey = "azure-openai:$($KeyInUse.ToLowerInvariant())"
    ReportPath     = $ReportPath
    MaximumFailure = 3
}
if ($ProviderUri) { $rotation.ProviderUri = $ProviderUri }

# A failed connection does not stop the others, up to -MaximumFailure.
$results = @($connections | Update-ConnectionKey @rotation -ErrorAction Continue)
Unregister-KeySource azure-openai

$results | Format-Table ConnectionName, Outcome, Verdict, MaskAfter, Reason
$open = @($results | Where-Object { $_.Outcome -notin 'Updated', 'AlreadyUpdated' })
if ($open.Count -gt 0) {
    "$($open.Count) not done, and $KeyInUse is still valid. Run this again with the same arguments."
} elseif (-not $WhatIfPreference) {
    Move-Item $ReportPath "$ReportPath.done" -Force
    if ($opposite -ne $ReportPath) { Remove-Item "$opposite.done" -ErrorAction Ignore }
    "All $($results.Count) have $spare. $KeyInUse is not in use any more; the next rotation makes it anew."
}

exit [int]($open.Count -gt 0)
