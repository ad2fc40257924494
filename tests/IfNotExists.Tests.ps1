BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $envelope = '{ "success": false, "error": { "code": "RESOURCE_CONFLICT", "message": "It exists" }, "meta": { "requestId": "req_1" } }'
    $nothing = @{ Method = 'GET'; Status = 200; Body = '{ "connections": [], "total": 0 }' }

    filter ConvertTo-Row {
        [pscustomobject]@{ Provider = 'OpenAI'; Name = $_; Model = 'gpt-5.5'; ApiKey = $key }
    }

    function Get-Created([string[]] $Name) {
        $Name.ForEach({ Get-SentBody OpenAI "{ ""connectionName"": ""$_"", ""model"": ""gpt-5.5"" }" })
    }
}

Describe 'New-Connection -IfNotExists' {
    BeforeEach {
        $null = Connect-TestSandbox
        $custom = Get-CustomApi
    }

    It 'sees what the same pipeline creates: <Names>' -ForEach @{ Names = 'Twin', 'twin'; Sent = 1 }, @{ Names = 'Twin', 'Twin'; Sent = 1 }, @{ Names = 'Twin', 'other', ' TWIN '; Sent = 2 } {
        $outcome = Get-CleanOutcome { $Names | ConvertTo-Row | New-Connection -IfNotExists }
        $outcome.Output.ConnectionName | Should -Be ($Names | ForEach-Object { $_ -eq 'other' ? 'other' : 'Twin' })
        $outcome.Output.Where({ $_.ConnectionName -eq 'Twin' }).ConnectionId | Select-Object -Unique | Should -HaveCount 1
        $outcome.Writes | Should -HaveCount $Sent
        $outcome.Requests | Should -HaveCount ($Sent + 1)
    }

    Context 'where n exists' {
        BeforeEach {
            $id = Add-Connection n
        }

        It 'emits it and sends nothing: <_>' -ForEach @(
            { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey $key -IfNotExists }
            { 'n' | ConvertTo-Row | New-Connection -IfNotExists }
            { 'n' | ConvertTo-Row | New-Connection -OpenAI -IfNotExists }
            { 'other' | ConvertTo-Row | New-Connection -IfNotExists -Name n }
        ) {
            $outcome = Get-CleanOutcome $_
            $outcome.Warnings | Should -BeNullOrEmpty
            $outcome.Output.ConnectionId | Should -Be $id
            $outcome.Requests.ForEach({ "$($_.Method) $($_.Target)" }) | Should -Be 'GET /api/public/connections'
        }

        It 'warns of another provider or model: <Of>' -ForEach @(
            @{ Of = { New-Connection -OpenAI -Name n -Model m -ApiKey $key -IfNotExists }; Saying = 'Open AI and model gpt-5.5, not Open AI and m' }
            @{ Of = { New-Connection -Anthropic -Name n -Model gpt-5.5 -ApiKey $key -IfNotExists }; Saying = 'not Anthropic and gpt-5.5' }
            @{ Of = { New-Connection @custom -IfNotExists }; Saying = 'not API and' }
            @{ Of = { New-Connection @custom -Model gpt-5.5 -IfNotExists }; Saying = 'not API and gpt-5.5' }
        ) {
            Assert-Outcome $Of -OutputCount 1 -WarningLike "*$Saying*" -WarningCount 1 -WriteCount 0
        }

        It 'takes a name that looks the same for the same, and says so: <_>' -ForEach 'N', ' n', "n`u{200B}", 'ｎ' {
            $outcome = Assert-Outcome { $_ | ConvertTo-Row | New-Connection -IfNotExists } -Name 'n' -WriteCount 0 -PassThru
            if ($_.Trim(" `u{200B}") -cne 'n') { "$($outcome.Warnings)" | Should -BeLike '*looks the same*' }
        }

        It 'warns of another provider where the listing was older' {
            Add-Fault $nothing
            Assert-Outcome { New-Connection -Anthropic -Name n -Model claude -ApiKey $key -IfNotExists } -OutputCount 1 -WarningLike '*not Anthropic and claude*'
        }

        It 'left out or false, a conflict is an error: <_>' -ForEach @(
            { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey $key }
            { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey $key -IfNotExists:$false }
            { 'n' | ConvertTo-Row | New-Connection }
        ) {
            $outcome = Get-Outcome $_
            $outcome.ErrorIds | Should -Be 'KoreConflict'
            $outcome.Requests.Method | Should -Be 'POST'
        }
    }

    It 'creates nothing where rows have no readable name: <Row>' -ForEach @(
        @{ Row = '"connectionId": "cn-1", "provider": "Open AI"' }
        @{ Row = '"connectionId": "cn-1", "connectionName": ""' }
        @{ Row = '"connectionId": "cn-1", "connectionName": ["n"]' }
        @{ Row = '"ConnectionId": "cn-1", "ConnectionName": "n"' }
    ) {
        Add-Fault @{ Method = 'GET'; Times = 0; Status = 200; Body = "{ ""connections"": [ { $Row }, { ""connectionId"": ""cn-2"", ""connectionName"": ""a"" } ], ""total"": 2 }" }
        $outcome = Get-Outcome { 'n', 'a' | ConvertTo-Row | New-Connection -IfNotExists }
        $outcome.ErrorIds | Should -Be 'KoreUnexpectedResponse'
        "$($outcome.Errors)" | Should -BeLike "*Could not determine whether 'n' exists: the platform returned 1 of 2 connections without a name. Nothing was created.*"
        $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*web UI*'
        $outcome.Output.ConnectionName | Should -Be 'a'
        $outcome.Writes | Should -BeNullOrEmpty
    }

    It 'creates nothing where a listing repeats one connection in the place of another' {
        $row = '{ "connectionId": "cn-1", "connectionName": "a" }'
        Add-Fault @{ Method = 'GET'; Times = 0; Status = 200; Body = "{ ""connections"": [ $row, $row ], ""total"": 2 }" }
        $outcome = Get-Outcome { 'n', 'a' | ConvertTo-Row | New-Connection -IfNotExists }
        $outcome.ErrorIds | Should -Be 'KoreUnexpectedResponse'
        "$($outcome.Errors)" | Should -BeLike "*whether 'n' exists: the platform reports 2 connections but returned only 1, some of them repeatedly. Nothing was created.*"
        $outcome.Output.ConnectionName | Should -Be 'a'
        $outcome.Writes | Should -BeNullOrEmpty
        Get-Connection -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        "$warnings" | Should -BeLike 'The listing is incomplete: *some of them repeatedly.'
    }

    It 'says that it created what the listing shows in its own way: <Row>' -ForEach @(
        @{ Row = '"provider": "Open AI"'; Warnings = 0 }
        @{ Row = '"model": "gpt-5.5"'; Warnings = 0 }
        @{ Row = '"model": "GPT-5.5"'; Warnings = 1 }
    ) {
        Add-Fault $nothing
        Add-Fault @{ Method = 'POST'; Status = 504; AfterWork = $true }
        Add-Fault @{ Method = 'GET'; Times = 0; Status = 200; Body = "{ ""connections"": [ { ""connectionId"": ""cn-1"", ""connectionName"": ""n"", $Row } ], ""total"": 1 }" }
        $outcome = Assert-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists } -WarningCount $Warnings -WriteCount 1 -PassThru
        $outcome.Output.ConnectionId, $outcome.Output.Existed | Should -Be 'cn-1', $false
        (Get-CleanOutcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists }).Warnings | Should -BeNullOrEmpty
    }

    It 'warns if the listing does not show that it is the same: <Row>' -ForEach @(
        @{ Row = ''; Saying = 'provider (not shown) and model (not shown), not Open AI and gpt-5.5.' }
        @{ Row = ', "model": "gpt-5.5"'; Saying = 'provider (not shown) and model gpt-5.5, not Open AI and gpt-5.5.' }
        @{ Row = ', "provider": "Open AI"'; Saying = 'provider Open AI and model (not shown), not Open AI and gpt-5.5.' }
        @{ Row = ', "provider": "Open AI", "model": "GPT-5.5"'; Saying = 'provider Open AI and model GPT-5.5, not Open AI and gpt-5.5.' }
    ) {
        Add-Fault @{ Method = 'GET'; Times = 0; Status = 200; Body = "{ ""connections"": [ { ""connectionId"": ""cn-1"", ""connectionName"": ""n"" $Row } ], ""total"": 1 }" }
        $outcome = Assert-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists } -WarningLike "'n' exists with $Saying" -WriteCount 0 -PassThru
        $outcome.Output.ConnectionId, $outcome.Output.Existed | Should -Be 'cn-1', $true
    }

    It 'emits the one that has the provider and the model, and names all ids: <Wanted> of <Listed>' -ForEach @(
        @{ Listed = 'n gpt-5.5', 'n gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-1'; Is = ' which has the provider'; Warnings = 1 }
        @{ Listed = 'n gpt-5.4', 'n gpt-5.5'; Wanted = 'n gpt-5.5'; Id = 'cn-2'; Is = ' which has the provider'; Warnings = 1 }
        @{ Listed = 'n gpt-5.3', 'n gpt-5.5', 'n gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-2'; Is = ' which has the provider'; Warnings = 1 }
        @{ Listed = 'n gpt-5.3', 'n gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-2'; Is = ''; Warnings = 2 }
        @{ Listed = 'n GPT-5.5', 'n gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-1'; Is = ''; Warnings = 2 }
        @{ Listed = 'n claude Anthropic', 'n gpt-5.5', 'n gpt-5.5 Anthropic'; Wanted = 'n gpt-5.5'; Id = 'cn-2'; Is = ' which has the provider'; Warnings = 1 }
        @{ Listed = 'N gpt-5.5', 'N gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-1'; Is = ' which has the provider'; Warnings = 2 }
        @{ Listed = 'N gpt-5.4', 'ｎ gpt-5.5'; Wanted = 'n gpt-5.5'; Id = 'cn-2'; Is = ' which has the provider'; Warnings = 2 }
        # Its own name comes first.
        @{ Listed = 'n gpt-5.4', 'N gpt-5.5'; Wanted = 'n gpt-5.5'; Id = 'cn-1'; Is = ''; Warnings = 2 }
        @{ Listed = 'n gpt-5.5', 'N gpt-5.4'; Wanted = 'n gpt-5.5'; Id = 'cn-1'; Warnings = 0 }
    ) {
        $number = 0
        $rows = $Listed.ForEach({
                $name, $model, $provider = $_ -split ' '
                '{{ "connectionId": "cn-{0}", "connectionName": "{1}", "model": "{2}", "provider": "{3}" }}' -f ++$number, $name, $model, ($provider ?? 'Open AI')
            }) -join ', '
        $name, $model = $Wanted -split ' '
        foreach ($isLate in $false, $true) {
            $null = Connect-TestSandbox
            if ($isLate) {
                Add-Fault $nothing
                Add-Fault @{ Method = 'POST'; Status = 409; Body = $envelope }
            }

            Add-Fault @{ Method = 'GET'; Times = 0; Status = 200; Body = "{ ""connections"": [ $rows ], ""total"": $number }" }
            # The same row twice: what the first found, the second finds too.
            $outcome = Get-CleanOutcome { 1..2 | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = $name; Model = $model; ApiKey = $key } } | New-Connection -IfNotExists }
            $outcome.Output.ConnectionId | Should -Be $Id, $Id
            $outcome.Output.Existed | Should -Be $true, $true
            $outcome.Writes | Should -HaveCount ([int]$isLate)
            $outcome.Warnings | Should -HaveCount (2 * $Warnings)
            $several = @($outcome.Warnings -match '^The platform has ')
            $several | Should -HaveCount ($null -eq $Is ? 0 : 2)
            foreach ($warning in $several) {
                $warning | Should -Match "^The platform has $number connections named 'n' or alike: cn-[0-9]"
                1..$number | ForEach-Object { $warning | Should -Match "cn-$_\b" }
                $warning | Should -BeLike "*The output is $Id$($Is ? ',' + $Is + '*' : '.')"
            }
        }
    }

    It 'takes a custom API without a model for the same' {
        $null = New-Connection @custom -Model some
        Assert-Outcome { New-Connection @custom -IfNotExists } -OutputCount 1 -WarningCount 0 -WriteCount 0
    }

    It 'costs many rows one listing' {
        $null = Add-Connection b, d
        $outcome = Assert-Creates { 'a', 'b', 'c', 'd' | ConvertTo-Row | New-Connection -IfNotExists } (Get-Created a, c) -PassThru
        $outcome.Output.ConnectionName | Should -Be 'a', 'b', 'c', 'd'
        $outcome.Requests.Where({ $_.Method -eq 'GET' }) | Should -HaveCount 1
    }

    It 'counts a conflict with <_> as existing' -ForEach n, N {
        # The listing is older than the connection that another made.
        $id = Add-Connection $_
        Add-Fault $nothing
        Add-Fault @{ Method = 'POST'; Status = 409; Body = $envelope }
        $outcome = Get-CleanOutcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists }
        $outcome.Output.ConnectionId | Should -Be $id
        $outcome.Requests.Method | Should -Be 'GET', 'POST', 'GET'
    }

    It 'counts a conflict after the work as existing' {
        Add-Fault @{ Method = 'POST'; Status = 409; Body = $envelope; AfterWork = $true }
        $outcome = Assert-Creates { 'n' | ConvertTo-Row | New-Connection -IfNotExists } (Get-Created n) -PassThru
        $outcome.Output.ConnectionName | Should -Be 'n'
    }

    It 'leaves a conflict that nothing explains an error' {
        Add-Fault @{ Method = 'POST'; Status = 409; Body = $envelope }
        Assert-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists } -ErrorId 'KoreConflict' -Target 'n' -OutputCount 0
    }

    It 'does not call a conflict one of the name if the listing after it has no such name: <Body>' -ForEach @(
        @{ Body = '{ "error": { "code": "RESOURCE_CONFLICT", "message": "It exists" } }' }
        @{ Body = '{ "error": { "code": "RESOURCE_CONFLICT", "message": "A connection with this name already exists" } }' }
        @{ Body = '' }
    ) {
        Add-Fault @{ Method = 'POST'; Status = 409; Body = $Body }
        $outcome = Get-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists }
        $outcome.ErrorIds | Should -Be 'KoreConflict'
        $failure = $outcome.Errors[0]
        "$failure" | Should -BeLike '*The platform reports a conflict, but lists no connection with this name (HTTP 409*'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeLike '*-IfNotExists*'
        $failure.Exception.StatusCode, $failure.Exception.Code | Should -Be 'Conflict', $($Body ? 'RESOURCE_CONFLICT' : $null)
        # A listing that is incomplete proves nothing.
        Add-Fault @{ Method = 'POST'; Status = 409; Body = $Body }
        Add-Fault $nothing
        Add-Fault @{ Method = 'GET'; Status = 200; Times = 0; Body = '{ "connections": [ { "connectionId": "cn-9" } ], "total": 1 }' }
        "$((Get-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists }).Errors)" | Should -BeLike '*A connection with this name already exists*'
    }

    It 'calls a conflict by its own reason: <Reason>' -ForEach @(
        'API key already used for this model.', 'The key is in use', 'Connection limit reached', 'The account is locked by another request', 'model name gpt-5.5 has this key',
        'Your key already belongs to deployment name x', 'This deployment already exists' | ForEach-Object { @{ Reason = $_; IsOther = $true } }
        'A connection named ''n'' exists already.', 'Connection name already exists', 'connectionName must be unique', 'Refused by name', 'Duplicate connection', '', 'It exists',
        'Resource already exists', 'n already exists in this account', 'Already exists: n', 'This connection already exists for the account' | ForEach-Object { @{ Reason = $_; IsOther = $false } }
    ) {
        $body = $Reason ? (@{ error = @{ code = 'RESOURCE_CONFLICT'; message = $Reason } } | ConvertTo-Json) : ''
        foreach ($way in { 'n' | ConvertTo-Row | New-Connection }, { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey $key }) {
            Add-Fault @{ Method = 'POST'; Status = 409; Body = $body }
            $failure = (Get-Outcome $way).Errors[0]
            "$failure" -like '*with this name already exists*' | Should -Be (-not $IsOther)
            $failure.ErrorDetails.RecommendedAction -like '*-IfNotExists*' | Should -Be (-not $IsOther)
            if ($IsOther) {
                "$failure" | Should -BeLike "*The new connection conflicts with an existing one (HTTP 409 RESOURCE_CONFLICT): $Reason*"
                $failure.ErrorDetails.RecommendedAction | Should -Be 'Correct what the message names.'
            }
        }
    }

    It 'creates nothing where it cannot list' {
        Add-Fault @{ Method = 'GET'; Status = 403; Times = 0 }
        Assert-Outcome { 'n' | ConvertTo-Row | New-Connection -IfNotExists } -ErrorId 'KoreForbidden' -WriteCount 0
    }

    It 'lists and writes nothing with -WhatIf' {
        $null = Add-Connection b
        $outcome = Get-CleanOutcome { 'a', 'b' | ConvertTo-Row | New-Connection -IfNotExists -WhatIf }
        $outcome.Output.ConnectionName | Should -Be 'b'
        $outcome.Requests.Method | Should -Be 'GET'
    }

    It 'lists nothing for what cannot be right: <Typed.Keys> = <Typed.Values>' -ForEach @{ ApiKey = '' }, @{ ApiKey = 'sk-***' }, @{ Name = '' } {
        $typed = $_
        Assert-Refuses { 'n' | ConvertTo-Row | New-Connection -IfNotExists @typed }
    }
}
