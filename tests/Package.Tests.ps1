BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Import-Module "$PSScriptRoot/ModulePackage.psm1" -Force
    # Where the module under test is from a package, it is this one.
    $made = Get-Module KoreConnections | ForEach-Object { Get-Item "$($_.ModuleBase)/../../../feed/KoreConnections.$($_.Version).nupkg" -ErrorAction Ignore }
    $script:package = Get-Item ($made ? (Copy-Item $made (New-Item -ItemType Directory "$TestDrive/feed") -PassThru) : (New-ModulePackage $TestDrive))
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
            'AzurePipelines/Action.ps1'
            'AzurePipelines/Common.ps1'
            'AzurePipelines/Keys.ps1'
            'AzurePipelines/Log.ps1'
            'AzurePipelines/Outcome.ps1'
            'AzurePipelines/rules.json'
            'AzurePipelines/Step.ps1'
            'docs/connections.schema.json'
            'docs/limits.md'
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

Describe 'An upgrade' -Skip:($IsWindows -or -not (Get-Command Update-PSResource -ErrorAction Ignore)) {
    BeforeAll {
        # In a shell, in whose home a user installs.
        function Invoke-UserShell([scriptblock] $Script) {
            $before = $env:HOME
            $env:HOME = "$TestDrive/upgraded"
            try {
                $shell = Invoke-Shell -ArgumentList "$TestDrive/feed" $Script
            } finally {
                $env:HOME = $before
            }
            $shell.Error | Should -BeNullOrEmpty
            $shell.Output
        }

        $null = New-Item -ItemType Directory "$TestDrive/upgraded"
        $script:old = $manifest.ModuleVersion
        $null = Invoke-UserShell {
            param($Feed)
            Register-PSResourceRepository Folder $Feed -Trusted
            Install-PSResource KoreConnections -Repository Folder -Scope CurrentUser
        }
        $null = New-ModulePackage $TestDrive -Version 99.0.0
    }

    It 'leaves a shell that has the old version working, and says when a new shell is needed' {
        $output = Invoke-UserShell {
            Import-Module KoreConnections
            Connect-KorePlatform -Sandbox -WithSamples
            Update-PSResource KoreConnections -Repository Folder
            "$((Get-Module KoreConnections).Version) lists $(@(Get-Connection).Count)"
            try { Import-Module KoreConnections -Force -ErrorAction Stop } catch { $_.Exception.Message }
            "$((Get-Module KoreConnections).Version) lists $(@(Get-Connection).Count)"
            # What was not loaded yet still comes from the old version.
            "$(@(Export-Connection "$HOME/connections.yaml" -PassThru 3> $null).Count) exported"
            Remove-Module KoreConnections
            try { Import-Module KoreConnections -ErrorAction Stop } catch { $_.Exception.Message }
            Import-Module KoreConnections -MaximumVersion 98.0
            "$((Get-Module KoreConnections).Version) lists $(@(Get-Connection).Count)"
        }
        $output[0, 2, 5] | Should -Be (@("$old lists 6") * 3)
        $output[1, 4] | Should -BeLike '*KoreConnections*Assembly with same name is already loaded*'
        $output[3] | Should -Be '1 exported'
    }

    It 'is what a new shell loads, beside the old version, which can be asked for' {
        Invoke-UserShell { Import-Module KoreConnections; Connect-KorePlatform -Sandbox -WithSamples; "$((Get-Module KoreConnections).Version) lists $(@(Get-Connection).Count)" } | Should -Be '99.0.0 lists 6'
        Invoke-UserShell { Import-Module KoreConnections -MaximumVersion 98.0; Connect-KorePlatform -Sandbox -WithSamples; "$((Get-Module KoreConnections).Version) lists $(@(Get-Connection).Count)" } | Should -Be "$old lists 6"
        Invoke-UserShell { (Get-Module KoreConnections -ListAvailable).Version.ForEach('ToString') } | Should -Be '99.0.0', $old
    }

    It 'can be imported again and again, and removed' {
        Invoke-UserShell {
            Import-Module KoreConnections
            Connect-KorePlatform -Sandbox -WithSamples
            Import-Module KoreConnections -Force
            Import-Module KoreConnections -Force
            @(Get-Connection).Count
            Remove-Module KoreConnections
            $null -eq (Get-Module KoreConnections)
            @(Get-Connection).Count
        } | Should -Be 6, $true, 6
    }

    It 'leaves nothing of the old version when that is uninstalled' {
        Invoke-UserShell {
            Uninstall-PSResource KoreConnections -Version '[0.0,99.0)'
            (Get-Module KoreConnections -ListAvailable).Version.ForEach('ToString')
            Import-Module KoreConnections
            Connect-KorePlatform -Sandbox -WithSamples
            @(Get-Connection).Count
        } | Should -Be '99.0.0', 6
    }
}

Describe 'What makes a release' {
    BeforeAll {
        $script:release = (Resolve-Path "$PSScriptRoot/../build").Path
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=made up', [Security.Cryptography.RSA]::Create(2048), 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $pfx = $request.CreateSelfSigned([datetimeoffset]::Now.AddDays(-1), [datetimeoffset]::Now.AddDays(1)).Export('Pfx', 'made-up')
        $env:KORE_SIGNING_CERTIFICATE, $env:KORE_SIGNING_PASSWORD = [Convert]::ToBase64String($pfx), 'made-up'
    }

    It 'signs our files in the package, and leaves the others as they are' -Skip:$IsWindows {
        # Windows alone has the real one, which adds to the file's end as this does.
        function Set-AuthenticodeSignature($FilePath, $Certificate, $HashAlgorithm, $TimestampServer) {
            Add-Content $FilePath "signed by $($Certificate.Subject), $HashAlgorithm, $TimestampServer"
            @{ Status = 'Valid' }
        }

        Copy-Item $package "$TestDrive/signed.nupkg"
        & "$release/Sign-Package.ps1" -Package "$TestDrive/signed.nupkg" | Should -Be '13 files signed.'
        [IO.Compression.ZipFile]::ExtractToDirectory("$TestDrive/signed.nupkg", "$TestDrive/signed")
        $changed = Get-ChildItem $content -Recurse -File | Where-Object { (Get-FileHash -LiteralPath $_).Hash -ne (Get-FileHash -LiteralPath $_.FullName.Replace($content, "$TestDrive/signed")).Hash }
        $changed.Name | Sort-Object | Should -Be @(
            'Action.ps1', 'Common.ps1', 'Keys.ps1'
            'KoreConnections.Client.dll', 'KoreConnections.dll', 'KoreConnections.format.ps1xml', 'KoreConnections.psd1'
            'KoreConnections.Resolver.dll', 'KoreConnections.Sandbox.dll', 'KoreConnections.types.ps1xml'
            'Log.ps1', 'Outcome.ps1', 'Step.ps1'
        )
        Get-Content "$TestDrive/signed/KoreConnections.psd1" -Tail 1 | Should -BeLike 'signed by CN=made up, SHA256, http*'
    }

    It 'stops where <Case>' -Skip:$IsWindows -ForEach @(
        @{ Case = 'a file was not signed'; Status = 'UnknownError'; Saying = 'KoreConnections*was not signed*' }
        @{ Case = 'the password does not open the certificate'; Password = 'another'; Saying = '*KORE_SIGNING_PASSWORD does not open it.' }
        @{ Case = 'the certificate is none'; Certificate = 'bm90IG9uZQ=='; Saying = '*no PFX file*' }
        @{ Case = 'the certificate is no base64'; Certificate = 'C:\cert.pfx'; Saying = '*no PFX file*' }
    ) {
        function Set-AuthenticodeSignature { @{ Status = $Status; StatusMessage = 'made up' } }
        $before = $env:KORE_SIGNING_CERTIFICATE, $env:KORE_SIGNING_PASSWORD
        if ($Certificate) { $env:KORE_SIGNING_CERTIFICATE = $Certificate }
        if ($Password) { $env:KORE_SIGNING_PASSWORD = $Password }
        Copy-Item $package "$TestDrive/stopped.nupkg" -Force
        try {
            { & "$release/Sign-Package.ps1" -Package "$TestDrive/stopped.nupkg" } | Should -Throw $Saying
        } finally {
            $env:KORE_SIGNING_CERTIFICATE, $env:KORE_SIGNING_PASSWORD = $before
        }
    }

    It 'publishes no version that was not built: <_>' -ForEach 'v9.9.9', '9.9', '../x', '' {
        { & "$release/Publish-Package.ps1" -Version $_ } | Should -Throw
    }
}
