<#
.SYNOPSIS
Moves all connections to an Azure OpenAI resource from one of its two keys to the other, which is made anew first.

.DESCRIPTION
    az login
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-azure-openai-keys.ps1 -ResourceName contoso-finance -ResourceGroup ai -KeyInUse Key1

The key that is not in use is regenerated, verified at its deployment, given to each connection, and confirmed by reading it back. The key
that was in use stays valid, so nothing is interrupted: make it anew by the next rotation, with -KeyInUse Key2.

It ends with 0 when every connection has the other key, and with 1 when one has not. Run it again with the same arguments: while there is a
report, no key is regenerated, and what is done is skipped.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [string] $ResourceName,

    [Parameter(Mandatory)]
    [string] $ResourceGroup,

    # The key that the connections have now. It is never regenerated.
    [Parameter(Mandatory)]
    [ValidateSet('Key1', 'Key2')]
    [string] $KeyInUse,

    # The record of each step. It holds masks, never a key. A rotation has a report of its own.
    [string] $ReportPath = "$ResourceName-from-$KeyInUse.jsonl",

    # A gateway that is asked in place of Azure.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

$resource = '--name', $ResourceName, '--resource-group', $ResourceGroup
$spare = if ($KeyInUse -eq 'Key1') { 'Key2' } else { 'Key1' }

# Keys go from az to the module, and through no variable of this script.
Register-KeySource azure-openai { param($Name) az cognitiveservices account keys list @resource --query $Name -o tsv }.GetNewClosure() -Description 'The keys of an Azure OpenAI resource.'

$connections = @(Get-Connection -Provider AzureOpenAI -Detailed | Where-Object ResourceName -EQ $ResourceName)
if ($connections.Count -eq 0) {
    "No connection is to the resource $ResourceName."
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

# A failure is a result here, not the end: the others are still to be done, as far as -MaximumFailure allows.
$results = @($connections | Update-ConnectionKey @rotation -ErrorAction Continue)
Unregister-KeySource azure-openai

$results | Format-Table ConnectionName, Outcome, Verdict, MaskAfter, Reason
$open = @($results | Where-Object { $_.Outcome -ne 'Updated' -and -not ($_.Outcome -eq 'Skipped' -and $_.Reason -like 'It was updated before*') })
if ($open.Count -gt 0) {
    "$($open.Count) not done, and $KeyInUse is still valid. Run this again with the same arguments."
} elseif (-not $WhatIfPreference) {
    "All $($results.Count) have $spare. $KeyInUse is not in use any more; the next rotation makes it anew."
}

exit [int]($open.Count -gt 0)
