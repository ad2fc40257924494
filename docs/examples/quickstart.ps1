<#
.SYNOPSIS
A tour of KoreConnections in a sandbox on this machine. It needs no account, no real key and no network.

.DESCRIPTION
    dotnet tool exec powershell -y -- ./build.ps1 Demo    # with the .NET SDK only
    ./build.ps1 Demo                                      # in PowerShell
#>

# A script that changes things should stop at the first error.
$ErrorActionPreference = 'Stop'

if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

# Keys are given by reference: env:NAME, file:PATH or azkv:VAULT/NAME. No key is in a script or in the history.
# These are made up, and are removed at the end.
$env:TOUR_OPENAI_KEY = 'sk-made-up-openai-4f1c7a90MQAA'
$env:TOUR_ANTHROPIC_KEY = 'sk-ant-made-up-7d20e5b3QXBB'
$env:TOUR_AZURE_KEY = 'made-up-azure-93b8d1c6f2a4ZRCC'
$env:TOUR_GATEWAY_KEY = 'made-up-gateway-0e6b5d7a1fPLDD'

try {
    # Out-Default gives each listing a separate table.
    '--- Connect. With a real platform: Connect-KorePlatform agent-platform.kore.ai -ApiKey env:KORE_API_KEY'
    Connect-KorePlatform -Sandbox -PassThru | Out-Default

    # Splatting makes longer commands readable.
    $finance = @{
        Name         = 'Finance'
        Model        = 'GPT-5.4'
        ApiKey       = 'env:TOUR_AZURE_KEY'
        ResourceName = 'contoso-finance'
        DeploymentId = 'gpt-5.4-eu'
        ApiVersion   = '2024-08-01-preview'
    }

    # A custom API with its own payload: the platform replaces {{prompt}}, and reads the answer from OutputPath.
    # Its key is in a header, which also accepts references.
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

    # A custom API with the format of a provider that the platform knows.
    $ownGateway = @{
        Name        = 'Own gateway'
        Model       = 'claude-opus-4-8'
        EndpointUrl = 'https://gateway.example.com/anthropic'
        Header      = @{ 'x-api-key' = 'env:TOUR_GATEWAY_KEY' }
        MapProvider = 'anthropicModel'
        Feature     = 'streaming', 'supportTools'
    }

    '--- Create one connection of each kind:'
    & {
        New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:TOUR_OPENAI_KEY
        New-Connection -Anthropic -Name 'Contract review' -Model claude-opus-4-8 -ApiKey env:TOUR_ANTHROPIC_KEY
        New-Connection -AzureOpenAI @finance
        New-Connection -CustomApi @ownModel
        New-Connection -CustomApi @ownGateway
    } | Out-Default

    '--- List them all:'
    Get-Connection | Out-Default
    '--- Filter by provider, by name, or by any property:'
    Get-Connection -Provider Anthropic | Out-Default
    Get-Connection -Name 'Own*' | Out-Default
    Get-Connection | Where-Object Model -Like '*-4o' | Out-Default

    '--- Read one by its id, which adds its fields. The key is a mask:'
    $id = (Get-Connection -Name 'Finance').ConnectionId
    (Get-Connection -ConnectionId $id).Fields | Out-Default

    '--- Change a key. The platform returns the new mask:'
    $env:TOUR_AZURE_KEY = 'made-up-azure-b70c2e91d5f8NEWW'
    $changed = Get-Connection -Name 'Finance' | Set-Connection -ApiKey env:TOUR_AZURE_KEY -PassThru
    "$($changed.ConnectionName): $($changed.Fields['API_KEY'])"

    '--- -WhatIf shows what would happen, and changes nothing:'
    Get-Connection -Provider OpenAI | Set-Connection -ApiKey env:TOUR_OPENAI_KEY -WhatIf

    '--- An error has an id, a message, and advice:'
    try {
        New-Connection -OpenAI -Name 'Support desk' -Model gpt-5.5 -ApiKey env:TOUR_OPENAI_KEY
    } catch {
        "Id:      $($_.FullyQualifiedErrorId)"
        "Message: $($_.Exception.Message)"
        "Advice:  $($_.ErrorDetails.RecommendedAction)"
    }
} finally {
    # The sandbox stops with its session. Without -SandboxPath, it keeps nothing.
    Disconnect-KorePlatform
    $env:TOUR_OPENAI_KEY = $env:TOUR_ANTHROPIC_KEY = $env:TOUR_AZURE_KEY = $env:TOUR_GATEWAY_KEY = $null
}
