BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

Describe 'A sandbox with a file' {
    AfterEach {
        Disconnect-KorePlatform
    }

    It 'has no key of a custom API: <Place>' -ForEach @(
        @{ Place = 'query'; With = @{ EndpointUrl = 'https://a.example.com/x?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' } }
        @{ Place = 'path'; With = @{ EndpointUrl = 'https://a.example.com/sk-proj-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl/x' } }
        @{ Place = 'JSON in a text'; With = @{ Payload = @{ m = '{{prompt}}'; inner = '{"apiKey":"Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl","n":1}' } } }
        @{ Place = 'JSON in JSON in a text'; With = @{ Payload = @{ m = '{{prompt}}'; inner = '{"a":"{\"apiKey\":\"Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl\"}"}' } } }
    ) {
        $file = "$TestDrive/$(New-Guid).json"
        $api = @{ Name = 'Own'; EndpointUrl = 'https://a.example.com/x'; Header = @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' }; Payload = @{ m = '{{prompt}}' }; OutputPath = 'a' } + @{}
        $With.Keys | ForEach-Object { $api[$_] = $With[$_] }
        $entry = @{ provider = 'API'; name = 'Own'; endpointUrl = $api.EndpointUrl.Replace('Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl', '${env:ACCEPTANCE_PART}'); header = $api.Header; payload = $api.Payload; outputPath = 'a' }
        if ($api.Payload.inner) { $entry.payload = @{ m = '{{prompt}}'; inner = $api.Payload.inner.Replace('Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl', '${env:ACCEPTANCE_PART}') } }
        @{ connections = @($entry) } | ConvertTo-Json -Depth 9 | Set-Content "$TestDrive/own.json"
        $env:ACCEPTANCE_PART = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl'

        Connect-KorePlatform -Sandbox -SandboxPath $file
        $null = New-Connection -CustomApi @api -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Compare-Connection "$TestDrive/own.json" -WarningAction Ignore).Action | Should -Be InSync
        "$(Get-Connection Own -Detailed | ConvertTo-Json -Depth 9)$(Invoke-Sandbox requests | ConvertTo-Json -Depth 9)" | Should -Not -BeLike '*Rt5Yu9Io3*'
        Disconnect-KorePlatform
        Get-Content $file -Raw | Should -Not -BeLike '*Rt5Yu9Io3*'

        Connect-KorePlatform -Sandbox -SandboxPath $file
        (Compare-Connection "$TestDrive/own.json" -WarningAction Ignore).Action | Should -Be InSync
        (Get-Connection Own | Set-Connection -OutputPath b -PassThru).OutputPath | Should -Be b
        (Compare-Connection "$TestDrive/own.json" -WarningAction Ignore).Difference.Property | Should -Be outputPath
        if ($api.Payload.inner -like '*"n":1*') {
            # What is beside the mask is compared.
            Set-Content "$TestDrive/own.json" (Get-Content "$TestDrive/own.json" -Raw).Replace('\"n\":1', '\"n\":2')
            $change = (Compare-Connection "$TestDrive/own.json" -WarningAction Ignore).Difference | Where-Object Property -EQ payload.inner
            "$($change.Old) $($change.New)" | Should -BeLike '*"n":1* *$*env:ACCEPTANCE_PART*"n":2*'
        }
        $env:ACCEPTANCE_PART = $null
    }

    It 'keeps an example of JSON in a prompt, which has no key, as it is: it can be copied and is in step' {
        $prompt = '{{prompt}} Answer as {"password":"string","token":"<token>","apiKey":"a word of yours","secret":""}'
        Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/example.json"
        $null = New-Connection -CustomApi -Name Example -EndpointUrl https://a.example.com -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' } -Payload @{ m = $prompt } -OutputPath a
        Disconnect-KorePlatform
        Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/example.json"
        $kept = Get-Connection Example -Detailed
        $kept.Payload['m'] | Should -BeExactly $prompt
        ($kept | New-Connection -Name Copy -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' }).Payload['m'] | Should -BeExactly $prompt
    }

    It 'is free again after a connect that failed' {
        { Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/free.json" -Proxy none -ErrorAction Stop } | Should -Throw '*-Proxy is not an absolute*' -ErrorId 'KoreInvalidInput,*'
        Connect-KorePlatform -Sandbox -SandboxPath "$TestDrive/free.json"
        Get-Connection | Should -BeNullOrEmpty
    }
}

# A limit on the size of files stands for a full disk, as far as it is the shell's own, which can lift it.
Describe 'A sandbox whose disk is full' -Skip:(-not (Get-Command prlimit -ErrorAction Ignore)) {
    BeforeAll {
        $folder = (New-Item "$TestDrive/full" -ItemType Directory).FullName
        $file = "$folder/own.json"
        $script = "
            Import-Module '$(Get-ModuleManifest)'
            `$said = @{}
            function Use-FullDisk([scriptblock] `$Do) { prlimit --pid `$PID --fsize=0:; try { (& `$Do 2>&1 3>`$null).ForEach({ `"`$_`" }) } finally { prlimit --pid `$PID --fsize=unlimited: } }
            `$said.Started = @(Use-FullDisk { Connect-KorePlatform -Sandbox -SandboxPath '$file' })
            `$said.Left = @((Get-ChildItem -Force '$folder').Name)
            Connect-KorePlatform -Sandbox -SandboxPath '$file' -ErrorAction Stop
            `$null = New-Connection -OpenAI -Name A -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
            `$before = (Get-Connection A).ModifiedOn
            `$said.Created = @(Use-FullDisk { New-Connection -OpenAI -Name B -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY })
            `$said.Changed = @(Use-FullDisk { Get-Connection A | Set-Connection -ApiKey env:ACCEPTANCE_KEY -PassThru })
            `$said.IsAsBefore = (Get-Connection A).ModifiedOn -eq `$before
            `$said.Names = @((Get-Connection).ConnectionName)
            `$said.Again = @((New-Connection -OpenAI -Name B -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY 2>&1).ForEach({ `"`$(`$_.ConnectionName)`$(`$_.Exception)`" }))
            Disconnect-KorePlatform
            Connect-KorePlatform -Sandbox -SandboxPath '$file'
            `$said.Kept = @((Get-Connection).ConnectionName)
            Disconnect-KorePlatform
            `$said.Files = @((Get-ChildItem -Force '$folder').Name)
            ConvertTo-Json -Compress `$said"
        $script:said = Use-Variable @{ DOTNET_EnableWriteXorExecute = 0 } {
            $command = @(Get-PowerShellCommand)
            sh -c "trap '' XFSZ; exec `"`$@`"" sh @command -NoLogo -NoProfile -NonInteractive -Command $script | ConvertFrom-Json
        }
    }

    It 'does not start, for that reason, and starts as soon as there is room' {
        $said.Started | Should -HaveCount 1
        $said.Started | Should -BeLike 'The sandbox did not start: The file is larger than its file system or the limits of this process allow.'
        $said.Left | Should -BeNullOrEmpty
    }

    It 'makes no change that it cannot save, says so, and makes it once there is room' {
        foreach ($failure in $said.Created, $said.Changed) {
            $failure | Should -HaveCount 1
            $failure | Should -BeLike "*: The sandbox could not save '$file', so nothing was changed. *"
            $failure | Should -Not -BeLike '*Could not determine*'
        }
        $said.IsAsBefore | Should -BeTrue
        $said.Names | Should -Be 'A'
        $said.Again | Should -Be 'B'
        $said.Kept | Should -Be 'A', 'B'
        $said.Files | Should -Be 'own.json'
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
            Get-ChildItem -Force "$file.*" | Should -BeNullOrEmpty -Because 'what the killed one was writing is of no use'
        } finally {
            Disconnect-KorePlatform
        }
    }
}
