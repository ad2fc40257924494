# The connections that the help's examples begin with, and the providers that a sandbox imitates beside them.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:names = 'Support desk', 'Search [prod]', 'Contract review', 'Finance', 'Own model', 'Own gateway'
    $env:SAMPLE_KEY = 'sk-made-up-by-somebody-4f1c7a90'
    # Nothing listens there: whoever asks beyond this machine says so at once.
    $script:nowhere = @{ Proxy = 'http://127.0.0.1:1'; MaximumRetryCount = 0 }
}

Describe 'Connect-KorePlatform -Sandbox -WithSamples' {
    It 'creates six connections, one of each kind at least, and says nothing' {
        Connect-KorePlatform -Sandbox -WithSamples -OutVariable out 3>&1 4>&1 | Should -BeNullOrEmpty
        (Get-Connection).ConnectionName | Should -Be $names
        (Get-Connection).Provider | Sort-Object -Unique | Should -Be 'Anthropic', 'API', 'Azure Open AI', 'Open AI'
        (Get-SentRequest -Of { Get-Connection }).Count | Should -Be 1
    }

    It 'begins a log of requests that is the user''s own' {
        Connect-KorePlatform -Sandbox -WithSamples
        @(Invoke-Sandbox requests | ForEach-Object { $_ }).Count | Should -Be 0
    }

    It 'leaves a file''s connections as they are, and adds what is missing' {
        $file = "$TestDrive/kept.json"
        Connect-KorePlatform -Sandbox -SandboxPath $file
        $null = New-Connection -OpenAI -Name Finance -Model gpt-5.5 -ApiKey env:SAMPLE_KEY
        1..2 | ForEach-Object { Connect-KorePlatform -Sandbox -SandboxPath $file -WithSamples }
        (Get-Connection).ConnectionName | Sort-Object | Should -Be ($names | Sort-Object)
        (Get-Connection Finance).Provider | Should -Be 'Open AI'
    }

    It 'is not for another platform: <_>' -ForEach '-WithSamples', '-HostName platform.example.com -ApiKey env:SAMPLE_KEY -WithSamples' {
        # In a shell that can ask nobody.
        $shell = [powershell]::Create().AddScript("Import-Module '$(Get-ModuleManifest)'; Connect-KorePlatform $_")
        $shell.Invoke() | Should -BeNullOrEmpty
        $shell.Streams.Error.FullyQualifiedErrorId | Should -Match '^(MissingMandatoryParameter|AmbiguousParameterSet),'
        $shell.Dispose()
    }

    It 'makes none with -WithSamples:$false' {
        Connect-KorePlatform -Sandbox -WithSamples:$false
        Get-Connection | Should -BeNullOrEmpty
    }
}

Describe 'The providers that a sandbox with samples imitates' {
    BeforeAll {
        # Whatever were sent beyond this machine would fail.
        Connect-KorePlatform -Sandbox -WithSamples @nowhere
        function Test-Key($Name, $Key) {
            $env:SAMPLE_TRIED = $Key
            $given = (Get-Connection $Name).Provider -eq 'API' ? @{ Header = @{ 'x-api-key' = 'env:SAMPLE_TRIED' } } : @{ ApiKey = 'env:SAMPLE_TRIED' }
            Get-Connection $Name | Test-ConnectionKey @given
            $env:SAMPLE_TRIED = $null
        }
    }

    It 'accept a made-up key, and refuse one that says it is wrong: <_>' -ForEach 'Support desk', 'Search `[prod`]', 'Contract review', 'Finance', 'Own model', 'Own gateway' {
        $good = Test-Key $_ 'sk-made-up-0123456789'
        $good.Verdict, $good.ProviderHost | Should -Be 'Valid', (Get-KoreSession).BaseUri.Authority
        foreach ($key in 'sk-invalid-0123456789', 'sk-my-REVOKED-key-0123', 'expired-0123456789') {
            $bad = Test-Key $_ $key
            $bad.Verdict | Should -Be InvalidKey -Because $key
            "$($bad | Format-List * | Out-String)" | Should -Not -Match ([regex]::Escape($key))
        }
    }

    It 'know <Model> of <Provider>: <Verdict>' -ForEach @(
        @{ Provider = 'OpenAI'; Model = 'gpt-5.5'; Verdict = 'Valid' }
        @{ Provider = 'OpenAI'; Model = 'o3-pro'; Verdict = 'Valid' }
        @{ Provider = 'OpenAI'; Model = 'gtp-5.5'; Verdict = 'NoModelAccess' }
        @{ Provider = 'OpenAI'; Model = 'claude-opus-4-8'; Verdict = 'NoModelAccess' }
        @{ Provider = 'Anthropic'; Model = 'claude-sonnet-5-5'; Verdict = 'Valid' }
        @{ Provider = 'Anthropic'; Model = 'gpt-5.5'; Verdict = 'NoModelAccess' }
        @{ Provider = 'AzureOpenAI'; Model = 'gpt-5.4-us'; Verdict = 'Valid' }
        @{ Provider = 'AzureOpenAI'; Model = 'payroll'; Verdict = 'DeploymentNotFound' }
    ) {
        $row = @{ Provider = $Provider; Name = 'x'; Model = $Model; ApiKey = 'env:SAMPLE_KEY'; ResourceName = 'contoso'; DeploymentId = $Model; ApiVersion = '2024-10-21' }
        ([pscustomobject]$row | Test-ConnectionKey).Verdict | Should -Be $Verdict
    }

    It 'answer every cmdlet that verifies a key' {
        $file = "$TestDrive/verify.yaml"
        Export-Connection $file
        Set-Content $file ((Get-Content $file -Raw) -replace 'env:KORE_KEY_\w+', 'env:SAMPLE_KEY' -replace 'name: Finance', 'name: Finance 2' -replace 'v1/messages', 'v2/messages')
        # A custom API of a plan too, whose key a gateway would not get.
        (Compare-Connection $file | Test-ConnectionKey).Verdict | Should -Be ('Valid', 'Valid', 'Valid', 'Valid', 'Valid', 'Valid')
        (Find-ConnectionIssue -Rule KeyRejected, KeyUnverified -ManifestPath $file -VerifyKey).ConnectionName | Should -Be Finance
        Sync-Connection $file -VerifyKey | Where-Object Outcome -EQ Done | ForEach-Object Name | Should -Be 'Finance 2', 'Own model'
        (Get-Connection -Provider OpenAI | Update-ConnectionKey -ApiKey env:SAMPLE_KEY).Outcome | Should -Be Updated, Updated
        (Get-ProviderModel -OpenAI -ApiKey env:SAMPLE_KEY).ModelId | Should -Contain gpt-5.5
        (Get-ProviderModel -Anthropic -ApiKey env:SAMPLE_KEY).ModelId | Should -Contain claude-opus-4-8
        (Get-ProviderModel -AzureOpenAI -ResourceName contoso -ApiKey env:SAMPLE_KEY).ModelId | Should -Contain gpt-5.4-2026-03-05
        "$(Invoke-Sandbox requests | ConvertTo-Json -Depth 9)" | Should -Not -Match 'made-up|/providers'
    }

    It 'come after a gateway that is given' {
        (Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:SAMPLE_KEY -ProviderUri http://localhost:1/v1).ProviderHost | Should -Be 'localhost:1'
    }
}

Describe 'The providers themselves' {
    It 'are asked in a session that is no sandbox with samples: <Case>' -ForEach @(
        @{ Case = 'a sandbox alone'; Connect = { Connect-KorePlatform -Sandbox @nowhere } }
        @{ Case = 'a platform, which the samples'' sandbox stands for'; Connect = {
                Connect-KorePlatform -Sandbox -WithSamples -ApiKey kg-chosen-0123456789abcdef
                Connect-KorePlatform (Get-KoreSession).BaseUri -ApiKey kg-chosen-0123456789abcdef @nowhere
            }
        }
        @{ Case = 'after one with samples'; Connect = { Connect-KorePlatform -Sandbox -WithSamples; Connect-KorePlatform -Sandbox @nowhere } }
        @{ Case = 'another session is given'; Connect = {
                $script:given = @{ Session = Connect-KorePlatform -Sandbox @nowhere -PassThru }
                Connect-KorePlatform -Sandbox -WithSamples
            }
        }
    ) {
        $script:given = @{}
        & $Connect
        $result = Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:SAMPLE_KEY @given
        $result.ProviderHost, $result.Verdict | Should -Be 'api.openai.com', 'Unreachable'
        { Get-ProviderModel -Anthropic -ApiKey env:SAMPLE_KEY -ErrorAction Stop @given } | Should -Throw -ErrorId 'KoreUnreachable,*'
    }

    It 'are not imitated by a sandbox alone' {
        Connect-KorePlatform -Sandbox
        { Invoke-RestMethod ([uri]::new((Get-KoreSession).BaseUri, '/providers/v1/models')) -Headers @{ Authorization = "Bearer $env:SAMPLE_KEY" } } | Should -Throw '*not found*'
    }
}

Describe '-ProviderUri in a session with imitated providers' {
    # A rehearsal sent the keys of custom APIs to their own endpoints because a gateway was named.
    It 'receives what goes to a custom API of a plan, too: <Command>' -ForEach @(
        @{ Command = { Compare-Connection $file -Name Gw | Test-ConnectionKey -ProviderUri http://localhost:1 -WarningAction Ignore | ForEach-Object ProviderHost } }
        @{ Command = { (Sync-Connection $file -Name Gw -VerifyKey -ProviderUri http://localhost:1 -WarningVariable w -WarningAction SilentlyContinue -ErrorVariable e -ErrorAction SilentlyContinue).Reason; "$w$e" } }
        @{ Command = { $null = Sync-Connection $file -Name Gw -WarningAction Ignore; (Find-ConnectionIssue -Rule Key* -ManifestPath $file -VerifyKey -ProviderUri http://localhost:1 -WarningAction Ignore | Where-Object ConnectionName -EQ Gw).Message } }
    ) {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $env:ACCEPTANCE_GATEWAY = 'sample-gateway-0e6b5d7a1fPLDD'
            $file = "$TestDrive/gateway.yaml"
            Set-Content $file "connections: [{ provider: API, name: Gw, endpointUrl: 'http://localhost:$($listener.LocalEndpoint.Port)/v1', header: { x-api-key: env:ACCEPTANCE_GATEWAY }, payload: { a: '{{prompt}}' }, outputPath: a }]"
            Connect-KorePlatform -Sandbox -WithSamples -TimeoutSec 3 -MaximumRetryCount 0
            "$(& $Command)" | Should -Match 'localhost(:1\b|$)'
            $listener.Pending() | Should -BeFalse
        } finally {
            $listener.Stop()
        }
    }
}
