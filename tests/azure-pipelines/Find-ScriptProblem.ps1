# What is wrong with PowerShell texts: syntax, and parameters that the module's cmdlets do not have.
param([string] $Folder)

$cmdlets = (Import-Module "$PSScriptRoot/../../out/KoreConnections" -PassThru).ExportedCommands
foreach ($path in [System.IO.Directory]::GetFiles($Folder, '*.ps1')) {
    $name = [System.IO.Path]::GetFileName($path)
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref] $null, [ref] $errors)
    foreach ($problem in $errors) { "${name}: $($problem.Message)" }
    foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $called = $command.GetCommandName()
        if ("$called" -match '-(Connection|ConnectionKey|ConnectionManifest|KoreSession|KorePlatform)$' -and -not $cmdlets.ContainsKey($called)) {
            "${name}: the module has no $called."
        }
        if (-not $called -or -not $cmdlets.ContainsKey($called)) { continue }
        foreach ($part in $command.CommandElements) {
            if ($part -is [System.Management.Automation.Language.CommandParameterAst] -and -not $cmdlets[$called].Parameters.ContainsKey($part.ParameterName)) {
                "${name}: $called has no -$($part.ParameterName)."
            }
        }
    }
}
