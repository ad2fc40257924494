BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe 'A sandbox with a file' {
    AfterEach {
        Disconnect-KorePlatform
    }

    It 'is free again after a connect that failed' {
        { Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/free.json" -Proxy none -ErrorAction Stop } | Should -Throw '*-Proxy is not an absolute*' -ErrorId 'KoreInvalidInput,*'
        Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/free.json"
        Get-Connection | Should -BeNullOrEmpty
    }
}

Describe 'A sandbox whose process is killed in the middle of creates' {
    It 'has everything that was acknowledged, <Acknowledged> connections in' -ForEach @(
        @{ Acknowledged = 1 }
        @{ Acknowledged = 40 }
        @{ Acknowledged = 300 }
    ) {
        $file = "$TestDrive/killed-$Acknowledged.json"
        $told = "$TestDrive/told-$Acknowledged.txt"
        Set-Content "$TestDrive/create.ps1" @'
param($Manifest, $Path)
Import-Module $Manifest
Connect-KorePlatform -Sandbox -SandboxPath $Path
1..100000 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Number $_"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } } |
    New-Connection | ForEach-Object { [Console]::WriteLine($_.ConnectionId) }
'@
        $program, $first = Get-PowerShellCommand
        $arguments = @($first) + '-NoProfile', '-NonInteractive', '-File', "$TestDrive/create.ps1", (Get-ModuleManifest), $file | Where-Object { $_ } | ForEach-Object { """$_""" }
        $process = Start-Process $program $arguments -RedirectStandardOutput $told -RedirectStandardError "$told.err" -PassThru
        try {
            $patience = [Diagnostics.Stopwatch]::StartNew()
            while (@(Get-Content $told -ErrorAction Ignore).Count -lt $Acknowledged -and $patience.Elapsed.TotalSeconds -lt 60) {
                $process.HasExited | Should -BeFalse -Because "it had work left: $(Get-Content "$told.err" -ErrorAction Ignore)"
                Start-Sleep -Milliseconds 10
            }
        } finally {
            # Not asked to end, but ended: SIGKILL where there are signals.
            $process.Kill()
            $process.WaitForExit()
        }
        # The last line may be cut.
        $ids = @(Get-Content $told | Where-Object Length -EQ 39)
        $ids.Count | Should -BeGreaterOrEqual $Acknowledged

        Connect-KorePlatform -Sandbox -SandboxPath $file
        try {
            $there = Get-Connection
            $ids | Where-Object { $_ -notin $there.ConnectionId } | Should -BeNullOrEmpty
            ($there.ConnectionName | Sort-Object -Unique).Count | Should -Be @($there).Count
            New-Connection -OpenAI -Name 'After it' -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY | Should -Not -BeNullOrEmpty
        } finally {
            Disconnect-KorePlatform
        }
    }
}
