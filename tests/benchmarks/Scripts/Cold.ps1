# The first command of a shell; the module is imported and connected (with its verifying request) for it.
param([string] $Module, [string] $Library, [string] $Address, [string] $Folder, [string] $Way, [switch] $Compares)

$null = [System.Reflection.Assembly]::LoadFrom($Library)
$count = [int]($Address -replace '.*/')
$headers = @{ 'x-api-key' = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
if ($Compares) {
    $Address += '/Open AI'
    $env:KORE_BENCHMARK_KEY = 'sk-benchmark-0123456789'
    $models = 'gpt-4o', 'gpt-4o-mini', 'GPT-4', 'claude-3-5-haiku-20241022'
    $manifest = "$Folder/cold.yaml"
    Set-Content $manifest 'version: 1', 'connections:', (1..$count | ForEach-Object {
            "  - { provider: OpenAI, name: Connection $_, model: $($models[$_ % 4]), apiKey: env:KORE_BENCHMARK_KEY }"
        })
}

$watch = [System.Diagnostics.Stopwatch]::StartNew()
switch ($Way) {
    'module' {
        Import-Module $Module
        Connect-KorePlatform -HostName $Address -ApiKey $headers['x-api-key']
        if ($Compares) { $null = Compare-Connection $manifest -WarningAction Ignore } else { $null = Get-Connection }
    }
    'HttpClient' {
        $null = if ($Compares) { [KoreConnections.Benchmarks.Floor]::Compare($Address, $count, 8) } else { [KoreConnections.Benchmarks.Floor]::List($Address) }
    }
    default {
        $listed = (Invoke-RestMethod "$Address/connections" -Headers $headers).connections
        if ($Compares) { $null = $listed | ForEach-Object { Invoke-RestMethod "$Address/connections/$($_.connectionId)" -Headers $headers } }
    }
}
"$Way`tms`t$($watch.Elapsed.TotalMilliseconds)"
