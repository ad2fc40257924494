# Every example of the help and every block of the documents is taken from its page and run as it is, in a shell that was
# prepared by nothing but the example with -WithSamples of Connect-KorePlatform. What an example shows as its output is all
# that it gives, but for ids, times, ports and the width of columns; an example without output gives nothing, no error
# either. Those of the about topics and of the documents show no output, so theirs may be any but an error.

BeforeDiscovery {
    $script:pages = foreach ($file in Get-ChildItem "$PSScriptRoot/../../docs/en-US/*-*.md") {
        $text = (Get-Content $file -Raw) -replace '\r' -replace '(?s)^.*?\n## EXAMPLES\n(.*?)\n## PARAMETERS\n.*$', '$1'
        @{
            Page     = $file.BaseName
            Examples = foreach ($example in $text -split '(?m)^### ' -match '\S') {
                $block = @{ powershell = @(); Output = @() }
                foreach ($match in [regex]::Matches($example, '(?ms)^```(powershell|Output)\n(.*?)^```$')) {
                    $block[$match.Groups[1].Value] += $match.Groups[2].Value
                }
                @{ Page = $file.BaseName; Title = ($example -split '\n')[0]; Code = @($block.powershell -join ''); Expected = $block.Output -join '' }
            }
        }
    }
    $script:topics = foreach ($file in Get-ChildItem "$PSScriptRoot/../../docs/en-US/about_*.help.txt") {
        $text = (Get-Content $file -Raw) -replace '\r' -replace '(?s)^.*\nEXAMPLES\n(.*?\n)\n?KEYWORDS\n.*$', '$1'
        @{
            Page     = $file.Name -replace '\..*$'
            Examples = foreach ($match in [regex]::Matches($text, '(?m)^ {4}(\S.*(?:\n {4}\S.*)*):\n\n((?:(?: {8}.*)?\n(?! {4}\S))+)')) {
                @{ Page = $file.Name -replace '\..*$'; Title = $match.Groups[1].Value -replace '\n *', ' '; Code = @($match.Groups[2].Value) }
            }
        }
    }
    # The blocks of a document follow one another in one shell. Of a session that is shown, what was typed is run, and the rest is its output.
    $script:documents = foreach ($file in Get-ChildItem "$PSScriptRoot/../../README.md", "$PSScriptRoot/../../docs/*.md") {
        $text = (Get-Content $file -Raw) -replace '\r'
        $blocks = [regex]::Matches($text, '(?ms)^```powershell\n(.*?)^```$').ForEach({ $_.Groups[1].Value })
        if ($blocks) {
            @{
                Page     = $file.Name
                Title    = $file.Name
                Code     = @($blocks | ForEach-Object { $_ -match '^PS> ' ? ($_ -split '\n' -match '^PS> ' -replace '^PS> ') : $_ })
                Expected = @($blocks -match '^PS> ' -replace '(?m)^PS> .*\n') + [regex]::Matches($text, '(?ms)^```text\n( +Plan: .*?)^```$').ForEach({ $_.Groups[1].Value }) -join ''
            }
        }
    }
    # What an example cannot have in a shell that was just opened, and by what it is recognized. The test stands in for it; all else
    # runs with nothing done for it.
    $script:needs = @(
        @{ Need = 'Platform'; Because = 'a platform of yours, with its key in KORE_API_KEY'; When = 'agent-platform\.kore\.ai|KORE_HOST|\$dev|\$prod |^pwsh ' }
        @{ Need = 'Gateway'; Because = 'a gateway to the providers'; When = 'model-gateway\.example\.com' }
        @{ Need = 'Mail'; Because = 'a mail server'; When = 'smtp\.example\.com' }
        @{ Need = 'Vault'; Because = 'a vault, and the module that reads it'; When = 'Get-Secret|secret:team-vault' }
        @{ Need = 'KeyFile'; Because = 'a key file that nobody else can read'; When = 'file:\S+\.key' }
        @{ Need = 'Person'; Because = 'somebody who types a key'; When = 'Read-Host' }
        @{ Need = 'Rows'; Because = 'a file of yours, which the page shows'; When = '(?<!new-)connections\.csv' }
        @{ Need = 'Repository'; Because = 'this repository, whose package tests/Package.Tests.ps1 installs'; When = '\./build\.ps1' }
    )
    $script:all = @($pages.Examples) + @($topics.Examples) + @($documents)
    foreach ($example in $all) {
        $example.Needs = @($needs.Where({ "$($example.Code)" -match "(?m)$($_.When)" }).Need)
    }
    foreach ($row in $needs) {
        $row.Count = $all.Where({ $row.Need -in $_.Needs }).Count
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/../TestTools.psm1" -Force
    $null = New-Item "$TestDrive/mail" -ItemType Directory
    $script:mail = Start-TestServer mail "$TestDrive/mail"
    Use-ModuleFolder "$TestDrive/modules"
    $page = (Get-Content "$PSScriptRoot/../../docs/en-US/Connect-KorePlatform.md" -Raw) -replace '\r'
    $script:preparation = [regex]::Matches($page, '(?ms)^```powershell\n(.*?)^```$').ForEach({ $_.Groups[1].Value }) -match '-Sandbox -WithSamples'
    Set-Content "$TestDrive/connections.csv" ([regex]::Match((Get-Content "$PSScriptRoot/../../README.md" -Raw), '(?ms)^```text\r?\n(Provider,.*?)^```').Groups[1].Value)

    # Runs in a process of its own. Each example finds what a shell that was just opened has, and what the preparation made.
    $run = {
        param($Manifest, $Examples, $Folder, $MailPort)
        Import-Module $Manifest
        $PSStyle.OutputRendering = 'PlainText'
        $ProgressPreference = 'SilentlyContinue'
        [cultureinfo]::CurrentCulture = ''
        $variables = (Get-ChildItem env:).Name
        $examples = Get-Content $Examples -Raw | ConvertFrom-Json
        foreach ($example in $examples.Examples) {
            Get-ChildItem env: | Where-Object Name -NotIn $variables | Remove-Item
            Get-KeySource | Where-Object IsBuiltIn -EQ $false | Unregister-KeySource
            $PSDefaultParameterValues.Clear()
            Get-KoreSession -All | Disconnect-KorePlatform
            Get-Module Microsoft.PowerShell.SecretManagement | Remove-Module
            Remove-Item function:Read-Host -ErrorAction Ignore
            $null = New-Item $Folder -ItemType Directory -Force
            Set-Location $Folder
            Remove-Item * -Recurse -Force
            $null = . ([scriptblock]::Create($examples.Preparation))
            if ($example.Title -like '*.md') {
                # A document begins in a folder of yours, which has no manifest yet.
                Remove-Item *
            }

            $code = $example.Code
            $port = (Get-KoreSession).BaseUri.Authority
            $shown = @{ "(?<!//)$port" = 'api.openai.com' }
            switch ($example.Needs) {
                Platform {
                    $env:KORE_API_KEY = 'kg-chosen-0123456789abcdef'
                    Connect-KorePlatform -Sandbox -WithSamples -ApiKey env:KORE_API_KEY
                    $dev = $prod = Get-KoreSession
                    $null = $dev, $prod
                    $platform = $dev.BaseUri.GetLeftPart('Authority')
                    $env:KORE_HOST = $platform
                    $code = $code.Replace('agent-platform.kore.ai', $platform)
                    $shown["$platform/?(?=/)"] = 'https://agent-platform.kore.ai'
                }
                Gateway {
                    $code = $code -replace 'https://model-gateway\.example\.com(/openai)?', "http://$port/providers"
                    $shown["(?<!//)$port"] = 'model-gateway.example.com'
                }
                Mail { $code = $code.Replace("'smtp.example.com', 587", "'127.0.0.1', $MailPort") }
                Vault {
                    New-Module Microsoft.PowerShell.SecretManagement {
                        function Get-Secret($Name, $Vault) { [Net.NetworkCredential]::new('', "sk-sample-$Vault-$Name-VAUL").SecurePassword }
                    } | Import-Module
                }
                KeyFile {
                    Set-Content openai.key 'sk-sample-openai-from-a-fileFILE'
                    Set-Content gateway.key 'sample-gateway-from-a-fileFILE'
                    if (-not $IsWindows) { chmod 600 openai.key gateway.key }
                }
                Person {
                    Set-Item function:Read-Host { [Net.NetworkCredential]::new('', ($args[0] -like 'Platform*' ? $env:KORE_API_KEY : $args[0] -like '*OpenAI' ? $env:OPENAI_API_KEY : $env:ANTHROPIC_API_KEY)).SecurePassword }
                }
                Rows { Copy-Item "$Folder/../connections.csv" }
                Repository { $code = $code -replace '(?m)^(\./build\.ps1|Register-PSResourceRepository|Install-PSResource) .*$' }
            }

            "=== $($example.Page): $($example.Title)"
            # The scope of a shell: what one block makes, the next one has.
            & {
                foreach ($block in $code) {
                    $LASTEXITCODE = 0
                    . {
                        try {
                            . ([scriptblock]::Create($block))
                        } catch {
                            $_
                        }
                        if ($LASTEXITCODE) { "LASTEXITCODE: $LASTEXITCODE" }
                    } 2>&1 | ForEach-Object {
                        $_ -is [Management.Automation.ErrorRecord] ? "$($_.InvocationInfo.MyCommand): $_" : $_
                    } | Out-String -Stream -Width 120 | ForEach-Object {
                        $line = $_
                        foreach ($pattern in $shown.Keys) { $line = $line -replace $pattern, $shown[$pattern] }
                        $line.Replace((Get-Location).Path + [IO.Path]::DirectorySeparatorChar, '')
                    }
                }
            }
        }
    }

    # One shell for all, because a start takes longer than most of them. What the mail has attached is compared with what the last one left.
    ConvertTo-Json @{ Preparation = "$preparation"; Examples = @($all | Sort-Object { $_.Title -match 'mail' } -Stable) } -Depth 5 | Set-Content "$TestDrive/examples.json"
    $shell = Invoke-Shell $run -ArgumentList (Get-ModuleManifest), "$TestDrive/examples.json", "$TestDrive/work", ([uri]$mail.Address).Port
    $shell.Error | Should -BeNullOrEmpty
    $script:shown = @{}
    foreach ($part in ($shell.Output -join "`n") -split '(?m)^=== ' -match '\S') {
        $title, $rest = $part -split '\n', 2
        $shown[$title] = "$rest"
    }

    function Get-Comparable($Text) {
        $Text -replace 'cn-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'cn-ID' -replace 'req_\w+', 'req_ID' -replace 'localhost:\d+', 'localhost:PORT' `
            -replace '\d{4}-\d\d-\d\d \d\d:\d\d', 'TIME' -replace '\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d', 'TIME' -replace 'in \d+ ms', 'in N ms' `
            -replace '-{2,}', '--' -replace '[ \t]+', ' ' -replace ' *\n\s*', "`n" | ForEach-Object Trim
    }
}

AfterAll { Stop-FakeProvider $mail }

Describe 'The examples of <Page>' -ForEach $pages {
    It 'run and show what they say: <Title>' -ForEach $Examples {
        $Code | Should -Not -BeNullOrEmpty
        $shown.Keys | Should -Contain "${Page}: $Title"
        Get-Comparable $shown["${Page}: $Title"] | Should -Be (Get-Comparable $Expected)
    }
}

Describe 'The examples of <Page>' -ForEach $topics {
    It 'run without an error: <Title>' -ForEach $Examples {
        $Code | Should -Not -BeNullOrEmpty
        $shown.Keys | Should -Contain "${Page}: $Title"
        $shown["${Page}: $Title"] | Should -Not -Match '(?m)^\w*-?\w+: '
    }
}

Describe 'The blocks of <Title>' -ForEach $documents {
    It 'run in this order, and show what the document shows' {
        $shown.Keys | Should -Contain "${Page}: $Title"
        $lines = (Get-Comparable $shown["${Page}: $Title"]) -split '\n'
        $promised = (Get-Comparable $Expected) -split '\n' -match '\S'
        $promised | Where-Object { $_ -notin $lines } | Should -BeNullOrEmpty
        $lines -match '^([A-Z]\w+-\w+|LASTEXITCODE)?: ' | Where-Object { $_ -notin $promised } | Should -BeNullOrEmpty
    }
}

Describe 'What examples need that a new shell has not' {
    It 'is needed: <Because>' -ForEach $needs {
        $Count | Should -BeGreaterThan 0
    }
}

Describe 'The mail of Export-ConnectionReport' {
    It 'has the page attached, as it was written' {
        $sent = Get-ChildItem "$TestDrive/mail" | Sort-Object LastWriteTime | Select-Object -Last 1 | Get-Content -Raw
        $encoded = [regex]::Match($sent, '(?s)name=report\.html.*?\r\n\r\n(.*?)--').Groups[1].Value -replace '\s'
        $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($encoded))
        $text | Should -Be (Get-Content "$TestDrive/work/kore-samples/report.html" -Raw)
        $text | Should -Match '<h1>Model connections of '
    }
}

Describe 'The manifest of about_KoreConnections_Manifest' {
    It 'is right' {
        $topic = (Get-Content "$PSScriptRoot/../../docs/en-US/about_KoreConnections_Manifest.help.txt" -Raw) -replace '\r'
        $null = New-Item "$TestDrive/manifest/keys" -ItemType Directory
        Set-Content "$TestDrive/manifest/keys/anthropic.key" 'sk-ant-made-up-7d20e5b3QXBB'
        if (-not $IsWindows) {
            chmod 600 "$TestDrive/manifest/keys/anthropic.key"
        }

        Set-Content "$TestDrive/manifest/topic.yaml" ([regex]::Match($topic, '(?m)^ {8}version: 1\n(?:(?: {8}.*)?\n)+').Value -replace '(?m)^ {8}')
        'OPENAI_API_KEY', 'GATEWAY_KEY', 'GATEWAY_HOST' | ForEach-Object { Set-Item "env:$_" made-up-0123456789abcdef }
        try {
            Test-ConnectionManifest "$TestDrive/manifest/topic.yaml" -InformationAction Ignore | Should -BeNullOrEmpty
        } finally {
            Remove-Item env:OPENAI_API_KEY, env:GATEWAY_KEY, env:GATEWAY_HOST
        }
        Select-String "$TestDrive/manifest/topic.yaml" -Pattern '^  - provider' | Should -HaveCount 5
    }
}

Describe 'The picture of a session' {
    It 'is what the session shows: session-<_>.svg' -ForEach 'light', 'dark' {
        if (-not (Test-Path "$TestDrive/session-$_.svg")) {
            & "$PSScriptRoot/../../docs/New-SessionPicture.ps1" -OutputFolder $TestDrive -Module (Get-ModuleManifest)
        }
        Get-Content "$TestDrive/session-$_.svg" | Should -Be (Get-Content "$PSScriptRoot/../../docs/session-$_.svg")
    }
}
