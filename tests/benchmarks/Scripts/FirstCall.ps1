# The first request in a shell; the module is imported and connected (with its verifying request) for it.
param([string] $Module, [string] $Library, [string] $Address, [string] $Way)

$null = [System.Reflection.Assembly]::LoadFrom($Library)
$watch = [System.Diagnostics.Stopwatch]::StartNew()
switch ($Way) {
    'module' {
        Import-Module $Module
        Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
        $null = Get-Connection
    }
    'HttpClient' {
        $null = [KoreConnections.Benchmarks.Floor]::List($Address)
    }
    default {
        $null = Invoke-RestMethod "$Address/connections" -Headers @{ 'x-api-key' = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
    }
}
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
