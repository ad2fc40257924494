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
