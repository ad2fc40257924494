# What is read from manifests and written to them, beyond the values themselves: keys in the wrong place, twice the same id, special files.

BeforeAll {
    Import-Module "$PSScriptRoot/TestTools.psm1" -Force
    $script:file = "$TestDrive/a.yaml"
    $script:pasted = 'sk-proj-AbCdEf0123456789GhIjKlMnOpQrStUvWxYz'

    function Get-Problem($Properties) {
        Set-Content $file "connections:`n  - { name: D, $Properties }"
        @((Test-ConnectionManifest $file -IgnoreKeys).ForEach({ "$_" }))
    }
}

AfterAll {
    Disconnect-KorePlatform
}

Describe 'A key in the wrong place' {
    It 'is not shown where the name of a header belongs: <_>' -ForEach 'f47ac10b-58cc-4372-a567-0e02b2c3d479', 'Bearer 93b8d1c6f2a4', 'hT8vQx2LmZ9rKp4W', 'tvly-dev-Ab12Cd34' {
        $problems = Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', mapProvider: openAIModel, feature: [streaming], header: { '$_': env:A }"
        "$problems" | Should -BeLike '*has a key where the name of a header belongs*'
        "$problems" | Should -Not -Match ([regex]::Escape($_))
    }

    It 'is refused within a longer text: <_>' -ForEach 'key-{0}', 'a/{0}', 'key={0}', '({0})', 'Prod {0}', 'Bearer {0}', '"{0}"' {
        $text = $_ -f $pasted
        { New-Connection -OpenAI -Name $text -Model gpt-5.5 -ApiKey env:PATH -ErrorAction Stop } | Should -Throw '*-Name looks like a key*'
        { New-Connection -OpenAI -Name n -Model $text -ApiKey env:PATH -ErrorAction Stop } | Should -Throw '*-Model looks like a key*'
        $custom = "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a"
        foreach ($properties in "provider: OpenAI, apiKey: env:A, model: '$text'", "$custom, payload: { a: [{ '$text': 1 }] }", "$custom, payload: { a: [{ b: '$text' }] }", "$custom, payload: {}, customVariable: ['$text']") {
            $problems = Get-Problem $properties
            $problems | Should -HaveCount 1 -Because $properties
            $problems | Should -BeLike '* key*' -Because $properties
            $problems | Should -Not -Match 'AbCdEf'
        }
    }

    It 'is not seen in an ordinary name: <_>' -ForEach 'Desk (sk-learn 2024)', 'task_sk-learning-classifier-v2', 'meta/llama-4-70b', 'key=value', 'risk-assessment-of-2026' {
        Get-Problem "provider: API, model: '$_', endpointUrl: 'https://llm.example.com', outputPath: a, payload: { '$_': '$_' }, customVariable: ['$_']" | Should -BeNullOrEmpty
    }

    It 'is not seen in a text or a property name of a payload: <_>' -ForEach @(
        'Answer like org/hf_Qwen2.5-72B-Instruct-AWQ does: {{prompt}}', 'https://huggingface.co/hf_Qwen2.5-72B-Instruct-AWQ'
        'data:application/json;base64,eyJ2ZXJzaW9uIjoxLCJ0eXBlIjoib2JqIn0=', 'Gateway asiaPacificGateway01 answers.', 'Berichte: Eyjafjallajokull2010'
        'vLLM on nvapi-mixtral-8x22b-instruct-v0.1', 'sk-hynix-HBM3E-cluster2', 'sk-SK.common.buttons.save-label', 'GPT-4o (kg-approved)', 'gsk_rx7900xtx_llm'
    ) {
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { 'a $_ b': 'see $_ too' }" | Should -BeNullOrEmpty
    }

    It 'is not seen in a picture that has the beginning of one by chance' {
        $picture = 'data:image/png;base64,iVBORw0KGgo' + '/eyJ1' + ('Ab1/' * 1000)
        Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: { image: '$picture' }" | Should -BeNullOrEmpty
    }

    It 'is refused under a name that is not known: <Of>' -ForEach @(
        @{ Of = 'header: [{ key: a, value: b, vlaue: {0} }]'; Said = "*'vlaue' is not a property of a header. Accepted names: key, value." }
        @{ Of = 'customVariable: [{ name: a, displayname: b }]'; Said = "*'displayname' is not a property of a variable. Did you mean displayName?" }
        @{ Of = 'promptVariable: [{ name: prompt, defaltValue: b }]'; Said = '*Did you mean defaultValue?' }
        @{ Of = 'customVariable: [{ name: a, nmae: b }]'; Said = '*Did you mean name?' }
    ) {
        $problems = Get-Problem "provider: API, endpointUrl: 'https://llm.example.com', outputPath: a, payload: {}, $($Of.Replace('{0}', $pasted))"
        $problems | Should -HaveCount 1
        $problems | Should -BeLike $Said
        $problems | Should -Not -Match 'AbCdEf'
    }
}

Describe 'A manifest as a file' {
    BeforeAll {
        Connect-KorePlatform -Sandbox
        $env:ACCEPTANCE_KEY = 'sk-made-up-0123456789MQAA'
        $null = New-Connection -OpenAI -Name Desk -Model gpt-5.5 -ApiKey env:ACCEPTANCE_KEY
        $env:ACCEPTANCE_KEY = $null
    }

    It 'has a connection once whose id is piped twice' {
        Get-Connection | ForEach-Object { $_; $_ } | Export-Connection $file -Force -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        (Get-Content $file) -match 'name: Desk' | Should -HaveCount 1
    }

    It 'is not changed by -Merge if it is read-only' {
        Set-Content $file 'connections: [{ provider: OpenAI, name: Desk, model: old, apiKey: env:A }]'
        Set-ItemProperty $file IsReadOnly $true
        { Export-Connection $file -Merge -ErrorAction Stop } | Should -Throw '*is read-only*'
        Get-Content $file | Should -Match 'model: old'
        Set-ItemProperty $file IsReadOnly $false
        Export-Connection $file -Merge
        Get-Content $file | Should -Match 'model: gpt-5.5'
    }

    It 'is no pipe' -Skip:$IsWindows {
        mkfifo "$TestDrive/p.yaml"
        foreach ($how in @{ Force = $true }, @{ Merge = $true }) {
            { Export-Connection "$TestDrive/p.yaml" @how -ErrorAction Stop } | Should -Throw '*is a pipe, a device or a socket*'
        }
    }

    # Root may read everything, unless it gives that up.
    It 'is missed with an error if its folder cannot be read' -Skip:($IsWindows -or ((id -u) -eq '0' -and -not (Get-Command setpriv -ErrorAction Ignore))) {
        Import-Module "$PSScriptRoot/PowerShellProcess.psm1"
        $null = New-Item "$TestDrive/tree/open", "$TestDrive/tree/closed" -ItemType Directory -Force
        Copy-Item $file "$TestDrive/tree/open"
        chmod 000 "$TestDrive/tree/closed"
        $capabilities = '-dac_override,-dac_read_search'
        $unprivileged = (id -u) -eq '0' ? @('setpriv', "--bounding-set=$capabilities", "--inh-caps=$capabilities") : @()
        $program, $first = @($unprivileged) + @(Get-PowerShellCommand)
        $patterns = '*/*.yaml', '*', 'clos[e]d/*.yaml', 'closed/*.yaml'
        try {
            $errors = & $program @first -NoProfile -NonInteractive -Command "
                Import-Module '$(Get-ModuleManifest)'
                foreach (`$pattern in '$($patterns -join "','")') { try { Test-ConnectionManifest ""$TestDrive/tree/`$pattern"" -IgnoreKeys -ErrorAction Stop } catch { ""`$_"" } }"
        } finally {
            chmod 700 "$TestDrive/tree/closed"
        }
        $errors | Should -HaveCount $patterns.Count
        $errors | Should -BeLike '*cannot be read completely*'
    }
}
