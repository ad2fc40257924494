// A control that says green has controlled something, and needs no secret for it that it does not use.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { repeated, told } from './support.mjs';
import { explain, openAi, posixOnly, useTask } from './task.mjs';

const other = 'sk-marked-other-81d2c7a90e2b35d68MQCC';
const manifest = `connections:
  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }
  - { name: Rotated, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:ROTATED_KEY" }
`;
const vault = "function Get-Secret($Name, $Vault) { [IO.File]::WriteAllText((Join-Path $PWD 'asked'), $Name); throw 'none' }";
const files = {
    'sub/connections.yaml': manifest,
    'empty.yaml': 'connections: []\n',
    'vault.yaml': 'connections:\n  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "secret:team/desk" }\n',
    'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': vault,
};

describe('A control', posixOnly, () => {
    const task = useTask(['Desk'], { keys: [openAi, other], env: {}, files, inputs: { manifestPath: 'sub/connections.yaml' }, isWarm: true });
    const { step } = task;
    before(() => Promise.all(['Rotated', 'Made by hand'].map(name => task.sandbox.create(name, other))));

    // These read only, so that some can run at once.
    const steps = rows => Promise.all(rows.map(([inputs, env, more]) => step(inputs, { env, ...more })));
    const outcome = run => [run.result, run.issues.map(i => `${i.type} ${i.code}`), run.lines.filter(l => !l.startsWith('##vso')).pop()];

    test('says what it has not compared, and fails for it where it is asked to', async () => {
        const mapped = { OPENAI_KEY: openAi };
        // The masks that reads show tell how a key begins, which is how all of a provider's begin.
        const [plain, strict] = await repeated(step, { action: 'compare' }, { env: mapped }, { failOnDrift: 'true' }, { failOnUnmanaged: 'true', failOnUnknownKeys: 'true' }).then(runs => runs.slice(1));
        const [sync, drift] = await steps([
            [{ action: 'sync', failOnUnmanaged: 'true' }, mapped],
            [{ action: 'compare', failOnUnknownKeys: 'true', name: 'Rotated' }, { ROTATED_KEY: 'kx-marked-no-one-0000000NONE' }],
        ]);
        const said = 'In sync: 2. Unmanaged: 1. Keys not comparable: 2.';
        assert.deepEqual(outcome(plain), ['Succeeded', [], said], explain(plain));
        assert.deepEqual([plain.values.drift, plain.values.unmanaged, plain.values.unknownKeys], ['0', '1', '2']);
        assert.ok(plain.summary.includes(said), plain.summary);
        assert.deepEqual(outcome(strict), ['Failed', ['error UnknownKey', 'error UnknownKey', 'error Unmanaged'], said], explain(strict));
        assert.match(strict.lines.at(-1), /task\.complete result=Failed;\]Failed because of failOnUnknownKeys and failOnUnmanaged\. In sync: 2\./);
        assert.ok(strict.lines.includes('Failed because of failOnUnknownKeys and failOnUnmanaged.'));
        assert.doesNotMatch(explain(plain), /because of/);
        assert.deepEqual([strict.issues[1].linenumber, strict.issues[2].message.split(':')[0], strict.values.failed], ['3', 'Made by hand', '0']);
        assert.match(strict.summary, /Made by hand/);
        assert.deepEqual([sync.result, sync.values.unmanaged, sync.values.unknownKeys], ['Failed', '1', '2'], explain(sync));
        // A key that is another is drift, which is known.
        assert.deepEqual([drift.result, drift.values.drift, drift.values.unknownKeys], ['SucceededWithIssues', '1', '0'], explain(drift));
    });

    test('that had nothing to compare is no success', async () => {
        const empty = await repeated(step, { action: 'compare', manifestPath: 'empty.yaml' }, {}, { failOnDrift: 'true' });
        const others = await steps([
            [{ action: 'compare', name: 'Nope*', failOnDrift: 'true' }],
            [{ action: 'compare', name: 'Made*' }],
            [{ action: 'sync', provider: 'Anthropic' }],
            [{ action: 'test', connectionType: 'none', manifestPath: 'empty.yaml' }],
        ]);
        const runs = [...empty, ...others];
        assert.deepEqual(runs.map(r => [r.result, r.issues.map(i => `${i.type} ${i.code}`)]), [
            ['SucceededWithIssues', ['warning Nothing']], ['Failed', ['error Nothing']], ['Failed', ['error Nothing']],
            ['SucceededWithIssues', ['warning Nothing']], ['SucceededWithIssues', ['warning Nothing']], ['SucceededWithIssues', ['warning Nothing']],
        ], runs.map(explain).join('\n'));
        assert.deepEqual(runs.map(r => r.issues[0].message), [
            ...Array(2).fill('Nothing was compared: the manifest has no connections.'),
            ...Array(2).fill('Nothing was compared: no connection in the manifest matches the inputs name and provider.'),
            'Nothing was changed: no connection in the manifest matches the inputs name and provider.',
            'Nothing was tested: the manifest has no connections.',
        ]);
        runs.forEach(r => assert.match(r.summary, /Nothing was/));
    });

    test('needs no provider\'s key, and a made-up one shows no drift', async () => {
        const made = { OPENAI_KEY: 'made-up-key-0000', ROTATED_KEY: 'made-up-key-0000' };
        const undefinedOnes = { OPENAI_KEY: '$(OPENAI_KEY)', ROTATED_KEY: 'Bearer $(ROTATED_KEY)' };
        const withVault = { env: { PSModulePath: 'modules' }, atFolder: ['PSModulePath'] };
        const [none, undefinedOne, off, on, asked, vaulted, opened] = await steps([
            [{ action: 'compare', failOnDrift: 'true' }, {}, { secretVariables: { OPENAI_KEY: openAi } }],
            [{ action: 'compare', failOnDrift: 'true' }, undefinedOnes],
            [{ action: 'compare', failOnDrift: 'true', compareKeys: 'false' }, made],
            [{ action: 'compare', compareKeys: 'true' }, made],
            [{ action: 'compare', failOnUnknownKeys: 'true' }],
            [{ action: 'compare', compareKeys: 'false', manifestPath: 'vault.yaml' }, withVault.env, withVault],
            [{ action: 'compare', manifestPath: 'vault.yaml' }, withVault.env, withVault],
        ]);
        for (const run of [none, undefinedOne, off]) {
            assert.deepEqual(outcome(run), ['Succeeded', [], 'In sync: 2. Unmanaged: 1. Keys were not compared.'], explain(run));
        }

        assert.deepEqual([none.secrets, undefinedOne.secrets], [[task.sandbox.key], [task.sandbox.key]]);
        assert.deepEqual([on.values.drift, on.issues.map(i => i.code)], ['2', ['ChangeKey', 'ChangeKey']], explain(on));
        assert.deepEqual([asked.result, asked.values.unknownKeys], ['Failed', '2'], explain(asked));
        assert.deepEqual([vaulted.result, vaulted.issues], ['Succeeded', []], explain(vaulted));
        assert.deepEqual([vaulted, opened].map(r => existsSync(join(r.folders.sources, 'asked'))), [false, true], explain(opened));
        assert.deepEqual(outcome(opened), ['Succeeded', [], 'In sync: 1. Unmanaged: 2. Keys not comparable: 1.'], explain(opened));
    });

    test('compares the keys that a vault or a source has, without a variable that is mapped', async () => {
        const modules = {
            'modules/Az.KeyVault/Az.KeyVault.psm1': 'function Get-AzKeyVaultSecret($VaultName, $Name) { $env:IN_4 }',
            'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': 'function Get-Secret($Name, $Vault) { $env:IN_5 }',
        };
        const cases = [
            ['azkv:team/desk', 'function global:az { $env:IN_0 }'], ['op://team/desk', 'Register-KeySource op { $env:IN_1 }'],
            ['corp:desk', "'corp', 'own' | ForEach-Object { Register-KeySource $_ { $env:IN_2 } }"], ['env:NOT_SET', 'Register-KeySource env { $env:IN_3 } -Force'],
            ['azkv:team/desk'], ['secret:team/desk'],
        ].map(([reference, sources], i) => ({ reference, sources, name: `Of source ${i}`, key: `kx-marked-in-a-source-${i}e3dX` }));
        await Promise.all(cases.map(({ name }) => task.sandbox.create(name, openAi)));
        const compare = (given, more) => step({ action: 'compare', failOnDrift: 'true', manifestPath: 'own.yaml', keySources: given.map(c => c.sources ?? '').join('\n') }, {
            files: { ...(!given[0].sources && modules), 'own.yaml': `connections:\n${given.map(({ name, reference }) => `  - { name: ${name}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "${reference}" }\n`).join('')}` },
            env: { ...Object.fromEntries(given.map(({ key }) => [`IN_${key.at(-5)}`, key])), PSModulePath: 'modules' }, atFolder: ['PSModulePath'], ...more,
        });
        for (const given of [cases.slice(0, 4), cases.slice(4)]) {
            const run = await compare(given, { lateSecrets: given.length });
            assert.deepEqual([run.result, run.values.drift, run.issues.map(x => x.code)], ['Failed', `${given.length}`, given.map(() => 'ChangeKey')], explain(run));
            given.forEach(({ key }) => assert.ok(run.secrets.includes(key) && run.leaks(key).length === 0, explain(run)));
        }

        // Each of them is enough for it, and without one the shell is to ignore keys.
        const alone = await Promise.all([...cases, { ...cases[3], sources: '' }].map(given => compare([given], { shell: told })));
        assert.deepEqual(alone.map(run => /^KORE_TASK_IGNOREKEYS=true$/m.test(run.log)), [...cases.map(() => false), true], alone.map(explain).join('\n'));
        alone.forEach(run => assert.match(run.log, /^KORE_TASK_ACTION=compare$/m));
    });

    test('a variable that is not defined is named, not masked', async () => {
        await task.sandbox.forget();
        const [sync, rotate] = await steps([
            [{ action: 'sync' }, { OPENAI_KEY: '$(OPENAI_KEY)', ROTATED_KEY: 'Bearer $(ROTATED_KEY)' }],
            [{ action: 'rotate', keyMap: 'Desk = env:ROTATED_KEY' }, { ROTATED_KEY: '$(ROTATED_KEY)' }],
        ]);
        assert.deepEqual([sync.result, rotate.result, sync.secrets, rotate.secrets], ['Failed', 'Failed', [task.sandbox.key], [task.sandbox.key]]);
        assert.match(sync.issues[0].message, /env:OPENAI_KEY, which holds '\$\(OPENAI_KEY\)'; env:ROTATED_KEY, which holds 'Bearer \$\(ROTATED_KEY\)'/);
        assert.match(rotate.issues[0].message, /env:ROTATED_KEY, which holds '\$\(ROTATED_KEY\)'/);
        assert.deepEqual(await task.sandbox.requests(), []);
    });

    test('needs no variable of a connection that its inputs exclude, and takes an undefined one for no key', async () => {
        const row = (name, key) => `  - { name: ${name}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:${key}" }\n`;
        const own = '  - { name: Own, provider: API, endpointUrl: "https://${env:OWN_HOST}/v1", header: { x-api-key: env:OWN_KEY }, payload: { prompt: "{{prompt}}" }, outputPath: text }\n';
        const more = { files: { 'own.yaml': `connections:\n${row('Desk', 'OPENAI_KEY')}${row('New', 'NEW_KEY')}${own}` } };
        const env = { OPENAI_KEY: openAi, NEW_KEY: '$(NEW_KEY)', OWN_HOST: '$(OWN_HOST)', OWN_KEY: 'Bearer $(OWN_KEY)' };
        await task.sandbox.forget();
        const [named, provider, created, host] = await steps([{ name: 'Desk' }, { provider: 'OpenAI', name: 'D*' }, { provider: 'OpenAI' }, { name: 'Own' }]
            .map(inputs => [{ action: 'sync', manifestPath: 'own.yaml', ...inputs }, env, more]));
        [named, provider].forEach(run => assert.deepEqual([run.result, run.issues], ['Succeeded', []], explain(run)));
        assert.deepEqual([created.result, host.result], ['Failed', 'Failed'], explain(host));
        assert.match(created.issues[0].message, /'NEW_KEY', which is not set.* Add it to the pipeline as a secret variable/);
        assert.match(host.issues.map(i => i.message).join('\n'), /'OWN_HOST', which is not set/);
        await task.isOnlyRead();
        // Nothing is excluded: it is said before anything is sent.
        const all = await step({ action: 'sync', manifestPath: 'own.yaml' }, { env, ...more });
        assert.match(all.issues[0].message, /^No variable is defined for .*env:OWN_HOST, which holds '\$\(OWN_HOST\)'/, explain(all));
    });
});
