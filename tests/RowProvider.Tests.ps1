# Rows that say something that their connection could not be: columns of another provider, a state that it would not have, an id of another connection.

BeforeDiscovery {
    $named = 'OpenAI', 'Anthropic', 'AzureOpenAI'
    $foreign = @(
        @{ Column = 'EndpointUrl'; Cell = 'https://gateway.example.com/v1' }
        @{ Column = 'Header'; Cell = '{ "x-api-key": "env:ROWPROVIDER_KEY" }' }
        @{ Column = 'headers'; Cell = '[{ "key": "x-team", "value": "a" }]'; Named = 'Header' }
        @{ Column = 'Payload'; Cell = '{ "prompt": "{{prompt}}" }' }
        @{ Column = 'MapProvider'; Cell = 'openAIModel' }
        @{ Column = 'Feature'; Cell = 'streaming' }
        @{ Column = 'OutputPath'; Cell = 'text' }
        @{ Column = 'idp'; Cell = 'profile'; Named = 'AuthorizationProfile' }
        'true', '1', ' YES ', $true | ForEach-Object { @{ Column = 'Disabled'; Cell = $_ } }
        @{ Column = 'Draft'; Cell = 'true' }
        @{ Column = 'Status'; Cell = 'draft' }
        @{ Column = 'IsEnabled'; Cell = 'false' }
        @{ Column = 'isEnable'; Cell = $false; Named = 'IsEnabled' }
    )
    $foreignCells = foreach ($provider in $named) {
        foreach ($cell in $foreign) { @{ Provider = $provider; Column = $cell.Column; Cell = $cell.Cell; Named = $cell.Named ?? $cell.Column } }
    }
    $azureCells = foreach ($provider in 'OpenAI', 'Anthropic', 'API') {
        @{ Provider = $provider; Column = 'ResourceName'; Cell = 'contoso'; Named = 'ResourceName' }
        @{ Provider = $provider; Column = 'api_version'; Cell = '2024-08-01-preview'; Named = 'ApiVersion' }
        @{ Provider = $provider; Column = 'DeploymentId'; Cell = 'gpt'; Named = 'DeploymentId' }
    }
    $harmless = @(
        @{ Column = 'EndpointUrl'; Cell = '' }, @{ Column = 'Payload'; Cell = ' ' }, @{ Column = 'Header'; Cell = $null }, @{ Column = 'Feature'; Cell = @() },
        @{ Column = 'OutputPath'; Cell = '-' }, @{ Column = 'EndpointUrl'; Cell = 'n/a' }, @{ Column = 'headers'; Cell = '[]' }
        @{ Column = 'Disabled'; Cell = 'false' }, @{ Column = 'Disabled'; Cell = 'no' }, @{ Column = 'Draft'; Cell = '0' }, @{ Column = 'IsEnabled'; Cell = 'True' }
        @{ Column = 'isEnable'; Cell = $true }, @{ Column = 'Status'; Cell = 'ACTIVE' }, @{ Column = 'Status'; Cell = ' finalized ' }, @{ Column = 'Status'; Cell = '' }
        foreach ($column in 'Status', 'IsEnabled', 'Draft', 'Disabled') { foreach ($cell in '-', 'n/a') { @{ Column = $column; Cell = $cell } } }
    )
    $harmlessCells = foreach ($provider in $named) { foreach ($cell in $harmless) { @{ Provider = $provider } + $cell } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $text = 'sk-matrix-0123456789abcdef'
    $env:ROWPROVIDER_KEY = $text
    $rows = @{
        OpenAI      = @{ Name = 'n'; Model = 'm'; ApiKey = $text }
        Anthropic   = @{ Name = 'n'; Model = 'm'; ApiKey = $text }
        AzureOpenAI = @{ Name = 'n'; Model = 'm'; ApiKey = $text; ResourceName = 'res'; DeploymentId = 'dep'; ApiVersion = '2024-08-01-preview' }
        API         = @{ Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = @{ a = 1 }; OutputPath = 'x' }
    }

    function Get-RowOf([string] $Provider, [hashtable] $With = @{}) {
        $row = @{ Provider = $Provider } + $rows[$Provider]
        $With.Keys.ForEach({ $row[$_] = $With[$_] })
        [pscustomobject]$row
    }
}

Describe 'A row with a value that its provider has no field for' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused: <Provider> with <Column> = <Cell>' -ForEach $foreignCells {
        $row = Get-RowOf $Provider @{ $Column = $Cell }
        foreach ($do in { $row | New-Connection }, { New-Connection -InputObject $row }, { $row | Test-ConnectionKey }) {
            Assert-Refuses $do "-$Named "
            "$((Get-Outcome $do).Errors)" | Should -BeLike "*-$Named *does not apply to *, only to *. Remove the value from the row, or correct the row's Provider."
        }
    }

    It 'is created where the value says nothing, or what is so anyway: <Provider> with <Column> = <Cell>' -ForEach $harmlessCells {
        $row = Get-RowOf $Provider @{ $Column = $Cell }
        Assert-Creates { $row | New-Connection } (Get-SentBody $Provider)
    }

    It 'is warned of where it only describes a deployment: <Provider> with <Column>' -ForEach $azureCells {
        $row = Get-RowOf $Provider @{ $Column = $Cell }
        $outcome = Get-CleanOutcome { $row | New-Connection }
        $outcome.Output.ConnectionName | Should -Be n
        @($outcome.Warnings) -like "n: $Named does not apply to *, only to Azure Open AI. It was ignored. Remove it, or correct the row's Provider." | Should -HaveCount 1
    }

    It 'is the one that is refused' {
        $outcome = Get-Outcome { (Get-RowOf OpenAI @{ Name = 'a'; Disabled = 'true' }), (Get-RowOf OpenAI), (Get-RowOf API @{ Name = 'b' }) | New-Connection }
        "$($outcome.Errors)" | Should -BeLike 'Row 1: a: -Disabled does not apply to Open AI, only to API.*'
        $outcome.Output.ConnectionName | Should -Be 'n', 'b'
    }

    It 'says so in a manifest in the same words' {
        Set-Content "$TestDrive/m.yaml" "connections:`n  - { provider: OpenAI, name: n, model: m, apiKey: env:ROWPROVIDER_KEY, disabled: true }"
        (Test-ConnectionManifest "$TestDrive/m.yaml" -WarningAction SilentlyContinue).Message | Should -Be 'disabled does not apply to Open AI, only to API.'
    }
}

Describe 'The state of a row' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused where it is unknown or contradicts itself: <Provider> with <With>' -ForEach @(
        foreach ($provider in 'OpenAI', 'API') {
            foreach ($status in 'Entwurf', 'DRAFTS', 'zz', 'INACTIVE') { @{ Provider = $provider; With = @{ Status = $status }; Saying = "-Status '$status' is not valid for a new connection. Use " } }
        }
        @{ Provider = 'API'; With = @{ Draft = 'false'; Status = 'DRAFT' }; Saying = '-Draft is false in the row, but its Status is DRAFT. Keep one of them.' }
        @{ Provider = 'API'; With = @{ Draft = 'true'; Status = 'FINALIZED' }; Saying = '-Draft is true in the row, but its Status is FINALIZED.' }
        @{ Provider = 'API'; With = @{ Disabled = 'true'; IsEnabled = 'true' }; Saying = '-Disabled is true in the row, but its IsEnabled is true.' }
        @{ Provider = 'API'; With = @{ Disabled = 'no'; isEnable = $false }; Saying = '-Disabled is false in the row, but its IsEnabled is false.' }
    ) {
        $row = Get-RowOf $Provider $With
        Assert-Refuses { $row | New-Connection } $Saying
    }

    It 'is that of the connection: <With>' -ForEach @(
        @{ With = @{ Draft = 'true'; Status = 'DRAFT' }; Change = '{ "status": "DRAFT" }' }
        @{ With = @{ Draft = 'false'; Status = 'FINALIZED' } }
        @{ With = @{ Draft = ''; Status = 'draft ' }; Change = '{ "status": "DRAFT" }' }
        @{ With = @{ Disabled = 'true'; IsEnabled = 'false' }; Change = '{ "isEnable": false }' }
        @{ With = @{ Disabled = 'yes'; IsEnabled = '' }; Change = '{ "isEnable": false }' }
        @{ With = @{ Disabled = 'false'; IsEnabled = 'true' } }
        @{ With = @{ Status = 'FINALIZED'; IsEnabled = $true } }
        @{ With = @{ Status = '-' } }
        # Of a listing, it is what that one had.
        @{ With = @{ ConnectionId = 'cn-1'; Status = 'INACTIVE' } }
        @{ With = @{ ConnectionId = 'cn-1'; Status = 'PAUSED' } }
    ) {
        $row = Get-RowOf API $With
        $body = Get-SentBody Custom ($Change ?? '{}')
        Assert-Creates { $row | New-Connection } $body
    }
}

Describe 'A list of connections of all kinds' {
    BeforeEach { Connect-NewSandbox -WithSamples }

    It 'is read, and goes into New-, Test- and Update-: <Form>' -ForEach @(
        @{ Form = 'live'; Of = { Get-Connection -Detailed } }
        @{ Form = 'selected'; Of = { Get-Connection -Detailed | Select-Object * } }
        @{ Form = 'csv'; Of = { Get-Connection -Detailed | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Form = 'json'; Of = { Get-Connection -Detailed | ConvertTo-Json -Depth 9 | ConvertFrom-Json } }
        @{ Form = 'some columns'; Of = { Get-Connection -Detailed | Select-Object * -ExcludeProperty Fields, AdditionalProperties, ConnectionId | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $all = @(& $Of)
        $more = @{ ApiKey = 'env:ROWPROVIDER_KEY'; Header = @{ 'x-api-key' = 'env:ROWPROVIDER_KEY' }; WarningAction = 'SilentlyContinue' }
        $copies = foreach ($one in $all) {
            $arguments = @{ Name = "copy of $($one.ConnectionName)" } + $more
            $one | New-Connection @arguments -ErrorAction Stop
        }
        $copies | Should -HaveCount $all.Count
        @($all | Test-ConnectionKey @more -ErrorAction Stop) | Should -HaveCount $all.Count
        $all | Update-ConnectionKey @more -SkipVerification -Force -ErrorAction Stop | ForEach-Object Outcome | Select-Object -Unique | Should -Be Updated
        $live = @($all | Where-Object Provider -NE API)
        { $live | Set-Connection -ApiKey env:ROWPROVIDER_KEY -Force -ErrorAction Stop } | Should -Not -Throw
    }
}

Describe 'A row whose id, name and provider are not those of one connection' {
    BeforeEach {
        Connect-NewSandbox -WithSamples -RetryIntervalSec 0
        $id = @{}
        Get-Connection | ForEach-Object { $id[$_.ConnectionName] = $_.ConnectionId }
    }

    It 'gets no key and is not tested: <Row>' -ForEach @(
        @{ Of = 'Finance'; Row = @{ Name = 'Support desk' }; Saying = "The connection with this id is 'Finance', but the row has the name 'Support desk'. Correct the row, or remove its name." }
        @{ Of = 'Finance'; Row = @{ Name = ' SUPPORT DESK ' }; Saying = "The connection with this id is 'Finance', but the row has the name *" }
        @{ Of = 'Support desk'; Row = @{ Name = 'Search [prod]'; Provider = 'OpenAI'; Model = 'gpt-5.5' }; Saying = "The connection with this id is 'Support desk', but the row has the name 'Search ``[prod``]'.*" }
        @{ Of = 'Finance'; Row = @{ Provider = 'Anthropic' }; Saying = "The provider of 'Finance' is Azure Open AI, but the row has Anthropic. Correct the row." }
        @{ Of = 'Finance'; Row = @{ Provider = 'Anthropic'; Model = 'claude-opus-4-8' }; Saying = "The provider of 'Finance' is Azure Open AI, but the row has Anthropic. Correct the row." }
        @{ Of = 'Support desk'; Row = @{ Provider = 'Azure Open AI' }; Saying = "The provider of 'Support desk' is Open AI, but the row has Azure Open AI. Correct the row." }
    ) {
        $table = @{ ConnectionId = $id[$Of]; ApiKey = 'env:ROWPROVIDER_KEY' } + $Row
        $one = [pscustomobject]$table
        foreach ($do in { $one | Set-Connection }, { $one | Update-ConnectionKey -SkipVerification }, { $table | Update-ConnectionKey -SkipVerification }, { $one | Test-ConnectionKey }) {
            $script:outcome = $null
            $sent = Get-SentRequest { $script:outcome = Get-Outcome $do }
            $sent.Where({ $_.method -ne 'GET' }) | Should -BeNullOrEmpty -Because $do
            "$($outcome.Errors[0])" | Should -BeLike "*$Saying" -Because $do
        }
    }

    It 'is taken where they are: <Row>' -ForEach @(
        @{ Of = 'Finance'; Row = @{ Name = 'Finance' } }
        @{ Of = 'Finance'; Row = @{ Name = ' finance' } }
        @{ Of = 'Support desk'; Row = @{ Name = 'Support desk'; Provider = 'openai'; Model = 'gpt-5.5' } }
        @{ Of = 'Support desk'; Row = @{ Name = ''; Provider = '' } }
    ) {
        $one = [pscustomobject](@{ ConnectionId = $id[$Of]; ApiKey = 'env:ROWPROVIDER_KEY' } + $Row)
        (Get-Outcome { $one | Set-Connection -PassThru }).Output.ConnectionName | Should -Be $Of
        (Get-Outcome { $one | Update-ConnectionKey -SkipVerification }).Output.ConnectionName | Should -Be $Of
        (Get-Outcome { $one | Test-ConnectionKey }).Output.ConnectionId | Should -Be $id[$Of]
    }

    It 'gets no key and is not tested where the listing does not show whose it is: <Fault>' -ForEach @(
        403, 404, 429, 500, 503 | ForEach-Object { @{ Fault = @{ status = $_ } } }
        @{ Fault = @{ status = 200; contentType = 'text/html'; body = '<html>Sign in.</html>' } }
        @{ Fault = @{ status = 200; body = '{ "connections": [' } }
        @{ Fault = @{ status = 200; body = '{ "connections": [{ "connectionId": "cn-1", "connectionName": "x" }], "total": 6 }' } }
        @{ Fault = @{ status = 200; body = '{ "connections": [{ "connectionId": "cn-1", "connectionName": "Search [prod]" }], "total": 6 }' } }
        @{ Fault = @{ status = 200; body = '{ "connections": [{ "connectionId": "ID" }], "total": 1 }' } }
        @{ Fault = @{ status = 200; body = '{ "connections": [], "nextCursor": "a" }' } }
    ) {
        if ($Fault.body) { $Fault.body = $Fault.body.Replace('ID', $id['Support desk']) }
        $null = Invoke-Sandbox faults -Method Post -Body (@{ method = 'GET'; path = '/connections'; times = 0 } + $Fault)
        $with = @{ ConnectionId = $id['Support desk']; ApiKey = 'env:ROWPROVIDER_KEY' }
        $one = [pscustomobject](@{ Name = 'Search [prod]' } + $with)
        $complete = [pscustomobject](@{ Name = 'Search [prod]'; Provider = 'OpenAI'; Model = 'gpt-5.5' } + $with)
        foreach ($case in @(
                @{ Do = { $one, $one | Set-Connection -PassThru }; Way = 'omit Name from the row' }
                @{ Do = { $one, $one | Set-Connection -WhatIf }; Way = 'omit Name from the row' }
                @{ Do = { $complete, $complete | Test-ConnectionKey }; Way = 'omit ConnectionId from the row' }
            )) {
            $script:outcome = $null
            $sent = Get-SentRequest { $script:outcome = Get-Outcome $case.Do }
            $outcome.Output | Should -BeNullOrEmpty -Because $case.Do
            $sent.Where({ $_.method -ne 'GET' }) | Should -BeNullOrEmpty -Because $case.Do
            $outcome.Errors | Should -HaveCount 2
            "$($outcome.Errors[0])" | Should -BeLike '*not compared*: *'
            $outcome.ErrorIds | Select-Object -Unique | Should -Be (@((Get-Outcome { Get-Connection 'Search*' }).ErrorIds)[0] ?? 'KoreUnexpectedResponse')
            $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike "To * the key without this check, $($case.Way).*"
        }
        # What cannot be compared is left out of the row by who may not list.
        (Get-Outcome { [pscustomobject]$with | Set-Connection -PassThru }).Output.ConnectionId | Should -Be $with.ConnectionId
        ($complete | Select-Object * -ExcludeProperty ConnectionId | Test-ConnectionKey).Verdict | Should -Not -BeNullOrEmpty
    }

    It 'is taken where an incomplete listing shows that they are' {
        $body = @{ connections = @(@{ connectionId = $id['Support desk']; connectionName = 'Support desk'; provider = 'Open AI' }); total = 6 }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'GET'; path = '/connections'; times = 0; status = 200; body = ConvertTo-Json $body -Depth 5 }
        $one = [pscustomobject]@{ ConnectionId = $id['Support desk']; Name = 'support desk'; Provider = 'OpenAI'; Model = 'gpt-5.5'; ApiKey = 'env:ROWPROVIDER_KEY' }
        ($one | Test-ConnectionKey).ConnectionId | Should -Be $one.ConnectionId
        ($one | Select-Object * -ExcludeProperty Provider, Model | Set-Connection -PassThru).ConnectionId | Should -Be $one.ConnectionId
    }

    It 'keeps the warning of Set-Connection where nobody has the name' {
        $one = [pscustomobject]@{ ConnectionId = $id.Finance; Name = 'Finances'; ApiKey = 'env:ROWPROVIDER_KEY' }
        $outcome = Get-Outcome { $one | Set-Connection -PassThru }
        $outcome.Output.ConnectionName | Should -Be Finance
        $outcome.Warnings | Should -BeLike 'The row of *has another Name than the connection*'
    }

    It 'says that the key was changed, and what was not: <Row>' -ForEach @(
        @{ Row = @{ Name = 'Search [prod]' }; Saying = 'its Name was not' }
        @{ Row = @{ Name = 'Finances'; Model = 'x' }; Saying = 'its Name and Model were not' }
    ) {
        $one = [pscustomobject](@{ ConnectionId = $id.Finance } + $Row)
        $outcome = Get-Outcome { $one | Set-Connection -ApiKey env:ROWPROVIDER_KEY -PassThru }
        $outcome.Output.ConnectionName | Should -Be Finance
        "$($outcome.Warnings)" | Should -Match "The key of 'Finance' was changed, $Saying\."
    }

    It 'is tested with the model that it says: <Row>' -ForEach @{ Row = @{ Name = 'Finance' } }, @{ Row = @{ ConnectionId = 'Finance' } } {
        $one = [pscustomobject](@{ Model = 'gpt-5.5'; ApiKey = 'env:ROWPROVIDER_KEY' } + $Row)
        if ($Row.ConnectionId) { $one.ConnectionId = $id.Finance }
        ($one | Test-ConnectionKey).Model | Should -Be gpt-5.5
        ($one | Test-ConnectionKey -Model gpt-5.4-mini).Model | Should -Be gpt-5.4-mini
        ([pscustomobject]@{ Name = 'Finance'; ApiKey = 'env:ROWPROVIDER_KEY' } | Test-ConnectionKey).Model | Should -Be GPT-5.4
    }

    It 'says which columns Set-Connection does not set: <Row>' -ForEach @(
        @{ Row = @{ EndpointUrl = 'https://x.example.com'; Disabled = 'true' }; Saying = 'has EndpointUrl and Disabled, which Open AI connections do not have. Only the key was changed. Correct the row.' }
        @{ Row = @{ Header = '{ "x-api-key": "a" }' }; Saying = 'has Header, which Open AI connections do not have.' }
        @{ Row = @{ ResourceName = 'contoso' }; Saying = 'has ResourceName, which Open AI connections do not have.' }
        @{ Row = @{ EndpointUrl = ''; Disabled = 'no'; Header = $null; Status = 'ACTIVE' } }
    ) {
        $one = [pscustomobject](@{ ConnectionId = $id['Support desk']; ApiKey = 'env:ROWPROVIDER_KEY' } + $Row)
        $outcome = Get-Outcome { $one | Set-Connection -PassThru }
        $outcome.Output.ConnectionName | Should -Be 'Support desk'
        if ($Saying) { $outcome.Warnings | Should -BeLike "The row of '*$Saying*" } else { $outcome.Warnings | Should -BeNullOrEmpty }
    }

    It 'names what Set-Connection does not read: <Row>' -ForEach @(
        @{ Row = @{ EndpointUrl = 'https://new.example.com/x' }; Unread = 'EndpointUrl' }
        @{ Row = @{ OutputTokensPath = 'x.y'; InputTokensPath = 'a.b' }; Unread = 'InputTokensPath and OutputTokensPath' }
    ) {
        $one = [pscustomobject](@{ Provider = 'API'; ConnectionId = $id['Own model'] } + $Row)
        "$((Get-Outcome { $one | Set-Connection }).Errors)" | Should -BeLike "*Set-Connection does not read $Unread from a row. There is nothing to change. For a custom API, use *"
    }
}

Describe 'A row of a custom API beside another change' {
    BeforeEach {
        $null = Connect-TestSandbox
        $api = @{ EndpointUrl = 'https://llm.example.com/v1'; Header = @{ 'x-api-key' = 'env:ROWPROVIDER_KEY' } }
        $null = New-Connection -CustomApi -Name Own @api -Model m -Payload @{ p = '{{prompt}} {{tone}}' } -OutputPath x -CustomVariable tone
        $null = New-Connection -CustomApi -Name Mapped @api -MapProvider openAIModel -Feature streaming, toolCalling -AuthorizationProfile team
    }

    It 'is warned of where it would change more: <Row>' -ForEach @(
        @{ Row = @{ Header = '{ "x-api-key": "env:ROWPROVIDER_KEY" }' }; Has = 'Header'; Use = '-Header'; Keys = $true }
        @{ Row = @{ headers = @{ 'x-team' = 'b' } }; Has = 'Header'; Use = '-Header'; Keys = $true }
        @{ Row = @{ ApiKey = 'env:ROWPROVIDER_KEY' }; Has = 'ApiKey'; Use = '-Header'; Keys = $true }
        @{ Row = @{ ApiKey = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText }; Has = 'ApiKey'; Use = '-Header'; Keys = $true }
        @{ Row = @{ EndpointUrl = 'https://new.example.com/v1' }; Has = 'EndpointUrl'; Use = '-EndpointUrl' }
        @{ Row = @{ EndpointUrl = 'https://new.example.com/v1'; Header = @{ a = 'b' } }; Has = 'EndpointUrl and Header'; Use = '-EndpointUrl and -Header'; Keys = $true }
        @{ Row = @{ EndpointUrl = 'no address' }; Has = 'EndpointUrl'; Use = '-EndpointUrl' }
        @{ Row = @{ Model = 'n' }; Has = 'Model'; Use = '-Model' }
        @{ Row = @{ Payload = '{ "p": "{{prompt}}" }' }; Has = 'Payload'; Use = '-Payload' }
        @{ Row = @{ Payload = 'no JSON' }; Has = 'Payload'; Use = '-Payload' }
        @{ Row = @{ OutputPath = 'y'; OutputTokensPath = 'z' }; Has = 'OutputPath and OutputTokensPath'; Use = '-OutputPath and -OutputTokensPath' }
        @{ Row = @{ CustomVariable = 'tone;length' }; Has = 'CustomVariable'; Use = '-CustomVariable' }
        @{ Row = @{ PromptVariable = 'system_prompt' }; Has = 'PromptVariable'; Use = '-PromptVariable' }
        @{ Row = @{ Feature = 'streaming' }; Of = 'Mapped'; Has = 'Feature'; Use = '-Feature' }
        @{ Row = @{ IOMapping = 'textToImage' }; Of = 'Mapped'; Has = 'IOMapping'; Use = '-IOMapping' }
        @{ Row = @{ idp = 'other' }; Of = 'Mapped'; Has = 'AuthorizationProfile'; Use = '-AuthorizationProfile' }
        @{ Row = @{ Payload = @{ p = '{{prompt}}' } }; Of = 'Mapped'; Has = 'Payload'; Use = '-Payload' }
        @{ Row = @{ PromptVariable = 'prompt' }; Of = 'Mapped'; Has = 'PromptVariable'; Use = '-PromptVariable' }
        @{ Row = @{ MapProvider = 'openAIModel'; Feature = 'streaming' }; Has = 'MapProvider and Feature'; Use = '-MapProvider and -Feature' }
        @{ Row = @{ Disabled = 'true' }; Has = 'Disabled' }
        @{ Row = @{ ResourceName = 'contoso' }; Has = 'ResourceName' }
    ) {
        $id = (Get-Connection ($Of ?? 'Own')).ConnectionId
        foreach ($one in [pscustomobject](@{ Name = $Of ?? 'Own' } + $Row), [pscustomobject](@{ ConnectionId = $id; Provider = 'API' } + $Row)) {
            $outcome = Get-CleanOutcome { $one | Set-Connection -Status FINALIZED -PassThru }
            $outcome.Output.ConnectionId | Should -Be $id
            $outcome.Writes.Body | Should -Be '{"status":"FINALIZED"}'
            $outcome.Warnings | Should -HaveCount 1
            "$($outcome.Warnings)" | Should -BeLike "The row of '*' has $Has, which Set-Connection does not read from a row and did not change.*"
            if ($Use) { "$($outcome.Warnings)" | Should -BeLike "* Use $Use.*" } else { "$($outcome.Warnings)" | Should -Not -BeLike '* Use *' }
            "$($outcome.Warnings)".EndsWith('For keys in rows, use Update-ConnectionKey.') | Should -Be ([bool]$Keys)
            "$($outcome.Warnings)" | Should -Not -BeLike "*$text*"
        }
    }

    It 'is warned of for its name or state, too' {
        $id = (Get-Connection Own).ConnectionId
        $outcome = Get-CleanOutcome { [pscustomobject]@{ ConnectionId = $id; Name = 'Other'; Status = 'DRAFT' } | Set-Connection -Model n }
        "$($outcome.Warnings)" | Should -BeLike "The row of 'Other*has Name and Status, which *. Use -Name and -Status."
        (Get-CleanOutcome { [pscustomobject]@{ ConnectionId = $id; Status = 'DRAFT'; Model = 'x' } | Set-Connection -Status FINALIZED -Model n }).Warnings |
            Should -BeNullOrEmpty -Because 'what is on the command line comes first'
    }

    It 'is not warned of for what the connection has: <_>' -ForEach @(
        { Get-Connection $name -Detailed }, { Get-Connection $name }
        { Get-Connection $name -Detailed | ConvertTo-Csv | ConvertFrom-Csv }, { Get-Connection $name | ConvertTo-Csv | ConvertFrom-Csv }
        { Get-Connection $name -Detailed | ConvertTo-Json -Depth 9 | ConvertFrom-Json }, { Get-Connection $name -Detailed | ConvertTo-Json -Depth 9 | ConvertFrom-Json -AsHashtable }
        { Get-Connection $name -Detailed | Select-Object * }
        { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-Connection $name -Detailed), 9)) }
        { [pscustomobject]@{ Name = $name; EndpointUrl = ' https://llm.example.com/v1 '; Header = ''; ApiKey = ''; Model = $null; Disabled = 'no'; Status = '-' } }
        { @{ Name = $name; Header = $null; Feature = @() } }
        { if ($name -eq 'Own') { @{ Name = $name; AuthorizationProfile = 'none'; IOMapping = 'textToText' } } else { [pscustomobject]@{ Name = $name; IOMapping = @('textToText') } } }
    ) {
        foreach ($name in 'Own', 'Mapped') {
            $row = & $_
            foreach ($change in { $row | Set-Connection -Status FINALIZED }, { $row | Set-Connection -Name "$name" }) {
                (Get-CleanOutcome $change).Warnings | Should -BeNullOrEmpty -Because "of $change"
            }
        }
    }

    It 'is warned of where the response shows nothing of it, unless it is a copy' {
        $body = "{ ""connectionId"": ""$((Get-Connection Own).ConnectionId)"", ""connectionName"": ""Own"" }"
        $copy = Get-Connection Own -Detailed | ConvertTo-Csv | ConvertFrom-Csv
        Add-Fault @{ Method = 'PATCH'; Status = 200; Body = $body; Times = 2 }
        "$((Get-CleanOutcome { [pscustomobject]@{ Name = 'Own'; OutputPath = 'z' } | Set-Connection -Status FINALIZED }).Warnings)" | Should -BeLike '*has OutputPath,*'
        (Get-CleanOutcome { $copy | Set-Connection -Status FINALIZED }).Warnings | Should -BeNullOrEmpty
    }
}

Describe 'What was not given' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is left out of a list' {
        $row = [pscustomobject]@{ Provider = 'API'; Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; MapProvider = 'openAIModel'; Feature = 'streaming', $null, '', [DBNull]::Value }
        $sent = (Get-CleanOutcome { $row | New-Connection }).Writes.Body | ConvertFrom-Json
        $sent.llmFeatures.streaming | Should -BeTrue
        $row.Feature = $null, ' '
        Assert-Refuses { $row | New-Connection } '-Feature is missing'
    }
}
