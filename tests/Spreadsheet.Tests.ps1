# Three hundred rows as a German or Spanish Excel saves them: what is right arrives as it was meant, what is wrong is refused by row and cell.

BeforeDiscovery {
    # A column's name, what its cell holds, and the shape of the row.
    $wrong = @(
        , @('Provider', '', 'OpenAI')
        , @('Provider', 'Azure', 'OpenAI')
        , @('Provider', "OpenAI`nAnthropic", 'OpenAI')
        , @('Provider', '#NAME?', 'OpenAI')
        , @('Name', "`u{a0} ", 'OpenAI')
        , @('Name', "Soporte`r`nclientes", 'OpenAI')
        , @('Name', "Ana`u{200b}lisis", 'Anthropic')
        , @('Name', "B`u{fffd}ro", 'OpenAI')
        , @('Name', '#NV', 'OpenAI')
        , @('Name', '#¿NOMBRE?', 'Payload')
        , @('Name', '########', 'Azure')
        , @('Model', '', 'Azure')
        , @('Model', "gpt-4o`u{a0}mini", 'OpenAI')
        , @('Model', "gpt`n4", 'Anthropic')
        , @('Model', '#WERT!', 'OpenAI')
        , @('Model', '#DIV/0!', 'Payload')
        , @('ApiKey', '', 'OpenAI')
        , @('ApiKey', 'sk-made up-0123456789', 'OpenAI')
        , @('ApiKey', "sk-made-up-0123`u{a0}456789", 'Anthropic')
        , @('ApiKey', 'sk-***************MQAA', 'OpenAI')
        , @('ApiKey', '1,23457E+15', 'OpenAI')
        , @('ApiKey', '#BEZUG!', 'Azure')
        , @('ApiKey', 'env:SPREADSHEET_UNSET', 'OpenAI')
        , @('ApiKey', 'sk-made-up-0123456789', 'Payload')
        , @('ResourceName', 'https://contoso.openai.azure.com', 'Azure')
        , @('ResourceName', 'müller-ag', 'Azure')
        , @('DeploymentId', '1E+05', 'Azure')
        , @('DeploymentId', '4,1', 'Azure')
        , @('DeploymentId', "eu`u{a0}west", 'Azure')
        , @('ApiVersion', '01.06.2024', 'Azure')
        , @('ApiVersion', '01/06/2024', 'Azure')
        , @('ApiVersion', '45444', 'Azure')
        , @('ApiVersion', '2024-06-01 00:00:00', 'Azure')
        , @('ApiVersion', '2024-13-01', 'Azure')
        , @('ApiVersion', '2024-02-30', 'Azure')
        , @('ApiVersion', '#¡REF!', 'Azure')
        , @('EndpointUrl', 'llm.example.com/v1', 'Payload')
        , @('EndpointUrl', "https://llm.example.com/`nv1", 'Payload')
        , @('EndpointUrl', "https://llm.example.com/v1`u{a0}chat", 'Mapped')
        , @('EndpointUrl', '#N/D', 'Mapped')
        , @('Header', '{“x-api-key”:“sk-made-up-0123456789”}', 'Payload')
        , @('Header', 'x-api-key: sk-made-up-0123456789', 'Mapped')
        , @('Header', '{"x-api-key":""}', 'Payload')
        , @('Header', '#ZAHL!', 'Payload')
        , @('Payload', '{"prompt":"{{prompt}}","temperature":0,7}', 'Payload')
        , @('Payload', '{“prompt”:“{{prompt}}”}', 'Payload')
        , @('Payload', "{""prompt"":""a`nb""}", 'Payload')
        , @('Payload', '#VALOR!', 'Payload')
        , @('Payload', '{"prompt":"{{prompt}}"', 'Payload')
        , @('OutputPath', 'content[0]. text', 'Payload')
        , @('OutputPath', '', 'Payload')
        , @('OutputPath', '#NULL!', 'Payload')
        , @('InputTokensPath', 'usage,input', 'Payload')
        , @('Feature', 'streaming, toolCalling', 'Mapped')
        , @('Feature', 'WAHR', 'Mapped')
        , @('MapProvider', 'claude', 'Mapped')
        , @('IOMapping', 'Text zu Text', 'Mapped')
        , @('Draft', 'vielleicht', 'Payload')
        , @('Disabled', '#N/A', 'Mapped')
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $env:SPREADSHEET_KEY = 'sk-made-up-0123456789abcdef'
    $columns = 'Provider', 'Name', 'Model', 'ApiKey', 'ResourceName', 'DeploymentId', 'ApiVersion', 'EndpointUrl', 'Header', 'Payload', 'OutputPath', 'InputTokensPath',
        'MapProvider', 'Feature', 'IOMapping', 'Draft', 'Disabled'
    $header = '{ "x-api-key": "env:SPREADSHEET_KEY" }'
    $cells = @{
        OpenAI    = @{ Provider = 'OpenAI'; Model = 'gpt-4o'; ApiKey = 'env:SPREADSHEET_KEY' }
        Anthropic = @{ Provider = 'Anthropic'; Model = 'claude-sonnet-4-6'; ApiKey = 'env:SPREADSHEET_KEY' }
        Azure     = @{ Provider = 'Azure OpenAI'; Model = 'GPT-4'; ApiKey = 'env:SPREADSHEET_KEY'; ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-06-01' }
        Payload   = @{ Provider = 'API'; Model = 'own'; EndpointUrl = 'https://llm.example.com/v1'; Header = $header; Payload = "{`r`n  ""prompt"": ""{{prompt}}""`r`n}"; OutputPath = 'content[0].text' }
        Mapped    = @{ Provider = 'api'; Model = 'own'; EndpointUrl = 'https://llm.example.com/v1'; Header = $header; MapProvider = 'openAIModel'; Feature = 'streaming; toolCalling' }
    }
    $fields = "{ ""API_KEY"": ""$env:SPREADSHEET_KEY"""
    $own = '"model": "own", "headers": [{ "key": "x-api-key", "value": "' + $env:SPREADSHEET_KEY + '" }]'
    $bodies = @{
        OpenAI    = Get-SentBody OpenAI "{ ""model"": ""gpt-4o"", ""fields"": $fields } }"
        Anthropic = Get-SentBody Anthropic "{ ""model"": ""claude-sonnet-4-6"", ""fields"": $fields } }"
        Azure     = Get-SentBody AzureOpenAI "{ ""model"": ""GPT-4"", ""fields"": $fields, ""api_version"": ""2024-06-01"", ""your_resource_name"": ""contoso"", ""deployment_id"": ""eu"" } }"
        Payload   = Get-SentBody Custom "{ $own, ""payload"": { ""prompt"": ""{{prompt}}"" }, ""outputPath"": ""content[0].text"" }"
        Mapped    = Get-SentBody Mapped "{ $own, ""llmFeatures"": $(Get-SentFeature streaming, toolCalling) }"
    }

    # Excel quotes a cell that has a semicolon, a quotation mark or a line break in it, and no other.
    function ConvertTo-Cell([string] $Text) {
        if ($Text -match '[;"\r\n]') { '"' + $Text.Replace('"', '""') + '"' } else { $Text }
    }

    function Get-Line([hashtable] $Row) {
        $columns.ForEach({ ConvertTo-Cell $Row[$_] }) + (ConvertTo-Cell $Row.Remark) -join ';'
    }

    function Copy-Row([string] $Shape, [string] $Name, [int] $Number) {
        $row = $cells[$Shape].Clone()
        $row.Name = $Name
        # What typing and copying leave at the ends of cells.
        $space = '', ' ', "`u{a0}", "  `u{a0}", "`t", "`r`n"
        foreach ($column in @($row.Keys)) { $row[$column] += $space[($Number + $column.Length) % $space.Count] }
        $row.Remark = ('', 'ja; "vielleicht"', "eins`r`nzwei", "`u{a0}")[$Number % 4]
        $row
    }

    function Export-Rows([string] $Path, [hashtable[]] $Row, [string] $Remark, [hashtable] $Rename = @{}) {
        $lines = @($columns.ForEach({ $Rename[$_] ?? $_ }) + $Remark -join ';') + $Row.ForEach({ Get-Line $_ }) + @(';' * $columns.Count) * 3 + @((' ', "`u{a0}") * 9 -join ';')
        [IO.File]::WriteAllText($Path, ($lines -join "`r`n") + "`r`n", [Text.UTF8Encoding]::new($true))
    }
}

Describe 'Three hundred rows of a spreadsheet' {
    It 'arrive as they were meant, and what is wrong is refused by row and cell: <Options.Keys>' -ForEach @(
        @{ Wrong = $wrong; Options = @{}; Remark = 'Bemerkung' }
        @{ Wrong = $wrong; Options = @{ IfNotExists = $true }; Remark = 'Observación' }
    ) {
        $null = Connect-TestSandbox
        $rows = [Collections.Generic.List[hashtable]]::new()
        $expected = [Collections.Generic.SortedDictionary[string, string]]::new([StringComparer]::Ordinal)
        $refused = [ordered]@{}
        $shapes = 'OpenAI', 'Azure', 'Payload', 'Anthropic', 'Mapped'
        foreach ($number in 1..300) {
            $name = "Büro $number – Atención; ""$number"""
            $at = [math]::DivRem($number, 5)
            if ($at.Item2 -eq 0 -and $at.Item1 -le $Wrong.Count) {
                $column, $cell, $shape = $Wrong[$at.Item1 - 1]
                $row = Copy-Row $shape $name $number
                $row[$column] = $cell
                $refused["Row $number"] = $column
            } else {
                $shape = $shapes[$number % 5]
                $row = Copy-Row $shape $name $number
                $expected[$name] = Merge-Json $bodies[$shape] (ConvertTo-Json @{ connectionName = $name })
            }

            $rows.Add($row)
        }

        Export-Rows "$TestDrive/rows.csv" $rows $Remark
        $outcome = Get-Outcome { Import-Csv "$TestDrive/rows.csv" -Delimiter ';' | New-Connection @Options }

        # Every refusal names its row and the column of its cell, and shows no key.
        $said = $outcome.Errors.ForEach({ ("$_" -split ':')[0] })
        $said | Should -Be @($refused.Keys) -Because "of $(Compare-Object $said @($refused.Keys) -PassThru)"
        $outcome.ErrorIds | Select-Object -Unique | Should -Be 'KoreInvalidInput'
        foreach ($failure in $outcome.Errors) {
            $column = $refused[("$failure" -split ':')[0]]
            "$failure" | Should -Match "\b$column\b"
        }
        "$($outcome.Errors) $($outcome.Warnings)" | Should -Not -Match 'sk-made'

        # Each of the others was sent once, and is what it was meant to be.
        $sent = [Collections.Generic.SortedDictionary[string, string]]::new([StringComparer]::Ordinal)
        foreach ($write in $outcome.Writes) { $sent.Add(($write.Body | ConvertFrom-Json).connectionName, (Merge-Json $write.Body)) }
        @($sent.Keys) | Should -BeExactly @($expected.Keys)
        foreach ($name in $expected.Keys) {
            if (-not [Text.Json.Nodes.JsonNode]::DeepEquals([Text.Json.Nodes.JsonNode]::Parse($sent[$name]), [Text.Json.Nodes.JsonNode]::Parse($expected[$name]))) { $sent[$name] | Should -Be $expected[$name] }
        }
        $outcome.Output.ConnectionName | Sort-Object -CaseSensitive | Should -Be @(@($expected.Keys) | Sort-Object -CaseSensitive)
        @($outcome.Warnings | Where-Object { "$_" -match "'$Remark'" }) | Should -HaveCount 1
    }

    It 'are refused where they need the column that is called <Called>, and no others' -ForEach @(
        @{ Column = 'ApiVersion'; Called = 'ApiVersión'; Of = @('Azure') }
        @{ Column = 'Model'; Called = 'Modell'; Of = 'OpenAI', 'Anthropic', 'Azure' }
        @{ Column = 'EndpointUrl'; Called = 'Endpoint URL'; Of = 'Payload', 'Mapped' }
    ) {
        $null = Connect-TestSandbox
        $shapes = 'OpenAI', 'Azure', 'Payload', 'Anthropic', 'Mapped'
        $rows = 1..300 | ForEach-Object { Copy-Row $shapes[$_ % 5] "n$_" $_ }
        Export-Rows "$TestDrive/columns.csv" $rows Bemerkung @{ $Column = $Called }
        $outcome = Get-Outcome { Import-Csv "$TestDrive/columns.csv" -Delimiter ';' | New-Connection }
        $outcome.Errors | Should -HaveCount (60 * $Of.Count)
        $outcome.Errors | ForEach-Object { "$_" | Should -Match "^Row \d+: .*-$Column is (empty|missing)" }
        $outcome.Output | Should -HaveCount (300 - 60 * $Of.Count)
        @($outcome.Warnings | Where-Object { "$_" -match "did you mean $Column\?" }) | Should -HaveCount 1
    }
}

Describe 'A value that a spreadsheet lost' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It 'is refused as a name, a model, a deployment, a key and the key of a header: <_>' -ForEach @(
        '1,23457E+15', '1.23E+12', '1E+05', '1.23e+12', '-1,23457E+15', "`u{2212}1,23457E+15", "1,23457E`u{2212}15", '1,23E-05', '12.3E+9', ' 1,23457E+15 '
        '#WERT!', '#REF!', '#NAME?', '########'
    ) {
        $value = $_
        $own = Get-CustomApi -With @{ Name = 'c' }
        $row = @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = 'env:SPREADSHEET_KEY' }
        $azure = @{ Provider = 'AzureOpenAI'; Name = 'n'; Model = 'm'; ApiKey = 'env:SPREADSHEET_KEY'; ResourceName = 'contoso'; DeploymentId = 'eu'; ApiVersion = '2024-06-01' }
        foreach ($column in 'Name', 'Model', 'ApiKey') {
            $with = $row.Clone()
            $with.$column = $value
            $ways = { $with | New-Connection }, { [pscustomobject]$with | New-Connection }, { New-Connection -OpenAI -Name $with.Name -Model $with.Model -ApiKey $with.ApiKey }
            foreach ($way in $ways) {
                "$((Assert-Refuses $way -PassThru).Errors[0])" | Should -Match "-$column is .*(spreadsheet|column)"
            }

            $text = $value.Trim()
            Set-Content "$TestDrive/lost.yaml" "connections:`n- { provider: OpenAI, name: '$($with.Name)', model: '$($with.Model)', apiKey: '$($with.ApiKey)' }"
            Test-ConnectionManifest "$TestDrive/lost.yaml" | Should -HaveCount 1 -Because $text
        }

        $azure.DeploymentId = $value
        $null = Assert-Refuses { $azure | New-Connection }
        foreach ($header in @{ 'x-api-key' = $value }, @{ Authorization = "Bearer $($value.Trim())" }) {
            if ("$($header.Values)" -match "`u{2212}") { continue }
            $null = Assert-Refuses { New-Connection @own -Header $header }
            $null = Assert-Refuses { [pscustomobject](@{ Provider = 'API'; Header = $header | ConvertTo-Json } + $own) | Select-Object * -ExcludeProperty CustomApi | New-Connection }
        }
    }

    It 'is none that only looks alike: <_>' -ForEach @(
        'gpt-4E+', '1e5', 'a 1e5 b', 'E+15', '1E+', 'model 1,23E+15', '1.23E+12x', '1E+15-eu', 'x1E+15', '1e-5', '12345678E-05', '1E-5', '4.5E', '1-2E-03', 'N/A+', '# REF', 'v1.2E+3b', '3e', '1,5'
    ) {
        $outcome = Get-CleanOutcome { @{ Provider = 'OpenAI'; Name = $_; Model = $_; ApiKey = 'env:SPREADSHEET_KEY' } | New-Connection }
        $outcome.Output.ConnectionName, $outcome.Output.Model | Should -BeExactly $_, $_
    }

    It 'is none of a header that has no key' {
        $own = Get-CustomApi -With @{ Name = 'c'; Header = @{ 'x-limit' = '1E+05' } }
        (Get-CleanOutcome { New-Connection @own }).Writes | Should -HaveCount 1
    }

    It 'is no number of PowerShell, which keeps its digits: <_>' -ForEach @(
        @{ Value = [double]1234567890123456; Text = '1234567890123456' }
        @{ Value = [double]-1234567890123456; Text = '-1234567890123456' }
        @{ Value = [double]9007199254740991; Text = '9007199254740991' }
        @{ Value = [float]16777215; Text = '16777215' }
        @{ Value = [long]1234567890123456789; Text = '1234567890123456789' }
        @{ Value = [decimal]1234567890123456789; Text = '1234567890123456789' }
        @{ Value = [double]1e16; Text = '10000000000000000' }
        @{ Value = 5.5; Text = '5.5' }
        @{ Value = 7.0; Text = '7' }
    ) {
        $ways = { New-Connection -OpenAI -Name $Value -Model $Value -ApiKey env:SPREADSHEET_KEY }, { @{ Provider = 'OpenAI'; Name = $Value; Model = $Value; ApiKey = 'env:SPREADSHEET_KEY' } | New-Connection }
        foreach ($way in $ways) {
            $null = Connect-TestSandbox
            $outcome = Get-CleanOutcome $way
            $outcome.Output.ConnectionName, $outcome.Output.Model | Should -BeExactly $Text, $Text
        }

        foreach ($lost in 1e-20, [float]1e-20) {
            foreach ($way in { New-Connection -OpenAI -Name $lost -Model m -ApiKey env:SPREADSHEET_KEY }, { @{ Provider = 'OpenAI'; Name = $lost; Model = 'm'; ApiKey = 'env:SPREADSHEET_KEY' } | New-Connection }) {
                $null = Assert-Refuses $way
            }
        }
    }
}
