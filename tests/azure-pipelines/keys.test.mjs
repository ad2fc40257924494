// How the task keeps keys to itself: those of variables, of vaults, and of sources that a script adds.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hunt } from './support.mjs';
import { counts, explain, posixOnly, useTask } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask('Turn 1', 'Turn 2', 'Turn 3');
    const { step } = task;

    test('a key of any characters is masked whole, and reaches the platform whole', async () => {
        const anyKey = `sk-$x;%AZP25%0A"q"'s'\`]##vso[a])$b(&|<>^!\\~ANYK`;
        const own = 'connections:\n  - { name: Any key, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:ANY_KEY" }\n';
        const run = await step({ action: 'sync', manifestPath: 'own.yaml' }, { files: { 'own.yaml': own }, env: { ANY_KEY: anyKey } });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 1, 0, 0)], explain(run));
        assert.ok(run.secrets.includes(anyKey), run.secrets.join('\n'));
        assert.deepEqual(run.leaks(anyKey), []);
        const keyTold = await step({ action: 'script', script: "(Get-Connection 'Any key' | Set-Connection -ApiKey env:ANY_KEY -PassThru).Fields.API_KEY" }, { env: { ANY_KEY: anyKey } });
        assert.match(keyTold.log, /\*{3}ANYK/);
    });

    test('what a manifest fills in is masked by the agent, and is in no plan, summary or report', async () => {
        const secret = 'filled-in passphrase 55';
        const own = 'connections:\n  - name: "Own ${env:FILLED}"\n    provider: API\n    endpointUrl: "https://llm.example.com/v1?tier=${env:TIER}"\n    header: { x-api-key: env:OPENAI_KEY }\n    payload: { style: "${env:FILLED}" }\n    outputPath: x\n';
        for (const action of ['test', 'compare', 'sync', 'compare']) {
            const run = await step({ action, manifestPath: 'own.yaml' }, { files: { 'own.yaml': own }, env: { FILLED: secret, TIER: 'gold-tier-of-ours' } });
            assert.deepEqual([hunt(run, secret), hunt(run, 'gold-tier-of-ours')], [[], []], explain(run));
            assert.ok(run.secrets.includes(secret) && run.secrets.includes('gold-tier-of-ours'));
            assert.equal(run.issues.filter(i => i.type === 'error').length, 0, explain(run));
        }
    });

    test('a key of a vault is masked by the agent before anything else too', async () => {
        const vault = { 'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': "function Get-Secret($Name, $Vault) { if ($Name -ne 'desk') { throw 'none' }; $s = [securestring]::new(); foreach ($c in $env:IN_VAULT.ToCharArray()) { $s.AppendChar($c) }; $s }" };
        const own = "connections:\n  - { name: Of a vault, provider: OpenAI, model: gpt-5.4-mini, apiKey: 'secret:team/desk' }\n";
        const run = await step({ action: 'sync', manifestPath: 'own.yaml' }, { files: { ...vault, 'own.yaml': own }, env: { IN_VAULT: 'sk-marked-in-a-vault-1f2e3d', PSModulePath: 'modules' }, atFolder: ['PSModulePath'], lateSecrets: 1 });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 1, 0, 0)], explain(run));
        assert.ok(run.secrets.includes('sk-marked-in-a-vault-1f2e3d'));
        assert.deepEqual(run.leaks('sk-marked-in-a-vault-1f2e3d'), []);
    });

    for (const { source, reference, more } of [
        { source: 'one that a script registers', reference: 'corp:team/desk', more: { keySources: "'ready'\nRegister-KeySource corp { param($Name) $env:IN_VAULT }" } },
        { source: 'Azure Key Vault', reference: 'azkv:team/desk', more: { keySources: 'function global:az { $env:IN_VAULT }' } },
        { source: 'Azure Key Vault, by the module', reference: 'azkv:team/desk', more: {} },
    ]) {
        test(`a key of a source is masked by the agent before it is used: ${source}`, async () => {
            const azure = { 'modules/Az.KeyVault/Az.KeyVault.psm1': 'function Get-AzKeyVaultSecret($VaultName, $Name) { $env:IN_VAULT }' };
            const value = 'marked-in-a-source-1f2e3d';
            await task.sandbox.forget();
            const run = await step({ action: 'rotate', keyMap: `Turn 1 = ${reference}`, skipVerification: 'true', ...more },
                { files: more.keySources ? {} : azure, env: { IN_VAULT: value, PSModulePath: 'modules' }, atFolder: ['PSModulePath'], lateSecrets: 1 });
            assert.ok(['Succeeded', 'SucceededWithIssues'].includes(run.result), explain(run));
            assert.ok(run.secrets.includes(value));
            assert.deepEqual(run.leaks(value), []);
        });
    }

    test('a key of several lines that a source gives is refused, and no line of it is shown', async () => {
        const secure = "ConvertTo-SecureString ($env:IN_VAULT -replace ' ', [string][char]10) -AsPlainText -Force";
        const bodies = [secure, `[pscredential]::new('u', (${secure}))`, `@{ key = ${secure} }`];
        await task.sandbox.forget();
        const run = await step({
            action: 'rotate', skipVerification: 'true', keyMap: bodies.map((_, i) => `Turn ${i + 1} = corp${i}:x`).join('\n'),
            keySources: bodies.map((body, i) => `Register-KeySource corp${i} { ${body} }`).join('\n'),
        }, { env: { IN_VAULT: 'marked-first-1f2e marked-second-3d4c' } });
        assert.deepEqual([run.result, run.counts.failed, run.issues.length], ['Failed', '3', 3], explain(run));
        run.issues.forEach(issue => assert.match(issue.message, /emitted several lines/));
        assert.deepEqual([run.leaks('marked-first'), run.leaks('marked-second')], [[], []]);
        await task.isOnlyRead();
    });

    test('a script of sources that fails ends the step before anything is sent', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: 'Turn 1 = corp:x', keySources: "Register-KeySource 'No Scheme' { 'x' }\nRegister-KeySource corp { 'x' }" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.match(run.issues[0].message, /is not a valid scheme/);
        assert.deepEqual(await task.sandbox.requests(), []);
    });

    // Of an agent with the module and without a vault, each call warns.
    const noVault = { 'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': "Write-Warning 'touched'\nfunction Get-Secret($Name, $Vault) { Write-Warning 'There are currently no extension vaults registered.'; throw 'The secret was not found.' }" };
    for (const { action, more = {}, manifest = '' } of [
        { action: 'compare', manifest: '# References: env:NAME, file:PATH, secret:[VAULT/]NAME\n' },
        { action: 'sync', manifest: '# apiKey: secret:desk\n' },
        { action: 'rotate', more: { keyMap: '# Desk = secret:desk\nTurn 1 = env:OPENAI_KEY', skipVerification: 'true' } },
        { action: 'script', more: { script: '# secret:desk is no more\n$null = Get-Connection' } },
        { action: 'test', manifest: '# \n', more: { own: "{ name: Of a vault, provider: OpenAI, model: gpt-5.4-mini, apiKey: 'secret:desk' }" } },
    ]) {
        test(`${action} leaves vaults alone that no reference names`, async () => {
            await task.sandbox.forget();
            const { own = '{ name: Of the environment, provider: OpenAI, model: gpt-5.4-mini, apiKey: env:OPENAI_KEY }', ...inputs } = more;
            const run = await step({ action, manifestPath: 'own.yaml', ...inputs }, { files: { ...noVault, 'own.yaml': `${manifest}connections:\n  - ${own}\n` }, env: { PSModulePath: 'modules' }, atFolder: ['PSModulePath'] });
            assert.doesNotMatch(run.log, /touched|extension vaults/, explain(run));
            assert.deepEqual(run.issues.filter(i => /vault/.test(i.message)), [], explain(run));
        });
    }
});
