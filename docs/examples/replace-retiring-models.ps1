<#
.SYNOPSIS
Makes a successor for each connection whose model is retired or will be soon, and lists what a person has to move.

.DESCRIPTION
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/replace-retiring-models.ps1 -WhatIf
    pwsh docs/examples/replace-retiring-models.ps1 -Successor @{ 'gpt-4o' = 'gpt-5.5' }

A connection keeps its model, so the successor is a second connection beside it: "NAME (NEW-MODEL)". Its key is verified
at the provider first. The list of what to move is a CSV file. Run it again whenever you like: a successor that is there
is not made again.

Azure OpenAI is listed only: there, the deployment gets another model, and its connections stay. The script exits with 0
when each connection has a successor, and with 1 when one has not.

To rehearse on this machine, without an account or a real key: -Sandbox. It makes some connections and asks no provider.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Where the keys of the successors are: secret:[VAULT/]NAME, env:NAME or file:PATH. No key is in a script or a history.
    [string] $OpenAIKey = 'env:OPENAI_API_KEY',

    [string] $AnthropicKey = 'env:ANTHROPIC_API_KEY',

    # Which model comes after which. For models that are not in it, the one that the provider names.
    [hashtable] $Successor = @{},

    # How many days ahead.
    [int] $WithinDays = 90,

    # The list of what to move.
    [string] $ListPath = 'successors.csv',

    # A gateway that is asked in place of the providers.
    [string] $ProviderUri,

    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

if ($Sandbox) {
    Connect-KorePlatform -Sandbox
    $env:REHEARSAL_KEY = 'sk-made-up-rehearsal-4f1c7a90MQAA'
    $OpenAIKey = $AnthropicKey = 'env:REHEARSAL_KEY'
    $quiet = @{ ApiKey = 'env:REHEARSAL_KEY'; WhatIf = $false; WarningAction = 'Ignore' }
    $null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-4 @quiet
    $null = New-Connection -OpenAI -Name Search -Model gpt-5.5 @quiet
    $null = New-Connection -Anthropic -Name 'Contract review' -Model claude-3-5-haiku-20241022 @quiet
    $null = New-Connection -AzureOpenAI -Name Finance -Model O1 -ResourceName contoso -DeploymentId o1-eu -ApiVersion 2024-10-21 @quiet
}

# 1. Find what ends.
$ending = @(Find-ConnectionIssue -Rule ModelRetired, ModelRetiring -WithinDays $WithinDays)

# 2. Make successors beside them, each verified first.
$list = foreach ($issue in $ending) {
    $entry = [ordered]@{
        RetiresOn = '{0:yyyy-MM-dd}' -f $issue.DueOn; Provider = $issue.Provider
        From = $issue.ConnectionName; FromId = $issue.ConnectionId; FromModel = $issue.Model; To = ''; ToId = ''; ToModel = ''; ToDo = ''
    }
    $model = if ($Successor[$issue.Model]) { $Successor[$issue.Model] } else { $issue.Replacement }
    $key = @{ 'Open AI' = $OpenAIKey; Anthropic = $AnthropicKey }[$issue.Provider]
    if (-not $key) {
        $entry.ToDo = $issue.Advice
    } elseif (-not $model) {
        $entry.ToDo = "Choose a model, and name it with -Successor @{ '$($issue.Model)' = 'MODEL' }."
    } else {
        $new = @{ Provider = $issue.Provider; Name = "$($issue.ConnectionName) ($model)"; Model = $model; ApiKey = $key }
        $gateway = if ($ProviderUri) { @{ ProviderUri = $ProviderUri } } else { @{} }
        $test = if (-not $Sandbox -or $ProviderUri) { [pscustomobject]$new | Test-ConnectionKey @gateway }
        if ($test -and -not $test.IsUsable) {
            $entry.ToDo = "The key does not work for $model ($($test.Verdict)). $($test.RecommendedAction)"
        } else {
            $made = [pscustomobject]$new | New-Connection -IfNotExists
            $entry.To, $entry.ToId, $entry.ToModel = $new.Name, $made.ConnectionId, $model
            $entry.ToDo = 'On the platform, choose the new connection wherever the old one is used: agents, tools, prompts. Then delete the old one there.'
        }
    }
    [pscustomobject]$entry
}

# 3. List what a person has to move: the API can neither see where a connection is used nor delete one.
if ($list) {
    $list | Export-Csv $ListPath -WhatIf:$false
    $list | Format-Table RetiresOn, From, FromModel, To, ToDo -Wrap
}

# 4. Clean up when everything is moved: an old connection that is gone from the platform is gone from this list.
$open = @($list | Where-Object { -not $_.ToId -and $_.Provider -in 'Open AI', 'Anthropic' })
"$($ending.Count) end within $WithinDays days, $(@($list | Where-Object ToId).Count) have a successor, $($open.Count) have none."
exit [int]($open.Count -gt 0 -and -not $WhatIfPreference)
