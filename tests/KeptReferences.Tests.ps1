# ${env:NAME} in a manifest: what an export with -Force keeps of it, and what -Merge changes beside it.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:file = "$TestDrive/kept.yaml"
    $script:known = @{ KEPT_KEY = 'gw-1234567890abcdefghij'; KEPT_STAGE = 'prod'; KEPT_NUMBER = '7'; KEPT_FLAG = 'true' }

    function Set-Variables { $known.GetEnumerator() | ForEach-Object { Set-Item "env:$($_.Key)" $_.Value } }

    # Creates what the lines say, each a property of a custom API that is complete without them, and changes it.
    function New-Kept($Lines, $Change) {
        Connect-KorePlatform -Sandbox
        Set-Variables
        $all = [ordered]@{ endpointUrl = 'https://x.example.com/v1'; payload = '{ a: "{{prompt}}" }'; outputPath = 'a' }
        foreach ($line in $Lines) { $key, $value = $line -split ': ', 2; $all[$key] = $value }
        $text = "connections:`n  - provider: API`n    name: Kept`n" + (($all.Keys | ForEach-Object { "    ${_}: $($all[$_])`n" }) -join '')
        [IO.File]::WriteAllText($file, $text)
        $made = Sync-Connection $file -WarningAction Ignore -ErrorAction Stop
        if ($Change) { Set-Connection $made.ConnectionId @Change -WarningAction Ignore -ErrorAction Stop }
    }
}

AfterAll { $known.Keys | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore } }

Describe 'Export-Connection -Force' {
    It 'keeps references where they may lead to what the platform has: <Lines>' -ForEach @(
        @{ Lines = 'endpointUrl: "https://x.example.com/v1?api-key=${env:KEPT_KEY}"'; Has = 'v1?api-key=${env:KEPT_KEY}"' }
        @{ Lines = 'endpointUrl: "https://${env:KEPT_STAGE}.example.com/v1?api-key=${env:KEPT_KEY}"'; Has = 'https://${env:KEPT_STAGE}.example.com/v1?api-key=${env:KEPT_KEY}"' }
        @{ Lines = 'endpointUrl: "https://${env:KEPT_STAGE}.example.com/v1"'; Has = 'https://${env:KEPT_STAGE}.example.com/v1"' }
        @{ Lines = 'payload: { a: "{{prompt}}", auth: { api_key: "${env:KEPT_KEY}" } }'; Has = 'api_key: "${env:KEPT_KEY}"' }
        @{ Lines = 'payload: { a: "{{prompt}}", m: "in ${env:KEPT_STAGE}, ${env:KEPT_NUMBER}" }'; Has = 'm: "in ${env:KEPT_STAGE}, ${env:KEPT_NUMBER}"' }
        @{ Lines = 'payload: { a: "{{prompt}}", m: "$${env:KEPT_STAGE} ${env:KEPT_STAGE}" }'; Has = 'm: "$${env:KEPT_STAGE} ${env:KEPT_STAGE}"' }
        @{ Lines = "payload: `n      a: '{{prompt}}'`n      k: `${env:KEPT_NUMBER}`n      s: '`${env:KEPT_NUMBER}'`n      f: `${env:KEPT_FLAG}"; Has = "k: `${env:KEPT_NUMBER}`n      s: ""`${env:KEPT_NUMBER}""`n      f: `${env:KEPT_FLAG}`n" }
        @{ Lines = 'payload: { a: "{{prompt}}", m: [{ api_key: "${env:KEPT_KEY}" }, { b: 1 }] }'; Has = 'api_key: "${env:KEPT_KEY}"' }
        @{ Lines = 'payload: { a: "{{prompt}}", token: "Bearer ${env:KEPT_KEY}" }'; Has = 'token: "Bearer ${env:KEPT_KEY}"' }
        @{ Lines = 'payload: ''{ "a": "{{prompt}}", "api_key": "${env:KEPT_KEY}" }'''; Has = 'api_key: "${env:KEPT_KEY}"' }
        @{ Lines = 'payload: { a: "{{prompt}}", stop: ["${env:KEPT_STAGE}", x] }'; Has = 'stop: ["${env:KEPT_STAGE}", x, z]'; Change = @{ Payload = '{"a":"{{prompt}}","stop":["prod","x","z"]}' }; OnlySet = $true }
        @{ Lines = 'payload: { a: "{{prompt}}", stop: x, m: "${env:KEPT_STAGE}" }'; Has = "stop: z`n      m: ""`${env:KEPT_STAGE}"""; Change = @{ Payload = '{"a":"{{prompt}}","stop":"z","m":"prod"}' } }
        @{ Lines = 'model: "m-${env:KEPT_STAGE}"'; Has = 'model: "m-${env:KEPT_STAGE}"'; OnlySet = $true }
        @{ Lines = 'outputPath: "a${env:KEPT_NUMBER}"'; Has = 'outputPath: "a${env:KEPT_NUMBER}"'; OnlySet = $true }
        @{ Lines = 'header: { x-api-key: env:KEPT_KEY, X-Team: "${env:KEPT_STAGE}" }'; Has = "x-api-key: env:KEPT_KEY`n      X-Team: ""`${env:KEPT_STAGE}""" }
        @{ Lines = 'header: [{ key: x-team, value: "${env:KEPT_STAGE}" }]'; Has = 'x-team: "${env:KEPT_STAGE}"' }
        @{ Lines = 'payload: { a: "{{prompt}} {{tone}}" }', 'customVariable: [{ name: tone, defaultValue: "${env:KEPT_STAGE}" }]'; Has = 'defaultValue: "${env:KEPT_STAGE}"' }
        @{ Lines = 'payload: { a: "{{prompt}} {{api_key}}" }', 'customVariable: [{ name: api_key, defaultValue: "${env:KEPT_KEY}" }]'; Has = 'defaultValue: "${env:KEPT_KEY}"' }
    ) {
        New-Kept $Lines $Change
        foreach ($isSet in @($true) + @($false) * !$OnlySet) {
            if (!$isSet) { $known.Keys | ForEach-Object { Remove-Item "env:$_" } }
            Export-Connection $file Kept -Force -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction Stop
            $warned | Should -BeNullOrEmpty
            $text = Get-Content $file -Raw
            $text | Should -BeLike "*$([WildcardPattern]::Escape($Has))*"
            $text | Should -Not -Match 'KORE_KEY_'
        }

        Set-Variables
        $plan = Compare-Connection $file -WarningAction Ignore
        "$($plan.Action)$($plan.Difference)" | Should -Be InSync
    }

    It 'warns of a reference that cannot be kept: <Lines>' -ForEach @(
        @{ Lines = 'endpointUrl: "https://${env:KEPT_STAGE}.example.com/v1"'; Change = @{ EndpointUrl = 'https://other.example.com/v1' }; Said = 'endpointUrl' }
        @{ Lines = 'endpointUrl: "https://x.example.com/v1?api-key=${env:KEPT_KEY}"'; Change = @{ EndpointUrl = 'https://x.example.com/v2' }; Said = 'endpointUrl' }
        # Nothing is on the platform that a reference could lead to.
        @{ Lines = 'payload: { a: "{{prompt}}", old: "${env:KEPT_STAGE}" }'; Change = @{ Payload = '{"a":"{{prompt}}"}' } }
        @{ Lines = 'payload: { a: "{{prompt}}", m: { k: "${env:KEPT_STAGE}" } }'; Change = @{ Payload = '{"a":"{{prompt}}","m":{"k":"test"}}' }; Said = 'payload.m.k' }
        @{ Lines = 'payload: { a: "{{prompt}}", m: [{ api_key: "${env:KEPT_KEY}" }] }'; Change = @{ Payload = '{"a":"{{prompt}}","m":[{"b":1},{"api_key":"gw-1234567890abcdefghij"}]}' }; Said = 'payload.m[[]0].api_key' }
        @{ Lines = 'payload: { a: "{{prompt}}", s: "Say it in ${env:KEPT_STAGE} words" }'; Change = @{ Payload = '{"a":"{{prompt}}","s":"token is ghp_16C7e42F292c6912E7710c838347Ae178B4a ok"}' }; Said = 'payload.s' }
        @{ Lines = "payload: `n      a: '{{prompt}}'`n      k: `${env:KEPT_NUMBER}"; Change = @{ Payload = '{"a":"{{prompt}}","k":8}' }; Said = 'payload.k' }
        @{ Lines = 'model: "m-${env:KEPT_STAGE}"'; Change = @{ Model = 'other' }; Said = 'model' }
    ) {
        New-Kept $Lines $Change
        Export-Connection $file Kept -Force -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction Stop
        "$warned" | Should -BeLike ($Said ? "'Kept': ${Said}: the reference in the file was not kept because*" : '')
        Get-Content $file -Raw | Should -Not -Match 'env:KEPT_'
        (Compare-Connection $file -WarningAction Ignore).Difference | Should -BeNullOrEmpty
    }

    It 'keeps them in JSON, where they are strings' {
        $json = "$TestDrive/kept.json"
        Connect-KorePlatform -Sandbox
        Set-Variables
        [IO.File]::WriteAllText($json, '{ "connections": [{ "provider": "API", "name": "Kept json", "endpointUrl": "https://x.example.com/v1?api-key=${env:KEPT_KEY}", "payload": { "a": "{{prompt}}", "s": "${env:KEPT_NUMBER}" }, "outputPath": "a" }] }')
        $made = Sync-Connection $json -WarningAction Ignore
        Set-Connection $made.ConnectionId -Payload '{"a":"{{prompt}}","s":"7","k":7}' -WarningAction Ignore
        Export-Connection $json 'Kept json' -Force -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
        $read = (Get-Content $json -Raw | ConvertFrom-Json).connections[0]
        $read.endpointUrl, $read.payload.s, $read.payload.k | Should -Be 'https://x.example.com/v1?api-key=${env:KEPT_KEY}', '${env:KEPT_NUMBER}', 7
    }
}

Describe 'Export-Connection -Merge' {
    It 'changes what differs beside a reference: <Payload>' -ForEach @(
        @{ Payload = '{ a: "{{prompt}}", api_key: "${env:KEPT_KEY}", stop: [x] }'; Now = '{"a":"{{prompt}}","api_key":"gw-1234567890abcdefghij","stop":["x","z"]}'; Has = 'stop: [x, z]' }
        @{ Payload = '{ a: "{{prompt}}", m: "${env:KEPT_STAGE}", gone: 1 }'; Now = '{"a":"{{prompt}}","m":"prod"}'; Has = 'payload: { a: "{{prompt}}", m: "${env:KEPT_STAGE}" }' }
        @{ Payload = '{ a: "{{prompt}}", m: "${env:KEPT_STAGE}", b: { gone: 1, c: 2 } }'; Now = '{"a":"{{prompt}}","m":"prod","b":{"c":2}}'; Has = 'b: { c: 2 }' }
        @{ Payload = '{ a: "{{prompt}}", m: "${env:KEPT_STAGE}", b: [1, 2] }'; Now = '{"a":"{{prompt}}","m":"prod","b":"text"}'; Has = 'b: text' }
        @{ Payload = '{ a: "{{prompt}}", stop: ["${env:KEPT_STAGE}"] }'; Now = '{"a":"{{prompt}}","stop":["prod","z"]}'; Has = 'stop: ["${env:KEPT_STAGE}", z]' }
        @{ Payload = "`n      # c1`n      a: '{{prompt}}'`n      m: `${env:KEPT_STAGE} # c2`n      stop: [x]"; Now = '{"a":"{{prompt}}","m":"prod","stop":[]}'; Has = "m: `${env:KEPT_STAGE} # c2`n      stop: []" }
    ) {
        New-Kept "payload: $Payload" @{ Payload = $Now }
        Export-Connection $file Kept -Merge -WarningVariable kept -WarningAction SilentlyContinue -ErrorAction Stop
        $kept | Should -BeNullOrEmpty
        Get-Content $file -Raw | Should -BeLike "*$([WildcardPattern]::Escape($Has))*"
        Get-Content $file -Raw | Should -Match 'env:KEPT_'
        (Compare-Connection $file -WarningAction Ignore).Action | Should -Be InSync
    }

    It 'names what it cannot change, and changes the rest: <Payload>' -ForEach @(
        @{ Payload = '{ a: "{{prompt}}", b: { old: "${env:KEPT_STAGE}" }, n: 1 }'; Now = '{"a":"{{prompt}}","b":{},"n":2}'; Said = '*payload.b is a reference in a part*(payload.b.old)*'; Has = 'n: 2' }
        @{ Payload = '{ a: "{{prompt}}", m: "${env:KEPT_STAGE}", n: [1] }'; Now = '{"a":"{{prompt}}","m":"test","n":[1,2]}'; Said = '*payload.m is a reference, and its value differs*'; Has = 'n: [1, 2]' }
        @{ Payload = "`n      a: '{{prompt}}'`n      m: `${env:KEPT_STAGE}`n      stop:`n      - x # c1`n      - y`n      n: 1"; Now = '{"a":"{{prompt}}","m":"prod","stop":["x"],"n":2}'; Said = '*payload.stop differs in a part with comments*'; Has = 'n: 2' }
    ) {
        New-Kept "payload: $Payload" @{ Payload = $Now }
        Export-Connection $file Kept -Merge -WarningVariable kept -WarningAction SilentlyContinue -ErrorAction Stop
        $kept | Should -HaveCount 1
        "$kept" | Should -BeLike "$Said*It was not changed."
        Get-Content $file -Raw | Should -Match 'env:KEPT_STAGE'
        Get-Content $file -Raw | Should -BeLike "*$([WildcardPattern]::Escape($Has))*"
    }
}
