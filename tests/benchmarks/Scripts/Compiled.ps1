# What a new shell compiles for each step: methods, and the time that this takes on whichever thread.
param([string] $Module, [string] $Address, [string] $Folder)

$manifest = "$Folder/compiled.yaml"
$env:KORE_BENCHMARK_KEY = 'sk-benchmark-0123456789'
$models = 'gpt-4o', 'gpt-4o-mini', 'GPT-4', 'claude-3-5-haiku-20241022'
$count = [int]($Address -replace '.*/')
Set-Content $manifest 'version: 1', 'connections:', (1..$count | ForEach-Object {
        "  - { provider: OpenAI, name: Connection $_, model: $($models[$_ % 4]), apiKey: env:KORE_BENCHMARK_KEY }"
    })

$steps = [ordered]@{
    # What the loop itself compiles is no step's.
    'nothing'       = { }
    'import'        = { Import-Module $Module }
    'connect'       = { Connect-KorePlatform -HostName "$Address/Open AI" -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111' }
    'first list'    = { $null = Get-Connection }
    'first compare' = { $null = Compare-Connection $manifest -WarningAction Ignore }
}
foreach ($step in $steps.GetEnumerator()) {
    $methods = [System.Runtime.JitInfo]::GetCompiledMethodCount()
    $time = [System.Runtime.JitInfo]::GetCompilationTime()
    . $step.Value
    $methods = [System.Runtime.JitInfo]::GetCompiledMethodCount() - $methods
    $time = [System.Runtime.JitInfo]::GetCompilationTime() - $time
    if ($step.Key -ne 'nothing') {
        "$($step.Key)`tmethods`t$methods"
        "$($step.Key)`tms of compiling`t$($time.TotalMilliseconds)"
    }
}
