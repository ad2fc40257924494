BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

Describe 'Disconnect-KorePlatform' {
    It 'ends the current session, and its sandbox with it' {
        $session = Connect-KorePlatform -Sandbox -PassThru
        Disconnect-KorePlatform | Should -BeNullOrEmpty
        Get-KoreSession | Should -BeNullOrEmpty
        { Get-Connection -Session $session } | Should -Throw -ErrorId 'KoreNotConnected,*'
        { Invoke-RestMethod "$($session.BaseUri)/connections" } | Should -Throw
    }

    It 'has nothing to say when there is nothing to end, once more or at all' {
        Disconnect-KorePlatform
        Disconnect-KorePlatform -ErrorAction Stop | Should -BeNullOrEmpty
        Disconnect-KorePlatform -Verbose 4>&1 | Should -Match 'no current session'
    }
}
