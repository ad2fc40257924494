BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $null = Connect-TestSandbox
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $custom, $mapped = (Get-CustomApi), (Get-CustomApi -Mapped)
    $replace = Get-CustomApi
    $replace.Remove('CustomApi')
    $null = Add-Connection 'Support desk'
    $null = New-Connection @custom
    $own, $support = Get-Connection n, 'Support desk'
}

AfterAll {
    Disconnect-TestSandbox
}

Describe '-WhatIf' {
    It 'sends nothing and emits nothing: <_>' -ForEach @(
        { New-Connection -OpenAI -Name n -Model m -ApiKey $key -WhatIf }
        { New-Connection -OpenAI -Name n -Model m -ApiKey env:KORE_TEST_ABSENT -WhatIf -ErrorAction Ignore }
        { New-Connection @custom -WhatIf }
        { New-Connection @mapped -WhatIf }
        { Export-ConnectionReport "$TestDrive/none.html" -PassThru -WhatIf }
        { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection -WhatIf }
        { Set-Connection cn-1 $key -WhatIf }
        { Set-Connection cn-1 -Name n -WhatIf }
        { $WhatIfPreference = $true; New-Connection @custom; Set-Connection cn-1 $key }
        { $support | Set-Connection -ApiKey $key -PassThru -WhatIf }
        { $own | Set-Connection -EndpointUrl https://new.example.com -PassThru -WhatIf }
    ) {
        Assert-Refuses $_ -ErrorId @()
    }

    It 'still checks what was given' {
        Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey '***' -WhatIf } 'is a mask'
    }

    It 'says what would be done, and to what' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            New-Connection -Anthropic -Name 'Contract review' -Model claude-opus-4-8 -ApiKey env:MADE_UP_KEY -WhatIf
            Set-Connection cn-1 -ApiKey env:MADE_UP_KEY -WhatIf
        }
        $shell.Output | Should -Be @(
            'What if: Performing the operation "Create connection (Anthropic, claude-opus-4-8)" on target "Contract review".'
            'What if: Performing the operation "Change the key" on target "cn-1".'
        )
    }

    It 'names what is piped by name and id: <Of>' -ForEach @(
        @{ Of = { $support | Set-Connection -ApiKey $key -WhatIf }; Shown = "Support desk ($($support.ConnectionId))" }
        @{ Of = { $own | Set-Connection -Model m -WhatIf }; Shown = 'OWN' }
        @{ Of = { [pscustomobject]@{ Id = 'cn-7'; Name = 'Desk'; ApiKey = $key } | Set-Connection -WhatIf }; Shown = 'Desk (cn-7)' }
        @{ Of = { 'ConnectionId,ConnectionName', ' cn-8 ,"A, b"' | ConvertFrom-Csv | Set-Connection -ApiKey $key -WhatIf }; Shown = 'A, b (cn-8)' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Name = "x`n##vso[y]" } | Set-Connection -Model m -WhatIf }; Shown = 'x # #vso[y] (cn-7)' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Name = '' } | Set-Connection -Model m -WhatIf }; Shown = 'cn-7' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Provider = 'API'; Name = 'Other' } | Set-Connection cn-9 -Model m -WhatIf }; Shown = 'cn-9' }
        @{ Of = { 'cn-7' | Set-Connection -Model m -WhatIf }; Shown = 'cn-7' }
        @{ Of = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($own)) | Set-Connection -Model m -WhatIf }; Shown = 'OWN' }
    ) {
        $Shown = $Shown.Replace('OWN', "n ($($own.ConnectionId))").Replace('Support desk ()', "Support desk ($($support.ConnectionId))")
        Start-Transcript "$TestDrive/whatif.txt" | Out-Null
        try { & $Of } finally { Stop-Transcript | Out-Null }
        (Get-Content "$TestDrive/whatif.txt" | Where-Object { $_ -like 'What if:*' }) | Should -BeLike "*on target `"$([WildcardPattern]::Escape($Shown))`"."
    }
}
