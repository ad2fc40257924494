# The first import in a shell.
param([string] $Module, [string] $Folder, [string] $Way)

$name = switch ($Way) {
    'module' { $Module }
    'empty module' { "$Folder/Empty.psd1" }
    default { 'Microsoft.PowerShell.PSResourceGet' }
}
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $name
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
