# Export-ConnectionReport as a user meets it. What the page holds is tested in tests/unit, how a browser shows it in tests/browser.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_KEY = 'sk-report-4f1c7a90b2MQAA'
    $script:day = [datetime]'2026-11-27T07:00'
    Connect-KorePlatform -Sandbox
    $null = @(
        New-Connection -OpenAI -Name 'Old desk' -Model gpt-4 -ApiKey env:ACCEPTANCE_KEY
        New-Connection -Anthropic -Name 'Contracts <b>' -Model claude-sonnet-4-5-20250929 -ApiKey env:ACCEPTANCE_KEY
        New-Connection -CustomApi -Name 'Own' -Model gpt-4 -EndpointUrl https://api.openai.com/v1 -Header @{ Authorization = 'env:ACCEPTANCE_KEY' } -MapProvider openAIModel -Feature toolCalling
    ) 3>$null
    $script:manifest = Join-Path $TestDrive platform.yaml
    Set-Content $manifest 'connections: [{ provider: OpenAI, name: Absent, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY" }]'

    function Get-Page([scriptblock] $Of) {
        Remove-Item "$TestDrive/page.html" -ErrorAction Ignore
        & $Of
        Get-Content "$TestDrive/page.html" -Raw
    }
}

Describe 'Export-ConnectionReport' {
    It 'examines the same moment, whichever time zone it is given in' {
        $before, $env:TZ = $env:TZ, 'America/Los_Angeles'
        try {
            [TimeZoneInfo]::ClearCachedData()
            # Of the day on which the model retires, the evening before in this time zone.
            $moment = [datetime]::SpecifyKind([datetime]'2026-10-23T03:00:00', 'Utc')
            $IsWindows -or $moment.ToLocalTime().Day -eq 22 | Should -BeTrue
            $moment, $moment.ToLocalTime() | ForEach-Object { (Get-Connection 'Old desk' | Find-ConnectionIssue -Rule ModelRet* -AsOf $_).Rule } |
                Should -Be 'ModelRetiring', 'ModelRetiring'
        } finally {
            $env:TZ = $before
            [TimeZoneInfo]::ClearCachedData()
        }
    }

    It 'is of a day or moment of any type: <At.GetType().Name>' -ForEach @(
        @{ At = [datetimeoffset]'2020-02-01T10:00:00Z' }, @{ At = [DateOnly]'2020-02-01' }, @{ At = [psobject]::AsPSObject([datetimeoffset]'2020-02-01T10:00:00Z') }
    ) {
        Find-ConnectionIssue -Rule ModelRetired -AsOf $At | Should -BeNullOrEmpty
        Find-ConnectionIssue -Rule ModelRetired -AsOf $At.AddYears(7) | Where-Object ConnectionName -EQ 'Old desk' | Should -Not -BeNullOrEmpty
        Export-ConnectionReport "$TestDrive/day.html" -AsOf $At -Force
        Get-Content "$TestDrive/day.html" -Raw | Should -Match 'as of 2020-02-01'
    }

    It 'reads a day as it is written, whichever calendar the shell has: <_>' -ForEach 'en-US', 'de-DE', 'th-TH', 'fa-IR', 'ar-SA' {
        Invoke-InCulture $_ {
            $issue = Find-ConnectionIssue -Rule ModelRetired -AsOf 2027-02-01 | Where-Object ConnectionName -EQ 'Old desk'
            $issue.DueOn | Should -Not -BeNullOrEmpty
            (Find-ConnectionIssue -Rule ModelRetired -AsOf 2027-2-1 | Where-Object ConnectionName -EQ 'Old desk').DueOn | Should -Be $issue.DueOn
            Find-ConnectionIssue -Rule ModelRetired -AsOf 2020-2-1 | Where-Object ConnectionName -EQ 'Old desk' | Should -BeNullOrEmpty
            Find-ConnectionIssue -Rule ModelRetired -AsOf '2020-02-01T10:00' | Where-Object ConnectionName -EQ 'Old desk' | Should -BeNullOrEmpty
        }
    }

    It 'needs a rule' {
        { Find-ConnectionIssue -Rule @() -ErrorAction Stop } | Should -Throw '-Rule is empty*'
    }

    It 'writes a page of everything that is found, and emits nothing' {
        $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day | Should -BeNullOrEmpty }
        $page | Should -Match '<title>Model connections of localhost:\d+</title>'
        $page | Should -Match '<h2>Act now: 2 connections fail or expose a secret\.</h2>'
        $page | Should -Match 'Contracts &lt;b&gt;'
        $page | Should -Not -Match 'MQAA|sk-report'
        foreach ($issue in Find-ConnectionIssue -AsOf $day) {
            $page | Should -Match ([regex]::Escape([Net.WebUtility]::HtmlEncode($issue.Message)))
        }
    }

    It 'says what is left out by a minimum severity' {
        $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -MinimumSeverity Error -Rule Draft, Disabled -Force }
        $page | Should -Match 'There are no findings of severity Error or above\.'
        $page | Should -Not -Match 'No action is needed'
        [regex]::Matches($page, '>omitted<').Count | Should -Be 2
    }

    It 'gives the same page for the same moment' {
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day } | Should -Be (Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day })
    }

    It 'emits the file with -PassThru, in the current folder too' {
        Push-Location $TestDrive
        try {
            $file = Export-ConnectionReport here.htm -PassThru
            $file | Should -BeOfType IO.FileInfo
            $file.FullName | Should -Be (Get-Item "$TestDrive/here.htm").FullName
        } finally {
            Pop-Location
        }
    }

    It 'shows the title: <_>' -ForEach 'Contoso', 'A & B <script>' {
        $title = $_
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -Title $title } | Should -Match "<h1>$([Net.WebUtility]::HtmlEncode($title))</h1>"
    }

    It 'refuses a title that nobody can see: <_>' -ForEach '', ' ', "`u{200b}", "`t`u{feff}`u{2060} ", "`u{3164}" {
        { Export-ConnectionReport "$TestDrive/page.html" -Title $_ -Force -ErrorAction Stop } | Should -Throw '-Title is empty.*' -ErrorId 'KoreInvalidInput,*'
    }

    It 'reports on what is piped in, and nothing else: <Name>' -ForEach @(
        @{ Name = 'listed'; Script = { Get-Connection 'Old desk' } }
        @{ Name = 'read'; Script = { Get-Connection 'Old desk' -Detailed } }
        @{ Name = 'an id'; Script = { (Get-Connection 'Old desk').ConnectionId } }
        @{ Name = 'findings'; Script = { Find-ConnectionIssue -AsOf $day -Rule ModelRetired | Where-Object ConnectionName -EQ 'Old desk' } }
    ) {
        $page = Get-Page { & $Script | Export-ConnectionReport "$TestDrive/page.html" -AsOf $day }
        $page | Should -Match '<dt>Connections</dt><dd>1</dd>'
        $page | Should -Not -Match 'Contracts'
    }

    It 'says that piped findings are not on the page where they are not found again' {
        $findings = Find-ConnectionIssue -AsOf $day -WithinDays 3650 -Rule ModelRetir*
        Get-Page { $findings | Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Rule Draft -WarningVariable script:warnings 3> $null } | Out-Null
        "$warnings" | Should -BeLike 'Some of the piped findings are not on the page*-Issue.'
        Get-Page { $findings | Export-ConnectionReport "$TestDrive/page.html" -Force -AsOf $day -WithinDays 3650 -WarningVariable script:warnings } | Out-Null
        $warnings | Should -BeNullOrEmpty
    }

    It 'names a connection that it could not read' {
        $id = (Get-Connection Own).ConnectionId
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $id; status = 400; times = 1 }
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -ErrorAction SilentlyContinue } |
            Should -Match '<li>1 connection could not be read by id \([^<]*Own[^<]*\), so not all settings were examined'
    }

    It 'counts no id that the platform does not have: <Ids>' -ForEach @(
        @{ Ids = @('cn-nope'); Count = 0 }, @{ Ids = @('cn-nope', 'cn-none'); Count = 0 }, @{ Ids = @('cn-nope', 'REAL'); Count = 1 }
    ) {
        $page = Get-Page { $Ids -replace 'REAL', (Get-Connection Own).ConnectionId | Export-ConnectionReport "$TestDrive/page.html" 2>$null }
        $page | Should -Not -Match 'cn-no'
        ([regex]::Matches($page, '<th scope="row">')).Count | Should -BeGreaterOrEqual $Count
        $page | Should -Match 'could not be read by id'
    }

    It 'names what the platform no longer has, and shows nothing of it: <_>' -ForEach { Export-ConnectionReport @to }, { Get-Connection 'Old desk', Own | Export-ConnectionReport @to } {
        $to = @{ Path = "$TestDrive/page.html"; AsOf = $day; Rule = 'Model*', 'SharedKey'; ErrorAction = 'SilentlyContinue' }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = (Get-Connection 'Old desk').ConnectionId; status = 404 }
        $page = Get-Page { & $_ }
        $page | Should -Match "<li>The platform no longer has 1 connection that it listed, so this page leaves out &#39;Old desk&#39;\.</li>"
        $page | Should -Not -Match 'could not be read'
        ([regex]::Matches($page, 'Old desk')).Count | Should -Be 1
    }

    It 'writes no page of nothing' {
        Get-Connection none* | Export-ConnectionReport "$TestDrive/nothing.html"
        'not an id' | Export-ConnectionReport "$TestDrive/nothing.html" -ErrorAction SilentlyContinue
        "$TestDrive/nothing.html" | Should -Not -Exist
    }

    It 'refuses a day that cannot be reckoned with: <_>' -ForEach '9999-12-31', '0001-01-01' {
        Export-ConnectionReport "$TestDrive/nothing.html" -AsOf $_ -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -Be 'KoreInvalidInput,KoreConnections.Commands.ExportConnectionReportCommand'
        $failed[0].Exception.Message | Should -BeLike '*-AsOf is in the year *, which is out of range. Specify a date from 1971 to 8999.'
        "$TestDrive/nothing.html" | Should -Not -Exist
    }

    It 'takes what Find-ConnectionIssue takes: <Parameters.Keys>' -ForEach @(
        @{ Parameters = @{ Rule = 'ModelRetiring' }; Shown = 'Contracts'; Errors = 0 }
        @{ Parameters = @{ MinimumSeverity = 'Error' }; Shown = 'Old desk'; Errors = 2 }
        @{ Parameters = @{ ExcludeRule = 'ModelRetired' }; Shown = 'Contracts'; Errors = 0 }
    ) {
        $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day @Parameters }
        $page | Should -Match "<dt>Errors</dt><dd>$Errors</dd>"
        $page | Should -Match $Shown
    }

    It 'compares a manifest' {
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -ManifestPath $manifest } | Should -Match 'platform\.yaml:1\)'
    }

    It 'gives no all-clear after an error or a warning of something that was not examined: <Name>' -ForEach @(
        @{ Name = 'a wrong manifest'; Options = @{ ManifestPath = 'wrong.yaml' }; Missing = 'The manifest was not compared' }
        @{ Name = 'a manifest with problems'; Options = @{ ManifestPath = 'bad.yaml' }; Missing = 'The manifest was not compared' }
        @{ Name = 'no manifest'; Options = @{ ManifestPath = 'nowhere.yaml' }; Missing = 'The manifest was not compared' }
        @{ Name = 'an empty manifest'; Options = @{ ManifestPath = 'empty.yaml'; Rule = 'Drift' }; Missing = 'so nothing was compared' }
        @{ Name = 'a key that is not set'; Options = @{ ManifestPath = 'unset.yaml'; VerifyKey = $true }; Missing = 'Not every key was tested: 1 reference of the manifest could not be resolved.' }
        @{ Name = 'keys of failing sources'; Options = @{ ManifestPath = 'sealed.yaml'; VerifyKey = $true }; Missing = 'Not every key was tested: 2 references of the manifest could not be resolved.' }
        @{ Name = 'a connection that is not there'; Given = 'cn-none'; ErrorId = 'KoreConnectionNotFound'; Missing = '1 connection could not be read by id' }
        @{ Name = 'a row that is none'; Given = 'not an id'; ErrorId = 'KoreInvalidInput'; Missing = 'Not everything was examined: 1 error occurred.' }
    ) {
        Register-KeySource sealed { throw 'The vault is sealed.' } -Force
        Push-Location (New-Item "$TestDrive/$(New-Guid)" -ItemType Directory)
        try {
            'connections: []' | Set-Content empty.yaml
            'connections: 5' | Set-Content bad.yaml
            'connections: [{ name: A, provider: OpenAl, model: m, apiKey: "env:NOT_SET" }]' | Set-Content wrong.yaml
            'connections: [{ name: A, provider: OpenAI, model: m, apiKey: "env:NOT_SET" }]' | Set-Content unset.yaml
            'connections: [{ name: A, provider: OpenAI, model: m, apiKey: "sealed:a" }, { name: Old desk, provider: OpenAI, model: gpt-4, apiKey: "sealed:b" }]' | Set-Content sealed.yaml
            $quiet = @{ AsOf = $day; WarningAction = 'Ignore'; ErrorAction = 'SilentlyContinue' }
            if (-not $Options.Rule) { $quiet.Rule = $Options.VerifyKey ? ('Draft', 'KeyUnverified') : 'Draft' }
            if ($Given) { (Get-Connection 'Contracts*'), $Given | Export-ConnectionReport page.html @quiet -ErrorVariable failed; $failed.FullyQualifiedErrorId | Should -BeLike "$ErrorId,*" }
            else { Export-ConnectionReport page.html @Options @quiet }
            $page = Get-Content page.html -Raw
            $page | Should -Match '<section class="lead Warning"><h2>This report is incomplete\.</h2>'
            $page | Should -Match "(?s)What is missing from this report.*<li>[^<]*$([regex]::Escape($Missing))"
            $page | Should -Not -Match 'No action is needed'
        } finally {
            Pop-Location
            Unregister-KeySource sealed
        }
    }

    Context 'with keys to verify' {
        BeforeAll {
            $script:provider, $script:other = (Start-FakeProvider), (Start-FakeProvider)
        }

        AfterAll {
            $provider, $other | ForEach-Object { Stop-FakeProvider $_ }
        }

        It 'gives no all-clear where no key of a provider was tested: <Name>' -ForEach @(
            @{ Name = 'none is named'; Named = 'Elsewhere'; Says = 'API (2 connections), Anthropic (1 connection), Azure Open AI (1 connection), Open AI (2 connections)' }
            @{ Name = 'one provider of two'; Named = 'Desk'; Given = 'Support desk', 'Contract review'; Says = 'Anthropic (1 connection)' }
            @{ Name = 'all but the custom APIs'; Named = 'Desk', 'Contracts', 'Finance' }
            @{ Name = 'custom APIs alone'; Named = 'Desk'; Given = 'Own*'; Says = 'API (2 connections)' }
            @{ Name = 'piped, and not named'; Named = 'Desk'; Given = 'Search*'; Says = 'Open AI (1 connection)' }
            @{ Name = 'a name in another case'; Named = 'Case'; Given = 'Support desk'; Says = 'Open AI (1 connection)' }
            @{ Name = 'a key of another provider'; Named = 'Other'; Given = 'Contract review'; Says = 'Anthropic (1 connection)' }
            @{ Name = 'a reference without a key'; Named = 'Unset'; Given = 'Support desk'; Says = 'Open AI (1 connection)' }
            @{ Name = 'without a rule about keys'; Named = 'Desk'; Given = 'Finance'; Rule = 'Draft'; Says = 'Azure Open AI (1 connection)' }
            @{ Name = 'without severe findings'; Named = 'Desk'; Given = 'Finance'; Rule = 'Key*'; MinimumSeverity = 'Error'; Says = 'Azure Open AI (1 connection)' }
            @{ Name = 'all that are piped are named'; Named = 'Desk', 'Contracts'; Given = 'Support desk', 'Contract review' }
            @{ Name = 'one of two of a provider is named'; Named = 'Desk'; Given = 'Support desk', 'Search*' }
            @{ Name = 'an empty platform'; Named = 'Desk'; Empty = $true }
        ) {
            $entries = @{
                Desk = '{ provider: OpenAI, name: Support desk, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }'
                Case = '{ provider: OpenAI, name: support desk, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }'
                Unset = '{ provider: OpenAI, name: Support desk, model: gpt-5.5, apiKey: env:NOT_SET }'
                Contracts = '{ provider: Anthropic, name: Contract review, model: claude-opus-4-8, apiKey: env:ACCEPTANCE_KEY }'
                Other = '{ provider: OpenAI, name: Contract review, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }'
                Elsewhere = '{ provider: Anthropic, name: Elsewhere, model: claude-opus-4-8, apiKey: env:ACCEPTANCE_KEY }'
                Finance = '{ provider: AzureOpenAI, name: Finance, model: GPT-5.4, apiKey: env:ACCEPTANCE_KEY, resourceName: contoso-finance, deploymentId: gpt-5.4-eu, apiVersion: 2024-08-01-preview }'
            }
            $session = Get-KoreSession
            try {
                Connect-KorePlatform -Sandbox -WithSamples:(-not $Empty)
                Set-Content "$TestDrive/named.yaml" "connections:`n$(-join ($Named | ForEach-Object { "  - $($entries[$_])`n" }))"
                $options = @{ ManifestPath = "$TestDrive/named.yaml"; VerifyKey = $true; Rule = $Rule ?? 'KeyRejected'; MinimumSeverity = $MinimumSeverity ?? 'Information'; ErrorAction = 'SilentlyContinue' }
                $piped = $Given ? @{ InputObject = @(Get-Connection $Given) } : @{}
                $null = Find-ConnectionIssue @options @piped -WarningVariable found -WarningAction SilentlyContinue
                $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" @options @piped -WarningVariable script:said -WarningAction SilentlyContinue }
                "$found" | Should -Be "$said"
                if ($Says) {
                    $said | Should -HaveCount 1
                    "$said" | Should -BeLike "No key was tested for $Says. Add the connections to the manifest *"
                    $page | Should -Match '<section class="lead Warning"><h2>This report is incomplete\.</h2>'
                    $page | Should -Match "(?s)What is missing from this report.*<li>No key was tested for $([regex]::Escape($Says))\.</li>"
                } else {
                    $said | Should -BeNullOrEmpty
                    $page | Should -Not -Match 'What is missing'
                }
            } finally {
                Disconnect-KorePlatform
                $session | Select-KoreSession
            }
        }

        It 'gives no all-clear where no key could be verified: <Name>' -ForEach @(
            @{ Name = 'a provider that fails'; Keys = @{ A = 'down'; B = 'down' }; Says = '0 of 2 keys were verified at localhost:*.' }
            @{ Name = 'a provider that cannot be reached'; Keys = @{ A = 'good'; B = 'good' }; Uri = 'http://localhost:1'; Says = '0 of 2 keys were verified at localhost:1.' }
            @{ Name = 'answers that say nothing'; Keys = @{ A = 'html' }; Says = '0 of 1 keys were verified at localhost:*.' }
            @{ Name = 'one of two providers'; Keys = @{ A = 'down'; B = 'down'; Own = 'good' }; Says = '0 of 2 keys were verified at localhost:*.' }
            @{ Name = 'a provider of which one key works'; Keys = @{ A = 'down'; B = 'good' } }
            @{ Name = 'one answer of several that says nothing'; Keys = @{ A = 'html'; Own = 'good' } }
            @{ Name = 'rejected keys'; Keys = @{ A = 'revoked'; B = 'revoked' } }
            @{ Name = 'keys that work'; Keys = @{ A = 'good'; B = 'good' } }
        ) {
            $session = Get-KoreSession
            try {
                Connect-KorePlatform -Sandbox -RetryIntervalSec 0
                foreach ($one in $Keys.Keys) {
                    Set-Item "env:REPORT_$one" "sk-$($Keys[$one])-openai-4f1c7a90MQAA"
                    if ($one -eq 'Own') {
                        $own = @{ Name = $one; EndpointUrl = "$($other.Address)/v1/own"; Payload = @{ p = '{{prompt}}' }; OutputPath = 'content[0].text' }
                        $null = New-Connection -CustomApi @own -Header @{ 'x-api-key' = "env:REPORT_$one" } -WarningAction Ignore
                    } else {
                        $null = New-Connection -OpenAI -Name $one -Model gpt-5.5 -ApiKey "env:REPORT_$one" -WarningAction Ignore
                    }
                }
                $from = "$TestDrive/$(New-Guid).yaml"
                Export-Connection $from -WarningAction Ignore
                (Get-Content $from -Raw) -replace 'KORE_KEY_(A|B)\b', 'REPORT_$1' -replace 'env:KORE_KEY_OWN\w*', 'env:REPORT_Own' | Set-Content $from
                $options = @{ ManifestPath = $from; VerifyKey = $true; ProviderUri = $Uri ?? $provider.Address; Rule = 'Draft', 'KeyUnverified' }
                $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" @options -WarningVariable script:said -WarningAction SilentlyContinue -ErrorAction Stop }
                $null = Find-ConnectionIssue @options -WarningVariable found -WarningAction SilentlyContinue -ErrorAction Stop
                if ($Says) {
                    "$said" | Should -BeLike "$Says Test-ConnectionKey *"
                    "$found" | Should -Be "$said"
                    $page | Should -Match '<section class="lead Warning"><h2>This report is incomplete\.</h2>'
                    $page | Should -Match "(?s)What is missing from this report.*<li>$([regex]::Escape($Says) -replace '\\\*', '\d+')</li>"
                } else {
                    "$said$found" | Should -BeNullOrEmpty
                    $page | Should -Not -Match 'What is missing'
                }
            } finally {
                Remove-Item env:REPORT_* -ErrorAction Ignore
                Disconnect-KorePlatform
                $session | Select-KoreSession
            }
        }
    }

    It 'asks nothing where its page cannot be written: <_>' -ForEach 'missing/page.html', 'folder.html', '/proc/page.html' {
        if ($_ -like '/proc/*' -and -not $IsLinux) {
            Set-ItResult -Skipped -Because 'only Linux has a folder that nobody can write to'
        }
        $null = New-Item "$TestDrive/folder.html" -ItemType Directory -Force
        $path = $_ -like '/*' ? $_ : "$TestDrive/$_"
        foreach ($do in { Export-ConnectionReport $path -Force -ErrorVariable script:failed -ErrorAction SilentlyContinue },
            { Export-Connection ($path -replace 'html$', 'yaml') -ErrorVariable script:failed -ErrorAction SilentlyContinue },
            { Get-Connection | Update-ConnectionKey -ApiKey env:ACCEPTANCE_KEY -Force -SkipVerification -ReportPath $path -ErrorVariable script:failed -ErrorAction SilentlyContinue }) {
            if ("$do" -like '*Export-Connection (*') { $null = New-Item "$TestDrive/folder.yaml" -ItemType Directory -Force }
            $sent = @(Get-SentRequest { try { & $do } catch { $script:failed = $_ } } | Where-Object { $_ })
            # What is piped is listed by another cmdlet.
            $sent | Should -HaveCount ("$do" -like '*Get-Connection*' ? 1 : 0)
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        }
    }

    Context 'with -IssueVariable' {
        It 'has what the platform or a provider refuses in it, whichever rules are chosen: <Rules>' -ForEach @{ Rules = 'Key*' }, @{ Rules = 'KeyRejected' }, @{ Rules = 'Model*', 'Key*' } {
            $refusing = Start-FakeProvider
            $env:REPORT_REFUSED = 'sk-nomodel-openai-4f1c7a90MQAA'
            try {
                Set-Content "$TestDrive/refused.yaml" 'connections: [{ provider: OpenAI, name: Old desk, model: gpt-4, apiKey: "env:REPORT_REFUSED" }]'
                $page = Get-Page {
                    Get-Connection 'Old desk' | Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Rule $Rules -ManifestPath "$TestDrive/refused.yaml" -VerifyKey -ProviderUri $refusing.Address -IssueVariable script:found
                }
                @($found | Where-Object Severity -EQ Error) | Should -HaveCount 1
                $page | Should -Match '<h2>Act now: 1 connection fails or exposes a secret\.</h2>'
            } finally {
                Remove-Item env:REPORT_REFUSED
                Stop-FakeProvider $refusing
            }
        }

        It 'sets the variable of the caller to the findings of the page' {
            Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -IssueVariable script:found } | Should -Match 'Old desk'
            function Invoke-Audit { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Force -IssueVariable mine; $mine }
            $own = Invoke-Audit
            $expected = Find-ConnectionIssue -AsOf $day
            ($found | ConvertTo-Json) | Should -Be ($expected | ConvertTo-Json)
            ($own | ConvertTo-Json) | Should -Be ($expected | ConvertTo-Json)
            Get-Variable mine -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'leaves nothing of an earlier examination in it: <Name>' -ForEach @(
            @{ Name = 'a rehearsal'; Run = { Export-ConnectionReport "$TestDrive/y.html" -IssueVariable found -WhatIf } }
            @{ Name = 'an empty pipeline'; Run = { @() | Export-ConnectionReport "$TestDrive/y.html" -IssueVariable found } }
            @{ Name = 'a wrong path'; Run = { Export-ConnectionReport "$TestDrive/none/y.html" -IssueVariable found -ErrorAction Ignore } }
            @{ Name = 'a wrong rule'; Run = { Export-ConnectionReport "$TestDrive/y.html" -Rule Nope -IssueVariable found -ErrorAction Ignore } }
            @{ Name = 'a terminating error'; Run = { try { 1, 2 | Export-ConnectionReport "$TestDrive/y.html" -IssueVariable found -ErrorAction Stop } catch { } } }
        ) {
            $found = 'of yesterday'
            . $Run
            @($found) | Should -HaveCount 0
            "$TestDrive/y.html" | Should -Not -Exist
        }

        It 'refuses what is no variable: <_>' -ForEach '', 'true', 'nowhere:x', '$found', '+found' {
            { Export-ConnectionReport "$TestDrive/y.html" -IssueVariable $_ -ErrorAction Stop } | Should -Throw '-IssueVariable *' -ErrorId 'KoreInvalidInput,*'
            "$TestDrive/y.html" | Should -Not -Exist
        }
    }

    Context 'with -Issue' {
        It 'shows those findings, and searches for no others' {
            $issues = Find-ConnectionIssue -AsOf $day | Where-Object ConnectionName -Like Contracts*
            $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue $issues }
            $page | Should -Match '<dt>Connections</dt><dd>3</dd>.*<dt>Errors</dt><dd>0</dd>.*<dt>Warnings</dt><dd>1</dd>'
            $page | Should -Not -Match 'What was checked'
        }

        It 'takes none for none: <Name>' -ForEach @(
            @{ Name = 'null'; None = $null }
            @{ Name = 'an empty list'; None = @() }
            @{ Name = 'no output'; None = & { } }
        ) {
            Get-Page { Export-ConnectionReport "$TestDrive/page.html" -Issue $None } | Should -Match '<section class="lead Information"><h2>No action is needed for the given findings\.</h2>'
        }

        It 'refuses what says how to find: <_>' -ForEach @(
            @{ Rule = 'Draft' }, @{ ExcludeRule = 'Draft' }, @{ MinimumSeverity = 'Error' }, @{ WithinDays = 3 }, @{ MaximumKeyAgeDays = 3 }, @{ ManifestPath = 'x.yaml' }, @{ VerifyKey = $true }
        ) {
            $parameters = $_
            { Export-ConnectionReport "$TestDrive/x.html" -Issue @() @parameters -ErrorAction Stop } | Should -Throw '*with Find-ConnectionIssue.' -ErrorId 'KoreInvalidInput,*'
        }

        It 'takes findings that a job or a file gives back' {
            Find-ConnectionIssue -AsOf $day | Export-Clixml "$TestDrive/issues.xml"
            $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue (Import-Clixml "$TestDrive/issues.xml") }
            $page | Should -Be (Get-Page { Export-ConnectionReport "$TestDrive/page.html" -Force -AsOf $day -Issue (Find-ConnectionIssue -AsOf $day) })
            $page | Should -Match 'Old desk'
            (Get-Content "$TestDrive/issues.xml" -Raw).Replace('>Error<', '>Fatal<') | Set-Content "$TestDrive/changed.xml"
            { Export-ConnectionReport "$TestDrive/x.html" -Issue (Import-Clixml "$TestDrive/changed.xml") -ErrorAction Stop } | Should -Throw '-Issue contains other objects*'
        }

        It 'takes copies that have the properties of findings: <_>' -ForEach @(
            { $issues | Select-Object * }, { $issues | Select-Object *, @{ Name = 'Owner'; Expression = { 'me' } } }
            { $issues | ConvertTo-Json | ConvertFrom-Json }, { $issues | ConvertTo-Json | ConvertFrom-Json -AsHashtable }
            { $issues | ConvertTo-Csv | ConvertFrom-Csv }, { $issues | ConvertTo-Json | ConvertFrom-Json | ConvertTo-Csv | ConvertFrom-Csv }
        ) {
            $copy = $_
            foreach ($culture in 'en-US', 'de-DE', 'th-TH') {
                Invoke-InCulture $culture {
                    $issues = Find-ConnectionIssue -AsOf $day
                    $copies = & $copy
                    $page = Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue $copies }
                    $page | Should -Be (Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue $issues })
                    $page | Should -Match 'Old desk'
                }
            }
        }

        It 'takes the day of a file of any culture that only one day can be: <Text> in <Culture>' -ForEach @(
            foreach ($culture in 'en-US', 'en-GB', 'de-DE', 'th-TH', 'fa-IR', '') {
                foreach ($text in '2026-10-23', '10/23/2026 12:00:00 AM', '23.10.2026 00:00:00', '23/10/2026 12:00:00 am', '2026/10/23 0:00:00', '2026-10-23T00:00:00') {
                    @{ Culture = $culture; Text = $text }
                }
            }
            @{ Culture = 'th-TH'; Text = '23/10/2569 0:00:00' }
            @{ Culture = 'th-TH'; Text = '2/9/2569 0:00:00'; Due = '2026-09-02' }
            @{ Culture = 'fa-IR'; Text = '1405/8/1 0:00:00' }
            @{ Culture = 'en-US'; Text = '9/9/2026 12:00:00 AM'; Due = '2026-09-09' }
        ) {
            $copy = Find-ConnectionIssue -AsOf $day -Rule ModelRetired | Select-Object * -First 1
            $copy.DueOn = $Text
            Invoke-InCulture $Culture { Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue $copy } } |
                Should -Match "data-value=""$($Due ?? '2026-10-23')"""
        }

        It 'takes the day that the message names, in whichever culture a file was written and is read: <Written>, <Read>' -ForEach @(
            foreach ($written in 'en-US', 'en-GB', 'de-DE', '') {
                foreach ($read in 'en-US', 'de-DE', 'fa-IR', '') { @{ Written = $written; Read = $read } }
            }
        ) {
            $files = Invoke-InCulture $Written {
                foreach ($rule in 'ModelRetired', 'KeyOld') {
                    # Such that day and month of what is due can be exchanged.
                    $found = Find-ConnectionIssue -AsOf '2030-01-01' -Rule $rule -MaximumKeyAgeDays 30 | Select-Object -First 1
                    $due = [datetime]'2027-09-02'
                    $copy = $found | Select-Object *
                    $copy.Message = $found.Message.Replace($found.DueOn.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture), '2027-09-02')
                    # When the connection was changed is named, too.
                    $copy.Message = $copy.Message -replace 'last changed on .*', 'last changed on 2027-02-09.'
                    $copy.DueOn = $due
                    , ($copy | ConvertTo-Csv)
                }
            }
            $files | Should -HaveCount 2
            foreach ($file in $files) {
                Invoke-InCulture $Read { Get-Page { Export-ConnectionReport "$TestDrive/page.html" -AsOf $day -Issue ($file | ConvertFrom-Csv) } } |
                    Should -Match 'data-value="2027-09-02"'
            }
        }

        It 'refuses the day of a file that may be another, and says what to do: <Text> in <Culture>' -ForEach @(
            foreach ($culture in 'en-US', 'en-GB', 'de-DE', 'th-TH', 'fa-IR', '') {
                foreach ($text in '9/2/2027 12:00:00 AM', '02.09.2027 00:00:00', '02/09/2027 00:00:00', '2/9/2027 12:00:00 am', '9/2/2570 x') {
                    @{ Culture = $culture; Text = $text }
                }
            }
            @{ Culture = 'en-US'; Text = '23/10/2569 0:00:00' }
            @{ Culture = 'en-US'; Text = '1405/8/1 0:00:00' }
        ) {
            $copy = Find-ConnectionIssue -AsOf $day -Rule ModelRetired | Select-Object * -First 1
            $copy.DueOn = $Text
            { Invoke-InCulture $Culture { Export-ConnectionReport "$TestDrive/x.html" -Issue $copy -ErrorAction Stop } } |
                Should -Throw "*DueOn '$Text'*not the same day in every culture*yyyy-MM-dd*Export-Clixml or ConvertTo-Json*" -ErrorId 'KoreInvalidInput,*'
            "$TestDrive/x.html" | Should -Not -Exist
        }

        It 'refuses a copy that was changed, and what is no finding: <_>' -ForEach @(
            { $copy.Rule = 'Other' }, { $copy.Severity = 'Fatal' }, { $copy.DueOn = 'soon' }, { $copy.Message = '' }, { $copy.PSObject.Properties.Remove('Rule') }, { $copy.PSObject.Properties.Remove('Message') }
            { $copy = 'text' }, { $copy = 5 }, { $copy = @{ Rule = 'x' } }
        ) {
            $copy = Find-ConnectionIssue -AsOf $day | Select-Object * -First 1
            . $_
            { Export-ConnectionReport "$TestDrive/x.html" -Issue $copy -ErrorAction Stop } | Should -Throw '-Issue contains other objects than Find-ConnectionIssue emits*' -ErrorId 'KoreInvalidInput,*'
        }
    }

    It 'refuses the path <Path>, and asks the platform nothing' -ForEach @(
        @{ Path = '' }, @{ Path = 'platform.yaml' }, @{ Path = 'page' }, @{ Path = 'no/such/folder/page.html' }, @{ Path = 'folder.html' }, @{ Path = 'there.html' }, @{ Path = 'env:page.html' }
    ) {
        $null = New-Item "$TestDrive/folder.html" -ItemType Directory -Force
        Set-Content "$TestDrive/there.html" 'as it was'
        Push-Location $TestDrive
        try {
            $requests = Get-SentRequest { { Export-ConnectionReport $Path -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*' }
        } finally {
            Pop-Location
        }
        $requests | Should -BeNullOrEmpty
        Get-Content "$TestDrive/there.html" | Should -Be 'as it was'
    }

    It 'replaces a file with -Force' {
        Set-Content "$TestDrive/page.html" 'old'
        Export-ConnectionReport "$TestDrive/page.html" -Force
        Get-Content "$TestDrive/page.html" -TotalCount 1 | Should -Be '<!doctype html>'
    }

    It 'writes no page where the platform cannot be listed' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; status = 403; times = 1 }
        Set-Content "$TestDrive/page.html" 'old'
        Export-ConnectionReport "$TestDrive/page.html" -Force -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors.FullyQualifiedErrorId | Should -Match '^Kore'
        Get-Content "$TestDrive/page.html" | Should -Be 'old'
    }
}

Describe 'A manifest that names no connection' {
    It 'is warned of, because no drift is found by it: <_>' -ForEach 'connections: []', 'connections:', '{ "connections": [], "x-none": 1 }' {
        Set-Content "$TestDrive/none.yaml" $_
        $said = 'The manifest has no connections, so nothing was compared with it.'
        foreach ($examine in { Find-ConnectionIssue -Rule Drift -ManifestPath "$TestDrive/none.yaml" }, { Get-Connection | Find-ConnectionIssue -Rule Drift, Draft -ManifestPath "$TestDrive/none.yaml" }) {
            & $examine 3>&1 | Should -BeExactly "$said Correct its path, or add its connections."
        }
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -ManifestPath "$TestDrive/none.yaml" -Rule Drift -WarningVariable script:warned 3>$null } | Should -Match "<li>$said</li>"
        "$warned" | Should -BeLike "$said*"
    }

    It 'has no key that was tested' {
        Set-Content "$TestDrive/none.yaml" 'connections: []'
        Find-ConnectionIssue -Rule Key* -VerifyKey -ManifestPath "$TestDrive/none.yaml" -WarningVariable warned 3>$null | Out-Null
        $warned | Should -HaveCount 2
        "$($warned[1])" | Should -BeLike 'No key was tested for API (1 connection), *'
        Get-Page { Export-ConnectionReport "$TestDrive/page.html" -VerifyKey -ManifestPath "$TestDrive/none.yaml" 3>$null } | Should -Match '<li>No key was tested for API \(1 connection\), '
    }

    It 'is none where it names any connection, or cannot be compared' {
        Find-ConnectionIssue (Get-Connection Own).ConnectionId -Rule Drift -ManifestPath $manifest -WarningVariable warned
        Set-Content "$TestDrive/none.yaml" 'connections: 5'
        Find-ConnectionIssue -Rule Drift -ManifestPath "$TestDrive/none.yaml" -WarningVariable +warned -ErrorAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }
}
