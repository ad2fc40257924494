<#
.SYNOPSIS
Creates a new OpenAI key, gives it to all OpenAI connections, and revokes the old key after each change is confirmed.

.DESCRIPTION
    Connect-AzAccount
    $env:OPENAI_ADMIN_KEY = '...'; $env:KORE_HOST = 'agent-platform.kore.ai'; $env:KORE_API_KEY = '...'
    pwsh docs/examples/rotate-openai-key.ps1 -ProjectId proj_abc -VaultName team -SecretName openai

OpenAI shows a new key only once, so the script first stores it in Azure Key Vault. The tags of the secret contain the service account of the
key at OpenAI, the previous service account and version, and whether a rotation is pending. You can therefore run the script again after an
interruption: if the vault has the new key, the script uses it and creates no second one. If the interruption was between OpenAI's response
and the vault, that key is lost, and the next run creates another one. Then delete the unused service account kore-DATE.

The old key is revoked only after every connection is confirmed. It is not revoked if the platform's listing is empty or incomplete. Without the
tag that names its service account, nothing is changed. The exit code is 0 after success, otherwise 1. After 1, run the script again.
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

    # The record of each step. It contains masks, never a key.
    [string] $ReportPath = "$SecretName-rotation.jsonl",

    # A gateway to use instead of OpenAI to verify the new key.
    [string] $ProviderUri
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module KoreConnections)) {
    Import-Module "$PSScriptRoot/../../out/KoreConnections"
}

# After a key is created, it would be too late.
if (-not $WhatIfPreference) {
    try {
        $report = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($ReportPath)
        if (Test-Path -LiteralPath $report) { [IO.File]::Open($report, 'Append').Dispose() }
        else { [IO.FileStream]::new($report, 'CreateNew', 'Write', 'None', 1, [IO.FileOptions]::DeleteOnClose).Dispose() }
    } catch {
        "Nothing was changed: -ReportPath '$ReportPath' cannot be written. Specify another one. $($_.Exception.GetBaseException().Message)"
        exit 1
    }
}

$secret = @{ VaultName = $VaultName; Name = $SecretName }
$accounts = "https://api.openai.com/v1/organization/projects/$ProjectId/service_accounts"
$admin = @{ Headers = @{ Authorization = "Bearer $env:OPENAI_ADMIN_KEY" }; ContentType = 'application/json' }

$current = Get-AzKeyVaultSecret @secret
if (-not $current) {
    throw "The vault $VaultName has no secret $SecretName. Store the current key there, with the tag account: the id of its service account at OpenAI."
}
$isRevoking = $current.Tags.pending -eq 'revoking'
$isPending = $isRevoking -or $current.Tags.pending -eq 'true'
$tag = if ($isPending) { 'previousAccount' } else { 'account' }
if (-not $current.Tags.$tag) {
    throw "Nothing was changed: the secret $SecretName has no tag $tag, so the old key could not be revoked. " +
        'Add it: the id of the service account of that key at OpenAI.'
}

# Connections that are not listed cannot be confirmed.
$connections = @(Get-Connection -Provider OpenAI -WarningVariable incomplete)
if ($incomplete -or $connections.Count -eq 0) {
    $why = if ($incomplete) { "$incomplete Try again." } else { 'the platform lists no OpenAI connection. Check KORE_HOST and the scopes of KORE_API_KEY.' }
    "The old key was not revoked: $why"
    exit 1
}

if (-not $PSCmdlet.ShouldProcess("$SecretName in $VaultName", 'Rotate the OpenAI key')) {
    exit 0
}

if (-not $isPending) {
    # A report of an earlier key does not apply to this one.
    if (Test-Path -LiteralPath $ReportPath) { Move-Item -LiteralPath $ReportPath "$ReportPath.done" -Force }
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

# A failed connection does not stop the others, up to -MaximumFailure.
$results = @($connections | Update-ConnectionKey @rotation -ErrorAction Continue)
$results | Format-Table ConnectionName, Outcome, Verdict, MaskAfter, Reason
$confirmed = @($results | Where-Object { $_.Outcome -in 'Updated', 'AlreadyUpdated' })
$open = @($connections | Where-Object ConnectionId -NotIn $confirmed.ConnectionId)
if ($open.Count -gt 0) {
    "$($open.Count) not done, so the old key was not revoked. Run this again with the same arguments."
    exit 1
}

$old = $current.Tags.previousAccount
$unfinished = @{ account = $current.Tags.account; previousAccount = $old; previousVersion = $current.Tags.previousVersion }
if (-not $isRevoking) { $null = Update-AzKeyVaultSecret @secret -Tag ($unfinished + @{ pending = 'revoking' }) }
try {
    $null = Invoke-RestMethod "$accounts/$old" -Method Delete @admin
} catch {
    if ($_.Exception.Message -notmatch '\b404\b') { throw }
    if (-not $isRevoking) {
        $null = Update-AzKeyVaultSecret @secret -Tag ($unfinished + @{ pending = 'true' })
        throw "The old key was not revoked: $ProjectId has no service account $old (404). Correct the tag previousAccount of $SecretName, and run this again."
    }

    # An earlier run has deleted it, if this is the project of the new account.
    $null = Invoke-RestMethod "$accounts/$($current.Tags.account)" -Method Get @admin
}

$null = Update-AzKeyVaultSecret @secret -Tag @{ account = $current.Tags.account; pending = 'false' }
Move-Item -LiteralPath $ReportPath "$ReportPath.done" -Force
"All $($results.Count) have the new key, and the old one is revoked."
exit 0
