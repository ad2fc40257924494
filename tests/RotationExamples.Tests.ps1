# The examples that rotate keys with a vault or a cloud, against stand-ins of their commands and modules, which keep their state in files.

Describe 'The rotation of docs/examples/<Name>' -Skip:$IsWindows {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestTools.psm1" -Force
        $script:providers = Start-FakeProvider

        # In a shell of its own: the stand-ins, a platform with connections, then the example as often as is asked.
        function Invoke-Example($Setup, $Run) {
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
            Invoke-Shell ([scriptblock]::Create(@"
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
$Setup
$Run
"@)) -ArgumentList (Get-ModuleManifest), $folder, $providers.Address, (Resolve-Path "$PSScriptRoot/../docs/examples")
            $script:log = if (Test-Path "$folder/az.log") { Get-Content "$folder/az.log" } else { @() }
            $script:folder = $folder
        }
    }

    AfterAll {
        Stop-FakeProvider $providers
    }

    It 'takes its new keys from Azure Key Vault: rotate-keys.ps1' {
        $shell = Invoke-Example '' '& "$Examples/rotate-keys.ps1" -NewKey azkv:team/openai-next -PreviousKey azkv:team/openai -ProviderUri $Provider; "ended $LASTEXITCODE"'
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Contain 'Updated: 3'
        $shell.Output | Should -Contain 'ended 0'
        $log | Should -HaveCount 2
        "$($shell.Output)$log$(Get-Content "$folder/openai-rotation.jsonl" -Raw)" | Should -Not -Match 'sk-good'
    }

    It 'moves a resource of Azure OpenAI to its other key, and back: rotate-azure-openai-keys.ps1' {
        $shell = Invoke-Example '' @'
$run = @{ ResourceName = 'contoso'; ResourceGroup = 'ai'; ProviderUri = $Provider }
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key1 -WhatIf
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key1; "ended $LASTEXITCODE"
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key1; "again $LASTEXITCODE"
& "$Examples/rotate-azure-openai-keys.ps1" @run -KeyInUse Key2; "back $LASTEXITCODE"
'@
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Contain 'All 3 have Key2. Key1 is not in use any more; the next rotation makes it anew.'
        $shell.Output | Should -Contain 'ended 0'
        $shell.Output | Should -Contain 'again 0'
        $shell.Output | Should -Contain 'back 0'
        $log -match 'regenerate' | Should -Be @(
            'cognitiveservices account keys regenerate --name contoso --resource-group ai --key-name Key2 -o none'
            'cognitiveservices account keys regenerate --name contoso --resource-group ai --key-name Key1 -o none')
        "$($shell.Output)$log$(Get-Content "$folder/*.jsonl" -Raw)" | Should -Not -Match 'good-azure'
    }

    It 'leaves connections as they are where the new key does not work or is not made: <Case>' -ForEach @(
        @{ Case = 'it does not work'; Setup = 'Set-Content "$Folder/bin/az" ((Get-Content "$Folder/bin/az" -Raw) -replace "good-azure-.k-made", "revoked-made")'; Says = '3 not done, and Key1 is still valid*' }
        @{ Case = 'it is not made'; Setup = 'New-Item "$Folder/refuses"'; Says = '*Key2 of contoso was not regenerated, and nothing was changed.*' }
    ) {
        $shell = Invoke-Example $Setup @'
try { & "$Examples/rotate-azure-openai-keys.ps1" -ResourceName contoso -ResourceGroup ai -KeyInUse Key1 -ProviderUri $Provider; "ended $LASTEXITCODE" } catch { "$_" }
"changed $(@(Get-Connection -Provider AzureOpenAI | Where-Object { $_.ModifiedOn -gt $_.CreatedOn }).Count)"
'@
        @($shell.Output) -like $Says | Should -Not -BeNullOrEmpty
        $shell.Output | Should -Contain 'changed 0'
    }

    It 'creates an OpenAI key, swaps it, and revokes the old one after confirmation: rotate-openai-key.ps1' {
        # Stand-ins for Az.KeyVault with versions and tags, and for OpenAI's administration.
        $setup = @'
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
        $shell = Invoke-Example $setup @'
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
        $shell.Output | Should -Contain 'second 0'
        $shell.Output | Should -Contain 'asked Post /proj_1/service_accounts, Delete /proj_1/service_accounts/svc-old'
        $shell.Output | Should -Contain 'tags svc-new1 false'
        "$($shell.Output)$($shell.Error)$(Get-Content "$folder/*.done" -Raw)" | Should -Not -Match 'sk-(good|revoked|admin)'
    }
}
