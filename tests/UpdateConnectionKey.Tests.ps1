BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_OLD = 'sk-made-up-previous-OLDX'
    $env:ACCEPTANCE_NEW = 'sk-made-up-next-one-NEWX'
}

Describe 'Update-ConnectionKey' {
    BeforeEach {
        Connect-NewSandbox
        $script:ids = 'A', 'B', 'C' | ForEach-Object { (New-Connection -OpenAI -Name $_ -Model gpt-5.5 -ApiKey env:ACCEPTANCE_OLD).ConnectionId }
        $script:report = Join-Path $TestDrive "$(New-Guid).jsonl"
        $script:gateway = [uri]::new((Get-KoreSession).BaseUri, '/').AbsoluteUri
    }

    It 'verifies, changes and confirms, and says so per connection' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ path = '/v1/models'; status = 200; body = '{"id":"gpt-5.5"}' }
        $results = Get-Connection | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -PreviousApiKey env:ACCEPTANCE_OLD -ProviderUri $gateway -ReportPath $report
        $results.Outcome | Should -Be 'Updated', 'Updated', 'Updated'
        $results.Verdict | Should -Be 'Valid', 'Valid', 'Valid'
        $results.ConnectionName | Should -Be 'A', 'B', 'C'
        $results[0].MaskAfter | Should -BeLike 'sk*NEWX'
        Get-Content $report | Should -HaveCount 7
        Get-Content $report | ForEach-Object { $_ | ConvertFrom-Json } | Should -Not -BeNullOrEmpty
        Get-Content $report -Raw | Should -Not -Match 'made-up'
    }

    It 'changes nothing with a key that the provider does not take' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ path = '/v1/models'; status = 401; body = '{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}' }
        $sent = Get-SentRequest { $script:results = Get-Connection | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -ProviderUri $gateway -ReportPath $report -ErrorAction SilentlyContinue -ErrorVariable script:failed -WarningAction SilentlyContinue }
        $results | ForEach-Object { "$($_.Outcome) $($_.Verdict) $($_.ErrorId)" } | Should -Be (@('Failed InvalidKey KoreInvalidInput') * 3)
        $failed.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        $failed | Should -BeLike '*Incorrect API key*'
        $sent.method | Should -Not -Contain 'PATCH'
        (Get-Content $report | ConvertFrom-Json | Select-Object -Skip 1).ForEach({ "$($_.step) $($_.outcome)" }) | Should -Be (@('finished Failed') * 3)
    }

    # A limit on the size of files stands for a full disk. It holds for a process of its own, and so does the sandbox.
    It 'stops before the next send when its report has room for <Blocks> blocks only, and each row is true' -Skip:(-not (Get-Command sh -ErrorAction Ignore)) -ForEach @(
        @{ Blocks = 2; Throttle = 1 }, @{ Blocks = 4; Throttle = 1 }, @{ Blocks = 5; Throttle = 8 }, @{ Blocks = 8; Throttle = 3 }
    ) {
        $script = "
            Import-Module '$(Get-ModuleManifest)'
            Connect-KorePlatform -Sandbox
            `$ids = 1..20 | ForEach-Object { (New-Connection -OpenAI -Name `$_ -Model gpt-5.5 -ApiKey env:ACCEPTANCE_OLD).ConnectionId }
            `$results = @(`$ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -ReportPath '$report' -ThrottleLimit $Throttle -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue)
            `$isChanged = @(Get-Connection -ConnectionId `$ids | ForEach-Object { `$_.ModifiedOn -gt `$_.CreatedOn })
            ConvertTo-Json -Compress @{ Outcome = @(`$results | ForEach-Object { `"`$(`$_.Outcome)`" }); IsChanged = `$isChanged; Failed = @(`$failed | ForEach-Object { `"`$(`$_.FullyQualifiedErrorId)`" }) }"
        $came = Use-Variable @{ DOTNET_EnableWriteXorExecute = 0 } {
            $command = @(Get-PowerShellCommand)
            sh -c "trap '' XFSZ; ulimit -f $Blocks; exec `"`$@`"" sh @command -NoLogo -NoProfile -NonInteractive -Command $script | ConvertFrom-Json
        }

        $came.Outcome | Should -HaveCount 20
        0..19 | ForEach-Object { $came.IsChanged[$_] | Should -Be ($came.Outcome[$_] -eq 'Updated') -Because "row $_ says $($came.Outcome[$_])" }
        $came.Outcome | Should -Contain 'Skipped'
        $came.Failed | Select-Object -Unique | Should -BeLike 'KoreInvalidInput,*'
        # One for each row that failed, and one for the report.
        (@($came.Outcome) -eq 'Failed').Count + 1 | Should -Be @($came.Failed).Count
    }

    It 'changes nothing more when its report was removed, and says so' -Skip:$IsWindows {
        $failed = $warned = $null
        $results = $ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -ReportPath $report -BatchSize 1 -ErrorVariable failed -ErrorAction SilentlyContinue -WarningVariable warned -WarningAction SilentlyContinue |
            ForEach-Object { if ($_.ConnectionId -eq $ids[0]) { Remove-Item $report }; $_ }
        $results.Outcome | Should -Be 'Updated', 'Failed', 'Skipped'
        "$($failed[0])" | Should -BeLike '*was removed or renamed during the rotation.'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*with a new report for the connections whose result is not Updated.'
        "$warned" | Should -BeLike '*remaining connections are skipped*'
        (Get-Connection $ids).Where({ $_.ModifiedOn -gt $_.CreatedOn }).ConnectionId | Should -Be $ids[0]
    }

    It 'says how to resume where <Case>' -ForEach @(
        @{ Case = 'it stopped within a batch'; Status = 400; With = @{ MaximumFailure = 1 }; Says = '*remaining connections are skipped: the rotation was stopped after 1 failure.' }
        @{ Case = 'it stopped after a batch'; Status = 400; With = @{ MaximumFailure = 1; BatchSize = 1 }; Says = '*remaining connections are skipped: the rotation was stopped after 1 failure.' }
        @{ Case = 'the key of the session expired'; Status = 401; With = @{}; Says = 'For the same reason, nothing was changed for *.' }
        @{ Case = 'the first error ends it'; Status = 400; With = @{ ErrorAction = 'Stop' }; Says = 'Because the command ends here, nothing was changed for *.' }
    ) {
        foreach ($to in @{}, @{ ReportPath = $report }, @{ ReportPath = 'TestDrive:/stopped.jsonl' }) {
            $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; skip = 1; times = 0; status = $Status; body = '{}' }
            $warned = $null
            try {
                $null = $ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -ThrottleLimit 1 @With @to -WarningVariable warned -WarningAction SilentlyContinue 2>$null
            } catch {
                $null = $_
            }

            $resume = $to.Count ? ' To resume, run the command again with the same report.' : ' Run the command again for the skipped connections.'
            @($warned -like "$Says$resume") | Should -HaveCount 1 -Because "$warned"
            $null = Invoke-Sandbox faults -Method Delete
            $again = ($ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification @to -WarningAction Ignore).Outcome
            $again | Should -Be ($to.Count ? @('AlreadyUpdated', 'Updated', 'Updated') : @('Updated') * 3)
            if ($to.Count) { ($ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification @to -WarningAction Ignore).Outcome | Should -Be (@('AlreadyUpdated') * 3) }
        }
    }

    It 'ends with the session, also where that shows before a row is known, and names what is in its place of the platform' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; status = 401; times = 0 }
        $rows = 'A', 'B' | ForEach-Object { [pscustomobject]@{ Name = $_; ApiKey = 'env:ACCEPTANCE_NEW' } }
        { $rows | Update-ConnectionKey -SkipVerification -WarningAction Ignore } | Should -Throw -ErrorId 'KoreUnauthorized,*'
        (Get-SentRequest { try { $rows | Update-ConnectionKey -SkipVerification -WarningAction Ignore } catch { $null = $_ } }).method | Should -Not -Contain 'PATCH'
        $null = Invoke-Sandbox faults -Method Delete
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $ids[0]; status = 200; body = "{""connectionId"":""$($ids[0])"",""connectionName"":""A"",""provider"":""Open AI"",""model"":""""}" }
        $null = Update-ConnectionKey $ids[0] env:ACCEPTANCE_NEW -ProviderUri $gateway -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*-SkipVerification*'
    }

    It 'names a connection whose key is refused as it is called: <Cmdlet>, <Of>' -ForEach @(
        foreach ($cmdlet in 'Update-ConnectionKey', 'Test-ConnectionKey') {
            foreach ($of in 'Get-Connection kore-llm-prod-eastus2-01-a1b2c3d4', '[pscustomobject]@{ ConnectionId = (Get-Connection kore-llm-prod-eastus2-01-a1b2c3d4).ConnectionId; Name = "Desk" }') { @{ Cmdlet = $cmdlet; Of = $of } }
        }
    ) {
        $null = New-Connection -OpenAI -Name kore-llm-prod-eastus2-01-a1b2c3d4 -Model gpt-5.5 -ApiKey env:ACCEPTANCE_OLD
        $name = $Of -match 'Desk' ? 'Desk' : 'kore-llm-prod-eastus2-01-a1b2c3d4'
        $piped = & ([scriptblock]::Create($Of))
        $result = $piped | & $Cmdlet -ApiKey '<key>' -ErrorVariable failed -ErrorAction SilentlyContinue
        "$($failed[0])" | Should -BeLike "*$name ($($piped.ConnectionId)): -ApiKey*"
        if ($result) { $result.ConnectionName | Should -Be $name }
    }

    It 'has no success for what nobody has set' {
        [KoreConnections.KeyUpdateOutcome] 0 | Should -Be 'Skipped'
    }

    It 'takes a path of any drive' {
        $null = $ids[0] | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -ReportPath TestDrive:/drive.jsonl -WarningAction SilentlyContinue
        "$TestDrive/drive.jsonl" | Should -Exist
    }

    It 'takes rows of a CSV file, each with its own reference' {
        $rows = "ConnectionId,Name,Provider,ApiKey`n$($ids[0]),,,env:ACCEPTANCE_NEW`n,B,OpenAI,env:ACCEPTANCE_OLD" | ConvertFrom-Csv
        $results = $rows | Update-ConnectionKey -SkipVerification -WarningAction SilentlyContinue
        $results.ConnectionName | Should -Be 'A', 'B'
        $results.MaskAfter | Should -BeLike 'sk*X'
        $results[0].MaskAfter | Should -BeLike '*NEWX'
        $results[1].MaskAfter | Should -BeLike '*OLDX'
    }

    It 'refuses a second key for a connection, wherever its row comes, and updates the others' -ForEach @(@{ BatchSize = 1 }, @{ BatchSize = 50 }) {
        $rows = "ConnectionId,Name,ApiKey`n$($ids[0]),,env:ACCEPTANCE_NEW`n$($ids[1]),,env:ACCEPTANCE_NEW`n,A,env:ACCEPTANCE_OLD" | ConvertFrom-Csv
        $sent = Get-SentRequest { $script:results = $rows | Update-ConnectionKey -SkipVerification -ReportPath $report -BatchSize $BatchSize -WarningAction Ignore -ErrorVariable script:failed -ErrorAction SilentlyContinue }
        $results.Outcome | Should -Be 'Updated', 'Updated', 'Failed'
        $results[2].Error | Should -BeLike "*An earlier row has another key for '$($ids[0])'. Keep only one row for each connection."
        $failed.FullyQualifiedErrorId | Should -Be 'KoreInvalidInput,KoreConnections.Commands.UpdateConnectionKeyCommand'
        $sent | Where-Object method -EQ 'PATCH' | Should -HaveCount 2
        $again = $rows[0..1] | Update-ConnectionKey -SkipVerification -ReportPath $report -WarningAction Ignore
        $again.Outcome | Should -Be 'AlreadyUpdated', 'AlreadyUpdated'
    }

    It 'refuses headers that could not be put back or lack their scheme, before a change is sent: <Saying>' -ForEach @(
        @{ Given = @{ PreviousHeader = @{ Authorization = 'env:ACCEPTANCE_OLD' } }; Saying = "-PreviousHeader does not include 'x-org' of 'Own'" }
        @{ Given = @{}; Mask = 'Bearer ***************'; Saying = "-Header has no word before the key of 'Authorization', but 'Own' has Bearer there*'Bearer env:NAME'" }
        @{ Given = @{ Header = @{ Authorization = 'Bearer env:ACCEPTANCE_NEW'; 'x-org' = 'o' }; PreviousHeader = @{ Authorization = 'env:ACCEPTANCE_OLD'; 'x-org' = 'o' } }
            Mask = 'bearer ****OLDX'; Saying = "-PreviousHeader has no word before the key of 'Authorization'*'bearer env:NAME'" }
        @{ Given = @{ Header = @{ Authorization = 'Basic env:ACCEPTANCE_NEW'; 'x-org' = 'o' } }; Mask = 'Bearer ***************' }
    ) {
        $own = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ Authorization = 'env:ACCEPTANCE_OLD'; 'x-org' = 'o' }
        if ($Mask) {
            $shown = @{ connectionId = $own.ConnectionId; connectionName = 'Own'; provider = 'API'; headers = @(@{ key = 'Authorization'; value = $Mask }, @{ key = 'x-org'; value = '***************' }) }
            $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; status = 200; body = ConvertTo-Json $shown -Depth 4 }
        }
        $with = @{ Header = @{ Authorization = 'env:ACCEPTANCE_NEW'; 'x-org' = 'o' } }
        $Given.Keys | ForEach-Object { $with[$_] = $Given[$_] }
        $sent = Get-SentRequest { $script:result = $own.ConnectionId | Update-ConnectionKey @with -SkipVerification -WarningAction Ignore -ErrorVariable script:failed -ErrorAction SilentlyContinue }
        "$failed" | Should -BeLike ($Saying ? "*$Saying*" : '')
        @($sent.method) -contains 'PATCH' | Should -Be (-not $Saying)
    }

    It 'takes of -ApiKey and -Header what the provider of each connection takes' {
        $own = (New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = 'env:ACCEPTANCE_OLD' }).ConnectionId
        $with = @{ ApiKey = 'env:ACCEPTANCE_NEW'; PreviousApiKey = 'env:ACCEPTANCE_OLD'; SkipVerification = $true; ReportPath = $report; ErrorAction = 'SilentlyContinue' }
        $header = @{ 'x-api-key' = 'Correct7Horse9Battery' }
        $sent = Get-SentRequest { $null = $own | Update-ConnectionKey @with -Header $header -PreviousHeader $header -ErrorVariable script:failed }
        "$failed" | Should -BeLike '*could not be rolled back*'
        $sent.method | Should -Not -Contain 'PATCH'

        # It ends as the header that was sent, not as the key.
        $answer = @{ connectionId = $own; provider = 'API'; headers = @(@{ key = 'x-api-key'; value = 'Co***************tery' }) }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; path = $own; status = 200; afterWork = $true; body = ConvertTo-Json $answer -Depth 4 }
        ($ids[0], $own | Update-ConnectionKey @with -Header $header -PreviousHeader @{ 'x-api-key' = 'env:ACCEPTANCE_OLD' }).Outcome | Should -Be 'Updated', 'Updated'

        $again = $ids[0], $own | Update-ConnectionKey @with -Header @{ 'x-api-key' = 'Another5Horse6Battery' } -ErrorVariable failed
        $again.Outcome | Should -Be 'AlreadyUpdated', 'Failed'
        "$failed" | Should -BeLike '*a different key*'

        $rows = @{ ConnectionId = $own; Header = $header }, @{ ConnectionId = $own; Header = @{ 'x-api-key' = 'Another5Horse6Battery' } }
        $null = $rows | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction Ignore
        "$failed" | Should -BeLike '*An earlier row has another key*'
    }

    It 'refuses a previous key that the connection cannot have: <Saying>' -ForEach @(
        @{ Previous = 'sk-ant-api03-4f1c7a90e2b3MQAA'; Saying = '-PreviousApiKey looks like a key of Anthropic' }
        @{ Previous = 'Correct7Horse9Battery'; Saying = "-PreviousApiKey does not end as the key of 'A' does (sk****OLDX)" }
        @{ Previous = 'sk-ant-api03-4f1c7a90e2b3OLDX'; With = @{ Force = $true } }
    ) {
        $shown = @{ connectionId = $ids[0]; connectionName = 'A'; provider = 'Open AI'; model = 'gpt-5.5'; modifiedOn = '2026-01-01T00:00:00Z'; fields = @{ API_KEY = 'sk****OLDX' } }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $ids[0]; status = 200; body = ConvertTo-Json $shown -Depth 4 }
        $with = $With ?? @{}
        $result = $ids[0] | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -PreviousApiKey $Previous -SkipVerification @with -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Outcome | Should -Be ($Saying ? 'Failed' : 'Updated')
        "$failed" | Should -BeLike ($Saying ? "*$Saying*" : '')
    }

    It 'is not stopped by a connection that is not there, where others are done or follow' {
        $with = @{ ApiKey = 'env:ACCEPTANCE_NEW'; SkipVerification = $true; ErrorAction = 'SilentlyContinue'; WarningAction = 'Ignore' }
        $null = $ids[0] | Update-ConnectionKey @with -ReportPath $report
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $ids[1]; status = 400; times = 1 }
        ($ids | Update-ConnectionKey @with -ReportPath $report -BatchSize 2).Outcome | Should -Be 'AlreadyUpdated', 'Failed', 'Updated'
        $results = 'cn-none', $ids[1] | Update-ConnectionKey @with -BatchSize 1 -ErrorVariable failed
        $results.Outcome | Should -Be 'Failed', 'Updated'
        $results[0].ErrorId | Should -Be 'KoreConnectionNotFound'
        $failed.FullyQualifiedErrorId | Should -BeLike 'KoreConnectionNotFound,*'
    }

    It 'counts the rows that it refuses: <With.Keys>' -ForEach @(
        @{ Row = @{ Name = 'nobody' }; With = @{ MaximumFailure = 1 } }
        @{ Row = @{ ConnectionId = 'cn-1'; ApiKey = 'env:ACCEPTANCE_NONE' }; With = @{ BatchSize = 1 } }
    ) {
        $rows = $Row, @{ ConnectionId = $ids[0]; ApiKey = 'env:ACCEPTANCE_NEW' }
        $sent = Get-SentRequest { $script:results = $rows | Update-ConnectionKey -SkipVerification @With -ErrorAction SilentlyContinue -WarningAction Ignore }
        $results.Outcome | Should -Be 'Failed', 'Skipped'
        $sent.method | Should -Not -Contain 'PATCH'
    }

    It 'updates a connection with its new key in its name, by <By>, and shows the key nowhere' -ForEach @(
        @{ By = 'what Get-Connection emits'; Rows = { Get-Connection | Where-Object ConnectionId -EQ $ids[0] } }
        @{ By = 'a row with its name'; Rows = { [pscustomobject]@{ ConnectionId = $ids[0]; Name = "x $key" } } }
        @{ By = 'its name alone'; Rows = { [pscustomobject]@{ Name = "x $key" } } }
        @{ By = 'its id'; Rows = { $ids[0] } }
        @{ By = 'a row before that stops it'; Rows = { [pscustomobject]@{ ConnectionId = 'cn-none' }, $ids[0] }; With = @{ MaximumFailure = 1; BatchSize = 1 } }
    ) {
        foreach ($key in 'a1b2c3d4e5f60718293a4b5c6d7e8f90', 'sk-proj-Zx81Qw92Er73Ty64Ui55Op46As37Df28Gh19', '9fKq2ZrT7mXw4LbV8nYc1HsD6jPg3AeU5tRiQoWz') {
            $shown = ConvertTo-Json @{ connectionId = $ids[0]; connectionName = "x $key"; provider = 'Open AI'; model = 'gpt-5.5'; fields = @{ API_KEY = 'sk***OLDX' }; modifiedOn = '2020-01-01T00:00:00Z' }
            $null = Invoke-Sandbox faults -Method Delete
            $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $ids[0]; status = 200; body = $shown }
            $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $ids[0]; times = 0; status = 200; body = $shown.Replace('OLDX', $key.Substring($key.Length - 4)) }
            $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = '/connections'; times = 0; status = 200; body = "{""connections"":[$shown],""total"":1}" }
            $options = @{ ApiKey = ConvertTo-SecureString $key -AsPlainText -Force } + ($With ?? @{})
            Remove-Item $report -ErrorAction Ignore
            $all = & $Rows | Update-ConnectionKey @options -SkipVerification -Force -ReportPath $report -Verbose -ErrorAction Continue *>&1
            $results = @($all | Where-Object { $_ -is [KoreConnections.KeyUpdateResult] })
            "$($results[-1].Error)" | Should -BeNullOrEmpty
            $results[-1].Outcome | Should -Be ($With ? 'Skipped' : 'Updated')
            $results[-1].ConnectionName | Should -Be "x $('*' * 15)"
            "$($all | Out-String -Width 1000) $($results | ConvertTo-Json) $(Get-Content $report -Raw)" | Should -Not -Match ([regex]::Escape($key))
        }
    }

    It 'keeps the doubt of an earlier run where nothing ended it' {
        @(
            @{ report = 'KoreConnections key rotation'; version = 1; platform = "$((Get-KoreSession).BaseUri)" }
            @{ step = 'started'; connectionId = $ids[0]; modifiedBefore = '2020-01-01T00:00:00Z'; at = '2020-01-01T00:00:00Z' }
        ) | ForEach-Object { ConvertTo-Json $_ -Compress } | Set-Content $report
        $before = Get-Content $report
        $null = Invoke-Sandbox faults -Method Post -Body @{ path = '/v1/models'; status = 401; body = '{"error":{"code":"invalid_api_key"}}' }
        $result = $ids[0] | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -ProviderUri $gateway -ReportPath $report -WarningVariable warned -WarningAction SilentlyContinue
        $result.Outcome | Should -Be 'Unconfirmed'
        $result.Reason | Should -BeLike 'An earlier run may have changed the key*'
        "$warned" | Should -BeLike '*may or may not have the new key*'
        Get-Content $report | Should -Be $before
    }

    It 'gives the results of a batch in which the session ends, and then the error' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; skip = 2; times = 0; status = 401 }
        $results = [System.Collections.Generic.List[object]]::new()
        $failed = $null
        try {
            $ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -BatchSize 1 -ReportPath $report -WarningAction Ignore | ForEach-Object { $results.Add($_) }
        } catch {
            $failed = $_
        }

        $results.Outcome | Should -Be 'Updated', 'Failed'
        $failed.FullyQualifiedErrorId | Should -Be 'KoreUnauthorized,KoreConnections.Commands.UpdateConnectionKeyCommand'
        $failed.TargetObject | Should -Be $ids[1]
        $failed.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-Content $report | ConvertFrom-Json).outcome | Where-Object { $_ } | Should -Be 'Updated', 'Failed'
    }

    It 'warns once that it cannot put a key back' {
        $null = $ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -SkipVerification -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        $warned[0] | Should -BeLike 'If a change cannot be confirmed, the previous key cannot be restored*-PreviousApiKey*'
    }

    It 'leaves no key in a transcript with everything told' {
        $transcript = Join-Path $TestDrive "$(New-Guid).txt"
        $null = Start-Transcript $transcript
        $ids | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -PreviousApiKey env:ACCEPTANCE_OLD -SkipVerification -Verbose -Debug | Out-Default
        'cn-none' | Update-ConnectionKey -ApiKey env:ACCEPTANCE_NEW -ErrorAction Continue 2>&1 | Out-Default
        $null = Stop-Transcript
        Get-Content $transcript -Raw | Should -Match 'PATCH'
        Get-Content $transcript -Raw | Should -Not -Match 'sk-made-up'
    }
}

Describe 'docs/examples/rotate-keys.ps1' {
    BeforeAll {
        # Stands in for the real module, which needs a vault to be set up.
        $folder = "$TestDrive/modules/Microsoft.PowerShell.SecretManagement"
        $null = New-Item -ItemType Directory $folder
        Set-Content "$folder/Microsoft.PowerShell.SecretManagement.psm1" @'
function Get-Secret {
    [CmdletBinding()] param([string] $Name, [string] $Vault)
    switch ("$Vault/$Name") {
        'team/openai' { 'sk-made-up-previous-4f1c7a90MQAA' }
        'team/openai-next' { [Net.NetworkCredential]::new('', 'sk-made-up-next-9c3b1e72NEXT').SecurePassword }
    }
}
'@
        $script:example = Resolve-Path "$PSScriptRoot/../docs/examples/rotate-keys.ps1"
        $script:shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$TestDrive/modules", $example, "$TestDrive/rotation.jsonl" {
            param($Manifest, $Modules, $Example, $Report)
            $env:PSModulePath = $Modules + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module $Manifest
            & $Example -Sandbox -NewKey secret:team/openai-next -PreviousKey secret:team/openai -ReportPath $Report
            exit $LASTEXITCODE
        }
    }

    It 'rotates all from a vault and writes the report' {
        $shell.Error | Should -BeNullOrEmpty
        $shell.ExitCode | Should -Be 0
        $shell.Output | Should -Contain 'Updated: 6'
        $lines = Get-Content "$TestDrive/rotation.jsonl" | ConvertFrom-Json
        @($lines.Where({ $_.outcome -eq 'Updated' })) | Should -HaveCount 6
        "$($shell.Output)$(Get-Content "$TestDrive/rotation.jsonl" -Raw)" | Should -Not -Match 'sk-made-up'
    }
}
