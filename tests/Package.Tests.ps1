BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    # Laid out in a folder of its own: the files of the module under test are in use.
    $packed = dotnet pack "$PSScriptRoot/../src/KoreConnections" --configuration Release "-p:ModuleOutput=$TestDrive/layout/" --output "$TestDrive/feed" 2>&1
    $script:package = Get-ChildItem "$TestDrive/feed/*.nupkg"
    if (-not $package) { throw "$packed" }
    [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, "$TestDrive/content")
    $script:content = "$TestDrive/content"
    $script:manifest = Import-PowerShellDataFile "$content/KoreConnections.psd1"
}

Describe 'The package' {
    It 'says of itself what the manifest says' {
        $metadata = ([xml](Get-Content "$content/KoreConnections.nuspec" -Raw)).package.metadata
        $metadata.version, $metadata.description, $metadata.authors | Should -Be $manifest.ModuleVersion, $manifest.Description, $manifest.Author
        $metadata.releaseNotes | Should -Be $manifest.PrivateData.PSData.ReleaseNotes
        $metadata.tags -split ' ' | Should -Be (@('PSModule') + $manifest.PrivateData.PSData.Tags)
    }

    It 'holds the module, its help and what it depends on, and nothing else' {
        # The rest is the package format's own.
        $files = Get-ChildItem $content -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($content, $_.FullName).Replace('\', '/') } |
            Where-Object { $_ -notmatch '^(_rels/|package/|KoreConnections\.nuspec$)|Content_Types' -and $_ -notlike 'Dependencies/*.dll' }
        $files | Sort-Object | Should -Be @(
            'en-US/about_KoreConnections_Errors.help.txt'
            'en-US/about_KoreConnections_Issues.help.txt'
            'en-US/about_KoreConnections_Keys.help.txt'
            'en-US/about_KoreConnections_Manifest.help.txt'
            'en-US/about_KoreConnections.help.txt'
            'en-US/KoreConnections.dll-Help.xml'
            'KoreConnections.Client.dll'
            'KoreConnections.dll'
            'KoreConnections.format.ps1xml'
            'KoreConnections.psd1'
            'KoreConnections.Resolver.dll'
            'KoreConnections.Sandbox.dll'
            'KoreConnections.types.ps1xml'
            'samples/azure.yaml'
            'samples/connections.yaml'
            'samples/draft.yaml'
            'samples/new-connections.csv'
        )
        $package.Length | Should -BeLessThan 2MB
    }

    It 'is installed from a folder, imported by its name, and works' {
        if (-not $IsWindows -and (Get-Command Install-PSResource -ErrorAction Ignore)) {
            # With a home of its own, which on Windows cannot be chosen.
            $null = New-Item -ItemType Directory "$TestDrive/home"
            $before = $env:HOME
            $env:HOME = "$TestDrive/home"
            try {
                $installed = Invoke-Shell -ArgumentList "$TestDrive/feed" {
                    param($Feed)
                    Register-PSResourceRepository Folder $Feed -Trusted
                    Install-PSResource KoreConnections -Repository Folder -Scope CurrentUser
                }
            } finally {
                $env:HOME = $before
            }
            $installed.Error | Should -BeNullOrEmpty
            $path = (Get-ChildItem "$TestDrive/home" -Recurse -Force -Filter KoreConnections.psd1).Directory.Parent.Parent.FullName
        } else {
            $path = (New-Item -ItemType Directory "$TestDrive/modules").FullName
            $null = New-Item -ItemType Directory "$path/KoreConnections"
            Copy-Item $content "$path/KoreConnections/$($manifest.ModuleVersion)" -Recurse
        }

        $shell = Invoke-Shell -ArgumentList $path {
            param($Path)
            $env:PSModulePath = $Path + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module KoreConnections
            (Get-Module KoreConnections).ModuleBase.StartsWith($Path)
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            $null = New-Connection -OpenAI -Name One -Model gpt-5.5 -ApiKey env:MADE_UP_KEY
            (Get-Connection | Get-Connection).Fields['API_KEY']
            (Get-Help New-Connection).Synopsis
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output[0, 1] | Should -Be $true, '***************'
        $shell.Output[2] | Should -BeLike 'Creates external model connections*'
    }
}
