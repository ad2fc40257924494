# All connections into objects.
param([string] $Module, [string] $Library, [string] $Address, [string] $Folder, [int] $Rounds, [switch] $ModuleOnly)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
Connect-KorePlatform -HostName $Address -ApiKey 'kg-benchmark'
$headers = @{ 'x-api-key' = 'kg-benchmark' }
$ways = [ordered]@{
    'module'     = { Get-Connection }
    'HttpClient' = { [KoreConnections.Benchmarks.Floor]::List($Address) }
}
if (-not $ModuleOnly) {
    $ways['Invoke-RestMethod'] = { (Invoke-RestMethod "$Address/connections" -Headers $headers).connections }
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds
