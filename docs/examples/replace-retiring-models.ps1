<#
.SYNOPSIS
Creates a successor for each connection whose model is retired or retires soon, and lists what you have to move.

.DESCRIPTION
    $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/replace-retiring-models.ps1 -WhatIf
    pwsh docs/examples/replace-retiring-models.ps1 -Successor @{ 'gpt-4o' = 'gpt-5.5' }

The model of a connection cannot be changed, so the successor is a second connection: "NAME (NEW-MODEL)". Its key is first
verified at the provider. If one cannot be created, the list says why, and the others are created. The list of what to move is
a CSV file. You can run the script repeatedly: an existing successor is not created again, and an existing list is never
overwritten.

Connections to Azure OpenAI are only listed: you change the model of the deployment, and its connections stay. The exit code
is 0 if each other connection has a successor, with -WhatIf if it would have one, otherwise 1. It is also 1 if the platform lists
no connection or not all of them, or if one could not be examined.

To rehearse without an account or a real key, use -Sandbox. It creates some connections and sends nothing to a provider.
With -WhatIf, no list is written.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # References to the keys of the successors: azkv:VAULT/NAME, env:NAME or file:PATH. No key is in a script or in the history.
    [string] $OpenAIKey = 'env:OPENAI_API_KEY',

    [string] $AnthropicKey = 'env:ANTHROPIC_API_KEY',

    # The new model for each old one. Other models get the one that the provider recommends.
    [hashtable] $Successor = @{},

    # The number of days in which a model retires.
    [int] $WithinDays = 90,

    # The new file for the list of what to move.
    [string] $ListPath = 'successors.csv',

    # A gateway to use instead of the providers.
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

# 1. Find retiring models. What is not listed is not replaced.
$connections = @(Get-Connection -WarningVariable incomplete)
if ($incomplete -or $connections.Count -eq 0) {
    $why = if ($incomplete) { "$incomplete Try again." } else { 'the platform lists no connection. Check KORE_HOST and the scopes of KORE_API_KEY.' }
    "Nothing was created: $why"
    exit 1
}
$ending = @($connections | Find-ConnectionIssue -Rule ModelRetired, ModelRetiring -WithinDays $WithinDays -ErrorAction Continue -ErrorVariable unread)

# After a connection is created, it would be too late.
if ($ending -and -not $WhatIfPreference -and -not (Test-Path -LiteralPath $ListPath -PathType Leaf)) {
    try {
        [IO.FileStream]::new($PSCmdlet.GetUnresolvedProviderPathFromPSPath($ListPath), 'CreateNew', 'Write', 'None', 1, [IO.FileOptions]::DeleteOnClose).Dispose()
    } catch {
        "Nothing was created: -ListPath '$ListPath' cannot be written. Specify the path of a new file. $($_.Exception.GetBaseException().Message)"
        exit 1
    }
}

# It may have your ticks.
if ($ending -and -not $WhatIfPreference -and (Test-Path -LiteralPath $ListPath)) {
    "Nothing was created: $ListPath exists. Rename it, or specify another -ListPath."
    exit 1
}

# 2. Create successors. Each key is verified first.
$list = foreach ($issue in $ending) {
    $entry = [ordered]@{
        RetiresOn = '{0:yyyy-MM-dd}' -f $issue.DueOn; Provider = $issue.Provider
        From = $issue.ConnectionName; FromId = $issue.ConnectionId; FromModel = $issue.Model; To = ''; ToId = ''; ToModel = ''; ToDo = ''
    }
    $model = if ($issue.Model -and $Successor[$issue.Model]) { $Successor[$issue.Model] } else { $issue.Replacement }
    $key = @{ 'Open AI' = $OpenAIKey; Anthropic = $AnthropicKey }[$issue.Provider]
    if (-not $key) {
        $entry.ToDo = $issue.Advice
    } elseif (-not $model) {
        $entry.ToDo = "Choose a model, and pass it with -Successor @{ '$($issue.Model)' = 'MODEL' }."
    } else {
        $new = @{ Provider = $issue.Provider; Name = "$($issue.ConnectionName) ($model)"; Model = $model; ApiKey = $key }
        $gateway = if ($ProviderUri) { @{ ProviderUri = $ProviderUri } } else { @{} }
        try {
            $test = if (-not $Sandbox -or $ProviderUri) { [pscustomobject]$new | Test-ConnectionKey @gateway }
            $made = if (-not $test -or $test.IsUsable) { [pscustomobject]$new | New-Connection -IfNotExists }
            if ($test -and -not $test.IsUsable) {
                $entry.ToDo = "The key does not work for $model ($($test.Verdict)). $($test.RecommendedAction)"
            } elseif ($made.Existed -and ($made.Provider -ne $issue.Provider -or $made.Model -ne $model -or $made.Status -ne 'ACTIVE')) {
                $entry.ToDo = "'$($new.Name)' exists, but it is not an active connection to $model ($($made.Provider), $($made.Model), $($made.Status)). " +
                    'Rename it or correct it on the platform, and run the script again.'
            } elseif ($made -or $WhatIfPreference) {
                $entry.To, $entry.ToId, $entry.ToModel = $new.Name, $made.ConnectionId, $model
                $entry.ToDo = 'On the platform, choose the new connection wherever the old one is used: agents, tools, prompts. Then delete the old one there.'
            } else {
                $entry.ToDo = 'The new connection was not created. Run the script again.'
            }
        } catch {
            # The others still need theirs, and the list names those that were created.
            $entry.ToDo = "The new connection is not known to be created: $($_.Exception.Message) $($_.ErrorDetails.RecommendedAction) Then run the script again."
        }
    }
    [pscustomobject]$entry
}

# 3. List what you have to move: the API cannot show where a connection is used, and cannot delete it.
if ($list) {
    if (-not $WhatIfPreference) { $list | Export-Csv -LiteralPath $ListPath -NoClobber -Encoding UTF8 -NoTypeInformation }
    $list | Format-Table RetiresOn, From, FromModel, To, ToDo -Wrap
}

# 4. When everything is moved, delete the old connections on the platform. The next list no longer contains them then.
$open = @($list | Where-Object { -not $_.To -and $_.Provider -ne 'Azure Open AI' })
$verb = if ($WhatIfPreference) { 'would have' } else { 'have' }
"$($ending.Count) retire within $WithinDays days, $(@($list | Where-Object To).Count) $verb a successor, $($open.Count) $verb none."
exit [int]($open.Count -gt 0 -or $unread.Count -gt 0)
