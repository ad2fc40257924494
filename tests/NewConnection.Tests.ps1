BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $endpoint = 'https://llm.example.com/v1'
    $named = @{ Name = 'n'; Model = 'm'; ApiKey = $key }
    $azure = $named + @{ DeploymentId = 'd'; ApiVersion = '2024-06-01' }
}

Describe 'New-Connection' {
    BeforeEach {
        $sandbox = Connect-TestSandbox
        $custom, $mapped = (Get-CustomApi), (Get-CustomApi -Mapped)
        $row = $custom.Clone()
        $row.Provider = 'API'
        $row.Remove('CustomApi')
        $format = @{ CustomApi = $true; Name = 'n'; EndpointUrl = $endpoint }
    }

    It 'creates from a CSV of mixed providers, and only once with -IfNotExists' {
        Set-Content "$TestDrive/mixed.csv" @'
Provider,Name,Model,ApiKey,ResourceName,DeploymentId,ApiVersion,EndpointUrl,Header,Payload,OutputPath,MapProvider,Feature,IOMapping
OpenAI,Support desk,gpt-5.5,env:ACCEPTANCE_KEY,,,,,,,,,,
Azure OpenAI,Finance,GPT-5.4,env:ACCEPTANCE_KEY,contoso-finance,gpt-5.4-eu,2024-08-01-preview,,,,,,,
anthropic,Contract review,claude-opus-4-8,env:ACCEPTANCE_KEY,,,,,,,,,,
API,Own model,,,,,,https://llm.example.com/v1,"{""x-api-key"":""env:ACCEPTANCE_KEY""}","{""max_tokens"":1024,""messages"":[{""role"":""user"",""content"":""{{prompt}}""}]}",content[0].text,,,
API,Own gateway,claude,,,,,https://gateway.example.com,"{""x-api-key"":""env:ACCEPTANCE_KEY""}",,,anthropicModel,streaming;supportTools,textToText;textToImage
'@
        $first = Import-Csv "$TestDrive/mixed.csv" | New-Connection
        $first.ConnectionName | Should -Be 'Support desk', 'Finance', 'Contract review', 'Own model', 'Own gateway'
        $first.Provider | Should -Be 'Open AI', 'Azure Open AI', 'Anthropic', 'API', 'API'
        $second = Get-CleanOutcome { Import-Csv "$TestDrive/mixed.csv" | New-Connection -IfNotExists }
        $second.Requests.Method | Should -Be 'GET'
        $second.Output.ConnectionId | Should -Be $first.ConnectionId
    }

    It 'keeps a name exactly, and finds it: <_>' -ForEach @(
        "it's ""quoted"" {} [] ; `$x \ %2F ../.. & + # ?"
        "😀👩`u{200D}🚀 ü 漢字 `u{A0} no break"
        '-Name'
    ) {
        Assert-Creates { New-Connection -OpenAI -Name $_ -Model m -ApiKey $key } (Get-SentBody OpenAI "{ ""connectionName"": $(ConvertTo-Json $_) }")
        (Get-Connection -Name $_).ConnectionName | Should -BeExactly $_
    }

    It 'takes off what is at the ends of a line of text, which nobody sees: <Around>' -ForEach @(
        " {0} ", "{0}`r`n", "`u{FEFF}{0}", "{0}`u{200B}", "`u{A0}{0}`t" | ForEach-Object { @{ Around = $_ } }
    ) {
        $typed, $piped = "a$(New-Guid)", "b$(New-Guid)"
        Assert-Creates { New-Connection -OpenAI -Name ($Around -f $typed) -Model ($Around -f 'm') -ApiKey $key } (Get-SentBody OpenAI "{ ""connectionName"": ""$typed"" }")
        Assert-Creates { [pscustomobject]@{ Provider = 'OpenAI'; Name = $Around -f $piped; Model = $Around -f 'm'; ApiKey = $key } | New-Connection } (Get-SentBody OpenAI "{ ""connectionName"": ""$piped"" }")
    }

    It 'takes a name and a model whose words only begin as keys do: <_>' -ForEach 'sk-learning group', 'hf_mistral-7b-instruct-v0.3', 'npm_package_search', 'Task of SG.team' {
        New-Connection -OpenAI -Name $_ -Model $_ -ApiKey $key -WhatIf -ErrorVariable failures 6>$null
        $failures | Should -BeNullOrEmpty
    }

    It 'refuses what nobody sees within a line of text: <At>' -ForEach @(
        @{ Text = "two`nlines"; At = 'contains a line break at position 4 of 9' }
        @{ Text = "a`tb"; At = 'contains a tab at position 2 of 3' }
        @{ Text = "gpt`u{200B}4o"; At = 'contains an invisible character (U+200B) at position 4 of 6' }
        @{ Text = "x`u{202E}y"; At = 'contains an invisible character (U+202E) at position 2 of 3' }
        @{ Text = "a`u{E0041}b"; At = 'contains an invisible character' }
        @{ Text = "a`u{1b}[31mb"; At = 'contains an invisible character (U+001B)' }
    ) {
        Assert-Refuses { New-Connection -OpenAI -Name $Text -Model m -ApiKey $key } "-Name $At"
        Assert-Refuses { New-Connection -OpenAI -Name n -Model $Text -ApiKey $key } "-Model $At"
        Assert-Refuses { @{ Provider = 'OpenAI'; Name = $Text; Model = 'm'; ApiKey = $key } | New-Connection } "-Name $At"
        Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl "https://a.example.com/$Text" -Payload @{} -OutputPath x } "-EndpointUrl $($At -replace ' at position.*')"
    }

    It 'refuses <Parameter> <Value>, which is another thing' -ForEach @(
        foreach ($value in 'localhost#', '2130706433#', '127。0。0。1#', 'a', 'res/x', 'res@evil.example', 'res\x', 're%2Fs', '[::1]', 'rés', '-res', 'res-', ('r' * 65)) { @{ Parameter = 'ResourceName'; Value = $value } }
        foreach ($value in '/openai/deployments/d', 'd?x=1', '..', 'a b', 'd#', 'd%2e', ('d' * 65)) { @{ Parameter = 'DeploymentId'; Value = $value } }
        foreach ($value in '01.06.2024', '2024-13-01', '06/01/2024 00:00:00', '2024-06-01&x=1', 'v', '2024', "v`u{661}", "2024-06-0`u{661}") { @{ Parameter = 'ApiVersion'; Value = $value } }
    ) {
        $with = @{ ResourceName = 'res'; DeploymentId = 'd'; ApiVersion = '2024-06-01' }
        $with[$Parameter] = $Value
        Assert-Refuses { New-Connection -AzureOpenAI -Name n -Model m -ApiKey $key @with } "-$Parameter is not a"
        Assert-Refuses { [pscustomobject](@{ Provider = 'Azure Open AI'; Name = 'n'; Model = 'm'; ApiKey = $key } + $with) | New-Connection } "-$Parameter is not a"
        Assert-Refuses { Test-ConnectionKey -AzureOpenAI -Model m -ApiKey $key @with } "-$Parameter is not a"
    }

    It 'sends an address as it was given, as text and as a Uri: <_>' -ForEach @(
        'https://g.example.com/v1?filter=a%20b', 'https://g.example.com/v1?x=%22q%22', 'https://g.example.com/m%C3%BCller/v1', 'https://g.example.com/a%2Fb%25', 'https://G.example.com', 'https://g.example.com:443/x/../y'
    ) {
        $custom = Get-CustomApi
        $custom.Remove('EndpointUrl')
        $row = @{ Provider = 'API'; Name = 'n'; Payload = @{ a = 1 }; OutputPath = 'x' }
        $body = Get-SentBody Custom "{ ""endpointUrl"": ""$_"" }"
        foreach ($address in $_, [uri]$_, [psobject]::AsPSObject([uri]$_)) {
            foreach ($create in @(
                    { New-Connection @custom -EndpointUrl $address }
                    { [pscustomobject]@{ EndpointUrl = $address } | New-Connection @custom }
                    { $row + @{ EndpointUrl = $address } | New-Connection }
                )) {
                $null = Connect-TestSandbox
                Assert-Creates $create $body
            }

            $id = (Get-Connection n).ConnectionId
            Assert-Changes { Set-Connection $id -EndpointUrl $address } $id "{ ""endpointUrl"": ""$_"" }"
        }
    }

    It 'takes the text of what has no other value: <Text.GetType().Name>' -ForEach @(
        [regex]::Match('id=GPT;', '=(\w+)').Groups[1], [regex]::Match('GPT', '.+'), [regex]::Match('GPT', '.+').Captures[0], [Text.StringBuilder]'GPT', [psobject]::AsPSObject([Text.StringBuilder]'GPT') |
            ForEach-Object { @{ Text = $_ } }
    ) {
        foreach ($create in { New-Connection -OpenAI -Name $Text -Model $Text -ApiKey $key }, { [pscustomobject]@{ Provider = 'OpenAI'; Name = $Text; Model = $Text; ApiKey = $key } | New-Connection },
            { [pscustomobject]@{ Name = $Text; Model = $Text } | New-Connection -OpenAI -ApiKey $key }) {
            $null = Connect-TestSandbox
            (Get-CleanOutcome $create).Output.ForEach({ $_.Name, $_.Model }) | Should -Be 'GPT', 'GPT'
            (Get-Connection $Text).Name | Should -Be 'GPT'
        }
    }

    It 'sends a number as it was typed, and another with all its digits' {
        $value, $long = 2.50, 1e15
        (New-Connection -OpenAI -Name 2.0 -Model 4.10 -ApiKey $key).ForEach({ $_.Name, $_.Model }) | Should -BeExactly '2.0', '4.10'
        (New-Connection -OpenAI -Name $value -Model 1e3 -ApiKey $key).ForEach({ $_.Name, $_.Model }) | Should -BeExactly '2.5', '1e3'
        (New-Connection -OpenAI -Name $long -Model 007 -ApiKey $key).ForEach({ $_.Name, $_.Model }) | Should -BeExactly '1000000000000000', '007'
        (Get-Connection 2.0).Model | Should -BeExactly '4.10'
    }

    It 'takes no row as the text of an object: <Of>' -ForEach @(
        { New-Connection -OpenAI -Name $row -Model m -ApiKey $key }, { [pscustomobject]@{ Provider = 'OpenAI'; Name = $row; Model = 'm'; ApiKey = $key } | New-Connection }, { $row | Get-Connection },
        { Get-Connection $row }, { Export-Connection -Path $row } | ForEach-Object { @{ Of = $_ } }
    ) {
        foreach ($row in [Text.StringBuilder]'@{Name=x; ApiKey=Correct7Horse9Battery}', [regex]::Match('@{Name=x; ApiKey=Correct7Horse9Battery}', '.+')) {
            $outcome = Get-Outcome $Of
            $outcome.Requests | Where-Object Method -NE 'GET' | Should -BeNullOrEmpty
            $outcome.Errors | Should -HaveCount 1
            "$($outcome.Errors | Format-List * -Force | Out-String) $($outcome.Errors.InvocationInfo.BoundParameters | Format-List * | Out-String)" | Should -Not -Match 'Correct7Horse'
        }
    }

    It 'refuses an endpoint that leads nowhere or shows a login: <_>' -ForEach 'https://user:hunter2@llm.example.com', 'https://token@llm.example.com/v1', 'https://https://llm.example.com', 'http://http/x', 'https://$(HOST)/v1', 'https://${env:HOST}/v1', 'https://#{host}#/v1', 'ftp://x', '//x' {
        $outcome = Assert-Refuses -PassThru { New-Connection -CustomApi -Name n -EndpointUrl $_ -Payload @{} -OutputPath x } '-EndpointUrl'
        "$($outcome.Errors)" | Should -Not -Match 'hunter2|token@'
    }

    It 'refuses what PowerShell cut, and what has no text of its own: <_>' -ForEach @(
        'System.Collections.Hashtable', 'System.Object[]', '@{role=user; content=x}', 'System.Collections.Generic.List`1[System.Object]', 'System.Management.Automation.PSCustomObject'
        'System.Collections.Hashtable System.Collections.Hashtable', 'System.Object[] System.Collections.Specialized.OrderedDictionary', 'System.Int32[]', 'System.Byte[]', 'System.Double[]',
        'System.Data.DataRow', 'System.Xml.XmlDocument', 'System.Text.Json.JsonElement', 'Newtonsoft.Json.Linq.JObject', 'Microsoft.Azure.Commands.Models.PSVault[]', '@{}',
        '@{role=user; content=x} @{role=user; content=y}', 'System.Collections.Hashtable @{role=user}', '@{role=user} System.Collections.Hashtable', "System.Object[]`n"
    ) {
        $lost = $_
        foreach ($payload in @{ p = '{{prompt}}'; a = @{ b = $lost } }, (@{ messages = @($lost) } | ConvertTo-Json)) {
            Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl https://a.example.com -Payload $payload -OutputPath x } 'instead of its content'
        }
        Assert-Refuses { [pscustomobject]@{ Provider = 'OpenAI'; Name = $lost; Model = 'm'; ApiKey = $key } | New-Connection } 'instead of its content'
    }

    It 'sends a text about types: <_>' -ForEach @(
        'Use System.Text.Json here', 'Microsoft.Teams[prod]', 'System.Design[Review]', 'Microsoft.Copilot[1]', 'System.Text.Json', 'System.Int32', 'System.Collections.Hashtable is a table', 'An array is System.Int32[]', 'int[]', 'string[] string[]', 'Microsoft.Extensions.AI', '@user',
        '@{', 'Newtonsoft.Json.Linq', 'System.Xml.Linq', 'Systems', '{{prompt}} @{}'
    ) {
        $text = $_
        (Get-CleanOutcome { New-Connection -CustomApi -Name "t$(New-Guid)" -EndpointUrl https://a.example.com -Payload @{ p = '{{prompt}}'; a = $text } -OutputPath x }).Writes | Should -HaveCount 1
    }

    It 'takes a date as a version, in a parameter as in a row: <Date.GetType().Name>' -ForEach @(
        [datetime]'2024-06-01', [datetimeoffset]'2024-06-01T00:00:00+02:00', [DateOnly]'2024-06-01', [psobject]::AsPSObject([datetime]'2024-06-01'), ' 2024-06-01 ' | ForEach-Object { @{ Date = $_ } }
    ) {
        $outcome = Get-CleanOutcome {
            Invoke-InCulture de-DE {
                New-Connection -AzureOpenAI -Name a -Model $Date -ApiKey $key -ResourceName res -DeploymentId d -ApiVersion $Date
                [pscustomobject]@{ ApiVersion = $Date; Model = $Date } | New-Connection -AzureOpenAI -Name b -ApiKey $key -ResourceName res -DeploymentId d
                [pscustomobject]@{ Provider = 'Azure Open AI'; Name = 'c'; Model = $Date; ApiKey = $key; ResourceName = 'res'; DeploymentId = 7; ApiVersion = $Date } | New-Connection
            }
        }
        $sent = $outcome.Writes.Body | ConvertFrom-Json
        $sent.fields.api_version | Should -BeExactly (@('2024-06-01') * 3)
        $sent.model | Should -Be (@('2024-06-01') * 3)
    }

    It 'warns of placeholders that nothing fills: <Payload>' -ForEach @(
        @{ Payload = '{"a":"x"}'; Says = 'does not use {{prompt}}' }
        @{ Payload = '{"a":"{{promt}}"}'; Says = 'Did you mean {{prompt}}?' }
        @{ Payload = '{"a":"{{prompt}} {{ user_id }}"}'; Says = 'Declare it with -CustomVariable' }
        @{ Payload = '{"a":"{{prompt}} {{system_prompt}}"}'; Says = $null }
    ) {
        $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name "w$(New-Guid)" -EndpointUrl https://a.example.com -Payload $Payload -OutputPath x }
        if ($Says) { "$($outcome.Warnings)" | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($Says))*" } else { $outcome.Warnings | Should -BeNullOrEmpty }
        $outcome.Writes | Should -HaveCount 1
    }

    It 'takes DBNull, AutomationNull and blanks for what is not given: <Name>' -ForEach @(
        @{ Name = 'DBNull'; Absent = [DBNull]::Value }
        @{ Name = 'AutomationNull'; Absent = & {} }
        @{ Name = 'NullString'; Absent = [NullString]::Value }
        @{ Name = 'SqlString'; Absent = [System.Data.SqlTypes.SqlString]::Null }
        @{ Name = 'null'; Absent = $null }
        @{ Name = 'blank'; Absent = ' ' }
    ) {
        $row = [pscustomobject]@{ Provider = 'API'; Name = "r$(New-Guid)"; EndpointUrl = 'https://a.example.com'; MapProvider = 'openAIModel'; Feature = 'streaming'; ApiKey = $Absent; Header = $Absent; Payload = $Absent; Draft = $Absent; CustomVariable = $Absent; IOMapping = $Absent }
        (Get-CleanOutcome { $row | New-Connection }).Writes | Should -HaveCount 1
        (Get-CleanOutcome { New-Connection -CustomApi -Name "r$(New-Guid)" -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature streaming -Header $Absent -Payload $Absent }).Writes | Should -HaveCount 1
        $typed = Get-CleanOutcome { New-Connection -CustomApi -Name "r$(New-Guid)" -EndpointUrl https://a.example.com -Payload @{ p = '{{prompt}}' } -OutputPath x -Model $Absent -InputTokensPath $Absent -PromptVariable $Absent -CustomVariable $Absent }
        $sent = $typed.Writes.Body | ConvertFrom-Json
        $sent.customVars | Should -BeNullOrEmpty
        $sent.promptVars.Where({ $_.status }).name | Should -Be prompt
    }

    It 'refuses what cannot be right: <Of>' -ForEach @(
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName https://res.openai.azure.com }; Saying = 'Did you mean ''res''?' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName https://res.openai.azure.com/openai/deployments/d }; Saying = 'Did you mean ''res''?' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName res.openai.azure.com }; Saying = 'Did you mean ''res''?' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName //res }; Saying = 'is not a resource name' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName 'my res' }; Saying = 'is not a resource name' }
        @{ Of = { New-Connection -OpenAI -Name '$(Build.Stage)' -Model m -ApiKey $key }; Saying = '-Name is ''$(Build.Stage)'', a variable that is not defined in Azure Pipelines' }
        @{ Of = { New-Connection -OpenAI -Name sk-made-up-0123456789abcdef -Model m -ApiKey $key }; Saying = '-Name looks like a key, so it was not sent' }
        @{ Of = { New-Connection -OpenAI -Name 'Bearer sk-made-up-0123456789abcdef' -Model m -ApiKey $key }; Saying = '-Name looks like a key' }
        @{ Of = { New-Connection -OpenAI -Name 'Desk of sk-made-up-0123456789abcdef' -Model m -ApiKey $key }; Saying = '-Name looks like a key' }
        @{ Of = { New-Connection -AzureOpenAI -Name n -Model m -ApiKey $key -ResourceName sk-made-up-0123456789abcdef -DeploymentId d -ApiVersion v1 }; Saying = '-ResourceName looks like a key' }
        @{ Of = { New-Connection -AzureOpenAI -Name n -Model m -ApiKey $key -ResourceName rr -DeploymentId sk-made-up-0123456789abcdef -ApiVersion v1 }; Saying = '-DeploymentId looks like a key' }
        @{ Of = { New-Connection -CustomApi -Name n -EndpointUrl https://x.example -Payload @{ p = '{{prompt}}' } -OutputPath sk-made-up-0123456789abcdef }; Saying = '-OutputPath looks like a key' }
        @{ Of = { New-Connection -CustomApi -Name n -EndpointUrl https://x.example -Payload @{ p = '{{prompt}}' } -OutputPath a -CustomVariable sk-made-up-0123456789abcdef }; Saying = '-CustomVariable looks like a key' }
        @{ Of = { New-Connection -CustomApi -Name n -EndpointUrl https://x.example -MapProvider openAIModel -Feature streaming -AuthorizationProfile sk-made-up-0123456789abcdef }; Saying = '-AuthorizationProfile looks like a key' }
        @{ Of = { Get-ProviderModel -AzureOpenAI -ResourceName sk-made-up-0123456789abcdef -ApiKey $key }; Saying = '-ResourceName looks like a key' }
        @{ Of = { New-Connection -OpenAI -Name n -Model sk-made-up-0123456789abcdef -ApiKey $key }; Saying = '-Model looks like a key, so it was not sent' }
        @{ Of = { [pscustomobject]@{ Provider = 'Anthropic'; Name = 'n'; Model = 'sk-ant-made-up-0123456789abcdef'; ApiKey = 'gpt-5.5-model-name' } | New-Connection }; Saying = '-Model looks like a key' }
        @{ Of = { New-Connection -CustomApi -Name '  ' -EndpointUrl $endpoint -Payload @{} -OutputPath x }; Saying = '-Name is empty' }
        @{ Of = { New-Connection @format -Feature streaming -MapProvider openai }; Saying = '-MapProvider ''openai'' is not valid. Accepted values: anthropicModel, geminiModel, openAIModel' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature stream }; Saying = '-Feature ''stream'' is not valid. Accepted values: toolCalling, supportTools, parallelToolCalling, structuredResponse, dataGeneration, streaming' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature 'streaming; stream' }; Saying = '-Feature ''stream'' is not valid' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature @() }; Saying = '-Feature is empty' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature '{ "streaming": false }' }; Saying = '-Feature is empty' }
        @{ Of = { New-Connection @format -MapProvider openAIModel }; Saying = '-Feature is missing' }
        { New-Connection @format -Feature streaming }, { New-Connection @format -IOMapping textToText },
        { New-Connection @format -AuthorizationProfile p } | ForEach-Object { @{ Of = $_; Saying = '-MapProvider is empty' } }
        @{ Of = { New-Connection @format }; Saying = 'A custom API needs either -Payload and -OutputPath' }
        @{ Of = { New-Connection @format -OutputPath x }; Saying = 'A custom API needs either -Payload and -OutputPath' }
        @{ Of = { New-Connection @format -Payload @{} }; Saying = '-OutputPath is empty' }
        @{ Of = { New-Connection -OpenAI -Name "x$([char]0xD800)" -Model m -ApiKey $key }; Saying = 'half of a surrogate pair' }
        @{ Of = { New-Connection -OpenAI -Name n -Model "m$([char]0xDC00)" -ApiKey $key }; Saying = 'half of a surrogate pair' }
        @{ Of = { New-Connection -OpenAI -Name n -Model .. -ApiKey $key }; Saying = '-Model is not the name of a model' }
        @{ Of = { [pscustomobject]@{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = 'A1b2C3d4' * 9000 } | New-Connection }; Saying = 'no key is longer than 65536' }
        { New-Connection -OpenAI:$false @named }, { New-Connection -Anthropic:$false @named },
        { New-Connection -AzureOpenAI:$false @azure -ResourceName res }, { $custom.CustomApi = $false; New-Connection @custom },
        { $mapped.CustomApi = $false; New-Connection @mapped } | ForEach-Object { @{ Of = $_; Saying = 'does not select a provider' } }
    ) {
        Assert-Refuses $Of $Saying
    }

    It 'refuses both ways of a custom API at once: <Too.Keys>' -ForEach @(
        @{ MapProvider = 'openAIModel' }, @{ Feature = 'streaming' }, @{ IOMapping = 'textToText' }, @{ AuthorizationProfile = 'none' } |
            ForEach-Object { @{ WithMap = $false; Too = $_ } }
        @{ Payload = @{} }, @{ OutputPath = 'x' }, @{ InputTokensPath = 'x' }, @{ OutputTokensPath = 'x' }, @{ PromptVariable = 'prompt' }, @{ CustomVariable = 'tone' } |
            ForEach-Object { @{ WithMap = $true; Too = $_ } }
    ) {
        $arguments = Get-CustomApi -Mapped:$WithMap -With $Too
        Assert-Refuses { New-Connection @arguments } 'Use one or the other, not both'
    }

    It 'refuses <_> as an address' -ForEach @(
        'llm.example.com/v1', '/v1/chat', 'ftp://llm.example.com', 'file:///etc/passwd', 'https://', 'https:///v1', 'https:llm', 'javascript:alert(1)', 'not an address'
    ) {
        $url = $_
        $custom.EndpointUrl = $url
        Assert-Refuses { New-Connection @custom } 'is not an absolute http or https address'
        $custom.Remove('EndpointUrl')
        Assert-Refuses { [pscustomobject]@{ EndpointUrl = $url } | New-Connection @custom } 'is not an absolute http or https address'
        Assert-Refuses { Set-Connection cn-1 -EndpointUrl $url } 'is not an absolute http or https address'
    }

    It 'refuses -<Parameter> with a leading dollar' -ForEach @(
        @{ Parameter = 'OutputPath'; Wire = 'outputPath' }
        @{ Parameter = 'InputTokensPath'; Wire = 'inputTokensPath' }
        @{ Parameter = 'OutputTokensPath'; Wire = 'outputTokensPath' }
    ) {
        foreach ($path in '$.content[0].text', '$content[0].text', ' $.content[0].text') {
            $custom.$Parameter = $row.$Parameter = $path
            $change = @{ $Parameter = $path }
            Assert-Refuses { New-Connection @custom } 'Use content[0].text'
            Assert-Refuses { $row | New-Connection } 'Use content[0].text'
            Assert-Refuses { Set-Connection cn-1 @change } 'Use content[0].text'
        }

        $custom.$Parameter = ' content[0].text '
        Assert-Creates { New-Connection @custom } (Get-SentBody Custom "{ ""$Wire"": ""content[0].text"" }")
    }

    It 'sends <Change> for a custom API with <Typed.Keys> = <Typed.Values> <Of>' -ForEach @(
        @{ Typed = @{ EndpointUrl = 'https://llm.example.com' }; Change = '{ "endpointUrl": "https://llm.example.com" }' }
        @{ Typed = @{ EndpointUrl = ' HTTP://localhost:8080/v1?x=1#f ' }; Change = '{ "endpointUrl": "HTTP://localhost:8080/v1?x=1#f" }' }
        @{ Typed = @{ EndpointUrl = 'https://[::1]/v1' }; Change = '{ "endpointUrl": "https://[::1]/v1" }' }
        @{ Typed = @{ EndpointUrl = 'https://llm.example.com/a b/ü' }; Change = '{ "endpointUrl": "https://llm.example.com/a b/ü" }' }
        @{ Typed = @{ Model = 'm' }; Change = '{ "model": "m" }' }
        @{ Typed = @{ Model = '' } }
        @{ Typed = @{ InputTokensPath = ''; OutputTokensPath = ' ' } }
        @{ Typed = @{ MapProvider = ''; Feature = ''; IOMapping = ''; AuthorizationProfile = '' } }
        @{ Typed = @{ PromptVariable = ''; CustomVariable = '' } }
        @{ Typed = @{ Draft = $false } }
        @{ Typed = @{ Disabled = $false } }
        @{ Typed = @{ IfNotExists = $false } }
        @{ Typed = @{ WhatIf = $false } }
        @{ Typed = @{ Draft = $true }; Change = '{ "status": "DRAFT" }' }
        @{ Typed = @{ Disabled = $true }; Change = '{ "isEnable": false }' }
        @{ Typed = @{ Draft = $true; Disabled = $true }; Change = '{ "status": "DRAFT", "isEnable": false }' }
        @{ Typed = @{ Draft = $true; Disabled = $false }; Change = '{ "status": "DRAFT" }' }
        @{ Of = 'Mapped'; Typed = @{ MapProvider = 'anthropicmodel' }; Change = '{ "mapProvider": "anthropicModel" }' }
        @{ Of = 'Mapped'; Typed = @{ MapProvider = 'GEMINIMODEL' }; Change = '{ "mapProvider": "geminiModel" }' }
        @{ Of = 'Mapped'; Typed = @{ MapProvider = ' openAIModel ' }; Change = '{ "mapProvider": "openAIModel" }' }
        @{ Of = 'Mapped'; Typed = @{ Draft = $false } }
        @{ Of = 'Mapped'; Typed = @{ Disabled = $false } }
        @{ Of = 'Mapped'; Typed = @{ Draft = $true }; Change = '{ "status": "DRAFT" }' }
        @{ Of = 'Mapped'; Typed = @{ Disabled = $true }; Change = '{ "isEnable": false }' }
    ) {
        $arguments = Get-CustomApi -Mapped:($Of -eq 'Mapped') -With $Typed
        Assert-Creates { New-Connection @arguments } (Get-SentBody ($Of ?? 'Custom') ($Change ?? '{}'))
    }

    It 'sends <Change> for a row with <Column> = <Cell>' -ForEach @(
        'true', '1', ' YES ', $true | ForEach-Object { @{ Column = 'Draft'; Cell = $_; Change = '{ "status": "DRAFT" }' } }
        'false', '0', '' | ForEach-Object { @{ Column = 'Draft'; Cell = $_ } }
        @{ Column = 'Disabled'; Cell = 'True'; Change = '{ "isEnable": false }' }
        @{ Column = 'Disabled'; Cell = 'no' }
        @{ Column = 'isEnable'; Cell = 'false'; Change = '{ "isEnable": false }' }
        @{ Column = 'isEnable'; Cell = 'true' }
        @{ Column = 'isEnable'; Cell = '' }
        @{ Column = 'Status'; Cell = 'draft'; Change = '{ "status": "DRAFT" }' }
        @{ Column = 'Status'; Cell = 'FINALIZED' }
        @{ Column = 'Status'; Cell = 'ACTIVE' }
    ) {
        $row.$Column = $Cell
        Assert-Creates { $row | New-Connection } (Get-SentBody Custom ($Change ?? '{}'))
    }

    It 'refuses a cell <_> that is neither true nor false' -ForEach Draft, Disabled, isEnable {
        $row.$_ = 'maybe'
        Assert-Refuses { $row | New-Connection } 'is neither true nor false'
    }

    It 'refuses the switches of two sets: <_>' -ForEach { New-Connection -OpenAI -Anthropic:$false @named }, { New-Connection -OpenAI @named -Draft:$false } {
        Assert-Refuses $_ -ErrorId AmbiguousParameterSet
    }

    It 'sends no spaces around what names an Azure deployment' {
        Assert-Creates { New-Connection -AzureOpenAI @named -ResourceName ' res ' -DeploymentId ' dep ' -ApiVersion ' 2024-08-01-preview ' } (Get-SentBody AzureOpenAI)
    }
}
