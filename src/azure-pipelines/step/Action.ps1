#requires -Version 7.0
# What the step does: the script of sources, then one action of the module. What comes of both is kept in the step, for its outcome.

# The agent masks each key of a source before it is used. A variable of the pipeline it masks by itself.
function Register-KeyMask {
    [KoreConnections.KeySource]::add_Resolved({
        param($key, $source)
        if ($source.IsBuiltIn -and $source.Scheme -in 'env', 'file') { return }
        $value = [Net.NetworkCredential]::new('', $key).Password
        if ($source) { Write-Mask $value } else { $value | Add-RawKey }
    })
}

# As in the task: the first error and an exit code fail the step, a warning is one of the step, and no text is a command.
function Invoke-Source($Step) {
    # PowerShell gives a file of another kind to the desktop, and nothing of it runs.
    $sources = Get-Item -LiteralPath $env:KORE_STEP_SOURCES -ErrorAction Stop
    if ($sources.Extension -ne '.ps1') { throw "keySourcesPath is '$env:KORE_STEP_SOURCES', which is not a .ps1 file. Use a PowerShell script." }
    Invoke-Script $sources.FullName *>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.WarningRecord] -or $_ -is [Management.Automation.ErrorRecord]) { $null = "$_" | Format-Text -Masks }
        if ($_ -is [Management.Automation.WarningRecord]) { $Step.Warnings += $_ }
        elseif ($_ -is [Management.Automation.InformationRecord] -or (Test-ProgramText $_)) { "$_" }
        elseif ($_ -is [Management.Automation.ErrorRecord]) { $Step.Failures += $_ }
        else { $_ }
    } | Out-String -Stream -Width 250 | Format-Text -Masks | ForEach-Object {
        # An audit's log begins with its verdict.
        if ($Step.Action -eq 'audit') { $Step.Early += $_ } else { Write-Line $_ }
    }
    if ($LASTEXITCODE) { throw "The script in keySourcesPath exited with code $LASTEXITCODE." }
}

function Get-AuditOption {
    if ($env:KORE_STEP_ARTIFACT -notmatch '^\w[\w .()-]{0,99}(?<!\.)\z') {
        throw "artifactName is '$env:KORE_STEP_ARTIFACT'. Use up to 100 letters, digits, spaces and the characters _ . ( ) -."
    }
    $verifies = $env:KORE_STEP_VERIFYKEYS -eq 'True'
    if ($verifies -and -not $env:KORE_STEP_MANIFEST) {
        throw 'verifyKeys tests the keys of a manifest, but manifestPath is empty. Set manifestPath, or verifyKeys: false.'
    }
    $options = @{ WithinDays = $env:KORE_STEP_WITHINDAYS; MaximumKeyAgeDays = $env:KORE_STEP_MAXIMUMKEYAGEDAYS; VerifyKey = $verifies }
    $rules = @{ Rule = $env:KORE_STEP_RULE -split ','; ExcludeRule = $env:KORE_STEP_EXCLUDERULE -split ',' }
    $lists = $rules + @{ ManifestPath = @($env:KORE_STEP_MANIFEST) }
    foreach ($name in $lists.Keys) {
        $given = @($lists[$name] | ForEach-Object { "$_".Trim() } | Where-Object { $_ })
        # What narrows nothing would mean all, which nobody has asked for.
        if ($given) { $options[$name] = $given }
        elseif (($lists[$name] -join ',').Trim()) {
            throw "$($name -replace '^R', 'r' -replace '^E', 'e') has nothing but separators. Give names, or leave it empty for all."
        }
    }
    $options
}

# Errors and warnings are issues of the run, and not in the log once more.
function Invoke-Action($Step, $Options) {
    $failures = @()
    $warnings = @()
    $kept = @{ ErrorVariable = 'failures'; WarningVariable = '+warnings' }
    # What was emitted before an error that ends the action was done all the same.
    $result = [Collections.Generic.List[object]]::new()
    try {
        . { switch ($Step.Action) {
            'test' { Test-ConnectionManifest -Path $env:KORE_STEP_MANIFEST -IgnoreKeys -InformationVariable said @kept }
            'compare' { Compare-Connection -Path $env:KORE_STEP_MANIFEST -IgnoreKeys:$Step.IgnoresKeys @kept -InformationVariable said }
            'sync' { Sync-Connection -Path $env:KORE_STEP_MANIFEST @kept -InformationVariable said }
            'audit' {
                # One listing, so that the count, the findings and the page are of the same connections.
                $all = @(Get-Connection -ErrorAction Stop -WarningVariable incomplete)
                $warnings += $incomplete
                $null = New-Item -ItemType Directory (Split-Path $Step.Page) -WhatIf:$false
                . Find-AuditIssue $all $incomplete -Page $Step.Page -Option ($Options + $kept)
                # Where a rule is wrong, nothing is examined, and there is no page.
                if (Test-Path -LiteralPath $Step.Page) { $Step.Examined = $all.Count }
            }
            'rotate' {
                $skips = @{ SkipVerification = $env:KORE_STEP_SKIPVERIFICATION -eq 'True' }
                $read = @(Import-Csv -LiteralPath $env:KORE_STEP_KEYS -ErrorAction Stop)
                $Step.Rows = @(Get-KeyRow $read)
                $read | Update-ConnectionKey -ReportPath $env:KORE_STEP_REPORT @skips @kept
                $refused = @($failures).ForEach({ $_.TargetObject })
                $planned = $Step.Rows.Where({ -not @(Get-Subject $_).Where({ $_ -in $refused }) })
                if ($WhatIfPreference -and ($planned | Select-FinalChange)) { $warnings += $noWayBack }
            }
        } } 2>$null 3>$null | ForEach-Object { $result.Add($_) }
    # Among the errors, the one that ends the action is an exception.
    } catch { $failures = @($failures | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) + $_ }
    $Step.Result = @($result)
    $Step.Failures += @($failures)
    $Step.Warnings += @($warnings)
    $Step.Said = $said
}

function Invoke-Step($Step) {
    try {
        # What Azure Pipelines leaves of a variable that is not defined: it is no key.
        Get-ChildItem env: | Where-Object Value -Match $taskRules.undefinedVariable | ForEach-Object { Remove-Item "env:$($_.Name)" }
        if ($Step.IgnoresKeys -and $env:KORE_STEP_FAILONUNKNOWNKEYS -eq 'True') {
            throw 'failOnUnknownKeys needs compareKeys, which is false. Use only one of them.'
        }
        Register-KeyMask
        if ($env:KORE_STEP_SOURCES) { Invoke-Source $Step }
        $options = if ($Step.Action -eq 'audit') { Get-AuditOption }
        $WhatIfPreference = $Step.IsRehearsal
        if ($Step.Action -eq 'rotate' -and $Step.IsRehearsal) { $Step.Warnings += @(Use-StandIn) }
        Invoke-Action $Step $options
    } catch { $Step.Failures += $_ }
    $Step.Warnings += @(Get-RawKeyWarning $Step.Rows)
}
