BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
    $null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY
    $null = New-Connection -CustomApi -Name 'Own model' -EndpointUrl https://llm.example.com -Payload @{ p = '{{prompt}}' } -OutputPath text
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe '-WhatIf' {
    It 'sends nothing and emits nothing: <What>' -ForEach @(
        @{ What = 'New-Connection'; Of = { New-Connection -OpenAI -Name New -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY -WhatIf } }
        @{ What = 'New-Connection with rows'; Of = { [pscustomobject]@{ Provider = 'Anthropic'; Name = 'New'; Model = 'claude'; ApiKey = 'env:ACCEPTANCE_KEY' } | New-Connection -WhatIf } }
        @{ What = 'Set-Connection with a key'; Of = { $support | Set-Connection -ApiKey env:ACCEPTANCE_KEY -PassThru -WhatIf } }
        @{ What = 'Set-Connection for a custom API'; Of = { $own | Set-Connection -EndpointUrl https://new.example.com -PassThru -WhatIf } }
        @{ What = 'Set-Connection -Replace'; Of = { $own | Set-Connection -Replace -Name Own -EndpointUrl https://new.example.com -Payload @{ p = 1 } -OutputPath text -WhatIf } }
    ) {
        $support, $own = Get-Connection
        $null = $support, $own
        Get-SentRequest -Of { $script:emitted = & $Of } | Should -BeNullOrEmpty
        $emitted | Should -BeNullOrEmpty
    }

    It 'still checks what was given' {
        { New-Connection -OpenAI -Name New -Model gpt-4o -ApiKey 'sk-***************' -WhatIf -ErrorAction Stop } |
            Should -Throw -ErrorId 'KoreInvalidInput,*'
    }

    It 'reads with -IfNotExists, and changes nothing' {
        $sent = Get-SentRequest -Of { New-Connection -OpenAI -Name New -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY -IfNotExists -WhatIf }
        $sent.method | Should -Be 'GET'
    }

    It 'says what would be done, and to what' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            New-Connection -Anthropic -Name 'Contract review' -Model claude-3-5-haiku-20241022 -ApiKey env:MADE_UP_KEY -WhatIf
            Set-Connection cn-1 -ApiKey env:MADE_UP_KEY -WhatIf
        }
        $shell.Output | Should -Be @(
            'What if: Performing the operation "Create connection (Anthropic, claude-3-5-haiku-20241022)" on target "Contract review".'
            'What if: Performing the operation "Change the key" on target "cn-1".'
        )
    }
}
