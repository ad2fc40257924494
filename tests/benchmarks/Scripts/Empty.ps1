# Makes the empty binary module.
param([string] $Path)

$code = 'using System.Management.Automation; [Cmdlet(VerbsCommon.Get, "Nothing")] public sealed class GetNothingCommand : PSCmdlet { }'
Add-Type -TypeDefinition $code -OutputAssembly "$Path/Empty.dll"
New-ModuleManifest -Path "$Path/Empty.psd1" -RootModule Empty.dll -CmdletsToExport Get-Nothing -FunctionsToExport @() -VariablesToExport @() -AliasesToExport @()
