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
