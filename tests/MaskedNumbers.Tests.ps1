# Whole numbers of a payload under names that may hold a secret: read, compared, promoted. The platform returns them without masks.
BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $script:file = "$TestDrive/numbers.yaml"
    $script:own = @{ Name = 'Own'; EndpointUrl = 'https://llm.example.com/v1'; OutputPath = 'a' }

    function Write-Manifest($Payload) {
        Set-Content $file "connections:`n  - provider: API`n    name: Own`n    endpointUrl: https://llm.example.com/v1`n    payload: $Payload`n    outputPath: a"
    }

    # What the platform returns of the one connection from now on.
    function Set-Answer($Id, $Payload, [string[]] $Method = ('GET', 'PATCH')) {
        $body = @{ connectionId = $Id; connectionName = 'Own'; provider = 'API'; createdOn = '2026-01-01T00:00:00Z'; endpointUrl = $own.EndpointUrl; payload = $Payload; outputPath = 'a' }
        foreach ($one in $Method) {
            Add-Fault @{ Method = $one; Path = $one -eq 'POST' ? $null : $Id; Times = 0; AfterWork = $true; Status = 200; Body = (ConvertTo-Json $body -Depth 9) }
        }
    }

    function New-Own($Payload) {
        $null = Connect-TestSandbox
        $id = (New-Connection -CustomApi @own -Payload @{ p = '{{prompt}}' }).ConnectionId
        Set-Answer $id $Payload
        $id
    }
}

Describe 'A whole number under the name of a secret' {
    BeforeEach {
        Remove-Item env:KORE_KEY_* -ErrorAction Ignore
    }

    It 'is a mask, and in sync with the manifest that has it: <_>' -ForEach @(
        'perTokenLatency', 'summary_token', 'history_token', 'keep_token', 'new_token', 'chunk_token', 'budget_token', 'token_cap', 'image_token', 'mask_token', 'audio_token', 'decoder_token'
        'retry_token', 'pin', 'otp', 'pass', 'password', 'api_key', 'auth', 'credentials', 'session_token'
    ) {
        $payload = @{ p = '{{prompt}}'; $_ = 73024; below = @{ $_ = @{ timeout = 5000.0; list = 1, 3600 } } }
        $id = New-Own $payload
        ConvertTo-Json (Get-Connection Own -Detailed) -Depth 9 | Should -Not -Match '73024|3600'
        Write-Manifest (ConvertTo-Json $payload -Depth 9 -Compress)
        (Compare-Connection $file).Action | Should -Be InSync
        $outcome = Get-CleanOutcome { Sync-Connection $file }
        $outcome.Output.Outcome | Should -Be Unchanged
        $outcome.Writes | Should -BeNullOrEmpty
        $outcome = Get-CleanOutcome { Set-Connection $id -Payload $payload }
        $outcome.Warnings | Should -BeNullOrEmpty

        # A change of something else is one change.
        Write-Manifest (ConvertTo-Json ($payload + @{ more = 1 }) -Depth 9 -Compress)
        (Compare-Connection $file).Difference.Property | Should -Be payload.more
        Export-Connection $file -Merge
        (Compare-Connection $file).Action | Should -Be InSync
    }

    It 'is no difference in the response to its create: <_>' -ForEach 'summary_token', 'pin' {
        $payload = @{ p = '{{prompt}}'; $_ = 4096; auth = @{ timeout = 5000 } }
        $null = Connect-TestSandbox
        Set-Answer cn-1 $payload POST
        (Get-CleanOutcome { New-Connection -CustomApi @own -Payload $payload }).Warnings | Should -BeNullOrEmpty
        $null = Connect-TestSandbox
        Set-Answer cn-1 $payload POST
        Write-Manifest (ConvertTo-Json $payload -Compress)
        (Get-CleanOutcome { Sync-Connection $file }).Warnings | Should -BeNullOrEmpty
    }

    It 'is a difference if another kind of value is there or wanted: <Payload>' -ForEach @(
        @{ Payload = '{ pin: 1234 }'; Actual = 50; Said = 'payload.pin: [*]* -> [*]*' }
        @{ Payload = '{ pin: 50 }'; Actual = 1234; Said = 'payload.pin: [*]* -> 50' }
        @{ Payload = '{ pin: 1.5 }'; Actual = 1234; Said = 'payload.pin: [*]* -> 1.5' }
        @{ Payload = '{ pin: true }'; Actual = 1234; Said = 'payload.pin: [*]* -> true' }
        @{ Payload = '{ pin: [1234] }'; Actual = 1234; Said = 'payload.pin: [*]* -> *' }
        @{ Payload = '{ pin: 1234 }'; Actual = 'x*******************y'; Said = 'payload.pin: x[*]*y -> [*]*' }
        @{ Payload = '{ max_tokens: 4096 }'; Actual = 4097; Said = 'payload.max_tokens: 4097 -> 4096'; Property = 'max_tokens' }
        @{ Payload = '{ max_tokens: 4096 }'; Actual = '***************'; Said = 'payload.max_tokens: *'; Property = 'max_tokens' }
    ) {
        $null = New-Own @{ ($Property ?? 'pin') = $Actual }
        Write-Manifest $Payload
        (Compare-Connection $file).Difference.ForEach({ "$_" }) | Should -BeLike $Said
    }

    It 'is a number again in a promotion: <_>' -ForEach 'summary_token', 'pin', 'password', 'perTokenLatency' {
        $null = New-Own @{ p = '{{prompt}}'; $_ = 7302; list = @(@{ $_ = 1234 }, @{ $_ = '0123' }); within = @{ $_ = 1, 1234 } }
        Export-Connection $file -Force
        $text = Get-Content $file -Raw
        $text | Should -Match "$($_): \$\{env:\w+\}\n"
        $text | Should -Not -Match '7302|\b1234|0123'
        $names = [regex]::Matches($text, 'env:(KORE\w+)').ForEach({ "env:$($_.Groups[1])" })
        $names | ForEach-Object { Set-Item $_ '7302' }
        Test-ConnectionManifest $file | Should -BeNullOrEmpty
        (Compare-Connection $file).Action | Should -Be InSync
        Export-Connection $file -Force
        Get-Content $file -Raw | Should -BeExactly $text
        # A number that is read as it is, and is none where it is quoted.
        $names | ForEach-Object { Set-Item $_ '0073' }
        (Compare-Connection $file).Action | Should -Be Update
        $null = Connect-TestSandbox
        $payload = ((Get-CleanOutcome { Sync-Connection $file }).Writes.Body | ConvertFrom-Json).payload
        $payload.$_, $payload.list[0].$_ | ForEach-Object { $_ | Should -BeOfType long; $_ | Should -Be 73 }
        $payload.list[1].$_ | Should -BeExactly '0073'
    }

    It 'is a number again where a merge writes it within braces' {
        $null = New-Own @{ p = '{{prompt}}'; pin = 7302 }
        Write-Manifest '{ p: "{{prompt}}" }'
        Export-Connection $file -Merge
        Get-Content $file -Raw | Should -Match 'pin: !!int "\$\{env:KORE_KEY_OWN_PAYLOAD_PIN\}"'
        (Compare-Connection $file -IgnoreKeys).Action | Should -Be InSync
        $env:KORE_KEY_OWN_PAYLOAD_PIN = 73
        $null = Connect-TestSandbox
        ((Get-CleanOutcome { Sync-Connection $file }).Writes.Body | ConvertFrom-Json).payload.pin | Should -BeOfType long
    }

    It 'is a number without a tag where a merge writes the table of it: <Old>' -ForEach @(
        foreach ($old in 'none', '', '5', '[]', '"x"') { @{ Old = $old; New = @{ pin = 7302; more = @(1, @{ otp = 4711 }) } } }
        foreach ($old in 'none', "`n        - 1`n        - 2", "`n        - 1`n        - a", "`n        - 1`n        -") { @{ Old = $old; New = @(1, @{ pin = 7302; b = 2 }) } }
    ) {
        $null = New-Own ([ordered]@{ p = '{{prompt}}'; box = $New; z = 'end' })
        Write-Manifest "`n      p: `"{{prompt}}`"`n      box: $Old`n      z: end"
        (Get-Content $file) -replace ' $' | Set-Content $file
        Export-Connection $file -Merge
        $text = Get-Content $file -Raw
        $text | Should -Match 'pin: \$\{env:\w+\}\n'
        $text | Should -Not -Match '!!|(?:box:|-) \n|7302|4711'
        [regex]::Matches($text, 'env:(KORE\w+)').ForEach({ Set-Item "env:$($_.Groups[1])" '7302' })
        $null = Connect-TestSandbox
        $box = ((Get-CleanOutcome { Sync-Connection $file }).Writes.Body | ConvertFrom-Json).payload.box
        ($box.pin ?? $box[1].pin) | Should -BeOfType long
    }

    It 'is named by a warning if JSON makes it a string' {
        $null = New-Own @{ p = '{{prompt}}'; auth = @{ pin = 7302 } }
        Export-Connection "$TestDrive/numbers.json" -Force -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike "'Own': payload.auth.pin is a number, which a reference in JSON makes a string. Export to YAML, or write the number itself."
        Get-Content "$TestDrive/numbers.json" -Raw | Should -Match '"pin": "\$\{env:KORE_KEY_OWN_PAYLOAD_AUTH_PIN\}"'
        Export-Connection $file -Force -WarningVariable warned
        $warned | Should -BeNullOrEmpty
    }
}
