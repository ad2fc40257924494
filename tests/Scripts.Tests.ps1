Describe 'The scripts of this repository' {
    It 'leave PSScriptAnalyzer nothing to say: <_>' -ForEach 'build.ps1', 'build', 'KoreConnections.psd1', 'docs', 'src/azure-pipelines/task', 'tests' -Skip:(-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        $found = Invoke-ScriptAnalyzer "$PSScriptRoot/../$_" -Recurse
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" } | Should -BeNullOrEmpty
    }
}
