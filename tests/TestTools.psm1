# What the Pester tests share: the built module, the sandbox's own addresses, and PowerShell processes of their own.

Import-Module "$PSScriptRoot/PowerShellProcess.psm1"

if (-not (Get-Module KoreConnections)) {
    Import-Module (Join-Path $PSScriptRoot '../out/KoreConnections') -Global
}

# Each file imports this with -Force, and begins as the first one did: with the variables of the process, and without a session.
$before = [AppDomain]::CurrentDomain.GetData('KoreTests') ?? [Environment]::GetEnvironmentVariables()
[AppDomain]::CurrentDomain.SetData('KoreTests', $before)
@([Environment]::GetEnvironmentVariables().Keys) + @($before.Keys) | Select-Object -Unique | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) }
Get-KoreSession -All | Disconnect-KorePlatform
$PSStyle.OutputRendering = 'Host'
$env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'

<#
.SYNOPSIS
The manifest of the module under test, for shells that import it themselves.
#>
function Get-ModuleManifest {
    Join-Path (Get-Module KoreConnections).ModuleBase 'KoreConnections.psd1'
}

<#
.SYNOPSIS
Makes a folder of modules with the module under test, as it is when installed, and lets new shells find it first.
#>
function Use-ModuleFolder {
    param([Parameter(Mandatory)] [string] $Path)

    $null = New-Item $Path -ItemType Directory
    $null = New-Item (Join-Path $Path KoreConnections) -ItemType SymbolicLink -Value (Get-Module KoreConnections).ModuleBase
    $env:PSModulePath = $Path + [IO.Path]::PathSeparator + $env:PSModulePath
}

<#
.SYNOPSIS
Connects to a sandbox of its own, with the parameters for Connect-KorePlatform; the sessions before end.
#>
function Connect-NewSandbox {
    Get-KoreSession -All | Disconnect-KorePlatform
    Connect-KorePlatform -Sandbox @args
}

<#
.SYNOPSIS
Asks the current session's sandbox itself, beside its API: its keys, its log of requests, its faults.

.DESCRIPTION
The sandbox runs in this process and issues a key for it. A script of a user gives one to Connect-KorePlatform -Sandbox -ApiKey.
#>
function Invoke-Sandbox {
    param(
        [Parameter(Mandatory)] [ValidateSet('keys', 'requests', 'faults', 'generation')] [string] $What,
        [string] $Method = 'Get',
        [hashtable] $Body = @{}
    )

    $address = [uri]::new((Get-KoreSession).BaseUri, "/sandbox/$What")
    $arguments = $Method -eq 'Get' ? @{} : @{ Body = ConvertTo-Json $Body -Depth 5; ContentType = 'application/json' }
    $server = [KoreConnections.KoreSession].GetField('_server', 'NonPublic, Instance').GetValue((Get-KoreSession))
    Invoke-RestMethod -Uri $address -Method $Method -Headers @{ 'x-api-key' = $server.Keys.Issue() } @arguments
}

<#
.SYNOPSIS
Creates a connection as another client may have named it: New-Connection refuses what cannot be seen in a name or a model.
#>
function Add-ForeignConnection {
    param([Parameter(Mandatory)] [string] $Name, [string] $Model = 'gpt-4o', [string] $Provider = 'Open AI')

    $body = @{ provider = $Provider; connectionName = $Name; model = $Model; fields = @{ API_KEY = 'sk-made-up-0123456789MQAA' } }
    if ($Provider -eq 'Anthropic') { $body.modelType = 'EASY_INTEGRATION' }
    $headers = @{ 'x-api-key' = (Invoke-Sandbox keys -Method Post).key }
    $null = Invoke-RestMethod "$((Get-KoreSession).BaseUri)/connections" -Method Post -Headers $headers -ContentType application/json -Body ($body | ConvertTo-Json)
}

<#
.SYNOPSIS
The requests that a script block makes, keys masked.
#>
function Get-SentRequest {
    param([Parameter(Mandatory)] [scriptblock] $Of)

    $null = Invoke-Sandbox requests -Method Delete
    $null = & $Of
    # Assigned first: Invoke-RestMethod emits a JSON array as one object.
    $requests = Invoke-Sandbox requests
    $requests
}

<#
.SYNOPSIS
Runs a script as a shell of another culture does.
#>
function Invoke-InCulture {
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Culture, [Parameter(Mandatory)] [scriptblock] $Script)

    $before = [cultureinfo]::CurrentCulture
    try {
        [cultureinfo]::CurrentCulture = $Culture
        & $Script
    } finally {
        [cultureinfo]::CurrentCulture = $before
    }
}

<#
.SYNOPSIS
Runs a script with these environment variables, which are as before afterwards.
#>
function Use-Variable {
    param([Parameter(Mandatory)] [hashtable] $Variable, [Parameter(Mandatory)] [scriptblock] $Script)

    $before = @{}
    $Variable.Keys | ForEach-Object { $before[$_] = [Environment]::GetEnvironmentVariable($_); [Environment]::SetEnvironmentVariable($_, $Variable[$_]) }
    try { & $Script } finally { $before.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) } }
}

<#
.SYNOPSIS
The lines that the shell shows of objects.
#>
function Get-Shown {
    param([object] $Object, [int] $Width = 120, [string] $Rendering = 'PlainText')

    $before, $PSStyle.OutputRendering = $PSStyle.OutputRendering, $Rendering
    try { @(($Object | Out-String -Width $Width) -split '\r?\n' | Where-Object { $_.Trim() }) } finally { $PSStyle.OutputRendering = $before }
}

<#
.SYNOPSIS
Runs a script in a PowerShell process of its own, as a user's script runs.
#>
function Invoke-Shell {
    param(
        [Parameter(Mandatory)] [scriptblock] $Script,
        [string[]] $ArgumentList = @(Get-ModuleManifest)
    )

    $quoted = foreach ($argument in $ArgumentList) { "'$($argument.Replace("'", "''"))'" }
    $lines = Invoke-PowerShell -NonInteractive -Command "& { $Script } $quoted" 2>&1
    $errors, $output = @($lines).Where({ $_ -is [Management.Automation.ErrorRecord] }, 'Split')
    [pscustomobject]@{
        ExitCode = $LASTEXITCODE
        Output   = @($output)
        Error    = "$errors"
    }
}

<#
.SYNOPSIS
Starts model providers and APIs of one's own on this machine, in a process of its own; -ProviderUri leads there.

.DESCRIPTION
A key says how it is answered: sk-good-... and good-... are right, others are made for one situation, all else is refused. The server
has two names, so that a gateway can be told from the providers themselves.
#>
function Start-FakeProvider { Start-TestServer providers }

<#
.SYNOPSIS
Starts one of the servers for tests in a process of its own: providers, api, or mail, which writes what it is sent to a folder.
#>
function Start-TestServer {
    param([Parameter(Mandatory)] [string] $Name, [string] $Folder)

    $server = Get-Item "$PSScriptRoot/TestServer/bin/*/*/KoreConnections.TestServer.dll" | Sort-Object LastWriteTime | Select-Object -Last 1
    $process = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]@{
            FileName = 'dotnet'; Arguments = "`"$server`" $Name" + ($Folder ? " `"$Folder`"" : ''); UseShellExecute = $false; RedirectStandardInput = $true; RedirectStandardOutput = $true
        })
    $port = ([uri]$process.StandardOutput.ReadLine()).Port
    [pscustomobject]@{ Address = "http://localhost:$port"; Gateway = "http://127.0.0.1:$port"; Process = $process }
}

<#
.SYNOPSIS
Ends what Start-TestServer started.
#>
function Stop-FakeProvider($Provider) {
    $Provider.Process.StandardInput.Close()
    $Provider.Process.WaitForExit()
}

Export-ModuleMember -Function Get-ModuleManifest, Use-ModuleFolder, Connect-NewSandbox, Invoke-Sandbox, Add-ForeignConnection, Get-SentRequest, Invoke-InCulture, Use-Variable, Get-Shown, Invoke-Shell, Invoke-PowerShell, Get-PowerShellCommand, Start-FakeProvider, Start-TestServer, Stop-FakeProvider
