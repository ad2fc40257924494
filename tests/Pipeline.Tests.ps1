BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1", "$PSScriptRoot/BindingTools.psm1" -Force
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
        Use-Variable $variables {
            $lines = Invoke-PowerShell -NonInteractive -File $path *>&1
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Log = @($lines | ForEach-Object { "$_" }) }
        }
    }

    function Get-Leak($Log) {
        'KORE_API_KEY', 'OPENAI_KEY' | Where-Object { "$Log".Contains($variables[$_]) }
    }
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
        "$($step.Log)" | Should -Match 'POST http.*connectionName.*RESOURCE_CONFLICT'
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

# PowerShell's own errors about what is piped carry it whole, with the keys in it.
Describe 'A row with a key that cannot be used' {
    It 'has no key in the errors about a row, in no property of them: <Of> of <Row>' -ForEach @(
        $odd = [ordered]@{
            misspelt   = { [pscustomobject]@{ Nam = 'n'; Modl = 'm'; ApiKey = $text } }
            unknown    = { [pscustomobject]@{ Name = 'n'; Model = 'm'; Key = $text } }
            table      = { @{ Name = 'n'; Model = 'm'; ApiKey = $text } }
            block      = { [pscustomobject]@{ Name = 'n'; Model = { m }; ApiKey = $text } }
            nested     = { [pscustomobject]@{ Name = @{ a = 1 }; Model = 'm'; ApiKey = $text; Provider = @('OpenAI', 'x') } }
            ids        = { [pscustomobject]@{ ConnectionId = 'cn-1', 'cn-2'; ApiKey = $text } }
            keyList    = { [pscustomobject]@{ ConnectionId = 'cn-1'; Name = 'n'; Model = 'm'; ApiKey = @($text, 'x') } }
            headers    = { [pscustomobject]@{ Name = 'n'; EndpointUrl = (Get-Item .); Feature = @{ a = 1 }; Header = @{ 'x-api-key' = $text } } }
            throwing   = { [pscustomobject]@{ ApiKey = $text; ConnectionId = 'cn-1' } | Add-Member ScriptProperty Model { throw 'x' } -PassThru }
        }
        foreach ($command in
            { $row | New-Connection }, { $row | Test-ConnectionKey }, { $row | Set-Connection }, { $row | Set-Connection -Model m },
            { $row | Set-Connection -ApiKey env:KORE_NONE }, { $row | Get-Connection }, { $row | Update-ConnectionKey }, { $row | Find-ConnectionIssue },
            { $row | Export-Connection "$TestDrive/rows.yaml" }, { $row | Export-ConnectionReport "$TestDrive/rows.html" }
        ) {
            $odd.Keys | ForEach-Object { @{ Of = $command; Row = $_; Make = $odd[$_] } }
        }
    ) {
        $text = 'Correct7Horse9Battery'
        $row = & $Make
        foreach ($failure in (Get-Outcome $Of).Errors) {
            $all = ($failure | Format-List * -Force | Out-String -Width 4000), "$($failure.CategoryInfo)", ($failure.TargetObject | ConvertTo-Json -Depth 4 -WarningAction Ignore)
            "$all" | Should -Not -Match $text
        }
    }
}
