# The examples that rotate keys with a vault or a cloud, against stand-ins of their commands and modules, which keep their state in files.

Describe 'The rotation of docs/examples/<Name>' -Skip:$IsWindows {
    BeforeAll {
        Import-Module "$PSScriptRoot/../TestTools.psm1" -Force
        $script:providers = Start-FakeProvider

        # In a shell of its own, or for rows of a table in a runspace, which is made and prepared in a fifth of the time: the stand-ins, a
        # platform with connections, then the example as often as is asked.
        function Invoke-Example($Setup, $Run, [switch] $AsRow) {
            $folder = "$TestDrive/$(New-Guid)"
            $null = New-Item "$folder/bin" -ItemType Directory
            [IO.File]::WriteAllText("$folder/bin/az", @'
#!/bin/sh
# key1, key2: the keys of a resource. regenerated: how often. Secrets of a vault: VAULT-NAME. Each call is logged with its arguments.
cd "$(dirname "$0")/.."
echo "$*" >> az.log
case "$*" in
  *"keys list"*"--query key1"*) cat key1 ;;
  *"keys list"*"--query key2"*) cat key2 ;;
  *"keys regenerate"*) [ -e refuses ] && { echo "ERROR: (AuthorizationFailed) The client does not have authorization." >&2; exit 1; }
     case "$*" in *Key1*) k=key1 ;; *) k=key2 ;; esac
     echo "good-azure-$k-made-anew-NEWK" > $k ;;
  *"secret show --vault-name team --name openai-next"*) echo sk-good-from-key-vault-NEXT ;;
  *"secret show --vault-name team --name openai "*) echo sk-good-openai-4f1c7a90MQAA ;;
  *) echo "ERROR: (SecretNotFound) A secret with (name/id) was not found in this key vault." >&2; exit 3 ;;
esac
'@)
            chmod +x "$folder/bin/az"
            Set-Content "$folder/key1" good-azure-key1-0e6b5d7aKEY1
            Set-Content "$folder/key2" good-azure-key2-93b8d1c6KEY2
            $script = [scriptblock]::Create(@"
param(`$Manifest, `$Folder, `$Provider, `$Examples)
Import-Module `$Manifest
`$ProgressPreference = 'SilentlyContinue'
`$env:PATH = "`$Folder/bin" + [IO.Path]::PathSeparator + `$env:PATH
`$env:PSModulePath = Join-Path `$PSHOME Modules
Set-Location `$Folder
Connect-KorePlatform -Sandbox
`$env:OLD = 'sk-good-openai-4f1c7a90MQAA'
`$env:KEY1 = 'good-azure-key1-0e6b5d7aKEY1'
1..3 | ForEach-Object { `$null = New-Connection -OpenAI -Name "Desk `$_" -Model gpt-5.5 -ApiKey env:OLD }
1..3 | ForEach-Object { `$null = New-Connection -AzureOpenAI -Name "Finance `$_" -Model GPT-5.4 -ApiKey env:KEY1 -ResourceName contoso -DeploymentId "d`$_" -ApiVersion 2024-08-01-preview }
`$null = New-Connection -AzureOpenAI -Name Other -Model GPT-5.4 -ApiKey env:KEY1 -ResourceName fabrikam -DeploymentId d -ApiVersion 2024-08-01-preview
function Add-Fault(`$Fault) {
    `$server = [KoreConnections.KoreSession].GetField('_server', 'NonPublic, Instance').GetValue((Get-KoreSession))
    Microsoft.PowerShell.Utility\Invoke-RestMethod ([uri]::new((Get-KoreSession).BaseUri, '/sandbox/faults')) -Method Post -Headers @{ 'x-api-key' = `$server.Keys.Issue() } -ContentType application/json -Body (ConvertTo-Json `$Fault)
}
function Get-Changed(`$Provider) { "changed `$(@(Get-Connection -Provider `$Provider | Where-Object { `$_.ModifiedOn -gt `$_.CreatedOn }).Count)" }
$Setup
$Run
"@)
            $arguments = (Get-ModuleManifest), $folder, $providers.Address, "$(Resolve-Path "$PSScriptRoot/../../docs/examples")"
            if ($AsRow) { Invoke-Runspace $script $arguments } else { Invoke-Shell $script -ArgumentList $arguments }
            $script:log = if (Test-Path "$folder/az.log") { Get-Content "$folder/az.log" } else { @() }
            $script:folder = $folder
        }

        # What a shell shows but for -WhatIf, and the errors, of a script with the variables and sessions of this process to itself.
        function Invoke-Runspace($Script, $Arguments) {
            Get-KoreSession -All | Disconnect-KorePlatform
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault())
            try {
                Use-Variable @{ PATH = $env:PATH; PSModulePath = $env:PSModulePath; OLD = ''; KEY1 = ''; REVOKED = ''; OPENAI_ADMIN_KEY = '' } {
                    $null = $shell.AddScript("& { $Script } @args 3>&1 6>&1 | Out-String -Stream")
                    $Arguments.ForEach({ $null = $shell.AddArgument($_) })
                    [pscustomobject]@{ Output = @(try { $shell.Invoke() } catch { $failure = $_ }); Error = "$($shell.Streams.Error) $failure".Trim() }
                }
            } finally {
                $shell.Runspace.Dispose()
                Get-KoreSession -All | Disconnect-KorePlatform
            }
        }

        # Stand-ins for Az.KeyVault with versions and tags, and for OpenAI's administration.
        $script:vault = @'
$global:versions = [Collections.Generic.List[object]]::new()
New-Module Az.KeyVault {
    function Get-AzKeyVaultSecret { [CmdletBinding()] param($VaultName, $Name, $Version) $global:versions | Where-Object { -not $Version -or $_.Version -eq $Version } | Select-Object -Last 1 }
    function Set-AzKeyVaultSecret { [CmdletBinding()] param($VaultName, $Name, [securestring] $SecretValue, $Tag)
        $global:versions.Add([pscustomobject]@{ Name = $Name; Version = "v$($global:versions.Count)"; SecretValue = $SecretValue; Tags = $Tag }) }
    function Update-AzKeyVaultSecret { [CmdletBinding()] param($VaultName, $Name, $Tag) $global:versions[-1].Tags = $Tag }
} | Import-Module
Set-AzKeyVaultSecret -VaultName team -Name openai -SecretValue (ConvertTo-SecureString $env:OLD -AsPlainText -Force) -Tag @{ account = 'svc-old' }
$env:OPENAI_ADMIN_KEY = 'sk-admin-made-up'
$global:asked = @()
$global:makes = 'sk-revoked-openai-0123NEW0'
function Invoke-RestMethod($Uri, $Method, $Headers, $ContentType, $Body) {
    $global:asked += "$Method $($Uri -replace '^.*/projects')"
    if ($Method -eq 'Post') { [pscustomobject]@{ id = "svc-new$($global:versions.Count)"; api_key = [pscustomobject]@{ value = $global:makes } } }
}
'@
    }

    AfterAll { Stop-FakeProvider $providers }

    It 'takes its new keys from Azure Key Vault: rotate-keys.ps1' {
        $shell = Invoke-Example '' '& "$Examples/rotate-keys.ps1" -NewKey azkv:team/openai-next -PreviousKey azkv:team/openai -ProviderUri $Provider; "ended $LASTEXITCODE"'
        $shell.Error | Should -BeNullOrEmpty
        'Updated: 3', 'ended 0' | Should -BeIn $shell.Output
        $log | Should -HaveCount 2
        "$($shell.Output)$log$(Get-Content "$folder/openai-rotation.jsonl" -Raw)" | Should -Not -Match 'sk-good'
    }

    It 'moves a resource of Azure OpenAI to its other key, back, and there again: rotate-azure-openai-keys.ps1' {
        $shell = Invoke-Example '' @'
$run = @{ ResourceName = 'contoso'; ResourceGroup = 'ai'; ProviderUri = $Provider }
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key1 -WhatIf
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key1; "ended $LASTEXITCODE"
Get-Changed AzureOpenAI
# It would regenerate the key that is in use now.
try { & "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse key1; 'again' } catch { "again: $_" }
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key2; "back $LASTEXITCODE"
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse key1; "third $LASTEXITCODE"
'@
        $shell.Error | Should -BeNullOrEmpty
        'All 3 have Key2. Key1 is not in use any more; the next rotation makes it anew.', 'ended 0', 'changed 3' | Should -BeIn $shell.Output
        @($shell.Output) -like 'again: The last rotation has given the connections Key2. Give -KeyInUse Key2.*' | Should -HaveCount 1
        'back 0', 'third 0' | Should -BeIn $shell.Output
        $log -match 'regenerate' | Should -Be @(
            'cognitiveservices account keys regenerate --name contoso --resource-group ai --key-name Key2 -o none'
            'cognitiveservices account keys regenerate --name contoso --resource-group ai --key-name Key1 -o none'
            'cognitiveservices account keys regenerate --name contoso --resource-group ai --key-name Key2 -o none')
        Get-Item "$folder/*.jsonl" | Should -BeNullOrEmpty
        "$($shell.Output)$log$(Get-Content "$folder/*.jsonl.done" -Raw)" | Should -Not -Match 'good-azure'
    }

    It 'regenerates no key while some may have it, or while not all can be seen: <Case>' -ForEach @(
        @{ Case = 'the other rotation is unfinished'; Setup = 'New-Item "$Folder/contoso-from-key2.jsonl"'; Says = 'The rotation from Key2 is not finished, *Finish it first: -KeyInUse Key2.' }
        @{ Case = 'a rotation was finished under another spelling'; Setup = 'New-Item "$Folder/Contoso-from-key1.jsonl.done"'; Says = 'The last rotation has given the connections Key2. *' }
        @{ Case = 'the other rotation is unfinished under another spelling'; Setup = 'New-Item "$Folder/CONTOSO-from-Key2.jsonl"'; Says = 'The rotation from Key2 is not finished, *Finish it first: -KeyInUse Key2.' }
        @{ Case = 'the report has the name of the other rotation'; Setup = '$PSDefaultParameterValues["*.ps1:ReportPath"] = "Contoso-from-key2.jsonl"'; Says = '-ReportPath has the name of the rotation from Key2. *' }
        @{ Case = 'the listing is incomplete'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [], `"total`": 3 }' }"; Says = 'Nothing was changed: *reports 3 connections but returned only 0*' }
    ) {
        $shell = Invoke-Example -AsRow $Setup 'try { & "$Examples/rotate-azure-openai-keys.ps1" -ResourceName contoso -ResourceGroup ai -KeyInUse Key1 -ProviderUri $Provider 3>$null; "ended $LASTEXITCODE" } catch { "$_" }'
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        $log -match 'regenerate' | Should -BeNullOrEmpty
    }

    It 'regenerates no key that a connection has, as far as the platform shows it: <Shown>, -KeyInUse <KeyInUse> <More>' -ForEach @(
        @{ Shown = '***KEY1', '***KEY1', '***KEY1'; KeyInUse = 'Key2'; Says = "Nothing was changed: 'Finance 1' has Key1, *Use -KeyInUse Key1 *" }
        @{ Shown = '***KEY1', '***KEY1', '***KEY1'; KeyInUse = 'Key2'; More = '-WhatIf'; Says = "Nothing was changed: 'Finance 1' has Key1, *" }
        @{ Shown = '***KEY2', 'go***7aKEY1', '***'; KeyInUse = 'Key2'; Says = "Nothing was changed: 'Finance 2' has Key1, *" }
        @{ Shown = '***', '***', '***EY1'; KeyInUse = 'Key2'; Says = "Nothing was changed: 'Finance 3' has Key1, *" }
        @{ Shown = '***KEY1', '***ELSE', '***KEY1'; KeyInUse = 'Key1'; Says = "Nothing was changed: 'Finance 2' has neither key of contoso (***ELSE). *" }
        @{ Shown = '***key1', '***KEY1', '***KEY1'; KeyInUse = 'Key1'; Says = "Nothing was changed: 'Finance 1' has neither key of contoso (***key1). *" }
        @{ Shown = '***KEY1', '***KEY1', '***KEY1'; KeyInUse = 'Key1'; Makes = 1; Says = 'All 3 have Key2. *' }
        @{ Shown = '***KEY1', '***KEY1', '***y1'; KeyInUse = 'Key1'; Says = "Nothing was changed: 'Finance 3' has neither key of contoso (***y1). *" }
        @{ Shown = '***Y1', '***1', '***'; KeyInUse = 'Key2'; Says = "Nothing was changed: 'Finance 1' has Key1, *" }
        @{ Shown = '***KEY1', '***Y1', '***'; KeyInUse = 'Key1'; Makes = 1; Says = '*show which key these have: Finance 2, Finance 3. If it is Key2, *' }
        @{ Shown = '***', '', '***'; KeyInUse = 'Key1'; More = '-WhatIf'; Says = '*show which key these have: Finance 1, Finance 2, Finance 3. If it is Key2, *' }
        @{ Shown = '***KEY1', '***KEY1', '***KEY1'; Setup = 'Remove-Item key2'; KeyInUse = 'Key1'; Says = 'Nothing was changed: Key2 of contoso could not be read. *' }
    ) {
        $masks = $Shown -join "', '"
        $shell = Invoke-Example -AsRow @"
`$masks = '$masks'
Get-Connection -Name 'Finance *' | ForEach-Object {
    `$mask = `$masks[[int]`$_.ConnectionName.Substring(8) - 1]
    `$read = @{ connectionId = `$_.ConnectionId; connectionName = `$_.ConnectionName; provider = 'Azure Open AI'; model = `$_.Model; status = 'ACTIVE'; createdOn = `$_.CreatedOn; modifiedOn = `$_.ModifiedOn
        fields = @{ API_KEY = `$mask; your_resource_name = 'contoso'; deployment_id = "d`$(`$_.ConnectionName.Substring(8))"; api_version = '2024-08-01-preview' } }
    `$null = Add-Fault @{ method = 'GET'; path = `$_.ConnectionId; times = 1; status = 200; body = ConvertTo-Json `$read }
}
$Setup
"@ "try { & `"`$Examples/rotate-azure-openai-keys.ps1`" -ResourceName contoso -ResourceGroup ai -KeyInUse $KeyInUse -ProviderUri `$Provider $More; `"ended `$LASTEXITCODE`" } catch { `"`$_`" }"
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        @($log -match 'regenerate').Count | Should -Be ([int]$Makes) -Because "of $($shell.Output)"
        if (-not $Makes) { Get-ChildItem $folder -Filter *.jsonl* | Should -BeNullOrEmpty }
        "$($shell.Output)$($shell.Error)$log" | Should -Not -Match 'good-azure'
    }

    It 'regenerates no key that is in use, under any name of its report: <Case>' -ForEach @(
        @{ Case = 'the same name'; First = @{ ReportPath = 'own.jsonl' }; Second = @{ ReportPath = 'own.jsonl' } }
        @{ Case = 'in a folder'; First = @{ ReportPath = 'reports/own.jsonl' }; Second = @{ ReportPath = './reports/own.jsonl' } }
        @{ Case = 'another name each day'; First = @{ ReportPath = 'monday.jsonl' }; Second = @{ ReportPath = 'tuesday.jsonl' } }
        @{ Case = 'first its own name'; First = @{ ReportPath = 'own.jsonl' }; Second = @{} }
        @{ Case = 'then its own name'; First = @{}; Second = @{ ReportPath = 'own.jsonl' } }
        @{ Case = 'the default in capitals'; First = @{ ReportPath = 'CONTOSO-from-KEY1.jsonl' }; Second = @{ ReportPath = 'contoso-from-key1.jsonl' } }
        @{ Case = 'another spelling of the resource'; First = @{ ResourceName = 'contoso' }; Second = @{ ResourceName = 'Contoso' } }
    ) {
        $call = foreach ($given in $First, $Second) { ($given.Keys | ForEach-Object { "-$_ '$($given[$_])'" }) -join ' ' }
        $resource = $First.ResourceName ? '' : '-ResourceName contoso'
        $beside = $First.ReportPath -like 'reports/*' ? 'reports/' : ''
        $run = '& "$Examples/rotate-azure-openai-keys.ps1" -ResourceGroup ai -ProviderUri $Provider -KeyInUse'
        $shell = Invoke-Example -AsRow '$null = New-Item reports -ItemType Directory' @"
# The first key does not work: the rotation stays unfinished.
`$works = Get-Content bin/az -Raw
Set-Content bin/az (`$works -replace 'good-azure-.k-made', 'revoked-made')
$run Key1 $resource $($call[0]) | Out-Null; "first `$LASTEXITCODE"
try { $run Key1 -ResourceName contoso -ReportPath $($beside)another.jsonl } catch { "other report: `$_" }
try { $run Key2 $resource $($call[0]) } catch { "other key: `$_" }
Set-Content bin/az `$works
Set-Content key2 good-azure-key2-mended-NEWK
$run Key1 $resource $($call[0]) | Out-Null; "second `$LASTEXITCODE"
try { $run Key1 $resource $($call[1]) } catch { "again: `$_" }
try { $run Key1 $resource $($call[1]) } catch { "again: `$_" }
Get-Changed AzureOpenAI
"@
        $because = "of $($shell.Output) $($shell.Error)"
        $shell.Output | Should -Contain 'first 1' -Because $because
        @($shell.Output) -like 'other report: The rotation from Key1 is not finished. Finish it first: -ReportPath *' | Should -HaveCount 1 -Because $because
        @($shell.Output) -like 'other key: The rotation from Key1 is not finished, so some connections may have Key1. Finish it first: -KeyInUse Key1.' | Should -HaveCount 1 -Because $because
        $shell.Output | Should -Contain 'second 0' -Because $because
        @($shell.Output) -like 'again: The last rotation has given the connections Key2. Give -KeyInUse Key2.*' | Should -HaveCount 2 -Because $because
        $shell.Output | Should -Contain 'changed 3' -Because $because
        $log -match 'regenerate' | Should -HaveCount 1 -Because $because
        Get-ChildItem $folder -Filter *.jsonl -Recurse | Should -BeNullOrEmpty
    }

    It 'does not end well where it has rotated nothing: rotate-azure-openai-keys.ps1, <Case>' -ForEach @(
        @{ Case = 'the resource is misspelt'; Setup = ''; Resource = 'contosso' }
        @{ Case = 'no connection is listed'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [], `"total`": 0 }' }"; Resource = 'contoso' }
    ) {
        $shell = Invoke-Example -AsRow $Setup "& `"`$Examples/rotate-azure-openai-keys.ps1`" -ResourceName $Resource -ResourceGroup ai -KeyInUse Key1 -ProviderUri `$Provider; `"ended `$LASTEXITCODE`""
        @($shell.Output) -like "Nothing was changed: the platform lists no connection that uses the resource $Resource. Check *" | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        $shell.Output | Should -Contain 'ended 1'
        $log -match 'regenerate' | Should -BeNullOrEmpty
    }

    It 'ends as the successors are: replace-retiring-models.ps1, <Case>' -ForEach @(
        $old = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD'
        $listedOld = '{ "connectionId": "cn-1", "connectionName": "Old", "provider": "Open AI", "model": "gpt-4", "status": "ACTIVE" }'
        @{ Case = 'none retires'; Make = ''; Exit = 0; Says = '0 retire within 90 days, 0 have a successor, 0 have none.' }
        @{ Case = 'each has one'; Make = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD'; Exit = 0; Says = '1 retire within 90 days, 1 have a successor, 0 have none.' }
        @{ Case = 'each would have one'; Make = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD'; With = '-WhatIf'; Exit = 0; Says = '1 retire within 90 days, 1 would have a successor, 0 would have none.' }
        @{ Case = 'the key does not work'; Make = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD'; With = '-OpenAIKey env:REVOKED'; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'the key would not work'; Make = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD'; With = '-OpenAIKey env:REVOKED -WhatIf'; Exit = 1; Says = '1 retire within 90 days, 0 would have a successor, 1 would have none.' }
        @{ Case = 'its creation was declined'; Make = 'New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD; Set-Item function:global:New-Connection { $null = $input }'; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'the model is in Azure'; Make = 'New-Connection -AzureOpenAI -Name Old -Model O1 -ResourceName contoso-eu -DeploymentId d -ApiVersion 2024-10-21 -ApiKey env:KEY1'; Exit = 0; Says = '1 retire within 90 days, 0 have a successor, 0 have none.' }
        @{ Case = 'a custom API has the model'; Make = 'New-Connection -CustomApi -Name Old -EndpointUrl https://api.openai.com/v1/chat/completions -Model o1 -MapProvider openAIModel -Feature toolCalling -Header @{ Authorization = "Bearer env:OLD" } -WarningAction Ignore'; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'each has one already'; Make = "$old; New-Connection -OpenAI -Name 'Old (gpt-5.6-sol)' -Model gpt-5.6-sol -ApiKey env:OLD"; Exit = 0; Says = '1 retire within 90 days, 1 have a successor, 0 have none.' }
        @{ Case = 'another provider has its name'; Make = "$old; New-Connection -Anthropic -Name 'Old (gpt-5.6-sol)' -Model claude-opus-5 -ApiKey env:KEY1"; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'another provider would have its name'; Make = "$old; New-Connection -Anthropic -Name 'Old (gpt-5.6-sol)' -Model gpt-5.6-sol -ApiKey env:KEY1"; With = '-WhatIf'; Exit = 1; Says = '1 retire within 90 days, 0 would have a successor, 1 would have none.' }
        @{ Case = 'another model has its name'; Make = "$old; New-Connection -OpenAI -Name 'old (GPT-5.6-sol)' -Model gpt-5.5 -ApiKey env:OLD"; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'one of its name is inactive'; Listed = "{ `"connections`": [$listedOld, { `"connectionId`": `"cn-2`", `"connectionName`": `"Old (gpt-5.6-sol)`", `"provider`": `"Open AI`", `"model`": `"gpt-5.6-sol`", `"status`": `"INACTIVE`" }], `"total`": 2 }"; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'a custom API sends the model'; Make = 'New-Connection -CustomApi -Name Old -EndpointUrl https://api.openai.com/v1/chat/completions -Payload @{ model = "o1"; q = "{{prompt}}" } -OutputPath x -Header @{ Authorization = "Bearer env:OLD" } -WarningAction Ignore'; Exit = 1; Says = '1 retire within 90 days, 0 have a successor, 1 have none.' }
        @{ Case = 'not all are listed'; Listed = '{ "connections": [{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI", "model": "gpt-5.5" }], "total": 40 }'; Exit = 1; Says = 'Nothing was created: *reports 40 connections but returned only 1.*' }
        @{ Case = 'none is listed'; Listed = '{ "connections": [], "total": 0 }'; Exit = 1; Says = 'Nothing was created: the platform lists no connection.*' }
    ) {
        $setup = $Listed ? "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '$Listed' }" : "`$null = $Make 3>`$null"
        $shell = Invoke-Example -AsRow "`$env:REVOKED = 'sk-revoked-openai-0123NEW0'`n$($Listed -or $Make ? $setup : '')" "& `"`$Examples/replace-retiring-models.ps1`" -OpenAIKey env:OLD -ProviderUri `$Provider $With 3>`$null; `"ended `$LASTEXITCODE`"".Replace($With -like '-OpenAIKey*' ? '-OpenAIKey env:OLD' : "`0", '')
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        $shell.Output | Should -Contain "ended $Exit"
        Test-Path "$folder/successors.csv" | Should -Be ($Says -match '^1 .* have ' -and $With -notlike '*-WhatIf')
    }

    It 'lists all where one fails, and creates the others: replace-retiring-models.ps1, <Case>' -ForEach @(
        @{ Case = 'a key is not set'; Setup = '$null = New-Connection -Anthropic -Name Claims -Model claude-2.1 -ApiKey env:KEY1 3>$null'; Why = '*ANTHROPIC_API_KEY*not set*' }
        @{ Case = 'a create is refused'; Setup = '$null = New-Connection -OpenAI -Name Another -Model o1 -ApiKey env:OLD 3>$null; Add-Fault @{ method = "POST"; status = 403 }'; Why = '*created: *' }
        @{ Case = 'a name is refused'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [{ `"connectionId`": `"cn-0`", `"connectionName`": `"A\u200bb`", `"provider`": `"Open AI`", `"model`": `"gpt-4`", `"status`": `"ACTIVE`" }, { `"connectionId`": `"cn-1`", `"connectionName`": `"Old`", `"provider`": `"Open AI`", `"model`": `"gpt-4`", `"status`": `"ACTIVE`" }], `"total`": 2 }' }"; Why = '*invisible character*' }
    ) {
        $shell = Invoke-Example -AsRow "`$null = New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD 3>`$null; $Setup" '& "$Examples/replace-retiring-models.ps1" -OpenAIKey env:OLD -ProviderUri $Provider 3>$null; "ended $LASTEXITCODE"'
        $because = "of $($shell.Output) $($shell.Error)"
        '2 retire within 90 days, 1 have a successor, 1 have none.', 'ended 1' | Should -BeIn $shell.Output -Because $because
        $rows = Import-Csv "$folder/successors.csv"
        $rows | Should -HaveCount 2 -Because $because
        @($rows | Where-Object To).ToId | Should -BeLike 'cn-*' -Because $because
        @($rows | Where-Object { -not $_.To }).ToDo | Should -BeLike $Why
        "$(Get-Content "$folder/successors.csv")" | Should -Not -Match 'MQAA'
    }

    It 'does not end well where it could not examine one: replace-retiring-models.ps1' {
        $shell = Invoke-Example '$own = @{ EndpointUrl = "https://api.openai.com/v1"; MapProvider = "openAIModel"; Feature = "toolCalling"; Header = @{ a = "env:OLD" } }
$id = (New-Connection -CustomApi -Name Own @own -WarningAction Ignore).ConnectionId
$null = New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD 3>$null
Add-Fault @{ method = "GET"; path = $id; status = 403; times = 0 }' '& "$Examples/replace-retiring-models.ps1" -OpenAIKey env:OLD -ProviderUri $Provider 2>$null 3>$null; "ended $LASTEXITCODE"'
        $shell.Output | Should -Contain '1 retire within 90 days, 1 have a successor, 0 have none.' -Because "of $($shell.Output) $($shell.Error)"
        $shell.Output | Should -Contain 'ended 1'
    }

    It 'keeps a list that somebody has ticked off: replace-retiring-models.ps1 <With>' -ForEach @(
        @{ With = '-Sandbox -WhatIf'; Exit = 0 }, @{ With = '-WhatIf'; Exit = 0 }, @{ With = '-Sandbox'; Exit = 1 }, @{ With = ''; Exit = 1 }, @{ With = '-ListPath ./successors.csv'; Exit = 1 }
    ) {
        $shell = Invoke-Example -AsRow '$null = New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD 3>$null; Set-Content successors.csv "ticked by Eva"' @"
`$before = (Get-Connection).Count
& "`$Examples/replace-retiring-models.ps1" -OpenAIKey env:OLD $($With -like '*-Sandbox*' ? '' : '-ProviderUri $Provider') $With; "ended `$LASTEXITCODE"
"made `$((Get-Connection).Count - $($With -like '*-Sandbox*' ? '4' : '$before'))"
"@
        $because = "of $($shell.Output) $($shell.Error)"
        Get-Content "$folder/successors.csv" | Should -Be 'ticked by Eva' -Because $because
        "ended $Exit", 'made 0' | Should -BeIn $shell.Output -Because $because
        @($shell.Output) -like 'Nothing was created: *successors.csv exists. *' | Should -HaveCount $Exit
    }

    It 'leaves connections as they are where the new key does not work or is not made: <Case>' -ForEach @(
        @{ Case = 'it does not work'; Setup = 'Set-Content "$Folder/bin/az" ((Get-Content "$Folder/bin/az" -Raw) -replace "good-azure-.k-made", "revoked-made")'; Says = '3 not done, and Key1 is still valid*' }
        @{ Case = 'it is not made'; Setup = 'New-Item "$Folder/refuses"'; Says = '*Key2 of contoso was not regenerated, and nothing was changed.*' }
    ) {
        $shell = Invoke-Example -AsRow $Setup @'
try { & "$Examples/rotate-azure-openai-keys.ps1" -ResourceName contoso -ResourceGroup ai -KeyInUse Key1 -ProviderUri $Provider; "ended $LASTEXITCODE" } catch { "$_" }
Get-Changed AzureOpenAI
'@
        @($shell.Output) -like $Says | Should -Not -BeNullOrEmpty
        $shell.Output | Should -Contain 'changed 0'
    }

    It 'creates an OpenAI key, swaps it, and revokes the old one after confirmation: rotate-openai-key.ps1' {
        $shell = Invoke-Example $vault @'
$run = @{ ProjectId = 'proj_1'; VaultName = 'team'; SecretName = 'openai'; ProviderUri = $Provider }
& "$Examples/rotate-openai-key.ps1" @run 2>$null; "first $LASTEXITCODE"
"asked $($asked -join ', ')"
# What stood in the way is mended: the key works now.
$versions[-1].SecretValue = ConvertTo-SecureString sk-good-openai-made-anew-NEW1 -AsPlainText -Force
& "$Examples/rotate-openai-key.ps1" @run; "second $LASTEXITCODE"
"asked $($asked -join ', ')"
"tags $($versions[-1].Tags.account) $($versions[-1].Tags.pending)"
'@
        $shell.Output | Should -Contain 'first 1'
        $shell.Output | Should -Contain 'asked Post /proj_1/service_accounts'
        'second 0', 'asked Post /proj_1/service_accounts, Delete /proj_1/service_accounts/svc-old', 'tags svc-new1 false' | Should -BeIn $shell.Output
        "$($shell.Output)$($shell.Error)$(Get-Content "$folder/*.done" -Raw)" | Should -Not -Match 'sk-(good|revoked|admin)'
    }

    It 'ends after an interruption, and says that it has revoked only what is gone: rotate-openai-key.ps1, <Case>' -ForEach @(
        @{ Case = 'the tags were not written'; First = 'Update'; Says = 'second 0'; Asked = 'Post, Delete svc-old, Delete svc-old, Get svc-new1' }
        @{ Case = 'the old key was not revoked'; First = 'Delete'; Says = 'second 0'; Asked = 'Post, Delete svc-old, Delete svc-old' }
        @{ Case = 'the vault does not answer'; First = 'Get-Secret'; Says = 'second 0'; Asked = 'Post, Delete svc-old' }
        @{ Case = 'the run after it is of another project'; First = 'Update'; Project = 'proj_2'; Says = 'second: *404*'; Asked = 'Post, Delete svc-old, Delete svc-old, Get svc-new1'; Pending = 'revoking' }
        @{ Case = 'there is no such account'; Account = 'svc-other'; Says = 'second: The old key was not revoked: proj_1 has no service account svc-old *'; Asked = 'Post, Delete svc-old, Delete svc-old'; Pending = 'true' }
        @{ Case = 'there is no such account, which is found late'; First = 'Get-Secret'; Account = 'svc-other'; Says = 'second: The old key was not revoked: *'; Asked = 'Post, Delete svc-old'; Pending = 'true' }
        @{ Case = 'OpenAI refuses'; First = 'Update'; Second = 'Delete'; Says = 'second: *500*'; Asked = 'Post, Delete svc-old, Delete svc-old'; Pending = 'revoking' }
    ) {
        $shell = Invoke-Example -AsRow ($vault + @'
$global:makes = 'sk-good-openai-made-anew-NEW1'
function Invoke-RestMethod($Uri, $Method, $Headers, $ContentType, $Body) {
    $account = $Uri -replace '^.*/projects/' -replace 'service_accounts/?'
    $global:asked += "$Method $($account -replace '^.*/')".Trim()
    if ($global:fails -eq $Method) { throw 'Response status code does not indicate success: 500 (Internal Server Error).' }
    if ($Method -eq 'Post') { return [pscustomobject]@{ id = 'svc-new1'; api_key = [pscustomobject]@{ value = $global:makes } } }
    if (-not $global:accounts[$account]) { throw 'Response status code does not indicate success: 404 (Not Found).' }
    if ($Method -eq 'Delete') { $global:accounts.Remove($account) }
}
$tagging, $getting = 'Update', 'Get' | ForEach-Object { Get-Command "$_-AzKeyVaultSecret" }
function Update-AzKeyVaultSecret { if ($global:fails -eq 'Update' -and $args.pending -eq 'false') { throw 'Forbidden.' }; & $tagging @args }
function Get-AzKeyVaultSecret { if ($global:fails -eq 'Get-Secret') { throw 'Forbidden.' }; & $getting @args }
'@) @"
`$run = @{ VaultName = 'team'; SecretName = 'openai'; ProviderUri = `$Provider }
`$global:accounts = @{ 'proj_1/$($Account ? $Account : 'svc-old')' = 1; 'proj_1/svc-new1' = 1 }
`$global:fails = '$First'
try { & "`$Examples/rotate-openai-key.ps1" -ProjectId proj_1 @run; "first `$LASTEXITCODE" } catch { "first: `$_" }
`$global:fails = '$Second'
try { & "`$Examples/rotate-openai-key.ps1" -ProjectId $($Project ? $Project : 'proj_1') @run; "second `$LASTEXITCODE" } catch { "second: `$_" }
"asked `$(`$asked -join ', ')"
"pending `$(`$versions[-1].Tags.pending), old `$([bool]`$accounts['proj_1/svc-old'])"
"@
        $because = "of $($shell.Output) $($shell.Error)"
        @($shell.Output) -like 'first: *' | Should -HaveCount 1 -Because $because
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because $because
        $shell.Output | Should -Contain "asked $Asked" -Because $because
        $isDone = $Says -eq 'second 0'
        @($shell.Output) -like 'All 3 have the new key, and the old one is revoked.' | Should -HaveCount ([int]$isDone) -Because $because
        $shell.Output | Should -Contain "pending $($isDone ? 'false' : $Pending), old False" -Because $because
    }

    It 'changes nothing where nobody knows whose key to revoke: rotate-openai-key.ps1, <Case>' -ForEach @(
        @{ Case = 'no tag'; Tags = '$null'; Tag = 'account' }
        @{ Case = 'other tags'; Tags = "@{ owner = 'team' }"; Tag = 'account' }
        @{ Case = 'an empty tag'; Tags = "@{ account = '' }"; Tag = 'account' }
        @{ Case = 'a pending rotation without it'; Tags = "@{ account = 'svc-new'; pending = 'true' }"; Tag = 'previousAccount' }
    ) {
        $shell = Invoke-Example -AsRow "$vault; `$versions[0].Tags = $Tags" @'
try { & "$Examples/rotate-openai-key.ps1" -ProjectId proj_1 -VaultName team -SecretName openai -ProviderUri $Provider; "ended $LASTEXITCODE" } catch { "$_" }
"asked [$asked], versions $($versions.Count)"
Get-Changed OpenAI
'@
        $because = "of $($shell.Output) $($shell.Error)"
        @($shell.Output) -like "Nothing was changed: the secret openai has no tag $Tag, *" | Should -HaveCount 1 -Because $because
        'asked [], versions 1', 'changed 0' | Should -BeIn $shell.Output -Because $because
    }

    It 'revokes nothing without evidence, and creates no key: <Case>' -ForEach @(
        @{ Case = 'no connection is listed'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [], `"total`": 0 }' }"; Says = 'The old key was not revoked: the platform lists no OpenAI connection.*' }
        @{ Case = 'not all are listed'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [{ `"connectionId`": `"cn-1`", `"connectionName`": `"A`", `"provider`": `"Open AI`" }], `"total`": 3 }' }"; Says = 'The old key was not revoked: *reports 3 connections but returned only 1*' }
        @{ Case = 'none is listed of a rotation that is pending'; Setup = "Add-Fault @{ method = 'GET'; status = 200; times = 0; body = '{ `"connections`": [], `"total`": 0 }' }; `$versions[0].Tags.pending = 'true'; `$versions[0].Tags.previousAccount = 'svc-older'"; Says = 'The old key was not revoked: *' }
    ) {
        $shell = Invoke-Example -AsRow "$vault; $Setup" '& "$Examples/rotate-openai-key.ps1" -ProjectId proj_1 -VaultName team -SecretName openai -ProviderUri $Provider 3>$null; "ended $LASTEXITCODE"; "asked [$asked]"'
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        'ended 1', 'asked []' | Should -BeIn $shell.Output
    }

    It 'does not end well where connections are missing: rotate-keys.ps1, <Case>' -ForEach @(
        @{ Case = 'no connection is listed'; Body = '{ "connections": [], "total": 0 }'; Says = 'Nothing was changed: the platform lists no OpenAI connection.*' }
        @{ Case = 'not all are listed'; Body = '{ "connections": [{ "connectionId": "cn-1", "connectionName": "A", "provider": "Open AI" }], "total": 3 }'; Says = 'Nothing was changed: *reports 3 connections but returned only 1*' }
    ) {
        $shell = Invoke-Example -AsRow "Add-Fault @{ method = 'GET'; path = 'connections?'; status = 200; times = 0; body = '$Body' }" @'
try { & "$Examples/rotate-keys.ps1" -NewKey azkv:team/openai-next -ProviderUri $Provider 3>$null; "ended $LASTEXITCODE" } catch { "$_" }
'@
        @($shell.Output) -like $Says | Should -HaveCount 1 -Because "of $($shell.Output) $($shell.Error)"
        $shell.Output -like 'ended*' | Should -BeNullOrEmpty
        Get-Item "$folder/*.jsonl" | Should -BeNullOrEmpty
    }

    It 'changes nothing where its file cannot be written: <Run>' -ForEach @(
        @{ Run = 'replace-retiring-models.ps1 -OpenAIKey env:OLD -ProviderUri $Provider -ListPath'; Says = "Nothing was created: -ListPath '*'*" }
        @{ Run = 'rotate-keys.ps1 -NewKey azkv:team/openai-next -ProviderUri $Provider -ReportPath'; Says = "*-ReportPath '*'*" }
        @{ Run = 'rotate-openai-key.ps1 -ProjectId proj_1 -VaultName team -SecretName openai -ProviderUri $Provider -ReportPath'; Says = "Nothing was changed: -ReportPath '*' cannot be written. *" }
        @{ Run = 'rotate-azure-openai-keys.ps1 -ResourceName contoso -ResourceGroup ai -KeyInUse Key1 -ProviderUri $Provider -ReportPath'; Says = "Nothing was changed: the report '*' cannot be written. *" }
    ) {
        $paths = @('missing/file.x', 'folder') + @(if ($IsLinux) { '/proc/file.x' })
        $shell = Invoke-Example -AsRow "$vault; `$null = New-Item folder -ItemType Directory; `$null = New-Connection -OpenAI -Name Old -Model gpt-4 -ApiKey env:OLD 3>`$null" @"
`$before = @(Get-Connection).Count
foreach (`$path in '$($paths -join "', '")') {
    `$global:LASTEXITCODE = 0
    try { & "`$Examples/$($Run -replace '^(\S+)', '$1"') `$path } catch { "`$_"; `$global:LASTEXITCODE = 1 }
    "ended `$LASTEXITCODE"
}
"made `$(@(Get-Connection).Count - `$before)"
Get-Changed AzureOpenAI
Get-Changed OpenAI
"asked [`$asked]"
"@
        $because = "of $($shell.Output) $($shell.Error)"
        @($shell.Output) -like $Says | Should -HaveCount $paths.Count -Because $because
        @($shell.Output) -eq 'ended 1' | Should -HaveCount $paths.Count -Because $because
        $shell.Output | Should -Contain 'made 0' -Because $because
        @($shell.Output) -eq 'changed 0' | Should -HaveCount 2 -Because $because
        $shell.Output | Should -Contain 'asked []' -Because $because
        $log -match 'regenerate' | Should -BeNullOrEmpty
        Get-ChildItem "$folder" -Recurse -File | Where-Object Name -NotIn 'az', 'az.log', 'key1', 'key2' | Should -BeNullOrEmpty
    }

    It 'takes no report of an earlier key for evidence: rotate-openai-key.ps1' {
        $shell = Invoke-Example $vault @'
$run = @{ ProjectId = 'proj_1'; VaultName = 'team'; SecretName = 'openai'; ProviderUri = $Provider }
$global:makes = 'sk-good-openai-made-anew-NEW1'
& "$Examples/rotate-openai-key.ps1" @run; "first $LASTEXITCODE"
# As if it had ended before it moved its report away.
Move-Item openai-rotation.jsonl.done openai-rotation.jsonl
$before = @(Get-Connection -Provider OpenAI).ModifiedOn
Start-Sleep -Milliseconds 20
$global:makes = 'sk-good-openai-made-again-NEW2'
& "$Examples/rotate-openai-key.ps1" @run; "second $LASTEXITCODE"
"again changed $(@(Get-Connection -Provider OpenAI | Where-Object ModifiedOn -NotIn $before).Count)"
"asked $($asked -join ', ')"
'@
        $shell.Output | Should -Contain 'second 0'
        $shell.Output | Should -Contain 'again changed 3'
        $shell.Output | Should -Contain 'asked Post /proj_1/service_accounts, Delete /proj_1/service_accounts/svc-old, Post /proj_1/service_accounts, Delete /proj_1/service_accounts/svc-new1'
    }
}

Describe 'A nightly check' -Skip:$IsWindows {
    BeforeDiscovery {
        $script:checks = foreach ($page in 'en-US/Find-ConnectionIssue.md', 'en-US/Export-ConnectionReport.md', 'replacing-models.md') {
            $blocks = [regex]::Matches((Get-Content "$PSScriptRoot/../../docs/$page" -Raw), '(?s)```powershell\n((?:(?!```).)*exit 2.*?)\n```')
            @{ Page = $page; Code = $blocks[-1].Groups[1].Value; Count = $blocks.Count }
        }
    }

    BeforeAll {
        Import-Module "$PSScriptRoot/../TestTools.psm1" -Force
        Connect-KorePlatform -Sandbox
        $env:KORE_HOST = (Get-KoreSession).BaseUri
        Push-Location $TestDrive
        Set-Content connections.yaml 'connections: []'
    }

    AfterAll { Pop-Location }

    It 'fails with 1, and has a page that says so, where the manifest is wrong' {
        Connect-KorePlatform -Sandbox -ApiKey kg-nightly-0123456789
        $env:KORE_HOST = (Get-KoreSession).BaseUri
        $env:KORE_API_KEY = 'kg-nightly-0123456789'
        $code = $checks.Where({ $_.Page -like '*Export-ConnectionReport*' }).Code
        foreach ($manifest in '{ name: A, provider: OpenAl, model: m, apiKey: "env:K" }', '{ name: A, provider: OpenAI, modell: m }') {
            $null = New-Item wrong -ItemType Directory -Force
            Set-Content wrong/connections.yaml "connections: [$manifest]"
            Set-Content wrong/check.ps1 "Import-Module '$(Get-ModuleManifest)'`
Set-Location '$PWD/wrong'`
$code"
            $said = Invoke-PowerShell -NonInteractive -File wrong/check.ps1 2>&1
            $LASTEXITCODE | Should -Be 1 -Because "$said"
            Get-Content wrong/report.html -Raw | Should -Match '<h2>This report is incomplete\.</h2>' -Because "$said"
        }
    }

    It 'fails with 1 where the platform cannot be examined: <Page>' -ForEach $checks {
        $Count | Should -Be 1
        Set-Content check.ps1 "Import-Module '$(Get-ModuleManifest)'`n$Code"
        foreach ($env:KORE_API_KEY in 'kg-wrong-0123456789', '') {
            $said = Invoke-PowerShell -NonInteractive -File check.ps1 2>&1
            $LASTEXITCODE | Should -Be 1 -Because "$said"
        }
    }
}
