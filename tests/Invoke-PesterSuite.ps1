<#
.SYNOPSIS
Runs the Pester tests against a module and writes their results as JUnit XML.
#>
[CmdletBinding()]
param(
    # The manifest of Pester.
    [Parameter(Mandatory)]
    [string] $Pester,

    [Parameter(Mandatory)]
    [string] $ResultPath,

    # The module's folder or manifest; the built one when left out.
    [string] $Module = "$PSScriptRoot/../out/KoreConnections",

    # The folder with the test files.
    [string] $Folder = $PSScriptRoot,

    # Test files, by name or wildcard.
    [string[]] $File = '*'
)

# Not by $ErrorActionPreference, which the tests would inherit: they meet the module with PowerShell's own defaults.
Import-Module $Pester -ErrorAction Stop
Import-Module $Module -ErrorAction Stop

$configuration = New-PesterConfiguration
# The largest first: what they wait for costs nothing while suites beside them need the processor.
$configuration.Run.Path = @((Get-ChildItem $Folder -Filter *.Tests.ps1 | Sort-Object Length -Descending).Where({ $name = $_.Name; $File.Where({ $name -like $_ -or $name -eq "$_.Tests.ps1" }) }).FullName)
$configuration.Run.Exit = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'JUnitXml'
$configuration.TestResult.OutputPath = $ResultPath
Invoke-Pester -Configuration $configuration
