# A shell as a container or a service starts it: without HOME, without ICU, with a limit for the size of files.

BeforeDiscovery {
    $script:skip = $IsWindows
}

Describe 'A shell without HOME, without ICU, and with small files only' -Skip:$skip {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestTools.psm1" -Force
        $script:folder = "$TestDrive/bare"
        $null = New-Item $folder -ItemType Directory
        $script = {
            $ProgressPreference = 'SilentlyContinue'
            $PSStyle.OutputRendering = 'PlainText'
            Import-Module $env:BARE_MODULE
            Set-Location $env:BARE_FOLDER
            $said = [ordered]@{}
            Connect-KorePlatform -Sandbox -WithSamples -WarningVariable warned 3>$null
            $said.Connected = "$warned"
            try { Connect-KorePlatform -Sandbox -WarningAction Stop 3>$null } catch { $said.Stopped = "$(Get-KoreSession)" }
            Connect-KorePlatform -Sandbox -WithSamples 3>$null
            $rows = 'A,env:BARE_KEY', 'B,file:~/key.txt', 'C,env:BARE_KEY' | ConvertFrom-Csv -Header Name, ApiKey
            $said.Created = @(($rows | New-Connection -OpenAI -Model gpt-5.5 -WarningAction Ignore -ErrorAction SilentlyContinue -ErrorVariable failed).ConnectionName)
            $said.Failed = @($failed.ForEach({ "$($_.FullyQualifiedErrorId): $_" }))
            $said.Paths = @(
                { Export-Connection '~/x.yaml' }, { Test-ConnectionManifest '~/x.yaml' }, { Test-ConnectionManifest '~/*.yaml' }, { Compare-Connection '~/x.yaml' }
                { Export-ConnectionReport '~/x.html' }, { Connect-KorePlatform -Sandbox -SandboxPath '~/x.json' }
            ).ForEach({ (& $_ 2>&1 3>$null).FullyQualifiedErrorId })
            'connections: []' | Set-Content large.yaml
            $rows = 1..150 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "Name $_ $('x' * 200)"; Model = 'gpt-5.5'; ApiKey = 'env:BARE_KEY' } }
            Connect-KorePlatform -Sandbox -WarningAction Ignore
            $null = $rows | New-Connection -WarningAction Ignore
            $said.TooLarge = @({ Export-Connection large.yaml -Force }, { Export-ConnectionReport large.html }).ForEach({ (& $_ 2>&1 3>$null).ForEach({ "$($_.FullyQualifiedErrorId): $_" }) })
            $said.Kept = "$(Get-Content large.yaml)"
            $said.Left = @((Get-ChildItem).Name)
            [Console]::Out.WriteLine((ConvertTo-Json $said))
        }
        Set-Content "$folder/script.ps1" $script
        $program, $first = Get-PowerShellCommand
        # In kilobytes. Mapped code is a file, too, where memory is not both written and executed.
        $limits = 'ulimit -f 40; trap "" XFSZ; unset HOME; exec "$@"'
        $variables = @{
            BARE_MODULE = Get-ModuleManifest; BARE_FOLDER = $folder; BARE_KEY = 'sk-made-up-4f1c7a90e2b3MQAA'
            DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = '1'; DOTNET_EnableWriteXorExecute = '0'
        }
        $script:said = Use-Variable $variables { bash -c $limits bash $program @first -NoLogo -NoProfile -NonInteractive -File "$folder/script.ps1" } | Out-String | ConvertFrom-Json
    }

    It 'warns that names which look alike may count as different' {
        $said.Connected | Should -BeLike '*runs without ICU*a connection may be created twice. Install ICU*'
        $said.Stopped | Should -Be '' -Because 'a connect that -WarningAction Stop ends has failed'
        Connect-KorePlatform -Sandbox -WarningVariable warned 3>$null
        $warned | Should -BeNullOrEmpty -Because 'this shell has ICU'
    }

    It 'fails for a key''s file below HOME in its own row only' {
        $said.Created | Should -Be 'A', 'C'
        $said.Failed | Should -HaveCount 1
        $said.Failed | Should -BeLike 'KoreInvalidInput,*NewConnectionCommand: *~/key.txt*'
    }

    It 'refuses each path below HOME as what the user specified' {
        $said.Paths | Should -HaveCount 6
        $said.Paths | Should -BeLike 'KoreInvalidInput,*'
    }

    It 'says that a file is too large, and keeps what was there' {
        $said.TooLarge | Should -HaveCount 2
        $said.TooLarge | Should -BeLike 'KoreInvalidInput,*could not be written: The file is larger than*'
        $said.Kept | Should -Be 'connections: []'
        $said.Left | Should -Not -BeLike '*.tmp'
    }
}
