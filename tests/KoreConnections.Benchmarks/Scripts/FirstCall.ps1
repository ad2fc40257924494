# The first request in a shell; the module is imported and connected (with its verifying request) for it.
param([string] $Module, [string] $Library, [string] $Address, [string] $Folder, [string] $Way)

$null = [System.Reflection.Assembly]::LoadFrom($Library)
$watch = [System.Diagnostics.Stopwatch]::StartNew()
switch ($Way) {
    'module' {
        Import-Module $Module
        Connect-KorePlatform -HostName $Address -ApiKey 'kg-benchmark'
        $null = Get-Connection
    }
    'HttpClient' {
        $null = [KoreConnections.Benchmarks.Floor]::List($Address)
    }
    default {
        $null = Invoke-RestMethod "$Address/connections" -Headers @{ 'x-api-key' = 'kg-benchmark' }
    }
}
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
