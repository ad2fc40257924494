# Reads the texts that people read out of sources, scripts and documents, and finds where they leave the project's voice
# (docs/CONTRIBUTING.md, "Terms and style"): a phrase of the old dialect, a wrong term for a thing of the glossary, a long sentence.

Add-Type -AssemblyName Microsoft.CodeAnalysis, Microsoft.CodeAnalysis.CSharp

$longestSentence = 35

# A phrase, and what to write instead.
$dialect = @(
    @{ Phrase = '\b(?:told|tells|telling)\b'; Write = 'says, shows, reports; was given' }
    @{ Phrase = '\bstands\b|\bstand (?:at|before|between|for|in|there)\b'; Write = 'is, means, replaces' }
    @{ Phrase = '\bwho(?:m)?ever\b|\bwhatever\b'; Write = 'anyone who, any' }
    @{ Phrase = '\bside by side\b'; Write = 'in parallel' }
    @{ Phrase = '\b(?:go|goes|going|went) on\b'; Write = 'continue, resume' }
    @{ Phrase = '\bput(?:s|ting)? (?:(?:it|them|the(?: \w+){1,2}) )?back\b'; Write = 'restore, roll back' }
    @{ Phrase = '\b(?:is|are|was) said\b|\bsays? (?:which|of)\b|\bnothing of\b'; Write = 'names, lists; nothing about' }
    @{ Phrase = '\blead(?:s|ing)? (?:to no|nowhere)\b'; Write = 'cannot be resolved, was not found' }
    @{ Phrase = '\bin place of\b'; Write = 'instead of' }
    @{ Phrase = '\b(?:has|have) no text\b'; Write = 'is empty' }
    @{ Phrase = '\ban? (?:\w+ )?text\b(?! (?:box|editor|field|file))'; Write = 'a string, a value, a message; text' }
    @{ Phrase = '\btak(?:e|es|en|ing) (?:(?:it|that|them|the(?: \w+){1,2}) )?away\b'; Write = 'remove' }
    @{ Phrase = "\bof (?:its|one's|our|their|your) own\b"; Write = 'its own ..., custom, separate' }
    @{ Phrase = '\b(?:are|be|been|being|is|was|were) asked\b'; Write = 'is called, queried, requested; prompts you' }
    @{ Phrase = '\bthat (?:are|is) there\b|\bwhat (?:is there|there is)\b'; Write = 'existing' }
    @{ Phrase = '\bas good as\b'; Write = 'almost' }
    @{ Phrase = '(?-i:\b(?:Accepted|Better|Known) (?:are|is)\b)'; Write = 'Accepted values: ...; Use ...' }
    @{ Phrase = '(?<!\bthere )\b(?:are|is|was|were) no (?!better\b|different\b|less\b|longer\b|more\b)'; Write = 'is not a' }
    @{ Phrase = '\bpassed over\b'; Write = 'skipped' }
    @{ Phrase = '\bgravest\b'; Write = 'most severe' }
    @{ Phrase = '\banew\b'; Write = 'again' }
    @{ Phrase = '\bsee to\b'; Write = 'check' }
    @{ Phrase = '\bin clear\b'; Write = 'unencrypted' }
    @{ Phrase = '\bby (?:itself|themselves)\b'; Write = 'automatically, on its own' }
    @{ Phrase = '\ball the same\b'; Write = 'anyway, still' }
    @{ Phrase = '\bthat (?:are|is) meant\b'; Write = 'that you mean, intended' }
    @{ Phrase = '\bin step\b(?! \d)'; Write = 'in sync' }
    @{ Phrase = '\bthe (?:key|one|password|run|value) before\b'; Write = 'the previous ...' }
    @{ Phrase = '\bgiv(?:e|es|ing) (?:(?:a|an|the) )?(?:\w+ )?away\b'; Write = 'expose' }
)

# What to call a thing, where a reader may meet two names of it.
$glossary = @(
    @{ Phrase = '\b(?:non-)?ending (?:and|error)'; Write = 'terminating, non-terminating error' }
    @{ Phrase = '\bends the (?:command|pipeline)\b'; Write = 'stops the pipeline, is a terminating error' }
    @{ Phrase = '\brepetitions?\b|\b(?:are|is) repeated\b'; Write = 'retry, is retried' }
    @{ Phrase = "\bfile(?:'s)? endings?\b"; Write = 'file extension' }
    @{ Phrase = "\bplatform's own page\b"; Write = "platform's web UI" }
    @{ Phrase = '\bvariables? of the environment\b'; Write = 'environment variable' }
    @{ Phrase = '\b(?:told|wanted) (?:state|value)'; Write = 'actual, desired value' }
    @{ Phrase = "\b(?:platform|provider)'?s? (?:password|token)\b"; Write = 'platform key, provider key' }
    @{ Phrase = '\bkey (?:link|pointer)s?\b'; Write = 'reference' }
    @{ Phrase = '\bconnections? file\b'; Write = 'manifest' }
    @{ Phrase = '\b(?:fake|simulated) platform\b'; Write = 'sandbox' }
    @{ Phrase = '\b(?:blacken|censor)(?:ed|s)?\b'; Write = 'redact' }
)

$rules = @($dialect.ForEach({ @{ Rule = 'dialect' } + $_ }); $glossary.ForEach({ @{ Rule = 'glossary' } + $_ }))
# Most sentences have no fault, which one search shows.
$anyPhrase = '(?:' + ($rules.Phrase -join ')|(?:') + ')'

function New-Text([string] $File, [int] $Line, [string] $Text) {
    [pscustomobject]@{ File = $File; Line = $Line; Text = $Text }
}

function Test-Type($Node, [string] $Name) {
    $Node.GetType().Name -eq "${Name}Syntax"
}

# What is filled in counts as one word.
function Get-NodeText($Node) {
    if (Test-Type $Node InterpolatedStringExpression) {
        -join $Node.Contents.ForEach({ (Test-Type $_ Interpolation) ? 'X' : $_.TextToken.ValueText })
    } elseif (Test-Type $Node BinaryExpression) {
        (Get-NodeText $Node.Left) + (Get-NodeText $Node.Right)
    } elseif ((Test-Type $Node LiteralExpression) -and $Node.Token.Value -is [string]) {
        $Node.Token.ValueText
    } else {
        'X'
    }
}

<#
.SYNOPSIS
The texts of C# sources: each literal and interpolated string with a space, those that are added to one another as one.
#>
function Get-SourceText([Parameter(Mandatory, ValueFromPipeline)] [IO.FileInfo] $File) {
    process {
        $tree = [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText((Get-Content -LiteralPath $File.FullName -Raw))
        $seen = [Collections.Generic.HashSet[object]]::new()
        $all = $tree.GetRoot().DescendantNodes()
        $nodes = @(
            [Linq.Enumerable]::OfType[Microsoft.CodeAnalysis.CSharp.Syntax.InterpolatedStringExpressionSyntax]($all)
            [Linq.Enumerable]::OfType[Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax]($all) | Where-Object { $_.Token.Value -is [string] }
        )
        foreach ($node in $nodes) {
            $whole = $node
            while ((Test-Type $whole.Parent BinaryExpression) -and $whole.Parent.OperatorToken.Text -eq '+') { $whole = $whole.Parent }
            # Of an attribute only what a prompt shows.
            $isCode = (Test-Type $whole.Parent AttributeArgument) -and "$($whole.Parent.NameEquals.Name)" -ne 'HelpMessage'
            $text = Get-NodeText $whole
            if (-not $isCode -and $text.Contains(' ') -and $seen.Add($whole)) {
                New-Text $File.FullName ($whole.GetLocation().GetLineSpan().StartLinePosition.Line + 1) $text
            }
        }
    }
}

<#
.SYNOPSIS
Strings as they are in a line: of JavaScript, which has no parser here, of YAML and of JSON.
#>
function Get-QuotedText([Parameter(Mandatory, ValueFromPipeline)] [IO.FileInfo] $File) {
    process {
        # JSON has one kind of quotation marks, and code between back ticks inside of them.
        $quotes = $File.Extension -eq '.json' ? '"' : '''', '`', '"'
        $string = ($quotes | ForEach-Object { "$_((?:\\.|[^$_\\])* (?:\\.|[^$_\\])*)$_" }) -join '|'
        $number = 0
        foreach ($line in Get-Content -LiteralPath $File.FullName) {
            $number++
            if ($line -match '^\s*(?://|\*|/\*)|require\(') { continue }
            foreach ($match in [regex]::Matches($line, $string)) {
                $text = ($match.Groups | Select-Object -Skip 1 | Where-Object Success).Value
                New-Text $File.FullName $number ($text -replace '\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}', 'X' -replace '`[^`]+`', 'X')
            }
        }
    }
}

<#
.SYNOPSIS
Strings of a script.
#>
function Get-ScriptText([Parameter(Mandatory, ValueFromPipeline)] [IO.FileInfo] $File) {
    process {
        $ast = [Management.Automation.Language.Parser]::ParseFile($File.FullName, [ref] $null, [ref] $null)
        $strings = $ast.FindAll({
                $args[0] -is [Management.Automation.Language.StringConstantExpressionAst] -or $args[0] -is [Management.Automation.Language.ExpandableStringExpressionAst]
            }, $true)
        foreach ($string in $strings | Where-Object { $_.StringConstantType -ne 'BareWord' -and $_.Value.Contains(' ') }) {
            New-Text $File.FullName $string.Extent.StartLineNumber ($string.Value -replace '\$\([^()]*(?:\([^()]*\)[^()]*)*\)|\$\{?\w+(?::\w+)?\}?', 'X')
        }
    }
}

<#
.SYNOPSIS
The prose of documents: paragraphs, items, headings and cells of tables. No blocks or spans of code, no front matter.
#>
function Get-ProseText([Parameter(Mandatory, ValueFromPipeline)] [IO.FileInfo] $File) {
    process {
        $isTopic = $File.Name -like '*.help.txt'
        $number, $first, $paragraph = 0, 0, ''
        $fence = ''
        # The end of the file ends a paragraph too.
        foreach ($line in @(Get-Content -LiteralPath $File.FullName) + '') {
            $number++
            if ($fence) {
                if ($line -match $fence) { $fence = '' }
                continue
            }
            if ($line -match '^\s*(`{3,}|~{3,})') { $fence = "^\s*$($Matches[1])" }
            elseif ($number -eq 1 -and $line -eq '---') { $fence = '^---$' }
            elseif ($line -match '^<!--(?!.*-->)') { $fence = '-->' }
            # A topic's code is indented once more than its prose.
            $isCode = $isTopic ? $line -match '^ {8}' : $fence
            $isApart = $line -match '^\s*(?:[-*+]|\d+\.)\s|^\||^\s*$' -or ($isTopic -and $line -match '\S {2,}\S')
            $isHeading = $line -match ($isTopic ? '^ {0,3}\S' : '^#')
            if ($paragraph -and ($isHeading -or $isCode -or $isApart)) {
                New-Text $File.FullName $first $paragraph
                $paragraph = ''
            }
            if ($isCode -or $line -match '^\s*$') { continue }
            $prose = $line -replace '<!--.*?-->' -replace '(`+).+?\1', 'X' -replace '!?\[([^\]]*)\]\([^)]*\)', '$1' -replace '<[^>]+>|https?://\S+', 'X' -replace '^\s*(?:[-*+]|\d+\.|#+|>)\s+'
            if ($line -match '^\|' -or ($isTopic -and $line -match '\S {2,}\S')) {
                [regex]::Split($prose.Trim(' |'), '\|| {2,}').Trim() | Where-Object { $_ -match '\w' } | ForEach-Object { New-Text $File.FullName $number $_ }
            } elseif ($paragraph) {
                $paragraph += " $($prose.Trim())"
            } else {
                $first, $paragraph = $number, $prose.Trim()
            }
            if ($isHeading) {
                New-Text $File.FullName $first $paragraph
                $paragraph = ''
            }
        }
    }
}

<#
.SYNOPSIS
Finds what is not in the project's voice: the file and the line, the sentence, and what to write instead.
#>
function Find-VoiceFault([Parameter(ValueFromPipeline)] $Text) {
    process {
        foreach ($sentence in [regex]::Split($Text.Text, '(?<=[.?!][)"'']?)\s+(?=[^a-z])|\r?\n')) {
            $found = @(if ($sentence -match $anyPhrase) { $rules.Where({ $sentence -match $_.Phrase }) })
            $words = @($sentence -split '\s+' -match '\w').Count
            if ($words -gt $longestSentence) { $found += @{ Rule = 'length'; Write = "$words words; at most $longestSentence" } }
            foreach ($fault in $found) {
                [pscustomobject]@{ File = $Text.File; Line = $Text.Line; Rule = $fault.Rule; Phrase = $fault.Phrase; Write = $fault.Write; Sentence = $sentence }
            }
        }
    }
}

<#
.SYNOPSIS
A fault in one line, as a failed test shows it.
#>
function Format-VoiceFault([Parameter(ValueFromPipeline)] $Fault, [string] $Root) {
    process {
        "$([IO.Path]::GetRelativePath($Root, $Fault.File)):$($Fault.Line): $($Fault.Rule): write '$($Fault.Write)': $($Fault.Sentence)"
    }
}

Export-ModuleMember Get-SourceText, Get-QuotedText, Get-ScriptText, Get-ProseText, Find-VoiceFault, Format-VoiceFault
