# What a pipeline, a shell or a template did not fill in, and what the platform could not fill: nothing of it becomes a connection without a word.

BeforeDiscovery {
    $left = '$(X)', 'a $(Build.Stage) b', '${env:X}', 'a ${ENV:X_1} b', '$env:X is', 'b #{X}# c', '${X}', ' ${a.b} ', '%X%', '__Token__', '@@X@@', '$[variables.X]', '$[variables.a.b]'
    $meant = @(
        '$(1+2)', '$( ls )', '$(get x)', 'costs $5', '100%', '%d and 50% of it%', 'the ${x} of JavaScript`s ${y}', '{{prompt}} {{ system_prompt }}', '${{ prompt }}', '#{ x }', '#1 {x}#', 'call __init__ first',
        '$[0]', 'a$[variables.X]', 'me@@x@@y', '$env', '$environment:', '${1}', '%20', 'C:\%TEMP%\x', '<X>', '!X!', '$X', '#{X}', '%{X}', 'env: X', 'env:prod', 'see env:X', 'azkv:team', 'env:'
    )
    $address = 'https://a.example.com/'
}

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $key = 'sk-matrix-0123456789abcdef'
    $endpoint = 'https://llm.example.com/v1'
    $env:KORE_TEST_GATEWAY = 'gw-made-up-0123456789'

    # A manifest of one custom API, with the payload and the variables as JSON.
    function New-Manifest($Payload, $With = @{}) {
        $path = "$TestDrive/$(New-Guid).json"
        @{ connections = @(@{ provider = 'API'; name = 'Own'; endpointUrl = 'https://a.example.com'; payload = $Payload; outputPath = 'x' } + $With) } | ConvertTo-Json -Depth 9 | Set-Content $path
        $path
    }
}

Describe 'What was left of a variable in a payload' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused with its place: <_>' -ForEach $left {
        $api = Get-CustomApi -With @{ Payload = @{ m = '{{prompt}}'; n = @(@{ z = $_ }) } }
        $row = [pscustomobject](@{ Provider = 'API' } + $api)
        $row.PSObject.Properties.Remove('CustomApi')
        $cell = [pscustomobject]@{ Provider = 'API'; Name = 'n'; EndpointUrl = $endpoint; OutputPath = 'x'; Payload = ConvertTo-Json $api.Payload -Depth 5 }
        $saying = "-Payload contains '$("$_".Trim() -replace '^(a|b) | (b|c|is)$')' at 'n[0].z', which a pipeline or a shell did not replace"
        Assert-Refuses { New-Connection @api } $saying
        Assert-Refuses { $row | New-Connection } $saying
        Assert-Refuses { $cell | New-Connection } $saying
        Assert-Refuses { Set-Connection cn-1 -Payload $api.Payload } $saying
        Assert-Refuses { Test-ConnectionKey -CustomApi -EndpointUrl $endpoint -Payload $api.Payload -OutputPath x -Header @{ a = 'b' } } $saying
    }

    It 'is refused as a reference where a key belongs, which nothing resolves: <_>' -ForEach 'env:GATEWAY_KEY', ' ENV:X_2 ', 'azkv:team/gateway' {
        $api = Get-CustomApi -With @{ Payload = @{ m = '{{prompt}}'; auth = @{ api_key = $_ } } }
        Assert-Refuses { New-Connection @api } "-Payload contains '$("$_".Trim())' at 'auth.api_key'"
        $tags = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = @{ m = '{{prompt}}'; tags = @($_, 'team:x') } }
        ((Get-CleanOutcome { New-Connection @tags }).Writes.Body | ConvertFrom-Json).payload.tags[0] | Should -BeExactly $_
    }

    It 'is refused as a reference behind a word, and as the default of a variable: <_>' -ForEach 'env:K1', 'Bearer env:K1', 'azkv:v/n', 'Bearer azkv:v/n' {
        foreach ($name in 'api_key', 'authorization', 'token', 'secret', 'password') {
            $api = Get-CustomApi -With @{ Payload = @{ m = '{{prompt}}'; auth = @{ $name = $_ } } }
            Assert-Refuses { New-Connection @api } "-Payload contains '$_' at 'auth.$name'"
        }

        $api = Get-CustomApi -With @{ Payload = @{ m = '{{prompt}}'; auth = @(@{ name = 'x-api-key'; value = $_ }) } }
        Assert-Refuses { New-Connection @api } "-Payload contains '$_' at 'auth[0].value'"
        $api = Get-CustomApi -With @{ CustomVariable = @(@{ name = 'api_key'; defaultValue = $_ }) }
        Assert-Refuses { New-Connection @api } "-CustomVariable contains '$_' at 'api_key.defaultValue'"
        Assert-Refuses { Set-Connection cn-1 -CustomVariable $api.CustomVariable } "-CustomVariable contains '$_' at 'api_key.defaultValue'"
    }

    It 'is sent under a name that is no key''s, and as an example in a schema: <_>' -ForEach 'Bearer env:K1', 'file:a.key', 'secret:team/x', 'azkv:v', '<your-key>', '$apiKey', 'your-key-here' {
        $payload = @{ m = '{{prompt}}'; note = $_; tools = @(@{ parameters = @{ api_key = @{ type = 'string'; description = $_ } } }) }
        $api = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = $payload; CustomVariable = @(@{ name = 'tone'; defaultValue = $_ }) }
        (Get-CleanOutcome { New-Connection @api }).Writes | Should -HaveCount 1
    }

    It 'is a password, or a word of the API, under a key''s name: <_>' -ForEach 'env:staging', 'Bearer env:prod', 'file:report.pdf', 'secret:team/x', '<MASK>', '...', 'There', '$user.id', 'Enter your password here', 'secret: a word', 'file://host/x', 'env:', 'secret:', '12:file:x', 'pa$$w0rd', '$ecret', '$Summer2024', '{{api_key}}', 'envy:x', '<a/b>', 'null', '' {
        $api = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = @{ m = '{{prompt}}'; api_key = $_ }; CustomVariable = @(@{ name = 'api_key'; defaultValue = $_ }) }
        (Get-CleanOutcome { New-Connection @api }).Writes | Should -HaveCount 1
    }

    It 'is refused in the default of a variable' {
        $api = Get-CustomApi -With @{ Payload = @{ m = '{{prompt}} {{tone}}' }; CustomVariable = @(@{ name = 'tone'; defaultValue = '$(TONE)' }) }
        $saying = "-CustomVariable contains '`$(TONE)' at 'tone.defaultValue'"
        Assert-Refuses { New-Connection @api } $saying
        Assert-Refuses { Set-Connection cn-1 -CustomVariable $api.CustomVariable } $saying
    }

    It 'is sent where it is meant: <_>' -ForEach $meant {
        $api = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = @{ m = '{{prompt}}'; z = $_ }; CustomVariable = @(@{ name = 'tone'; defaultValue = $_ }) }
        $outcome = Get-CleanOutcome { New-Connection @api }
        ($outcome.Writes.Body | ConvertFrom-Json).payload.z | Should -BeExactly $_
        $outcome.Warnings | Should -BeNullOrEmpty
    }

    It 'is warned of in a manifest, with its place: <_>' -ForEach $left.Where({ $_ -notmatch '\$\{env:' }) {
        $manifest = New-Manifest @{ m = '{{prompt}}'; n = @(@{ z = $_ }) }
        $test = Get-CleanOutcome { Test-ConnectionManifest $manifest }
        $test.Output | Should -BeNullOrEmpty
        "$($test.Warnings)" | Should -BeLike "Own: the payload contains * at 'n?0?.z', which looks like a variable*"
        "$((Get-CleanOutcome { Sync-Connection $manifest -WhatIf }).Warnings)" | Should -BeLike "Own: the payload contains *"
        $sync = Get-CleanOutcome { Sync-Connection $manifest }
        "$($sync.Warnings)" | Should -BeLike "Own: the payload contains *"
        ($sync.Writes.Body | ConvertFrom-Json).payload.n[0].z | Should -BeExactly $_
        (Get-CleanOutcome { Sync-Connection $manifest }).Warnings | Should -BeNullOrEmpty -Because 'nothing is sent'
    }

    It 'is sent with a warning where it may be code: <_>' -ForEach 'for f in $(ls)', 'Today is $(date).', 'user=$(whoami)', '$(document).ready($(this).hide())', 'LaTeX: $(x)$' {
        $api = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = @{ m = '{{prompt}}'; z = $_ } }
        $outcome = Get-CleanOutcome { New-Connection @api }
        ($outcome.Writes.Body | ConvertFrom-Json).payload.z | Should -BeExactly $_
        "$($outcome.Warnings)" | Should -BeLike "*the payload contains '`$(*)' at 'z', which looks like a variable*"
    }

    It 'stays what it is where a platform has it' {
        $null = Get-CleanOutcome { Sync-Connection (New-Manifest @{ m = '{{prompt}}'; z = '$(X)' }) }
        (Get-Connection Own -Detailed).Payload | Should -Match '\$\(X\)'
        $null = Get-CleanOutcome { Export-Connection "$TestDrive/out.yaml" -Force }
        (Get-CleanOutcome { Compare-Connection "$TestDrive/out.yaml" }).Output.Action | Should -Be 'InSync'
        $copy = Get-CleanOutcome { Get-Connection Own -Detailed | New-Connection -Name Copy }
        ($copy.Writes.Body | ConvertFrom-Json).payload.z | Should -BeExactly '$(X)'
        $own = Get-Connection Own -Detailed
        ((Get-CleanOutcome { Set-Connection $own.ConnectionId -Payload $own.Payload }).Writes.Body | ConvertFrom-Json).payload.z | Should -BeExactly '$(X)'
        $null = Connect-TestSandbox
        ((Get-CleanOutcome { Sync-Connection "$TestDrive/out.yaml" }).Writes.Body | ConvertFrom-Json).payload.z | Should -BeExactly '$(X)'
    }
}

Describe 'What was left of a variable in a header' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused by each way: <_>' -ForEach @(
        foreach ($value in '$apiKey', '$row.ApiKey', '$_.Key', '$script:key', '$keys[0]', '$null', '&lt;your-key&gt;', 'sk-ant-api03-', '(Get-Secret x)', 'paste-key-here') { $value; "Bearer $value" }
        foreach ($value in '%G%', '$[variables.G]', '$G', '<G>', '!G!', '#{G}', '%{G}', '%%G%%', '$[ variables[''a''] ]', '$GATEWAY_KEY') { $value; "Bearer $value" }
        'Bearer __G__', 'Bearer {{G}}', 'Bearer @@G@@', 'Bearer ((G))', 'Bearer GATEWAY_TOKEN', 'Bearer sk-...MQAA', 'token REPLACE_ME'
    ) {
        $with = @{ Header = @{ Authorization = $_ } }
        $env:KORE_TEST_LEFT = $_
        foreach ($header in $with.Header, (ConvertTo-Json $with.Header), @{ Authorization = 'env:KORE_TEST_LEFT' }) { Assert-HeaderRefused $header "'Authorization'" }
        $id = (Get-CleanOutcome { New-Connection -CustomApi -Name "h$(New-Guid)" -EndpointUrl $endpoint -MapProvider openAIModel -Feature streaming -Header @{ Authorization = 'env:KORE_TEST_GATEWAY' } }).Output.ConnectionId
        $update = Get-Outcome { Update-ConnectionKey $id @with -SkipVerification }
        $update.ErrorIds | Should -Be 'KoreInvalidInput'
        $update.Writes | Should -BeNullOrEmpty
    }

    It 'is refused of any header: <_>' -ForEach '%X%', '$[variables.X]', 'a $(X)' {
        $manifest = "$TestDrive/header.json"
        @{ connections = @(@{ provider = 'API'; name = 'Own'; endpointUrl = $endpoint; mapProvider = 'openAIModel'; feature = @('streaming'); header = @{ 'x-team' = $_ } }) } | ConvertTo-Json -Depth 9 | Set-Content $manifest
        $problem = Test-ConnectionManifest $manifest
        "$problem" | Should -BeLike '*x-team*'
        Assert-HeaderRefused @{ 'x-team' = $_ } "'x-team'"
    }

    It 'is nothing that a header means: <Name>: <Value>' -ForEach @(
        @{ Name = 'x-path'; Value = 'a%2Fb%20c%2F' }
        @{ Name = 'x-path'; Value = '%2Fb%20' }
        @{ Name = 'Authorization'; Value = 'Digest username="u", realm="<r>", nonce="%x%", uri="/{{a}}"' }
        @{ Name = 'Cookie'; Value = '$Version=1; a=b...c; d=%7B%7D' }
        @{ Name = 'Link'; Value = '<https://a.example.com/x>; rel="next"' }
        @{ Name = 'x-note'; Value = '<G>' }
        @{ Name = 'x-note'; Value = 'OPENAI_API_KEY' }
        @{ Name = 'x-template'; Value = '{{G}}' }
        @{ Name = 'x-price'; Value = '$5' }
        @{ Name = 'x-symbol'; Value = '$AAPL' }
        @{ Name = 'x-path'; Value = '$[?(@.a)]' }
        @{ Name = 'x-format'; Value = '%{a}-%{b}' }
        @{ Name = 'x-filter'; Value = 'LIKE %john%' }
        @{ Name = 'Authorization'; Value = 'V1 HMAC=abc' }
        @{ Name = 'Authorization'; Value = 'Hmac digest abc' }
        @{ Name = 'Authorization'; Value = 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' }
        @{ Name = 'x-api-key'; Value = 'pa$$w0rd!x' }
        @{ Name = 'x-api-key'; Value = '$ecret!Passw0rd' }
        @{ Name = 'x-api-key'; Value = '!Passw0rd!' }
        @{ Name = 'x-api-key'; Value = '100%SAFE%of2024' }
        @{ Name = 'x-api-key'; Value = 'dummy' }
        # Tags and paths, which are no references without their colon.
        @{ Name = 'Surrogate-Key'; Value = 'env/prod' }
        @{ Name = 'X-Tag-Key'; Value = 'env=prod' }
        @{ Name = 'X-Vault-Secret'; Value = 'secret/data/openai' }
        @{ Name = 'x-token-file'; Value = 'file/abc' }
    ) {
        Assert-HeaderSent @{ $Name = $Value } $Value
    }
}

Describe 'An address' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused where it cannot be one: <_>' -ForEach @(
        'https://__HOST__/x', 'https://a.example.com/__X__/y', 'https://a.example.com/%X%', 'https://a.example.com/%BASE_URL%/x', 'https://a.example.com/{{x}}', 'https://{{x}}/', 'https://a.example.com/@@X@@'
        'https://a.example.com/$[variables.X]', 'https://a.example.com/<X>', 'https://a.example.com/x?k=$(K)'
        'https://a.com/x https://b.com', 'https://www.https://a.com/x', 'https://a.com:0/x', 'https://-/x', 'https://a.-.com/x'
        foreach ($value in '$apiKey', '$row.ApiKey', '$_.Key', '$script:key', '$keys[0]') { "https://a.example.com/x?key=$value"; "https://a.example.com/x?a=b&code=$value&c=d" }
        'https://a.example.com/x?code=env:GATEWAY_KEY', 'https://a.example.com/x?a=b&code=azkv:vault/name', 'https://a.example.com/x?code=ENV:k#x'
    ) {
        Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl $_ -Payload @{ m = '{{prompt}}' } -OutputPath x } '-EndpointUrl'
        Assert-Refuses { Set-Connection cn-1 -EndpointUrl $_ } '-EndpointUrl'
    }

    It 'is no reference, so that none is advised: <_>' -ForEach 'https://a.example.com/{{tenant}}/v1', 'https://a.example.com/?a=%NAME%', 'https://a.example.com/${X}', 'https://a.example.com/$env:X', '%URL%' {
        $given = $_
        { New-Connection -CustomApi -Name n -EndpointUrl $given -Payload @{ m = '{{prompt}}' } -OutputPath x -ErrorAction Stop } | Should -Throw '-EndpointUrl*' -PassThru |
            ForEach-Object { "$_" | Should -Not -BeLike '*use env:NAME*' }
    }

    It 'may have much in it: <_>' -ForEach @(
        'https://a.example.com/a%2Fb%20c', 'https://a.example.com/%AB%20', 'https://a.example.com/x?q={{x}}', 'https://a.example.com/__init', 'https://a.example.com/a__B__c', 'https://a.example.com/v1/me@x'
        'https://a.com/https://b.com/x', 'https://a.com/x y', 'https://a.com/x http', 'https://https.example.com/x', 'https://xn--bcher-kva.example/', 'https://a-.example.com/x', 'http://localhost:8080/x', 'http://[::1]:8080/x', 'http://127.0.0.1/x', 'https://a.example.com?$filter=x', 'https://a_b.example.com/', 'https://a.example.com/env:x?mode=env&env=x:y', 'https://a.example.com/x?ddtags=env:prod,team:a', 'https://a.example.com/x?tags=env:PROD', 'https://a.example.com/x?q=file:a'
        'https://a.example.com/x?$orderby=$createdOn&sort=$rowId', 'https://a.example.com/x?key=$ecret', 'https://a.example.com/x?key=$Summer2024', 'https://a.example.com/x?q=$apiKey', 'https://a.example.com/x?code=$2a$10$abc'
    ) {
        $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name "u$(New-Guid)" -EndpointUrl $_ -Payload @{ m = '{{prompt}}' } -OutputPath x }
        ($outcome.Writes.Body | ConvertFrom-Json).endpointUrl | Should -BeExactly $_
    }

    It 'of a platform or a gateway is refused, too: <_>' -ForEach 'https://__HOST__', 'https://www.https://a.com', 'https://a.com:0' {
        $given = $_
        { Connect-KorePlatform $given -ApiKey $key -ErrorAction Stop } | Should -Throw -ErrorId 'KoreInvalidInput,*'
    }
}

Describe 'A path into a response' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is refused: <_>' -ForEach '"a"', '//a', '/a', 'choices(0)', 'choices{0}', 'a.`b`', 'text()', 'choices[0.x', 'a..b', '[x]', 'a b', 'a.', ']', 'x[0]y', "a[`u{661}]", '$', '${env:K}', '$(OutputPath)', '$env:K' {
        Assert-Refuses { New-Connection -CustomApi -Name n -EndpointUrl $endpoint -Payload @{ m = '{{prompt}}' } -OutputPath $_ } '-OutputPath is not a path'
    }

    It 'is taken: <_>' -ForEach 'a/b', '@odata.count', 'x-y_z[0][1].é', '[0].a', "l'eau", 'a:b', 'a$b' {
        $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name "p$(New-Guid)" -EndpointUrl $endpoint -Payload @{ m = '{{prompt}}' } -OutputPath $_ }
        ($outcome.Writes.Body | ConvertFrom-Json).outputPath | Should -BeExactly $_
    }
}

Describe 'A payload without the question' {
    BeforeEach { $null = Connect-TestSandbox }

    It 'is warned of by each way: <Text>' -ForEach @(
        @{ Text = 'x'; Says = 'does not use {{prompt}}' }
        @{ Text = '{prompt}'; Says = 'does not use {{prompt}}' }
        @{ Text = '{{promt}}'; Says = 'Did you mean {{prompt}}?' }
        @{ Text = '{{prompt}} {{a b}}'; Says = 'contains {{a b}}, which is not a variable' }
        @{ Text = '{{prompt}} {{}}'; Says = 'contains {{}}, which is not a variable' }
        @{ Text = '{{{prompt}}}'; Says = 'contains {{{prompt}}}, which is not a variable' }
        @{ Text = @{ '{{prompt}}' = 'x' }; Says = 'uses {{prompt}} only in the name of a property' }
    ) {
        $api = Get-CustomApi -With @{ Name = 'w'; Payload = @{ m = $Text } }
        $manifest = New-Manifest @{ m = $Text }
        $id = (Get-CleanOutcome { New-Connection @api }).Output.ConnectionId
        foreach ($way in @(
                { New-Connection @api -WhatIf }
                { Set-Connection $id -Payload $api.Payload }
                { Set-Connection $id -Payload $api.Payload -WhatIf }
                { Test-ConnectionManifest $manifest }
                { Sync-Connection $manifest -WhatIf }
                { Sync-Connection $manifest }
            )) {
            $outcome = Get-CleanOutcome $way
            "$($outcome.Warnings)" | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($Says))*" -Because $way
        }

        (Get-CleanOutcome { Sync-Connection $manifest }).Warnings | Should -BeNullOrEmpty -Because 'it is unchanged'
        (Get-CleanOutcome { Test-ConnectionManifest $manifest -Quiet }).Warnings | Should -BeNullOrEmpty
    }

    It 'is said in the words of a manifest' {
        $manifest = New-Manifest @{ m = '{{prompt}} {{tone}}' }
        "$((Get-CleanOutcome { Test-ConnectionManifest $manifest }).Warnings)" | Should -BeLike 'Own: *Declare it with customVariable.'
    }

    It 'is no matter of a change that need not bring it: <_>' -ForEach @(
        { Set-Connection $id -Payload @{ m = '{{prompt}} {{tone}}' } }
        { Set-Connection $id -Payload @{ m = '{{system_prompt}}' } -PromptVariable system_prompt }
        { Set-Connection $id -OutputPath y }
    ) {
        $api = Get-CustomApi -With @{ Name = 'w'; Payload = @{ m = '{{prompt}} {{tone}}' }; CustomVariable = 'tone' }
        $id = (Get-CleanOutcome { New-Connection @api }).Output.ConnectionId
        (Get-CleanOutcome $_).Warnings | Should -BeNullOrEmpty
    }
}

Describe 'A variable with too few braces' {
    BeforeAll {
        $null = Connect-TestSandbox
        function Get-Warned($Text, $Variable = 'city') {
            $api = Get-CustomApi -With @{ Name = "n$(New-Guid)"; Payload = @{ m = '{{prompt}}'; t = $Text }; CustomVariable = $Variable }
            "$((Get-Outcome { New-Connection @api }).Warnings)"
        }
    }

    It 'is warned of: <_>' -ForEach @(
        '{{system_prompt}', '{system_prompt}}', '{{examples', '{{ examples }', '{{examples and {{prompt}}', 'Be {{city}, please', '{{city}', '{city}}', '{{city', '{{city in the text', '{city}', 'in { city }.', '"{city}"',
        '{"q": "{{city}"}', '{"q": "{city}}"}'
    ) {
        $name = [regex]::Match($_, 'system_prompt|examples|city').Value
        Get-Warned $_ | Should -Match "the payload contains \{\{? ?$name( ?\}\}?)?, which is not a variable in two braces\. Write \{\{$name\}\}\."
    }

    It 'is warned of by a manifest and a change, with the variables that the connection has' {
        $path = New-Manifest @{ m = '{{prompt}} {city}' } @{ customVariable = @('city') }
        $saying = '*the payload contains {city}, which is not a variable in two braces. Write {{city}}.*'
        "$((Get-Outcome { Sync-Connection $path }).Warnings)" | Should -BeLike $saying
        "$((Get-Outcome { Get-Connection Own -Detailed | Set-Connection -Payload @{ m = '{{prompt}} {city}' } }).Warnings)" | Should -BeLike $saying
    }

    It 'is not warned of where it may be something else: <_>' -ForEach @(
        '{{town}', '{town}', '{system_prompt}', '{examples}', '{{city}}', '{{ city }}', '{city} {{city}}', '{% if city %}', '{"a":{"b":{"city":1}}}', '{"a":{city}}', '{"a": {"b": {{city}}}}', '{ x: {{city}}', '\frac{city}{x}', '\begin{city}',
        'a{city}', '^\w+{city}', '\p{city}', '[a]{city}', '(a){city}', '#{city}', '@{city}', '%{city}', 'const x = {city: {examples}};', 'style={{city, x}}', 'x = {{city}, {y}}', '{{city} \over 2}', '{{city | upper}}', '{{city.name}}',
        'body {color: red}', '@media print {a {color: red}}', '[a-z]{2,3}', '{', '}', '{}', '{{', '}}', ':-{', "`u{1F600}{"
    ) {
        Get-Warned $_ | Should -Not -Match 'Write \{\{(city|examples|system_prompt)'
    }
}

Describe 'A variable that a change leaves without a value' {
    BeforeEach {
        $null = Connect-TestSandbox
        $api = Get-CustomApi -With @{ Name = 'w'; Payload = @{ m = '{{prompt}} {{tone}}' }; CustomVariable = 'tone' }
        $id = (Get-CleanOutcome { New-Connection @api }).Output.ConnectionId
    }

    It 'is warned of once, with the details or without: <Change>' -ForEach @(
        @{ Change = @{ Payload = '{ "m": "{{prompt}} {{length}}" }' }; Says = 'uses {{length}}, but this connection has no such variable, so it is sent as is. Declare it with -CustomVariable.' }
        @{ Change = @{ Payload = '{ "m": "{{prompt}} {{tonne}}" }' }; Says = 'uses {{tonne}}, which may be misspelt. Did you mean {{tone}}?' }
        @{ Change = @{ Payload = '{ "m": "{{prompt}} {{promt}}" }' }; Says = 'uses {{promt}}, which may be misspelt. Did you mean {{prompt}}?' }
        @{ Change = @{ Payload = '{ "m": "{{prompt}} {{system_prompt}}" }' }; Says = 'uses {{system_prompt}}, which is switched off for this connection, so it is sent as is. Switch it on with -PromptVariable.' }
        @{ Change = @{ Payload = '{ "m": "{{prompt}} {{system_prompt}}" }'; PromptVariable = 'prompt' }; Says = 'uses {{system_prompt}}, which is switched off*' }
        @{ Change = @{ PromptVariable = 'system_prompt' }; Says = 'uses {{prompt}}, which is switched off*' }
        @{ Change = @{ PromptVariable = @{ name = 'prompt'; status = $false } }; Says = 'uses {{prompt}}, which is switched off*' }
        @{ Change = @{ CustomVariable = 'length' }; Says = 'uses {{tone}}, but this connection has no such variable, so it is sent as is. Declare it with -CustomVariable.' }
        @{ Change = @{ CustomVariable = @() }; Says = 'uses {{tone}}, but this connection has no such variable*' }
    ) {
        $change = $Change
        foreach ($way in { Set-Connection $id @change }, { Get-Connection -ConnectionId $id | Set-Connection @change }, { Set-Connection $id @change -WhatIf }) {
            $way = if ("$way" -like '*-ConnectionId*') { $read = Get-Connection -ConnectionId $id; { $read | Set-Connection @change } } else { $way }
            $outcome = Get-CleanOutcome $way
            $outcome.Warnings | Should -HaveCount 1 -Because "of $way"
            "$($outcome.Warnings)" | Should -BeLike "*the payload $Says" -Because "of $way"
        }
    }

    It 'is not warned of where it has one, or nobody knows: <_>' -ForEach @(
        @{ Payload = '{ "m": "{{prompt}} {{tone}}" }' }
        @{ Payload = '{ "m": "{{prompt}} {{system_prompt}}" }'; PromptVariable = 'prompt', 'system_prompt' }
        @{ Payload = '{ "m": "{{prompt}} {{length}}" }'; CustomVariable = 'length' }
        @{ CustomVariable = 'tone', 'length' }
        @{ PromptVariable = 'prompt', 'examples' }
        @{ Payload = '{ "m": "{{prompt}}" }'; CustomVariable = @() }
        @{ OutputPath = 'y' }
    ) {
        $change = $_
        (Get-CleanOutcome { Set-Connection $id @change }).Warnings | Should -BeNullOrEmpty
    }

    It 'is not warned of where the platform does not show the variables: <Answer>' -ForEach @(
        @{ Answer = '' }
        @{ Answer = ', "payload": { "m": "{{prompt}}" }, "promptVars": []' }
        @{ Answer = ', "customVars": [{ "name": "len***" }], "promptVars": [{ "name": "prompt" }, { "name": "system_prompt" }]' }
        @{ Answer = ', "customVars": "none", "promptVars": {}' }
    ) {
        Add-Fault @{ Method = 'PATCH'; Status = 200; Body = "{ ""connectionId"": ""$id"", ""connectionName"": ""w"" $Answer }"; Times = 0 }
        $payload = if ($Answer -like '*customVars*') { '{ "m": "{{prompt}} {{system_prompt}} {{length}}" }' } else { '{ "m": "{{prompt}} {{length}} {{system_prompt}}" }' }
        (Get-CleanOutcome { Set-Connection $id -Payload $payload }).Warnings | Where-Object { "$_" -notlike '*may not have been stored*' } | Should -BeNullOrEmpty
    }
}

Describe 'What was left of a variable in what cannot be changed' {
    BeforeAll {
        $null = Connect-TestSandbox
        function New-Row($With) {
            $row = [ordered]@{ Provider = 'OpenAI'; Name = "n$(New-Guid)"; Model = 'gpt-5.5'; ApiKey = $key }
            if ($With.ResourceName -or $With.DeploymentId) { $row.Provider = 'AzureOpenAI'; $row.ResourceName = 'contoso'; $row.DeploymentId = 'd'; $row.ApiVersion = '2024-08-01-preview' }
            if ($With.AuthorizationProfile) { $row.Remove('ApiKey'); $row.Provider = 'API'; $row.EndpointUrl = $endpoint; $row.MapProvider = 'openAIModel'; $row.Feature = 'streaming' }
            if ($With.InputTokensPath -or $With.OutputPath -or $With.CustomVariable) { $row.Remove('ApiKey'); $row.Provider = 'API'; $row.EndpointUrl = $endpoint; $row.Payload = '{"p":"{{prompt}}"}'; $row.OutputPath = 'a.b' }
            foreach ($name in $With.Keys) { $row[$name] = $With[$name] }
            [pscustomobject]$row
        }

        # The same as a manifest's, whose own substitution is escaped.
        function New-RowManifest($Row) {
            $path = "$TestDrive/$(New-Guid).json"
            $entry = @{}
            foreach ($property in $Row.PSObject.Properties) { $entry[$property.Name.Substring(0, 1).ToLowerInvariant() + $property.Name.Substring(1)] = $property.Value }
            if ($entry.apiKey) { $entry.apiKey = 'env:KORE_TEST_GATEWAY' }
            if ($entry.payload) { $entry.payload = @{ p = '{{prompt}}' } }
            (ConvertTo-Json @{ connections = @($entry) } -Depth 9).Replace('${env:', '$${env:') | Set-Content $path
            $path
        }
    }

    It 'is refused as <Field>: <Value>' -ForEach @(
        $names = '$(NAME)', 'x $(NAME) y', '$(Build.Stage)-eu', '$env:NAME', '${NAME}', '#{NAME}#', '%NAME%', '__NAME__', '@@NAME@@', '$[variables.N]', '<name>'
        $identifiers = $names + '${env:NAME}', '${{ variables.N }}', '{{NAME}}', 'env:NAME'
        foreach ($value in $names) { @{ Field = 'Name'; Value = $value } }
        foreach ($value in $names + '<your-model>', 'your-model-name') { @{ Field = 'Model'; Value = $value } }
        foreach ($value in $identifiers) { @{ Field = 'AuthorizationProfile'; Value = $value } }
        foreach ($value in $identifiers) { @{ Field = 'ResourceName'; Value = $value } }
        foreach ($value in $identifiers) { @{ Field = 'DeploymentId'; Value = $value } }
        foreach ($value in 'N/A', 'n/a', '-', '--', '=A1', '%NAME%', '__NAME__', 'env:NAME', '<name>') { @{ Field = 'InputTokensPath'; Value = $value }; @{ Field = 'OutputPath'; Value = $value } }
        foreach ($value in $names) { @{ Field = 'CustomVariable'; Value = @(@{ name = 'tone'; displayName = $value }) }; @{ Field = 'CustomVariable'; Value = @(@{ name = $value }) } }
    ) {
        $row = New-Row @{ $Field = $Value }
        Assert-Refuses { $row | New-Connection } "-$Field "
        # A manifest may have whatever a platform shows for a variable.
        if ($Value -isnot [string] -and $Value[0].displayName) { return }
        @(Test-ConnectionManifest (New-RowManifest $row)).Where({ $_.Message -match 'placeholder|is a variable|is not defined|reference|no value|means|is not a' }) | Should -Not -BeNullOrEmpty
    }

    It 'is nothing that <Field> means: <Value>' -ForEach @(
        foreach ($value in '$row.Name', '$name', 'R&D (EU)', 'a<b', '50% off', '100%', '50%-80%', 'Team {A}', 'NULL Island', 'null', 'Team {{x}}', '$5 plan', 'Cost $(eur)', '#1', 'C# {x}', '_x_', '__init__', '<3', 'Finance <prod>', 'env:prod', '$AAPL', 'none', 'me@@x') { @{ Field = 'Name'; Value = $value } }
        foreach ($value in 'GPT-4 "Omni"', 'https://models.example.com/acme/gpt-4o', 'ft:gpt-4o:org::id', 'llama3:8b', 'anthropic.claude-v2:1', 'models/gemini-2.5-pro', '@cf/meta/llama-3', '$model', '$row.Model', 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2:1', 'org/model:tag', 'accounts/x/models/y', 'a,b', "l'eau", 'hf:org/model', 'ollama://llama3', 'R&D (EU)', 'your-llm-7b', 'none', 'null', '*', 'a|b', '__default__') { @{ Field = 'Model'; Value = $value } }
        foreach ($value in 'none', 'idp-1', 'My Profile (EU)') { @{ Field = 'AuthorizationProfile'; Value = $value } }
        foreach ($value in 'your-bank-openai', 'your-azure-resource', 'resource-name', 'null-island') { @{ Field = 'ResourceName'; Value = $value } }
        foreach ($value in 'deployment', 'deployment-id', 'your-deployment-id', 'null2', '_d_') { @{ Field = 'DeploymentId'; Value = $value } }
        foreach ($value in 'a', '[0]', 'n/a.b', 'usage.input_tokens', '@odata.count', '_', '__typename', 'content[0].text', 'été', 'nothing') { @{ Field = 'InputTokensPath'; Value = $value } }
    ) {
        $row = New-Row @{ $Field = $Value }
        if ($Field -eq 'Name') { $row.Name = $Value }
        (Get-CleanOutcome { $row | New-Connection }).Writes | Should -HaveCount 1
        Test-ConnectionManifest (New-RowManifest $row) | Should -BeNullOrEmpty
    }
}

Describe 'What a variable consists of' {
    BeforeAll {
        $null = Connect-TestSandbox
        function Get-Manifest($Variable) { New-Manifest @{ p = '{{prompt}}' } @{ customVariable = $Variable } }
    }

    It 'is refused by each way: <Case>' -ForEach @(
        @{ Case = 'case'; Given = @{ name = 'v'; defaultvalue = 'eu' }; Saying = "'defaultvalue', which is not a property of a variable. Did you mean defaultValue?"; Listed = "'defaultvalue' is not a property of a variable. Did you mean defaultValue?" }
        @{ Case = 'capitals'; Given = @{ name = 'v'; DISPLAYNAME = 'eu' }; Saying = 'Did you mean displayName?' }
        @{ Case = 'beginning'; Given = @{ name = 'v'; default = '1' }; Saying = 'Did you mean defaultValue?' }
        foreach ($word in 'no', 'nein', 'off', 'yes', 0, 1) { @{ IsOfManifest = $false; Case = "status $word"; Given = @{ name = 'v'; status = $word }; Saying = "has status '$word'. Use true or false." } }
        @{ IsOfManifest = $false; Case = 'required'; Given = @{ name = 'v'; required = 'on' }; Saying = "has required 'on'. Use true or false." }
        @{ IsOfManifest = $false; Case = 'line break'; Given = @{ name = 'v'; displayName = "a`nb" }; Saying = 'contains a line break at position 2 of 3' }
        @{ IsOfManifest = $false; Case = 'repeated'; Given = @{ name = 'v' }, @{ name = 'V' }; Saying = "contains 'V' twice. Remove one of them." }
        @{ Case = 'repeated, the same'; Given = 'v', 'v'; Saying = "contains 'v' twice" }
        @{ IsOfManifest = $false; Case = 'repeated, padded'; Given = @{ name = 'v' }, @{ name = ' v ' }; Saying = ' twice' }
    ) {
        $json = ConvertTo-Json @($Given) -Depth 5
        $api = Get-CustomApi -With @{ CustomVariable = $Given }
        Assert-Refuses { New-Connection @api } $Saying
        Assert-Refuses { [pscustomobject]@{ Provider = 'API'; Name = 'n'; EndpointUrl = $endpoint; OutputPath = 'x'; Payload = '{"p":"{{prompt}}"}'; CustomVariable = $json } | New-Connection } $Saying
        Assert-Refuses { Set-Connection cn-1 -CustomVariable $Given } $Saying
        # A manifest may have whatever a platform has.
        if ($IsOfManifest -ne $false) { "$(Test-ConnectionManifest (Get-Manifest @($Given)))" | Should -BeLike "*$($Listed ?? $Saying)*" }
    }

    It 'is sent by each way: <Case>' -ForEach @(
        @{ IsOfManifest = $false; Case = 'words'; Given = @{ name = 'v'; status = 'false'; required = 'TRUE' }; Sent = '"status":false,"dataType":"String","elementType":"textBox","defaultValue":"","required":true' }
        @{ Case = 'flags'; Given = @{ name = 'v'; status = $false; required = $true }; Sent = '"status":false,"dataType":"String","elementType":"textBox","defaultValue":"","required":true' }
        @{ IsOfManifest = $false; Case = 'white space'; Given = @{ name = ' v '; displayName = "V`n" }; Sent = '"name":"v","displayName":"V"' }
        @{ IsOfManifest = $false; Case = 'white space around properties'; Given = @{ ' name ' = 'v'; 'required ' = 'true' }; Sent = '"required":true' }
        @{ Case = 'empty'; Given = @{ name = 'v'; displayName = '' }; Sent = '"name":"v","displayName":""' }
        @{ IsOfManifest = $false; Case = 'empty flag'; Given = @{ name = 'v'; required = ''; ' status ' = $false }; Sent = '"status":false,"dataType":"String","elementType":"textBox","defaultValue":"","required":false' }
        @{ Case = 'first capital'; Given = @{ Name = 'v'; DefaultValue = 'no' }; Sent = '"defaultValue":"no"' }
        @{ Case = 'further'; Given = @{ name = 'v'; foo = 'no'; data = 1 }; Sent = '"foo":"no"' }
        @{ Case = 'alike'; Given = @{ name = 'v' }, @{ name = 'v2' }; Sent = '"name":"v2"' }
    ) {
        $json = ConvertTo-Json @($Given) -Depth 5
        $api = Get-CustomApi -With @{ Name = "v$(New-Guid)"; CustomVariable = $Given }
        (Get-CleanOutcome { New-Connection @api }).Writes.Body | Should -BeLike "*$Sent*"
        (Get-CleanOutcome { [pscustomobject]@{ Provider = 'API'; Name = "v$(New-Guid)"; EndpointUrl = $endpoint; OutputPath = 'x'; Payload = '{"p":"{{prompt}}"}'; CustomVariable = $json } | New-Connection }).Writes.Body | Should -BeLike "*$Sent*"
        if ($IsOfManifest -eq $false) { return }
        $manifest = Get-Manifest @($Given)
        Test-ConnectionManifest $manifest | Should -BeNullOrEmpty
        $null = Connect-TestSandbox
        (Get-CleanOutcome { Sync-Connection $manifest }).Writes.Body | Should -BeLike "*$Sent*"
        (Get-CleanOutcome { Compare-Connection $manifest }).Output.Action | Should -Be InSync
    }
}
