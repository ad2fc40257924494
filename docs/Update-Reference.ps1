#requires -Version 7.4
<#
.SYNOPSIS
Writes what the documents and views can learn from the module that is imported, and emits the files that it changes.

.DESCRIPTION
The schema of manifests; the syntax and the facts of each parameter in the help pages; the lists of a connection's properties in a page,
in the types and in a view; the lists of fields in the topic about manifests. All other text is a person's, and stays. A parameter
without a section gets one, and a field of custom APIs without a property gets one, each with the description of its field.
-WhatIf says what is not up to date. After a file of code was changed, build again and run it again.
#>
[CmdletBinding(SupportsShouldProcess)]
param()

$ErrorActionPreference = 'Stop'
$help = "$PSScriptRoot/en-US"
$source = "$(Split-Path $PSScriptRoot)/src/KoreConnections"
$common = [Management.Automation.Cmdlet]::CommonParameters
$schemaText = [KoreConnections.Client.ManifestSchema]::Text
$schema = ($schemaText | ConvertFrom-Json).definitions
# Those that are set are the same for every provider; the others are its configuration.
$configuration = [KoreConnections.Connection].GetProperties().Where({ -not $_.CanWrite }).Name

function Save-Text {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([string])]
    param([string] $Path, [scriptblock] $Edit)

    $old = (Test-Path $Path) ? [IO.File]::ReadAllText($Path) -replace '\r' : ''
    $new = $old | & $Edit
    if ($new -cne $old -and $PSCmdlet.ShouldProcess($Path, 'Write')) {
        [IO.File]::WriteAllText($Path, $new)
    }
    if ($new -cne $old) { $Path }
}

# The script block makes the new text of the first match.
filter Edit-Match([string] $Pattern, [scriptblock] $New) {
    $match = [regex]::Match($_, $Pattern, 'Singleline')
    if (-not $match.Success) { throw "There is no text like $Pattern" }
    $_.Remove($match.Index, $match.Length).Insert($match.Index, (& $New $match.Value))
}

function Split-Line([string[]] $Word, [int] $Width) {
    $line = ''
    foreach ($one in $Word) {
        if ($line -and $line.Length + 1 + $one.Length -gt $Width) {
            $line
            $line = $one
        } else {
            $line = ($line, $one -ne '') -join ' '
        }
    }
    $line
}

function Join-Name([string[]] $Name) { ($Name | Select-Object -SkipLast 1 | Join-String -Separator ', ') + " and $($Name[-1])" }

function Format-Syntax($Command, $Set, [string] $Current) {
    $pattern = '\[{0,2}-(\w+)\]?(?: <[^>]+>)?\]?'
    $hidden = $Set.Parameters.Where({ $_.Attributes.Where({ $_.DontShow -and $_.ParameterSetName -eq $Set.Name }) }).Name
    $real = @([regex]::Matches($Set.ToString(), $pattern).Where({ $_.Groups[1].Value -notin $hidden }).Value)
    # In a person's order, which keeps what belongs together.
    $words = [Collections.Generic.List[string]]@([regex]::Matches(($Current -replace '\s+', ' '), $pattern).Value.Where({ $_ -cin $real }))
    for ($i = 0; $i -lt $real.Count; $i++) {
        if ($real[$i] -cnotin $words) { $words.Insert($i -eq 0 ? 0 : $words.IndexOf($real[$i - 1]) + 1, $real[$i]) }
    }
    $all = @($Command.Name) + $words + '[<CommonParameters>]'
    ($all -join ' ') -ceq ($Current -replace '\s+', ' ') ? $Current : ((Split-Line $all 99) -join "`n ")
}

function Format-Fact($Command, $Parameter, [string] $Current) {
    $type = [Nullable]::GetUnderlyingType($Parameter.ParameterType) ?? $Parameter.ParameterType
    $property = $Command.ImplementingType.GetProperty($Parameter.Name)
    $default = if ($property.PropertyType.IsValueType) { $property.GetValue([Activator]::CreateInstance($Command.ImplementingType)) }
    elseif ($Current -match '(?m)^DefaultValue: (.*)$') { $Matches[1] }
    $accepted = $Parameter.Attributes.ValidValues ?? [regex]::Match($Current, '(?<=AcceptedValues:\n- ).*?(?=\nHelpMessage)', 'Singleline').Value -split '\n- ' -ne ''
    "Type: $($type.FullName)"
    "DefaultValue: $("$default" ? $default : "''")"
    "SupportsWildcards: $("$($Parameter.Attributes.TypeId -contains [SupportsWildcards])".ToLower())"
    $Parameter.Aliases ? @('Aliases:') + ($Parameter.Aliases -replace '^', '- ') : 'Aliases: []'
    'ParameterSets:'
    foreach ($name in $Parameter.ParameterSets.Keys | Sort-Object -Culture '') {
        $set = $Parameter.ParameterSets[$name]
        "- Name: $($name -eq '__AllParameterSets' ? '(All)' : $name)"
        "  Position: $($set.Position -lt 0 ? 'Named' : $set.Position)"
        "  IsRequired: $("$($set.IsMandatory)".ToLower())"
        foreach ($fact in 'ValueFromPipeline', 'ValueFromPipelineByPropertyName', 'ValueFromRemainingArguments') { "  ${fact}: $("$($set.$fact)".ToLower())" }
    }
    "DontShow: $("$($Parameter.Attributes.Where({ $_ -is [Parameter] }).DontShow -notcontains $false)".ToLower())"
    $accepted ? @('AcceptedValues:') + ($accepted -replace '^', '- ') : 'AcceptedValues: []'
    $Current -match '(?m)^HelpMessage: .*$' ? $Matches[0] : "HelpMessage: ''"
}

Save-Text "$PSScriptRoot/connections.schema.json" { $schemaText }

# Of the kind that most are, a text. A list or a table takes a person.
Save-Text "$source.Client/ConnectionProperties.cs" {
    $text = "$input"
    foreach ($field in $schema.customApi.properties.PSObject.Properties.Where({ $_.Value.anyOf.'$ref' -notcontains '#/definitions/flag' })) {
        $name = $field.Name.Substring(0, 1).ToUpperInvariant() + $field.Name.Substring(1)
        if ($field.Name -notin 'provider', 'name', 'model' -and $text -notmatch " $name => ") {
            $text = $text | Edit-Match '(?=\n    private object\? Raw)' { "`n    /// <summary>$($field.Value.description)</summary>`n    public string? $name => Text(nameof($name));`n" }
        }
    }
    $text
}

foreach ($command in Get-Command -Module KoreConnections) {
    Save-Text "$help/$command.md" {
        $input | Edit-Match '(?<=\n## SYNTAX\n\n).*?(?=\n## ALIASES)' {
            param($syntax)
            ($command.ParameterSets | ForEach-Object {
                $current = [regex]::Match($syntax, "(?<=### $($_.Name)(?: \(Default\))?\n\n``````\n).*?(?=\n``````)", 'Singleline').Value
                "### $($_.Name)$($_.IsDefault ? ' (Default)' : '')`n`n```````n$(Format-Syntax $command $_ -Current $current)`n```````n"
            }) -join "`n"
        } | Edit-Match '(?<=\n## PARAMETERS\n\n).*?(?=### CommonParameters)' {
            param($sections)
            ($command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name -Culture '' | ForEach-Object {
                $current = [regex]::Match($sections, "### -$($_.Name)\n.*?(?=### |\z)", 'Singleline').Value
                if (-not $current) {
                    $description = $schema.PSObject.Properties.Value.properties.$($_.Name).description | Select-Object -First 1
                    $current = "### -$($_.Name)`n`n$($description ?? (throw "$command.md does not describe -$($_.Name)."))`n`n``````yaml`n```````n`n"
                }
                $parameter = $_
                $current | Edit-Match '(?<=```yaml\n).*?(?=```)' { (Format-Fact $command $parameter -Current $args[0] | ForEach-Object { "$_`n" }) -join '' }
            }) -join ''
        }
    }
}

Save-Text "$help/Get-Connection.md" { $input | Edit-Match "(?<=has New-Connection's names: ).*?(?=\. Id and Name)" { Join-Name $configuration } }

Save-Text "$source/KoreConnections.types.ps1xml" {
    $text = "$input"
    foreach ($type in ([xml]$text).Types.Type.Where({ $_.Members.MemberSet })) {
        $names = @($type.Members.AliasProperty.Name) + $type.Members.CodeProperty.Name + ($type.Name -as [type]).GetProperties().Name -ne $null -ne 'Shown'
        $text = $text | Edit-Match "(?<=<Name>$([regex]::Escape($type.Name))</Name>(?:(?!</Type>).)*?<ReferencedProperties>\n).*?(?=\n *</Ref)" {
            ($names -replace '.+', '              <Name>$0</Name>') -join "`n"
        }
    }
    $text
}

Save-Text "$source/KoreConnections.format.ps1xml" {
    $input | Edit-Match '(?<=>ModifiedOn</PropertyName></ListItem>\n).*?(?= *<ListItem><Label>Fields<)' {
        $configuration | Join-String {
            @"
              <ListItem>
                <ItemSelectionCondition><ScriptBlock>`$null -ne `$_.$_</ScriptBlock></ItemSelectionCondition>
                <Label>$_</Label><ScriptBlock>`$_.Shown.$_</ScriptBlock>
              </ListItem>

"@
        }
    }
}

Save-Text "$help/about_KoreConnections_Manifest.help.txt" {
    $properties = $schema.customApi.properties.PSObject.Properties
    # Each of the two shapes says what it cannot have: the other's.
    $mapped, $own = $schema.customApi.oneOf.ForEach({ , $_.properties.PSObject.Properties.Where({ $_.Value.type -eq 'null' }).Name })
    $both = $properties.Name.Where({ $_ -notin 'provider', 'name', 'model' + $own + $mapped })
    $lists = $properties.Where({ 'array' -in $_.Value.anyOf.type -and 'object' -notin $_.Value.anyOf.type }).Name
    $input | Edit-Match '(?<=\n    API           ).*?(?=\n\n)' {
        @(
            (Split-Line (-split "$($both -join ', '), and either") 62) -join "`n                  "
            (Split-Line (-split ($own -join ', ')) 60) -replace '^', '                    '
            '                  or'
            (Split-Line (-split ($mapped -join ', ')) 60) -replace '^', '                    '
        ) -join "`n"
    } | Edit-Match '(?<=\n    )header is a table,.*? are lists\.' {
        (Split-Line (-split ($args[0] -replace '(?s)(?<=JSON\s+object\. ).*(?= are)', (Join-Name $lists))) 76) -join "`n    "
    }
}
