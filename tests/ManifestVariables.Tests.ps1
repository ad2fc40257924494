# A variable of a manifest that is not set: in the place of a key, a plan does without; anywhere else it is a mistake.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:file = "$TestDrive/a.yaml"

    function Write-Own($Written) {
        $own = @{ endpointUrl = 'https://llm.eu.example.com/v1'; payload = "{ model: eu, p: '{{prompt}}' }"; more = '' } + @{}
        foreach ($name in $Written.Keys) { $own[$name] = $Written[$name] }
        Set-Content $file "connections:`n  - provider: API`n    name: Own`n    endpointUrl: $($own.endpointUrl)`n    header: { x-api-key: env:ACCEPTANCE_KEY }`n    payload: $($own.payload)`n    outputPath: a`n$($own.more)"
    }
}

Describe 'A variable that is not set and not a key' -ForEach @(
    @{ What = 'endpointUrl'; Path = 'endpointUrl'; Written = @{ endpointUrl = 'https://llm.${env:ACCEPTANCE_STAGE}.example.com/v1' } }
    @{ What = 'a port or path'; Path = 'endpointUrl'; Written = @{ endpointUrl = 'https://llm.eu.example.com/${env:ACCEPTANCE_STAGE}' }; Value = 'v1' }
    @{ What = 'payload'; Path = 'payload.model'; Written = @{ payload = "{ model: '`${env:ACCEPTANCE_STAGE}', p: '{{prompt}}' }" } }
    @{ What = 'variable'; Path = 'customVariable[0].displayName'; Written = @{ more = "    customVariable: [{ name: a, displayName: '`${env:ACCEPTANCE_STAGE}' }]" } }
    @{ What = 'a host, whatever the variable is called'; Variable = 'ACCEPTANCE_AUTH'; Path = 'endpointUrl'; Written = @{ endpointUrl = 'https://llm.${env:ACCEPTANCE_AUTH}.example.com/v1' } }
) {
    BeforeAll {
        $script:unset = $Variable ?? 'ACCEPTANCE_STAGE'
        Connect-KorePlatform -Sandbox
        Write-Own $Written
        Set-Item "env:$unset" ($Value ?? 'eu')
        $null = Sync-Connection $file
        Remove-Item "env:$unset"
    }

    It 'is not compared, and the plan says so with -IgnoreKeys:<Ignore>: <What>' -ForEach @(@{ Ignore = $false }, @{ Ignore = $true }) {
        $plan = Compare-Connection $file -IgnoreKeys:$Ignore -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        "$warned" | Should -Be "These values were not compared, because their variables are not set or empty: $Path of 'Own' (`${env:$unset}). Set the variables to compare these values too."
        $plan.Action | Should -Be InSync
        $plan.Reason | Should -BeLike "Everything else matches. Not compared, because the variable is not set or empty: $([WildcardPattern]::Escape($Path)) (`${env:$unset}).*"
        $plan.Reason | Should -Not -Match 'have no key here'
        Compare-Connection $file -Name Own* -IgnoreKeys:$Ignore -WarningVariable named -WarningAction SilentlyContinue | Should -HaveCount 1
        $named | Should -HaveCount 1
        Compare-Connection $file -Provider OpenAI -IgnoreKeys:$Ignore -WarningVariable other -WarningAction SilentlyContinue
        $other | Should -BeNullOrEmpty
    }

    It 'is an error of <Command>: <What>' -ForEach @(
        @{ Command = 'Sync-Connection'; Do = { Sync-Connection $file -ErrorAction Stop } }
        @{ Command = 'Sync-Connection -IgnoreKeys'; Do = { Sync-Connection $file -IgnoreKeys -ErrorAction Stop } }
        @{ Command = 'Find-ConnectionIssue'; Do = { Find-ConnectionIssue -Rule Drift -ManifestPath $file -ErrorAction Stop } }
        @{ Command = 'Compare-Connection -RequireKey'; Do = { Compare-Connection $file -RequireKey -ErrorAction Stop } }
        @{ Command = 'Test-ConnectionManifest'; Do = { throw (Test-ConnectionManifest $file).ToString() } }
        @{ Command = 'Test-ConnectionManifest -IgnoreKeys'; Do = { throw (Test-ConnectionManifest $file -IgnoreKeys).ToString() } }
    ) {
        $Do | Should -Throw "*a.yaml:*refers to the environment variable '$unset', which is not set or empty*"
    }

    It 'stays as it is with -Merge: <What>' {
        Export-Connection $file -Merge -ErrorAction Stop
        Get-Content $file -Raw | Should -Match ([regex]::Escape("`${env:$unset}"))
    }
}

Describe 'A variable that is not set in the place of a key' {
    It 'is a key that a plan does not need: <_>' -ForEach @(
        'https://llm.example.com/run?code=${env:ACCEPTANCE_UNSET}'
        'https://llm.example.com/run?region=${env:ACCEPTANCE_UNSET}'
        'https://llm.example.com/${env:KORE_KEY_OWN_PATH1}/run'
        'https://llm.example.com/${env:ACCEPTANCE_TOKEN}/run'
    ) {
        Write-Own @{ endpointUrl = $_ }
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
        Compare-Connection $file -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount 1
        "$warned" | Should -BeLike '1 reference of the manifest has no key here, so these keys were not compared: ${env:*'
    }

    It 'is a key in a payload too: <_>' -ForEach "{ api_key: '`${env:ACCEPTANCE_UNSET}' }", "{ auth: [{ v: '`${env:ACCEPTANCE_UNSET}' }] }", "{ a: '`${env:KORE_KEY_OWN_PAYLOAD}' }", "{ a: 'Bearer `${env:ACCEPTANCE_UNSET}' }", "{ a: 'https://h.example.com?sig=`${env:ACCEPTANCE_UNSET}' }" {
        Write-Own @{ payload = $_ }
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
    }

    It 'is an error where it stands for something else too' {
        Write-Own @{ endpointUrl = 'https://${env:ACCEPTANCE_UNSET}.example.com/run?code=${env:ACCEPTANCE_UNSET}' }
        Test-ConnectionManifest $file -IgnoreKeys | Should -HaveCount 1
    }

    It 'hides a payload that is a text, and the plan says so' {
        Connect-KorePlatform -Sandbox
        Write-Own @{ payload = "'{ `"api_key`": `"`${env:ACCEPTANCE_STAGE}`", `"a`": `"{{prompt}}`" }'" }
        $env:ACCEPTANCE_STAGE = 'made-up-0123456789'
        $null = Sync-Connection $file
        $env:ACCEPTANCE_STAGE = $null
        $plan = Compare-Connection $file -IgnoreKeys -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "These values were not compared*payload of 'Own'*"
        $plan.Reason | Should -BeLike 'Everything else matches. Not compared*payload*'
        (Sync-Connection $file -IgnoreKeys -WarningAction SilentlyContinue -ErrorAction Stop).Outcome | Should -Be Unchanged
    }
}

Describe 'A variable that is not set of a connection that is not meant' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        Write-Own @{ endpointUrl = 'https://llm.${env:ACCEPTANCE_STAGE}.example.com/v1'; more = "  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }" }
    }

    BeforeEach {
        $env:ACCEPTANCE_STAGE = $null
    }

    It 'is not needed: <Command>' -ForEach @(
        @{ Command = 'Sync-Connection -Name -WhatIf'; Do = { Sync-Connection $file -Name Desk -WhatIf -ErrorAction Stop }; Action = 'Create' }
        @{ Command = 'Sync-Connection -Provider -WhatIf'; Do = { Sync-Connection $file -Provider OpenAI -WhatIf -ErrorAction Stop }; Action = 'Create' }
        @{ Command = 'Sync-Connection -Name'; Do = { Sync-Connection $file -Name Des* -ErrorAction Stop }; Action = 'Create' }
        @{ Command = 'Sync-Connection -Name again'; Do = { Sync-Connection $file -Name Desk -ErrorAction Stop }; Action = 'InSync' }
    ) {
        $plan = & $Do 3>&1
        $plan.Name | Should -Be Desk
        $plan.Action | Should -Be $Action
    }

    It 'is not needed by Find-ConnectionIssue where only others are examined' {
        $env:ACCEPTANCE_STAGE = 'eu'
        $null = Sync-Connection $file
        $env:ACCEPTANCE_STAGE = $null
        Find-ConnectionIssue (Get-Connection Desk).ConnectionId -Rule Drift -ManifestPath $file -ErrorAction Stop | Should -BeNullOrEmpty
        foreach ($examined in { Get-Connection Own }, { Get-Connection }) {
            { & $examined | Find-ConnectionIssue -Rule Drift -ManifestPath $file -ErrorAction Stop } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
        }
    }

    It 'is not needed by Find-ConnectionIssue where the connection does not exist yet' {
        Connect-KorePlatform -Sandbox
        $null = Sync-Connection $file -Name Desk
        $found = Find-ConnectionIssue (Get-Connection Desk).ConnectionId -Rule Drift -ManifestPath $file -ErrorAction Stop
        $found.ConnectionName | Should -Be Own
        { Find-ConnectionIssue -Rule Drift -ManifestPath $file -ErrorAction Stop } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
    }

    It 'is an error for those that are meant: <_>' -ForEach 'Own', 'Ow?', '*' {
        { Sync-Connection $file -Name $_ -ErrorAction Stop } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
    }

    It 'is an error where only the listing shows that it is meant' {
        Connect-KorePlatform -Sandbox
        $decomposed = "Caf$([char]0x65)$([char]0x301)"
        $composed = "Caf$([char]0xe9)"
        Set-Content $file "connections: [{ provider: API, name: $composed, endpointUrl: 'https://`${env:ACCEPTANCE_STAGE}.example.com', payload: { p: '{{prompt}}' }, outputPath: a }]"
        $composed, $decomposed | ForEach-Object { New-Connection -CustomApi -Name $_ -EndpointUrl https://eu.example.com -Payload @{ p = '{{prompt}}' } -OutputPath b } | Out-Null
        $items = Sync-Connection $file -Name $decomposed -ErrorVariable failed -ErrorAction SilentlyContinue -WarningAction Ignore
        "$failed" | Should -BeLike "*'ACCEPTANCE_STAGE', which is not set*"
        $items | Should -BeNullOrEmpty
    }

    It 'hides no mistake beside it' {
        Set-Content $file 'connections:', '  - provider: API', '    name: Own', '    endpointUrl: https://llm.example.com/v1', '    mapProvider: openAIModel', '    feature:', '      - toolCalling', '      - streamingg', '      - ${env:ACCEPTANCE_STAGE}', '    model: ["${env:ACCEPTANCE_STAGE}"]'
        $problems = Test-ConnectionManifest $file -IgnoreKeys
        $problems.ForEach({ "$($_.Line): $($_.Path)" }) | Should -Be '8: connections[0].feature[1]', '9: connections[0].feature[2]', '10: connections[0].model'
        $problems[1].Message | Should -BeLike "*'ACCEPTANCE_STAGE', which is not set*"
        $problems[2].Message | Should -BeLike 'model is a list. *'
    }

    It 'is not needed for a whole value either: <Of>' -ForEach @(
        @{ Of = 'endpointUrl'; Written = @{ endpointUrl = '${env:ACCEPTANCE_STAGE}' } }
        @{ Of = 'payload'; Written = @{ payload = '${env:ACCEPTANCE_STAGE}' } }
        @{ Of = 'model'; Own = '    model: ${env:ACCEPTANCE_STAGE}' }
        @{ Of = 'customVariable'; Own = '    customVariable: ["${env:ACCEPTANCE_STAGE}"]' }
    ) {
        Connect-KorePlatform -Sandbox
        Write-Own ($Written + @{ more = "$Own`n  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }" })
        (Compare-Connection $file -Name Desk -ErrorAction Stop).Name | Should -Be Desk
        (Sync-Connection $file -Name Desk -ErrorAction Stop).Name | Should -Be Desk
        (Sync-Connection $file -Provider OpenAI -ErrorAction Stop).Name | Should -Be Desk
        # A name of the platform that only looks the same means it too.
        $null = New-Connection -OpenAI -Name OWN -Model m -ApiKey env:ACCEPTANCE_KEY
        foreach ($meant in 'Own', 'O*', 'OWN') {
            { Sync-Connection $file -Name $meant -ErrorAction Stop 3>$null } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
        }
        (Get-Connection).ConnectionName | Should -Be Desk, OWN
    }
}

Describe 'A variable that is not set beside a name' {
    It 'is a key in a payload that is named beside it: <_>' -ForEach @(
        "{ headers: [{ name: X-Api-Key, value: '`${env:ACCEPTANCE_UNSET}' }] }"
        "{ headers: [{ key: Authorization, value: '`${env:ACCEPTANCE_UNSET}' }] }"
        "{ auth: [{ name: '{{prompt}}', value: '`${env:ACCEPTANCE_UNSET}' }] }"
    ) {
        Write-Own @{ payload = $_ }
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
        Connect-KorePlatform -Sandbox
        Compare-Connection $file -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount 1
        "$warned" | Should -BeLike '1 reference of the manifest has no key here*: ${env:ACCEPTANCE_UNSET}. *'
    }

    It 'is another value if the name is that of another' {
        Write-Own @{ payload = "{ headers: [{ name: X-Stage, value: '`${env:ACCEPTANCE_UNSET}' }] }" }
        Test-ConnectionManifest $file -IgnoreKeys | Should -HaveCount 1
    }

    It 'is named as a key and as another value where it is both' {
        Connect-KorePlatform -Sandbox
        Write-Own @{ payload = "{ api_key: '`${env:ACCEPTANCE_UNSET}', n: '`${env:ACCEPTANCE_UNSET}' }" }
        $null = Compare-Connection $file -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 2
        $warned[0] | Should -BeLike '1 reference of the manifest has no key here*: ${env:ACCEPTANCE_UNSET}. *'
        $warned[1] | Should -BeLike "These values were not compared*: payload.n of 'Own' (`${env:ACCEPTANCE_UNSET}). *"
    }
}

Describe 'The name of a variable with a variable in it' {
    It 'leaves the variables uncompared, and the plan says so: <_>' -ForEach "[{ name: '`${env:ACCEPTANCE_STAGE}', defaultValue: x }]", "['`${env:ACCEPTANCE_STAGE}']", "'`${env:ACCEPTANCE_STAGE}'" {
        Connect-KorePlatform -Sandbox
        Write-Own @{ more = "    customVariable: $_" }
        $env:ACCEPTANCE_STAGE = 'bob'
        $null = Sync-Connection $file
        $env:ACCEPTANCE_STAGE = $null
        $plan = Compare-Connection $file -WarningVariable warned -WarningAction SilentlyContinue
        $plan.Action | Should -Be InSync
        $plan.Difference | Should -BeNullOrEmpty
        "$warned" | Should -BeLike "These values were not compared*: customVariable of 'Own' (`${env:ACCEPTANCE_STAGE}). *"
        { Sync-Connection $file -ErrorAction Stop } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
    }

    It 'does not lend its reference to another difference' {
        Connect-KorePlatform -Sandbox
        Write-Own @{}
        $null = Sync-Connection $file
        Write-Own @{ payload = "{ model: eu, p: '{{prompt}}', n: '`${env:ACCEPTANCE_FIRST}' }"; more = "    customVariable: [{ name: a, displayName: '`${env:ACCEPTANCE_STAGE}' }]" }
        $plan = Compare-Connection $file -WarningAction Ignore
        ($plan.Difference | Where-Object Property -EQ customVariable.a).New | Should -BeLike '*"displayName":"${env:ACCEPTANCE_STAGE}"*'
    }
}

Describe 'A reference to a key with a variable in it' {
    BeforeAll {
        $env:ACCEPTANCE_KEY_EU = $env:ACCEPTANCE_KEY
        Set-Content $file @'
connections:
  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: "env:ACCEPTANCE_KEY_${env:ACCEPTANCE_STAGE}" }
  - provider: API
    name: Own
    endpointUrl: https://llm.example.com
    header: { x-api-key: "op:K/${env:ACCEPTANCE_STAGE}" }
    payload: { p: '{{prompt}}' }
    outputPath: a
'@
        $asked = $script:asked = [Collections.Generic.List[string]]::new()
        Register-KeySource -Scheme op -ScriptBlock { param($Name) $asked.Add($Name); $env:ACCEPTANCE_KEY }.GetNewClosure()
        Connect-KorePlatform -Sandbox
    }

    AfterAll {
        Unregister-KeySource op
    }

    It 'leads to the key where the variable is set' {
        $env:ACCEPTANCE_STAGE = 'EU'
        Test-ConnectionManifest $file | Should -BeNullOrEmpty
        (Sync-Connection $file -WarningAction Ignore).Outcome | Should -Be Done, Done
        (Compare-Connection $file -WarningAction Ignore).Action | Should -Be InSync, InSync
    }

    It 'is a reference that leads to no key where it is not, and no source is asked' {
        $env:ACCEPTANCE_STAGE = $null
        $asked.Clear()
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
        (Test-ConnectionManifest $file).Message | Should -BeLike "*refers to the environment variable 'ACCEPTANCE_STAGE', which is not set or empty."
        $plan = Compare-Connection $file -WarningVariable warned -WarningAction SilentlyContinue
        $plan.Action | Should -Be InSync, InSync
        $plan.KeyState | Should -Be Unknown, Unknown
        $plan.Reason | Should -BeLike '*these references have no key here: ${env:ACCEPTANCE_STAGE}.'
        "$warned" | Should -BeLike '2 references of the manifest have no key here, so these keys were not compared: ${env:ACCEPTANCE_STAGE}. *'
        (Compare-Connection $file -IgnoreKeys).Action | Should -Be InSync, InSync
        (Sync-Connection $file -WarningAction Ignore -ErrorAction Stop).Outcome | Should -Be Unchanged, Unchanged
        Find-ConnectionIssue -Rule Drift -ManifestPath $file -ErrorAction Stop | Should -BeNullOrEmpty
        { Compare-Connection $file -WarningAction Ignore | Where-Object Name -EQ Desk | Test-ConnectionKey -ErrorAction Stop } | Should -Throw "*'ACCEPTANCE_STAGE', which is not set*"
        $asked | Should -BeNullOrEmpty
    }

    It 'is an error where the key is sent, and stays in the file' {
        $env:ACCEPTANCE_STAGE = $null
        Export-Connection $file -Merge -ErrorAction Stop
        Get-Content $file -Raw | Should -Match 'ACCEPTANCE_KEY_\$\{env:ACCEPTANCE_STAGE\}'
        Export-Connection $file -Force -WarningAction Ignore -ErrorAction Stop
        Get-Content $file -Raw | Should -Match 'ACCEPTANCE_KEY_\$\{env:ACCEPTANCE_STAGE\}'
        Set-Content $file "connections: [{ provider: OpenAI, name: New, model: gpt-5.5, apiKey: 'env:K_`${env:ACCEPTANCE_STAGE}' }]"
        { Sync-Connection $file -WarningAction Ignore -ErrorAction Stop } | Should -Throw "*apiKey refers to the environment variable 'ACCEPTANCE_STAGE', which is not set*"
        Set-Content $file "connections: [{ provider: OpenAI, name: New, model: gpt-5.5, apiKey: '`${env:ACCEPTANCE_STAGE}' }]"
        (Test-ConnectionManifest $file -IgnoreKeys).Message | Should -BeLike 'apiKey uses*which would put the key itself into the manifest*'
    }
}

Describe 'A connection that is listed and cannot be read' {
    It 'has advice for that: HTTP <Status>' -ForEach @{ Status = 403; Said = '*may belong to another workspace*' }, @{ Status = 404; Said = '*deleted meanwhile. Run the command again*' } {
        Connect-KorePlatform -Sandbox
        Write-Own @{}
        $id = (Sync-Connection $file | ForEach-Object { Get-Connection Own }).ConnectionId
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = "/connections/$id"; status = $Status }
        Compare-Connection $file -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike $Said
    }
}

Describe 'A variable within the path of a key file' {
    It 'is shown as it is written: <Of>' -ForEach @(
        @{ Of = 'Sync'; Run = { Sync-Connection $manifest } }
        @{ Of = 'Compare -RequireKey'; Run = { Compare-Connection $manifest -RequireKey } }
        @{ Of = 'Compare'; Run = { Compare-Connection $manifest } }
        @{ Of = 'Test'; Run = { Test-ConnectionManifest $manifest } }
    ) {
        Connect-KorePlatform -Sandbox
        $env:ACCEPTANCE_FOLDER = 'hunter2Plain99Word'
        $manifest = "$TestDrive/path.yaml"
        Set-Content $manifest "connections:`n  - { provider: OpenAI, name: p, model: gpt-5.5, apiKey: 'file:/x/`${env:ACCEPTANCE_FOLDER}/k' }"
        $said = @(try { & $Run *>&1 } catch { $_ }) | ForEach-Object { "$_"; $_.Message; "$($_.Exception)"; "$($_.ErrorDetails)"; $_ | Format-List * | Out-String }
        "$said" | Should -BeLike '*/x/${env:ACCEPTANCE_FOLDER}/k*'
        "$said" | Should -Not -Match 'hunter2'
    }
}

Describe 'A variable in a host' {
    It 'is shown as the reference, whatever comes of the host: <_>' -ForEach 'zx9yw8vu7ts6rq5po4nm3lk2', 'Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2', 'Zx9Y' {
        $env:ACCEPTANCE_STAGE = $_
        try {
            Connect-KorePlatform -Sandbox
            Write-Own @{ endpointUrl = 'https://${env:ACCEPTANCE_STAGE}.invalid/v1' }
            $result = Compare-Connection $file -WarningAction SilentlyContinue | Test-ConnectionKey -WarningAction SilentlyContinue
            $result.ProviderHost | Should -BeExactly '${env:ACCEPTANCE_STAGE}.invalid'
            $result.ProviderMessage | Should -BeExactly 'The host ${env:ACCEPTANCE_STAGE}.invalid is unknown.'
            $said = Sync-Connection $file -VerifyKey -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable failure *>&1
            $failure | Should -Not -BeNullOrEmpty
            "$($said, $result, $failure | Format-List * -Force | Out-String)" | Should -Not -Match $_
        } finally {
            $env:ACCEPTANCE_STAGE = $null
        }
    }
}

Describe 'A flag of a variable of the payload' {
    BeforeEach {
        Connect-KorePlatform -Sandbox
    }

    AfterEach {
        $env:ACCEPTANCE_FLAG = $null
    }

    It 'is refused as draft is: <Of> <Written>' -ForEach @(
        foreach ($of in 'status', 'required') {
            'no', 'yes', 'Off', 'on', '1', '0', '1.0', '"no"', '" Enabled "', 'disabled' | ForEach-Object { @{ Of = $of; Written = $_ } }
        }
    ) {
        $shown = $Written.Trim('"', ' ')
        foreach ($list in 'customVariable', 'promptVariable') {
            Write-Own @{ more = "    $($list): [{ name: prompt, $($Of): $Written }]" }
            $problem = Test-ConnectionManifest $file -IgnoreKeys
            $problem.Path | Should -Be "connections[0].$list[0].$Of"
            $problem.Message | Should -Be "$Of is '$shown'. Use true or false."
            { Sync-Connection $file -ErrorAction Stop } | Should -Throw "*$Of is '$shown'. Use true or false."
        }
    }

    It 'is true or false where a text says so: <Text> in <Extension>' -ForEach @(
        foreach ($extension in 'yaml', 'json') {
            @{ Extension = $extension; Text = 'true'; Is = $true }
            @{ Extension = $extension; Text = 'False'; Is = $false }
            @{ Extension = $extension; Text = ' TRUE '; Is = $true }
            @{ Extension = $extension; Text = '${env:ACCEPTANCE_FLAG}'; Value = 'false'; Is = $false }
            @{ Extension = $extension; Text = '${env:ACCEPTANCE_FLAG}'; Value = 'True'; Is = $true }
        }
    ) {
        $env:ACCEPTANCE_FLAG = $Value
        $path = "$TestDrive/flag.$Extension"
        # JSON is YAML, too.
        Set-Content $path (ConvertTo-Json -Depth 9 @{ connections = @(@{
            provider = 'API'; name = 'Own'; endpointUrl = 'https://llm.example.com/v1'; payload = @{ p = '{{prompt}} {{tone}}' }; outputPath = 'a'
            customVariable = @(@{ name = 'tone'; status = $Text; required = $Text }); promptVariable = @('prompt', @{ name = 'examples'; Status = $Text })
        }) })
        (Sync-Connection $path -WarningAction SilentlyContinue -ErrorAction Stop).Outcome | Should -Be Done
        $sent = (Invoke-Sandbox requests).Where({ $_.method -eq 'POST' }).body
        $sent.customVars.status, $sent.customVars.required, $sent.promptVars.Where({ $_.name -eq 'examples' })[0].status | Should -Be $Is, $Is, $Is
        $sent.customVars[0].status | Should -BeOfType bool
        (Compare-Connection $path).Action | Should -Be InSync
    }

    It 'shows a reference and not its value where that is neither: <_>' -ForEach 'no', '1', 'OFF' {
        $env:ACCEPTANCE_FLAG = $_
        Write-Own @{ more = "    customVariable: [{ name: tone, status: '`${env:ACCEPTANCE_FLAG}' }]" }
        (Test-ConnectionManifest $file -IgnoreKeys).Message | Should -Be 'status is ''${env:ACCEPTANCE_FLAG}''. Use true or false.'
    }

    It 'is accepted with a warning where a platform may have it: <_>' -ForEach 'maybe', '2', '""', 'n' {
        Write-Own @{ more = "    customVariable: [{ name: tone, required: $_ }]" }
        Test-ConnectionManifest $file -IgnoreKeys -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -BeLike "*required of the variable 'tone' is neither true nor false.*"
    }

    It 'is exported as true or false where the platform has <Has>' -ForEach @(
        @{ Has = '"off"'; Line = 'status: false' }
        @{ Has = '0'; Line = 'status: false' }
        @{ Has = '"False"'; Line = 'status: false' }
        @{ Has = '"yes"' }
        @{ Has = '1' }
        @{ Has = '"maybe"'; Line = 'status: maybe' }
    ) {
        $id = (New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com/v1 -Payload @{ p = '{{prompt}} {{tone}}' } -OutputPath a).ConnectionId
        $body = '{ "connectionId": "' + $id + '", "connectionName": "Own", "provider": "API", "endpointUrl": "https://llm.example.com/v1", "payload": { "p": "{{prompt}} {{tone}}" }, "outputPath": "a", "headers": [], "promptVars": [{ "name": "prompt", "status": true }], "customVars": [{ "name": "tone", "status": ' + $Has + ' }] }'
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = $id; times = 0; status = 200; body = $body }
        Export-Connection "$TestDrive/flags.yaml" -Force
        $text = Get-Content "$TestDrive/flags.yaml" -Raw
        $text | Should -BeLike "*tone*$Line*"
        if (-not $Line) { $text | Should -Not -Match 'status' }
        (Compare-Connection "$TestDrive/flags.yaml" -WarningAction SilentlyContinue).Action | Should -Be InSync
    }
}
