BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $gateway = [uri]::new((Connect-TestSandbox).BaseUri, '/')
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $custom, $mapped = (Get-CustomApi), (Get-CustomApi -Mapped)
    $replace = Get-CustomApi
    $replace.Remove('CustomApi')
    $null = Add-Connection 'Support desk'
    $null = New-Connection @custom
    $own, $support = Get-Connection n, 'Support desk'

    # What a person is shown, which no stream has.
    function Get-WhatIf([scriptblock] $Of) {
        Start-Transcript "$TestDrive/whatif.txt" | Out-Null
        try { & $Of } finally { Stop-Transcript | Out-Null }
        (Get-Content "$TestDrive/whatif.txt") -like 'What if:*'
    }
}

Describe '-WhatIf' {
    It 'sends nothing and emits nothing: <_>' -ForEach @(
        { New-Connection -OpenAI -Name n -Model m -ApiKey $key -WhatIf }
        { New-Connection -OpenAI -Name n -Model m -ApiKey env:KORE_TEST_ABSENT -WhatIf -ErrorAction Ignore }
        { New-Connection @custom -WhatIf }
        { New-Connection @mapped -WhatIf }
        { Export-ConnectionReport "$TestDrive/none.html" -PassThru -WhatIf }
        { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $key } | New-Connection -WhatIf }
        { Set-Connection cn-1 $key -WhatIf }
        { Set-Connection cn-1 -Name n -WhatIf }
        { $WhatIfPreference = $true; New-Connection @custom; Set-Connection cn-1 $key }
        { $support | Set-Connection -ApiKey $key -PassThru -WhatIf }
        { $own | Set-Connection -EndpointUrl https://new.example.com -PassThru -WhatIf }
        # The sandbox would be asked as the provider, too.
        { $support | Update-ConnectionKey -ApiKey $key -ProviderUri $gateway -ReportPath "$TestDrive/none.jsonl" -WhatIf }
    ) {
        Assert-Refuses $_ -ErrorId @()
        Get-ChildItem $TestDrive -Filter none.* | Should -BeNullOrEmpty
    }

    It 'still checks what was given' {
        Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey '***' -WhatIf } 'is a mask'
    }

    It 'says what would be done, and to what' {
        Get-WhatIf {
            New-Connection -Anthropic -Name 'Contract review' -Model claude-opus-4-8 -ApiKey $key -WhatIf
            Set-Connection cn-1 -ApiKey $key -WhatIf
            Update-ConnectionKey cn-1 -ApiKey $key -WhatIf
        } | Should -Be @(
            'What if: Performing the operation "Create connection (Anthropic, claude-opus-4-8)" on target "Contract review".'
            'What if: Performing the operation "Change the key" on target "cn-1".'
            'What if: Performing the operation "Update the key" on target "cn-1".'
        )
    }

    It 'refuses a row of which the id is another connection''s, as the update itself does: <Row>' -ForEach @(
        @{ Row = @{ Name = 'Support desk' }; Saying = "The connection with this id is 'n', but the row has the name 'Support desk'" }
        @{ Row = @{ ConnectionName = 'nobody' }; Saying = "The connection with this id is 'n', but the row has the name 'nobody'" }
        @{ Row = @{ Provider = 'Anthropic' }; Saying = "The provider of 'n' is API, but the row has Anthropic" }
        @{ Row = @{ Name = 'n'; Provider = 'OpenAI' }; Saying = "The provider of 'n' is API, but the row has Open AI" }
        @{ Row = @{ Name = ' N ' } }
        @{ Row = @{ Name = 'n'; Provider = 'API' } }
        @{ Row = @{} }
    ) {
        $row = [pscustomobject](@{ ConnectionId = $own.ConnectionId } + $Row)
        $with = if ($Row.Provider -in 'Anthropic', 'OpenAI') { @{ ApiKey = $key } } else { @{ Header = @{ 'x-api-key' = $key } } }
        $previews = { $row | Update-ConnectionKey @with -WhatIf }, { $row, $row | Update-ConnectionKey @with -SkipVerification -Force -WhatIf }
        foreach ($preview in $previews) {
            $outcome = Get-Outcome $preview
            $outcome.Writes | Should -BeNullOrEmpty
            if ($Saying) {
                "$($outcome.Errors[0])" | Should -BeLike "*$Saying*"
                "$((Get-Outcome { $row | Update-ConnectionKey @with -SkipVerification }).Errors[0])" | Should -BeExactly "$($outcome.Errors[0])"
            } else {
                $outcome.Errors | Should -BeNullOrEmpty
                $outcome.Output | Should -BeNullOrEmpty
            }
        }
    }

    It 'names what is piped by name and id: <Of>' -ForEach @(
        @{ Of = { $support | Set-Connection -ApiKey $key -WhatIf }; Shown = "Support desk ($($support.ConnectionId))" }
        @{ Of = { $own | Set-Connection -Model m -WhatIf }; Shown = 'OWN' }
        @{ Of = { [pscustomobject]@{ Id = 'cn-7'; Name = 'Desk'; ApiKey = $key } | Set-Connection -WhatIf }; Shown = 'Desk (cn-7)' }
        @{ Of = { 'ConnectionId,ConnectionName', ' cn-8 ,"A, b"' | ConvertFrom-Csv | Set-Connection -ApiKey $key -WhatIf }; Shown = 'A, b (cn-8)' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Name = "x`n##vso[y]" } | Set-Connection -Model m -WhatIf }; Shown = 'x # #vso[y] (cn-7)' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Name = '' } | Set-Connection -Model m -WhatIf }; Shown = 'cn-7' }
        @{ Of = { [pscustomobject]@{ ConnectionId = 'cn-7'; Provider = 'API'; Name = 'Other' } | Set-Connection cn-9 -Model m -WhatIf }; Shown = 'cn-9' }
        @{ Of = { 'cn-7' | Set-Connection -Model m -WhatIf }; Shown = 'cn-7' }
        @{ Of = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($own)) | Set-Connection -Model m -WhatIf }; Shown = 'OWN' }
    ) {
        $Shown = $Shown.Replace('OWN', "n ($($own.ConnectionId))").Replace('Support desk ()', "Support desk ($($support.ConnectionId))")
        Get-WhatIf $Of | Should -BeLike "*on target `"$([WildcardPattern]::Escape($Shown))`"."
    }
}

Describe '-WhatIf of a change of single values' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        $script:id = (New-Connection @custom).ConnectionId
        $script:url = (Get-Connection $id).EndpointUrl
    }

    It 'shows old and new of what is known, and the name: <Of>' -ForEach @(
        @{ Of = { Get-Connection $id | Set-Connection -EndpointUrl https://new.example.com/v2 -WhatIf }; Shown = '(endpointUrl: OLD -> https://new.example.com/v2)' }
        @{ Of = { Get-Connection -Detailed | Set-Connection -Name Renamed -OutputPath z -WhatIf }; Shown = '(name: n -> Renamed; outputPath: x -> z)' }
        @{ Of = { Get-Connection -Detailed | Set-Connection -Model m9 -WhatIf }; Shown = '(model: (none) -> m9)' }
        @{ Of = { Get-Connection | Set-Connection -Name Renamed -OutputPath z -WhatIf }; Shown = '(name: n -> Renamed)' }
        @{ Of = { Get-Connection | Set-Connection -Model m9 -WhatIf }; Shown = 'Change: Model"' }
        @{ Of = { Get-Connection -Detailed | Set-Connection -Name n -WhatIf }; Shown = '(no difference)' }
        @{ Of = { Get-Connection | Set-Connection -EndpointUrl https://new.example.com -WhatIf }; Shown = 'Change: EndpointUrl"' }
        @{ Of = { [pscustomobject]@{ Name = 'n' } | Set-Connection -Name Renamed -WhatIf }; Shown = '(name: n -> Renamed)' }
        @{ Of = { Set-Connection $id -Payload @{ q = '{{prompt}}' } -WhatIf }; Shown = 'payload' }
        @{ Of = { Get-Connection $id | Set-Connection -EndpointUrl 'https://new.example.com/?key=sk-made-up-0123456789abcdef' -WhatIf }; Shown = 'endpointUrl: OLD -> ' }
    ) {
        $said = Get-WhatIf $Of
        $said | Should -BeLike "*$([WildcardPattern]::Escape($Shown.Replace('OLD', $url)))*on target `"n ($id)`"."
        $said | Should -Not -Match 'sk-made-up-0123456789abcdef'
    }

    It 'sends nothing more for it: <_>' -ForEach { $item | Set-Connection -EndpointUrl https://new.example.com -WhatIf }, { $item | Set-Connection -Model x -WhatIf }, { Set-Connection $id -Name x -WhatIf } {
        $item = Get-Connection $id
        (Get-Outcome $_).Requests | Should -BeNullOrEmpty
    }
}

Describe 'A prompt for confirmation without input' {
    BeforeAll {
        $script = {
            Connect-KorePlatform -Sandbox -WithSamples
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            Set-Content "$folder/m.yaml" 'connections: [{ provider: OpenAI, name: Absent, model: gpt-5.5, apiKey: "env:MADE_UP_KEY" }]'
            $ConfirmPreference = 'Low'
            $before = Get-Connection | ConvertTo-Csv | Out-String
            @{
                'New-Connection'          = { New-Connection -OpenAI -Name n -Model gpt-5.5 -ApiKey env:MADE_UP_KEY }
                'Set-Connection'          = { Get-Connection 'Support desk' | Set-Connection -ApiKey env:MADE_UP_KEY }
                'Update-ConnectionKey'    = { Get-Connection 'Support desk' | Update-ConnectionKey -ApiKey env:MADE_UP_KEY -SkipVerification }
                'Sync-Connection'         = { Sync-Connection "$folder/m.yaml" }
                'Export-Connection'       = { Export-Connection "$folder/out.yaml" }
                'Export-ConnectionReport' = { Export-ConnectionReport "$folder/out.html" }
            }.GetEnumerator() | ForEach-Object {
                $command = $_
                try { $null = & $command.Value } catch { "SEEN $($command.Key)|$($_.FullyQualifiedErrorId)|$_" }
            }
            "SAME $($before -eq (Get-Connection | ConvertTo-Csv | Out-String))"
        }
        $name = "$TestDrive/prompt.ps1"
        Set-Content $name "`$folder = '$TestDrive'; Import-Module '$(Get-ModuleManifest)'; $script"
        $said = @() | Invoke-PowerShell -File $name 2>&1 | ForEach-Object { "$_" }
        # Each follows the prompt on its line.
        $seen = $said -match 'SEEN ' -replace '^.*SEEN ', 'SEEN '
    }

    It 'ends <_>, and says what to do' -ForEach @(
        'New-Connection', 'Set-Connection', 'Update-ConnectionKey', 'Sync-Connection', 'Export-Connection', 'Export-ConnectionReport'
    ) {
        $seen -like "SEEN $_|*" | Should -BeLike '*|KoreInvalidInput,*|PowerShell could not ask for confirmation*Use -Confirm:$false to confirm all changes.'
    }

    It 'changes nothing' {
        $said -match 'SAME' | Should -Be 'SAME True'
        "$TestDrive/out.yaml", "$TestDrive/out.html" | Should -Not -Exist
    }
}
