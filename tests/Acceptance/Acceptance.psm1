# What the acceptance tests share: the built module, the sandbox's own addresses, and PowerShell processes of their own.

if (-not (Get-Module KoreConnections)) {
    Import-Module (Join-Path $PSScriptRoot '../../out/KoreConnections') -Global
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
    $lines = & ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command "& { $Script } $quoted" 2>&1
    $errors, $output = @($lines).Where({ $_ -is [Management.Automation.ErrorRecord] }, 'Split')
    [pscustomobject]@{
        ExitCode = $LASTEXITCODE
        Output   = @($output)
        Error    = "$errors"
    }
}

Export-ModuleMember -Function Get-ModuleManifest, Invoke-Sandbox, Get-SentRequest, Invoke-Shell
