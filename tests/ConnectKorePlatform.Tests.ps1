BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    # One sandbox stays up for the whole file; the tests make sessions with it, as with a platform.
    $env:ACCEPTANCE_SANDBOX_KEY = 'kg-chosen-0123456789abcdef'
    $script:sandbox = Connect-KorePlatform -Sandbox -ApiKey env:ACCEPTANCE_SANDBOX_KEY -PassThru
    $script:control = @{ Headers = @{ 'x-api-key' = $env:ACCEPTANCE_SANDBOX_KEY } }
    $script:base = "$($sandbox.BaseUri)"
    $script:keys = [uri]::new($sandbox.BaseUri, '/sandbox/keys')
    $env:ACCEPTANCE_PLATFORM_KEY = (Invoke-RestMethod $keys -Method Post @control).key
}

Describe 'Connect-KorePlatform' {
    It 'is silent, and emits the session with -PassThru only' {
        Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY | Should -BeNullOrEmpty
        $session = Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -PassThru
        $session | Should -BeOfType KoreConnections.KoreSession
        $session.IsSandbox | Should -BeFalse
        (Get-KoreSession).BaseUri | Should -Be $base
    }

    It 'tries the key, and leaves no session when it is refused' {
        { Connect-KorePlatform $base -ApiKey kg-made-up-and-wrong -ErrorAction Stop } |
            Should -Throw -ErrorId 'KoreUnauthorized,KoreConnections.Commands.ConnectKorePlatformCommand'
        Get-KoreSession | Should -BeNullOrEmpty
        { Get-Connection } | Should -Throw -ErrorId 'KoreNotConnected,KoreConnections.Commands.GetConnectionCommand'
    }

    It 'leaves no session when PowerShell refuses the command: <_>' -ForEach @(
        { Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -TimeoutSec 0 }, { Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -TimeoutSec abc }
        { Connect-KorePlatform $base -ApiKey @{ value = 'x' } }, { Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -NoSuchParameter }
        { $options = @{ HostName = $base; TimeoutSeconds = 5 }; Connect-KorePlatform @options -ApiKey env:ACCEPTANCE_PLATFORM_KEY }
        { Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -Sandbox -WithSamples }, { & { throw 'No host.' } | Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY }
    ) {
        Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY
        $_ | Should -Throw
        Get-KoreSession | Should -BeNullOrEmpty
        { Get-Connection } | Should -Throw -ErrorId 'KoreNotConnected,*'
    }

    It 'keeps the session where the command is only looked at: <_>' -ForEach @(
        { Get-Help Connect-KorePlatform -Full }, { Connect-KorePlatform -? }, { Get-Command Connect-KorePlatform -Syntax }, { Get-Command Connect-KorePlatform -ArgumentList 1 }
        { TabExpansion2 'Connect-KorePlatform -HostName a -Api' }, { TabExpansion2 'Connect-KorePlatform a b | Get-Con' }, { TabExpansion2 'Connect-KorePlatform -TimeoutSec abc -ApiKey env:' }
        { [Management.Automation.ProxyCommand]::Create((Get-Command Connect-KorePlatform)) }
    ) {
        Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY
        $null = & $_
        (Get-KoreSession).BaseUri | Should -Be $base
    }

    It 'warns of a key that lacks View Connections, and connects' {
        $env:ACCEPTANCE_NARROW_KEY = (Invoke-RestMethod $keys -Method Post @control -Body '{"scopes":["Manage Connections"]}').key
        Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_NARROW_KEY -WarningVariable warnings 3>$null
        $warnings | Should -Match 'View Connections'
        Get-KoreSession | Should -Not -BeNullOrEmpty
    }

    It 'refuses plain http to another machine, before anything is sent' {
        { Connect-KorePlatform http://platform.example.com -ApiKey env:ACCEPTANCE_PLATFORM_KEY -ErrorAction Stop } |
            Should -Throw -ErrorId 'KoreInvalidInput,*'
    }

    It 'refuses a host of the newer product, before anything is sent and before a key is asked for: <_>' -ForEach @(
        'agents.kore.ai', 'AGENTS.Kore.AI', 'https://agents.kore.ai/api/public', 'eu.agents.kore.ai:8443', 'a.b.agents.kore.ai/', 'agents.kore.ai.', 'http://agents.kore.ai', "agents．kore。ai".Replace('\uFF0E', [string][char]0xFF0E).Replace('\u3002', [string][char]0x3002)
    ) {
        $failure = { Connect-KorePlatform $_ -ApiKey env:NO_SUCH_KEY -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*' -PassThru
        $failure.Exception.Message | Should -BeLike '*is a host of the newer product*has no model connections. Nothing was sent.'
        $failure.Exception.ParameterName | Should -Be HostName
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Agent Platform v1 and AI for Process*agent-platform.kore.ai*'
    }

    It 'refuses a key in the place of a host, before it is looked up, and shows nothing of it: <_>' -ForEach @(
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL3n9I3PlFUP0THsR8U'
        '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', 'ya29.a0AfH6SMBx1234567890abcdefXYZ', '0123456789abcdef0123456789abcdef'
        '0123456789abcdef0123456789abcdef.AbCdEf1234567890', 'kg-4f1c7a90.81d3c5e0abcdefXYZ', 'Bearer kg-4f1c7a90.81d3c5e0abcdefXYZ', 'sk-made-up-0123456789abcdef:443'
        'https://kg-made-up-0123456789abcdef', 'https://sk-proj-abc123DEF456ghi789.xyz12345'
    ) {
        $given = $_
        $custom = @{ CustomApi = $true; Name = 'n'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'a' }
        foreach ($command in @(
                { Connect-KorePlatform $given -ApiKey env:ACCEPTANCE_PLATFORM_KEY -MaximumRetryCount 0 }
                { Connect-KorePlatform p.example.com -ApiKey env:ACCEPTANCE_PLATFORM_KEY -Proxy $given -MaximumRetryCount 0 }
                { Test-ConnectionKey -OpenAI -Model m -ApiKey sk-another-0123456789 -ProviderUri $given }
                { New-Connection @custom -EndpointUrl $given }
            )) {
            $errors = @(& { $ErrorActionPreference = 'Continue'; & $command } 2>&1)
            $errors.FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*' -Because $command
            $errors.Exception.Message | Should -BeLike '-* looks like a key, so nothing was sent. Check the order of the values.*' -Because $command
            "$($errors[0].TargetObject) $($errors[0].CategoryInfo) $($errors[0].ErrorDetails)" | Should -Not -Match '4f1c7a90|0123456789|abc123|eyJ|ya29|SG\.' -Because $command
        }
    }

    It 'takes what is a host, however much it looks like a key: <_>' -ForEach @(
        'myapp-a6gqaeashthkhkeu.eastus-01.azurewebsites.net', 'sk-a6gqaeashthkhkeu.eastus-01.azurewebsites.net'
        'sk-gateway.kindforest-1a2b3c4d.westeurope.azurecontainerapps.io', 'fabrikam-llm-prod-swedencentral-001.cognitiveservices.azure.com'
        '4f1c7a90-81d3-4c5e-9abc-def012345678.proxy.example.com', 'https://4f1c7a90-81d3-4c5e-9abc-def012345678.openai.azure.com/openai'
        'xn--bcher-kva.example', 'xn--fiqs8s.xn--fiqs8s', 'a1b2c3d4e5f6a7b8.execute-api.eu-west-1.amazonaws.com', 'ec2-203-0-113-25.compute-1.amazonaws.com'
        'k8s-kore-ingress-4f1c7a9081-1234567890.eu-central-1.elb.amazonaws.com', 'd111111abcdef8.cloudfront.net/base/path-4f1c7a9081d3c5e0', 'kore.10.0.0.1.nip.io'
        '10.20.30.40', '10.20.30.40:8443/api/public', '[2001:db8:85a3::8a2e:370:7334]:8443', '[::1]', 'localhost:8080', 'kore01', 'https://sk-gateway'
        'https://vmlxprdkoreai0021', 'https://k8s01prd2koreai03vip.lan1', 'https://app.x9f3k7.region2.c3'
        'node-7f3a9c2d1e.team-7f3a9:8080', 'web-7d4b9c6f5d-x2x9z.ns1', 'https://web-7d4b9c6f5d-x2x9z:8443', 'kg-prod-7f3a9c2d1e.example.com.', 'MyServer.Corp.Local:8443', 'SK-PROD-7F3A9C2D1E.CORP.EXAMPLE.COM'
    ) {
        Connect-KorePlatform $_ -ApiKey env:ACCEPTANCE_PLATFORM_KEY -SkipVerification -PassThru -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'does not look up a host that contains the key of the request, which is in lower case there' {
        $key = 'Own0123456789ABCDEFxyz'
        foreach ($command in @(
                { Connect-KorePlatform "https://$key.example.com" -ApiKey $key -MaximumRetryCount 0 }
                { Test-ConnectionKey -OpenAI -Model m -ApiKey $key -ProviderUri "https://$key.example.com" }
            )) {
            $came = @(& { $ErrorActionPreference = 'Continue'; & $command } 2>&1)
            $came.Exception.Message | Should -BeLike 'The host of the request contains the key that is for it. Nothing was sent.*' -Because $command
        }
    }

    It 'says what is wrong with <Given>' -ForEach @(
        @{ Given = 'https:/agent-platform.kore.ai'; Saying = "-HostName 'https:/agent-platform.kore.ai' is not a host. *" }
        @{ Given = '::1'; Saying = '-HostName is an IPv6 address without brackets. Put it in brackets, such as*' }
        @{ Given = '2001:db8:85a3::8a2e:370:7334'; Saying = '-HostName is an IPv6 address without brackets. *' }
    ) {
        { Connect-KorePlatform $Given -ApiKey env:ACCEPTANCE_PLATFORM_KEY -ErrorAction Stop } | Should -Throw $Saying -ErrorId 'KoreInvalidInput,*'
    }

    It 'takes another host: <_>' -ForEach 'de-agent-platform.kore.ai', 'agents.example.com', 'myagents.kore.ai', 'agents.kore.ai.example.com' {
        (Connect-KorePlatform $_ -ApiKey env:ACCEPTANCE_PLATFORM_KEY -SkipVerification -PassThru).BaseUri.Host | Should -Be $_
    }

    It 'refuses a key of the newer product, whichever way it came: <Case>' -ForEach @(
        @{ Case = 'text'; Key = { 'abl_made0up0and0wrong' } }
        @{ Case = 'with white space around it'; Key = { "  abl_made0up0and0wrong`n" } }
        @{ Case = 'a SecureString'; Key = { [Net.NetworkCredential]::new('', 'abl_x').SecurePassword } }
        @{ Case = 'a file'; Key = { Set-Content "$TestDrive/newer.key" 'abl_made0up0and0wrong'; "file:$TestDrive/newer.key" } }
    ) {
        $failure = { Connect-KorePlatform $base -ApiKey (& $Key) -ErrorAction Stop 3> $null } | Should -Throw -ErrorId 'KoreInvalidInput,*' -PassThru
        $failure.Exception.Message | Should -BeLike 'The key is one of the newer product*'
        "$($failure | Format-List * -Force | Out-String)" | Should -Not -Match 'made0up'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*API Scopes*'
        Get-KoreSession | Should -BeNullOrEmpty
    }

    It 'takes a key that only holds that text' {
        { Connect-KorePlatform $base -ApiKey kg-abl_made-up -SkipVerification -ErrorAction Stop } | Should -Not -Throw
    }

    It 'shows no key in the session, whatever shows it' {
        $session = Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY -PassThru
        $shown = ($session | Format-List * -Force | Out-String), ($session | ConvertTo-Json), "$session", [Management.Automation.PSSerializer]::Serialize($session, 5)
        "$shown" | Should -Not -Match ([regex]::Escape($env:ACCEPTANCE_PLATFORM_KEY))
        $session.PSObject.Properties.Name | Should -Be 'BaseUri', 'ConnectedOn', 'IsSandbox'
    }
}

Describe 'A session' {
    It 'comes from KORE_HOST and KORE_API_KEY where none was made, and not of a host or a key of the newer product' {
        Disconnect-KorePlatform
        Use-Variable @{ KORE_HOST = 'agents.kore.ai'; KORE_API_KEY = $env:ACCEPTANCE_PLATFORM_KEY } {
            { Get-Connection -ErrorAction Stop } | Should -Throw "'agents.kore.ai' is a host of the newer product*" -ErrorId 'KoreInvalidInput,*'
            $env:KORE_HOST, $env:KORE_API_KEY = $base, 'abl_made0up0and0wrong'
            { Get-Connection -ErrorAction Stop } | Should -Throw 'The key is one of the newer product*' -ErrorId 'KoreInvalidInput,*'
            $env:KORE_API_KEY = $env:ACCEPTANCE_PLATFORM_KEY
            Get-Connection -ErrorAction Stop | Should -BeNullOrEmpty
            "$((Get-KoreSession).BaseUri)" | Should -Be $base
        }
    }

    It 'from the environment is made anew after <What> was corrected, which had no answer' -ForEach @(
        @{ What = 'KORE_HOST'; Variable = 'KORE_HOST'; Wrong = 'https://no-such-host.invalid/api/public' }
        @{ What = 'KORE_API_KEY'; Variable = 'KORE_API_KEY'; Wrong = 'kg-made-up-0123456789-wrong' }
    ) {
        Disconnect-KorePlatform
        Use-Variable @{ KORE_HOST = $base; KORE_API_KEY = $env:ACCEPTANCE_PLATFORM_KEY } {
            $right = (Get-Item "env:$Variable").Value
            Set-Item "env:$Variable" $Wrong
            { Get-Connection -ErrorAction Stop } | Should -Throw
            Get-KoreSession | Should -BeNullOrEmpty
            Set-Item "env:$Variable" $right
            Get-Connection -ErrorAction Stop | Should -BeNullOrEmpty
            $made = Get-KoreSession
            "$($made.BaseUri)" | Should -Be $base
            # One that was answered stays, whatever comes.
            { Get-Connection cn-11111111-1111-1111-1111-111111111111 -ErrorAction Stop } | Should -Throw
            Set-Item "env:$Variable" $Wrong
            Get-Connection -ErrorAction Stop | Should -BeNullOrEmpty
            [object]::ReferenceEquals((Get-KoreSession), $made) | Should -BeTrue
        }
    }

    It 'that -PassThru returns stays usable if another one replaces it at once' {
        $mine = Connect-KorePlatform -Sandbox -PassThru -Verbose 4>&1 | ForEach-Object {
            if ($_ -is [Management.Automation.VerboseRecord]) { if ("$_" -like 'Connected to *') { Connect-KorePlatform -Sandbox } } else { $_ }
        }
        try {
            { Get-Connection -Session $mine -ErrorAction Stop } | Should -Not -Throw
        } finally {
            Disconnect-KorePlatform
            Disconnect-KorePlatform -Session $mine
        }
    }

    It 'that is given comes before the current one' {
        $other = Connect-KorePlatform -Sandbox -PassThru
        try {
            $null = New-Connection -OpenAI -Name Other -Model gpt-5.5 -ApiKey made-up-key-0000000001
            Connect-KorePlatform $base -ApiKey env:ACCEPTANCE_PLATFORM_KEY
            Get-Connection | Should -BeNullOrEmpty
            (Get-Connection -Session $other).ConnectionName | Should -Be 'Other'
        } finally {
            Disconnect-KorePlatform -Session $other
        }
    }
}

Describe 'A host in the environment' {
    It 'is named as the variable that it is in: <Given>' -ForEach @(
        @{ Given = 'https://platform.example.com/?x'; Said = 'KORE_HOST contains a user, a query or a fragment*' }
        @{ Given = 'http://platform.example.com'; Said = "KORE_HOST 'platform.example.com' uses http*" }
        @{ Given = '$(KORE_HOST)'; Said = 'KORE_HOST contains a variable that is not defined in Azure Pipelines*' }
    ) {
        Disconnect-KorePlatform
        Use-Variable @{ KORE_HOST = $Given; KORE_API_KEY = 'kg-made-up-0123456789' } { { Get-Connection -ErrorAction Stop } | Should -Throw $Said }
    }
}

Describe 'A proxy in the environment' {
    It 'is not for this machine: <_>' -ForEach 'HTTP_PROXY', 'ALL_PROXY', 'HTTPS_PROXY' {
        $shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), $_ {
            param($Manifest, $Variable)
            # Nothing listens there.
            Set-Item "env:$Variable" http://127.0.0.1:1
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            (New-Connection -OpenAI -Name One -Model gpt-5.4-mini -ApiKey env:MADE_UP_KEY).ConnectionName
            $refused = if ($Variable -eq 'HTTPS_PROXY') { 'https://platform.invalid' } else { 'http://platform.invalid' }
            Connect-KorePlatform $refused -ApiKey env:MADE_UP_KEY -AllowUnencryptedAuthentication -MaximumRetryCount 0 2>&1 | ForEach-Object { "$($_.Exception.InnerException.InnerException.Message)$($_.Exception.Message)" }
        }
        $shell.Output[0] | Should -Be 'One'
        # For any other host it is used.
        $shell.Output[1] | Should -Match 'refuse'
    }
}

Describe 'The sandbox over plain HTTP' {
    It 'gives up its file to the next one where nobody else holds the session' {
        $file = Join-Path $TestDrive 'sandbox.json'
        Connect-KorePlatform -Sandbox -SandboxPath $file
        New-Connection -OpenAI -Name kept -Model gpt-5.5 -ApiKey sk-made-up-0123456789 | Out-Null
        Connect-KorePlatform -Sandbox -SandboxPath $file
        (Get-Connection).ConnectionName | Should -Be 'kept'
        # A session that a script has is the script's to end.
        $mine = Connect-KorePlatform -Sandbox -SandboxPath (Join-Path $TestDrive 'mine.json') -PassThru
        { Connect-KorePlatform -Sandbox -SandboxPath (Join-Path $TestDrive 'mine.json') -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
        { Get-Connection -Session $mine -ErrorAction Stop } | Should -Not -Throw
        Disconnect-KorePlatform -Session $mine
    }

    It 'refuses an empty file of a sandbox, and a variable without a value: <_>' -ForEach { '' }, { ' ' }, { $null }, { $env:KORE_TEST_NOT_SET } {
        $path = & $_
        { Connect-KorePlatform -Sandbox -SandboxPath $path -ErrorAction Stop } | Should -Throw '*-SandboxPath is empty. Specify a file, or omit*' -ErrorId 'KoreInvalidInput,*'
        { Connect-KorePlatform -Sandbox -SandboxPath $path -WithSamples -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
    }

    It 'starts no sandbox where that is denied' {
        { Connect-KorePlatform -Sandbox:$false -ErrorAction Stop } | Should -Throw '-Sandbox:$false does not start a sandbox. *' -ErrorId 'KoreInvalidInput,*'
    }

    It 'refuses <_> as the file of a sandbox' -ForEach 'nodrive:x.json', 'env:x', "$TestDrive" {
        { Connect-KorePlatform -Sandbox -SandboxPath $_ -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
    }

    It 'issues keys on its own port and answers to them' {
        $key = (Invoke-RestMethod $keys -Method Post @control).key
        $answer = Invoke-RestMethod "$base/connections?limit=10" -Headers @{ 'x-api-key' = $key }
        $answer.total | Should -Be 0
        { Invoke-RestMethod "$base/connections" -Headers @{ 'x-api-key' = 'kg-made-up' } } | Should -Throw '*UNAUTHORIZED*'
    }
}
