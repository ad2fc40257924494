#requires -Version 5.1
<#
.SYNOPSIS
Does one action of the task. index.js starts it and gives it everything in environment variables, so that no key is
ever in an argument.

.DESCRIPTION
What the handler has to know goes to it as lines that begin with a mark that only the two know. Each is a query string,
so that no text in it can be taken for anything else. All other lines are for the log.

It runs in PowerShell 7 and in Windows PowerShell.
#>
[CmdletBinding()]
param()

function Get-Setting([string] $Name) {
    [Environment]::GetEnvironmentVariable("KORE_TASK_$Name")
}

# What could not be sent is not known to the handler: then the step must not end well.
function Send-Event([string] $Kind, [System.Collections.IDictionary] $Property) {
    try {
        $parts = foreach ($name in $Property.Keys) { "$name=" + [uri]::EscapeDataString("$($Property[$name])") }
        [Console]::Out.WriteLine("$mark kind=$Kind&" + ($parts -join '&'))
    } catch {
        $script:isIncomplete = $true
        throw
    }
}

function Send-Error([System.Management.Automation.ErrorRecord] $Record, [switch] $Ending) {
    Send-Event error @{
        code    = Get-ErrorId $Record
        message = Get-ErrorText $Record (Get-Setting PAGE)
        advice  = $Record.ErrorDetails.RecommendedAction
        target  = if ($Record.TargetObject -is [string]) { $Record.TargetObject }
        ends    = if ($Ending) { 'true' }
    }
}

# Whether a script has failed by its exit code, which is that of its last program where it gives none.
function Send-ExitCode([string] $Script) {
    if ($LASTEXITCODE) { Send-Event error @{ code = 'ExitCode'; message = "$Script exited with code $LASTEXITCODE."; ends = 'true' } }
    [bool]$LASTEXITCODE
}

# The objects of an action are for the handler, and for the log as PowerShell shows them.
filter Send-Output([switch] $AsItem) {
    if ($_ -is [System.Management.Automation.ErrorRecord] -and (Test-ProgramText $_)) {
        "$_"
    } elseif ($_ -is [System.Management.Automation.ErrorRecord]) {
        Send-Error $_
    } elseif ($_ -is [System.Management.Automation.WarningRecord]) {
        Send-Event warning @{ message = $_.Message; code = 'Warning' }
    } else {
        # A text is what a source writes on its way.
        if ($AsItem -and $_ -isnot [string]) {
            $item = @{ Type = $_.GetType().Name }
            foreach ($property in $_.PSObject.Properties) {
                $value = $property.Value
                $item[$property.Name] = if ($value -is [Exception]) { $value.Message }
                elseif ($value -is [array]) { $value -join '; ' }
                elseif ($value -is [datetime]) { $value.ToString('o') }
                else { $value }
            }
            Send-Event item $item
        }
        # What becomes an issue of the run is not in the log twice.
        if ($AsItem -and $_.GetType().Name -eq 'ConnectionPlanItem') {
            if ("$($_.Outcome)" -notin 'Failed', 'Unconfirmed') { "$_$(if ($_.Outcome) { ": $($_.Outcome)" })" }
        } elseif (-not $AsItem -or $_.GetType().Name -notin 'ManifestProblem', 'ConnectionIssue') {
            $_
        }
    }
}

# A console that is no terminal is taken for one of 80 columns.
filter Out-Log { [Console]::Out.WriteLine(($_ | Format-LogLine)) }

# What a rotation would change: a rehearsal emits no results.
filter Send-PlannedRotation {
    $shown = foreach ($key in @($_.ApiKey, $_.Header), @($_.PreviousApiKey, $_.PreviousHeader)) {
        if ($key[1]) { $key[1].Keys | ForEach-Object { "${_}: $($key[1][$_])" } } else { "$($key[0])" }
    }
    Send-Event item @{
        Type = 'PlannedRotation'; ConnectionId = $_.ConnectionId; Name = $_.Name; Provider = $_.Provider; NewKey = $shown[0]; PreviousKey = $shown[1]
    }
}

# A note names a key that could not be compared, with its place and the reason; the plan counts them (KeyState Unknown).
filter Split-KeyWarning {
    if ($_ -is [System.Management.Automation.InformationRecord]) {
        $problem = $_.MessageData
        if ($problem -is [KoreConnections.ManifestProblem]) {
            Send-Event note @{ message = "$problem"; target = "$($problem.File):$($problem.Line):$($problem.Column)" }
        } elseif ($_.Tags -contains 'PSHOST') {
            "$_"
        }
    } elseif ($_ -isnot [System.Management.Automation.WarningRecord] -or -not (Test-KeyWarning $_)) {
        $_
    }
}

# Such a key is usable to the module, as one that is limited for a moment is. Its agents fail until somebody pays.
filter Send-CreditWarning {
    if ("$($_.Verdict)" -eq 'RateLimited' -and $_.RecommendedAction -match '\bno credit\b') {
        $name = (@($_.ConnectionName, $_.ConnectionId, $_.Provider) -match '.')[0]
        Send-Event warning @{ message = "${name}: $($_.RecommendedAction)"; code = 'RateLimited' }
    }
    $_
}

# Given values only, so that a cmdlet's own defaults stand.
function Get-Option([hashtable] $Given) {
    $options = @{}
    foreach ($name in $Given.Keys) {
        $value = $Given[$name]
        if ($value) { $options[$name] = if ($value -is [string] -and $value -ceq 'true') { $true } else { $value } }
    }
    $options
}

# The key map as rows for Update-ConnectionKey. Nothing is changed before every line is understood and leads to a connection.
function Get-KeyRow {
    $sources = @(Get-KeySource)
    $reference = "(?:$(($sources.Scheme | & { process { [regex]::Escape($_) } }) -join '|')):[^|]+?"
    $header = '[\w!#$%&*+.^`~-]+'
    # In a header, a word such as Bearer or Api-Key may be before it. One with digits could be a key.
    $new, $old = 'New', 'Old' | & { process { "((?<${_}Header>$header):\s+)?(?<$_>(?(${_}Header)(([a-z][a-z-]{1,24}|AWS4-HMAC-SHA256)\s+)?)$reference)\s*" } }
    $pattern = "^\s*(?<Name>.+?)\s*=\s*$new(\|\s*$old)?`$"
    $taken = @{}
    $rows = @()
    $problems = @()
    $number = 0
    $all = @(Get-Connection -ErrorAction Stop -WarningVariable incomplete | & { process { if ($_.ConnectionId) { $_ } } })
    foreach ($line in (Get-Setting KEYMAP) -split '\r?\n') {
        $number++
        if ($line -match '^\s*(#|$)') { continue }
        if ($line -notmatch $pattern) {
            # The line itself may hold a key.
            $problems += "line ${number}: it is not NAME = REFERENCE. Use one of $($sources.Reference -join ', '). Never write a key itself here."
            continue
        }
        $entry = $Matches
        $found = @($all | & { process { if ($_.ConnectionName -ceq $entry.Name -or $_.ConnectionId -ceq $entry.Name) { $_ } } })
        if (-not $found -and $entry.Name -notmatch '(?<!`)(``)*[*?[]') {
            # A name whose brackets are escaped is one name.
            $plain = [WildcardPattern]::Unescape($entry.Name)
            $found = @($all | & { process { if ($_.ConnectionName -ceq $plain) { $_ } } })
        }
        if (-not $found) {
            try {
                $found = @($all | & { process { if ($_.ConnectionName -like $entry.Name) { $_ } } })
            } catch {
                $problems += "line ${number}: '$($entry.Name)' is neither a name nor a pattern. Put a backtick before a bracket that belongs to a name."
                continue
            }
            if ($incomplete) {
                # What is not listed would keep the previous key.
                $problems += "line ${number}: '$($entry.Name)' may match connections that the incomplete listing lacks. Try again, or use names that are listed."
                continue
            }
        }
        if (-not $found) { $problems += "line ${number}: the platform has no connection '$($entry.Name)'. Correct the name, or remove the line." }
        foreach ($connection in $found) {
            if ($taken[$connection.ConnectionId]) {
                $other = $taken[$connection.ConnectionId]
                $problems += "line ${number}: '$($connection.ConnectionName)' also matches line $other. Keep only one of the two lines."
            }
            $taken[$connection.ConnectionId] = $number
            $row = @{ ConnectionId = $connection.ConnectionId; Name = $connection.ConnectionName; Provider = $connection.Provider }
            if ($entry.NewHeader) { $row.Header = @{ $entry.NewHeader = $entry.New } } else { $row.ApiKey = $entry.New }
            if ($entry.OldHeader) { $row.PreviousHeader = @{ $entry.OldHeader = $entry.Old } } elseif ($entry.Old) { $row.PreviousApiKey = $entry.Old }
            $rows += $row
        }
    }
    foreach ($problem in $problems) {
        Send-Event error @{ code = 'KoreInvalidInput'; message = "The input keyMap, $problem" }
    }
    if (-not $problems) { $rows }
}

. "$PSScriptRoot/KoreConnections/AzurePipelines/Common.ps1"

$mark = Get-Setting MARK
[Environment]::SetEnvironmentVariable('KORE_TASK_MARK', $null)
# Whom to stop: of a PowerShell that is a .NET tool, the program that was started is not the shell. From here on a stop arrives.
Send-Event shell @{ id = $PID }
$action = Get-Setting ACTION
$ErrorActionPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
if ($PSStyle) { $PSStyle.OutputRendering = 'Ansi' }
if (Get-Setting DEBUG) { $VerbosePreference = 'Continue' }
try {
    # Names may be in any script, and Windows would write them in the machine's code page.
    [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
} catch {
    [Console]::Error.WriteLine($_.Exception.Message)
}

$plan = Get-Option @{
    Path     = Get-Setting MANIFEST
    Name     = (Get-Setting NAME) -split "`n" -ne ''
    Provider = Get-Setting PROVIDER
}
$gateway = Get-Option @{ ProviderUri = Get-Setting PROVIDERURI }
$manyAtOnce = @{ ThrottleLimit = [int](Get-Setting THROTTLELIMIT) }

& {
    try {
        if ($action -eq 'script') {
            # A script that imports the module by its name gets this one, whatever else the agent has.
            $env:PSModulePath = $PSScriptRoot + [System.IO.Path]::PathSeparator + $env:PSModulePath
        }

        Import-Module "$PSScriptRoot/KoreConnections" -ErrorAction Stop
        # Each key goes to the agent, which masks it, before it is used: only the module reads all references as it follows them.
        [KoreConnections.KeySource]::add_Resolved({ param($key) Send-Event secret @{ value = [System.Net.NetworkCredential]::new('', $key).Password } })
        if (Get-Setting SOURCES) {
            Invoke-Script (Get-Setting SOURCES) | Out-String -Stream | & { process { [Console]::Out.WriteLine($_) } }
            if (Send-ExitCode 'The script in keySources') { return }
        }

        # The sources may have made it.
        if ($action -eq 'script' -and -not (Test-Path -LiteralPath (Get-Setting SCRIPT) -PathType Leaf)) {
            $message = "The input scriptPath was not found: $(Get-Setting SCRIPT). Correct it, or check out the sources first."
            Send-Event error @{ code = 'KoreTask'; message = $message; ends = 'true' }
            return
        }

        if ($env:KORE_HOST) {
            # Not by reference: a source may have taken env: for itself.
            Connect-KorePlatform $env:KORE_HOST -ApiKey (ConvertTo-SecureString $env:KORE_API_KEY -AsPlainText -Force) -ErrorAction Stop
        }

        switch ($action) {
            'test' {
                $ignored = Get-Option @{ IgnoreKeys = Get-Setting IGNOREKEYS }
                $problems = @(Test-ConnectionManifest -Path $plan.Path @ignored -ErrorVariable failures -InformationVariable said)
                $problems
                if ("$said" -match '^\d+') { Send-Event item @{ Type = 'TestedManifest'; Count = $Matches[0] } }
                if ((Get-Setting VERIFYKEYS) -and -not $problems -and -not $failures) {
                    Compare-Connection @plan @manyAtOnce -RequireKey | Test-ConnectionKey @manyAtOnce @gateway | Send-CreditWarning
                }
            }
            'compare' {
                $ignored = Get-Option @{ IgnoreKeys = Get-Setting IGNOREKEYS }
                Compare-Connection @plan @manyAtOnce @ignored 3>&1 6>&1 | Split-KeyWarning
            }
            'sync' {
                $options = Get-Option @{ WhatIf = Get-Setting WHATIF; VerifyKey = Get-Setting VERIFYKEYS }
                if ($options.VerifyKey) { $options += $gateway }
                Sync-Connection @plan @manyAtOnce @options 3>&1 6>&1 | Split-KeyWarning
            }
            'rotate' {
                $options = Get-Option @{
                    ReportPath       = Get-Setting REPORT
                    WhatIf           = Get-Setting WHATIF
                    SkipVerification = Get-Setting SKIPVERIFICATION
                    MaximumFailure   = Get-Setting MAXIMUMFAILURE
                    BatchSize        = Get-Setting BATCHSIZE
                    DelaySeconds     = Get-Setting DELAYSECONDS
                }
                $rows = @(Get-KeyRow)
                $rows | & { process { Send-Event name @{ id = $_.ConnectionId; name = $_.Name } } }
                $settled = @{}
                $rows | Update-ConnectionKey @manyAtOnce @gateway @options -ErrorVariable refused | & { process { $settled[$_.ConnectionId] = $true; $_ } }
                if ($options.WhatIf) {
                    $refused | & { process { $settled["$($_.TargetObject)"] = $true } }
                    $planned = @($rows | & { process { if (-not $settled[$_.ConnectionId]) { $_ } } })
                    $planned | Send-PlannedRotation
                    if ($planned | Select-FinalChange) { Write-Warning $noWayBack }
                }
            }
            'audit' {
                # One listing, so that the count, the findings and the page are of the same connections. What has examined nothing
                # must not be taken for good news.
                $all = @(Get-Connection -ErrorAction Stop -WarningVariable incomplete)
                $options = Get-Option @{
                    ManifestPath      = Get-Setting MANIFEST
                    VerifyKey         = Get-Setting VERIFYKEYS
                    Rule              = (Get-Setting RULE) -split "`n" -ne ''
                    ExcludeRule       = (Get-Setting EXCLUDERULE) -split "`n" -ne ''
                    WithinDays        = Get-Setting WITHINDAYS
                    MaximumKeyAgeDays = Get-Setting MAXIMUMKEYAGEDAYS
                }
                if ($options.VerifyKey) { $options += $gateway }
                . Find-AuditIssue $all $incomplete -Page (Get-Setting PAGE) -Option ($options + $manyAtOnce)
                # Where a rule is wrong, nothing is examined, and there is no page.
                if (-not $all -or (Test-Path -LiteralPath (Get-Setting PAGE))) { Send-Event item @{ Type = 'ExaminedConnections'; Count = $all.Count } }
            }
            'script' {
                Send-Event begun @{}
                Invoke-Script (Get-Setting SCRIPT)
                $null = Send-ExitCode 'The script'
            }
        }
    } catch {
        Send-Error $_ -Ending
    }
} 2>&1 3>&1 | Send-Output -AsItem:($action -ne 'script') | Out-String -Stream -Width 250 | Out-Log

if (-not $isIncomplete) { Send-Event end @{} }
exit 0
