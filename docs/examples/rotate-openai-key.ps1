<#
.SYNOPSIS
Creates a new OpenAI key, gives it to all OpenAI connections, and revokes the old one when each of them is confirmed to have the new one.

.DESCRIPTION
    Connect-AzAccount
    $env:OPENAI_ADMIN_KEY = '...'; $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-openai-key.ps1 -ProjectId proj_abc -VaultName team -SecretName openai

OpenAI shows a new key once, so it goes into Azure Key Vault before anything else happens. The tags of the secret say which service account
of OpenAI its key belongs to, which one and which version came before, and whether a rotation is pending. So this script can be run again
after an interruption: once the vault has the new key, it continues with that one and creates no second one. If it is interrupted after OpenAI
has created the key and before the vault has it, that key is lost, and the next run creates another: delete the service account kore-DATE
that nothing uses.

The old key is revoked only when every connection is confirmed, and none where the platform lists no connection or not all of them. It ends
with 0 then, and else with 1, with both keys valid.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [string] $ProjectId,

    # The Azure Key Vault, and the secret with the key of the connections.
    [Parameter(Mandatory)]
    [string] $VaultName,

    [Parameter(Mandatory)]
    [string] $SecretName,

    # The record of each step. It holds masks, never a key.
    [string] $ReportPath = "$SecretName-rotation.jsonl",

    # A gateway that is asked in place of OpenAI whether the new key works.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

$secret = @{ VaultName = $VaultName; Name = $SecretName }
$accounts = "https://api.openai.com/v1/organization/projects/$ProjectId/service_accounts"
$admin = @{ Headers = @{ Authorization = "Bearer $env:OPENAI_ADMIN_KEY" }; ContentType = 'application/json' }

$current = Get-AzKeyVaultSecret @secret
if (-not $current) {
    throw "The vault $VaultName has no secret $SecretName. Put the present key there, with the tag account: the id of its service account at OpenAI."
}

# Connections that are not seen cannot be confirmed.
$connections = @(Get-Connection -Provider OpenAI -WarningVariable incomplete)
if ($incomplete -or $connections.Count -eq 0) {
    $why = if ($incomplete) { "$incomplete Try again." } else { 'the platform lists no OpenAI connection. Look at KORE_HOST and the scopes of KORE_API_KEY.' }
    "The old key was not revoked: $why"
    exit 1
}

if (-not $PSCmdlet.ShouldProcess("$SecretName in $VaultName", 'Rotate the OpenAI key')) {
    exit 0
}

if ($current.Tags.pending -ne 'true') {
    # A report of an earlier key says nothing of this one.
    if (Test-Path $ReportPath) { Move-Item $ReportPath "$ReportPath.done" -Force }
    $created = Invoke-RestMethod $accounts -Method Post @admin -Body (@{ name = "kore-$(Get-Date -Format yyyyMMdd-HHmm)" } | ConvertTo-Json)
    $tags = @{ account = $created.id; previousAccount = $current.Tags.account; previousVersion = $current.Version; pending = 'true' }
    $null = Set-AzKeyVaultSecret @secret -SecretValue (ConvertTo-SecureString $created.api_key.value -AsPlainText -Force) -Tag $tags
    $created = $null
    $current = Get-AzKeyVaultSecret @secret
}

$rotation = @{
    ApiKey         = "azkv:$VaultName/$SecretName"
    PreviousApiKey = "azkv:$VaultName/$SecretName/$($current.Tags.previousVersion)"
    ReportPath     = $ReportPath
    MaximumFailure = 3
}
if ($ProviderUri) { $rotation.ProviderUri = $ProviderUri }

# A failure is a result here, not the end: the others are still to be done, as far as -MaximumFailure allows.
$results = @($connections | Update-ConnectionKey @rotation -ErrorAction Continue)
$results | Format-Table ConnectionName, Outcome, Verdict, MaskAfter, Reason
$confirmed = @($results | Where-Object { $_.Outcome -in 'Updated', 'AlreadyUpdated' })
$open = @($connections | Where-Object ConnectionId -NotIn $confirmed.ConnectionId)
if ($open.Count -gt 0) {
    "$($open.Count) not done, so the old key was not revoked. Run this again with the same arguments."
    exit 1
}

if ($current.Tags.previousAccount) {
    $null = Invoke-RestMethod "$accounts/$($current.Tags.previousAccount)" -Method Delete @admin
}

$null = Update-AzKeyVaultSecret @secret -Tag @{ account = $current.Tags.account; pending = 'false' }
Move-Item $ReportPath "$ReportPath.done" -Force
"All $($results.Count) have the new key, and the old one is revoked."
exit 0
