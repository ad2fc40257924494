<#
.SYNOPSIS
Builds, runs the test suites, and prints one summary. build.ps1 Test calls it.

.DESCRIPTION
Each suite writes its results as JUnit XML to out/test-results. The exit code is 0 when nothing failed; the last line
reads "N passed, N failed, N skipped".

Some suites run at once, in three groups. The first of these that is asked for is shown while it runs, and the others when they have
ended.
#>
[CmdletBinding()]
param(
    [string] $Configuration = 'Debug',
    [ValidateSet('Unit', 'Hosting', 'Documents', 'Pester', 'Package', 'Node')] [string[]] $Suite = @(),
    [string[]] $Filter,
    # Runs the whole Pester suite on the package, unpacked as it is installed. Suite Package runs what the package is, loading and a first use.
    [switch] $Package,
    # For itself: the suites, with commas, that this process runs beside others, after the build.
    [string] $BackgroundSuite
)

$ErrorActionPreference = 'Stop'
# An argument of pwsh -File is a single text.
$Filter = $Filter -split ','
# A suite that fails does not keep the others from running.
$PSNativeCommandUseErrorActionPreference = $false

Import-Module "$PSScriptRoot/PowerShellProcess.psm1", "$PSScriptRoot/ModulePackage.psm1"
$root = (Resolve-Path "$PSScriptRoot/..").Path
$results = (New-Item -ItemType Directory "$root/out/test-results" -Force).FullName

if (-not $BackgroundSuite) {
    Remove-Item "$results/*"
    # A build ends before what the runtime does for long runs pays off: this saves two fifths of its processor time.
    $env:DOTNET_JITMinOpts, $env:DOTNET_TieredCompilation, $env:DOTNET_TieredPGO = 1, 0, 0
    # The first time, the shell is compiled, which fills the pauses of the build.
    $shell = $PSScriptRoot | ForEach-Object -AsJob -Parallel { & "$_/Get-TestShell.ps1" }
    dotnet build $root --configuration $Configuration --verbosity quiet
    if ($LASTEXITCODE -ne 0) {
        '0 passed, 1 failed, 0 skipped'
        exit 1
    }
    Remove-Item env:DOTNET_JITMinOpts, env:DOTNET_TieredCompilation
    # Much of what the tests run is compiled for them alone, which this makes cheaper.
    $env:DOTNET_EnableWriteXorExecute = 0
    # How the suites start a shell themselves.
    $env:KORE_SHELL_COMMAND = ConvertTo-Json @($shell | Receive-Job -Wait -AutoRemoveJob) -Compress
}

function Invoke-UnitSuite([string] $ResultPath) { Invoke-XunitSuite Unit $ResultPath }

function Invoke-HostingSuite([string] $ResultPath) { Invoke-XunitSuite Hosting $ResultPath }

function Invoke-XunitSuite([string] $Project, [string] $ResultPath) {
    $classes = foreach ($name in $Filter.Where({ $_ })) { '-class'; $name }
    $assembly = Get-Item "$PSScriptRoot/$($Project.ToLowerInvariant())/bin/$Configuration/*/KoreConnections.${Project}Tests.dll"
    dotnet $assembly.FullName -noLogo -noColor -result-junit $ResultPath @classes
}

function Invoke-DocumentsSuite([string] $ResultPath) { Invoke-PesterFolder $ResultPath "$PSScriptRoot/documents" }

# Without the tests of the package itself, which suite Package has, unless they are asked for.
function Invoke-PesterSuite([string] $ResultPath) {
    if (-not $Package -and -not $Filter.Where({ $_ })) { $Filter = (Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1).Name -notlike 'Package.*' }
    Invoke-PesterFolder $ResultPath $PSScriptRoot
}

function Invoke-PesterFolder([string] $ResultPath, [string] $Folder) {
    if ($Package) { Invoke-OnPackage $ResultPath $Folder $Filter } else { Invoke-Pester $ResultPath $Folder $Filter }
}

function Invoke-PackageSuite([string] $ResultPath) { Invoke-OnPackage $ResultPath $PSScriptRoot ($Filter.Where({ $_ }) ? $Filter : ('Package', 'Loading', 'Quickstart')) }

function Invoke-OnPackage([string] $ResultPath, [string] $Folder, [string[]] $File) {
    $temporary = [IO.Directory]::CreateTempSubdirectory('kore-package').FullName
    try {
        Invoke-Pester $ResultPath $Folder $File (Expand-ModulePackage (New-ModulePackage $temporary) "$temporary/modules")
    } finally {
        Remove-Item $temporary -Recurse -Force
    }
}

function Invoke-Pester([string] $ResultPath, [string] $Folder, [string[]] $File, [string] $Module) {
    $pester = dotnet msbuild "$PSScriptRoot/TestServer" -getProperty:PesterManifest -p:Configuration=$Configuration
    $files = @($File).Where({ $_ }).ForEach({ "'$_'" }) -join ','
    $program, $first = ConvertFrom-Json $env:KORE_SHELL_COMMAND
    $more = "$(if ($files) { "-File $files" }) $(if ($Module) { "-Module '$Module'" })"
    & $program @first -NoLogo -NoProfile -Command "& '$PSScriptRoot/Invoke-PesterSuite.ps1' -Pester '$pester' -ResultPath '$ResultPath' -Folder '$Folder' $more"
}

# Why the Node tests cannot run here, or nothing.
function Get-NodeProblem {
    if (-not (Get-Command npm -ErrorAction Ignore) -or [int](node --version).TrimStart('v').Split('.')[0] -lt 20) {
        return 'The tests of the Azure Pipelines task and of the report in a browser need Node 20 or newer. Install it: https://nodejs.org'
    }

    foreach ($folder in '.', "$PSScriptRoot/browser") {
        # npm writes the second one when all of the first is installed.
        $lock, $installed = Get-Item "$folder/package-lock.json", "$folder/node_modules/.package-lock.json" -Force -ErrorAction Ignore
        if ($installed -and $installed.LastWriteTimeUtc -gt $lock.LastWriteTimeUtc) { continue }
        npm ci --prefix $folder --no-audit --no-fund --silent
        if ($LASTEXITCODE -ne 0) {
            return 'The tests of the Azure Pipelines task and of the report in a browser need packages of the npm registry, which did not answer.'
        }
    }
}

function Invoke-NodeSuite([string] $ResultPath) {
    Push-Location "$root/src/azure-pipelines"
    try {
        if ($problem = Get-NodeProblem) {
            "WARNING: $problem"
            "<testsuites><testcase name='$problem' time='0'><skipped/></testcase></testsuites>" | Set-Content $ResultPath
            $global:LASTEXITCODE = 0
        } else {
            node pack.mjs --module "$root/out/KoreConnections"
            # By name: Node 20 takes no wildcards.
            $files = (Get-ChildItem "$PSScriptRoot/azure-pipelines/*.test.mjs", "$PSScriptRoot/browser/*.test.mjs").FullName
            node --test --test-concurrency=2 --test-reporter=junit "--test-reporter-destination=$ResultPath" --test-reporter=spec --test-reporter-destination=stdout @files
        }
    } finally {
        Pop-Location
    }
}

# What a JUnit file says of each test.
function Read-TestCase([string] $ResultPath) {
    # Node writes the colours of a failure's text as they are, which XML cannot hold.
    $document = if (Test-Path $ResultPath) { (Get-Content $ResultPath -Raw) -replace '[^\t\r\n\u0020-\uFFFD]' -as [xml] }
    if ($document) {
        foreach ($case in $document.SelectNodes('//testcase')) {
            $failure = $case.SelectSingleNode('failure|error')
            [pscustomobject]@{
                Outcome = if ($failure) { 'Failed' } elseif ($case.SelectSingleNode('skipped')) { 'Skipped' } else { 'Passed' }
                Seconds = [double]::Parse($case.time, [cultureinfo]::InvariantCulture)
                Name    = $case.name
                Reason  = if ($failure) { "$($failure.GetAttribute('message'))`n$($failure.InnerText)" }
            }
        }
    }
}

# Runs one suite and emits its results. A suite that fails beside its tests, or runs none, counts as one failure.
function Invoke-Suite([string] $Name) {
    $path = "$results/$Name.xml"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = & "Invoke-${Name}Suite" $path *>&1 | ForEach-Object { if ($BackgroundSuite) { "$_" } else { Out-Host -InputObject $_ } }
    $exitCode = $LASTEXITCODE
    $cases = @(Read-TestCase $path)
    $count = @{ Passed = 0; Failed = 0; Skipped = 0 }
    $cases | ForEach-Object { $count[$_.Outcome]++ }
    if ($count.Failed -eq 0 -and ($exitCode -ne 0 -or $cases.Count -eq 0)) {
        $count.Failed = 1
    }

    [pscustomobject]@{ Suite = $Name; Passed = $count.Passed; Failed = $count.Failed; Skipped = $count.Skipped; Seconds = [int] $watch.Elapsed.TotalSeconds; Cases = $cases; Output = $output }
}

# A temporary folder in memory, or nothing where the system has none that is large enough and runs programs. The tests make tens of thousands
# of small files, for which they wait on a disk.
function New-MemoryFolder {
    $memory = '/dev/shm'
    $mount = if ($IsLinux) { @(Get-Content /proc/mounts).Where({ $_.Split(' ')[1] -eq $memory }) }
    if ($mount -and "$mount" -notmatch '\b(noexec|ro)\b' -and [IO.DriveInfo]::new($memory).AvailableFreeSpace -gt 2GB) {
        $private = [IO.UnixFileMode]'UserRead, UserWrite, UserExecute'
        [IO.Directory]::CreateDirectory("$memory/kore-tests-$PID", $private).FullName
    }
}

if ($BackgroundSuite) {
    ConvertTo-Json @($BackgroundSuite.Split(',') | ForEach-Object { Invoke-Suite $_ }) -Depth 4 -Compress
    exit
}

# Package, and Pester and Documents on a package, make packages of the module, for which a project can be built only once at a time. All
# else shares nothing. The groups take about the same time. The whole Pester suite on the package has Package's part in it.
$suites = $Suite.Where({ -not ($_ -eq 'Package' -and $Package -and 'Pester' -in $Suite) })
$groups = ($Package ? ('Unit,Hosting', 'Pester,Package,Documents', 'Node') : ('Hosting,Unit,Documents', 'Pester', 'Node,Package')).ForEach({ $_.Split(',').Where({ $_ -in $suites }) -join ',' }).Where({ $_ })
$temporary, $before = (New-MemoryFolder), $env:TMPDIR
try {
    # Everything that the suites start has it too.
    if ($temporary) { $env:TMPDIR = $temporary }
    $background = foreach ($group in $groups | Select-Object -Skip 1) {
        $program, $start = ConvertFrom-Json $env:KORE_SHELL_COMMAND
        $given = '-File', $PSCommandPath, '-Configuration', $Configuration, '-BackgroundSuite', $group
        if ($Filter.Where({ $_ })) { $given += '-Filter', ($Filter -join ',') }
        if ($Package) { $given += '-Package' }
        $path = "$results/$($group -replace ',.*').json"
        $arguments = @(@($start) + '-NoProfile' + '-NonInteractive' + $given).Where({ $_ }).ForEach({ """$_""" })
        @{ Path = $path; Process = Start-Process $program $arguments -RedirectStandardOutput $path -PassThru }
    }
    $summary = @(
        foreach ($name in "$($groups[0])".Split(',').Where({ $_ })) {
            Write-Host "`n--- $name"
            Invoke-Suite $name
        }
        foreach ($started in $background) {
            $started.Process.WaitForExit()
            foreach ($ended in Get-Content $started.Path -Raw | ConvertFrom-Json) {
                Write-Host "`n--- $($ended.Suite)"
                $ended.Output | Out-Host
                $ended
            }
        }
    )
} finally {
    if ($temporary) {
        $env:TMPDIR = $before
        Remove-Item $temporary -Recurse -Force
    }
}

$summary | Format-Table Suite, Passed, Failed, Skipped, Seconds | Out-Host
'The slowest ten:'
$summary.Cases | Sort-Object Seconds -Descending | Select-Object -First 10 | ForEach-Object { '{0,8:0.0} s  {1}' -f $_.Seconds, $_.Name }
if ($failed = $summary.Cases.Where({ $_.Outcome -eq 'Failed' })) {
    # A log is often kept by its end alone, so that the reasons, with the seeds of random input, stand here once more.
    "`nWhat failed:"
    $failed.ForEach({
            "    $($_.Name)"
            ($_.Reason -split '\r?\n').Where({ $_.Trim() }) | Select-Object -First 12 | ForEach-Object { "        $($_.Length -gt 400 ? $_.Substring(0, 400) : $_)" }
        })
}

$sum = 'Passed', 'Failed', 'Skipped' | ForEach-Object { ($summary | Measure-Object $_ -Sum).Sum }
"`n{0} passed, {1} failed, {2} skipped" -f $sum
exit [int]($sum[1] -gt 0)
