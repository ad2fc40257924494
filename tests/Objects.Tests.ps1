BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
    $script:strange = "B, ""quoted""`n$([char]27)[31m ##vso[task.complete]"
    $null = New-Connection -OpenAI -Name C -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
    Add-ForeignConnection $strange claude-opus-4-8 Anthropic
    $null = New-Connection -Anthropic -Name A -Model claude-opus-4-8 -ApiKey env:ACCEPTANCE_KEY
    $script:properties = 'ConnectionId', 'ConnectionName', 'Provider', 'Model', 'Status', 'CreatedOn', 'ModifiedOn', 'Fields', 'AdditionalProperties'
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe 'Connections as objects' {
    It 'go through ConvertTo-Json and back to Get-Connection, each property once' {
        $json = Get-Connection | ConvertTo-Json
        $read = $json | ConvertFrom-Json
        $read[0].PSObject.Properties.Name | Should -Be $properties
        $read.ConnectionName | Should -BeExactly 'C', $strange, 'A'
        ($read | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
    }

    It 'go through Export-Csv and back to Get-Connection, each column once' {
        Get-Connection | Export-Csv "$TestDrive/all.csv"
        (Get-Content "$TestDrive/all.csv" -First 1).Replace('"', '') -split ',' | Should -Be $properties
        (Import-Csv "$TestDrive/all.csv" | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
    }

    It 'go through Export-Clixml and back to Get-Connection' {
        Get-Connection -Detailed | Export-Clixml "$TestDrive/all.xml"
        $read = Import-Clixml "$TestDrive/all.xml"
        $read.Name | Should -BeExactly 'C', $strange, 'A'
        $read[0].Fields['API_KEY'] | Should -Be 'sk-***************'
        $read[0].CreatedOn | Should -BeOfType datetime
        ($read | Get-Connection).ConnectionName | Should -BeExactly 'C', $strange, 'A'
        # A view shows what comes back as it shows the connections themselves.
        $read | Select-Object -First 1 | Out-String -Width 120 | Should -Be (Get-Connection C | Out-String -Width 120)
    }

    It 'have Id and Name, which are asked for by name only' {
        $selected = Get-Connection C | Select-Object Id, Name
        $selected.Id | Should -Be (Get-Connection C).ConnectionId
        $selected.Name | Should -Be 'C'
        (Get-Connection C | Select-Object *).PSObject.Properties.Name | Should -Be $properties
    }

    It 'are grouped, sorted and filtered by their properties' {
        $groups = Get-Connection | Group-Object Provider -AsHashTable
        $groups['Anthropic'].Count, $groups['Open AI'].Count | Should -Be 2, 1
        (Get-Connection | Sort-Object Name).ConnectionName | Should -Be 'A', $strange, 'C'
        (Get-Connection | Where-Object Model -Like 'claude*' | Where-Object CreatedOn -GT ([datetime]::Today.AddDays(-1))).Count | Should -Be 2
        ([datetime]::Now - (Get-Connection C).CreatedOn).TotalHours | Should -BeLessThan 1
    }

    It 'take no one else''s properties for an id' {
        $process = Get-Process -Id $PID
        $process | Get-Connection -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -Not -BeNullOrEmpty
    }
}
