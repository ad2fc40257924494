Describe 'The scripts of this repository' {
    It 'leave PSScriptAnalyzer nothing to say: <_>' -ForEach 'build.ps1', 'build', 'KoreConnections.psd1', 'docs', 'src/azure-pipelines', 'tests' -Skip:(-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        $settings = "$PSScriptRoot/../$($_ -eq 'tests' ? '' : '../')PSScriptAnalyzerSettings.psd1"
        $found = Get-ChildItem "$PSScriptRoot/../../$_" -Recurse -File -Include *.ps1, *.psm1, *.psd1 |
            Where-Object FullName -NotMatch '[\\/](?:bin|obj|node_modules)[\\/]' |
            # What the module's manifest names is beside it only in a build.
            ForEach-Object { Invoke-ScriptAnalyzer $_.FullName -Settings $settings -ErrorAction Ignore }
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName)" } | Should -BeNullOrEmpty
    }
}
