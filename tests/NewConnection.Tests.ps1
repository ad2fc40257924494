BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
    Set-Content "$TestDrive/mixed.csv" @'
Provider,Name,Model,ApiKey,ResourceName,DeploymentId,ApiVersion,EndpointUrl,Header,Payload,OutputPath,MapProvider,Feature,IOMapping
OpenAI,Support desk,gpt-4o,env:ACCEPTANCE_KEY,,,,,,,,,,
Azure OpenAI,Finance,GPT-4o,env:ACCEPTANCE_KEY,contoso-finance,gpt-4o-eu,2024-08-01-preview,,,,,,,
anthropic,Contract review,claude-3-5-haiku-20241022,env:ACCEPTANCE_KEY,,,,,,,,,,
API,Own model,,,,,,https://llm.example.com/v1,"{""x-api-key"":""env:ACCEPTANCE_KEY""}","{""max_tokens"":1024,""messages"":[{""role"":""user"",""content"":""{{prompt}}""}]}",content[0].text,,,
API,Own gateway,claude,,,,,https://gateway.example.com,"{""x-api-key"":""env:ACCEPTANCE_KEY""}",,,anthropicModel,streaming;supportTools,textToText;textToImage
'@
}

AfterAll {
    $env:ACCEPTANCE_KEY = $null
}

Describe 'New-Connection' {
    BeforeEach {
        Connect-KorePlatform -Sandbox
    }

    AfterEach {
        Disconnect-KorePlatform
    }

    Context 'from a CSV of mixed providers' {
        It 'creates each row as its provider says, in the rows'' order' {
            $created = Import-Csv "$TestDrive/mixed.csv" | New-Connection
            $created.ConnectionName | Should -Be 'Support desk', 'Finance', 'Contract review', 'Own model', 'Own gateway'
            $created.Provider | Should -Be 'Open AI', 'Azure Open AI', 'Anthropic', 'API', 'API'
            (Get-Connection).ConnectionId | Sort-Object | Should -Be ($created.ConnectionId | Sort-Object)
        }

        It 'sends what the API''s document shows for each' {
            $sent = Get-SentRequest -Of { Import-Csv "$TestDrive/mixed.csv" | New-Connection -ThrottleLimit 1 }
            $sent.method | Should -Be (@('POST') * 5)
            $openAI, $azure, $anthropic, $own, $mapped = $sent.body
            $openAI.PSObject.Properties.Name | Sort-Object | Should -Be 'connectionName', 'fields', 'model', 'provider'
            $azure.modelType | Should -Be 'EASY_INTEGRATION'
            $azure.fields.your_resource_name, $azure.fields.deployment_id, $azure.fields.api_version | Should -Be 'contoso-finance', 'gpt-4o-eu', '2024-08-01-preview'
            $anthropic.modelType | Should -Be 'EASY_INTEGRATION'
            $own.payload.messages[0].content | Should -Be '{{prompt}}'
            $own.headers.key | Should -Be 'x-api-key'
            $own.status, $own.isEnable | Should -Be 'FINALIZED', $true
            $mapped.bodyTab, $mapped.idp | Should -Be 'providerReferences', 'none'
            $mapped.llmFeatures.streaming, $mapped.llmFeatures.supportTools, $mapped.llmFeatures.toolCalling | Should -Be $true, $true, $false
            $mapped.IOMappings | Should -Be 'textToText', 'textToImage'
        }

        It 'creates the good rows where one is bad, and names the bad one' {
            $rows = Import-Csv "$TestDrive/mixed.csv"
            $rows[1].ResourceName = 'https://contoso-finance.openai.azure.com'
            $created = $rows | New-Connection -ErrorAction SilentlyContinue -ErrorVariable failures
            $created.ConnectionName | Should -Be 'Support desk', 'Contract review', 'Own model', 'Own gateway'
            $failures | Should -HaveCount 1
            $failures[0].TargetObject | Should -Be 'Finance'
            $failures[0].Exception.Message | Should -BeLike "*probably 'contoso-finance'*"
        }

        It 'creates nothing the second time with -IfNotExists, and emits what there is' {
            $first = Import-Csv "$TestDrive/mixed.csv" | New-Connection
            $sent = Get-SentRequest -Of { $script:second = Import-Csv "$TestDrive/mixed.csv" | New-Connection -IfNotExists }
            $sent.method | Should -Be 'GET'
            $second.ConnectionId | Should -Be $first.ConnectionId
        }

        It 'refuses a row of another provider in a named set' {
            { Import-Csv "$TestDrive/mixed.csv" | Select-Object -Skip 1 -First 1 | New-Connection -OpenAI -ErrorAction Stop } |
                Should -Throw '*-OpenAI*' -ErrorId 'KoreInvalidInput,*'
            Get-Connection | Should -BeNullOrEmpty
        }
    }

    Context 'by its parameters' {
        It 'keeps a name exactly: <Name>' -ForEach @(
            @{ Name = "it's ""quoted"" %2F / & + # ?" }
            @{ Name = '-Name' }
            @{ Name = "two`nlines" }
            @{ Name = "`u{1F9D1}`u{1F600} `u{540D}`u{524D}" }
        ) {
            (New-Connection -OpenAI -Name $Name -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY).ConnectionName | Should -BeExactly $Name
            (Get-Connection -Name $Name).ConnectionName | Should -BeExactly $Name
        }

        It 'sends a payload whole and in order, however deep' {
            $deep = [ordered]@{ end = 'here' }
            1..30 | ForEach-Object { $deep = [ordered]@{ z = $_; a = @($deep) } }
            $sent = Get-SentRequest -Of { New-Connection -CustomApi -Name Deep -EndpointUrl https://llm.example.com -Payload $deep -OutputPath text }
            ConvertTo-Json $sent.body.payload -Depth 100 -Compress | Should -BeExactly (ConvertTo-Json $deep -Depth 100 -Compress)
        }

        It 'copies a connection that was read, with another name and key' {
            $null = New-Connection -Anthropic -Name One -Model claude-3-5-haiku-20241022 -ApiKey env:ACCEPTANCE_KEY
            $copy = Get-Connection One -Detailed | New-Connection -Name Two -ApiKey env:ACCEPTANCE_KEY
            $copy.ConnectionName, $copy.Provider, $copy.Model | Should -Be 'Two', 'Anthropic', 'claude-3-5-haiku-20241022'
        }

        It 'never sends a mask that was read back' {
            $null = New-Connection -Anthropic -Name One -Model claude-3-5-haiku-20241022 -ApiKey env:ACCEPTANCE_KEY
            $sent = Get-SentRequest -Of {
                Get-Connection One -Detailed | New-Connection -Name Two -ErrorAction SilentlyContinue -ErrorVariable script:failures
            }
            $sent.method | Should -Be 'GET', 'GET'
            $failures.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        }
    }
}
