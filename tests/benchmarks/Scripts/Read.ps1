# Connections by id.
param([string] $Module, [string] $Library, [string] $Address, [int] $Rounds, [int] $Items, [int] $SlowRounds)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$headers = @{ 'x-api-key' = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
$ids = 1..$Items | ForEach-Object { "cn-$_" }
$ways = [ordered]@{
    'module'     = { $ids | Get-Connection -ThrottleLimit 16 }
    'HttpClient' = { [KoreConnections.Benchmarks.Floor]::Read($Address, $Items, 16) }
    'Invoke-RestMethod' = { foreach ($id in $ids) { Invoke-RestMethod "$Address/connections/$id" -Headers $headers } }
    'ForEach-Object -Parallel' = { $ids | ForEach-Object -ThrottleLimit 16 -Parallel { Invoke-RestMethod "$using:Address/connections/$_" -Headers $using:headers } }
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds -SlowRounds $SlowRounds
