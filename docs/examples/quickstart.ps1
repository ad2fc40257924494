<#
.SYNOPSIS
A first tour of KoreConnections against a sandbox on this machine: no account, no real key, no network.

.DESCRIPTION
    dotnet tool exec powershell -y -- ./build.ps1 Demo    # with the .NET SDK only
    ./build.ps1 Demo                                      # in PowerShell
#>

# A script that changes things should stop at the first error.
$ErrorActionPreference = 'Stop'

if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

# Keys come by reference: env:NAME, file:PATH or azkv:VAULT/NAME. The key itself is in no script and no history.
# These are made up; they are taken away again at the end.
$env:TOUR_OPENAI_KEY = 'sk-made-up-openai-4f1c7a90MQAA'
$env:TOUR_ANTHROPIC_KEY = 'sk-ant-made-up-7d20e5b3QXBB'
$env:TOUR_AZURE_KEY = 'made-up-azure-93b8d1c6f2a4ZRCC'
$env:TOUR_GATEWAY_KEY = 'made-up-gateway-0e6b5d7a1fPLDD'

try {
    # Objects go to Out-Default here and there, so that each listing is a table of its own.
    '--- Connect. With a real platform: Connect-KorePlatform agent-platform.kore.ai -ApiKey env:KORE_API_KEY'
    Connect-KorePlatform -Sandbox -PassThru | Out-Default

    # Longer commands read better with their parameters in a table.
    $finance = @{
        Name         = 'Finance'
        Model        = 'GPT-5.4'
        ApiKey       = 'env:TOUR_AZURE_KEY'
        ResourceName = 'contoso-finance'
        DeploymentId = 'gpt-5.4-eu'
        ApiVersion   = '2024-08-01-preview'
    }

    # A custom API with a payload of its own: the platform fills {{prompt}} in, and finds the answer at OutputPath.
    # Its key travels in a header, which takes references too.
    $ownModel = @{
        Name        = 'Own model'
        EndpointUrl = 'https://llm.example.com/v1/messages'
        Header      = @{ 'x-api-key' = 'env:TOUR_GATEWAY_KEY' }
        Payload     = [ordered]@{
            model      = 'in-house-7b'
            max_tokens = 1024
            messages   = @(@{ role = 'user'; content = '{{prompt}}' })
        }
        OutputPath  = 'content[0].text'
    }

    # A custom API that speaks the format of a provider the platform knows.
    $ownGateway = @{
        Name        = 'Own gateway'
        Model       = 'claude-opus-4-8'
        EndpointUrl = 'https://gateway.example.com/anthropic'
        Header      = @{ 'x-api-key' = 'env:TOUR_GATEWAY_KEY' }
        MapProvider = 'anthropicModel'
        Feature     = 'streaming', 'supportTools'
    }

    '--- Create one connection of each shape:'
    & {
        New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:TOUR_OPENAI_KEY
        New-Connection -Anthropic -Name 'Contract review' -Model claude-opus-4-8 -ApiKey env:TOUR_ANTHROPIC_KEY
        New-Connection -AzureOpenAI @finance
        New-Connection -CustomApi @ownModel
        New-Connection -CustomApi @ownGateway
    } | Out-Default

    '--- List them all:'
    Get-Connection | Out-Default
    '--- Those of one provider; those with a name; those with any property you like:'
    Get-Connection -Provider Anthropic | Out-Default
    Get-Connection -Name 'Own*' | Out-Default
    Get-Connection | Where-Object Model -Like '*-4o' | Out-Default

    '--- Read one by its id, which adds its fields. A key is only ever a mask:'
    $id = (Get-Connection -Name 'Finance').ConnectionId
    (Get-Connection -ConnectionId $id).Fields | Out-Default

    '--- Change a key. The platform answers with the new mask:'
    $env:TOUR_AZURE_KEY = 'made-up-azure-b70c2e91d5f8NEWW'
    $changed = Get-Connection -Name 'Finance' | Set-Connection -ApiKey env:TOUR_AZURE_KEY -PassThru
    "$($changed.ConnectionName): $($changed.Fields['API_KEY'])"

    '--- -WhatIf says what would be done, and does nothing:'
    Get-Connection -Provider OpenAI | Set-Connection -ApiKey env:TOUR_OPENAI_KEY -WhatIf

    '--- An error has an id to match on, a message, and a way out:'
    try {
        New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:TOUR_OPENAI_KEY
    } catch {
        "Id:      $($_.FullyQualifiedErrorId)"
        "Message: $($_.Exception.Message)"
        "Advice:  $($_.ErrorDetails.RecommendedAction)"
    }
} finally {
    # The sandbox ends with its session, and forgets everything: it was given no -SandboxPath.
    Disconnect-KorePlatform
    $env:TOUR_OPENAI_KEY = $env:TOUR_ANTHROPIC_KEY = $env:TOUR_AZURE_KEY = $env:TOUR_GATEWAY_KEY = $null
}
