# What the Pester tests share: the built module, the sandbox's own addresses, and PowerShell processes of their own.

Import-Module "$PSScriptRoot/PowerShellProcess.psm1"

if (-not (Get-Module KoreConnections)) {
    Import-Module (Join-Path $PSScriptRoot '../out/KoreConnections') -Global
}

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
Asks the current session's sandbox itself, beside its API: its keys, its log of requests, its faults.
#>
function Invoke-Sandbox {
    param(
        [Parameter(Mandatory)] [ValidateSet('keys', 'requests', 'faults', 'generation')] [string] $What,
        [string] $Method = 'Get',
        [hashtable] $Body = @{}
    )

    $address = [uri]::new((Get-KoreSession).BaseUri, "/sandbox/$What")
    $arguments = $Method -eq 'Get' ? @{} : @{ Body = ConvertTo-Json $Body -Depth 5; ContentType = 'application/json' }
    Invoke-RestMethod -Uri $address -Method $Method @arguments
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
Opens a stand-in for the model providers and for APIs of one's own, on this machine; -ProviderUri leads there.

.DESCRIPTION
It knows gpt-4o, gpt-4o-mini and claude-3-5-haiku-20241022, each deployment whose name begins with gpt-, and each key but
those that have "revoked" in them. Closing its Listener ends it.
#>
function Open-ProviderStandIn {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()
    $listener = [Net.HttpListener]::new()
    # Under two names, so that a gateway can be told from the providers themselves.
    'localhost', '127.0.0.1' | ForEach-Object { $listener.Prefixes.Add("http://${_}:$port/") }
    $listener.Start()
    $null = [powershell]::Create().AddScript({
            param($Listener)
            $models = 'gpt-4o', 'gpt-4o-mini', 'claude-3-5-haiku-20241022'
            while ($Listener.IsListening) {
                # Not GetContext: it can miss the closing, and whoever waits for it waits for good.
                $asked = $Listener.GetContextAsync()
                while (-not $asked.Wait(100)) {
                    if (-not $Listener.IsListening) {
                        return
                    }
                }

                $context = $asked.Result
                $headers = $context.Request.Headers
                $key = "$($headers['Authorization'])$($headers['x-api-key'])$($headers['api-key'])"
                $last = $context.Request.Url.Segments[-1]
                $status, $answer = switch -Wildcard ($context.Request.Url.AbsolutePath) {
                    { $key -match 'revoked' } { 401, @{ error = @{ type = 'authentication_error'; message = 'Incorrect API key provided.' } }; break }
                    '*/v1/models/*' {
                        if ($last -in $models) {
                            200, @{ id = $last }
                        } else {
                            404, @{ error = @{ type = 'not_found_error'; code = 'model_not_found'; message = "The model '$last' does not exist or you do not have access to it." } }
                        }
                        break
                    }
                    '*/openai/deployments/gpt-*' { 200, @{ choices = @(@{ message = @{ content = 'OK' } }) }; break }
                    '*/openai/deployments/*' { 404, @{ error = @{ code = 'DeploymentNotFound'; message = 'The API deployment for this resource does not exist.' } }; break }
                    default { 200, @{ content = @(@{ text = 'OK' }); usage = @{ input_tokens = 12; output_tokens = 1 } } }
                }
                $context.Response.StatusCode = $status
                $context.Response.ContentType = 'application/json'
                $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $answer -Depth 5))
                $context.Response.Close($bytes, $false)
            }
        }).AddArgument($listener).BeginInvoke()
    [pscustomobject]@{ Address = "http://localhost:$port"; Gateway = "http://127.0.0.1:$port"; Listener = $listener }
}

Export-ModuleMember -Function Get-ModuleManifest, Use-ModuleFolder, Invoke-Sandbox, Get-SentRequest, Invoke-Shell, Invoke-PowerShell, Get-PowerShellCommand, Open-ProviderStandIn
