<#
.SYNOPSIS
Gets what starts the tests' shells: the program and its first arguments, of this very PowerShell or of a copy of it that starts faster.

.DESCRIPTION
A PowerShell that is a .NET tool comes without machine code, so that each of the tests' hundreds of shells compiles it anew, which
takes longer than most tests. out/test-shell gets a copy with its code, once for each version. Where none can be made, as without the
compiler's package, the tests are the same and take longer.
#>
[CmdletBinding()]
[OutputType([string[]])]
param()

$PSNativeCommandUseErrorActionPreference = $false
Import-Module "$PSScriptRoot/PowerShellProcess.psm1"
# Most code of the tests' shells runs once, that of scripts too, which is compiled with all optimizations otherwise: a seventh of their time.
$settings = if (-not $IsWindows) { 'env', 'DOTNET_JITMinOpts=1', 'DOTNET_TieredCompilation=0', 'DOTNET_EnableWriteXorExecute=0', 'POWERSHELL_TELEMETRY_OPTOUT=1' }
$command = @($settings; Get-PowerShellCommand)

$reader = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead([powershell].Assembly.Location))
try {
    # An installed PowerShell has its code, and so has the copy.
    if ($reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0) { return $command }
} finally {
    $reader.Dispose()
}

$folder = [IO.Path]::GetFullPath("$PSScriptRoot/../out/test-shell/$($PSVersionTable.PSVersion)")
if (-not (Test-Path $folder)) {
    # Under another name until it has proved to work, so that a run that is stopped here leaves none that is incomplete.
    $new = "$folder-$PID"
    $given = "-p:ShellFolder=$PSHOME", "-p:TargetFramework=net$([Environment]::Version.Major).0"
    $said = dotnet publish "$PSScriptRoot/TestShell" --output $new @given --verbosity quiet 2>&1
    $program, $first = $command.Replace($PSHOME, $new)
    $version = if ($LASTEXITCODE -eq 0) { & $program @first -NoLogo -NoProfile -NonInteractive -Command '"$($PSVersionTable.PSVersion)"' }
    if ($version -ne "$($PSVersionTable.PSVersion)") {
        Write-Host "WARNING: The tests' shells start slowly, because no copy of PowerShell could be compiled: $said"
        Remove-Item $new -Recurse -Force -ErrorAction Ignore
        return $command
    }
    Move-Item $new $folder
}

$command.Replace($PSHOME, $folder)
