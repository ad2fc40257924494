#requires -Version 7.4
<#
.SYNOPSIS
Builds the module into out/KoreConnections, shows it, tests it, or makes its help, its package or its benchmarks.

.DESCRIPTION
It runs in PowerShell 7.4 or newer, however that was installed. A machine with the .NET SDK 10 alone runs it by

    dotnet tool exec powershell -y -- ./build.ps1 Test

which takes PowerShell from the registry, in the version that .config/dotnet-tools.json pins.

.EXAMPLE
./build.ps1 Test -Suite Pester -Filter GetConnection

Runs the tests of GetConnection.Tests.ps1.

.EXAMPLE
./build.ps1 Test -Suite Unit, Hosting -Filter *RetryTests*

Runs the xUnit classes whose full name is like that.
#>
[CmdletBinding()]
param(
    # Build, the default; Demo: a tour against a sandbox; Test: every test; Docs: what documents and views learn from the code,
    # and the help, which needs PlatyPS; Package: out/*.nupkg, for Install-PSResource; TestPackage: that package, as a user has it;
    # Publish: that package to a repository; Bench: the tables of docs/performance.md.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Docs', 'Package', 'TestPackage', 'Publish', 'Bench')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # With Test: the suites to run: Unit, Hosting, Documents, Pester, Package (the package, loading and a first use of it), Node. All by default.
    [string[]] $Suite = ('Unit', 'Hosting', 'Documents', 'Pester', 'Package', 'Node'),

    # With Test: test files (Pester) or full names of classes (xUnit), with wildcards. With Bench: parts of rows' names.
    [string[]] $Filter,

    # With Test: the Pester suite runs on the package, unpacked as it is installed, and not on the build.
    [switch] $Package,

    # With TestPackage: the shell that it is tested in, such as powershell.exe for Windows PowerShell 5.1. This one by default.
    [string] $Shell,

    # With Publish: the version that is meant, and the registered repository that gets it. Its key is in KORE_PUBLISH_KEY.
    [string] $Version,
    [string] $Repository = 'PSGallery'
)

$ErrorActionPreference = 'Stop'
# A program that fails ends this script, with an exit code.
$PSNativeCommandUseErrorActionPreference = $true

if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    throw 'There is no dotnet on the PATH. Install the .NET SDK 10: https://dotnet.microsoft.com/download'
}

Import-Module "$PSScriptRoot/tests/PowerShellProcess.psm1"
Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' { dotnet build --configuration $Configuration }
        'Demo' {
            dotnet build src/KoreConnections --configuration $Configuration --verbosity quiet
            # In a process of its own, as for the tests, so that this shell does not keep the module's files open.
            Invoke-PowerShell -NonInteractive -File docs/examples/quickstart.ps1
            exit $LASTEXITCODE
        }
        # Lists are split here, because the arguments of pwsh -File are single texts.
        'Test' {
            & tests/Invoke-Test.ps1 -Configuration $Configuration -Suite ($Suite -split ',') -Filter ($Filter -split ',') -Package:$Package
            # The exit of a script that is called ends only that script.
            exit $LASTEXITCODE
        }
        'Docs' {
            do {
                dotnet build src/KoreConnections --configuration $Configuration --verbosity quiet
                # In a process of its own, so that this shell does not keep the module's files open.
                $written = Invoke-PowerShell -NonInteractive -Command {
                    Import-Module ./out/KoreConnections
                    & docs/Update-Reference.ps1
                }
                $written
            } while ($written -like '*.cs')
            & docs/Build-Help.ps1
        }
        'Package' {
            # Older ones would be taken for it.
            Remove-Item out/*.nupkg -ErrorAction Ignore
            dotnet pack src/KoreConnections --configuration Release
            if ($env:KORE_SIGNING_CERTIFICATE) { & build/Sign-Package.ps1 -Package (Get-Item out/*.nupkg).FullName }
        }
        'TestPackage' {
            & tests/Invoke-PackageTest.ps1 -Shell $Shell
            exit $LASTEXITCODE
        }
        'Publish' { & build/Publish-Package.ps1 -Version $Version -Repository $Repository }
        'Bench' {
            $env:KORE_SHELL_COMMAND = ConvertTo-Json @(Get-PowerShellCommand) -Compress
            dotnet run --configuration Release --project tests/benchmarks -- @Filter
        }
    }
} finally {
    Pop-Location
}
