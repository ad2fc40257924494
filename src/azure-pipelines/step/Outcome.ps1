#requires -Version 7.0
# What the step came to: its log, the issues of the run, the variables, the result, and the sentence that says it.

# The gravest comes first; the threshold none comes before them all.
$severities = $taskRules.severities

function Get-Count($Number, $Word) { "$Number $Word$(if ($Number -ne 1) { 's' })" }

# Why nothing came of the step, in a few words; the errors say the rest.
function Get-Reason($Failures, $Page) {
    $number = $Failures.Count
    $wrong = if ($Page -and $number -eq 1) { Get-ErrorText $Failures[0] $Page | Convert-Word | Select-String -Pattern $taskRules.wrongRule -CaseSensitive }
    $codes = @($Failures | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] } | Sort-Object -Unique)
    if (-not $Failures.Where({ "$_" -notmatch $taskRules.referenceWithoutKey })) {
        "$(Get-Count $number reference) $(if ($number -eq 1) { 'has' } else { 'have' }) no key in this step"
    } elseif (-not $Failures.Where({ "$($_.TargetObject)" -notmatch $atPlace })) { "the manifest has $(Get-Count $number error)" }
    elseif ($codes.Count -eq 1 -and $taskRules.reasons[$codes[0]]) { $taskRules.reasons[$codes[0]] }
    elseif ($wrong) { "the parameter $($wrong.Matches[0].Groups[1].Value ? $wrong.Matches[0].Groups[1].Value : 'rule') is wrong" }
    else { Get-Count $number error }
}

# The sentence of an audit, with which its log begins.
function Get-Verdict($Step, $Came) {
    $rules = [ordered]@{}
    $Came.Crossing | ForEach-Object { $rules[$_.Rule]++ }
    $reasons = @(
        if ($rules.Count) { "$(($rules.Keys | ForEach-Object { "$($rules[$_]) $_" }) -join ', ') at or above $env:KORE_STEP_FAILON" }
        if ($Step.Failures) { Get-Count $Step.Failures.Count error }
    )
    $verdict = if ($reasons) { "Audit failed: $($reasons -join ', ')." }
    elseif ($env:KORE_STEP_FAILON -eq 'none') { 'Audit without a threshold.' }
    else { "Audit passed: no finding at or above $env:KORE_STEP_FAILON." }
    $numbers = ($severities | ForEach-Object { "$($Came.Found[$_]) $_" }) -join ', '
    $verdict = if ($Step.Examined -or $Came.Findings) { "$verdict Connections: $($Step.Examined). Findings: $numbers." }
    elseif ($Step.Failures) { "Nothing was audited: $(Get-Reason $Step.Failures $Step.Page)." }
    else { 'Nothing was audited: the platform has no connections.' }
    # It is no finding, so that the verdict alone would say that all is well.
    if ($Step.Examined -and $Step.Warnings -match $taskRules.emptyManifest) {
        $verdict += ' Drift was not examined: the manifest has no connections.'
    }
    foreach ($warning in $Step.Warnings) {
        if ($Step.Examined -and "$warning" -match $taskRules.unverifiedKeys) { $verdict += " $($Matches[0])" }
    }
    $verdict
}

# Of objects, what decides the outcome.
function Get-Outcome($Step) {
    $findings = @($Step.Result | Where-Object { $_.GetType().Name -eq 'ConnectionIssue' })
    $done = @($Step.Result | Where-Object { $_.Outcome -in 'Done', 'Updated' })
    $plan = @($Step.Result | Where-Object { $_.GetType().Name -eq 'ConnectionPlanItem' })
    $came = @{
        Problems    = @($Step.Result | Where-Object { $_.GetType().Name -eq 'ManifestProblem' })
        Plan        = $plan
        Drift       = @($Step.Result | Where-Object IsDrift)
        Unmanaged   = @($plan | Where-Object Action -EQ 'Unmanaged')
        UnknownKeys = @($plan | Where-Object IsKeyUnknown)
        Done        = $done
        Created     = @($done | Where-Object Action -EQ 'Create')
        Findings    = $findings
        Crossing    = @($findings | Where-Object { [array]::IndexOf($severities, "$($_.Severity)") -le [array]::IndexOf($severities, $env:KORE_STEP_FAILON) })
        Found       = [ordered]@{}
        # The parameters by which the step fails.
        Strict      = @()
    }
    $severities | ForEach-Object { $severity = $_; $came.Found[$severity] = @($findings | Where-Object { "$($_.Severity)" -eq $severity }).Count }
    if ($Step.Action -eq 'audit') { $came.Verdict = Get-Verdict $Step $came }
    $isEmpty, $empty = switch ($Step.Action) {
        'test' { ("$($Step.Said)" -match '^0 '), 'Nothing was tested: the manifest has no connections.' }
        'compare' { ($plan.Count -eq $came.Unmanaged.Count), 'Nothing was compared: the manifest has no connections.' }
        'sync' { ($plan.Count -eq $came.Unmanaged.Count), 'Nothing was changed: the manifest has no connections.' }
        'audit' { (-not $Step.Examined -and -not $findings), $came.Verdict }
        'rotate' { ($Step.Rows.Count -eq 0), 'No key was changed: the file of keys has no row.' }
    }
    $came.Nothing = @($empty | Where-Object { $isEmpty -and -not $Step.Failures -and -not $came.Problems })
    $came.Warnings = @($Step.Warnings | Where-Object { -not (Test-KeyWarning $_) })
    $came
}

# Mistakes of the manifest and findings become issues, and are not in the log twice.
function Write-Result($Step) {
    $Step.Result | Where-Object { $_.GetType().Name -notin 'ManifestProblem', 'ConnectionIssue' } | Out-String -Stream -Width 250 |
        Format-LogLine | ForEach-Object { Write-Line $_ }
    $errors = @($Step.Failures | ForEach-Object { "$_" })
    $notes = @($Step.Said.MessageData).Where({ $_ -and $_.GetType().Name -eq 'ManifestProblem' -and "$_" -notin $errors })
    # What is wrong with one reference alike is in the log once.
    $notes | Group-Object Message | ForEach-Object {
        $note = $_.Group[0]
        $more = if ($_.Count -gt 1) { " It is also needed at $(Get-Count ($_.Count - 1) 'other place')." }
        Write-Line ("$([IO.Path]::GetRelativePath($PWD, $note.File)):$($note.Line): $($note.Path): $($note.Message)$more" | Format-Text)
    }
}

function Write-Failure($Failure, $Plan, $Page) {
    $target = "$($Failure.TargetObject)"
    # A connection that failed is known by its name.
    $failed = @($Plan | Where-Object { $_.Outcome -and $_.Name -ceq $target })[0]
    $place = $target -match $atPlace -or -not $failed ? $target : "$($failed.File):$($failed.Line)"
    Write-Issue error (Get-ErrorId $Failure) (Get-ErrorText $Failure $Page) $place $Failure.ErrorDetails.RecommendedAction $target
}

# Issues of what is not as it should be. Whether the step fails for it is kept in the outcome.
function Write-Finding($Came, $Items, $Code, $By, [switch] $Fails, [scriptblock] $Text = { "$($_.Name): $($_.Reason)" }) {
    if ($Items -and $Fails) { $Came.Strict += $By ?? $Code }
    $Items | ForEach-Object { Write-Issue ($Fails ? 'error' : 'warning') ($Code ? $Code : $_.Action) (& $Text) "$($_.File):$($_.Line)" -Name "$($_.Name)$($_.ConnectionName)" }
}

function Write-RunIssue($Step, $Came) {
    $Came.Problems | ForEach-Object { Write-Issue error KoreInvalidInput $_ "$($_.File):$($_.Line):$($_.Column)" }
    $Step.Failures | ForEach-Object { Write-Failure $_ -Plan $Came.Plan -Page $Step.Page }
    $Came.Warnings | ForEach-Object { Write-Issue warning Warning $_ }
    # A rehearsal leaves open what a sync would change.
    $pending = @($Came.Drift | Where-Object { $Step.Action -eq 'sync' -and $Step.IsRehearsal -and $_.Action -in 'Create', 'Update', 'ChangeKey' })
    $failsOnDrift = $env:KORE_STEP_FAILONDRIFT -eq 'True'
    Write-Finding $Came $pending
    Write-Finding $Came @($Came.Drift | Where-Object { $_ -notin $pending -and "$($_.Outcome)" -ne 'Failed' }) -By failOnDrift -Fails:$failsOnDrift
    if ($env:KORE_STEP_FAILONUNMANAGED -eq 'True') { Write-Finding $Came $Came.Unmanaged -Code Unmanaged -By failOnUnmanaged -Fails }
    if ($env:KORE_STEP_FAILONUNKNOWNKEYS -eq 'True') { Write-Finding $Came $Came.UnknownKeys -Code UnknownKey -By failOnUnknownKeys -Fails }
    # What is only good to know is no issue of the run.
    $Came.Findings | Where-Object { $_ -in $Came.Crossing -or "$($_.Severity)" -ne 'Information' } | ForEach-Object {
        Write-Finding $Came $_ -Code $_.Rule -Fails:($_ -in $Came.Crossing) -Text { "$($_.ConnectionName): $($_.Message) $($_.Advice)" }
    }
    Write-Finding $Came $Came.Nothing -Code Nothing -By failOnDrift -Fails:($Step.Action -ne 'audit' -and $failsOnDrift) -Text { $_ }
}

# The files of the run: a rotation that broke off is resumed with its report, and an audit has a page.
function Write-Upload($Step) {
    if ($Step.Action -eq 'rotate' -and (Test-Path -LiteralPath $env:KORE_STEP_REPORT)) { Write-Command task.uploadfile $env:KORE_STEP_REPORT }
    if (-not (Test-Path -LiteralPath $Step.Page)) { return }
    Write-Command 'task.addattachment type=kore-connections;name=kore-connections.html;' $Step.Page
    Write-Command task.uploadfile $Step.Page
    # A release has no artifacts of its own.
    $artifact = "containerfolder=$env:KORE_STEP_ARTIFACT;artifactname=$env:KORE_STEP_ARTIFACT;"
    if ($env:SYSTEM_HOSTTYPE -notin 'release', 'deployment') { Write-Command "artifact.upload $artifact" $Step.Page }
}

function Get-OutputVariable($Step, $Came) {
    $count = [ordered]@{
        drift = $Came.Drift.Count + @($Came.Findings | Where-Object Rule -EQ 'Drift').Count
        unmanaged = $Came.Unmanaged.Count; unknownKeys = $Came.UnknownKeys.Count
        created = $Came.Created.Count; changed = $Came.Done.Count - $Came.Created.Count; failed = $Came.Problems.Count + $Step.Failures.Count
    }
    if ($Step.Action -eq 'audit') {
        $count += [ordered]@{ errorFindings = $Came.Found.Error; warningFindings = $Came.Found.Warning; informationFindings = $Came.Found.Information }
        $count += [ordered]@{ thresholdCrossed = "$($Came.Crossing.Count -gt 0)".ToLowerInvariant(); pagePath = (Test-Path -LiteralPath $Step.Page) ? $Step.Page : '' }
    }
    $count
}

# The sentence that says what came of the step.
function Get-Sentence($Step, $Came) {
    $failures, $nothing, $count = $Step.Failures, $Came.Nothing, $Came.Variables
    $keys = if ($Step.Action -eq 'compare' -and $Step.IgnoresKeys) { 'Keys were not compared.' } else { "Keys not comparable: $($count.unknownKeys)." }
    $more = if ($count.failed) { "Errors: $($count.failed)." }
    switch ($Step.Action) {
        'test' {
            if ($Came.Problems) { "The manifest has $(Get-Count $Came.Problems.Count error)." }
            elseif ($failures) { "Nothing was tested: $(Get-Reason $failures)." }
            elseif ($nothing) { "$nothing" } else { "The manifest is valid: $($Step.Said)" }
        }
        'audit' { $Came.Verdict }
        'rotate' {
            if ($nothing) { "$nothing" }
            elseif ($failures -and -not $Step.Result -and -not $Step.Rows) { "No key was changed: $(Get-Reason $failures)." }
            elseif ($Step.IsRehearsal) { "Rehearsal: nothing was changed. Keys that would be changed: $($Step.Rows.Count - $count.failed). $more".Trim() }
            else { "Keys changed: $($count.changed). $more".Trim() }
        }
        default {
            $inStep = @($Came.Plan | Where-Object Action -EQ 'InSync').Count
            if ($failures -and -not $Came.Plan) { "$($Step.Action -eq 'sync' ? 'Nothing was changed' : 'Nothing was compared'): $(Get-Reason $failures)." }
            else { "$nothing Drift: $($Came.Drift.Count). In sync: $inStep. Unmanaged: $($Came.Unmanaged.Count). $keys $more".Trim() }
        }
    }
}

function Write-Outcome($Step) {
    $came = Get-Outcome $Step
    if ($came.Verdict) { @($came.Verdict) + $Step.Early | ForEach-Object { Write-Line $_ } }
    Write-Result $Step
    Write-RunIssue $Step $came
    Write-Upload $Step
    $came.Variables = Get-OutputVariable $Step $came
    foreach ($name in $came.Variables.Keys) { Write-Command "task.setvariable variable=$name;isOutput=true" $came.Variables[$name] }
    $hasIssues = $came.Drift -or $came.Warnings -or $came.Nothing -or $came.Found.Error + $came.Found.Warning
    $outcome = if ($came.Variables.failed -or $came.Strict) { 'Failed' } elseif ($hasIssues) { 'SucceededWithIssues' } else { 'Succeeded' }
    $reason = if ($Step.Action -in 'compare', 'sync' -and $came.Strict) { "Failed because of $(($came.Strict | Select-Object -Unique) -join ' and ')." }
    $last = Get-Sentence $Step $came
    $reason, $last | Where-Object { $_ } | ForEach-Object { Write-Line $_ }
    Write-Command "task.complete result=$outcome" "$reason $last".Trim()
}
