# All connections read and examined, against the listing and the reads alone.
param([string] $Module, [string] $Library, [string] $Address, [int] $Rounds)

Import-Module $Module
$null = [System.Reflection.Assembly]::LoadFrom($Library)
Connect-KorePlatform -HostName $Address -ApiKey 'kg-00000000-0000-4000-8000-000000000000-11111111-1111-4111-8111-111111111111'
$ways = [ordered]@{
    'module'            = { Find-ConnectionIssue -ThrottleLimit 16 }
    'listing and reads' = { Get-Connection -Detailed -ThrottleLimit 16 }
}

. "$PSScriptRoot/Measure.ps1" -Rounds $Rounds
