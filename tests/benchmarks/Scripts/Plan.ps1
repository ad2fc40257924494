# A manifest compared with a platform, and applied to one.
param([string] $Module, [string] $Library, [string] $Address, [string] $Folder, [int] $Rounds, [int] $Items, [string] $Provider, [string] $Work)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
# The parts of the address before the provider: the latency, and how many connections there are.
$has = if ($Work -eq 'Create') { 0 } else { $Items }
$Address = $Address -replace '\d+$', "$has/$Provider"
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$env:KORE_BENCHMARK_KEY = 'sk-benchmark-0123456789'
$maximum = if ($Work -eq 'Update') { 2048 } else { 1024 }
$models = 'gpt-4o', 'gpt-4o-mini', 'GPT-4', 'claude-3-5-haiku-20241022'
$manifest = "$Folder/plan.yaml"
Set-Content $manifest -Value 'version: 1', 'connections:', (1..$Items | ForEach-Object {
        if ($Provider -eq 'API') {
            @"
  - provider: API
    name: Connection $_
    endpointUrl: https://llm.example.com/v1/messages
    header:
      x-api-key: env:KORE_BENCHMARK_KEY
    payload:
      model: in-house-7b
      max_tokens: $maximum
      messages:
        - role: user
          content: "{{prompt}}"
    outputPath: "content[0].text"
"@
        }
        else {
            @"
  - provider: Open AI
    name: Connection $_
    model: $($models[$_ % 4])
    apiKey: env:KORE_BENCHMARK_KEY
"@
        }
    })
$ways = [ordered]@{}
switch ($Work) {
    'Compare' {
        $expected = 'InSync'
        $ways['module'] = { Compare-Connection $manifest -ThrottleLimit 16 }
        $ways['HttpClient'] = { [KoreConnections.Benchmarks.Floor]::Compare($Address, $Items, 16) }
    }
    'Create' {
        $expected = 'Create'
        $ways['module'] = { Sync-Connection $manifest -ThrottleLimit 16 -WarningAction Ignore }
        $ways['HttpClient'] = { [KoreConnections.Benchmarks.Floor]::CreateAll($Address, $Items, 16, $Provider -eq 'API') }
    }
    'Update' {
        $expected = 'Update'
        $ways['module'] = { Sync-Connection $manifest -ThrottleLimit 16 -WarningAction Ignore }
        $ways['HttpClient'] = { [KoreConnections.Benchmarks.Floor]::ChangeAll($Address, $Items, 16) }
    }
}

$actions = Compare-Connection $manifest | Group-Object Action -NoElement
if ($actions.Name -ne $expected -or $actions.Count -ne $Items) {
    throw "The plan is not the one to be measured: $($actions | ForEach-Object { "$($_.Count) $($_.Name)" })"
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds
