# How the time per item and the kept memory grow with the number of items.
param([string] $Module, [string] $Address)

Import-Module $Module
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'

function Read-Many ([int] $Items) {
    # Made on the way and not kept.
    1..$Items | ForEach-Object { "cn-$_" } | Get-Connection -ThrottleLimit 16 | Out-Null
}

# The code is compiled for good after some thousand.
Read-Many 5000
$kept = [System.GC]::GetTotalMemory($true)
# By turns, the short ones more often, so that whatever else the machine does meets all alike.
foreach ($round in 1..3) {
    foreach ($size in 100, 1000, 10000, 1000, 100000, 1000, 100) {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Read-Many $size
        $watch.Stop()
        "$size piped`tms per 1000`t$($watch.Elapsed.TotalMilliseconds * 1000 / $size)"
        if ($size -ge 10000) {
            "$size piped`tMB kept`t$(([System.GC]::GetTotalMemory($true) - $kept) / 1MB)"
        }
    }
}
