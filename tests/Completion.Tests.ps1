# What is offered without a session. Names and ids are offered to a person only: their tests have an interactive host.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force

    function Complete([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

Describe 'Tab' {
    It 'offers closed lists: <Line>' -ForEach @(
        @{ Line = 'Get-Connection -Provider '; Offered = "'Open AI'", "'Azure Open AI'", 'Anthropic', 'API' }
        @{ Line = 'Get-Connection -Provider open'; Offered = "'Open AI'" }
        @{ Line = "Get-Connection -Provider 'azureo"; Offered = "'Azure Open AI'" }
        @{ Line = 'Get-Connection -Provider a'; Offered = "'Azure Open AI'", 'Anthropic', 'API' }
        @{ Line = 'Get-Connection -Status '; Offered = 'ACTIVE', 'INACTIVE' }
        @{ Line = 'New-Connection -CustomApi -MapProvider g'; Offered = 'geminiModel' }
        @{ Line = 'New-Connection -CustomApi -Feature s'; Offered = 'supportTools', 'structuredResponse', 'streaming' }
        @{ Line = 'New-Connection -CustomApi -IOMapping textToI'; Offered = 'textToImage' }
        @{ Line = 'New-Connection -CustomApi -PromptVariable s'; Offered = 'system_prompt' }
        @{ Line = 'Set-Connection cn-1 -Status d'; Offered = 'DRAFT' }
        @{ Line = 'New-Connection -OpenAI -Model gpt-5.5'; Offered = 'gpt-5.5', 'gpt-5.5-2026-04-23' }
        @{ Line = 'New-Connection -Anthropic -Model claude-opus-4-'; Offered = 'claude-opus-4-8', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-opus-4-5-20251101', 'claude-opus-4-5' }
        # What is retired is not offered, on whatever day.
        @{ Line = 'New-Connection -OpenAI -Model gpt-4-'; Offered = @() }
        @{ Line = 'New-Connection -AzureOpenAI -Model gpt-5.1-chat'; Offered = @() }
        @{ Line = 'New-Connection -Anthropic -Model claude-3-5'; Offered = @() }
        @{ Line = 'Find-ConnectionIssue -Rule modelr'; Offered = 'ModelRetired', 'ModelRetiring' }
        @{ Line = 'Find-ConnectionIssue -Rule *ret?r'; Offered = 'ModelRetired', 'ModelRetiring' }
        @{ Line = 'Get-Connection -Provider "*azure'; Offered = "'Azure Open AI'" }
        @{ Line = 'New-Connection -Anthropic -Model *opus-4-[67]'; Offered = 'claude-opus-4-7', 'claude-opus-4-6' }
        @{ Line = 'New-Connection -Anthropic -Model claude-opus-4-[7'; Offered = @() }
        @{ Line = 'New-Connection -OpenAI -ApiKey '; Offered = 'env:', 'file:', 'azkv:', 'secret:' }
        @{ Line = 'Connect-KorePlatform HOST s'; Offered = 'secret:' }
        @{ Line = 'Get-KeySource a'; Offered = 'azkv' }
        @{ Line = 'Unregister-KeySource f'; Offered = 'file' }
        @{ Line = 'Get-Connection -Provider nothing-of-the-kind'; Offered = @() }
    ) {
        (Complete $Line).CompletionText | Should -BeExactly $Offered
    }

    It 'offers environment variables as references and never reads them: <_>' -ForEach @(
        'Connect-KorePlatform HOST -ApiKey ', 'Set-Connection cn-1 -ApiKey ', 'Test-ConnectionKey -OpenAI -ApiKey ', 'Update-ConnectionKey cn-1 -PreviousApiKey '
    ) {
        $env:KORE_COMPLETED_KEY = 'sk-in-a-variable-4f1c7a90MQAA'
        $match = Complete "${_}Env:kore_comp"
        $env:KORE_COMPLETED_KEY = $null
        $match.CompletionText | Should -BeExactly 'env:KORE_COMPLETED_KEY'
        "$($match | Format-List * | Out-String)" | Should -Not -BeLike '*in-a-variable*'
    }
}

Describe 'Tab without a session' {
    It 'offers nothing of connections, and says nothing: <_>' -ForEach 'Get-Connection -Name ', 'Get-Connection -Session $null -Name ', 'Set-Connection ' {
        Disconnect-KorePlatform -ErrorAction Ignore
        $Error.Clear()
        Complete $_ | Where-Object ResultType -EQ ParameterValue | Should -BeNullOrEmpty
        $Error | Should -BeNullOrEmpty
    }
}

Describe 'Tab with sessions of two platforms' {
    It 'offers names of the one that the command would use, or none' {
        $lines = Invoke-PowerShell -Command {
            param($Manifest)
            Import-Module $Manifest
            $env:KEY = 'sk-made-up-0123456789MQAA'
            $first = Connect-KorePlatform -Sandbox -PassThru
            $null = New-Connection -OpenAI -Name First -Model gpt-5.5 -ApiKey env:KEY
            Connect-KorePlatform -Sandbox
            $null = New-Connection -OpenAI -Name Second -Model gpt-5.5 -ApiKey env:KEY
            foreach ($line in 'Get-Connection ', 'Get-Connection *ec', 'Get-Connection -Session $first -Name ', 'Get-Connection -Session (Get-KoreSession) -Name ', 'Get-Connection -session $nothing -Name ') {
                "$line[$((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText)]"
            }
        } -args (Get-ModuleManifest) 2>&1
        $lines | Should -Be 'Get-Connection [Second]', 'Get-Connection *ec[Second]', 'Get-Connection -Session $first -Name [First]', 'Get-Connection -Session (Get-KoreSession) -Name []', 'Get-Connection -session $nothing -Name []'
    }
}

Describe 'Tab among files' {
    BeforeAll {
        $null = New-Item "$TestDrive/files/keys", "$TestDrive/files/my keys", "$TestDrive/empty" -ItemType Directory
        $files = 'a.yaml', 'b.YML', 'c.json', 'd.schema.json', 'notes.txt', 'openai.key', 'with space.yaml', 'keys/x.key', 'my keys/o [1].key'
        $null = New-Item ($files -replace '^', "$TestDrive/files/") -ItemType File
        Set-Content "$TestDrive/empty/notes.txt" ''
        Push-Location "$TestDrive/files"
    }

    AfterAll { Pop-Location }

    It 'offers manifests and folders: <_>' -ForEach 'Compare-Connection ', 'Sync-Connection -Path ', 'Test-ConnectionManifest ', 'Export-Connection ', 'Find-ConnectionIssue -ManifestPath ', 'Export-ConnectionReport r.html -ManifestPath ' {
        (Complete $_).ListItemText | Should -Be 'a.yaml', 'b.YML', 'c.json', 'keys', 'my keys', 'with space.yaml'
        (Complete "${_}w").CompletionText -replace '\\', '/' | Should -Be "'./with space.yaml'"
        Complete "${_}n" | Should -BeNullOrEmpty
        Complete "${_}../empty/" | Should -BeNullOrEmpty
    }

    It 'offers files after file:, as they are typed: <Typed>' -ForEach @(
        @{ Typed = 'file:o'; Offered = 'file:openai.key' }
        @{ Typed = 'FILE:keys/'; Offered = 'file:keys/x.key' }
        @{ Typed = 'file:./keys/x'; Offered = 'file:./keys/x.key' }
        @{ Typed = 'file:my'; Offered = "'file:my keys'" }
        @{ Typed = "'file:my keys/"; Offered = "'file:my keys/o [1].key'" }
        @{ Typed = 'file:nothing-of-the-kind'; Offered = @() }
    ) {
        foreach ($line in 'Set-Connection cn-1 ', 'Connect-KorePlatform HOST ', 'Update-ConnectionKey cn-1 -PreviousApiKey ') {
            (Complete "$line$Typed").CompletionText | Should -BeExactly $Offered
        }
    }

    It 'offers variables of keys before others' {
        $env:KORE_TRIED_A, $env:KORE_TRIED_B_KEY, $env:KORE_TRIED_C_TOKEN, $env:KORE_TRIED_D_Key = 1..4
        (Complete 'Set-Connection cn-1 env:KORE_TRIED').ListItemText | Should -Be KORE_TRIED_B_KEY, KORE_TRIED_C_TOKEN, KORE_TRIED_D_Key, KORE_TRIED_A
        Remove-Item env:KORE_TRIED_*
    }
}

Describe 'The prompt for a mandatory parameter' {
    It 'has a help of its own, save for a key and a switch: <_>' -ForEach @(
        (Import-PowerShellDataFile "$PSScriptRoot/../KoreConnections.psd1").CmdletsToExport
    ) {
        foreach ($parameter in (Get-Command $_).Parameters.Values) {
            foreach ($attribute in $parameter.Attributes.Where({ $_ -is [Parameter] -and $_.Mandatory })) {
                if ($parameter.ParameterType -notin [switch], [securestring]) { $attribute.HelpMessage | Should -Match '^[A-Z].{10,}\.$' -Because $parameter.Name }
            }
        }
    }
}
