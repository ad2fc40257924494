#requires -Version 7.0
# What the step writes to the agent's log: lines, values to mask, and issues of the run.

function Write-Line([string] $Line) { $Host.UI.WriteLine($Line) }

# The agent undoes what is escaped behind a command, such as %0A.
function Write-Command([string] $Command, [string] $Data) { Write-Line "##vso[$Command]$($Data.Replace('%', '%AZP25'))" }

# The words and patterns that the task has, too.
$taskRules = Get-Content -LiteralPath "$PSScriptRoot/rules.json" -Raw | ConvertFrom-Json -AsHashtable

# One rule for what is written to the log: agents act on two number signs or colons, so none are left in a row.
# Of a line by which a script has a value masked, the value is not shown, since the agent does not act on the line.
filter Format-Text([switch] $Masks) {
    $text = "$_" -replace $taskRules.masking, {
        $value = $_.Groups[2].Value -replace '%0D|%0A', "`n" -replace '%3B', ';' -replace '%5D', ']' -replace '%AZP25', '%'
        if ($Masks) { Write-Mask $value }
        "$($_.Groups[1].Value)***"
    }
    $text -replace '#(?=#)', '# ' -replace ':(?=:)', ': '
}

# The agent masks line by line.
function Write-Mask([string] $Value) {
    $Value -split '[\p{Cc}\p{Zl}\p{Zp}]+' -ne '' | ForEach-Object { Write-Command task.setsecret $_ }
}

# What the module says, in the words of the template: its parameters, and columns of the file of keys. What is quoted, what a server says and
# the name that it is about stay as they are.
filter Convert-Word($Name) {
    $kept = @(if ("$Name") { [regex]::Escape("$Name") }) + $taskRules.data
    $patterns = $kept + @($taskRules.words | ForEach-Object { $_[0] }) + '(?<=^|[\s(])-[A-Z][A-Za-z]+\b'
    [regex]::Replace($_, ($patterns.ForEach({ "($_)" }) -join '|'), {
        param($found)
        $at = (1..$patterns.Count).Where({ $found.Groups[$_].Success }, 'First')[0] - 1 - $kept.Count
        $parameter = "$found" -replace '^-'
        if ($at -lt 0) { "$found" }
        elseif ($at -lt $taskRules.words.Count) { $taskRules.words[$at][-1] ?? "$found" }
        else { $taskRules.templateParameters[$parameter] ?? $taskRules.parameters[$parameter] ?? "$found" }
    }, 'Singleline')
}

$atPlace = '^(.+\.(?:ya?ml|json)):(\d+)(?::(\d+))?$'

function Write-Issue($Type, $Code, $Text, $Place, $Advice, $Name) {
    # File, line and column, as the repository knows them.
    $at = if ("$Place" -match $atPlace) {
        $Text = "$Text".Replace("${Place}: ", '')
        $file = [IO.Path]::GetRelativePath($PWD, $Matches[1]) -replace '\\', '/' -replace '[;\]\r\n]', '_'
        "sourcepath=$file;linenumber=$($Matches[2]);$(if ($Matches[3]) { "columnnumber=$($Matches[3]);" })"
    }
    $whole = ("$Text", "$Advice" | Convert-Word $Name) -join ' '
    $line = $whole.Trim() -replace '(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|[\uDB40-\uDB7F][\uDC00-\uDFFF])+', ' ' | Format-Text
    # The agent masks the text of an issue, and not its code: what is no id, or has a variable's value in it, is none.
    $holds = (Get-ChildItem env:).Value.Where({ $_.Length -ge 8 -and "$Code".Contains($_) })
    $id = if ("$Code" -cmatch '^[A-Za-z0-9_.,-]{1,100}\z' -and -not $holds) { "code=$Code;" }
    Write-Command "task.logissue type=$Type;$id$at" $line
}
