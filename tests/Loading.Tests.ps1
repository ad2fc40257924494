BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
}

Describe 'Import' {
    BeforeAll {
        # A session of this process is none of another one's.
        Connect-KorePlatform -Sandbox
        $script:fresh = Invoke-Shell {
            param($Manifest)
            function Test-Client { [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -contains 'Microsoft.Extensions.Http' }
            Import-Module $Manifest -WarningVariable warnings 3>$null
            [KoreConnections.Connection].FullName, [KoreConnections.KoreSession].FullName
            "$($warnings.Count) warnings, $(@(Get-KoreSession).Count) sessions"
            Test-Client
            try { Connect-KorePlatform -NoSuchParameter } catch { $_.FullyQualifiedErrorId }
            $end = [datetime]::Now.AddSeconds(60)
            while (-not (Test-Client) -and [datetime]::Now -lt $end) { Start-Sleep -Milliseconds 20 }
            Test-Client
            $env:KORE_HOST = $env:KORE_API_KEY = $null
            try { Get-Connection } catch { $_.FullyQualifiedErrorId }
        }
        Disconnect-KorePlatform
    }

    It 'says nothing, does nothing but import, and makes the types usable as literals at once' {
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output[0..2] | Should -Be 'KoreConnections.Connection', 'KoreConnections.KoreSession', '0 warnings, 0 sessions'
    }

    It 'leaves the client alone until the first connect, which prepares it while its parameters are still being bound' {
        $fresh.Output[3..5] | Should -Be 'False', 'NamedParameterNotFound,KoreConnections.Commands.ConnectKorePlatformCommand', 'True'
    }

    It 'leaves the session to the process that made it' {
        $fresh.Output[6] | Should -BeLike 'KoreNotConnected,*'
    }

    It 'works again after a second import, a forced one and a removal' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            $null = New-Connection -OpenAI -Name Before -Model gpt-5.5 -ApiKey env:MADE_UP_KEY
            Import-Module $Manifest -Force
            Remove-Module KoreConnections
            "removed: $($null -eq (Get-Command Get-Connection -ErrorAction Ignore))"
            Import-Module $Manifest
            $null = New-Connection -OpenAI -Name After -Model gpt-5.5 -ApiKey env:MADE_UP_KEY
            (Get-Connection).ConnectionName
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Be 'removed: True', 'Before', 'After'
    }

    It 'leaves the built-in Test-Connection as it is' {
        (Get-Command Test-Connection).Source | Should -Be 'Microsoft.PowerShell.Management'
    }
}

Describe 'Beside other modules' {
    It 'works where older Microsoft.Extensions.* were loaded before, and leaves them in place' {
        $packages = 'Http', 'DependencyInjection', 'DependencyInjection.Abstractions', 'Logging', 'Logging.Abstractions', 'Options', 'Primitives' |
            ForEach-Object { "Microsoft.Extensions.$_" }
        $folder = (New-Item -ItemType Directory "$TestDrive/older").FullName
        Set-Content "$folder/older.csproj" @"
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <RestorePackagesPath>$folder/packages</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="$($packages -join ';')" Version="[6.0.0]" />
  </ItemGroup>
</Project>
"@
        $restored = & dotnet restore "$folder/older.csproj" 2>&1
        if ($LASTEXITCODE -ne 0) {
            Set-ItResult -Skipped -Because "the package registry does not serve Microsoft.Extensions 6.0.0: $($restored | Select-Object -Last 3)"
        }

        $shell = Invoke-Shell -ArgumentList (Get-ModuleManifest), "$folder/packages" {
            param($Manifest, $Packages)
            # Skips net461, which sorts before.
            $older = Get-ChildItem $Packages -Recurse -Filter 'Microsoft.Extensions.*.dll' | Where-Object FullName -Match 'lib.netstandard2.0'
            $older | ForEach-Object { Add-Type -Path $_.FullName }
            "$(@($older).Count) older"
            Import-Module $Manifest
            Connect-KorePlatform -Sandbox
            $env:MADE_UP_KEY = 'made-up-key-0000000001'
            $null = New-Connection -OpenAI -Name One -Model gpt-5.5 -ApiKey env:MADE_UP_KEY
            (Get-Connection | Get-Connection).Fields['API_KEY']
            [Microsoft.Extensions.Options.Options].Assembly.GetName().Version.Major
        }
        $shell.Error | Should -BeNullOrEmpty
        $shell.Output | Should -Be "$($packages.Count) older", '***************', '6'
    }

    It 'answers for no assembly of a folder whose name begins as its own' {
        Copy-Item (Get-Module KoreConnections).ModuleBase "$TestDrive/1.1" -Recurse
        $null = New-Item -ItemType Directory "$TestDrive/1.10"
        Copy-Item "$TestDrive/1.1/KoreConnections.Client.dll" "$TestDrive/1.10"
        $shell = Invoke-Shell -ArgumentList "$TestDrive/1.1/KoreConnections.psd1", "$TestDrive/1.10/KoreConnections.Client.dll" {
            param($Manifest, $Other)
            Import-Module $Manifest
            foreach ($path in "$((Get-Module KoreConnections).ModuleBase)/KoreConnections.Client.dll", $Other) {
                $assembly = [Runtime.Loader.AssemblyLoadContext]::new($path).LoadFromAssemblyPath($path)
                # Its fields need YamlDotNet.
                @($assembly.GetType('KoreConnections.Client.YamlTree', $true).GetFields('NonPublic, Instance').FieldType.Assembly.Location -like '*YamlDotNet.dll').Count
            }
        }
        $shell.Output | Should -Be 1, 0
    }

    It 'works in several runspaces at once, each with a session of its own' {
        $work = {
            param($Manifest, $Number)
            Import-Module $Manifest
            $session = Connect-KorePlatform -Sandbox -PassThru
            try {
                1..5 | ForEach-Object { @{ Provider = 'OpenAI'; Name = "$Number-$_"; Model = 'gpt-5.5'; ApiKey = 'made-up-key-0000000001' } } |
                    New-Connection -Session $session | Get-Connection -Session $session | ForEach-Object ConnectionName
            } finally {
                Disconnect-KorePlatform -Session $session
            }
        }
        $shells = 1..4 | ForEach-Object {
            $shell = [powershell]::Create().AddScript($work).AddArgument((Get-ModuleManifest)).AddArgument($_)
            @{ Number = $_; Shell = $shell; Running = $shell.BeginInvoke() }
        }
        foreach ($one in $shells) {
            $names = $one.Shell.EndInvoke($one.Running)
            $one.Shell.Streams.Error | Should -BeNullOrEmpty
            $names | Should -Be (1..5 | ForEach-Object { "$($one.Number)-$_" })
            $one.Shell.Dispose()
        }
    }
}
