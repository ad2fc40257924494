#requires -Version 7.4
<#
.SYNOPSIS
Signs our files in a package (Authenticode), and puts them back in their places. build.ps1 Package calls it where a certificate is configured.

.DESCRIPTION
The certificate is in KORE_SIGNING_CERTIFICATE (a PFX file as base64), its password in KORE_SIGNING_PASSWORD. Windows only.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Package,

    [string] $TimestampServer = 'http://timestamp.digicert.com'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Set-AuthenticodeSignature -ErrorAction Ignore)) {
    throw 'KORE_SIGNING_CERTIFICATE is set, and only PowerShell on Windows can sign. Run this on Windows, or clear the variable for a package without a signature.'
}

$certificate = try {
    [Security.Cryptography.X509Certificates.X509Certificate2]::new([Convert]::FromBase64String($env:KORE_SIGNING_CERTIFICATE), $env:KORE_SIGNING_PASSWORD)
} catch {
    throw 'KORE_SIGNING_CERTIFICATE is no PFX file as base64, or KORE_SIGNING_PASSWORD does not open it.'
}

$folder = [IO.Directory]::CreateTempSubdirectory('kore-sign').FullName
$archive = [IO.Compression.ZipFile]::Open((Resolve-Path $Package).Path, 'Update')
try {
    # Others' assemblies carry their own signatures.
    $ours = @($archive.Entries.Where({ $_.FullName -match '^(KoreConnections[^/]*\.(dll|psd1|ps1xml)|AzurePipelines/[^/]*\.ps1)$' }) | Sort-Object { $_.FullName.Contains('/') })
    foreach ($entry in $ours) {
        $name = $entry.FullName
        $file = Join-Path $folder $name
        $null = New-Item -ItemType Directory -Force (Split-Path $file)
        [IO.Compression.ZipFileExtensions]::ExtractToFile($entry, $file)
        $signature = Set-AuthenticodeSignature -FilePath $file -Certificate $certificate -HashAlgorithm SHA256 -TimestampServer $TimestampServer
        if ($signature.Status -ne 'Valid') {
            throw "$name was not signed: $($signature.StatusMessage)"
        }

        $entry.Delete()
        $null = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $file, $name)
    }

    if (-not $ours) {
        throw "There is nothing to sign in $Package."
    }

    "$($ours.Count) files signed."
} finally {
    $archive.Dispose()
    Remove-Item $folder -Recurse -Force
}
