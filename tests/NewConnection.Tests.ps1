BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $endpoint = 'https://llm.example.com/v1'
    $named = @{ Name = 'n'; Model = 'm'; ApiKey = $key }
    $azure = $named + @{ DeploymentId = 'd'; ApiVersion = '2024-06-01' }
}

AfterAll {
    Disconnect-TestSandbox
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
        $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
        Set-Content "$TestDrive/mixed.csv" @'
Provider,Name,Model,ApiKey,ResourceName,DeploymentId,ApiVersion,EndpointUrl,Header,Payload,OutputPath,MapProvider,Feature,IOMapping
OpenAI,Support desk,gpt-4o,env:ACCEPTANCE_KEY,,,,,,,,,,
Azure OpenAI,Finance,GPT-4o,env:ACCEPTANCE_KEY,contoso-finance,gpt-4o-eu,2024-08-01-preview,,,,,,,
anthropic,Contract review,claude-3-5-haiku-20241022,env:ACCEPTANCE_KEY,,,,,,,,,,
API,Own model,,,,,,https://llm.example.com/v1,"{""x-api-key"":""env:ACCEPTANCE_KEY""}","{""max_tokens"":1024,""messages"":[{""role"":""user"",""content"":""{{prompt}}""}]}",content[0].text,,,
API,Own gateway,claude,,,,,https://gateway.example.com,"{""x-api-key"":""env:ACCEPTANCE_KEY""}",,,anthropicModel,streaming;supportTools,textToText;textToImage
'@
        $first = Import-Csv "$TestDrive/mixed.csv" | New-Connection
        $first.ConnectionName | Should -Be 'Support desk', 'Finance', 'Contract review', 'Own model', 'Own gateway'
        $first.Provider | Should -Be 'Open AI', 'Azure Open AI', 'Anthropic', 'API', 'API'
        $second = Get-CleanOutcome { Import-Csv "$TestDrive/mixed.csv" | New-Connection -IfNotExists }
        $second.Requests.Method | Should -Be 'GET'
        $second.Output.ConnectionId | Should -Be $first.ConnectionId
        $env:ACCEPTANCE_KEY = $null
    }

    It 'keeps a name exactly, and finds it: <_>' -ForEach @(
        "it's ""quoted"" {} [] ; `$x `t \ %2F ../.. & + # ?"
        "😀 ü 漢字 `u{202E} right to left"
        "two`nlines`tand a tab"
        '-Name'
    ) {
        Assert-Creates { New-Connection -OpenAI -Name $_ -Model m -ApiKey $key } (Get-SentBody OpenAI "{ ""connectionName"": $(ConvertTo-Json $_) }")
        (Get-Connection -Name $_).ConnectionName | Should -BeExactly $_
    }

    It 'refuses what cannot be right: <Of>' -ForEach @(
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName https://res.openai.azure.com }; Saying = 'Here that is probably ''res''' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName https://res.openai.azure.com/openai/deployments/d }; Saying = 'Here that is probably ''res''' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName res.openai.azure.com }; Saying = 'Here that is probably ''res''' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName //res }; Saying = 'is an address or host' }
        @{ Of = { New-Connection -AzureOpenAI @azure -ResourceName 'my res' }; Saying = 'is an address or host' }
        @{ Of = { New-Connection -CustomApi -Name '  ' -EndpointUrl $endpoint -Payload @{} -OutputPath x }; Saying = '-Name is empty' }
        @{ Of = { New-Connection @format -Feature streaming -MapProvider openai }; Saying = '-MapProvider ''openai'' is not known. Accepted are anthropicModel, geminiModel, openAIModel' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature stream }; Saying = '-Feature ''stream'' is not known. Accepted are toolCalling, supportTools, parallelToolCalling, structuredResponse, dataGeneration, streaming' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature 'streaming; stream' }; Saying = '-Feature ''stream'' is not known' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature @() }; Saying = '-Feature is empty' }
        @{ Of = { New-Connection @format -MapProvider openAIModel -Feature '{ "streaming": false }' }; Saying = '-Feature is empty' }
        @{ Of = { New-Connection @format -MapProvider openAIModel }; Saying = '-Feature is missing' }
        @{ Of = { New-Connection @format -Feature streaming }; Saying = '-MapProvider is empty' }
        @{ Of = { New-Connection @format -IOMapping textToText }; Saying = '-MapProvider is empty' }
        @{ Of = { New-Connection @format -AuthorizationProfile p }; Saying = '-MapProvider is empty' }
        @{ Of = { New-Connection @format }; Saying = 'A custom API needs either -Payload and -OutputPath' }
        @{ Of = { New-Connection @format -OutputPath x }; Saying = 'A custom API needs either -Payload and -OutputPath' }
        @{ Of = { New-Connection @format -Payload @{} }; Saying = '-OutputPath is empty' }
        @{ Of = { New-Connection -OpenAI -Name "x$([char]0xD800)" -Model m -ApiKey $key }; Saying = 'half of a surrogate pair' }
        @{ Of = { New-Connection -OpenAI -Name n -Model "m$([char]0xDC00)" -ApiKey $key }; Saying = 'half of a surrogate pair' }
        @{ Of = { New-Connection -OpenAI:$false @named }; Saying = 'names no provider' }
        @{ Of = { New-Connection -Anthropic:$false @named }; Saying = 'names no provider' }
        @{ Of = { New-Connection -AzureOpenAI:$false @azure -ResourceName res }; Saying = 'names no provider' }
        @{ Of = { $custom.CustomApi = $false; New-Connection @custom }; Saying = 'names no provider' }
        @{ Of = { $mapped.CustomApi = $false; New-Connection @mapped }; Saying = 'names no provider' }
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
        Assert-Refuses { New-Connection @arguments } 'give one of the two, not both'
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
            Assert-Refuses { New-Connection @custom } 'write content[0].text'
            Assert-Refuses { $row | New-Connection } 'write content[0].text'
            Assert-Refuses { Set-Connection cn-1 @change } 'write content[0].text'
        }

        $custom.$Parameter = ' content[0].text '
        Assert-Creates { New-Connection @custom } (Get-SentBody Custom "{ ""$Wire"": ""content[0].text"" }")
    }

    It 'sends <Change> for a custom API with <Typed.Keys> = <Typed.Values>' -ForEach @(
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
    ) {
        $arguments = Get-CustomApi -With $Typed
        Assert-Creates { New-Connection @arguments } (Get-SentBody Custom ($Change ?? '{}'))
    }

    It 'sends <Change> for a mapped one with <Typed.Keys> = <Typed.Values>' -ForEach @(
        @{ Typed = @{ MapProvider = 'anthropicmodel' }; Change = '{ "mapProvider": "anthropicModel" }' }
        @{ Typed = @{ MapProvider = 'GEMINIMODEL' }; Change = '{ "mapProvider": "geminiModel" }' }
        @{ Typed = @{ MapProvider = ' openAIModel ' }; Change = '{ "mapProvider": "openAIModel" }' }
        @{ Typed = @{ Draft = $false } }
        @{ Typed = @{ Disabled = $false } }
        @{ Typed = @{ Draft = $true }; Change = '{ "status": "DRAFT" }' }
        @{ Typed = @{ Disabled = $true }; Change = '{ "isEnable": false }' }
    ) {
        $arguments = Get-CustomApi -Mapped -With $Typed
        Assert-Creates { New-Connection @arguments } (Get-SentBody Mapped ($Change ?? '{}'))
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
