BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:variables = @{
        PK_FIRST = 'kg-first-4f1c7a90e2b3'; PK_SECOND = 'kg-second-81d3c5e0a7f6'; PK_ENVIRONMENT = 'kg-environment-5b6c7d8e'; PK_PROVIDER = 'sk-provider-9a8b7c6d5e4f'
        KORE_HOST = 'http://127.0.0.1:1'; KORE_API_KEY = ' kg-environment-5b6c7d8e '
    }
    $variables.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
    # Nobody listens there: what is sent fails otherwise than what is refused.
    $script:with = @{ ProviderUri = 'https://no-such-host.invalid'; ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' }
    $script:uses = @{
        'Test-ConnectionKey'              = { param($Key) Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey $Key @with }
        'Test-ConnectionKey of a header' = {
            param($Key) Test-ConnectionKey -CustomApi -EndpointUrl https://no-such-host.invalid/v1 -Payload '{"prompt":"{{prompt}}"}' -OutputPath a -Header @{ 'x-api-key' = $Key } @with
        }
        'Get-ProviderModel'              = { param($Key) Get-ProviderModel -OpenAI -ApiKey $Key @with }
    }
    function Assert-Refused([scriptblock] $Use, [string] $Key, [string] $Saying = '*is a platform key*must not be sent to a provider*') {
        $script:failure = @()
        & $Use $Key | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike $Saying
        "$($failure | Format-List * -Force | Out-String)" | Should -Not -BeLike "*$([Environment]::GetEnvironmentVariable($Key.Substring(4)).Trim())*"
    }
    $script:contained = '*platform key*must not be sent to a provider*'
    $script:quietly = @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue'; WarningAction = 'Ignore' }
    # A custom API with a value somewhere; nobody listens at its address.
    function Get-Api([scriptblock] $With, [string] $Value) {
        $api = @{ Name = "Api $(New-Guid)"; EndpointUrl = 'https://no-such-host.invalid/v1'; Header = @{ 'x-api-key' = 'env:PK_PROVIDER' }; Payload = @{ m = '{{prompt}}' }; OutputPath = 'a' }
        $changed = & $With $Value
        $changed.Keys | ForEach-Object { $api[$_] = $changed[$_] }
        $api
    }
    function New-Manifest([scriptblock] $With, [string] $Value, [hashtable] $And = @{}) {
        $api, $entry = (Get-Api $With $Value), (@{ provider = 'API' } + $And)
        $api.Keys | Where-Object { $_ -notin $And.Keys } | ForEach-Object { $entry[$_.Substring(0, 1).ToLowerInvariant() + $_.Substring(1)] = $api[$_] }
        $path = "$TestDrive/$(New-Guid).json"
        @{ connections = @($entry) } | ConvertTo-Json -Depth 9 | Set-Content $path
        $path
    }
    # Each makes a definition of a custom API with the value of a variable, and sends it.
    $script:senders = @{
        'Test-ConnectionKey'              = { param($With, $Name) $api = Get-Api $With (Get-Item "env:$Name").Value; Test-ConnectionKey -CustomApi @api @quietly }
        'Test-ConnectionKey of a row'     = { param($With, $Name) [pscustomobject]((Get-Api $With (Get-Item "env:$Name").Value) + @{ Provider = 'API' }) | Test-ConnectionKey @quietly }
        'Test-ConnectionKey of a plan'    = { param($With, $Name) Compare-Connection (New-Manifest $With "`${env:$Name}") | Test-ConnectionKey @quietly }
        'Find-ConnectionIssue -VerifyKey' = { param($With, $Name) $null = Find-ConnectionIssue -ManifestPath (New-Manifest $With "`${env:$Name}" @{ name = 'Own API' }) -VerifyKey -Rule KeyRejected, KeyUnverified @quietly }
        'Sync-Connection -VerifyKey'      = { param($With, $Name) $null = Sync-Connection (New-Manifest $With "`${env:$Name}") -VerifyKey @quietly }
        'New-Connection'                  = { param($With, $Name) $api = Get-Api $With (Get-Item "env:$Name").Value; New-Connection -CustomApi @api @quietly }
        'New-Connection of a row'         = { param($With, $Name) [pscustomobject]((Get-Api $With (Get-Item "env:$Name").Value) + @{ Provider = 'API' }) | New-Connection @quietly }
        'Set-Connection'                  = { param($With, $Name) $api = Get-Api $With (Get-Item "env:$Name").Value; $api.Remove('Name'); Get-Connection 'Own API' | Set-Connection @api -Force -PassThru @quietly }
        'Sync-Connection'                 = { param($With, $Name) $null = Sync-Connection (New-Manifest $With "`${env:$Name}") @quietly }
    }
}

Describe 'A platform key' {
    It 'from KORE_API_KEY is not sent to a provider before the first connect: <_>' -ForEach 'Test-ConnectionKey', 'Test-ConnectionKey of a header', 'Get-ProviderModel' {
        Assert-Refused $uses[$_] env:PK_ENVIRONMENT
        Get-KoreSession -All | Should -BeNullOrEmpty
        $script:failure = @()
        $null = & $uses[$_] env:PK_PROVIDER
        "$failure" | Should -Not -BeLike '*platform key*'
    }

    It 'that KORE_API_KEY refers to is not sent to a provider either' {
        $env:KORE_API_KEY = 'env:PK_SECOND'
        Assert-Refused $uses['Test-ConnectionKey'] env:PK_SECOND
        $env:KORE_API_KEY = $variables.KORE_API_KEY
    }

    Context 'with two sessions' {
        BeforeAll {
            $script:first = Connect-KorePlatform -Sandbox -WithSamples -ApiKey env:PK_FIRST -PassThru
            $script:second = Connect-KorePlatform -Sandbox -WithSamples -ApiKey env:PK_SECOND -PassThru
            $null = New-Connection -CustomApi -Name 'Own API' -EndpointUrl https://no-such-host.invalid/v1 -Header @{ 'x-api-key' = 'env:PK_PROVIDER' } -Payload @{ m = '{{prompt}}' } -OutputPath a
        }

        It '<Key> is not sent to a provider: <Use>' -ForEach @(
            foreach ($key in 'env:PK_FIRST', 'env:PK_SECOND', 'env:PK_ENVIRONMENT') {
                foreach ($use in 'Test-ConnectionKey', 'Test-ConnectionKey of a header', 'Get-ProviderModel') { @{ Key = $key; Use = $use } }
            }
        ) {
            Assert-Refused $uses[$Use] $Key
        }

        It '<Key> is not given to a connection: <Name>' -ForEach @(
            foreach ($key in 'env:PK_FIRST', 'env:PK_SECOND', 'env:PK_ENVIRONMENT') {
                @{ Key = $key; Name = 'New-Connection'; Do = { param($Key) New-Connection -OpenAI -Name New -Model gpt-5.5 -ApiKey $Key @and } }
                @{ Key = $key; Name = 'Set-Connection'; Do = { param($Key) Get-Connection 'Support desk' | Set-Connection -ApiKey $Key @and } }
                @{ Key = $key; Name = 'Update-ConnectionKey'; Do = { param($Key) $null = Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey $Key -Force @and } }
                @{ Key = $key; Name = 'Update-ConnectionKey, unverified'; Do = { param($Key) $null = Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey $Key -SkipVerification @and } }
            }
        ) {
            $script:and = @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' }
            (Get-SentRequest { Assert-Refused $Do $Key }).method | Should -Not -Match 'POST|PATCH'
            $and.WhatIf = $true
            (Get-SentRequest { Assert-Refused $Do $Key }).method | Should -Not -Match 'POST|PATCH'
        }

        Context 'in the <Place> of a custom API' -ForEach @(
            @{ Place = 'payload'; With = { param($Key) @{ Payload = @{ m = '{{prompt}}'; z = $Key } } } }
            @{ Place = 'payload, within a text'; With = { param($Key) @{ Payload = @{ m = "{{prompt}} $Key" } } } }
            @{ Place = 'payload, within JSON in a text'; With = { param($Key) @{ Payload = @{ m = '{{prompt}}'; z = "{`"a`":`"x$Key`"}" } } } }
            @{ Place = 'query'; With = { param($Key) @{ EndpointUrl = "https://no-such-host.invalid/v1?k=$Key" } } }
            @{ Place = 'query, within a value'; With = { param($Key) @{ EndpointUrl = "https://no-such-host.invalid/v1?q=a$Key" } } }
            @{ Place = 'path'; With = { param($Key) @{ EndpointUrl = "https://no-such-host.invalid/$Key/v1" } } }
            @{ Place = 'variable'; With = { param($Key) @{ Payload = @{ m = '{{prompt}} {{v}}' }; CustomVariable = @(@{ name = 'v'; defaultValue = $Key }) } } }
            @{ Place = 'variable, within a text'; With = { param($Key) @{ Payload = @{ m = '{{prompt}} {{v}}' }; CustomVariable = @(@{ name = 'v'; defaultValue = "a $Key" }) } } }
        ) {
            It 'is sent neither there nor to the platform: <_>' -ForEach @(
                'Test-ConnectionKey', 'Test-ConnectionKey of a row', 'Test-ConnectionKey of a plan', 'Find-ConnectionIssue -VerifyKey', 'Sync-Connection -VerifyKey'
                'New-Connection', 'New-Connection of a row', 'Set-Connection', 'Sync-Connection'
            ) {
                $script:sender, $script:planting = $senders[$_], $With
                $sent = Get-SentRequest { Assert-Refused { param($Key) & $sender $planting $Key.Substring(4) } env:PK_FIRST $contained }
                $sent.method | Should -Not -Match 'POST|PATCH'
                # The provider's own key may be there.
                $script:failure = @()
                $null = & $sender $With PK_PROVIDER
                "$failure" | Should -Not -BeLike '*platform key*'
            }

            It 'is refused by a rehearsal, too: <_>' -ForEach 'New-Connection', 'New-Connection of a row', 'Set-Connection', 'Sync-Connection' {
                $script:sender, $script:planting, $script:quietly = $senders[$_], $With, ($quietly + @{ WhatIf = $true })
                try {
                    Assert-Refused { param($Key) & $sender $planting $Key.Substring(4) } env:PK_FIRST $contained
                    $script:failure = @()
                    $null = & $sender $With PK_PROVIDER
                    "$failure" | Should -Not -BeLike '*platform key*'
                }
                finally {
                    $quietly.Remove('WhatIf')
                }
            }
        }

        It 'is not sent in another form: <_>' -ForEach @(
            { param($Key) @{ EndpointUrl = "https://no-such-host.invalid/v1?k=$(-join ($Key.ToCharArray() | ForEach-Object { '%{0:x2}' -f [int]$_ }))" } }
            { param($Key) @{ Payload = @{ m = '{{prompt}}'; z = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("user:$Key")) } } }
            { param($Key) @{ Payload = @{ m = '{{prompt}}'; "x $Key" = 1 } } }
            { param($Key) @{ Header = @{ Authorization = "Basic $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("user:$Key")))" } } }
            { param($Key) @{ Header = @{ Cookie = "s=$Key; b=1" } } }
            foreach ($before in '', 'a', 'ab', '?>?>') {
                { param($Key) @{ Header = @{ Authorization = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$before${Key}?>")) } } }.GetNewClosure()
                {
                    param($Key)
                    @{ Header = @{ 'x-auth' = "Token $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$before${Key}>>?")).Replace('+', '-').Replace('/', '_').TrimEnd('='))" } }
                }.GetNewClosure()
            }
            { param($Key) @{ Header = @{ 'x-auth' = "k=$($Key.Replace('-', '%2d'))" } } }
            { param($Key) @{ Header = @{ 'x-auth' = "{""k"":""$($Key.Replace('-', '\u002d'))""}" } } }
        ) {
            $script:planting = $_
            foreach ($name in 'Test-ConnectionKey', 'New-Connection') {
                $script:sender = $senders[$name]
                (Get-SentRequest { Assert-Refused { param($Key) & $sender $planting $Key.Substring(4) } env:PK_FIRST '*platform key*must not be sent*' }).method | Should -Not -Match POST
            }
        }

        It 'is not in a gateway''s address: <Name>' -ForEach @(
            @{ Name = 'Test-ConnectionKey, host'; Do = { param($Key) Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:PK_PROVIDER -ProviderUri "https://$((Get-Item $Key).Value).example.invalid" @quietly } }
            @{ Name = 'Test-ConnectionKey'; Do = { param($Key) Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:PK_PROVIDER -ProviderUri "https://no-such-host.invalid/$((Get-Item $Key).Value)" @quietly } }
            @{ Name = 'Get-ProviderModel'; Do = { param($Key) Get-ProviderModel -OpenAI -ApiKey env:PK_PROVIDER -ProviderUri "https://no-such-host.invalid/$((Get-Item $Key).Value)" @quietly } }
        ) {
            Assert-Refused $Do env:PK_FIRST $contained
        }

        It 'is not sent to verify a custom API that has it' {
            $null = New-Connection -CustomApi -Name Holder -EndpointUrl https://no-such-host.invalid/v1 -Header @{ 'x-api-key' = 'env:PK_PROVIDER' } -Payload @{ m = '{{prompt}}' } -OutputPath a
            $path = "$((Get-KoreSession).BaseUri)/connections/$((Get-Connection Holder).ConnectionId)"
            $body = @{ endpointUrl = "https://no-such-host.invalid/v1?q=a$env:PK_FIRST" } | ConvertTo-Json
            $null = Invoke-RestMethod $path -Method Patch -Headers @{ 'x-api-key' = (Invoke-Sandbox keys -Method Post).key } -ContentType application/json -Body $body
            Assert-Refused { $null = Get-Connection Holder | Update-ConnectionKey -Header @{ 'x-api-key' = 'env:PK_PROVIDER' } @quietly } env:PK_FIRST $contained
        }

        It 'of a session that ended is a key like any other' {
            Disconnect-KorePlatform -Session $first
            $script:failure = @()
            $null = & $uses['Test-ConnectionKey'] env:PK_FIRST
            "$failure" | Should -BeNullOrEmpty
        }
    }
}
