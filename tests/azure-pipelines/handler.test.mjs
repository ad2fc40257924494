// The task from the unpacked extension, run as an agent runs it, against a sandbox.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { commandFolder, hunt, inOrder, launcher, newFolder, runStep, shell, startSandbox, unpack } from './support.mjs';

const openAi = 'sk-marked-openai-4f1c7a90e2b35d68MQAA';
const anthropic = 'sk-ant-marked-7d20e5b3c1a94f88QXBB';
const newKey = 'sk-marked-new-key-90aa17c6b2d4NEWW';
const fromFile = 'sk-marked-from-a-file-5521c0de9f7aFILE';
const evil = '##vso[task.complete result=Failed;]';

const manifest = `
connections:
  - name: Support desk
    provider: OpenAI
    model: gpt-5.4-mini
    apiKey: env:OPENAI_KEY
  - name: Contract review
    provider: Anthropic
    model: claude-sonnet-5-5
    apiKey: env:ANTHROPIC_KEY
  - name: "${evil}"
    provider: OpenAI
    model: gpt-5.4-mini
    apiKey: file:keys/openai.key
`;
const files = { 'connections.yaml': manifest, 'keys/openai.key': `${fromFile}\n` };
const env = { OPENAI_KEY: openAi, ANTHROPIC_KEY: anthropic };

let extension;
before(async () => {
    extension = await unpack();
});

describe('The task', { skip: process.platform === 'win32' && 'the shells here are for POSIX systems' }, () => {
    let sandbox;
    before(async () => {
        sandbox = await startSandbox();
    });
    after(() => sandbox.stop());

    /** A step with the marked keys; whatever it does, none of them may be seen. */
    async function step(inputs, more = {}) {
        const run = await runStep(extension, more.shell ?? shell, inputs, { endpoint: { url: `${sandbox.origin}/`, key: sandbox.key }, ...more, env: { ...env, ...more.env }, files: { ...files, ...more.files } });
        return inOrder(run, [openAi, anthropic, fromFile, sandbox.key], more.lateSecrets);
    }

    const counts = (drift, created, changed, failed) => ({ drift: String(drift), created: String(created), changed: String(changed), failed: String(failed) });
    const explain = run => run.lines.join('\n');

    test('test finds every mistake of a manifest with its place, and needs no platform', async () => {
        const broken = 'connections:\n  - name: A\n    provider: OpenAI\n    modle: gpt-5.4-mini\n    apiKey: env:OPENAI_KEY\n  - name: B\n    provider: Google\n';
        const run = await step({ action: 'test', connectionType: 'none', manifestPath: 'broken.yaml' }, { files: { 'broken.yaml': broken } });
        assert.equal(run.result, 'Failed', explain(run));
        assert.equal(run.counts.failed, String(run.issues.length), explain(run));
        const misspelt = run.issues.find(i => /modle/.test(i.message));
        assert.deepEqual([misspelt.type, misspelt.code, misspelt.linenumber], ['error', 'KoreInvalidInput', '4']);
        assert.match(misspelt.sourcepath, /broken\.yaml$/);
        assert.match(run.summary, /modle/);
    });

    test('test says that a manifest is right', async () => {
        await sandbox.forget();
        const run = await step({ action: 'test', manifestPath: 'connections.yaml' });
        assert.equal(run.result, 'Succeeded', explain(run));
        assert.deepEqual(await sandbox.requests(), [], 'a connection that is given is not used');
        assert.deepEqual(run.counts, counts(0, 0, 0, 0));
        assert.deepEqual(run.issues, []);
    });

    test('compare tells drift and changes nothing', async () => {
        await sandbox.forget();
        const run = await step({ action: 'compare', manifestPath: 'connections.yaml' });
        assert.equal(run.result, 'SucceededWithIssues', explain(run));
        assert.deepEqual(run.counts, counts(3, 0, 0, 0));
        assert.deepEqual(run.issues.map(i => [i.type, i.code]), [['warning', 'Create'], ['warning', 'Create'], ['warning', 'Create']]);
        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));
        assert.ok(Object.values(run.variables).every(v => v.isOutput === 'true'));
        assert.equal(run.report.length, 3);
    });

    test('failOnDrift makes drift a failure', async () => {
        const run = await step({ action: 'compare', manifestPath: 'connections.yaml', failOnDrift: 'true' });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual(run.counts, counts(3, 0, 0, 0));
    });

    test('sync with whatIf tells the same and changes nothing', async () => {
        await sandbox.forget();
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml', whatIf: 'true' });
        assert.deepEqual(run.counts, counts(3, 0, 0, 0), explain(run));
        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('sync creates what is absent, a hostile name included, and the second time nothing', async () => {
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml' }, { env: { SYSTEM_DEBUG: 'true' } });
        assert.equal(run.result, 'Succeeded', explain(run));
        assert.deepEqual(run.counts, counts(0, 3, 0, 0));
        assert.match(run.log, /POST http/);
        assert.deepEqual(run.secrets.sort(), [openAi, anthropic, fromFile, sandbox.key].sort());

        await sandbox.forget();
        const again = await step({ action: 'sync', manifestPath: 'connections.yaml' });
        assert.deepEqual([again.result, again.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(again));
        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('compare says 0 when all is in step', async () => {
        const run = await step({ action: 'compare', manifestPath: 'connections.yaml', failOnDrift: 'true' });
        assert.deepEqual([run.result, run.counts, run.issues], ['Succeeded', counts(0, 0, 0, 0), []], explain(run));
        assert.match(run.log, /^In sync: 3\. Unmanaged: \d+\. Keys not comparable: 3\.$/m);
    });

    test('what cannot be changed is left to a person, and said', async () => {
        const other = manifest.replace('gpt-5.4-mini', 'gpt-5.5');
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml' }, { files: { 'connections.yaml': other } });
        assert.deepEqual([run.result, run.counts], ['SucceededWithIssues', counts(1, 0, 0, 0)], explain(run));
        assert.deepEqual(run.issues.map(i => i.code), ['CannotChange']);
        assert.match(run.summary, /What to do/);
        const strict = await step({ action: 'sync', manifestPath: 'connections.yaml', failOnDrift: 'true' }, { files: { 'connections.yaml': other } });
        assert.equal(strict.result, 'Failed');
    });

    test('what differs and can be changed is changed, of the names that were asked for', async () => {
        const own = url => `connections:\n  - name: Own model\n    provider: API\n    endpointUrl: ${url}\n    header: { x-api-key: env:ANTHROPIC_KEY }\n    payload: { prompt: "{{prompt}}" }\n    outputPath: content[0].text\n  - { name: Not asked for, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;
        const sync = url => step({ action: 'sync', manifestPath: 'own.yaml', name: 'Own*', provider: 'API' }, { files: { 'own.yaml': own(url) } });
        assert.deepEqual((await sync('https://llm.example.com/v1')).counts, counts(0, 1, 0, 0));
        const run = await sync('https://llm.example.com/v2');
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 1, 0)], explain(run));
        assert.match(run.summary, /endpointUrl/);
    });

    test('a connection that fails makes the step fail, and the others are done', async () => {
        await sandbox.fault({ method: 'POST', path: '/connections', status: 400, body: JSON.stringify({ success: false, error: { code: 'VALIDATION_ERROR', message: `${evil} no` } }) });
        const more = `${manifest}  - { name: One, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n  - { name: Two, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml', name: 'One, Two', throttleLimit: '1' }, { files: { 'connections.yaml': more } });
        assert.deepEqual([run.result, run.counts], ['Failed', counts(1, 1, 0, 1)], explain(run));
        assert.deepEqual(run.issues.map(i => [i.type, i.code]), [['error', 'KoreInvalidRequest']], explain(run));
        assert.match(run.issues[0].message, /# #vso/);
        await sandbox.repair();
    });

    test('a platform key that is wrong is one error', async () => {
        const run = await step({ action: 'compare', manifestPath: 'connections.yaml' }, { endpoint: { url: sandbox.origin, key: 'kg-marked-wrong-key-77' } });
        assert.deepEqual([run.result, run.counts.failed], ['Failed', '1'], explain(run));
        assert.equal(run.issues[0].code, 'KoreUnauthorized');
        assert.deepEqual(run.leaks('kg-marked-wrong-key-77'), []);
    });

    test('a reference that leads nowhere is said, with the variable that was not mapped', async () => {
        await sandbox.forget();
        const needed = `${manifest}  - name: Not there yet\n    provider: OpenAI\n    model: gpt-5.4-mini\n    apiKey: env:OPENAI_KEY\n`;
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml' }, { env: { OPENAI_KEY: '' }, secretVariables: { OPENAI_KEY: openAi }, files: { 'connections.yaml': needed } });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual((await sandbox.requests()).filter(r => r.method !== 'GET'), []);
        assert.match(run.issues.map(i => i.message).join('\n'), /env: \{ OPENAI_KEY: \$\(OPENAI_KEY\) \}/);
    });

    test('a variable that is not defined is never taken for a key', async () => {
        await sandbox.forget();
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml' }, { env: { OPENAI_KEY: '$(OPENAI_KEY)' } });
        assert.equal(run.result, 'Failed');
        assert.match(run.issues[0].message, /env:OPENAI_KEY, which holds '\$\(OPENAI_KEY\)'/);
        assert.deepEqual(await sandbox.requests(), []);
    });

    test('rotate changes keys, each confirmed, and resumes from its report', async () => {
        const names = ['Turn 1', 'Turn 2', 'Turn [3]'];
        await Promise.all(names.map(n => sandbox.create(n, openAi)));
        const inputs = { action: 'rotate', keyMap: '# keys\nTurn 1 = env:NEW_KEY | env:OPENAI_KEY\n\nTurn [3] = file:keys/openai.key\nTurn 2=env:NEW_KEY\n', skipVerification: 'true', reportPath: 'report.jsonl' };
        const run = await step(inputs, { env: { NEW_KEY: newKey } });
        assert.deepEqual([run.result === 'Failed', run.counts], [false, counts(0, 0, 3, 0)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        assert.deepEqual(new Set(run.report.map(l => l.connectionName).filter(n => n)), new Set(names));
        assert.match(run.log, /3 keys changed of 3/);

        await sandbox.forget();
        const again = await step(inputs, { env: { NEW_KEY: newKey }, files: { 'report.jsonl': `${run.report.map(l => JSON.stringify(l)).join('\n')}\n` } });
        assert.deepEqual([again.result, again.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(again));
        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    /** Runs a step with a provider that knows no key but those it is given. */
    async function withProvider(known, run) {
        const seen = [];
        const provider = createServer((request, response) => {
            const given = request.headers.authorization?.replace('Bearer ', '') ?? request.headers['x-api-key'];
            seen.push(given);
            const answer = known.includes(given) ? { id: 'model', type: 'model' } : { error: { message: `${evil} Incorrect API key`, code: 'invalid_api_key', type: 'authentication_error' } };
            response.writeHead(known.includes(given) ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        });
        await once(provider.listen(0, '127.0.0.1'), 'listening');
        try {
            return [await run(`http://localhost:${provider.address().port}`), seen];
        } finally {
            provider.close();
        }
    }

    const isOnlyRead = async () => assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));

    test('rotate asks the provider first: a key that it does not know changes nothing', async () => {
        await sandbox.create('Asked', openAi);
        await sandbox.forget();
        const [run, seen] = await withProvider([], providerUri => step({ action: 'rotate', keyMap: 'Asked = env:NEW_KEY', providerUri }, { env: { NEW_KEY: newKey } }));
        assert.deepEqual(seen, [newKey], explain(run));
        assert.deepEqual([run.result, run.counts], ['Failed', counts(0, 0, 0, 1)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        await isOnlyRead();
    });

    test('test tries the keys of a manifest at their providers', async () => {
        await sandbox.forget();
        const [run, seen] = await withProvider([openAi, fromFile], providerUri => step({ action: 'test', manifestPath: 'connections.yaml', verifyKeys: 'true', providerUri }));
        assert.deepEqual(seen.sort(), [openAi, anthropic, fromFile].sort(), explain(run));
        assert.deepEqual([run.result, run.counts, run.issues.map(i => i.code)], ['Failed', counts(0, 0, 0, 1), ['InvalidKey']], explain(run));
        assert.match(run.issues[0].message, /^Contract review: /);
        await isOnlyRead();
        const [good] = await withProvider([openAi, anthropic, fromFile], providerUri => step({ action: 'test', manifestPath: 'connections.yaml', verifyKeys: 'true', providerUri }));
        assert.equal(good.result, 'Succeeded', explain(good));
        assert.match(good.log, /3 of 3 keys can be used/);
    });

    test('sync tries keys first where it is asked to, and sends none that does not work', async () => {
        const more = "connections:\n  - { name: Tried, provider: OpenAI, model: gpt-5.4-mini, apiKey: 'env:OPENAI_KEY' }\n  - { name: Tried too, provider: Anthropic, model: claude, apiKey: 'env:ANTHROPIC_KEY' }\n";
        const sync = providerUri => step({ action: 'sync', manifestPath: 'more.yaml', verifyKeys: 'true', providerUri }, { files: { 'more.yaml': more } });
        await sandbox.forget();
        const [refused, seen] = await withProvider([openAi], sync);
        assert.deepEqual([refused.result, refused.counts], ['Failed', counts(1, 1, 0, 1)], explain(refused));
        assert.deepEqual(seen.sort(), [openAi, anthropic].sort());
        assert.match(refused.issues[0].message, /^Tried too: /);
        assert.equal((await sandbox.requests()).filter(r => r.method === 'POST').length, 1);
        const [run] = await withProvider([openAi, anthropic], sync);
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 1, 0, 0)], explain(run));
    });

    test('rotate takes the key of a custom API in its header, of a map with line ends of Windows', async () => {
        const own = 'connections:\n  - name: Header map = 1\n    provider: API\n    endpointUrl: https://llm.example.com/v1\n    header: { x-api-key: env:ANTHROPIC_KEY }\n    payload: { prompt: "{{prompt}}" }\n    outputPath: content[0].text\n';
        assert.deepEqual((await step({ action: 'sync', manifestPath: 'own.yaml' }, { files: { 'own.yaml': own } })).counts, counts(0, 1, 0, 0));
        await sandbox.create('Plain map', openAi);
        await sandbox.forget();
        const keyMap = '# keys\r\nHeader map = 1 = x-api-key: env:NEW_KEY | x-api-key: env:ANTHROPIC_KEY\r\n\r\nPlain * = env:NEW_KEY | env:OPENAI_KEY\r\n';
        const run = await step({ action: 'rotate', keyMap, skipVerification: 'true' }, { env: { NEW_KEY: newKey } });
        assert.deepEqual([run.result, run.counts, run.issues], ['Succeeded', counts(0, 0, 2, 0), []], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        const sent = (await sandbox.requests()).filter(r => r.method === 'PATCH').map(r => JSON.stringify(r.body)).sort();
        assert.equal(sent.length, 2);
        assert.match(sent[0], /^\{"fields":\{"API_KEY":"\*+"\}\}$/);
        assert.match(sent[1], /^\{"headers":\[\{"key":"x-api-key","value":"\*+"\}\]\}$/);
    });

    test('rotate tells of a header where none belongs, and of none where one does, and changes neither', async () => {
        await sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: 'Header map = 1 = env:OPENAI_KEY\nPlain map = x-api-key: env:OPENAI_KEY', skipVerification: 'true' });
        assert.deepEqual([run.result, run.counts.failed], ['Failed', '2'], explain(run));
        assert.match(run.issues[0].message, /'Header map = 1' is a custom API, which sends its key in a header/);
        await isOnlyRead();
    });

    const odd = `100%; "a" 'b' $x $(y) %3B ] \`c`;

    test('names that PowerShell, YAML or the agent could touch come through as they are', async () => {
        const own = `connections:\n  - { name: ${JSON.stringify(odd)}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;
        const files = { 'own.yaml': own };
        const drift = await step({ action: 'compare', manifestPath: 'own.yaml', name: `${odd}\r\nHeader map*\r\n` }, { files });
        assert.ok(drift.issues[0].message.startsWith(`${odd}: `), drift.issues[0].message);
        assert.equal(drift.report.find(r => r.Action === 'Create').Name, odd);
        assert.deepEqual((await step({ action: 'sync', manifestPath: 'own.yaml', name: odd }, { files })).counts, counts(0, 1, 0, 0));
        const rotation = await step({ action: 'rotate', keyMap: `${odd} = env:NEW_KEY`, skipVerification: 'true' }, { env: { NEW_KEY: newKey } });
        assert.deepEqual(rotation.counts, counts(0, 0, 1, 0), explain(rotation));
    });

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

    test('what a manifest fills in is told to the agent, and is in no plan, summary or report', async () => {
        const secret = 'filled-in passphrase 55';
        const own = 'connections:\n  - name: "Own ${env:FILLED}"\n    provider: API\n    endpointUrl: "https://llm.example.com/v1?tier=${env:TIER}"\n    header: { x-api-key: env:OPENAI_KEY }\n    payload: { style: "${env:FILLED}" }\n    outputPath: x\n';
        for (const action of ['test', 'compare', 'sync', 'compare']) {
            const run = await step({ action, manifestPath: 'own.yaml' }, { files: { 'own.yaml': own }, env: { FILLED: secret, TIER: 'gold-tier-of-ours' } });
            assert.deepEqual([hunt(run, secret), hunt(run, 'gold-tier-of-ours')], [[], []], explain(run));
            assert.ok(run.secrets.includes(secret) && run.secrets.includes('gold-tier-of-ours'));
            assert.equal(run.issues.filter(i => i.type === 'error').length, 0, explain(run));
        }
    });

    test('what leads nowhere is said: no manifest, no script', async () => {
        for (const [inputs, said] of [
            [{ action: 'test', connectionType: 'none', manifestPath: 'none.yaml' }, /none\.yaml' does not match any manifest/],
            [{ action: 'compare', manifestPath: 'none/*.yaml' }, /does not match any manifest/],
            [{ action: 'sync', manifestPath: 'none' }, /does not match any manifest/],
            [{ action: 'script', scriptType: 'filePath', scriptPath: 'none.ps1' }, /none\.ps1/],
        ]) {
            const run = await step(inputs);
            assert.deepEqual([run.result, run.counts.failed], ['Failed', '1'], explain(run));
            assert.match(run.issues[0].message, said);
        }
    });

    test('variables do as well as a service connection, and so does another folder', async () => {
        const inputs = { action: 'compare', connectionType: 'variables', hostName: sandbox.address, apiKey: sandbox.key, manifestPath: 'a.yaml', workingDirectory: 'sub folder' };
        const run = await step(inputs, { endpoint: undefined, files: { 'sub folder/a.yaml': 'connections:\n  - { name: Support desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "file:k.key" }\n', 'sub folder/k.key': `${openAi}\r\n` } });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(run));
    });

    test('another module of the name, found first, is not the one that works', async () => {
        const other = {
            'modules/KoreConnections/0.0.1/KoreConnections.psd1': "@{ ModuleVersion = '0.0.1'; RootModule = 'KoreConnections.psm1'; FunctionsToExport = 'Get-Connection', 'Connect-KorePlatform' }",
            'modules/KoreConnections/0.0.1/KoreConnections.psm1': "function Get-Connection { 'older' }; function Connect-KorePlatform { throw 'older' }",
        };
        const script = "Import-Module KoreConnections\n\"found $((Get-Connection 'Support desk').Model)\"";
        const run = await step({ action: 'script', script }, { files: other, env: { PSModulePath: 'modules' }, atFolder: ['PSModulePath'] });
        assert.equal(run.result, 'Succeeded', explain(run));
        assert.match(run.log, /found gpt-5.4-mini/);
    });

    test('a shell that ends before its work is done is a failure', async () => {
        const run = await step({ action: 'script', script: "'begun'\r\n[Environment]::Exit(0)\r\n'not reached'" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.match(run.issues[0].message, /PowerShell ended early, with exit code 0/);
    });

    test('rotate does nothing where a line of its map is wrong', async () => {
        await sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: `Turn 1 = env:OPENAI_KEY\nTurn * = env:OPENAI_KEY\nNobody = env:OPENAI_KEY\nTurn 2 = ${openAi}\nSearch [prod = env:OPENAI_KEY\n`, skipVerification: 'true' });
        assert.equal(run.result, 'Failed', explain(run));
        const said = run.issues.map(i => i.message).join('\n');
        for (const problem of [/line 2: 'Turn 1' also matches line 1/, /line 3: the platform has no connection 'Nobody'/, /line 4: it is not NAME = REFERENCE/, /line 5: 'Search \[prod' is neither a name nor a pattern/]) {
            assert.match(said, problem);
        }

        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('a key of a vault is told to the agent before anything else too', async () => {
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
        test(`a key of a source is told to the agent before it is used: ${source}`, async () => {
            const azure = { 'modules/Az.KeyVault/Az.KeyVault.psm1': 'function Get-AzKeyVaultSecret($VaultName, $Name) { $env:IN_VAULT }' };
            const value = 'marked-in-a-source-1f2e3d';
            await sandbox.forget();
            const run = await step({ action: 'rotate', keyMap: `Turn 1 = ${reference}`, skipVerification: 'true', ...more },
                { files: more.keySources ? {} : azure, env: { IN_VAULT: value, PSModulePath: 'modules' }, atFolder: ['PSModulePath'], lateSecrets: 1 });
            assert.ok(['Succeeded', 'SucceededWithIssues'].includes(run.result), explain(run));
            assert.ok(run.secrets.includes(value));
            assert.deepEqual(run.leaks(value), []);
        });
    }

    test('a key of several lines that a source gives is refused, and no line of it is shown', async () => {
        const secure = "ConvertTo-SecureString ($env:IN_VAULT -replace ' ', [string][char]10) -AsPlainText -Force";
        for (const body of [secure, `[pscredential]::new('u', (${secure}))`, `@{ key = ${secure} }`]) {
            await sandbox.forget();
            const run = await step({ action: 'rotate', keyMap: 'Turn 1 = corp:x', skipVerification: 'true', keySources: `Register-KeySource corp { ${body} }` }, { env: { IN_VAULT: 'marked-first-1f2e marked-second-3d4c' } });
            assert.deepEqual([run.result, run.counts.failed], ['Failed', '1'], explain(run));
            assert.match(run.issues[0].message, /emitted several lines/);
            assert.deepEqual([run.leaks('marked-first'), run.leaks('marked-second')], [[], []]);
            await isOnlyRead();
        }
    });

    test('a script of sources that fails ends the step before anything is sent', async () => {
        await sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: 'Turn 1 = corp:x', keySources: "Register-KeySource 'No Scheme' { 'x' }\nRegister-KeySource corp { 'x' }" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.match(run.issues[0].message, /is not a valid scheme/);
        assert.deepEqual(await sandbox.requests(), []);
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
            await sandbox.forget();
            const { own = '{ name: Of the environment, provider: OpenAI, model: gpt-5.4-mini, apiKey: env:OPENAI_KEY }', ...inputs } = more;
            const run = await step({ action, manifestPath: 'own.yaml', ...inputs }, { files: { ...noVault, 'own.yaml': `${manifest}connections:\n  - ${own}\n` }, env: { PSModulePath: 'modules' }, atFolder: ['PSModulePath'] });
            assert.doesNotMatch(run.log, /touched|extension vaults/, explain(run));
            assert.deepEqual(run.issues.filter(i => /vault/.test(i.message)), [], explain(run));
        });
    }

    test('script has a session, its objects and texts go to the log, and no command', async () => {
        const run = await step({ action: 'script', script: `Get-Connection -Name 'Support desk'\n'${evil}'\n'###vso[task.setvariable variable=drift]9'\n[Console]::Out.WriteLine('##vso[task.setvariable variable=drift]9')\n[Console]::Error.WriteLine('##[error]x')` });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(run));
        assert.match(run.log, /Support desk/);
        assert.match(run.log, /# # #vso\[task\.setvariable/);
    });

    test('script that prints keys still shows them to nobody but the agent, which masks them', async () => {
        const run = await runStep(extension, shell, { action: 'script', script: '"key: $env:OPENAI_KEY"; $null = "env:OPENAI_KEY"' }, { endpoint: { url: sandbox.origin, key: sandbox.key }, env });
        assert.ok(run.secrets.includes(openAi));
        assert.ok(run.lines.indexOf(`##vso[task.setsecret]${openAi}`) < run.lines.findIndex(l => l.startsWith('key: ')));
    });

    test('script stops at the first error, and what was sent by then is in the log', async () => {
        for (let i = 0; i < 20; i++) {
            await sandbox.create(`Drain ${i}`, openAi);
        }

        await sandbox.forget();
        await sandbox.fault({ method: 'PATCH', skip: 5, status: 400 });
        const run = await step({ action: 'script', script: "Get-Connection -Name 'Drain*' | Set-Connection -ApiKey env:OPENAI_KEY -PassThru | & { process { \"changed $($_.ConnectionName)\" } }\n'not reached'" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual(run.issues.map(i => i.code), ['KoreInvalidRequest']);
        const made = (await sandbox.requests()).filter(r => r.method === 'PATCH' && r.status === 200).length;
        assert.equal(run.lines.filter(l => l.startsWith('changed Drain')).length, made);
        assert.ok(made >= 5 && made < 20, `${made}`);
        assert.doesNotMatch(run.log, /not reached/);
        await sandbox.repair();
    });

    test('what a program writes to standard error is text of the log, whatever the action', async () => {
        const noise = "sh -c 'echo a-note-of-a-program >&2; exit 0'";
        const runs = await Promise.all([
            step({ action: 'script', script: `${noise}; 'all done'` }),
            step({ action: 'test', connectionType: 'none', manifestPath: 'connections.yaml', keySources: noise }),
        ]);
        for (const run of runs) {
            assert.deepEqual([run.result, run.issues, run.counts.failed], ['Succeeded', [], '0'], explain(run));
            assert.match(explain(run), /^a-note-of-a-program$/m);
        }
    });

    test('script: its exit code counts', async () => {
        const run = await step({ action: 'script', scriptType: 'filePath', scriptPath: 'own.ps1' }, { files: { 'own.ps1': "'about to end'\nexit 3\n" } });
        assert.deepEqual([run.result, run.issues.map(i => i.code)], ['Failed', ['ExitCode']], explain(run));
    });

    /** Cancels a step once a line shows that it has come so far. */
    function cancelled(reached, inputs, more = {}) {
        let isCancelled = false;
        const onLine = (line, child) => {
            if (!isCancelled && reached.test(line)) {
                isCancelled = true;
                child.kill('SIGINT');
            }
        };
        return step(inputs, { ...more, onLine });
    }

    // What arrived, once nothing can be under way any more.
    async function written(method) {
        await pause(500);
        return (await sandbox.requests()).filter(r => r.method === method && r.status < 300).length;
    }

    const many = 40;
    const cancellations = [
        ['script', 'PATCH', { script: "Get-Connection -Name 'Slow*' | Set-Connection -ApiKey env:OPENAI_KEY -PassThru -ThrottleLimit 4 | & { process { \"changed $($_.ConnectionName)\" } }" }, /^changed /],
        ['rotate', 'PATCH', { keyMap: 'Slow * = env:NEW_KEY | env:OPENAI_KEY', skipVerification: 'true', throttleLimit: '4' }, /Updated/],
        ['sync', 'POST', { manifestPath: 'many.yaml', throttleLimit: '4' }, /Done/],
    ];
    for (const [kind, how] of Object.entries({ shell, launcher })) {
        describe(`cancelled in the kind of pwsh that is a ${kind}`, () => {
            before(() => Promise.all(Array.from({ length: many }, (_, i) => sandbox.create(`Slow ${kind} ${i}`, openAi))));
            after(() => sandbox.repair());

            for (const [action, method, inputs, reached] of cancellations) {
                test(`${action} finishes what was sent, says what was done, and is canceled`, async () => {
                    await sandbox.repair();
                    await sandbox.forget();
                    await sandbox.fault({ method, times: 0, delayMilliseconds: 400 });
                    const connections = Array.from({ length: many }, (_, i) => `  - { name: Made ${kind} ${i}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`);
                    const run = await cancelled(reached, { action, ...inputs }, { shell: how, env: { NEW_KEY: newKey }, files: { 'many.yaml': `connections:\n${connections.join('')}` } });
                    assert.equal(run.result, 'Canceled', explain(run));
                    const made = await written(method);
                    assert.ok(made > 0 && made < many, explain(run));
                    // Of a script, the result that was being emitted may be reported twice: as its own line and as lost.
                    const said = action === 'script' ? Math.min(made, run.lines.filter(l => /^changed Slow|: done, /.test(l)).length) : Number(run.counts.created) + Number(run.counts.changed);
                    assert.equal(said, made, explain(run));
                    assert.match(run.log, /^Cancelled: /m);
                });
            }

            for (const [action, method, inputs] of cancellations) {
                test(`${action} does nothing when the stop comes before the shell can be stopped`, async () => {
                    await sandbox.repair();
                    await sandbox.forget();
                    const slow = commandFolder(`slow ${kind} ${action}`, `echo 'not yet a shell'\nsleep 1\nexec '${join(how.path, 'pwsh')}' "$@"`);
                    const run = await cancelled(/not yet a shell/, { action, ...inputs }, { shell: { path: slow }, env: { NEW_KEY: newKey }, files: { 'many.yaml': manifest } });
                    assert.deepEqual([run.result, run.counts], ['Canceled', counts(0, 0, 0, 0)], explain(run));
                    assert.equal(await written(method), 0, explain(run));
                    assert.match(run.log, /^Cancelled: (nothing was changed|the script was stopped)\.$/m);
                });
            }

            for (const milliseconds of [1, 350, 600, 1200]) {
                test(`${milliseconds} ms after the first line, all that was changed is reported`, async () => {
                    await sandbox.repair();
                    await sandbox.forget();
                    await sandbox.fault({ method: 'PATCH', times: 0, delayMilliseconds: 400 });
                    let timer;
                    const onLine = (_, child) => timer ??= setTimeout(() => child.kill('SIGINT'), milliseconds);
                    const run = await step({ action: 'rotate', ...cancellations[1][2] }, { shell: how, env: { NEW_KEY: newKey }, onLine });
                    assert.equal(run.result, 'Canceled', explain(run));
                    const made = await written('PATCH');
                    assert.ok(made < many, explain(run));
                    assert.equal(Number(run.counts.changed), made, explain(run));
                });
            }

            test('a script that will not stop is ended', async () => {
                const beats = join(newFolder(), 'beats');
                const script = `try { 'begun'; Start-Sleep 60 } finally { while ($true) { [IO.File]::AppendAllText('${beats}', '.'); Start-Sleep -Milliseconds 50 } }`;
                await assertEnded(await cancelled(/^begun/, { action: 'script', script }, { shell: how }), beats);
            });
        });
    }

    test('a shell that knows no signal and never reports is ended with all that it started', async () => {
        const beats = join(newFolder(), 'beats');
        const stubborn = commandFolder('stubborn', `trap '' INT TERM\necho begun\nsh -c 'while :; do echo . >>${beats}; sleep 0.05; done'`);
        await assertEnded(await cancelled(/^begun/, { action: 'script', script: '1' }, { shell: { path: stubborn } }), beats);
    });

    async function assertEnded(run, beats) {
        assert.equal(run.result, 'Canceled', explain(run));
        const { size } = statSync(beats);
        await pause(1000);
        assert.equal(statSync(beats).size, size, explain(run));
    }
});

test('an agent without PowerShell says what to do', async () => {
    const run = await runStep(extension, shell, { action: 'test', connectionType: 'none', manifestPath: 'connections.yaml' }, { files, env: { ...env, PATH: '/nowhere' } });
    assert.deepEqual(run.results, ['Failed']);
    assert.match(run.issues[0].message, /no pwsh on its PATH\. Install PowerShell 7/);
});

test('Windows PowerShell is for Windows agents', { skip: process.platform === 'win32' }, async () => {
    const run = await runStep(extension, shell, { action: 'test', connectionType: 'none', manifestPath: 'connections.yaml', pwsh: 'false' }, { files, env });
    assert.deepEqual(run.results, ['Failed']);
    assert.match(run.issues[0].message, /Set pwsh: true/);
});
