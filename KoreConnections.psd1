@{
    RootModule             = 'KoreConnections.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = '0c1b7a52-6d2e-4f2b-9a53-7b5f1c4d8e90'
    Author                 = 'KoreConnections contributors'
    CompanyName            = 'KoreConnections'
    Copyright              = '(c) KoreConnections contributors.'
    Description            = 'Manages external model connections (OpenAI, Azure OpenAI, Anthropic, custom APIs) on the Kore.ai Agent Platform, and never shows a key.'
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = @('Core', 'Desktop')

    # Loaded first, so that [KoreConnections.Connection] is a type literal right after import, and the types file finds its code.
    RequiredAssemblies     = @('KoreConnections.Client.dll', 'KoreConnections.dll')
    # Before the root module: it finds the dependencies that the root module asks for.
    NestedModules          = @('KoreConnections.Resolver.dll')
    TypesToProcess         = @('KoreConnections.types.ps1xml')
    FormatsToProcess       = @('KoreConnections.format.ps1xml')

    CmdletsToExport        = @(
        'Compare-Connection'
        'Connect-KorePlatform'
        'Disconnect-KorePlatform'
        'Export-Connection'
        'Export-ConnectionReport'
        'Find-ConnectionIssue'
        'Get-Connection'
        'Get-KeySource'
        'Get-KoreSession'
        'Get-ProviderModel'
        'New-Connection'
        'Register-KeySource'
        'Select-KoreSession'
        'Set-Connection'
        'Sync-Connection'
        'Test-ConnectionKey'
        'Test-ConnectionManifest'
        'Unregister-KeySource'
        'Update-ConnectionKey'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()

    PrivateData            = @{
        PSData = @{
            Tags         = @('Kore.ai', 'AgentPlatform', 'OpenAI', 'AzureOpenAI', 'Anthropic', 'LLM', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
            ReleaseNotes = 'The first version: connections created, read and changed, many at once; keys tested and rotated; connections as code.'
        }
    }
}
