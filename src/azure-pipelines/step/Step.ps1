#requires -Version 7.0
<#
.SYNOPSIS
Does one action of the steps template kore-connections.yml, which runs it after the import of the module.

.DESCRIPTION
The parameters of the template are in environment variables, so that no text of a pipeline is code. It is no part of a session: the
module's manifest does not name it.
#>
. "$PSScriptRoot/Common.ps1"
. "$PSScriptRoot/Log.ps1"
. "$PSScriptRoot/Keys.ps1"
. "$PSScriptRoot/Action.ps1"
. "$PSScriptRoot/Outcome.ps1"

$temp = $env:AGENT_TEMPDIRECTORY ? $env:AGENT_TEMPDIRECTORY : [IO.Path]::GetTempPath()
$step = [pscustomobject]@{
    Action      = $env:KORE_STEP_ACTION
    IsRehearsal = $env:KORE_STEP_WHATIF -eq 'True'
    IgnoresKeys = $env:KORE_STEP_COMPAREKEYS -ne 'True'
    Page        = "$temp/kore-connections-$(New-Guid)/kore-connections.html"
    # What comes of it.
    Result      = @()
    Rows        = @()
    Examined    = 0
    Failures    = @()
    Warnings    = @()
    # What the module says besides, and the lines of the script of sources that an audit's verdict comes before.
    Said        = ''
    Early       = @()
}
# For the template's last step, which stops this shell if the run is canceled.
$left = @{ Id = $PID; Report = "$(if ($step.Action -eq 'rotate') { $env:KORE_STEP_REPORT })" }
$left.Started = [Diagnostics.Process]::GetCurrentProcess().StartTime.Ticks
ConvertTo-Json $left | Set-Content -LiteralPath "$temp/kore-step.json"
Invoke-Step $step
Write-Outcome $step
Remove-Item -LiteralPath "$temp/kore-step.json" -WhatIf:$false
