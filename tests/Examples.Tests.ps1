# The examples of the help are taken from its pages and run. What an example shows as its output is all that it gives,
# but for ids, times and the width of columns; an example without output gives nothing, no error either. Those of the
# about topics show no output, so theirs may be any but an error.

BeforeDiscovery {
    $script:pages = foreach ($file in Get-ChildItem "$PSScriptRoot/../docs/en-US/*-*.md") {
        $text = (Get-Content $file -Raw) -replace '\r' -replace '(?s)^.*?\n## EXAMPLES\n(.*?)\n## PARAMETERS\n.*$', '$1'
        @{
            Page     = $file.BaseName
            Examples = foreach ($example in $text -split '(?m)^### ' -match '\S') {
                $block = @{ powershell = @(); Output = @() }
                foreach ($match in [regex]::Matches($example, '(?ms)^```(powershell|Output)\n(.*?)^```$')) {
                    $block[$match.Groups[1].Value] += $match.Groups[2].Value
                }
                @{ Title = ($example -split '\n')[0]; Code = $block.powershell -join ''; Expected = $block.Output -join '' }
            }
        }
    }
    $script:topics = foreach ($file in Get-ChildItem "$PSScriptRoot/../docs/en-US/about_*.help.txt") {
        $text = (Get-Content $file -Raw) -replace '\r' -replace '(?s)^.*\nEXAMPLES\n(.*?\n)\n?KEYWORDS\n.*$', '$1'
        @{
            Page     = $file.Name -replace '\..*$'
            Examples = foreach ($match in [regex]::Matches($text, '(?m)^ {4}(\S.*(?:\n {4}\S.*)*):\n\n((?:(?: {8}.*)?\n(?! {4}\S))+)')) {
                @{ Title = $match.Groups[1].Value -replace '\n *', ' '; Code = $match.Groups[2].Value }
            }
        }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:providers = Start-FakeProvider
    $null = New-Item "$TestDrive/mail" -ItemType Directory
    $script:mail = Start-TestServer mail "$TestDrive/mail"

    # Runs in a process of its own: one example after the other, each against a platform with the same connections.
    $script:run = {
        param($Manifest, $Examples, $Folder, $Provider, $Gateway, $MailPort)
        Import-Module $Manifest
        $PSStyle.OutputRendering = 'PlainText'
        $ProgressPreference = 'SilentlyContinue'
        [cultureinfo]::CurrentCulture = ''
        # Stands in for the module that reads vaults, which would need one to be set up.
        New-Module Microsoft.PowerShell.SecretManagement {
            function Get-Secret($Name, $Vault) { [Net.NetworkCredential]::new('', "sk-good-$Vault-$Name-VAUL").SecurePassword }
        } | Import-Module
        # No provider is asked: a fake answers in its place.
        'Test-ConnectionKey', 'Update-ConnectionKey', 'Get-ProviderModel' | ForEach-Object { $PSDefaultParameterValues["${_}:ProviderUri"] = $Provider }

        foreach ($example in Get-Content $Examples -Raw | ConvertFrom-Json) {
            $env:KORE_API_KEY = 'kg-chosen-0123456789abcdef'
            Connect-KorePlatform -Sandbox -ApiKey env:KORE_API_KEY
            $platform = [uri](Get-KoreSession).BaseUri.GetLeftPart('Authority')
            $env:KORE_HOST = $platform.AbsoluteUri
            $env:OPENAI_API_KEY = 'sk-good-openai-4f1c7a90MQAA'
            $env:ANTHROPIC_API_KEY = 'sk-good-ant-7d20e5b3QXBB'
            $env:AZURE_OPENAI_API_KEY = 'good-azure-93b8d1c6f2a4ZRCC'
            $env:GATEWAY_KEY = 'good-gateway-0e6b5d7a1fPLDD'
            $env:OPENAI_API_KEY_NEW = 'sk-good-openai-81d3c5e0NEWA'
            $env:OPENAI_API_KEY_OLD = 'sk-revoked-openai-5c9fOLDA'
            $env:ANTHROPIC_API_KEY_NEW = 'sk-good-ant-2a64f0d9NEWB'
            $env:GATEWAY_KEY_NEW = 'good-gateway-c713e98b52NEWD'
            Set-Item function:Read-Host { [Net.NetworkCredential]::new('', ($args[0] -like 'Platform*' ? $env:KORE_API_KEY : $env:ANTHROPIC_API_KEY)).SecurePassword }
            $null = @(
                @{ Provider = 'OpenAI'; Name = 'Support desk'; Model = 'gpt-5.5'; ApiKey = 'env:OPENAI_API_KEY' }
                @{ Provider = 'OpenAI'; Name = 'Search [prod]'; Model = 'gpt-5.4-mini'; ApiKey = 'env:OPENAI_API_KEY' }
                @{ Provider = 'Anthropic'; Name = 'Contract review'; Model = 'claude-opus-4-8'; ApiKey = 'env:ANTHROPIC_API_KEY' }
                @{ Provider = 'AzureOpenAI'; Name = 'Finance'; Model = 'GPT-5.4'; ApiKey = 'env:AZURE_OPENAI_API_KEY'
                    ResourceName = 'contoso-finance'; DeploymentId = 'gpt-5.4-eu'; ApiVersion = '2024-08-01-preview' }
                @{ Provider = 'API'; Name = 'Own model'; EndpointUrl = 'https://llm.example.com/v1/messages'; Header = @{ 'x-api-key' = 'env:GATEWAY_KEY' }
                    Payload = @{ prompt = '{{prompt}}' }; OutputPath = 'content[0].text' }
                @{ Provider = 'API'; Name = 'Own gateway'; Model = 'claude-opus-4-8'; EndpointUrl = 'https://gateway.example.com/anthropic'
                    Header = @{ 'x-api-key' = 'env:GATEWAY_KEY' }; MapProvider = 'anthropicModel'; Feature = 'streaming', 'supportTools' }
            ) | New-Connection -ThrottleLimit 1
            Connect-KorePlatform $platform.AbsoluteUri -ApiKey env:KORE_API_KEY

            $null = New-Item $Folder -ItemType Directory -Force
            Set-Location $Folder
            Remove-Item * -Recurse
            Set-Content openai.key 'sk-good-openai-from-a-fileFILE'
            Set-Content gateway.key 'good-gateway-from-a-fileFILE'
            Set-Content new-connections.csv @'
Name,Provider,Model,ApiKey,ResourceName,DeploymentId,ApiVersion
Travel desk,OpenAI,gpt-5.4-mini,env:OPENAI_API_KEY,,,
Claims,Anthropic,claude-opus-4-8,env:ANTHROPIC_API_KEY,,,
Payroll,AzureOpenAI,GPT-5.4,env:AZURE_OPENAI_API_KEY,contoso-hr,gpt-5.4-hr,2024-08-01-preview
'@
            Set-Content connections.yaml @'
version: 1
connections:
  - provider: OpenAI
    name: Support desk
    model: gpt-5.5
    apiKey: env:OPENAI_API_KEY

  - provider: Anthropic
    name: Claims
    model: claude-opus-4-8
    apiKey: env:ANTHROPIC_API_KEY

  - provider: API
    name: Own model
    endpointUrl: https://llm.example.com/v2/messages
    header:
      x-api-key: env:GATEWAY_KEY
    payload:
      prompt: "{{prompt}}"
      max_tokens: 512
    outputPath: content[0].text
'@
            Set-Content azure.yaml @'
connections:
  - provider: AzureOpenAI
    name: Finance
    model: GPT-5.4
    apiKey: env:AZURE_OPENAI_API_KEY
    resourceName: contoso-finance
    deploymentId: gpt-5.4-us
    apiVersion: 2024-08-01-preview
'@
            Set-Content draft.yaml @'
connections:
  - provider: OpenAI
    name: Travel desk
    modle: gpt-5.5
    apiKey: sk-made-up-openai-4f1c7a90MQAA

  - provider: Anthropic
    name: Claims
    model: claude-opus-4-8
    apiKey: env:ANTHROPIC_KEY
    deploymentId: claims
'@
            if (-not $IsWindows) {
                chmod 600 openai.key gateway.key
            }

            "=== $($example.Title)"
            $code = $example.Code.Replace('agent-platform.kore.ai', $platform.AbsoluteUri.TrimEnd('/')).Replace('https://model-gateway.example.com', $Gateway).Replace("'smtp.example.com', 587", "'127.0.0.1', $MailPort")
            & {
                try {
                    & ([scriptblock]::Create($code))
                } catch {
                    $_
                }
            } 2>&1 | ForEach-Object {
                $_ -is [Management.Automation.ErrorRecord] ? "$($_.InvocationInfo.MyCommand): $($_.Exception.Message)" : $_
            } | Out-String -Stream -Width 120 | ForEach-Object {
                $_.Replace($platform.AbsoluteUri, 'https://agent-platform.kore.ai/').Replace(([uri]$Provider).Authority, 'api.openai.com').Replace(([uri]$Gateway).Authority, 'model-gateway.example.com').Replace((Get-Location).Path + [IO.Path]::DirectorySeparatorChar, '')
            }
        }
    }

    function Get-Shown($Examples) {
        ConvertTo-Json @($Examples) -Depth 3 | Set-Content "$TestDrive/examples.json"
        $shell = Invoke-Shell $run -ArgumentList (Get-ModuleManifest), "$TestDrive/examples.json", "$TestDrive/work", $providers.Address, $providers.Gateway, ([uri]$mail.Address).Port
        $shell.Error | Should -BeNullOrEmpty
        $shown = @{}
        foreach ($part in ($shell.Output -join "`n") -split '(?m)^=== ' -match '\S') {
            $title, $rest = $part -split '\n', 2
            $shown[$title] = "$rest"
        }
        $shown
    }

    function Get-Comparable($Text) {
        $Text -replace 'cn-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'cn-ID' -replace 'req_\w+', 'req_ID' -replace 'localhost:\d+', 'localhost:PORT' `
            -replace '\d{4}-\d\d-\d\d \d\d:\d\d', 'TIME' -replace '\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d', 'TIME' -replace 'in \d+ ms', 'in N ms' `
            -replace '-{2,}', '--' -replace '[ \t]+', ' ' -replace ' *\n\s*', "`n" | ForEach-Object Trim
    }
}

AfterAll {
    Stop-FakeProvider $providers
    Stop-FakeProvider $mail
}

Describe 'The examples of <Page>' -ForEach $pages {
    BeforeAll {
        $script:shown = Get-Shown $Examples
    }

    It 'run and show what they say: <Title>' -ForEach $Examples {
        $Code | Should -Not -BeNullOrEmpty
        $shown.Keys | Should -Contain $Title
        Get-Comparable $shown[$Title] | Should -Be (Get-Comparable $Expected)
    }
}

Describe 'The examples of <Page>' -ForEach $topics {
    BeforeAll {
        $script:shown = Get-Shown $Examples
    }

    It 'run without an error: <Title>' -ForEach $Examples {
        $Code | Should -Not -BeNullOrEmpty
        $shown.Keys | Should -Contain $Title
        $shown[$Title] | Should -Not -Match '(?m)^\w*-?\w+: '
    }
}

Describe 'The mail of Export-ConnectionReport' {
    It 'has the page attached, as it was written' {
        $example = ($pages | Where-Object Page -EQ Export-ConnectionReport).Examples | Where-Object Title -Match mail
        $null = Get-Shown $example
        $sent = Get-ChildItem "$TestDrive/mail" | Sort-Object LastWriteTime | Select-Object -Last 1 | Get-Content -Raw
        $encoded = [regex]::Match($sent, '(?s)name=report\.html.*?\r\n\r\n(.*?)--').Groups[1].Value -replace '\s'
        $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($encoded))
        $text | Should -Be (Get-Content "$TestDrive/work/report.html" -Raw)
        $text | Should -Match '<h1>Model connections of '
    }
}

Describe 'The manifest of about_KoreConnections_Manifest' {
    It 'is right' {
        $topic = (Get-Content "$PSScriptRoot/../docs/en-US/about_KoreConnections_Manifest.help.txt" -Raw) -replace '\r'
        $null = New-Item "$TestDrive/manifest/keys" -ItemType Directory
        Set-Content "$TestDrive/manifest/keys/anthropic.key" 'sk-ant-made-up-7d20e5b3QXBB'
        if (-not $IsWindows) {
            chmod 600 "$TestDrive/manifest/keys/anthropic.key"
        }

        Set-Content "$TestDrive/manifest/topic.yaml" ([regex]::Match($topic, '(?m)^ {8}version: 1\n(?:(?: {8}.*)?\n)+').Value -replace '(?m)^ {8}')
        $shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$TestDrive/manifest/topic.yaml" {
            param($Manifest, $Path)
            Import-Module $Manifest
            'OPENAI_API_KEY', 'GATEWAY_KEY', 'GATEWAY_HOST' | ForEach-Object { Set-Item "env:$_" made-up-0123456789abcdef }
            Test-ConnectionManifest $Path | ForEach-Object ToString
            (Select-String $Path -Pattern '^  - provider').Count
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Be 5
    }
}

Describe 'The picture of a session' {
    It 'is what the session shows: session-<_>.svg' -ForEach 'light', 'dark' {
        if (-not (Test-Path "$TestDrive/session-$_.svg")) {
            & "$PSScriptRoot/../docs/New-SessionPicture.ps1" -OutputFolder $TestDrive -Module (Get-ModuleManifest)
        }
        Get-Content "$TestDrive/session-$_.svg" | Should -Be (Get-Content "$PSScriptRoot/../docs/session-$_.svg")
    }
}
