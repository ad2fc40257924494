# What a row may look like for each cmdlet alike: names of columns with white space, objects of a class, rows of a database, properties that fail.

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $env:ROWFORMS_KEY = 'sk-made-up-4f1c7a90e2b3MQAA'

    class FormRow {
        [string] $Name
        [string] $ConnectionId
        [string] $Provider
        [string] $ApiKey
    }

    class BrokenList : Collections.IEnumerable {
        [Collections.IEnumerator] GetEnumerator() { throw 'Correct7Horse9Battery' }
    }

    function Get-DataRow([Collections.IDictionary[]] $Row) {
        $table = [Data.DataTable]::new()
        $Row[0].Keys | ForEach-Object { $null = $table.Columns.Add($_) }
        $Row | ForEach-Object { $null = $table.Rows.Add(@($_.Values | ForEach-Object { $_ ?? [DBNull]::Value })) }
        , $table.Rows
    }

    function Add-Failing([object] $Row, [string] $Name) {
        $Row | Add-Member ScriptProperty $Name { throw 'Correct7Horse9Battery' } -PassThru
    }

    # No key was changed, and nothing created.
    function Assert-NoChange([scriptblock] $Script) {
        $script:outcome = $null
        $sent = Get-SentRequest { $script:outcome = Get-Outcome $Script }
        $sent.Where({ $_.method -ne 'GET' }) | Should -BeNullOrEmpty
        $script:outcome
    }
}

Describe 'A row of any form' {
    BeforeEach {
        Connect-NewSandbox -WithSamples
        $desk = (Get-Connection 'Support desk').ConnectionId
    }

    Context 'with a provider that is unknown' {
        It 'changes no key: <Provider> in <Of>' -ForEach @(
            foreach ($provider in 'Anthropik', 'Google', 'azure') {
                { [pscustomobject]@{ Name = 'Support desk'; Provider = $Provider; ApiKey = 'env:ROWFORMS_KEY' } | Set-Connection },
                { [pscustomobject]@{ ConnectionId = $desk; Provider = $Provider; ApiKey = 'env:ROWFORMS_KEY' } | Set-Connection },
                { [pscustomobject]@{ ConnectionId = $desk; Provider = $Provider } | Set-Connection -ApiKey env:ROWFORMS_KEY -WhatIf },
                { @{ Name = 'Support desk'; Provider = $Provider } | Set-Connection -ApiKey env:ROWFORMS_KEY },
                { Set-Connection $desk env:ROWFORMS_KEY -Provider $Provider },
                { Get-Connection 'Support desk' | Set-Connection -ApiKey env:ROWFORMS_KEY -Provider $Provider } | ForEach-Object { @{ Of = $_; Provider = $provider } }
            }
        ) {
            $outcome = Assert-NoChange $Of
            $outcome.ErrorIds | Should -Be 'KoreInvalidInput'
            "$($outcome.Errors)" | Should -BeLike "*-Provider '$Provider' is not valid. Accepted values: Open AI, Azure Open AI, Anthropic, API*"
        }

        It 'changes the key of a connection of which the platform says so' {
            $id = (Get-Connection Finance).ConnectionId
            $google = Get-Connection Finance
            $google.Provider = 'Google'
            (Get-CleanOutcome { $google | Set-Connection -ApiKey env:ROWFORMS_KEY -PassThru }).Output.ConnectionId | Should -Be $id
        }
    }

    It 'of another provider changes no key: <_>' -ForEach @(
        { "Name,Provider ,ApiKey`nSupport desk,Anthropic,env:ROWFORMS_KEY" | ConvertFrom-Csv | Set-Connection }
        { "ConnectionId , Provider,ApiKey`n$desk,Anthropic,env:ROWFORMS_KEY" | ConvertFrom-Csv | Set-Connection }
        { @{ Name = 'Support desk'; Provider = 'Anthropic' } | Set-Connection -ApiKey env:ROWFORMS_KEY }
        { [FormRow]@{ Name = 'Support desk'; Provider = 'Anthropic'; ApiKey = 'env:ROWFORMS_KEY' } | Set-Connection }
        { (Get-DataRow @{ Name = 'Support desk'; Provider = 'Anthropic'; ApiKey = 'env:ROWFORMS_KEY' }) | Set-Connection }
        { Get-Connection 'Support desk' | Set-Connection -ApiKey env:ROWFORMS_KEY -Provider Anthropic }
        { "Name,Provider `nOwn model,Anthropic" | ConvertFrom-Csv | Set-Connection -Model m }
    ) {
        $outcome = Assert-NoChange $_
        $outcome.ErrorIds | Should -Be 'KoreInvalidInput'
        "$($outcome.Errors)" | Should -Match 'but the row has Anthropic|provider is .Anthropic|Provider is .Anthropic'
    }

    It 'keeps its guards beside an id that is computed or typed: <_>' -ForEach @(
        { [pscustomobject]@{ ConnectionId = $desk; ApiKey = 'env:ROWFORMS_KEY'; Provider = 'Anthropic' } | Set-Connection -ConnectionId { $_.ConnectionId } }
        { [pscustomobject]@{ x = $desk; ApiKey = 'env:ROWFORMS_KEY'; Provider = 'Anthropic' } | Set-Connection -ConnectionId { $_.x } }
        { [pscustomobject]@{ ConnectionName = 'Contract review'; ApiKey = 'env:ROWFORMS_KEY'; Provider = 'Anthropic' } | Set-Connection -ConnectionId $desk }
        { [pscustomobject]@{ ConnectionName = 'Support desk'; ApiKey = $env:ROWFORMS_KEY } | Set-Connection -ApiKey { 1; 2 } }
        { [pscustomobject]@{ x = $desk; ' ApiKey' = $env:ROWFORMS_KEY; Provider = 'Anthropic' } | Set-Connection -ConnectionId { $_.x } }
        { $env:ROWFORMS_KEY | Set-Connection $desk }
    ) {
        $outcome = Assert-NoChange $_
        $outcome.Errors.Exception | Should -BeOfType KoreConnections.KoreException
        "$($outcome.Errors | Select-Object * | Format-List * -Force | Out-String) $($outcome.Errors.TargetObject)" | Should -Not -Match $env:ROWFORMS_KEY
    }

    It 'that is given by the name of the parameter is refused with what to omit' {
        $outcome = Assert-NoChange { Set-Connection -ConnectionId $desk -InputObject (Get-Connection 'Support desk') -ApiKey env:ROWFORMS_KEY }
        "$($outcome.Errors)" | Should -BeLike '*only the key can be changed. Omit -InputObject.'
    }

    It 'leaves its provider and its key to no other: <_>' -ForEach @(
        { 'Support desk', 'Contract review' | ForEach-Object { [pscustomobject]@{ Name = $_; ApiKey = "env:$($_.Split()[0])_KEY" } } | Set-Connection -PassThru }
        { @("Name,ApiKey ", 'Support desk,env:Support_KEY', 'Contract review,env:Contract_KEY' | ConvertFrom-Csv) | Set-Connection -PassThru }
    ) {
        $env:Support_KEY, $env:Contract_KEY = $env:ROWFORMS_KEY, 'sk-ant-made-up-4f1c7a90e2b3MQAB'
        (Get-CleanOutcome $_).Output.ConnectionName | Should -Be 'Support desk', 'Contract review'
        (Get-Outcome { [pscustomobject]@{ Name = 'Support desk'; ApiKey = 'env:Support_KEY' }, [pscustomobject]@{ Name = 'Contract review' } | Set-Connection }).ErrorIds |
            Should -Be 'InputObjectMissingMandatory'
        $env:Support_KEY, $env:Contract_KEY = $null, $null
    }

    It 'is the connection that it names: <_>' -ForEach @(
        { "Name ,ApiKey`nSupport desk,env:ROWFORMS_KEY" | ConvertFrom-Csv }
        { "`tCONNECTIONNAME,apikey `nSupport desk,env:ROWFORMS_KEY" | ConvertFrom-Csv }
        { "ConnectionId ,ApiKey `n$desk,env:ROWFORMS_KEY" | ConvertFrom-Csv }
        { "Id`u{a0}, API_KEY`n$desk,env:ROWFORMS_KEY" | ConvertFrom-Csv }
        { [FormRow]@{ Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' } }
        { [FormRow]@{ ConnectionId = $desk; ApiKey = 'env:ROWFORMS_KEY' } }
        { (Get-DataRow ([ordered]@{ Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' }))[0] }
        { (Get-DataRow ([ordered]@{ ConnectionId = $null; Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' }))[0] }
        { (Get-DataRow ([ordered]@{ ConnectionId = $desk; ApiKey = 'env:ROWFORMS_KEY' }))[0].Table.DefaultView[0] }
        { [pscustomobject]@{ ConnectionId = ''; Id = $desk; Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' } }
        { [pscustomobject]@{ ConnectionId = ' '; Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' } }
        { [pscustomobject]@{ ConnectionId = $null; Id = $desk; ApiKey = 'env:ROWFORMS_KEY' } }
    ) {
        $row = & $_
        foreach ($command in @(
                { $row | Get-Connection | ForEach-Object ConnectionId }
                { Get-Connection -InputObject $row | ForEach-Object ConnectionId }
                { $row | Set-Connection -PassThru -Force | ForEach-Object ConnectionId }
                { $row | Set-Connection -ApiKey env:ROWFORMS_KEY -PassThru -Force | ForEach-Object ConnectionId }
                { $row | Update-ConnectionKey -SkipVerification -Force | ForEach-Object ConnectionId }
                { $row | Find-ConnectionIssue -Rule KeyOld -MaximumKeyAgeDays 1 -AsOf (Get-Date).AddDays(9) | ForEach-Object ConnectionId }
                { $row | Export-Connection "$TestDrive/form.json" -Force; (Get-Content "$TestDrive/form.json" -Raw | ConvertFrom-Json).connections.name -replace 'Support desk', $desk }
            )) {
            (Get-CleanOutcome $command).Output | Should -Be $desk -Because "of $command"
        }
    }

    It 'of a table is the connection that it names: <_>' -ForEach @(
        { @{ ConnectionId = ''; Id = $desk } }, { @{ 'ConnectionId ' = $desk } }, { @{ ConnectionId = ' '; 'Name ' = 'Support desk' } }
        { @{ ConnectionId = $desk } }, { @{ Id = $desk } }, { @{ connectionId = $desk; Name = 'Support desk' } }, { "{ ""connectionid"": ""$desk"" }" | ConvertFrom-Json -AsHashtable }
    ) {
        $row = & $_
        foreach ($command in @(
                { $row | Get-Connection -Detailed | ForEach-Object ConnectionId }
                { $row | Set-Connection -ApiKey env:ROWFORMS_KEY -PassThru | ForEach-Object ConnectionId }
                { $row | Update-ConnectionKey -ApiKey env:ROWFORMS_KEY -SkipVerification | ForEach-Object ConnectionId }
                { $row | Export-Connection "$TestDrive/table.json" -Force; (Get-Content "$TestDrive/table.json" -Raw | ConvertFrom-Json).connections.name -replace 'Support desk', $desk }
            )) {
            (Get-CleanOutcome $command).Output | Should -Be $desk -Because "of $command"
        }
    }

    It 'that has a column twice with different values is refused where it is read: <Row>' -ForEach @(
        @{ Row = '{ "Name": "Support desk", "Provider": "OpenAI", "Model": "gpt-5.5", "ApiKey": "env:ROWFORMS_KEY", "apikey": "env:NOT_SET" }'; Column = 'ApiKey' }
        @{ Row = '{ "Name": "Support desk", "name": "Search [prod]", "Provider": "OpenAI", "Model": "gpt-5.5", "ApiKey": "env:ROWFORMS_KEY" }'; Column = 'Name' }
        @{ Row = '{ "ConnectionId": "cn-1", "CONNECTIONID ": "cn-2", "ApiKey": "env:ROWFORMS_KEY" }'; Column = 'ConnectionId' }
    ) {
        $twice = $Row | ConvertFrom-Json -AsHashtable
        $other = @{ Name = 'Finance'; ApiKey = 'env:ROWFORMS_KEY' }
        $readers = @{
            ApiKey       = { $twice | New-Connection }, { $twice | Test-ConnectionKey }
            Name         = { $twice | New-Connection }, { $twice | Test-ConnectionKey }, { $twice | Get-Connection }
            ConnectionId = { $twice | Set-Connection }, { $twice | Get-Connection }
        }
        foreach ($command in $readers[$Column] + { $twice, $other | Update-ConnectionKey -SkipVerification -MaximumFailure 1 -BatchSize 1 }) {
            $outcome = Assert-NoChange $command
            "$($outcome.Errors)" | Should -BeLike "*-$Column is in the row twice, with different values. Keep one of them.*" -Because "of $command"
            $outcome.Errors[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        }
        $outcome.Output.Outcome | Should -Be 'Failed', 'Skipped'
    }

    It 'may have a column twice where one is blank, or both are the same' {
        foreach ($row in @{ ConnectionId = $desk; 'ConnectionId ' = '' }, @{ ConnectionId = $desk; 'ConnectionId ' = $desk }) {
            (Get-CleanOutcome { Get-Connection -InputObject $row }).Output.ConnectionId | Should -Be $desk
        }
    }

    It 'that is none by its name alone is refused: <_>' -ForEach @(
        { Get-Process -Id $PID | Get-Connection }, { Get-Item $PSHOME | Set-Connection -ApiKey env:ROWFORMS_KEY }, { Get-Command Get-Item | Get-Connection }, { 1 | Group-Object | Get-Connection }
    ) {
        "$((Assert-NoChange $_).Errors)" | Should -BeLike '*is not the id of a connection*'
    }

    It 'of a database is skipped where it is empty, and numbered' {
        $rows = Get-DataRow ([ordered]@{ Provider = $null; Name = $null; Model = $null; ApiKey = $null }), ([ordered]@{ Provider = 'OpenAI'; Name = 'x'; Model = $null; ApiKey = 'env:ROWFORMS_KEY' })
        foreach ($command in { $rows | New-Connection }, { New-Connection -InputObject $rows }) {
            "$((Assert-NoChange $command).Errors)" | Should -BeLike 'Row 2: x: -Model is empty*'
        }
    }

    Context 'with a property that fails' {
        It 'is the one that is refused: <Property> for <Of>' -ForEach @(
            foreach ($property in 'ApiKey', 'Provider', 'Name', 'ConnectionId') {
                { $rows | Update-ConnectionKey -SkipVerification | Where-Object Outcome -EQ Updated } | ForEach-Object { @{ Of = $_; Property = $property } }
            }
            foreach ($property in 'Name', 'ConnectionId') {
                { $rows | Set-Connection -PassThru }, { $rows | Get-Connection }, { $rows | Find-ConnectionIssue -Rule KeyOld -MaximumKeyAgeDays 1 -AsOf (Get-Date).AddDays(9) } | ForEach-Object { @{ Of = $_; Property = $property } }
            }
        ) {
            $first = [pscustomobject]@{ Name = 'Support desk'; ApiKey = 'env:ROWFORMS_KEY' }
            $first.PSObject.Properties.Remove($Property)
            $rows = (Add-Failing $first $Property), [pscustomobject]@{ Name = 'Search [prod]'; ApiKey = 'env:ROWFORMS_KEY' }
            $outcome = Get-Outcome $Of
            $outcome.ErrorIds | Should -Be 'KoreInvalidInput'
            "$($outcome.Errors)" | Should -BeLike "*-$Property could not be read: this property of the piped object failed. Correct the property."
            $outcome.Output.ConnectionName | Should -Be 'Search [prod]'
            "$($outcome.Errors | Format-List * -Force | Out-String)" | Should -Not -Match 'Correct7Horse'
        }
    }

    It 'with a list that fails is the one that is refused: <_>' -ForEach @(
        { $rows | New-Connection }
        { New-Connection -InputObject $rows }
        { $rows[0].PSObject.Properties.Remove('Feature'); $rows[0] | Add-Member Payload @{ a = [BrokenArray]::new() }; $rows | New-Connection }
        { , [BrokenList]::new() | New-Connection; $rows[1] | New-Connection }
    ) {
        class BrokenArray : Collections.ArrayList {
            [Collections.IEnumerator] GetEnumerator() { throw 'Correct7Horse9Battery' }
        }
        $rows = [pscustomobject]@{ Provider = 'API'; Name = 'E1'; EndpointUrl = 'https://llm.example.com'; MapProvider = 'openAIModel'; Feature = '' },
        [pscustomobject]@{ Provider = 'OpenAI'; Name = 'E2'; Model = 'gpt-5.5'; ApiKey = 'env:ROWFORMS_KEY' }
        $rows[0].PSObject.Properties['Feature'].Value = [BrokenList]::new()
        Assert-Outcome $_ -ErrorId 'KoreInvalidInput' -ErrorLike '*could not be read: the enumerator of this list failed. Correct the list.' -Name 'E2'
    }

    It 'without a key says what to do: <Csv>' -ForEach @(
        @{ Csv = "Name,Header`nOwn model,{`"`"x-api-key`"`":`"`"env:ROWFORMS_KEY`"`"}"; Saying = '*There is nothing to change. Set-Connection does not read the Header of a row. Use -Header, or pipe the row to Update-ConnectionKey.' }
        @{ Csv = "Provider,Name,Header`nAPI,Own model,x: y"; Saying = '*There is nothing to change. Set-Connection does not read the Header of a row. Use -Header, or pipe the row to Update-ConnectionKey.' }
        @{ Csv = "Name,EndpointUrl,Status`nOwn model,https://llm.example.com,DRAFT"; Saying = '*There is nothing to change. For a custom API, use -Header for its key, or a parameter such as -Name or -EndpointUrl.' }
        @{ Csv = "Name,EndpointUrl,Status`nSupport desk,,ACTIVE"; Saying = '*-ApiKey is missing because the row has no column ApiKey.*To use one key for all, use -ApiKey.' }
    ) {
        $outcome = Assert-NoChange { $Csv -replace '\{.*\}', '"$0"' | ConvertFrom-Csv | Set-Connection }
        $outcome.ErrorIds | Should -Be 'InputObjectMissingMandatory'
        "$($outcome.Errors)" | Should -BeLike $Saying
    }
}
