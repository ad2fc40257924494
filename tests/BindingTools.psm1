# What a script sends, body by body: for tests of what binds, what is checked and what goes out. The sandbox is one of
# this process, so its requests are seen as they came, keys included.

Import-Module "$PSScriptRoot/TestTools.psm1" -Global -Force
$null = [Reflection.Assembly]::LoadFrom((Join-Path (Get-Module KoreConnections).ModuleBase KoreConnections.Sandbox.dll))

$script:requests = [Collections.Concurrent.ConcurrentQueue[KoreConnections.Sandbox.SandboxRequest]]::new()
$script:sandbox = $null
$script:endpoint = 'https://llm.example.com/v1'
$script:key = 'sk-matrix-0123456789abcdef'
$ExecutionContext.SessionState.Module.OnRemove = { Disconnect-TestSandbox }

<#
.SYNOPSIS
Makes a new, empty sandbox the current session's, in place of the one before, and emits it.
#>
function Connect-TestSandbox {
    param([hashtable] $Option = @{}, [hashtable] $Connect = @{})

    Disconnect-TestSandbox
    $settings = [KoreConnections.Sandbox.SandboxOptions]$Option
    $settings.OnRequest = $requests.Enqueue
    $script:sandbox = [KoreConnections.Sandbox.SandboxServer]::Start($settings)
    Connect-KorePlatform $sandbox.BaseUri $sandbox.Keys.Issue() -SkipVerification -RetryIntervalSec 0 @Connect
    $sandbox
}

function Disconnect-TestSandbox {
    if ($sandbox) {
        Disconnect-KorePlatform
        $sandbox.Dispose()
        $script:sandbox = $null
        $requests.Clear()
    }
}

<#
.SYNOPSIS
Makes the next requests go wrong, as the sandbox's Fault says.
#>
function Add-Fault {
    param([hashtable] $Fault)

    $next = $Fault.Clone()
    if ($next.Headers) {
        $headers = [Collections.Generic.Dictionary[string, string]]::new()
        $next.Headers.GetEnumerator().ForEach({ $headers[$_.Key] = $_.Value })
        $next.Headers = $headers
    }

    $sandbox.Faults.Add([KoreConnections.Sandbox.Fault]$next)
}

<#
.SYNOPSIS
Creates connections of OpenAI and emits their ids.
#>
function Add-Connection {
    param([string[]] $Name)

    foreach ($one in $Name) {
        (New-Connection -OpenAI -Name $one -Model gpt-5.5 -ApiKey (ConvertTo-SecureString sk-seed-0123456789abcdef -AsPlainText)).ConnectionId
    }
}

<#
.SYNOPSIS
Runs a script and emits what came of it: Output, Errors (the one that ended it last) and their ErrorIds, Warnings, Requests and the Writes among them.
#>
function Get-Outcome {
    param([scriptblock] $Script)

    $requests.Clear()
    $all = [Collections.Generic.List[object]]::new()
    try {
        & $Script 2>&1 3>&1 | ForEach-Object { $all.Add($_) }
    } catch {
        $all.Add($_)
    }

    $errors, $rest = $all.Where({ $_ -is [Management.Automation.ErrorRecord] }, 'Split')
    $warnings, $output = $rest.Where({ $_ -is [Management.Automation.WarningRecord] }, 'Split')
    [pscustomobject]@{
        Output   = @($output)
        Errors   = @($errors)
        ErrorIds = @($errors | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] })
        Warnings = @($warnings)
        Requests = $requests.ToArray()
        Writes   = @($requests.ToArray().Where({ $_.Method -ne 'GET' }))
    }
}

<#
.SYNOPSIS
Gets an outcome that has to be without an error.
#>
function Get-CleanOutcome {
    param([scriptblock] $Script)

    $outcome = Get-Outcome $Script
    $outcome.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty
    $outcome
}

<#
.SYNOPSIS
The script has this outcome: these errors, which are none unless given, the names and the number of what it emits, warnings, writes, requests.
#>
function Assert-Outcome {
    param(
        [scriptblock] $Script, [AllowNull()] [string[]] $ErrorId, [string] $ErrorLike, [string] $MessageLike, [object[]] $Target, [AllowNull()] [string[]] $Name,
        [int] $OutputCount, [AllowEmptyString()] [string] $WarningLike, [int] $WarningCount, [int] $WriteCount, [int] $RequestCount, [switch] $PassThru
    )

    $outcome = Get-Outcome $Script
    $outcome.ErrorIds | Should -Be $ErrorId -Because "of $($outcome.Errors)"
    switch ($PSBoundParameters.Keys) {
        ErrorLike { "$($outcome.Errors)" | Should -BeLike $ErrorLike }
        MessageLike { $outcome.Errors.Exception.Message | Should -BeLike $MessageLike }
        Target { $outcome.Errors.TargetObject | Should -BeExactly $Target }
        Name { $outcome.Output.ConnectionName | Should -BeExactly $Name }
        OutputCount { $outcome.Output | Should -HaveCount $OutputCount }
        WarningLike { "$($outcome.Warnings)" | Should -BeLike $WarningLike }
        WarningCount { $outcome.Warnings | Should -HaveCount $WarningCount -Because "of $($outcome.Warnings)" }
        WriteCount { $outcome.Writes | Should -HaveCount $WriteCount -Because "of $($outcome.Writes.Target)" }
        RequestCount { $outcome.Requests | Should -HaveCount $RequestCount -Because "of $($outcome.Requests.Target)" }
    }

    if ($PassThru) {
        $outcome
    }
}

<#
.SYNOPSIS
The script creates connections with exactly these bodies, in any order because rows are sent in parallel, and writes nothing else.
#>
function Assert-Creates {
    param([scriptblock] $Script, [string[]] $Body, [switch] $PassThru)

    $outcome = Get-CleanOutcome $Script
    $outcome.Writes | ForEach-Object { "$($_.Method) $($_.Target)" } | Should -Be (@('POST /api/public/connections') * $Body.Count)
    Assert-Body $outcome.Writes.Body $Body
    if ($PassThru) {
        $outcome
    }
}

<#
.SYNOPSIS
The script makes one change, of this connection, and sends nothing else but reads of it.
#>
function Assert-Changes {
    param([scriptblock] $Script, [string] $ConnectionId, [string] $Body, [string] $Method = 'PATCH', [switch] $PassThru)

    $outcome = Get-CleanOutcome $Script
    $outcome.Writes | ForEach-Object { "$($_.Method) $($_.Target)" } | Should -Be "$Method /api/public/connections/$ConnectionId"
    $outcome.Requests.Target | Select-Object -Unique | Should -Be "/api/public/connections/$ConnectionId"
    Assert-Body $outcome.Writes.Body $Body
    if ($PassThru) {
        $outcome
    }
}

<#
.SYNOPSIS
The script sends and emits nothing, and fails with these errors, of which the first has these words and none has the key.
#>
function Assert-Refuses {
    param([scriptblock] $Script, [string] $Saying, [string[]] $ErrorId = 'KoreInvalidInput', [switch] $PassThru)

    $outcome = Get-Outcome $Script
    $outcome.ErrorIds | Should -Be $ErrorId -Because "of $($outcome.Errors)"
    $outcome.Requests | Should -BeNullOrEmpty
    $outcome.Output | Should -BeNullOrEmpty
    if ($Saying) {
        "$($outcome.Errors[0])" | Should -BeLike "*$([Management.Automation.WildcardPattern]::Escape($Saying))*"
    }

    # What was piped is in PowerShell's own errors, but none of it is said.
    foreach ($failure in $outcome.Errors) {
        $target = if ($failure.Exception -is [KoreConnections.KoreException]) { $failure.TargetObject }
        "$failure $($failure.Exception) $target" | Should -Not -BeLike "*$key*"
    }
    if ($PassThru) {
        $outcome
    }
}

<#
.SYNOPSIS
A value of New-Connection is sent the same typed, in a row and bound from a property: three connections with this body.
#>
function Assert-Everywhere {
    param([hashtable] $Arguments, [string] $Parameter, [object] $Value, [string] $Body)

    $typed, $row, $rest = $Arguments.Clone(), $Arguments.Clone(), $Arguments.Clone()
    $typed.Name, $row.Name, $rest.Name = 'n0', 'n1', 'n2'
    $typed[$Parameter] = $row[$Parameter] = $Value
    $row.Provider = 'API'
    $row.Remove('CustomApi')
    $rest.Remove($Parameter)
    Assert-Creates { New-Connection @typed; $row | New-Connection; [pscustomobject]@{ $Parameter = $Value } | New-Connection @rest } @(
        0..2 | ForEach-Object { Merge-Json $Body "{ ""connectionName"": ""n$_"" }" })
}

<#
.SYNOPSIS
A custom API is created with this header, whose value is sent as this.
#>
function Assert-HeaderSent {
    param([object] $Header, [string] $Value)

    $outcome = Get-CleanOutcome { New-Connection -CustomApi -Name "h$(New-Guid)" -EndpointUrl $endpoint -MapProvider openAIModel -Feature streaming -Header $Header }
    ($outcome.Writes.Body | ConvertFrom-Json).headers.value | Should -BeExactly $Value
}

<#
.SYNOPSIS
Each cmdlet that takes headers refuses this one, typed and in a row.
#>
function Assert-HeaderRefused {
    param([object] $Header, [string] $Saying)

    $api = @{ Name = 'n'; EndpointUrl = $endpoint; MapProvider = 'openAIModel'; Feature = 'streaming'; Header = $Header }
    Assert-Refuses { New-Connection -CustomApi @api } $Saying
    Assert-Refuses { [pscustomobject]($api + @{ Provider = 'API' }) | New-Connection } $Saying
    Assert-Refuses { Set-Connection cn-1 -Header $Header } $Saying
    Assert-Refuses { $null = Update-ConnectionKey cn-1 -Header $Header } $Saying
    Assert-Refuses { Test-ConnectionKey -CustomApi -EndpointUrl $endpoint -MapProvider openAIModel -Header $Header } $Saying
}

<#
.SYNOPSIS
These bodies are the same JSON as those, in any order.
#>
function Assert-Body {
    param([string[]] $Sent, [string[]] $Expected)

    $left = [Collections.Generic.List[string]]@($Sent)
    foreach ($body in $Expected) {
        $wanted = [Text.Json.Nodes.JsonNode]::Parse($body)
        $at = $left.FindIndex({ [Text.Json.Nodes.JsonNode]::DeepEquals($wanted, [Text.Json.Nodes.JsonNode]::Parse($args[0])) })
        if ($at -lt 0) {
            $left -join "`n" | Should -Be $wanted.ToJsonString()
        }

        $left.RemoveAt($at)
    }

    $left | Should -BeNullOrEmpty
}

<#
.SYNOPSIS
Replaces or, where the change is null, removes properties of a JSON object.
#>
function Merge-Json {
    param([string] $Json, [string] $Change = '{}')

    $merged = [Text.Json.Nodes.JsonNode]::Parse($Json)
    foreach ($pair in [Text.Json.Nodes.JsonNode]::Parse($Change).GetEnumerator()) {
        $null = $merged.Remove($pair.Key)
        if ($null -ne $pair.Value) {
            $merged.Add($pair.Key, $pair.Value.DeepClone())
        }
    }

    $merged.ToJsonString()
}

<#
.SYNOPSIS
The body of a create, as the API's document has it; Custom and Mapped are those of Get-CustomApi.
#>
function Get-SentBody {
    param([ValidateSet('OpenAI', 'Anthropic', 'AzureOpenAI', 'Custom', 'Mapped')] [string] $Shape, [string] $Change = '{}')

    $named = """connectionName"": ""n"", ""model"": ""m"", ""fields"": { ""API_KEY"": ""$key"""
    $azure = '"api_version": "2024-08-01-preview", "your_resource_name": "res", "deployment_id": "dep"'
    $api = """provider"": ""API"", ""connectionName"": ""n"", ""endpointUrl"": ""$endpoint"", ""headers"": [], ""status"": ""FINALIZED"", ""isEnable"": true"
    $format = '"idp": "none", "bodyTab": "providerReferences", "mapProvider": "openAIModel", "IOMappings": ["textToText"]'
    $json = switch ($Shape) {
        OpenAI { """provider"": ""Open AI"", $named }" }
        Anthropic { """provider"": ""Anthropic"", ""modelType"": ""EASY_INTEGRATION"", $named }" }
        AzureOpenAI { """provider"": ""Azure Open AI"", ""modelType"": ""EASY_INTEGRATION"", $named, $azure }" }
        Custom { "$api, ""promptVars"": $(Get-SentPrompt prompt), ""customVars"": [], ""payload"": { ""a"": 1 }, ""outputPath"": ""x""" }
        Mapped { "$api, $format, ""llmFeatures"": $(Get-SentFeature streaming)" }
    }
    Merge-Json "{ $json }" $Change
}

<#
.SYNOPSIS
The arguments of New-Connection for the least custom API that is complete.
#>
function Get-CustomApi {
    param([switch] $Mapped, [hashtable] $With = @{})

    $shape = if ($Mapped) { @{ MapProvider = 'openAIModel'; Feature = 'streaming' } } else { @{ Payload = @{ a = 1 }; OutputPath = 'x' } }
    $shape += @{ CustomApi = $true; Name = 'n'; EndpointUrl = $endpoint }
    foreach ($parameter in $With.Keys) {
        $shape[$parameter] = $With[$parameter]
    }

    $shape
}

<#
.SYNOPSIS
A variable of a custom API as it is sent.
#>
function Get-SentVariable {
    param([string] $Name, [string] $Change = '{}')

    $display = $Name.Substring(0, 1).ToUpperInvariant() + $Name.Substring(1).Replace('_', ' ')
    $type = '"status": true, "dataType": "String", "elementType": "textBox", "defaultValue": "", "required": false'
    Merge-Json "{ ""name"": ""$Name"", ""displayName"": ""$display"", $type }" $Change
}

<#
.SYNOPSIS
The variables of the prompt as they are sent, with these on.
#>
function Get-SentPrompt {
    param([string[]] $On)

    $all = foreach ($change in '"name": "prompt", "required": true', '"name": "system_prompt"', '"name": "examples", "examples": true') {
        $name = ($change -split '"')[3]
        Get-SentVariable $name "{ $change, ""status"": $("$($name -in $On)".ToLowerInvariant()) }"
    }
    "[$($all -join ', ')]"
}

<#
.SYNOPSIS
The features of a mapped custom API as they are sent, with these on.
#>
function Get-SentFeature {
    param([string[]] $On)

    $all = 'toolCalling', 'supportTools', 'parallelToolCalling', 'structuredResponse', 'dataGeneration', 'streaming' |
        ForEach-Object { """$_"": $("$($_ -in $On)".ToLowerInvariant())" }
    "{ $($all -join ', ') }"
}

Export-ModuleMember -Function *-*
