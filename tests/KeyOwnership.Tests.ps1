# A key works at one provider only, and what a connection had before cannot be read back: what a forgotten filter must not destroy.

BeforeDiscovery {
    $marked = 'sk-4f1c7a90e2b3T3BlbkFJ7d20e5b3QXBB'
    $foreign = @(
        @{ Key = 'sk-ant-api03-4f1c7a90e2b3MQAA'; Owner = 'Anthropic'; Provider = 'OpenAI' }
        @{ Key = 'sk-ant-admin01-4f1c7a90e2b3MQAA'; Owner = 'Anthropic'; Provider = 'AzureOpenAI' }
        @{ Key = 'sk-proj-4f1c7a90e2b3MQAA'; Owner = 'Open AI'; Provider = 'Anthropic' }
        @{ Key = 'sk-svcacct-4f1c7a90e2b3MQAA'; Owner = 'Open AI'; Provider = 'AzureOpenAI' }
        @{ Key = $marked; Owner = 'Open AI'; Provider = 'Anthropic' }
        @{ Key = $marked; Owner = 'Open AI'; Provider = 'AzureOpenAI' }
        @{ Key = 'AIzaSyA4f1c7a90e2b3-made_up0123456789MQAA'; Owner = 'Google'; Provider = 'OpenAI' }
        @{ Key = 'AIzaSyA4f1c7a90e2b3-made_up0123456789MQAA'; Owner = 'Google'; Provider = 'Anthropic' }
        @{ Key = 'gsk_4f1c7a90e2b3made0up0123456789MQAA'; Owner = 'Groq'; Provider = 'OpenAI' }
        @{ Key = 'sk-or-v1-4f1c7a90e2b30123456789abcdef0123'; Owner = 'OpenRouter'; Provider = 'OpenAI' }
        @{ Key = 'sk-or-v1-4f1c7a90e2b30123456789abcdef0123'; Owner = 'OpenRouter'; Provider = 'Anthropic' }
        @{ Key = 'xai-4f1c7a90e2b3made0up0123456789MQAA'; Owner = 'xAI'; Provider = 'Anthropic' }
        @{ Key = 'hf_4f1c7a90e2b3made0up0123456789MQAAxy'; Owner = 'Hugging Face'; Provider = 'OpenAI' }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $env:OWNERSHIP_KEY = 'sk-made-up-4f1c7a90e2b3MQAA'
    $env:OWNERSHIP_OTHER = 'made-up-7d20e5b3a1c9QXBB'
    $models = @{ OpenAI = @{ Model = 'gpt-5.5' }; Anthropic = @{ Model = 'claude-opus-4-8' }; AzureOpenAI = @{ Model = 'm'; ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-10-21' } }
    function New-Sample($Provider, $Name) {
        $set = $models[$Provider] + @{ $Provider = $true; Name = $Name; ApiKey = 'made-up-first-one-4f1c7a90' }
        (New-Connection @set).ConnectionId
    }
}

Describe 'One key for several providers' {
    BeforeEach {
        Connect-NewSandbox
        $ids = @(New-Sample OpenAI a; New-Sample OpenAI b; New-Sample Anthropic c; New-Sample AzureOpenAI d; New-Sample OpenAI e)
    }

    It 'is refused at the second, and what follows goes on: <_>' -ForEach @(
        { Get-Connection | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { Get-Connection | Set-Connection -ApiKey 'sk-made-up-4f1c7a90e2b3MQAA' -ThrottleLimit 1 }
        { Get-Connection | Select-Object ConnectionId, Provider | Set-Connection -ApiKey ([pscredential]::new('x', (ConvertTo-SecureString 'sk-made-up-4f1c7a90e2b3MQAA' -AsPlainText -Force))) }
        { Get-Connection | Select-Object ConnectionId, Provider, @{ n = 'ApiKey'; e = { 'env:OWNERSHIP_KEY' } } | Set-Connection }
        { Get-Connection | ConvertTo-Csv | ConvertFrom-Csv | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { $ids | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { $ids | Set-Connection -ApiKey env:OWNERSHIP_KEY -ThrottleLimit 1 }
        { $ids | ForEach-Object { [pscustomobject]@{ Id = $_; ApiKey = 'sk-made-up-4f1c7a90e2b3MQAA' } } | Set-Connection }
        { $ids | ForEach-Object { "ConnectionId,ApiKey`n$_,env:OWNERSHIP_KEY" | ConvertFrom-Csv } | Set-Connection }
        { Get-Connection | Select-Object ConnectionId, ConnectionName | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { Get-Connection | Select-Object ConnectionId, ConnectionName, @{ n = 'ApiKey'; e = { 'env:OWNERSHIP_KEY' } } | Set-Connection }
        # Of the first, only the id is known, of the second the provider, or the other way round.
        { $ids[0], (Get-Connection b), $ids[2], $ids[3], (Get-Connection e) | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { (Get-Connection a), $ids[1], (Get-Connection c), (Get-Connection d), $ids[4] | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { (Get-Connection a), $ids[2], $ids[3], $ids[1], $ids[4] | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { $ids[0], (Get-Connection c), (Get-Connection d), $ids[1], $ids[4] | Set-Connection -ApiKey env:OWNERSHIP_KEY }
        { Get-Connection | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -SkipVerification }
        { $ids | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -SkipVerification }
        { $ids | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -SkipVerification -BatchSize 1 }
        { $ids | ForEach-Object { @{ ConnectionId = $_; ApiKey = 'env:OWNERSHIP_KEY' } } | Update-ConnectionKey -SkipVerification }
    ) {
        $sent = Get-SentRequest { $script:outcome = Get-Outcome $_ }
        @($sent.Where({ $_.method -eq 'PATCH' }).target | ForEach-Object { ($_ -split '/')[-1] } | Sort-Object) | Should -Be @($ids[0, 1, 4] | Sort-Object)
        $outcome.Errors.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        $outcome.Errors | Should -HaveCount 2
        "$($outcome.Errors[0])" | Should -BeLike '*was already used for Open AI, and Anthropic does not*-Force*'
        "$($outcome.Errors[1])" | Should -BeLike '*Azure Open AI*'
        "$($outcome.Errors) $($outcome.Errors.Exception)" | Should -Not -Match 'made-up'
    }

    It 'is refused before its provider is asked about it' {
        $provider = Start-FakeProvider
        try {
            $env:OWNERSHIP_KEY = 'sk-good-4f1c7a90e2b3MQAA'
            $results = $ids[0, 2] | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -ProviderUri $provider.Address -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $results.Outcome | Should -Be 'Updated', 'Failed'
            $results[1].Verdict | Should -BeNullOrEmpty
        } finally {
            Stop-FakeProvider $provider
            $env:OWNERSHIP_KEY = 'sk-made-up-4f1c7a90e2b3MQAA'
        }
    }

    It 'stays refused where a rotation is resumed' {
        $rotation = @{ ApiKey = 'env:OWNERSHIP_KEY'; SkipVerification = $true; ReportPath = "$TestDrive/$(New-Guid).jsonl"; ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
        ($ids[0, 2, 3] | Update-ConnectionKey @rotation).Outcome | Should -Be 'Updated', 'Failed', 'Failed'
        ($ids[0, 2, 3] | Update-ConnectionKey @rotation).Outcome | Should -Be 'AlreadyUpdated', 'Failed', 'Failed'
        ($ids[0, 2, 3] | Update-ConnectionKey @rotation).Outcome | Should -Be 'AlreadyUpdated', 'Failed', 'Failed'
    }

    It 'shows in -WhatIf: <_>' -ForEach { Get-Connection | Set-Connection -ApiKey env:OWNERSHIP_KEY -WhatIf }, { Get-Connection | Select-Object -First 3 | Set-Connection -ApiKey env:OWNERSHIP_KEY -WhatIf }, { $ids | Set-Connection -ApiKey env:OWNERSHIP_KEY -WhatIf } {
        (Get-Outcome $_).Errors[0] | Should -BeLike '*already used for Open AI*'
    }

    It 'shows in -WhatIf of a rotation, with nothing read: <Of>' -ForEach @(
        @{ Of = { Get-Connection | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -WhatIf }; Saying = '-ApiKey was already used for Open AI, and Anthropic does not', '-ApiKey was already used for Open AI, and Azure' }
        @{ Of = { 'a', 'c' | ForEach-Object { @{ Name = $_; ApiKey = 'env:OWNERSHIP_KEY' } } | Update-ConnectionKey -SkipVerification -WhatIf }; Saying = @('-ApiKey was already used for Open AI, and Anthropic does not') }
        @{ Of = { Get-Connection a, b | Update-ConnectionKey -ApiKey sk-ant-api03-4f1c7a90e2b3MQAA -WhatIf }; Saying = @('-ApiKey looks like a key of Anthropic') * 2 }
        @{ Of = { Get-Connection c | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -PreviousApiKey sk-proj-4f1c7a90e2b3MQAA -WhatIf }; Saying = @('-PreviousApiKey looks like a key of Open AI') }
        @{ Of = { Get-Connection a, b | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -WhatIf }; Saying = @() }
        @{ Of = { Get-Connection | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -Force -WhatIf }; Saying = @() }
    ) {
        $sent = Get-SentRequest { $script:outcome = Get-Outcome $Of }
        $outcome.Errors | Should -HaveCount $Saying.Count
        for ($i = 0; $i -lt $Saying.Count; $i++) { "$($outcome.Errors[$i])" | Should -BeLike "*$($Saying[$i])*" }
        @($outcome.Output).Outcome | Should -Be $(if ($Saying) { @('Failed') * $Saying.Count })
        @($sent.method) -ne 'GET' | Should -BeNullOrEmpty
        @($sent.target) -match '/cn-' | Should -BeNullOrEmpty
    }

    It 'is given with -Force: <_>' -ForEach @(
        { Get-Connection | Set-Connection -ApiKey env:OWNERSHIP_KEY -Force -PassThru }
        { $ids | Set-Connection -ApiKey env:OWNERSHIP_KEY -Force -PassThru }
        { $ids | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -SkipVerification -Force }
    ) {
        Assert-Outcome $_ -OutputCount 5
    }

    Context 'with providers that cannot be reached' {
        BeforeEach {
            Connect-NewSandbox -Proxy http://127.0.0.1:1 -MaximumRetryCount 0
            $ids = @(New-Sample OpenAI a; New-Sample OpenAI b; New-Sample Anthropic c; New-Sample AzureOpenAI d)
            $manifest = New-Item "$TestDrive/$(New-Guid).yaml" -Value @'
connections:
- {provider: OpenAI, name: a, model: gpt-5.5, apiKey: env:OWNERSHIP_KEY}
- {provider: Anthropic, name: c, model: claude-opus-4-8, apiKey: env:OWNERSHIP_KEY}
'@
        }

        It 'is sent to the first alone: <_>' -ForEach @(
            { Get-Connection -Detailed | Test-ConnectionKey -ApiKey env:OWNERSHIP_KEY -ThrottleLimit 1 }
            { $ids | Test-ConnectionKey -ApiKey env:OWNERSHIP_KEY -ThrottleLimit 1 }
            {
                "Provider,Name,Model,ApiKey,ResourceName,DeploymentId,ApiVersion`nOpenAI,a,m,env:OWNERSHIP_KEY`nOpenAI,b,m,env:OWNERSHIP_KEY`nAnthropic,c,m,env:OWNERSHIP_KEY`nAzureOpenAI,d,m,env:OWNERSHIP_KEY,contoso,eu,2024-10-21" |
                    ConvertFrom-Csv | Test-ConnectionKey
            }
        ) {
            $outcome = Get-Outcome $_
            $refused = @($outcome.Errors) -match 'was already used for Open AI, and (Anthropic|Azure Open AI) does not accept the same key'
            $refused | Should -HaveCount 2
            $refused.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
            @($outcome.Errors) + $outcome.Output | Should -HaveCount 4
        }

        It 'is sent to the first alone by a search for issues' {
            $found = Find-ConnectionIssue -Rule KeyUnverified -ManifestPath $manifest -VerifyKey -WarningAction Ignore
            $found.Where({ $_.ConnectionName -eq 'c' }).Message | Should -BeLike '*was already used for Open AI, and Anthropic does not accept the same key*'
            $found.Where({ $_.ConnectionName -eq 'a' }).Message | Should -Not -BeLike '*already used*'
        }

        It 'is given by a manifest to the first alone<And>' -ForEach @{ With = @{}; And = ''; Patches = 1 }, @{ With = @{ WhatIf = $true }; And = ', also in -WhatIf'; Patches = 0 } {
            'a', 'c' | ForEach-Object { Get-Connection $_ | Set-Connection -ApiKey "sk-earlier-4f1c7a90-of-$_" -WarningAction Ignore }
            (Get-Content $manifest) -replace 'OWNERSHIP_KEY', 'OWNERSHIP_OTHER' | Set-Content $manifest
            $sent = Get-SentRequest { $script:outcome = Get-Outcome { Sync-Connection $manifest @With } }
            @($sent.method) -eq 'PATCH' | Should -HaveCount $Patches
            $outcome.Errors | Should -HaveCount 1
            "$($outcome.Errors)" | Should -BeLike '*was already used for Open AI, and Anthropic does not accept the same key*'
            $outcome.Output.Where({ $_.Name -eq 'c' }).Outcome | Should -Be Failed
        }
    }

    It 'is no matter where each provider has its own: <_>' -ForEach @(
        { Get-Connection -Provider OpenAI | Set-Connection -ApiKey env:OWNERSHIP_KEY -PassThru; Get-Connection -Provider Anthropic | Set-Connection -ApiKey env:OWNERSHIP_OTHER -PassThru }
        {
            Get-Connection | Where-Object Provider -NE 'Azure Open AI' | Select-Object ConnectionId, Provider, @{ n = 'ApiKey'; e = { $_.Provider -eq 'Anthropic' ? 'env:OWNERSHIP_OTHER' : 'env:OWNERSHIP_KEY' } } |
                Update-ConnectionKey -SkipVerification
        }
    ) {
        Assert-Outcome $_ -OutputCount 4
    }

    It 'is the provider''s own in each spelling of it: <_>' -ForEach 'openai', 'OPENAI', 'Open AI', 'open ai' {
        $row = [pscustomobject]@{ ConnectionId = $ids[0]; Provider = $_; ApiKey = 'sk-proj-4f1c7a90e2b3MQAA' }
        Assert-Outcome { $row | Set-Connection -PassThru } -OutputCount 1
        Assert-Outcome { $row | Update-ConnectionKey -SkipVerification } -OutputCount 1
    }
}

Describe 'A key of another provider''s shape' {
    BeforeEach {
        Connect-NewSandbox
        $id = New-Sample $Provider x
        $env:OWNERSHIP_FOREIGN = $Key
    }

    It 'is refused everywhere, and nothing of it is sent: <Key> at <Provider>' -ForEach $foreign {
        $set = $models[$Provider] + @{ $Provider = $true; ApiKey = 'env:OWNERSHIP_FOREIGN' }
        Set-Content "$TestDrive/m.yaml" "connections: [$(@{ provider = $Provider; name = 'n' } + $models[$Provider] + @{ apiKey = 'env:OWNERSHIP_FOREIGN' } | ConvertTo-Json -Compress)]"
        foreach ($command in @(
                { New-Connection -Name n @set }
                { Get-Connection | Set-Connection -ApiKey env:OWNERSHIP_FOREIGN }
                { Update-ConnectionKey $id -ApiKey env:OWNERSHIP_FOREIGN -SkipVerification }
                { Test-ConnectionKey @set }
                { Get-Connection | Test-ConnectionKey -ApiKey env:OWNERSHIP_FOREIGN }
                { Sync-Connection "$TestDrive/m.yaml" }
            )) {
            $sent = Get-SentRequest { $script:outcome = Get-Outcome $command }
            $sent.Where({ $_.method -ne 'GET' }) | Should -BeNullOrEmpty -Because $command
            "$($outcome.Errors[0])" | Should -BeLike "*looks like a key of $Owner, but the connection's provider is *" -Because $command
            $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
            "$($outcome.Errors | Out-String)" | Should -Not -Match '4f1c7a90' -Because $command
        }
    }

    It 'is given with -Force where a connection is there: <Key> at <Provider>' -ForEach $foreign[0, 2] {
        (Get-Connection | Set-Connection -ApiKey env:OWNERSHIP_FOREIGN -Force -PassThru).ConnectionId | Should -Be $id
        (Update-ConnectionKey $id -ApiKey env:OWNERSHIP_FOREIGN -SkipVerification -Force -WarningAction SilentlyContinue).Outcome | Should -Be 'Updated'
    }
}

Describe 'A key of another provider''s shape, verified' {
    BeforeAll { $script:fake = Start-FakeProvider }

    BeforeEach { Connect-NewSandbox }

    AfterAll { Stop-FakeProvider $fake }

    It 'is tested at the provider with -Force, which decides: <Key> at <Provider>' -ForEach @(
        @{ Provider = 'Anthropic'; Key = 'sk-good-4f1c7a90T3BlbkFJ7d20e5b3QXBB'; Verdict = 'Valid' }
        @{ Provider = 'AzureOpenAI'; Key = 'sk-good-4f1c7a90T3BlbkFJ7d20e5b3QXBB'; Verdict = 'Valid' }
        @{ Provider = 'Anthropic'; Key = 'sk-revoked-4f1c7a90T3BlbkFJ7d20e5b3QXBB'; Verdict = 'InvalidKey' }
        @{ Provider = 'AzureOpenAI'; Key = 'sk-revoked-4f1c7a90T3BlbkFJ7d20e5b3QXBB'; Verdict = 'InvalidKey' }
        @{ Provider = 'OpenAI'; Key = 'sk-ant-api03-4f1c7a90e2b3MQAA'; Verdict = 'InvalidKey' }
        @{ Provider = 'OpenAI'; Key = 'AIzaSyA4f1c7a90e2b3-made_up0123456789MQAA'; Verdict = 'InvalidKey' }
    ) {
        $id = New-Sample $Provider x
        $env:OWNERSHIP_FOREIGN = $Key
        $rotation = @{ ApiKey = 'env:OWNERSHIP_FOREIGN'; ProviderUri = $fake.Address; ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
        $sent = Get-SentRequest { $script:result = Update-ConnectionKey $id -Force @rotation }
        $result.Verdict, $result.Outcome | Should -Be $Verdict, ($Verdict -eq 'Valid' ? 'Updated' : 'Failed')
        @($sent.method) -eq 'PATCH' | Should -HaveCount ($Verdict -eq 'Valid' ? 1 : 0)
        (Get-Outcome { Update-ConnectionKey $id -Force @rotation -WhatIf }).Errors | Should -BeNullOrEmpty
        if ($Key -notlike 'AIza*') {
            $result = Update-ConnectionKey $id @rotation
            $result.Outcome, $result.Verdict, $result.ErrorId | Should -Be Failed, $null, KoreInvalidInput
        }
    }
}

Describe 'A key of any shape' {
    BeforeEach { Connect-NewSandbox }

    It 'is taken by a custom API, and by Azure OpenAI where no provider of the platform has it: <_>' -ForEach @(
        'AIzaSyA4f1c7a90e2b3-made_up0123456789MQAA', 'gsk_4f1c7a90e2b3made0up0123456789MQAA', 'sk-or-v1-4f1c7a90e2b30123456789abcdef0123', 'xai-4f1c7a90e2b3made0up0123456789MQAA', 'hf_4f1c7a90e2b3made0up0123456789MQAAxy'
    ) {
        $env:OWNERSHIP_FOREIGN = $_
        $api = Get-CustomApi -With @{ Name = 'own'; EndpointUrl = 'https://a.example.com'; Header = @{ 'x-api-key' = 'env:OWNERSHIP_FOREIGN' } }
        (New-Connection @api -WarningAction SilentlyContinue).ConnectionId | Should -Not -BeNullOrEmpty
        $azure = $models.AzureOpenAI
        (New-Connection -AzureOpenAI -Name azure -ApiKey env:OWNERSHIP_FOREIGN @azure).ConnectionId | Should -Not -BeNullOrEmpty
        # A gateway has keys of its own: it is asked.
        $gateway = [uri]::new((Get-KoreSession).BaseUri, '/gateway')
        foreach ($provider in @{ OpenAI = $true }, @{ Anthropic = $true }) {
            (Test-ConnectionKey @provider -Model m -ApiKey env:OWNERSHIP_FOREIGN -ProviderUri $gateway).StatusCode | Should -Be 404
            { Get-ProviderModel @provider -ApiKey env:OWNERSHIP_FOREIGN -ProviderUri $gateway -ErrorAction Stop } | Should -Throw -ErrorId 'KoreUnexpectedResponse,*'
        }
        $env:OWNERSHIP_FOREIGN = $null
    }
}

Describe 'A key that is too short' {
    BeforeEach {
        Connect-NewSandbox
        $id = New-Sample OpenAI x
    }

    It 'is refused everywhere: <_>' -ForEach '!?', '?', 'abc', ' a1 ', 'env:OWNERSHIP_SHORT' {
        $given = $_
        $env:OWNERSHIP_SHORT = 'abc'
        foreach ($command in @(
                { New-Connection -OpenAI -Name n -Model m -ApiKey $given }
                { New-Connection -OpenAI -Name n -Model m -ApiKey (ConvertTo-SecureString $given -AsPlainText -Force) }
                { Set-Connection $id $given }
                { Update-ConnectionKey $id -ApiKey $given -SkipVerification }
                { Test-ConnectionKey -OpenAI -Model m -ApiKey $given }
            )) {
            $sent = Get-SentRequest { $script:outcome = Get-Outcome $command }
            $sent.Where({ $_.method -ne 'GET' }) | Should -BeNullOrEmpty -Because $command
            "$($outcome.Errors[0])" | Should -BeLike '*-ApiKey has ? character*but keys have at least 4. Check whether it was cut off.*' -Because $command
        }

        { Connect-KorePlatform http://localhost:1 -ApiKey $given -ErrorAction Stop } | Should -Throw '*-ApiKey has ? character*'
        $env:OWNERSHIP_SHORT = $null
    }

    It 'is no matter of a header, which may be one letter' {
        $api = Get-CustomApi -With @{ Name = 'short'; Header = @{ 'x-api-key' = 'k' } }
        (New-Connection @api).ConnectionId | Should -Not -BeNullOrEmpty
    }
}

Describe 'A rotation' {
    BeforeEach {
        Connect-NewSandbox
        $ids = @(New-Sample OpenAI a; New-Sample OpenAI b)
    }

    It 'has one result for each row, those that it refuses itself among them' {
        $rows = @{ ConnectionId = $ids[0] }, @{ Name = 'nobody' }, @{ ConnectionId = $ids[1]; ApiKey = 'env:NO_SUCH_VARIABLE' }, @{ Model = 'x' }, 'a/b', @{ Name = 'b' }
        $results = $rows | Update-ConnectionKey -ApiKey env:OWNERSHIP_KEY -SkipVerification -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue
        $results | Should -HaveCount $rows.Count
        $results.Outcome | Should -Be 'Updated', 'Failed', 'Updated', 'Failed', 'Failed', 'Updated'
        $failed | Should -HaveCount 3
        $results.Where({ $_.Outcome -eq 'Failed' }).ErrorId | Should -Be 'KoreConnectionNotFound', 'KoreInvalidInput', 'KoreInvalidInput'
        $results[1].ConnectionName | Should -Be 'nobody'
    }
}
