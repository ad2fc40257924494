BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Get-KoreSession -All | Disconnect-KorePlatform
    $script:variables = @{
        PK_FIRST = 'kg-first-4f1c7a90e2b3'; PK_SECOND = 'kg-second-81d3c5e0a7f6'; PK_ENVIRONMENT = 'kg-environment-5b6c7d8e'; PK_PROVIDER = 'sk-provider-9a8b7c6d5e4f'
        KORE_HOST = 'http://127.0.0.1:1'; KORE_API_KEY = ' kg-environment-5b6c7d8e '
    }
    $variables.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value }
    # Nobody listens there: what is sent fails otherwise than what is refused.
    $script:with = @{ ProviderUri = 'http://127.0.0.1:1'; ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' }
    $script:uses = @{
        'Test-ConnectionKey'             = { param($Key) Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey $Key @with }
        'Test-ConnectionKey of a header' = {
            param($Key) Test-ConnectionKey -CustomApi -EndpointUrl http://127.0.0.1:1/v1 -Payload '{"prompt":"{{prompt}}"}' -OutputPath a -Header @{ 'x-api-key' = $Key } @with
        }
        'Get-ProviderModel'              = { param($Key) Get-ProviderModel -OpenAI -ApiKey $Key @with }
    }
    function Assert-Refused([scriptblock] $Use, [string] $Key) {
        $script:failure = @()
        & $Use $Key | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike '*is a platform key*must not be sent to a provider*'
        "$($failure | Format-List * -Force | Out-String)" | Should -Not -BeLike "*$([Environment]::GetEnvironmentVariable($Key.Substring(4)).Trim())*"
    }
}

AfterAll {
    Get-KoreSession -All | Disconnect-KorePlatform
    $variables.Keys | ForEach-Object { Set-Item "env:$_" $null }
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
        }

        It 'of a session that ended is a key like any other' {
            Disconnect-KorePlatform -Session $first
            $script:failure = @()
            $null = & $uses['Test-ConnectionKey'] env:PK_FIRST
            "$failure" | Should -BeNullOrEmpty
        }
    }
}
