BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    # The platform stays in this process; the pipeline's step is a process of its own, as an agent starts it.
    $script:platform = Connect-KorePlatform -Sandbox -PassThru
    $script:variables = @{
        KORE_HOST         = "$($platform.BaseUri)"
        KORE_API_KEY      = (Invoke-Sandbox keys -Method Post).key
        OPENAI_KEY        = 'sk-made-up-openai-0123456789MQAA'
        TF_BUILD          = 'True'
    }

    # As the PowerShell task runs a script: errors stop it, nobody can be asked, and secrets are environment variables.
    function Invoke-Step([scriptblock] $Script) {
        $path = "$TestDrive/step.ps1"
        Set-Content $path "`$ErrorActionPreference = 'Stop'`nImport-Module '$(Get-ModuleManifest)'`n$Script"
        $before = @{}
        foreach ($name in $variables.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $variables[$name])
        }
        try {
            $lines = Invoke-PowerShell -NonInteractive -File $path *>&1
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Log = @($lines | ForEach-Object { "$_" }) }
        } finally {
            foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }
    }

    function Get-Leak($Log) {
        'KORE_API_KEY', 'OPENAI_KEY' | Where-Object { "$Log".Contains($variables[$_]) }
    }
}

AfterAll {
    Disconnect-KorePlatform -Session $platform
}

Describe 'A step of a pipeline' {
    It 'needs nothing but its variables, and creates hundreds of connections' {
        $step = Invoke-Step {
            1..300 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Service $_"; Model = 'gpt-5.5'; ApiKey = 'env:OPENAI_KEY' } } |
                New-Connection -IfNotExists -ThrottleLimit 16 | Measure-Object | ForEach-Object Count
        }
        $step.Log | Should -Be '300'
        $step.ExitCode | Should -Be 0
        @(Get-Connection -Session $platform).Count | Should -Be 300
    }

    It 'does nothing the second time' {
        $null = Invoke-Sandbox requests -Method Delete
        $step = Invoke-Step {
            1..300 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Service $_"; Model = 'gpt-5.5'; ApiKey = 'env:OPENAI_KEY' } } | New-Connection -IfNotExists | Out-Null
        }
        $step.ExitCode | Should -Be 0
        (Invoke-Sandbox requests).method | Should -Be 'GET'
    }

    It 'changes all keys though the platform throttles and fails now and then' {
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; skip = 20; times = 3; status = 429; headers = @{ 'Retry-After' = '0' } }
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; skip = 50; times = 3; status = 503; headers = @{ 'Retry-After' = '0' } }
        $step = Invoke-Step { (Get-Connection | Set-Connection -ApiKey env:OPENAI_KEY -PassThru).Count }
        $step.Log | Should -Be '300'
        $step.ExitCode | Should -Be 0
    }

    It 'ends with an exit code at the first error, and tells what became of what was sent' {
        $null = Invoke-Sandbox requests -Method Delete
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'PATCH'; skip = 10; status = 400 }
        $step = Invoke-Step { Get-Connection | Set-Connection -ApiKey env:OPENAI_KEY -PassThru | ForEach-Object { "changed $($_.ConnectionName)" } }
        $step.ExitCode | Should -Be 1
        # Assigned first: Invoke-RestMethod emits a JSON array as one object.
        $requests = Invoke-Sandbox requests
        $patched = $requests.Where({ $_.method -eq 'PATCH' -and $_.status -eq 200 }).Count
        # Each change that the platform made is in the log.
        @($step.Log -match '^changed ').Count | Should -Be $patched
        $patched | Should -BeIn (10..299)
        "$($step.Log)" | Should -Match 'HTTP 400'
    }

    It 'has no key in its log, whatever is switched on' {
        $step = Invoke-Step {
            $VerbosePreference = $DebugPreference = 'Continue'
            Get-Connection 'Service 1' | Set-Connection -ApiKey env:OPENAI_KEY
            try { New-Connection -OpenAI -Name 'Service 1' -Model gpt-5.5 -ApiKey env:OPENAI_KEY } catch { $_ | Format-List * -Force }
        }
        "$($step.Log)" | Should -Match 'PATCH http'
        "$($step.Log)" | Should -Match 'RESOURCE_CONFLICT'
        Get-Leak $step.Log | Should -BeNullOrEmpty
    }

    It 'takes no command from a connection''s name' {
        $variables.EVIL_NAME = "evil`n##vso[task.complete result=Failed;]"
        $null = New-Connection -Session $platform -OpenAI -Name $variables.EVIL_NAME -Model gpt-5.5 -ApiKey sk-made-up-0123456789
        $step = Invoke-Step {
            Get-Connection -Name 'evil*'
            Get-Connection -Name 'evil*' | Set-Connection -ApiKey env:OPENAI_KEY -Verbose
            New-Connection -OpenAI -Name $env:EVIL_NAME -Model gpt-5.5 -ApiKey env:OPENAI_KEY
        }
        "$($step.Log)" | Should -Match 'evil'
        $step.Log | Where-Object { $_ -match '##vso\[' } | Should -BeNullOrEmpty
    }

    It 'says which variable is missing' {
        $variables.Remove('KORE_API_KEY')
        $step = Invoke-Step { $env:KORE_API_KEY = $null; Get-Connection }
        $step.ExitCode | Should -Be 1
        "$($step.Log)" | Should -Match 'KORE_API_KEY is not set'
    }
}
