# Every relative link of the documents leads to a file, and to a heading of it.

BeforeDiscovery {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").Path
    # The anchors that GitHub gives headings: lower case, no punctuation, spaces as hyphens. Each page is read once.
    $known = @{}
    $script:anchors = {
        param([string] $Path)
        $known[$Path] ??= [regex]::Matches([regex]::Replace((Get-Content $Path -Raw), '(?ms)^```.*?^```', ''), '(?m)^#+ (.+?)\r?$').ForEach({
                ($_.Groups[1].Value -replace '[^\w\- ]').ToLowerInvariant().Replace(' ', '-')
            })
        $known[$Path]
    }.GetNewClosure()
    $script:links = foreach ($page in Get-ChildItem "$root/README.md", "$root/docs", "$root/src/azure-pipelines" -Filter *.md -Recurse | Where-Object FullName -NotMatch 'node_modules') {
        # Links, images, and the sources of pictures; what is code is no link.
        $text = [regex]::Replace((Get-Content $page -Raw), '(?ms)^```.*?^```|`[^`\n]*`', '')
        foreach ($match in [regex]::Matches($text, '\]\((?!https?:)([^)\s]+)\)|(?:src|srcset)="(?!https?:)([^"]+)"')) {
            @{ Page = [IO.Path]::GetRelativePath($root, $page.FullName); Link = $match.Groups[1].Value + $match.Groups[2].Value }
        }
    }
}

Describe 'The links of <_.Name>' -ForEach @($links | ForEach-Object { [pscustomobject]$_ } | Group-Object Page) {
    It 'lead somewhere: <Link>' -ForEach @($_.Group | Sort-Object Link -Unique | ForEach-Object { @{ Page = $_.Page; Link = $_.Link; Anchors = $anchors } }) {
        $path, $anchor = $Link -split '#', 2
        $target = Resolve-Path ($path ? (Join-Path (Split-Path "$PSScriptRoot/../../$Page") $path) : "$PSScriptRoot/../../$Page")
        $target | Should -Exist
        if ($anchor) {
            & $Anchors $target | Should -Contain $anchor
        }
    }
}

Describe 'docs/README.md' {
    It 'lists every page' {
        $docs = (Resolve-Path "$PSScriptRoot/../../docs").Path
        $linked = [regex]::Matches((Get-Content "$docs/README.md" -Raw), '\]\(([^)#\s]+)').ForEach({ $_.Groups[1].Value })
        (Get-ChildItem $docs -Filter *.md).Name | Where-Object { $_ -ne 'README.md' -and $_ -notin $linked } | Should -BeNullOrEmpty
    }
}
