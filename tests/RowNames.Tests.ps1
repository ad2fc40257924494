# Rows that name a connection and have no id, names that are mistyped, and columns that are missing.

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $env:ROWNAMES_KEY = 'sk-made-up-4f1c7a90e2b3MQAA'
}

Describe 'A row with a name alone' {
    BeforeEach {
        Connect-NewSandbox -WithSamples
    }

    It 'is the connection that has the name, found by one listing: <_>' -ForEach @(
        { $rows | Get-Connection }
        { $rows | Set-Connection -ApiKey env:ROWNAMES_KEY -PassThru -Force }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $rows | Update-ConnectionKey -ApiKey env:ROWNAMES_KEY -SkipVerification }
    ) {
        $command = $_
        foreach ($rows in @(
                , @([pscustomobject]@{ Name = 'Support desk' }, [pscustomobject]@{ Name = 'Search [prod]' })
                , @(@{ name = 'Support desk' }, @{ ConnectionName = 'Search [prod]' })
                , @("ConnectionName`nSupport desk`nSearch [prod]" | ConvertFrom-Csv)
            )) {
            $sent = Get-SentRequest { $script:outcome = Get-Outcome $command }
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Output.ConnectionName | Should -Be 'Support desk', 'Search [prod]'
            @($sent.Where({ $_.target -like '*/connections' })) | Should -HaveCount 1
        }
    }

    It 'that no connection or several have is that row''s error: <_>' -ForEach @(
        { $rows | Get-Connection }
        { $rows | Set-Connection -ApiKey env:ROWNAMES_KEY -PassThru }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $rows | Update-ConnectionKey -ApiKey env:ROWNAMES_KEY -SkipVerification | Where-Object Outcome -EQ Updated }
    ) {
        $rows = [pscustomobject]@{ Name = 'Suport desk' }, [pscustomobject]@{ Name = 'Search [prod]' }
        $outcome = Get-Outcome $_
        $outcome.Output.ConnectionName | Should -Be 'Search [prod]'
        $outcome.Errors | Should -HaveCount 1
        $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike 'KoreConnectionNotFound,*'
        "$($outcome.Errors[0])" | Should -BeLike "*There is no connection named 'Suport desk'. Did you mean 'Support desk'?"
    }

    It 'is found without the white space around it, as it is created: <_>' -ForEach @(
        { $row | Get-Connection }
        { $row | Set-Connection -ApiKey env:ROWNAMES_KEY -PassThru -Force }
        { $row | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $row | Update-ConnectionKey -ApiKey env:ROWNAMES_KEY -SkipVerification }
        { $row | Find-ConnectionIssue }
        { Get-Connection $row.Name }
    ) {
        $command = $_
        $null = New-Connection -OpenAI -Name ' Blank ' -Model gpt-4 -ApiKey env:ROWNAMES_KEY
        foreach ($row in [pscustomobject]@{ Name = ' Blank ' }, [pscustomobject]@{ Name = "Blank$([char]0xA0)" }) {
            $outcome = Get-Outcome $command
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Output.ConnectionName | Select-Object -Unique | Should -Be Blank
        }
    }

    It 'with both names is the connection of ConnectionName, whose alias Name is: <_>' -ForEach @(
        { $row | Get-Connection }
        { $row | Set-Connection -ApiKey env:ROWNAMES_KEY -PassThru -Force }
        { $row | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $row | Update-ConnectionKey -ApiKey env:ROWNAMES_KEY -SkipVerification }
        { $row | Find-ConnectionIssue -Rule KeyOld -MaximumKeyAgeDays 1 -AsOf (Get-Date).AddDays(9) }
    ) {
        $command = $_
        $both = @{ Name = 'Search [prod]'; ConnectionName = 'Support desk' }
        foreach ($row in [pscustomobject] $both, $both) {
            Assert-Outcome $command -Name 'Support desk'
        }
    }

    It 'has no suggestion where nothing is near' {
        { Get-Connection 'Quarterly report' -ErrorAction Stop } | Should -Throw "*There is no connection named 'Quarterly report'."
        { Get-Connection 'supportdesk' -ErrorAction Stop } | Should -Throw "*Did you mean 'Support desk'?"
    }
}

Describe 'A row with a name alone, or with nothing' {
    BeforeAll {
        Connect-KorePlatform -Sandbox -WithSamples
        $file = "$TestDrive/named.yaml"
    }

    It 'is the target of its error, and its number is in it: <_>' -ForEach @(
        { $rows | Get-Connection }
        { $rows | Get-Connection -Detailed }
        { $rows | Set-Connection -ApiKey env:ROWNAMES_KEY -WhatIf }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $rows | Update-ConnectionKey -ApiKey env:ROWNAMES_KEY -SkipVerification | Out-Null }
        { $rows | Find-ConnectionIssue }
    ) {
        $rows = 'Nobody', 'No one' | ForEach-Object { [pscustomobject]@{ Name = $_ } }
        $failed = (Get-Outcome $_).Errors
        $failed.TargetObject | Should -Be 'Nobody', 'No one'
        "$($failed[1])" | Should -BeLike "Row 2: There is no connection named 'No one'*"
    }

    It 'is skipped where it is empty: <_>' -ForEach @(
        { $rows | Get-Connection -Verbose 4>&1 }
        { $rows | Set-Connection -Verbose -WhatIf 4>&1 }
        { $rows | Find-ConnectionIssue -Verbose 4>&1 }
        { $rows | Export-Connection $file -Verbose 4>&1 }
    ) {
        $rows = "ConnectionName,ApiKey`nFinance,env:ROWNAMES_KEY`n,`n" | ConvertFrom-Csv
        $outcome = Get-Outcome $_
        $outcome.Errors | Should -BeNullOrEmpty
        "$($outcome.Output)" | Should -BeLike '*Row 2 is empty and was skipped.*'
        Remove-Item $file -ErrorAction Ignore
    }

    It 'says what is missing where it has a key alone: <_>' -ForEach { $row | Get-Connection }, { $row | Set-Connection }, { $row | Find-ConnectionIssue }, { $row | Export-Connection $file } {
        $row = [pscustomobject]@{ ApiKey = 'Correct7Horse9Battery' }
        $outcome = Get-Outcome $_
        "$($outcome.Errors)" | Should -BeLike '*-InputObject has neither a ConnectionId nor a Name*'
        "$($outcome.Errors | Format-List * -Force | Out-String)" | Should -Not -Match 'Correct7Horse'
    }

    It 'renames no column that is there, and empty: <_>' -ForEach 'Id', 'Name', 'connectionId ' {
        $row = ConvertFrom-Csv "$_,Model,Shape", ',gpt-5.5,round'
        $outcome = Get-Outcome { $row | Find-ConnectionIssue }
        "$($outcome.Errors[0])" | Should -BeLike "Row 1: *Its columns are '$($_.Trim())*"
        "$($outcome.Errors[0])" | Should -Not -Match 'Rename'
    }

    It 'names its columns and the nearest one where it has neither an id nor a name: <Of> of <Header>' -ForEach @(
        foreach ($cmdlet in { $row | Get-Connection }, { $row | Set-Connection -ApiKey env:ROWNAMES_KEY }, { $row | Test-ConnectionKey }, { $row | Update-ConnectionKey }, { $row | Find-ConnectionIssue }, { $row | Export-Connection $file }) {
            @{ Of = $cmdlet; Header = 'Provider,Connection Name,Model,Key'; Near = "'Connection Name' to ConnectionName" }
            @{ Of = $cmdlet; Header = 'Provider,Conection_Id,Model,ApiKey'; Near = "'Conection_Id' to ConnectionId" }
            @{ Of = $cmdlet; Header = 'Colour,Model,ApiKey,Shape' }
        }
    ) {
        # Of a row that has a provider, Test-ConnectionKey needs no name.
        if ("$Of" -match 'Test-' -and $Header -match '^Provider') { $Header = $Header -replace '^Provider', 'Vendor' }
        $row = ConvertFrom-Csv $Header, 'OpenAI,Correct7Horse9Battery,gpt-5.5,Correct7Horse9Battery'
        $outcome = Get-Outcome $Of
        $columns = ($Header -split ',').ForEach({ "'$_'" }) -join ', '
        "$($outcome.Errors[0])" | Should -BeLike "Row 1: *Its columns are $columns.$(if ($Near) { " Rename $Near." })*"
        "$($outcome.Errors | Format-List * -Force | Out-String)" | Should -Not -Match 'Correct7Horse'
        $outcome.Writes | Should -BeNullOrEmpty
    }

    It 'names its columns where a key of a new connection has none, and no others: <Header>' -ForEach @(
        @{ Header = 'Provider,Model,Key'; Said = "*-ApiKey is empty because the row has no column ApiKey. Its columns are 'Provider', 'Model', 'Key'. Rename 'Key' to ApiKey.*" }
        @{ Header = 'Provider,Modell,ApiKey'; Said = "*-Model is empty because the row has no column Model. *Rename 'Modell' to Model.*" }
    ) {
        $row = ConvertFrom-Csv $Header, 'OpenAI,gpt-5.5,env:ROWNAMES_KEY'
        "$((Get-Outcome { $row | Test-ConnectionKey }).Errors[0])" | Should -BeLike "Row 1: $Said"
    }

    It 'names the column that may have its key: <_>' -ForEach { $row | Update-ConnectionKey }, { $row | Test-ConnectionKey }, { $row | Set-Connection } {
        $of = $_
        foreach ($header in 'Name,Key', 'ConnectionName,Api Key') {
            $row = ConvertFrom-Csv $header, 'Finance,Correct7Horse9Battery'
            $failure = "$((Get-Outcome $of).Errors[0])"
            $name, $near = $header -split ','
            $failure | Should -BeLike "Row 1: *Its columns are '$name', '$near'. Rename '$near' to ApiKey.*"
            $failure | Should -Not -Match 'Correct7Horse'
        }
    }

    It 'has its number in an error of Export-Connection' {
        $rows = 'Finance', 'Nobody', 'Nothing' | ForEach-Object { [pscustomobject]@{ Name = $_ } }
        $outcome = Get-Outcome { $rows | Export-Connection $file }
        $outcome.Errors.ForEach({ "$_" -replace ':.*' }) | Should -Be 'Row 2', 'Row 3'
    }

    It 'is exported by its name, and nothing is written where one has none' {
        [pscustomobject]@{ Name = 'Finance' }, [pscustomobject]@{ ConnectionName = 'Support desk' } | Export-Connection $file
        (Get-Content $file -Raw) | Should -Match '(?s)name: Finance.*name: Support desk'
        Remove-Item $file
        $outcome = Get-Outcome { [pscustomobject]@{ Name = 'Finance' }, [pscustomobject]@{ Name = 'Nobody' } | Export-Connection $file }
        $outcome.Errors.TargetObject | Should -Be 'Nobody'
        $file | Should -Not -Exist
    }
}

Describe 'What a row lacks' {
    BeforeEach {
        Connect-NewSandbox -WithSamples
    }

    It 'is given beside it: a custom API with other headers' {
        $copy = Get-Connection 'Own model' -Detailed | New-Connection -Name Copy -Header @{ 'x-api-key' = 'env:ROWNAMES_KEY' }
        $copy.ConnectionName | Should -Be 'Copy'
        (Get-Connection -ConnectionId $copy.ConnectionId).EndpointUrl | Should -Be (Get-Connection 'Own model' -Detailed).EndpointUrl
        $copy = Get-Connection Finance -Detailed | New-Connection -Name 'Finance 2' -ApiKey env:ROWNAMES_KEY
        $copy.ConnectionName | Should -Be 'Finance 2'
    }

    It 'is said with what to pipe in place of it: <Name>' -ForEach @(
        @{ Name = 'Finance'; Missing = 'ResourceName' }
        @{ Name = 'Own model'; Missing = 'EndpointUrl' }
    ) {
        $key = if ($Name -eq 'Finance') { @{ ApiKey = 'env:ROWNAMES_KEY' } } else { @{ Header = @{ 'x-api-key' = 'env:ROWNAMES_KEY' } } }
        foreach ($command in { Get-Connection $Name | New-Connection -Name Copy @key }, { Get-Connection $Name | ConvertTo-Csv | ConvertFrom-Csv | New-Connection -Name Copy @key }) {
            $outcome = Get-Outcome $command
            "$($outcome.Errors[0])" | Should -BeLike "*-$Missing is empty because a listing does not include it. Pipe the complete connection: Get-Connection -Detailed."
            $outcome.Output | Should -BeNullOrEmpty
        }
    }

    It 'is a key, which the platform never returns: <_>' -ForEach { Get-Connection 'Support desk' | Test-ConnectionKey }, { Get-Connection 'Support desk' -Detailed | Test-ConnectionKey }, { Get-Connection Finance | Test-ConnectionKey } {
        "$((Get-Outcome $_).Errors[0])" | Should -BeLike '*needs a key, because the platform never returns the existing one. Use -ApiKey*'
    }

    It 'is said with the name once: <_>' -ForEach @(
        { Get-Connection 'Support desk' | Test-ConnectionKey }
        { Get-Connection 'Support desk' | Update-ConnectionKey }
        { [pscustomobject]@{ Name = 'Support desk' } | Test-ConnectionKey }
        { 'Support desk' | Test-ConnectionKey }
        { [pscustomobject]@{ Name = 'Support desk'; Provider = 'Anthropic'; ApiKey = 'env:ROWNAMES_KEY' } | Update-ConnectionKey }
        { [pscustomobject]@{ Name = 'Support desk'; Provider = 'Anthropic'; ApiKey = 'env:ROWNAMES_KEY' } | Set-Connection }
    ) {
        $outcome = Get-Outcome $_
        $outcome.Errors | Should -HaveCount 1
        ([regex]::Matches($outcome.Errors[0], 'Support desk')) | Should -HaveCount 1
    }

    It 'is said with the id once where there is no name: <_>' -ForEach @(
        { (Get-Connection 'Support desk').ConnectionId | Test-ConnectionKey }
        { (Get-Connection 'Support desk').ConnectionId | Update-ConnectionKey }
    ) {
        ([regex]::Matches((Get-Outcome $_).Errors[0], 'cn-')) | Should -HaveCount 1
    }

    It 'is a column, and the row''s own are named: <Header>' -ForEach @(
        @{ Header = 'Connection Name,Provider,Model,ApiKey'; Missing = 'Name'; Near = 'ConnectionName' }
        @{ Header = 'Name,Provider,Model,Key'; Missing = 'ApiKey'; Near = 'ApiKey' }
        @{ Header = 'Name,Provider,Modell,ApiKey'; Missing = 'Model'; Near = 'Model' }
        @{ Header = 'display_name,Provider,Model,ApiKey'; Missing = 'Name' }
    ) {
        Set-Content "$TestDrive/rows.csv" $Header, 'x,OpenAI,gpt-5.5,env:ROWNAMES_KEY'
        $outcome = Get-Outcome { Import-Csv "$TestDrive/rows.csv" | New-Connection }
        "$($outcome.Errors[0])" | Should -BeLike "Row 1:*-$Missing is empty because the row has no column $Missing. Its columns are 'display_name', *".Replace("'display_name'", "'$(($Header -split ',')[0])'")
        if ($Near) {
            "$($outcome.Warnings)" | Should -BeLike "*did you mean $Near`?*"
        }
    }
}

Describe 'Rows of several providers' {
    BeforeEach {
        Connect-NewSandbox -WithSamples
        $rows = 'ApiKey,Header,Provider,Name,Model,EndpointUrl,Payload,OutputPath',
        ',,OpenAI,Desk,gpt-5.5,,,',
        ',"{ ""x-api-key"": ""env:ROWNAMES_KEY"" }",API,Own,,https://llm.example.com/v1,"{ ""prompt"": ""{{prompt}}"" }",text' | ConvertFrom-Csv
    }

    It 'take the key or the headers, as their provider does: <_>' -ForEach @(
        { Get-Connection -Detailed | ForEach-Object { $_.ConnectionName += ' DR'; $_ } | New-Connection -ApiKey env:ROWNAMES_KEY -Header @{ 'x-api-key' = 'env:ROWNAMES_KEY' } }
        { $rows | New-Connection -ApiKey env:ROWNAMES_KEY }
        { $rows | New-Connection -ApiKey env:ROWNAMES_KEY -Header @{ 'x-api-key' = 'env:ROWNAMES_KEY' } }
        { $PSDefaultParameterValues = @{ 'New-Connection:ApiKey' = 'env:ROWNAMES_KEY' }; $rows | New-Connection }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY -Header @{ 'x-api-key' = 'env:ROWNAMES_KEY' } }
    ) {
        $outcome = Get-Outcome $_
        $outcome.Errors | Should -BeNullOrEmpty
        $outcome.Output.Provider | Select-Object -Unique | Should -Contain API
        $outcome.Output.Provider | Select-Object -Unique | Should -Contain 'Open AI'
    }

    It 'have no key where a custom API has no headers: <_>' -ForEach @(
        { $rows | New-Connection -ApiKey env:ROWNAMES_KEY }
        { $rows | New-Connection -ApiKey env:ROWNAMES_KEY -Header $null }
        { $rows | Test-ConnectionKey -ApiKey env:ROWNAMES_KEY }
    ) {
        $rows[1].Header = ''
        $outcome = Get-Outcome $_
        "$($outcome.Errors)" | Should -BeLike 'Row 2: Own: -ApiKey does not apply to a custom API*'
        $outcome.Output.Provider | Should -Be 'Open AI'
    }
}

Describe 'After a connect that failed' {
    It 'no advice is given that cannot work' {
        { Connect-KorePlatform http://localhost:1 -ApiKey env:PATH -MaximumRetryCount 0 -ErrorAction Stop } | Should -Throw
        $failure = Use-Variable @{ KORE_HOST = 'http://localhost:1'; KORE_API_KEY = 'made-up-4f1c7a90' } { { Get-Connection } | Should -Throw '*so there is no session.' -PassThru }
        $failure.ErrorDetails.RecommendedAction | Should -BeLike 'Connect with Connect-KorePlatform. Until that succeeds*'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeLike '*or set the environment variables*'
    }
}

Describe 'Errors that name what to do' {
    BeforeEach { Connect-NewSandbox -WithSamples }

    It 'of a custom API without a change name its parameters' {
        Get-Connection 'Own model' | Set-Connection -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike '*: There is nothing to change. For a custom API, use -Header for its key, or a parameter such as -Name or -EndpointUrl.'
    }

    It 'of a session by position name the parameter for it' {
        { Select-KoreSession (Get-KoreSession) -ErrorAction Stop } | Should -Throw '*not a string. Use -Session, or pipe it.'
    }

    It 'of a text that is not an id come with a result that names it' {
        $result = Update-ConnectionKey 'Support desk' env:ROWNAMES_KEY -ErrorAction SilentlyContinue
        $result.ConnectionId, $result.ConnectionName | Should -Be '', 'Support desk'
        (Update-ConnectionKey 'sk-LEAKCANARY-0123456789abcdef' env:ROWNAMES_KEY -ErrorAction SilentlyContinue).ConnectionName | Should -Not -Match 'CANARY'
    }
}
