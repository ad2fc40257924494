BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    # The sandbox plays the provider too: any path of it answers as a fault says.
    $script:gateway = [uri]::new((Get-KoreSession).BaseUri, '/').AbsoluteUri
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789'
    function Add-Answer($Status, $Body) {
        $null = Invoke-Sandbox faults -Method Post -Body @{ path = '/v1/models'; status = $Status; body = (ConvertTo-Json $Body -Compress) }
    }
}

Describe 'Test-ConnectionKey' {
    It 'says what <Status> means for a key: <Verdict>' -ForEach @(
        @{ Status = 200; Verdict = 'Valid'; Usable = $true; Body = @{ id = 'gpt-5.5'; object = 'model' } }
        @{ Status = 401; Verdict = 'InvalidKey'; Usable = $false; Body = @{ error = @{ message = 'Incorrect API key provided'; code = 'invalid_api_key' } } }
    ) {
        Add-Answer $Status $Body
        $result = Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -ProviderUri $gateway
        $result.Verdict | Should -Be $Verdict
        $result.IsUsable | Should -Be $Usable
        [int]$result.StatusCode | Should -Be $Status
        $result.ProviderHost | Should -Be ([uri]$gateway).Authority
        [string]::IsNullOrEmpty($result.RecommendedAction) | Should -Be ($Verdict -eq 'Valid')

        Add-Answer $Status $Body
        $quiet = Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -ProviderUri $gateway -Quiet
        $quiet | Should -BeOfType bool
        $quiet | Should -Be $Usable
    }

    It 'refuses a key as a name: <_>' -ForEach 'sk-proj-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl', 'Desk of sk-proj-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' {
        $with = @{ Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY'; Name = $_ }
        foreach ($test in { Test-ConnectionKey -OpenAI @with -ProviderUri $gateway @and }, { [pscustomobject]($with + @{ Provider = 'OpenAI' }) | Test-ConnectionKey -ProviderUri $gateway @and }) {
            $and = @{ ErrorVariable = '+script:failure'; ErrorAction = 'SilentlyContinue' }
            $script:failure = @()
            & $test | Should -BeNullOrEmpty
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
            "$($failure[0])" | Should -BeLike '*-Name looks like a key*'
            "$($failure[0]) $($failure[0].TargetObject)" | Should -Not -BeLike '*Rt5Yu9Io3*'
        }
    }

    It 'takes any other name: <_>' -ForEach 'Desk', 'sk-bratislava-1', 'Own sk***************MQAA' {
        Add-Answer 200 @{ id = 'gpt-5.5'; object = 'model' }
        (Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -Name $_ -ProviderUri $gateway).ConnectionName | Should -Be $_
    }

    It 'asks once for all connections of a listing with one key, and keeps their order' {
        $names = 1..30 | ForEach-Object { "N$_" }
        $names | ForEach-Object { $null = New-Connection -OpenAI -Name $_ -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY }
        # One fault, one answer: what else were asked would be refused.
        Add-Answer 200 @{ id = 'gpt-5.5' }
        $results = Get-Connection -Provider OpenAI | Test-ConnectionKey -ApiKey env:ACCEPTANCE_KEY -ProviderUri $gateway
        $results.ConnectionName | Should -Be $names
        $results.Verdict | Select-Object -Unique | Should -Be 'Valid'
    }

    It 'shows itself without the key' {
        Add-Answer 401 @{ error = @{ message = "no such key: $env:ACCEPTANCE_KEY" } }
        $result = Test-ConnectionKey -OpenAI -Model gpt-5.5 -Name 'Support desk' -ApiKey env:ACCEPTANCE_KEY -ProviderUri $gateway
        $shown = ($result | Out-String -Width 200), ($result | Format-List | Out-String), ($result | ConvertTo-Json), ($result | ConvertTo-Csv | Out-String)
        $shown | Should -Match 'InvalidKey|"Verdict"'
        "$shown" | Should -Not -Match $env:ACCEPTANCE_KEY
    }

    It 'needs no session, and makes none' {
        Disconnect-KorePlatform
        (Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -ProviderUri https://no-such-host.invalid -ErrorAction Stop).Verdict | Should -Be 'Unreachable'
        Get-KoreSession | Should -BeNullOrEmpty
    }
}

Describe 'A connection that is called as a key' {
    BeforeAll {
        Disconnect-KorePlatform
        Connect-KorePlatform -Sandbox
        $script:gateway = [uri]::new((Get-KoreSession).BaseUri, '/').AbsoluteUri
    }

    It 'is tested, because it exists' {
        Add-ForeignConnection -Name 'sk-proj-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' -Model gpt-5.5
        Add-Answer 200 @{ id = 'gpt-5.5'; object = 'model' }
        Get-Connection sk-proj* | Test-ConnectionKey -ApiKey env:ACCEPTANCE_KEY -ProviderUri $gateway | ForEach-Object Verdict | Should -Be Valid
    }
}
