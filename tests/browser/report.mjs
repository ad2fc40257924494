// The pages under test, and the browser that shows them.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newFolder, root, runShell } from '../azure-pipelines/support.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where a Chromium is, or nothing. */
export const chromiumPath = process.env.PATH.split(delimiter).flatMap(folder => names.map(name => join(folder, name))).find(path => {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
});

/** The browser. Without a sandbox of its own where root runs it, which Chromium refuses otherwise. */
export async function launch() {
    const { chromium } = await import('playwright-core');
    return chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

const hostile = '<img src=x onerror=document.title=1>';

// A platform with a few connections, of which something is wrong with most, and one with a thousand.
const script = `param($Folder)
$ErrorActionPreference = 'Stop'
Import-Module '${join(root, 'out', 'KoreConnections')}'
$env:KEY = 'sk-browser-0123456789abcdMQAA'
$quiet = @{ WarningAction = 'Ignore' }
function Export($Name) { Export-ConnectionReport "$Folder/$Name.html" -AsOf 2026-11-27T07:00 -Title 'Model connections of Contoso' }
Connect-KorePlatform -Sandbox
Export none
$null = New-Connection -OpenAI -Name 'Support desk' -Model gpt-4 -ApiKey env:KEY @quiet
$null = New-Connection -OpenAI -Name 'Search [prod]' -Model gpt-5-mini -ApiKey env:KEY @quiet
$null = New-Connection -Anthropic -Name 'Contract review' -Model claude-sonnet-4-5-20250929 -ApiKey env:KEY @quiet
$null = New-Connection -AzureOpenAI -Name Finance -Model GPT-5.4 -ResourceName contoso -DeploymentId d -ApiVersion 2024-10-21 -ApiKey env:KEY @quiet
$null = New-Connection -CustomApi -Name 'Own gateway' -Model claude-opus-4-8 -EndpointUrl http://gateway.example.com -Header @{ 'x-api-key' = 'env:KEY' } -MapProvider anthropicModel -Feature streaming @quiet
Export few
$null = New-Connection -OpenAI -Name '${hostile}' -Model '${hostile}' -ApiKey env:KEY @quiet
Export-ConnectionReport "$Folder/hostile.html" -AsOf 2026-11-27T07:00 -Title '</title><script>document.title = 1</script>'
1..994 | ForEach-Object { [pscustomobject]@{ Provider = 'OpenAI', 'Anthropic' | Select-Object -Index ($_ % 2); Name = "Department $_"; Model = 'gpt-5-mini', 'claude-sonnet-4-5-20250929', 'gpt-5.5' | Select-Object -Index ($_ % 3); ApiKey = 'env:KEY' } } |
    New-Connection @quiet | Out-Null
Export-ConnectionReport "$Folder/thousand.html" -AsOf (Get-Date).AddDays(200)
`;

/** Writes the pages; a page's name gives its address. */
export function makePages() {
    const folder = newFolder();
    const { status, stdout, stderr } = runShell(['-Command', `& { ${script} } '${folder}'`]);
    if (status !== 0) {
        throw new Error(`The pages were not made: ${stdout}${stderr}`);
    }

    return { folder, hostile, address: name => pathToFileURL(join(folder, `${name}.html`)).href };
}
