# All connections into objects.
param([string] $Module, [string] $Library, [string] $Address, [int] $Rounds)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$headers = @{ 'x-api-key' = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
$ways = [ordered]@{
    'module'     = { Get-Connection }
    'HttpClient' = { [KoreConnections.Benchmarks.Floor]::List($Address) }
    'Invoke-RestMethod' = { (Invoke-RestMethod "$Address/connections" -Headers $headers).connections }
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds
