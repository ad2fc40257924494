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

Describe 'Export-Csv in help, documents and examples' {
    BeforeAll {
        # What people copy from a page: its blocks of code, or the lines of an example.
        function Get-CodeText([IO.FileInfo] $File) {
            $text = (Get-Content $File -Raw) -replace '\r'
            switch ($File.Extension) {
                .md { [regex]::Matches($text, '(?ms)^```powershell\n(.*?)^```$').ForEach({ $_.Groups[1].Value -replace '(?m)^PS> ' }) }
                .xml { ([xml]$text).GetElementsByTagName('dev:code').ForEach({ $_.InnerText }) }
                .txt { ($text -split '\n' -match '^ {8}') -join "`n" }
                .ps1 { $text }
            }
        }

        function Find-CsvExport([string] $Text, [switch] $WithoutEncoding) {
            $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref]$null, [ref]$null)
            $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -in 'Export-Csv', 'epcsv' }, $true) |
                Where-Object { -not $WithoutEncoding -or -not ($_.CommandElements.ParameterName -like 'Enc*') } | ForEach-Object { "$($_.Extent.Text)" }
        }

        $root = "$PSScriptRoot/../.."
        $script:code = Get-Item "$root/README.md", "$root/docs/*.md", "$root/docs/en-US/*", "$root/docs/examples/*.ps1" | ForEach-Object { Get-CodeText $_ }
    }

    It 'says how the file is encoded, because Windows PowerShell writes ASCII otherwise' {
        $code | ForEach-Object { Find-CsvExport $_ -WithoutEncoding } | Should -BeNullOrEmpty
    }

    It 'is found in all of them' {
        # Three in pages, the same in the built help, one in a script.
        @($code | ForEach-Object { Find-CsvExport $_ }).Count | Should -BeGreaterOrEqual 7
    }

    It 'is found without an encoding: <_>' -ForEach '$a | Export-Csv b.csv', '$a | epcsv b.csv', 'Export-Csv b.csv -InputObject $a', '$a | Export-Csv b.csv -NoTypeInformation', '& { if ($a) { $a | Export-Csv -LiteralPath $b } }', "`$a |`n    Export-Csv b.csv" {
        Find-CsvExport $_ -WithoutEncoding | Should -Not -BeNullOrEmpty
    }

    It 'is accepted: <_>' -ForEach '$a | Export-Csv b.csv -Encoding UTF8', '$a | epcsv b.csv -Enc utf8', '$a | Export-Csv b.csv -Encoding:UTF8', '# $a | Export-Csv b.csv', "'Export-Csv b.csv'", '$a | ConvertTo-Csv', 'Import-Csv b.csv' {
        Find-CsvExport $_ -WithoutEncoding | Should -BeNullOrEmpty
    }
}
