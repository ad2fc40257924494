BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    # The mask in the answer to a create shows the last four characters: they tell which key arrived.
    function Get-CreatedMask($ApiKey) {
        (New-Connection -OpenAI -Name (New-Guid) -Model gpt-4o -ApiKey $ApiKey -ErrorAction Stop).Fields['API_KEY']
    }
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe 'A key' {
    It 'is a SecureString, a PSCredential or text' {
        $secure = [Net.NetworkCredential]::new('', 'sk-made-up-secure-string-SECU').SecurePassword
        Get-CreatedMask $secure | Should -Be 'sk***************SECU'
        Get-CreatedMask ([pscredential]::new('any', $secure)) | Should -Be 'sk***************SECU'
        Get-CreatedMask 'sk-made-up-typed-text-TEXT' | Should -Be 'sk***************TEXT'
    }

    It 'comes from an environment variable' {
        $env:ACCEPTANCE_KEY = 'sk-made-up-environment-ENVI'
        Get-CreatedMask env:ACCEPTANCE_KEY | Should -Be 'sk***************ENVI'
        $env:ACCEPTANCE_KEY = $null
        { Get-CreatedMask env:ACCEPTANCE_KEY } | Should -Throw '*ACCEPTANCE_KEY*' -ErrorId 'KoreInvalidInput,*'
    }

    It 'comes from a file, by a path of any drive, without its line end' {
        Set-Content "$TestDrive/key.txt" 'sk-made-up-from-a-file-FILE'
        Get-CreatedMask "file:$TestDrive/key.txt" | Should -Be 'sk***************FILE'
        Get-CreatedMask 'file:TestDrive:/key.txt' | Should -Be 'sk***************FILE'
        { Get-CreatedMask "file:$TestDrive/none.txt" } | Should -Throw '*none.txt*' -ErrorId 'KoreInvalidInput,*'
    }

    It 'is no mask, nothing empty, nothing broken by pasting: <Bad>' -ForEach @(
        @{ Bad = 'sk-***************' }
        @{ Bad = '' }
        @{ Bad = "sk-made-up`nand broken" }
    ) {
        { Get-CreatedMask $Bad } | Should -Throw -ErrorId 'KoreInvalidInput,*'
    }

    It 'is not <Text>, which <Looks>' -ForEach @(
        foreach ($text in '<your-api-key>', '[REDACTED]', '<insert key>', 'xxxxxxxx', '...', 'your-api-key', 'sk-your-key-here', 'INSERT_TOKEN_HERE', 'my-openai-key') { @{ Text = $text; Looks = '*a placeholder*' } }
        foreach ($text in 'null', 'NONE', 'undefined', 'changeme') { @{ Text = $text; Looks = '*a word that*' } }
        foreach ($text in '#{KEY}#', '{{OPENAI_KEY}}', '__OpenAIKey__', '@@KEY@@') { @{ Text = $text; Looks = '*a token that*' } }
        foreach ($text in 'os.environ/OPENAI_API_KEY', '@Microsoft.KeyVault(SecretUri=x)', 'vault:kv/openai', 'process.env.KEY') { @{ Text = $text; Looks = "*another tool's reference*" } }
        foreach ($text in 'op://vault/openai/key', 'https://platform.openai.com/api-keys', 'awssm://openai') { @{ Text = $text; Looks = "*an address or another tool's*" } }
        foreach ($text in 'OPENAI_API_KEY=sk-made-up-0123456789', 'key=abcdefgh', 'Token=x.y.z') { @{ Text = $text; Looks = '*a line NAME=VALUE*' } }
        foreach ($text in '{"key":"sk-1"}', '["sk-made-up"]') { @{ Text = $text; Looks = '*is JSON*' } }
        foreach ($text in '-----BEGINPRIVATEKEY-----') { @{ Text = $text; Looks = '*certificate*' } }
        foreach ($text in './openai.key', '~/keys/openai', 'C:\keys\openai.txt', '/run/secrets/openai', '../key.txt', '\\server\share\key') { @{ Text = $text; Looks = '*is a path*' } }
    ) {
        $failure = { Get-CreatedMask $Text } | Should -Throw -ErrorId 'KoreInvalidInput,*' -PassThru
        $failure.Exception.Message | Should -BeLike $Looks
        "$failure $($failure.Exception)" | Should -Not -Match ([regex]::Escape($Text))
    }

    It 'may have the shape of any provider''s: <Key>' -ForEach @(
        @{ Key = 'sk-proj-4f1c7a90_e2b3-5d68MQAA' }
        @{ Key = 'sk-ant-api03-AAbb_cc-dd' }
        @{ Key = '0123456789abcdef0123456789abcdef' }
        @{ Key = 'AIzaSyA-made_up0123456789' }
        @{ Key = 'gsk_made0up1123' }
        @{ Key = 'AbCd/eF+gh1jKLmn0pqRsTuVwXyZ0123456789==' }
        @{ Key = '/Ab+Cd/eFGh1jKLmn0pqRsTuVwXyZ012345678/9=' }
        @{ Key = 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl' }
        @{ Key = 'kg-1b2c3d4e-1111.2222' }
    ) {
        Get-CreatedMask $Key | Should -Match '\*{3}'
    }

    It 'is warned of once where it was typed in plain text, and only there' {
        # Not by Invoke-Shell: a PowerShell that is not interactive keeps no history.
        $script = "Import-Module '$(Get-ModuleManifest)'; Connect-KorePlatform -Sandbox; `$variable = [string]::Concat('sk-', 'made-up-in-a-variable')
            `$null = New-Connection -OpenAI -Name A -Model m -ApiKey `$variable
            `$null = New-Connection -OpenAI -Name B -Model m -ApiKey sk-made-up-and-typed
            `$null = New-Connection -OpenAI -Name C -Model m -ApiKey sk-made-up-and-typed"
        $lines = Invoke-PowerShell -Command $script
        $lines | Should -HaveCount 1
        $lines | Should -Match 'typed in plain text.*env:NAME'
    }

    It 'is nowhere in the connection that comes back' {
        $env:ACCEPTANCE_KEY = 'sk-made-up-environment-ENVI'
        $created = New-Connection -OpenAI -Name Kept -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY
        [Management.Automation.PSSerializer]::Serialize($created, 6) | Should -Not -Match 'made-up-environment'
    }
}

Describe 'A key in a vault' {
    BeforeAll {
        # Stands in for the real module, which needs a vault to be set up.
        $folder = "$TestDrive/modules/Microsoft.PowerShell.SecretManagement"
        $null = New-Item -ItemType Directory $folder
        Set-Content "$folder/Microsoft.PowerShell.SecretManagement.psm1" @'
function Get-Secret {
    [CmdletBinding()] param([string] $Name, [string] $Vault)
    switch ("$Vault/$Name") {
        '/openai' { [Net.NetworkCredential]::new('', 'sk-made-up-default-vault-DEFA').SecurePassword }
        'team/openai' { 'sk-made-up-from-team-vault-TEAM' }
        'team/table' { @{ key = 'sk-made-up' } }
        default { Write-Error "The secret $Name was not found." }
    }
}
'@
        $script:shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$TestDrive/modules" {
            param($Manifest, $Modules)
            $env:PSModulePath = $Modules + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            foreach ($reference in 'secret:openai', 'secret:team/openai', 'secret:team/none', 'secret:team/table', 'secret:') {
                try {
                    (New-Connection -OpenAI -Name $reference -Model gpt-4o -ApiKey $reference -ErrorAction Stop).Fields['API_KEY']
                } catch {
                    "$($_.FullyQualifiedErrorId) $($_.Exception.Message)"
                }
            }
        }
    }

    It 'is found in the default vault and in a named one' {
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output[0, 1] | Should -Be 'sk***************DEFA', 'sk***************TEAM'
    }

    It 'is an error of its own where it is not found, or no text' {
        $shell.Output[2] | Should -BeLike 'KoreInvalidInput,*secret:team/none*not found*'
        $shell.Output[3] | Should -BeLike 'KoreInvalidInput,*secret:team/table*Hashtable*'
        $shell.Output[4] | Should -BeLike 'KoreInvalidInput,*secret:NAME*'
    }

    It 'needs the module, and says so' {
        $without = Invoke-Shell {
            param($Manifest)
            $env:PSModulePath = Join-Path $PSHOME Modules
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            try {
                New-Connection -OpenAI -Name One -Model gpt-4o -ApiKey secret:openai -ErrorAction Stop
            } catch {
                "$($_.FullyQualifiedErrorId) $($_.Exception.Message)"
            }
        }
        $without.Output | Should -BeLike 'KoreInvalidInput,*Microsoft.PowerShell.SecretManagement*'
    }
}
