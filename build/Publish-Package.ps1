#requires -Version 7.4
<#
.SYNOPSIS
Publishes the package of a version that was built. build.ps1 Publish calls it.

.DESCRIPTION
The key of the repository is in KORE_PUBLISH_KEY: an argument would be in the list of processes. A folder needs none.
#>
[CmdletBinding()]
param(
    # The version that is meant, also as a tag: v0.1.0.
    [Parameter(Mandatory)]
    [string] $Version,

    # A repository that is registered here.
    [string] $Repository = 'PSGallery'
)

$ErrorActionPreference = 'Stop'
$number = $Version -replace '^v'
$package = "$PSScriptRoot/../out/KoreConnections.$number.nupkg"
if (-not (Test-Path $package -PathType Leaf)) {
    throw "There is no package of version '$number' in out. Is the tag the version in KoreConnections.psd1? Make the package: ./build.ps1 Package"
}

$target = Get-PSResourceRepository $Repository
$key = @{}
if ($env:KORE_PUBLISH_KEY) {
    $key.ApiKey = $env:KORE_PUBLISH_KEY
} elseif (-not $target.Uri.IsFile) {
    throw "KORE_PUBLISH_KEY is not set. It is the key that $Repository gave for publishing."
}

Publish-PSResource -NupkgPath $package -Repository $Repository @key
"KoreConnections $number is published to $Repository."
