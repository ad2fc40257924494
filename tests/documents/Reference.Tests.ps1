Describe 'What documents and views learn from the code' {
    It 'is up to date' {
        & "$PSScriptRoot/../../docs/Update-Reference.ps1" -WhatIf | Should -BeNullOrEmpty -Because './build.ps1 Docs has not been run since the code was changed'
    }
}
