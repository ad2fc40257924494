<#
.SYNOPSIS
Moves all connections to an Azure OpenAI resource from one of its two keys to the other, which is made anew first.

.DESCRIPTION
    az login
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-azure-openai-keys.ps1 -ResourceName contoso-finance -ResourceGroup ai -KeyInUse Key1

The key that is not in use is regenerated, verified at its deployment, given to each connection, and confirmed by reading it back. The key
that was in use stays valid, so nothing is interrupted: make it anew by the next rotation, with -KeyInUse Key2.

It ends with 0 when every connection has the other key, and with 1 when one has not. Run it again with the same arguments then: while there is
a report, no key is regenerated, and what is done is skipped. When all is done the report is renamed to .done, so that the next rotation makes
its key anew. The reports also say which key is in use: what would regenerate that one is refused.
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
    [string] $ReportPath = "$ResourceName-from-$($KeyInUse.ToLowerInvariant()).jsonl",

    # A gateway that is asked in place of Azure.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

$resource = '--name', $ResourceName, '--resource-group', $ResourceGroup
$spare = if ($KeyInUse -eq 'Key1') { 'Key2' } else { 'Key1' }

# A report of the other direction, unfinished, or of this one, done: the key to be regenerated is in use.
$opposite = $ReportPath -replace "from-$KeyInUse", "from-$($spare.ToLowerInvariant())"
if ($opposite -ne $ReportPath -and (Test-Path $opposite)) {
    throw "The rotation from $spare is not finished, so that some connections may have $spare. Finish it first: -KeyInUse $spare."
}
if ($opposite -ne $ReportPath -and (Test-Path "$ReportPath.done")) {
    throw "The last rotation has given the connections $spare. Give -KeyInUse $spare. If $KeyInUse is in use again, remove $ReportPath.done."
}

# Keys go from az to the module, and through no variable of this script.
Register-KeySource azure-openai { param($Name) az cognitiveservices account keys list @resource --query $Name -o tsv }.GetNewClosure() -Description 'The keys of an Azure OpenAI resource.'

# A connection that is not seen keeps $KeyInUse, which the next rotation would regenerate.
$connections = @(Get-Connection -Provider AzureOpenAI -Detailed -WarningVariable incomplete | Where-Object ResourceName -EQ $ResourceName)
if ($incomplete) { throw "Nothing was changed: $incomplete Try again." }
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
$open = @($results | Where-Object { $_.Outcome -notin 'Updated', 'AlreadyUpdated' })
if ($open.Count -gt 0) {
    "$($open.Count) not done, and $KeyInUse is still valid. Run this again with the same arguments."
} elseif (-not $WhatIfPreference) {
    Move-Item $ReportPath "$ReportPath.done" -Force
    if ($opposite -ne $ReportPath) { Remove-Item "$opposite.done" -ErrorAction Ignore }
    "All $($results.Count) have $spare. $KeyInUse is not in use any more; the next rotation makes it anew."
}

exit [int]($open.Count -gt 0)
