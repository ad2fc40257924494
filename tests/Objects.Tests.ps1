BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $script:strange = "B, ""quoted""`n$([char]27)[31m ##vso[task.complete]"
    $null = New-Connection -OpenAI -Name C -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
    Add-ForeignConnection $strange claude-opus-4-8 Anthropic
    $null = New-Connection -Anthropic -Name A -Model claude-opus-4-8 -ApiKey env:ACCEPTANCE_KEY
    # That each field is among them, FieldTests checks.
    $script:properties = [KoreConnections.Connection].GetProperties().Name

    function New-Samples {
        $null = New-Connection -AzureOpenAI -Name Az -Model GPT-4o -ApiKey env:ACCEPTANCE_KEY -ResourceName contoso -DeploymentId eu -ApiVersion 2024-08-01-preview
        $payload = '{ "zeta": 1, "alpha": 12345678901234567890123, "messages": [{ "role": "user", "content": "{{prompt}}; \"\u00e9\"" }] }'
        $own = @{ EndpointUrl = 'https://llm.example.com'; Payload = $payload; OutputPath = 'a.b'; InputTokensPath = 'c'; OutputTokensPath = 'd' }
        $null = New-Connection -CustomApi -Name Own @own -Model m -PromptVariable prompt, system_prompt -CustomVariable tone -Disabled -Draft
        $null = New-Connection -CustomApi -Name Headed @own -Header @{ key = 'x-api-key'; value = 'env:ACCEPTANCE_KEY' }, @{ key = 'key'; value = 'a' }, @{ key = 'value'; value = 'b' }
        $mapped = @{ EndpointUrl = 'https://llm.example.com'; MapProvider = 'openAIModel'; Feature = 'streaming', 'toolCalling'; IOMapping = 'textToText', 'imageToText' }
        $null = New-Connection -CustomApi -Name Mapped @mapped -AuthorizationProfile login -Header @{ a = 'b' }
    }
}

Describe 'Connections as objects' {
    It 'go through ConvertTo-Json and back to Get-Connection, each property once' {
        $json = Get-Connection | ConvertTo-Json
        $read = $json | ConvertFrom-Json
        $read[0].PSObject.Properties.Name | Should -Be $properties
        $read.ConnectionName | Should -BeExactly 'C', $strange, 'A'
        ($read | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
    }

    It 'go through Export-Csv and back to Get-Connection, each column once' {
        Get-Connection | Export-Csv "$TestDrive/all.csv"
        (Get-Content "$TestDrive/all.csv" -First 1).Replace('"', '') -split ',' | Should -Be $properties
        (Import-Csv "$TestDrive/all.csv" | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
    }

    It 'go through Export-Clixml and back to Get-Connection' {
        Get-Connection -Detailed | Export-Clixml "$TestDrive/all.xml"
        $read = Import-Clixml "$TestDrive/all.xml"
        $read.Name | Should -BeExactly 'C', $strange, 'A'
        $read[0].Fields['API_KEY'] | Should -Be 'sk-***************'
        $read[0].CreatedOn | Should -BeOfType datetime
        ($read | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
        # A view shows what comes back as it shows the connections themselves.
        $read | Select-Object -First 1 | Out-String -Width 120 | Should -Be (Get-Connection C | Out-String -Width 120)
    }

    # As a job and a remote session serialize.
    It 'come out of another process with every property, and are shown there as here: <_>' -ForEach 'Get-Connection', 'Find-ConnectionIssue', 'Get-KoreSession' {
        foreach ($item in & $_) {
            $there = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($item, 1))
            $added = if ($_ -eq 'Get-Connection') { 'Id', 'Name', 'Platform' }
            @($there.PSObject.Properties.Name) | Should -Be (@($added) + @($item.PSObject.Properties.Name) -ne $null)
            # Which session is the current one, only its own process knows.
            ($there | Out-String -Width 120) -replace '(True|False)\s*$' | Should -Be (($item | Out-String -Width 120) -replace '(True|False)\s*$')
        }
    }

    It 'say of each type all that is serialized' {
        $types = [xml](Get-Content "$PSScriptRoot/../src/KoreConnections/KoreConnections.types.ps1xml" -Raw)
        foreach ($type in $types.Types.Type.Where({ $_.Name -notlike 'Deserialized*' })) {
            $said = $type.Members.MemberSet.Members.PropertySet.ReferencedProperties.Name
            $own = @($type.Members.AliasProperty.Name) + @($type.Members.CodeProperty.Name) -ne 'Shown' -ne $null
            $said | Should -Be (@($own) + ([KoreConnections.Connection].Assembly.GetType($type.Name).GetProperties([Reflection.BindingFlags]'Public, Instance').Name))
        }
    }

    It 'have Id and Name, which are asked for by name only' {
        $selected = Get-Connection C | Select-Object Id, Name
        $selected.Id | Should -Be (Get-Connection C).ConnectionId
        $selected.Name | Should -Be 'C'
        (Get-Connection C | Select-Object *).PSObject.Properties.Name | Should -Be $properties
    }

    It 'are grouped, sorted and filtered by their properties' {
        $groups = Get-Connection | Group-Object Provider -AsHashTable
        $groups['Anthropic'].Count, $groups['Open AI'].Count | Should -Be 2, 1
        (Get-Connection | Sort-Object Name).ConnectionName | Should -Be 'A', $strange, 'C'
        (Get-Connection | Where-Object Model -Like 'claude*' | Where-Object CreatedOn -GT ([datetime]::Today.AddDays(-1))).Count | Should -Be 2
        ([datetime]::Now - (Get-Connection C).CreatedOn).TotalHours | Should -BeLessThan 1
    }
}

Describe 'What the API documents of a connection' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        New-Samples
        $script:all = Get-Connection -Detailed
    }

    It 'is a property under the name of its parameter: <Name>, <Property>' -ForEach @(
        @{ Name = 'Az'; Property = 'ResourceName'; Value = 'contoso' }
        @{ Name = 'Az'; Property = 'DeploymentId'; Value = 'eu' }
        @{ Name = 'Az'; Property = 'ApiVersion'; Value = '2024-08-01-preview' }
        @{ Name = 'Az'; Property = 'EndpointUrl'; Value = $null }
        @{ Name = 'Az'; Property = 'IsEnabled'; Value = $null }
        @{ Name = 'Own'; Property = 'EndpointUrl'; Value = 'https://llm.example.com' }
        @{ Name = 'Own'; Property = 'OutputPath'; Value = 'a.b' }
        @{ Name = 'Own'; Property = 'InputTokensPath'; Value = 'c' }
        @{ Name = 'Own'; Property = 'OutputTokensPath'; Value = 'd' }
        @{ Name = 'Own'; Property = 'IsEnabled'; Value = $false }
        @{ Name = 'Own'; Property = 'Feature'; Value = $null }
        @{ Name = 'Own'; Property = 'ResourceName'; Value = $null }
        @{ Name = 'Mapped'; Property = 'MapProvider'; Value = 'openAIModel' }
        @{ Name = 'Mapped'; Property = 'Feature'; Value = 'toolCalling', 'streaming' }
        @{ Name = 'Mapped'; Property = 'IOMapping'; Value = 'textToText', 'imageToText' }
        @{ Name = 'Mapped'; Property = 'AuthorizationProfile'; Value = 'login' }
        @{ Name = 'Mapped'; Property = 'IsEnabled'; Value = $true }
        @{ Name = 'Mapped'; Property = 'Payload'; Value = $null }
    ) {
        Set-StrictMode -Version Latest
        $found = $all | Where-Object ConnectionName -EQ $Name
        $found.$Property | Should -Be $Value
        ([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($found, 5))).$Property | Should -Be $Value
    }

    It 'has tables and lists where the parameters take them' {
        $own, $headed, $mapped = $all[1..3]
        $own.Payload['zeta'], $own.Payload.messages[0].role | Should -Be 1, 'user'
        $own.PromptVariable.name | Should -Be 'prompt', 'system_prompt', 'examples'
        $own.CustomVariable[0].name | Should -Be 'tone'
        $mapped.Header['A'] | Should -Be '***************'
        # Else a table of key and value would be one header.
        $headed.Header.key | Should -Be 'x-api-key', 'key', 'value'
        $own.AdditionalProperties['endpointUrl'] | Should -Be $own.EndpointUrl
    }

    It 'is empty in a listing' {
        (Get-Connection).ForEach({ $_.EndpointUrl; $_.Payload; $_.DeploymentId; $_.IsEnabled }).Where({ $null -ne $_ }) | Should -BeNullOrEmpty
    }

    # A table of a connection has JSON as its text, which is what is written where the levels end.
    It 'is warned of where its payload lost levels: <How>' -ForEach @(
        @{ How = 'ConvertTo-Json'; Copy = { $own | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json }; Place = 'payload.messages[[]0]' }
        @{ How = 'ConvertTo-Json -Depth 9'; Copy = { $own | ConvertTo-Json -Depth 9 | ConvertFrom-Json } }
        @{ How = 'a CSV file'; Copy = { $own | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ How = 'nothing'; Copy = { $own } }
    ) {
        $own = New-Connection -CustomApi -Name "Deep $(New-Guid)" -EndpointUrl https://llm.example.com -OutputPath a -Payload @{ messages = , @{ role = 'user'; content = '{{prompt}}' } } | Get-Connection
        & $Copy | New-Connection -Name "copy $(New-Guid)" -WhatIf -WarningVariable warned -WarningAction SilentlyContinue 6>$null
        "$warned" | Should -BeLike ($Place ? "*has JSON as a string at $Place*greater -Depth.*" : '')
    }

    It 'binds to New-Connection, whose set is given: <_>' -ForEach 'Az', 'Own', 'Mapped' {
        $found = $all | Where-Object ConnectionName -EQ $_
        $set = if ($_ -eq 'Az') { @{ AzureOpenAI = $true; ApiKey = 'env:ACCEPTANCE_KEY' } } else { @{ CustomApi = $true } }
        if ($_ -eq 'Mapped') { $set.Header = @{ a = 'b' } }
        $copy = $found | New-Connection @set -Name "copy of $_"
        foreach ($property in 'ResourceName', 'DeploymentId', 'ApiVersion', 'EndpointUrl', 'Payload', 'OutputPath', 'PromptVariable', 'CustomVariable', 'Feature', 'IOMapping') {
            ConvertTo-Json $copy.$property -Depth 9 | Should -Be (ConvertTo-Json $found.$property -Depth 9)
        }
    }

    It 'is changed by what is changed in a table of it' {
        $changed = Get-Connection Mapped -Detailed
        $changed.Header['a'] = 'another'
        ($changed | New-Connection -Name changed).Header.Keys | Should -Be 'a'
    }
}

Describe 'A CSV file of connections' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        New-Samples
        Get-Connection -Detailed | Export-Csv "$TestDrive/all.csv"
        Copy-Item "$TestDrive/all.csv" "$TestDrive/semicolons.csv"
        Import-Csv "$TestDrive/all.csv" | Export-Csv "$TestDrive/semicolons.csv" -Delimiter ';'
        $script:before = Get-Connection -Detailed
    }

    It 'holds tables as JSON, and no name of a type' {
        Get-Content "$TestDrive/all.csv" -Raw | Should -Not -Match 'System\.|KoreConnections\.'
        $rows = Import-Csv "$TestDrive/all.csv"
        ($rows[0].Fields | ConvertFrom-Json).deployment_id | Should -Be 'eu'
        ($rows[1].Payload | ConvertFrom-Json).messages[0].role | Should -Be 'user'
        ($rows[1].AdditionalProperties | ConvertFrom-Json).endpointUrl | Should -Be 'https://llm.example.com'
        $rows[3].Feature, $rows[3].IOMapping | Should -Be 'toolCalling;streaming', 'textToText;imageToText'
    }

    It 'is refused as long as it holds masks: <_>' -ForEach 'Az', 'Headed', 'Mapped' {
        $row = Import-Csv "$TestDrive/all.csv" | Where-Object ConnectionName -EQ $_
        { $row | New-Connection -Name copy -ErrorAction Stop } | Should -Throw '*a mask, which the platform shows*'
    }

    It 'goes back into New-Connection once its keys are filled in: <File>, <Columns>' -ForEach @(
        @{ File = 'all'; Columns = '*' }
        @{ File = 'semicolons'; Columns = '*' }
        # The tables alone say all; and so do the columns alone.
        @{ File = 'all'; Columns = 'ConnectionName', 'Provider', 'Model', 'Status', 'Header', 'Fields', 'AdditionalProperties' }
        @{ File = 'all'; Columns = $null }
    ) {
        $Columns = $Columns ?? $properties.Where({ $_ -notin 'Fields', 'AdditionalProperties' })
        Connect-KorePlatform -Sandbox
        $delimiter = if ($File -eq 'all') { ',' } else { ';' }
        Import-Csv "$TestDrive/$File.csv" -Delimiter $delimiter | Select-Object $Columns | ForEach-Object {
            if ($_.Provider -ne 'API') { $_ | Add-Member ApiKey env:ACCEPTANCE_KEY }
            elseif ($_.Header) { $_.Header = $_.Header.Replace('***************', 'env:ACCEPTANCE_KEY') }
            $_
        } | New-Connection -WarningAction SilentlyContinue
        foreach ($old in $before) {
            $new = Get-Connection $old.ConnectionName -Detailed
            $new.Status, $new.IsEnabled | Should -Be $old.Status, $old.IsEnabled
            foreach ($name in 'Model', 'ResourceName', 'DeploymentId', 'ApiVersion', 'EndpointUrl', 'Payload', 'OutputPath', 'InputTokensPath', 'PromptVariable', 'CustomVariable', 'Feature', 'IOMapping') {
                ConvertTo-Json $new.$name -Depth 9 | Should -Be (ConvertTo-Json $old.$name -Depth 9) -Because "$name of $($old.ConnectionName)"
            }
        }
    }
}

Describe 'What a result says' {
    BeforeAll {
        Connect-KorePlatform -Sandbox -WithSamples
        $env:OBJECTS_KEY = 'sk-made-up-0123456789abcdef'
        Set-Content "$TestDrive/plan.yaml" 'connections:', '  - { provider: OpenAI, name: New, model: gpt-5.5, apiKey: env:OBJECTS_KEY }', '  - { provider: OpenAI, name: Support desk, model: gpt-5.5, apiKey: env:OBJECTS_KEY }'
    }

    It 'is text, in JSON too: <Name>' -ForEach @(
        @{ Name = 'a plan'; Of = { Compare-Connection "$TestDrive/plan.yaml" | Where-Object Name -In New, 'Support desk' }; Json = '"Action":"Create"', '"Action":"InSync"', '"KeyState":"Unknown"', '"Outcome":null' }
        @{ Name = 'a rotated key'; Of = { Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:OBJECTS_KEY -WarningAction Ignore }; Json = '"Outcome":"Updated"', '"Verdict":"Valid"' }
        @{ Name = 'a key that was not verified'; Of = { Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:OBJECTS_KEY -SkipVerification -WarningAction Ignore }; Json = '"Outcome":"Updated"', '"Verdict":null' }
        @{ Name = 'a tested key'; Of = { Test-ConnectionKey -OpenAI -Model gpt-5.5 -ApiKey sk-invalid-0123456789 }; Json = @('"Verdict":"InvalidKey"') }
        @{ Name = 'what was applied'; Of = { Sync-Connection "$TestDrive/plan.yaml" -WarningAction Ignore | Where-Object Name -EQ New }; Json = '"Action":"Create"', '"Outcome":"Done"' }
        @{ Name = 'a finding'; Of = { Find-ConnectionIssue -AsOf 2030-01-01 -MinimumSeverity Warning | Select-Object -First 1 }; Json = @('"Severity":"Warning"') }
        @{ Name = 'a model'; Of = { Get-ProviderModel -OpenAI -ApiKey env:OBJECTS_KEY | Select-Object -First 1 }; Json = @('"Status":"') }
    ) {
        $results = @(& $Of)
        $results | Should -Not -BeNullOrEmpty
        $text = $results | ConvertTo-Json -Compress -Depth 3 -WarningAction Ignore
        foreach ($part in $Json) { $text | Should -Match ([regex]::Escape($part)) }
        # Whatever comes later: no property of a result is an enumeration of ours.
        $results[0].PSObject.Properties.Where({ $_.Value -is [enum] -and $_.TypeNameOfValue -like '*KoreConnections*' }) | Should -BeNullOrEmpty
    }
}

Describe 'The name of a result, as its table heads it' {
    BeforeAll {
        $env:OBJECTS_KEY = 'sk-sample-openai-12345678'
        Connect-KorePlatform -Sandbox -WithSamples
    }

    It 'is a property that filters find, and no further column: <_>' -ForEach @(
        { Find-ConnectionIssue }
        { Get-Connection 'Support desk' | Test-ConnectionKey -ApiKey env:OBJECTS_KEY }
        { Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:OBJECTS_KEY 3>$null }
    ) {
        $results = @(& $_)
        $there = @([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($results)))
        foreach ($items in $results, $there) {
            $items | Should -Not -BeNullOrEmpty
            $items.Name | Should -Be $results.ConnectionName
            $items | Where-Object Name -EQ $results[0].ConnectionName | Should -Not -BeNullOrEmpty
            $items[0].PSObject.Properties.Name | Should -Not -Contain 'Name'
            ($items[0] | ConvertTo-Csv)[0] | Should -Not -Match '"Name"'
        }
    }
    It 'is one with ConnectionName in what comes out of a file or another process, and is not created where they differ' {
        $read = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-Connection 'Support desk' -Detailed)))
        $read.ConnectionName = 'DR desk'
        # Which of the two was changed, nobody knows.
        { $read | New-Connection -ApiKey env:OBJECTS_KEY -IfNotExists -ErrorAction Stop } |
            Should -Throw "*-Name is 'Support desk' in the object, but its ConnectionName is 'DR desk'. Set both, or use -Name."
        $read.Name = 'DR desk'
        $copy = $read | New-Connection -ApiKey env:OBJECTS_KEY -IfNotExists
        $copy.ConnectionName, $copy.Existed | Should -Be 'DR desk', $false
    }
}

Describe 'A number of a payload that no simple type holds' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        $script:own = @{ EndpointUrl = 'https://llm.example.com'; OutputPath = 'a' }
    }

    It 'comes back as it was, or is refused: <Number> by <Way>' -ForEach @(
        foreach ($number in '12345678901234567890123456789012345', '-12345678901234567890123456789012345', '1e400', '-1.5e-400', '12345678901234567890123456789.5', '0.1234567890123456789012345678901') {
            foreach ($way in 'ConvertTo-Json', 'Clixml', 'Job', 'Clixml of the payload', 'Json of the payload', 'JSON text of the payload', 'AsHashtable', 'Csv', 'itself') { @{ Number = $number; Way = $way } }
        }
    ) {
        $name = "n $Number $Way"
        $null = New-Connection -CustomApi -Name $name @own -Payload "{""x"":{""max"":[$Number,""{{prompt}}""]}}"
        $there = Get-Connection -Detailed | Where-Object ConnectionName -EQ $name
        $copy = {
            switch ($Way) {
                'ConvertTo-Json' { $there | ConvertTo-Json -Depth 9 | ConvertFrom-Json | New-Connection -Name "copy $name" }
                'Clixml' { $there | Export-Clixml "$TestDrive/n.xml" -Depth 9; Import-Clixml "$TestDrive/n.xml" | New-Connection -Name "copy $name" }
                'Job' { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($there, 9)) | New-Connection -Name "copy $name" }
                'Clixml of the payload' { $there.Payload | Export-Clixml "$TestDrive/n.xml" -Depth 9; New-Connection -CustomApi -Name "copy $name" @own -Payload (Import-Clixml "$TestDrive/n.xml") }
                'Json of the payload' { New-Connection -CustomApi -Name "copy $name" @own -Payload ($there.Payload | ConvertTo-Json -Depth 9 | ConvertFrom-Json) }
                'JSON text of the payload' { New-Connection -CustomApi -Name "copy $name" @own -Payload ($there.Payload | ConvertTo-Json -Depth 9) }
                'AsHashtable' { New-Connection -CustomApi -Name "copy $name" @own -Payload ($there.Payload | ConvertTo-Json -Depth 9 | ConvertFrom-Json -AsHashtable) }
                'Csv' { $there | ConvertTo-Csv | ConvertFrom-Csv | New-Connection -Name "copy $name" }
                'itself' { $there | New-Connection -Name "copy $name" }
            }
        }
        $failures = $null
        & $copy -ErrorVariable failures -ErrorAction SilentlyContinue | Out-Null
        $made = Get-Connection -Detailed | Where-Object ConnectionName -EQ "copy $name"
        if ($made) {
            ($made | ConvertTo-Csv | ConvertFrom-Csv).Payload | Should -BeExactly ($there | ConvertTo-Csv | ConvertFrom-Csv).Payload
        } else {
            "$($Error[0])" | Should -BeLike "*-Payload contains *instead of the number*Write the number itself into the JSON text."
            $Way | Should -Not -BeIn 'Clixml', 'Job', 'Clixml of the payload', 'Csv', 'itself'
        }
    }

    It 'is refused where its digits are gone: <_>' -ForEach @(
        '{"IsPowerOfTwo":false,"IsZero":false,"IsOne":false,"IsEven":true,"Sign":1}'
        '[{"Sign":1,"IsEven":true,"IsOne":false,"IsZero":false,"IsPowerOfTwo":false}]'
    ) {
        $payload = "{""q"":""{{prompt}}"",""seed"":$_}"
        foreach ($given in $payload, ($payload | ConvertFrom-Json), ($payload | ConvertFrom-Json -AsHashtable)) {
            { New-Connection -CustomApi -Name gone @own -Payload $given -ErrorAction Stop } | Should -Throw '*-Payload contains the properties of a BigInteger instead of the number itself.*' -ErrorId 'KoreInvalidInput,*'
        }
    }

    It 'is none of an object that only looks alike: <_>' -ForEach @(
        '{"Text":"1"}', '{"Text":"1e400 "}', '{"Text":"say 1e400"}', '{"text":"1e400"}', '{"Text":"1e400","a":1}', '{"Text":1}', '{"Text":"12345678901234567890123456789012345"}', '{"Text":"0x1F"}', '{"Text":"NaN"}', '{"Text":""}'
        '{"IsZero":false,"IsOne":false,"IsEven":true,"Sign":1}', '{"IsPowerOfTwo":false,"IsZero":false,"IsOne":false,"IsEven":true,"Sign":1,"a":1}', '{"a":1,"b":2,"c":3,"d":4,"e":5}'
    ) {
        $payload = "{""q"":""{{prompt}}"",""seed"":$_}"
        foreach ($given in $payload, ($payload | ConvertFrom-Json)) {
            $made = New-Connection -CustomApi -Name "alike $_ $($given.GetType().Name)" @own -Payload $given -ErrorAction Stop
            ($made.Payload | ConvertTo-Json -Compress) | Should -BeExactly $payload
        }
    }
}
