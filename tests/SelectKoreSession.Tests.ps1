BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:key = 'sk-made-up-0123456789abcdef'
}

AfterAll {
    Get-KoreSession -All | Disconnect-KorePlatform
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
        @{ Name = 'Get-Connection'; Do = { param($More) $listed | Get-Connection @More } }
    ) {
        $script:failure = @()
        Get-SentRequest { & $Do @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' } } | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike "*was read from $($first.BaseUri), but the current session is with $($second.BaseUri)*-Session*"
        # Who names the session has decided: there it is not found, and with its own it works.
        & $Do @{ Session = $first; ErrorAction = 'Stop' }
        $other = $null
        $null = & $Do @{ Session = $second; ErrorVariable = 'other'; ErrorAction = 'SilentlyContinue' }
        "$other" | Should -Not -BeLike '*was read from*'
    }

    It 'is so for results: <_>' -ForEach 'KeyUpdateResult', 'KeyTestResult', 'ConnectionIssue' {
        $result = switch ($_) {
            KeyUpdateResult { $listed | Update-ConnectionKey -ApiKey $key -SkipVerification -Session $first }
            KeyTestResult { $listed | Test-ConnectionKey -ApiKey $key -Session $first }
            ConnectionIssue { Find-ConnectionIssue -Session $first -AsOf 2040-01-01 | Select-Object -First 1 }
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
