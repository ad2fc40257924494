# How the time per connection of a list grows with its length.
param([string] $Module, [string] $Address, [int] $Rounds)

Import-Module $Module
$key = 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$sessions = [ordered]@{}
foreach ($size in 100, 1000, 10000, 100000) {
    # The last part of the address is the length of the list.
    $sessions["$size listed"] = Connect-KorePlatform -HostName ($Address -replace '\d+$', $size) -ApiKey $key -PassThru
}

foreach ($round in 0..$Rounds) {
    foreach ($name in @($sessions.Keys)) {
        $session = $sessions[$name]
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $count = @(Get-Connection -Session $session).Count
        $watch.Stop()
        if ($round -gt 0) {
            "$name`tms per 1000`t$($watch.Elapsed.TotalMilliseconds * 1000 / $count)"
        }
    }
}
