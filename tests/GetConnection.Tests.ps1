BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    Connect-KorePlatform -Sandbox
    $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
    $null = @(
        [pscustomobject]@{ Provider = 'OpenAI'; Name = 'GPT [prod]'; Model = 'gpt-4o'; ApiKey = 'env:ACCEPTANCE_KEY' }
        [pscustomobject]@{ Provider = 'OpenAI'; Name = 'GPT p'; Model = 'gpt-4o-mini'; ApiKey = 'env:ACCEPTANCE_KEY' }
        [pscustomobject]@{ Provider = 'Anthropic'; Name = 'Claude'; Model = 'claude-3-5-haiku-20241022'; ApiKey = 'env:ACCEPTANCE_KEY' }
    ) | New-Connection -ThrottleLimit 1
}

AfterAll {
    Disconnect-KorePlatform
    $env:ACCEPTANCE_KEY = $null
}

Describe 'Get-Connection' {
    It 'lists all, without fields, in one request' {
        $requests = Get-SentRequest -Of { Get-Connection }
        $requests.target | Should -Be '/api/public/connections'
        $all = Get-Connection
        $all.ConnectionName | Should -Be 'GPT [prod]', 'GPT p', 'Claude'
        $all | Should -BeOfType KoreConnections.Connection
        $all.Where({ $null -ne $_.Fields }) | Should -BeNullOrEmpty
        $all[0].ModifiedOn | Should -BeOfType datetime
    }

    It 'lets the platform filter, in the API''s spelling' {
        $requests = Get-SentRequest -Of { Get-Connection -Provider azureopenai -Status active -Limit 5 }
        $requests.target | Should -Be '/api/public/connections?provider=Azure%20Open%20AI&status=ACTIVE&limit=5'
        (Get-Connection -Provider Anthropic).ConnectionName | Should -Be 'Claude'
    }

    It 'finds <Name>: <Found>' -ForEach @(
        @{ Name = 'GPT [prod]'; Found = 'GPT [prod]' }
        @{ Name = 'gpt p'; Found = 'GPT p' }
        @{ Name = 'GPT*'; Found = 'GPT [prod]', 'GPT p' }
        @{ Name = 'Claude', 'GPT p'; Found = 'Claude', 'GPT p' }
        @{ Name = 'nothing*'; Found = $null }
    ) {
        (Get-Connection -Name $Name -ErrorAction Stop).ConnectionName | Should -Be $Found
    }

    It 'filters here what the platform does not filter by: <Filter>' -ForEach @(
        @{ Filter = @{ Provider = 'Gemini' }; Found = $null; Target = '/api/public/connections' }
        @{ Filter = @{ Status = 'draft' }; Found = 'Own'; Target = '/api/public/connections' }
        @{ Filter = @{ Status = 'FINALIZED'; Provider = 'API' }; Found = 'Own 2', 'Own 3'; Target = '/api/public/connections?provider=API' }
        @{ Filter = @{ Status = 'FINALIZED'; Limit = 1 }; Found = 'Own 2'; Target = '/api/public/connections' }
        @{ Filter = @{ Provider = 'Cohere'; Name = '*' }; Found = $null; Target = '/api/public/connections' }
    ) {
        $own = @{ EndpointUrl = 'https://llm.example.com/v1'; MapProvider = 'openAIModel'; Feature = 'streaming' }
        New-Connection -CustomApi -Name Own @own -Draft -IfNotExists | Out-Null
        'Own 2', 'Own 3' | ForEach-Object { New-Connection -CustomApi -Name $_ @own -IfNotExists | Out-Null }
        $requests = Get-SentRequest -Of { (Get-Connection @Filter -ErrorAction Stop).ConnectionName | Should -Be $Found }
        $requests.target | Should -Be $Target
    }

    It 'reads an id at the place of a name, unless it is somebody''s name' {
        $claude = Get-Connection Claude
        (Get-Connection $claude.ConnectionId).Fields['api_key'] | Should -Be 'sk-***************'
        New-Connection -OpenAI -Name cn-name -Model gpt-4o -ApiKey env:ACCEPTANCE_KEY | Out-Null
        (Get-Connection cn-name).ConnectionName | Should -Be 'cn-name'
        { Get-Connection cn-none -ErrorAction Stop } | Should -Throw -ErrorId 'KoreConnectionNotFound,*'
        (Get-Connection 'Claude', $claude.ConnectionId).ConnectionName | Should -Be 'Claude', 'Claude'
    }

    It 'says so where a literal name is not there' {
        { Get-Connection Nobody -ErrorAction Stop } | Should -Throw "*'Nobody'*" -ErrorId 'KoreConnectionNotFound,*'
    }

    It 'reads by id, from the pipeline by property name, as text and with -Detailed' {
        $id = (Get-Connection Claude).ConnectionId
        foreach ($read in (Get-Connection Claude | Get-Connection), ($id | Get-Connection), (Get-Connection -Id $id), (Get-Connection Claude -Detailed)) {
            $read.Fields['api_key'] | Should -Be 'sk-***************'
        }
    }

    It 'reports each id that is not there and goes on' {
        $id = (Get-Connection Claude).ConnectionId
        $found = 'cn-1', $id, 'cn-2' | Get-Connection -ErrorAction SilentlyContinue -ErrorVariable failures
        $found.ConnectionName | Should -Be 'Claude'
        $failures.TargetObject | Should -Be 'cn-1', 'cn-2'
        $failures.FullyQualifiedErrorId | Should -BeLike 'KoreConnectionNotFound,*'
    }

    It 'is hidden by a function of the same name, and found by the module''s' {
        $shell = Invoke-Shell {
            param($Manifest)
            Import-Module $Manifest
            function Get-Connection { 'the function' }
            Get-Connection
            Connect-KorePlatform -Sandbox
            @(KoreConnections\Get-Connection).Count
        }
        $shell.Output | Should -Be 'the function', '0'
    }

    It 'completes providers, in quotation marks where they hold a space' {
        $line = 'Get-Connection -Provider a'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "'Azure Open AI'", 'Anthropic', 'API'
    }
}
