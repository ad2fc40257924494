# What is read from manifests and written to them, beyond the values themselves: keys in the wrong place, twice the same id, special files.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:file = "$TestDrive/a.yaml"
    $script:pasted = 'sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'

    function Get-Problem($Properties) {
        Set-Content $file "connections:`n  - { name: D, $Properties }"
        @((Test-ConnectionManifest $file -IgnoreKeys).ForEach({ "$_" }))
    }
}

Describe 'A key in the wrong place' {
    It 'is not shown where the name of a header belongs: <_>' -ForEach 'f47ac10b-58cc-4372-a567-0e02b2c3d479', 'Bearer 93b8d1c6f2a4', 'hT8vQx2LmZ9rKp4W', 'tvly-dev-Ab12Cd34' {
        $problems = Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', mapProvider: openAIModel, feature: [streaming], header: { '$_': env:A }"
        "$problems" | Should -BeLike '*has a key where the name of a header belongs*'
        "$problems" | Should -Not -Match ([regex]::Escape($_))
    }

    It 'is refused within a longer text: <_>' -ForEach 'key-{0}', 'a/{0}', 'key={0}', '({0})', 'Prod {0}', 'Bearer {0}', '"{0}"' {
        $text = $_ -f $pasted
        { New-Connection -OpenAI -Name $text -Model gpt-5.5 -ApiKey env:PATH -ErrorAction Stop } | Should -Throw '*-Name looks like a key*'
        { New-Connection -OpenAI -Name n -Model $text -ApiKey env:PATH -ErrorAction Stop } | Should -Throw '*-Model looks like a key*'
        $custom = "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a"
        foreach ($properties in "provider: OpenAI, apiKey: env:A, model: '$text'", "$custom, payload: { a: [{ '$text': 1 }] }", "$custom, payload: { a: [{ b: '$text' }] }", "$custom, payload: {}, customVariable: ['$text']") {
            $problems = Get-Problem $properties
            $problems | Should -HaveCount 1 -Because $properties
            $problems | Should -BeLike '* key*' -Because $properties
            $problems | Should -Not -Match 'AbCdEf'
        }
    }

    It 'is not seen in an ordinary name: <_>' -ForEach 'Desk (sk-learn 2024)', 'task_sk-learning-classifier-v2', 'meta/llama-4-70b', 'key=value', 'risk-assessment-of-2026' {
        Get-Problem "provider: API, model: '$_', endpointUrl: 'https://llm.example.com', outputPath: a, payload: { '$_': '$_' }, customVariable: ['$_']" | Should -BeNullOrEmpty
    }

    It 'is not seen in a text or a property name of a payload: <_>' -ForEach @(
        'Answer like org/hf_Qwen2.5-72B-Instruct-AWQ does: {{prompt}}', 'https://huggingface.co/hf_Qwen2.5-72B-Instruct-AWQ'
        'data:application/json;base64,eyJ2ZXJzaW9uIjoxLCJ0eXBlIjoib2JqIn0=', 'Gateway asiaPacificGateway01 answers.', 'Berichte: Eyjafjallajokull2010'
        'vLLM on nvapi-mixtral-8x22b-instruct-v0.1', 'sk-hynix-HBM3E-cluster2', 'sk-SK.common.buttons.save-label', 'GPT-4o (kg-approved)', 'gsk_rx7900xtx_llm'
    ) {
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { 'a $_ b': 'see $_ too' }" | Should -BeNullOrEmpty
    }

    It 'is not seen in a picture that has the beginning of one by chance' {
        $picture = 'data:image/png;base64,iVBORw0KGgo' + '/eyJ1' + ('Ab1/' * 1000)
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { image: '$picture' }" | Should -BeNullOrEmpty
    }

    It 'is refused under a name that is not known: <Of>' -ForEach @(
        @{ Of = 'header: [{ key: a, value: b, vlaue: {0} }]'; Said = "*'vlaue' is not a property of a header. Accepted names: key, value." }
        @{ Of = 'customVariable: [{ name: a, displayname: b }]'; Said = "*'displayname' is not a property of a variable. Did you mean displayName?" }
        @{ Of = 'promptVariable: [{ name: prompt, defaltValue: b }]'; Said = '*Did you mean defaultValue?' }
        @{ Of = 'customVariable: [{ name: a, nmae: b }]'; Said = '*Did you mean name?' }
    ) {
        $problems = Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: {}, $($Of.Replace('{0}', $pasted))"
        $problems | Should -HaveCount 1
        $problems | Should -BeLike $Said
        $problems | Should -Not -Match 'AbCdEf'
    }
}

Describe 'A value that is no key' {
    It 'is accepted as it is typed, read and exported: <_>' -ForEach @(
        'HTTP-Referer: https://www.example.com/path?utm_source=kore', 'X-Model: meta-llama/Llama-3.3-70B-Instruct:free', 'x-portkey-model: accounts/fireworks/models/llama-v3p1-405b-instruct'
        "X-Json: '{""team"":""a"",""env"":""prod""}'", 'X-Amz-Date: 20240115T103000Z', 'X-Title: Support desk'
    ) {
        $name, $value = $_ -split ': ', 2
        $value = $value.Trim("'")
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { p: '{{prompt}}', pat: '*' }, header: { $_ }" | Should -BeNullOrEmpty
        Connect-KorePlatform -Sandbox
        $own = New-Connection -CustomApi -Name D -EndpointUrl https://llm.example.com -Payload @{ p = '{{prompt}}'; pat = '*' } -OutputPath a -Header @{ $name = $value } -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        # A sandbox masks each header.
        $answer = @{ connectionId = $own.ConnectionId; connectionName = 'D'; provider = 'API'; endpointUrl = 'https://llm.example.com'; payload = @{ p = '{{prompt}}'; pat = '*' }; outputPath = 'a'; headers = @(@{ key = $name; value = $value }) }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $own.ConnectionId; times = 0; status = 200; body = (ConvertTo-Json $answer -Depth 9) }
        $read = Get-Connection D -Detailed
        $read.Header[$name], $read.Payload.pat | Should -BeExactly $value, '*'
        Export-Connection $file -Force
        Get-Content $file -Raw | Should -Not -Match 'env:KORE'
        (Compare-Connection $file).Action | Should -Be InSync
    }

    It 'has no key, and no property of a variable twice: <Text>' -ForEach @(
        @{ Text = 'endpointUrl: https://llm.example.com/p?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl'; At = 'endpointUrl'; Saying = 'endpointUrl contains the key itself, which must not be in a manifest. *' }
        @{ Text = "endpointUrl: 'https://bob:hunter2secret@llm.example.com/p'"; At = 'endpointUrl'; Saying = 'endpointUrl contains a login (USER:PASSWORD@)*' }
        @{ Text = "endpointUrl: 'https://bob:hunter2secret@llm.example.com/p?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl'"; At = 'endpointUrl'; Saying = 'endpointUrl contains the key itself*', 'endpointUrl contains a login*' }
        @{ Text = 'customVariable: [{ name: x, defaultValue: sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz }]'; At = 'customVariable`[0`].defaultValue'; Saying = 'x contains the key itself*' }
        @{ Text = 'customVariable: [{ name: x, displayName: a, DisplayName: b }]'; At = 'customVariable`[0`]'; Saying = "This variable contains 'DisplayName' twice. Remove one of them." }
    ) {
        $rest = "outputPath: a, payload: { p: '{{prompt}} {{x}}' }$(if ($At -ne 'endpointUrl') { ", endpointUrl: 'https://llm.example.com'" })"
        Set-Content $file "connections:`n  - { provider: API, name: D, $Text, $rest }"
        $problem = @(Test-ConnectionManifest $file -IgnoreKeys)
        $problem | Should -HaveCount @($Saying).Count
        $problem.Path | Should -BeLike "connections``[0``].$At"
        0..($problem.Count - 1) | ForEach-Object { $problem[$_].Message | Should -BeLike @($Saying)[$_] }
    }

    It 'says where the key is in a long text: <Said>' -ForEach @(
        @{ Key = 'SUMMERSALE2024'; Text = 'see https://x.example.com/share?code=KEY or ask'; Said = '* at character {0} of {1} (code), *' }
        @{ Key = 'hunter2secret'; Text = 'see https://bob:KEY@x.example.com/ or ask'; Said = '* at character * of {1} (login), *' }
        @{ Key = 'sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'; Text = 'Authorization is KEY here'; Said = '* at character {0} of {1}, *' }
        @{ Key = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl'; Text = 'like {"apiKey": "KEY"} here'; Said = '* at character {0} of {1}, *' }
        @{ Key = 'sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'; Text = 'https://x.example.com/?sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz=KEY'; Said = '* at character * of {1}*' }
    ) {
        $text = ('Be kind to each customer. ' * 40) + $Text.Replace('KEY', $Key) + (' Thank you.' * 40)
        $manifest = @{ connections = @(@{ provider = 'API'; name = 'D'; endpointUrl = 'https://llm.example.com'; payload = @{ p = $text }; outputPath = 'a' }) }
        $manifest | ConvertTo-Json -Depth 9 | Set-Content "$TestDrive/long.json"
        $problem = @(Test-ConnectionManifest "$TestDrive/long.json" -IgnoreKeys)
        $problem.Message | Should -BeLike ('p contains the key itself' + ($Said -f ($text.IndexOf($Key) + 1), $text.Length))
        "$problem" | Should -Not -Match 'SUMMER|hunter2|AbCdEf|Zq7Rt5'
    }
}

Describe 'What nothing of a manifest uses' {
    BeforeAll {
        function Get-Unused($Text) {
            Set-Content $file "$Text`nconnections:`n  - { provider: OpenAI, name: D, model: gpt-5.5, apiKey: 'env:A' }"
            @(Test-ConnectionManifest $file -IgnoreKeys)
        }
    }

    It 'has no key and no mask either: <Text>' -ForEach @(
        @{ Text = 'x-old: sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'; Line = 1; Saying = 'x-old contains the key itself*Remove it, or use a reference*' }
        @{ Text = "x-m: 'sk-***************MQAA'"; Line = 1; Saying = 'x-m contains a mask*' }
        @{ Text = "x-base: &a`n  apiKey: Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl"; Line = 2; Saying = 'apiKey contains the key itself*' }
        @{ Text = "x-base:`n  header:`n    Authorization: Bearer Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl"; Line = 3; Saying = 'Authorization contains the key itself*' }
        @{ Text = "x-notes:`n  - ok`n  - 'the old one was sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'"; Line = 3; Saying = 'x-notes`[1`] contains the key itself*' }
        @{ Text = "x-url: 'https://a.example.com/x?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl'"; Line = 1; Saying = 'x-url contains the key itself*' }
        @{ Text = "x-proxy: 'http://bob:hunter2secret@proxy.example.com:8080'"; Line = 1; Saying = 'x-proxy contains the key itself*' }
        @{ Text = "X-Names:`n  sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz: 1"; Line = 2; Saying = 'A property name contains a key*' }
    ) {
        $problem = Get-Unused $Text
        $problem.Count | Should -Be 1
        $problem.Line | Should -Be $Line
        $problem.Message | Should -BeLike $Saying
        "$problem" | Should -Not -Match 'AbCdEf0123|Rt5Yu9'
    }

    It 'has references, words and notes: <_>' -ForEach @(
        "x-base: &a { apiKey: 'env:OPENAI_API_KEY', header: { Authorization: 'Bearer file:gateway.key' } }"
        "x-base: { apiKey: 'corp:Team/OpenAI/key', secret: 'env:A', password: short, tokens: 1000 }"
        "x-secret-owner: 'the platform team, see the handbook'"
        "x-note: '*** do not edit below ***'"
        'x-model: sk-bratislava-1'
        "x-id: 'cn-f47ac10b-58cc-4372-a567-0e02b2c3d479'"
        "x-url: 'https://wiki.example.com/x?page=2'"
        "x-repository: 'https://contoso@dev.azure.com/contoso/ai/_git/connections'"
        "x-clone: 'ssh://git@github.com/contoso/repo.git'"
        "x-thread: 'https://contoso.slack.com/archives/C01/p1629999999000200?thread_ts=1629999999.000200&cid=C01ABCDEF01'"
        "x-docs: 'https://docs.example.com/d/edit#heading=h.3znysh7abcdefgh12'"
        "x-issue: 'https://github.com/c/r/issues/12#issuecomment-1234567890'"
        "x-ticket: 'https://c.service-now.com/t.do?sys_id=0f1e2d3c4b5a69788796a5b4c3d2e1f0'"
        "x-vault: 'https://wiki.example.com/x?token=see-vault'"
    ) {
        Get-Unused $_ | Should -BeNullOrEmpty
    }

    It 'is one problem where something uses it after all' {
        Set-Content $file "x-key: &k sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz`nconnections:`n  - { provider: OpenAI, name: D, model: gpt-5.5, apiKey: *k }"
        $problem = @(Test-ConnectionManifest $file -IgnoreKeys)
        $problem.Message | Should -BeLike 'apiKey must be a reference*'
    }
}

Describe 'A manifest as a file' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -OpenAI -Name Desk -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
    }

    It 'has a connection once whose id is piped twice' {
        Get-Connection | ForEach-Object { $_; $_ } | Export-Connection $file -Force -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Get-Content $file) -match 'name: Desk' | Should -HaveCount 1
    }

    It 'has the connections of a list of ids' {
        Export-Connection $file -ConnectionId ([Collections.Generic.List[string]](Get-Connection).ConnectionId) -Force -ErrorAction Stop
        (Get-Content $file) -match 'name: Desk' | Should -HaveCount 1
    }

    It 'is not changed by -Merge if it is read-only' {
        Set-Content $file 'connections: [{ provider: OpenAI, name: Desk, model: old, apiKey: env:A }]'
        Set-ItemProperty $file IsReadOnly $true
        { Export-Connection $file -Merge -ErrorAction Stop } | Should -Throw '*is read-only*'
        Get-Content $file | Should -Match 'model: old'
        Set-ItemProperty $file IsReadOnly $false
        Export-Connection $file -Merge
        Get-Content $file | Should -Match 'model: gpt-5.5'
    }

    It 'is no pipe' -Skip:$IsWindows {
        mkfifo "$TestDrive/p.yaml"
        foreach ($how in @{ Force = $true }, @{ Merge = $true }) {
            { Export-Connection "$TestDrive/p.yaml" @how -ErrorAction Stop } | Should -Throw '*is a pipe, a device or a socket*'
        }
    }

    # Root may read everything, unless it gives that up.
    It 'is missed with an error if its folder cannot be read' -Skip:($IsWindows -or ((id -u) -eq '0' -and -not (Get-Command setpriv -ErrorAction Ignore))) {
        Import-Module "$PSScriptRoot/PowerShellProcess.psm1"
        $null = New-Item "$TestDrive/tree/open", "$TestDrive/tree/closed" -ItemType Directory -Force
        Copy-Item $file "$TestDrive/tree/open"
        chmod 000 "$TestDrive/tree/closed"
        $capabilities = '-dac_override,-dac_read_search'
        $unprivileged = (id -u) -eq '0' ? @('setpriv', "--bounding-set=$capabilities", "--inh-caps=$capabilities") : @()
        $program, $first = @($unprivileged) + @(Get-PowerShellCommand)
        $patterns = '*/*.yaml', '*', 'clos[e]d/*.yaml', 'closed/*.yaml'
        try {
            $errors = & $program @first -NoProfile -NonInteractive -Command "
                Import-Module '$(Get-ModuleManifest)'
                foreach (`$pattern in '$($patterns -join "','")') { try { Test-ConnectionManifest ""$TestDrive/tree/`$pattern"" -IgnoreKeys -ErrorAction Stop } catch { ""`$_"" } }"
        } finally {
            chmod 700 "$TestDrive/tree/closed"
        }
        $errors | Should -HaveCount $patterns.Count
        $errors | Should -BeLike '*cannot be read completely*'
    }
}

Describe 'A pipeline in which no path comes' {
    BeforeAll { Connect-KorePlatform -Sandbox -WithSamples }

    It 'is an error, and neither a plan nor True: <_>' -ForEach @(
        { Get-ChildItem $TestDrive -Filter none*.yaml | Test-ConnectionManifest -ErrorVariable failed -ErrorAction SilentlyContinue }
        { Get-ChildItem $TestDrive -Filter none*.yaml | Test-ConnectionManifest -Quiet -ErrorVariable failed -ErrorAction SilentlyContinue }
        { $null | Test-ConnectionManifest -Quiet -ErrorVariable failed -ErrorAction SilentlyContinue }
        { Get-ChildItem $TestDrive -Filter none*.yaml | Compare-Connection -ErrorVariable failed -ErrorAction SilentlyContinue }
        { $null | Compare-Connection -ErrorVariable failed -ErrorAction SilentlyContinue }
        { Get-ChildItem $TestDrive -Filter none*.yaml | Sync-Connection -ErrorVariable failed -ErrorAction SilentlyContinue }
        { $null | Sync-Connection -ErrorVariable failed -ErrorAction SilentlyContinue }
    ) {
        $output = . $_
        $failed.FullyQualifiedErrorId | Should -Contain "KoreInvalidInput,KoreConnections.Commands.$($failed[-1].InvocationInfo.MyCommand -replace '-')Command"
        "$($failed[-1])" | Should -Be '-Path did not get any value from the pipeline, so no manifest was read. Correct the command before the |, or specify the path of a manifest.'
        $output | Should -Be $(if ("$_" -match 'Quiet') { $false })
    }

    It 'ends a script that stops at errors' {
        { Get-ChildItem $TestDrive -Filter none*.yaml | Sync-Connection -ErrorAction Stop } | Should -Throw '*did not get any value from the pipeline*'
    }
}

Describe 'Filters of Export-Connection that match nothing' {
    BeforeAll { Connect-KorePlatform -Sandbox -WithSamples }

    It 'leave the file as it is, and say so: <_>' -ForEach @(
        { Export-Connection $kept -Name 'Suport*' -Force }
        { Export-Connection $kept -Name 'Suport*' -Merge }
        { Export-Connection $kept -Provider Antropic -Force }
        { Export-Connection $kept -Name @() -Force }
    ) {
        $kept = "$TestDrive/kept.yaml"
        Export-Connection $kept -Force
        $before = Get-Content $kept -Raw
        $said = @(& $_ 3>&1)
        $said[-1] | Should -BeOfType Management.Automation.WarningRecord
        "$($said[-1])" | Should -Be 'No connection matches, so the file was not changed. Correct -Name or -Provider.'
        ($said.Count -gt 1) | Should -Be ("$_" -match 'Antropic')
        Get-Content $kept -Raw | Should -BeExactly $before
    }

    It 'make a new file, and say that it is empty: <_>' -ForEach @(
        { Export-Connection $new -Name 'Suport*' }
        { Export-Connection $new -Name 'Suport*' -Merge }
        { Export-Connection $new -Provider Anthropic -Name 'Support*' }
    ) {
        $new = "$TestDrive/$(New-Guid).yaml"
        "$(& $_ 3>&1)" | Should -Be 'No connection matches, so the new file has no connections. Correct -Name or -Provider.'
        Get-Content $new | Should -Contain 'connections: []'
    }

    It 'name the values of the API also where a new file is written' {
        Export-Connection "$TestDrive/new.yaml" -Provider Antropic -WarningVariable said -WarningAction SilentlyContinue
        "$($said[0])" | Should -BeLike "*-Provider 'Antropic' is not one of the API's values*"
    }
}

Describe 'A path as tab completion writes it' -Skip:$IsWindows {
    BeforeAll {
        $env:COMPLETED_KEY = 'sk-sample-openai-12345678'
        $folder = (New-Item "$TestDrive/completed" -ItemType Directory).FullName
        Push-Location $folder
    }

    BeforeEach {
        Get-ChildItem $folder | Remove-Item -Recurse
        Connect-KorePlatform -Sandbox -WithSamples
    }

    AfterAll { Pop-Location }

    It 'is the manifest: <_>' -ForEach 'm[1].yaml', 't`x.yaml', 'star*.yaml', 'what?.yaml' {
        Export-Connection $_
        $completed = (TabExpansion2 "Compare-Connection $($_[0])").CompletionMatches[0].CompletionText
        (Get-ChildItem $folder).Name | Should -Be $_
        @(Invoke-Expression "Compare-Connection $completed -IgnoreKeys") | Should -HaveCount 6
        Invoke-Expression "Test-ConnectionManifest $completed -IgnoreKeys -Quiet" | Should -BeTrue
        Invoke-Expression "Export-Connection $completed -Force"
        Invoke-Expression "Export-Connection $completed -Merge"
        (Get-ChildItem $folder).Name | Should -Be $_
    }

    It 'is in a folder whose name is escaped' {
        $null = New-Item 'f[1]' -ItemType Directory
        Export-Connection './f`[1`]/new.yaml'
        [IO.File]::Exists("$folder/f[1]/new.yaml") | Should -BeTrue
        @(Compare-Connection './f`[1`]' -IgnoreKeys) | Should -HaveCount 6
    }

    It 'is a pattern in which an escaped character is itself' {
        Export-Connection 'a [1].yaml' -Name Finance
        Export-Connection 'a [2].yaml' -Name 'Support desk'
        Export-Connection 'a 3.yaml'
        @(Compare-Connection 'a `[*.yaml' -IgnoreKeys).Where({ $_.Action -ne 'Unmanaged' }).Name | Should -Be 'Finance', 'Support desk'
    }

    It 'is the report of a rotation, which is resumed' {
        $null = Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:COMPLETED_KEY -ReportPath 'r[1].jsonl' 3>$null
        $completed = (TabExpansion2 'Update-ConnectionKey -ReportPath r').CompletionMatches[0].CompletionText
        (Invoke-Expression "Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:COMPLETED_KEY -ReportPath $completed" 3>$null).Outcome | Should -Be 'AlreadyUpdated'
        (Get-ChildItem $folder).Name | Should -Be 'r[1].jsonl'
    }

    It 'is the page and the state of a sandbox' {
        Export-ConnectionReport './p`[1`].html'
        Export-ConnectionReport './p`[1`].html' -Force
        (Get-ChildItem $folder).Name | Should -Be 'p[1].html'
        Connect-KorePlatform -Sandbox -SandboxPath 's[1].json' -WithSamples
        Disconnect-KorePlatform
        Connect-KorePlatform -Sandbox -SandboxPath './s`[1`].json'
        @(Get-Connection) | Should -HaveCount 6
    }

    It 'is not undone for a file that is called so' {
        Set-Content -LiteralPath 'x`[1`].yaml' 'connections: []'
        Export-Connection 'x`[1`].yaml' -Force
        @(Get-ChildItem $folder).Name | Should -Be 'x`[1`].yaml'
    }
}

Describe 'A path that is no string' {
    BeforeAll {
        $env:OBJECTS_KEY = 'sk-sample-openai-12345678'
        $folder = (New-Item "$TestDrive/objects" -ItemType Directory).FullName
        'a', 'b' | ForEach-Object { Set-Content "$folder/$_.yaml" "connections: [{ provider: OpenAI, name: $_, model: gpt-5.5, apiKey: env:OBJECTS_KEY }]" }
        $null = New-PSDrive Objects FileSystem $folder -Scope Global
        Connect-KorePlatform -Sandbox
        Push-Location $folder
    }

    AfterAll {
        Pop-Location
        Remove-PSDrive Objects
    }

    It 'is the manifest, from the pipeline too: <_>' -ForEach @(
        { $PWD }, { Get-Item . }, { , (Resolve-Path a.yaml, b.yaml) }, { , (Resolve-Path Objects:/*.yaml) }, { [psobject]::AsPSObject('*.yaml') }
        { , [Collections.Generic.List[string]]('a.yaml', 'b.yaml') }, { , [Collections.Generic.HashSet[object]](Get-Item *.yaml) }, { , [Collections.ArrayList]('a.yaml', 'b.yaml') }
        { , [Collections.ArrayList]('a.yaml', (Get-Item b.yaml), (Resolve-Path b.yaml)) }, { , ('a.yaml', @($null, [Collections.ArrayList]@(, @('b.yaml')))[1]) }
    ) {
        $given = & $_
        foreach ($plan in { Compare-Connection $given -ErrorAction Stop }, { Sync-Connection $given -WhatIf -ErrorAction Stop }, { $given | Compare-Connection -ErrorAction Stop }, { , $given | Compare-Connection -ErrorAction Stop }) {
            (& $plan).Name | Should -Be 'a', 'b' -Because $plan
        }
        Test-ConnectionManifest $given -Quiet -ErrorAction Stop | Should -BeTrue
        $given | Test-ConnectionManifest -Quiet -ErrorAction Stop | Should -BeTrue
        @(Find-ConnectionIssue -ManifestPath $given -Rule Drift -ErrorAction Stop) | Should -HaveCount 2
    }

    It 'is refused if it leads to no manifest: <Of>' -ForEach @(
        { Resolve-Path env: }, { , ('a.yaml', (Resolve-Path env:)) }, { , [Collections.ArrayList]@(Get-Location -PSDrive Variable) } | ForEach-Object { @{ Of = $_; Saying = '*is not in the file system.' } }
        { 5 }, { @{ Path = 'a.yaml' } }, { Get-Process -Id $PID }, { , [Collections.ArrayList]('a.yaml', 5) }, { , [Collections.ArrayList]('a.yaml', @{ Path = 'b.yaml' }) } |
            ForEach-Object { @{ Of = $_; Saying = '*-Path is not a path. Use a string, or what Get-Item, Get-ChildItem or Resolve-Path emits.' } }
        @{ Of = { $all = [Collections.ArrayList]@('a.yaml'); $null = $all.Add($all); , $all }; Saying = '*-Path is not a path.*' }
        @{ Of = { , [Collections.Generic.List[string]]('a.yaml', '') }; Saying = '*-Path is empty*' }
        @{ Of = { , [Collections.ArrayList]('a.yaml', @('none*')) }; Saying = "*'none*' does not match any manifest*" }
        { , [Collections.ArrayList]@() }, { , @(, [Collections.ArrayList]@()) } | ForEach-Object { @{ Of = $_; Saying = "Cannot bind argument to parameter 'Path' because it is an empty array." } }
    ) {
        $given = & $Of
        foreach ($read in { Compare-Connection $given -ErrorAction Stop }, { Test-ConnectionManifest $given -ErrorAction Stop }) {
            $read | Should -Throw $Saying
        }
    }

    It 'is a file that is written: <_>' -ForEach { [IO.FileInfo]$args[0] }, { Get-Item $args[0] }, { Resolve-Path $args[0] }, { [psobject]::AsPSObject([IO.FileInfo]$args[0]) } {
        $into = (New-Item "$TestDrive/$(New-Guid)" -ItemType Directory).FullName
        'e.yaml', 'p.html', 'r.jsonl' | ForEach-Object { $null = New-Item "$into/$_" }
        Connect-KorePlatform -Sandbox -SandboxPath "$into/s.json" -WithSamples
        Connect-KorePlatform -Sandbox -SandboxPath (& $_ "$into/s.json")
        Export-Connection (& $_ "$into/e.yaml") -Force
        Export-ConnectionReport (& $_ "$into/p.html") -Force
        (Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:OBJECTS_KEY -SkipVerification -ReportPath (& $_ "$into/r.jsonl") 3>$null).Outcome | Should -Be 'Updated'
        @(Get-Connection) | Should -HaveCount 6
        (Get-Item "$into/*").Where({ $_.Length -eq 0 }) | Should -BeNullOrEmpty
    }

    It 'is in the folder of the shell, and not of the process, where it is relative' {
        $folder = (New-Item "$TestDrive/$(New-Guid)" -ItemType Directory).FullName
        Connect-KorePlatform -Sandbox -WithSamples
        Push-Location $folder
        try {
            Export-Connection ([IO.FileInfo]'own.yaml')
            (Compare-Connection ([IO.FileInfo]'own.yaml') 3>$null).Action | Should -HaveCount 6
            Export-Connection (Get-Item own.yaml) -Force
        } finally {
            Pop-Location
        }
        (Get-Item "$folder/*").Name | Should -Be 'own.yaml'
        'own.yaml' | Should -Not -Exist
    }

    It 'is refused where it is no file: <Of>' -ForEach @(
        { Export-Connection (Resolve-Path env:) -ErrorAction Stop }, { Export-ConnectionReport (Resolve-Path env:) -ErrorAction Stop }, { Connect-KorePlatform -Sandbox -SandboxPath (Resolve-Path env:) -ErrorAction Stop },
        { Update-ConnectionKey cn-1 env:OBJECTS_KEY -ReportPath (Resolve-Path env:) -ErrorAction Stop } | ForEach-Object { @{ Of = $_; Saying = '*is not in the file system.' } }
        @{ Of = { Export-Connection (Get-Item .) -Force -ErrorAction Stop }; Saying = '*has no file extension*' }
        @{ Of = { Export-Connection (Get-Process -Id $PID) }; Saying = '*is an object of the type Process, not a string.*' }
    ) {
        Connect-KorePlatform -Sandbox
        $Of | Should -Throw $Saying
    }

    It 'is accepted by each parameter for files' {
        $paths = (Get-Command -Module KoreConnections).ForEach({ $_.Parameters.Values.Where({ $_.Name -like '*Path' -and $_.Name -notmatch '^Output|Tokens' }) })
        $paths | Should -HaveCount 9
        $paths.Where({ -not $_.Attributes.Where({ $_.IsPath -or $_.GetType().Name -eq 'PathTransformationAttribute' }) }).Name | Should -BeNullOrEmpty
    }
}

Describe 'A character at which some programs end a line: <Name>' -ForEach @(
    @{ Name = 'U+0085'; Break = [char]0x85 }, @{ Name = 'U+2028'; Break = [char]0x2028 }, @{ Name = 'U+2029'; Break = [char]0x2029 }
) {
    BeforeAll {
        $script:custom = "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a"
    }

    It 'is refused unescaped with its place: <Where>' -ForEach @(
        @{ Where = 'in a comment before more'; Text = "connections:`n  # reviewed{0}  - {{ name: Backdoor, {1}, payload: {{}} }}`n  - {{ name: A, {1}, payload: {{}} }}`n"; At = '2:13' }
        @{ Where = 'at the end of a comment'; Text = "# a{0}`nconnections: []`n"; At = '1:4' }
        @{ Where = 'in a quoted text'; Text = "connections:`r`n  - {{ name: A, {1}, payload: {{ a: `"b{0}   c`" }} }}`r`n"; At = '2:102' }
        @{ Where = 'behind old line ends'; Text = "version: 1`rconnections:`r  # a{0}`r  []`r"; At = '3:6' }
    ) {
        [IO.File]::WriteAllText($file, ($Text -f $Break, $custom))
        $problems = @(Test-ConnectionManifest $file -IgnoreKeys)
        $problems | Should -HaveCount 1
        "$($problems.Line):$($problems.Column)" | Should -Be $At
        $problems.Message | Should -Be "The character $Name is invisible here, and some programs end the line at it. Remove it, or write it as `"\u$($Name.Substring(2))`" in double quotation marks."
    }

    It 'is a text like any other where it is escaped, in an export, and in JSON' {
        Connect-KorePlatform -Sandbox
        $escaped = "\u$($Name.Substring(2))"
        Set-Content $file "connections:`n  - { name: A, $custom, payload: { `"n$escaped`": `"b$escaped   c`", d: 1 } }"
        $null = Sync-Connection $file
        (Get-Connection A -Detailed).Payload["n$Break"] | Should -BeExactly "b$Break   c"
        Export-Connection $TestDrive/exported.yaml
        Get-Content $TestDrive/exported.yaml -Raw | Should -Match ([regex]::Escape("b$escaped   c"))
        Get-Content $TestDrive/exported.yaml -Raw | Should -Not -Match $Break
        Set-Content $file "connections:`n  - { name: A, $custom, payload: { `"n$escaped`": x, d: 2 } } # mine"
        Export-Connection $file -Merge -ErrorAction Stop
        Get-Content $file -Raw | Should -Match '# mine'
        [IO.File]::WriteAllText("$TestDrive/a.json", (@{ connections = @(@{ name = 'A'; provider = 'API'; endpointUrl = 'https://llm.example.com'; outputPath = 'a'; payload = [ordered]@{ "n$Break" = "b$Break   c"; d = 1 } }) } | ConvertTo-Json -Depth 9))
        foreach ($path in "$TestDrive/exported.yaml", $file, "$TestDrive/a.json") { (Compare-Connection $path).Action | Should -Be InSync }
    }
}

Describe 'An empty text, and names in another case' {
    It 'names what clears the property: <Property>' -ForEach @(
        @{ Property = 'inputTokensPath'; More = "payload: {}, outputPath: a, inputTokensPath: ''" }
        @{ Property = 'customVariable'; More = "payload: {}, outputPath: a, customVariable: ' '" }
        @{ Property = 'authorizationProfile'; More = "mapProvider: openAIModel, feature: [streaming], authorizationProfile: ''" }
        @{ Property = 'ioMapping'; More = "mapProvider: openAIModel, feature: [streaming], ioMapping: ''" }
    ) {
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', $More" | Should -BeLike "*.$($Property): $Property is empty. Specify a value, or write ~ to clear the property."
        Set-Content "$TestDrive/e.json" ('{ "connections": [{ "name": "D", "provider": "API", "endpointUrl": "https://llm.example.com", "payload": {}, "outputPath": "a", "inputTokensPath": "" }] }')
        (Test-ConnectionManifest "$TestDrive/e.json").Message | Should -BeLike '*write null to clear the property.'
    }

    It 'asks for a value where nothing can be cleared: <_>' -ForEach 'model', 'outputPath' {
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', payload: {}, $(@{ model = "outputPath: a, model: ''"; outputPath = "outputPath: ''" }[$_])" | Should -BeLike "*$_ is empty. Specify a value."
    }

    It 'lets an own name overrule a merged one in another case, save in a payload' {
        Set-Content $file @'
x-b: &b { Provider: OpenAI, outputpath: z, HEADER: { X-Team: b } }
x-h: &h { ACCEPT: text/plain, X-Team: merged }
x-p: &p { A: 1, b: 2 }
connections:
  - <<: *b
    provider: API
    name: D
    endpointUrl: https://llm.example.com
    header: { <<: *h, accept: application/json }
    payload: { <<: *p, a: 3 }
    outputPath: own
'@
        Test-ConnectionManifest $file | Should -BeNullOrEmpty
        Connect-KorePlatform -Sandbox
        $null = Sync-Connection $file
        $made = Get-Connection D -Detailed
        $made.OutputPath | Should -BeExactly own
        $made.Payload.Keys | Sort-Object -CaseSensitive | Should -BeExactly 'a', 'A', 'b'
        $made.Header.Keys | Sort-Object | Should -BeExactly 'accept', 'X-Team'
        Set-Content $file "x-b: &b { outputPath: y, outputpath: z }`nconnections:`n  - { <<: *b, name: D, provider: API, endpointUrl: 'https://llm.example.com', payload: {} }"
        (Test-ConnectionManifest $file).Message | Should -BeLike '*is given twice, in different case*'
    }
}
