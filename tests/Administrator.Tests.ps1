BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox

    function Get-Completion($Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

Describe 'An administrator at a prompt' {
    It 'finds out what there is to do' {
        (Get-Command *-Connection -Module KoreConnections).Name | Should -Contain 'New-Connection'
        (Get-Completion 'New-Connection -').CompletionText | Should -Contain '-AzureOpenAI'
        # Only what is left to say once the provider is chosen.
        $left = (Get-Completion 'New-Connection -OpenAI -').CompletionText
        $left | Should -Contain '-ApiKey'
        $left | Should -Not -Contain '-ResourceName'
        $left | Should -Not -Contain '-Provider'
    }

    It 'creates a connection with a model that Tab knows, and sees it at once' {
        (Get-Completion 'New-Connection -OpenAI -Model gpt-5.4').CompletionText | Should -Contain 'gpt-5.4-mini'
        (New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.4-mini -ApiKey env:ACCEPTANCE_KEY).ConnectionName | Should -Be 'Support desk'
        Get-Connection | Out-String -Width 120 | Should -Match 'Support desk +Open AI +gpt-5.4-mini +ACTIVE'
    }

    It 'finds it with Tab, by its name and its id, with a tool tip that says more' {
        $name = Get-Completion 'Get-Connection sup'
        $name.CompletionText | Should -Be "'Support desk'"
        $name.ToolTip | Should -Be 'Support desk: Open AI, gpt-5.4-mini, ACTIVE'
        $id = Get-Completion 'Set-Connection -ConnectionId sup'
        $id.CompletionText | Should -Be (Get-Connection 'Support desk').ConnectionId
    }

    It 'rehearses a change, makes it, and sees that it was made' {
        $before = (Get-Connection 'Support desk').ModifiedOn
        Get-Connection 'Support desk' | Set-Connection -ApiKey env:ACCEPTANCE_KEY -WhatIf
        (Get-Connection 'Support desk').ModifiedOn | Should -Be $before
        Start-Sleep -Milliseconds 5
        Get-Connection 'Support desk' | Set-Connection -ApiKey env:ACCEPTANCE_KEY -Confirm:$false
        (Get-Connection 'Support desk').ModifiedOn | Should -BeGreaterThan $before
    }

    It 'reads in an error which item, what was wrong, and what to do' {
        $shown = & { Get-Connection 'Suport desk' } 2>&1 | Out-String -Width 120
        $shown | Should -Match "no connection named 'Suport desk'"
        $shown | Should -Match 'Recommendation: .*To search for part of a name'
    }
}
