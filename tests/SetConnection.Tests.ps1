BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $keyBody = '{ "fields": { "API_KEY": "sk-matrix-0123456789abcdef" } }'

    function Copy-Serialized([object] $Item, [int] $Depth = 8) {
        [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($Item, $Depth))
    }
}

Describe 'Set-Connection' {
    BeforeEach {
        $sandbox = Connect-TestSandbox
        $customApi, $mappedApi = (Get-CustomApi -With @{ Name = 'c' }), (Get-CustomApi -Mapped -With @{ Name = 'm' })
        $custom = (New-Connection @customApi).ConnectionId
        $mapped = (New-Connection @mappedApi).ConnectionId
        $named = Add-Connection a
    }

    Context 'with a key' {
        It 'sends the key and nothing else, whatever is piped: <_>' -ForEach @(
            { Set-Connection $named $key }
            { Set-Connection -ConnectionId $named -ApiKey $key }
            { Set-Connection -Id $named -ApiKey $key }
            { $named | Set-Connection -ApiKey $key }
            { " $named " | Set-Connection -ApiKey $key }
            { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key } | Set-Connection }
            { [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-matrix-0123456789abcdef' } | Set-Connection }
            { [pscustomobject]@{ Id = $named } | Set-Connection -ApiKey $key }
            {
                [pscustomobject]@{ ConnectionId = $named; Provider = 'openai'; Model = 'not sent'; Name = 'not sent'; EndpointUrl = 'x'; Header = '{'; Status = 'x' } |
                    Set-Connection -ApiKey $key
            }
            { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key; Provider = '' } | Set-Connection }
            { [pscustomobject]@{ ConnectionId = $named; ApiKey = 'not this' } | Set-Connection -ApiKey $key }
            {
                [pscustomobject]@{ connectionId = $named; connectionName = 'not sent'; provider = 'Open AI'; fields = @{ API_KEY = 'sk-***' } } |
                    Set-Connection -ApiKey $key
            }
            { $live | Set-Connection -ApiKey $key }
            { $detailed | Set-Connection -ApiKey $key }
            { $clixml | Set-Connection -ApiKey $key }
            { Set-Connection $named $key -Provider OpenAI }
            { Set-Connection $named $key -PassThru:$false }
            { Set-Connection $named $key -Replace:$false }
            { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key } | Set-Connection -Replace:$false }
            { $live | Set-Connection -ApiKey $key -Replace:$false }
        ) {
            $live, $detailed = (Get-Connection a), ($named | Get-Connection)
            $clixml = Copy-Serialized $detailed 2
            (Assert-Changes $_ $named $keyBody -PassThru).Output | Should -BeNullOrEmpty
        }

        It 'emits the connection with -PassThru: <_>' -ForEach { Set-Connection $named $key -PassThru }, { Set-Connection $named $key -Replace:$false -PassThru } {
            $changed = (Assert-Changes $_ $named $keyBody -PassThru).Output
            $changed.ConnectionId | Should -Be $named
            $changed.Fields['API_KEY'] | Should -Be 'sk*****************cdef'
        }

        It 'works through rows in their order' {
            $outcome = Get-Outcome {
                [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-one' }, [pscustomobject]@{ ConnectionId = 'cn-missing'; ApiKey = 'sk-two' },
                [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-***' }, [pscustomobject]@{ ConnectionId = $named; ApiKey = 'sk-three' } | Set-Connection -PassThru
            }
            $outcome.ErrorIds | Should -Be 'KoreConnectionNotFound', 'KoreInvalidInput'
            $outcome.Errors.TargetObject | Should -Be 'cn-missing', $named
            Assert-Body $outcome.Writes.Body ('sk-one', 'sk-two', 'sk-three').ForEach({ "{ ""fields"": { ""API_KEY"": ""$_"" } }" })
            $sandbox.HasKey($named, 'sk-three') | Should -BeTrue
            $outcome.Output.ConnectionId | Should -Be $named, $named
        }

        It 'names what is piped by name and id in its errors, and keeps the id their target: <_>' -ForEach @(
            { [pscustomobject]@{ ConnectionId = 'cn-gone'; Name = 'Desk' } | Set-Connection -ApiKey $key }
            { [pscustomobject]@{ Id = 'cn-gone'; ConnectionName = 'Desk'; ApiKey = 'sk-***' } | Set-Connection }
            { [pscustomobject]@{ ConnectionId = 'cn-gone'; Name = 'Desk'; Provider = 'OpenAI' } | Set-Connection -Model m }
            { [KoreConnections.Connection]@{ ConnectionId = 'cn-gone'; ConnectionName = 'Desk' } | Set-Connection -Model m -ErrorAction Stop }
            { @{ ConnectionId = 'cn-gone'; Name = 'Desk' } | ConvertTo-Json | ConvertFrom-Json | Set-Connection -EndpointUrl ' ' }
        ) {
            $outcome = Get-Outcome $_
            "$($outcome.Errors)" | Should -BeLike 'Desk (cn-gone): *'
            $outcome.Errors.TargetObject | Should -Be 'cn-gone'
        }

        It 'changes of a mixed listing what the key is for' {
            $outcome = Get-Outcome { Get-Connection | Set-Connection -ApiKey $key }
            $outcome.ErrorIds | Should -Be 'KoreInvalidInput', 'KoreInvalidInput'
            $outcome.Errors[0].Exception.Message | Should -BeLike '*-Header*'
            $outcome.Writes.Target | Should -Be "/api/public/connections/$named"
        }
    }

    Context 'for a custom API' {
        It 'sends what is typed, and nothing of a piped connection: <Typed.Keys>' -ForEach @(
            @{ Typed = @{ Name = 'x' }; Body = '{ "connectionName": "x" }' }
            @{ Typed = @{ ConnectionName = 'x' }; Body = '{ "connectionName": "x" }' }
            @{ Typed = @{ Model = 'x' }; Body = '{ "model": "x" }' }
            @{ Typed = @{ EndpointUrl = 'https://x.example.com' }; Body = '{ "endpointUrl": "https://x.example.com" }' }
            @{ Typed = @{ Header = @{ a = 'sk-typed' } }; Body = '{ "headers": [{ "key": "a", "value": "sk-typed" }] }' }
            @{ Typed = @{ Header = @{} }; Body = '{ "headers": [] }' }
            @{ Typed = @{ Payload = @{ b = 2 } }; Body = '{ "payload": { "b": 2 } }' }
            @{ Typed = @{ OutputPath = 'y' }; Body = '{ "outputPath": "y" }' }
            @{ Typed = @{ InputTokensPath = 'y' }; Body = '{ "inputTokensPath": "y" }' }
            @{ Typed = @{ OutputTokensPath = 'y' }; Body = '{ "outputTokensPath": "y" }' }
            @{ Typed = @{ PromptVariable = 'examples' }; Body = '{ "promptVars": PROMPT }' }
            @{ Typed = @{ CustomVariable = 'tone' }; Body = '{ "customVars": [VARIABLE] }' }
            @{ Typed = @{ Status = 'draft' }; Body = '{ "status": "DRAFT" }' }
            @{ Typed = @{ Status = 'FINALIZED' }; Body = '{ "status": "FINALIZED" }' }
            @{ Typed = @{ Name = 'x'; Model = 'y'; Status = 'DRAFT'; Payload = '{}' }; Body = '{ "connectionName": "x", "model": "y", "status": "DRAFT", "payload": {} }' }
        ) {
            $Body = $Body.Replace('PROMPT', (Get-SentPrompt examples)).Replace('VARIABLE', (Get-SentVariable tone))
            $detailed = $custom | Get-Connection
            $row = [pscustomobject]@{
                ConnectionId = $custom; Provider = 'API'; Name = 'no'; Model = 'no'; EndpointUrl = 'no'; Payload = '{}'; Header = '{}'
                Status = 'DRAFT'; ApiKey = 'no'; Feature = 'no'; Replace = $true
            }
            Assert-Changes { Set-Connection $custom @Typed } $custom $Body
            foreach ($source in $detailed, (Copy-Serialized $detailed), $row) {
                Assert-Changes { $source | Set-Connection @Typed } $custom $Body
            }
        }

        It 'that is mapped sends what is typed: <Typed.Keys>' -ForEach @(
            @{ Typed = @{ MapProvider = 'GEMINIMODEL' }; Body = '{ "mapProvider": "geminiModel" }' }
            @{ Typed = @{ Feature = 'streaming', 'toolCalling' }; On = 'streaming', 'toolCalling'; Body = '{ "llmFeatures": FEATURE }' }
            @{ Typed = @{ IOMapping = 'textToText;imageToText' }; Body = '{ "IOMappings": ["textToText", "imageToText"] }' }
            @{ Typed = @{ AuthorizationProfile = 'none' }; Body = '{ "idp": "none" }' }
            @{
                Typed = @{ Name = 'x'; Header = '{ "a": "1" }'; Feature = '{ "dataGeneration": true }' }; On = 'dataGeneration'
                Body  = '{ "connectionName": "x", "headers": [{ "key": "a", "value": "1" }], "llmFeatures": FEATURE }'
            }
        ) {
            Assert-Changes { Set-Connection $mapped @Typed } $mapped $Body.Replace('FEATURE', (Get-SentFeature $On))
        }

        It 'sends the whole with -Replace' {
            Assert-Changes -Method PUT {
                Set-Connection $custom -Replace -Name x -Model y -EndpointUrl https://x.example.com -Header @{ a = $key } -Payload @{ b = 2 } -OutputPath y
            } $custom @"
                {
                  "connectionName": "x", "model": "y", "endpointUrl": "https://x.example.com", "headers": [{ "key": "a", "value": "sk-matrix-0123456789abcdef" }],
                  "status": "FINALIZED", "payload": { "b": 2 }, "outputPath": "y", "promptVars": $(Get-SentPrompt prompt), "customVars": []
                }
"@
        }

        It 'that is mapped sends the whole with -Replace' {
            Assert-Changes -Method PUT {
                $mapped | Set-Connection -Replace:$true -Name x -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Status DRAFT
            } $mapped @"
                {
                  "connectionName": "x", "endpointUrl": "https://x.example.com", "headers": [], "status": "DRAFT", "mapProvider": "openAIModel",
                  "llmFeatures": $(Get-SentFeature streaming), "IOMappings": ["textToText"], "idp": "none"
                }
"@
        }
    }

    Context 'that has headers' {
        BeforeEach {
            $with = Get-CustomApi -With @{
                Name = 'h'; Header = [ordered]@{ 'x-api-key' = 'sk-header-0123456789abcd'; 'x-team' = 'a' }; Payload = @{ model = 'old-model'; api_key = 'sk-payload-0123456789ab'; p = '{{prompt}}' }
                InputTokensPath = 'usage.in'; CustomVariable = @{ name = 'tone'; defaultValue = 'dry' }
            }
            $id = (New-Connection @with).ConnectionId
        }

        It 'refuses to drop one, naming it: <Of>' -ForEach @(
            @{ Of = { Set-Connection $id -Header @{ 'x-team' = 'b' } }; Dropped = "'x-api-key'" }
            @{ Of = { $id | Set-Connection -Header @{ 'X-API-KEY' = $key } }; Dropped = "'x-team'" }
            @{ Of = { Set-Connection $id -Header @{} }; Dropped = "'x-api-key', 'x-team'" }
            @{ Of = { Set-Connection $id -Header '[{ "key": "x-new", "value": "1" }]' -Name n }; Dropped = "'x-api-key', 'x-team'" }
            @{ Of = { Set-Connection $id -Replace -Name h -EndpointUrl https://x.example.com -Payload @{} -OutputPath y }; Dropped = "'x-api-key', 'x-team'" }
            @{ Of = { Get-Connection h | Set-Connection -Header @{ 'x-team' = 'b' } -Confirm }; Dropped = "'x-api-key'" }
        ) {
            Assert-Outcome $Of -ErrorId KoreInvalidInput -MessageLike "This would remove $Dropped*-Force*" -Target $id -WriteCount 0
        }

        It 'sends <Typed.Keys> with <Typed.Header.Keys>' -ForEach @(
            @{ Typed = @{ Header = [ordered]@{ 'X-Api-Key' = 'sk-new'; 'x-team' = 'b' } }; Body = '{ "headers": [{ "key": "X-Api-Key", "value": "sk-new" }, { "key": "x-team", "value": "b" }] }' }
            @{ Typed = @{ Header = @{ 'x-team' = 'b' }; Force = $true }; Body = '{ "headers": [{ "key": "x-team", "value": "b" }] }' }
            @{ Typed = @{ Header = @{}; Force = $true }; Body = '{ "headers": [] }' }
            @{ Typed = @{ Payload = @{ b = 2 } }; Body = '{ "payload": { "b": 2 } }' }
        ) {
            Assert-Changes { Set-Connection $id @Typed } $id $Body
        }

        It 'goes on with the others after one that it refuses' {
            $outcome = Get-Outcome { $id, $custom | Set-Connection -Header @{ 'x-team' = 'b' } }
            $outcome.ErrorIds | Should -Be KoreInvalidInput
            $outcome.Writes.Target | Should -Be "/api/public/connections/$custom"
        }

        It 'shows with -WhatIf what goes and comes, and old and new: <Change>' -ForEach @(
            @{ Change = "-Header @{ 'x-team' = 'b'; 'x-new' = 'c' }"; Saying = 'header.x-api-key is removed', 'header.x-new is added', 'header.x-team is sent again', 'this requires -Force' }
            @{ Change = "-Header @{ 'x-team' = 'b' } -Force"; Saying = 'header.x-api-key is removed', 'header.x-team is sent again' }
            @{ Change = "-Payload @{ model = 'new-model'; p = '{{prompt}}' }"; Saying = 'payload.model: old-model -> new-model', 'payload.api_key: ***************', '-> (none)' }
            @{ Change = '-CustomVariable mood'; Saying = 'customVariable.tone: ', '"defaultValue":"dry"', 'customVariable.mood: (none) -> ' }
            @{ Change = "-CustomVariable @{ name = 'tone'; defaultValue = 'warm' }"; Saying = , 'customVariable.tone.defaultValue: dry -> warm' }
            @{ Change = '-PromptVariable examples'; Saying = 'promptVariable.prompt.status: true -> false', 'promptVariable.examples.status: false -> true' }
            @{ Change = "-Replace -Name h2 -EndpointUrl 'https://x.example.com?key=sk-url-0123456789' -Payload @{} -OutputPath y"; Saying = 'name: h -> h2', 'inputTokensPath: usage.in -> (none)', 'outputPath: x -> y', 'header.x-team is removed' }
            @{ Of = 'm'; Change = '-Feature toolCalling'; Saying = 'feature.streaming: true -> false', 'feature.toolCalling: false -> true' }
            @{ Of = 'm'; Change = '-IOMapping audioToText'; Saying = , 'textToText -> audioToText' }
        ) {
            $target = $Of ? $mapped : $id
            $outcome = Get-Outcome {
                Start-Transcript "$TestDrive/whatif.txt" | Out-Null
                try { Invoke-Expression "Set-Connection $target $Change -WhatIf" } finally { Stop-Transcript | Out-Null }
            }
            $text = Get-Content "$TestDrive/whatif.txt" -Raw
            foreach ($part in $Saying) {
                $text | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($part))*"
            }
            $text | Should -Not -Match '0123456789'
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Writes | Should -BeNullOrEmpty
            $outcome.Requests.Target | Should -Be "/api/public/connections/$target"
        }

        It 'warns before it replaces <Case>, naming it' -ForEach @(
            @{ Case = 'what the page keeps'; More = '"hyperparameters":{"temperature":1}'; Names = "'hyperparameters'" }
            @{ Case = 'several such'; More = '"guardrails":["a"],"region":"eu","isEnable":true,"retries":0'; Names = "'guardrails', 'region', 'retries'" }
            @{ Case = 'one of its fields'; More = '"fields":{"TIER":"gold","API_KEY":"***"}'; Names = "'fields.TIER'" }
            @{ Case = 'a feature without a name here'; More = '"llmFeatures":{"streaming":true,"vision":false}'; Names = "'llmFeatures.vision'" }
        ) {
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",""status"":""DRAFT"",$More }" }
            $outcome = Get-Outcome { Set-Connection $id -Replace -Name h -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath y -Force -WarningVariable script:warnings 3>$null }
            $warnings | Should -BeLike "'h' has $Names, which the API does not document. A replacement may remove this.*without -Replace."
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Writes | Should -HaveCount 1
        }

        It 'sends nothing where that warning stops it' {
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",""hyperparameters"":{} }" }
            $outcome = Get-Outcome { try { Set-Connection $id -Replace -Name h -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath y -Force -WarningAction Stop } catch { } }
            $outcome.Writes | Should -BeNullOrEmpty
        }

        It 'does not warn of what the API documents, nor of a change of single properties' {
            $null = Set-Connection $id -Replace -Name h -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath y -Force -WarningVariable warnings 3>$null
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",""headers"":[],""hyperparameters"":{} }" }
            $null = Set-Connection $id -Header @{ a = 'b' } -WarningVariable +warnings 3>$null
            $warnings | Should -BeNullOrEmpty
        }

        It 'refuses a change without -Force if existing headers cannot be read: <_>' -ForEach @(
            '"headers":{"x-api-key":"***","x-team":"a"}'
            '"headers":"[{\"key\":\"x-team\",\"value\":\"a\"}]"'
            '"headers":["x-team: a"]'
            '"headers":[{"name":"x-team","value":"a"}]'
            '"fields":{"headers":{"x-team":"a"}}'
            '"config":{"request":{"Headers":{"x-team":"a"}}}'
            '"headers":[{"key":"a","value":"b"},{"key":null,"name":"x-team","value":"a"}]'
            '"headers":[],"fields":{"headers":{"x-team":"a"}}'
        ) {
            Add-Fault @{ Method = 'GET'; Status = 200; Times = 2; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",$_ }" }
            $outcome = Get-Outcome { Set-Connection $id -Header @{ a = 'b' } }
            $outcome.Errors | Should -BeLike "*The platform shows the headers of 'h' in another form than the API documents*Use -Header with every header to keep, and -Force."
            $outcome.ErrorIds | Should -Be KoreInvalidInput
            $outcome.Writes | Should -BeNullOrEmpty
            (Get-Outcome { Set-Connection $id -Header @{ a = 'b' } -WhatIf }).Errors | Should -BeNullOrEmpty
            (Get-CleanOutcome { Set-Connection $id -Header @{ a = 'b' } -Force }).Writes | Should -HaveCount 1
        }

        It 'names headers of each place: <_>' -ForEach @(
            '"fields":{"headers":[{"key":"x-old","value":"a"}]}'
            '"config":{"headers":[{"key":"x-old","value":"a"}]}'
            '"headers":[],"fields":{"headers":[{"key":"x-old","value":"a"}]}'
            '"headers":[{"key":"x-team","value":"a"}],"fields":{"headers":[{"key":"X-Team","value":"a"},{"key":"x-old","value":"a"}]}'
        ) {
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",$_ }" }
            $outcome = Get-Outcome { Set-Connection $id -Header @{ 'x-team' = 'b' } }
            $outcome.Errors | Should -BeLike "*This would remove 'x-old', because*"
            $outcome.Writes | Should -BeNullOrEmpty
        }

        It 'does not take headers of something else for those of the connection, nor an empty row for a header: <_>' -ForEach @(
            '"headers":[],"lastTest":{"status":200,"headers":{"content-type":"application/json"}}'
            '"headers":[],"lastResponse":{"request":{"headers":[{"key":"x-team","value":"a"}]}}'
            '"headers":[{"key":"","value":"","isEnabled":true}]'
        ) {
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API"",$_ }" }
            Assert-Outcome { Set-Connection $id -Header @{ a = 'b' } } -WarningCount 0 -WriteCount 1
        }

        It 'warns if the platform shows no headers: <Shown> <Change>' -ForEach @(
            @{ Shown = ''; Change = @{ Header = @{ a = 'b' } }; Count = 1 }
            @{ Shown = ',"headers":null'; Change = @{ Header = @{ a = 'b' } }; Count = 1 }
            @{ Shown = ''; Change = @{ Replace = $true; Name = 'h'; EndpointUrl = 'https://x.example.com'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'y' }; Count = 1 }
            @{ Shown = ''; Change = @{ Header = @{ a = 'b' }; Force = $true }; Count = 0 }
            @{ Shown = ',"headers":[]'; Change = @{ Header = @{ a = 'b' } }; Count = 0 }
        ) {
            Add-Fault @{ Method = 'GET'; Status = 200; Body = "{ ""connectionId"":""$id"",""connectionName"":""h"",""provider"":""API""$Shown }" }
            $outcome = Assert-Outcome { Set-Connection $id @Change } -WarningCount $Count -WriteCount 1 -PassThru
            if ($Count) { "$($outcome.Warnings)" | Should -BeLike "The platform does not show the headers of 'h'. Headers are replaced as a whole, so the connection keeps only those of -Header.*" }
        }

        It 'says of a connection that cannot be read why' {
            (Get-Outcome { Set-Connection cn-missing -Header @{ a = 'b' } }).ErrorIds | Should -Be KoreConnectionNotFound
            (Get-Outcome { Set-Connection cn-missing -Header @{ a = 'b' } -WhatIf }).ErrorIds | Should -Be KoreConnectionNotFound
        }
    }

    It 'warns where the response shows another value than was sent: <Property>' -ForEach @(
        @{ Property = 'endpointUrl'; Given = @{ EndpointUrl = 'https://other.example.com/v2' } }
        @{ Property = 'payload.q'; Given = @{ Payload = @{ q = 'Now: {{prompt}}' } } }
        @{ Property = 'outputPath'; Given = @{ OutputPath = 'b.c'; Model = 'm' } }
        @{ Property = 'payload.a)'; Given = @{ Payload = @{ q = '{{prompt}}'; a = 7 } } }
        @{ Property = 'payload.a, payload.q)'; Given = @{ Payload = @{ a = '{{prompt}}' } } }
        @{ Property = 'inputTokensPath)'; Given = @{ InputTokensPath = 'i' } }
        @{ Property = 'customVariable.v)'; Given = @{ CustomVariable = 'v' } }
    ) {
        $before = Invoke-RestMethod "$($sandbox.BaseUri)/connections/$custom" -Headers @{ 'x-api-key' = $sandbox.Keys.Issue() }
        $before.payload = @{ q = '{{prompt}}' }
        $before.outputPath = 'a.b'
        Add-Fault @{ Method = 'PATCH'; Status = 200; Body = ConvertTo-Json $before -Depth 9 }
        $warnings = (Get-Outcome { Set-Connection $custom @Given }).Warnings
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "The platform accepted the change of '$custom', but its response still shows another value ($Property*"
    }

    Context 'by id, with a key' {
        BeforeEach {
            $foreign = 'sk-ant-api03-0123456789abcdef'
            $open = Add-Connection o1, o2
            $anthropic = (New-Connection -Anthropic -Name x -Model m -ApiKey $foreign).ConnectionId
        }

        It 'lists the connections once, and only if several get it: <Of>' -ForEach @(
            @{ Of = { $open | Set-Connection -ApiKey $key }; Listings = 1 }
            @{ Of = { $open[0], $named, $open[1] | Set-Connection -ApiKey $key -ThrottleLimit 1 }; Listings = 1 }
            @{ Of = { $open | ForEach-Object { [pscustomobject]@{ ConnectionId = $_; ApiKey = "sk-own-0123456789$_" } } | Set-Connection }; Listings = 0 }
            @{ Of = { $open[0], $open[0] | Set-Connection -ApiKey $key }; Listings = 0 }
            @{ Of = { Set-Connection $open[0] $key; Set-Connection $open[1] $key }; Listings = 0 }
            @{ Of = { $open, $anthropic | ForEach-Object { $_ } | Set-Connection -ApiKey $key -Force }; Listings = 0 }
            @{ Of = { Get-Connection o? | Set-Connection -ApiKey $key }; Listings = 1 } # Get-Connection's own
        ) {
            $outcome = Get-CleanOutcome $Of
            $reads = @($outcome.Requests.Where({ $_.Method -eq 'GET' }).Target)
            $reads -like '*/connections' | Should -HaveCount $Listings
            $reads -like '*/cn-*' | Should -BeNullOrEmpty
        }

        It 'refuses what the listing shows to be wrong, and sends the rest: <Saying>' -ForEach @(
            @{ Ids = { $open[0], $anthropic, $open[1] }; Saying = '-ApiKey was already used for Open AI, and Anthropic does not accept the same key.*-Force*' }
            @{ Ids = { $open[0], $custom, $open[1] }; Saying = 'The connection is a custom API, which sends its key in a header. Use -Header*' }
            @{ Ids = { $anthropic, $open[0], $anthropic }; Key = { $foreign }; Saying = '-ApiKey looks like a key of Anthropic, but the connection''s provider is Open AI.*-Force*' }
        ) {
            $ids = & $Ids
            $given = if ($Key -is [scriptblock]) { & $Key } else { $key }
            $outcome = Assert-Outcome { $ids | Set-Connection -ApiKey $given } -ErrorId KoreInvalidInput -MessageLike $Saying -Target $ids[1] -PassThru
            $outcome.Writes.Target | ForEach-Object { ($_ -split '/')[-1] } | Sort-Object | Should -Be @($ids[0, 2] | Sort-Object)
        }

        It 'continues if the connections cannot be listed: <Status> <Body>' -ForEach @(
            @{ Status = 403 }, @{ Status = 404 }, @{ Status = 501 }
            @{ Status = 200; Body = '{ "connections": [], "total": 0 }' }
            @{ Status = 200; Body = '{ "connections": [{ "connectionId": "cn-other", "connectionName": "x", "provider": "Anthropic" }] }' }
            @{ Status = 200; Body = '{ "connections": [{ "connectionName": "o1" }, { "connectionName": "x" }], "total": 2 }' }
            @{ Status = 200; Body = 'no JSON' }
        ) {
            $fault = @{ Method = 'GET'; Path = 'connections'; Times = 0; Status = $Status }
            if ($Body) { $fault.Body = $Body }
            Add-Fault $fault
            $outcome = Get-CleanOutcome { $open + $anthropic | Set-Connection -ApiKey $key }
            $outcome.Writes | Should -HaveCount 3
            $outcome.Requests.Where({ $_.Target -like '*/connections*' -and $_.Method -eq 'GET' }) | Should -HaveCount 1 -Because 'it failed for all of them'
        }

        It 'warns if the response shows that the key cannot be right: <Provider> <Key>' -ForEach @(
            @{ Provider = 'API'; Key = 'sk-matrix-0123456789abcdef'; Saying = 'its provider is API. A custom API sends its key in a header, which was not changed. Use Set-Connection -Header' }
            @{ Provider = 'API'; Key = 'sk-matrix-0123456789abcdef'; Force = $true; Saying = 'its provider is API.' }
            @{ Provider = 'Open AI'; Key = 'sk-ant-api03-0123456789abcdef'; Saying = 'its provider is Open AI, and the key looks like a key of Anthropic. Set a key of the connection''s provider' }
            @{ Provider = 'openai'; Key = 'sk-ant-api03-0123456789abcdef'; Saying = 'its provider is Open AI, and the key looks' }
            @{ Provider = 'Anthropic'; Key = 'sk-proj-0123456789abcdef'; Saying = 'its provider is Anthropic, and the key looks like a key of Open AI.' }
            @{ Provider = 'Azure Open AI'; Key = 'sk-proj-0123456789abcdef'; Saying = 'its provider is Azure Open AI, and the key looks like a key of Open AI.' }
            @{ Provider = 'Google'; Key = 'sk-proj-0123456789abcdef'; Saying = 'its provider is Google, and the key looks like a key of Open AI.' }
            @{ Provider = 'Open AI'; Key = 'sk-ant-api03-0123456789abcdef'; Force = $true }
            @{ Provider = 'Open AI'; Key = 'sk-proj-0123456789abcdef' }
            @{ Provider = 'Google'; Key = 'AIzaSyA4f1c7a90e2b3-made_up0123456789MQAA' }
            @{ Provider = ''; Key = 'sk-ant-api03-0123456789abcdef' }
            @{ Provider = $null; Key = 'sk-ant-api03-0123456789abcdef' }
        ) {
            Add-Fault @{ Method = 'PATCH'; Status = 200; Body = @{ connectionId = 'cn-7'; connectionName = 'Desk'; provider = $Provider } | ConvertTo-Json }
            $outcome = Get-CleanOutcome { Set-Connection cn-7 $Key -Force:([bool]$Force) }
            if ($Saying) {
                $outcome.Warnings | Should -HaveCount 1
                "$($outcome.Warnings)" | Should -BeLike "The platform accepted the change of 'Desk (cn-7)', but $Saying*"
            } else {
                $outcome.Warnings | Should -BeNullOrEmpty
            }

            "$($outcome.Warnings)" | Should -Not -Match '0123456789'
        }
    }

    Context 'of another kind of connection than it is for' {
        It 'is refused once the connection is read: <Of>' -ForEach @(
            @{ Of = { Set-Connection $named -Header @{ a = 'b' } } }
            @{ Of = { $named | Set-Connection -Header @{ a = 'b' } -Name n } }
            @{ Of = { Set-Connection $named -Header @{ a = 'b' } -WhatIf } }
            @{ Of = { Set-Connection $named -Header @{ a = 'b' } -Force -WhatIf } }
            @{ Of = { Set-Connection $named -Payload @{ p = '{{prompt}}' } -WhatIf } }
            @{ Of = { Set-Connection $named -Feature streaming -WhatIf } }
            @{ Of = { Set-Connection $named -CustomVariable @() -WhatIf } }
            @{ Of = { Set-Connection $named -Replace -Name n -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath y } }
            @{ Of = { Set-Connection $named -Replace -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Force } }
            @{ Of = { Set-Connection $named -Header @{ a = 'b' } }; Provider = 'Google' }
        ) {
            if ($Provider) { Add-Fault @{ Method = 'GET'; Status = 200; Body = @{ connectionId = $named; provider = $Provider; headers = @() } | ConvertTo-Json } }
            $shown = if ($Provider) { $Provider } else { 'Open AI' }
            $outcome = Assert-Outcome $Of -ErrorId KoreInvalidInput -Target $named -WarningCount 0 -WriteCount 0 -PassThru
            $outcome.Errors[0].Exception.Message | Should -Be "The connection's provider is '$shown'. For a named provider, only the key can be changed. Use -ApiKey."
        }

        It 'says first to check the provider if the platform refuses it: <Status> <Of>' -ForEach @(
            foreach ($status in 400, 404, 405, 422, 501) {
                @{ Status = $status; Of = { Set-Connection cn-7 -Model m }; First = $true }
                @{ Status = $status; Of = { 'cn-7' | Set-Connection -EndpointUrl https://x.example.com -Status DRAFT }; First = $true }
                @{ Status = $status; Of = { Set-Connection cn-7 -Header @{ a = 'b' } -Force }; First = $true }
                @{ Status = $status; Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Name = 'x' } | Set-Connection -Model m }; First = $true }
                @{ Status = $status; Of = { Set-Connection $custom -Header @{ a = 'b' } } }
                @{ Status = $status; Of = { Set-Connection $custom -Model m -Provider API } }
                @{ Status = $status; Of = { Get-Connection c | Set-Connection -Model m } }
            }
        ) {
            Add-Fault @{ Method = 'PATCH'; Times = 0; Status = $Status; Body = '{ "message": "not so" }' }
            $advice = (Get-Outcome $Of).Errors.ErrorDetails.RecommendedAction
            $check = "If the connection's provider is not API, only its key can be changed. Check the provider with Get-Connection."
            if ($First) { $advice | Should -BeLike "$check*" } else { $advice | Should -Not -BeLike '*If the connection''s provider*' }
            if ($Status -ne 422) { $advice | Should -BeLike '*this platform does not seem to support changes of custom APIs*' }
        }

        It 'says that the platform does not support it, and nothing of a scope, if a 403 says so: <Reason>' -ForEach @(
            'Update is not supported for provider API', 'Connections of provider API cannot be updated.', 'Unsupported operation', 'This provider does not support updates',
            'API connections can''t be modified here', 'PATCH is only available for the providers Open AI and Anthropic', 'Operation not implemented', 'updates of custom connections are disabled' |
                ForEach-Object { @{ Reason = $_; IsOther = $true } }
            'Refused', '', 'Access denied: insufficient scope', 'You do not have permission to update this connection', 'Your role does not support updates',
            'The scope Manage Connections is not enabled', 'This API key cannot be used for updates', 'Your IP address is not allowed',
            'Manage Connections is not enabled for this app', 'Connections API is not enabled for this API App', 'Not available: insufficient access' | ForEach-Object { @{ Reason = $_; IsOther = $false } }
        ) {
            Add-Fault @{ Method = 'PATCH'; Times = 0; Status = 403; Body = $Reason ? (@{ message = $Reason } | ConvertTo-Json) : '' }
            $failure = (Get-Outcome { Set-Connection $custom -Model m }).Errors[0]
            ($failure.FullyQualifiedErrorId -split ',')[0] | Should -Be KoreForbidden
            "$failure" -like '*lacks the scope*' | Should -Be (-not $IsOther)
            $failure.ErrorDetails.RecommendedAction -like '*scope*' | Should -Be (-not $IsOther)
            $failure.ErrorDetails.RecommendedAction -like '*this platform does not seem to support changes of custom APIs*' | Should -Be $IsOther
            if ($IsOther) { "$failure" | Should -BeLike "*refused the request (HTTP 403): $Reason*" }
        }

        It 'says that a custom API has its key in a header if the platform refuses a key: <Status> <Of>' -ForEach @(
            foreach ($status in 400, 405, 422, 501) {
                @{ Status = $status; Of = { Set-Connection cn-7 $key }; First = $true }
                @{ Status = $status; Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; ApiKey = $key } | Set-Connection }; First = $true }
                @{ Status = $status; Of = { Get-Connection a | Set-Connection -ApiKey $key } }
                @{ Status = $status; Of = { Set-Connection $named $key -Provider OpenAI } }
            }
            @{ Status = 404; Of = { Set-Connection cn-7 $key } }
            @{ Status = 403; Of = { Set-Connection cn-7 $key } }
        ) {
            Add-Fault @{ Method = 'PATCH'; Times = 0; Status = $Status; Body = '{ "message": "not so" }' }
            $advice = (Get-Outcome $Of).Errors.ErrorDetails.RecommendedAction
            $check = 'If the connection is a custom API, it sends its key in a header. Use -Header with all its headers instead of -ApiKey.'
            if ($First) { $advice | Should -BeLike "$check*" } else { $advice | Should -Not -BeLike '*in a header*' }
        }

        It 'warns if the response shows that it cannot be right: <Change.Keys> at <Provider>' -ForEach @(
            foreach ($provider in 'Open AI', 'Anthropic', 'Google') {
                @{ Provider = $provider; Change = @{ Model = 'm' } }
                @{ Provider = $provider; Change = @{ Header = @{ a = 'b' }; Force = $true } }
            }
            @{ Provider = 'API'; Change = @{ Model = 'm' } }
            @{ Provider = $null; Change = @{ Model = 'm' } }
        ) {
            Add-Fault @{ Method = 'PATCH'; Status = 200; Body = @{ connectionId = 'cn-7'; connectionName = 'Desk'; provider = $Provider; model = 'm' } | ConvertTo-Json }
            $warnings = (Get-CleanOutcome { Set-Connection cn-7 @Change }).Warnings
            if ($Provider -in 'API', $null) { $warnings | Should -BeNullOrEmpty; return }
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "The platform accepted the change of 'Desk (cn-7)', but its provider is $Provider. For a named provider, only the key can be changed. Check the connection*"
        }
    }

    Context 'to the other of payload and mapping' {
        It 'is refused if the connection shows the one that it has: <_>' -ForEach @(
            { Get-Connection m -Detailed | Set-Connection -Payload @{ p = '{{prompt}}' } -OutputPath x }
            { Get-Connection m -Detailed | Set-Connection -OutputPath x }
            { Get-Connection m -Detailed | Set-Connection -InputTokensPath x -WhatIf }
            { Get-Connection m -Detailed | Set-Connection -PromptVariable prompt }
            { Get-Connection m -Detailed | Set-Connection -CustomVariable tone }
            { Get-Connection c -Detailed | Set-Connection -MapProvider openAIModel -Feature streaming }
            { Get-Connection c -Detailed | Set-Connection -MapProvider geminiModel -WhatIf }
            { Get-Connection c -Detailed | Set-Connection -IOMapping textToText }
            { Get-Connection c -Detailed | Set-Connection -AuthorizationProfile none }
            { Set-Connection $custom -Header @{ a = 'b' } -Feature streaming }
            { Set-Connection $mapped -Header @{ a = 'b' } -OutputPath x }
            { Set-Connection $mapped -Payload @{ p = '{{prompt}}' } -WhatIf }
            { Set-Connection $custom -Feature streaming -WhatIf }
            { [pscustomobject]@{ ConnectionId = $custom; Provider = 'API' } | Set-Connection -MapProvider openAIModel }
        ) {
            $outcome = Assert-Outcome $_ -ErrorId KoreInvalidInput -WriteCount 0 -PassThru
            $outcome.Errors[0].Exception.Message | Should -Be 'A custom API cannot switch between its own payload and a mapping to a provider''s format. Create another connection with New-Connection.'
        }

        It 'is no matter of what fits, nor of a replacement: <_>' -ForEach @(
            { Get-Connection m -Detailed | Set-Connection -Feature toolCalling -Model x }
            { Get-Connection m -Detailed | Set-Connection -EndpointUrl https://x.example.com -Header @{ a = 'b' } }
            { Get-Connection m -Detailed | Set-Connection -InputTokensPath '' }
            { Get-Connection c -Detailed | Set-Connection -OutputPath y -CustomVariable tone }
            { Get-Connection c -Detailed | Set-Connection -Replace -Name c -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming }
            # What was read before a change says nothing of it any more.
            {
                $before = Get-Connection c -Detailed
                $before | Set-Connection -Replace -Name c -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming
                $before | Set-Connection -Feature toolCalling
            }
        ) {
            (Get-CleanOutcome $_).Warnings | Should -BeNullOrEmpty
        }

        # A read within seconds of a change is not certainly current, so that the connection is read once more.
        It 'is refused after a change of its own, too: <Of>' -ForEach @(
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $mapped -Model x; Get-Connection m -Detailed | Set-Connection -Payload @{ p = '{{prompt}}' } -OutputPath x } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $mapped -Model x; Get-Connection m -Detailed | Set-Connection -OutputPath x } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $mapped -Model x; Get-Connection m -Detailed | Set-Connection -Payload @{ p = '{{prompt}}' } -WhatIf } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $custom -Model x; Get-Connection c -Detailed | Set-Connection -MapProvider openAIModel -Feature streaming } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $custom -Model x; Get-Connection c -Detailed | Set-Connection -MapProvider openAIModel -WhatIf } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $custom -Model x; Get-Connection c -Detailed | Set-Connection -AuthorizationProfile none -WhatIf } }
            @{ Requests = 'PATCH GET GET GET'; Of = { Set-Connection $custom -Model x; Get-Connection c -Detailed | Set-Connection -Header @{ a = 'b' } -IOMapping textToText } }
            @{ Requests = 'PATCH GET'; Of = { Set-Connection $mapped -Model x -PassThru | Set-Connection -Payload @{ p = '{{prompt}}' } -OutputPath x } }
            @{ Requests = 'PATCH GET'; Of = { Set-Connection $custom -OutputPath y -PassThru | Set-Connection -AuthorizationProfile none } }
            @{ Requests = 'GET GET GET PUT GET'; Of = { $before = Get-Connection c -Detailed; $before | Set-Connection -Replace -Name c -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Force; $before | Set-Connection -OutputPath z } }
        ) {
            $outcome = Assert-Outcome $Of -ErrorId KoreInvalidInput -MessageLike 'A custom API cannot switch *' -PassThru
            "$($outcome.Requests.Method)" | Should -Be $Requests
        }

        It 'needs no further read: <Of>' -ForEach @(
            @{ Requests = 'GET GET PATCH'; Of = { Get-Connection m -Detailed | Set-Connection -Feature toolCalling } }
            @{ Requests = 'PATCH GET GET PATCH'; Of = { Set-Connection $mapped -Model x; Get-Connection m -Detailed | Set-Connection -EndpointUrl https://x.example.com } }
            @{ Requests = 'PATCH PATCH'; Of = { Set-Connection $mapped -Model x -PassThru | Set-Connection -Model y } }
            @{ Requests = 'PATCH PATCH'; Of = { Set-Connection $mapped -Model x; Set-Connection $mapped -Feature toolCalling } }
            @{ Requests = 'PATCH GET PATCH'; Of = { Set-Connection $mapped -Model x; Get-Connection m | Set-Connection -Feature toolCalling } }
            # One, because it may be another by now.
            @{ Requests = 'PATCH GET PATCH'; Of = { Set-Connection $mapped -Model x -PassThru | Set-Connection -Feature toolCalling } }
        ) {
            "$((Get-CleanOutcome $Of).Requests.Method)" | Should -Be $Requests
        }

        It 'is judged by the response to the last change where nothing may be read' {
            Add-Fault @{ Method = 'GET'; Times = 0; Status = 403; Body = '{ "error": { "code": "INSUFFICIENT_SCOPE", "message": "no" } }' }
            (Get-CleanOutcome { Set-Connection $mapped -Model x -PassThru | Set-Connection -Feature toolCalling }).Writes | Should -HaveCount 2
            Assert-Outcome { Set-Connection $mapped -Model y -PassThru | Set-Connection -OutputPath x } -ErrorId KoreInvalidInput -WriteCount 1
        }

        It 'is a warning if only the response shows both: <Of>' -ForEach @(
            @{ Of = { Set-Connection $mapped -Payload @{ p = '{{prompt}}' } -OutputPath x }; Name = 'm' }
            @{ Of = { $custom | Set-Connection -MapProvider openAIModel -Feature streaming -IOMapping textToText }; Name = 'c' }
            @{ Of = { Get-Connection m | Set-Connection -Payload @{ p = '{{prompt}}' } -OutputPath x }; Name = 'm' }
        ) {
            $outcome = Get-CleanOutcome $Of
            $outcome.Writes | Should -HaveCount 1
            $outcome.Warnings | Should -HaveCount 1
            "$($outcome.Warnings)" | Should -BeLike "The platform accepted the change of '$Name (cn-*)', but its response shows its own payload and a mapping to a provider's format.*web UI."
        }

        It 'is a warning if the response shows the other one than what was sent: <Change>' -ForEach @(
            @{ Of = 'm'; Change = '-OutputPath x'; Foreign = '-OutputPath does' }
            @{ Of = 'm'; Change = '-InputTokensPath x'; Foreign = '-InputTokensPath does' }
            @{ Of = 'm'; Change = '-OutputTokensPath x'; Foreign = '-OutputTokensPath does' }
            @{ Of = 'm'; Change = '-PromptVariable prompt'; Foreign = '-PromptVariable does' }
            @{ Of = 'm'; Change = '-CustomVariable tone'; Foreign = '-CustomVariable does' }
            @{ Of = 'm'; Change = '-CustomVariable tone -OutputPath x -Model y'; Foreign = '-OutputPath, -CustomVariable do' }
            @{ Of = 'c'; Change = '-Feature streaming'; Foreign = '-Feature does' }
            @{ Of = 'c'; Change = '-IOMapping textToText'; Foreign = '-IOMapping does' }
            @{ Of = 'c'; Change = '-IOMapping textToText, imageToText'; Foreign = '-IOMapping does' }
            @{ Of = 'c'; Change = '-AuthorizationProfile login'; Foreign = '-AuthorizationProfile does' }
            @{ Of = 'c'; Change = '-Feature streaming -IOMapping textToText -AuthorizationProfile none'; Foreign = '-Feature, -IOMapping do' }
            @{ Of = 'm'; Change = "-InputTokensPath ''" }
            @{ Of = 'm'; Change = '-CustomVariable @()' }
            @{ Of = 'c'; Change = '-AuthorizationProfile none' }
            @{ Of = 'm'; Change = '-Feature streaming -IOMapping textToText -AuthorizationProfile login' }
            @{ Of = 'c'; Change = '-OutputPath x -PromptVariable prompt -CustomVariable tone' }
            @{ Of = 'c'; Change = '-Model x' }
        ) {
            $ways = { Invoke-Expression "Set-Connection $id $Change" }, { Invoke-Expression "'$id' | Set-Connection $Change" }, { Invoke-Expression "Get-Connection $Of | Set-Connection $Change" }
            foreach ($way in $ways) {
                $null = Connect-TestSandbox
                $customApi, $mappedApi = (Get-CustomApi -With @{ Name = 'c' }), (Get-CustomApi -Mapped -With @{ Name = 'm' })
                $ids = @{ c = (New-Connection @customApi).ConnectionId; m = (New-Connection @mappedApi).ConnectionId }
                $id = $ids[$Of]
                $outcome = Get-CleanOutcome $way
                $outcome.Requests.Method | Should -Not -Contain PUT
                $outcome.Writes | Should -HaveCount 1
                $said = @($outcome.Warnings -match 'not belong')
                $said | Should -HaveCount ($Foreign ? 1 : 0)
                if ($Foreign) {
                    $shows = $Of -eq 'm' ? 'a mapping to a provider''s format' : 'its own payload'
                    $said | Should -BeLike "The platform accepted the change of '$Of (cn-*)', but its response shows $shows, to which $Foreign not belong. *with -Replace."
                }
            }
        }

        It 'is none if the connection shows an empty payload and no mapping' {
            Add-Fault @{ Method = 'GET'; Status = 200; Times = 0; Body = "{ ""connectionId"": ""$mapped"", ""provider"": ""API"", ""payload"": {}, ""fields"": { ""mapProvider"": ""openAIModel"" } }" }
            (Get-CleanOutcome { $mapped | Get-Connection | Set-Connection -Feature streaming, toolCalling }).Writes | Should -HaveCount 1
        }

        It 'is no warning of what does not concern them, nor of an empty one: <_>' -ForEach @(
            '"mapProvider": "openAIModel", "payload": {}', '"mapProvider": "", "payload": { "p": 1 }', '"mapProvider": null, "payload": { "p": 1 }'
        ) {
            Add-Fault @{ Method = 'PATCH'; Status = 200; Body = "{ ""connectionId"": ""cn-7"", ""provider"": ""API"", ""idp"": ""none"", $_ }" }
            (Get-CleanOutcome { Set-Connection cn-7 -AuthorizationProfile none }).Warnings | Should -BeNullOrEmpty
            Add-Fault @{ Method = 'PATCH'; Status = 200; Body = '{ "connectionId": "cn-7", "provider": "API", "model": "x", "mapProvider": "openAIModel", "payload": { "p": 1 } }' }
            (Get-CleanOutcome { Set-Connection cn-7 -Model x }).Warnings | Should -BeNullOrEmpty
        }
    }

    Context 'with an empty value' {
        It 'takes away what can go: <Typed.Keys>' -ForEach @(
            @{ Typed = @{ InputTokensPath = '' }; Body = '{ "inputTokensPath": null }' }
            @{ Typed = @{ OutputTokensPath = '' }; Body = '{ "outputTokensPath": null }' }
            @{ Typed = @{ CustomVariable = @() }; Body = '{ "customVars": [] }' }
            @{ Typed = @{ CustomVariable = '' }; Body = '{ "customVars": [] }' }
            @{ Typed = @{ InputTokensPath = ''; OutputTokensPath = ''; CustomVariable = @(); Name = 'z' }; Body = '{ "connectionName": "z", "inputTokensPath": null, "outputTokensPath": null, "customVars": [] }' }
        ) {
            $with = Get-CustomApi -With @{ Name = 'e'; InputTokensPath = 'u.i'; OutputTokensPath = 'u.o'; CustomVariable = 'tone' }
            $id = (New-Connection @with).ConnectionId
            Assert-Changes { Set-Connection $id @Typed } $id $Body
            $now = $id | Get-Connection
            foreach ($parameter in $Typed.Keys -ne 'Name') { $now.$parameter | Should -BeNullOrEmpty }
            (Assert-Changes { Set-Connection $id @Typed } $id $Body -PassThru).Warnings | Should -BeNullOrEmpty -Because 'it is away already'
        }

        It 'leaves it out of a replacement, which resets it' {
            Assert-Changes -Method PUT {
                Set-Connection $custom -Replace -Name x -EndpointUrl https://x.example.com -Payload @{ b = 2 } -OutputPath y -InputTokensPath '' -OutputTokensPath '' -CustomVariable @()
            } $custom @"
                {
                  "connectionName": "x", "endpointUrl": "https://x.example.com", "headers": [], "status": "FINALIZED", "payload": { "b": 2 }, "outputPath": "y",
                  "promptVars": $(Get-SentPrompt prompt), "customVars": []
                }
"@
        }

        It 'refuses <Typed.Keys> otherwise, and says what to do' -ForEach @(
            @{ Typed = @{ InputTokensPath = $null }; Way = " To remove it, use ''." }
            @{ Typed = @{ OutputTokensPath = $null }; Way = " To remove it, use ''." }
            @{ Typed = @{ InputTokensPath = ' ' }; Way = " To remove it, use ''." }
            @{ Typed = @{ CustomVariable = $null }; Way = ' To remove it, use @().' }
            @{ Typed = @{ CustomVariable = @($null) }; Way = ' To remove it, use @().' }
            @{ Typed = @{ CustomVariable = '', '' }; Way = ' To remove it, use @().' }
            @{ Typed = @{ AuthorizationProfile = '' }; Way = ' The default is none.' }
            @{ Typed = @{ IOMapping = @() }; Way = ' The default is textToText.' }
            @{ Typed = @{ Model = '' }; Way = '' }
            @{ Typed = @{ OutputPath = '' }; Way = '' }
            @{ Typed = @{ PromptVariable = '' }; Way = '' }
            @{ Typed = @{ Feature = @() }; Way = '' }
            @{ Typed = @{ MapProvider = '' }; Way = '' }
            @{ Typed = @{ Status = '' }; Way = '' }
        ) {
            $failure = (Assert-Refuses { Set-Connection $custom @Typed } -PassThru).Errors[0].Exception.Message
            $failure | Should -Be "-$($Typed.Keys) is empty. Specify a value, or omit the parameter to keep the current one.$Way"
        }

        It 'shows in -WhatIf what is removed, and that nothing differs: <Change>' -ForEach @(
            @{ Change = "-InputTokensPath ''"; Saying = '"Change: remove InputTokensPath"' }
            @{ Change = "-OutputTokensPath x -CustomVariable @()"; Saying = '"Change: OutputTokensPath, remove CustomVariable (*customVariable.tone: * -> (none)*"' }
            @{ Change = '-Payload @{ a = 1 }'; Saying = '"Change: Payload (no difference)"' }
            @{ Change = '-CustomVariable tone'; Saying = '"Change: CustomVariable (no difference)"' }
            @{ Change = '-PromptVariable prompt'; Saying = '"Change: PromptVariable (no difference)"' }
            @{ Change = '-Header @{}'; Saying = '"Change: Header (no difference)"' }
            @{ Change = "-InputTokensPath '' -CustomVariable tone"; Saying = '"Change: remove InputTokensPath, CustomVariable (no difference)"' }
            @{ Of = 'm'; Change = '-Feature streaming'; Saying = '"Change: Feature (no difference)"' }
            @{ Of = 'm'; Change = '-IOMapping textToText'; Saying = '"Change: IOMapping (no difference)"' }
        ) {
            $null = Set-Connection $custom -CustomVariable tone 3>$null
            $target = if ($Of) { $mapped } else { $custom }
            $outcome = Get-Outcome {
                Start-Transcript "$TestDrive/empty.txt" | Out-Null
                try { Invoke-Expression "Set-Connection $target $Change -WhatIf" } finally { Stop-Transcript | Out-Null }
            }
            $outcome.Errors | Should -BeNullOrEmpty
            (Get-Content "$TestDrive/empty.txt" -Raw) -replace '\s+', ' ' | Should -BeLike "*$($Saying.Replace('[', '`['))*"
        }
    }

    It 'warns where the response shows another header: <Value> <More.key>' -ForEach @(
        @{ Value = '2023-06-01'; Shows = 'x-version' }
        @{ Value = '2024-06-01' }
        @{ Value = 'sk***************ZZZZ'; Shows = 'x-version' }
        @{ Value = '***************' }
        @{ Value = '2024-06-01'; More = @{ key = 'x-old'; value = '***' }, @{ key = 'x-empty'; value = $null }; Shows = 'x-old' }
    ) {
        $body = @{ connectionId = $custom; headers = @(@{ key = 'X-Version'; value = $Value }) + $More }
        Add-Fault @{ Method = 'PATCH'; Status = 200; Body = ConvertTo-Json $body -Depth 9 }
        $warnings = (Get-Outcome { Set-Connection $custom -Header @{ 'x-version' = '2024-06-01' } -Force }).Warnings
        $warnings | Should -HaveCount $(if ($Shows) { 1 } else { 0 })
        if ($Shows) { "$warnings" | Should -BeLike "*(header.$Shows)*" }
    }

    It 'warns where the response shows the end of another key, and not where it shows none: <Mask>' -ForEach @(
        @{ Mask = 'sk***************ZZZZ'; Count = 1 }
        @{ Mask = 'sk***************cdef'; Count = 0 }
        @{ Mask = '***************'; Count = 0 }
    ) {
        Add-Fault @{ Method = 'PATCH'; Status = 200; Body = "{ ""connectionId"": ""$named"", ""fields"": { ""API_KEY"": ""$Mask"" } }" }
        Assert-Outcome { Set-Connection $named $key } -WarningCount $Count
    }

    It 'refuses a change that is not for <Provider>: <Change.Keys>' -ForEach @(
        'API', 'api', ' Api ' | ForEach-Object { @{ Provider = $_; Change = @{ ApiKey = 'sk-new' }; Saying = 'The connection is a custom API' } }
        foreach ($provider in 'Open AI', 'openai', 'Anthropic', 'AzureOpenAI', 'Something new') {
            @{ Name = 'x' }, @{ Header = @{ a = 'b' } }, @{ Replace = $true; Name = 'x'; EndpointUrl = 'https://x.example.com'; Payload = @{}; OutputPath = 'y' } |
                ForEach-Object { @{ Provider = $provider; Change = $_; Saying = 'only the key can be changed' } }
        }
    ) {
        Assert-Refuses { [pscustomobject]@{ ConnectionId = 'cn-1'; Provider = $Provider } | Set-Connection @Change } $Saying
        Assert-Refuses { Set-Connection cn-1 -Provider $Provider @Change } $Saying
    }

    It 'refuses what cannot be right: <Of>' -ForEach @(
        @{ Of = { Set-Connection $custom -Name '' }; Saying = '-Name is empty' }
        @{ Of = { Set-Connection $custom -Model $null }; Saying = '-Model is empty' }
        @{ Of = { Set-Connection $custom -EndpointUrl ' ' }; Saying = '-EndpointUrl is empty' }
        @{ Of = { Set-Connection $custom -Name x -Header $null }; Saying = '-Header is empty' }
        @{ Of = { Set-Connection $custom -Name x -Header @() }; Saying = '-Header is empty' }
        @{ Of = { Set-Connection $custom -Name x -Payload '' }; Saying = '-Payload is empty' }
        @{ Of = { Set-Connection $custom -Name x -Feature '' }; Saying = '-Feature is empty' }
        @{ Of = { Set-Connection $custom -Name x -IOMapping @() }; Saying = '-IOMapping is empty' }
        @{ Of = { Set-Connection $custom -Name x -PromptVariable ' ' }; Saying = '-PromptVariable is empty' }
        @{ Of = { Set-Connection $custom -Name x -CustomVariable $null }; Saying = '-CustomVariable is empty' }
        @{ Of = { Set-Connection $custom -Status ACTIVE }; Saying = '-Status ''ACTIVE'' is not valid. Accepted values: DRAFT, FINALIZED' }
        @{ Of = { Set-Connection $custom -Payload @{} -Feature streaming }; Saying = 'Use one or the other, not both' }
        @{ Of = { Set-Connection $custom -Payload '[]' }; Saying = 'is not a JSON object' }
        @{ Of = { Set-Connection $custom -Header @{ a = 'sk-***' } }; Saying = 'contains a mask' }
        @{ Of = { Set-Connection $custom -MapProvider openai }; Saying = '-MapProvider ''openai'' is not valid' }
        @{ Of = { Set-Connection $custom -Replace -Name x }; Saying = '-EndpointUrl is empty' }
        @{ Of = { Set-Connection $custom -Replace -EndpointUrl https://x.example.com -Payload @{} -OutputPath y }; Saying = '-Name is empty' }
        @{ Of = { Set-Connection $custom -Replace -Name x -EndpointUrl https://x.example.com }; Saying = 'A custom API needs either -Payload' }
        @{ Of = { Set-Connection $custom -Replace -Name x -EndpointUrl https://x.example.com -Payload @{} }; Saying = '-OutputPath is empty' }
        @{ Of = { Set-Connection $mapped -Replace -Name x -EndpointUrl https://x.example.com -MapProvider openAIModel }; Saying = '-Feature is missing' }
        @{ Of = { Set-Connection $named -ApiKey $key -Replace }; Saying = '-Replace is for a custom API' }
        @{ Of = { Set-Connection $custom -ApiKey $key -Name x }; Saying = '-ApiKey is for the named providers' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-1'; Provider = 'Open AI' } | Set-Connection -ApiKey $key -Name x -Model m }; Saying = 'only the key can be changed. Omit -Name, -Model.' }
        @{ Of = { Set-Connection $custom -ApiKey $key -Header @{ a = 'b' } }; Saying = '-ApiKey is for the named providers' }
        { Set-Connection '' $key }, { Set-Connection ' ' -Name x } | ForEach-Object { @{ Of = $_; Saying = '-ConnectionId is empty' } }
        @{ Of = { Set-Connection 'GPT [prod]' $key }; Saying = 'To find a connection by name, use Get-Connection -Name' }
        @{ Of = { Set-Connection .. $key }; Saying = 'is not the id of a connection' }
        @{ Of = { Set-Connection cn-1 -Name "x$([char]0xD800)" }; Saying = 'half of a surrogate pair' }
        @{ Of = { Set-Connection $custom -InputObject @{ Name = 'x' } }; Saying = 'There is nothing to change. Specify -ApiKey, or' }
        @{ Of = { [pscustomobject]@{ ConnectionId = $null; ApiKey = $key } | Set-Connection }; Saying = '-ConnectionId is empty' }
        @{ Of = { [pscustomobject]@{ ConnectionId = ''; ApiKey = $key } | Set-Connection }; Saying = '-ConnectionId is empty' }
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; ApiKey = '' } | Set-Connection }; Saying = '-ApiKey is empty' }
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; ApiKey = $null } | Set-Connection }; Saying = '-ApiKey is empty' }
    ) {
        Assert-Refuses $Of $Saying
    }

    # PowerShell's own error would carry the row, and with it the key that is in another column.
    It 'names the columns of a row without a key, and shows none of it: <Csv>' -ForEach @(
        @{ Csv = "ConnectionName,Api Key`nFinance,Correct7Horse9Battery"; Saying = "Row 1: Finance: -ApiKey is missing because the row has no column ApiKey. Its columns are 'ConnectionName', 'Api Key'."; Hint = $true }
        @{ Csv = "ConnectionId,Key`ncn-1,Correct7Horse9Battery"; Saying = "-ApiKey is missing because the row has no column ApiKey. Its columns are 'ConnectionId', 'Key'."; Hint = $true }
        @{ Csv = "ConnectionId;ApiKey`ncn-1;Correct7Horse9Battery"; Saying = '-InputObject has neither a ConnectionId nor a Name' }
        @{ Csv = "ConnectionId;ApiKey`ncn-1;Correct7Horse9Battery"; Saying = "Import-Csv -Delimiter ';'" }
        @{ Json = '{ "ConnectionId": "cn-1", "ApiKey": "Correct7Horse9Battery" }'; Saying = 'Convert it to [pscustomobject]' }
    ) {
        $row = if ($Csv) { ConvertFrom-Csv $Csv } else { ConvertFrom-Json $Json -AsHashtable }
        $outcome = Get-Outcome { $row | Set-Connection }
        "$($outcome.Errors)" | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($Saying))*"
        $outcome.Errors[0].Exception | Should -BeOfType KoreConnections.KoreException
        $outcome.Requests | Should -BeNullOrEmpty
        $outcome.Errors[0].TargetObject | Should -BeOfType string
        "$($outcome.Errors | Format-List * -Force | Out-String) $($outcome.Errors[0].InvocationInfo.BoundParameters | Format-List * | Out-String)" | Should -Not -Match 'Correct7Horse'
        if ($Hint) { "$($outcome.Warnings)" | Should -BeLike '*(did you mean ApiKey?)*' }
    }

    It 'takes one id, and no list of them: <Of>' -ForEach @(
        { Set-Connection -ConnectionId cn-1, cn-2 -ApiKey $key }, { [pscustomobject]@{ ConnectionId = 'cn-1', 'cn-2' } | Set-Connection -ApiKey $key }, { Set-Connection @('cn-1') -ApiKey $key },
        { Set-Connection ([Collections.Generic.List[string]]@('cn-1')) -ApiKey $key } |
            ForEach-Object { @{ Of = $_ } }
    ) {
        Assert-Refuses $Of '-ConnectionId is a list, but takes one id. Pipe the ids one by one.'
    }

    It 'computes the values of rows with script blocks: <Of>' -ForEach @(
        { $rows | Set-Connection -ApiKey { $_.Secret } }, { $rows | New-Connection -OpenAI -Name { "$($_.Team) desk" } -Model m -ApiKey { $_.Secret } } | ForEach-Object { @{ Of = $_ } }
    ) {
        $rows = 'a', 'b' | ForEach-Object { [pscustomobject]@{ ConnectionId = "cn-$_"; Team = $_; Secret = "sk-computed-0123456789$_" } }
        $outcome = Get-Outcome $Of
        $outcome.Writes.Body | Should -HaveCount 2
        "$($outcome.Writes.Body | Sort-Object)" | Should -BeLike '*sk-computed-0123456789a*sk-computed-0123456789b*'
    }

    It 'refuses what is no string where one belongs: <Of>' -ForEach @(
        { Get-Connection a | Set-Connection -Model { $_.Model } }, { Get-Connection a | Set-Connection -Feature { 'streaming' } },
        { Get-Connection a | Set-Connection -Name x -CustomVariable tone, { 'x' } }, { Get-Connection -Name { 'a' } }, { Get-Connection | Test-ConnectionKey -ProviderUri { 'x' } } |
            ForEach-Object { @{ Of = $_; Saying = '*does not run script blocks. To compute a value for each item, use ForEach-Object.*' } }
        { Get-Connection a | Set-Connection -Model (Get-Connection a) }, { New-Connection -OpenAI -Name (Get-Item .) -Model m -ApiKey $key },
        { New-Connection -OpenAI -Name n -Model ([Exception]'x') -ApiKey $key }, { Get-Connection a | Set-Connection -Feature streaming, (Get-Item .) } |
            ForEach-Object { @{ Of = $_; Saying = '*is an object of the type *, not a string. To use one of its properties, specify it, such as $object.Name.*' } }
        { Connect-KorePlatform -Sandbox -SandboxPath @{ Path = "$TestDrive/s.json" } }, { Connect-KorePlatform @{ HostName = 'a.example.com' } -ApiKey $key },
        { Export-Connection ([ordered] @{ Path = 'a.yaml' }) }, { Get-Connection -Name a, @{ Name = 'b' } }, { Get-Connection a | Set-Connection -Feature @{ streaming = $true } },
        { Update-ConnectionKey cn-1 $key -ReportPath @{ Path = 'r.jsonl' } } |
            ForEach-Object { @{ Of = $_; Saying = '*is a table, not a string. To use one of its values, specify it, such as $table.Name.*' } }
    ) {
        Assert-Outcome $Of -ErrorId 'ParameterArgumentTransformationError' -ErrorLike $Saying -WriteCount 0
    }

    It 'refuses a connection that is listed under two names: <Of>' -ForEach @(
        @{ Of = { Get-Connection | Set-Connection -ApiKey $key }; Saying = 'An earlier row has the name ''D1'' for ''cn-1'', so it is unclear which connection would change. Keep only one row'; Sent = 1 }
        @{ Of = { 'D1', 'D2' | ForEach-Object { [pscustomobject]@{ Name = $_; ApiKey = $key } } | Set-Connection }; Saying = 'The platform lists the id cn-1 more than once, so it is unclear'; Sent = 0 }
        @{ Of = { 'D2', 'D1' | ForEach-Object { [pscustomobject]@{ ConnectionId = 'cn-1'; Name = $_ } } | Set-Connection -ApiKey $key }; Saying = "An earlier row has the name 'D2'"; Sent = 1 }
        @{ Of = { Get-Connection | Set-Connection -EndpointUrl https://b.example.com }; Provider = 'API'; Saying = "An earlier row has the name 'D1'"; Sent = 1 }
        @{ Of = { 'D1', 'D2' | ForEach-Object { [pscustomobject]@{ Name = $_; ApiKey = $key } } | Update-ConnectionKey -SkipVerification }; Saying = 'The platform lists the id cn-1 more than once'; Sent = 0 }
        # What says the same again, or says no name, is clear.
        @{ Of = { 'D1', ' d1', $null | ForEach-Object { [pscustomobject]@{ ConnectionId = 'cn-1'; Name = $_ } } | Set-Connection -ApiKey $key }; Sent = 3 }
        @{ Of = { Get-Connection | Set-Connection -ApiKey $key }; Ids = 'cn-2', 'cn-3'; Sent = 2 }
    ) {
        $said = if ($Provider) { $Provider } else { 'Open AI' }
        $which = if ($Ids) { $Ids } else { 'cn-1', 'cn-1' }
        $listed = 1, 2 | ForEach-Object { @{ connectionId = $which[$_ - 1]; connectionName = "D$_"; provider = $said; model = 'm' } }
        Add-Fault @{ Method = 'GET'; Path = 'connections'; Times = 0; Status = 200; Body = @{ connections = $listed; total = 2 } | ConvertTo-Json -Depth 4 }
        $which | Select-Object -Unique | ForEach-Object { Add-Fault @{ Method = 'PATCH'; Path = "connections/$_"; Times = 0; Status = 200; Body = @{ connectionId = $_; provider = $said } | ConvertTo-Json } }
        $outcome = Get-Outcome $Of
        $outcome.Writes | Should -HaveCount $Sent
        if ($Saying) { "$($outcome.Errors[0])" | Should -BeLike "*$Saying*" } else { $outcome.Errors | Should -BeNullOrEmpty }
        $outcome.ErrorIds | Select-Object -Unique | Should -Be $(if ($Saying) { 'KoreInvalidInput' })
    }

    It 'names columns that nobody reads, beside a key too: <_>' -ForEach 'Api Key', 'ApiKeys', 'NewKey', 'Secret', 'PrevApiKey' {
        $row = [pscustomobject]@{ ConnectionId = $named; ApiKey = $key; $_ = 'Correct7Horse9Battery' }
        foreach ($do in { $row | Set-Connection }, { $row | Set-Connection -ApiKey $key }) {
            $outcome = Get-CleanOutcome $do
            $outcome.Warnings | Should -BeLike "Columns without a matching parameter were ignored: '$_'*"
            "$($outcome.Warnings)" | Should -Not -Match 'Correct7Horse'
            $outcome.Writes | Should -HaveCount 1
        }
        (Get-CleanOutcome { [pscustomobject]@{ ConnectionId = $custom; $_ = 'x' } | Set-Connection -Name z }).Warnings | Should -BeNullOrEmpty
    }

    It 'says what else of a row it did not change: <Of>' -ForEach @(
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key; Model = 'gpt-4.1' } | Set-Connection }; Other = 'Model' }
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; Model = 'gpt-4.1'; Name = 'b' } | Set-Connection -ApiKey $key }; Other = 'Name and Model' }
        @{ Of = { [pscustomobject]@{ Name = 'a'; ApiKey = $key; Model = 'gpt-4.1' } | Set-Connection }; Other = 'Model' }
        @{ Of = { Get-Connection a | Set-Connection -ApiKey $key } }
        @{ Of = { Get-Connection a | ConvertTo-Csv | ConvertFrom-Csv | Select-Object *, @{ n = 'ApiKey'; e = { $key } } | Set-Connection } }
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key; Model = ' gpt-5.5'; Name = '' } | Set-Connection } }
        @{ Of = { [pscustomobject]@{ ConnectionId = $named; ApiKey = $key } | Add-Member ScriptProperty Model { throw 'x' } -PassThru | Set-Connection } }
    ) {
        $outcome = Get-CleanOutcome $Of
        $outcome.Writes | Should -HaveCount 1
        if ($Other) { $outcome.Warnings | Should -BeLike "The row of '*' has another $Other than the connection, which was not changed. For a named provider, only the key can be changed.*" } else { $outcome.Warnings | Should -BeNullOrEmpty }
    }

    It 'refuses what PowerShell writes in place of a key: <Text>' -ForEach @(
        'System.Security.SecureString', 'System.Object[]', 'System.Collections.Generic.List`1[System.String]', 'Microsoft.Azure.Commands.KeyVault.Models.PSKeyVaultSecret', '@{Value=abc}' |
            ForEach-Object { @{ Text = $_; Saying = 'is what PowerShell writes instead of an object' } }
        '01000000d08c9ddf0115d1118c7a00c04fc297eb0100', '76492d1116743f0423413b16050a5345MgB8AGs' | ForEach-Object { @{ Text = $_; Saying = 'is an encrypted SecureString' } }
        '73006b002d00700072006f006a002d0034006600', '5000610073007300770030007200640021007a00' | ForEach-Object { @{ Text = $_; Saying = 'is a SecureString as ConvertFrom-SecureString writes it' } }
    ) {
        foreach ($do in { Set-Connection cn-1 $Text }, { New-Connection -CustomApi -Name h -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature toolCalling -Header @{ Authorization = "Bearer $Text" } }) {
            Assert-Outcome $do -ErrorId 'KoreInvalidInput' -ErrorLike "*$Saying*" -RequestCount 0
        }
    }

    It 'says that a SecureString was disposed' {
        $gone = ConvertTo-SecureString 'Correct7Horse9Battery' -AsPlainText
        $gone.Dispose()
        foreach ($do in { Set-Connection cn-1 $gone }, { [pscustomobject]@{ Provider = 'OpenAI'; Name = 'gone'; Model = 'm'; ApiKey = $gone } | New-Connection },
            { New-Connection -CustomApi -Name h -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature toolCalling -Header @{ 'x-api-key' = $gone } }) {
            $outcome = Get-Outcome $do
            $outcome.ErrorIds | Should -BeIn 'ParameterArgumentTransformationError', 'KoreInvalidInput'
            "$($outcome.Errors)" | Should -BeLike '*The SecureString of a key was disposed. Create it again*'
            $outcome.Requests | Should -BeNullOrEmpty
        }
    }

    It 'leaves a stray object to PowerShell''s own error: <Of>' -ForEach @(
        { @{ ConnectionId = $named; ApiKey = $key } | Set-Connection }, { [pscustomobject]@{ ConnectionId = $named } | Set-Connection } |
            ForEach-Object { @{ Of = $_; ErrorId = 'InputObjectMissingMandatory' } }
        # With an id that stands for none: PowerShell's own error would carry the row.
        { 5 | Set-Connection -ApiKey $key }, { [datetime]::Now | Set-Connection -ApiKey $key }, { [IO.FileInfo]::new('cn-1') | Set-Connection -ApiKey $key },
        { [pscustomobject]@{ ApiKey = $key } | Set-Connection }, { [pscustomobject]@{ ConnectionId = 5; ApiKey = $key } | Set-Connection },
        { Set-Connection 5 $key }, { Set-Connection @{ a = 1 } $key } | ForEach-Object { @{ Of = $_; ErrorId = 'KoreInvalidInput' } }
        { @() | Set-Connection -ApiKey $key }, { @() | Set-Connection -Name x } | ForEach-Object { @{ Of = $_; ErrorId = @() } }
    ) {
        Assert-Refuses $Of -ErrorId $ErrorId
    }
}
