BeforeDiscovery {
    $key = ConvertTo-SecureString sk-matrix-0123456789abcdef -AsPlainText
    $tables = [Collections.Generic.Dictionary[string, object]]::new()
    $tables.a = [Collections.Generic.SortedDictionary[string, int]]::new()
    $tables.a.b = 1
    $computed = [pscustomobject]@{ b = '1' }
    $computed | Add-Member ScriptProperty c { $this.b + '2' }
    $computed | Add-Member AliasProperty a b
    $broken = [pscustomobject]@{ b = '1' }
    $broken | Add-Member ScriptProperty bad { throw 'no' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force

    class CustomMessage {
        [string] $role = 'user'
        [string] $content = '{{prompt}}'
        hidden [string] $internal = 'x'
    }

    class CustomRequest : CustomMessage {
        [CustomMessage[]] $messages = @([CustomMessage]::new())
        [hashtable] $options = @{ top = 1 }
        [object] $further
    }

    class CustomHeader {
        [string] $key = 'x-api-key'
        [object] $value = 'v'
    }

    class CustomHeaders {
        [object] ${x-api-key} = 'v'
    }

    class CustomFailure : Exception {
        [string] $a = 'b'
    }

    class CustomList : Collections.ArrayList {
        [string] $a = 'b'
    }
    $env:KORE_TEST_HEADER = " from-env`n"
}

Describe '-Header' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It 'may be objects of a class: <_>' -ForEach @(
        { [CustomHeaders]::new() }, { [CustomHeader]::new() }, { @([CustomHeader]::new()) }
        { [CustomHeaders]@{ 'x-api-key' = ConvertTo-SecureString v -AsPlainText } }, { [CustomHeader]@{ value = ConvertTo-SecureString v -AsPlainText } }
    ) {
        $header = & $_
        $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name n -EndpointUrl https://llm.example.com/v1 -MapProvider openAIModel -Feature streaming -Header $header }
        $sent = ($outcome.Writes.Body | ConvertFrom-Json).headers
        $sent.key, $sent.value | Should -BeExactly 'x-api-key', 'v'
    }

    It 'is sent as pairs, typed, in a row and from a property: <Sent>' -ForEach @(
        @{ Given = @{}; Sent = '[]' }
        @{ Given = @(); Sent = '[]' }
        @{ Given = ''; Sent = '[]' }
        @{ Given = $null; Sent = '[]' }
        @{ Given = @{ 'x-api-key' = 'v' }; Sent = '[{ "key": "x-api-key", "value": "v" }]' }
        @{ Given = [ordered]@{ b = '1'; a = '2'; c = '3' }; Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }, { "key": "c", "value": "3" }]' }
        @{ Given = [pscustomobject]@{ b = '1'; a = '2' }; Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }]' }
        @{ Given = $computed; Sent = '[{ "key": "b", "value": "1" }, { "key": "c", "value": "12" }, { "key": "a", "value": "1" }]' }
        @{ Given = @{ 'x-api-key' = $key }; Sent = '[{ "key": "x-api-key", "value": "sk-matrix-0123456789abcdef" }]' }
        @{ Given = @{ 'x-api-key' = [pscredential]::new('u', $key) }; Sent = '[{ "key": "x-api-key", "value": "sk-matrix-0123456789abcdef" }]' }
        @{ Given = @{ 'x-api-key' = 'env:KORE_TEST_HEADER' }; Sent = '[{ "key": "x-api-key", "value": "from-env" }]' }
        @{ Given = @{ 'x-version' = 2 }; Sent = '[{ "key": "x-version", "value": "2" }]' }
        @{ Given = @{ 'x-on' = $true }; Sent = '[{ "key": "x-on", "value": "True" }]' }
        @{ Given = '{ "x-on": true, "x-off": false }'; Sent = '[{ "key": "x-on", "value": "true" }, { "key": "x-off", "value": "false" }]' }
        @{ Given = '[{ "key": "x-on", "value": true }]' | ConvertFrom-Json; Sent = '[{ "key": "x-on", "value": "true" }]' }
        foreach ($time in '2024-01-15T10:30:00.123Z', '2024-01-15T10:30:00Z', '2024-01-15T00:00:00Z', '2024-01-15T10:30:00', '2024-01-15', 'true', '1.5') {
            $value = $time -in 'true', '1.5' ? $time : """$time"""
            @{ Given = "{ ""x-it"": $value }" | ConvertFrom-Json; Sent = "[{ ""key"": ""x-it"", ""value"": ""$time"" }]" }
            @{ Given = "{ ""x-it"": $value }"; Sent = "[{ ""key"": ""x-it"", ""value"": ""$time"" }]" }
        }
        @{ Given = @{ 'x-since' = [datetimeoffset]'2024-01-15T10:30:00.5+02:00' }; Sent = '[{ "key": "x-since", "value": "2024-01-15T10:30:00.5+02:00" }]' }
        @{ Given = @{ 'x-version' = [datetime]'2023-06-01' }; Sent = '[{ "key": "x-version", "value": "2023-06-01" }]' }
        @{ Given = @{ 'x-day' = [datetime]::new(2026, 11, 30, 0, 0, 0, [DateTimeKind]::Local) }; Sent = '[{ "key": "x-day", "value": "2026-11-30" }]' }
        @{ Given = @{ 'x-version' = [DateOnly]'2023-06-01' }; Sent = '[{ "key": "x-version", "value": "2023-06-01" }]' }
        @{ Given = @{ Referer = [uri]'https://a.example.com/m%C3%BCller?q=%22a%20b%22' }; Sent = '[{ "key": "Referer", "value": "https://a.example.com/m%C3%BCller?q=%22a%20b%22" }]' }
        @{ Given = @{ Authorization = 'Bearer two words' }; Sent = '[{ "key": "Authorization", "value": "Bearer two words" }]' }
        @{ Given = @{ key = 'x-api-key'; value = 'v' }; Sent = '[{ "key": "x-api-key", "value": "v" }]' }
        @{ Given = @{ key = 'v' }; Sent = '[{ "key": "key", "value": "v" }]' }
        @{ Given = [pscustomobject]@{ Key = 'x-api-key'; Value = 'v' }; Sent = '[{ "key": "x-api-key", "value": "v" }]' }
        @{ Given = @([pscustomobject]@{ key = 'b'; value = '1' }, [pscustomobject]@{ key = 'a'; value = $key }); Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "sk-matrix-0123456789abcdef" }]' }
        @{ Given = @(@{ key = 'b'; value = '1' }, [ordered]@{ value = 'env:KORE_TEST_HEADER'; key = 'a' }); Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "from-env" }]' }
        @{ Given = '{ "b": "1", "a": "env:KORE_TEST_HEADER" }'; Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "from-env" }]' }
        @{ Given = ' [{ "key": "b", "value": "1" }, { "key": "a", "value": 2 }]'; Sent = '[{ "key": "b", "value": "1" }, { "key": "a", "value": "2" }]' }
        @{ Given = '{ "key": "b", "value": "1" }'; Sent = '[{ "key": "b", "value": "1" }]' }
        @{ Given = '[]'; Sent = '[]' }
    ) {
        Assert-Everywhere (Get-CustomApi) Header $Given (Get-SentBody Custom "{ ""headers"": $Sent }")
    }

    It 'resolves a reference after a scheme: <Value>' -ForEach @(
        @{ Value = 'Bearer env:KORE_TEST_GATEWAY'; Sent = 'Bearer gw-made-up-0123456789' }
        @{ Value = 'Basic  env:KORE_TEST_GATEWAY'; Sent = 'Basic gw-made-up-0123456789' }
        @{ Value = 'Api-Key env:KORE_TEST_GATEWAY '; Sent = 'Api-Key gw-made-up-0123456789' }
    ) {
        $env:KORE_TEST_GATEWAY = 'gw-made-up-0123456789'
        Assert-HeaderSent @{ Authorization = $Value } $Sent
    }

    It 'is sent where it is in brackets: <_>' -ForEach '[admin]', '[eu-west]', '<abc123DEF456ghi789>', '[key-operators]', '[api]', '<sig>' {
        Assert-HeaderSent @{ 'X-Api-Key' = $_ } $_
    }

    It 'is refused where something was not filled in: <Value>' -ForEach @(
        @{ Value = 'Bearer $env:GW'; Saying = 'contains a variable that was not replaced' }
        @{ Value = 'Bearer $(GW)'; Saying = 'contains a variable that is not defined in Azure Pipelines' }
        @{ Value = 'Bearer ${GW}'; Saying = 'contains a variable that was not replaced' }
        @{ Value = 'Bearer #{GW}#'; Saying = 'a token that a deployment tool should have replaced' }
        @{ Value = 'Bearer '; Saying = 'an authentication scheme but no value' }
        foreach ($word in 'basic', 'Digest', 'ApiKey', 'token') { @{ Value = $word; Saying = 'an authentication scheme but no value' } }
        foreach ($mask in '<hidden>', 'Bearer <your key>', '[masked]', '...', 'xxxxxxxx') { @{ Value = $mask; Saying = 'is a placeholder' } }
        foreach ($mask in '[REDACTED]', '<api-key>', '<API_KEY>', '[secret removed]', '<filtered>', '<your-openai-key>', '[token]', '<Password>') { @{ Value = $mask; Saying = 'is a placeholder' } }
        foreach ($mask in 'null', 'Bearer REDACTED', 'hidden') { @{ Value = $mask; Saying = 'is a word that means no value' } }
        @{ Value = 'Bearer env:KORE_TEST_UNSET'; Saying = "'KORE_TEST_UNSET'" }
        @{ Value = 'env:KORE_TEST_HALF'; Saying = 'contains a variable that is not defined in Azure Pipelines' }
        @{ Value = 'env:KORE_API_KEY'; Saying = 'the platform key, which must not be sent to a provider' }
    ) {
        $env:KORE_TEST_HALF = 'Bearer $(KEY)'
        Assert-HeaderRefused @{ Authorization = $Value } $Saying
    }

    It 'is refused with its name and reference, at its own place in a manifest: <Header>, <Held>' -ForEach @(
        foreach ($held in 'Basic', 'bearer', 'Digest ', 'ApiKey') { @{ Header = 'Authorization'; Held = $held; Saying = 'has an authentication scheme but no value' } }
        @{ Header = 'Authorization'; Held = 'token'; Saying = 'has an authentication scheme but no value' }
        @{ Header = 'x-api-key'; Held = 'Basic'; Saying = 'has an authentication scheme but no value' }
        @{ Header = 'x-api-key'; Held = 'X-Api-Key: made-up'; Saying = "repeats the header's name" }
        @{ Header = 'x-api-key'; Held = '"made-up-0123"'; Saying = 'is enclosed in quotation marks' }
        @{ Header = 'x-api-key'; Held = 'OPENAI_API_KEY=made-up'; Saying = 'is a line NAME=VALUE' }
        @{ Header = 'x-plan'; Held = "a`nb"; Saying = 'contains a line break' }
    ) {
        $env:KORE_TEST_HELD = $Held
        $said = "*header '$Header' $Saying*Its value comes from 'env:KORE_TEST_HELD'."
        "$((Get-Outcome { New-Connection -CustomApi -Name n -EndpointUrl https://a.example.com -MapProvider openAIModel -Feature streaming -Header @{ a = 'b'; $Header = 'env:KORE_TEST_HELD' } }).Errors[0])" |
            Should -BeLike $said
        foreach ($lines in @("    header:", '      a: b', "      ${Header}: env:KORE_TEST_HELD"), @('    header:', '      - { key: a, value: b }', "      - { key: $Header, value: 'env:KORE_TEST_HELD' }")) {
            Set-Content "$TestDrive/held.yaml" (@('connections:', '  - provider: API', '    name: n', '    endpointUrl: https://a.example.com', '    mapProvider: openAIModel', '    feature: [streaming]') + $lines)
            foreach ($outcome in (Get-Outcome { Compare-Connection "$TestDrive/held.yaml" }), (Get-Outcome { Sync-Connection "$TestDrive/held.yaml" })) {
                $outcome.Errors | Should -HaveCount 1
                "$($outcome.Errors[0])" | Should -BeLike "*held.yaml:9:*.header.${Header}: $said"
                $outcome.Writes | Should -BeNullOrEmpty
            }
        }
        $env:KORE_TEST_HELD = $null
    }

    It 'is refused where the reference of a key leads to something else: <Value>, <Held>' -ForEach @(
        foreach ($value in @{ Authorization = 'Bearer env:KORE_TEST_HELD' }, @{ 'x-api-key' = 'env:KORE_TEST_HELD' }, @{ Authorization = 'Api-Key env:KORE_TEST_HELD' }) {
            foreach ($quote in '"', "'") { @{ Value = $value; Held = "${quote}sk-made-up-0123456789ab${quote}"; Saying = 'is enclosed in quotation marks' } }
            @{ Value = $value; Held = 'OPENAI_API_KEY=sk-made-up-0123456789ab'; Saying = 'is a line NAME=VALUE' }
            @{ Value = $value; Held = 'op://vault/item/field'; Saying = 'is a reference to a secret of 1Password' }
            @{ Value = $value; Held = '{{OPENAI_API_KEY}}'; Saying = 'a token that a deployment tool should have replaced' }
        }
        foreach ($scheme in 'Bearer', 'Basic', 'Api-Key') {
            @{ Value = @{ Authorization = "$scheme env:KORE_TEST_HELD" }; Held = 'Bearer sk-made-up-0123456789ab'; Saying = 'has two authentication schemes' }
        }
        foreach ($held in 'made-up 0123456789ab', 'https://portal.example.com/x', '{"key":"made-up-0123456789ab"}', 'changeme') {
            @{ Value = @{ Authorization = 'Bearer env:KORE_TEST_HELD' }; Held = $held; Saying = "'Authorization' " }
        }
        @{ Value = @{ 'x-api-key' = 'env:KORE_TEST_HELD' }; Held = 'X-Api-Key: sk-made-up-0123456789ab'; Saying = "repeats the header's name" }
        @{ Value = @{ Authorization = 'Bearer Bearer sk-made-up-0123456789ab' }; Held = 'x'; Saying = 'has two authentication schemes' }
        @{ Value = @{ 'x-api-key' = '"sk-made-up-0123456789ab"' }; Held = 'x'; Saying = 'is enclosed in quotation marks' }
    ) {
        $env:KORE_TEST_HELD = $Held
        Assert-HeaderRefused $Value $Saying
    }

    It 'is sent where the reference leads to more than a key: <Value>, <Held>' -ForEach @(
        foreach ($held in 'EMPTY', 'none', 'dummy') { @{ Value = @{ Authorization = 'Bearer env:KORE_TEST_HELD' }; Held = $held } }
        @{ Value = @{ Authorization = 'env:KORE_TEST_HELD' }; Held = 'Bearer sk-made-up-0123456789ab' }
        @{ Value = @{ 'x-api-key' = 'env:KORE_TEST_HELD' }; Held = 'Bearer sk-made-up-0123456789ab' }
        @{ Value = @{ 'x-api-key' = 'env:KORE_TEST_HELD' }; Held = 'bWFkZS11cC0wMTIzNDU2Nzg5YWI9PQ==' }
        @{ Value = @{ 'x-api-key' = 'env:KORE_TEST_HELD' }; Held = 'user:made-up-0123456789ab' }
        @{ Value = @{ Authorization = 'env:KORE_TEST_HELD' }; Held = 'Digest username="u", realm="r"' }
        @{ Value = @{ Authorization = 'SharedAccessSignature env:KORE_TEST_HELD' }; Held = 'sr=a.example.com&sig=bWFkZS11cA%3D&se=1' }
        @{ Value = @{ Authorization = 'GoogleLogin env:KORE_TEST_HELD' }; Held = 'auth=made-up-0123456789ab' }
        @{ Value = @{ Cookie = 'env:KORE_TEST_HELD' }; Held = 'SESSION_TOKEN=made-up-0123456789ab; b=2' }
        @{ Value = @{ 'x-signature' = 'env:KORE_TEST_HELD' }; Held = 'SHA256=0123456789abcdef' }
        @{ Value = @{ 'x-credentials' = 'env:KORE_TEST_HELD' }; Held = '{"key":"made-up-0123456789ab"}' }
        @{ Value = @{ 'x-role' = 'env:KORE_TEST_HELD' }; Held = 'arn:aws:iam::123456789012:role/x' }
    ) {
        $env:KORE_TEST_HELD = $Held
        Assert-HeaderSent $Value "$($Value.Values)".Replace('env:KORE_TEST_HELD', $Held)
    }

    It 'is refused where it is no table of headers: <Saying>' -ForEach @(
        @{ Given = 'x-api-key: v'; Saying = 'is not a table of headers' }
        @{ Given = '{ "a": '; Saying = 'is not valid JSON at line 1, position 8' }
        '[1]', 5 | ForEach-Object { @{ Given = $_; Saying = 'contains an item that is not a header' } }
        @{ Given = @('a', 'b'); Saying = 'contains an item that is not a header' }
        @{ Given = @(@{ name = 'a'; value = 'v' }, @{ key = 'b'; value = 'v' }); Saying = 'contains an item that is not a header' }
        @{ Given = @{ a = $null }; Saying = "'a' has no value" }
        @{ Given = @{ a = '' }; Saying = "'a' is empty" }
        @{ Given = @{ a = '  ' }; Saying = "'a' is empty" }
        @{ Given = @{ a = "`t`n" }; Saying = "'a' is empty" }
        @{ Given = @{ a = @{ b = 1 } }; Saying = 'is not a key' }
        @{ Given = @{ a = 'sk-***************' }; Saying = "'a' contains a mask" }
        @{ Given = @{ a = '$env:GATEWAY_KEY' }; Saying = "'a' contains a variable" }
        @{ Given = @{ a = '$(GATEWAY_KEY)' }; Saying = "'a' contains a variable that is not defined in Azure Pipelines" }
        @{ Given = @{ a = "two`nlines" }; Saying = "'a' contains a line break" }
        @{ Given = @{ a = 'ü' }; Saying = "'a' contains a line break or another character" }
        @{ Given = @{ a = 'env:KORE_TEST_MISSING' }; Saying = "'KORE_TEST_MISSING', which is not set" }
        @{ Given = @{ a = 'file:no-such-file' }; Saying = "'no-such-file', which cannot be read" }
        @{ Given = @{ a = 'secret:name' }; Saying = 'needs the module Microsoft.PowerShell.SecretManagement' }
        @{ '' = 'v' }, @{ 'two words' = 'v' }, @{ 'a:' = 'v' } | ForEach-Object { @{ Given = $_; Saying = "is not a valid header name" } }
        @{ Given = @(@{ key = 'a'; value = '1' }, @{ key = 'A'; value = '2' }); Saying = "contains 'A' twice" }
        # Name and value in the wrong order.
        @{ 'sk-abcdefghij' = 'x-api-key' }, @{ 'a1B2c3D4e5F6g7H8' = 'tier' }, @{ tier = 'X-Api-Key' }, @{ tier = 'authorization' }, @{ tier = 'x-corp-token' } |
            ForEach-Object { @{ Given = $_; Saying = 'Check the order' } }
    ) {
        $custom, $mapped = (Get-CustomApi), (Get-CustomApi -Mapped)
        Assert-Refuses { New-Connection @custom -Header $Given } $Saying
        Assert-Refuses { New-Connection @mapped -Header $Given } $Saying
    }

    It 'is sent where it only resembles a key, a mask or a reference: <Name>: <Value>' -ForEach @(
        @{ Name = 'X-Auth-Type'; Value = 'api_key' }
        @{ Name = 'X-Auth-Method'; Value = 'API_KEY' }
        @{ Name = 'x-forward-header'; Value = 'Authorization' }
        @{ Name = 'tier'; Value = 'env:KORE_TEST_SCHEME'; Sent = 'api_key' }
        foreach ($name in 'X-Plan', 'X-Tier', 'X-Auth-Type', 'X-Auth-Scheme', 'X-Token-Type') {
            foreach ($value in 'Basic', 'bearer', 'Digest', 'ApiKey', 'Negotiate') { @{ Name = $name; Value = $value } }
        }
        # A part of a value that is no key, or no reference.
        @{ Name = 'X-Scope'; Value = 'scope=file:read' }
        @{ Name = 'X-Tags'; Value = 'team:a,env:prod' }
        @{ Name = 'X-Link'; Value = 'a=https://a.example.com/env:y' }
        @{ Name = 'X-Mode'; Value = 'mode=env' }
        @{ Name = 'X-Rating'; Value = '*****' }
        @{ Name = 'X-Stars'; Value = '***' }
        @{ Name = 'X-Stars'; Value = 'env:KORE_TEST_STARS'; Sent = '****' }
        @{ Name = 'X-Amzn-Bedrock-GuardrailIdentifier'; Value = 'arn:aws:bedrock:us-east-1:1234:guardrail/abc' }
    ) {
        $env:KORE_TEST_SCHEME, $env:KORE_TEST_STARS = 'api_key', '****'
        Assert-HeaderSent @{ $Name = $Value } ($Sent ?? $Value)
        $entry = "  - { provider: API, name: n, endpointUrl: https://a.example.com, mapProvider: openAIModel, feature: [streaming], header: { $Name`: '$Value' } }"
        Set-Content "$TestDrive/header.yaml" 'connections:', $entry
        (Test-ConnectionManifest "$TestDrive/header.yaml").Message | Should -BeNullOrEmpty
    }

    It 'is sent where a part only resembles a reference: <Value>' -ForEach @(
        foreach ($value in 'session=s:abc123.xyz', 'next=file://x', 'a=b:env; c=env', 'a=env:; b=1', 'a=env: b') { @{ Name = 'Cookie'; Value = $value } }
        @{ Name = 'Authorization'; Value = 'Digest username="u", realm="secret:"' }
        # What a reference leads to, and what is given as a secret, is the value.
        @{ Name = 'Cookie'; Value = 'env:KORE_TEST_COOKIE'; Sent = 'session=env:NAME' }
        @{ Name = 'Authorization'; Value = 'Token env:KORE_TEST_COOKIE'; Sent = 'Token session=env:NAME' }
        @{ Name = 'Cookie'; Value = ConvertTo-SecureString 'session=env:NAME' -AsPlainText; Sent = 'session=env:NAME' }
        @{ Name = 'Cookie'; Value = [pscredential]::new('u', (ConvertTo-SecureString 'session=file:NAME' -AsPlainText)); Sent = 'session=file:NAME' }
    ) {
        $env:KORE_TEST_COOKIE = 'session=env:NAME'
        Assert-HeaderSent @{ $Name = $Value } ($Sent ?? $Value)
    }

    It 'is refused with a reference within a longer value, in a manifest too: <Name>: <Value>' -ForEach @(
        foreach ($value in 'session=env:GATEWAY_KEY', 'a=b; session=env:K', 'session="env:K"', 'session=ENV:k', 'session=azkv:vault/name', 'session=file:./k.txt', 'session=secret:vault/name', 'session=mine:x') {
            @{ Name = 'Cookie'; Value = $value }
        }
        foreach ($value in 'Token token=env:K', 'Token token="env:K"', 'AWS Credential=a,Signature=azkv:vault/name', 'Bearer x env:K', 'Digest username="u", response="file:/k"', 'Token token= env:K') {
            @{ Name = 'Authorization'; Value = $value }
        }
        @{ Name = 'X-Credentials'; Value = '{"key":"env:K"}' }
        foreach ($value in 'key=env:K', '{"key":"env:K"}', 'key=azkv:vault/name') { @{ Name = 'X-Gateway'; Value = $value } }
    ) {
        Register-KeySource mine { 'sk-mine-0123456789' }
        try {
            $scheme = [regex]::Match($Value, '(?i)(env|azkv|file|secret|mine):').Value.ToLowerInvariant()
            Assert-HeaderRefused @{ $Name = $Value } "'$Name' contains a reference ($scheme) within a longer value"
            $entry = @{ provider = 'API'; name = 'n'; endpointUrl = 'https://a.example.com'; mapProvider = 'openAIModel'; feature = @('streaming'); header = @{ $Name = $Value } }
            Set-Content "$TestDrive/within.json" (@{ connections = @($entry) } | ConvertTo-Json -Depth 5)
            $problem = Test-ConnectionManifest "$TestDrive/within.json"
            $problem | Should -HaveCount 1
            $problem.Message | Should -BeLike "*contains a reference ($scheme)*"
        } finally {
            Unregister-KeySource mine
        }
    }

    It 'is refused as a mask, or as a reference: <Name>: <Value>' -ForEach @(
        foreach ($value in '***', '*****') { @{ Name = 'X-Api-Key'; Value = $value; Saying = 'contains a mask' } }
        foreach ($value in '****MQAA', 'sk-***', '***************', '**********') { @{ Name = 'X-Rating'; Value = $value; Saying = 'contains a mask' } }
        foreach ($name in 'X-Role', 'X-Api-Key') {
            @{ Name = $name; Value = 'arn:aws:secretsmanager:eu:1:secret:x'; Saying = 'is a reference to a secret of AWS Secrets Manager' }
            @{ Name = $name; Value = 'arn:aws:ssm:eu:1:parameter/x'; Saying = 'is a reference to a secret of AWS,' }
        }
        @{ Name = 'X-Api-Key'; Value = 'arn:aws:iam::123456789012:role/x'; Saying = 'is a reference to a secret of AWS,' }
    ) {
        Assert-HeaderRefused @{ $Name = $Value } $Saying
    }

    It 'comes from a file, which may end with a line break' {
        Set-Content "$TestDrive/header" "from-file`r`n"
        $custom = Get-CustomApi
        Assert-Creates { New-Connection @custom -Header @{ a = "file:$TestDrive/header" } } (Get-SentBody Custom '{ "headers": [{ "key": "a", "value": "from-file" }] }')
    }
}

Describe 'A header that a response repeats' {
    BeforeAll {
        $null = Connect-TestSandbox
        $script:key = 'gw-live-9f8e7d6c5b4a3210'
        $env:KORE_TEST_GATEWAY, $env:KORE_TEST_REGION = $key, 'westeurope'
    }

    It 'stays where it is no key: <Header.Keys>' -ForEach @(
        @{ Header = @{ 'azureml-model-deployment' = 'gpt-4o-blue' }; With = @{ Model = 'gpt-4o-blue' } }
        @{ Header = @{ 'x-ms-model-mesh-model-name' = 'gpt-4o' }; With = @{ Model = 'gpt-4o'; Payload = @{ model = 'gpt-4o'; p = '{{prompt}}' } } }
        @{ Header = @{ 'api-version' = '2024-08-01-preview' }; With = @{ EndpointUrl = 'https://a.example.com/chat?api-version=2024-08-01-preview' } }
        @{ Header = @{ 'x-region' = 'westeurope' }; With = @{ EndpointUrl = 'https://llm.westeurope.example.com' } }
        @{ Header = @{ Host = 'llm.example.com' }; With = @{ EndpointUrl = 'https://llm.example.com/v1' } }
        @{ Header = @{ 'x-portkey-provider' = 'openai' }; With = @{ EndpointUrl = 'https://a.example.com/openai/v1'; Model = 'openai/gpt-4o' } }
        @{ Header = @{ 'x-project' = 'choices' }; With = @{ OutputPath = 'choices[0].message.content' } }
        @{ Header = @{ 'Content-Type' = 'application/json' }; With = @{ Payload = @{ accept = 'application/json'; p = '{{prompt}}' } } }
        @{ Header = @{ 'anthropic-version' = 'bedrock-2023-05-31' }; With = @{ Payload = @{ anthropic_version = 'bedrock-2023-05-31'; p = '{{prompt}}' } } }
        @{ Header = @{ 'x-model' = '{{prompt}}' }; With = @{ Payload = @{ p = '{{prompt}}' } } }
        @{ Header = @{ 'x-app' = 'finance-bot' }; With = @{ Name = 'finance-bot' } }
        @{ Header = @{ 'x-tenant' = 'contoso' }; With = @{ Name = 'contoso bot'; EndpointUrl = 'https://contoso.example.com' } }
    ) {
        $base = @{ Name = "h$(New-Guid)"; EndpointUrl = 'https://a.example.com'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'a' }
        foreach ($entry in $With.GetEnumerator()) { $base[$entry.Key] = $entry.Value }
        $headers = @{ 'api-key' = 'env:KORE_TEST_GATEWAY' } + $Header
        $outcome = Get-CleanOutcome { New-Connection -CustomApi @base -Header $headers }
        $created = $outcome.Output
        $created.ConnectionName, $created.EndpointUrl, $created.OutputPath | Should -BeExactly $base.Name, $base.EndpointUrl, $base.OutputPath
        if ($base.Model) { $created.Model | Should -BeExactly $base.Model }
        foreach ($entry in $base.Payload.GetEnumerator()) { $created.Payload[$entry.Key] | Should -BeExactly $entry.Value }
        # So it can be copied, and the copy is the same.
        $outcome = Get-CleanOutcome { $created | New-Connection -Name "h$(New-Guid)" -Header $headers }
        $copy = $outcome.Writes.Body | ConvertFrom-Json -AsHashtable
        $copy.endpointUrl, $copy.outputPath, $copy.model | Should -BeExactly $base.EndpointUrl, $base.OutputPath, $base.Model
        foreach ($entry in $base.Payload.GetEnumerator()) { $copy.payload[$entry.Key] | Should -BeExactly $entry.Value }
        $outcome = Get-CleanOutcome { $created | Set-Connection -Header $headers -Force -PassThru }
        $outcome.Output.EndpointUrl | Should -BeExactly $base.EndpointUrl
    }

    It 'is redacted where it may be a key: <Header.Keys>' -ForEach @(
        @{ Header = @{ Authorization = 'Bearer gw-live-9f8e7d6c5b4a3210' }; Held = 'gw-live-9f8e7d6c5b4a3210' }
        @{ Header = @{ 'X-Pin' = 'letmein' }; Held = 'letmein' }
        @{ Header = @{ Cookie = 'lang=de; sid=open-sesame' }; Held = 'open-sesame' }
        @{ Header = @{ 'X-Api-Key' = '<abc123DEF456ghi789>' }; Held = 'abc123DEF456ghi789' }
        @{ Header = @{ 'x-any' = 'hT8vQx2LmZ9rKp4W' }; Held = 'hT8vQx2LmZ9rKp4W' }
        @{ Header = @{ 'x-any' = 'for sk-a1b2c3d4e5f6g7h8 only' }; Held = 'sk-a1b2c3d4e5f6g7h8' }
        @{ Header = @{ 'x-link' = 'https://u:Correct7Horse9@a.example.com/' }; Held = 'Correct7Horse9' }
        @{ Header = @{ 'x-region' = 'env:KORE_TEST_REGION' }; Held = 'westeurope' }
        # What somebody gives as a secret is one under any name.
        foreach ($name in 'X-Session', 'x-region', 'X-Login') {
            @{ Header = @{ $name = ConvertTo-SecureString Rosebud -AsPlainText }; Held = 'Rosebud' }
            @{ Header = @{ $name = [pscredential]::new('u', (ConvertTo-SecureString Winter2025 -AsPlainText)) }; Held = 'Winter2025' }
        }
    ) {
        $with = @{ Name = "h$(New-Guid)"; EndpointUrl = 'https://a.example.com'; Payload = @{ p = "{{prompt}} $Held" }; OutputPath = 'a'; Header = $Header }
        $created = New-Connection -CustomApi @with -WarningAction SilentlyContinue
        $created.Payload.p | Should -Not -Match $Held
        "$($created | Out-String)$(ConvertTo-Json $created -Depth 9)" | Should -Not -Match $Held
    }

    It 'is no difference where it is a part of something else: <Of>' -ForEach @(
        @{ Of = 'the host'; With = @{ EndpointUrl = 'https://westeurope.example.com/v1' } }
        @{ Of = 'the query'; With = @{ EndpointUrl = 'https://a.example.com/v1?region=westeurope&zone=westeurope-1' } }
        @{ Of = 'the path, beside a key'; With = @{ EndpointUrl = 'https://a.example.com/westeurope/v1?code=Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' } }
        @{ Of = 'the name'; With = @{ Name = 'Desk westeurope' } }
        @{ Of = 'the model'; With = @{ Model = 'gpt-4o-westeurope' } }
        @{ Of = 'a path of the response'; With = @{ OutputPath = 'westeurope[0].text' } }
        @{ Of = 'a prompt'; With = @{ Payload = @{ p = 'Answer for WestEurope: {{prompt}}'; list = 'westeurope', 'x westeurope' } } }
        @{ Of = 'a property'; With = @{ Payload = @{ p = '{{prompt}}'; westeurope = @{ 'in-westeurope' = 1 } } } }
        @{ Of = 'JSON in a text'; With = @{ Payload = @{ p = '{{prompt}} {"token": "Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl", "a": "westeurope"}' } } }
        @{ Of = 'a variable'; With = @{ CustomVariable = @{ name = 'westeurope'; defaultValue = 'in westeurope' } } }
        @{ Of = 'a number'; Value = '40960000'; With = @{ Payload = @{ p = '{{prompt}}'; limit = 40960000 } } }
        @{ Of = 'another header'; With = @{ Header = @{ 'x-host' = 'llm.westeurope.example.com' } } }
        @{ Of = 'a header''s name'; With = @{ Header = @{ 'x-westeurope' = 'on' } } }
        @{ Of = 'a feature'; Value = 'streaming'; With = @{ MapProvider = 'openAIModel'; Feature = 'streaming'; Payload = $null; OutputPath = $null } }
    ) {
        $null = Connect-TestSandbox
        $env:KORE_TEST_REGION = $Value ?? 'westeurope'
        $base = @{ Name = "h$(New-Guid)"; EndpointUrl = 'https://a.example.com'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'a'; Header = @{} }
        foreach ($entry in $With.GetEnumerator()) { $base[$entry.Key] = $entry.Value }
        foreach ($name in @($base.Keys).Where({ $null -eq $base[$_] })) { $base.Remove($name) }
        $base.Header['x-region'] = 'env:KORE_TEST_REGION'
        $outcome = Get-CleanOutcome { New-Connection -CustomApi @base }
        $outcome.Warnings | Should -Not -BeLike '*other value*'
        $id = $outcome.Output.ConnectionId
        $base['Model'] = $base.Model ?? 'm'
        $outcome = Get-CleanOutcome { Set-Connection $id @base -Force }
        $outcome.Warnings | Should -Not -BeLike '*other value*'
        if ($Of -in 'the name', 'a number') { return }

        # A sync compares as its next plan does.
        Export-Connection "$TestDrive/repeated.yaml" -Name $base.Name -Force -WarningAction SilentlyContinue
        $text = (Get-Content "$TestDrive/repeated.yaml" -Raw) -replace 'env:KORE_KEY_\w+X_REGION', 'env:KORE_TEST_REGION'
        [regex]::Matches($text, 'env:(KORE_KEY_\w+)').ForEach({ Set-Item "env:$($_.Groups[1])" 'Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl' })
        $null = Set-Connection $id -EndpointUrl 'https://b.example.com' -Header @{ 'x-region' = 'other'; 'x-old' = 'o' } -Force
        if ($base.Payload) { $null = Set-Connection $id -Payload @{ a = 1 } -OutputPath b -CustomVariable @() -WarningAction SilentlyContinue }
        Set-Content "$TestDrive/repeated.yaml" $text
        $outcome = Get-CleanOutcome { Sync-Connection "$TestDrive/repeated.yaml" }
        $outcome.Output.Outcome | Should -Be Done
        $outcome.Warnings | Should -Not -BeLike '*other value*'
        (Compare-Connection "$TestDrive/repeated.yaml").Action | Should -Be InSync
        Remove-Item env:KORE_KEY_* -ErrorAction Ignore
    }

    It 'is a difference if the response has another value beside it' {
        $env:KORE_TEST_REGION = 'westeurope'
        $own = @{ EndpointUrl = 'https://westeurope.example.com/v1'; Payload = @{ p = '{{prompt}} westeurope' }; OutputPath = 'a'; Header = @{ 'x-region' = 'env:KORE_TEST_REGION' } }
        Add-Fault @{ Method = 'POST'; Status = 200; Body = '{"connectionId":"cn-1","connectionName":"Own","provider":"API","createdOn":"2026-01-01T00:00:00Z","endpointUrl":"https://westeurope.example.com/v2","payload":{"p":"{{prompt}} in westeurope"},"outputPath":"a"}' }
        $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name Own @own }
        $outcome.Warnings | Should -BeLike '*other values for*endpointUrl*payload.p*'
    }

    It 'is taken for the connection''s name where it is a key, too' {
        $with = @{ Name = 'desk-hT8vQx2LmZ9rKp4W'; EndpointUrl = 'https://a.example.com'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'a' }
        $outcome = Get-CleanOutcome { New-Connection -CustomApi @with -Header @{ 'x-any' = 'hT8vQx2LmZ9rKp4W' } }
        $outcome.Output.EndpointUrl | Should -BeExactly 'https://a.example.com'
    }
}

Describe 'A copy of a connection' {
    BeforeEach {
        $null = Connect-TestSandbox
        $script:own = @{ Name = 'Own'; EndpointUrl = 'https://a.example.com'; Payload = @{ p = '{{prompt}}' }; OutputPath = 'a'; Header = @{ 'x-api-key' = 'Correct7Horse9Battery' } }
    }

    It 'is refused where its <Field> has a mask in it' -ForEach @(
        @{ Field = 'Model'; With = @{ Model = '***************' } }
        @{ Field = 'Model'; With = @{ Model = '***************/gpt-4o' } }
        @{ Field = 'OutputPath'; With = @{ OutputPath = '***************[0].text' } }
        @{ Field = 'InputTokensPath'; With = @{ InputTokensPath = 'usage.***************' } }
        @{ Field = 'Name'; With = @{ ConnectionName = 'Desk ***************' } }
        @{ Field = 'EndpointUrl'; With = @{ EndpointUrl = 'https://***************/v1' } }
        @{ Field = 'CustomVariable'; With = @{ CustomVariable = @(@{ name = 'my***************' }) } }
    ) {
        $row = @{ Provider = 'API'; ConnectionName = 'n'; EndpointUrl = $own.EndpointUrl; Payload = $own.Payload; OutputPath = 'a' }
        foreach ($entry in $With.GetEnumerator()) { $row[$entry.Key] = $entry.Value }
        Assert-Refuses { [pscustomobject]$row | New-Connection -Header @{ 'x-api-key' = 'env:PATH' } } ($Field -eq 'CustomVariable' ? '-CustomVariable looks like a key' : "-$Field contains a mask, which is shown instead of a key")
    }

    It 'is refused where its <Field> repeats a key within a text' -ForEach @(
        @{ Field = 'Payload'; With = @{ Payload = @{ p = '{{prompt}} Correct7Horse9Battery, then' } } }
        @{ Field = 'Payload'; With = @{ Payload = @{ p = '{{prompt}}'; deep = @(@{ text = 'x Correct7Horse9Battery' }) } } }
        @{ Field = 'CustomVariable'; With = @{ CustomVariable = @(@{ name = 'style'; defaultValue = 'as Correct7Horse9Battery, then' }) } }
    ) {
        foreach ($entry in $With.GetEnumerator()) { $own[$entry.Key] = $entry.Value }
        $created = New-Connection -CustomApi @own -WarningAction SilentlyContinue
        $given = @{ $Field = $created.$Field }
        $saying = "-$Field contains a mask, which is shown instead of a key"
        Assert-Refuses { $created | New-Connection -Name copy -Header @{ 'x-api-key' = 'Another5Horse6Battery' } } $saying
        Assert-Refuses { $created | New-Connection -CustomApi -Name copy -Header @{ 'x-api-key' = 'Another5Horse6Battery' } } $saying
        Assert-Refuses { Set-Connection $created.ConnectionId @given } $saying
        # What was read without the key has the text itself.
        $outcome = Get-CleanOutcome { Get-Connection Own -Detailed | New-Connection -Name copy -Header @{ 'x-api-key' = 'Another5Horse6Battery' } }
        $outcome.Writes.Body | Should -Match 'Correct7Horse9Battery'
    }

    It 'is sent with asterisks of its own' {
        $own.Payload = @{ p = '{{prompt}}'; frame = "***************`nRules`n***************"; say = 'Write Authorization: *************** instead'; stars = '*** x ***' }
        $own.Name = '*** Urgent ***'
        $created = New-Connection -CustomApi @own -WarningAction SilentlyContinue
        $outcome = Get-CleanOutcome { $created | New-Connection -Name '***** copy' -Header @{ 'x-api-key' = 'Another5Horse6Battery' } }
        ($outcome.Writes.Body | ConvertFrom-Json).payload.say | Should -BeExactly $own.Payload.say
    }
}

Describe '-Payload' {
    BeforeEach {
        $null = Connect-TestSandbox
        $custom = Get-CustomApi
    }

    It 'is sent as it is, typed, in a row and from a property: <Sent>' -ForEach @(
        @{ Given = @{}; Sent = '{}' }
        @{ Given = '{}'; Sent = '{}' }
        @{ Given = @{ a = 1; b = 2.5; c = $true; d = $null; e = 'x' }; Sent = '{ "a": 1, "b": 2.5, "c": true, "d": null, "e": "x" }' }
        @{ Given = [ordered]@{ z = 1; a = @{ n = @(1, 'two', $null, @(3, @())) } }; Sent = '{ "z": 1, "a": { "n": [1, "two", null, [3, []]] } }' }
        @{ Given = [pscustomobject]@{ z = 1; a = [pscustomobject]@{ n = @([pscustomobject]@{ x = 1 }) } }; Sent = '{ "z": 1, "a": { "n": [{ "x": 1 }] } }' }
        @{ Given = @{ of = $computed }; Sent = '{ "of": { "b": "1", "c": "12", "a": "1" } }' }
        @{ Given = @{ list = [Collections.Generic.List[object]]@(1, 2); one = @(1); none = @() }; Sent = '{ "list": [1, 2], "one": [1], "none": [] }' }
        @{ Given = @{ table = [Collections.Generic.Dictionary[string, int]]::new() }; Sent = '{ "table": {} }' }
        @{ Given = $tables; Sent = '{ "a": { "b": 1 } }' }
        @{ Given = @{ 1 = 'number as name' }; Sent = '{ "1": "number as name" }' }
        @{ Given = @{ big = 18446744073709551615; small = [decimal]0.1; long = 9007199254740993 }; Sent = '{ "big": 18446744073709551615, "small": 0.1, "long": 9007199254740993 }' }
        @{ Given = @{ when = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); day = [DayOfWeek]::Monday }; Sent = '{ "when": "2026-01-02T03:04:05Z", "day": "Monday" }' }
        foreach ($address in 'https://a.example.com/x', 'https://a.example.com/m%C3%BCller?x=%22q%22', 'https://a.example.com/v1?filter=a%20b', 'relative%20path') {
            @{ Given = @{ at = [uri]$address; list = @([uri]$address) }; Sent = "{ ""at"": ""$address"", ""list"": [""$address""] }" }
        }
        @{ Given = @{ text = "quote `" line`n {{prompt}} ü 😀 </script>" }; Sent = '{ "text": "quote \" line\n {{prompt}} ü 😀 </script>" }' }
        @{ Given = '{ "a": [1, { "b": null }] }'; Sent = '{ "a": [1, { "b": null }] }' }
        @{ Given = " `n { `"a`": 1.50 } `n"; Sent = '{ "a": 1.50 }' }
        @{ Given = @{ json = '{ "stays": "text" }' }; Sent = '{ "json": "{ \"stays\": \"text\" }" }' }
    ) {
        Assert-Everywhere $custom Payload $Given (Get-SentBody Custom "{ ""payload"": $Sent }")
    }

    It 'is refused where a property fails: <_.Keys>' -ForEach @{ Payload = $broken }, @{ Payload = @{ of = $broken } }, @{ Header = $broken } {
        foreach ($entry in $_.GetEnumerator()) { $custom[$entry.Key] = $entry.Value }
        Assert-Refuses { New-Connection @custom } '-bad could not be read'
    }

    It 'is refused where it is no JSON object: <Saying>' -ForEach @(
        '[1]', '5', '"text"', 'null', 5, $true | ForEach-Object { @{ Given = $_; Saying = 'is not a JSON object' } }
        @{ Given = @(1, 2); Saying = 'is not a JSON object' }
        @{ Given = '{ a: 1 }'; Saying = 'is not valid JSON at line 1, position 3' }
        @{ Given = "{`n  `"a`": 1,`n}"; Saying = 'is not valid JSON at line 3, position 1' }
        @{ Given = '{ "a": 1, "A": 2, "b": [{ "c": 1, "c": 2 }] }'; Saying = "contains the property 'c' twice in the same object" }
        @{ Given = '{ "a": 1 } trailing'; Saying = 'is not valid JSON at line 1, position 12' }
        '{ "a": ', 'text' | ForEach-Object { @{ Given = $_; Saying = 'is not valid JSON at line 1' } }
        @{ Given = @{ a = [double]::NaN }; Saying = 'a value that JSON does not support' }
        # As a whole, a body has a level more than its payload.
        @{ Given = "{ ""a"": $('[' * 999)$(']' * 999) }"; Saying = 'the payload is nested more than 1,000 levels deep' }
        @{ Given = @{ a = [IO.FileInfo]::new('x') }; Saying = 'contains a FileInfo, which JSON does not support' }
        @{ Given = @{ a = $key }; Saying = 'contains a SecureString, which JSON does not support' }
        @{ Given = @{ a = { script } }; Saying = 'contains a ScriptBlock, which JSON does not support' }
        '', '  ', $null | ForEach-Object { @{ Given = $_; Saying = 'A custom API needs either -Payload' } }
        @{ a = "x$([char]0xD800)" }, @{ a = "$([char]0xDC00)x" }, @{ "$([char]0xD800)" = 1 }, "{ ""a"": ""$([char]0xD800)"" }", '{ "a": "\uD800" }', '{ "a\uD800": 1 }', '[{ "b": { "a\uD800": "x" } }]' |
            ForEach-Object { @{ Given = $_; Saying = 'half of a surrogate pair' } }
    ) {
        $custom.Payload = $Given
        Assert-Refuses { New-Connection @custom } $Saying
    }

    It 'may be an object of a class, at any depth: <Of>' -ForEach @(
        @{ Of = { [CustomMessage]::new() }; Sent = '{ "role": "user", "content": "{{prompt}}" }' }
        @{ Of = { @{ messages = @([CustomMessage]::new(), [CustomMessage]@{ role = 'system' }) } }
            Sent = '{ "messages": [{ "role": "user", "content": "{{prompt}}" }, { "role": "system", "content": "{{prompt}}" }] }' }
        @{ Of = { [CustomRequest]::new() }
            Sent = '{ "messages": [{ "role": "user", "content": "{{prompt}}" }], "options": { "top": 1 }, "further": null, "role": "user", "content": "{{prompt}}" }' }
        @{ Of = { @{ a = [Text.Json.JsonDocument]::Parse('{ "p": "{{prompt}}", "n": [1.50] }').RootElement } }; Sent = '{ "a": { "p": "{{prompt}}", "n": [1.50] } }' }
        @{ Of = { [pscustomobject]@{ a = [pscustomobject]@{ b = [CustomMessage]::new() } } }; Sent = '{ "a": { "b": { "role": "user", "content": "{{prompt}}" } } }' }
        @{ Of = { $list = [CustomList]::new(); 1, 2 | ForEach-Object { $null = $list.Add($_) }; @{ p = '{{prompt}}'; list = $list } }; Sent = '{ "p": "{{prompt}}", "list": [1, 2] }' }
    ) {
        $custom.Payload = & $Of
        $body = (Get-CleanOutcome { New-Connection @custom }).Writes.Body | ConvertFrom-Json -AsHashtable
        Assert-Body (ConvertTo-Json $body.payload -Depth 9) $Sent
    }

    It 'is refused in an object of a class as elsewhere, and where it contains itself: <Of>' -ForEach @(
        @{ Of = { [CustomRequest]@{ further = ConvertTo-SecureString x -AsPlainText } }; Saying = 'contains a SecureString, which JSON does not support' }
        @{ Of = { [CustomRequest]@{ further = [IO.FileInfo]::new('x') } }; Saying = 'contains a FileInfo, which JSON does not support' }
        @{ Of = { [CustomRequest]@{ further = { script } } }; Saying = 'contains a ScriptBlock, which JSON does not support' }
        @{ Of = { @{ a = [CustomFailure]::new() } }; Saying = 'contains a CustomFailure, which JSON does not support' }
        @{ Of = { $request = [CustomRequest]::new(); $request.further = $request; $request }; Saying = 'contains itself' }
        @{ Of = { $payload = @{}; $payload.self = $payload; $payload }; Saying = 'contains itself' }
        @{ Of = { $list = [Collections.ArrayList]::new(); $null = $list.Add($list); @{ a = $list } }; Saying = 'contains itself' }
        @{ Of = { $payload = [pscustomobject]@{ self = $null }; $payload.self = $payload; $payload }; Saying = 'contains itself' }
        @{ Of = { [Net.NetworkCredential]::new('u', 'p') }; Saying = 'contains a NetworkCredential, which JSON does not support' }
    ) {
        $custom.Payload = & $Of
        Assert-Refuses { New-Connection @custom } $Saying
    }

    It 'is refused where it is the name of a type, as any other column: <_>' -ForEach @(
        'System.Collections.Hashtable', 'System.Object[]', 'System.Management.Automation.PSCustomObject', 'System.Collections.Specialized.OrderedDictionary'
        '@{a=1; b=2}', 'System.Collections.Generic.Dictionary`2[System.String,System.Object]'
    ) {
        $saying = if ($_[0] -eq '@') { 'contains an object as one line of text instead of its content' } else { "contains the type name '$_' instead of its content" }
        $row = @{ Provider = 'API'; Name = 'n'; EndpointUrl = 'https://llm.example.com/v1'; Payload = '{ "p": "{{prompt}}" }'; OutputPath = 'x' }
        Assert-Refuses { [pscustomobject]($row + @{ Header = $_ }) | New-Connection } "-Header $saying"
        $row.Payload = $_
        Assert-Refuses { [pscustomobject]$row | New-Connection } "-Payload $saying"
        Assert-Refuses { Set-Connection cn-1 -Payload $row.Payload } "-Payload $saying"
        Assert-Refuses { Set-Connection cn-1 -Header $row.Payload } "-Header $saying"
    }

    It 'keeps its order: <_>' -ForEach @(
        [ordered]@{ z = 1; a = [ordered]@{ y = 1; b = 2 }; m = 3 }
        [pscustomobject]@{ z = 1; a = [pscustomobject]@{ y = 1; b = 2 }; m = 3 }
        '{ "z": 1, "a": { "y": 1, "b": 2 }, "m": 3 }'
    ) {
        $custom.Payload = $_
        (Get-CleanOutcome { New-Connection @custom }).Writes.Body.Contains('"payload":{"z":1,"a":{"y":1,"b":2},"m":3}') | Should -BeTrue
    }

    It 'is kept whole at two hundred levels of <What>' -ForEach @(
        @{ What = 'tables'; Step = { @{ d = $deep } }; Open = '{"d":'; Close = '}' }
        @{ What = 'objects'; Step = { [pscustomobject]@{ d = $deep } }; Open = '{"d":'; Close = '}' }
        @{ What = 'lists'; Step = { , @(, $deep) }; Open = '['; Close = ']' }
        @{ What = 'JSON text'; Open = '{"d":'; Close = '}' }
    ) {
        $deep = 'bottom'
        $whole = '{"d":' + $Open * 199 + '"bottom"' + $Close * 199 + '}'
        foreach ($level in 1..199) {
            $deep = if ($Step) { & $Step }
        }

        $custom.Payload = if ($Step) { @{ d = $deep } } else { $whole }
        (Get-CleanOutcome { New-Connection @custom -WhatIf }).Requests | Should -BeNullOrEmpty
        # The sandbox reads no more than 64 levels, but shows what came.
        (Get-Outcome { New-Connection @custom }).Writes.Body.Contains("""payload"":$whole") | Should -BeTrue
    }
}

Describe 'A list of a custom API' {
    BeforeEach {
        $null = Connect-TestSandbox
    }

    It '-PromptVariable <Given> is <On>, typed, in a row and from a property' -ForEach @(
        @{ Given = 'prompt'; On = 'prompt' }
        @{ Given = 'prompt', 'examples'; On = 'prompt', 'examples' }
        @{ Given = 'prompt; SYSTEM_PROMPT'; On = 'prompt', 'system_prompt' }
        @{ Given = 'prompt;;examples;'; On = 'prompt', 'examples' }
        @{ Given = '["system_prompt", "prompt"]'; On = 'prompt', 'system_prompt' }
        @{ Given = @{ name = 'prompt' }; On = 'prompt' }
        @{ Given = @{ Name = 'prompt'; DefaultValue = 'hlo' }; On = 'prompt'; Default = 'hlo' }
        @{ Given = [pscustomobject]@{ name = 'prompt'; status = $false }; On = @() }
        @{ Given = [ordered]@{ name = 'examples'; status = $true; examples = $true }, 'prompt'; On = 'prompt', 'examples' }
        @{ Given = '{ "name": "prompt" }'; On = 'prompt' }
        @{ Given = '[{ "name": "prompt", "status": false }, "examples"]'; On = 'examples' }
        @{ Given = @(); On = @() }
    ) {
        $sent = [regex]::new('"defaultValue":""').Replace((Get-SentPrompt $On), """defaultValue"":""$Default""", 1)
        Assert-Everywhere (Get-CustomApi) PromptVariable $Given (Get-SentBody Custom "{ ""promptVars"": $sent }")
    }

    It '-CustomVariable <Given> is <Sent>, typed, in a row and from a property' -ForEach @(
        @{ Given = 'tone'; Sent = 'tone' }
        @{ Given = 'tone', 'target_language'; Sent = 'tone', 'target_language' }
        @{ Given = 'target_language; tone'; Sent = 'target_language', 'tone' }
        @{ Given = '["tone"]'; Sent = 'tone' }
        @{ Given = @{ name = 'tone' }, 'target_language'; Sent = 'tone', 'target_language' }
        @{ Given = @{ name = 'tone'; required = $true; displayName = 'T'; defaultValue = 'dry' }; Sent = 'tone'; Change = '{ "required": true, "displayName": "T", "defaultValue": "dry" }' }
        @{ Given = @{ name = 'tone'; description = 'kept'; limits = @(1, 2) }; Sent = 'tone'; Change = '{ "description": "kept", "limits": [1, 2] }' }
        @{ Given = '[{ "name": "tone" }, { "name": "target_language", "status": true }]'; Sent = 'tone', 'target_language' }
        @{ Given = @(); Sent = @() }
    ) {
        $Change ??= '{}'
        $variables = $Sent | ForEach-Object { Get-SentVariable $_ $Change }
        Assert-Everywhere (Get-CustomApi) CustomVariable $Given (Get-SentBody Custom "{ ""customVars"": [$($variables -join ', ')] }")
    }

    It '-Feature <Given> is <On>, typed, in a row and from a property' -ForEach @(
        @{ Given = 'streaming'; On = 'streaming' }
        @{ Given = 'STREAMING', 'toolcalling', 'streaming'; On = 'toolCalling', 'streaming' }
        @{ Given = 'dataGeneration; structuredResponse ;'; On = 'dataGeneration', 'structuredResponse' }
        @{ Given = '["supportTools", "parallelToolCalling"]'; On = 'supportTools', 'parallelToolCalling' }
        @{ Given = '{ "streaming": true, "toolCalling": false }'; On = 'streaming' }
    ) {
        Assert-Everywhere (Get-CustomApi -Mapped) Feature $Given (Get-SentBody Mapped "{ ""llmFeatures"": $(Get-SentFeature $On) }")
    }

    It '-IOMapping <Given> is <Sent>, typed, in a row and from a property' -ForEach @(
        @{ Given = 'textToImage'; Sent = '["textToImage"]' }
        @{ Given = 'imagetotext', 'textToText'; Sent = '["imageToText", "textToText"]' }
        @{ Given = 'audioToText;textToText;audioToText'; Sent = '["audioToText", "textToText"]' }
        @{ Given = '["textToText", "textToImage"]'; Sent = '["textToText", "textToImage"]' }
        @{ Given = ''; Sent = '["textToText"]' }
    ) {
        Assert-Everywhere (Get-CustomApi -Mapped) IOMapping $Given (Get-SentBody Mapped "{ ""IOMappings"": $Sent }")
    }

    It 'is refused: <Saying>' -ForEach @(
        @{ With = @{ PromptVariable = 'prompt', 'tone' }; Saying = "-PromptVariable 'tone' is not valid. Accepted values: prompt, system_prompt, examples" }
        @{ With = @{ PromptVariable = @{ status = $true } }; Saying = 'contains a variable without a name' }
        @{ With = @{ CustomVariable = @{ displayName = 'x' } }; Saying = 'contains a variable without a name' }
        @{ With = @{ CustomVariable = '[{ "name": "" }]' }; Saying = 'contains a variable without a name' }
        @{ With = @{ CustomVariable = '[{ ]' }; Saying = '-CustomVariable is not valid JSON' }
        @{ With = @{ CustomVariable = @{ name = 'x'; defaultValue = $key } }; Saying = 'contains a SecureString, which JSON does not support' }
        @{ With = @{ PromptVariable = @{ name = @(1) } }; Saying = '-PromptVariable is not a string' }
        @{ With = @{ CustomVariable = "v$([char]0xD800)" }; Saying = 'half of a surrogate pair' }
        @{ With = @{ CustomVariable = @{ name = 'v'; "p$([char]0xD800)" = 'x' } }; Saying = 'A string contains half of a surrogate pair' }
        @{ With = @{ CustomVariable = '[{ "name": "v", "status": true, "Status": true }]' }; Saying = "-CustomVariable contains 'Status' twice. Remove one of them" }
        @{ Mapped = $true; With = @{ IOMapping = 'textToSpeech' }; Saying = "-IOMapping 'textToSpeech' is not valid. Accepted values: textToText, textToImage, imageToText, audioToText" }
        @{ Mapped = $true; With = @{ IOMapping = "textToText;'';" }; Saying = 'is not valid' }
        @{ Mapped = $true; With = @{ IOMapping = 'textToText, imageToText' }; Saying = 'in a row separate them with semicolons: textToText; imageToText' }
        @{ Mapped = $true; With = @{ Feature = 'streaming,toolCalling' }; Saying = 'in a row separate them with semicolons: streaming;toolCalling' }
    ) {
        $arguments = Get-CustomApi -Mapped:$Mapped -With $With
        Assert-Refuses { New-Connection @arguments } $Saying
    }

    It 'that is left out is what the payload names: <Text>' -ForEach @(
        @{ Text = '{{prompt}}'; On = 'prompt' }
        @{ Text = 'nothing'; On = 'prompt' }
        @{ Text = '{{system_prompt}} {{examples}}'; On = 'prompt', 'system_prompt', 'examples' }
        @{ Text = '{{prompt}} {{ system_prompt }} {{examples }} {{sys tem}}'; On = 'prompt', 'system_prompt', 'examples' }
    ) {
        $custom = Get-CustomApi
        $custom.Payload = @{ t = $Text }
        Assert-Creates { New-Connection @custom } (Get-SentBody Custom "{ ""payload"": { ""t"": ""$Text"" }, ""promptVars"": $(Get-SentPrompt $On) }")
    }
}
