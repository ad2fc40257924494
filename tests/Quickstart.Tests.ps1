BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:quickstart = (Resolve-Path "$PSScriptRoot/../docs/examples/quickstart.ps1").Path
    # The module under test is imported first, so that the script takes it and no other.
    $script:shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), $quickstart {
        param($Manifest, $Quickstart)
        Import-Module $Manifest
        & $Quickstart
        "left: $(Get-KoreSession) $((Get-ChildItem env:TOUR_*).Name)"
    }
}

Describe 'quickstart.ps1' {
    It 'runs to its end without an error' {
        $shell.Error | Should -BeNullOrEmpty
        $shell.ExitCode | Should -Be 0
    }

    It 'shows a connection of each shape, a -WhatIf and an error' {
        $text = $shell.Output -join "`n"
        foreach ($name in 'Support desk', 'Contract review', 'Finance', 'Own model', 'Own gateway') {
            $text | Should -Match $name
        }
        $text | Should -Match 'What if: '
        $text | Should -Match 'KoreConflict'
        $text | Should -Match 'NEWW'
    }

    It 'leaves no session and no variable, and shows no key' {
        $shell.Output[-1] | Should -Be 'left:  '
        $keys = [regex]::Matches((Get-Content $quickstart -Raw), "_KEY = '([^']+)'").ForEach({ $_.Groups[1].Value })
        $keys.Count | Should -Be 5
        $keys | Where-Object { "$($shell.Output)".Contains($_) } | Should -BeNullOrEmpty
    }

    It 'imports the built module by itself' -Skip:(-not (Test-Path "$PSScriptRoot/../out/KoreConnections")) {
        $lines = Invoke-PowerShell -NonInteractive -File $quickstart 2>&1
        $LASTEXITCODE | Should -Be 0
        $lines.Where({ $_ -is [Management.Automation.ErrorRecord] }) | Should -BeNullOrEmpty
    }
}
