// The steps template as PowerShell@2 runs it, for what the extension is not needed for.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newFolder, parseCommand, requireThere, runShell, source, startSandbox, unpack } from './support.mjs';

const yaml = requireThere('yaml');
const template = yaml.parse(readFileSync(join(source, 'templates', 'kore-connections.yml'), 'utf8'));
const key = 'sk-marked-openai-4f1c7a90e2b35d68MQAA';
const evil = '###vso[task.complete result=Failed;]';
const manifest = `connections:\n  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n  - { name: "${evil}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;

describe('The steps template', () => {
    let sandbox;
    let extension;
    before(async () => {
        extension = await unpack();
        sandbox = await startSandbox();
    });
    after(() => sandbox.stop());

    /** The step that the template makes of parameters, run as PowerShell@2 does. */
    function step(given, files = {}, env = {}) {
        const folder = newFolder();
        Object.entries({ 'connections.yaml': manifest, ...files }).forEach(([name, text]) => writeFileSync(join(folder, name), text));
        const parameters = {
            ...Object.fromEntries(template.parameters.map(p => [p.name, p.default])),
            modulePath: join(extension, 'task', 'KoreConnections'),
            reportPath: join(folder, 'report.jsonl'),
            ...given,
        };
        const capital = value => typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
        const fill = text => text.replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name) => capital(parameters[name]));
        const { env: mapped, inputs } = template.steps.find(s => s.name);
        const script = join(folder, 'step.ps1');
        writeFileSync(script, `\uFEFF$ErrorActionPreference = '${inputs.errorActionPreference}'\n${fill(inputs.script)}`);
        mkdirSync(join(folder, 'home'));
        const variables = Object.fromEntries(Object.entries(mapped).filter(([, value]) => typeof value === 'string').map(([name, value]) => [name, fill(value)]));
        const { stdout, stderr, status } = runShell(['-Command', `. '${script}'`], {
            cwd: folder,
            env: { PATH: process.env.PATH, HOME: join(folder, 'home'), KORE_HOST: sandbox.address, KORE_API_KEY: sandbox.key, OPENAI_KEY: key, ...variables, ...env },
        });
        const lines = `${stdout}${stderr}`.split(/\r?\n/);
        lines.forEach(line => assert.ok(!line.includes(key) && !line.includes(sandbox.key), line));
        const commands = lines.map(parseCommand).filter(c => c);
        const of = name => commands.filter(c => c.name === name);
        return {
            text: lines.join('\n'),
            status,
            results: of('task.complete').map(c => c.properties.result),
            issues: of('task.logissue').map(c => `${c.properties.type} ${c.properties.code}`),
            counts: Object.fromEntries(of('task.setvariable').map(c => [c.properties.variable, c.data])),
        };
    }

    const counts = (drift, created, changed, failed) => ({ drift: `${drift}`, created: `${created}`, changed: `${changed}`, failed: `${failed}` });

    test('tells drift, brings the platform in step, and is in step then', () => {
        const drift = step({ action: 'compare' });
        assert.deepEqual([drift.results, drift.counts, drift.issues], [['SucceededWithIssues'], counts(2, 0, 0, 0), ['warning Create', 'warning Create']], drift.text);
        const strict = step({ action: 'compare', failOnDrift: true });
        assert.deepEqual([strict.results, strict.issues], [['Failed'], ['error Create', 'error Create']], strict.text);
        const rehearsed = step({ action: 'sync', whatIf: true });
        assert.deepEqual(rehearsed.counts, counts(2, 0, 0, 0), rehearsed.text);
        const sync = step({ action: 'sync' });
        assert.deepEqual([sync.results, sync.counts, sync.issues], [['Succeeded'], counts(0, 2, 0, 0), []], sync.text);
        const same = step({ action: 'compare', failOnDrift: true });
        assert.deepEqual([same.results, same.counts, same.issues], [['Succeeded'], counts(0, 0, 0, 0), []], same.text);
    });

    test('adds sources of keys first, and has each key masked before it is used', () => {
        const value = 'marked-in-a-source-9e8d7c';
        const run = step({ action: 'sync', keySourcesPath: './sources.ps1' }, {
            'sources.ps1': `Register-KeySource corp { param($Name) '${value}' }`,
            'connections.yaml': 'connections:\n  - { name: Sourced, provider: OpenAI, model: gpt-5.4-mini, apiKey: "corp:x" }\n',
        });
        assert.equal(run.counts.created, '1', run.text);
        assert.deepEqual(run.text.split('\n').filter(line => line.includes(value)), [`##vso[task.setsecret]${value}`]);
    });

    test('tells every mistake of a manifest', () => {
        const run = step({ action: 'test' }, { 'connections.yaml': 'connections:\n  - { name: A, provider: Google }\n  - { nmae: B }\n' });
        assert.deepEqual(run.results, ['Failed'], run.text);
        assert.equal(run.counts.failed, String(run.issues.length));
        assert.ok(run.issues.length >= 2 && run.issues.every(i => i === 'error KoreInvalidInput'), run.text);
    });

    test('fails where a connection fails, and where nothing can be done at all', async () => {
        await sandbox.fault({ method: 'POST', path: '/connections', status: 400 });
        const run = step({ action: 'sync' }, { 'connections.yaml': `${manifest}  - { name: More, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n` });
        await sandbox.repair();
        assert.deepEqual([run.results, run.counts, run.issues], [['Failed'], counts(1, 0, 0, 1), ['error KoreInvalidRequest']], run.text);
        const refused = step({ action: 'compare' }, {}, { KORE_API_KEY: 'kg-wrong-0123456789' });
        assert.deepEqual([refused.results, refused.issues], [['Failed'], ['error KoreUnauthorized']], refused.text);
    });

    test('fails where there is no manifest, and no file of keys', () => {
        for (const given of [{ action: 'test', manifestPath: 'none.yaml' }, { action: 'compare', manifestPath: 'none.yaml' }, { action: 'sync', manifestPath: 'none.yaml' }, { action: 'rotate', keysPath: 'none.csv' }]) {
            const run = step(given);
            assert.deepEqual([run.results, run.counts.failed, run.issues.length], [['Failed'], '1', 1], run.text);
        }
    });

    test('takes the version that is asked for, where there are others', () => {
        const home = newFolder();
        const modules = join(home, 'KoreConnections');
        const version = readFileSync(join(extension, 'task', 'KoreConnections', 'KoreConnections.psd1'), 'utf8').match(/ModuleVersion\s*=\s*'([\d.]+)'/)[1];
        cpSync(join(extension, 'task', 'KoreConnections'), join(modules, version), { recursive: true });
        mkdirSync(join(modules, '9.9.9'));
        writeFileSync(join(modules, '9.9.9', 'KoreConnections.psd1'), "@{ ModuleVersion = '9.9.9'; RootModule = 'KoreConnections.psm1'; FunctionsToExport = 'Compare-Connection' }");
        writeFileSync(join(modules, '9.9.9', 'KoreConnections.psm1'), "function Compare-Connection { throw 'another version' }");
        const compare = moduleVersion => step({ action: 'compare', modulePath: '', moduleVersion }, {}, { PSModulePath: home });
        const run = compare(version);
        assert.deepEqual(run.counts, counts(0, 0, 0, 0), run.text);
        assert.match(compare('').text, /another version/);
    });

    test('rotates keys from a file', async () => {
        const { connections } = await sandbox.list();
        const id = connections.find(c => c.connectionName === 'Desk').connectionId;
        const run = step({ action: 'rotate', skipVerification: true }, { 'keys.csv': `ConnectionId,ApiKey,PreviousApiKey\n${id},env:NEW_KEY,env:OPENAI_KEY\n` }, { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' });
        assert.deepEqual([run.results.includes('Failed'), run.counts], [false, counts(0, 0, 1, 0)], run.text);
        assert.doesNotMatch(run.text, /sk-marked-new/);
    });
});
