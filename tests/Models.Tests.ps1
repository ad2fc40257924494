# Models that retire, wherever a user meets them. The dates of today's models pass: what is asserted here has passed
# already, or is judged by a fixed day.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:provider = Start-FakeProvider
    $env:ACCEPTANCE_KEY = 'sk-models-4f1c7a90b2MQAA'
    $script:azure = @{ ResourceName = 'contoso'; ApiVersion = '2024-10-21' }
}

AfterAll { Stop-FakeProvider $provider }

Describe 'Test-ConnectionKey and the model' {
    It 'shows when it retires, and that a retired one cannot be used' {
        Test-ConnectionKey -OpenAI -Model gpt-4 -ApiKey env:ACCEPTANCE_KEY -ProviderUri $provider.Address | Format-List | Out-String | Should -Match 'ModelRetiresOn +: 2026-10-23'
        $result = Test-ConnectionKey -Anthropic -Model claude-3-5-haiku-20241022 -ApiKey env:ACCEPTANCE_KEY -ProviderUri $provider.Address
        $result.RecommendedAction | Should -Match '^Anthropic retired the model .* on 2026-02-19'
        $result.IsUsable | Should -BeFalse
    }
}

Describe 'Test-ConnectionKey and a deployment whose version is not known' {
    # What answers is of a version that lives on, until each of them has ended.
    It 'has the next end for a key that works, and says what may have retired for another: <_>' -ForEach 'models', 'revoked' {
        $env:MODELS_AZURE = "sk-$_-4f1c7a90b2MQAA"
        try {
            $row = [pscustomobject]($azure + @{ Provider = 'Azure Open AI'; Model = 'GPT-4o'; DeploymentId = 'own'; ApiKey = 'env:MODELS_AZURE' })
            $result = $row | Test-ConnectionKey -ProviderUri $provider.Address -WarningVariable said 3>$null
        } finally {
            Remove-Item env:MODELS_AZURE
        }
        $isWorking = $_ -eq 'models'
        $result.IsUsable, "$said" | Should -Be $isWorking, ''
        $result.ModelRetiresOn | Should -Be ([datetime]($isWorking -or (Get-Date) -ge '2027-04-14' ? '2027-04-14' : '2026-10-01'))
        if (-not $isWorking) { $result.RecommendedAction | Should -BeLike "*Azure OpenAI may have retired the model 'GPT-4o' on *" }
    }
}

Describe 'Warnings of models' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        $script:file = Join-Path $TestDrive models.yaml
        Set-Content $file @'
connections:
  - { provider: OpenAI, name: A, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: OpenAI, name: B, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: Anthropic, name: C, model: claude-2.1, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: Anthropic, name: D, model: a-new-one, apiKey: "env:ACCEPTANCE_KEY" }
'@
    }

    It 'come once for each model, and nothing is refused: <Name>' -ForEach @(
        @{ Name = 'Test-ConnectionManifest'; Script = { Test-ConnectionManifest $file } }
        @{ Name = 'Sync-Connection'; Script = { Sync-Connection $file } }
        @{ Name = 'New-Connection'; Script = {
                @(
                    @{ Provider = 'OpenAI'; Name = 'E'; Model = 'gpt-4'; ApiKey = 'env:ACCEPTANCE_KEY' }
                    @{ Provider = 'OpenAI'; Name = 'F'; Model = 'GPT-4 '; ApiKey = 'env:ACCEPTANCE_KEY' }
                    @{ Provider = 'Anthropic'; Name = 'G'; Model = 'claude-2.1'; ApiKey = 'env:ACCEPTANCE_KEY' }
                ) | New-Connection
            } }
    ) {
        $output = & $Script 3>&1 2>&1
        $warnings = @($output | Where-Object { $_ -is [Management.Automation.WarningRecord] })
        $warnings.Message | Should -HaveCount 2
        $warnings[0].Message | Should -Match "^OpenAI retired the model 'gpt-4 ?' on 2026-10-23 .*create a successor"
        $warnings[1].Message | Should -Match "^Anthropic retired the model 'claude-2.1' on 2025-07-21"
        @($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) | Should -BeNullOrEmpty
    }

    It 'advise another model where there is no connection yet: <Name>' -ForEach @(
        @{ Name = 'New-Connection'; Script = { New-Connection -OpenAI -Name New -Model gpt-4 -ApiKey env:ACCEPTANCE_KEY -WhatIf } }
        @{ Name = 'Sync-Connection'; Script = { Sync-Connection "$TestDrive/new.yaml" -WhatIf } }
        @{ Name = 'Sync-Connection -VerifyKey'; Script = { Sync-Connection "$TestDrive/new.yaml" -VerifyKey -ProviderUri $provider.Address } }
        @{ Name = 'Sync-Connection of what exists'; Exists = $true; Script = { Sync-Connection "$TestDrive/new.yaml" } }
    ) {
        Set-Content "$TestDrive/new.yaml" 'connections: [{ provider: OpenAI, name: New, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }]'
        $warned = @(& $Script 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] })
        $warned.Message | Should -HaveCount 1
        $warned.Message | Should -BeLike ($Exists ? "*. A connection's model cannot change. Create a successor *" : '*. Use another model. That of a connection cannot change, *')
    }

    It 'do not come for a model that is not known, nor with -Quiet' {
        New-Connection -OpenAI -Name Unknown -Model a-model-of-ours -ApiKey env:ACCEPTANCE_KEY 3>&1 | Should -BeOfType KoreConnections.Connection
        Test-ConnectionManifest $file -Quiet 3>&1 | Should -BeTrue
    }
}

Describe 'Warnings of models where more is known, or less' {
    BeforeEach {
        Connect-KorePlatform -Sandbox
        $script:file = Join-Path $TestDrive more.yaml
    }

    It 'come from the provider with -VerifyKey, once for each model, and from the table for what was not asked' {
        $entry = '  - {{ provider: OpenAI, name: {0}, model: {1}, apiKey: "env:ACCEPTANCE_KEY" }}'
        # gpt-4o ends on another day than in the table, and gpt-5.5 not at all.
        Set-Content $file 'connections:', ($entry -f 'A', 'gpt-4o'), ($entry -f 'B', 'gpt-4o'), ($entry -f 'C', 'gpt-4'), ($entry -f 'D', 'gpt-5.5')
        $null = Sync-Connection $file -VerifyKey -ProviderUri $provider.Address -WarningVariable live 3>$null
        "$live" | Should -Not -Match 'its page of'
        @($live.Message) -like "OpenAI retired the model 'gpt-4' on 2026-10-23: *" | Should -HaveCount 1
        @($live.Message) -like "*'gpt-4o'*" | Should -HaveCount ((Get-Date) -ge [datetime]'2026-12-31' ? 1 : 0)

        foreach ($rehearsal in $false, $true) {
            $null = Sync-Connection $file -VerifyKey -ProviderUri $provider.Address -WhatIf:$rehearsal -WarningVariable table 3>$null
            $table.Message | Should -HaveCount 2
            @($table.Message) -like "OpenAI retire* the model 'gpt-4' on 2026-10-23 (its page of *" | Should -HaveCount 1
            @($table.Message) -like "OpenAI retire* the model 'gpt-4o' on 2027-01-14 (its page of *" | Should -HaveCount 1
        }
    }

    It 'neither quote a key that is the problem, nor take a name for what a payload sends: <Name>' -ForEach @(
        @{ Name = 'model'; Entry = '{ provider: OpenAI, name: A, model: "ft:gpt-4:sk-proj-AbCdEfGhIjKlMnOp4f1c7a90MQAA", apiKey: "env:KORE_MODELS_KEY" }'; Count = 1 }
        @{ Name = 'model by reference'; Entry = '{ provider: OpenAI, name: A, model: "ft:gpt-4:${env:KORE_MODELS_KEY}", apiKey: "env:KORE_MODELS_KEY" }'; Count = 1 }
        @{ Name = 'payload'; Entry = '{ provider: API, name: B, endpointUrl: "https://api.openai.com/v1/x", payload: { model: "ft:gpt-4:sk-proj-AbCdEfGhIjKlMnOp4f1c7a90MQAA", p: "{{prompt}}" }, outputPath: a }'; Count = 1 }
        @{ Name = 'payload as text'; Entry = "{ provider: API, name: C, endpointUrl: 'https://api.openai.com/v1/x', payload: '{""model"":""gpt-6-luna"",""p"":""{{prompt}}""}', outputPath: a, model: gpt-4 }"; Count = 0 }
    ) {
        $env:KORE_MODELS_KEY = 'sk-proj-ZzYyXxWwVvUuTtSs1a2b3c4d5e6fMQAA'
        $path = "$TestDrive/models.yaml"
        Set-Content $path "version: 1`nconnections:`n - $Entry"
        Test-ConnectionManifest $path -WarningVariable said 3>$null | Should -HaveCount $Count
        "$said" | Should -Not -Match 'sk-proj|MQAA|gpt-4'
    }

    It 'come for a connection of a manifest that has another problem: <Name>' -ForEach @(
        @{ Name = 'a key that is not set'; Entry = '{ provider: OpenAI, name: A, model: gpt-4, apiKey: "env:NOT_SET_HERE" }' }
        @{ Name = 'no name'; Entry = '{ provider: OpenAI, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }' }
        @{ Name = 'an unknown property'; Entry = '{ provider: OpenAI, name: A, model: GPT-4, colour: red, apiKey: "env:ACCEPTANCE_KEY" }' }
        @{ Name = 'a key in plain text'; Entry = '{ provider: OpenAI, name: A, model: gpt-4, apiKey: sk-made-up-openai-4f1c7a90MQAA }' }
        @{ Name = 'a custom API with two kinds of settings'; Entry = '{ provider: API, name: A, mapProvider: openAIModel, header: { a: "env:ACCEPTANCE_KEY" }, endpointUrl: "https://api.openai.com/v1", payload: { model: gpt-4, q: "{{prompt}}" }, outputPath: x }' }
    ) {
        Set-Content $file 'connections:', "  - $Entry", '  - { provider: OpenAI, name: B, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY" }'
        Test-ConnectionManifest $file -WarningVariable said 3>$null | Should -HaveCount 1
        @($said.Message) -match "^OpenAI retired the model 'gpt-4' on 2026-10-23 " | Should -HaveCount 1
        "$said" | Should -Not -Match 'MQAA'
    }
}

Describe 'Find-ConnectionIssue' {
    BeforeAll {
        $script:day = [datetime]'2026-11-26'
        function Initialize-Platform {
            Connect-KorePlatform -Sandbox
            $null = @(
                New-Connection -OpenAI -Name 'Old desk' -Model gpt-4 -ApiKey env:ACCEPTANCE_KEY
                New-Connection -OpenAI -Name Desk -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
                New-Connection -Anthropic -Name Contracts -Model claude-sonnet-4-5-20250929 -ApiKey env:ACCEPTANCE_KEY
                New-Connection -AzureOpenAI -Name Finance -Model O1 @azure -DeploymentId new -ApiKey env:ACCEPTANCE_KEY
                New-Connection -CustomApi -Name 'Own model' -EndpointUrl https://llm.example.com/v1 -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' } -Payload @{ prompt = '{{prompt}}' } -OutputPath text
            ) 3>$null
        }
        Initialize-Platform
    }

    It 'finds on a fixed day exactly this, the gravest and most urgent first' {
        $issues = Find-ConnectionIssue -AsOf $day -MaximumKeyAgeDays 3650
        $issues | ForEach-Object { '{0} {1} {2} {3:yyyy-MM-dd} {4}' -f $_.Severity, $_.Rule, $_.ConnectionName, $_.DueOn, $_.Replacement } | ForEach-Object TrimEnd | Should -Be @(
            'Error ModelRetired Old desk 2026-10-23 gpt-5.6-sol'
            'Warning ModelRetired Finance 2026-10-21 GPT-5.6-Sol'
            'Warning ModelRetiring Contracts 2026-11-30 claude-sonnet-5-5'
            'Information NotUsableInAgenticApps Own model'
        )
        $issues[0].PSObject.TypeNames[0] | Should -Be KoreConnections.ConnectionIssue
        "$($issues | ConvertTo-Json)" | Should -Not -Match 'MQAA|made-up'
    }

    It 'lists once, and reads only what the rules need: <Rules>' -ForEach @(
        @{ Rules = 'LookAlikeName', 'Inactive'; Reads = 0 }
        @{ Rules = 'Model*'; Reads = 1 }
        @{ Rules = 'SharedKey'; Reads = 5 }
    ) {
        $requests = Get-SentRequest { Find-ConnectionIssue -Rule $Rules }
        @($requests | Where-Object target -Match '/connections$').Count | Should -Be 1
        @($requests).Count | Should -Be (1 + $Reads)
    }

    It 'chooses rules and severities' {
        (Find-ConnectionIssue -AsOf $day -Rule model* -ExcludeRule ModelRetiring).Rule | Should -Be ModelRetired, ModelRetired
        (Find-ConnectionIssue -AsOf $day -MinimumSeverity Error).ConnectionName | Should -Be 'Old desk'
        (Find-ConnectionIssue -AsOf $day -Rule ModelRetiring -WithinDays 3) | Should -BeNullOrEmpty
        (Find-ConnectionIssue -AsOf (Get-Date).AddDays(91) -Rule KeyOld) | Should -HaveCount 5
        (Find-ConnectionIssue -AsOf (Get-Date).AddDays(91) -Rule KeyOld -MaximumKeyAgeDays 100) | Should -BeNullOrEmpty
    }

    It 'examines what is piped in, and nothing else: <Name>' -ForEach @(
        @{ Name = 'listed'; Script = { Get-Connection Contracts } }
        @{ Name = 'read'; Script = { Get-Connection Contracts -Detailed } }
        @{ Name = 'an id'; Script = { (Get-Connection Contracts).ConnectionId } }
        @{ Name = 'deserialized'; Script = { Get-Connection Contracts | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'twice'; Script = { Get-Connection Contracts; Get-Connection Contracts } }
    ) {
        (& $Script | Find-ConnectionIssue -AsOf $day -MaximumKeyAgeDays 3650).Rule | Should -Be ModelRetiring
        Find-ConnectionIssue (& $Script | Select-Object -First 1) -AsOf $day -MaximumKeyAgeDays 3650 | ForEach-Object Rule | Should -Be ModelRetiring
    }

    It 'finds nothing in nothing' {
        Get-SentRequest { Get-Connection none* | Find-ConnectionIssue } | Should -HaveCount 1
    }

    It 'goes on where one cannot be read' {
        $issues = 'cn-none', (Get-Connection Contracts) | Find-ConnectionIssue -AsOf $day -Rule ModelRetiring -ErrorVariable errors -ErrorAction SilentlyContinue
        $issues.ConnectionName | Should -Be Contracts
        $errors.FullyQualifiedErrorId | Should -Match '^KoreConnectionNotFound,'
    }

    It 'takes a row by the name of its connection' {
        ([pscustomobject]@{ Provider = 'OpenAI'; Name = 'Old desk'; Model = 'x' } | Find-ConnectionIssue -AsOf $day -Rule Model*).ConnectionName | Should -Be 'Old desk'
        [pscustomobject]@{ Provider = 'OpenAI'; Name = 'Not there' } | Find-ConnectionIssue -ErrorAction SilentlyContinue -ErrorVariable missing
        "$missing" | Should -BeLike "*There is no connection named 'Not there'*"
    }

    It 'refuses what does not go together: <Parameters.Keys>' -ForEach @(
        @{ Parameters = @{ ManifestPath = 'none.yaml' }; Message = "-ManifestPath 'none.yaml' does not match any manifest*" }
        @{ Parameters = @{ Rule = 'ModelRetird' }; Message = '*Did you mean ModelRetired? You specified ''ModelRetird''.*' }
        @{ Parameters = @{ Rule = 'KeyOld', 'Unheard' }; Message = '*No rule is called ''Unheard''.*' }
        @{ Parameters = @{ ExcludeRule = '' }; Message = '*' }
        @{ Parameters = @{ ExcludeRule = '*' }; Message = '*leaves no rule to apply*' }
        @{ Parameters = @{ Rule = 'Model*'; ExcludeRule = 'ModelRet*' }; Message = '*leaves no rule to apply*' }
        @{ Parameters = @{ VerifyKey = $true }; Message = '*Use -ManifestPath*' }
        @{ Parameters = @{ ProviderUri = 'https://example.com' }; Message = '*Use -VerifyKey*' }
    ) {
        { Find-ConnectionIssue @Parameters -ErrorAction Stop } | Should -Throw $Message -ErrorId 'KoreInvalidInput,*'
    }

    It 'shows a table, and a list with the advice' {
        $table = Get-Shown (Find-ConnectionIssue -AsOf $day -Rule ModelRetir*)
        $table[0] | Should -Match '^Severity +DueOn +Rule +Name +Message'
        $table -match '^Error +2026-10-23 ModelRetired +Old desk +OpenAI retired' | Should -HaveCount 1
        "$(Get-Shown (Find-ConnectionIssue -AsOf $day -Rule ModelRetiring | Format-List) -Width 200)" | Should -Match '(?s)DueOn +: 2026-11-30.*Replacement +: claude-sonnet-5-5.*Advice +: A connection''s model cannot change'
    }

    Context 'with a manifest' {
        BeforeAll {
            $script:file = Join-Path $TestDrive platform.yaml
            Set-Content $file @'
connections:
  - { provider: OpenAI, name: Old desk, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: OpenAI, name: Desk, model: gpt-5.4, apiKey: "env:ACCEPTANCE_BAD_KEY" }
  - { provider: AzureOpenAI, name: Finance, model: O1, resourceName: contoso, deploymentId: new, apiVersion: "2024-10-21", apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: OpenAI, name: Absent, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY" }
'@
            $env:ACCEPTANCE_BAD_KEY = 'sk-unknown-0123456789ZZZZ'
        }

        It 'finds drift' {
            $drift = Find-ConnectionIssue -Rule Drift -ManifestPath $file
            $drift.ConnectionName | Should -Be Absent, Desk
            (Find-ConnectionIssue -Rule SharedKey -ManifestPath $file) | Should -BeNullOrEmpty
            $drift[0].Message | Should -Match 'not on the platform\. \(platform\.yaml:5\)'
            Get-Connection Finance | Find-ConnectionIssue -Rule Drift -ManifestPath $file | Should -BeNullOrEmpty
            (Get-Connection | Find-ConnectionIssue -Rule Drift -ManifestPath $file).ConnectionName | Should -Be Absent, Desk
        }

        It 'needs no key where none is verified, and with -VerifyKey each: <Rule>' -ForEach @{ Rule = 'Drift'; Found = 'Old desk' }, @{ Rule = 'SharedKey'; Found = $null }, @{ Rule = 'Model*'; Found = $null } {
            $keyless = Join-Path $TestDrive keyless.yaml
            Set-Content $keyless @'
connections:
  - { provider: OpenAI, name: Old desk, model: gpt-4.1, apiKey: "env:NOT_SET_HERE" }
  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: "env:NOT_SET_HERE" }
  - { provider: Anthropic, name: Contracts, model: claude-sonnet-4-5-20250929, apiKey: "secret:none/there" }
'@
            Find-ConnectionIssue -AsOf '2025-01-01' -WithinDays 1 -Rule $Rule -ManifestPath $keyless -ErrorAction Stop | ForEach-Object ConnectionName | Should -Be $Found
            $issues = Find-ConnectionIssue -AsOf '2025-01-01' -WithinDays 1 -Rule $Rule, KeyUnverified -ManifestPath $keyless -VerifyKey -ErrorVariable errors -ErrorAction SilentlyContinue
            "$errors" | Should -Match "'NOT_SET_HERE', which is not set"
            # What is missing is all that is missing.
            $issues.Where({ $_.Rule -ne 'KeyUnverified' }).ConnectionName | Should -Be $Found
            $issues.Where({ $_.Rule -eq 'KeyUnverified' -and $_.ConnectionName -eq 'Desk' }).Message | Should -Match "'NOT_SET_HERE', which is not set"
        }

        It 'asks for no key but those of the connections that are piped: <_>' -ForEach @(
            { Get-Connection Desk | Find-ConnectionIssue @with }, { Get-Connection Desk -Detailed | Find-ConnectionIssue @with },
            { (Get-Connection Desk).ConnectionId | Find-ConnectionIssue @with }, { [pscustomobject]@{ Name = 'Desk' } | Find-ConnectionIssue @with }
            { Find-ConnectionIssue (Get-Connection Desk) @with }
            { Get-Connection Desk | Export-ConnectionReport "$TestDrive/piped.html" -Force @with -IssueVariable found; $found }
        ) {
            $partly = Join-Path $TestDrive partly.yaml
            Set-Content $partly @'
connections:
  - { provider: OpenAI, name: Old desk, model: gpt-4, apiKey: "env:NOT_SET_HERE" }
  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: "env:ACCEPTANCE_BAD_KEY" }
  - { provider: AzureOpenAI, name: Finance, model: O1, resourceName: contoso, deploymentId: new, apiVersion: "2024-10-21", apiKey: "counted:x" }
  - { provider: OpenAI, name: Absent, model: gpt-5.5, apiKey: "secret:none/there" }
'@
            $global:asked = 0
            Register-KeySource counted { $global:asked++; 'made-up-4f1c7a90b2' }
            try {
                $with = @{ Rule = 'Key*'; ManifestPath = $partly; VerifyKey = $true; ProviderUri = $provider.Address; MaximumKeyAgeDays = 3650; ErrorAction = 'Stop' }
                $issues = & $_
                $issues | ForEach-Object { "$($_.Rule) $($_.ConnectionName)" } | Should -Be 'KeyRejected Desk'
                $asked | Should -Be 0
                # Its own key is still required.
                $errors = $null
                $null = Get-Connection 'Old desk' | Find-ConnectionIssue -Rule Key* -ManifestPath $partly -VerifyKey -ErrorVariable errors -ErrorAction SilentlyContinue
                "$errors" | Should -Match "NOT_SET_HERE"
                "$errors" | Should -Not -Match 'none/there'
            } finally {
                Unregister-KeySource counted
                Remove-Variable asked -Scope Global
            }
        }

        It 'verifies keys, and takes what providers say of their models' {
            $issues = Find-ConnectionIssue -AsOf $day -Rule Key*, Model* -ManifestPath $file -VerifyKey -ProviderUri $provider.Address -MaximumKeyAgeDays 3650
            $issues | ForEach-Object { "$($_.Severity) $($_.Rule) $($_.ConnectionName)" } | Should -Be @(
                'Error ModelRetired Old desk'
                'Error KeyRejected Desk'
                'Warning ModelRetiring Contracts'
                'Information KeyUnverified Contracts'
                'Information KeyUnverified Own model'
            )
            # The deployment's own version lives on: the table's "may" is gone.
            $issues.ConnectionName | Should -Not -Contain Finance
        }

        It 'says with -VerifyKey what is so on the day of -AsOf: <AsOf> of <Model>' -ForEach @(
            @{ Kind = 'AzureOpenAI'; Model = 'GPT-5-Chat'; AsOf = '2026-04-01'; Within = 60; Says = '*may retire *on 2026-05-13 *' }
            @{ Kind = 'AzureOpenAI'; Model = 'GPT-5-Chat'; AsOf = '2026-06-01'; Within = 60; Says = '*may have retired *on 2026-05-13 *' }
            @{ Kind = 'AzureOpenAI'; Model = 'gpt-chat-latest'; AsOf = '2026-12-16'; Within = 60; Says = '*may have retired *on 2026-12-02 *' }
            @{ Kind = 'AzureOpenAI'; Model = 'gpt-4o-2024-05-13'; AsOf = '2026-09-01'; Within = 60; Says = '* retires *on 2026-10-01 *' }
            @{ Kind = 'OpenAI'; Model = 'gpt-4'; AsOf = '2026-09-01'; Within = 60; Says = '* retires *on 2026-10-23 *' }
            @{ Kind = 'OpenAI'; Model = 'gpt-4'; AsOf = '2026-09-01'; Within = 30 }
        ) {
            $session = Get-KoreSession
            try {
                Connect-KorePlatform -Sandbox
                $env:MODELS_REVOKED = $Kind -eq 'OpenAI' ? 'sk-revoked-openai-4f1c7a90MQAA' : 'revoked4f1c7a90b2c3d4e5f60718293a'
                $where = $Kind -eq 'OpenAI' ? '' : ', resourceName: contoso, deploymentId: new, apiVersion: "2024-10-21"'
                Set-Content "$TestDrive/day.yaml" "connections: [{ provider: $Kind, name: A, model: $Model, apiKey: 'env:MODELS_REVOKED'$where }]"
                $null = Sync-Connection "$TestDrive/day.yaml" 3>$null
                $of = @{ AsOf = $AsOf; WithinDays = $Within; ManifestPath = "$TestDrive/day.yaml" }
                $without = @(Find-ConnectionIssue @of -Rule Model*)
                $with = @(Find-ConnectionIssue @of -Rule Model*, KeyRejected -VerifyKey -ProviderUri $provider.Address 3>$null)
                $with.Where({ $_.Rule -like 'Model*' }).Message | Should -Be $without.Message
                $refused = $with.Where({ $_.Rule -eq 'KeyRejected' })
                $refused | Should -HaveCount 1
                if ($Says) {
                    $without.Message | Should -BeLike $Says
                    $refused.Advice | Should -BeLike "Create a new key * $($without.Message) $($without.Advice)"
                } else {
                    $without | Should -BeNullOrEmpty
                    $refused.Advice | Should -Not -Match retire
                }
            } finally {
                Remove-Item env:MODELS_REVOKED
                Disconnect-KorePlatform
                $session | Select-KoreSession
            }
        }

        It 'asks for the models that the connections have, whatever the manifest says' {
            $other = Join-Path $TestDrive other.yaml
            Set-Content $other @'
connections:
  - { provider: OpenAI, name: Old desk, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: OpenAI, name: Desk, model: gpt-4, apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: AzureOpenAI, name: Finance, model: O1, resourceName: fabrikam, deploymentId: new, apiVersion: "2024-10-21", apiKey: "env:ACCEPTANCE_KEY" }
  - { provider: OpenAI, name: Contracts, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY" }
'@
            $issues = Find-ConnectionIssue -AsOf $day -Rule Model*, Key* -ManifestPath $other -VerifyKey -ProviderUri $provider.Address -MaximumKeyAgeDays 3650
            $without = Find-ConnectionIssue -AsOf $day -Rule Model* -ManifestPath $other
            $issues.Where({ $_.Rule -like 'Model*' }) | ForEach-Object { "$($_.Rule) $($_.ConnectionName) $($_.Model)" } |
                Should -Be ($without | ForEach-Object { "$($_.Rule) $($_.ConnectionName) $($_.Model)" })
            $issues.Where({ $_.Rule -eq 'KeyUnverified' -and $_.Message -match 'another provider or resource' }).ConnectionName | Sort-Object | Should -Be 'Contracts', 'Finance'
            $issues.Where({ $_.Rule -eq 'KeyRejected' }) | Should -BeNullOrEmpty
        }

        It 'says what is wrong with a manifest, and finds the rest' {
            Set-Content "$TestDrive/wrong.yaml" "connections:`n  - { provider: Nobody, name: A }"
            $issues = Find-ConnectionIssue -AsOf $day -Rule ModelRetiring, Drift -ManifestPath "$TestDrive/wrong.yaml" -ErrorVariable errors -ErrorAction SilentlyContinue
            $issues.Rule | Should -Be ModelRetiring
            $errors.FullyQualifiedErrorId | Should -Match '^KoreInvalidInput,'
        }
    }
}

Describe 'Find-ConnectionIssue with rules that need more' {
    It 'says what they need, because nothing found must not mean that nothing was looked for: <_>' -ForEach { Find-ConnectionIssue -Rule Drift -ErrorAction Stop }, { Find-ConnectionIssue -Rule KeyRejected, Drift -ErrorAction Stop }, { Find-ConnectionIssue -Rule KeyOld, drift -ErrorAction Stop }, { Find-ConnectionIssue -ExcludeRule [a-ce-z]*, Disabled, Draft -ErrorAction Stop } {
        Connect-KorePlatform -Sandbox
        try {
            $_ | Should -Throw '*needs a manifest or its keys: *Drift*-ManifestPath*' -ErrorId 'KoreInvalidInput,*'
            # A pattern selects what can find something.
            Find-ConnectionIssue -Rule Drif*, KeyOld | Should -BeNullOrEmpty
        } finally {
            Disconnect-KorePlatform
        }
    }
}

Describe 'Get-ProviderModel' {
    It 'lists what a key may use at <Switch>' -ForEach @(
        @{ Switch = 'OpenAI'; Models = 'compatible', 'gpt-4', 'gpt-4o', 'gpt-5.5', 'odd-day', 'odd-number', 'odd-text'; Retired = 'gpt-4' }
        @{ Switch = 'Anthropic'; Models = 'claude-haiku-4-5-20251001', 'claude-opus-4-7', 'claude-opus-4-8', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-6' }
        @{ Switch = 'AzureOpenAI'; Models = 'gpt-35-turbo-0125', 'gpt-4o-2024-05-13', 'gpt-4o-2024-11-20', 'gpt-5.4-2026-03-05'; Retired = 'gpt-35-turbo-0125' }
    ) {
        $resource = $Switch -eq 'AzureOpenAI' ? @{ ResourceName = 'contoso' } : @{}
        $given = @{ $Switch = $true }
        $found = Get-ProviderModel @given @resource -ApiKey env:ACCEPTANCE_KEY -ProviderUri $provider.Address
        $found.ModelId | Should -Be $Models
        # Of the others the day decides, and passes.
        $today = [datetime]::Today
        $found.ForEach({ $_.Status -eq 'Retired' }) | Should -Be $found.ForEach({ $null -ne $_.RetiresOn -and $_.RetiresOn -le $today })
        if ($Retired) { @($found | Where-Object Status -EQ Retired).ModelId | Should -Contain $Retired }
        $found.CreatedOn | Should -Not -Contain $null
    }

    It 'says how to select a provider where none was' -ForEach @{ Given = @{} }, @{ Given = @{ ApiKey = 'env:ACCEPTANCE_KEY' } } {
        { Get-ProviderModel @Given -ErrorAction Stop } | Should -Throw '*Use one of -OpenAI, -Anthropic and -AzureOpenAI*' -ErrorId 'KoreInvalidInput,*'
    }

    It 'warns of an empty list' {
        Get-ProviderModel -OpenAI -ApiKey sk-empty-0123456789MQAA -ProviderUri $provider.Address -WarningVariable warned 3>$null | Should -BeNullOrEmpty
        "$warned" | Should -Match 'list of models is empty'
    }

    It 'is an error where the key is refused, and shows no key' {
        { Get-ProviderModel -OpenAI -ApiKey sk-unknown-0123456789ZZZZ -ProviderUri $provider.Address -ErrorAction Stop 3>$null } | Should -Throw '*did not list its models*' -ErrorId 'KoreInvalidInput,*'
        { Get-ProviderModel -AzureOpenAI -ResourceName 'a#b' -ApiKey env:ACCEPTANCE_KEY -ErrorAction Stop } | Should -Throw '*-ResourceName*' -ErrorId 'KoreInvalidInput,*'
        { Get-ProviderModel -OpenAI -ApiKey env:ACCEPTANCE_KEY -ProviderUri http://gateway.example.com -ErrorAction Stop } | Should -Throw '*unencrypted*' -ErrorId 'KoreInvalidInput,*'
    }
}

Describe 'docs/examples/replace-retiring-models.ps1' {
    BeforeAll {
        $script:shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), (Resolve-Path "$PSScriptRoot/../docs/examples/replace-retiring-models.ps1").Path, "$TestDrive/list.csv" {
            param($Manifest, $Script, $List)
            Import-Module $Manifest
            & $Script -Sandbox -ListPath "$List.none" -WhatIf | Out-Null
            "there are $((Get-Connection).Count)"
            & $Script -Sandbox -ListPath $List -Successor @{ 'gpt-4' = 'gpt-5.5' } | Out-Null
            "exit $LASTEXITCODE"
            (Get-Connection).ConnectionName | Sort-Object
        }
    }

    It 'changes nothing with -WhatIf' {
        $shell.Output -like 'there are*' | Should -Be 'there are 4'
    }

    It 'makes successors, lists what to move, and makes none twice' {
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output[-7..-1] | Should -Be 'exit 0', 'Contract review', 'Contract review (claude-haiku-4-5-20251001)', 'Finance', 'Search', 'Support desk', 'Support desk (gpt-5.5)'
        $rows = Import-Csv "$TestDrive/list.csv"
        $rows.From | Sort-Object | Should -Be 'Contract review', 'Finance', 'Support desk'
        ($rows | Where-Object From -EQ Finance).ToDo | Should -Match 'Azure'
    }
}
