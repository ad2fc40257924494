BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox -MaximumRetryCount 0
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
    $null = New-Connection -OpenAI -Name Taken -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe 'Errors' {
    AfterEach {
        $null = Invoke-Sandbox faults -Method Delete
    }

    It 'are caught by id with -ErrorAction Stop, and say what to do' {
        try {
            New-Connection -OpenAI -Name Taken -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY -ErrorAction Stop
        } catch {
            $caught = $_
        }
        $caught.FullyQualifiedErrorId | Should -Be 'KoreConflict,KoreConnections.Commands.NewConnectionCommand'
        $caught.CategoryInfo.Category | Should -Be 'ResourceExists'
        $caught.TargetObject | Should -Be 'Taken'
        $caught.Exception | Should -BeOfType KoreConnections.KoreException
        $caught.Exception.StatusCode | Should -Be 'Conflict'
        $caught.Exception.Code | Should -Be 'RESOURCE_CONFLICT'
        $caught.Exception.RequestId | Should -BeLike 'req_*'
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*-IfNotExists*'
    }

    It 'are collected by -ErrorVariable, one per item, while the others go on' {
        $rows = 'One', 'Taken', '', 'Two' | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-4o'; ApiKey = 'env:ACCEPTANCE_KEY' } }
        $created = $rows | New-Connection -ErrorAction SilentlyContinue -ErrorVariable failures
        $created.ConnectionName | Should -Be 'One', 'Two'
        $failures.FullyQualifiedErrorId | ForEach-Object { ($_ -split ',')[0] } | Should -Be 'KoreConflict', 'KoreInvalidInput'
    }

    It 'have the id <Id> for status <Status>' -ForEach @(
        @{ Status = 400; Id = 'KoreInvalidRequest'; Category = 'InvalidOperation' }
        @{ Status = 401; Id = 'KoreUnauthorized'; Category = 'AuthenticationError' }
        @{ Status = 403; Id = 'KoreForbidden'; Category = 'PermissionDenied' }
        @{ Status = 404; Id = 'KoreConnectionNotFound'; Category = 'ObjectNotFound' }
        @{ Status = 409; Id = 'KoreConflict'; Category = 'ResourceExists' }
        @{ Status = 429; Id = 'KoreThrottled'; Category = 'LimitsExceeded' }
        @{ Status = 500; Id = 'KoreServerError'; Category = 'ResourceUnavailable' }
    ) {
        $null = Invoke-Sandbox faults -Method Post -Body @{ status = $Status }
        try {
            Get-Connection -ConnectionId cn-1 -ErrorAction Stop
        } catch {
            $caught = $_
        }
        $caught.FullyQualifiedErrorId | Should -Be "$Id,KoreConnections.Commands.GetConnectionCommand"
        $caught.CategoryInfo.Category | Should -Be $Category
        [int]$caught.Exception.StatusCode | Should -Be $Status
    }

    It 'have the id KoreUnexpectedResponse for <What>' -ForEach @(
        @{ What = 'a page of HTML'; Fault = @{ status = 200; body = '<html>Log in</html>'; contentType = 'text/html' } }
        @{ What = 'half an answer'; Fault = @{ truncateAt = 20 } }
        @{ What = 'nothing'; Fault = @{ status = 200; body = '' } }
        @{ What = 'another shape'; Fault = @{ status = 200; body = '[1]' } }
    ) {
        $null = Invoke-Sandbox faults -Method Post -Body $Fault
        { Get-Connection -ErrorAction Stop } | Should -Throw -ErrorId 'KoreUnexpectedResponse,*'
    }

    It 'name the host that a redirect points at, and do not follow it' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ status = 302; headers = @{ Location = 'https://elsewhere.example.com/login' } }
        { Get-Connection -ErrorAction Stop } | Should -Throw '*elsewhere.example.com*' -ErrorId 'KoreUnexpectedResponse,*'
    }

    It 'have the ids KoreUnreachable and KoreTimeout where no answer comes' {
        { Connect-KorePlatform http://localhost:1 -ApiKey env:ACCEPTANCE_KEY -MaximumRetryCount 0 -ErrorAction Stop } |
            Should -Throw -ErrorId 'KoreUnreachable,*'
        Connect-KorePlatform -Sandbox -TimeoutSec 1 -MaximumRetryCount 0
        try {
            $null = Invoke-Sandbox faults -Method Post -Body @{ delayMilliseconds = 10000 }
            { Get-Connection -ErrorAction Stop } | Should -Throw -ErrorId 'KoreTimeout,*'
        } finally {
            Disconnect-KorePlatform
            Connect-KorePlatform -Sandbox -MaximumRetryCount 0
        }
    }

    It 'hold no key, whichever way it came and whoever repeats it' {
        $key = 'made-up-and-never-shown-0123456789'
        $secure = [Net.NetworkCredential]::new('', $key).SecurePassword
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'POST'; times = 3; status = 400; body = "{""message"":""the key $key is not good""}" }
        $failures = & {
            [pscustomobject]@{ Provider = 'OpenAI'; Name = 'One'; Model = 'gpt-4o'; ApiKey = $key } | New-Connection
            New-Connection -OpenAI -Name Two -Model gpt-4o -ApiKey $secure
            New-Connection -CustomApi -Name Three -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = $key } -Payload @{ p = 1 } -OutputPath text
            New-Connection -CustomApi -Name Four -EndpointUrl nonsense -Header @{ 'x-api-key' = $key } -Payload @{ p = 1 } -OutputPath text
            [pscustomobject]@{ Provider = 'OpenAI'; Name = ''; Model = 'gpt-4o'; ApiKey = $key } | New-Connection
            [pscustomobject]@{ Provider = 'Nobody'; Name = 'Six'; Model = 'gpt-4o'; ApiKey = $key } | New-Connection
        } 2>&1
        $failures | Should -HaveCount 6
        [Management.Automation.PSSerializer]::Serialize($failures, 6) | Should -Not -Match $key
        $failures | Format-List * -Force | Out-String | Should -Not -Match $key
    }

    It 'and the log of -Verbose and -Debug hold no key' {
        $key = 'made-up-and-never-shown-0123456789'
        $env:ACCEPTANCE_LOGGED_KEY = $key
        try {
            $log = New-Connection -OpenAI -Name Logged -Model gpt-4o -ApiKey env:ACCEPTANCE_LOGGED_KEY -Verbose -Debug *>&1
        } finally {
            $env:ACCEPTANCE_LOGGED_KEY = $null
        }
        "$log" | Should -Match 'POST http'
        "$log" | Should -Match 'connectionName'
        "$log" | Should -Not -Match $key
    }
}
