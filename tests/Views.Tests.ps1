BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $script:escape = [char]27
    $script:long = 'A connection whose name is much longer than its column'
    $script:hostile = "$escape[31mred$escape[0m`r`n##vso[task.setvariable variable=x]y"
    $azure = @{ Model = 'GPT-5.4'; ApiKey = 'env:ACCEPTANCE_KEY'; ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-08-01-preview' }
    $null = New-Connection -AzureOpenAI -Name $long @azure
    Add-ForeignConnection $hostile "model$escape]0;title$([char]7)"
    $null = New-Connection -CustomApi -Name Draft -EndpointUrl https://llm.example.com -Payload @{ p = '{{prompt}}' } -OutputPath text -Draft
}

Describe 'The table of connections' {
    It 'fits 120 columns, with whole ids and shortened names' {
        $lines = Get-Shown (Get-Connection)
        $lines[0].TrimEnd() -split '\s+' | Should -Be 'Name', 'Provider', 'Model', 'Status', 'ModifiedOn', 'ConnectionId'
        $lines | Should -HaveCount 5
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        $all = Get-Connection
        $lines[2] | Should -BeLike "A connection whose n`u{2026}*Azure Open AI*GPT-5.4*ACTIVE*$($all[0].ModifiedOn.ToString('yyyy-MM-dd HH:mm')) $($all[0].ConnectionId)"
    }

    It 'leaves ids out of 80 columns, with one line for the heading, however short the cells are' {
        $short = 'INACTIVE', 'DRAFT' | ForEach-Object {
            [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.Connection'; ConnectionName = 'A'; Model = 'm'; ConnectionId = 'cn-1'; Status = $_; Provider = 'API' }
        }
        $lines = Get-Shown $short -Width 80 -Rendering Ansi | ForEach-Object { $_ -replace "$escape\[[0-9;]*m" }
        $lines[0].TrimEnd() -split '\s+' | Should -Be 'Name', 'Provider', 'Model', 'Status', 'ModifiedOn'
        $lines[2..3].TrimEnd() | Should -Be ('A'.PadRight(22) + 'API'.PadRight(14) + 'm'.PadRight(17) + 'INACTIVE'), ('A'.PadRight(22) + 'API'.PadRight(14) + 'm'.PadRight(17) + 'DRAFT')
    }

    It 'shows <Model> whole in <Width> columns' -ForEach @(
        @{ Width = 190; Model = 'claude-haiku-4-5-20251001' }
        @{ Width = 190; Model = 'gpt-4o-mini-search-preview-2025-03-11' }
        @{ Width = 160; Model = 'gpt-realtime-mini-2025-10-06' }
        @{ Width = 130; Model = 'claude-sonnet-4-5-20250929' }
        @{ Width = 119; Model = 'gpt-5.5' }
    ) {
        $all = @(Get-Connection $long) + [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.Connection'; ConnectionName = 'Desk'; Model = $Model; ConnectionId = 'cn-1'; Status = 'ACTIVE'; Provider = 'Open AI' }
        $lines = Get-Shown $all -Width $Width
        $lines[3] | Should -Match "^Desk +Open AI +$Model +ACTIVE"
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
    }

    It 'has its heading in one line, and the columns of a short model, beside the fine-tuned model <_>' -ForEach @(
        'ft:gpt-4.1-mini-2025-04-14:my-org:custom-suffix:id12345', 'ft:gpt-4o-mini-2024-07-18:contoso:support:AbC12345', ('m' * 38), ('m' * 200), ('営業' * 30)
    ) {
        $rows = foreach ($model in $_, 'm') { [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.Connection'; ConnectionName = 'Desk'; Model = $model; ConnectionId = "cn-$('1' * 36)"; Status = 'ACTIVE'; Provider = 'Open AI' } }
        $short = [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.Connection'; ConnectionName = 'Desk'; Model = 'm' * 17; ConnectionId = "cn-$('1' * 36)"; Status = 'ACTIVE'; Provider = 'Open AI' }
        foreach ($width in 60..200) { (Get-Shown $rows -Width $width)[0].TrimEnd() | Should -Be (Get-Shown $short -Width $width)[0].TrimEnd() -Because $width }
        (Get-Shown $rows -Width 120)[2] | Should -Match "cn-1{36}$"
    }

    It 'shows ids whole in a window of <_> columns, of which PowerShell leaves the last one empty' -Skip:($IsWindows -or -not (Get-Command script -ErrorAction Ignore)) -ForEach 120, 121, 150 {
        $code = "Import-Module '$(Get-ModuleManifest)'; 'claude-haiku-4-5-20251001', 'm' | ForEach-Object { [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.Connection'; ConnectionName = 'N' * 60; Model = `$_; ConnectionId = 'cn-$(New-Guid)'; Status = 'ACTIVE'; Provider = 'Anthropic' } }"
        Set-Content "$TestDrive/window.ps1" $code
        $lines = script -qec "stty cols $_ rows 40; $(Get-PowerShellCommand) -NoProfile -File $TestDrive/window.ps1" /dev/null
        $lines -match 'cn-[0-9a-f-]{36}' | Should -HaveCount 2
    }

    It 'keeps a text in its column: <Text> in <Most>' -ForEach @(
        @{ Text = 'abc'; Least = 5; Most = 9; Shown = 'abc  ' }
        @{ Text = 'abcdefghij'; Least = 5; Most = 9; Shown = "abcdefgh`u{2026}" }
        @{ Text = 'abcdefghi'; Least = 5; Most = 9; Shown = 'abcdefghi' }
        @{ Text = '営業人事総務'; Least = 5; Most = 9; Shown = "営業人事`u{2026}" }
        @{ Text = '営業'; Least = 6; Most = 9; Shown = '営業  ' }
        @{ Text = "abc`u{1F600}`u{1F600}"; Least = 5; Most = 6; Shown = "abc`u{2026} " }
    ) {
        $cell = [KoreConnections.Commands.DisplayText].Assembly.GetType('KoreConnections.Commands.FlexibleColumn').GetMethod('Cell', [Reflection.BindingFlags]'NonPublic, Static')
        $cell.Invoke($null, @($Text, $Least, $Most)) | Should -BeExactly $Shown
    }

    It 'leaves an id out of which a window of <Window> columns would show a stub: names take <Left>' -ForEach @(
        @{ Window = 80; Left = 0 }
        @{ Window = 82; Left = 1 }
        @{ Window = 90; Left = 9 }
        @{ Window = 92; Left = 11 }
        @{ Window = 93; Left = 0 }
        @{ Window = 120; Left = 0 }
        @{ Window = $null; Left = 0 }
    ) {
        $column = [KoreConnections.Commands.DisplayText].Assembly.GetType('KoreConnections.Commands.FlexibleColumn')
        $stub = $column.GetMethod('StubOfId', [Reflection.BindingFlags]'NonPublic, Static').Invoke($null, @($Window))
        $stub | Should -Be $Left
        if ($Window) {
            $item = [pscustomobject]@{ Name = 'n'.PadRight(21 + $stub); Provider = 'p'.PadRight(13); Model = 'm'.PadRight(17); Status = 's'.PadRight(9); On = 'o'.PadRight(16); Id = 'cn-'.PadRight(39, 'x') }
            $shown = $item | Format-Table Name, Provider, Model, Status, On, @{ Name = 'ConnectionId'; Expression = 'Id'; Width = 39 } | Out-String -Width $Window
            ($shown -match 'cn-') | Should -Be ($Window -ge 93)
        }
    }

    It 'shows no escape sequence, line break or pipeline command of a name, which the object keeps' {
        $connection = Get-Connection -Provider OpenAI
        $connection.ConnectionName | Should -BeExactly $hostile
        # Else the shell itself would take the sequences out.
        $lines = Get-Shown $connection -Rendering Ansi
        $lines | Should -HaveCount 3
        $lines[2] | Should -Not -Match $escape
        $lines[2] | Should -Not -Match '##'
        $lines[2] | Should -Match 'red'
    }

    It 'colours what is not in use, where the shell shows colours' {
        (Get-Shown (Get-Connection -Provider API) -Rendering Ansi)[2] | Should -Match "$escape\[33mDRAFT$escape\[0m"
        (Get-Shown (Get-Connection -Provider API))[2] | Should -Not -Match $escape
    }
}

Describe 'The list of a connection' {
    BeforeAll { $PSStyle.OutputRendering = 'Ansi' }

    It 'shows every field, the key as a mask' {
        $shown = Get-Connection -Provider AzureOpenAI -Detailed | Format-List | Out-String -Width 120
        $shown | Should -Match $long
        $shown | Should -Match 'API_KEY: sk-\*{15}'
        $shown | Should -Match 'your_resource_name: contoso'
        $shown | Should -Match 'CreatedOn'
    }

    It 'shows a custom API''s configuration, headers masked' {
        $null = New-Connection -CustomApi -Name Headed -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY'; Accept = 'application/json' } -Payload @{ p = '{{prompt}}' } -OutputPath text
        $shown = Get-Connection Headed -Detailed | Format-List | Out-String -Width 1000
        $plain = $shown -replace "$escape\[[\d;]*m"
        $plain | Should -Match '(?m)^EndpointUrl +: https://llm.example.com$'
        $plain | Should -Match '(x-api-key|Accept): \*{15}'
        $plain | Should -Match '(?m)^Payload +: \{\r?\n +  "p": "\{\{prompt\}\}"\r?\n +\}$'
        $plain | Should -Match '(?m)^PromptVariable +: prompt, system_prompt \(off\), examples \(off\)$'
        $plain | Should -Match '(?m)^IsEnabled +: True$'
        $plain | Should -Not -Match '(?m)^(ResourceName|MapProvider|Feature|InputTokensPath) '
        $shown | Should -Not -Match 'made-up'
    }

    It 'shows no escape sequence or pipeline command of a name or model' {
        $shown = Get-Connection -Provider OpenAI -Detailed | Format-List | Out-String -Width 120
        $values = $shown -replace "$escape\[32;1m[^$escape]*$escape\[0m"
        $values | Should -Not -Match $escape
        $values | Should -Not -Match '##|\a'
        $values | Should -Match 'red'
    }
}

Describe 'The table of Test-ConnectionKey' {
    It 'breaks no address at <_> columns' -ForEach 120, 150, 190 {
        $advice = @{
            'api.openai.com' = 'Create a new key at https://platform.openai.com/api-keys, and copy all of it.'
            'api.anthropic.com' = 'Create a new key at https://console.anthropic.com/settings/keys, and copy all of it.'
            'contoso-finance.openai.azure.com' = 'The deployment is not there.'
            'model-gateway.internal.example.com' = ''
        }
        $results = foreach ($name in $advice.Keys) {
            [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.KeyTestResult'; ConnectionName = $long; Provider = 'Azure Open AI'; Model = 'claude-haiku-4-5-20251001'; Verdict = 'DeploymentNotFound'; ProviderHost = $name; RecommendedAction = $advice[$name] }
        }
        $lines = Get-Shown $results -Width $_
        foreach ($whole in @($advice.Keys) + 'platform.openai.com/api-keys', 'console.anthropic.com/settings/keys', 'claude-haiku-4-5-20251001') {
            @($lines -match [regex]::Escape($whole)) | Should -Not -BeNullOrEmpty -Because $whole
        }
    }
}

Describe 'The tables of keys and findings' {
    It 'break no word of a name, and a model behind a mark: <Name>, <Model>' -ForEach @(
        @{ Name = 'Customer support Hyderabad'; Model = 'ft:gpt-4o-mini-2024-07-18:contoso:support:AbC12345'; Words = 'Customer', 'support', 'Hyderabad', 'ft:gpt-4o-mini-2024-07-', '18:contoso:support:', 'AbC12345' }
        @{ Name = 'a b c d e f g h i j k l m n'; Model = 'gpt-4o-mini-search-preview-2025-03-11'; Words = 'a b c d e f g h i j k', 'gpt-4o-mini-search-', 'preview-2025-03-11' }
        @{ Name = '営業人事総務 営業人事総務 営業'; Model = 'm'; Words = '営業人事総務', '営業' }
        @{ Name = 'exactly twenty-one ab'; Model = 'claude-haiku-4-5-20251001'; Words = 'exactly twenty-one ab', 'claude-haiku-4-5-20251001' }
    ) {
        $key = [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.KeyTestResult'; ConnectionName = $Name; Provider = 'Open AI'; Model = $Model; Verdict = 'Valid'; ProviderHost = 'api.openai.com' }
        $issue = [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.ConnectionIssue'; ConnectionName = $Name; Rule = 'ModelRetired'; Severity = 'Error'; Message = 'x' }
        foreach ($width in 100, 120, 190) {
            $lines = Get-Shown $key -Width $width
            $Words | ForEach-Object { @($lines -match [regex]::Escape($_)) | Should -Not -BeNullOrEmpty -Because "$_ at $width" }
        }
        $lines = Get-Shown $issue
        $Words.Where({ $Name.Contains($_) }) | ForEach-Object { @($lines -match [regex]::Escape($_)) | Should -Not -BeNullOrEmpty -Because $_ }
    }
}

Describe 'The view of a session' {
    It 'fits 80 columns, and shows where the session goes' {
        $lines = Get-Shown (Get-KoreSession) -Width 80
        $lines[0].TrimEnd() -split '\s+' | Should -Be 'BaseUri', 'ConnectedOn', 'IsSandbox', 'IsCurrent'
        $lines[2] | Should -BeLike "$((Get-KoreSession).BaseUri)*True*True*"
    }
}

Describe 'The views in ConstrainedLanguage' {
    It 'call nothing, so that a constrained shell shows what any other shows' {
        [xml]$format = Get-Content (Join-Path (Split-Path (Get-ModuleManifest)) KoreConnections.format.ps1xml) -Raw
        $format.SelectNodes('//ScriptBlock').InnerText | Where-Object { $_ -notmatch '^(\$_\.Shown(\.\w+)+|\$null -ne \$_\.\w+)$' } | Should -BeNullOrEmpty
    }

    It 'show each type as in FullLanguage, live and deserialized' {
        $shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$TestDrive/constrained.yaml" {
            param($Manifest, $File)
            Import-Module $Manifest
            $PSStyle.OutputRendering = 'PlainText'
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'sk-made-up-0123456789MQAA'
            $made = New-Connection -OpenAI -Name Desk -Model gpt-4o -ApiKey env:MADE_UP_KEY -WarningAction Ignore
            $null = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Header @{ a = 'env:MADE_UP_KEY' } -Payload @{ p = '{{prompt}}' } -OutputPath text -Draft
            Set-Content $File 'connections:', '  - { provider: OpenAI, name: Desk, model: gpt-5, apiKey: env:MADE_UP_KEY }', '  - { provider: OpenAI, name: New, model: gpt-5, apiKey: env:MADE_UP_KEY }'
            $plan = Compare-Connection $File -WarningAction Ignore
            Set-Content $File 'connections:', '  - { provider: OpenAI, name: Desk, modell: gpt-5 }'
            $live = @(
                @(Get-Connection -Detailed)
                Get-KoreSession
                Test-ConnectionKey $made -ApiKey env:MADE_UP_KEY -ProviderUri https://no-such-host.invalid
                Update-ConnectionKey $made.ConnectionId env:MADE_UP_KEY -SkipVerification -WarningAction Ignore
                $plan
                $plan.Difference
                Test-ConnectionManifest $File
                Find-ConnectionIssue -AsOf 2027-01-01
                Get-KeySource env
            )
            $model = [pscustomobject]@{ PSTypeName = 'Deserialized.KoreConnections.ProviderModel'; Provider = 'Open AI'; ModelId = 'gpt-4o'; Status = 'Retiring'; RetiresOn = [datetime]'2027-01-14'; Replacement = 'gpt-6'; CreatedOn = [datetime]'2024-05-01' }
            $all = $live + @([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($live, 3))) + @($model)
            $groups = @($all | Group-Object { $_.PSObject.TypeNames[0] })
            $types = (Get-FormatData KoreConnections.*, Deserialized.KoreConnections.*).TypeNames
            "missing: $(@($types | Where-Object { $_ -notin $groups.Name -and $_ -ne 'KoreConnections.ProviderModel' }) -join ', ')"
            $full = foreach ($group in $groups) { $group.Group | Out-String -Width 200; $group.Group | Format-List | Out-String -Width 200; $group.Group | Format-Wide | Out-String }
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            $constrained = foreach ($group in $groups) { $group.Group | Out-String -Width 200; $group.Group | Format-List | Out-String -Width 200; $group.Group | Format-Wide | Out-String }
            for ($i = 0; $i -lt $full.Count; $i++) {
                if ($full[$i] -cne $constrained[$i] -or $full[$i] -notmatch '\w') { "differs: $($groups[[int][Math]::Floor($i / 3)].Name): $($full[$i]) $($constrained[$i])" }
            }
            "compared: $($full.Count)"
            "mode: $($ExecutionContext.SessionState.LanguageMode)"
            $constrained
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output[0..2] | Should -Be 'missing: ', 'compared: 57', 'mode: ConstrainedLanguage'
        "$($shell.Output)" | Should -Match 'Desk +Open AI +gpt-4o +ACTIVE'
        "$($shell.Output)" | Should -Match '! CannotChange +Desk \(Open AI, gpt-5\)'
        "$($shell.Output)" | Should -Match "'modell' is not a property"
        "$($shell.Output)" | Should -Match 'gpt-4o +Retiring +2027-01-14 +gpt-6 +2024-05-01'
    }
}

Describe 'The wide view of <_>' -ForEach 'Connection', 'ConnectionIssue', 'ProviderModel', 'KeyTestResult', 'KeyUpdateResult', 'ConnectionPlanItem' {
    It 'shows no escape sequence or pipeline command' {
        $item = [pscustomobject]@{
            PSTypeName = "Deserialized.KoreConnections.$_"
            ConnectionName = $hostile; Name = $hostile; ModelId = $hostile; Severity = 'Warning'; Rule = 'Inactive'; Outcome = 'Failed'; Verdict = 'Valid'
        }
        $shown = $item | Format-Wide -Column 1 | Out-String
        $shown | Should -Match 'vso\[task'
        $shown | Should -Not -Match "$escape|##"
    }
}

Describe 'The views of a plan' {
    BeforeAll {
        $PSStyle.OutputRendering = 'Ansi'
        $null = New-Connection -CustomApi -Name 'Own' -EndpointUrl "https://llm.example.com/%23?##vso[x]" -Payload @{ p = "{{prompt}} $hostile" } -OutputPath text
        $file = "$TestDrive/plan.yaml"
        Set-Content $file 'connections:', '  - provider: API', '    name: Own', '    endpointUrl: https://llm.example.com', '    payload: { p: "{{prompt}}" }', '    outputPath: text'
        $script:plan = Compare-Connection $file
    }

    It 'show no escape sequence or pipeline command: <_>' -ForEach '$plan', '$plan | Format-List', '$plan | ForEach-Object Difference', '$plan | ForEach-Object Difference | Format-List', '[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($plan, 3)) | Format-List' {
        $shown = . ([scriptblock]::Create($_)) | Out-String -Width 300
        $shown | Should -Match 'payload.p'
        $shown | Should -Match 'endpointUrl'
        # Apart from the colours of the headings and of the actions.
        $values = $shown -replace "$escape\[(32;1|32|33|31|0)m"
        $values | Should -Not -Match $escape
        $values | Should -Not -Match '##|\a'
    }
}
