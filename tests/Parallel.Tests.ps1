BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $script:manifest = Get-ModuleManifest
    $script:rows = 1..30 | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = "Number $_"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } }
}

Describe 'Many at once' {
    It 'keeps the order of the input, with many requests under way' {
        # The first is slow; the others overtake it on the way, not in the output.
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'POST'; delayMilliseconds = 500 }
        ($rows | New-Connection -ThrottleLimit 8).ConnectionName | Should -Be $rows.Name
        (Invoke-Sandbox requests | ForEach-Object { $_.body.connectionName }).Count | Should -Be 30
    }

    It 'gives ForEach-Object -Parallel the session of the process' {
        $names = Get-Connection | ForEach-Object -ThrottleLimit 5 -Parallel {
            Import-Module $using:manifest
            (Get-Connection -ConnectionId $_.ConnectionId).ConnectionName
        }
        $names | Sort-Object | Should -Be ($rows.Name | Sort-Object)
    }

    It 'gives Start-ThreadJob the session of the process' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            Get-Connection 'Number 1', 'Number 2' | Set-Connection -ApiKey env:ACCEPTANCE_KEY -PassThru
        }
        ($job | Receive-Job -Wait -AutoRemoveJob).ConnectionName | Should -Be 'Number 1', 'Number 2'
    }

    It 'stops when the pipeline has had enough, and loses no create' {
        $sent = Get-SentRequest -Of {
            $script:first = 101..140 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Number $_"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } } |
                New-Connection -WarningVariable script:told 3>$null | Select-Object -First 1
        }
        $first.ConnectionName | Should -Be 'Number 101'
        # What was sent is either emitted or told.
        $sent.Count | Should -BeLessThan 40
        $told.Count | Should -Be ($sent.Count - 1)
    }

    It 'sends nothing more once the platform has rejected its key, and names the rest once' {
        $ids = (Get-Connection | Select-Object -First 20).ConnectionId
        # The first is slow, so that its answer is not the one that says it first.
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; delayMilliseconds = 1500 }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; times = 0; status = 401 }
        $sent = Get-SentRequest -Of {
            try { $ids | Set-Connection -ApiKey env:ACCEPTANCE_KEY -ThrottleLimit 4 -WarningVariable script:warned 3>$null } catch { $script:ended = $_ }
        }
        $ended.FullyQualifiedErrorId | Should -BeLike 'KoreUnauthorized,*'
        @($sent | Where-Object method -EQ PATCH).Count | Should -BeLessOrEqual 7
        $warned | Should -HaveCount 1
        "$warned" | Should -BeLike "For the same reason, nothing was changed for '*', '*'."
        $null = Invoke-Sandbox faults -Method Delete
    }

    It 'says what was not sent if the session is disconnected meanwhile' {
        $sandbox = Get-KoreSession
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'POST'; path = 'connections'; times = 0; delayMilliseconds = 300 }
        $env:SECOND_KEY = (Invoke-Sandbox keys -Method Post).key
        $second = Connect-KorePlatform $sandbox.BaseUri -ApiKey env:SECOND_KEY -PassThru
        try {
            201..240 | ForEach-Object {
                if ($_ -eq 212) { Disconnect-KorePlatform -Session $second }
                @{ Provider = 'OpenAI'; Name = "Number $_"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' }
            } | New-Connection -Session $second -ThrottleLimit 2 -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        } catch { $ended = $_ } finally { Select-KoreSession -Session $sandbox }
        $ended.FullyQualifiedErrorId | Should -BeLike 'KoreNotConnected,*'
        $warned.Where({ "$_" -like '*: unknown. *' }).Count | Should -BeLessOrEqual 2
        $unsent = [regex]::Matches("$($warned.Where({ "$_" -like 'For the same reason, nothing was changed for*' }))", 'Number \d+').Value
        $unsent | Should -Not -BeNullOrEmpty
        $null = Invoke-Sandbox faults -Method Delete
        Start-Sleep 1
        Get-Connection | Where-Object ConnectionName -In $unsent | Should -BeNullOrEmpty
    }
}
