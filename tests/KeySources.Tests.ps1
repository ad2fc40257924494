# Where keys come from beyond variables and files: azkv, and what a script registers. Commands and modules are stand-ins with the
# interfaces of the real ones.

BeforeDiscovery {
    $key = 'sk-source-4f1c7a90e2b3MQAA'
    $signIn = 'not signed in to Azure'
    # What az prints and what Az.KeyVault throws, as their documentation and their issues show it.
    $azureFailures = @(
        @{ Case = 'az is not signed in'; Says = "ERROR: Please run 'az login' to setup account."; Saying = $signIn }
        @{ Case = 'the sign-in has expired'; Says = 'ERROR: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.'; Saying = $signIn }
        @{ Case = 'Az is not signed in'; Says = 'Run Connect-AzAccount to login.'; Saying = $signIn }
        @{ Case = 'no role'; Says = 'ERROR: (Forbidden) Caller is not authorized to perform action on resource. If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.'; Saying = 'Key Vault Secrets User' }
        @{ Case = 'no access policy'; Says = "The user, group or application 'appid=1' does not have secrets get permission on key vault 'team'. Code: Forbidden Inner error: AccessDenied"; Saying = 'access policy Get' }
        @{ Case = 'a firewall'; Says = 'ERROR: (Forbidden) Client address is not authorized and caller is not a trusted service. Inner error: { "code": "ForbiddenByFirewall" }'; Saying = 'firewall' }
        @{ Case = 'no public access'; Says = 'ERROR: (Forbidden) Public network access is disabled and request is not from a trusted service nor via an approved private link.'; Saying = 'firewall' }
        @{ Case = 'a disabled secret'; Says = 'ERROR: (Forbidden) Operation get is not allowed on a disabled secret. Inner error: { "code": "SecretDisabled" }'; Saying = 'is disabled' }
        @{ Case = 'no such secret'; Says = 'ERROR: (SecretNotFound) A secret with (name/id) openai was not found in this key vault. If you recently deleted this secret you may be able to recover it.'; Saying = 'no such secret or version'; ExitCode = 3 }
        @{ Case = 'no such secret, which is called as a failure'; Reference = 'azkv:unauthorized/app-401'; Says = 'ERROR: (SecretNotFound) A secret with (name/id) app-401 was not found in this key vault unauthorized.'; Saying = 'no such secret or version' }
        @{ Case = 'no such secret, which is called as another'; Reference = 'azkv:team/forbidden'; Says = "(SecretNotFound) A secret with (name/id) Forbidden/0123 was not found in this key vault."; Saying = 'no such secret or version' }
        @{ Case = 'no role for what is called as a failure'; Reference = 'azkv:team/az-login'; Says = 'ERROR: (Forbidden) Caller is not authorized to perform action on az-login.'; Saying = 'Key Vault Secrets User' }
        @{ Case = 'not signed in, and a secret called as that'; Reference = 'azkv:az/login'; Says = "ERROR: Please run 'az login' to setup account."; Saying = $signIn }
        @{ Case = 'a proxy'; Says = "ERROR: HTTPSConnectionPool(host='team.vault.azure.net', port=443): Max retries exceeded (Caused by ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 403 Forbidden')))"; Saying = 'the proxy between this machine and Azure refuses' }
        @{ Case = 'no such vault'; Says = 'ERROR: Failed to resolve team.vault.azure.net: [Errno -2] Name or service not known'; Saying = 'no such vault' }
        @{ Case = 'something else'; Says = 'ERROR: The moon is full.'; Saying = 'could not be read: ERROR: The moon is full.' }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = 'sk-source-4f1c7a90e2b3MQAA'
    $path = $env:PATH
    $env:PSModulePath = Join-Path $PSHOME Modules
    $sent = "{ ""fields"": { ""API_KEY"": ""$key"" } }"
    function New-Test($Reference) { New-Connection -OpenAI -Name n -Model m -ApiKey $Reference @args }

    # A program as the real ones are: standard output, standard error, an exit code.
    function Set-Program($Name, $Text) {
        $folder = New-Item "$TestDrive/bin" -ItemType Directory -Force
        [IO.File]::WriteAllText("$folder/$Name", "#!/bin/sh`n$Text`n")
        chmod +x "$folder/$Name"
        $env:PATH = "$folder" + [IO.Path]::PathSeparator + $path
    }

    # Az.KeyVault's cmdlet: its parameters, and an object with a SecureString among texts.
    function Import-AzKeyVault([scriptblock] $Body) {
        New-Module Az.KeyVault -ScriptBlock ([scriptblock]::Create("function Get-AzKeyVaultSecret { [CmdletBinding()] param([string] `$VaultName, [string] `$Name, [string] `$Version) $Body }")) | Import-Module -Global
    }
}

Describe 'Sources of keys' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    AfterEach {
        Get-KeySource | Where-Object IsBuiltIn -EQ $false | Unregister-KeySource
        Remove-Module Az.KeyVault -ErrorAction Ignore
        Remove-Item "$TestDrive/bin" -Recurse -ErrorAction Ignore
        $env:PATH = $path
        Remove-Variable asked -Scope Global -ErrorAction Ignore
    }

    It 'are a table with whole headings in 80 columns, however many a script adds' {
        Register-KeySource -Scheme acme -Script { 'x' } -Description 'The safe of Acme, which has everything that anybody needs and a bit more.'
        $lines = (Get-KeySource | Out-String -Width 80) -split '\r?\n' -replace "$([char]27)\[[0-9;]*m" -match '\S'
        $lines[0].Trim() -split '\s+' | Should -Be 'Scheme', 'IsBuiltIn', 'Reference', 'Description'
        ($lines -match '^acme ') | Should -BeLike 'acme *False *The safe of Acme*'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    Context 'A source that a script registers' {
        It 'gives a key: <Body>' -ForEach @(
            { param($Name) $global:asked = $Name; $key }
            { $global:asked = $args[0]; "$key`n" }
            { param($Name) $global:asked = $Name; $key; '' }
            { param($Name) $global:asked = $Name; ConvertTo-SecureString $key -AsPlainText -Force }
            { param($Name) $global:asked = $Name; [pscredential]::new('user', (ConvertTo-SecureString $key -AsPlainText -Force)) }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ Value = $key } }
            { param($Name) $global:asked = $Name; @{ key = $key } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ Value = $key; Version = 3 } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ Value = $key; Tags = $null } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ data = $key; warnings = $null } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ ApiKey = $key; Token = $null } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ SecretValueText = $key; SecretValue = $null } }
            { param($Name) $global:asked = $Name; [ordered]@{ at = [datetime]::Now; on = $true; token = $key } }
            { param($Name) $global:asked = $Name; [pscustomobject]@{ Name = $Name; Version = '1'; SecretValue = ConvertTo-SecureString $key -AsPlainText -Force } }
        ) {
            Register-KeySource corp $_
            Assert-Creates { New-Test ' Corp: team/openai key ' } (Get-SentBody OpenAI $sent)
            $asked | Should -Be 'team/openai key'
        }

        It 'is asked wherever a reference is taken: <Name>' -ForEach @(
            @{ Name = 'a row'; Script = { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = 'corp:x' } | New-Connection } }
            @{ Name = 'a CSV cell'; Script = { "Provider,Name,Model,ApiKey`nOpenAI,n,m,corp:x" | ConvertFrom-Csv | New-Connection } }
            @{ Name = 'a SecureString'; Script = { New-Connection -OpenAI -Name n -Model m -ApiKey (ConvertTo-SecureString corp:x -AsPlainText -Force) } }
            @{ Name = 'a manifest'; Script = {
                    Set-Content "$TestDrive/m.yaml" 'connections: [{ provider: OpenAI, name: n, model: m, apiKey: "corp:x" }]'
                    Sync-Connection "$TestDrive/m.yaml"
                }
            }
        ) {
            Register-KeySource corp { $key }
            $outcome = Get-Outcome $Script
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Writes.Body | Should -BeLike "*$key*"
        }

        It 'lets an agent know each key before its use, with its source or without: <Script>' -ForEach @(
            @{ Script = { New-Test corp:x }; Expected = "corp $key" }
            @{ Script = { New-Test $key }; Expected = " $key" }
            @{ Script = { New-Test (ConvertTo-SecureString $key -AsPlainText -Force) }; Expected = " $key" }
            @{ Script = { New-Test keepass:desk }; Expected = ' keepass:desk' }
            @{ Script = { New-Api @{ 'x-api-key' = $key; 'anthropic-version' = '2023-06-01' } }; Expected = " $key" }
            @{ Script = { New-Api "[{""key"":""Authorization"",""value"":""Bearer $key""},{""key"":""x-other"",""value"":""corp:x""}]" }; Expected = " Bearer $key", "corp $key" }
            @{ Script = { @{ ConnectionId = 'cn-1'; Header = @{ Cookie = "s=$key" }; PreviousApiKey = 'corp:x' } | Update-ConnectionKey }; Expected = " s=$key", "corp $key" }
        ) {
            function New-Api($Header) { New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header $Header }
            $seen = [Collections.Generic.List[string]]::new()
            $handler = [Action[securestring, KoreConnections.KeySource]] { param($given, $source) $seen.Add("$($source.Scheme) $([Net.NetworkCredential]::new('', $given).Password)") }
            Register-KeySource corp { $key }
            [KoreConnections.KeySource]::add_Resolved($handler)
            try { $null = Get-Outcome $Script } finally { [KoreConnections.KeySource]::remove_Resolved($handler) }
            $seen | Should -Be $Expected
        }

        It 'is asked for a header, also after a scheme of its own' {
            Register-KeySource corp { $key }
            $outcome = Get-Outcome { New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header @{ Authorization = 'Bearer corp:x'; 'x-api-key' = 'corp:y' } }
            $outcome.Writes.Body | Should -BeLike "*Bearer $key*"
        }

        It 'is asked once for 300 rows, also where it fails: <Fails>' -ForEach @{ Fails = $false }, @{ Fails = $true } {
            $global:asked = 0
            Register-KeySource corp { $global:asked++; if ($Fails) { throw 'locked' }; $key }
            $ids = Add-Connection One, Two, Three
            $null = Get-Outcome { 1..300 | ForEach-Object { @{ ConnectionId = $ids[$_ % 3]; ApiKey = 'corp:x' } } | Update-ConnectionKey -SkipVerification }
            $asked | Should -Be 1
            $null = Get-Outcome { 1..4 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "n$_"; Model = 'm'; ApiKey = "corp:$($_ % 2)" } } | New-Connection }
            $asked | Should -Be 3
        }

        It 'is run on the thread of the pipeline, and sees the script that registered it' {
            $word = 'mine'
            $thread = [Threading.Thread]::CurrentThread.ManagedThreadId
            Register-KeySource corp { $global:asked = "$word $([Threading.Thread]::CurrentThread.ManagedThreadId)"; 'sk-source-4f1c7a90e2b3MQAA' }.GetNewClosure()
            $null = New-Test corp:x
            $asked | Should -Be "mine $thread"
        }

        It 'works in another runspace than the one that registered it' {
            Register-KeySource corp { "sk-from-$($args[0])-0123456789MQAA" }
            $manifest = Get-ModuleManifest
            $masks = 1, 2 | ForEach-Object -Parallel { Import-Module $using:manifest; (New-Connection -OpenAI -Name "n$_" -Model m -ApiKey "corp:$_").Fields.API_KEY }
            $masks | Should -Be 'sk***************MQAA', 'sk***************MQAA'
        }

        It 'that gives no key is an error with what it says: <Body>' -ForEach @(
            @{ Body = { throw 'The vault is locked.' }; Saying = "refers to 'corp:x', but its source failed: The vault is locked." }
            @{ Body = { Write-Error 'No access.'; $key }; Saying = 'its source failed: No access.' }
            @{ Body = { Get-Item "$TestDrive/none" -ErrorAction Stop }; Saying = 'its source failed: Cannot find path' }
            @{ Body = { no-such-command-here $args[0] }; Saying = "its source failed: The term 'no-such-command-here'" }
            @{ Body = { }; Saying = 'its source emitted nothing' }
            @{ Body = { $null }; Saying = 'its source emitted nothing' }
            @{ Body = { "`n" }; Saying = 'its source emitted nothing' }
            @{ Body = { [securestring]::new() }; Saying = 'emitted an empty string' }
            @{ Body = { break }; Saying = 'its source emitted nothing' }
            @{ Body = { 'one'; 'two' }; Saying = 'its source emitted 2 lines. A key source must emit a SecureString' }
            @{ Body = { "sk-one`nsk-two" }; Saying = 'emitted several lines' }
            @{ Body = { ConvertTo-SecureString "sk-one`r`nsk-two" -AsPlainText -Force }; Saying = 'emitted several lines' }
            @{ Body = { "sk-one$([char]0x2028)sk-two" }; Saying = 'emitted several lines' }
            @{ Body = { [pscredential]::new('u', (ConvertTo-SecureString "sk-one`vsk-two" -AsPlainText -Force)) }; Saying = 'emitted several lines' }
            @{ Body = { 5 }; Saying = 'emitted a Int32' }
            @{ Body = { { "of a script block" } }; Saying = 'emitted a ScriptBlock' }
            @{ Body = { [pscustomobject]@{ a = 'sk-one'; b = 'sk-two' } }; Saying = 'without exactly one property that is a key' }
            @{ Body = { 'sk-***************' }; Saying = 'is a mask' }
            @{ Body = { '{ "key": "sk-1" }' }; Saying = 'is JSON' }
            @{ Body = { [pscustomobject]@{ Name = 'openai-prod-secret-name'; SecretValue = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { [pscustomobject]@{ Name = 'openai-prod-secret-name'; SecretValue = [securestring]::new() } }; Saying = 'emitted an empty value' }
            @{ Body = { [pscustomobject]@{ Name = 'openai-prod-secret-name'; Value = '' } }; Saying = 'without exactly one property that is a key' }
            @{ Body = { [pscustomobject]@{ Key = 'openai-production-key'; Value = '' } }; Saying = 'without exactly one property that is a key' }
            @{ Body = { [pscustomobject]@{ Key = 'openai-production-key'; Value = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { [pscustomobject]@{ secretKey = 'openai-production'; secretValue = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { [pscustomobject]@{ SecretId = 'id1-0123456'; Secret = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { [pscustomobject]@{ Label = 'openai-production'; Password = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { @{ Title = 'openai-production'; ApiKey = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { @{ entry = 'openai-production'; token = $null } }; Saying = 'emitted an empty value' }
            @{ Body = { @{ Vault = 'team'; Name = 'openai-prod-secret-name'; SecretValue = $null } }; Saying = 'without exactly one property that is a key' }
            @{ Body = { [pscustomobject]@{ Name = 'openai-prod-secret-name'; Tags = $null } }; Saying = 'emitted an empty value' }
        ) {
            Register-KeySource corp $Body
            $reached = $false
            foreach ($once in 1) {
                Assert-Refuses { New-Test corp:x } $Saying
                $reached = $true
            }
            $reached | Should -BeTrue
        }

        It 'gives no other reference as a key: <Emitted>' -ForEach @(
            'env:KORE_BINDING_KEY', 'ENV: x', 'file:x.key', 'azkv:team/openai', 'secret:x', 'corp:y', 'Bearer env:X' | ForEach-Object { @{ Emitted = $_ } }
        ) {
            Register-KeySource corp { $Emitted }.GetNewClosure()
            $saying = "refers to 'corp:x', which contains another reference, not a key."
            $id = Add-Connection Nested
            Assert-Refuses { New-Test corp:x } $saying
            Assert-Refuses { Set-Connection $id corp:x } $saying
            $rotation = Get-Outcome { Update-ConnectionKey $id corp:x -SkipVerification }
            $rotation.Errors | Should -BeLike "*$saying*"
            $rotation.Writes | Should -BeNullOrEmpty
            Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = 'corp:x' } } $saying
        }

        It 'fails with the code of its own exit, which ends no script of the caller' {
            Register-KeySource leaves { exit 3 }
            $outcome = Get-Outcome { New-Connection -OpenAI -Name a -Model gpt-5.5 -ApiKey leaves:x; 'goes further' }
            $outcome.Errors | Should -BeLike '*but its source failed: It exited with code 3.'
            $outcome.Output | Should -Be 'goes further'
        }

        It 'fails with its command''s exit code, and with what that printed: <Program>' -Skip:$IsWindows -ForEach @(
            @{ Program = 'echo "[ERROR] 2026/11/27 could not read secret" >&2; exit 1'; Saying = '[ERROR] 2026/11/27 could not read secret' }
            @{ Program = 'exit 6'; Saying = 'It exited with code 6.' }
            @{ Program = 'echo half; exit 2'; Saying = 'It exited with code 2.' }
        ) {
            Set-Program op $Program
            Register-KeySource op { param($Name) op read "op://$Name" }
            $global:LASTEXITCODE = 7
            Assert-Refuses { New-Test op:vault/item/field } $Saying
            $LASTEXITCODE | Should -Be 7
        }

        It 'gets no name that is an option, and none at all: <_>' -ForEach 'corp:', 'corp://', 'corp:--help', 'corp://-x' {
            Register-KeySource corp { $global:asked = 1; $key }
            Assert-Refuses { New-Test $_ } "'corp:' "
            $asked | Should -BeNullOrEmpty
        }

        It 'takes the spelling of other tools: op://VAULT/ITEM/FIELD' {
            Register-KeySource op { $global:asked = $args[0]; $key }
            $null = New-Test 'op://Team/Open AI/key'
            $asked | Should -Be 'Team/Open AI/key'
        }

        It 'passes on what it writes' -Skip:$IsWindows {
            Register-KeySource corp { Write-Warning 'Unlock the vault soon.'; Write-Verbose 'asked'; sh -c 'echo printed >&2'; $key }
            $all = New-Test corp:x -Verbose *>&1 | ForEach-Object { "$_" }
            $all | Should -Contain 'Unlock the vault soon.'
            $all | Should -Contain 'asked'
            $all | Should -Contain 'printed'
        }

        It 'takes what a program prints to standard error for text, and for the reason where it fails' -Skip:$IsWindows {
            Register-KeySource corp { sh -c 'echo an update is there >&2; echo of two >&2'; $key }
            $said = @(New-Test corp:x *>&1 | Where-Object { $_ -is [Management.Automation.InformationRecord] -or $_ -is [Management.Automation.WarningRecord] })
            "$said" | Should -Be 'an update is there of two'
            # As Write-Host: it is shown with every preference.
            $said | ForEach-Object { $_.Tags | Should -Be PSHOST }
            Register-KeySource corp { sh -c 'echo not signed in >&2; exit 1' } -Force
            { New-Test corp:x -ErrorAction Stop } | Should -Throw '*not signed in*'
        }

        It 'cannot need the session whose key it gives, whatever its script runs' {
            Disconnect-TestSandbox
            Use-Variable @{ KORE_HOST = 'http://localhost:1'; KORE_API_KEY = 'corp:x' } {
                foreach ($command in { Get-Connection }, { New-Connection -OpenAI -Name n -Model m -ApiKey corp:x }, { Test-ConnectionKey -OpenAI -Model m -ApiKey corp:y }, { 1 | ForEach-Object { Find-ConnectionIssue } }) {
                    Register-KeySource corp $command -Force
                    { Get-Connection -ErrorAction Stop } | Should -Throw 'KORE_API_KEY refers to*whose source needs the same key.*'
                }
            }
        }

        It 'is known to Test-ConnectionManifest and not run' {
            Set-Content "$TestDrive/known.yaml" 'connections: [{ provider: OpenAI, name: n, model: m, apiKey: "corp:x" }]'
            Test-ConnectionManifest "$TestDrive/known.yaml" | Should -BeLike "*uses the scheme 'corp', for which no key source is registered. Use env:NAME*Register-KeySource corp*"
            Register-KeySource corp { $global:asked = 1; throw 'never' }
            Test-ConnectionManifest "$TestDrive/known.yaml" | Should -BeNullOrEmpty
            $asked | Should -BeNullOrEmpty
        }
    }

    Context 'Register-KeySource' {
        It 'takes no name that is no scheme: <_>' -ForEach '', 'Op', '1p', 'op:', 'o p', '-op', 'öp', 'op_x', ' op' {
            { Register-KeySource $_ { 'x' } -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
            (Get-KeySource).Count | Should -Be 4
        }

        It 'takes <_>' -ForEach 'o', 'op', 'a.b-c+d2' {
            (Register-KeySource $_ { 'x' } -PassThru).Reference | Should -Be "${_}:NAME"
            (Get-KeySource $_).IsBuiltIn | Should -BeFalse
        }

        It 'replaces what comes with the module only with -Force, and Unregister-KeySource brings it back: <_>' -ForEach 'env', 'file', 'secret', 'azkv' {
            { Register-KeySource $_ { 'x' } -ErrorAction Stop } | Should -Throw "*'$_' is built in*"
            { Unregister-KeySource $_ -ErrorAction Stop } | Should -Throw "*'$_' is built in*"
            Register-KeySource $_ { $key } -Force
            Assert-Creates { New-Test "${_}:any/thing" } (Get-SentBody OpenAI $sent)
            (Get-KeySource).Count | Should -Be 4
            Unregister-KeySource $_
            (Get-KeySource $_).IsBuiltIn | Should -BeTrue
        }

        It 'replaces a source that was registered before' {
            Register-KeySource corp { 'sk-before' }
            Register-KeySource corp { $key } -Description 'Newer.'
            Assert-Creates { New-Test corp:x } (Get-SentBody OpenAI $sent)
            (Get-KeySource corp).Description | Should -Be 'Newer.'
        }

        It 'is undone: the scheme is unknown again' {
            Register-KeySource corp { $key }
            Get-KeySource corp | Unregister-KeySource
            Assert-Refuses { New-Test corp:x } "uses the scheme 'corp', for which no key source is registered"
            { Unregister-KeySource corp -ErrorAction Stop } | Should -Throw "*no key source 'corp'*"
            foreach ($command in { Unregister-KeySource corp }, { Get-KeySource corp }, { Unregister-KeySource env }) {
                # The message names it once.
                "$((Get-Outcome $command).Errors[0].ErrorDetails)" | Should -Not -Match '^\w+: '
            }
            { Get-KeySource corp -ErrorAction Stop } | Should -Throw "*no key source 'corp'*"
            Get-KeySource corp* | Should -BeNullOrEmpty
        }
    }

    Context 'What leads nowhere' {
        It 'is an error that names the schemes that there are: <_>' -ForEach @(
            'op:Team/OpenAI/key', 'environment:X', 'keyvault:team/openai', 'Bearer corp:x', 'keepass:OpenAIProductionKey2026', 'bitwarden:Kundenservice2026/Schluessel'
        ) {
            Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = $_ } } 'for which no key source is registered. Use env:NAME, file:PATH, azkv:VAULT/NAME[/VERSION] and secret:[VAULT/]NAME, or register it'
        }

        It 'is the key itself where it is a value: <Value>' -ForEach @(
            foreach ($value in 'Sommer-Nacht.2024:zz99', "sljn0ozoe:2e``y@s'cj}", 'TeamAlpha2024:AbCdEf', 'keepass:OpenAI', 'op:Team/OpenAI/key', 'a1+b.c-d:xy+z', 'winter:zz99', 'Corp:x') {
                @{ Value = $value }
            }
        ) {
            $secure = ConvertTo-SecureString $Value -AsPlainText
            $login = [pscredential]::new('u', $secure)
            $env:KORE_TEST_VALUE = $Value
            Register-KeySource mine { $env:KORE_TEST_VALUE }
            Register-KeySource safe { ConvertTo-SecureString $env:KORE_TEST_VALUE -AsPlainText }
            $body = Get-SentBody OpenAI "{ ""fields"": { ""API_KEY"": $(ConvertTo-Json $Value) } }"
            $row = @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm' }
            function New-Passed { param([securestring] $ApiKey) New-Connection -OpenAI -Name n -Model m @PSBoundParameters }
            foreach ($create in @(
                    { New-Test $secure }, { New-Test $login }, { New-Test env:KORE_TEST_VALUE }, { New-Test mine:x }, { New-Test safe:x }, { New-Passed $secure }
                    { $row + @{ ApiKey = $secure } | New-Connection }, { [pscustomobject]($row + @{ ApiKey = $login }) | New-Connection }
                )) {
                $null = Connect-TestSandbox
                Assert-Creates $create $body
            }

            $custom = Get-CustomApi
            foreach ($given in $secure, $login, 'env:KORE_TEST_VALUE', 'safe:x') {
                $null = Connect-TestSandbox
                Assert-Creates { New-Connection @custom -Header @{ 'x-api-key' = $given } } (Get-SentBody Custom "{ ""headers"": [{ ""key"": ""x-api-key"", ""value"": $(ConvertTo-Json $Value) }] }")
            }

            $null = Get-CleanOutcome { Connect-KorePlatform (Get-KoreSession).BaseUri $secure -SkipVerification }
            $env:KORE_TEST_VALUE = $null
        }

        It 'is quoted only where it is a plain word: <Text>' -ForEach @(
            foreach ($scheme in 'keepass', 'op', 'aws-ssm', 'bitwarden') { @{ Text = "${scheme}:OpenAI"; Named = "uses the scheme '$scheme', for*Register-KeySource $scheme {*" } }
            foreach ($text in 'Sommer-Nacht.2024:zz99', "sljn0ozoe:2e``y@s'cj}", 'TeamAlpha2024:AbCdEf', 'Winter:zz99', 'a1+b.c-d:x', 'sommer.nacht:zz99', 'k8s:x', 'winter:zz99', 'sommer:Urlaub2025', 'hund:katze!', 'mein:Pass wort', 'igel:2', "maus:`u{e9}l`u{e8}ve") {
                @{ Text = $text; Named = 'uses a scheme, for*Register-KeySource SCHEME {*'; Hidden = ($text -split ':')[0] }
            }
        ) {
            $custom = Get-CustomApi
            Set-Content "$TestDrive/words.json" (@{ connections = @(@{ provider = 'OpenAI'; name = 'n'; model = 'm'; apiKey = $Text }) } | ConvertTo-Json -Depth 5)
            $row = @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = $Text }
            $said = @(
                foreach ($given in $Text, "Bearer $Text") { Assert-Refuses { New-Connection @custom -Header @{ 'x-api-key' = $given } } -PassThru }
                foreach ($command in { New-Test $Text }, { $row | New-Connection }, { $null = Update-ConnectionKey cn-1 -ApiKey $Text -SkipVerification }) {
                    Assert-Refuses $command -PassThru
                }
                Get-Outcome { Connect-KorePlatform (Get-KoreSession).BaseUri -ApiKey $Text -SkipVerification }
            ) | ForEach-Object { "$($_.Errors[0].Exception) $($_.Errors[0].TargetObject)" }
            $said = @($said) + (Test-ConnectionManifest "$TestDrive/words.json").Message
            $said | Should -HaveCount 7
            foreach ($one in $said) {
                $one | Should -BeLike "*$Named"
                if ($Hidden) {
                    $one | Should -Not -BeLike "*$Hidden*"
                }
            }
        }

        It 'is a reference to a secret of , with what to give: <Text>' -ForEach @(
            @{ Text = 'op://Team/OpenAI/key'; Saying = 'Register-KeySource op { param($Name) op read "op://$Name" }, and use op:VAULT/ITEM/FIELD.' }
            @{ Text = 'vault:kv/data/openai#key'; Saying = 'Register-KeySource vault' }
            @{ Text = 'arn:aws:secretsmanager:eu-central-1:1:secret:openai'; Saying = 'Register-KeySource aws' }
            @{ Text = 'projects/1/secrets/openai/versions/latest'; Saying = 'Register-KeySource gcp' }
            @{ Text = '@Microsoft.KeyVault(VaultName=team;SecretName=openai)'; Saying = 'Use azkv:VAULT/NAME.' }
            @{ Text = 'https://team.vault.azure.net/secrets/openai/0123'; Saying = 'Use azkv:VAULT/NAME.' }
            @{ Text = 'os.environ/OPENAI_API_KEY'; Saying = 'Use env:NAME.' }
            @{ Text = '#{OpenAIKey}#'; Saying = 'env:NAME' }
            @{ Text = '{{OPENAI_KEY}}'; Saying = 'env:NAME' }
        ) {
            Assert-Refuses { New-Test $Text } $Saying
            Set-Content "$TestDrive/foreign.yaml" "connections: [{ provider: OpenAI, name: n, model: m, apiKey: '$Text' }]"
            Test-ConnectionManifest "$TestDrive/foreign.yaml" | Should -HaveCount 1
            foreach ($value in $Text, "Bearer $Text") {
                Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'x-api-key' = $value } } $Saying
            }
        }
    }

    Context 'A token that nothing replaced, in a manifest' {
        It 'gets the hint that the cmdlets give, once: <Token>' -ForEach @(
            @{ Token = '#{KEY}#' }, @{ Token = '#{KEY}' }, @{ Token = '%{KEY}' }, @{ Token = '{{KEY}}' }, @{ Token = '{{ key }}' }, @{ Token = '((key))' }
            @{ Token = '__KEY__' }, @{ Token = '@@KEY@@' }, @{ Token = '$(KEY)' }, @{ Token = '$(team.key)' }, @{ Token = '$[variables.KEY]' }, @{ Token = '$[KEY]' }
            @{ Token = '${KEY}' }, @{ Token = '%KEY%' }, @{ Token = '%%KEY%%' }, @{ Token = '!KEY!' }, @{ Token = '$KEY' }, @{ Token = '$env:KEY' }, @{ Token = '$apiKey' }
        ) {
            $hint = ''
            try { New-Test $Token -ErrorAction Stop } catch { $hint = $_.Exception.Message -replace '^.*?(?=contains a )' }
            $hint | Should -Match '^contains a (variable|token)'
            $lines = @{
                apiKey = "{ provider: OpenAI, name: n, model: m, apiKey: '$Token' }"
                header = "{ provider: API, name: n, endpointUrl: 'https://x.example.com', mapProvider: openAIModel, feature: streaming, header: { x-api-key: '$Token' } }"
                scheme = "{ provider: API, name: n, endpointUrl: 'https://x.example.com', mapProvider: openAIModel, feature: streaming, header: { Authorization: 'Bearer $Token' } }"
            }
            foreach ($line in $lines.Values) {
                Set-Content "$TestDrive/token.yaml" "connections: [$line]"
                $problems = @(Test-ConnectionManifest "$TestDrive/token.yaml")
                $problems.Count | Should -Be 1 -Because $line
                $problems[0].Message | Should -BeLike "*$([WildcardPattern]::Escape($hint))" -Because $line
            }
        }

        It 'is still a key where it only looks so: <_>' -ForEach 'sk-made-up-0123456789MQAA', 'a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4', 'pa$$word-0123456789', 'ab{cd}ef0123456789', '50%off%2026-key-value' {
            Set-Content "$TestDrive/token.yaml" "connections: [{ provider: OpenAI, name: n, model: m, apiKey: '$_' }]"
            (Test-ConnectionManifest "$TestDrive/token.yaml").Message | Should -BeLike '*must be a reference, not the key itself*'
        }
    }

    Context 'A key in Azure Key Vault' {
        It 'comes from Az.KeyVault where that is there: <Reference>' -ForEach @(
            @{ Reference = 'azkv:team/openai'; Asked = 'team openai ' }
            @{ Reference = 'AZKV: team-eu/open-AI-2/0123456789abcdef0123456789abcdef '; Asked = 'team-eu open-AI-2 0123456789abcdef0123456789abcdef' }
        ) {
            Set-Program az 'echo not asked; exit 1'
            Import-AzKeyVault { $global:asked = "$VaultName $Name $Version"; [pscustomobject]@{ SecretValue = ConvertTo-SecureString 'sk-source-4f1c7a90e2b3MQAA' -AsPlainText -Force; VaultName = $VaultName; Name = $Name; Id = 'https://x'; Tags = $null } }
            Assert-Creates { New-Test $Reference } (Get-SentBody OpenAI $sent)
            $asked | Should -Be $Asked
        }

        It 'comes from az else, and no argument holds the key: <Reference>' -Skip:$IsWindows -ForEach @(
            @{ Reference = 'azkv:team/openai'; Asked = 'keyvault secret show --vault-name team --name openai --query value -o tsv --only-show-errors' }
            @{ Reference = 'azkv:team/openai/v0123'; Asked = 'keyvault secret show --vault-name team --name openai --query value -o tsv --only-show-errors --version v0123' }
        ) {
            Set-Program az "echo `"`$*`" >> '$TestDrive/az.log'; echo $key"
            Set-Content "$TestDrive/az.log" ''
            Assert-Creates { New-Test $Reference } (Get-SentBody OpenAI $sent)
            (Get-Content "$TestDrive/az.log" -Raw).Trim() | Should -Be $Asked
            $null = Get-Outcome { 1..300 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "n$_"; Model = 'm'; ApiKey = $Reference } } | New-Connection }
            Get-Content "$TestDrive/az.log" | Should -HaveCount 3
        }

        It 'is an error of ours that says what to do, by az and by Az.KeyVault: <Case>' -Skip:$IsWindows -ForEach $azureFailures {
            Set-Content "$TestDrive/says.txt" $Says
            Set-Program az "cat '$TestDrive/says.txt' >&2; exit $($ExitCode ?? 1)"
            $from = $Reference ?? 'azkv:team/openai'
            Assert-Refuses { New-Test $from } $Saying
            Remove-Item "$TestDrive/bin" -Recurse
            $global:says = $Says
            Import-AzKeyVault { Write-Error $global:says }
            Assert-Refuses { New-Test $from } $Saying
            Remove-Variable says -Scope Global
        }

        It 'without a value is not the name of the secret' {
            Import-AzKeyVault { [pscustomobject]@{ SecretValue = $null; VaultName = $VaultName; Name = $Name; Id = 'https://x'; Tags = $null } }
            Assert-Refuses { New-Test azkv:team/openai-prod-secret } 'without exactly one property that is a key'
            Remove-Module Az.KeyVault
            Import-AzKeyVault { [pscustomobject]@{ SecretValue = $null; Name = $Name } }
            Assert-Refuses { New-Test azkv:team/openai-prod-secret } 'emitted an empty value'
        }

        It 'that Az.KeyVault does not find is no key' {
            Import-AzKeyVault { }
            Assert-Refuses { New-Test azkv:team/none } 'the vault has no such secret or version'
        }

        It 'needs one of the two' -Skip:$IsWindows {
            $env:PATH = "$TestDrive"
            Assert-Refuses { New-Test azkv:team/openai } 'needs the module Az.KeyVault or the command az. Install one of them'
        }

        It 'comes from az where only that is signed in' -Skip:$IsWindows {
            Set-Program az "echo $key"
            Import-AzKeyVault { throw 'Run Connect-AzAccount to login.' }
            Assert-Creates { New-Test azkv:team/openai } (Get-SentBody OpenAI $sent)
        }

        It 'is refused before anything is run where the reference is none: <_>' -ForEach 'azkv:', 'azkv:team', 'azkv:team/', 'azkv:/x', 'azkv:team/--help', 'azkv:-x/y', 'azkv:a/b/c/d', 'azkv:team/a b', 'azkv:team/a&calc', 'azkv:https://team.vault.azure.net/secrets/x' {
            Set-Program az "touch '$TestDrive/ran'"
            Assert-Refuses { New-Test $_ } 'is not a valid reference. Use azkv:VAULT/NAME'
            Set-Content "$TestDrive/azkv.yaml" "connections: [{ provider: OpenAI, name: n, model: m, apiKey: '$_' }]"
            Test-ConnectionManifest "$TestDrive/azkv.yaml" | Should -HaveCount 1
            "$TestDrive/ran" | Should -Not -Exist
        }

        It 'is no problem of a plan that needs no keys' -Skip:$IsWindows {
            Set-Program az "echo `"ERROR: Please run 'az login' to setup account.`" >&2; exit 1"
            Set-Content "$TestDrive/plan.yaml" 'connections: [{ provider: OpenAI, name: n, model: m, apiKey: "azkv:team/openai" }]'
            Assert-Outcome { Compare-Connection "$TestDrive/plan.yaml" } -WarningLike '*has no key here*'
        }
    }

    Context 'What leaks from no source' {
        It 'is the key: <Name>' -Skip:$IsWindows -ForEach @(
            @{ Name = 'az with the key on standard error' ; Reference = 'azkv:team/openai'; Setup = { Set-Program az "echo $key >&2; echo $key" } }
            @{ Name = 'az that fails with it'; Reference = 'azkv:team/openai'; Setup = { Set-Program az "echo 'ERROR: $key' >&2; exit 1" } }
            @{ Name = 'Az.KeyVault'; Reference = 'azkv:team/openai'; Setup = { Import-AzKeyVault { Write-Verbose 'sk-source-4f1c7a90e2b3MQAA' -Verbose; Write-Warning 'sk-source-4f1c7a90e2b3MQAA'; 'sk-source-4f1c7a90e2b3MQAA' } } }
            foreach ($body in @(
                    { Write-Verbose "is $key"; $key }
                    { Write-Verbose "is $key" -Verbose; Write-Debug $key; Write-Warning "a $key b"; Write-Information $key; Write-Host $key; $key }
                    { sh -c 'echo "using $1" >&2' sh $key; $key }
                    { Write-Progress $key; $key }
                    { $key; Write-Error "bad $key" }
                    { $key; throw $key }
                    { Write-Verbose "is plain-words-as-a-key" -Verbose; 'plain-words-as-a-key' }
                    { try { throw $key } catch { }; $key }
                    { [pscustomobject]@{ Value = $key } | Add-Member ScriptProperty Other { throw "bad $key" } -PassThru }
                )) { @{ Name = $body; Reference = 'corp:x'; Setup = { Register-KeySource corp $Name } } }
            @{ Name = 'vault'; Reference = 'vault:kv/openai'; Setup = { Set-Program vault "echo $key >&2; echo $key"; Register-KeySource vault { param($Name) vault kv get -field=key $Name } } }
        ) {
            . $Setup
            $Error.Clear()
            $VerbosePreference = $DebugPreference = 'Continue'
            $all = New-Test $Reference -InformationVariable said -InformationAction Continue -ErrorAction Continue *>&1 | ForEach-Object { "$_" }
            "$all $said $($Error | ForEach-Object { "$_ $($_.Exception) $($_.TargetObject)" })" | Should -Not -Match "$key|plain-words-as-a-key"
        }
    }
}
