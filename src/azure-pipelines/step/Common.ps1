#requires -Version 5.1
# What the steps template and the task (run.ps1) do alike. The task may run it in Windows PowerShell.

# As PowerShell@2 runs a script: the first error ends it, and LASTEXITCODE is one variable, whether a program sets it or the script does.
function Invoke-Script($ScriptFile) {
    $ErrorActionPreference = 'Stop'
    $global:LASTEXITCODE = 0
    $ExecutionContext.SessionState.PSVariable.Set((Get-Variable LASTEXITCODE -Scope Global))
    . $ScriptFile
}

# Programs write progress and advice there; whether one failed, its exit code says.
function Test-ProgramText($Record) { $Record.FullyQualifiedErrorId -like 'NativeCommandError*' }

# The id of a text that a script throws is the text.
function Get-ErrorId($Record) {
    if ($Record.FullyQualifiedErrorId -ne $Record.Exception.Message) { ($Record.FullyQualifiedErrorId -split ',')[0] }
}

# Of a page that is not written, nobody needs the temporary path, which is before the text of the exception.
function Get-ErrorText($Record, $Page) {
    if ($Record.ErrorDetails.Message -and -not ($Page -and $Record.TargetObject -eq $Page)) { $Record.ErrorDetails.Message }
    else { $Record.Exception.Message }
}

# Only a comparison of keys needs a provider's key. Which could not be compared is counted, and each is named with its place and the reason.
# The warning of it alone names both parameters that decide this.
function Test-KeyWarning($Text) { "$Text" -match '-IgnoreKeys\b' -and "$Text" -match '-RequireKey\b' }

# One examination, so that the page says what it could not examine. There is no page of no connection. Call it by a dot: the options may name
# variables for errors and warnings, which are the caller's.
function Find-AuditIssue($Connection, $IsIncomplete, [string] $Page, [hashtable] $Option) {
    $written = @{ Path = $Page; Force = $true; IssueVariable = 'issues'; WhatIf = $false }
    if (-not $Connection) { $issues = @($Connection | Find-ConnectionIssue @Option) }
    # A page of all connections says what its listing lacks; a page of given ones cannot.
    elseif ($IsIncomplete) { Export-ConnectionReport @written @Option }
    else { $Connection | Export-ConnectionReport @written @Option }
    $issues
}

# The rows whose keys could not be restored, of which a rehearsal warns: it comes to no change that would. rules.json has its words.
$script:noWayBack = 'If a change cannot be confirmed, the previous key cannot be restored, because no -PreviousApiKey is used.'
filter Select-FinalChange { if (-not $_.PreviousApiKey -and -not $_.PreviousHeader) { $_ } }

# A line of the log, as PowerShell formats it, without the spaces at its end.
filter Format-LogLine { $_ -replace ' +((?:\x1b\[[\d;]*m)*)$', '$1' }
