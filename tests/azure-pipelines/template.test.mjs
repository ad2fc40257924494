// The steps template as PowerShell@2 runs it, for what the extension is not needed for.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { maskingLines, newFolder, startShell } from './support.mjs';
import { extension, useTask } from './task.mjs';
import { beginTemplate, runCanceled, runTemplates, template } from './template.mjs';

const key = 'sk-marked-openai-4f1c7a90e2b35d68MQAA';
const evil = '###vso[task.complete result=Failed;]';
const manifest = `connections:\n  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n  - { name: "${evil}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;

describe('The steps template', () => {
    const task = useTask();

    const steps = (...rows) => runTemplates(task, rows.map(([given, files, env]) => [given, { 'connections.yaml': manifest, ...files }, { OPENAI_KEY: key, ...env }]), [key]);
    const step = async (...row) => (await steps(row))[0];

    const counts = (drift, created, changed, failed, unmanaged = 0, unknownKeys = 0) => Object.fromEntries(Object.entries({ drift, unmanaged, unknownKeys, created, changed, failed }).map(([n, v]) => [n, `${v}`]));

    test('tells drift, brings the platform in step, and is in step then', async () => {
        const [drift, strict, rehearsed, sync, same] = await steps([{ action: 'compare' }], [{ action: 'compare', failOnDrift: true }], [{ action: 'sync', whatIf: true }], [{ action: 'sync' }], [{ action: 'compare', failOnDrift: true }]);
        assert.deepEqual([drift.results, drift.counts, drift.issues], [['SucceededWithIssues'], counts(2, 0, 0, 0), ['warning Create', 'warning Create']], drift.text);
        assert.deepEqual([strict.results, strict.issues], [['Failed'], ['error Create', 'error Create']], strict.text);
        assert.deepEqual(rehearsed.counts, counts(2, 0, 0, 0), rehearsed.text);
        assert.deepEqual([sync.results, sync.counts, sync.issues], [['Succeeded'], counts(0, 2, 0, 0), []], sync.text);
        assert.deepEqual([same.results, same.counts, same.issues], [['Succeeded'], counts(0, 0, 0, 0, 0, 2), []], same.text);
    });

    test('has no expression in its scripts: Azure Pipelines makes one expression of such a text, and refuses more than 21,000 characters', () => {
        const scripts = template.steps.flatMap(entry => entry.task ? [entry] : Object.values(entry).flat()).map(entry => entry.inputs.script);
        assert.ok(scripts.length >= 2);
        scripts.forEach(script => assert.doesNotMatch(script, /\$\{\{/));
    });

    test('has short scripts: an environment variable of Windows, through which they may come, has at most 32,767 characters', () => {
        const scripts = template.steps.flatMap(entry => entry.task ? [entry] : Object.values(entry).flat()).map(entry => entry.inputs.script);
        scripts.forEach(script => assert.ok(script.length < 2000, `${script.length}: ${script.slice(0, 100)}`));
    });

    test('fails where the module is not there, or has no script for the template, and says what to do', async () => {
        const folder = newFolder();
        const older = join(folder, 'KoreConnections');
        mkdirSync(older);
        mkdirSync(join(folder, 'empty'));
        writeFileSync(join(older, 'KoreConnections.psd1'), "@{ ModuleVersion = '0.0.9'; RootModule = 'KoreConnections.psm1'; FunctionsToExport = 'Compare-Connection', 'Disconnect-KorePlatform' }");
        writeFileSync(join(older, 'KoreConnections.psm1'), "function Compare-Connection { throw 'ran' }\nfunction Disconnect-KorePlatform { }");
        const absent = /^The module KoreConnections cannot be imported from '.*'\. Set modulePath, or moduleRepository and moduleVersion\. /;
        const cases = [
            [{ modulePath: join(folder, 'none') }, absent], [{ modulePath: join(folder, 'empty') }, absent], [{ modulePath: join(older, 'none.psd1') }, absent],
            [{ modulePath: '', moduleVersion: '0.1.0' }, absent], [{ modulePath: '$(undefined)' }, absent], [{ modulePath: `${evil}::${evil}` }, absent],
            [{ modulePath: older }, /^The module in '.*KoreConnections' has no AzurePipelines.Step\.ps1\. Use the module and the template of one version\.$/],
        ];
        const kinds = [['compare', counts(0, 0, 0, 1)], ['audit', { ...counts(0, 0, 0, 1), errorFindings: '0', warningFindings: '0', informationFindings: '0', thresholdCrossed: 'false', pagePath: '' }]];
        const runs = await steps(...cases.flatMap(([given]) => kinds.map(([action]) => [{ action, ...given }])));
        runs.forEach((run, i) => {
            const [[, said], [, expected]] = [cases[Math.floor(i / 2)], kinds[i % 2]];
            assert.deepEqual([run.results, run.issues, run.counts], [['Failed'], ['error KoreTask'], expected], run.text);
            assert.match(run.messages[0], said, run.text);
            assert.ok(run.lines.length === 1 && run.text.includes(`##vso[task.complete result=Failed]${run.lines[0]}`), run.text);
        });
    });

    test('rehearses, and fails only for what a sync cannot change', async () => {
        const row = (name, model) => `connections:\n  - { name: ${name}, provider: OpenAI, model: ${model}, apiKey: "env:OPENAI_KEY" }\n`;
        const given = { action: 'sync', whatIf: true, failOnDrift: true };
        const [pending, stuck, compared] = await steps([given, { 'connections.yaml': row('New one', 'gpt-5.4-mini') }], [given, { 'connections.yaml': row('Desk', 'gpt-5.5') }],
            [{ ...given, action: 'compare' }, { 'connections.yaml': row('New one', 'gpt-5.4-mini') }]);
        assert.deepEqual([pending, stuck, compared].map(r => [...r.results, ...r.issues]),
            [['SucceededWithIssues', 'warning Create'], ['Failed', 'error CannotChange'], ['Failed', 'error Create']], [pending, stuck, compared].map(r => r.text).join('\n'));
    });

    test('says every mistake of a manifest once, with its place, whatever the action', async () => {
        const wrong = { 'connections.yaml': 'connections:\n  - { name: A, provider: Google }\n  - { nmae: B }\n' };
        for (const run of await steps(...['test', 'compare', 'sync'].map(action => [{ action }, wrong]))) {
            assert.deepEqual(run.results, ['Failed'], run.text);
            assert.equal(run.counts.failed, String(run.issues.length));
            assert.ok(run.issues.length >= 2 && run.issues.every(i => i === 'error KoreInvalidInput'), run.text);
            assert.deepEqual([run.places[0], run.places.at(-1)], ['connections.yaml:2', 'connections.yaml:3'], run.text);
            assert.equal(run.text.split("'Google'").length, 2, run.text);
        }
    });

    test('says in its last line that nothing came of it, and why, and in the text of its completion', async () => {
        const wrong = { 'connections.yaml': 'connections:\n  - { name: A, provider: Google, model: m, apiKey: "env:OPENAI_KEY" }\n' };
        const absent = { 'connections.yaml': 'connections:\n  - { name: New one, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:NOT_MAPPED" }\n' };
        const refused = { KORE_API_KEY: 'kg-wrong-0123456789' };
        const cases = [
            [{ action: 'test' }, wrong, {}, 'The manifest has 1 error.'], [{ action: 'compare' }, wrong, {}, 'Nothing was compared: the manifest has 1 error.'],
            [{ action: 'sync' }, wrong, {}, 'Nothing was changed: the manifest has 1 error.'], [{ action: 'sync', whatIf: true }, wrong, {}, 'Nothing was changed: the manifest has 1 error.'],
            [{ action: 'sync' }, absent, {}, 'Nothing was changed: 1 reference has no key in this step.'],
            [{ action: 'compare' }, {}, refused, 'Nothing was compared: the platform rejected the API key.'], [{ action: 'audit', manifestPath: '' }, {}, refused, 'Nothing was audited: the platform rejected the API key.'],
            [{ action: 'test', manifestPath: 'none.yaml' }, {}, {}, 'Nothing was tested: 1 error.'], [{ action: 'compare', manifestPath: 'none.yaml' }, {}, {}, 'Nothing was compared: 1 error.'],
            [{ action: 'rotate', keysPath: 'none.csv' }, {}, {}, 'No key was changed: 1 error.'], [{ action: 'rotate', keysPath: 'none.csv', whatIf: true }, {}, {}, 'No key was changed: 1 error.'],
        ];
        const runs = await steps(...cases.map(([given, files, env]) => [given, files, env]));
        cases.forEach(([, , , last], i) => {
            assert.deepEqual([runs[i].results, runs[i].lines.at(-1)], [['Failed'], last], runs[i].text);
            assert.ok(runs[i].text.includes(`##vso[task.complete result=Failed]${last}`), runs[i].text);
        });
    });

    test('gives findings, and connections that fail, their place', async () => {
        const row = (name, model) => `  - { name: ${name}, provider: OpenAI, model: ${model}, apiKey: "env:OPENAI_KEY" }\n`;
        const other = { 'connections.yaml': `connections:\n${row('Desk', 'gpt-5.5')}${row('"New: one"', 'gpt-5.4-mini')}` };
        await task.sandbox.fault({ method: 'POST', path: '/connections', status: 400 });
        const [compare, strict, sync] = await steps([{ action: 'compare' }, other], [{ action: 'compare', failOnDrift: true, failOnUnmanaged: true, failOnUnknownKeys: true }, other], [{ action: 'sync' }, other]);
        const drift = ['CannotChange connections.yaml:2', 'Create connections.yaml:3'];
        for (const [run, levels, expected] of [[compare, 'warning', drift], [strict, 'error', [...drift, 'Unmanaged undefined:undefined', 'UnknownKey connections.yaml:2']]]) {
            assert.deepEqual(run.issues.map((said, i) => `${said} ${run.places[i]}`).sort(), expected.map(e => `${levels} ${e}`).sort(), run.text);
            run.messages.forEach(m => assert.doesNotMatch(m, /connections\.yaml/));
        }

        assert.deepEqual(sync.issues.map((said, i) => `${said} ${sync.places[i]}`), ['error KoreInvalidRequest connections.yaml:3', 'warning CannotChange connections.yaml:2'], sync.text);
        await task.sandbox.repair();
    });

    test('says a reference without a key once in its log, and changes no word of a name', async () => {
        const names = ["Ask -Path 'x'", 'use it with Connect-KorePlatform', 'A, or use New-Connection -IfNotExists', 'Get-KoreSession shows where requests go'];
        const rows = key => ({ 'connections.yaml': `connections:\n${names.map(name => `  - { name: "${name}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "${key}" }\n`).join('')}` });
        await task.sandbox.fault({ method: 'POST', path: '/connections', status: 400, times: 4 });
        const [compare, sync] = await steps([{ action: 'compare' }, rows('env:NOT_MAPPED')], [{ action: 'sync' }, rows('env:OPENAI_KEY')]);
        await task.sandbox.repair();
        assert.deepEqual(compare.lines.filter(l => l.includes('NOT_MAPPED')),
            ["connections.yaml:2: connections[0].apiKey: apiKey refers to the environment variable 'NOT_MAPPED', which is not set or empty. It is also needed at 3 other places."], compare.text);
        assert.deepEqual(sync.messages.map(m => names.find(name => m.startsWith(`${name}: `))).sort(), [...names].sort(), sync.text);
    });

    test('fails where a connection fails, and where nothing can be done at all', async () => {
        await task.sandbox.fault({ method: 'POST', path: '/connections', status: 400 });
        const more = { 'connections.yaml': `${manifest}  - { name: More, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n` };
        const [run, refused] = await steps([{ action: 'sync' }, more], [{ action: 'compare' }, {}, { KORE_API_KEY: 'kg-wrong-0123456789' }]);
        assert.deepEqual([run.results, run.counts, run.issues], [['Failed'], counts(1, 0, 0, 1, 0, 2), ['error KoreInvalidRequest']], run.text);
        assert.equal(run.text.match(/The request is not valid/g).length, 1, 'a fault is in the log once');
        assert.deepEqual([refused.results, refused.issues], [['Failed'], ['error KoreUnauthorized']], refused.text);
    });

    test('fails where there is no manifest, and no file of keys', async () => {
        const runs = await steps(...['test', 'compare', 'sync'].map(action => [{ action, manifestPath: 'none.yaml' }]), [{ action: 'rotate', keysPath: 'none.csv' }]);
        runs.forEach(run => assert.deepEqual([run.results, run.counts.failed, run.issues.length], [['Failed'], '1', 1], run.text));
    });

    test('takes one version of the module, from a repository that is named and trusted', async () => {
        const home = newFolder();
        const feed = join(home, 'feed');
        mkdirSync(feed);
        const version = readFileSync(join(extension, 'task', 'KoreConnections', 'KoreConnections.psd1'), 'utf8').match(/ModuleVersion\s*=\s*'([\d.]+)'/)[1];
        // What else is on the agent, by the same name and newer, is not taken.
        mkdirSync(join(home, 'modules', 'KoreConnections', '9.9.9'), { recursive: true });
        writeFileSync(join(home, 'modules', 'KoreConnections', '9.9.9', 'KoreConnections.psd1'), "@{ ModuleVersion = '9.9.9'; RootModule = 'KoreConnections.psm1'; FunctionsToExport = 'Compare-Connection' }");
        writeFileSync(join(home, 'modules', 'KoreConnections', '9.9.9', 'KoreConnections.psm1'), "function Compare-Connection { throw 'another version' }");
        const { inputs, env: mapped } = template.steps.map(s => Object.values(s)[0]).flat().find(s => s.displayName === 'Get KoreConnections');
        writeFileSync(join(home, 'get.ps1'), `$ErrorActionPreference = '${inputs.errorActionPreference}'\n${inputs.script}`);
        writeFileSync(join(home, 'steps.ps1'), `
            Compress-PSResource '${join(extension, 'task', 'KoreConnections')}' -DestinationPath '${feed}' -SkipModuleManifestValidate
            Register-PSResourceRepository trusted -Uri '${feed}' -Trusted
            Register-PSResourceRepository untrusted -Uri '${feed}'
            foreach ($case in @('', '${version}'), @('trusted', ''), @('trusted', '*'), @('trusted', '[0.0,)'), @('PSGallery', 'latest'), @('untrusted', '${version}'), @('trusted', '${version}')) {
                $env:KORE_STEP_REPOSITORY, $env:KORE_STEP_VERSION = $case
                try { . '${join(home, 'get.ps1')}'; "$case -> there" } catch { "$case -> $($_.Exception.Message)" }
            }`);
        const env = { PATH: process.env.PATH, HOME: home, AGENT_TEMPDIRECTORY: home, PSModulePath: join(home, 'modules') };
        assert.deepEqual(Object.keys(mapped), ['KORE_STEP_REPOSITORY', 'KORE_STEP_VERSION'], 'no key is in this step');
        const { stdout, stderr } = await startShell(['-File', join(home, 'steps.ps1')], { cwd: home, env });
        const said = stdout.split(/\r?\n/).filter(l => l.includes(' -> ')).map(l => l.split(' -> ')[1]);
        assert.match(said[0], /moduleRepository is empty/, `${stdout}${stderr}`);
        said.slice(1, 5).forEach(line => assert.match(line, /moduleVersion is '.*'\. Specify one version/));
        assert.doesNotMatch(said[5], /^there/);
        assert.equal(said[6], 'there', `${stdout}${stderr}`);
        const run = await step({ action: 'compare', modulePath: '', moduleVersion: version }, {}, env);
        assert.deepEqual([run.results, run.counts.drift], [['Succeeded'], '0'], run.text);
        assert.doesNotMatch(run.text, /another version/);
    });

    test('is never green by mistake, and takes no undefined variable for a key', async () => {
        await task.sandbox.create('Made by hand', key);
        const undefinedOne = { OPENAI_KEY: '$(OPENAI_KEY)' };
        const empty = { 'connections.yaml': 'connections: []\n' };
        const absent = { 'connections.yaml': 'connections:\n  - { name: New one, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n' };
        const noRow = { 'keys.csv': 'Name,ApiKey\n' };
        const [strict, without, tested, sync, synced, ...nothing] = await steps(
            [{ action: 'compare', failOnUnmanaged: true, failOnUnknownKeys: true }, {}, undefinedOne],
            [{ action: 'compare', compareKeys: false }, {}, { OPENAI_KEY: 'made-up-key-0000' }],
            [{ action: 'test' }, {}, { OPENAI_KEY: '' }],
            [{ action: 'sync' }, absent, undefinedOne],
            [{ action: 'sync' }, {}, undefinedOne],
            [{ action: 'compare' }, empty], [{ action: 'sync', failOnDrift: true }, empty], [{ action: 'test' }, empty],
            [{ action: 'rotate' }, noRow], [{ action: 'rotate', whatIf: true, failOnDrift: true }, noRow],
        );
        assert.deepEqual([strict.results, strict.counts, strict.issues], [['Failed'], counts(0, 0, 0, 0, 1, 2), ['error Unmanaged', 'error UnknownKey', 'error UnknownKey']], strict.text);
        assert.match(strict.text, /^Failed because of failOnUnmanaged and failOnUnknownKeys\.\n[^]*task\.complete result=Failed\]Failed because of failOnUnmanaged and failOnUnknownKeys\. Drift: 0\./m);
        assert.match(strict.text, /^Drift: 0\. In sync: 2\. Unmanaged: 1\. Keys not comparable: 2\.$/m);
        assert.deepEqual([without.results, without.counts], [['Succeeded'], counts(0, 0, 0, 0, 1, 0)], without.text);
        assert.match(without.text, /^Drift: 0\. In sync: 2\. Unmanaged: 1\. Keys were not compared\.$/m);
        assert.deepEqual(tested.results, ['Succeeded'], tested.text);
        assert.deepEqual([sync.results, sync.counts.created], [['Failed'], '0'], sync.text);
        assert.match(sync.text, /'OPENAI_KEY', which is not set/);
        // No key is sent, so that none is needed, as in the task.
        assert.deepEqual([synced.results, synced.issues, synced.counts], [['Succeeded'], [], counts(0, 0, 0, 0, 1, 2)], synced.text);
        assert.deepEqual(nothing.map(r => [...r.results, ...r.issues, ...r.messages]), [
            ['SucceededWithIssues', 'warning Nothing', 'Nothing was compared: the manifest has no connections.'], ['Failed', 'error Nothing', 'Nothing was changed: the manifest has no connections.'],
            ['SucceededWithIssues', 'warning Nothing', 'Nothing was tested: the manifest has no connections.'],
            ['SucceededWithIssues', 'warning Nothing', 'No key was changed: the file of keys has no row.'], ['Failed', 'error Nothing', 'No key was changed: the file of keys has no row.'],
        ], nothing.map(r => r.text).join('\n'));
    });

    test('rotates keys from a file', async () => {
        const { connections } = await task.sandbox.list();
        const id = connections.find(c => c.connectionName === 'Desk').connectionId;
        const mapped = { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' };
        const [rehearsal, unmapped, mixed] = await steps(
            [{ action: 'rotate', whatIf: true }, { 'keys.csv': 'Name,ApiKey\nDesk,env:NEW_KEY\n' }, mapped],
            [{ action: 'rotate', whatIf: true }, { 'keys.csv': 'Name,ApiKey,PreviousApiKey\nDesk,env:NOT_MAPPED,env: NOT.MAPPED.2\n' }],
            [{ action: 'rotate', whatIf: true, keysPath: 'keys[1].csv' }, { 'keys[1].csv': 'Name,ApiKey,PreviousApiKey\nDesk,env:NOT_MAPPED,env:NEW_KEY\n' }, mapped],
        );
        assert.match(rehearsal.text, /What if: .*Desk.*\n(?:.*\n)*Rehearsal: nothing was changed\. Keys that would be changed: 1\./);
        // It sends nothing, so that it can come before the approval that opens the keys.
        assert.deepEqual([unmapped.results, unmapped.counts.failed], [['Succeeded'], '0'], unmapped.text);
        assert.deepEqual([mixed.results, mixed.messages], [['SucceededWithIssues'], ['env:NOT_MAPPED has no key in this step. Map it in the step, as the others are.']], mixed.text);
        await task.sandbox.fault({ method: 'PATCH', status: 200, body: '{}' });
        await task.sandbox.fault({ method: 'GET', path: id, skip: 1, status: 500 });
        const unconfirmed = await step({ action: 'rotate', skipVerification: true }, { 'keys.csv': `ConnectionId,ApiKey\n${id},env:NEW_KEY\n` }, mapped);
        await task.sandbox.repair();
        assert.deepEqual([unconfirmed.results, unconfirmed.counts.changed], [['SucceededWithIssues'], '0'], unconfirmed.text);
        const run = await step({ action: 'rotate', skipVerification: true }, { 'keys.csv': `ConnectionId,ApiKey,PreviousApiKey\n${id},env:NEW_KEY,env:OPENAI_KEY\n` }, mapped);
        assert.deepEqual([run.results.includes('Failed'), run.counts, run.uploads], [false, counts(0, 0, 1, 0), 1], run.text);
        assert.doesNotMatch(run.text, /sk-marked-new/);
    });

    test('changes no key where two rows are for one connection, and warns of a key without a way back', async () => {
        const id = (await task.sandbox.list()).connections.find(c => c.connectionName === 'Desk').connectionId;
        const mapped = { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW', ANOTHER: 'sk-marked-new-90aa17c6b2d4ELSE' };
        const twice = [
            'Name,ApiKey\nDesk,env:NEW_KEY\nDesk,env:NEW_KEY\n', 'Name,ApiKey\nDesk,env:NEW_KEY\n Desk ,env:ANOTHER\n',
            `Name,ConnectionId,ApiKey\nDesk,,env:NEW_KEY\n,${id},env:NEW_KEY\n`, `Id,ApiKey\n${id},env:NEW_KEY\n${id},env:NEW_KEY\n`,
        ].flatMap(csv => [true, false].map(whatIf => [{ action: 'rotate', skipVerification: true, whatIf }, { 'keys.csv': csv }, mapped]));
        const rehearsal = csv => [{ action: 'rotate', whatIf: true }, { 'keys.csv': csv }, mapped];
        await task.sandbox.forget();
        const [final, absent, ...runs] = await steps(rehearsal('Name,ApiKey,PreviousApiKey\nDesk,env:NEW_KEY,\n'), rehearsal('Name,ApiKey\nNobody,env:NEW_KEY\n'), ...twice);
        for (const run of runs) {
            assert.deepEqual([run.results, run.counts.changed, run.counts.failed, run.lines.at(-1)], [['Failed'], '0', '1', 'No key was changed: 1 error.'], run.text);
            assert.match(run.messages.join('\n'), /^The file of keys has two rows for one connection\. Row 2: '(Desk|cn-.*)' also matches row 1\. Keep only one of them\.$/);
        }

        assert.deepEqual([final.results, final.issues, final.lines.at(-1)], [['SucceededWithIssues'], ['warning Warning'], 'Rehearsal: nothing was changed. Keys that would be changed: 1.'], final.text);
        assert.match(final.messages[0], /^If a change cannot be confirmed, the previous key cannot be restored, .* PreviousApiKey/);
        assert.deepEqual([absent.results, absent.issues, absent.lines.at(-1)], [['Failed'], ['error KoreConnectionNotFound'], 'Rehearsal: nothing was changed. Keys that would be changed: 0. Errors: 1.'], absent.text);
        assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('reads a file of keys as the module does: no blank rows, and no white space around the names of columns', async () => {
        const mapped = { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW', ANOTHER: 'sk-marked-new-90aa17c6b2d4ELSE' };
        const rehearsal = csv => [{ action: 'rotate', whatIf: true }, { 'keys.csv': csv }, mapped];
        const last = 'Rehearsal: nothing was changed. Keys that would be changed: 1.';
        const [green, yellow] = [['Succeeded'], ['SucceededWithIssues']];
        const cases = [
            ['Name,ApiKey,PreviousApiKey\nDesk,env:NEW_KEY,env:OPENAI_KEY\n,,\n', green, last], ['Name,ApiKey,PreviousApiKey\n , ,\n\nDesk,env:NEW_KEY,env:OPENAI_KEY\n', green, last],
            ['Name,PreviousApiKey ,ApiKey\nDesk,env:OPENAI_KEY,env:NEW_KEY\n', green, last], ['Name , ApiKey,"\tPreviousApiKey "\nDesk,env:NEW_KEY,env:OPENAI_KEY\n', green, last],
            ['Name,ApiKey,PreviousApiKey \nDesk,env:NEW_KEY,\n,,\n', yellow, last], ['Name,ApiKey,PreviousApiKey\nDesk,env:NEW_KEY, \n', yellow, last],
            ['Name,ApiKey\n,\n,\n', yellow, 'No key was changed: the file of keys has no row.'],
            ['Name ,ApiKey\n,\nDesk,env:NEW_KEY\nDesk,env:ANOTHER\n', ['Failed'], 'No key was changed: 1 error.'],
        ];
        const runs = await steps(...cases.map(([csv]) => rehearsal(csv)));
        cases.forEach(([csv, result, said], i) => assert.deepEqual([runs[i].results, runs[i].lines.at(-1)], [result, said], `${csv}${runs[i].text}`));
        assert.match(runs.at(-1).messages.join('\n'), /Row 3: 'Desk' also matches row 2\./);
    });

    test('obeys no text of a script of sources, begins an audit with its verdict, and takes its errors and warnings', async () => {
        const evil = '##vso[task.setvariable variable=EVIL]1';
        const sources = `Write-Output 'before ${evil}'\nWrite-Host '${evil}'\nWrite-Warning 'slow ${evil}'\nWrite-Information '#${evil}' -InformationAction Continue\nsh -c 'echo "${evil}" >&2'\n[pscustomobject]@{ Said = '${evil}' }\n`
            + `Register-KeySource corp { Write-Host '${evil}'; 'sk-marked-in-sources-4f1c7a90e2b35d' }`;
        const sourced = { 'connections.yaml': 'connections:\n  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "corp:x" }\n', 'sources.ps1': sources };
        const given = { keySourcesPath: 'sources.ps1', failOn: 'none', rule: 'HiddenCharacters' };
        const [compare, audit, failing, stopped, text, none] = await steps(
            ...[{ action: 'compare' }, { action: 'audit', manifestPath: '' }].map(action => [{ ...given, ...action }, sourced]),
            [{ action: 'compare', keySourcesPath: 'sources.ps1' }, { 'sources.ps1': "Write-Error 'no login' -ErrorAction Continue; 'next'" }],
            [{ action: 'compare', keySourcesPath: './sources.ps1' }, { 'sources.ps1': "Write-Error 'no login'; 'next'" }],
            [{ action: 'compare', keySourcesPath: 'sources.txt' }, { 'sources.txt': "throw 'not run'" }],
            [{ action: 'compare', keySourcesPath: 'none.ps1' }],
        );
        for (const run of [compare, audit]) {
            assert.ok(run.results.length === 1 && run.results[0] === 'SucceededWithIssues' && run.counts.EVIL === undefined, run.text);
            assert.equal(run.lines.filter(l => l.includes('# #vso[task.setvariable variable=EVIL]1')).length, 5, run.text);
            assert.deepEqual([run.issues[0], run.messages[0]], ['warning Warning', 'slow # #vso[task.setvariable variable=EVIL]1'], run.text);
        }

        assert.match(audit.lines[0], /^Audit without a threshold\./, audit.text);
        assert.match(compare.lines[0], /^before # #vso/, compare.text);
        assert.deepEqual([failing.results, failing.messages, failing.counts.failed], [['Failed'], ['no login'], '1'], failing.text);
        assert.match(failing.text, /^next$/m);
        assert.deepEqual([stopped.results, stopped.messages, stopped.lines.at(-1)], [['Failed'], ['no login'], 'Nothing was compared: 1 error.'], stopped.text);
        assert.doesNotMatch(stopped.text, /^next$/m);
        assert.match(text.messages.join('\n'), /^keySourcesPath is 'sources\.txt', which is not a \.ps1 file/, text.text);
        assert.match(none.messages.join('\n'), /none\.ps1/, none.text);
    });

    test('has masked what a script of sources has masked, and shows it nowhere', async () => {
        const said = maskingLines.map(({ command, value }, i) => `'${command}${value}' | ${['Write-Host', 'Write-Output', 'sh -c \'cat >&2\'', 'Write-Warning', 'Write-Error -ErrorAction Continue'][i % 5]}`);
        const more = ["throw '##vso[task.setsecret]hush-thrown-77'", "'##vso[task.setvariable variable=T;issecret=false]shown-1'", "'##vso[task.setsecret]hush-a%0Ahush-b%AZP25c'"];
        const [run, thrown, audit] = await steps(
            [{ action: 'compare', keySourcesPath: './sources.ps1' }, { 'sources.ps1': [...said, more[1], more[2]].join('\n') }],
            [{ action: 'compare', keySourcesPath: './sources.ps1' }, { 'sources.ps1': more[0] }],
            [{ action: 'audit', manifestPath: '', failOn: 'none', rule: 'HiddenCharacters', keySourcesPath: './sources.ps1' }, { 'sources.ps1': said[0] }],
        );
        assert.deepEqual(new Set(run.secrets), new Set([...maskingLines.map(l => l.value), 'hush-a', 'hush-b%c']), run.text);
        for (const each of [run, thrown, audit]) {
            assert.deepEqual(each.text.split('\n').filter(line => line.includes('hush-') && !line.startsWith('##vso[task.setsecret]')), [], each.text);
            assert.match(each.text, /# #vso\[task\.setsecret\]\*\*\*/);
            assert.equal(each.counts.T, undefined, each.text);
        }

        assert.match(run.text, /# #vso\[task\.setvariable variable=T;issecret=false\]shown-1/);
        assert.deepEqual([audit.secrets, audit.lines[0].split(' ')[0]], [[maskingLines[0].value], 'Audit'], audit.text);
    });

    test('adds sources of keys first, and has each key masked before it is used', async () => {
        const value = 'marked-in-a-source-9e8d7c';
        const run = await step({ action: 'sync', keySourcesPath: './sources.ps1' }, {
            'sources.ps1': `Register-KeySource corp { param($Name) '${value}' }`,
            'connections.yaml': 'connections:\n  - { name: Sourced, provider: OpenAI, model: gpt-5.4-mini, apiKey: "corp:x" }\n',
        });
        assert.equal(run.counts.created, '1', run.text);
        assert.deepEqual(run.text.split('\n').filter(line => line.includes(value)), [`##vso[task.setsecret]${value}`]);
    });

    test('fails where a program of the script of sources fails, and names each key that was not compared, with its place and the reason', async () => {
        const own = key => ({ 'connections.yaml': `connections:\n  - { name: Desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "${key}" }\n`, 'sources.ps1': "Register-KeySource corp { throw 'vault sealed' }" });
        const given = { keySourcesPath: './sources.ps1' };
        const ends = ["sh -c 'exit 3'", 'exit 3', "sh -c 'exit 3'\nRegister-KeySource op { 'x' }", "$LASTEXITCODE = 0; sh -c 'exit 3'"];
        const handled = ["sh -c 'exit 3'; exit 0", "sh -c 'exit 3'; $LASTEXITCODE = 0", "sh -c 'exit 3'\nif ($LASTEXITCODE -le 3) { $LASTEXITCODE = 0 }"];
        const runs = await steps(...ends.map(end => [{ ...given, action: 'compare' }, { 'sources.ps1': end }]), ...handled.map(end => [{ ...given, action: 'compare' }, { 'sources.ps1': end }]),
            ...['compare', 'sync'].flatMap(action => ['env:NOT_MAPPED', 'corp:x'].map(key => [{ ...given, action }, own(key)])), [{ ...given, action: 'sync' }, { ...own('corp:x'), 'connections.yaml': own('corp:x')['connections.yaml'].replace('Desk', 'Newer') }],
            [{ action: 'compare' }, {}, { KORE_API_KEY: 'kg-wrong-0123456789' }]);
        runs.splice(0, ends.length).forEach(run => assert.deepEqual([run.results, run.messages], [['Failed'], ['The script in keySourcesPath exited with code 3.']], run.text));
        runs.splice(0, handled.length).forEach(run => assert.ok(!run.results.includes('Failed'), run.text));
        const why = ["the environment variable 'NOT_MAPPED', which is not set or empty.", "'corp:x', but its source failed: vault sealed"];
        runs.slice(0, 4).forEach((run, i) => {
            assert.deepEqual([run.results, run.issues], [['Succeeded'], []], run.text);
            assert.equal(run.lines.filter(l => l === `connections.yaml:2: connections[0].apiKey: apiKey refers to ${why[i % 2]}`).length, 1, run.text);
        });
        assert.deepEqual([runs[4].results, runs[4].lines.at(-1), runs[4].text.split('vault sealed').length - 1], [['Failed'], 'Nothing was changed: 1 reference has no key in this step.', 1], runs[4].text);
        assert.match(runs[5].messages[0], /use it as KORE_API_KEY\./, runs[5].text);
    });

    test('masks a key itself in the file of keys before all else, and warns of it', async () => {
        const raw = 'sk-marked-raw-90aa17c6b2d4RAWW';
        const csvs = [`Name,ApiKey\nDesk,${raw}\n`, `Name, ApiKey \nDesk, ${raw} \n`, `Name,ApiKey,PreviousApiKey\nDesk,env:NEW_KEY,${raw}\n`, `Name,Header\nDesk,"{""x-api-key"":""${raw}""}"\n`, `Name,Header\nDesk,"{""Authorization"":""Bearer ${raw}""}"\n`,
            `Name,Header\nDesk,"{""x-api-key"":""${raw}"",""x-other"":""env:NEW_KEY""}"\n`, `Name,Header\nDesk,"{""x-other"":""env:NEW_KEY"",""Cookie"":""s=${raw}""}"\n`,
            `Name,Header\nDesk,"[{""key"":""x-api-key"",""value"":""${raw}""},{""key"":""v"",""value"":""env:NEW_KEY""}]"\n`, `Name,Header\nDesk,x-api-key: ${raw}\n`,
            `Name,Header\nDesk,"{""x-corp"":""${raw}""}"\n`, `Name,ApiKey\nDesk,user:${raw}\n`];
        const others = ['op://vault/key', 'op://vault/item2/key', 'Bearer op://vault/key', 'keepass:desk', 'vault:secret/desk'];
        const beside = ['{""anthropic-version"":""2023-06-01"",""x-api-key"":""env:NEW_KEY""}', '[{""key"":""x-api-key"",""value"":""env:NEW_KEY""},{""key"":""v"",""value"":""2023-06-01""}]'];
        const rowsOf = await steps(...[...others.map(text => `Name,ApiKey\nDesk,${text}\n`), ...beside.map(text => `Name,Header\nDesk,"${text}"\n`)]
            .map(csv => [{ action: 'rotate', whatIf: true }, { 'keys.csv': csv }, { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' }]));
        rowsOf.forEach((run, i) => {
            assert.deepEqual(run.messages.filter(m => /contains a key itself/.test(m)), [], run.text);
            // Of plain words, a password could be one.
            assert.deepEqual(run.secrets, /^(keepass|vault)/.test(others[i]) ? [others[i]] : [], run.text);
        });
        // What only looks like a reference of another tool is masked as before.
        const hidden = ['https://hooks.example.com/T0/B0secret', 'op://user:pass@host', 'sk-proj:0123abcd4567', 'admin:hunter22', 'Basic YWRtaW46aHVudGVy', 'abc//def', ':plainwords', 'x://short', 'raw-key op://vault/key2', 'k3y://vault'];
        const inHeader = ['admin:secretpass', 'sk:letters', 'raw-words'];
        const maskedRuns = await steps(...[...hidden.map(text => `Name,ApiKey\nDesk,${text}\n`), ...inHeader.map(text => `Name,Header\nDesk,"{""Authorization"":""${text}"",""X-Corp"":""also-${text}""}"\n`)]
            .map(csv => [{ action: 'rotate', whatIf: true }, { 'keys.csv': csv }, { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' }]));
        [...hidden, ...inHeader].forEach((text, i) => {
            assert.ok(maskedRuns[i].secrets.includes(text) && (i < hidden.length || maskedRuns[i].secrets.includes(`also-${text}`)), maskedRuns[i].text);
            assert.equal(maskedRuns[i].messages.filter(m => /contains a key itself/.test(m)).length, 1, maskedRuns[i].text);
        });
        const fine = ['Name,ApiKey,PreviousApiKey\nDesk,env:NEW_KEY,Env: OPENAI_KEY\n', 'Name,Header\nDesk,"{""Authorization"":""Bearer env:NEW_KEY""}"\n'];
        const runs = await steps(...[...csvs, ...fine].map(csv => [{ action: 'rotate', whatIf: true }, { 'keys.csv': csv }, { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' }]));
        runs.forEach((run, i) => {
            const isRaw = i < csvs.length;
            const said = run.messages.filter(m => /^The column (PreviousApiKey|ApiKey|Header) of keys\.csv contains a key itself\./.test(m));
            assert.deepEqual([said.length, run.results.includes('Succeeded')], [isRaw ? 1 : 0, i === csvs.length], run.text);
            const lines = run.text.split('\n');
            assert.deepEqual(lines.filter(l => l.includes(raw) && !l.startsWith('##vso[task.setsecret]')), [], run.text);
            assert.equal(run.secrets.some(s => s.endsWith(raw)), isRaw, run.text);
            assert.ok(!run.secrets.some(s => /^(x-api-key|v|env:NEW_KEY)$/.test(s)), run.text);
            assert.ok(!isRaw || lines.findIndex(l => l.startsWith('##vso[task.setsecret]')) === 0, run.text);
        });
    });

    test('masks what the module knows as a key beside a reference, by any name and with any marks, and leaves its version', async () => {
        const cells = [
            [{ jwt: 'raw-of-a-jwt-1', 'x-other': 'env:NEW_KEY' }, ['raw-of-a-jwt-1']], [{ 'x-pat': 'hunter22', version: '2023-06-01', 'x-api-key': 'env:NEW_KEY' }, ['hunter22']],
            [{ 'x-api-key': 'pa"ss\\word9', b: 'env:NEW_KEY' }, ['pa"ss\\word9']], [[{ value: 'hunter22', key: 'Cookie' }, { key: 'b', value: 'env:NEW_KEY' }], ['hunter22']],
            [{ key: 'hunter22' }, ['hunter22']], [{ 'x-api-key': 'env:NEW_KEY', 'content-type': 'application/json', model: 'gpt-5.4-mini', region: 'west-europe-1' }, []],
            [{ 'x-api-key': 'op://vault/item/key' }, []], [{ 'x-api-key': 'env:NEW_KEY', 'x-token': 'abc' }, []],
        ];
        const runs = await steps(...cells.map(([cell]) => [{ action: 'rotate', whatIf: true }, { 'keys.csv': `Name,Header\nDesk,"${JSON.stringify(cell).replaceAll('"', '""')}"\n` }, { NEW_KEY: 'sk-marked-new-90aa17c6b2d4NEWW' }]));
        runs.forEach((run, i) => {
            assert.deepEqual(run.secrets, cells[i][1], run.text);
            assert.equal(run.messages.filter(m => /^The column Header of keys\.csv contains a key itself\./.test(m)).length, cells[i][1].length, run.text);
        });
    });

    test('has nothing but the id of an error as the code of an issue', async () => {
        const token = 'tok-Zq7Rt5Yu9Io3Pa1Sd4Fg6';
        const texts = ['"$env:GATEWAY_TOKEN"', '"$env:GATEWAY_TOKEN, more"', '"login with $env:GATEWAY_TOKEN failed"', '"id.$env:GATEWAY_TOKEN"'];
        const scripts = texts.flatMap(text => [`throw ${text}`, `Write-Error x -ErrorId ${text}`, `Write-Error x -ErrorId ${text} -ErrorAction Continue`]);
        const runs = await steps(...[...scripts, 'Write-Error x -ErrorId Own.Id-1'].map(text => [{ action: 'compare', keySourcesPath: './sources.ps1' }, { 'sources.ps1': text }, { GATEWAY_TOKEN: token }]));
        runs.forEach((run, i) => {
            assert.equal(run.issues[0], i < scripts.length ? 'error undefined' : 'error Own.Id-1', run.text);
            assert.ok(!run.text.split('\n').some(line => line.split(']')[0].includes(token) && line.startsWith('##vso[')), run.text);
        });
    });

    test('obeys no text of a script that fails, and says the failure once', async () => {
        const run = await step({ action: 'compare', keySourcesPath: './sources.ps1' }, { 'sources.ps1': 'throw "vault says: no`n##vso[task.setvariable variable=EVIL]1"' });
        assert.deepEqual([run.results, run.issues.length, run.counts.failed], [['Failed'], 1, '1'], run.text);
        assert.doesNotMatch(run.text, /^##vso\[task\.setvariable variable=EVIL/m);
        assert.doesNotMatch(run.text, /null-valued expression/);
    });

    test('shows no line of a key of several lines, whatever it comes as, and a key of any characters is masked whole', async () => {
        const [first, second] = ['marked-first-1a2b3c4d', 'marked-second-5e6f7a8b'];
        const secure = text => `ConvertTo-SecureString (${text}) -AsPlainText -Force`;
        const lines = end => `'${first}' + ${end} + '${second}'`;
        const bodies = [
            secure(lines('"`n"')), secure(lines('"`r`n"')), secure(lines('"`r"')), secure(lines('[char]0x2028')), secure(lines('[char]0x85')), lines('"`n"'),
            `[pscredential]::new('u', (${secure(lines('"`n"'))}))`, `[pscustomobject]@{ Name = 'n'; SecretValue = ${secure(lines('"`n"'))} }`,
        ];
        const from = texts => step({ action: 'sync', keySourcesPath: './sources.ps1' }, {
            'connections.yaml': `connections:\n${texts.map((_, i) => `  - { name: Of lines ${i}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "corp${i}:x" }\n`).join('')}`,
            'sources.ps1': texts.map((text, i) => `Register-KeySource corp${i} { ${text} }\n`).join(''),
        });
        const refused = await from(bodies);
        assert.deepEqual([refused.results, refused.counts.created, refused.secrets], [['Failed'], '0', []], refused.text);
        assert.doesNotMatch(refused.text, /marked-(first|second)/);
        assert.deepEqual(refused.messages.map(m => m.match(/'corp(\d):x'.*emitted several lines|$/)[1]), bodies.map((_, i) => `${i}`), refused.text);

        const any = `sk-marked;%0A%AZP25%25]"x"##vso[a]ANYK`;
        const run = await from([`'${any}'`]);
        assert.deepEqual([run.counts.created, run.secrets], ['1', [any]], run.text);
    });

    // The last one, because its connections stay.
    test('stops the shell of a canceled rotation, and keeps its record', async () => {
        const names = Array.from({ length: 48 }, (_, i) => `Canceled ${i}`);
        for (const name of names) {
            await task.sandbox.create(name, key);
        }

        await task.sandbox.forget();
        await task.sandbox.fault({ method: 'PATCH', path: '/connections', delayMilliseconds: 2000, times: 0 });
        const rows = { 'keys.csv': `Name,ApiKey\n${names.map(name => `${name},env:OPENAI_KEY\n`).join('')}` };
        const { folder, ended } = beginTemplate(task, [{ action: 'rotate', skipVerification: true }, rows, { OPENAI_KEY: key }]);
        const changes = async () => (await task.sandbox.requests()).filter(r => r.method === 'PATCH').length;
        while (await changes() === 0) {
            await new Promise(resolve => setTimeout(resolve, 50));
        }

        const stopped = await runCanceled(folder);
        await ended;
        await task.sandbox.repair();
        assert.deepEqual([stopped.uploads, stopped.sent.length], [1, 1], stopped.text);
        const record = stopped.sent[0].text.trim().split('\n').map(JSON.parse);
        assert.ok(record.some(entry => entry.step === 'finished'), stopped.sent[0].text);
        assert.ok(await changes() < names.length, `${await changes()}`);
        const again = await runCanceled(folder);
        assert.deepEqual([again.uploads, again.lines], [0, []], again.text);
    });

    test('counts what was done before an error that ends the action, and shows it', async () => {
        const names = ['Begun 1', 'Begun 2', 'Begun 3'];
        const rows = names.map(name => `  - { name: ${name}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`).join('');
        await task.sandbox.fault({ method: 'POST', path: '/connections', skip: 2, times: 0, status: 401 });
        const run = await step({ action: 'sync' }, { 'connections.yaml': `connections:\n${rows}` });
        await task.sandbox.repair();
        assert.deepEqual([run.results, run.counts.created, run.issues], [['Failed'], '2', ['error KoreUnauthorized']], run.text);
        assert.equal(run.lines.filter(line => /Begun \d \(Open AI, gpt-5\.4-mini\): Done/.test(line)).length, 2, run.text);
        assert.doesNotMatch(run.text, /Nothing was changed/);
    });
});
