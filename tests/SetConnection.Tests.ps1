BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
}

AfterAll {
    $env:ACCEPTANCE_KEY = $null
}

Describe 'Set-Connection' {
    BeforeEach {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY
        $null = New-Connection -Anthropic -Name 'Contract review' -Model claude-3-5-haiku-20241022 -ApiKey env:ACCEPTANCE_KEY
        $null = New-Connection -Anthropic -Name 'Legal search' -Model claude-3-5-haiku-20241022 -ApiKey env:ACCEPTANCE_KEY
        $null = New-Connection -CustomApi -Name 'Own model' -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' } -Payload @{ p = '{{prompt}}' } -OutputPath text
    }

    AfterEach {
        Disconnect-KorePlatform
    }

    Context 'with a key' {
        It 'changes all of a provider from the pipeline, and emits them with -PassThru' {
            $k = [Net.NetworkCredential]::new('', 'sk-made-up-the-next-NEWW').SecurePassword
            $changed = Get-Connection -Provider Anthropic | Set-Connection -ApiKey $k -PassThru
            $changed.ConnectionName | Should -Be 'Contract review', 'Legal search'
            $changed | ForEach-Object { $_.Fields['API_KEY'] } | Should -Be 'sk*****************NEWW', 'sk*****************NEWW'
        }

        It 'emits nothing without -PassThru' {
            Get-Connection 'Support desk' | Set-Connection -ApiKey env:ACCEPTANCE_KEY | Should -BeNullOrEmpty
        }

        It 'sends the key and nothing else, whatever the piped connection holds' {
            $support = Get-Connection 'Support desk' -Detailed
            $sent = Get-SentRequest -Of { $support | Set-Connection -ApiKey env:ACCEPTANCE_KEY }
            $sent.method, $sent.target | Should -Be 'PATCH', "/api/public/connections/$($support.ConnectionId)"
            ConvertTo-Json $sent.body -Compress | Should -Be '{"fields":{"API_KEY":"***************"}}'
        }

        It 'takes id and key from a CSV' {
            Get-Connection -Provider Anthropic | Select-Object ConnectionId, @{ Name = 'ApiKey'; Expression = { 'env:ACCEPTANCE_KEY' } } | Export-Csv "$TestDrive/keys.csv"
            $sent = Get-SentRequest -Of { Import-Csv "$TestDrive/keys.csv" | Set-Connection }
            $sent.method | Should -Be 'PATCH', 'PATCH'
        }

        It 'refuses a piped custom API before anything is sent, and changes the others' {
            $all = Get-Connection
            $sent = Get-SentRequest -Of {
                $all | Set-Connection -ApiKey env:ACCEPTANCE_KEY -ErrorAction SilentlyContinue -ErrorVariable script:failures
            }
            $sent.method | Should -Be 'PATCH', 'PATCH', 'PATCH'
            $failures.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
            $failures.Exception.Message | Should -BeLike '*-Header*'
        }
    }

    Context 'for a custom API' {
        It 'sends only what was typed' {
            $own = Get-Connection 'Own model' -Detailed
            $sent = Get-SentRequest -Of { $own | Set-Connection -EndpointUrl https://llm.example.com/v2 }
            $sent.method | Should -Be 'PATCH'
            ConvertTo-Json $sent.body -Compress | Should -Be '{"endpointUrl":"https://llm.example.com/v2"}'
        }

        It 'replaces the whole with -Replace' {
            $own = Get-Connection 'Own model'
            $replacement = @{ Name = 'Own model'; EndpointUrl = 'https://llm.example.com/v2'; Payload = @{ q = '{{prompt}}' }; OutputPath = 'answer' }
            $sent = Get-SentRequest -Of { $script:changed = $own | Set-Connection -Replace @replacement -PassThru }
            $sent.method | Should -Be 'PUT'
            $changed.AdditionalProperties['outputPath'] | Should -Be 'answer'
            $changed.AdditionalProperties['headers'] | Should -BeNullOrEmpty
        }

        It 'is refused for a named provider before anything is sent' {
            $support = Get-Connection 'Support desk'
            $sent = Get-SentRequest -Of {
                $support | Set-Connection -Model gpt-4o-mini -ErrorAction SilentlyContinue -ErrorVariable script:failures
            }
            $sent | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        }
    }
}
