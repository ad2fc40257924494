BeforeDiscovery {
    $names = 'GPT', 'GPT [prod]', 'GPT p', 'gpt', 'Claude*', 'Claude 1', 'what?', 'back`tick', '[open'
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
}

Describe 'Get-Connection' {
    BeforeAll {
        $null = Connect-TestSandbox
        $null = Add-Connection 'GPT', 'GPT [prod]', 'GPT p', 'gpt', 'Claude*', 'Claude 1', 'what?', 'back`tick', '[open'
        $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    }

    It 'lists connections without fields, and reads one with them' {
        $all = Get-Connection
        $all | Should -BeOfType KoreConnections.Connection
        $all.Where({ $null -ne $_.Fields }) | Should -BeNullOrEmpty
        $all[0].ModifiedOn | Should -BeOfType datetime
        ($all[0] | Get-Connection).Fields['api_key'] | Should -Be 'sk-***************'
    }

    It 'finds an exact name before a wildcard: <Of>' -ForEach @(
        @{ Of = { Get-Connection }; Found = $names }
        @{ Of = { Get-Connection -Name GPT }; Found = 'GPT' }
        @{ Of = { Get-Connection GPT }; Found = 'GPT' }
        @{ Of = { Get-Connection gpt }; Found = 'gpt' }
        @{ Of = { Get-Connection Gpt }; Found = 'GPT', 'gpt' }
        @{ Of = { Get-Connection 'GPT [prod]' }; Found = 'GPT [prod]' }
        @{ Of = { Get-Connection 'GPT [op]' }; Found = 'GPT p' }
        @{ Of = { Get-Connection 'GPT `[prod`]' }; Found = 'GPT [prod]' }
        @{ Of = { Get-Connection 'gpt `[PROD`]' }; Found = 'GPT [prod]' }
        @{ Of = { Get-Connection '[OPEN' }; Found = '[open' }
        # As a pattern it finds something, and that goes before another case.
        @{ Of = { Get-Connection 'GPT [PROD]' }; Found = 'GPT p' }
        @{ Of = { Get-Connection 'Claude*' }; Found = 'Claude*' }
        @{ Of = { Get-Connection 'claude*' }; Found = 'Claude*', 'Claude 1' }
        @{ Of = { Get-Connection 'Claude`*' }; Found = 'Claude*' }
        @{ Of = { Get-Connection 'what?' }; Found = 'what?' }
        @{ Of = { Get-Connection '*?' }; Found = $names }
        @{ Of = { Get-Connection '*' }; Found = $names }
        @{ Of = { Get-Connection 'back`tick' }; Found = 'back`tick' }
        @{ Of = { Get-Connection '[open' }; Found = '[open' }
        @{ Of = { Get-Connection 'none*' }; Found = @() }
        @{ Of = { Get-Connection 'GPT [xyz]' }; Found = @() }
        @{ Of = { Get-Connection 'GPT', 'Claude 1' }; Found = 'GPT', 'Claude 1' }
        @{ Of = { Get-Connection 'Claude 1', 'GPT' }; Found = 'Claude 1', 'GPT' }
        @{ Of = { Get-Connection 'GPT', 'G*', 'gpt' }; Found = 'GPT', 'GPT [prod]', 'GPT p', 'gpt' }
        @{ Of = { Get-Connection @() }; Found = @() }
        @{ Of = { Get-Connection 'G*' -Limit 2 }; Found = 'GPT', 'GPT [prod]' }
        @{ Of = { Get-Connection 'G*' -Limit 20 }; Found = 'GPT', 'GPT [prod]', 'GPT p', 'gpt' }
        @{ Of = { Get-Connection 'what?', 'G*' -Limit 2 }; Found = 'what?', 'GPT' }
        @{ Of = { Get-Connection -Limit 3 }; Found = 'GPT', 'GPT [prod]', 'GPT p' }
        @{ Of = { Get-Connection '[open' -Limit 1 }; Found = '[open' }
        @{ Of = { Get-Connection -Provider Anthropic }; Found = @() }
    ) {
        (Get-CleanOutcome $Of).Output.ConnectionName | Should -BeExactly $Found
    }

    It 'asks the platform once: <Of>' -ForEach @(
        @{ Of = { Get-Connection }; Query = '' }
        @{ Of = { Get-Connection -Limit 5 }; Query = '?limit=5' }
        @{ Of = { Get-Connection -Limit $null }; Query = '' }
        @{ Of = { Get-Connection -Name GPT }; Query = '' }
        @{ Of = { Get-Connection -Name GPT -Limit 1 }; Query = '' }
        @{ Of = { Get-Connection -Name G* -Limit 1 -Provider openai -Status active }; Query = '?provider=Open%20AI&status=ACTIVE' }
        @{ Of = { Get-Connection -Provider OpenAI }; Query = '?provider=Open%20AI' }
        @{ Of = { Get-Connection -Provider 'OPEN AI' }; Query = '?provider=Open%20AI' }
        @{ Of = { Get-Connection -Provider AzureOpenAI }; Query = '?provider=Azure%20Open%20AI' }
        @{ Of = { Get-Connection -Provider 'Azure Open AI' }; Query = '?provider=Azure%20Open%20AI' }
        @{ Of = { Get-Connection -Provider anthropic }; Query = '?provider=Anthropic' }
        @{ Of = { Get-Connection -Provider api }; Query = '?provider=API' }
        @{ Of = { Get-Connection -Status Inactive }; Query = '?status=INACTIVE' }
        @{ Of = { Get-Connection -Provider API -Status ACTIVE -Limit 7 }; Query = '?provider=API&status=ACTIVE&limit=7' }
    ) {
        (Get-CleanOutcome $Of).Requests.Target | Should -BeExactly "/api/public/connections$Query"
    }

    It 'refuses what cannot be right: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Limit 0 }; Saying = '-Limit 0 is too small' }
        @{ Of = { Get-Connection -Limit -1 }; Saying = '-Limit -1 is too small' }
        @{ Of = { Get-Connection -Name GPT -Limit 0 }; Saying = '-Limit 0 is too small' }
        @{ Of = { Get-Connection -Provider '' }; Saying = '-Provider is empty' }
        @{ Of = { Get-Connection -Status '' }; Saying = '-Status is empty' }
        { Get-Connection -Name '' }, { Get-Connection -Name ' ' }, { Get-Connection -Name GPT, '' } | ForEach-Object { @{ Of = $_; Saying = '-Name is empty' } }
        { Get-Connection -ConnectionId '' }, { Get-Connection -ConnectionId ' ' } | ForEach-Object { @{ Of = $_; Saying = '-ConnectionId is empty' } }
        @{ Of = { Get-Connection -ConnectionId .. }; Saying = 'is not the id of a connection' }
        @{ Of = { Get-Connection -ConnectionId 'GPT [prod]' }; Saying = 'To find a connection by name, use Get-Connection -Name' }
        @{ Of = { Get-Connection -Id "cn`n1" }; Saying = 'is not the id of a connection' }
    ) {
        Assert-Refuses $Of $Saying
    }

    It 'leaves a stray object to PowerShell''s own error: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Limit many }; ErrorId = 'CannotConvertArgumentNoMessage' }
        @{ Of = { Get-Connection -Name GPT -ConnectionId cn-1 }; ErrorId = 'AmbiguousParameterSet' }
        @{ Of = { Get-Connection -ConnectionId cn-1 -Detailed }; ErrorId = 'AmbiguousParameterSet' }
        @{ Of = { Get-Connection -ConnectionId $null }; ErrorId = 'ParameterArgumentValidationErrorNullNotAllowed' }
        @{ Of = { Get-Connection -ConnectionId @() }; ErrorId = 'ParameterArgumentValidationErrorEmptyArrayNotAllowed' }
        @{ Of = { 'GPT' | Get-Connection -Name GPT }; ErrorId = 'InputObjectNotBound' }
        @{ Of = { $null | Get-Connection }; ErrorId = 'ParameterArgumentValidationErrorNullNotAllowed' }
        { Get-Connection $undefined }, { Get-Connection -Name @($null) }, { Get-Connection -Provider $undefined },
        { Get-Connection -Status $undefined }, { Get-Connection -Provider $undefined | Set-Connection -ApiKey $key } |
            ForEach-Object { @{ Of = $_; ErrorId = 'ParameterArgumentValidationError' } }
        @{ Of = { @() | Get-Connection }; ErrorId = @() }
    ) {
        Assert-Refuses $Of -ErrorId $ErrorId
    }

    # PowerShell's own error would carry the object, and with it a key that is in one of its columns.
    It 'takes no object without an id for one: <Of>' -ForEach @(
        { Get-Connection -ConnectionId 5 }, { 5 | Get-Connection }, { [datetime]::Now | Get-Connection }, { [IO.FileInfo]::new('cn-1') | Get-Connection },
        { [guid]::Empty | Get-Connection }, { @{ ConnectionId = 'cn-1' } | Get-Connection },
        { Get-Process -Id $PID | Get-Connection }, { [pscustomobject]@{ Id = 5 } | Get-Connection }, { Get-Connection -ConnectionId ([Collections.ArrayList]('cn-1', 5)) },
        { Get-Connection -ConnectionId ([Collections.ArrayList]('cn-1', @('cn-2'))) } | ForEach-Object { @{ Of = $_ } }
    ) {
        $outcome = Assert-Refuses $Of 'an object without ConnectionId' -PassThru
        $outcome.Errors[0].TargetObject | Should -BeOfType string
    }

    It 'says what to do with the id of a hashtable: <_>' -ForEach @(
        { @{ ConnectionId = 'cn-1' } | Get-Connection }, { [ordered]@{ id = 'cn-1'; Name = 'GPT' } | Get-Connection }
    ) {
        Assert-Refuses $_ '-ConnectionId is not read from a hashtable. Specify it with -ConnectionId, or convert the table to [pscustomobject].'
    }

    It 'reports each name that is not there, and finds the others' {
        $outcome = Get-Outcome { Get-Connection 'missing', 'GPT', 'also missing', 'none*', 'Claude 1' }
        $outcome.ErrorIds | Should -Be 'KoreConnectionNotFound', 'KoreConnectionNotFound'
        $outcome.Errors.TargetObject | Should -Be 'missing', 'also missing'
        $outcome.Output.ConnectionName | Should -Be 'GPT', 'Claude 1'
    }

    It 'filters here what the platform does not filter by: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Provider Gemini }; Found = @(); Query = '' }
        @{ Of = { Get-Connection -Provider Cohere -Name * }; Found = @(); Query = '' }
        @{ Of = { Get-Connection -Status DRAFT }; Found = @(); Query = '' }
        @{ Of = { Get-Connection -Status draft -Provider API }; Found = @(); Query = '?provider=API' }
        @{ Of = { Get-Connection -Status Paused -Limit 1 }; Found = @(); Query = '' }
    ) {
        $outcome = Get-CleanOutcome $Of
        $outcome.Output.ConnectionName | Should -BeExactly $Found
        $outcome.Requests.Target | Should -BeExactly "/api/public/connections$Query"
    }

    It 'warns where nothing was listed for a word that the API does not know: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Provider OpenAl }; Said = "No connection was listed. -Provider 'OpenAl' is not one of the API's values: Open AI,*" }
        @{ Of = { Get-Connection -Status Activ }; Said = "No connection was listed. -Status 'Activ' is not one of the API's values: ACTIVE,*" }
        @{ Of = { Get-Connection -Provider Anthropic }; Said = '' }
        @{ Of = { Get-Connection -Status DRAFT }; Said = '' }
    ) {
        (& $Of 3>&1) -join '' | Should -BeLike $Said
    }

    It 'reads a whole id at the place of a name, and lists nothing for it: <Of>' -ForEach @(
        @{ Of = { Get-Connection $id }; Found = 'Claude 1' }
        @{ Of = { Get-Connection $id.ToUpper().Replace('CN-', 'cn-') -ErrorAction Ignore }; Found = @() }
        @{ Of = { Get-Connection -Name $id -Detailed -Limit 5 }; Found = 'Claude 1' }
        @{ Of = { Get-Connection $id -Provider openai }; Found = 'Claude 1' }
        @{ Of = { Get-Connection $id -Provider Anthropic }; Found = @() }
        @{ Of = { Get-Connection $id -Status paused }; Found = @() }
    ) {
        $id = (Get-Connection 'Claude 1').ConnectionId
        $outcome = Get-CleanOutcome $Of
        $outcome.Output.ConnectionName | Should -Be $Found
        $outcome.Requests.Target | Should -BeLike '/api/public/connections/cn-*'
    }

    It 'finds a name that has the form of an id, and lists only where nothing has the id: <Of>' -ForEach @(
        @{ Of = { Get-Connection $name }; Found = 'cn-12345678-1234-1234-1234-123456789012'; Requests = 3 }
        @{ Of = { Get-Connection -Name $name -Detailed -Provider openai }; Found = 'cn-12345678-1234-1234-1234-123456789012'; Requests = 3 }
        @{ Of = { Get-Connection $name, $id }; Found = 'cn-12345678-1234-1234-1234-123456789012', 'Claude 1'; Requests = 4 }
        @{ Of = { Get-Connection $name -Status paused }; Found = @(); Requests = 3 }
        @{ Of = { Get-Connection $id }; Found = 'Claude 1'; Requests = 1 }
    ) {
        $name = 'cn-12345678-1234-1234-1234-123456789012'
        if (-not (Get-Connection "$name*")) {
            $null = Add-Connection $name
        }

        $id = (Get-Connection 'Claude 1').ConnectionId
        Assert-Outcome $Of -Name $Found -RequestCount $Requests
    }

    It 'reads each of several ids' {
        $ids = (Get-Connection 'GPT', 'Claude 1').ConnectionId
        (Get-CleanOutcome { Get-Connection $ids[1], $ids[0] }).Output.ConnectionName | Should -Be 'Claude 1', 'GPT'
        (Get-CleanOutcome { Get-Connection $ids -Limit 1 }).Output.ConnectionName | Should -Be 'GPT'
    }

    It 'reads an id at the place of a name' {
        $id = (Get-Connection 'Claude 1').ConnectionId
        $outcome = Get-CleanOutcome { Get-Connection 'GPT', $id }
        $outcome.Output.ConnectionName | Should -Be 'GPT', 'Claude 1'
        $outcome.Output[1].Fields['api_key'] | Should -Be 'sk-***************'
    }

    It 'is hidden by a function of the same name, and found by the module''s' {
        function Get-Connection { 'the function' }
        Get-Connection | Should -Be 'the function'
        (KoreConnections\Get-Connection GPT).ConnectionName | Should -Be 'GPT'
    }
}

Describe 'A name without a match' {
    It 'is an error, where there is <There>: <Name>' -ForEach @(
        foreach ($there in @(), 'GPT') {
            'missing', 'GPT [prod', '[', '[]', 'a[', 'a[b-[c]', 'GPT `[none`]', 'cn-11111111-2222-3333-4444-555555555555', 'é' | ForEach-Object { @{ Name = $_; There = $there } }
        }
    ) {
        $null = Connect-TestSandbox
        $null = Add-Connection $There
        $outcome = Assert-Outcome { Get-Connection $Name } -ErrorId 'KoreConnectionNotFound' -Target $Name -OutputCount 0 -PassThru
        $outcome.Errors.CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Get-Connection -Detailed' {
    It 'takes what is piped, which is read in detail anyway: <_>' -ForEach @(
        { Get-Connection | Get-Connection -Detailed }, { (Get-Connection).ConnectionId | Get-Connection -Detailed }
        { [pscustomobject]@{ Name = 'a'; ApiKey = 'env:X' } | Get-Connection -Detailed }, { Get-Connection | Select-Object ConnectionId | Get-Connection -Detailed }
    ) {
        $null = Connect-TestSandbox
        $null = Add-Connection a
        (Get-CleanOutcome $_).Output.Fields['API_KEY'] | Should -BeLike 'sk*'
    }
}

Describe 'A name' {
    It 'fits a pattern in any culture' {
        $null = Connect-TestSandbox
        $null = Add-Connection finance
        Invoke-InCulture tr-TR { (Get-Connection 'FIN*').ConnectionName } | Should -Be 'finance'
    }
}

Describe 'A status that the platform does not filter by' {
    It 'is filtered by here' {
        $null = Connect-TestSandbox
        $own = @{ EndpointUrl = 'https://llm.example.com/v1'; MapProvider = 'openAIModel'; Feature = 'streaming' }
        $null = New-Connection -CustomApi -Name Own @own -Draft
        $null = 'Own 2', 'Own 3' | ForEach-Object { New-Connection -CustomApi -Name $_ @own }
        (Get-Connection -Status draft).ConnectionName | Should -Be 'Own'
        (Get-Connection -Status FINALIZED -Provider API).ConnectionName | Should -Be 'Own 2', 'Own 3'
        (Get-Connection -Status FINALIZED -Limit 1).ConnectionName | Should -Be 'Own 2'
        $null = Add-Connection cn-name
        (Get-CleanOutcome { Get-Connection cn-name }).Requests | Should -HaveCount 1
    }
}

Describe 'A listing without names' {
    BeforeEach {
        $null = Connect-TestSandbox
        $id = Add-Connection Desk
        Add-Fault @{ Method = 'GET'; Path = $id; Times = 0 }
        Add-Fault @{ Method = 'GET'; Path = 'connections'; Status = 200; Times = 0; Body = "{ ""connections"": [ { ""connectionId"": ""$id"", ""provider"": ""Open AI"" } ], ""total"": 1 }" }
    }

    It 'is read one by one' {
        (Get-CleanOutcome { Get-Connection }).Output.ConnectionName | Should -Be 'Desk'
    }

    It 'leaves a name unknown: <Of>' -ForEach @(
        @{ Of = { Get-Connection Desk } }
        @{ Of = { [pscustomobject]@{ Name = 'Desk' } | Get-Connection } }
        @{ Of = { [pscustomobject]@{ Name = 'Desk'; ApiKey = $key } | Update-ConnectionKey -SkipVerification } }
        @{ Of = { Export-Connection "$TestDrive/nameless.yaml" Desk } }
        @{ Of = { Export-Connection "$TestDrive/nameless.yaml" D* } }
    ) {
        $outcome = Get-Outcome $Of
        @($outcome.ErrorIds) + $outcome.Output.ErrorId | Select-Object -Unique | Should -Be 'KoreUnexpectedResponse'
        "$($outcome.Errors)" | Should -BeLike '*1 of 1 connections without a name*'
        $outcome.Writes | Should -BeNullOrEmpty
    }

    It 'is warned of where a pattern could mean it' {
        "$((Get-CleanOutcome { Get-Connection D* }).Warnings)" | Should -BeLike 'The listing is incomplete: the platform returned 1 of 1 connections without a name.'
    }
}

Describe 'Connections that the API cannot create' {
    BeforeEach {
        $null = Connect-TestSandbox
        $providers = 'Gemini', 'Amazon Bedrock', 'Open AI', 'Gemini'
        $items = $providers.ForEach({ $i = $providers.IndexOf($_); @{ connectionId = "cn-$i"; connectionName = "n$i"; provider = $_; status = 'PAUSED' } })
        Add-Fault @{ Method = 'GET'; Status = 200; Times = 0; Body = (ConvertTo-Json @{ connections = $items; total = 4 }) }
    }

    It 'are found by what the API does not filter by: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Provider Gemini }; Found = 'n0', 'n0' }
        @{ Of = { Get-Connection -Provider gemini -Limit 1 }; Found = 'n0' }
        @{ Of = { Get-Connection -Provider AmazonBedrock }; Found = 'n1' }
        @{ Of = { Get-Connection -Provider 'amazon bedrock' -Status paused }; Found = 'n1' }
        @{ Of = { Get-Connection n1 -Provider 'Amazon Bedrock' }; Found = 'n1' }
        @{ Of = { Get-Connection n* -Provider Vertex }; Found = @() }
    ) {
        $outcome = Get-CleanOutcome $Of
        $outcome.Output.ConnectionName | Should -Be $Found
        $outcome.Requests.Target | Should -Be '/api/public/connections'
    }

    It 'have no name among those of another provider' {
        (Get-Outcome { Get-Connection n1 -Provider Gemini }).ErrorIds | Should -Be 'KoreConnectionNotFound'
        (Get-Outcome { Get-Connection n1 -Provider anthropic -Status inactive }).Errors |
            Should -BeLike "There is no connection named 'n1' with -Provider 'anthropic' with -Status 'inactive'.*"
        (Get-Outcome { Export-Connection "$TestDrive/none.yaml" n1 -Provider Gemini }).ErrorIds | Should -Be 'KoreConnectionNotFound'
    }

    It 'are none to export, where a provider has none' {
        Get-CleanOutcome { Export-Connection "$TestDrive/none.yaml" -Provider Vertex } | Out-Null
        Get-Content "$TestDrive/none.yaml" | Should -Contain 'connections: []'
    }
}

Describe 'Reading by id' {
    BeforeAll {
        $null = Connect-TestSandbox
        $a, $b, $c = Add-Connection a, b, c
        $ids = $a, 'cn-gone', $b
        $live = (Get-Connection a), [KoreConnections.Connection]@{ ConnectionName = 'gone'; ConnectionId = 'cn-gone' }, (Get-Connection b)
        $clixml = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($live, 3))
    }

    It 'keeps the order and reports the one that is missing: <_>' -ForEach @(
        { Get-Connection -ConnectionId $ids }
        { Get-Connection -Id $ids }
        { Get-Connection -ConnectionId ([Collections.Generic.List[string]]$ids) }
        { Get-Connection -ConnectionId ([Collections.ArrayList]$ids) }
        { Get-Connection -ConnectionId ([Collections.Generic.HashSet[string]]$ids) }
        { Get-Connection -ConnectionId ($ids.ForEach({ [regex]::Match($_, '.+') })) }
        { Get-Connection -ConnectionId $ids[0], ([Text.StringBuilder]$ids[1]), $ids[2] }
        { $ids | Get-Connection }
        { , $ids | Get-Connection }
        { , [Collections.Generic.List[string]]$ids | Get-Connection }
        { $ids.ForEach({ " $_" }) | Get-Connection }
        { $ids.ForEach({ [pscustomobject]@{ ConnectionId = $_; Name = 'x' } }) | Get-Connection }
        { $ids.ForEach({ [pscustomobject]@{ id = $_ } }) | Get-Connection }
        { [pscustomobject]@{ ConnectionId = $ids } | Get-Connection }
        { $live | Get-Connection }
        { $clixml | Get-Connection }
    ) {
        $outcome = Assert-Outcome $_ -ErrorId 'KoreConnectionNotFound' -Name 'a', 'b' -PassThru
        "$($outcome.Errors.TargetObject)".Trim() | Should -Be 'cn-gone'
        $outcome.Output.Where({ $null -eq $_.Fields }) | Should -BeNullOrEmpty
        $outcome.Requests.ForEach({ ($_.Target -split '/')[-1] }) | Sort-Object | Should -Be ($ids | Sort-Object)
    }

    It 'is what -Detailed does for each' {
        $outcome = Get-CleanOutcome { Get-Connection c, a -Detailed }
        $outcome.Output.ConnectionName | Should -Be 'c', 'a'
        $outcome.Output.Where({ $null -eq $_.Fields }) | Should -BeNullOrEmpty
        $outcome.Requests.ForEach({ ($_.Target -split '/')[-1] }) | Sort-Object | Should -Be ('connections', $a, $c | Sort-Object)
    }

    It 'is only done when -Detailed is meant: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Detailed }; Requests = 4 }
        @{ Of = { Get-Connection -Detailed:$true }; Requests = 4 }
        @{ Of = { Get-Connection -Detailed:$false }; Requests = 1 }
    ) {
        (Get-CleanOutcome $Of).Requests | Should -HaveCount $Requests
    }

    It 'with -Detailed emits the others when one is gone' {
        Add-Fault @{ Path = $a; Status = 404 }
        Assert-Outcome { Get-Connection -Detailed } -ErrorId 'KoreConnectionNotFound' -Name 'b', 'c'
    }
}

Describe 'A platform that lists two at most' {
    BeforeEach {
        $sandbox = Connect-TestSandbox @{ ListingLimit = 2 }
        $null = Add-Connection a, b, c, d
        $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    }

    It 'is asked for all by a second listing: <Of>' -ForEach @(
        @{ Of = { Get-Connection }; Found = 'a', 'b', 'c', 'd'; Queries = '', '?limit=4' }
        @{ Of = { Get-Connection d }; Found = 'd'; Queries = '', '?limit=4' }
        @{ Of = { Get-Connection d -Limit 1 }; Found = 'd'; Queries = '', '?limit=4' }
        @{ Of = { Get-Connection * -Limit 3 }; Found = 'a', 'b', 'c'; Queries = '', '?limit=4' }
        @{ Of = { Get-Connection -Limit 3 }; Found = 'a', 'b', 'c'; Queries = '?limit=3' }
        @{ Of = { Get-Connection -Limit 1 }; Found = 'a'; Queries = '?limit=1' }
        @{ Of = { Get-Connection -Provider OpenAI }; Found = 'a', 'b', 'c', 'd'; Queries = '?provider=Open%20AI', '?provider=Open%20AI&limit=4' }
        @{ Of = { Get-Connection -Provider Anthropic }; Found = @(); Queries = '?provider=Anthropic' }
        @{ Of = { Get-Connection -Status ACTIVE c }; Found = 'c'; Queries = '?status=ACTIVE', '?status=ACTIVE&limit=4' }
    ) {
        $outcome = Assert-Outcome $Of -Name $Found -WarningCount 0 -PassThru
        $outcome.Requests.Target | Should -Be $Queries.ForEach({ "/api/public/connections$_" })
    }

    It 'is searched whole by -IfNotExists' {
        $outcome = Assert-Creates -PassThru -Body (Get-SentBody OpenAI '{ "connectionName": "e", "model": "gpt-5.5" }') {
            'd', 'e' | ForEach-Object { @{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-5.5'; ApiKey = $key } } | New-Connection -IfNotExists
        }
        $outcome.Output.ConnectionName | Should -Be 'd', 'e'
        $outcome.Requests | Should -HaveCount 3
    }

    Context 'and says that there are more' {
        BeforeEach {
            $body = '{ "connections": [{ "connectionId": "cn-1", "connectionName": "a", "provider": "Open AI", "model": "m" }], "total": 5 }'
            Add-Fault @{ Method = 'GET'; Status = 200; Times = 0; Body = $body }
        }

        It 'is warned of: <Of>' -ForEach @(
            @{ Of = { Get-Connection }; Found = 1; Warnings = 1 }
            @{ Of = { Get-Connection a }; Found = 1; Warnings = 1 }
            @{ Of = { Get-Connection z* }; Found = 0; Warnings = 1 }
            @{ Of = { Get-Connection -Limit 1 }; Found = 1; Warnings = 0 }
        ) {
            $outcome = Get-CleanOutcome $Of
            $outcome.Output.Count, $outcome.Warnings.Count, $outcome.Requests.Count | Should -Be $Found, $Warnings, (1 + $Warnings)
        }

        It 'is warned of where it has fewer than the limit: <Of>' -ForEach @(
            @{ Of = { Get-Connection -Limit 3 }; Found = 1 }
            @{ Of = { Get-Connection -Provider Anthropic -Limit 1 }; Found = 0 }
            @{ Of = { Get-Connection -Status DRAFT -Limit 1 }; Found = 0 }
        ) {
            Assert-Outcome $Of -OutputCount $Found -WarningLike 'The listing is incomplete: the platform reports 5 connections but returned only *'
        }

        It 'is counted as the platform returned it, whatever was kept of it: <Of>' -ForEach @(
            @{ Of = { Get-Connection }; Found = 3 }
            @{ Of = { Get-Connection -Provider Google }; Found = 0 }
            @{ Of = { Get-Connection -Status FINALIZED }; Found = 1 }
            @{ Of = { Get-Connection -Status DRAFT -Limit 1 }; Found = 0 }
            @{ Of = { Get-Connection -Provider Anthropic }; Found = 1 }
            @{ Of = { Get-Connection z -Status FINALIZED }; Found = 0; Failing = $true }
            @{ Of = { Get-Connection }; Found = 3; More = ', "hasMore": true' }
            @{ Of = { Get-Connection -Status FINALIZED }; Found = 1; More = ', "hasMore": true'; Total = 3; Said = '*returned 3 connections, and its answer shows that there may be more (hasMore)*' }
        ) {
            $sandbox.Faults.Clear()
            $rows = foreach ($row in @('Open AI', 'ACTIVE'), @('Anthropic', 'ACTIVE'), @('API', 'FINALIZED')) { '{{ "connectionId": "cn-{0}", "connectionName": "{0}", "provider": "{0}", "status": "{1}" }}' -f $row }
            Add-Fault @{ Method = 'GET'; Status = 200; Times = 0; Body = '{ "connections": [' + ($rows -join ',') + '], "total": ' + ($Total ?? 6) + $More + ' }' }
            $outcome = Get-Outcome $Of
            $outcome.Output | Should -HaveCount $Found
            "$(if ($Failing) { $outcome.Errors } else { $outcome.Warnings })" | Should -BeLike ($Said ?? '*the platform reports 6 connections but returned only 3.*')
        }

        # A platform that filters, but counts all connections of the account.
        It 'is whole where the listing of all shows that its total is that of the account: <Of>' -ForEach @(
            @{ Of = { Get-Connection -Provider OpenAI }; Found = 2; Total = 3; Queries = '?provider=Open%20AI', '?provider=Open%20AI&limit=3', '?limit=3' }
            @{ Of = { Get-Connection -Provider OpenAI -Status ACTIVE }; Found = 2; Total = 3; Queries = '?provider=Open%20AI&status=ACTIVE', '?provider=Open%20AI&status=ACTIVE&limit=3', '?limit=3' }
            # There are more, or one that the filter should have shown.
            @{ Of = { Get-Connection -Provider OpenAI }; Found = 2; Total = 4; IsPart = $true; Queries = '?provider=Open%20AI', '?provider=Open%20AI&limit=4', '?limit=4' }
            @{ Of = { Get-Connection -Provider OpenAI }; Found = 2; Total = 3; Other = 'Open AI'; IsPart = $true; Queries = '?provider=Open%20AI', '?provider=Open%20AI&limit=3', '?limit=3' }
            # Where the total is that of what is listed, one request is enough.
            @{ Of = { Get-Connection -Provider OpenAI }; Found = 2; Total = 2; Queries = , '?provider=Open%20AI' }
            @{ Of = { Get-Connection -Provider OpenAI -Limit 2 }; Found = 2; Total = 3; Queries = , '?provider=Open%20AI&limit=2' }
        ) {
            $sandbox.Faults.Clear()
            $rows = '{ "connectionId": "cn-1", "connectionName": "a", "provider": "Open AI", "status": "ACTIVE" }', '{ "connectionId": "cn-2", "connectionName": "b", "provider": "Open AI", "status": "ACTIVE" }'
            $other = '{ "connectionId": "cn-3", "connectionName": "c", "provider": "' + ($Other ?? 'Anthropic') + '", "status": "ACTIVE" }'
            foreach ($query in $Queries) {
                $listed = if ($query -like '*provider*') { $rows } else { $rows + $other }
                Add-Fault @{ Method = 'GET'; Status = 200; Body = '{ "connections": [' + ($listed -join ',') + '], "total": ' + $Total + ' }' }
            }
            $outcome = Assert-Outcome $Of -OutputCount $Found -WarningLike $(if ($IsPart) { "*reports $Total connections but returned only 2." }) -PassThru
            $outcome.Requests.Target | Should -Be $Queries.ForEach({ "/api/public/connections$_" })
        }

        # The listing of all decides about the warning only.
        It 'is kept where the listing of all fails: <Status>' -ForEach @{ Status = 200 }, @{ Status = 404 }, @{ Status = 500 } {
            $sandbox.Faults.Clear()
            $one = '{ "connections": [ { "connectionId": "cn-1", "connectionName": "a", "provider": "Open AI", "status": "ACTIVE" } ], "total": 3 }'
            1..2 | ForEach-Object { Add-Fault @{ Method = 'GET'; Status = 200; Body = $one } }
            Add-Fault @{ Method = 'GET'; Status = $Status; Times = 0; Body = '{ "success": false, "error": "boom" }' }
            Assert-Outcome { Get-Connection -Provider OpenAI } -Name a -WarningLike '*reports 3 connections but returned only 1.'
        }

        It 'is kept where the platform refuses to list all of them' {
            $sandbox.Faults.Clear()
            Add-Fault @{ Method = 'GET'; Status = 200; Body = $body }
            Add-Fault @{ Method = 'GET'; Status = 400; Body = '{ "error": { "message": "limit must be at most 4" } }' }
            Assert-Outcome { Get-Connection } -Name 'a' -WarningLike '*reports 5 connections but returned only 1.'
        }

        It 'leaves a name that it does not list unknown' {
            Assert-Outcome { Get-Connection z } -ErrorId 'KoreUnexpectedResponse' -ErrorLike '*Could not determine whether*'
        }

        It 'lets nothing be created from it' {
            $outcome = Get-Outcome { 'a', 'z', 'y' | ForEach-Object { @{ Provider = 'OpenAI'; Name = $_; Model = 'm'; ApiKey = $key } } | New-Connection -IfNotExists }
            $outcome.ErrorIds | Should -Be 'KoreUnexpectedResponse', 'KoreUnexpectedResponse'
            $outcome.Errors.TargetObject | Should -Be 'z', 'y'
            $outcome.Output.ConnectionName | Should -Be 'a'
            $outcome.Requests.Method | Should -Be 'GET', 'GET'
        }
    }
}
