<#
.SYNOPSIS
Moves all connections of an Azure OpenAI resource from one of its two keys to the other, which is first regenerated.

.DESCRIPTION
    az login
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-azure-openai-keys.ps1 -ResourceName contoso-finance -ResourceGroup ai -KeyInUse Key1

The script regenerates the key that is not in use. It verifies the key at the deployments, changes the connections, and confirms each change
by a read. The other key stays valid, so nothing is interrupted. Regenerate it in the next rotation, with -KeyInUse Key2.

Before it regenerates a key, the script compares the ends of both keys with the masks of the connections. If a connection does not have -KeyInUse,
nothing is changed. Some platforms show no end of a key. Then a warning names the connections: make sure that they have -KeyInUse.

The exit code is 0 if every connection has the other key, otherwise 1, also if no connection uses the resource. Then run the script again with
the same arguments. While the report exists, no key is regenerated, and completed connections are skipped. After success, the report is renamed
to .done, so the next rotation regenerates its key. RESOURCE-from-KEY.jsonl and its .done file show which key is in use: the script refuses to
regenerate that one. Keep all reports of a resource in one folder.
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

    # The record of each step. It contains masks, never a key. The default is RESOURCE-from-KEY.jsonl. If you choose another name, a file with
    # the default name is in the same folder and contains the name of the report.
    [string] $ReportPath,

    # A gateway to use instead of Azure.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

$resource = '--name', $ResourceName, '--resource-group', $ResourceGroup
$spare = if ($KeyInUse -eq 'Key1') { 'Key2' } else { 'Key1' }

# Which rotation is unfinished, and which was the last: the same files for every -ReportPath in a folder, and every spelling of the resource.
$folder = if ($ReportPath) { [IO.Path]::GetDirectoryName($PSCmdlet.GetUnresolvedProviderPathFromPSPath($ReportPath)) } else { $PWD.ProviderPath }
$state, $opposite = foreach ($key in $KeyInUse, $spare) {
    $file = "$ResourceName-from-$key.jsonl".ToLowerInvariant()
    $there = Get-ChildItem -LiteralPath $folder -File -ErrorAction Ignore | Where-Object { ($_.Name -replace '\.done$') -eq $file } | Select-Object -First 1
    Join-Path $folder $(if ($there) { $there.Name -replace '\.done$' } else { $file })
}
$name = [IO.Path]::GetFileName($ReportPath)
$report = if ($name -and $name -ne (Split-Path $state -Leaf)) { Join-Path $folder $name } else { $state }

# An unfinished rotation of the other direction, or a finished one of this direction: the key to regenerate is in use.
if (Test-Path -LiteralPath $opposite) {
    throw "The rotation from $spare is not finished, so some connections may have $spare. Finish it first: -KeyInUse $spare."
}
if ($report -eq $opposite) { throw "-ReportPath has the name of the rotation from $spare. Choose another one, or omit it." }
if (Test-Path -LiteralPath "$state.done") {
    throw "The last rotation has given the connections $spare. Give -KeyInUse $spare. If $KeyInUse is in use again, remove $state.done."
}
$isUnfinished = Test-Path -LiteralPath $state
if ($isUnfinished) {
    # A report has JSON. If it has another name, that is all that is here.
    $line = Get-Content -LiteralPath $state -First 1
    $unfinished = if ($line -and $line -notlike '{*') { Join-Path $folder $line } else { $state }
    if ($unfinished -ne $report) { throw "The rotation from $KeyInUse is not finished. Finish it first: -ReportPath '$unfinished'." }
}

# After a key is regenerated, it would be too late. A new report with nothing in it would be of an unfinished rotation.
if (-not $WhatIfPreference) {
    try {
        if (Test-Path -LiteralPath $report) { [IO.File]::Open($report, 'Append').Dispose() }
        else { [IO.FileStream]::new("$report.new", 'CreateNew', 'Write', 'None', 1, [IO.FileOptions]::DeleteOnClose).Dispose() }
    } catch {
        "Nothing was changed: the report '$report' cannot be written. Specify another -ReportPath. $($_.Exception.GetBaseException().Message)"
        exit 1
    }
}

# The keys are passed from az to the module, without a variable of this script.
Register-KeySource azure-openai { param($Name) az cognitiveservices account keys list @resource --query $Name -o tsv }.GetNewClosure() -Description 'The keys of an Azure OpenAI resource.'

# A connection that is not listed keeps $KeyInUse, which the next rotation would regenerate.
$connections = @(Get-Connection -Provider AzureOpenAI -Detailed -WarningVariable incomplete | Where-Object ResourceName -EQ $ResourceName)
if ($incomplete) { throw "Nothing was changed: $incomplete Try again." }
if ($connections.Count -eq 0) {
    "Nothing was changed: the platform lists no connection that uses the resource $ResourceName. Check -ResourceName, KORE_HOST and the scopes of KORE_API_KEY."
    exit 1
}

if (-not $isUnfinished -and -not (Test-Path -LiteralPath $report)) {
    # Only the ends of the keys are kept here, as far as masks show them.
    $ends = @{}
    foreach ($key in $KeyInUse, $spare) {
        $ends[$key] = az cognitiveservices account keys list @resource --query $key.ToLowerInvariant() -o tsv |
            ForEach-Object { $_.Substring([Math]::Max(0, $_.Length - 4)) }
        if ($LASTEXITCODE -or -not $ends[$key]) { throw "Nothing was changed: $key of $ResourceName could not be read. Check az login and your role." }
    }
    $unknown = @(foreach ($connection in $connections) {
        $mask = "$($connection.Fields.API_KEY)"
        $end = $mask.Substring($mask.LastIndexOf('*') + 1)
        $end = $end.Substring([Math]::Max(0, $end.Length - 4))
        $has = @($KeyInUse, $spare | Where-Object { $ends[$_].EndsWith($end, 'Ordinal') })
        # One character that differs is enough, a few that are the same are so by chance.
        if ($KeyInUse -in $has) { if ($end.Length -lt 3 -or $has.Count -eq 2) { $connection.ConnectionName } }
        elseif ($has) { throw "Nothing was changed: '$($connection.ConnectionName)' has $spare, which is not to be regenerated. Use -KeyInUse $spare if all have it." }
        else { throw "Nothing was changed: '$($connection.ConnectionName)' has neither key of $ResourceName ($mask). Give it $KeyInUse first, with Set-Connection." }
    })
    if ($unknown) {
        Write-Warning ("The platform does not show which key these have: $($unknown -join ', '). " +
            "If it is $spare, they fail once it is regenerated, so make sure that it is $KeyInUse.")
    }
    if ($PSCmdlet.ShouldProcess("$spare of $ResourceName", 'Regenerate')) {
        az cognitiveservices account keys regenerate @resource --key-name $spare -o none
        if ($LASTEXITCODE) { throw "$spare of $ResourceName was not regenerated, and nothing was changed." }
    }
}

$rotation = @{
    ApiKey         = "azure-openai:$($spare.ToLowerInvariant())"
    PreviousApiKey = "azure-openai:$($KeyInUse.ToLowerInvariant())"
    ReportPath     = $report
    MaximumFailure = 3
}
if ($ProviderUri) { $rotation.ProviderUri = $ProviderUri }

if ($report -ne $state -and -not $WhatIfPreference) { Set-Content -LiteralPath $state $name }

# A failed connection does not stop the others, up to -MaximumFailure.
$results = @($connections | Update-ConnectionKey @rotation -ErrorAction Continue)
Unregister-KeySource azure-openai

$results | Format-Table ConnectionName, Outcome, Verdict, MaskAfter, Reason
$open = @($results | Where-Object { $_.Outcome -notin 'Updated', 'AlreadyUpdated' })
if ($open.Count -gt 0) {
    "$($open.Count) not done, and $KeyInUse is still valid. Run this again with the same arguments."
} elseif (-not $WhatIfPreference) {
    @($report, $state) | Select-Object -Unique | ForEach-Object { Move-Item -LiteralPath $_ "$_.done" -Force }
    Remove-Item -LiteralPath "$opposite.done" -ErrorAction Ignore
    "All $($results.Count) have $spare. $KeyInUse is not in use any more; the next rotation makes it anew."
}

exit [int]($open.Count -gt 0)
