# The first import in a shell.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'All rows are started with the same parameters.')]
param([string] $Module, [string] $Library, [string] $Address, [string] $Folder, [string] $Way)

$path = if ($Way -eq 'module') { $Module } else { "$Folder/Empty.psd1" }
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $path
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
