BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

Describe 'What the module exports' {
    BeforeAll {
        $script:module = Get-Module KoreConnections
        $script:manifest = Import-PowerShellDataFile (Get-ModuleManifest)
        $script:cmdlets = Get-Command -Module KoreConnections
    }

    It 'is what the manifest says' {
        $module.ExportedCommands.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $module.ExportedCmdlets.Count | Should -BeGreaterThan 5
    }

    It 'is listed, with nothing else: <_>' -ForEach 'README.md', 'docs/en-US/about_KoreConnections.help.txt', 'docs/en-US/KoreConnections.md' {
        $text = Get-Content "$PSScriptRoot/../$_" -Raw
        # The table of README, the list of the topic, the headings of the module's page: a name at the beginning of a line or of a cell.
        $listed = [regex]::Matches($text, '(?m)^(?:\| `|#+ \[?|    (?=\S+ {2}))(?:([A-Z][a-z]+-[A-Z][A-Za-z]+)(?:`, `)?)+').ForEach({ $_.Groups[1].Captures.Value })
        $listed | Sort-Object -Unique | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'is no alias, function or variable' {
        $module.ExportedAliases.Count + $module.ExportedFunctions.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has approved verbs and singular nouns' {
        $cmdlets.Verb | Should -BeIn (Get-Verb).Verb
        $cmdlets.Noun | Should -Not -Match 's$'
    }

    It 'has -WhatIf and -Confirm exactly where something is changed or written' {
        $changing = $cmdlets | Where-Object { $_.Parameters.ContainsKey('WhatIf') -and $_.Parameters.ContainsKey('Confirm') }
        $changing.Name | Sort-Object | Should -Be ($cmdlets | Where-Object Verb -In Export, New, Set, Sync, Update).Name
    }

    It 'says what it emits, and emits nothing else: <_>' -ForEach @(Get-Command -Module KoreConnections | Where-Object Verb -NotIn Disconnect, Unregister) {
        $_.OutputType.Name | Should -Not -BeNullOrEmpty
        $_.OutputType.Name | Should -Match '^(KoreConnections\.|System\.(Boolean|IO\.FileInfo)$)'
    }

    It 'takes -Session wherever it talks to the platform, never from the pipeline' {
        foreach ($cmdlet in $cmdlets | Where-Object { $_.Noun -match '^Connection' -and $_.Name -ne 'Test-ConnectionManifest' }) {
            $cmdlet.Parameters.Keys | Should -Contain 'Session' -Because $cmdlet.Name
            $cmdlet.Parameters['Session'].Attributes.Where({ $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }) | Should -BeNullOrEmpty -Because $cmdlet.Name
        }
    }

    It 'answers a Test- with a boolean where -Quiet is given' {
        $cmdlets | Where-Object Verb -EQ Test | ForEach-Object { $_.Parameters.Keys | Should -Contain 'Quiet' -Because $_.Name }
    }

    It 'makes no text of a script block: each parameter for text says what it takes' {
        $texts = foreach ($cmdlet in $cmdlets) {
            $cmdlet.Parameters.Values |
                Where-Object { $_.ParameterType -in [string], [string[]], [object[]] -and $_.Name -notin [Management.Automation.Cmdlet]::CommonParameters } |
                Where-Object { -not $_.Attributes.Where({ $_ -is [Management.Automation.ArgumentTransformationAttribute] }) } |
                ForEach-Object { "$cmdlet -$($_.Name)" }
        }
        $texts | Should -BeNullOrEmpty
    }

    Context 'where PowerShell asks and nobody answers' {
        BeforeAll {
            Set-Content "$TestDrive/asked.yaml" 'connections: [{ provider: OpenAI, name: One, model: gpt-4, apiKey: made-up-key-0000000001 }]'
            # One shell for all of it. Of each line, the part before the colon says what it is about.
            $script:shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$TestDrive/asked.yaml" {
                param($Manifest, $File)
                Import-Module $Manifest
                Register-KeySource loud { Write-Warning 'said'; 'made-up-key-0000000001' }

                Connect-KorePlatform -Sandbox -WithSamples
                $rows = Get-Connection -Provider OpenAI | ForEach-Object { [pscustomobject]@{ ConnectionId = $_.ConnectionId; ApiKey = 'loud:x' } }
                $changed = @($rows | Set-Connection -PassThru -Debug -WarningVariable warnings 3>&1 5>$null)
                "alone: changed $(@($changed | Where-Object ConnectionId).Count -eq $rows.Count), warned $($changed.Where{ $_ -is [Management.Automation.WarningRecord] }.Count) $($warnings.Count)"
                "alone: errors $($Error.Count)"

                Get-Connection 'Support desk' | Set-Connection -ApiKey made-up-key-0000000002
                'impact: not asked'
                & { $ConfirmPreference = 'Medium'; Get-Connection 'Support desk' | Set-Connection -ApiKey made-up-key-0000000003 }

                foreach ($preference in 'Warning', 'Verbose', 'Debug', 'Information') {
                    Connect-KorePlatform -Sandbox
                    Set-Variable "${preference}Preference" Inquire
                    $came = @(try {
                            if ($preference -eq 'Information') { Test-ConnectionManifest $File -IgnoreKeys } else { New-Connection -OpenAI -Name One -Model no-such-model -ApiKey loud:x | ForEach-Object { "emitted $($_.ConnectionName)" } }
                        } catch { "$($_.FullyQualifiedErrorId) $_" })
                    Set-Variable "${preference}Preference" SilentlyContinue
                    $came + "made $(@(Get-Connection).Count)" | ForEach-Object { "${preference}: $_" }
                }

                $sandbox = Connect-KorePlatform -Sandbox -ApiKey kg-chosen-0123456789abcdef -PassThru
                $control = @{ Headers = @{ 'x-api-key' = 'kg-chosen-0123456789abcdef' } }
                $narrow = (Invoke-RestMethod ([uri]::new($sandbox.BaseUri, '/sandbox/keys')) -Method Post @control -Body '{"scopes":["Manage Connections"]}').key
                try { $session = Connect-KorePlatform "$($sandbox.BaseUri)" $narrow -WarningAction Inquire -PassThru } catch { "session: $($_.FullyQualifiedErrorId)" }
                "session: $((Get-KoreSession).BaseUri -eq $sandbox.BaseUri)"
            }

            function Get-Said($About) { @($shell.Output) -like "${About}: *" -replace '^\w+: ' }
        }

        It 'asks about nothing with -Debug alone, and shows all' {
            Get-Said alone | Should -Be 'changed True, warned 1 1', 'errors 0' -Because $shell.Error
        }

        It 'never asks an automation: the impact is medium' {
            Get-Said impact | Should -Be 'not asked'
            $shell.Error | Should -Match 'NonInteractive'
        }

        It 'ends with its own error, and emits what it did: <Preference>' -ForEach @(
            @{ Preference = 'Warning'; Parameter = '-WarningAction Continue'; Made = 0 }
            @{ Preference = 'Verbose'; Parameter = "`$VerbosePreference = 'Continue'"; Made = 1 }
            @{ Preference = 'Debug'; Parameter = "`$DebugPreference = 'Continue'"; Made = 1 }
            @{ Preference = 'Information'; Parameter = '-InformationAction Continue'; Made = 0 }
        ) {
            $output = Get-Said $Preference
            $said = "KoreInvalidInput,KoreConnections.Commands.*PowerShell could not ask whether to continue because there is no input to answer with*Use $Parameter to continue without questions."
            @($output) -like $said | Should -HaveCount 1 -Because "$($shell.Output) $($shell.Error)"
            "$($shell.Output)" | Should -Not -Match 'KoreInternalError|NullReference'
            $output | Should -Contain "made $Made" -Because "$output"
            @($output) -like 'emitted One' | Should -HaveCount $Made -Because "$output"
        }

        It 'keeps the session that was connected before a warning was a question' {
            Get-Said session | Should -Be 'KoreInvalidInput,KoreConnections.Commands.ConnectKorePlatformCommand', 'True' -Because "$($shell.Output) $($shell.Error)"
        }
    }

    It 'has <Cmdlet> with the syntax <Syntax>' -ForEach @(
        @{ Cmdlet = 'Connect-KorePlatform'; Syntax = '[-HostName] <string> [-ApiKey] <securestring>' }
        @{ Cmdlet = 'Connect-KorePlatform'; Syntax = '-Sandbox [-SandboxPath <string>]' }
        @{ Cmdlet = 'Get-Connection'; Syntax = '[[-Name] <string[]>] [-Provider <string>] [-Status <string>] [-Limit <int>] [-Detailed]' }
        @{ Cmdlet = 'Get-Connection'; Syntax = '-ConnectionId <string[]>' }
        @{ Cmdlet = 'New-Connection'; Syntax = '-InputObject <Object> [-Name <string>] [-IfNotExists] [-Model <string>] [-ApiKey <securestring>]' }
        @{ Cmdlet = 'New-Connection'; Syntax = '-OpenAI -Name <string> -Model <string> -ApiKey <securestring>' }
        @{ Cmdlet = 'New-Connection'; Syntax = '-Anthropic -Name <string> -Model <string> -ApiKey <securestring>' }
        @{ Cmdlet = 'New-Connection'; Syntax = '-AzureOpenAI -Name <string> -Model <string> -ApiKey <securestring> -ResourceName <string> -DeploymentId <string> -ApiVersion <string>' }
        @{ Cmdlet = 'New-Connection'; Syntax = '-CustomApi -Name <string> -EndpointUrl <string>' }
        @{ Cmdlet = 'Set-Connection'; Syntax = '[-ConnectionId] <string> [-ApiKey] <securestring>' }
    ) {
        "$(Get-Command $Cmdlet -Syntax)" | Should -BeLike "*$Cmdlet $([WildcardPattern]::Escape($Syntax))*"
    }
}

Describe 'What importing costs' {
    It 'stays near what an empty binary module costs' {
        Add-Type -TypeDefinition 'public sealed class Nothing : System.Management.Automation.PSCmdlet { }' -OutputAssembly "$TestDrive/Empty.dll" -ReferencedAssemblies ([psobject].Assembly.Location)
        New-ModuleManifest "$TestDrive/Empty.psd1" -RootModule Empty.dll -FunctionsToExport @() -CmdletsToExport @() -AliasesToExport @()
        $times = @{ empty = @(); ours = @() }
        $modules = @{ empty = "$TestDrive/Empty.psd1"; ours = Get-ModuleManifest }
        # In turn, so that a busy moment meets both.
        foreach ($name in @('empty', 'ours') * 5) {
            $times[$name] += [double](Invoke-Shell -ArgumentList $modules[$name] {
                    param($Module)
                    # Of the processor, because on a busy machine the clock counts what others do.
                    $before = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
                    Import-Module $Module
                    ([Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $before).TotalMilliseconds
                }).Output[0]
        }
        $sum = @{}
        foreach ($name in $times.Keys) { $sum[$name] = ($times[$name] | Measure-Object -Sum).Sum }
        # About twice on a machine with nothing else to do (docs/performance.md); the margin is for those that are busy.
        $sum.ours / $sum.empty | Should -BeLessThan 6
    }
}
