#requires -Version 7.0
# The file of keys of a rotation: its rows, and keys that are in it themselves.

# A key itself is in the repository for everybody who reads it, and the agent does not know it yet. A reference of another tool, which the
# module refuses, is none.
$columns = 'ApiKey', 'PreviousApiKey', 'Header', 'PreviousHeader'
$rawKeys = [Collections.Generic.HashSet[string]]::new()
filter Add-RawKey {
    $isForeign = $_ -match '^((Bearer|Basic|Token|Api-?Key)\s+)?(?!https?:)[a-z][a-z+-]{1,14}://[^@]*\z'
    if ($_.Length -ge 4 -and -not $isForeign -and $rawKeys.Add($_)) { Write-Mask $_ }
}

# A warning for each column that has one of them.
function Get-RawKeyWarning($Rows) {
    foreach ($column in $columns) {
        $cells = "`n$($Rows.$column -join "`n")`n"
        # Plain words alone may be a reference of a scheme that nobody registered.
        $isRaw = { $cells.Contains((ConvertTo-Json $_)) -or ($_ -notmatch '^[a-z][a-z+-]{1,14}:[a-z][a-z/_.-]*\z' -and $cells.Contains("`n$_`n")) }
        if ($rawKeys.Where($isRaw, 'First')) {
            "The column $column of $env:KORE_STEP_KEYS contains a key itself. Write a reference such as env:NAME, and replace that key."
        }
    }
}

# What a row names: an id, else a name.
function Get-Subject($Row) { @($Row.ConnectionId, $Row.Id, $Row.ConnectionName, $Row.Name) | ForEach-Object { "$_".Trim() } | Where-Object { $_ } }

# Rows for a connection that an earlier row has. Of two keys for it, one is not meant.
function Find-SecondRow($Rows) {
    # Names that differ in case alone are two connections.
    $ids = [Collections.Generic.Dictionary[string, object]]::new()
    $taken = [Collections.Generic.Dictionary[string, object]]::new()
    if ($Rows.Where({ (Get-Subject $_) -and -not $_.ConnectionId -and -not $_.Id })) {
        Get-Connection -ErrorAction Stop -WarningAction SilentlyContinue | ForEach-Object { $ids["$($_.ConnectionName)"] = $_.ConnectionId }
    }
    $number = 0
    foreach ($row in $Rows) {
        $number++
        $subject = @(Get-Subject $row)[0]
        if (-not $subject) { continue }
        $id = $row.ConnectionId -or $row.Id ? $subject : $ids[$subject] ?? $subject
        if ($taken[$id]) { "Row ${number}: '$subject' also matches row $($taken[$id]). Keep only one of them." } else { $taken[$id] = $number }
    }
}

# The rows that are not blank. As the module reads them: no white space around names of columns, and no row without a value.
function Get-KeyRow($Read) {
    $named = @($Read | ForEach-Object {
        $row = @{}
        foreach ($cell in $_.PSObject.Properties) { if (-not $row[$cell.Name.Trim()]) { $row[$cell.Name.Trim()] = "$($cell.Value)".Trim() } }
        [pscustomobject]$row
    })
    $twice = @(Find-SecondRow $named)
    if ($twice) { throw "The file of keys has two rows for one connection. $($twice -join ' ')" }
    $rows = $named.Where({ $_.PSObject.Properties.Value -ne '' })
    # Where no reference is, each value of a cell may be a key; else the module knows which is.
    $isReference = "(?<!\w)(?:$((Get-KeySource).Scheme.ForEach({ [regex]::Escape($_) }) -join '|')):"
    $columns.ForEach({ $rows.$_ }) -notmatch $isReference |
        ForEach-Object { [regex]::Matches($_, '(?<=")[^"]+(?="\s*[,}\]](?!\s*"value"\s*:))|\A[^{[][\s\S]*').Value } | Add-RawKey
    $rows
}

# A rehearsal sends nothing and tries no key, so that it needs none. Where some are mapped, all are meant to be: a warning for each other.
function Use-StandIn {
    if (-not $env:KORE_STEP_KEYS -or -not (Test-Path -LiteralPath $env:KORE_STEP_KEYS -PathType Leaf)) { return }
    $names = [regex]::Matches((Get-Content -LiteralPath $env:KORE_STEP_KEYS -Raw), '(?i)\benv:\s*([\w.()-]*\w)').ForEach({ $_.Groups[1].Value })
    $missing, $mapped = @($names | Sort-Object -Unique).Where({ -not (Test-Path "env:$_") }, 'Split')
    $missing | ForEach-Object { Set-Item "env:$_" "not-mapped-$(New-Guid)" -WhatIf:$false }
    if ($mapped) { $missing | ForEach-Object { "env:$_ has no key in this step. Map it in the step, as the others are." } }
}
