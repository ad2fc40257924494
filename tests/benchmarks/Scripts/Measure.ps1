# Dot-sourced by a row's script, which has set $ways: measures them by turns and prints each sample.
param([int] $Rounds, [int] $SlowRounds)

$slow = 'Invoke-RestMethod', 'ForEach-Object -Parallel'
foreach ($round in 0..$Rounds) {
    foreach ($way in @($ways.Keys)) {
        # What takes many seconds is measured less often, and is not warmed up.
        if ($way -in $slow -and $SlowRounds -gt 0 -and ($round -eq 0 -or $round -gt $SlowRounds)) {
            continue
        }

        [System.GC]::Collect()
        $before = [System.GC]::GetTotalAllocatedBytes($true)
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = & $ways[$way]
        $watch.Stop()
        $allocated = [System.GC]::GetTotalAllocatedBytes($true) - $before
        if ($round -gt 0 -or $Rounds -eq 0) {
            "$way`tms`t$($watch.Elapsed.TotalMilliseconds)"
            "$way`tMB`t$($allocated / 1MB)"
        }
    }
}
