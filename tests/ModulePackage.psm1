# Packages of the module, for tests of what users install.

<#
.SYNOPSIS
Packs the module, with a layout and intermediate files of its own: those of the module under test are in use. Emits the package's path.
#>
function New-ModulePackage {
    param(
        [Parameter(Mandatory)] [string] $Path,
        # Another version than the manifest's, as a later release has.
        [string] $Version
    )

    # The build has judged the same sources.
    $arguments = @('-p:RunAnalyzers=false', "-p:ModuleOutput=$Path/layout$Version/", '--output', "$Path/feed", '--configuration', ($Version ? 'NextRelease' : 'Release'))
    if ($Version) {
        $manifest = Join-Path (New-Item -ItemType Directory "$Path/manifest").FullName KoreConnections.psd1
        (Get-Content "$PSScriptRoot/../KoreConnections.psd1" -Raw) -replace "(?<=ModuleVersion\s+= ')[^']+", $Version | Set-Content $manifest -NoNewline
        $arguments += "-p:ModuleManifest=$manifest"
    }

    $packed = dotnet pack "$PSScriptRoot/../src/KoreConnections" @arguments 2>&1
    $package = Get-ChildItem "$Path/feed/*$Version.nupkg"
    if ($LASTEXITCODE -ne 0 -or -not $package) { throw "$packed" }
    $package.FullName
}

<#
.SYNOPSIS
Unpacks a package into a folder of modules, as Install-PSResource does. Emits the manifest's path.
#>
function Expand-ModulePackage {
    param(
        [Parameter(Mandatory)] [string] $Package,
        [Parameter(Mandatory)] [string] $ModulePath
    )

    $folder = Join-Path $ModulePath "KoreConnections/$([IO.Path]::GetFileNameWithoutExtension($Package) -replace '^KoreConnections\.')"
    [IO.Compression.ZipFile]::ExtractToDirectory($Package, $folder)
    Join-Path $folder KoreConnections.psd1
}

Export-ModuleMember -Function New-ModulePackage, Expand-ModulePackage
