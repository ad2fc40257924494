BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

Describe 'Get-KoreSession' {
    It 'is nothing, and no error, without a session' {
        Get-KoreSession -ErrorAction Stop | Should -BeNullOrEmpty
        Get-KoreSession -Verbose 4>&1 | Should -Match 'no current session'
    }

    It 'makes no session from the environment' {
        Use-Variable @{ KORE_HOST = 'https://localhost:1'; KORE_API_KEY = 'kg-made-up-0123456789' } { Get-KoreSession | Should -BeNullOrEmpty }
    }

    It 'shows where requests go, since when, and whether to a sandbox' {
        Connect-KorePlatform -Sandbox
        $session = Get-KoreSession
        $session.BaseUri.AbsolutePath | Should -Be '/api/public'
        $session.ConnectedOn | Should -BeOfType datetime
        $session.IsSandbox | Should -BeTrue
    }

    It 'keeps no replaced sandbox alive, and no file of one' {
        $shell = Invoke-Shell {
            param($Manifest, $Path)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox -SandboxPath $Path
            Get-KoreSession | Out-Null
            Connect-KorePlatform -Sandbox -SandboxPath $Path -ErrorAction Stop
            1..5 | ForEach-Object { Connect-KorePlatform -Sandbox; if (-not (Get-KoreSession).IsSandbox) { 'none' } }
            $held = Get-KoreSession
            Connect-KorePlatform -Sandbox
            1..3 | ForEach-Object { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
            @(Get-KoreSession -All).Count
            @(Get-Connection -Session $held).Count
        } -ArgumentList (Get-ModuleManifest), "$TestDrive/looked-at.json"
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Be '2', '0'
    }

    It 'is named where another session holds the file' {
        $held = Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/held.json" -PassThru
        { Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/held.json" -ErrorAction Stop } |
            Should -Throw '*is used by another sandbox*Get-KoreSession -All | Disconnect-KorePlatform*'
        Disconnect-KorePlatform $held
        Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/held.json" -ErrorAction Stop
    }
}
