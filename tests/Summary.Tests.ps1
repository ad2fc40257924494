BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:key = 'sk-made-up-0123456789abcdef'
    $env:SUMMARY_KEY = $key

    # The last line of the verbose stream, if it is a summary.
    function Get-Summary([scriptblock] $Of) {
        (& $Of 4>&1 2>$null).Where({ $_ -is [Management.Automation.VerboseRecord] })[-1].Message
    }

    function Get-Row([string[]] $Name, [string] $Provider = 'OpenAI') {
        $Name | ForEach-Object { [pscustomobject]@{ Provider = $Provider; Name = $_; Model = 'gpt-5.5'; ApiKey = 'env:SUMMARY_KEY' } }
    }
}

Describe 'The summary of <Name>' -ForEach @(
    @{ Name = 'what was created'; Summary = 'Creating connections: 2 created, 1 failed.'; Do = { Get-Row A, B, 'Support desk' | New-Connection -Verbose } }
    @{ Name = 'what existed'; Summary = 'Creating connections: 1 created, 2 existed.'; Do = { Get-Row A, 'Support desk', A | New-Connection -IfNotExists -Verbose } }
    @{ Name = 'one'; Summary = 'Creating connections: 1 created.'; Do = { New-Connection -OpenAI -Name A -Model gpt-5.5 -ApiKey env:SUMMARY_KEY -Verbose } }
    @{ Name = 'changes'; Summary = 'Changing connections: 1 failed, 2 changed.'; Do = { (Get-Connection -Provider OpenAI) + @([pscustomobject]@{ ConnectionId = 'cn-none' }) | Set-Connection -ApiKey env:SUMMARY_KEY -Verbose } }
    @{ Name = 'reads'; Summary = 'Reading connections: 6 read.'; Do = { Get-Connection | Get-Connection -Verbose } }
    @{ Name = 'what was examined'; Summary = 'Examining connections: 1 failed, 2 read.'; Do = { @(Get-Connection -Provider OpenAI) + 'cn-none' | Find-ConnectionIssue -Verbose } }
    @{ Name = 'what was exported'; Summary = 'Reading connections: 6 read.'; Do = { Export-Connection "$TestDrive/all.yaml" -Force -Verbose } }
    @{ Name = 'what was synchronized'; Summary = 'Synchronizing connections: 1 created, 1 skipped.'; Do = {
            Set-Content "$TestDrive/two.yaml" 'connections:', '  - { name: New, provider: OpenAI, model: gpt-5.5, apiKey: env:SUMMARY_KEY }', '  - { name: Support desk, provider: OpenAI, model: another, apiKey: env:SUMMARY_KEY }'
            Sync-Connection "$TestDrive/two.yaml" -Verbose 3>$null 6>$null
        }
    }
    @{ Name = 'tested keys'; Summary = 'Testing keys: 1 invalid key, 2 valid.'; Do = { Get-Row A, B, C | ForEach-Object { if ($_.Name -eq 'B') { $_.ApiKey = 'sk-invalid-0123456789' } $_ } | Test-ConnectionKey -Verbose } }
    @{ Name = 'rotated keys'; Summary = 'Updating keys: 1 failed, 2 updated.'; Do = { @(Get-Connection -Provider OpenAI) + 'cn-none' | Update-ConnectionKey -ApiKey env:SUMMARY_KEY -SkipVerification -Verbose } }
) {
    It 'is the last line' {
        Connect-KorePlatform -Sandbox -WithSamples
        $line = Get-Summary $Do
        # The order of the words is that of the alphabet.
        $line | Should -Be ($Summary -replace '1 failed, 2 changed', '2 changed, 1 failed')
    }
}

Describe 'No summary' {
    It 'is written of nothing, nor where errors say it all' {
        Connect-KorePlatform -Sandbox
        Get-Row A, B nobody | New-Connection -Verbose 4>&1 2>$null | Should -BeNullOrEmpty
        $said = @(Get-Row A | New-Connection -WhatIf -Verbose 4>&1) + @(@() | New-Connection -Verbose 4>&1) + @(Get-Connection -Verbose 4>&1)
        $said -match '^\w+ (connections|keys): ' | Should -BeNullOrEmpty
    }
}

Describe 'A connection that -IfNotExists emits' {
    BeforeEach { Connect-KorePlatform -Sandbox -WithSamples }

    It 'says whether it existed, each time anew' {
        $emitted = Get-Row A, 'Support desk', A | New-Connection -IfNotExists
        $emitted.Existed | Should -Be $false, $true, $true
        $emitted.ConnectionName | Should -Be A, 'Support desk', A
        $emitted | Should -BeOfType KoreConnections.Connection
    }

    It 'goes through a file and is created from it without a warning' {
        Get-Row A | New-Connection -IfNotExists | Export-Csv "$TestDrive/made.csv"
        $null = Import-Csv "$TestDrive/made.csv" | New-Connection -Name B -ApiKey $key -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'is as ever without it' {
        (Get-Row A | New-Connection).PSObject.Properties['Existed'] | Should -BeNullOrEmpty
    }
}

Describe 'A provider that is no switch' {
    It '<Cmdlet> -Provider <Provider> says which switch to give' -ForEach @(
        foreach ($cmdlet in 'New-Connection', 'Test-ConnectionKey') {
            @{ Cmdlet = $cmdlet; Provider = 'OpenAI'; More = @{ Model = 'gpt-5.5'; ApiKey = 'env:SUMMARY_KEY' }; Saying = '-Provider is for rows. Use -OpenAI instead.' }
            @{ Cmdlet = $cmdlet; Provider = 'Open AI'; More = @{}; Saying = '*Use -OpenAI instead.' }
            @{ Cmdlet = $cmdlet; Provider = 'anthropic'; More = @{ Model = 'm'; ApiKey = 'env:SUMMARY_KEY' }; Saying = '*Use -Anthropic instead.' }
            @{ Cmdlet = $cmdlet; Provider = 'AzureOpenAI'; More = @{ Model = 'm'; ApiKey = 'env:SUMMARY_KEY' }; Saying = '*Use -AzureOpenAI instead.' }
            @{ Cmdlet = $cmdlet; Provider = 'API'; More = @{ Model = 'm' }; Saying = '*Use -CustomApi instead.' }
            @{ Cmdlet = $cmdlet; Provider = 'openay'; More = @{ Model = 'm' }; Saying = "-Provider 'openay' is not valid*" }
        }
    ) {
        $failure = $null
        & $Cmdlet -Provider $Provider @More -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'KoreInvalidInput,*'
        "$($failure[0])" | Should -BeLike $Saying
    }

    It 'is not asked for either: <_>' -ForEach { New-Connection -Name A -Model gpt-5.5 -ApiKey env:SUMMARY_KEY }, { New-Connection -Model gpt-5.5 } {
        "$(& $_ 2>&1)" | Should -BeLike '*There is nothing to create. Use one of -OpenAI*'
    }
}
