# What users do with copies of the cmdlets' parameters: Pester's Mock, in each major that is in use, and proxy functions.

BeforeDiscovery {
    # Beside the one that runs, restored with it.
    $script:pesters = foreach ($major in Get-ChildItem (Split-Path (Split-Path (Get-Module Pester).ModuleBase)) -Directory | Group-Object { ([version]$_.Name).Major } | Where-Object Name -In 5, 6) {
        @{ Major = [int]$major.Name; Pester = Join-Path ($major.Group | Sort-Object { [version]$_.Name } | Select-Object -Last 1) tools/Pester.psd1 }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:help = Get-Content "$PSScriptRoot/../docs/en-US/about_KoreConnections.help.txt"
    $script:key = 'sk-made-up-0123456789MQAA'
}

Describe 'The majors of Pester' {
    It 'are both here: <Majors>' -ForEach @{ Majors = $pesters.Major } {
        $Majors | Should -Be 5, 6
    }
}

Describe 'A mock in Pester <Major>' -ForEach $pesters {
    It 'binds what the cmdlets take, by the line that the help shows' {
        $line = ($help -match '^ +Mock New-Connection ').Trim()
        $line | Should -HaveCount 1
        Set-Content "$TestDrive/Users.Tests.ps1" @"
BeforeAll {
    Import-Module '$(Get-ModuleManifest)'
    `$secure = [Net.NetworkCredential]::new('', '$key').SecurePassword
}
Describe 'A script' {
    It 'creates: <_>' -ForEach 'env:NAME', '$key' {
        $line
        New-Connection -OpenAI -Name a -Model m -ApiKey `$_
        [pscustomobject]@{ Name = 'b'; Model = 'm'; ApiKey = `$_ } | New-Connection -Anthropic
        @{ Provider = 'OpenAI'; Name = 'c'; ApiKey = `$_ } | New-Connection
        New-Connection -AzureOpenAI -Name d -Model m -ResourceName r -DeploymentId d -ApiVersion 2024-06-01 -ApiKey `$secure -IfNotExists
        New-Connection -CustomApi -Name e -EndpointUrl https://x.example.com -Header @{ a = 'env:NAME' } -Payload @{ p = '{{prompt}}' } -OutputPath a -CustomVariable tone
        Should -Invoke New-Connection -Times 5 -Exactly
        Should -Invoke New-Connection -Times 1 -Exactly -ParameterFilter { `$Name -eq 'a' -and `$ApiKey -eq `$_ }
    }
    It 'does the rest: <Of>' -ForEach @(
        @{ Of = 'Set-Connection'; Call = { Set-Connection cn-1 env:NAME; 'cn-2' | Set-Connection -ApiKey env:NAME; [pscustomobject]@{ ConnectionId = 'cn-3'; Name = 'x' } | Set-Connection -ApiKey env:NAME } }
        @{ Of = 'Connect-KorePlatform'; Call = { Connect-KorePlatform h env:NAME; Connect-KorePlatform -Sandbox; Connect-KorePlatform h -ApiKey `$secure -Proxy http://p } }
        @{ Of = 'Test-ConnectionKey'; Call = { Test-ConnectionKey cn-1 -ApiKey env:NAME; Test-ConnectionKey -OpenAI -Model m -ApiKey env:NAME; [pscustomobject]@{ ConnectionId = 'cn-3' } | Test-ConnectionKey } }
        @{ Of = 'Get-ProviderModel'; Call = { Get-ProviderModel -OpenAI -ApiKey env:NAME; Get-ProviderModel -Anthropic -ApiKey env:NAME; Get-ProviderModel -OpenAI -ApiKey `$secure } }
        @{ Of = 'Update-ConnectionKey'; Also = 'PreviousApiKey'; Call = { Update-ConnectionKey cn-1 env:NAME; 'cn-1' | Update-ConnectionKey -ApiKey env:NAME -PreviousApiKey env:OLD; Update-ConnectionKey cn-1 -Header @{ a = 'env:NAME' } } }
    ) {
        Mock `$Of {} -RemoveParameterType (@('ApiKey') + @(`$Also | Where-Object { `$_ }))
        & `$Call
        Should -Invoke `$Of -Times 3 -Exactly
    }
    It 'reads' {
        Mock Get-Connection { [pscustomobject]@{ ConnectionId = 'cn-1' } }
        Mock Find-ConnectionIssue {}
        Mock Sync-Connection {}
        (Get-Connection Desk).ConnectionId | Should -Be cn-1
        Get-Connection *desk* -Provider OpenAI | Find-ConnectionIssue -MinimumSeverity Warning
        Sync-Connection all.yaml -Name a, b
        Should -Invoke Sync-Connection -Times 1 -Exactly -ParameterFilter { `$Name.Count -eq 2 }
    }
}
"@
        $shell = Invoke-Shell -ArgumentList $Pester, "$TestDrive/Users.Tests.ps1" {
            param($Pester, $File)
            Import-Module $Pester
            $result = Invoke-Pester $File -PassThru -Output None
            "$($result.PassedCount) passed of $($result.TotalCount)"
            $result.Failed | ForEach-Object { "$($_.ExpandedName): $($_.ErrorRecord)" }
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Be '8 passed of 8'
    }
}

Describe 'A proxy function' {
    It 'binds what the cmdlet takes, by the lines that the help shows, and passes it on' {
        $lines = ($help -match '^ +(\$command|\$copy|\[Management.Automation.ProxyCommand\])').Trim()
        $lines | Should -HaveCount 4
        $shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), ($lines -join "`n"), $key {
            param($Manifest, $Lines, $Key)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = $Key
            Set-Item function:global:New-Connection (& ([scriptblock]::Create($Lines)))
            New-Connection -OpenAI -Name a -Model m -ApiKey env:MADE_UP_KEY | ForEach-Object { "$($_.ConnectionName) $($_.Fields['API_KEY'])" }
            New-Connection -OpenAI -Name b -Model m -ApiKey ([Net.NetworkCredential]::new('', $Key).SecurePassword) | ForEach-Object { "$($_.ConnectionName) $($_.Fields['API_KEY'])" }
            [pscustomobject]@{ Provider = 'OpenAI'; Name = 'c'; Model = 'm'; ApiKey = $Key } | New-Connection | ForEach-Object { "$($_.ConnectionName) $($_.Fields['API_KEY'])" }
            New-Connection -CustomApi -Name d -EndpointUrl https://x.example.com -Header @{ a = 'env:MADE_UP_KEY' } -Payload @{ p = '{{prompt}}' } -OutputPath a | ForEach-Object ConnectionName
            try { New-Connection -OpenAI -Name e -Model m -ApiKey '***' -ErrorAction Stop } catch { "$_" }
            $Error.Where({ ([Management.Automation.PSSerializer]::Serialize($_, 6)) -match $Key }).Count
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output[0..3] | Should -Be 'a sk***************MQAA', 'b sk***************MQAA', 'c sk***************MQAA', 'd'
        $shell.Output[4] | Should -BeLike 'e: -ApiKey is a mask*' -Because 'it is the cmdlet that refuses it'
        $shell.Output[5] | Should -Be 0 -Because 'no error record holds the key'
    }
}
