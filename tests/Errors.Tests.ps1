BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
}

Describe 'Errors' {
    BeforeEach {
        $sandbox = Connect-TestSandbox -Connect @{ MaximumRetryCount = 0 }
        $null = Add-Connection Taken
    }

    It 'are caught by id with -ErrorAction Stop, and say what to do' {
        try {
            New-Connection -OpenAI -Name Taken -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -ErrorAction Stop
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

    It 'show no login in the place of <Place>, which is refused because it looks like a key: <Given>' -ForEach @(
        foreach ($given in 'admin:Zk9xQw7LmN2pRtUv8', 'acme:Zk9xQw7LmN2.pRtUv8', 'a:/Zk9xQw7LmN2pRtUv8', ' admin:Zk9xQw7LmN2pRtUv8 ', '/Zk9xQw7LmN2pRtUv8aBcD', 'Zk9xQw7LmN2pRtUv8aBcD') {
            @{ Given = $given; Place = 'an id'; Run = { Get-Connection -ConnectionId $Given } }
            @{ Given = $given; Place = 'an id'; Run = { Set-Connection $Given -ApiKey env:ACCEPTANCE_KEY } }
            @{ Given = $given; Place = 'an id'; Run = { [pscustomobject]@{ ConnectionId = $Given; ApiKey = 'env:ACCEPTANCE_KEY' } | Set-Connection } }
            @{ Given = $given; Place = 'an id'; Run = { [pscustomobject]@{ ConnectionId = $Given; ApiKey = 'env:ACCEPTANCE_KEY' } | Update-ConnectionKey -SkipVerification } }
            @{ Given = $given; Place = 'an id'; Run = { $Given | Test-ConnectionKey -ApiKey env:ACCEPTANCE_KEY } }
        }
        foreach ($given in 'admin:Zk9xQw7LmN2pRtUv8', ' admin:Zk9xQw7LmN2pRtUv8', 'Zk9xQw7LmN2pRtUv8aBcD') {
            @{ Given = $given; Place = 'a host'; Run = { Connect-KorePlatform $Given -ApiKey env:ACCEPTANCE_KEY } }
        }
    ) {
        $errors = @(& { $ErrorActionPreference = 'Continue'; & $Run } 2>&1 3>$null | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        $errors[0].Exception.Message | Should -BeLike '*looks like a key, so*'
        foreach ($record in $errors) {
            "$record $($record.TargetObject) $($record.CategoryInfo) $($record.ErrorDetails) $($record | Out-String)" | Should -Not -Match 'Zk9xQw7|pRtUv8'
        }
    }

    It 'show ids, names and paths as they were given: <Given>' -ForEach @(
        @{ Given = 'cn-00000000-0000-4000-8000-000000000000'; Run = { Get-Connection -ConnectionId $Given } }
        @{ Given = 'cn-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'; Run = { Select-KoreSession $Given } }
        @{ Given = 'Finance: EU'; Run = { Get-Connection -ConnectionId $Given } }
        @{ Given = 'team:desk'; Run = { Get-Connection -ConnectionId $Given } }
        @{ Given = 'team:desk'; Run = { New-Connection -OpenAI -Name $Given -Model '' -ApiKey env:ACCEPTANCE_KEY } }
        @{ Given = '/no/such/folder/of/2026/connections-of-desk.yaml'; Run = { Compare-Connection $Given } }
        @{ Given = 'platform-of-desk.invalid:8443'; Run = { Connect-KorePlatform "http://$Given" -ApiKey env:ACCEPTANCE_KEY } }
    ) {
        $errors = @(& { $ErrorActionPreference = 'Continue'; & $Run } 2>&1 3>$null | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        "$($errors[0]) $($errors[0].TargetObject)" | Should -BeLike "*$Given*"
        "$($errors[0].TargetObject)" | Should -Not -BeLike '`**'
    }

    It 'show no password of an address that is given to <Command>' -ForEach @(
        @{ Command = 'Connect-KorePlatform -HostName'; Run = { Connect-KorePlatform -HostName $_ -ApiKey env:ACCEPTANCE_KEY } }
        @{ Command = 'Connect-KorePlatform -Proxy'; Run = { Connect-KorePlatform -HostName platform.invalid -ApiKey env:ACCEPTANCE_KEY -MaximumRetryCount 0 -Proxy $_ } }
        @{ Command = 'Connect-KorePlatform -SandboxPath'; Run = { Connect-KorePlatform -Sandbox -SandboxPath $_ } }
        @{ Command = 'Test-ConnectionKey -ProviderUri'; Run = { Test-ConnectionKey -OpenAI -Model m -ApiKey env:ACCEPTANCE_KEY -ProviderUri $_ } }
        @{ Command = 'Test-ConnectionKey -InputObject'; Run = { $_ | Test-ConnectionKey -ApiKey env:ACCEPTANCE_KEY } }
        @{ Command = 'Update-ConnectionKey -ProviderUri'; Run = { Update-ConnectionKey cn-1 -ApiKey env:ACCEPTANCE_KEY -ProviderUri $_ } }
        @{ Command = 'New-Connection -EndpointUrl'; Run = { New-Connection -CustomApi -Name A -EndpointUrl $_ -Payload '{"p":"{{prompt}}"}' -OutputPath x } }
        @{ Command = 'New-Connection -ResourceName'; Run = { New-Connection -AzureOpenAI -Name A -Model m -ApiKey env:ACCEPTANCE_KEY -ResourceName $_ -DeploymentId d -ApiVersion 2024-06-01 } }
        @{ Command = 'New-Connection -InputObject'; Run = { [pscustomobject]@{ Name = $_; Provider = $_ } | New-Connection } }
        @{ Command = 'Set-Connection -ConnectionId'; Run = { Set-Connection -ConnectionId $_ -ApiKey env:ACCEPTANCE_KEY } }
        @{ Command = 'Get-Connection'; Run = { Get-Connection $_ } }
        @{ Command = 'Compare-Connection -Path'; Run = { Compare-Connection -Path $_ } }
        @{ Command = 'Export-Connection -Path'; Run = { Export-Connection -Path "$TestDrive/none/$_" } }
    ) {
        $forms = 'bob:hunter2secret@proxy:8080', 'bob:hun/ter2@proxy', 'http://bob:hunter2secret@pro xy', 'https://bob:hun/hunter2@gateway.example.com', 'http:/bob:hunter2@proxy', 'CORP\bob:hunter2#1@proxy', 'http://bob:hunter2@127.0.0.1:1'
        $shown = $forms | ForEach-Object {
            $Error.Clear()
            try { & $Run *>&1 | Out-String -Width 500 } catch { "$_" }
            $Error | ForEach-Object { ($_ | Format-List * -Force | Out-String -Width 500), $_.Exception.ToString(), "$($_.TargetObject) $($_.CategoryInfo) $($_.ErrorDetails)" }
        }
        $shown | Should -Not -BeNullOrEmpty
        "$shown" | Should -Not -Match 'hunter2|ter2@|hunter2#1'
    }

    It 'say that <Name> of <Command> has no value: a variable without one is no wish for a default' -ForEach @(
        @{ Command = 'Test-ConnectionKey'; Name = 'ProviderUri'; With = @{ ConnectionId = 'cn-1' } }
        @{ Command = 'Find-ConnectionIssue'; Name = 'ProviderUri'; With = @{ VerifyKey = $true } }
        @{ Command = 'Get-ProviderModel'; Name = 'ProviderUri'; With = @{ OpenAI = $true } }
        @{ Command = 'Sync-Connection'; Name = 'ProviderUri'; With = @{ VerifyKey = $true; Path = "$TestDrive/none.yaml" } }
        @{ Command = 'Update-ConnectionKey'; Name = 'ProviderUri'; With = @{ ConnectionId = 'cn-1' } }
        @{ Command = 'Update-ConnectionKey'; Name = 'ReportPath'; With = @{ ConnectionId = 'cn-1' } }
    ) {
        $with = $With + @{ $Name = $null }
        $failure = { & $Command @with -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'ParameterArgumentValidationError,*'
        $failure.Exception.ParameterName | Should -Be $Name
        { Update-ConnectionKey cn-1 -ApiKey env:ACCEPTANCE_KEY -PreviousHeader $null -ErrorAction Stop } | Should -Throw '*-PreviousHeader is empty*' -ErrorId 'KoreInvalidInput,*'
    }

    It 'are collected by -ErrorVariable, one per item, while the others go on' {
        $rows = 'One', 'Taken', '', 'Two' | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } }
        $created = $rows | New-Connection -ErrorAction SilentlyContinue -ErrorVariable failures
        $created.ConnectionName | Should -Be 'One', 'Two'
        $failures.FullyQualifiedErrorId | ForEach-Object { ($_ -split ',')[0] } | Should -Be 'KoreConflict', 'KoreInvalidInput'
    }

    It 'have the id <Id> for status <Status> with <Body>' -ForEach @(
        foreach ($answer in @(
                , @(400, 'VALIDATION_ERROR', 'KoreInvalidRequest', 'InvalidOperation')
                , @(401, 'UNAUTHORIZED', 'KoreUnauthorized', 'AuthenticationError')
                , @(401, 'API_KEY_EXPIRED', 'KoreUnauthorized', 'AuthenticationError')
                , @(401, 'API_KEY_REVOKED', 'KoreUnauthorized', 'AuthenticationError')
                , @(403, 'INSUFFICIENT_SCOPE', 'KoreForbidden', 'PermissionDenied')
                , @(404, 'NOT_FOUND', 'KoreConnectionNotFound', 'ObjectNotFound')
                , @(409, 'RESOURCE_CONFLICT', 'KoreConflict', 'ResourceExists')
                , @(429, 'RATE_LIMIT_EXCEEDED', 'KoreThrottled', 'LimitsExceeded')
                , @(500, 'INTERNAL_ERROR', 'KoreServerError', 'ResourceUnavailable')
                , @(503, 'SERVICE_UNAVAILABLE', 'KoreServerError', 'ResourceUnavailable')
            )) {
            $status, $code, $id, $category = $answer
            $body = "{""success"":false,""error"":{""code"":""$code"",""message"":""Told so"",""details"":{}},""meta"":{""requestId"":""req_7"",""timestamp"":""x""}}"
            @{ Status = $status; Body = $body; Id = $id; Category = $category; Code = $code; Message = 'Told so'; RequestId = 'req_7' }
        }
        @{ Status = 400; Body = '{"errors":[{"msg":"Told so","code":4002}]}'; Id = 'KoreInvalidRequest'; Category = 'InvalidOperation'; Code = '4002'; Message = 'Told so' }
        @{ Status = 422; Body = '{"error":"Told so"}'; Id = 'KoreInvalidRequest'; Category = 'InvalidOperation'; Message = 'Told so' }
        @{ Status = 502; Body = '{"message":"Told so"}'; Id = 'KoreServerError'; Category = 'ResourceUnavailable'; Message = 'Told so' }
        @{ Status = 502; Body = '<html>Bad gateway</html>'; Id = 'KoreServerError'; Category = 'ResourceUnavailable' }
        @{ Status = 400; Body = ''; Id = 'KoreInvalidRequest'; Category = 'InvalidOperation' }
        @{ Status = 408; Body = ''; Id = 'KoreTimeout'; Category = 'OperationTimeout' }
        '<html>Sign in</html>', '', '{"connectionId":"cn-1",', '[]' | ForEach-Object { @{ Status = 200; Body = $_; Id = 'KoreUnexpectedResponse'; Category = 'ProtocolError' } }
        @{ Status = 302; Body = ''; Id = 'KoreUnexpectedResponse'; Category = 'ProtocolError'; Shown = '*elsewhere.example.com*' }
    ) {
        Add-Fault @{ Status = $Status; Body = $Body; Headers = @{ Location = 'https://elsewhere.example.com/x' } }
        $failure = (Get-Outcome { Get-Connection -ConnectionId cn-1 }).Errors
        $failure.FullyQualifiedErrorId | Should -Be "$Id,KoreConnections.Commands.GetConnectionCommand"
        $failure.CategoryInfo.Category | Should -Be $Category
        $failure.TargetObject | Should -Be 'cn-1'
        $failure.Exception | Should -BeOfType KoreConnections.KoreException
        [int]$failure.Exception.StatusCode | Should -Be $Status
        $failure.Exception.Code, $failure.Exception.ServerMessage, $failure.Exception.RequestId | Should -Be @($Code, $Message, $RequestId)
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$failure" | Should -BeLike ($Shown ?? "*$Message*")
    }

    It 'do not repeat what a server says in other words, and keep it as ServerMessage: <Status> <Words>' -ForEach @(
        foreach ($words in 'The API key lacks the scope View Connections.', 'API key lacks required scope: View Connections', 'Insufficient permissions', 'You need the scope View Connections.', 'Access denied') { @{ Status = 403; Code = 'INSUFFICIENT_SCOPE'; Words = $words } }
        @{ Status = 401; Code = 'API_KEY_EXPIRED'; Words = 'The API key is expired.' }
        @{ Status = 401; Code = 'API_KEY_REVOKED'; Words = 'API key revoked' }
        @{ Status = 401; Code = 'UNAUTHORIZED'; Words = 'Invalid API key' }
        @{ Status = 403; Code = 'INSUFFICIENT_SCOPE'; Words = 'The account is suspended.'; Adds = $true }
        @{ Status = 403; Code = 'FORBIDDEN'; Words = 'The API app is disabled.'; Adds = $true }
        @{ Status = 401; Code = 'UNAUTHORIZED'; Words = 'The API key is expired.'; Adds = $true }
        @{ Status = 401; Code = 'API_KEY_EXPIRED'; Words = 'The API key is expired since May.'; Adds = $true }
    ) {
        Add-Fault @{ Status = $Status; Body = ConvertTo-Json @{ error = @{ code = $Code; message = $Words } } }
        $failure = (Get-Outcome { Get-Connection -ConnectionId cn-1 }).Errors[0]
        "$failure".Contains($Words.TrimEnd('.')) | Should -Be ([bool]$Adds) -Because "$failure"
        $failure.Exception.ServerMessage | Should -Be $Words
    }

    It 'have the id KoreInvalidInput and the parameter <Parameter>: <Of>' -ForEach @(
        @{ Of = { Get-Connection -Provider '' }; Parameter = 'Provider' }
        @{ Of = { Get-Connection -Limit 0 }; Parameter = 'Limit' }
        @{ Of = { Get-Connection -ConnectionId 'a b' }; Parameter = 'ConnectionId' }
        @{ Of = { New-Connection -OpenAI -Name '' -Model m -ApiKey sk-0123456789 }; Parameter = 'Name' }
        @{ Of = { New-Connection -OpenAI -Name n -Model m -ApiKey 'sk-***************' }; Parameter = 'ApiKey' }
        @{
            Of        = { New-Connection -AzureOpenAI -Name n -Model m -ApiKey k0123456 -ResourceName https://r.openai.azure.com -DeploymentId d -ApiVersion 2024-06-01 }
            Parameter = 'ResourceName'
        }
        @{ Of = { Set-Connection cn-1 -EndpointUrl ftp://x }; Parameter = 'EndpointUrl' }
        @{ Of = { @{ Name = 'n' } | New-Connection }; Parameter = 'InputObject' }
    ) {
        Assert-Refuses $Of $Parameter
        $failure = (Get-Outcome $Of).Errors
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failure.Exception.ParameterName | Should -Be $Parameter
    }

    It 'name the scope that is missing: <Of>' -ForEach @(
        @{ Of = { Get-Connection }; Missing = 'View Connections'; Held = 'Manage Connections' }
        @{ Of = { New-Connection -OpenAI -Name n -Model m -ApiKey sk-0123456789 }; Missing = 'Manage Connections'; Held = 'View Connections' }
        @{ Of = { Set-Connection cn-1 -ApiKey sk-0123456789 }; Missing = 'Manage Connections'; Held = 'View Connections' }
    ) {
        Connect-KorePlatform $sandbox.BaseUri $sandbox.Keys.Issue([string[]]$Held) -SkipVerification
        $outcome = Assert-Outcome $Of -ErrorId 'KoreForbidden' -ErrorLike "*'$Missing'*" -PassThru
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike "*'$Missing'*"
    }

    It 'have the id KoreUnreachable where nothing answers: <_>' -ForEach 'http://127.0.0.1:1/api/public', 'https://no-such-host.invalid' {
        $failure = { Connect-KorePlatform $_ kg-0123456789 -MaximumRetryCount 0 -ErrorAction Stop } |
            Should -Throw -ErrorId 'KoreUnreachable,KoreConnections.Commands.ConnectKorePlatformCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.TargetObject | Should -Be $_
    }

    It 'have the id KoreTimeout where the answer takes too long' {
        $null = Connect-TestSandbox -Connect @{ MaximumRetryCount = 0; TimeoutSec = 1 }
        Add-Fault @{ DelayMilliseconds = 5000 }
        (Get-Outcome { Get-Connection }).ErrorIds | Should -Be 'KoreTimeout'
    }

    It 'end the pipeline where the session <What>' -ForEach @(
        @{ What = 'has ended'; Id = 'KoreNotConnected'; Before = { Disconnect-KorePlatform } }
        @{ What = 'has a key that is refused'; Id = 'KoreUnauthorized'; Before = { Add-Fault @{ Status = 401; Times = 0 } } }
    ) {
        & $Before
        # Only an error that ends the pipeline reaches a catch without -ErrorAction Stop.
        { 'cn-1', 'cn-2', 'cn-3' | Get-Connection } | Should -Throw -ErrorId "$Id,*"
    }

    It 'of another kind leave the next item its turn' {
        Add-Fault @{ Status = 403; Times = 0 }
        (Get-Outcome { 'cn-1', '', 'cn-3' | Get-Connection }).ErrorIds | Should -Be 'KoreForbidden', 'KoreInvalidInput', 'KoreForbidden'
    }

    It 'name their item once: <Shown>' -ForEach @(
        @{ Of = { [pscustomobject]@{ Provider = 'OpenAI'; Name = 'Desk'; Model = 'm'; ApiKey = '' } | New-Connection }; Shown = 'Row 1: Desk: -ApiKey is empty*' }
        @{ Of = { New-Connection -OpenAI -Name Desk -Model m -ApiKey '***' }; Shown = 'Desk: -ApiKey is a mask*' }
        @{ Of = { Get-Connection -ConnectionId cn-1 }; Shown = "localhost has no connection 'cn-1'*" }
        @{ Of = { 'Finance' | Get-Connection }; Shown = "localhost has no connection with the id 'Finance'*" }
        @{ Of = { Get-Connection Nobody }; Shown = "There is no connection named 'Nobody'*" }
        @{ Of = { Test-ConnectionManifest "$TestDrive/none.yaml" }; Shown = "-Path '*none.yaml'*" }
        @{ Of = { 'connections: [a]' > "$TestDrive/list.yaml"; Compare-Connection "$TestDrive/list.yaml" }; Shown = "$TestDrive*list.yaml:1:15: connections*" }
    ) {
        $errors = (Get-Outcome $Of).Errors
        $errors | Should -HaveCount 1
        "$errors" | Should -BeLike $Shown
    }

    It 'name their item where its name is a word of the message too: <Name>' -ForEach @(
        foreach ($name in 'Key', 'a', 'ApiKey', 'empty', 'is') { @{ Name = $name; Given = @{ ApiKey = '' }; Message = '-ApiKey is empty*' } }
        foreach ($name in 'Model', 'gpt', 'line') { @{ Name = $name; Given = @{ Model = "gpt`nx" }; Message = '-Model *' } }
        foreach ($name in 'host', 'localhost', 'HTTP', 'POST', '500') { @{ Name = $name; Fault = @{ Status = 500; Body = '{"message":"Told so"}' }; Message = 'localhost failed*' } }
        foreach ($name in 'Told', 'request') { @{ Name = $name; Fault = @{ Status = 400; Body = '{"message":"Told ''Told'' so"}' }; Message = 'localhost rejected the request*' } }
    ) {
        if ($Fault) { Add-Fault $Fault }
        $row = @{ Provider = 'OpenAI'; Name = $Name; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } + @{}
        foreach ($property in $Given.Keys) { $row[$property] = $Given[$property] }
        $errors = (Get-Outcome { [pscustomobject]$row | New-Connection }).Errors
        $errors | Should -HaveCount 1
        "$errors" | Should -BeLike "Row 1: ${Name}: $Message"
        $errors.TargetObject | Should -Be $Name
    }

    It 'pass on Retry-After' {
        Add-Fault @{ Status = 429; Headers = @{ 'Retry-After' = '17' } }
        (Get-Outcome { Get-Connection }).Errors.Exception.RetryAfter.TotalSeconds | Should -Be 17
    }

    It 'advise to look for a change only after a request that changes: <Fault.Status>' -ForEach @(
        @{ Fault = @{ status = 500; times = 9 } }, @{ Fault = @{ status = 499; times = 9 } }, @{ Fault = @{ status = 302; headers = @{ Location = 'https://x.example' }; times = 9 } }, @{ Fault = @{ status = 200; body = '<html>'; times = 9 } }
    ) {
        $id = Add-Connection Desk
        $advice = '*check with Get-Connection whether it was made*'
        Add-Fault ($Fault + @{ method = 'GET' })
        $failure = (Get-Outcome { Get-Connection }).Errors[0]
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeLike $advice
    }

    It 'say that an id looks like a name' {
        $outcome = Get-Outcome { Set-Connection Desk sk-0123456789 }
        $outcome.ErrorIds | Should -Be 'KoreConnectionNotFound'
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*Get-Connection NAME*'
    }

    It 'say that an address is not the API''s: <_>' -ForEach 'builder/app', 'api/public/connections' {
        $address = [uri]::new($sandbox.BaseUri, "/$_")
        $failure = { Connect-KorePlatform $address $sandbox.Keys.Issue() -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidRequest,*' -PassThru
        $failure.Exception.Message | Should -BeLike "*has no Connections API at /$_/connections*"
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*https://HOST/api/public*'
    }

    It 'say that a platform does not offer changes of custom APIs: <_>' -ForEach @(
        { Set-Connection $id -Status FINALIZED }
        { Set-Connection $id -Replace -Name c -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath a }
    ) {
        $null = Connect-TestSandbox @{ Generation = 'First' }
        $id = (New-Connection -CustomApi -Name c -EndpointUrl https://x.example.com -Payload @{ p = '{{prompt}}' } -OutputPath a).ConnectionId
        (Get-Outcome $_).Errors.ErrorDetails.RecommendedAction | Should -BeLike '*this platform does not seem to support changes of custom APIs (P*). Use the platform''s web UI.*' -Because 'it may be another product'
    }
}

Describe 'A row that PowerShell made one text of' {
    BeforeAll {
        # No known shape of a key, so that no mask can help.
        $row = [pscustomobject]@{ Provider = 'OpenAI'; ConnectionId = 'cn-1'; Name = 'x'; Note = "two`nlines"; ApiKey = 'Tulip9' }
        $rows = [Collections.Generic.List[object]]@($row, $row)
        Push-Location $TestDrive
    }

    BeforeEach { Connect-KorePlatform -Sandbox -WithSamples }

    AfterAll { Pop-Location }

    It 'is refused, and nothing of it is in an error, an output or a file: <_>' -ForEach @(
        { New-Connection -OpenAI -Name "$row.Name" -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY }
        { New-Connection -OpenAI -Name $row -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY }
        { New-Connection -OpenAI -Name n -Model "$row.Model" -ApiKey env:ACCEPTANCE_KEY }
        { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey "$row.ApiKey" }
        { $row | New-Connection -Name $row }
        { [pscustomobject]@{ Provider = 'OpenAI'; Name = "$row.Name"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } | New-Connection }
        { Test-ConnectionKey -OpenAI -Name "$row.Name" -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY }
        { Set-Connection "$row.ConnectionId" env:ACCEPTANCE_KEY }
        { Get-Connection -ConnectionId "$row.ConnectionId" }
        { Get-Connection "$row.Name" }
        { Get-Connection -Name $rows }
        { Get-Connection -Provider $row }
        { [pscustomobject]@{ Name = "$row.Name" } | Get-Connection }
        { [pscustomobject]@{ ConnectionId = "$row.ConnectionId" } | Set-Connection -ApiKey env:ACCEPTANCE_KEY }
        { Find-ConnectionIssue "$row.ConnectionId" }
        { Find-ConnectionIssue -ManifestPath "$row.Path" }
        { Update-ConnectionKey "$row.ConnectionId" env:ACCEPTANCE_KEY }
        { Get-Connection Finance | Update-ConnectionKey -ApiKey env:ACCEPTANCE_KEY -ReportPath $row -SkipVerification }
        { Export-Connection "$row.yaml" }
        { Export-Connection a.yaml -Name $row }
        { Export-ConnectionReport "$row.html" }
        { Export-ConnectionReport a.html -Title $row }
        { Compare-Connection "$row.yaml" }
        { Get-KeySource $row }
        { Select-KoreSession "$row.Host" }
        { Connect-KorePlatform "$row.Host" env:ACCEPTANCE_KEY }
        { Connect-KorePlatform -Sandbox -SandboxPath $row }
    ) {
        $output = @(try { & $_ *>&1 } catch { $_ })
        $errors = @($output.Where({ $_ -is [Management.Automation.ErrorRecord] }))
        $errors | Should -Not -BeNullOrEmpty
        foreach ($record in $errors) {
            $record.FullyQualifiedErrorId | Should -BeLike 'Kore*'
            "$($record.TargetObject) $($record.CategoryInfo) $($record.Exception)" | Should -Not -Match 'Tulip|two'
        }

        $output | Out-String -Width 500 | Should -Not -Match 'Tulip'
        (Get-ChildItem $TestDrive).Name | Should -Not -Match 'Tulip'
    }

    It 'is no fault in a text that has a brace or an at sign: <_>' -ForEach 'a@{b}', 'x={a}', 'ops@team={on call}' {
        (New-Connection -OpenAI -Name $_ -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY).ConnectionName | Should -Be $_
    }
}

Describe 'A thousand failures' {
    # Each was searched for the keys of all rows before it, so that 1,600 of them took eight minutes.
    It 'cost no more each than a hundred do' {
        $nowhere = Connect-KorePlatform http://127.0.0.1:1/api/public kg-made-up-0123456789 -SkipVerification -MaximumRetryCount 0 -PassThru
        $bytesEach = foreach ($count in 100, 100, 1000) {
            $before = [GC]::GetTotalAllocatedBytes($true)
            1..$count | ForEach-Object { @{ Provider = 'OpenAI'; Name = "N$_"; Model = 'gpt-5.5'; ApiKey = 'sk-made-up-0123456789MQAA' } } |
                New-Connection -Session $nowhere -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed | Should -HaveCount $count
            ([GC]::GetTotalAllocatedBytes($true) - $before) / $count
        }
        Disconnect-KorePlatform -Session $nowhere
        $bytesEach[2] | Should -BeLessThan (2 * $bytesEach[1])
    }
}

Describe 'A name that the platform or the module has' {
    BeforeAll {
        $null = Connect-TestSandbox -Connect @{ MaximumRetryCount = 0 }
        $names = 'kore-llm-prod-eastus2-01-a1b2c3d4', 'support-a1b2c3d4e5f6a7b8', 'kv_openai_7f3a9c2e_prod'
        $null = Add-Connection $names
    }

    It 'is shown: <_>' -ForEach 'kore-llm-prod-eastus2-01-a1b2c3d4', 'support-a1b2c3d4e5f6a7b8', 'kv_openai_7f3a9c2e_prod' {
        "$((Get-Outcome { Get-Connection "$($_)x" }).Errors)" | Should -BeLike "*Did you mean '$_'?"
        $taken = (Get-Outcome { [pscustomobject]@{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } | New-Connection }).Errors
        "$taken" | Should -BeLike "Row 1: ${_}: *"
        $taken.TargetObject | Should -BeExactly $_
        $gone = Get-Connection $_
        $gone.ConnectionId = 'cn-11111111-1111-1111-1111-111111111111'
        foreach ($of in { $gone | Get-Connection }, { $gone | Set-Connection -ApiKey env:ACCEPTANCE_KEY }, { $gone | Update-ConnectionKey -ApiKey env:ACCEPTANCE_KEY -SkipVerification }) {
            "$((Get-Outcome $of).Errors)" | Should -BeLike "*$_ (cn-11111111-1111-1111-1111-111111111111): *" -Because "$of"
        }
    }

    It 'is shown as a variable: <_>' -ForEach 'LLM_GATEWAY_KEY_V2_A1B2', 'OpenAIKeyProd2026', 'kv_openai_7f3a9c2e', 'KORE_KEY_B_PAYLOAD_S_1C415FE7', 'OPENAI_KEY' {
        "$((Get-Outcome { New-Connection -OpenAI -Name v -Model gpt-5.5 -ApiKey "env:$_" }).Errors)" | Should -BeLike "*refers to the environment variable '$_', which is not set or empty*"
        foreach ($key in "apiKey: 'env:$_'", "apiKey: '`${env:$_}'") {
            Set-Content "$TestDrive/v.yaml" "connections:`n  - { provider: OpenAI, name: v, model: gpt-5.5, $key }`n  - { provider: OpenAI, name: w, model: gpt-5.5, apiKey: env:UNSET }"
            "$((Get-Outcome { Compare-Connection "$TestDrive/v.yaml" }).Warnings) $((Get-Outcome { Compare-Connection "$TestDrive/v.yaml" -RequireKey }).Errors)" | Should -Not -Match '\*\*\*'
        }
    }

    It 'is not what may be a key: <_>' -ForEach 'sk-proj-AbCd1234EfGh5678IjKl', 'a1b2c3d4e5f6a7b8c9d0e1f2', 'AbCd1234EfGh5678IjKl9012Mn', 'gsk_AbCd1234EfGh5678IjKl9012', 'Zx9_Yw8Vu7Ts6Rq5_Po4Nm3Lk2', 'q8Zr3Tn6Wb1Xk5Vd9Mf2Hs7Lp4Gc0Jy' {
        foreach ($of in { New-Connection -OpenAI -Name v -Model gpt-5.5 -ApiKey "env:$_" }, { Get-Connection $_ -ErrorAction Continue }, { @{ Name = $_ } | Update-ConnectionKey -ApiKey env:ACCEPTANCE_KEY }) {
            $said = (Get-Outcome $of).Errors
            "$said $($said.TargetObject)" | Should -Not -Match $_ -Because "$of"
        }
    }
}
