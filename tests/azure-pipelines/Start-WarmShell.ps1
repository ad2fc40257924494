#requires -Version 7.4
<#
.SYNOPSIS
Runs scripts one after the other, each as a new shell would: for tests of which it does not matter that a process is their own.

.DESCRIPTION
Each line of the queue is a folder with what a script is given: its path, its variables, its folder, and pipes for what it writes. Of the
scripts before it, it finds nothing: it has a runspace of its own, and the module's fields are as they were. It ends with the queue.
#>
param([string] $Queue, [string] $Module)

$ErrorActionPreference = 'Stop'
Import-Module $Module
# Of the process, and not of a runspace: what the module remembers. What is read-only can only be emptied.
$fields = foreach ($assembly in [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -like 'KoreConnections*' })) {
    $assembly.GetTypes().Where({ -not $_.ContainsGenericParameters }).GetFields('Static, Public, NonPublic').Where({ -not $_.IsLiteral })
}
$remembered = $fields.Where({ -not $_.IsInitOnly -and -not $_.DeclaringType.Name.Contains('<') }).ForEach({ @{ Field = $_; Value = $_.GetValue($null) } })
$lists = $fields.Where({ $_.IsInitOnly -and "$($_.DeclaringType.Name).$($_.Name)" -in 'CurrentSession.Sessions', 'FileSource.Warned' })
# The host keeps its writers, so that they stay and what is behind them changes.
$writers = 1..2 | ForEach-Object { [System.IO.StreamWriter]::new([System.IO.Stream]::Null, [System.Text.UTF8Encoding]::new($false)) }
$writers.ForEach({ $_.AutoFlush = $true })
[Console]::SetOut($writers[0])
[Console]::SetError($writers[1])
$behind = [System.IO.StreamWriter].GetField('_stream', 'Instance, NonPublic')

foreach ($folder in [System.IO.File]::ReadLines($Queue)) {
    $given = @{}
    'path', 'folder', 'variables' | ForEach-Object { $given[$_] = [System.IO.File]::ReadAllText("$folder/$_") }
    $pipes = 'out', 'err' | ForEach-Object { [System.IO.FileStream]::new("$folder/$_", [System.IO.FileMode]::Open, [System.IO.FileAccess]::Write) }
    0..1 | ForEach-Object { $behind.SetValue($writers[$_], $pipes[$_]) }
    [Environment]::GetEnvironmentVariables().Keys.ForEach({ [Environment]::SetEnvironmentVariable($_, [NullString]::Value) })
    $given.variables.Split("`0", [StringSplitOptions]::RemoveEmptyEntries).ForEach({ [Environment]::SetEnvironmentVariable.Invoke($_.Split('=', 2)) })
    # A new shell finds itself first.
    [Environment]::SetEnvironmentVariable('PATH', "${PSHOME}:" + [Environment]::GetEnvironmentVariable('PATH'))
    [Environment]::CurrentDirectory = $given.folder.TrimEnd("`n")
    $lists.ForEach({ $_.GetValue($null).Clear() })
    $remembered.ForEach({ $_.Field.SetValue($null, $_.Value) })

    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    # As pwsh -File runs it: its variables are global ones.
    $null = $shell.AddCommand($given.path.TrimEnd("`n"), $false)
    $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
    $code = try {
        $null = $shell.AddCommand('Out-Default').Invoke()
        [int] $runspace.SessionStateProxy.GetVariable('LASTEXITCODE')
    } catch {
        [Console]::Error.WriteLine($_.Exception.InnerException.Message)
        1
    }
    [System.IO.File]::WriteAllText("$folder/code", $code)
    $shell.Dispose()
    $runspace.Dispose()
    $pipes.Dispose()
}
