<#
.SYNOPSIS
Tells a pipeline whether a platform is in step with its manifest: exit code 0 in step, 2 not in step, 1 when that cannot
be told.

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

    $drift = Compare-Connection -Path $Path | Where-Object Action -NotIn 'InSync', 'Unmanaged'
} catch {
    Write-Error $_ -ErrorAction Continue
    exit 1
}

if ($drift) {
    $drift
    exit 2
}

'In step.'
