# How to start another process of the PowerShell that runs this.

<#
.SYNOPSIS
Gets the program, and the arguments before all others, that start this very PowerShell again.

.DESCRIPTION
An installed PowerShell is $PSHOME/pwsh, or powershell.exe. One that runs as a .NET tool has no program of its own: its
process is dotnet, with pwsh.dll as the first argument. The tool's own command is not used, because it starts the shell
as a child, and a signal would reach only the parent.
#>
function Get-PowerShellCommand {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $name = if ($PSVersionTable.PSEdition -eq 'Desktop') { 'powershell.exe' } elseif ($PSVersionTable.Platform -eq 'Win32NT') { 'pwsh.exe' } else { 'pwsh' }
    $program = Join-Path $PSHOME $name
    if (Get-Command $program -CommandType Application -ErrorAction Ignore) {
        $program
    } else {
        [Environment]::ProcessPath
        Join-Path $PSHOME pwsh.dll
    }
}

<#
.SYNOPSIS
Runs this very PowerShell in a process of its own and emits what it prints; $LASTEXITCODE is its exit code.
#>
function Invoke-PowerShell {
    # The exit code is the caller's to judge, not an error by itself.
    $PSNativeCommandUseErrorActionPreference = $false
    $program, $first = Get-PowerShellCommand
    & $program @first -NoLogo -NoProfile @args
}

Export-ModuleMember -Function Get-PowerShellCommand, Invoke-PowerShell
