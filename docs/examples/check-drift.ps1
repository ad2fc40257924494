<#
.SYNOPSIS
Says to a pipeline whether a platform is in step with its manifest: exit code 0 in step, 2 not in step or nothing to
compare, 1 when that cannot be found out.

.DESCRIPTION
    pwsh docs/examples/check-drift.ps1 -Path connections

The platform is the current session's, or that of KORE_HOST and KORE_API_KEY. Only reads are sent.
#>
param(
    # Files, folders or patterns of the manifest.
    [Parameter(Mandatory)] [string[]] $Path
)

# What goes wrong here must not look like a platform in step.
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
    'Nothing was compared: the manifest names no connection. Look at -Path.'
    exit 2
}

$drift = @($managed | Where-Object Action -NE 'InSync')
if ($drift.Count -gt 0) {
    $drift
    exit 2
}

'In step.'
