// How the task keeps keys to itself: those of variables, of vaults, and of sources that a script adds.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hunt, newFolder, requireThere, runStep, shell } from './support.mjs';
import { counts, explain, posixOnly, useTask } from './task.mjs';

const secrets = requireThere('./task/secrets.js');

// The forms in which the module reads a file: by a mark at its start, else as UTF-8.
const swapped = text => Buffer.from(text, 'utf16le').swap16();
const forms = {
    'UTF-8': text => Buffer.from(text),
    'UTF-8 with a mark': text => Buffer.from(`\uFEFF${text}`),
    'UTF-16': text => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'UTF-16, the high byte first': text => swapped(`\uFEFF${text}`),
    'UTF-16 with lines of Windows': text => Buffer.from(`\uFEFF${text.replace(/\n/g, '\r\n')}`, 'utf16le'),
    'UTF-8 with lines of Windows': text => Buffer.from(text.replace(/\n/g, '\r\n')),
};

for (const [form, write] of Object.entries(forms)) {
    test(`keys are found as the module reads them: ${form}`, () => {
        const folder = newFolder();
        writeFileSync(join(folder, 'm.yaml'), write('connections:\n- apiKey: env:КЛЮЧ\n- apiKey: file:own.key\n'));
        writeFileSync(join(folder, 'own.key'), write('key-of-a-file\n'));
        writeFileSync(join(folder, 'own.ps1'), write("$x = 'env:OF_SCRIPT'\n"));
        const found = secrets.find({ folder, manifest: 'm.yaml', scriptPath: join(folder, 'own.ps1') }, { КЛЮЧ: 'key-of-a-variable', OF_SCRIPT: 'key-of-a-script' });
        assert.deepEqual([found.values.sort(), found.missing, found.hasKeys], [['key-of-a-file', 'key-of-a-script', 'key-of-a-variable'], [], true]);
    });
}

test('a reference leads to a variable of any name and a file of any path', () => {
    const folder = newFolder();
    const names = ['КЛЮЧ', 'clé_d’essai', '鍵', 'MY KEY', 'MY  KEY', 'A+B', 'a,b', 'KEY%', '@key', 'ProgramFiles(x86)', 'ключ-2', 'e\u0301'];
    const paths = ['k.key', 'key sp.txt', 'a|b', 'a,b.key', "it's.key", 'ключ.txt', 'c(1).key', 'd[1].key', 'with#1.key', 'sub/e.key'];
    mkdirSync(join(folder, 'sub'));
    paths.forEach((name, i) => writeFileSync(join(folder, name), `key-of-file-${i}`));
    const env = Object.fromEntries(names.map((name, i) => [name, `key-of-variable-${i}`]));
    const inManifest = text => {
        writeFileSync(join(folder, 'm.yaml'), text);
        return secrets.find({ folder, manifest: 'm.yaml' }, env);
    };
    const quoted = [t => `- apiKey: "${t}"`, t => `{ "apiKey": "${t}", "model": "m" }`, t => `{"a":"env:NONE","apiKey":"${t}","b":"file:none"}`];
    const digits = t => t.replace(/[^ -~]/gu, c => [...Array(c.length)].map((_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''));
    for (const write of [...quoted, t => `- apiKey: ${t}`, t => `- apiKey: >-\n    ${t}\n`, t => `{"apiKey":"${digits(t).replace(':', '\\u003a')}"}`]) {
        names.forEach((name, i) => {
            const text = write(`env:${name}`);
            assert.ok(inManifest(text).values.includes(`key-of-variable-${i}`) && inManifest(text).hasKeys, text);
        });
        paths.forEach((name, i) => assert.ok(inManifest(write(`file:${name}`)).values.includes(`key-of-file-${i}`), write(`file:${name}`)));
    }

    for (const text of ['apiKey: "Bearer env:MY KEY"', 'apiKey: Env:/MY KEY', 'apiKey: "env:MY\n   KEY"', 'payload: { a: "${env:MY KEY}" }', 'apiKey: env: MY KEY # x']) {
        assert.ok(inManifest(text).values.includes('key-of-variable-3'), text);
    }

    assert.deepEqual(inManifest('{ apiKey: file:key sp.txt, model: y, header: { a: file:k.key } }').values.sort(), ['key-of-file-0', 'key-of-file-1']);
    // A name that only begins so is another one, and what nothing refers to is no secret.
    assert.deepEqual(inManifest('apiKey: env:MY KEYS\nname: КЛЮЧ, A+B\nother: env:ключ-22').values, []);
    const map = secrets.find({ folder, keyMap: 'Desk = env:MY KEY | env:NO KEY\nOther = x-api-key: env:A+B\nThird = file:key sp.txt|file:k.key' }, env);
    assert.deepEqual([map.values.sort(), map.missing], [['key-of-file-0', 'key-of-file-1', 'key-of-variable-3', 'key-of-variable-5'], ['NO KEY']]);
    assert.deepEqual(secrets.find({ folder, keyMap: 'Desk = env:MY KEY' }, { 'MY KEY': '$(MY KEY)' }).unresolved, ['MY KEY']);
});

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

    for (const form of ['UTF-16', 'UTF-16, the high byte first', 'UTF-8 with a mark']) {
        test(`keys of a manifest in ${form} are masked by the agent, and compared`, async () => {
            const [ofFile, ofVariable] = ['sk-marked-of-a-file-0a1b2cQFIL', 'sk-marked-of-a-variable-3d4eQVAR'];
            const own = name => `connections:\n  - { name: "In ${form}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "${name}" }\n`;
            const texts = { files: { 'own.yaml': forms[form](own('env:OWN_KEY')), 'two.yaml': forms[form](own('file:own.key')), 'own.key': forms[form](ofFile) }, env: { OWN_KEY: ofVariable } };
            const [sync, compare, another] = [await step({ action: 'sync', manifestPath: 'own.yaml' }, texts), await step({ action: 'compare', manifestPath: 'own.yaml' }, texts), await step({ action: 'sync', manifestPath: 'two.yaml' }, texts)];
            assert.deepEqual([sync, compare, another].map(run => run.result), ['Succeeded', 'Succeeded', 'Succeeded'], [sync, compare, another].map(explain).join('\n'));
            assert.doesNotMatch(compare.log, /Keys (were|are) not compared/);
            assert.ok(sync.secrets.includes(ofVariable) && compare.secrets.includes(ofVariable) && another.secrets.includes(ofFile));
            assert.deepEqual([...hunt(sync, ofVariable), ...hunt(compare, ofVariable), ...hunt(another, ofFile)], []);
        });
    }

    test('a key whose reference only the module can read is masked by the agent before it is used', async () => {
        const [ofVariable, ofFile] = ['sk-marked-only-by-the-module-5f6aQMOD', 'sk-marked-only-by-the-module-7b8cQFIL'];
        const script = "$n = 'LATE'; Get-Connection 'Turn 3' | Set-Connection -ApiKey ('env:' + $n)\n$env:LATE\n$f = 'late.key'; Get-Connection 'Turn 3' | Set-Connection -ApiKey ('file:' + $f)\nGet-Content late.key";
        const run = await runStep(task.extension, shell, { action: 'script', script }, { endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, env: { LATE: ofVariable }, files: { 'late.key': forms['UTF-16'](ofFile) } });
        for (const key of [ofVariable, ofFile]) {
            const masked = run.lines.indexOf(`##vso[task.setsecret]${key}`);
            assert.ok(masked >= 0 && masked < run.lines.indexOf(key), explain(run));
            assert.equal(run.secrets.filter(s => s === key).length, 1);
        }
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
