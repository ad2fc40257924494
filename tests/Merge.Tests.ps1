# Export-Connection -Merge: what differs is changed, and the rest of a file stays as it is.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $env:ACCEPTANCE_STAGE = 'v1'
    $script:file = "$TestDrive/merged.yaml"

    function Initialize-Platform {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -OpenAI -Name Desk -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
        $null = New-Connection -AzureOpenAI -Name 'Finance: EU' -Model GPT-5.4 -ApiKey env:ACCEPTANCE_KEY -ResourceName contoso -DeploymentId eu -ApiVersion 2024-08-01-preview
        $null = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com/v1 -Header @{ 'x-api-key' = 'env:ACCEPTANCE_KEY'; Accept = 'application/json' } -Payload @{ model = 'in-house-9b'; p = '{{prompt}}'; n = @{ a = 2; stop = @('x', 'w') } } -OutputPath content[0].text -InputTokensPath usage.in
        $null = New-Connection -CustomApi -Name Mapped -EndpointUrl https://llm.example.com/m -MapProvider anthropicModel -Feature streaming, toolcalling
    }

    function Write-Text($Text) { [IO.File]::WriteAllText($file, ($Text -replace '\r')) }

    function Merge-File { Export-Connection $file -Merge @args -WarningVariable script:warnings -WarningAction SilentlyContinue -ErrorVariable script:failures -ErrorAction SilentlyContinue }

    function Assert-Merged {
        $failures | Should -BeNullOrEmpty
        (Compare-Connection $file -IgnoreKeys).Action | Sort-Object -Unique | Should -Be InSync
        Get-Content $file -Raw | Should -Not -Match 'made-up|\*\*\*'
        $before = [IO.File]::ReadAllBytes($file)
        Export-Connection $file -Merge -Verbose 4>&1 | Where-Object { "$_" -like 'The file was not changed*' } | Should -HaveCount 1
        [IO.File]::ReadAllBytes($file) | Should -Be $before
    }
}

Describe 'Export-Connection -Merge' {
    BeforeAll {
        Initialize-Platform
    }

    It 'keeps comments, references, anchors, order and spelling, and says what it changes' {
        $text = @'
# Ours.
version: 1 # the first
x-team: &team { model: gpt-5.4 }

connections:
  # The desk.
  - name: Desk   # by name
    provider: openai
    model: gpt-5.4 # old
    apiKey: secret:team/desk # of the team

  - PROVIDER: API
    "name": 'Own'
    endpointUrl: https://llm.example.com/${env:ACCEPTANCE_STAGE}
    header:
      x-api-key: Bearer env:OTHER # the gateway's
      accept: text/plain # shown as a mask
    payload:
      # a model
      model: in-house-7b # small
      p: "{{prompt}}"
      n: { a: 1, stop: [x, z] }
    outputPath: content[0].text
  # - name: not now
'@
        Write-Text $text
        $said = Export-Connection $file Desk, Own, 'Finance: EU' -Merge -Verbose 4>&1 | ForEach-Object { "$_" } | Where-Object { $_ -notmatch '^(GET|POST) ' }
        Get-Content $file | Should -Be (($text -replace '\r' -replace 'gpt-5.4 # old', 'gpt-5.5 # old' -replace '7b # small', '9b # small' -replace 'a: 1, stop: \[x, z\]', 'a: 2, stop: [x, w]' -replace '(outputPath: .*)', @'
$1
    inputTokensPath: usage.in

  - provider: Azure Open AI
    name: "Finance: EU"
    model: GPT-5.4
    apiKey: env:KORE_KEY_FINANCE_EU
    resourceName: contoso
    deploymentId: eu
    apiVersion: "2024-08-01-preview"
'@ -replace '\r') -split '\n')
        foreach ($change in "'Desk': model changed.", "'Own': payload.model changed.", "'Own': payload.n.stop*1* changed.", "'Own': inputTokensPath added.", "Added 'Finance: EU'.") {
            $said | Where-Object { $_ -like $change } | Should -HaveCount 1 -Because $change
        }
    }

    It 'brings a file in any form to what the platform has: <Form>' -ForEach @(
        @{ Form = 'no file'; Text = $null }
        @{ Form = 'an empty list'; Text = "# c1`nversion: 1`nconnections: [] # c2`n# c3`n" }
        @{ Form = 'no list yet'; Text = "connections: # c1`nversion: 1`n" }
        @{ Form = 'no list yet, at the end'; Text = 'connections:' }
        @{ Form = 'a list without indentation'; Text = "connections:`n- name: Desk # c1`n  provider: OpenAI`n  model: x # c2`n  apiKey: env:MINE`nversion: 1 # c3`n" }
        @{ Form = 'four spaces'; Text = "connections:`n    -   name: Desk`n        provider: OpenAI`n        model: x`n        apiKey: env:MINE # c1`n# c2" }
        @{ Form = 'no list but a null'; Text = "connections: ~ # c1`nversion: 1`n" }
        @{ Form = 'a text that keeps its lines'; Text = "connections:`n  - name: Desk`n    provider: OpenAI`n    apiKey: env:MINE`n    model: |+`n      x`n`n`n# c1`n" }
        @{ Form = 'one line'; Text = "connections: [{ provider: OpenAI, name: Desk, model: x, apiKey: env:MINE }] # c1`n" }
        @{ Form = 'braces over lines'; Text = "{`n  connections: [`n    { provider: OpenAI, name: Desk, model: x, apiKey: env:MINE }, # c1`n  ] # c2`n}`n" }
        @{ Form = 'no end of line'; Text = "connections:`n  - provider: OpenAI`n    name: Desk`n    apiKey: env:MINE`n    model: x" }
        @{ Form = 'line ends of Windows'; Text = "connections:`r`n  - provider: OpenAI # c1`r`n    name: Desk`r`n    apiKey: env:MINE`r`n    model: x`r`n" }
        @{ Form = 'a byte order mark'; Text = "`u{FEFF}connections:`n  - provider: OpenAI`n    name: Desk # c1`n    model: x`n    apiKey: env:MINE`n" }
        @{ Form = 'characters beyond'; Text = "# `u{1F600} `u{00e9} c1`nconnections:`n  - provider: OpenAI`n    name: Desk # `u{1F600}`n    model: 'x `u{1F600}' # c2`n    apiKey: env:MINE`n" }
        @{ Form = 'texts over lines'; Text = "connections:`n  - provider: API`n    name: Own`n    endpointUrl: >-`n      https://llm.example.com/v2`n    payload: { p: '{{prompt}}' }`n    outputPath: |-`n      other`n`n    # c1`n" }
        @{ Form = 'headers as a list'; Text = "connections:`n  - provider: API`n    name: Own`n    endpointUrl: https://llm.example.com/v1`n    header:`n      - key: Accept # c1`n        value: text/plain # c2`n    payload: { p: '{{prompt}}' }`n    outputPath: content[0].text`n" }
        @{ Form = 'a payload that has more'; Text = "connections:`n  - provider: API`n    name: Own`n    endpointUrl: https://llm.example.com/v1`n    payload:`n      old: 1`n      p: '{{prompt}}'`n    outputPath: content[0].text # c1`n" }
        @{ Form = 'a payload as text'; Text = "connections:`n  - provider: API`n    name: Own`n    endpointUrl: https://llm.example.com/v1`n    payload: '{ ""p"": ""{{prompt}}"" }' # c1`n    outputPath: content[0].text # c2`n" }
        @{ Form = 'an empty value'; Text = "connections:`n  - provider: API`n    name: Own`n    inputTokensPath: ~ # c1`n    endpointUrl: https://llm.example.com/v1`n    payload: { p: '{{prompt}}' }`n    outputPath: content[0].text`n" }
        @{ Form = 'nothing where a value belongs'; Text = "connections:`n  - provider: API`n    name: Own`n    inputTokensPath: # c1`n    endpointUrl: https://llm.example.com/v1`n    payload: { p: '{{prompt}}' }`n    outputPath: content[0].text`n" }
        @{ Form = 'a draft'; Text = "connections:`n  - { provider: API, name: Own, endpointUrl: 'https://llm.example.com/v1', payload: { p: '{{prompt}}' }, outputPath: 'content[0].text', draft: true } # c1`n" }
        @{ Form = 'other features'; Text = "connections:`n  - provider: API`n    name: Mapped`n    endpointUrl: https://llm.example.com/m`n    mapProvider: anthropicModel`n    feature:`n      - streaming`n    # c1`n" }
        @{ Form = 'a merge that is overruled'; Text = "x-d: &d { provider: OpenAI, model: x }`nconnections:`n  - <<: *d # c1`n    name: Desk`n    apiKey: env:MINE`n" }
        @{ Form = 'a merge in one line'; Text = "x-d: &d { provider: OpenAI, model: x }`nconnections: [{ <<: *d, name: Desk, apiKey: env:MINE }]`n" }
        @{ Form = 'an alias of its own'; Text = "x-m: &m x`nconnections:`n  - provider: OpenAI`n    name: Desk`n    model: *m # c1`n    apiKey: env:MINE`n" }
    ) {
        Remove-Item $file -ErrorAction Ignore
        if ($Text) { [IO.File]::WriteAllText($file, $Text) }
        Merge-File
        Assert-Merged
        $after = [IO.File]::ReadAllText($file)
        $bytes = [IO.File]::ReadAllBytes($file)
        foreach ($comment in [regex]::Matches("$Text", '# ?c\d').Value) { $after | Should -Match "$comment\b" }
        if ("$Text" -match 'MINE') { $after | Should -Match 'env:MINE' }
        if ($Form -eq 'a byte order mark') { $bytes[0..2] | Should -Be 0xEF, 0xBB, 0xBF }
        if ("$Text" -match '\r') { $after | Should -Not -Match '[^\r]\n' } else { $after | Should -Not -Match '\r' }
        $after | Should -Not -Match '[ \t]\r?\n'
        $warnings | Should -BeNullOrEmpty
    }

    It 'adds below the comments of the last connection, and keeps those of the list below' {
        Write-Text "connections:`n  - { provider: OpenAI, name: Desk, model: gpt-5.5, apiKey: env:MINE }`n    # of Desk`n`n    # this too`n  # of the list`n"
        Merge-File Desk, Mapped
        (Get-Content $file)[2..6] | Should -Be '    # of Desk', '', '    # this too', '', '  - provider: API'
        (Get-Content $file)[-1] | Should -Be '  # of the list'
    }

    It 'keeps a comment in the line of an empty list, and names what a payload loses' {
        Write-Text "connections: [] # ours`n"
        Merge-File Desk
        (Get-Content $file)[0] | Should -Be 'connections: # ours'
        Write-Text "connections:`n  - { provider: API, name: Own, endpointUrl: 'https://llm.example.com/v1', payload: { p: '{{prompt}}', model: in-house-9b, n: { a: 2, stop: [x, w], mine: 1 } }, outputPath: 'content[0].text' }`n"
        Merge-File Own -Verbose 4>&1 | ForEach-Object { "$_" } | Should -Contain "'Own': payload.n.mine removed."
    }

    It 'changes JSON in its order' {
        $json = "$TestDrive/merged.json"
        Set-Content $json '{ "$schema": "x.json", "x-note": [1.50, null], "connections": [ { "name": "Desk", "model": "old", "provider": "OpenAI", "apiKey": "secret:team/desk" } ], "version": 1 }'
        Export-Connection $json -Merge
        (Compare-Connection $json -IgnoreKeys).Action | Sort-Object -Unique | Should -Be InSync
        $read = Get-Content $json -Raw | ConvertFrom-Json
        $read.PSObject.Properties.Name | Should -Be '$schema', 'x-note', 'connections', 'version'
        $read.connections[0].PSObject.Properties.Name | Should -Be 'name', 'model', 'provider', 'apiKey'
        $read.connections[0].apiKey, $read.connections[0].model | Should -Be 'secret:team/desk', 'gpt-5.5'
        $read.connections.name | Should -Be 'Desk', 'Finance: EU', 'Mapped', 'Own'
        Get-Content $json -Raw | Should -Match '1\.50'
    }

    It 'keeps what the platform does not have, and references that lead elsewhere, and warns: <Kept>' -ForEach @(
        @{ Kept = 'outputTokensPath'; Line = 'outputTokensPath: usage.out'; Said = "'Own': outputTokensPath is not on the platform*" }
        @{ Kept = 'header.x-old'; Line = 'header: { x-old: a }'; Said = "'Own': header.x-old is not on the platform*" }
        @{ Kept = 'endpointUrl'; Line = 'endpointUrl: https://${env:ACCEPTANCE_STAGE}.example.com'; Said = "'Own': endpointUrl is a reference*" }
        @{ Kept = 'payload'; Line = 'payload: { old: "${env:ACCEPTANCE_STAGE}", p: "{{prompt}}" }'; Said = "'Own': payload is a reference*" }
        @{ Kept = 'payload.model'; Line = 'payload: { model: "${env:ACCEPTANCE_STAGE}", p: "{{prompt}}" }'; Said = "'Own': payload.model is a reference*" }
    ) {
        $lines = [ordered]@{ endpointUrl = 'https://llm.example.com/v1'; payload = '{ p: "{{prompt}}" }'; outputPath = 'content[0].text' }
        $lines.Remove(($Line -split ':')[0])
        Write-Text ("connections:`n  - provider: API`n    name: Own`n    $Line`n" + (($lines.Keys | ForEach-Object { "    ${_}: $($lines[$_])`n" }) -join ''))
        Merge-File Own
        $failures | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "$Said*It was not changed."
        Get-Content $file -Raw | Should -Match ([regex]::Escape(($Line -split '[{}]')[0].Trim()))
    }

    It 'keeps what was not exported' {
        Write-Text "connections:`n  # c1`n  - { provider: OpenAI, name: Elsewhere, model: m, apiKey: env:MINE }`n  - { provider: Anthropic, name: Desk, model: m, apiKey: env:MINE }`n"
        Merge-File Desk
        "$warnings" | Should -BeLike "'Desk': provider is Open AI on the platform*It was not changed."
        Merge-File 'Finance: EU'
        (Get-Content $file)[0..3] | Should -Be 'connections:', '  # c1', '  - { provider: OpenAI, name: Elsewhere, model: m, apiKey: env:MINE }', '  - { provider: Anthropic, name: Desk, model: m, apiKey: env:MINE }'
        (Get-Content $file)[5] | Should -Be '  - provider: Azure Open AI'
    }

    It 'gives a new connection no variable that another has' {
        Write-Text "connections:`n  - { provider: OpenAI, name: Elsewhere, model: m, apiKey: env:KORE_KEY_DESK }`n"
        Merge-File Desk
        Get-Content $file -Raw | Should -Match 'apiKey: env:KORE_KEY_DESK_[0-9A-F]{8}\n'
    }

    It 'changes a value whose kind alone differs, in <_>' -ForEach 'yaml', 'json' {
        $env:ACCEPTANCE_NUMBER = '3'
        $path = "$TestDrive/kinds.$_"
        $null = (New-Connection -CustomApi -Name Kinds -EndpointUrl https://llm.example.com/k -Payload ([ordered]@{ p = '{{prompt}}'; n = 1024; f = $true; z = $null; e = ''; t = '1'; same = 1.0; v = 3; w = '3' }) -OutputPath a).ConnectionId
        $json = '{ "connections": [{ "provider": "API", "name": "Kinds", "endpointUrl": "https://llm.example.com/k", "outputPath": "a", "payload": { "p": "{{prompt}}", "n": "1024", "f": "true", "z": "", "e": null, "t": 1, "same": 1, "v": "${env:ACCEPTANCE_NUMBER}", "w": "${env:ACCEPTANCE_NUMBER}" } }] }'
        [IO.File]::WriteAllText($path, $json)
        (Compare-Connection $path -Name Kinds).Difference.Property | Should -Be 'payload.n', 'payload.f', 'payload.z', 'payload.e', 'payload.t', 'payload.v'
        Export-Connection $path Kinds -Merge -WarningVariable kept -WarningAction SilentlyContinue -ErrorAction Stop
        $kept | Should -HaveCount 1
        "$kept" | Should -BeLike "*payload.v is a reference, and its value differs*"
        (Compare-Connection $path -Name Kinds).Difference.Property | Should -Be payload.v
        Get-Content $path -Raw | Should -Match '"?n"?: 1024,\s+"?f"?: true,\s+"?z"?: null,\s+"?e"?: "",\s+"?t"?: "1",\s+"?same"?: 1,'
        $env:ACCEPTANCE_NUMBER = $null
    }

    # Silence would let the next sync put the old text over the platform's, its key included.
    It 'says where a text with a masked key differs beside the key: <Has>' -ForEach @(
        @{ Has = 'Server=db'; Kept = $true }
        @{ Has = 'Server=db; Password=x'; Kept = $true }
        @{ Has = 'Server=db;Password=${env:ACCEPTANCE_KEY}'; Kept = $true }
        @{ Has = 'Server=db2;Password=${env:ACCEPTANCE_KEY}'; Kept = $false }
    ) {
        $path = "$TestDrive/beside.yaml"
        $null = New-Connection -CustomApi -Name Beside -EndpointUrl https://llm.example.com/k -Payload @{ p = '{{prompt}}'; conn = 'Server=db2;Password=tulip-harbor-1199' } -OutputPath a -IfNotExists
        [IO.File]::WriteAllText($path, "connections: [{ provider: API, name: Beside, endpointUrl: 'https://llm.example.com/k', outputPath: a, payload: { p: '{{prompt}}', conn: '$Has' } }]`n")
        $before = Get-Content $path -Raw
        Export-Connection $path Beside -Merge -WarningVariable kept -WarningAction SilentlyContinue -ErrorAction Stop
        Get-Content $path -Raw | Should -Be $before
        "$kept" | Should -BeLike ($Kept ? "*'Beside': payload.conn *It was not changed.*" : '')
    }

    It 'writes nothing where that is not safe: <What>' -ForEach @(
        @{ What = 'a shared anchor'; Text = "connections:`n  - provider: OpenAI`n    name: Desk`n    model: &m x`n    apiKey: env:MINE`n  - provider: OpenAI`n    name: Other`n    model: *m`n    apiKey: env:MINE`n" }
        @{ What = 'a payload of an anchor'; Text = "x-p: &p { p: '{{prompt}}', model: old, n: { a: 1, stop: [x, y] } }`nconnections:`n  - { provider: API, name: Own, endpointUrl: 'https://llm.example.com/v1', payload: *p , outputPath: 'content[0].text' }`n" }
        @{ What = 'a payload that merges'; Text = "x-p: &p { a: 1 }`nconnections:`n  - { provider: API, name: Own, endpointUrl: 'https://llm.example.com/v1', payload: { p: '{{prompt}}', model: x, n: { <<: *p, stop: [x, y] } }, outputPath: 'content[0].text' }`n" }
        @{ What = 'comments in a list'; Text = "connections:`n  - provider: API`n    name: Mapped`n    endpointUrl: https://llm.example.com/m`n    mapProvider: anthropicModel`n    feature:`n      - streaming # c1`n      # c2`n      - dataGeneration`n"; Said = "*contains comments, such as 'c1'*" }
        @{ What = 'a comment behind a payload'; Text = "connections:`n  - provider: API`n    name: Own`n    endpointUrl: https://llm.example.com/v1`n    outputPath: content[0].text`n    payload:`n      p: '{{prompt}}'`n      mine: 1 # c1`n"; Said = "*contains comments, such as 'c1'*" }
        @{ What = 'line ends of old computers'; Text = "connections:`r  - provider: OpenAI`r    name: Desk`r    model: x`r    apiKey: env:MINE`r"; Said = '*its lines end with a carriage return alone*' }
        @{ What = 'a list behind an alias'; Text = "x-c: &c []`nconnections: *c`n" }
        @{ What = 'no list'; Text = "version: 1`n"; Said = '*Test-ConnectionManifest*no list named connections*' }
        @{ What = 'nothing'; Text = "# c`n"; Said = '*Test-ConnectionManifest*is empty*' }
        @{ What = 'a key'; Text = "connections: [{ provider: OpenAI, name: Desk, model: x, apiKey: sk-made-up-0123456789MQAA }]`n"; Said = '*Test-ConnectionManifest*must be a reference, not the key itself*' }
        @{ What = 'a variable that is not set'; Text = "connections: [{ provider: OpenAI, name: Desk, model: '`${env:ACCEPTANCE_UNSET}', apiKey: env:MINE }]`n"; Said = '*ACCEPTANCE_UNSET*' }
        @{ What = 'no YAML'; Text = "connections: [`n"; Said = '*not valid YAML*' }
    ) {
        [IO.File]::WriteAllText($file, $Text)
        Merge-File
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -Be 'KoreInvalidInput,KoreConnections.Commands.ExportConnectionCommand'
        "$failures" | Should -BeLike ($Said ?? '*cannot be merged safely: *anchor*Nothing was written*')
        "$failures" | Should -Not -Match 'made-up'
        Get-Content $file -Raw | Should -Be $Text
        (Get-ChildItem $TestDrive -Filter *.tmp).Count | Should -Be 0
    }

    It 'changes nothing with -WhatIf, and is not for -Force' {
        Write-Text "connections: [{ provider: OpenAI, name: Desk, model: x, apiKey: env:MINE }]`n"
        Merge-File -WhatIf
        Get-Content $file -Raw | Should -Match 'model: x'
        Merge-File -Force
        "$failures" | Should -BeLike '*-Merge keeps the content of a file, and -Force replaces it*'
        { Export-Connection $file -ErrorAction Stop } | Should -Throw '*-Force*-Merge*'
    }
}

Describe 'A text of several lines' {
    BeforeAll { Connect-KorePlatform -Sandbox }

    It 'is merged line by line, with line ends of <Form>' -ForEach @{ Form = 'Unix'; End = "`n" }, @{ Form = 'Windows'; End = "`r`n" } {
        $name = "Lines $Form"
        $prompt = 'Be kind. # no comment', '', '- {{prompt}}', '  - {more}: "all"', '' -join "`n"
        $null = New-Connection -CustomApi -Name $name -EndpointUrl https://llm.example.com/v1 -Payload @{ p = $prompt; n = @{ stop = @('x', "a`nb"); flow = "c`nd" } } -OutputPath x -WarningAction Ignore
        $before = "connections:`n  - provider: API`n    name: $name # c1`n    endpointUrl: https://llm.example.com/v1`n    payload:`n"
        $after = "    outputPath: x`n"
        [IO.File]::WriteAllText($file, "$before      p: |`n        Be kind.`n        Really.`n`n      # c2`n      n:`n        stop:`n        -   x`n        -   >-`n            a`n        flow: old`n$after".Replace("`n", $End))
        Merge-File $name
        $failures | Should -BeNullOrEmpty
        [IO.File]::ReadAllText($file) | Should -BeExactly "$before      p: |`n        Be kind. # no comment`n`n        - {{prompt}}`n          - {more}: ""all""`n`n      # c2`n      n:`n        stop:`n        -   x`n        -   |-`n          a`n          b`n        flow: |-`n          c`n          d`n$after".Replace("`n", $End)
        (Compare-Connection $file -Name $name).Action | Should -Be InSync

        [IO.File]::WriteAllText($file, "connections: [{ provider: API, name: $name, endpointUrl: 'https://llm.example.com/v1', payload: { p: x }, outputPath: 'x' }]`n")
        Merge-File $name
        Get-Content $file -Raw | Should -Match ([regex]::Escape('p: "Be kind. # no comment\n\n- {{prompt}}'))
        (Compare-Connection $file -Name $name).Action | Should -Be InSync
    }

    It 'is added to a list that is empty, at the end of a file: <_>' -ForEach 'connections: []', 'connections:', "version: 1`nconnections: ~" {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com/v1 -Payload @{ p = '{{prompt}} {{tone}}' } -OutputPath x -CustomVariable @{ name = 'tone'; defaultValue = "a`nb`n" }
        [IO.File]::WriteAllText($file, $_)
        Merge-File
        $failures | Should -BeNullOrEmpty
        (Compare-Connection $file).Action | Should -Be InSync
    }

    It 'leaves comments and ends of files as they are: <Form>' -ForEach @(
        @{ Form = 'a comment behind the value'; Text = "      t: old # c1`n      p: '{{prompt}}'`n    outputPath: x`n"; Shown = '      t: "a\nb\n" # c1' }
        @{ Form = 'a value below its name'; Text = "      t: # c1`n        old # c2`n      p: '{{prompt}}'`n    outputPath: x`n"; Shown = '        "a\nb\n" # c2' }
        @{ Form = 'no end of line'; First = "    outputPath: x`n"; Text = "      p: '{{prompt}}'`n      t: old"; Shown = '      t: |' }
        @{ Form = 'an addition without an end of line'; First = "    outputPath: x`n"; Text = "      p: '{{prompt}}'"; Shown = '      t: |' }
        @{ Form = 'spaces behind the value'; Text = "      t: old  `n      p: '{{prompt}}'`n    outputPath: x`n"; Shown = '      t: |' }
        @{ Form = 'spaces behind the value, with line ends of Windows'; Text = "      t: old`t`r`n      p: '{{prompt}}'`r`n    outputPath: x`r`n"; Shown = '      t: |' }
        @{ Form = 'a connection without an end of line'; Other = $true; Text = "      p: '{{prompt}}'`n    outputPath: x"; Shown = '      t: |' }
    ) {
        Connect-KorePlatform -Sandbox
        $null = New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com/v1 -Payload @{ p = '{{prompt}}'; t = "a`nb`n" } -OutputPath x
        $name = if ($Other) { 'Other' } else { 'Own' }
        [IO.File]::WriteAllText($file, "connections:`n  - provider: API`n    name: $name`n    endpointUrl: https://llm.example.com/v1`n$First    payload:`n$Text")
        Merge-File
        $failures | Should -BeNullOrEmpty
        Get-Content $file | Should -Contain $Shown
        (Compare-Connection $file -Name Own).Action | Should -Be InSync
        $before = [IO.File]::ReadAllText($file)
        Merge-File
        [IO.File]::ReadAllText($file) | Should -BeExactly $before
    }
}

Describe 'Merges of a file at the same time' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        1..20 | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI'; Name = "M $_"; Model = 'gpt-5.5'; ApiKey = 'env:ACCEPTANCE_KEY' } } | New-Connection | Out-Null
        $script:folder = (New-Item "$TestDrive/same" -ItemType Directory).FullName
        $script:manifest = Get-ModuleManifest
    }

    AfterEach {
        Remove-Item "$folder/*" -Force
    }

    It 'lose nothing: <Name>, <Begin>' -ForEach @(
        foreach ($name in 'all.yaml', 'all.json') { 'there', 'new' | ForEach-Object { @{ Name = $name; Begin = $_ } } }
    ) {
        foreach ($round in 1..2) {
            $path = "$folder/$round-$Name"
            if ($Begin -eq 'there') { Export-Connection $path -Name 'M 1' }
            $added = 1..20 | ForEach-Object -ThrottleLimit 10 -Parallel {
                Import-Module $using:manifest
                Export-Connection $using:path -Merge -Name "M $_" -ErrorAction Stop
                $_
            }
            $added | Should -HaveCount 20
            (Compare-Connection $path -IgnoreKeys).Action | Should -Be (@('InSync') * 20)
            Get-ChildItem $folder -Force | Where-Object Name -NotLike "*-$Name" | Should -BeNullOrEmpty
        }
    }

    It 'wait for one another, and a lock that was left is in nobody''s way' {
        $path = "$folder/waits.yaml"
        Export-Connection $path -Name 'M 1'
        Set-Content "$path.kore-lock" $null
        Export-Connection $path -Merge -Name 'M 2' -ErrorAction Stop
        "$path.kore-lock" | Should -Not -Exist
        $held = [IO.File]::Open("$path.kore-lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $merge = Start-ThreadJob {
                Import-Module $using:manifest
                Export-Connection $using:path -Merge -Name 'M 3' -ErrorAction Stop
            }
            $null = Wait-Job $merge -Timeout 2
            $merge.State | Should -Be Running
            Get-Content $path -Raw | Should -Not -BeLike '*M 3*'
        } finally {
            $held.Dispose()
        }
        $merge | Receive-Job -Wait -AutoRemoveJob
        (Compare-Connection $path -IgnoreKeys -WarningAction Ignore | Where-Object Action -EQ InSync).Name | Should -Be 'M 1', 'M 2', 'M 3'
    }

    It 'do not undo what an editor saved between reading and writing' {
        $path = "$folder/edited.yaml"
        # So many that reading them takes a while.
        Set-Content $path (@('connections:') + (1..3000 | ForEach-Object { "  - { name: N $_, provider: OpenAI, model: gpt-5.5, apiKey: env:ACCEPTANCE_KEY }" }))
        $editor = Start-ThreadJob {
            while (-not [IO.File]::Exists("$using:path.kore-lock")) { [Threading.Thread]::Sleep(1) }
            [Threading.Thread]::Sleep(100)
            Add-Content $using:path '# mine'
        }
        Export-Connection $path -Merge -Name 'M 1' -ErrorVariable failed -ErrorAction SilentlyContinue
        $editor | Receive-Job -Wait -AutoRemoveJob
        Get-Content $path | Should -Contain '# mine'
        if ($failed) { "$failed" | Should -BeLike "*edited.yaml' could not be written: The file was changed in the meantime. Run the command again." }
        Export-Connection $path -Merge -Name 'M 1' -ErrorAction Stop
        Get-Content $path -Raw | Should -BeLike '*M 1*'
        Get-Content $path | Should -Contain '# mine'
    }

    It 'leave a file of somebody else as it is' {
        $path = "$folder/others.yaml"
        Export-Connection $path -Name 'M 1'
        Set-Content "$path.kore-lock" mine
        # What changes nothing needs no lock.
        Export-Connection $path -Merge -Name 'M 1' -ErrorAction Stop
        { Export-Connection $path -Merge -Name 'M 2' -ErrorAction Stop } | Should -Throw '*others.yaml.kore-lock'' is another file. Specify another path.' -ErrorId 'KoreInvalidInput,*'
        Get-Content "$path.kore-lock" | Should -Be mine
        Get-Content $path -Raw | Should -Not -BeLike '*M 2*'
    }
}
