# One and the same connection in each form that can be piped to New-Connection: five shapes, seven forms.

BeforeDiscovery {
    $shapes = 'OpenAI', 'Anthropic', 'AzureOpenAI', 'Payload', 'Mapped'
    $forms = 'Csv', 'Typed', 'Deserialized', 'Table', 'Ordered', 'Wire', 'WireTable'
    $reads = foreach ($detailed in $false, $true) { foreach ($clixml in $false, $true) { @{ Detailed = $detailed; Clixml = $clixml } } }
    $readShapes = foreach ($shape in $shapes) { $reads.ForEach({ @{ Shape = $shape } + $_ }) }
    $required = foreach ($shape in $shapes) {
        $parameters = switch ($shape) {
            AzureOpenAI { 'Name', 'Model', 'ApiKey', 'ResourceName', 'DeploymentId', 'ApiVersion' }
            Payload { 'Name', 'EndpointUrl', 'OutputPath' }
            Mapped { 'Name', 'EndpointUrl', 'MapProvider' }
            default { 'Name', 'Model', 'ApiKey' }
        }
        $parameters.ForEach({ @{ Shape = $shape; Parameter = $_ } })
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $text = 'sk-matrix-0123456789abcdef'
    $key = ConvertTo-SecureString $text -AsPlainText
    $api = [ordered]@{ Provider = 'api'; Name = 'n'; Model = 'm'; EndpointUrl = 'https://llm.example.com/v1'; Header = [ordered]@{ 'x-api-key' = $text } }
    $named = [ordered]@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $text }
    $values = @{
        OpenAI      = $named
        Anthropic   = [ordered]@{ Provider = 'anthropic'; Name = 'n'; Model = 'm'; ApiKey = $text }
        AzureOpenAI = [ordered]@{ Provider = 'Azure Open AI'; Name = 'n'; Model = 'm'; ApiKey = $text } + @{ ResourceName = 'res'; DeploymentId = 'dep'; ApiVersion = '2024-08-01-preview' }
        Payload     = $api + [ordered]@{
            Payload = [ordered]@{ max_tokens = 1024; messages = @([ordered]@{ content = '{{prompt}} {{system_prompt}}' }) }
            OutputPath = 'content[0].text'; InputTokensPath = 'usage.input_tokens'; OutputTokensPath = 'usage.output_tokens'
            PromptVariable = 'prompt', 'system_prompt'; CustomVariable = @('tone')
        }
        Mapped      = $api + [ordered]@{
            MapProvider = 'anthropicModel'; Feature = 'toolCalling', 'streaming'; IOMapping = 'textToText', 'textToImage'; AuthorizationProfile = 'profile'
        }
    }
    $columns = @($values.Values.Keys) + 'Draft', 'Disabled' | Select-Object -Unique
    $header = """model"": ""m"", ""headers"": [{ ""key"": ""x-api-key"", ""value"": ""$text"" }]"
    $bodies = @{
        OpenAI      = Get-SentBody OpenAI
        Anthropic   = Get-SentBody Anthropic
        AzureOpenAI = Get-SentBody AzureOpenAI
        Payload     = Get-SentBody Custom @"
            {
              $header, "payload": { "max_tokens": 1024, "messages": [{ "content": "{{prompt}} {{system_prompt}}" }] },
              "outputPath": "content[0].text", "inputTokensPath": "usage.input_tokens", "outputTokensPath": "usage.output_tokens",
              "promptVars": $(Get-SentPrompt prompt, system_prompt), "customVars": [$(Get-SentVariable tone)]
            }
"@
        Mapped      = Get-SentBody Mapped @"
            {
              $header, "mapProvider": "anthropicModel", "llmFeatures": $(Get-SentFeature toolCalling, streaming),
              "IOMappings": ["textToText", "textToImage"], "idp": "profile"
            }
"@
    }

    function Copy-Serialized([object] $Item) {
        [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($Item, 8))
    }

    # A cell holds a list split at semicolons, and a table as JSON.
    function Get-Cell([object] $Value) {
        if ($Value -is [Collections.IDictionary]) { ConvertTo-Json $Value -Depth 9 -Compress } else { $Value -join '; ' }
    }

    function Get-Row([string] $Shape, [string] $Form) {
        $plain = [ordered]@{}
        $secure = [ordered]@{}
        $cells = [ordered]@{}
        foreach ($name in $values[$Shape].Keys) {
            $plain[$name] = $secure[$name] = $values[$Shape][$name]
        }

        if ($secure.Contains('ApiKey')) {
            $secure.ApiKey = $key
        }

        $columns.ForEach({ $cells[$_] = Get-Cell $plain[$_] })
        switch ($Form) {
            Csv { [pscustomobject]$cells | ConvertTo-Csv | ConvertFrom-Csv }
            Typed { [pscustomobject]$secure }
            Deserialized { Copy-Serialized ([pscustomobject]$plain) }
            Table { [hashtable]$secure }
            Ordered { $plain }
            Wire { $bodies[$Shape] | ConvertFrom-Json }
            WireTable { $bodies[$Shape] | ConvertFrom-Json -AsHashtable }
        }
    }

    function Get-Set([string] $Shape) {
        @{ $(if ($Shape -in 'Payload', 'Mapped') { 'CustomApi' } else { $Shape }) = $true }
    }
}

Describe 'A row' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It 'says what it is, piped and as an argument: <Shape> as <Form>' -ForEach @(
        foreach ($shape in $shapes) { $forms.ForEach({ @{ Shape = $shape; Form = $_ } }) }
    ) {
        $row = Get-Row $Shape $Form
        Assert-Creates { $row | New-Connection } $bodies[$Shape]
        $null = Connect-TestSandbox
        Assert-Creates { New-Connection -InputObject $row } $bodies[$Shape]
    }

    It 'binds to its set by the names of its properties: <Shape> as <Form>' -ForEach @(
        foreach ($shape in $shapes) { $forms.ForEach({ @{ Shape = $shape; Form = $_ } }) }
    ) {
        $row, $set = (Get-Row $Shape $Form), (Get-Set $Shape)
        switch ($Form) {
            { $_ -in 'Csv', 'Typed', 'Deserialized' -or ($_ -eq 'Wire' -and $Shape -eq 'Payload') } {
                # Nothing of it may be lost, least of all the header with the key.
                Assert-Creates { $row | New-Connection @set } $bodies[$Shape]
                break
            }
            { $_ -eq 'Wire' -and $Shape -eq 'Mapped' } { Assert-Refuses { $row | New-Connection @set } '-Feature is missing'; break }
            Wire {
                Assert-Refuses { $row | New-Connection @set } -ErrorId InputObjectMissingMandatory
                if ($Shape -ne 'AzureOpenAI') {
                    Assert-Creates { $row | New-Connection @set -ApiKey $key } $bodies[$Shape]
                }
            }
            # A table has no properties that PowerShell could bind.
            default { Assert-Refuses { $row | New-Connection @set } -ErrorId InputObjectNotBound }
        }
    }

    It 'of another provider is refused by a set: <Shape> for <Set>' -ForEach @(
        foreach ($shape in $shapes) {
            'OpenAI', 'Anthropic', 'AzureOpenAI', 'CustomApi' | Where-Object { $_ -ne $shape -and ($_ -ne 'CustomApi' -or $shape -notin 'Payload', 'Mapped') } |
                ForEach-Object { @{ Shape = $shape; Set = $_ } }
        }
    ) {
        $row = Get-Row $Shape Csv
        $arguments = if ($Set -eq 'CustomApi') { Get-CustomApi } else { @{ $Set = $true; Name = 'n'; Model = 'm'; ApiKey = $key } }
        if ($Set -eq 'AzureOpenAI') {
            $arguments += @{ ResourceName = 'res'; DeploymentId = 'd'; ApiVersion = '2024-06-01' }
        }

        Assert-Refuses { $row | New-Connection @arguments } 'The row''s Provider is'
    }

    It 'gives way to what is typed: <Typed.Keys> over <Form>' -ForEach @(
        foreach ($form in $forms) {
            @{ Form = $form; Typed = @{ Name = 'other' }; Change = '{ "connectionName": "other" }' }
            @{ Form = $form; Typed = @{ ConnectionName = 'other' }; Change = '{ "connectionName": "other" }' }
            @{ Form = $form; Typed = @{ Model = 'other' }; Change = '{ "model": "other" }' }
            @{ Form = $form; Typed = @{ ApiKey = 'sk-other' }; Change = '{ "fields": { "API_KEY": "sk-other" } }' }
            @{
                Form = $form; Typed = @{ Name = 'other'; Model = 'other'; ApiKey = 'sk-other' }
                Change = '{ "connectionName": "other", "model": "other", "fields": { "API_KEY": "sk-other" } }'
            }
        }
    ) {
        $row = Get-Row OpenAI $Form
        Assert-Creates { $row | New-Connection @Typed } (Get-SentBody OpenAI $Change)
    }

    It 'may name its properties in any case and as the API does: <_>' -ForEach @(
        { [pscustomobject]@{ Provider = 'OpenAI'; ConnectionName = 'n'; Model = 'm'; API_KEY = $key } }
        { @{ provider = 'OPEN AI'; NAME = 'n'; model = 'm'; apikey = $key } }
        { @{ Provider = 'openai'; Name = 'n'; Model = 'm'; Fields = @{ API_KEY = $key } } }
        { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = [pscredential]::new('user', $key) } }
        { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key; Unknown = 'x'; ConnectionId = 'cn-1'; Status = 'ACTIVE' } }
        { @{ Provider = 'OpenAI'; Name = 'n'; ConnectionName = 'not this'; Model = 'm'; ApiKey = $key } }
        { @{ Provider = 'OpenAI'; Name = ' '; ConnectionName = 'n'; Model = 'm'; ApiKey = ''; fields = @{ API_KEY = $key } } }
    ) {
        Assert-Creates { & $_ | New-Connection } (Get-SentBody OpenAI)
    }

    It 'is one connection of many, in their order' {
        $rows = $values.Keys.ForEach({ $row = Get-Row $_ Csv; $row.Name = "of $_"; $row })
        $expected = $values.Keys.ForEach({ Merge-Json $bodies[$_] "{ ""connectionName"": ""of $_"" }" })
        (Assert-Creates { $rows | New-Connection } $expected -PassThru).Output.ConnectionName | Should -Be $rows.Name
    }

    It 'says with -Verbose where white space was left out: <Column>' -ForEach @(
        foreach ($column in 'Name', 'Model', 'ResourceName', 'ApiVersion') { @{ Column = $column; Verb = 'New' } }
        foreach ($column in 'Name', 'Model', 'EndpointUrl', 'OutputPath') { @{ Column = $column; Verb = 'Set' } }
    ) {
        $given = @{ Name = 'n'; Model = 'm'; ResourceName = 'res'; DeploymentId = 'dep'; ApiVersion = '2024-06-01'; EndpointUrl = 'https://llm.example.com'; OutputPath = 'a' }
        $said = if ($Verb -eq 'New') {
            $row = @{ Provider = 'AzureOpenAI'; ApiKey = $text } + $given
            $row[$Column] += [char]0xA0
            [pscustomobject]$row | New-Connection -WhatIf -Verbose 4>&1 | Out-String
        }
        else {
            $change = @{ $Column = " $($given[$Column])" }
            Set-Connection cn-1 @change -WhatIf -Verbose 4>&1 | Out-String
        }
        $said | Should -BeLike "*-${Column}: white space around the value was removed.*"
    }

    It 'that is bad does not stop the next' {
        $outcome = Get-Outcome {
            @{ Provider = 'OpenAI'; Name = 'bad'; Model = 'm' }, @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection
        }
        $outcome.ErrorIds | Should -Be 'KoreInvalidInput'
        $outcome.Errors.TargetObject | Should -Be 'bad'
        Assert-Body $outcome.Writes.Body (Get-SentBody OpenAI)
    }

    It 'leaves nothing of its own to the next' {
        $first = [pscustomobject]@{
            Name = 'a'; EndpointUrl = 'https://a.example.com'; Payload = '{ "a": 1 }'; OutputPath = 'x'; InputTokensPath = 'in'; Header = '{ "h": "v" }'
            Model = 'm'; PromptVariable = 'examples'
        }
        $second = [pscustomobject]@{ Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = '{ "a": 1 }'; OutputPath = 'x' }
        Assert-Creates { $first, $second | New-Connection -CustomApi } (Get-SentBody Custom), (Get-SentBody Custom @"
            {
              "connectionName": "a", "endpointUrl": "https://a.example.com", "inputTokensPath": "in", "model": "m",
              "headers": [{ "key": "h", "value": "v" }], "promptVars": $(Get-SentPrompt examples)
            }
"@)
    }

    It 'that is none sends nothing: <_>' -ForEach { @() | New-Connection }, { @() | New-Connection -OpenAI -Name n -Model m }, { @() | New-Connection -CustomApi } {
        Assert-Refuses $_ -ErrorId @()
    }

    It 'without a provider is refused: <_>' -ForEach @(
        { $null | New-Connection }
        { 'OpenAI' | New-Connection }
        { 5 | New-Connection }
        { [IO.FileInfo]::new('x') | New-Connection }
        { New-Connection -InputObject @{} }
        { @{ Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection }
        { @{ Provider = ''; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection }
    ) {
        Assert-Refuses $_ '-InputObject has no Provider'
    }

    It 'of a file with another delimiter is refused saying so' {
        Assert-Refuses { [pscustomobject]@{ 'Provider;Name;Model;ApiKey' = 'OpenAI;n;m;env:X' } | New-Connection } 'Import-Csv -Delimiter '';'''
        $row = [pscustomobject]@{ 'Name;ApiKey' = 'n;env:X' }
        foreach ($command in { $row | Test-ConnectionKey }, { $null = $row | Update-ConnectionKey -SkipVerification }, { $row | Set-Connection -ApiKey $text }) {
            Assert-Refuses $command 'Import-Csv -Delimiter '';'''
        }
    }

    It 'of a file with another delimiter is refused saying so: <Delimiter>' -ForEach @(
        @{ Delimiter = ';'; Saying = 'contains a semicolon. Read the file with Import-Csv -Delimiter '';''.' }
        @{ Delimiter = "`t"; Saying = 'contains a tab. Read the file with Import-Csv -Delimiter "`t".' }
        @{ Delimiter = '|'; Saying = 'contains a vertical bar. Read the file with Import-Csv -Delimiter ''|''.' }
    ) {
        $new = "Provider,Name,Model,ApiKey`nOpenAI,n,m,$text".Replace(',', $Delimiter) | ConvertFrom-Csv
        $row = "Name,ApiKey`nn,$text".Replace(',', $Delimiter) | ConvertFrom-Csv
        foreach ($command in @(
                { $new | New-Connection }, { $row | Test-ConnectionKey }, { $null = $row | Update-ConnectionKey -SkipVerification }
                { $row | Set-Connection }, { $row | Set-Connection -ApiKey $text }, { $row | Get-Connection }
            )) {
            (Assert-Refuses $command $Saying -ErrorId (Get-Outcome $command).ErrorIds -PassThru).Warnings | Should -BeNullOrEmpty -Because "of $command"
        }
    }

    It 'of a file with the right delimiter has no such hint: <_>' -ForEach 'Note', 'a,b', 'Name' {
        "$((Get-Outcome { [pscustomobject]@{ $_ = 'x' } | New-Connection }).Errors)" | Should -Not -BeLike '*-Delimiter*'
        "$((Get-Outcome { [pscustomobject]@{ Name = 'x'; 'a|b' = 'x' } | New-Connection }).Errors)" | Should -Not -BeLike '*-Delimiter*'
    }

    It 'sends its provider <Given> as <Sent>' -ForEach @(
        @{ Given = 'OpenAI', 'openai', 'OPEN AI', ' Open AI '; Sent = 'Open AI' }
        @{ Given = 'AzureOpenAI', 'azure open ai', 'Azure OpenAI'; Sent = 'Azure Open AI' }
        @{ Given = @('ANTHROPIC'); Sent = 'Anthropic' }
        @{ Given = 'Api', 'CustomApi', 'Custom API', ' custom api'; Sent = 'API' }
    ) {
        $rest = if ($Sent -eq 'API') {
            @{ EndpointUrl = 'https://a.example.com'; Payload = '{}'; OutputPath = 'x' }
        } else {
            @{ ApiKey = $key; ResourceName = 'res'; DeploymentId = 'd'; ApiVersion = '2024-06-01' }
        }
        $outcome = Get-CleanOutcome { $Given.ForEach({ @{ Provider = $_; Name = "by $_"; Model = 'm' } + $rest }) | New-Connection }
        ($outcome.Writes.Body | ConvertFrom-Json).provider | Should -BeExactly @($Given.ForEach({ $Sent }))
    }

    It 'sends its provider <Given> whatever white space is around or in it' -ForEach @(
        "OpenAI`u{a0}", "`tOpen`u{a0}AI ", "`u{2003}open ai`u{200b}", "OPENAI`r`n" | ForEach-Object { @{ Given = $_ } }
    ) {
        Assert-Creates { [pscustomobject]@{ Provider = $Given; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection } (Get-SentBody OpenAI)
    }

    It 'is refused where a spreadsheet has no value: <Column> is <Cell>' -ForEach @(
        foreach ($column in 'Name', 'Model', 'ApiKey', 'Provider') { foreach ($cell in '#REF!', '#nv', ' #¡VALOR! ', '#####', '#DIV/0!', '#NAME?') { @{ Column = $column; Cell = $cell } } }
        @{ Column = 'ApiKey'; Cell = '1.23457E+15' }
        @{ Column = 'ApiKey'; Cell = '9,8E+20' }
        @{ Column = 'Name'; Cell = "Espa`u{fffd}a" }
        @{ Column = 'Model'; Cell = "gpt`u{2009}4" }
    ) {
        $row = @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key }
        $row[$Column] = $Cell
        Assert-Refuses { [pscustomobject]$row | New-Connection } "-$Column"
    }

    It 'may have what only looks like it: <Column> is <Cell>' -ForEach @(
        @{ Column = 'Name'; Cell = '#1 of ten' }
        @{ Column = 'Name'; Cell = '#REF! in a name' }
        @{ Column = 'Name'; Cell = "10`u{a0}000 calls" }
        @{ Column = 'Model'; Cell = 'GPT 4' }
        @{ Column = 'Model'; Cell = '#a' }
    ) {
        $row = @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key }
        $row[$Column] = $Cell
        $sent = @{ Name = 'connectionName'; Model = 'model' }[$Column]
        Assert-Creates { [pscustomobject]$row | New-Connection } (Get-SentBody OpenAI (ConvertTo-Json @{ $sent = $Cell }))
    }

    It 'may have marks and errors of spreadsheets within a payload' {
        $rest = @{ Provider = 'API'; Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; OutputPath = 'x' }
        Assert-Creates { [pscustomobject]($rest + @{ Payload = "`u{a0}{ ""stop"": [""###"", ""#N/A""], ""p"": ""{{prompt}}"" }`u{a0}" }) | New-Connection } (Get-SentBody Custom '{ "payload": { "stop": ["###", "#N/A"], "p": "{{prompt}}" } }')
    }

    It 'says that a property failed, and not that there is none' {
        $row = [pscustomobject]@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm' } | Add-Member ScriptProperty ApiKey { throw 'Correct7Horse9Battery' } -PassThru
        $row | New-Connection -ErrorVariable failure -ErrorAction SilentlyContinue
        "$failure" | Should -BeLike '*could not be read: this property of the piped object failed*'
        "$failure" | Should -Not -Match 'Correct7'
    }

    It 'of the unknown provider <_> is refused' -ForEach 'Azure', 'Open-AI', 'Custom', 'Gemini' {
        Assert-Refuses { @{ Provider = $_; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection } 'Accepted values: Open AI, Azure Open AI, Anthropic, API'
    }
}

Describe 'A file of rows' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It 'is warned of once for each column that nobody reads: <Columns>' -ForEach @(
        @{ Columns = 'Disable', 'Drafts', 'OutputTokenPath'; Means = 'Disabled', 'Draft', 'OutputTokensPath' }
        @{ Columns = 'Endpoint_Url', 'API Key', 'Nam e'; Means = 'EndpointUrl', 'ApiKey', 'Name' }
        @{ Columns = 'Deployment', 'Features', 'IO Mapping'; Means = 'DeploymentId', 'Feature', 'IOMapping' }
        @{ Columns = 'Cost centre', 'H1'; Means = @() }
        @{ Columns = "x`n##vso[y]", 'sk-made-up-0123456789abcdefghij'; Means = @() }
        @{ Columns = 'ConnectionId', 'CreatedOn', 'AdditionalProperties', 'IsEnabled', 'modelType', 'isEnable', 'promptVars', 'Verdict', 'MaskAfter'; Known = $true }
        # What PowerShell adds to the rows of a job.
        @{ Columns = 'PSComputerName', 'RunspaceId', 'PSShowComputerName', 'PSSourceJobInstanceId'; Known = $true }
    ) {
        $rows = 1..3 | ForEach-Object { $row = [ordered]@{ Provider = 'OpenAI'; Name = "n$_"; Model = 'm'; ApiKey = $text }; $Columns.ForEach({ $row[$_] = '' }); [pscustomobject]$row }
        $outcome = Assert-Outcome { $rows | ConvertTo-Csv | ConvertFrom-Csv | New-Connection } -OutputCount 3 -WarningCount $(if ($Known) { 0 } else { 1 }) -PassThru
        foreach ($name in $Means) { "$($outcome.Warnings)" | Should -Match "did you mean $name\?" }
        if (-not $Means) { "$($outcome.Warnings)" | Should -Not -Match 'did you mean|##vso|abcdefghij' }
    }

    It 'is warned of where columns come later, and in each form: <_>' -ForEach @(
        { @{ Provider = 'OpenAI'; Name = 'a'; Model = 'm'; ApiKey = $text }, @{ Provider = 'OpenAI'; Name = 'b'; Model = 'm'; ApiKey = $text; Modell = 'x' } | New-Connection }
        { New-Connection -InputObject @{ Provider = 'OpenAI'; Name = 'a'; Model = 'm'; ApiKey = $text; Modell = 'x' } }
        { '{ "provider": "OpenAI", "name": "a", "model": "m", "apiKey": "sk-matrix-0123456789abcdef", "modell": 1 }' | ConvertFrom-Json | New-Connection }
    ) {
        "$((Get-CleanOutcome $_).Warnings)" | Should -Match "'modell' \(did you mean Model\?\)"
    }

    It 'may have each column of an object of ours: <_>' -ForEach 'Platform', 'Id', 'PSComputerName' {
        $row = [pscustomobject]@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $text; $_ = 'x' }
        if ($_ -eq 'Id') { $row.Id = '' }
        (Get-CleanOutcome { $row | New-Connection -WhatIf }).Warnings | Should -BeNullOrEmpty
    }

    It 'is read whatever white space is around the names of its columns' {
        $csv = "`u{feff} Provider;Name`u{a0};`tModel;ApiKey ", "OpenAI;n;m;$text"
        (Assert-Creates { $csv | ConvertFrom-Csv -Delimiter ';' | New-Connection } (Get-SentBody OpenAI) -PassThru).Warnings | Should -BeNullOrEmpty
        $null = Connect-TestSandbox
        Assert-Creates { @{ 'Provider ' = 'OpenAI'; "Name`u{a0}" = 'n'; Model = 'm'; ApiKey = $key } | New-Connection } (Get-SentBody OpenAI)
    }

    It 'is read without its empty rows, in <_> of them' -ForEach 1, 3 {
        $csv = @("Provider;Name;Model;ApiKey;Draft", ';;;;', "OpenAI;a;m;$text;", ' ;;  ;;') + @(";;`u{a0};;") * $_ + @("OpenAI;b;m;$text;") + @(';;;;') * $_
        $outcome = Get-CleanOutcome { $csv | ConvertFrom-Csv -Delimiter ';' | New-Connection }
        $outcome.Output.ConnectionName | Should -Be 'a', 'b'
        Get-CleanOutcome { @{ Provider = ''; Name = $null }, [pscustomobject]@{ ApiKey = [DBNull]::Value } | New-Connection } | ForEach-Object Requests | Should -BeNullOrEmpty
        @($csv | ConvertFrom-Csv -Delimiter ';' | New-Connection -WhatIf -Verbose 4>&1 6>$null | Where-Object { "$_" -like '*is empty and was skipped*' }).Count | Should -Be (2 + 2 * $_)
    }

    It 'is told by number where it is wrong: <Of>' -ForEach @(
        @{ Of = { $rows | New-Connection }; Numbers = 2, 4 }
        @{ Of = { $rows | New-Connection -ThrottleLimit 1 }; Numbers = 2, 4 }
        @{ Of = { $rows | Test-ConnectionKey -ProviderUri http://127.0.0.1:1 }; Numbers = 2, 4 }
        @{ Of = { $rows | Select-Object *, @{ n = 'ConnectionId'; e = { if ($_.Name -eq 'd') { '..' } elseif ($_.Name) { "cn-$($_.Name)" } } } | Update-ConnectionKey -SkipVerification -WhatIf }; Numbers = 2, 4 }
    ) {
        $rows = ConvertFrom-Csv @('Provider,Name,Model,ApiKey', "OpenAI,a,m,$text", 'OpenAI,b,m,', ',,,', 'Unknown,d,m,x', "OpenAI,e,m,$text")
        $errors = (Get-Outcome $Of).Errors
        $errors.ForEach({ "$_" -replace ':.*' }) | Should -Be $Numbers.ForEach({ "Row $_" })
        "$($errors[0])" | Should -BeLike 'Row 2: *b*'
    }

    It 'that a switch gives a provider is skipped where it is empty, and numbered: <Of>' -ForEach @(
        @{ Of = { $csv | ConvertFrom-Csv | New-Connection -OpenAI }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | New-Connection -OpenAI -ThrottleLimit 1 }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | New-Connection -Anthropic -IfNotExists }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | Select-Object *, @{ n = 'Note'; e = { 'x' } } | New-Connection -OpenAI -WarningAction Ignore }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | New-Connection -AzureOpenAI -ResourceName res -DeploymentId dep -ApiVersion 2024-06-01 }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | Test-ConnectionKey -OpenAI -ProviderUri http://127.0.0.1:1 | ForEach-Object ConnectionName }; Made = 'a', 'c' }
        @{ Of = { $csv | ConvertFrom-Csv | Select-Object @{ n = 'Name'; e = { $_.Name ? $_.Name : [DBNull]::Value } }, Model, ApiKey | New-Connection -OpenAI }; Made = 'a', 'c' }
    ) {
        $csv = 'Name,Model,ApiKey', "a,m,$text", ',,', 'b,m,', " ,`u{a0}, ", "c,m,$text", ',,', ',,'
        $outcome = Get-Outcome $Of
        $outcome.Errors | ForEach-Object { "$_" } | Should -BeLike 'Row 3: b*-ApiKey is empty*'
        $outcome.Output | ForEach-Object { $_.ConnectionName ?? $_ } | Should -Be $Made
    }

    It 'that a switch gives a provider needs no more than the parameters lack: <_>' -ForEach @(
        { [pscustomobject]@{ Header = ''; Feature = $null; Note = '' } | New-Connection -CustomApi -Name n -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature streaming -WarningAction Ignore }
        { [pscustomobject]@{ Provider = '' } | New-Connection -OpenAI -Name n -Model m -ApiKey $text }
        { [pscustomobject]@{ Title = 'n' } | New-Connection -OpenAI -Name { $_.Title } -Model { 'm' } -ApiKey { $text } }
        { [pscustomobject]@{ Name = '' } | Test-ConnectionKey -OpenAI -Model m -ApiKey $text -ProviderUri http://127.0.0.1:1 | ForEach-Object { @{ ConnectionName = 'n' } } }
        # It has content if its only column has.
        { [pscustomobject]@{ EndpointUrl = '' }, [pscustomobject]@{ EndpointUrl = 'https://a.example.com' } | New-Connection -CustomApi -Name n -MapProvider openAIModel -Feature streaming }
        { @{ Name = '' }, @{ Name = 'n' } | ForEach-Object { [pscustomobject]$_ } | New-Connection -OpenAI -Model m -ApiKey $text }
        { [pscustomobject]@{ ApiKey = '' }, [pscustomobject]@{ ApiKey = $text } | New-Connection -OpenAI -Name n -Model m }
        { [pscustomobject]@{ Feature = ''; Name = ' ' }, [pscustomobject]@{ Feature = 'streaming'; Name = 'n' } | New-Connection -CustomApi -EndpointUrl https://a.example.com -MapProvider openAIModel }
    ) {
        (Get-CleanOutcome $_).Output.ConnectionName | Should -Be n
    }

    It 'is told by number and name where the platform refuses: a row of a name that is there' {
        $null = Add-Connection there
        $outcome = Get-Outcome { [pscustomobject]@{ Provider = 'OpenAI'; Name = 'new'; Model = 'm'; ApiKey = $text }, [pscustomobject]@{ Provider = 'OpenAI'; Name = 'there'; Model = 'm'; ApiKey = $text } | New-Connection }
        "$($outcome.Errors)" | Should -BeLike 'Row 2: *there*'
        $outcome.Errors.TargetObject | Should -Be 'there'
    }

    It 'may be one of several in an argument: <As>' -ForEach @(
        @{ As = 'an array'; Of = { New-Connection -InputObject @($rows) } }
        @{ As = 'a list'; Of = { New-Connection -InputObject ([Collections.Generic.List[object]]@($rows)) } }
        @{ As = 'an array that is piped whole'; Of = { , @($rows) | New-Connection } }
        @{ As = 'a table of a database'; Of = {
                $table = [Data.DataTable]::new()
                'Provider', 'Name', 'Model', 'ApiKey' | ForEach-Object { $null = $table.Columns.Add($_) }
                $rows | ForEach-Object { $null = $table.Rows.Add($_.Provider, $_.Name, $_.Model, $_.ApiKey) }
                New-Connection -InputObject $table
            }
        }
    ) {
        $rows = ConvertFrom-Csv @('Provider,Name,Model,ApiKey', "OpenAI,a,m,$text", 'OpenAI,b,m,', "Anthropic,c,m,$text")
        $outcome = Get-Outcome $Of
        $outcome.Output.ConnectionName | Should -Be 'a', 'c'
        $outcome.Errors | Should -HaveCount 1
        "$($outcome.Errors)" | Should -BeLike '*b: -ApiKey is empty*'
        if ($As -notlike '*database') { "$($outcome.Errors)" | Should -BeLike 'Row 2: *' }
    }

    It 'may be one of several for each cmdlet that takes rows: <_>' -ForEach @(
        { Test-ConnectionKey -InputObject @($made) -ProviderUri http://127.0.0.1:1 | ForEach-Object ConnectionId }
        { Test-ConnectionKey -InputObject @($made.ConnectionId) -ApiKey $text -ProviderUri http://127.0.0.1:1 | ForEach-Object ConnectionId }
        { Update-ConnectionKey @($made.ConnectionId) $text -SkipVerification | ForEach-Object ConnectionId }
        { Update-ConnectionKey -InputObject @($made | ForEach-Object { @{ Name = $_.ConnectionName; ApiKey = $text } }) -SkipVerification | ForEach-Object ConnectionId }
        { Get-Connection -InputObject @($made) | ForEach-Object ConnectionId }
        { Get-Connection -InputObject @($made.ConnectionName | ForEach-Object { @{ Name = $_ } }) | ForEach-Object ConnectionId }
        { $made | ForEach-Object { Get-Connection -InputObject $_ } | ForEach-Object ConnectionId }
        { Find-ConnectionIssue -InputObject @($made) -Rule KeyOld -MaximumKeyAgeDays 1 -AsOf (Get-Date).AddDays(9) | ForEach-Object ConnectionId }
    ) {
        $made = 'a', 'b' | ForEach-Object { New-Connection -OpenAI -Name $_ -Model m -ApiKey $text }
        if ("$_" -like '*InputObject @($made)*ProviderUri*') { $made = $made | Select-Object *, @{ n = 'ApiKey'; e = { $text } } }
        & $_ 3> $null | Should -Be $made.ConnectionId
    }

    It 'has no number where there is one thing only: <_>' -ForEach { New-Connection -InputObject @{ Provider = 'OpenAI'; Name = 'a' } }, { New-Connection -OpenAI -Name a -Model m -ApiKey '***' } {
        "$((Get-Outcome $_).Errors)" | Should -Not -Match '^Row'
    }
}

Describe 'What a connection has to have: -<Parameter> for <Shape>' -ForEach $required {
    BeforeAll {
        $null = Connect-TestSandbox
        $set = Get-Set $Shape
    }

    It 'is refused where its cell is empty or null' {
        foreach ($form in 'Csv', 'Typed') {
            $row = Get-Row $Shape $form
            foreach ($empty in $(if ($form -eq 'Csv') { '', ' ', "`n" } else { $null })) {
                $row.$Parameter = $empty
                Assert-Refuses { $row | New-Connection } "-$Parameter is empty"
                Assert-Refuses { $row | New-Connection @set } "-$Parameter is empty"
            }
        }
    }

    It 'is refused where the property is missing' {
        $row = Get-Row $Shape Typed
        $row.PSObject.Properties.Remove($Parameter)
        Assert-Refuses { $row | New-Connection } "-$Parameter is empty"
        # In a set of its own it is PowerShell's own error, where the parameter is mandatory.
        Assert-Refuses { $row | New-Connection @set } -ErrorId $(if ($Parameter -in 'OutputPath', 'MapProvider') { 'KoreInvalidInput' } else { 'InputObjectMissingMandatory' })
    }

    It 'is refused where the argument is empty' {
        foreach ($empty in '', '  ') {
            $arguments = $set + $values[$Shape]
            $arguments.Remove('Provider')
            $arguments[$Parameter] = $empty
            Assert-Refuses { New-Connection @arguments } "-$Parameter is empty"
        }
    }
}

Describe 'A connection that was read' {
    BeforeAll {
        # Creates it, and reads it as -Detailed and through Export-Clixml where that is asked for.
        function Read-Created([hashtable] $Case, [string[]] $Without = @(), [hashtable] $Switches = @{}) {
            $null = Connect-TestSandbox
            $row = Get-Row $Case.Shape Typed
            $Without.ForEach({ $row.PSObject.Properties.Remove($_) })
            $set = if ($Switches.Count) { $Switches + @{ CustomApi = $true } } else { @{} }
            $null = $row | New-Connection @set
            $connection = Get-Connection -Detailed:$Case.Detailed
            if ($Case.Clixml) { Copy-Serialized $connection } else { $connection }
        }
    }

    It 'is not created again without its keys: <Shape>, detailed <Detailed>, from a file <Clixml>' -ForEach $readShapes {
        $read = Read-Created $_
        $isCustom = $Shape -in 'Payload', 'Mapped'
        Assert-Refuses { $read | New-Connection } $(
            if ($isCustom) {
                if ($Detailed) { '-Header ''x-api-key'' contains a mask' } else { '-EndpointUrl is empty' }
            } else {
                if ($Detailed) { '-ApiKey is a mask' } else { '-ApiKey is empty' }
            })
        if ($isCustom) {
            Assert-Refuses { $read | New-Connection -Name copy -ApiKey $key } '-ApiKey does not apply to a custom API'
        }
    }

    It 'is copied with a name and a key: <Shape>, detailed <Detailed>, from a file <Clixml>' -ForEach $readShapes.Where({ $_.Shape -notin 'Payload', 'Mapped' }) {
        $read = Read-Created $_
        $copy = Merge-Json $bodies[$Shape] '{ "connectionName": "copy" }'
        $set = @{ $Shape = $true }
        if ($Shape -eq 'AzureOpenAI') {
            $set += @{ ResourceName = 'res'; DeploymentId = 'dep'; ApiVersion = '2024-08-01-preview' }
        }

        if ($Shape -eq 'AzureOpenAI' -and -not $Detailed) {
            Assert-Refuses { $read | New-Connection -Name copy -ApiKey $key } '-ResourceName is empty'
        } else {
            Assert-Creates { $read | New-Connection -Name copy -ApiKey $key } $copy
            $read = Read-Created $_
        }

        Assert-Creates { $read | New-Connection @set -Name copy -ApiKey $key } $copy
    }

    It 'is copied whole where it has no secret: <Shape>, detailed <Detailed>, from a file <Clixml>' -ForEach $readShapes.Where({ $_.Shape -in 'Payload', 'Mapped' }) {
        $read = Read-Created $_ -Without Header
        if (-not $Detailed) {
            Assert-Refuses { $read | New-Connection -Name copy } '-EndpointUrl is empty'
            return
        }

        Assert-Creates { $read | New-Connection -Name copy } (Merge-Json $bodies[$Shape] '{ "connectionName": "copy", "headers": [] }')
        $read = Read-Created $_ -Without Header -Switches @{ Draft = $true; Disabled = $true }
        Assert-Creates { $read | New-Connection -Name copy } (
            Merge-Json $bodies[$Shape] '{ "connectionName": "copy", "headers": [], "status": "DRAFT", "isEnable": false }')
    }
}
