<#
.SYNOPSIS
Uses an installed module as a newcomer does: loads it by its name, connects to a sandbox, creates, lists, changes, plans, reads the help.

.DESCRIPTION
It runs in Windows PowerShell 5.1 as well, without Pester. The exit code is 0 when every step held, 1 otherwise.
#>
[CmdletBinding()]
param(
    # A folder of modules, which holds this one.
    [Parameter(Mandatory)]
    [string] $ModulePath,

    # The version that has to be loaded.
    [Parameter(Mandatory)]
    [string] $Version
)

$ErrorActionPreference = 'Stop'
$env:PSModulePath = $ModulePath + [IO.Path]::PathSeparator + $env:PSModulePath
$env:PACKAGE_TEST_KEY = 'sk-made-up-0123456789MQAA'
$env:PACKAGE_TEST_NEXT_KEY = 'sk-made-up-9876543210QXBB'
$manifest = Join-Path $ModulePath connections.yaml
$failed = 0

# Each step emits what it found, which has to be what is expected.
$steps = @(
    @{ Name = 'is loaded by its name'; Expected = "KoreConnections $Version"; Do = { Import-Module KoreConnections; "$(Get-Module KoreConnections) $((Get-Module KoreConnections).Version)" } }
    @{ Name = 'has its cmdlets'; Expected = (Import-PowerShellDataFile (Join-Path $ModulePath "KoreConnections/$Version/KoreConnections.psd1")).CmdletsToExport.Count; Do = { @(Get-Command -Module KoreConnections).Count } }
    @{ Name = 'has its help'; Expected = $true; Do = { (Get-Help New-Connection).Synopsis -like 'Creates external model connections*' } }
    @{ Name = 'connects to a sandbox'; Expected = $true; Do = { (Connect-KorePlatform -Sandbox -PassThru).IsSandbox } }
    @{ Name = 'creates from rows'; Expected = 'One, Two'; Do = {
            $rows = 'Provider,Name,Model,ApiKey', 'OpenAI,One,gpt-5.5,env:PACKAGE_TEST_KEY', 'Anthropic,Two,claude-opus-4-8,env:PACKAGE_TEST_KEY' | ConvertFrom-Csv
            ($rows | New-Connection).ConnectionName -join ', '
        } }
    @{ Name = 'creates a custom API'; Expected = 'API'; Do = {
            (New-Connection -CustomApi -Name Own -EndpointUrl https://llm.example.com -Header @{ 'x-api-key' = 'env:PACKAGE_TEST_KEY' } -Payload @{ p = '{{prompt}}' } -OutputPath text).Provider
        } }
    @{ Name = 'lists by wildcard'; Expected = 'One, Own'; Do = { (Get-Connection -Name O* | Sort-Object ConnectionName).ConnectionName -join ', ' } }
    @{ Name = 'shows a table, and no key'; Expected = $true; Do = { $text = Get-Connection | Get-Connection | Format-Table | Out-String -Width 200; $text -match 'ConnectionId' -and $text -notmatch '0123456789' } }
    @{ Name = 'changes a key'; Expected = $true; Do = { (Get-Connection One | Set-Connection -ApiKey env:PACKAGE_TEST_NEXT_KEY -PassThru).Fields['API_KEY'] -match '^[^0-9]*\*+' } }
    @{ Name = 'rotates keys'; Expected = 'Updated'; Do = { "$((Get-Connection One | Update-ConnectionKey -ApiKey env:PACKAGE_TEST_KEY -SkipVerification -WarningAction Ignore).Outcome)" } }
    @{ Name = 'has error ids'; Expected = 'KoreConflict'; Do = { try { New-Connection -OpenAI -Name One -Model gpt-5.5 -ApiKey env:PACKAGE_TEST_KEY } catch { $_.FullyQualifiedErrorId.Split(',')[0] } } }
    @{ Name = 'exports, and is in step'; Expected = 0; Do = { Export-Connection $manifest 3> $null; @(Compare-Connection -Path $manifest -IgnoreKeys | Where-Object Action -NE 'InSync').Count } }
    @{ Name = 'disconnects'; Expected = $true; Do = { Disconnect-KorePlatform; $null -eq (Get-KoreSession) } }
)

"PowerShell $($PSVersionTable.PSVersion) ($($PSVersionTable.PSEdition)), $([Environment]::OSVersion.VersionString)"
# Which of the two it is decides whether a shell can test the key of a model with a slash in its name.
"Addresses keep %2F: $([uri]::new('https://example.com/a%2Fb').AbsoluteUri -like '*%2F*')"
foreach ($step in $steps) {
    $found = try { & $step.Do } catch { "$($_.FullyQualifiedErrorId): $($_.Exception.Message)" }
    if ($found -eq $step.Expected -and $null -ne $found) {
        "ok      $($step.Name)"
    } else {
        $failed++
        "FAILED  $($step.Name): expected '$($step.Expected)', found '$found'"
    }
}

"$($steps.Count - $failed) passed, $failed failed, 0 skipped"
exit [int]($failed -gt 0)
