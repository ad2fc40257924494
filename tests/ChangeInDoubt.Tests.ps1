# Changes whose answer is lost or cannot be used: Set-Connection and Sync-Connection find out by reading.

BeforeAll {
    Import-Module "$PSScriptRoot/BindingTools.psm1" -Force
    $script:file = "$TestDrive/doubt.yaml"
    $env:DOUBT_KEY = 'sk-doubt-0123456789abcdef'
}

Describe 'A change without a usable answer' {
    BeforeEach {
        $sandbox = Connect-TestSandbox
        $named = Add-Connection a
        $customApi = Get-CustomApi -With @{ Name = 'c'; Header = @{ 'x-api-key' = 'sk-header-0123456789abcd' } }
        $custom = (New-Connection @customApi).ConnectionId
    }

    Context 'that was made: <Status> <Body>' -ForEach @(
        @{ Status = 204; Body = '' }
        @{ Status = 200; Body = '{}' }
        @{ Status = 200; Body = '{"success":true}' }
        @{ Status = 200; Body = '{"connectionId":"cn-' }
    ) {
        BeforeEach {
            Add-Fault @{ Method = 'PATCH'; Status = $Status; Body = $Body; AfterWork = $true }
        }

        It 'is done for Set-Connection: <_>' -ForEach @(
            { Get-Connection a | Set-Connection -ApiKey env:DOUBT_KEY -PassThru }
            { [pscustomobject]@{ Name = 'a'; ApiKey = 'env:DOUBT_KEY' } | Set-Connection -PassThru }
            { Set-Connection $custom -EndpointUrl https://other.example.com/v2 -OutputPath z -PassThru }
            { Set-Connection $custom -Header @{ 'x-api-key' = 'env:DOUBT_KEY' } -PassThru }
        ) {
            $outcome = Get-CleanOutcome $_
            $outcome.Output.ConnectionId | Should -BeIn $named, $custom
            $outcome.Writes | Should -HaveCount 1
        }

        It 'is done for Sync-Connection' {
            $before = Get-Connection a -Detailed
            $shown = @{ connectionId = $named; connectionName = 'a'; provider = 'Open AI'; model = $before.Model; fields = @{ API_KEY = 'sk***ZZZZ' }; modifiedOn = '2020-01-01T00:00:00Z' }
            Add-Fault @{ Method = 'GET'; Path = $named; Status = 200; Body = ConvertTo-Json $shown }
            Set-Content $file "connections:`n  - { provider: OpenAI, name: a, model: $($before.Model), apiKey: env:DOUBT_KEY }"
            $outcome = Assert-Outcome { Sync-Connection $file -Name a } -WriteCount 1 -PassThru
            $outcome.Output.Action, $outcome.Output.Outcome | Should -Be ChangeKey, Done
            $sandbox.HasKey($named, $env:DOUBT_KEY) | Should -BeTrue
        }
    }

    Context 'that failed by its own answer' {
        It 'is unknown where only the time of a change is shown, which may be that of somebody else: <_>' -ForEach @(
            { Get-Connection a | Set-Connection -ApiKey env:DOUBT_KEY }
            { Set-Connection $custom -Header @{ 'x-api-key' = 'env:DOUBT_KEY' } }
        ) {
            Add-Fault @{ Method = 'PATCH'; Status = 500; Body = '{"message":"x"}'; AfterWork = $true }
            $outcome = Assert-Outcome $_ -ErrorId KoreServerError -ErrorLike '*: Could not determine whether the change was made: *' -PassThru
            $outcome.Errors | Should -BeLike '* Reading the connection shows a change at that time, but not which one.'
        }

        It 'is done where the connection shows what it lacked before: <Status>' -ForEach @(
            @{ Status = 200; Body = '{"success":false,"message":"nope"}' }
            @{ Status = 500; Body = '{"message":"oops"}' }
        ) {
            Set-Content $file "connections:`n  - { provider: API, name: c, endpointUrl: '$($customApi.EndpointUrl)', payload: { a: 1 }, outputPath: x, inputTokensPath: i }"
            Add-Fault @{ Method = 'PATCH'; Status = $Status; Body = $Body; AfterWork = $true }
            $outcome = Get-Outcome { Sync-Connection $file -Name c }
            $outcome.Errors | Should -BeNullOrEmpty
            $outcome.Output.Outcome | Should -Be Done
        }

        It 'is done where the piped connection lacked what is shown: <_>' -ForEach 200, 500 {
            Add-Fault @{ Method = 'PATCH'; Status = $_; Body = '{"success":false,"message":"nope"}'; AfterWork = $true }
            $outcome = Get-CleanOutcome { Get-Connection c -Detailed | Set-Connection -OutputTokensPath o -PassThru }
            $outcome.Output.OutputTokensPath | Should -Be o
        }

        It 'says where the connection has the new values, which nobody saw before' {
            Add-Fault @{ Method = 'PATCH'; Status = 500; Body = '{"message":"x"}'; AfterWork = $true }
            $outcome = Get-Outcome { Set-Connection $custom -OutputPath z }
            $outcome.Errors | Should -BeLike '* Reading the connection shows the new values, but it may have had them before.'
        }

        It 'fails where nothing is changed, with one read each' {
            Add-Fault @{ Method = 'PATCH'; Status = 500; Body = '{"message":"x"}'; Times = 0 }
            $outcome = Assert-Outcome { Get-Connection a | Set-Connection -ApiKey env:DOUBT_KEY } -ErrorId KoreServerError -ErrorLike '*failed (HTTP 500)*' -PassThru
            $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike '*. Reading the connection does not show the change.'
        }
    }

    Context 'that no read can show' {
        BeforeEach {
            Add-Fault @{ Method = 'PATCH'; Status = 204; Body = ''; AfterWork = $true }
            $shown = "{ ""connectionId"": ""$named"", ""connectionName"": ""a"", ""provider"": ""Open AI"", ""fields"": { ""API_KEY"": ""KEY"" } }"
        }

        It 'is unknown for Set-Connection' {
            Add-Fault @{ Method = 'GET'; Path = $named; Times = 0; Status = 200; Body = $shown.Replace('"KEY"', '"***"') }
            $outcome = Get-Outcome { Set-Connection $named env:DOUBT_KEY }
            $outcome.ErrorIds | Should -Be KoreUnexpectedResponse
            $outcome.Errors | Should -BeLike '*Could not determine whether the change was made: HTTP 204 returned an empty answer. Reading the connection does not show it.'
            $outcome.Errors.ErrorDetails.RecommendedAction | Should -BeLike 'Check the connection and its ModifiedOn with Get-Connection before you change it again.*'
        }

        It 'is unconfirmed for Sync-Connection' {
            Add-Fault @{ Method = 'GET'; Path = $named; Status = 200; Body = $shown.Replace('"KEY"', '"sk***ZZZZ"') }
            Add-Fault @{ Method = 'GET'; Path = $named; Times = 0; Status = 200; Body = $shown.Replace('"KEY"', '"***"') }
            Set-Content $file "connections:`n  - { provider: OpenAI, name: a, model: $((Get-Connection | Where-Object ConnectionName -EQ a).Model), apiKey: env:DOUBT_KEY }"
            $outcome = Get-Outcome { Sync-Connection $file -Name a -InformationVariable script:said }
            $outcome.ErrorIds | Should -Be KoreUnexpectedResponse
            $outcome.Output.Outcome, $outcome.Output.IsDrift, $outcome.Output.ErrorId | Should -Be Unconfirmed, $true, KoreUnexpectedResponse
            "$($outcome.Output.Error)" | Should -BeLike 'Could not determine whether the change was made*'
            "$said" | Should -BeLike '*0 done, 0 failed, 1 unconfirmed, 0 skipped*'
        }
    }
}
