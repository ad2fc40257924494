# The first import in a shell.
param([string] $Module, [string] $Folder, [string] $Way)

$path = if ($Way -eq 'module') { $Module } else { "$Folder/Empty.psd1" }
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $path
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
