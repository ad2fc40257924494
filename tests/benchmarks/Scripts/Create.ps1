# New connections from rows.
param([string] $Module, [string] $Library, [string] $Address, [int] $Rounds, [int] $Items, [int] $SlowRounds)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$headers = @{ 'x-api-key' = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
$rows = 1..$Items | ForEach-Object { [pscustomobject]@{ Provider = 'Open AI'; Name = "N$_"; Model = 'gpt-4o'; ApiKey = 'sk-benchmark-0123456789' } }
$ways = [ordered]@{
    'module'     = { $rows | New-Connection -ThrottleLimit 16 }
    'HttpClient' = { [KoreConnections.Benchmarks.Floor]::Create($Address, $Items, 16) }
    'Invoke-RestMethod' = {
        foreach ($row in $rows) {
            $body = @{ provider = $row.Provider; connectionName = $row.Name; model = $row.Model; fields = @{ API_KEY = $row.ApiKey } } | ConvertTo-Json
            Invoke-RestMethod "$Address/connections" -Method Post -Headers $headers -ContentType application/json -Body $body
        }
    }
    'ForEach-Object -Parallel' = {
        $rows | ForEach-Object -ThrottleLimit 16 -Parallel {
            $body = @{ provider = $_.Provider; connectionName = $_.Name; model = $_.Model; fields = @{ API_KEY = $_.ApiKey } } | ConvertTo-Json
            Invoke-RestMethod "$using:Address/connections" -Method Post -Headers $using:headers -ContentType application/json -Body $body
        }
    }
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds -SlowRounds $SlowRounds
