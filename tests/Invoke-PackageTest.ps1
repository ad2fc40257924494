#requires -Version 7.4
<#
.SYNOPSIS
Unpacks the newest package of out/ as Install-PSResource does, and runs Test-Package.ps1 with it in a shell. build.ps1 TestPackage calls it.
#>
[CmdletBinding()]
param(
    # The program of the shell; empty for the one that runs this.
    [string] $Shell
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
Import-Module "$PSScriptRoot/PowerShellProcess.psm1", "$PSScriptRoot/ModulePackage.psm1"
$package = Get-ChildItem "$PSScriptRoot/../out" -Filter *.nupkg -ErrorAction Ignore | Sort-Object LastWriteTime | Select-Object -Last 1
if (-not $package) {
    throw 'There is no package in out. Make one: ./build.ps1 Package'
}

$folder = [IO.Directory]::CreateTempSubdirectory('kore-package').FullName
try {
    $version = Split-Path (Split-Path (Expand-ModulePackage $package.FullName $folder)) -Leaf
    $arguments = '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', "$PSScriptRoot/Test-Package.ps1", '-ModulePath', $folder, '-Version', $version
    if ($Shell) {
        & $Shell -NoLogo -NoProfile @arguments
    } else {
        Invoke-PowerShell @arguments
    }
} finally {
    Remove-Item $folder -Recurse -Force
}

exit $LASTEXITCODE
