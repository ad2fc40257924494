BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:folder = Join-Path $TestDrive connections
    $null = New-Item $folder -ItemType Directory
    $script:file = Join-Path $folder all.yaml

    function Initialize-Platform {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
        $null = New-Connection -CustomApi -Name 'Own model' -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' } -Payload @{ model = 'in-house-7b'; p = '{{prompt}}' } -OutputPath text
    }

    function Write-Manifest($Text) {
        Set-Content $file $Text
    }
}

Describe 'Export, compare and sync' {
    BeforeEach {
        Initialize-Platform
        Remove-Item $file -ErrorAction Ignore
        $env:KORE_KEY_SUPPORT_DESK = $env:KORE_KEY_OWN_MODEL_X_API_KEY = $env:ACCEPTANCE_KEY
    }

    It 'has texts for what a plan and its failure are in a file' {
        Write-Manifest "connections:`n- { provider: OpenAI, name: Support desk, model: gpt-5.4-mini, apiKey: env:ACCEPTANCE_KEY }`n- { provider: OpenAI, name: New, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }`n"
        $null = Invoke-Sandbox faults -Method Post -Body @{ method = 'POST'; status = 400 }
        $plan = Sync-Connection $file -ErrorAction SilentlyContinue -WarningAction Ignore -InformationAction Ignore
        $row = $plan | ConvertTo-Csv | ConvertFrom-Csv | Where-Object Name -EQ 'New'
        $row.ErrorId, $row.Difference, $row.SentAgain | Should -Be 'KoreInvalidRequest', '', ''
        $row.Error | Should -BeLike '*HTTP 400*'
        $row.Error | Should -Not -Match ' at KoreConnections'
        ($plan | ConvertTo-Json | ConvertFrom-Json | Where-Object Name -EQ 'New').Error.Message | Should -Be $row.Error
        ($plan | ConvertTo-Csv | ConvertFrom-Csv).Difference | Should -Contain 'model: gpt-5.5 -> gpt-5.4-mini'
        $plan | Export-Clixml "$TestDrive/plan.xml"
        Get-Shown (Import-Clixml "$TestDrive/plan.xml") | Should -Be (Get-Shown $plan)
    }

    It 'finds a -Name without the white space around it: <_>' -ForEach ' Support desk ', 'Support desk ', "`tSupport desk", ' support DESK', "`u{a0}Support desk" {
        Write-Manifest "connections:`n- { provider: OpenAI, name: Support desk, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }`n- { provider: OpenAI, name: Other, model: gpt-5.5, apiKey: env:NOT_SET_HERE }`n"
        foreach ($command in { Compare-Connection $file -Name $_ -RequireKey }, { Sync-Connection $file -Name $_ -WhatIf }, { Export-Connection "$TestDrive/named.yaml" -Name $_ -Force -PassThru }, { Get-Connection $_ }) {
            @(& $command -ErrorAction Stop 6>$null).Count | Should -Be 1 -Because "$command"
        }

        { Compare-Connection $file -Name ' Nobody ' -ErrorAction Stop } | Should -Throw "*Neither the manifest nor the platform has a connection named 'Nobody'."
        { Get-Connection ' Nobody ' -ErrorAction Stop } | Should -Throw "*There is no connection named 'Nobody'.*"
    }

    It 'finds a connection of which the name has white space around it, and no other' {
        Add-ForeignConnection ' Support desk '
        (Get-Connection ' Support desk ').ConnectionName | Should -BeExactly ' Support desk '
        (Get-Connection 'Support desk').ConnectionName | Should -BeExactly 'Support desk'
        # A pattern may be about just that.
        (Get-Connection '* ').ConnectionName | Should -BeExactly ' Support desk '
        Get-Connection 'O* ' | Should -BeNullOrEmpty
    }

    It 'takes rules and schemes with white space around them: <_>' -ForEach @(
        { Find-ConnectionIssue -Rule ' NotUsable* ' }, { Find-ConnectionIssue -Rule ' NotUsableInAgenticApps' -ExcludeRule ' KeyOld ' }
        { Get-KeySource ' env ' }, { Get-KeySource ' EN* ' }, { Get-Connection -Provider ' Open AI ' }, { Export-Connection "$TestDrive/provider.yaml" -Provider ' openai ' -Force -PassThru }
    ) {
        @(& $_ -ErrorAction Stop).Count | Should -Be 1
    }

    It 'finds no drift in a custom API whose maker listed only the variables that are on: <_>' -ForEach '[{ "name": "prompt", "displayName": "Prompt", "status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": true }]', '[]' {
        $body = '{ "provider": "API", "connectionName": "Foreign", "endpointUrl": "https://llm.example.com", "headers": [], "payload": { "p": "{{prompt}}" }, "outputPath": "a", "status": "FINALIZED", "isEnable": true, "customVars": [], "promptVars": ' + $_ + ' }'
        $headers = @{ 'x-api-key' = (Invoke-Sandbox keys -Method Post).key }
        $null = Invoke-RestMethod "$((Get-KoreSession).BaseUri)/connections" -Method Post -Headers $headers -ContentType application/json -Body $body
        Export-Connection $file -WarningAction Ignore
        (Compare-Connection $file -Name Foreign).Action | Should -Be InSync
        # One that is on and not there is a difference all the same.
        Write-Manifest "connections:`n- provider: API`n  name: Foreign`n  endpointUrl: https://llm.example.com`n  payload: { p: '{{prompt}}' }`n  outputPath: a`n  promptVariable: [system_prompt]`n"
        (Compare-Connection $file -Name Foreign).Difference.Property | Should -Contain 'promptVariable.system_prompt'
    }

    It 'leaves out of an export what a manifest would refuse, and says why' {
        foreach ($name in ' Padded', 'SUPPORT desk', 'sk-made-up-0123456789abcdef') { Add-ForeignConnection $name }
        Export-Connection $file -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*'Padded' was not exported because its name begins or ends with white space*"
        "$warnings" | Should -BeLike "*'Support desk' was not exported because its name differs from 'SUPPORT desk' only in case*"
        "$warnings" | Should -BeLike '*was not exported because a manifest cannot contain it: name looks like a key*'
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
        # A file keeps the name that it has.
        Write-Manifest "connections:`n- { name: Support desk, provider: OpenAI, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }`n"
        Export-Connection $file -Merge -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*'SUPPORT desk' was not exported because its name differs from 'Support desk'*"
        Test-ConnectionManifest $file -IgnoreKeys | Should -BeNullOrEmpty
    }

    It 'shows what is unclear by the platform''s name too' {
        Write-Manifest "connections:`n- { name: SUPPORT desk, provider: OpenAI, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }`n"
        (Compare-Connection $file -Name 'Support desk').Action | Should -Be Ambiguous
    }

    It 'names the variable that is not set where a value cannot be read without it: <Property>' -ForEach @(
        @{ Property = 'endpointUrl'; Lines = "endpointUrl: `${env:NOT_SET_ANYWHERE}/v1`n  payload: { p: '{{prompt}}' }" }
        @{ Property = 'endpointUrl'; Lines = "endpointUrl: https://llm.example.com:`${env:NOT_SET_ANYWHERE}/v1`n  payload: { p: '{{prompt}}' }" }
        @{ Property = 'payload'; Lines = "endpointUrl: https://llm.example.com`n  payload: `${env:NOT_SET_ANYWHERE}" }
    ) {
        Write-Manifest "connections:`n- provider: API`n  name: A`n  $Lines`n  outputPath: a`n"
        foreach ($run in { Compare-Connection $file -ErrorAction Stop }, { Compare-Connection $file -IgnoreKeys -ErrorAction Stop }) {
            $run | Should -Throw "*$Property refers to the environment variable 'NOT_SET_ANYWHERE', which is not set*"
        }
    }

    It 'says where a list or table of YAML is not closed' {
        Write-Manifest "connections:`n- provider: API`n  name: A`n  endpointUrl: https://h/x`n  feature: [toolCalling, streaming`n  mapProvider: anthropicModel`n"
        $problem = Test-ConnectionManifest $file
        $problem.Line | Should -BeIn 5, 6
        $problem.Message | Should -Match 'Close each \[ and \{'
        $problem.Message | Should -Not -Match 'Exception'
    }

    It 'shows a plan like a diff, with its summary above' {
        Export-Connection $file
        Write-Manifest ((Get-Content $file -Raw).Replace('in-house-7b', 'in-house-9b').Replace('Support desk', 'Support'))
        Get-Shown (Compare-Connection $file) | Should -Be @(
            '   Plan: 1 to create, 1 to update, 1 unmanaged.'
            '+ Create       Support (Open AI, gpt-5.5)'
            '~ Update       Own model (API)'
            '      payload.model: in-house-7b -> in-house-9b'
            '? Unmanaged    Support desk (Open AI, gpt-5.5)'
        )
    }

    It 'colours a plan where the shell shows colours' {
        Write-Manifest 'connections: [{ provider: OpenAI, name: New, model: m, apiKey: env:ACCEPTANCE_KEY }]'
        (Get-Shown (Compare-Connection $file) -Rendering Ansi) -join "`n" | Should -Match "$([char]27)\[32m\+ Create"
    }

    It 'sends nothing when anything in the file is wrong, and tells all of it' {
        Write-Manifest "connections:`n- provider: OpenAI`n  name: New`n  modle: m`n  apiKey: sk-made-up-literal-0000000001`n"
        Get-SentRequest -Of { Sync-Connection $file -ErrorAction SilentlyContinue -ErrorVariable script:problems } | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -Be (@('KoreInvalidInput,KoreConnections.Commands.SyncConnectionCommand') * 2)
        $problems[0].Exception.Message | Should -BeLike "*all.yaml:4:3: *Did you mean model?*"
        "$problems" | Should -Not -Match 'literal'
    }

    It 'takes a relative key file from its own folder only: <Reference>' -ForEach @(
        @{ Reference = 'file:../outside.key' }
        @{ Reference = 'file:keys/../../outside.key' }
        @{ Reference = 'file:./../outside.key' }
        @{ Reference = 'file:keys/inside.key'; IsInside = $true }
    ) {
        $null = New-Item -ItemType Directory "$folder/keys" -Force
        'outside.key', "$(Split-Path $folder -Leaf)/keys/inside.key" | ForEach-Object { Set-Content "$(Split-Path $folder)/$_" 'sk-made-up-in-a-file-0001' }
        Write-Manifest "connections:`n- provider: OpenAI`n  name: New`n  model: m`n  apiKey: $Reference`n"
        $problems = Test-ConnectionManifest $file -WarningAction Ignore
        if ($IsInside) { $problems | Should -BeNullOrEmpty } else { "$problems" | Should -BeLike "*outside the manifest's folder*" }
        Remove-Item "$folder/keys" -Recurse
    }

    It 'follows links of key files within its folder only: <Reference>' -Skip:$IsWindows -ForEach @(
        @{ Reference = 'file:out.key' }
        @{ Reference = 'file:away/outside.key' }
        @{ Reference = 'file:twice.key' }
        # As Kubernetes mounts secrets.
        @{ Reference = 'file:mounted.key'; IsInside = $true }
        @{ Reference = 'file:..data/mounted.key'; IsInside = $true }
    ) {
        $base = New-Item -ItemType Directory "$TestDrive/$(New-Guid)"
        $null = New-Item -ItemType Directory "$base/elsewhere", "$base/all/..2026_11_29"
        'elsewhere/outside.key', 'all/..2026_11_29/mounted.key' | ForEach-Object { Set-Content "$base/$_" 'sk-made-up-in-a-file-0001' }
        $links = [ordered]@{ 'out.key' = '../elsewhere/outside.key'; 'away' = '../elsewhere'; 'twice.key' = 'out.key'; '..data' = '..2026_11_29'; 'mounted.key' = '..data/mounted.key' }
        $links.Keys | ForEach-Object { $null = [IO.File]::CreateSymbolicLink("$base/all/$_", $links[$_]) }
        # The folder itself may be behind a link.
        $null = [IO.File]::CreateSymbolicLink("$base/link", 'all')
        foreach ($folder in 'all', 'link') {
            Set-Content "$base/$folder/all.yaml" "connections:`n- provider: OpenAI`n  name: New`n  model: m`n  apiKey: $Reference`n"
            $problems = Test-ConnectionManifest "$base/$folder/all.yaml" -WarningAction Ignore
            if ($IsInside) { $problems | Should -BeNullOrEmpty } else { "$problems" | Should -BeLike "*outside the manifest's folder*" }
        }
    }

    It 'writes a text of several lines in lines, unless a review could not show it: <Text>' -ForEach @(
        @{ Text = "You are kind.`n`nAnswer: {{prompt}}"; Written = 'p: |-', '  You are kind.', '', '  Answer: {{prompt}}' }
        @{ Text = "# Role`n  - {no: env}`n"; Written = 'p: |', '  # Role', '    - {no: env}' }
        @{ Text = "a`nb`n`n"; Written = 'p: "a\nb\n\n"' }
        @{ Text = " a`nb"; Written = 'p: " a\nb"' }
        @{ Text = "`na`nb"; Written = 'p: "\na\nb"' }
        @{ Text = "a `nb"; Written = 'p: "a \nb"' }
        @{ Text = "a`nb "; Written = 'p: "a\nb "' }
        @{ Text = "a`n`tb"; Written = 'p: "a\n\u0009b"' }
        @{ Text = "a`r`nb"; Written = 'p: "a\u000D\nb"' }
        @{ Text = "a`n`u{202E}b"; Written = 'p: "a\n\u202Eb"' }
        @{ Text = "a`n"; Written = 'p: "a\n"' }
    ) {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com/v1 -Payload @{ p = $Text } -OutputPath x -WarningAction Ignore
        Export-Connection $file -Force
        $lines = Get-Content $file
        $at = [array]::IndexOf($lines, '    payload:')
        $lines[($at + 1)..($lines.Count - 2)] | Should -Be $Written.ForEach{ if ($_) { "      $_" } else { '' } }
        (Compare-Connection $file).Action | Should -Be InSync
        (Get-Connection Own -Detailed).Payload['p'] | Should -BeExactly $Text
    }

    It 'has a list of problems that reads like a compiler''s' {
        Write-Manifest "connections:`n- provider: Gogle`n"
        Get-Shown (Test-ConnectionManifest $folder) -Width 100 | Should -Be @(
            "   File: $file"
            '2:3 connections[0].name'
            '      name is missing. Specify a value.'
            '2:13 connections[0].provider'
            '      provider ''Gogle'' is not valid. Accepted values: Open AI, Azure Open AI,'
            '      Anthropic, API.'
        )
        Get-ChildItem $folder | Test-ConnectionManifest -Quiet | Should -BeFalse
    }

    It 'tests a manifest without its keys: <ApiKey>' -ForEach @(
        @{ ApiKey = 'env:NOT_SET_ANYWHERE' }
        @{ ApiKey = 'file:none/such.key' }
        @{ ApiKey = 'secret:vault/none' }
        @{ ApiKey = 'env:'; Problem = '*apiKey*' }
        @{ ApiKey = 'sk-made-up-literal-0000000001'; Problem = '*apiKey must be a reference*' }
    ) {
        Write-Manifest "connections:`n- provider: OpenAI`n  name: New`n  model: m`n  apiKey: '$ApiKey'`n"
        $problems = Test-ConnectionManifest $file -IgnoreKeys -WarningAction Ignore -InformationVariable said
        if ($Problem) { "$problems" | Should -BeLike $Problem } else { $problems | Should -BeNullOrEmpty; "$said" | Should -Be '1 connection.' }
        $quiet = Test-ConnectionManifest $file -IgnoreKeys -Quiet
        $quiet | Should -BeOfType bool
        $quiet | Should -Be (-not $Problem)
    }

    It 'counts every connection, right or wrong' {
        Write-Manifest "connections:`n- { provider: OpenAI, name: A, model: m, apiKey: 'env:NOT_SET_ANYWHERE' }`n- { provider: Gogle, name: B }`n"
        $null = Test-ConnectionManifest $file -WarningAction Ignore -InformationVariable said
        "$said" | Should -Be '2 connections.'
    }

    It 'is true in a script for each action: <_>' -ForEach 'Create', 'InSync' {
        Export-Connection $file
        if ($_ -eq 'Create') { Connect-KorePlatform -Sandbox }
        $plan = @(Compare-Connection $file -Name 'Support desk')
        # A list of one enumeration value that is 0 would be false.
        [bool]($plan.Action -eq $_) | Should -BeTrue
    }
}

Describe 'check-drift.ps1' {
    BeforeAll {
        Initialize-Platform
        $env:KORE_KEY_SUPPORT_DESK = $env:KORE_KEY_OWN_MODEL_X_API_KEY = $env:ACCEPTANCE_KEY
        Export-Connection $file -Force
        $env:KORE_HOST = (Get-KoreSession).BaseUri
        $env:KORE_API_KEY = (Invoke-Sandbox keys -Method Post).key

        Set-Content "$TestDrive/other.yaml" ((Get-Content $file -Raw).Replace('in-house-7b', 'in-house-9b'))
        Set-Content "$TestDrive/bad.yaml" 'connections: text'
        $empty = foreach ($text in 'connections: []', '{ "connections": [] }', "# none yet`nconnections: [ ]") {
            $name = "$TestDrive/$(New-Guid).yaml"
            Set-Content $name $text
            $name
        }

        # In one shell, which is as new for each run as the script can see.
        $paths = @($file, "$TestDrive/other.yaml") + $empty + "$TestDrive/bad.yaml", "$TestDrive/none.yaml"
        $shell = Invoke-Shell -ArgumentList (@(Get-ModuleManifest) + "$PSScriptRoot/../docs/examples/check-drift.ps1" + $paths) {
            param($Manifest, $Script)
            Import-Module $Manifest
            foreach ($path in $args + $args[0]) {
                Get-KoreSession -All | Disconnect-KorePlatform
                # What ran before is not this script's result.
                $global:LASTEXITCODE = 9
                & $Script -Path $path 2>&1
                "exit $LASTEXITCODE"
                if ($path -eq $args[-1]) { $env:KORE_API_KEY = 'kg-not-a-key' }
            }
        }
        $script:runs = "$($shell.Output)" -split '(?<=exit \d+) ?'
    }

    It 'says whether there is drift, and exits so: run <Run>, <Case>' -ForEach @(
        @{ Run = 0; Case = 'the platform is in sync'; Said = '^In sync\. exit 0$' }
        @{ Run = 1; Case = 'it is not'; Said = 'in-house-9b.*exit 2$' }
        2..4 | ForEach-Object { @{ Run = $_; Case = 'there is nothing to compare'; Said = '^Nothing was compared: the manifest has no connections\. Check -Path\. exit 2$' } }
        5..7 | ForEach-Object { @{ Run = $_; Case = 'that cannot be found out'; Said = 'exit 1$' } }
    ) {
        $runs[$Run] | Should -Match $Said
    }
}

Describe 'The one-liners of docs/connections-as-code.md' {
    BeforeAll {
        Initialize-Platform
        $env:KORE_KEY_SUPPORT_DESK = $env:KORE_KEY_OWN_MODEL_X_API_KEY = $env:ACCEPTANCE_KEY
        $env:KORE_HOST = (Get-KoreSession).BaseUri
        $env:KORE_API_KEY = (Invoke-Sandbox keys -Method Post).key
        Use-ModuleFolder "$TestDrive/modules"
        Export-Connection $file -Force
        $script:inStep = Get-Content $file -Raw
        $document = Get-Content "$PSScriptRoot/../docs/connections-as-code.md" -Raw
        $script:compare, $script:sync = [regex]::Matches($document, '(?m)^pwsh -NoProfile .*$').Value
        Push-Location $TestDrive
    }

    AfterAll { Pop-Location }

    It 'exits with <Code> of <Line> when <When>' -ForEach @(
        @{ Line = 'compare'; When = 'all is in step'; Code = 0; From = 'x'; To = 'x' }
        @{ Line = 'compare'; When = 'something differs'; Code = 2; From = 'in-house-7b'; To = 'in-house-9b' }
        @{ Line = 'compare'; When = 'the file is wrong'; Code = 1; From = 'model: gpt-5.5'; To = 'modle: gpt-5.5' }
        @{ Line = 'compare'; When = 'the key is wrong'; Code = 1; From = 'x'; To = 'x'; Key = 'kg-wrong-0123456789' }
        @{ Line = 'compare'; When = 'there is no key'; Code = 1; From = 'x'; To = 'x'; Key = '' }
        # A check that checks nothing is not green.
        @{ Line = 'compare'; When = 'there is nothing to compare'; Code = 2; Text = 'connections: []' }
        @{ Line = 'sync'; When = 'all is in step'; Code = 0; From = 'x'; To = 'x' }
        @{ Line = 'sync'; When = 'the key is wrong'; Code = 1; From = 'x'; To = 'x'; Key = 'kg-wrong-0123456789' }
        @{ Line = 'sync'; When = 'a person has to act'; Code = 2; From = 'model: gpt-5.5'; To = 'model: gpt-5' }
        @{ Line = 'sync'; When = 'the file is wrong'; Code = 1; From = 'model: gpt-5.5'; To = 'modle: gpt-5.5' }
    ) {
        Set-Content $file ($Text ?? $inStep.Replace($From, $To))
        $right, $env:KORE_API_KEY = $env:KORE_API_KEY, ($Key ?? $env:KORE_API_KEY)
        $null = . ([scriptblock]::Create((Get-Variable $Line -ValueOnly))) 2>&1
        $env:KORE_API_KEY = $right
        $LASTEXITCODE | Should -Be $Code
    }
}

Describe 'The reader of YAML' {
    It 'is loaded with the first manifest, not before' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $null = Get-Connection
            [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'YamlDotNet' }).Count
            $file = New-TemporaryFile | Rename-Item -NewName { "$($_.BaseName).yaml" } -PassThru
            Set-Content $file 'connections: []'
            Test-ConnectionManifest $file -Quiet
            Remove-Item $file
            [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'YamlDotNet' }).Count
        }
        $shell.Output | Should -Be 0, True, 1
    }
}

Describe 'A folder of manifests' {
    BeforeEach {
        Connect-KorePlatform -Sandbox
        $script:root = New-Item "$TestDrive/of-manifests" -ItemType Directory
        foreach ($name in $Files) {
            $text = '{{ "connections": [{{ "provider": "OpenAI", "name": "{0}", "model": "gpt-4o", "apiKey": "env:ACCEPTANCE_KEY" }}] }}' -f $name
            $null = New-Item "$root/$name" -ItemType File -Force -Value $text
        }
    }

    AfterEach {
        Remove-Item $root -Recurse -Force
    }

    It 'is read with its folders, without what is hidden: <Files>' -ForEach @(
        @{ Files = @('a.yaml', 'azure/b.yml'); Read = 'a.yaml', 'azure/b.yml'; LeftOut = @() }
        @{ Files = @('x/y/z/deep.json'); Read = 'x/y/z/deep.json'; LeftOut = @() }
        @{ Files = @('a.yaml', '._a.yaml', 'x/._b.yaml'); Read = 'a.yaml'; LeftOut = '._a.yaml', 'x/._b.yaml' }
        @{ Files = @('x/a.yaml', '.git/config.yaml', '.github/workflows/ci.yml'); Read = 'x/a.yaml'; LeftOut = '.git', '.github' }
        @{ Files = @('x/a.yaml', 'x/notes.txt', 'x/c.schema.json', 'x/.DS_Store'); Read = 'x/a.yaml'; LeftOut = @() }
    ) {
        $verbose = Compare-Connection $root -Verbose -OutVariable plan 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_ -like '*is hidden*' }
        $plan.Where({ $_ -is [KoreConnections.ConnectionPlanItem] }).Name | Should -Be $Read
        @($verbose | ForEach-Object { "$_" }).Count | Should -Be $LeftOut.Count
        foreach ($path in $LeftOut) { "$verbose" | Should -BeLike "*$path' is hidden and was skipped*" }
        Test-ConnectionManifest $root | Should -BeNullOrEmpty
        (Compare-Connection "$root/*").Name | Should -Be $Read
    }

    It 'names a schema that it skips: <_>' -ForEach @(
        { Compare-Connection $root -Verbose 4>&1 }, { Compare-Connection "$root/*" -Verbose 4>&1 }, { Test-ConnectionManifest $root -Verbose 4>&1 }
    ) {
        $text = '{ "connections": [{ "provider": "OpenAI", "name": "a", "model": "gpt-4o", "apiKey": "env:ACCEPTANCE_KEY" }] }'
        'a.yaml', 'c.schema.json', 'd.SCHEMA.json' | ForEach-Object { $null = New-Item "$root/$_" -ItemType File -Force -Value $text }
        $skipped = & $_ | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_ -like '*was skipped*' } | ForEach-Object { "$_" }
        $skipped | Should -HaveCount 2
        $skipped[0] | Should -BeLike "*c.schema.json' ends with .schema.json and was skipped. To read it, specify its path."
        Remove-Item "$root/a.yaml"
        { Compare-Connection $root -ErrorAction Stop } | Should -Throw '*so are those that end with .schema.json.'
        (Compare-Connection "$root/c.schema.json").Name | Should -Be a
    }

    It 'gives what is hidden where it is asked for: <Path>' -ForEach @(
        @{ Files = @('.a.yaml', 'b.yaml'); Path = '.a.yaml'; Read = '.a.yaml' }
        @{ Files = @('.kore/a.yaml', 'b.yaml'); Path = '.kore'; Read = '.kore/a.yaml' }
    ) {
        (Compare-Connection "$root/$Path").Name | Should -Be $Read
    }

    It 'with nothing but hidden files is refused' -ForEach @{ Files = @('._a.yaml', '.git/a.yaml') } {
        { Compare-Connection $root -ErrorAction Stop } | Should -Throw '*does not match any manifest*Hidden files are skipped*'
    }

    It 'is not read through a link to a folder, which is said' -ForEach @{ Files = @('a.yaml', 'x/b.yaml') } {
        $null = New-Item "$root/x/loop" -ItemType SymbolicLink -Value $root
        (Compare-Connection $root -WarningVariable said -WarningAction SilentlyContinue).Name | Should -Be 'a.yaml', 'x/b.yaml'
        "$said" | Should -BeLike '*loop*is a link to a folder, which is not followed*'
    }
}

Describe 'A file that Export-Connection -Force replaces' -Skip:$IsWindows {
    BeforeEach {
        Initialize-Platform
        $script:place = New-Item "$TestDrive/replaced/real" -ItemType Directory -Force
        $script:target = "$place/t.yaml"
        Set-Content $target old
    }

    AfterEach {
        Remove-Item "$TestDrive/replaced" -Recurse -Force
    }

    It 'keeps the mode <_>' -ForEach '640', '600', '664', '444', '755' {
        chmod $_ $target
        Export-Connection $target -Force
        stat -c %a $target | Should -Be $_
        Get-Content $target -Raw | Should -Match 'Support desk'
    }

    It 'keeps its owner and group' -Skip:((id -u) -ne '0') {
        chown 1234:4321 $target
        chmod 640 $target
        Export-Connection $target -Force
        stat -c '%u:%g %a' $target | Should -Be '1234:4321 640'
    }

    It 'stays where links lead to: <Links>' -ForEach @(
        @{ Links = @('l.yaml') }
        @{ Links = @('a.yaml', 'b.yaml', 'c.yaml') }
    ) {
        chmod 640 $target
        $last = 'real/t.yaml'
        foreach ($link in $Links) {
            $null = New-Item "$TestDrive/replaced/$link" -ItemType SymbolicLink -Value $last
            $last = $link
        }

        Export-Connection "$TestDrive/replaced/$last" -Force
        (Get-Item "$TestDrive/replaced/$last").LinkType | Should -Be SymbolicLink
        Get-Content $target -Raw | Should -Match 'Support desk'
        stat -c %a $target | Should -Be 640
        (Get-ChildItem "$TestDrive/replaced" -Recurse -File -Force).Name | Sort-Object | Should -Be ($Links + 't.yaml' | Sort-Object)
    }

    It 'is made where a link leads to nothing yet' {
        $null = New-Item "$TestDrive/replaced/l.yaml" -ItemType SymbolicLink -Value real/new.yaml
        Export-Connection "$TestDrive/replaced/l.yaml" -Force
        Get-Content "$place/new.yaml" -Raw | Should -Match 'Support desk'
    }

    It 'is said to be lost only once it is replaced: <Reason>' -ForEach @(
        @{ Reason = 'had mistakes'; Text = 'connections: [{ provider: OpenAI, name: x, modell: m }]' }
        @{ Reason = 'could not be read'; Text = '{' }
    ) {
        Set-Content $target $Text
        Export-Connection $target -Force -WarningVariable warned 3>$null
        "$warned" | Should -BeLike "The file that was replaced $Reason, so its references to keys *"
        # No file can be made beside one whose name is as long as names may be, not by an administrator either.
        $long = "$place/$('x' * 240).yaml"
        Set-Content $long $Text
        Export-Connection $long -Force -WarningVariable warned -ErrorVariable failed -ErrorAction SilentlyContinue
        "$failed" | Should -BeLike '*could not be written*'
        $warned | Should -BeNullOrEmpty
        Get-Content $long | Should -Be $Text
    }

    It 'is refused where links lead in a circle' {
        $null = ln -s b.yaml "$TestDrive/replaced/a.yaml"
        $null = ln -s a.yaml "$TestDrive/replaced/b.yaml"
        { Export-Connection "$TestDrive/replaced/a.yaml" -Force -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput*'
    }
}
