BeforeDiscovery {
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $references = 'env:KORE_BINDING_KEY', 'file:key.txt' | ForEach-Object { ConvertTo-SecureString $_ -AsPlainText }
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $env:KORE_BINDING_KEY = "sk-matrix-0123456789abcdef`n"
    $env:KORE_TEST_BLANK = ' '
    $env:KORE_TEST_INDIRECT = 'env:KORE_BINDING_KEY'
    $null = New-Item "$TestDrive/folder" -ItemType Directory
    [IO.File]::WriteAllText("$TestDrive/key.txt", "sk-matrix-0123456789abcdef`r`n")
    [IO.File]::WriteAllText("$TestDrive/blank.txt", "`n")
    [IO.File]::WriteAllText("$TestDrive/mask.txt", 'sk-***')
    [IO.File]::WriteAllText("$TestDrive/lines.txt", "sk-made`nsk-made")
    [IO.File]::WriteAllText("$TestDrive/large.txt", 'k' * 70000)
    [IO.File]::WriteAllText("$TestDrive/with space.txt", 'sk-matrix-0123456789abcdef')
    Push-Location $TestDrive
    function Get-CreatedMask($ApiKey) {
        (New-Connection -OpenAI -Name (New-Guid) -Model gpt-5.5 -ApiKey $ApiKey -ErrorAction Stop).Fields['API_KEY']
    }

    # Only what PowerShell brings: a SecretManagement of this machine is none of the tests'.
    $env:PSModulePath = Join-Path $PSHOME Modules
}

AfterAll { Pop-Location }

Describe 'A key' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It 'is sent without what surrounds it, typed, from a property, in a row and in a change: <_>' -ForEach @(
        $key
        'sk-matrix-0123456789abcdef'
        ' sk-matrix-0123456789abcdef '
        "sk-matrix-0123456789abcdef`r`n"
        [pscredential]::new('user', $key)
        'env:KORE_BINDING_KEY'
        ' ENV: KORE_BINDING_KEY '
        'Env:/KORE_BINDING_KEY'
        'env:\KORE_BINDING_KEY'
        'file:key.txt'
        'file:./key.txt'
        'File:folder/../key.txt'
        'file:TestDrive:/key.txt'
        'file:with space.txt'
        $references[0]
        [pscredential]::new('user', $references[1])
    ) {
        $given = $_
        Assert-Creates {
            New-Connection -OpenAI -Name n0 -Model m -ApiKey $given
            [pscustomobject]@{ Name = 'n1'; Model = 'm'; ApiKey = $given } | New-Connection -OpenAI
            @{ Provider = 'OpenAI'; Name = 'n2'; Model = 'm'; ApiKey = $given } | New-Connection
        } @(0..2 | ForEach-Object { Get-SentBody OpenAI "{ ""connectionName"": ""n$_"" }" })
        $id = (Get-Connection n0).ConnectionId
        Assert-Changes { Set-Connection $id $given } $id '{ "fields": { "API_KEY": "sk-matrix-0123456789abcdef" } }'
    }

    It 'comes from a file by its whole path' {
        Assert-Creates { New-Connection -OpenAI -Name n -Model m -ApiKey "file:$TestDrive/key.txt" } (Get-SentBody OpenAI)
    }

    It 'is refused, typed, from a property, in a row and in a change: <Given>' -ForEach @(
        '', '  ', "`n", $null, [securestring]::new(), [pscredential]::new('user', [securestring]::new()) |
            ForEach-Object { @{ Given = $_; Saying = '-ApiKey is empty' } }
        'sk-***************', 'sk***************MQAA', '***', 'a*b*c*d' | ForEach-Object { @{ Given = $_; Saying = '-ApiKey is a mask' } }
        @{ Given = '$(OPENAI_KEY)'; Saying = '-ApiKey contains a variable that is not defined in Azure Pipelines' }
        '$env:OPENAI_KEY', '${env:OPENAI_KEY}', '%OPENAI_KEY%' | ForEach-Object { @{ Given = $_; Saying = '-ApiKey contains a variable that was not replaced' } }
        '"sk-quoted"', "'sk-quoted'" | ForEach-Object { @{ Given = $_; Saying = '-ApiKey is enclosed in quotation marks' } }
        'sk-two parts', "sk-two`nlines" | ForEach-Object { @{ Given = $_; Saying = 'at position 7 of 12' } }
        @{ Given = 'sk-ü'; Saying = 'at position 4 of 4' }
        @{ Given = 'env:KORE_TEST_MISSING'; Saying = "the environment variable 'KORE_TEST_MISSING', which is not set or empty" }
        'env:KORE_TEST_BLANK', 'env:' | ForEach-Object { @{ Given = $_; Saying = 'which is not set or empty' } }
        @{ Given = 'file:'; Saying = 'refers to a file without a path' }
        @{ Given = 'file:missing.txt'; Saying = "the file 'missing.txt', which cannot be read" }
        @{ Given = 'file:Env:/PATH'; Saying = 'which is not in the file system' }
        @{ Given = 'file:Variable:/HOME'; Saying = 'which is not in the file system' }
        @{ Given = 'file:Function:/prompt'; Saying = 'which is not in the file system' }
        @{ Given = 'file:folder'; Saying = "the file 'folder', which cannot be read" }
        @{ Given = 'file:'; Saying = 'which cannot be read' }
        @{ Given = 'file:blank.txt'; Saying = "the file 'blank.txt', which is empty" }
        @{ Given = 'file:large.txt'; Saying = 'which is larger than ' }
        @{ Given = 'file:mask.txt'; Saying = '-ApiKey is a mask' }
        @{ Given = 'file:lines.txt'; Saying = "at position 8 of 15. It comes from 'file:lines.txt', which must contain only the key." }
        @{ Given = 'secret:name'; Saying = "'secret:name' needs the module Microsoft.PowerShell.SecretManagement" }
        @{ Given = 'secret:vault/name'; Saying = 'needs the module Microsoft.PowerShell.SecretManagement' }
        'secret:', 'secret:/', 'secret:vault/' | ForEach-Object { @{ Given = $_; Saying = 'is not a valid reference' } }
    ) {
        Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey $Given } $Saying
        Assert-Refuses { [pscustomobject]@{ Name = 'n'; Model = 'm'; ApiKey = $Given } | New-Connection -Anthropic } $Saying
        Assert-Refuses { @{ Provider = 'Anthropic'; Name = 'n'; Model = 'm'; ApiKey = $Given } | New-Connection } $Saying
        Assert-Refuses { Set-Connection cn-1 $Given } $Saying
    }

    It 'that a reference does not find has an advice: <_>' -ForEach 'env:KORE_TEST_MISSING', 'file:missing.txt', 'file:blank.txt' {
        (Get-Outcome { New-Connection -OpenAI -Name n -Model m -ApiKey $_ }).Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'that was pasted in the place of a path is in no message: <_>' -ForEach @(
        'file:./sk-proj-9f1c7a90e2b35d68MQAA', 'file:keys//sk-proj-9f1c7a90e2b35d68MQAA', 'file:a/./../sk-ant-api03-9f1c7a90e2b35d68MQAA/b'
    ) {
        $outcome = Get-Outcome { New-Connection -OpenAI -Name n -Model m -ApiKey $_ }
        $outcome.ErrorIds | Should -Be 'KoreInvalidInput'
        "$($outcome.Errors[0]) $($outcome.Errors[0].Exception)" | Should -Not -Match '9f1c7a90e2b3'
    }

    It 'may look almost like a mask or a reference: <Given>' -ForEach @(
        'sk-a*b*c', '1b2c3d4e:with:colons', 'team:4f1c7a90e2b35d68MQAA', 'user:sk-made-up-0123', ':env', '"\/<>&' | ForEach-Object { @{ Given = $_; Sent = $_ } }
        @{ Given = 'env:KORE_TEST_INDIRECT'; Sent = 'env:KORE_BINDING_KEY' }
    ) {
        Assert-Creates { New-Connection -OpenAI -Name n -Model m -ApiKey $Given } (Get-SentBody OpenAI "{ ""fields"": { ""API_KEY"": $(ConvertTo-Json $Sent) } }")
    }

    It 'that looks like a reference is warned of once where a variable has it' {
        $outcome = Get-CleanOutcome { 1..3 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "N$_"; Model = 'm'; ApiKey = 'env:KORE_TEST_INDIRECT' } } | New-Connection }
        $outcome.Output | Should -HaveCount 3
        $outcome.Warnings.Where({ "$_" -like "'env:KORE_TEST_INDIRECT' contains text that looks like another reference. *" }) | Should -HaveCount 1
        "$($outcome.Warnings)" | Should -Not -Match 'KORE_BINDING_KEY'
    }

    It 'is not another reference in a file: <_>' -ForEach 'env:KORE_BINDING_KEY', ' File:key.txt ', 'azkv:team/openai' {
        [IO.File]::WriteAllText("$TestDrive/nested.txt", $_)
        $saying = "refers to 'file:nested.txt', which contains another reference, not a key."
        Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey file:nested.txt } $saying
        Assert-Refuses { Set-Connection cn-1 file:nested.txt } $saying
        Set-Content "$TestDrive/nested.yaml" 'connections: [{ provider: OpenAI, name: n, model: m, apiKey: "file:nested.txt" }]'
        Test-ConnectionManifest "$TestDrive/nested.yaml" | Should -BeLike "*apiKey $saying*"
    }

    It 'of another type is none: <_>' -ForEach @(
        { New-Connection -OpenAI -Name n -Model m -ApiKey 5 }
        { New-Connection -OpenAI -Name n -Model m -ApiKey @{ a = 1 } }
        { [pscustomobject]@{ Name = 'n'; Model = 'm'; ApiKey = 5 } | New-Connection -OpenAI }
    ) {
        Assert-Refuses $_ -ErrorId ParameterArgumentTransformationError
    }

    It 'of another type in a row is none' {
        Assert-Refuses { @{ Provider = 'OpenAI'; Name = 'n'; Model = 'm'; ApiKey = 5 } | New-Connection } '-ApiKey is not a key'
    }

    It 'in a file is warned of once where others can read it: <Mode>' -Skip:$IsWindows -ForEach @(
        @{ Mode = 'UserRead, UserWrite'; Warnings = 0 }
        @{ Mode = 'UserRead, UserWrite, GroupRead'; Warnings = 1 }
        @{ Mode = 'UserRead, OtherRead'; Warnings = 0 }
        @{ Mode = 'UserRead, UserWrite, OtherRead'; Warnings = 1 }
        @{ Mode = 'UserRead, UserWrite, GroupRead, GroupWrite'; Warnings = 1 }
        @{ Mode = 'UserRead, GroupRead, OtherRead'; Warnings = 0; As = 'a mount for reading' }
        @{ Mode = 'UserRead, GroupRead'; Warnings = 0 }
    ) {
        # A file of its own: one that was warned of is not warned of again.
        $file = "$TestDrive/$(New-Guid)"
        [IO.File]::WriteAllText($file, 'sk-lies-about-0123456789')
        [IO.File]::SetUnixFileMode($file, $Mode)
        $outcome = Get-CleanOutcome { 1..3 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "N$_"; Model = 'm'; ApiKey = "file:$file" } } | New-Connection }
        $outcome.Output | Should -HaveCount 3
        $outcome.Warnings.Where({ "$_" -like '*can read the key file*' }) | Should -HaveCount $Warnings
    }

    It 'is not <Text>, which <Looks>' -ForEach @(
        foreach ($text in '<your-api-key>', '[REDACTED]', '<insert key>', 'xxxxxxxx', '...', 'your-api-key', 'sk-your-key-here', 'INSERT_TOKEN_HERE', 'my-openai-key') { @{ Text = $text; Looks = '*a placeholder*' } }
        foreach ($text in 'null', 'NONE', 'undefined', 'changeme') { @{ Text = $text; Looks = '*a word that*' } }
        foreach ($text in '#{KEY}#', '{{OPENAI_KEY}}', '__OpenAIKey__', '@@KEY@@') { @{ Text = $text; Looks = '*a token that*' } }
        foreach ($text in 'os.environ/OPENAI_API_KEY', '@Microsoft.KeyVault(SecretUri=x)', 'vault:kv/openai', 'process.env.KEY') { @{ Text = $text; Looks = "*a reference to a secret of *" } }
        foreach ($text in 'op://vault/openai/key', 'arn:aws:secretsmanager:eu:1:secret:x', 'projects/1/secrets/x/versions/2', 'https://v.vault.azure.net/secrets/x') { @{ Text = $text; Looks = "*a reference to a secret of *" } }
        foreach ($text in 'https://platform.openai.com/api-keys', 'awssm://openai') { @{ Text = $text; Looks = "*an address or another tool's*" } }
        foreach ($text in 'OPENAI_API_KEY=sk-made-up-0123456789', 'key=abcdefgh', 'Token=x.y.z') { @{ Text = $text; Looks = '*a line NAME=VALUE*' } }
        foreach ($text in '{"key":"sk-1"}', '["sk-made-up"]') { @{ Text = $text; Looks = '*is JSON*' } }
        foreach ($text in '-----BEGINPRIVATEKEY-----') { @{ Text = $text; Looks = '*certificate*' } }
        foreach ($text in 'sk-xxxx', 'sk-<key>', 'sk-proj-YOUR-KEY-HERE', '(redacted)') { @{ Text = $text; Looks = '*a placeholder*' } }
        foreach ($text in 'sk-...MQAA', 'sk-proj-...MQAA', 'sk-####MQAA') { @{ Text = $text; Looks = '*a key as a console shortens it*' } }
        foreach ($text in '$[variables.K]', '$KEY_NAME', '%%KEY%%', '!KEY!') { @{ Text = $text; Looks = '*contains a variable that*' } }
        foreach ($text in '$apiKey', '$row.ApiKey', '$_.Key', '$script:key', '$keys[0]', '$secret.Value', '$null', '$true') { @{ Text = $text; Looks = '*contains a variable that was not replaced*' } }
        foreach ($text in '&lt;your-key&gt;', 'sk-&lt;key&gt;', 'paste-key-here', 'insert_key_here') { @{ Text = $text; Looks = '*a placeholder*' } }
        foreach ($text in 'sk-proj-', 'sk-ant-api03-') { @{ Text = $text; Looks = '*only the beginning of a key*' } }
        foreach ($text in '{0},', '{0};', '({0})', '{0}%0A', '{0}\n') { @{ Text = $text -f 'sk-proj-4f1c7a90e2b35d68MQAA'; Looks = '*begins or ends with characters that no key*' } }
        @{ Text = 'sk-proj-4f1c7a90e2b35d68MQAA' * 2; Looks = '*the same key twice*' }
        @{ Text = '(Get-Secret x)'; Looks = '*is a command*' }
        foreach ($text in 'OPENAI_API_KEY', 'API_KEY') { @{ Text = $text; Looks = '*the name of a variable*' } }
        foreach ($text in './openai.key', '~/keys/openai', 'C:\keys\openai.txt', '/run/secrets/openai', '../key.txt', '\\server\share\key') { @{ Text = $text; Looks = '*is a path*' } }
    ) {
        $failure = { Get-CreatedMask $Text } | Should -Throw -ErrorId 'KoreInvalidInput,*' -PassThru
        $failure.Exception.Message | Should -BeLike $Looks
        "$failure $($failure.Exception)".Replace('such as $env:NAME or $apiKey.', '') | Should -Not -Match ([regex]::Escape($Text))
    }

    It 'is not a reference without its colon, in each way: <Text>' -ForEach @(
        foreach ($text in 'env=KORE_TEST_KEY', 'env;KORE_TEST_KEY', 'env.K1', 'env/K1', 'env : K1', 'ENV=K1') { @{ Text = $text; Meant = $text -like '*KORE*' ? 'env:KORE_TEST_KEY' : 'env:NAME' } }
        @{ Text = 'file=./openai.key'; Meant = 'file:PATH' }
        @{ Text = 'azkv/team/openai'; Meant = 'azkv:VAULT/NAME' }
        @{ Text = 'secret=team/x'; Meant = 'secret:[VAULT/]NAME' }
        @{ Text = 'mine/team/x'; Meant = 'mine:NAME' }
    ) {
        Register-KeySource mine { 'sk-mine-0123456789' }
        try {
            $saying = "looks like a reference without its colon. Use $Meant"
            Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey $Text } "-ApiKey $saying"
            Assert-Refuses { [pscustomobject]@{ Name = 'n'; Model = 'm'; ApiKey = $Text } | New-Connection -Anthropic } "-ApiKey $saying"
            Assert-Refuses { Set-Connection cn-1 $Text } "-ApiKey $saying"
            foreach ($value in $Text, "Bearer $Text") {
                Assert-Refuses { Set-Connection cn-1 -Header @{ Authorization = $value } -Force } "'Authorization' $saying"
            }

            foreach ($entry in "{ provider: OpenAI, name: n, model: m, apiKey: '$Text' }", "{ provider: API, name: n, endpointUrl: 'https://a.example.com', mapProvider: openAIModel, feature: [streaming], header: { Authorization: '$Text' } }") {
                Set-Content "$TestDrive/mistyped.yaml" "connections: [$entry]"
                $problem = Test-ConnectionManifest "$TestDrive/mistyped.yaml"
                $problem | Should -HaveCount 1
                $problem.Message | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($saying))*"
            }

            # What is given as a secret is the key itself, and a cookie has names and values.
            { Get-CreatedMask (ConvertTo-SecureString env.K1 -AsPlainText) } | Should -Not -Throw
            (Get-CleanOutcome { New-Connection -CustomApi -Name "c$(New-Guid)" -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature streaming -Header @{ Cookie = 'env=K1' } }).Writes | Should -HaveCount 1
        } finally {
            Unregister-KeySource mine
        }
    }

    It 'behind a reference is not what stands in its place: <_>' -ForEach 'sk-...MQAA', 'REPLACE_ME', '$[variables.K]', '((vault/key))', 'openai.key' {
        $env:KORE_TEST_STAND_IN = $_
        { Get-CreatedMask env:KORE_TEST_STAND_IN } | Should -Throw -ErrorId 'KoreInvalidInput,*'
        { Set-Connection cn-1 env:KORE_TEST_STAND_IN -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
        { Connect-KorePlatform http://localhost:1 -ApiKey env:KORE_TEST_STAND_IN -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
        $env:KORE_TEST_STAND_IN = $null
    }

    It 'may have the shape of any provider''s: <Key>' -ForEach @(
        @{ Key = 'sk-proj-4f1c7a90_e2b3-5d68MQAA' }
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
}

Describe 'A key in a vault' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    AfterEach {
        Remove-Module Microsoft.PowerShell.SecretManagement
    }

    It 'is asked of its vault: <Reference>' -ForEach @(
        @{ Reference = 'secret:name'; Asked = 'name ()' }
        @{ Reference = 'secret:vault/name'; Asked = 'name (vault)' }
        @{ Reference = 'secret:vault/a/b'; Asked = 'a/b (vault)' }
        @{ Reference = 'secret:/name'; Asked = 'name ()' }
        @{ Reference = 'secret:/Group/Entry'; Asked = 'Group/Entry ()' }
        @{ Reference = 'SECRET: /Group/Sub group/Entry'; Asked = 'Group/Sub group/Entry ()' }
    ) {
        New-Module Microsoft.PowerShell.SecretManagement { function Get-Secret([string] $Name, [string] $Vault) { $global:asked = "$Name ($Vault)"; $global:vaultKey } } | Import-Module
        $global:vaultKey = $key
        Assert-Creates { New-Connection -OpenAI -Name n -Model m -ApiKey $Reference } (Get-SentBody OpenAI)
        $global:asked | Should -Be $Asked
        Remove-Variable asked, vaultKey -Scope Global
    }

    It 'is taken without the line break that a file ended with' {
        New-Module Microsoft.PowerShell.SecretManagement { function Get-Secret([string] $Name) { $global:vaultKey } } | Import-Module
        $global:vaultKey = ConvertTo-SecureString "$([Net.NetworkCredential]::new('', $key).Password)`r`n" -AsPlainText -Force
        Assert-Creates { New-Connection -OpenAI -Name n -Model m -ApiKey secret:name } (Get-SentBody OpenAI)
        Remove-Variable vaultKey -Scope Global
    }

    It 'that is none is refused: <Body>' -ForEach @(
        @{ Body = { "sk-one`nsk-two" }; Saying = 'emitted several lines' }
        @{ Body = { throw 'The vault is locked.' }; Saying = 'could not be read: The vault is locked.' }
        @{ Body = {}; Saying = 'was not found' }
        @{ Body = { 5 }; Saying = 'is a Int32, not a string' }
        @{ Body = { '' }; Saying = "'secret:name' is empty" }
        @{ Body = { 'sk-one'; 'sk-two' }; Saying = 'returned 2 values. Name one secret, and its vault' }
        @{ Body = { @{ key = 'sk-made-up' } }; Saying = 'is a Hashtable, not a string' }
    ) {
        New-Module Microsoft.PowerShell.SecretManagement ([scriptblock]::Create("function Get-Secret { [CmdletBinding()] param(`$Name, `$Vault) $Body }")) | Import-Module
        Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey secret:name } $Saying
    }

    It 'of a group is explained where its group was taken for a vault: <Body>' -ForEach @{ Body = { throw 'Vault Group does not exist in registry.' } }, @{ Body = {} } {
        New-Module Microsoft.PowerShell.SecretManagement ([scriptblock]::Create("function Get-Secret { [CmdletBinding()] param(`$Name, `$Vault) $Body }")) | Import-Module
        foreach ($place in 'Group/Entry', 'Group/Sub/Entry') {
            Assert-Refuses { New-Connection -OpenAI -Name n -Model m -ApiKey "secret:$place" } "The part before the first slash, 'Group', is the vault. For the name '$place' in the default vault, use secret:/$place."
        }
        foreach ($plain in 'secret:Entry', 'secret:/Group/Entry') {
            "$((Get-Outcome { New-Connection -OpenAI -Name n -Model m -ApiKey $plain }).Errors)" | Should -Not -Match 'default vault'
        }
    }
}

Describe 'A key in a vault of a module that is not loaded' {
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
        default { Write-Error "The secret $Name was not found." }
    }
}
'@
        $env:PSModulePath = "$TestDrive/modules" + [IO.Path]::PathSeparator + $env:PSModulePath
        $null = Connect-TestSandbox
    }

    AfterEach { Remove-Module Microsoft.PowerShell.SecretManagement }

    It 'is found there: <Reference>' -ForEach @{ Reference = 'secret:openai'; End = 'DEFA' }, @{ Reference = 'secret:team/openai'; End = 'TEAM' } {
        (New-Connection -OpenAI -Name $Reference -Model gpt-5.5 -ApiKey $Reference -ErrorAction Stop).Fields['API_KEY'] | Should -Be "sk***************$End"
    }

    It 'is an error of its own where it is not found' {
        { New-Connection -OpenAI -Name None -Model gpt-5.5 -ApiKey secret:team/none -ErrorAction Stop } | Should -Throw '*secret:team/none*not found*' -ErrorId 'KoreInvalidInput,*'
    }
}
