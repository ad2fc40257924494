# What people write into a payload: prompts, with code, links and formats of answers in them.
BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $api = @{ EndpointUrl = 'https://llm.example.com/v1'; Header = @{ 'x-api-key' = 'env:ACCEPTANCE_KEY' }; OutputPath = 'text' }
    $file = "$TestDrive/prompt.yaml"

    function New-Own($Payload, $Variable) {
        Connect-KorePlatform -Sandbox
        $with = if ($Variable) { @{ CustomVariable = $Variable } } else { @{} }
        $null = New-Connection -CustomApi -Name Own @api @with -Payload $Payload -ErrorAction Stop -WarningVariable script:warned -WarningAction SilentlyContinue
        Get-Connection Own -Detailed
    }

    # Keys that the export names get a value each.
    function Export-Own($Key = @{}) {
        Export-Connection $file -Force -ErrorAction Stop
        $text = Get-Content $file -Raw
        $names = [regex]::Matches($text, '(?<!\$)\$\{env:(\w+)\}|: env:(\w+)').ForEach({ "$($_.Groups[1])$($_.Groups[2])" }) | Sort-Object -Unique
        foreach ($name in $names) {
            $value = $Key.Keys | Where-Object { $name -like $_ } | Select-Object -First 1 | ForEach-Object { $Key[$_] }
            Set-Item "env:$name" ($value ?? $env:ACCEPTANCE_KEY)
        }
        $text
    }

    function Write-Manifest($Payload) {
        @{ connections = @(@{ provider = 'API'; name = 'Own'; endpointUrl = $api.EndpointUrl; header = $api.Header; payload = $Payload; outputPath = 'text' }) } |
            ConvertTo-Json -Depth 20 | Set-Content "$TestDrive/own.json"
    }
}

Describe 'A prompt without a key' {
    It 'is shown, copied, exported and compared as it is: <_>' -ForEach @(
        # Names before an at sign
        'See https://user@example.com/docs and git@github.com:a/b.git, mailto:x@y.de'
        'Clone https://contoso@dev.azure.com/contoso/ai/_git/x first'
        'https://contoso@dev.azure.com/contoso/ai/_git/x'
        'mongodb://<user>:<password>@host/db, ssh://git@github.com/a/b.git or https://{{user}}:{{password}}@host'
        # Formats and examples of JSON
        'Return {"token": "string", "accessToken": "string", "user": {"password": "string"}}'
        '{"password": "..."}'
        'Classify. Example: {"text": "The cat", "token": "cat", "pos": "noun"}'
        'Extract {"signature": "present|absent", "pin": "n/a", "secret": "What the user types, e.g. hT8vQx2"}'
        'NER: {"PASS": "ticket", "auth": "yes"}'
        'tokens: [{"token": "Haus", "lemma": "Haus"}]'
        'Headers: "x-api-key": "your-key", "Authorization": "Bearer <your-token-goes-here>"'
        '{"role":"system","content":"{\"password\":\"secret\"}"}'
        # Code
        'C# code: if(x)return;someVeryLongIdentifier123Name;other'
        'python: x=1;y="abc";token="none";password=getpass();print(x)'
        'bash: export A=1;PASSWORD=changeme;TOKEN=$(get)'
        'Use color #a1b2c3d4e5f60718 and hash;deadbeefdeadbeef01'
        'Write regex ^(?:a|b)#c;[A-Za-z0-9]{3,20}$ and `;--primary-color-1234567890:#fff;`'
        'HTML: &lt;b&gt; &#x1F600; &amp;copy; <a href="?page=2&amp;sortkey=name_asc_2026_01">'
        'Connection string format: Server=tcp:x.database.windows.net;User ID=u;Password=p;'
        # Links
        'Docs: https://docs.google.com/document/d/1AbCdEf/edit#heading=h.3znysh7abcdefgh12 and https://github.com/c/r/issues/12#issuecomment-1234567890'
        'Docs: https://x.slack.com/archives/C024BE91L/p1629999999000200?thread_ts=1629999999.000200'
        'Docs: https://portal.azure.com/#@contoso.onmicrosoft.com/resource/subscriptions/550e8400-e29b-41d4-a716-446655440000/resourceGroups/rg-llm-prod-westeurope'
        'Example URL: https://example.com/login?code=abc123&state=xyz or https://example.com/reset?token=see-vault#section'
    ) {
        $payload = @{ p = '{{prompt}}'; s = $_ }
        $own = New-Own $payload @{ name = 'note'; defaultValue = $_ }
        "$warned" | Should -Not -BeLike '*other values*'
        $own.Payload['s'] | Should -BeExactly $_
        ($own | New-Connection -Name Copy -Header $api.Header -ErrorAction Stop -WarningAction Ignore).Payload['s'] | Should -BeExactly $_
        $null = Set-Connection $own.ConnectionId -Payload $own.Payload -ErrorAction Stop -WarningAction Ignore
        Export-Own | Should -Not -Match 'KORE_KEY_\w*(PAYLOAD|NOTE)'
        (Compare-Connection $file).Action | Should -Be @('InSync', 'InSync')
        Write-Manifest $payload
        @(Test-ConnectionManifest "$TestDrive/own.json" -IgnoreKeys).Where({ $_.Severity -ne 'Warning' }) | Should -BeNullOrEmpty
    }

    It 'is no secret either as a value that opens nothing: <_>' -ForEach @(
        '{"p":"{{prompt}}","public_key":"MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="}'
        '{"p":"{{prompt}}","partition_key":"tenant-7f3a9c2e1b","idempotencyKey":"550e8400-e29b-41d4-a716-446655440000"}'
        '{"p":"{{prompt}}","token":"EUR","auth":"managed_identity","credentials":"same-origin"}'
        '{"p":"{{prompt}}","properties":{"password":{"type":"string","default":"changeit"},"token":{"const":"session","examples":["abc","def"],"example":"abc"}}}'
    ) {
        $own = New-Own $_
        $own.Payload | ConvertTo-Json -Depth 9 -Compress | Should -Be $_
        $null = $own | New-Connection -Name Copy -Header $api.Header -ErrorAction Stop
        Export-Own | Should -Not -Match 'KORE_KEY_\w*PAYLOAD'
        (Compare-Connection $file).Action | Should -Be @('InSync', 'InSync')
        Write-Manifest ($_ | ConvertFrom-Json)
        Test-ConnectionManifest "$TestDrive/own.json" -IgnoreKeys | Should -BeNullOrEmpty
    }
}

Describe 'A prompt with a key' {
    It 'is masked, and the key alone is a variable of an export: <Text>' -ForEach @(
        @{ Text = 'Proxy is http://KEY@proxy.local:8080 in examples'; Key = 'svc:pw' }
        @{ Text = 'Store it at mongodb://KEY@host/db'; Key = 'user:hunter2' }
        @{ Text = 'https://KEY@github.com/contoso/x.git'; Key = 'hT8vQx2LmZ9rKp4W' }
        @{ Text = 'Call https://a.example.com/login?code=KEY&state=xyz or wait'; Key = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' }
        @{ Text = 'See https://x.blob.core.windows.net/c?sv=2022-11-02&sig=KEY now'; Key = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl%3D' }
        @{ Text = 'See https://a.example.com/x?password=KEY now'; Key = 'hunter2secret' }
        @{ Text = 'See https://a.example.com/#KEY now'; Key = '1a2b3c4d5e6f7a8b9c0d' }
        @{ Text = 'https://a.example.com/hook?ticket=KEY'; Key = '1a2b3c4d5e6f7a8b9c0d' }
        @{ Text = 'Server=tcp:x.example.com;User=u;Password=KEY;'; Key = 'Correct7Horse9' }
        @{ Text = 'Server=tcp:x.example.com; User ID=u; Password=KEY; Encrypt=True'; Key = 'Winter2025' }
        @{ Text = 'Password=KEY;Server=tcp:x.example.com'; Key = 'Winter2025' }
        @{ Text = 'Endpoint=sb://x.example.com/;SharedAccessKeyName=Root;SharedAccessKey=KEY'; Key = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl=' }
        @{ Text = 'Explain to the reader what this command line does, step by step: curl https://api.openai.com/v1/models -H "Authorization: Bearer KEY"'; Key = 'sk-proj-AbCdEf0123456789AbCdEf0123456789' }
        @{ Text = 'Answer in the way of this example, which has each property that there is: {"apiKey": "KEY", "user": "x"} and nothing else.'; Key = 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' }
    ) {
        $whole = $Text.Replace('KEY', $Key)
        $own = New-Own @{ p = '{{prompt}}'; s = $whole }
        "$warned" | Should -Not -BeLike '*other values*'
        "$($own.Payload['s'])" | Should -Not -BeLike "*$Key*"
        "$($own.Payload['s'])" | Should -BeLike '*`*`*`*`*`**'
        Write-Manifest @{ p = '{{prompt}}'; s = $whole }
        Test-ConnectionManifest "$TestDrive/own.json" -IgnoreKeys | ForEach-Object Message | Should -BeLike 's contains the key itself*'

        $exported = Export-Own @{ '*PAYLOAD_S*' = $Key }
        $exported | Should -Not -BeLike "*$Key*"
        $exported | Should -Not -Match '\*{5}'
        $before, $after = $Text -csplit 'KEY'
        $exported.Replace('\"', '"') | Should -Match ([regex]::Escape($before) + '\$\{env:KORE_KEY_OWN_PAYLOAD_S_\w+\}' + [regex]::Escape($after))
        Compare-Connection $file | ForEach-Object Action | Should -Be InSync
        Connect-KorePlatform -Sandbox
        (Sync-Connection $file).Outcome | Should -Be Done
        Compare-Connection $file | ForEach-Object Action | Should -Be InSync
        $previous = $exported
        Export-Own | Should -Be $previous
    }

    It 'is a variable as a whole if little is around the key' {
        $null = New-Own @{ p = '{{prompt}}'; s = 'token is ghp_16C7e42F292c6912E7710c838347Ae178B4a ok' }
        Export-Own | Should -Match 's: "?\$\{env:KORE_KEY_OWN_PAYLOAD_S\}'
    }

    It 'is an error in a manifest beside a variable, too' {
        Write-Manifest @{ p = '{{prompt}}'; s = 'In ${env:ACCEPTANCE_KEY}: {"apiKey": "Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl"}' }
        Test-ConnectionManifest "$TestDrive/own.json" | ForEach-Object Message | Should -BeLike 's contains the key itself*'
    }
}

Describe 'A value under the name of a secret' {
    It 'is masked: <_>' -ForEach @(
        '{"password":"letmein"}', '{"token":"abc"}', '{"password":{"value":"changeit"}}', '{"password":{"default":"hunter2"}}', '{"token":{"examples":["Zq7Rt5Yu9Io3"]}}'
        '{"public_key":"sk-proj-AbCdEf0123456789AbCdEf0123456789"}', '{"api_public_key":"letmein"}', '{"primary_key":"hT8vQx2LmZ9rKp4W"}', '{"password":"EUROS"}'
    ) {
        (New-Own $_).Payload | ConvertTo-Json -Depth 9 | Should -BeLike '*"*`*`*`*`*`**"*'
    }

    It 'is refused as a mask in a piped copy, and the message has the way' {
        $own = New-Own @{ p = '{{prompt}}'; token = 'abc' }
        { $own | New-Connection -Name Copy -Header $api.Header -ErrorAction Stop } |
            Should -Throw "*-Payload contains a mask at 'token'*If you pipe a connection, set the value in its Payload first.*"
        $own.Payload.token = 'abc'
        ($own | New-Connection -Name Copy -Header $api.Header -ErrorAction Stop).ConnectionName | Should -Be Copy
    }
}
