BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:key = 'sk-made-up-0123456789abcdef'
}

Describe 'Sessions with two platforms' {
    BeforeEach {
        Get-KoreSession -All | Disconnect-KorePlatform
        $script:first = Connect-KorePlatform -Sandbox -WithSamples -PassThru
        $script:second = Connect-KorePlatform -Sandbox -PassThru
    }

    It 'are all shown, the newest last, until they end' {
        @(Get-KoreSession -All) | Should -Be $first, $second
        @(Get-KoreSession) | Should -Be $second
        (Get-KoreSession -All).Shown.IsCurrent | Should -Be $false, $true
        Disconnect-KorePlatform -Session $first
        @(Get-KoreSession -All) | Should -Be $second
        Disconnect-KorePlatform
        Get-KoreSession -All | Should -BeNullOrEmpty
    }

    It 'end by the pipeline' {
        Get-KoreSession -All | Disconnect-KorePlatform | Should -BeNullOrEmpty
        Get-KoreSession -All | Should -BeNullOrEmpty
        { Get-Connection -Session $first } | Should -Throw -ErrorId 'KoreNotConnected,*'
    }

    It 'are one for a platform that is connected to again, and as many as scripts hold' {
        $address = "$($first.BaseUri)"
        1..3 | ForEach-Object { Connect-KorePlatform $address -ApiKey $key -SkipVerification }
        @(Get-KoreSession -All).Where({ -not $_.IsSandbox }).Count | Should -Be 1
        $held = 1..2 | ForEach-Object { Connect-KorePlatform $address -ApiKey $key -SkipVerification -PassThru }
        @(Get-KoreSession -All).Where({ $_ -in $held }).Count | Should -Be 2
    }

    It 'stay after a connect that failed, and can be selected' {
        $failure = { Connect-KorePlatform 127.0.0.1:1 -ApiKey $key -MaximumRetryCount 0 -ErrorAction Stop }
        $failure | Should -Throw -ErrorId 'KoreUnreachable,*'
        Get-KoreSession | Should -BeNullOrEmpty
        Select-KoreSession $second.BaseUri.Authority
        @(Get-KoreSession) | Should -Be $second
    }

    It 'are selected by <By>' -ForEach @(
        @{ By = 'host'; Do = { Select-KoreSession $first.BaseUri.Authority } }
        @{ By = 'host in another case'; Do = { Select-KoreSession $first.BaseUri.Authority.ToUpperInvariant() } }
        @{ By = 'pattern'; Do = { Select-KoreSession "*:$($first.BaseUri.Port)" } }
        @{ By = 'address'; Do = { Select-KoreSession $first.BaseUri } }
        @{ By = 'address without the path'; Do = { Select-KoreSession ([uri]::new($first.BaseUri, '/')) } }
        @{ By = 'the pipeline'; Do = { $first | Select-KoreSession } }
        @{ By = 'parameter'; Do = { Select-KoreSession -Session $first } }
    ) {
        & $Do | Should -BeNullOrEmpty
        @(Get-KoreSession) | Should -Be $first
        @(Get-Connection).Count | Should -Be 6
        @(Select-KoreSession -Session $second -PassThru) | Should -Be $second
        @(Get-Connection).Count | Should -Be 0
    }

    It 'are not selected by <Name>, and the current one stays' -ForEach @(
        @{ Name = 'other.example'; Saying = "There is no session with 'other.example'. There are sessions with *" }
        @{ Name = 'localhost*'; Saying = "*'localhost``*' matches 2 sessions*" }
        @{ Name = ''; Saying = '*-HostName is empty*' }
        @{ Name = 'ftp://x'; Saying = '*-HostName*' }
        @{ Name = 'a[b-[c]'; Saying = '*There is no session with*' }
    ) {
        $failure = $null
        Select-KoreSession $Name -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike $Saying
        @(Get-KoreSession) | Should -Be $second
    }

    It 'that ended are not selected' {
        Disconnect-KorePlatform -Session $first
        { Select-KoreSession -Session $first -ErrorAction Stop } | Should -Throw -ErrorId 'KoreNotConnected,*'
        { Select-KoreSession $first.BaseUri -ErrorAction Stop } | Should -Throw '*There is no session with*'
        @(Get-KoreSession) | Should -Be $second
    }

    It 'complete as hosts' {
        $line = "Select-KoreSession $($first.BaseUri.Authority.Substring(0, 9))"
        [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ListItemText |
            Sort-Object | Should -Be ($first, $second | ForEach-Object { $_.BaseUri.Authority } | Sort-Object)
    }

    It 'of one host complete as addresses, and those of one address not, because nothing typed selects them' {
        $address = "$($first.BaseUri)"
        $held = 'one', 'two', 'two' | ForEach-Object { Connect-KorePlatform "$address/$_" -ApiKey $key -SkipVerification -PassThru }
        $line = "Select-KoreSession $($first.BaseUri.Authority)"
        $texts = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText
        $texts = $texts | Sort-Object
        $texts | Should -Be $address, "$address/one"
        foreach ($text in $texts) {
            Invoke-Expression "Select-KoreSession $text -ErrorAction Stop"
            "$(Get-KoreSession)" | Should -Be $text
        }
        { Select-KoreSession $first.BaseUri.Authority -ErrorAction Stop } |
            Should -Throw "*matches 4 sessions, with $address/two, $address, $address/one. Specify the whole address of one, or pipe it: *"
        { Select-KoreSession "$address/two" -ErrorAction Stop } | Should -Throw '*matches 2 sessions*. Pipe the one that you want: *'
        $held | Disconnect-KorePlatform
    }
}

Describe 'A cmdlet keeps the session that it began with' {
    BeforeAll {
        Get-KoreSession -All | Disconnect-KorePlatform
        $script:first = Connect-KorePlatform -Sandbox -WithSamples -PassThru
        $script:desk = Get-Connection 'Support desk'
        $script:second = Connect-KorePlatform -Sandbox -WithSamples -PassThru
        # A vault may take seconds for a key, and another runspace connects meanwhile.
        Register-KeySource switching { Select-KoreSession -Session $second; 'sk-made-up-4f1c7a90e2b3MQAA' }
        @{ version = 1; connections = @(@{ name = 'From a file'; provider = 'Open AI'; model = 'gpt-5.5'; apiKey = 'switching:x' }) } |
            ConvertTo-Json -Depth 9 | Set-Content "$TestDrive/switching.json"
        # The sessions before it stay open.
        function Clear-CurrentSession { Connect-KorePlatform "$($first.BaseUri)/cleared" -ApiKey $key -SkipVerification; Disconnect-KorePlatform }
        function Get-Change($Session) { Select-KoreSession -Session $Session; $requests = Invoke-Sandbox requests; $requests | Where-Object method -NE GET }
    }

    AfterAll { Unregister-KeySource switching }

    It 'whatever the source of its key does: <Name>' -ForEach @(
        @{ Name = 'New-Connection'; Do = { New-Connection -OpenAI -Name Made -Model gpt-5.5 -ApiKey switching:x } }
        @{ Name = 'New-Connection of rows'; Do = { 1..2 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Row $_"; Model = 'gpt-5.5'; ApiKey = "switching:$_" } } | New-Connection } }
        @{ Name = 'Set-Connection'; Do = { Set-Connection $desk.ConnectionId -ApiKey switching:x } }
        @{ Name = 'Set-Connection of a connection'; Do = { $desk | Set-Connection -ApiKey switching:x } }
        @{ Name = 'Update-ConnectionKey'; Do = { $desk | Update-ConnectionKey -ApiKey switching:x -SkipVerification } }
        @{ Name = 'Sync-Connection'; Do = { Sync-Connection "$TestDrive/switching.json" } }
    ) {
        foreach ($session in $first, $second) { $null = Select-KoreSession -Session $session; $null = Invoke-Sandbox requests -Method Delete }
        Select-KoreSession -Session $first
        $WarningPreference = 'SilentlyContinue'
        $null = & $Do
        @(Get-KoreSession) | Should -Be $second
        Get-Change $second | Should -BeNullOrEmpty
        Get-Change $first | Should -Not -BeNullOrEmpty
    }

    It 'which is the one that is selected before its first item, whatever follows' {
        Select-KoreSession -Session $second
        $sessions = @($first, $second)
        $found = $desk.ConnectionId, $desk.ConnectionId | ForEach-Object { Select-KoreSession -Session $sessions[0]; [array]::Reverse($sessions); $_ } | Get-Connection
        $found.Platform | Should -Be $desk.Platform, $desk.Platform
        @(Get-KoreSession) | Should -Be $second
    }

    It 'and takes the one that the pipeline connects, <Where>' -ForEach @{ Where = 'where there was none'; Clears = $true }, @{ Where = 'and not the one before'; Clears = $false } {
        Select-KoreSession -Session $first
        if ($Clears) { Clear-CurrentSession }
        $made = & { $script:second = Connect-KorePlatform -Sandbox -WithSamples -PassThru; @{ Provider = 'OpenAI'; Name = 'Made'; Model = 'gpt-5.5'; ApiKey = $key } } |
            New-Connection
        $made.Platform | Should -Be $second.BaseUri.AbsoluteUri
    }

    Context 'where there was none' {
        BeforeAll {
            $env:KORE_HOST, $env:KORE_API_KEY = "$($first.BaseUri)", 'kg-not-a-key-0123456789'
        }

        BeforeEach { Clear-CurrentSession }

        It 'it is not the one that was made while its key was resolved' {
            { New-Connection -OpenAI -Name Late -Model gpt-5.5 -ApiKey switching:x } |
                Should -Throw '*was connected while this command resolved its key*' -ErrorId 'KoreNotConnected,*'
            (Get-Connection -Session $second).ConnectionName | Should -Not -Contain Late
        }

        It 'and a connection of another platform than KORE_HOST is refused' {
            $other = Get-Connection 'Support desk' -Session $second
            $script:failure = $null
            $other | Set-Connection -ApiKey $key -ErrorVariable script:failure -ErrorAction SilentlyContinue
            "$($failure[0])" | Should -BeLike "*was read from $($second.BaseUri), but the current session is with $($first.BaseUri)*"
        }
    }
}

Describe 'A connection of another platform' {
    BeforeAll {
        Get-KoreSession -All | Disconnect-KorePlatform
        $script:first = Connect-KorePlatform -Sandbox -WithSamples -PassThru
        $script:listed = Get-Connection 'Support desk'
        $script:custom = Get-Connection 'Own model' -Detailed
        $script:second = Connect-KorePlatform -Sandbox -WithSamples -PassThru
    }

    It 'is refused by <Name>, and nothing is sent' -ForEach @(
        @{ Name = 'Set-Connection'; Do = { param($More) $listed | Set-Connection -ApiKey $key @More } }
        @{ Name = 'Set-Connection, renaming'; Do = { param($More) $custom | Set-Connection -Model m2 @More } }
        @{ Name = 'Update-ConnectionKey'; Do = { param($More) $listed | Update-ConnectionKey -ApiKey $key -SkipVerification @More } }
        @{ Name = 'Test-ConnectionKey'; Do = { param($More) $custom | Test-ConnectionKey -Header @{ 'x-api-key' = $key } @More } }
        @{ Name = 'Test-ConnectionKey, of what is listed'; Do = { param($More) $listed | Test-ConnectionKey -ApiKey $key @More } }
        @{ Name = 'Get-Connection'; Do = { param($More) $listed | Get-Connection @More } }
    ) {
        $script:failure = @()
        Get-SentRequest { & $Do @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' } } | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike "*was read from $($first.BaseUri), but the current session is with $($second.BaseUri)*-Session*"
        $failure[0].TargetObject | Should -BeIn $listed.ConnectionId, $custom.ConnectionId
        # Who names the session has decided: there it is not found, and with its own it works.
        & $Do @{ Session = $first; ErrorAction = 'Stop' }
        $other = $null
        $null = & $Do @{ Session = $second; ErrorVariable = 'other'; ErrorAction = 'SilentlyContinue' }
        "$other" | Should -Not -BeLike '*was read from*'
    }

    It 'is so for results: <_>' -ForEach 'KeyUpdateResult', 'KeyTestResult', 'ConnectionIssue', 'IssueVariable' {
        $result = switch ($_) {
            KeyUpdateResult { $listed | Update-ConnectionKey -ApiKey $key -SkipVerification -Session $first }
            KeyTestResult { $listed | Test-ConnectionKey -ApiKey $key -Session $first }
            ConnectionIssue { Find-ConnectionIssue -Session $first -AsOf 2040-01-01 | Select-Object -First 1 }
            IssueVariable {
                Export-ConnectionReport "$TestDrive/first.html" -Session $first -AsOf 2040-01-01 -IssueVariable found
                $found | Select-Object -First 1
            }
        }
        $result | Should -HaveCount 1
        Get-SentRequest { $result | Set-Connection -ApiKey $key -ErrorVariable script:failure -ErrorAction SilentlyContinue } | Should -BeNullOrEmpty
        "$($failure[0])" | Should -BeLike "*was read from $($first.BaseUri), but the current session is with*"
    }

    It 'is so where connections are examined: <_>' -ForEach @(
        { param($More) $finding | Find-ConnectionIssue @More }
        { param($More) $finding | Export-ConnectionReport "$TestDrive/other.html" -Force @More }
        { param($More) Export-ConnectionReport "$TestDrive/other.html" -Issue $finding -Force @More }
        { param($More) $tested | Find-ConnectionIssue @More }
        { param($More) $listed | Find-ConnectionIssue @More }
    ) {
        $finding = Find-ConnectionIssue -Session $first -AsOf 2040-01-01 | Where-Object ConnectionId -EQ $listed.ConnectionId | Select-Object -First 1
        $tested = $listed | Test-ConnectionKey -ApiKey $key -Session $first
        $script:failure = @()
        $with = @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' }
        $do = $_
        Get-SentRequest { & $do $with } | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike "*was read from $($first.BaseUri), but the current session is with $($second.BaseUri)*-Session*"
        "$TestDrive/other.html" | Should -Not -Exist
        $null = & $do @{ Session = $first; ErrorAction = 'Stop' }
        Remove-Item "$TestDrive/other.html" -ErrorAction Ignore
    }

    It 'says which platform it is of, and nobody else does' {
        $listed.Platform | Should -Be $first.BaseUri.AbsoluteUri
        $listed | Get-Member -Name Platform | Should -BeNullOrEmpty
        $listed | ConvertTo-Json | Should -Not -Match 'Platform'
        $listed | ConvertTo-Csv | Should -Not -Match 'Platform'
        Get-Connection 'Support desk' | Set-Connection -ApiKey $key -PassThru | ForEach-Object Platform | Should -Be $second.BaseUri.AbsoluteUri
    }

    It 'is not what a plan is about to create' {
        Set-Content "$TestDrive/new.yaml" "connections: [{ provider: OpenAI, name: Unborn, model: gpt-5.5, apiKey: 'file:$TestDrive/new.key' }]"
        Set-Content "$TestDrive/new.key" 'sk-sample-openai-4f1c7a90MQAA'
        if (-not $IsWindows) { chmod 600 "$TestDrive/new.key" }
        $plan = Compare-Connection "$TestDrive/new.yaml" -Session $first | Where-Object Action -EQ Create
        ($plan | Test-ConnectionKey -ErrorAction Stop).ConnectionName | Should -Be Unborn
    }

    It 'is copied with New-Connection' {
        ($listed | New-Connection -Name Copied -ApiKey $key).Platform | Should -Be $second.BaseUri.AbsoluteUri
    }

    It 'of a sandbox with a file is known after a restart' {
        $path = "$TestDrive/store.json"
        Connect-KorePlatform -Sandbox -SandboxPath $path
        $kept = New-Connection -OpenAI -Name Kept -Model gpt-5.5 -ApiKey $key
        Disconnect-KorePlatform
        Connect-KorePlatform -Sandbox -SandboxPath $path
        ($kept | Get-Connection).ConnectionName | Should -Be Kept
        Disconnect-KorePlatform
    }
}
