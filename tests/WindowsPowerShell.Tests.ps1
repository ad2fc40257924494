# What a script may hold that has to run in Windows PowerShell 5.1. This PowerShell's parser takes all that is newer without a
# word, so the syntax tree is searched for it. A script opts out with #requires -Version 6 or newer, or -PSEdition Core.

BeforeDiscovery {
    $root = (Resolve-Path "$PSScriptRoot/..").Path
    $script:files = @(
        Get-ChildItem $root -File | Where-Object Extension -In .psd1, .psm1, .ps1xml
        Get-ChildItem "$root/src/KoreConnections" -File | Where-Object Extension -In .ps1, .psm1, .psd1, .ps1xml
        Get-ChildItem "$root/docs/examples" -Filter *.ps1
        Get-ChildItem "$root/src/azure-pipelines/task", "$root/src/azure-pipelines/step" -Filter *.ps1
        Get-Item "$PSScriptRoot/Test-Package.ps1"
    ) | ForEach-Object { @{ Name = [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/'); Path = $_.FullName } }
}

BeforeAll {
    # Commands that 5.1 lacks, and parameters that its commands lack.
    $script:newerCommands = 'ConvertFrom-Markdown', 'Get-Error', 'Get-Uptime', 'Join-String', 'Remove-Alias', 'Show-Markdown', 'Switch-Process', 'Test-Json', 'ConvertTo-CliXml', 'ConvertFrom-CliXml'
    # Those of both web cmdlets.
    $web = 'AllowUnencryptedAuthentication', 'Authentication', 'CustomMethod', 'Form', 'MaximumRetryCount', 'NoProxy', 'PreserveAuthorizationOnRedirect', 'Resume', 'RetryIntervalSec',
        'ResponseHeadersVariable', 'SkipCertificateCheck', 'SkipHeaderValidation', 'SkipHttpErrorCheck', 'StatusCodeVariable', 'Token'
    $script:newerParameters = @{
        'Invoke-RestMethod'        = $web
        'Invoke-WebRequest'        = $web
        'ConvertFrom-Json'         = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'
        'ConvertTo-Json'           = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
        'ConvertTo-Csv'            = 'UseQuotes', 'QuoteFields', 'IncludeTypeInformation', 'NoHeader'
        'ConvertFrom-SecureString' = , 'AsPlainText'
        'Export-Csv'               = 'UseQuotes', 'QuoteFields', 'IncludeTypeInformation', 'NoHeader'
        'ForEach-Object'           = 'Parallel', 'ThrottleLimit', 'TimeoutSeconds', 'AsJob', 'UseNewRunspace'
        'Get-Content'              = , 'AsByteStream'
        'Get-Random'               = , 'Shuffle'
        'Import-Module'            = 'UseWindowsPowerShell', 'SkipEditionCheck'
        'Join-Path'                = , 'AdditionalChildPath'
        'Measure-Object'           = 'StandardDeviation', 'AllStats'
        'Select-String'            = 'Raw', 'NoEmphasis', 'Culture'
        'Set-Content'              = , 'AsByteStream'
        'Sort-Object'              = 'Top', 'Bottom', 'Stable'
        'Split-Path'               = 'LeafBase', 'Extension'
        'Start-Process'            = , 'Environment'
        'Test-Connection'          = 'TargetName', 'TcpPort', 'Ping', 'Traceroute', 'MtuSize'
    }
    $script:newerVariables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures'

    # What 5.1 does not have of one node, or nothing.
    function Get-NewerPart([Management.Automation.Language.Ast] $Node) {
        switch ($Node.GetType().Name) {
            TernaryExpressionAst { 'a ternary' }
            PipelineChainAst { '&& or ||' }
            PipelineAst { if ($Node.Background) { '& at the end' } }
            ScriptBlockAst { if ($Node.CleanBlock) { 'a clean block' } }
            AssignmentStatementAst { if ($Node.Operator -eq 'QuestionQuestionEquals') { '??=' } }
            BinaryExpressionAst {
                if ($Node.Operator -eq 'QuestionQuestion') { '??' }
                if ($Node.Operator -in 'Ireplace', 'Creplace' -and $Node.Right.Find({ $args[0] -is [Management.Automation.Language.ScriptBlockExpressionAst] }, $false)) { '-replace with a script' }
                if ($Node.Operator -eq 'DotDot' -and $Node.Left -is [Management.Automation.Language.StringConstantExpressionAst]) { 'a range of characters' }
            }
            { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst', 'IndexExpressionAst' } { if ($Node.NullConditional) { '?. or ?[' } }
            ConstantExpressionAst { if ($Node.StaticType -ne [bool] -and $Node.Extent.Text -match '^0b|(?<!^0x.*)(u?[ysl]|u|n)([kmgtp]b)?$' -and $Node.Extent.Text -notmatch '^(0x)?[\d.a-f]+l([kmgtp]b)?$') { 'a suffix or prefix of a number' } }
            VariableExpressionAst { if ($Node.VariablePath.UserPath -in $newerVariables -and -not (Test-Guarded $Node)) { "`$$($Node.VariablePath.UserPath)" } }
            CommandAst { Get-NewerCommandPart $Node }
        }
    }

    # if ($PSStyle) is how a script asks for it. Of $IsWindows it would be wrong: 5.1 is on Windows and has none.
    function Test-Guarded([Management.Automation.Language.VariableExpressionAst] $Node) {
        for ($at = $Node.Parent; $at; $at = $at.Parent) {
            if ($at -is [Management.Automation.Language.IfStatementAst] -and $at.Clauses[0].Item1.Extent.Text -eq '$PSStyle' -and $Node.Extent.Text -eq '$PSStyle') {
                return $true
            }
        }

        return $false
    }

    function Get-NewerCommandPart([Management.Automation.Language.CommandAst] $Node) {
        $name = $Node.GetCommandName()
        # A command that is a value has no name.
        if (-not $name) { return }
        $alias = $ExecutionContext.InvokeCommand.GetCommand($name, 'Alias')
        $name = if ($alias) { $alias.Definition } else { $name.Split('\')[-1] }
        if ($name -in $newerCommands) { $name }
        $given = $Node.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] }).ParameterName
        $command = if ($newerParameters[$name]) { Get-Command $name -CommandType Cmdlet -ErrorAction Ignore | Select-Object -First 1 }
        foreach ($part in $given) {
            # Abbreviated too, as far as this PowerShell knows one that it may be.
            $found = $newerParameters[$name].Where({ $_ -eq $part })
            if (-not $found -and $command -and -not $command.Parameters.ContainsKey($part)) {
                $candidates = @($command.Parameters.Values.Where({ $_.Name -like "$part*" }).Name)
                $found = if ($candidates.Count -eq 1) { $newerParameters[$name].Where({ $_ -eq $candidates[0] }) }
            }

            if ($found) { "$name -$found" }
        }

        if ($name -eq 'Join-Path' -and @($Node.CommandElements.Where({ $_ -isnot [Management.Automation.Language.CommandParameterAst] })).Count -gt 3) { 'Join-Path of more than two' }
    }

    # Each part of a script that 5.1 does not have, with its line.
    function Find-NewerSyntax([string] $Text) {
        $tokens = $errors = $null
        $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref]$tokens, [ref]$errors)
        $errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" }
        $needs = $tree.ScriptRequirements
        if (($needs.RequiredPSVersion -and $needs.RequiredPSVersion.Major -ge 6) -or $needs.RequiredPSEditions -contains 'Core') {
            return
        }

        foreach ($node in $tree.FindAll({ $true }, $true)) {
            Get-NewerPart $node | ForEach-Object { "$($node.Extent.StartLineNumber): $_" }
        }

        foreach ($token in $tokens) {
            if ($token.Kind -eq 'Pipe' -and $Text.Substring(0, $token.Extent.StartOffset) -match '\n[ \t]*$') { "$($token.Extent.StartLineNumber): a line that begins with |" }
            if ($token.Kind -in 'StringExpandable', 'HereStringExpandable' -and $token.Text -cmatch '(?<!`)(``)*`(e|u\{)') { "$($token.Extent.StartLineNumber): ``e or ``u{}" }
        }
    }

    # The scripts in a file: itself, or those in the elements of a ps1xml.
    function Get-ScriptText([string] $Path) {
        if ($Path -like '*.ps1xml') {
            ([xml](Get-Content $Path -Raw)).SelectNodes('//ScriptBlock|//GetScriptBlock|//SetScriptBlock|//Script') | ForEach-Object InnerText
        } else {
            Get-Content $Path -Raw
        }
    }
}

Describe 'What has to run in Windows PowerShell 5.1' {
    It 'keeps to what it has: <Name>' -ForEach $files {
        Get-ScriptText $Path | ForEach-Object { Find-NewerSyntax $_ } | Should -BeNullOrEmpty
    }

    It 'is plain ASCII, or says how it is encoded, because 5.1 takes all else for the system''s code page: <Name>' -ForEach $files {
        $bytes = [IO.File]::ReadAllBytes($Path)
        $isMarked = $bytes[0] -eq 0xEF -or $Path -like '*.ps1xml'
        $isMarked -or -not ($bytes -gt 127) | Should -BeTrue
    }

    It 'includes scripts in a ps1xml' {
        @($files.Where({ $_.Name -like '*.ps1xml' }) | ForEach-Object { Get-ScriptText $_.Path }).Count | Should -BeGreaterThan 5
    }
}

Describe 'The search for what is newer' {
    It 'finds <Part>: <Script>' -ForEach @(
        @{ Script = '$a ? 1 : 2'; Part = 'a ternary' }
        @{ Script = 'if ($x) { "$($a ? 1 : 2)" }'; Part = 'a ternary' }
        @{ Script = '$a ?? 1'; Part = '??' }
        @{ Script = 'function f { process { $a = $b ?? { $c } } }'; Part = '??' }
        @{ Script = '$a ??= 1'; Part = '??=' }
        @{ Script = '$a.b ??= 1'; Part = '??=' }
        @{ Script = '${a}?.Length'; Part = '?. or ?[' }
        @{ Script = '${a}?.Trim()'; Part = '?. or ?[' }
        @{ Script = '${a}?[0]'; Part = '?. or ?[' }
        @{ Script = 'Get-Item a && Get-Item b'; Part = '&& or ||' }
        @{ Script = 'Get-Item a || exit 1'; Part = '&& or ||' }
        @{ Script = 'Get-Item a &'; Part = '& at the end' }
        @{ Script = 'function f { process { 1 } clean { 2 } }'; Part = 'a clean block' }
        @{ Script = '1..3 | ForEach-Object -Parallel { $_ }'; Part = 'ForEach-Object -Parallel' }
        @{ Script = '1..3 | % -Para { $_ }'; Part = 'ForEach-Object -Parallel' }
        @{ Script = '1..3 | foreach -parallel { $_ }'; Part = 'ForEach-Object -Parallel' }
        @{ Script = '1..3 | Microsoft.PowerShell.Core\ForEach-Object -Parallel { $_ }'; Part = 'ForEach-Object -Parallel' }
        @{ Script = 'ConvertFrom-Json $a -AsHash'; Part = 'ConvertFrom-Json -AsHashtable' }
        @{ Script = 'irm $a -SkipHttpErrorCheck'; Part = 'Invoke-RestMethod -SkipHttpErrorCheck' }
        @{ Script = 'Join-Path a b c'; Part = 'Join-Path of more than two' }
        @{ Script = 'Get-Error'; Part = 'Get-Error' }
        @{ Script = 'if (-not $IsWindows) { 1 }'; Part = '$IsWindows' }
        @{ Script = 'if ($IsWindows) { 1 }'; Part = '$IsWindows' }
        @{ Script = '$PSStyle.OutputRendering = "Ansi"'; Part = '$PSStyle' }
        @{ Script = '"a $IsLinux"'; Part = '$IsLinux' }
        @{ Script = '$a -replace "b", { $_.Value }'; Part = '-replace with a script' }
        @{ Script = "'a'..'z'"; Part = 'a range of characters' }
        @{ Script = '$a = 0b101'; Part = 'a suffix or prefix of a number' }
        @{ Script = '$a = 1uy'; Part = 'a suffix or prefix of a number' }
        @{ Script = '$a = 10n'; Part = 'a suffix or prefix of a number' }
        @{ Script = "Get-Item a`n    | Get-ChildItem"; Part = 'a line that begins with |'; Line = 2 }
        @{ Script = '"`e[1m"'; Part = '`e or `u{}' }
        @{ Script = '"a `u{2713}"'; Part = '`e or `u{}' }
    ) {
        Find-NewerSyntax $Script | Should -Be "$(if ($Line) { $Line } else { 1 }): $Part"
    }

    It 'finds nothing in <_>' -ForEach @(
        'if ($a) { 1 } else { 2 }', '$a.b[0].Trim()', 'Get-Item a | Where-Object { $_ }', 'gci | ? Name -EQ a', 'gci | % { $_ }', '& $a b', '& { 1 }', 'if ($PSStyle) { $PSStyle.OutputRendering = "Ansi" }', '1..3 | ForEach-Object -Begin { 1 } -Process { 2 }'
        "'a ?? b'", '# $a ?? $b', '"``e"', '"a`n"', '0xFFl', '1kb', '1l', '1.5d', '-1', '0x1e', '1e5', 'Join-Path a b', '1..3', '$a -replace "b", "c"', "Get-Item a |`n    Get-ChildItem", '$true'
        "#requires -Version 7.0`n`$a ?? 1", "#requires -PSEdition Core`n`$a ? 1 : 2"
    ) {
        Find-NewerSyntax $_ | Should -BeNullOrEmpty
    }

    It 'does not let #requires of what 5.1 has opt out' {
        Find-NewerSyntax "#requires -Version 5.1`n`$a ?? 1" | Should -Be '2: ??'
    }

    It 'says that a script does not parse' {
        Find-NewerSyntax 'if (' | Should -Not -BeNullOrEmpty
    }
}
