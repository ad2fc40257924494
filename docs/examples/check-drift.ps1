<#
.SYNOPSIS
Checks for a pipeline whether a platform matches its manifest. The exit code is 0 if it matches, 2 if it differs or nothing
was compared, and 1 if the check failed.

.DESCRIPTION
    pwsh docs/examples/check-drift.ps1 -Path connections

It uses the current session, or connects with KORE_HOST and KORE_API_KEY. It sends only reads.
#>
param(
    # Files, folders or patterns of the manifest.
    [Parameter(Mandatory)] [string[]] $Path
)

# A failure must not look like a platform that matches.
$ErrorActionPreference = 'Stop'

try {
    if (-not (Get-Module KoreConnections)) {
        Import-Module "$PSScriptRoot/../../out/KoreConnections"
    }

    $managed = @(Compare-Connection -Path $Path | Where-Object Action -NE 'Unmanaged')
} catch {
    Write-Error $_ -ErrorAction Continue
    exit 1
}

if ($managed.Count -eq 0) {
    'Nothing was compared: the manifest has no connections. Check -Path.'
    exit 2
}

$drift = @($managed | Where-Object IsDrift)
if ($drift.Count -gt 0) {
    $drift
    exit 2
}

'In sync.'

exit 0
