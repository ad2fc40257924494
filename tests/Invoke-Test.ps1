<#
.SYNOPSIS
Builds, runs the test suites, and prints one summary. build.ps1 Test calls it.

.DESCRIPTION
Each suite writes its results as JUnit XML to out/test-results. The exit code is 0 when nothing failed; the last line
reads "N passed, N failed, N skipped".
#>
[CmdletBinding()]
param(
    [string] $Configuration = 'Debug',
    [string[]] $Suite,
    [string[]] $Filter
)

$ErrorActionPreference = 'Stop'
# A suite that fails does not keep the others from running.
$PSNativeCommandUseErrorActionPreference = $false

Import-Module "$PSScriptRoot/PowerShellProcess.psm1"
$root = (Resolve-Path "$PSScriptRoot/..").Path
$results = (New-Item -ItemType Directory "$root/out/test-results" -Force).FullName
Remove-Item "$results/*.xml"
# How the suites start a shell themselves.
$env:KORE_SHELL_COMMAND = ConvertTo-Json @(Get-PowerShellCommand) -Compress

dotnet build $root --configuration $Configuration --verbosity quiet
if ($LASTEXITCODE -ne 0) {
    '0 passed, 1 failed, 0 skipped'
    exit 1
}

function Invoke-XunitSuite([string] $Project, [string] $ResultPath) {
    $classes = foreach ($name in $Filter) { '-class'; $name }
    $assembly = Get-Item "$PSScriptRoot/$($Project.ToLowerInvariant())/bin/$Configuration/*/KoreConnections.${Project}Tests.dll"
    dotnet $assembly.FullName -noLogo -noColor -result-junit $ResultPath @classes
}

function Invoke-PesterSuite([string] $ResultPath) {
    $pester = dotnet msbuild "$PSScriptRoot/TestServer" -getProperty:PesterManifest -p:Configuration=$Configuration
    $files = @($Filter).Where({ $_ }).ForEach({ "'$_'" }) -join ','
    Invoke-PowerShell -NonInteractive -Command "& '$PSScriptRoot/Invoke-PesterSuite.ps1' -Pester '$pester' -ResultPath '$ResultPath' $(if ($files) { "-File $files" })"
}

# Why the Node tests cannot run here, or nothing.
function Get-NodeProblem {
    if (-not (Get-Command npm -ErrorAction Ignore) -or [int](node --version).TrimStart('v').Split('.')[0] -lt 20) {
        return 'The tests of the Azure Pipelines task need Node 20 or newer. Install it: https://nodejs.org'
    }

    npm ci --no-audit --no-fund --silent
    if ($LASTEXITCODE -ne 0) {
        'The tests of the Azure Pipelines task need packages of the npm registry, which did not answer.'
    }
}

function Invoke-NodeSuite([string] $ResultPath) {
    Push-Location "$root/src/azure-pipelines"
    try {
        if ($problem = Get-NodeProblem) {
            Write-Warning $problem
            '<testsuites><testsuite name="Node" time="0"><testcase name="skipped" time="0"><skipped/></testcase></testsuite></testsuites>' | Set-Content $ResultPath
        } else {
            npm run --silent package
            node --test --test-concurrency=1 --test-reporter=junit "--test-reporter-destination=$ResultPath" --test-reporter=spec --test-reporter-destination=stdout "$PSScriptRoot/azure-pipelines/*.test.mjs"
        }
    } finally {
        Pop-Location
    }
}

# The cases of a JUnit file, with the reasons of those that failed left to the suite's own output.
function Read-TestCase([string] $ResultPath) {
    if (Test-Path $ResultPath) {
        foreach ($case in ([xml](Get-Content $ResultPath -Raw)).SelectNodes('//testcase')) {
            [pscustomobject]@{
                Outcome = if ($case.SelectSingleNode('failure|error')) { 'Failed' } elseif ($case.SelectSingleNode('skipped')) { 'Skipped' } else { 'Passed' }
                Seconds = [double]::Parse($case.time, [cultureinfo]::InvariantCulture)
                Name    = $case.name
            }
        }
    }
}

$all = @()
$summary = foreach ($name in $Suite) {
    Write-Host "`n--- $name"
    $path = "$results/$name.xml"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    switch ($name) {
        'Unit' { Invoke-XunitSuite Unit $path | Out-Host }
        'Hosting' { Invoke-XunitSuite Hosting $path | Out-Host }
        'Pester' { Invoke-PesterSuite $path | Out-Host }
        'Node' { Invoke-NodeSuite $path | Out-Host }
    }

    $cases = @(Read-TestCase $path)
    $all += $cases
    $failed = $cases.Where({ $_.Outcome -eq 'Failed' }).Count
    # A suite that failed beside its tests, or ran none, counts as one failure.
    if ($failed -eq 0 -and ($LASTEXITCODE -ne 0 -or $cases.Count -eq 0)) {
        $failed = 1
    }

    [pscustomobject]@{
        Suite   = $name
        Passed  = $cases.Where({ $_.Outcome -eq 'Passed' }).Count
        Failed  = $failed
        Skipped = $cases.Where({ $_.Outcome -eq 'Skipped' }).Count
        Seconds = [int] $watch.Elapsed.TotalSeconds
    }
}

$summary | Format-Table | Out-Host
'The slowest ten:'
$all | Sort-Object Seconds -Descending | Select-Object -First 10 | ForEach-Object { '{0,8:0.0} s  {1}' -f $_.Seconds, $_.Name }
''
$sum = @{}
'Passed', 'Failed', 'Skipped' | ForEach-Object { $sum[$_] = ($summary | Measure-Object $_ -Sum).Sum }
"$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
exit [int]($sum.Failed -gt 0)
