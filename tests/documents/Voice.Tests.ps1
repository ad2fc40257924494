BeforeAll {
    Import-Module "$PSScriptRoot/Voice.psm1" -Force
    $script:root = (Get-Item "$PSScriptRoot/../..").FullName
    # Packages for Node are thousands of files, so no folder of them is opened.
    function Find-File([string] $Path, [string[]] $Filter) {
        foreach ($item in Get-ChildItem ([IO.Path]::Combine($root, $Path)) | Where-Object Name -NotIn bin, obj, node_modules) {
            if ($item.PSIsContainer) { Find-File $item.FullName $Filter } elseif ($Filter.Where({ $item.Name -like $_ })) { $item }
        }
    }
}

Describe 'The voice of' {
    It 'the messages' {
        # Lists of words and code are no sentences.
        Find-File src *.cs | Where-Object Name -NotIn ServerWords.cs, KeySourceInvoker.cs | Get-SourceText | Find-VoiceFault | Format-VoiceFault -Root $root | Should -BeNullOrEmpty
    }

    It 'the Azure Pipelines task' {
        $texts = @(
            Find-File src/azure-pipelines task.json, rules.json, vss-extension.json, *.js, *.yml | Get-QuotedText
            Find-File src/azure-pipelines *.ps1 | Get-ScriptText
            Find-File src/azure-pipelines *.md | Get-ProseText
        )
        $texts | Find-VoiceFault | Format-VoiceFault -Root $root | Should -BeNullOrEmpty
    }

    It 'the documents' {
        Get-Item "$root/README.md" | Get-ProseText | Find-VoiceFault | Format-VoiceFault -Root $root | Should -BeNullOrEmpty
        Find-File docs *.md, *.help.txt | Get-ProseText | Find-VoiceFault | Format-VoiceFault -Root $root | Should -BeNullOrEmpty
    }
}

Describe 'The check of the voice' {
    It 'finds <Rule> in <Name>, line <Line>: <Write>' -ForEach @(
        @{ Name = 'A.cs'; Rule = 'dialect'; Line = 2; Write = 'in parallel'; Text = "class A {`n string B => `"Keys are tested side by side.`"; }" }
        @{ Name = 'A.cs'; Rule = 'dialect'; Line = 1; Write = 'is not a'; Text = 'class A { string B(object c) => $"-Key {c} is " + "no key."; }' }
        @{ Name = 'A.cs'; Rule = 'glossary'; Line = 1; Write = 'file extension'; Text = 'class A { [Parameter(HelpMessage = "The file''s ending.")] int B; }' }
        @{ Name = 'A.cs'; Rule = 'length'; Line = 1; Write = '36 words; at most 35'; Text = 'class A { string B = "' + ('word ' * 35) + 'end."; }' }
        @{ Name = 'A.md'; Rule = 'dialect'; Line = 3; Write = 'continue, resume'; Text = "# A`n`nA run goes`non after an error." }
        @{ Name = 'A.md'; Rule = 'dialect'; Line = 3; Write = 'instead of'; Text = "| A | B |`n| --- | --- |`n| a | in place of b |" }
        @{ Name = 'A.md'; Rule = 'length'; Line = 1; Write = '36 words; at most 35'; Text = ('word ' * 34) + "``a`` end." }
        @{ Name = 'about_A.help.txt'; Rule = 'dialect'; Line = 1; Write = 'says, shows, reports; was given'; Text = "    It tells`n    all." }
        @{ Name = 'a.js'; Rule = 'dialect'; Line = 1; Write = 'remove'; Text = 'const a = `Take ${b} away.`, b = ''Take it away.'';' }
        @{ Name = 'a.ps1'; Rule = 'glossary'; Line = 1; Write = 'environment variable'; Text = 'throw "The variable of the environment $a is not set."' }
    ) {
        Set-Content (Join-Path $TestDrive $Name) $Text
        $file = Get-Item (Join-Path $TestDrive $Name)
        $texts = switch ($file.Extension) {
            '.cs' { Get-SourceText $file }
            '.js' { Get-QuotedText $file }
            '.ps1' { Get-ScriptText $file }
            default { Get-ProseText $file }
        }
        $found = @($texts | Find-VoiceFault)
        $found.Count | Should -Be 1
        $found[0].Rule | Should -Be $Rule
        $found[0].Line | Should -Be $Line
        $found[0].Write | Should -Be $Write
        Format-VoiceFault $found[0] -Root $TestDrive | Should -BeLike "${Name}:${Line}: *$([WildcardPattern]::Escape($Write))*"
    }

    It 'leaves code alone: <Name>' -ForEach @(
        @{ Name = 'A.cs'; Text = 'class A { [ValidatePattern("it tells no ending")] int B; /* told */ }' }
        @{ Name = 'A.md'; Text = "---`ntold: it tells`n---`n`nRun ``told``.`n`n``````powershell`n# goes on`n```````n`n<!-- whoever -->" }
        @{ Name = 'about_A.help.txt'; Text = "    Run it:`n`n        # it tells all" }
        @{ Name = 'a.js'; Text = "// It tells all.`nconst told = 'tells';" }
    ) {
        Set-Content (Join-Path $TestDrive $Name) $Text
        $file = Get-Item (Join-Path $TestDrive $Name)
        $texts = switch ($file.Extension) { '.cs' { Get-SourceText $file } '.js' { Get-QuotedText $file } default { Get-ProseText $file } }
        $texts | Find-VoiceFault | Should -BeNullOrEmpty
    }
}

Describe 'The sources' {
    It 'have lines of at most 160 characters' {
        Find-File src *.cs | Select-String '^.{161,}' | ForEach-Object { "$($_.Path):$($_.LineNumber)" } | Should -BeNullOrEmpty
    }

    It 'are files of at most 300 lines' {
        Find-File src *.cs | Where-Object { @(Get-Content -LiteralPath $_.FullName).Count -gt 300 } | ForEach-Object FullName | Should -BeNullOrEmpty
    }
}
