#requires -Version 7.4
<#
.SYNOPSIS
Builds the module into out/KoreConnections, tests it, or makes its help.

.DESCRIPTION
The work is in MSBuild: without PowerShell, `dotnet build` and `dotnet test` do the same. Test adds the acceptance
tests, which run in PowerShell and need Pester. Docs makes what Get-Help reads from the pages in docs/en-US, and needs
Microsoft.PowerShell.PlatyPS.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Bench')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$ErrorActionPreference = 'Stop'
# A program that fails ends this script, with an exit code.
$PSNativeCommandUseErrorActionPreference = $true

if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    throw 'The .NET SDK is not here: no dotnet on the PATH. See https://dotnet.microsoft.com/download'
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' {
            dotnet build --configuration $Configuration
        }
        'Test' {
            # It builds first.
            dotnet test --configuration $Configuration
            if (-not (Get-Module Pester -ListAvailable | Where-Object Version -GE 5.5.0)) {
                throw 'The acceptance tests were not run: they need Pester 5.5 or newer, which is not here. Install-PSResource Pester'
            }

            # In a process of its own, so that this shell does not keep the module's files open.
            & ([Environment]::ProcessPath) -NoProfile -File tests/Acceptance/Invoke-AcceptanceTest.ps1
        }
        'Docs' {
            & docs/Build-Help.ps1
        }
        'Package' {
            # Into out/, for Install-PSResource from a folder: Register-PSResourceRepository Local ./out -Trusted
            dotnet pack src/KoreConnections --configuration Release
        }
        'Bench' {
            # The tables of docs/performance.md.
            dotnet run --configuration Release --project tests/KoreConnections.Benchmarks
        }
    }
} finally {
    Pop-Location
}
