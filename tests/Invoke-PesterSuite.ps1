<#
.SYNOPSIS
Runs the acceptance tests against the built module and prints their counts on one line.
#>
[CmdletBinding()]
param(
    # The module's folder or manifest; the built one when left out.
    [string] $Module = (Join-Path $PSScriptRoot '../../out/KoreConnections')
)

# Not by $ErrorActionPreference, which the tests would inherit: they meet the module with PowerShell's own defaults.
Import-Module Pester -MinimumVersion 5.5.0 -ErrorAction Stop
Import-Module $Module -ErrorAction Stop

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"Acceptance: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [int]($failed -gt 0)
