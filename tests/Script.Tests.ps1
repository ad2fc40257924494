BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
}

Describe 'An automation script' {
    It 'takes rows from a file and leaves a report beside it, errors included' {
        Set-Content "$TestDrive/rows.csv" @'
Provider,Name,Model,ApiKey
OpenAI,Support desk,gpt-5.5,env:ACCEPTANCE_KEY
Gemini,Search,gemini-pro,env:ACCEPTANCE_KEY
Anthropic,Contract review,claude-opus-4-8,env:ACCEPTANCE_KEY
Anthropic,No key,claude-opus-4-8,env:NO_SUCH_VARIABLE
'@
        Import-Csv "$TestDrive/rows.csv" |
            New-Connection -ErrorAction SilentlyContinue -ErrorVariable failures |
            Select-Object Name, ConnectionId, Status |
            Export-Csv "$TestDrive/created.csv"
        $failures | Select-Object TargetObject, @{ Name = 'Problem'; Expression = { $_.Exception.Message } } | Export-Csv "$TestDrive/failed.csv"
        (Import-Csv "$TestDrive/created.csv").Name | Should -Be 'Support desk', 'Contract review'
        (Import-Csv "$TestDrive/failed.csv").TargetObject | Should -Be 'Search', 'No key'
    }

    It 'decides by the error''s id, and has the rest in the exception' {
        $outcome = try {
            New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY -ErrorAction Stop
        } catch [KoreConnections.KoreException] {
            $failure = $_
            switch -Wildcard ($failure.FullyQualifiedErrorId) {
                'KoreConflict,*' { "exists: $($failure.TargetObject), $([int]$failure.Exception.StatusCode), $($failure.Exception.Code)" }
                default { 'something else' }
            }
        }
        $outcome | Should -Be 'exists: Support desk, 409, RESOURCE_CONFLICT'
    }

    It 'asks nobody, prints nothing, fails at once where something mandatory is missing, and sets the exit code' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            New-Connection -OpenAI -Name One -Model gpt-5.5
            $ErrorActionPreference = 'Stop'
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            $null = New-Connection -OpenAI -Name One -Model gpt-5.5 -ApiKey env:MADE_UP_KEY
            Get-Connection One | Set-Connection -ApiKey env:MADE_UP_KEY
            Get-Connection Two
        }
        $shell.ExitCode | Should -Be 1
        $shell.Output | Should -BeNullOrEmpty
        $shell.Error | Should -Match 'ApiKey'
        $shell.Error | Should -Match "no connection named 'Two'"
    }

    It 'is ended by -ErrorAction Stop, also where PowerShell itself would end only the statement' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            $ended = Connect-KorePlatform -Sandbox -PassThru
            $address = (Connect-KorePlatform -Sandbox -PassThru).BaseUri
            Disconnect-KorePlatform -Session $ended
            $of = @{
                'a session that ended' = { Get-Connection -Session $ended -ErrorAction Stop; 'went on' }
                'of another function'  = { function f { [CmdletBinding()] [OutputType([string])] param() Find-ConnectionIssue -Session $ended; 'went on' } f -ErrorAction Stop; 'went on' }
                'a question'           = { Get-Connection -Name none | Set-Connection -ApiKey env:PATH -ErrorAction Stop; 'cn-1' | Set-Connection -ApiKey env:PATH -Confirm -ErrorAction Stop; 'went on' }
                'no -ErrorAction'      = { Get-Connection -Session $ended; 'went on' }
                'a key'                = { Connect-KorePlatform $address kg-wrong-0123456789 -ErrorAction Stop; 'went on' }
                'no session'           = { Get-Connection -ErrorAction Stop; 'went on' }
            }
            foreach ($case in 'a session that ended', 'of another function', 'a question', 'no -ErrorAction', 'a key', 'no session') {
                $script = [powershell]::Create().AddScript("param(`$ended, `$address) Import-Module '$Manifest'; $($of[$case])").AddArgument($ended).AddArgument($address)
                try { "${case}: $($script.Invoke())" } catch { "${case}: $($_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId -replace ',.*')" }
            }
        }
        $shell.Output | Should -Be @(
            'a session that ended: KoreNotConnected', 'of another function: KoreNotConnected', 'a question: KoreInvalidInput'
            'no -ErrorAction: went on', 'a key: KoreUnauthorized', 'no session: KoreNotConnected')
    }

    It 'works for two platforms in one go' {
        $from = Get-KoreSession
        $to = Connect-KorePlatform -Sandbox -PassThru
        Get-Connection -Session $from -Detailed | New-Connection -Session $to -ApiKey env:ACCEPTANCE_KEY | Should -HaveCount 2
        (Get-Connection -Session $to).ConnectionName | Sort-Object | Should -Be 'Contract review', 'Support desk'
        Disconnect-KorePlatform -Session $to
    }
}
