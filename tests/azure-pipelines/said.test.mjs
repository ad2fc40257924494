// What a step says: what happened and why, once, in the words of a step, with a place and with what to do.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { requireThere, root, runShell, source } from './support.mjs';
import { explain, newKey, openAi, posixOnly, useTask } from './task.mjs';

const { judge } = requireThere('./task/outcome.js');
const { page } = requireThere('./task/summary.js');
const { clean } = requireThere('./task/text.js');
const { Words } = requireThere('./task/words.js');

const env = { OPENAI_KEY: openAi, NEW_KEY: newKey };
const row = (name, more = 'model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY"') => `  - { name: ${name}, provider: OpenAI, ${more} }\n`;
const files = {
    'sub/bad.yaml': `connections:\n${row('A', 'modle: gpt-5.4-mini, apiKey: "env:OPENAI_KEY"')}  - { name: B, provider: Google }\n`,
    'sub/some.yaml': `connections:\n${row('One')}${row('"Two"')}${row('Three')}${row('Four')}`,
    'sub/missing.yaml': `connections:\n${row('First', 'model: m, apiKey: "env:NOT_MAPPED"')}${row('Second', 'model: m, apiKey: "env:NOT_MAPPED"')}${row('Third', 'model: m, apiKey: "env:NOWHERE"')}`,
};

describe('A step', posixOnly, () => {
    const task = useTask(['Support desk', 'Another'], { keys: [openAi, newKey], env, files, isWarm: true });
    before(() => Promise.all(['Own model', 'Own two'].map(name => task.sandbox.createOwn(name, openAi))));

    async function step(inputs, more) {
        const run = await task.step(inputs, more);
        // Whatever happens, people find it.
        assert.ok(run.uploads.length >= 1 && run.summary && run.values.failed, explain(run));
        return run;
    }

    const log = run => run.lines.filter(l => !/^##vso\[task\.(debug|set|upload|add|complete)/.test(l));
    const times = (run, text) => log(run).join('\n').split(text).length - 1;

    test('that rehearses a rotation shows row by row what would be changed', async () => {
        await task.sandbox.forget();
        const [run, typo, none, wrong] = await Promise.all([
            step({ action: 'rotate', whatIf: 'true', keyMap: 'Support desk = env:NEW_KEY\nAnother = env:NEW_KEY | env:OPENAI_KEY\nOwn model = x-api-key: env:NEW_KEY | x-api-key: env:OPENAI_KEY\nOwn two = x-api-key: Bearer env:NEW_KEY | x-api-key: Bearer env:OPENAI_KEY' }),
            step({ action: 'rotate', whatIf: 'true', keyMap: 'Another = env:NEW_KEY | env:OPENAI_KEY\nSupport desk = env:NEW_KEY | env:NOT_SET' }),
            step({ action: 'rotate', whatIf: 'true', keyMap: 'Another = env:NOT_SET | env:UNDEFINED' }, { env: { UNDEFINED: '$(UNDEFINED)' } }),
            step({ action: 'rotate', whatIf: 'true', keyMap: 'Another = x-api-key: env:NOT_SET\nSupport desk = file:none.key\nOwn model = env:NOT_SET' }, { env: {} }),
        ]);
        assert.equal(log(run).pop(), 'Rehearsal: 4 of 4 keys would be changed. Nothing was changed.', explain(run));
        assert.deepEqual([run.result, run.issues.length, run.values.changed, run.values.drift], ['SucceededWithIssues', 1, '0', '0'], 'the one key without a way back');
        assert.deepEqual(run.report.filter(r => r.Type === 'PlannedRotation').map(r => [r.Name, r.NewKey, r.PreviousKey]), [
            ['Support desk', 'env:NEW_KEY', ''], ['Another', 'env:NEW_KEY', 'env:OPENAI_KEY'], ['Own model', 'x-api-key: env:NEW_KEY', 'x-api-key: env:OPENAI_KEY'],
            ['Own two', 'x-api-key: Bearer env:NEW_KEY', 'x-api-key: Bearer env:OPENAI_KEY'],
        ]);
        assert.equal(run.summary.match(/Would change/g).length, 4);
        assert.match(run.summary, /no key to roll back to/);
        // Of several keys one is not mapped: that is a mistake. Where none is, the keys are for after the approval.
        assert.deepEqual([typo.result, typo.issues.map(i => i.message)], ['SucceededWithIssues', ['Support desk: env:NOT_SET has no key in this step.']], explain(typo));
        assert.deepEqual([none.result, none.issues, log(none).pop()], ['Succeeded', [], 'Rehearsal: 1 of 1 key would be changed. Nothing was changed. Not mapped in this step: env:NOT_SET, env:UNDEFINED.'], explain(none));
        assert.deepEqual([wrong.result, wrong.values.failed], ['Failed', '3'], explain(wrong));
        assert.match(wrong.issues.map(i => i.message).join('\n'), /^Another: .*\nSupport desk: .*none\.key.*\nOwn model: .*In keyMap, write NAME = x-api-key: env:KEY/);
        [run, typo, none, wrong].forEach(r => assert.doesNotMatch(JSON.stringify([log(r).filter(l => !l.startsWith('What if')), r.summary]), /cn-[0-9a-f]{8}|Row \d|not-mapped-/));
        assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('that is yellow says why in its summary, in its own words, and makes the folder of its report', async () => {
        const run = await step({ action: 'rotate', skipVerification: 'true', keyMap: 'Support desk = env:NEW_KEY', reportPath: 'no/such/rotation.jsonl' });
        assert.deepEqual([run.result, run.values.changed], ['SucceededWithIssues', '1'], explain(run));
        assert.match(run.issues[0].message, /^If a change cannot be confirmed, .* after the bar in keyMap/);
        assert.match(run.summary, /What to do\n\n- If a change cannot be confirmed.* after the bar in keyMap/);
        assert.doesNotMatch(explain(run), /-PreviousApiKey/);
        assert.ok(existsSync(join(run.folders.sources, 'no/such/rotation.jsonl')));
        assert.deepEqual(run.uploads.map(([name]) => name), ['rotation.jsonl', 'results.jsonl']);
        assert.equal(run.uploads[1][1].find(r => r.Type === 'Warning').Message, run.issues[0].message);
    });

    test('that finds mistakes says each once, with its place in the repository', async () => {
        const runs = await Promise.all(['test', 'compare', 'sync'].map(action => step({ action, manifestPath: 'bad.yaml', workingDirectory: 'sub', ...(action === 'test' && { connectionType: 'none' }) })));
        for (const [i, [first, last]] of [[/^Testing bad\.yaml\.$/, 'The manifest has 2 errors.'], [/^Comparing bad\.yaml with /, 'Nothing was compared: the manifest has 2 errors.'], [/^Synchronizing .* with bad\.yaml\.$/, 'Nothing was changed: the manifest has 2 errors.']].entries()) {
            const run = runs[i];
            assert.deepEqual(run.issues.map(p => [p.type, p.code, p.sourcepath, p.linenumber]), ['2', '3'].map(line => ['error', 'KoreInvalidInput', 'sub/bad.yaml', line]), explain(run));
            assert.match(run.issues[0].message, /^connections\[0\]\.modle: 'modle'/);
            assert.match(run.summary, /modle/);
            assert.match(log(run)[0], first);
            assert.equal(log(run).pop(), last);
            assert.equal(times(run, "'modle' is not a property"), 1, explain(run));
            assert.deepEqual([run.result, run.values.failed], ['Failed', '2']);
        }
    });

    test('that names a connection which is nowhere says so in its last line too', async () => {
        const given = { manifestPath: 'sub/some.yaml', name: 'One, Nope' };
        const absent = "either the manifest nor the platform has a connection named 'Nope'.";
        for (const [action, nothing] of [['compare', 'Nothing was compared'], ['sync', 'Nothing was changed']]) {
            const run = await step({ action, ...given });
            assert.deepEqual([run.result, run.issues.map(i => i.message), log(run).pop()], ['Failed', [`N${absent}`], `${nothing}: n${absent}`], explain(run));
        }
    });

    test('says that names after one which is nowhere were not checked', async () => {
        for (const [name, absent, more] of [['Nope, Nope2', 'Nope', true], ['Nope\nOne', 'Nope', true], ['One, Nope', 'Nope', false], ['Nope', 'Nope', false], ["It's, Two", "It's", true], ['One, Nope, Nope', 'Nope', false]]) {
            const run = await step({ action: 'compare', manifestPath: 'sub/some.yaml', name });
            assert.equal(log(run).pop(), `Nothing was compared: neither the manifest nor the platform has a connection named '${absent}'${more ? '; the names after it were not checked' : ''}.`, explain(run));
        }
    });

    test('that lacks a variable says so once, with the line that maps it', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'sync', manifestPath: 'sub/missing.yaml' }, { secretVariables: { NOT_MAPPED: 'any-secret' } });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual((await task.sandbox.requests()).filter(r => r.method !== 'GET'), []);
        assert.equal(log(run).pop(), 'Nothing was changed: 3 references have no key in this step.', explain(run));
        assert.deepEqual(run.issues.map(i => [i.sourcepath, i.linenumber]), [['sub/missing.yaml', '2'], ['sub/missing.yaml', '4']], explain(run));
        assert.match(run.issues[0].message, /'NOT_MAPPED'.* Also needed at sub\/missing\.yaml:3\. Map it in the step: env: \{ NOT_MAPPED: \$\(NOT_MAPPED\) \}$/);
        assert.match(run.issues[1].message, /'NOWHERE'.* Add it to the pipeline as a secret variable, .* and map it in the step/);
        assert.equal(run.summary.match(/- sub|- missing/g).length, 2);
    });

    test('that compares no key says whose, where and why, once, and what to do', async () => {
        const keySources = 'Register-KeySource corp { throw "vault sealed" }';
        const own = `connections:\n${row('Support desk', 'model: gpt-5.4-mini, apiKey: "env:NOT_MAPPED"')}${row('Another', 'model: gpt-5.4-mini, apiKey: "corp:team/desk"')}`;
        const more = { files: { 'sub/own.yaml': own }, secretVariables: { NOT_MAPPED: 'any-secret' } };
        for (const action of ['sync', 'compare']) {
            const run = await step({ action, manifestPath: 'sub/own.yaml', keySources }, more);
            assert.deepEqual([run.result, run.issues, run.values.unknownKeys], ['Succeeded', [], '2'], explain(run));
            const said = [
                "sub/own.yaml:2: connections[0].apiKey: apiKey refers to the environment variable 'NOT_MAPPED', which is not set or empty. Map it in the step: env: { NOT_MAPPED: $(NOT_MAPPED) }",
                "sub/own.yaml:3: connections[1].apiKey: apiKey refers to 'corp:team/desk', but its source failed: vault sealed",
            ];
            said.forEach(line => assert.equal(log(run).filter(l => l === line).length, 1, explain(run)));
            assert.deepEqual(run.report.filter(r => r.Type === 'Note').map(r => `${r.File}:${r.Line}`), ['sub/own.yaml:2', 'sub/own.yaml:3']);
        }

        // What is needed is an error, and not in the log once more.
        const needed = await step({ action: 'sync', manifestPath: 'sub/own.yaml', keySources }, { ...more, files: { 'sub/own.yaml': own.replace('Another', 'New one') } });
        assert.deepEqual([needed.result, log(needed).pop()], ['Failed', 'Nothing was changed: 1 reference has no key in this step.'], explain(needed));
        assert.equal(times(needed, 'vault sealed'), 1, explain(needed));
        const tested = await step({ action: 'test', manifestPath: 'sub/own.yaml', verifyKeys: 'true', name: 'Support desk' }, { ...more, files: { 'sub/own.yaml': own.split('\n').slice(0, 2).join('\n') } });
        assert.deepEqual([tested.result, log(tested).pop()], ['Failed', 'The keys were not tested: 1 reference has no key in this step.'], explain(tested));
        assert.match(tested.issues[0].message, / Map it in the step: env: \{ NOT_MAPPED: \$\(NOT_MAPPED\) \}$/);
        assert.match(tested.summary.replace(/\\/g, ''), /What to do\n\n- own\.yaml:2.* Map it in the step/);
    });

    test('says one reference without a key once, as an error where it is one, and whose key a person can map', async () => {
        const keySources = 'Register-KeySource corp { throw "vault sealed" }';
        const given = (...rows) => ({ files: { 'sub/own.yaml': `connections:\n${rows.map(([name, key]) => row(name, `model: gpt-5.4-mini, apiKey: "${key}"`)).join('')}` } });
        const manifestPath = 'sub/own.yaml';
        for (const [key, why] of [['env:NOT_MAPPED', "variable 'NOT_MAPPED'"], ['corp:x', 'vault sealed']]) {
            const run = await step({ action: 'sync', manifestPath, keySources }, given(['Support desk', key], ['Newest one', key]));
            assert.deepEqual([run.result, run.issues.map(i => i.linenumber), times(run, why)], ['Failed', ['3'], 1], explain(run));
            assert.deepEqual(run.report.filter(r => r.Type === 'Note').map(r => r.Line), ['2']);
        }

        const tested = await step({ action: 'test', verifyKeys: 'true', manifestPath }, given(['A', 'env:NOT_MAPPED'], ['B', 'env:NOT_MAPPED'], ['C', 'env:ANOTHER'], ['D', 'env:NOT_MAPPED']));
        assert.deepEqual([tested.issues.map(i => i.linenumber), tested.counts.failed], [['2', '4'], '4'], explain(tested));
        assert.match(tested.issues[0].message, / Also needed at sub\/own\.yaml:3, sub\/own\.yaml:5\. .*map it in the step: env: \{ NOT_MAPPED: /);
        const toDo = run => run.summary.replace(/\\/g, '').split('What to do')[1].split('\n').filter(l => l.startsWith('- '));
        assert.deepEqual(toDo(tested).map(l => l.match(/own\.yaml:\d/g)), [['own.yaml:2', 'own.yaml:3', 'own.yaml:5'], ['own.yaml:4']], explain(tested));

        for (const [key, advice] of [['env:NOT_MAPPED', 'Map its key in the step.'], ['corp:x', 'The log says why the reference cannot be resolved. Correct that, and run the step again.']]) {
            const run = await step({ action: 'compare', failOnUnknownKeys: 'true', manifestPath, keySources }, given(['Support desk', key]));
            assert.deepEqual([run.result, toDo(run)], ['Failed', [`- Support desk: ${advice}`]], explain(run));
        }
    });

    test('whose connection fails says where and what, once, fails, and does the others', async () => {
        await task.sandbox.fault({ method: 'POST', path: '/connections', status: 400 });
        await task.sandbox.fault({ method: 'POST', path: '/connections', status: 400, body: JSON.stringify({ success: false, error: { code: 'VALIDATION_ERROR', message: '##vso[task.complete result=Failed;] no' } }) });
        const run = await step({ action: 'sync', manifestPath: 'sub/some.yaml', throttleLimit: '1', name: 'Two, Three, Four' });
        await task.sandbox.repair();
        const { drift, created, changed, failed } = run.values;
        assert.deepEqual([run.result, drift, created, changed, failed], ['Failed', '2', '1', '0', '2'], explain(run));
        assert.deepEqual(run.issues.map(i => [i.type, i.code, i.sourcepath, i.linenumber, i.message.split(':')[0]]), [['3', 'Two'], ['4', 'Three']].map(place => ['error', 'KoreInvalidRequest', 'sub/some.yaml', ...place]), explain(run));
        assert.match(run.issues[0].message, /rejected the request/);
        assert.equal(times(run, 'rejected the request'), run.issues.filter(i => /rejected the request/.test(i.message)).length, explain(run));
        assert.match(run.issues[1].message, /# #vso/);
        assert.match(run.summary, /- some\\.yaml\\:3\\: Two\\: /);
    });

    test('whose script goes on after an error is yellow, and shows lines whole', async () => {
        const script = "Write-Error 'first' -ErrorAction Continue\n[pscustomobject]@{ Text = 'x' * 150; More = 'end' }";
        const run = await step({ action: 'script', script });
        assert.deepEqual([run.result, run.values.failed, log(run).pop()], ['SucceededWithIssues', '1', 'The script completed with 1 error.'], explain(run));
        assert.match(run.log, /x{150} .*end/);
    });

    test('whose inputs are wrong leaves a summary, outputs and a report, and says it once', async () => {
        for (const [inputs, said] of [
            [{ action: 'compare', manifestPath: 'sub/some.yaml', workingDirectory: 'nowhere' }, 'workingDirectory was not found'],
            [{ action: 'rotate', keyMap: 'a = env:NEW_KEY', reportPath: 'sub' }, 'reportPath is a folder'],
            [{ action: 'rotate', keyMap: 'a = env:NEW_KEY', reportPath: 'sub/some.yaml/r.jsonl' }, 'reportPath is in a folder that cannot be created'],
            [{ action: 'destroy' }, "action is 'destroy'"],
            [{ action: 'sync', manifestPath: '' }, 'manifestPath is empty'],
        ]) {
            const run = await step(inputs);
            assert.deepEqual([run.result, run.values.failed, run.issues.length], ['Failed', '1', 1], explain(run));
            assert.match(log(run).pop(), /^(Nothing was|No key was) .*: the step could not start\.$/);
            assert.equal(times(run, said), 1, explain(run));
            assert.ok(run.summary.replace(/\\/g, '').includes(said));
            assert.equal(run.uploads[0][1][0].Type, 'Error');
        }
    });
});

const planned = (Action, Name, more = {}) => ({
    Type: 'ConnectionPlanItem', Action, Name, Outcome: '', Reason: 'because', IsDrift: ['InSync', 'Unmanaged'].includes(Action) ? 'False' : 'True', ...more,
});

test('each row of a summary has something to do, and what is done alike is said once', () => {
    const reason = 'The API changes the key only. Change that on the platform.';
    const items = [
        planned('Create', 'New'), planned('Update', 'Old'), planned('ChangeKey', 'Turned'), planned('Ambiguous', 'Twice', { Reason: 'Rename all but one.' }), planned('Unmanaged', 'By hand'),
        planned('InSync', 'Unsure', { IsKeyUnknown: 'True' }), ...Array.from({ length: 30 }, (_, i) => planned('CannotChange', `Fixed ${i}`, { Reason: reason })),
        { Type: 'KeyTestResult', Verdict: 'InvalidKey', Name: 'Bad key' }, { Type: 'LastResult', Name: 'Cut off', Outcome: 'Unknown', Reason: '' },
        { Type: 'ManifestProblem', Path: 'x', Message: 'wrong', File: '/a/m.yaml', Line: '3', Column: '1' },
    ];
    const inputs = { action: 'compare', failOnUnmanaged: true, failOnUnknownKeys: true };
    const text = page(inputs, items, [], judge(inputs, items, [], [], { exitCode: 0, isWhole: true })).replace(/\\/g, '');
    const advice = text.slice(text.indexOf('What to do')).split('\n').filter(l => l.startsWith('- '));
    for (const name of ['New', 'Old', 'Turned', 'Twice', 'By hand', 'Unsure', 'Bad key', 'Cut off', 'm.yaml:3']) {
        assert.equal(advice.filter(l => l.startsWith(`- ${name}`) && l.length > name.length + 20).length, 1, `${name}\n${advice.join('\n')}`);
    }

    assert.equal(advice.join('\n').split(reason).length - 1, 1);
    assert.match(text, /- Fixed 0, Fixed 1, .* and 20 more: The API changes/);
    assert.doesNotMatch(text, /in the log\b|in the summary/);
});

test('a change that could not be confirmed is not counted as done', () => {
    const items = ['Updated', 'Unconfirmed'].map(Outcome => ({ Type: 'KeyUpdateResult', Outcome }));
    const { result, variables, message } = judge({ action: 'rotate' }, items, [], [{ message: 'x' }], { exitCode: 0, isWhole: true });
    assert.deepEqual([result, variables.changed, message], ['SucceededWithIssues', 1, '1 key changed of 2.']);
});

test('the module\'s words become those of a step, and names stay', () => {
    const words = new Words({ action: 'rotate' }, new Set(['SEEN']), [], '/s');
    words.learn({ id: 'cn-1', name: 'Desk -Path' });
    for (const [theirs, ours] of [
        ["Row 12: cn-1: -PreviousApiKey refers to '-Path'.", "Desk -Path: the key after the bar in keyMap refers to '-Path'."],
        ["-ReportPath 'a b' cannot be read.", "reportPath 'a b' cannot be read."],
        ['Check the model, and -ProviderUri if you used it.', 'Check the model, and providerUri if you used it.'],
        ["'x' is a custom API, which sends its key in a header. Use -Header, for example @{ 'x-api-key' = 'env:NAME' }.", "'x' is a custom API, which sends its key in a header. In keyMap, write NAME = x-api-key: env:KEY."],
        ['The manifest\'s -Unheard stays, as does a-Path.', 'The manifest\'s -Unheard stays, as does a-Path.'],
    ]) {
        assert.equal(words.text(theirs), ours);
    }

    const named = new Words({ action: 'sync' }, new Set(), [], '/s');
    named.learn({ id: 'cn-2', name: 'Sync-Connection' });
    for (const [theirs, ours] of [
        ['Create a key under API Scopes, and use it with Connect-KorePlatform.', 'Create a key under API Scopes, and use it in the service connection or the input apiKey.'],
        ['If that is correct, use it with Connect-KorePlatform -HostName. After a change, check with Get-Connection whether it was made.', 'If that is correct, use it in the service connection or the input hostName. After a change, check in the platform\'s web UI whether it was made.'],
        ['Connect again with Connect-KorePlatform. X', 'Run the step again. X'],
        ['Wait. To try earlier, connect again with Connect-KorePlatform.', 'Wait.'],
        ['Check the network, or allow more time with Connect-KorePlatform -TimeoutSec. X', 'Check the network. X'],
        ['Check the user name and password of the proxy: Connect-KorePlatform -ProxyCredential.', 'Check the user name and password of the proxy in the environment variable HTTPS_PROXY.'],
        ['Check the address of the proxy: Connect-KorePlatform -Proxy, or the environment variable HTTPS_PROXY.', 'Check the address of the proxy: the environment variable HTTPS_PROXY.'],
        ['Check the host: Get-KoreSession shows where requests go.', 'Check the host: the service connection or the input hostName has its address.'],
        ['Check with Get-Connection -Name before you create it again, or use New-Connection -IfNotExists.', 'Check in the platform\'s web UI before you create it again.'],
        ['Choose another name, or use New-Connection -IfNotExists to get the existing connection.', 'Choose another name.'],
        ['Wait a minute, then use New-Connection -IfNotExists, which creates it only if it does not exist.', 'Wait a minute, then run the step again, which creates it only if it does not exist.'],
        ['Wait a minute, then use New-Connection -IfNotExists or Sync-Connection. Both create it only if it does not exist.', 'Wait a minute, then run the step again.'],
        ['It was created since. Run Sync-Connection again, which compares it.', 'It was created since. Run the step again, which compares it.'],
        ['Its mask shows too little. Use Update-ConnectionKey to replace it.', 'Its mask shows too little. Use the action rotate to replace it.'],
        ['No mask. Sync-Connection sends the current key, as Compare-Connection shows.', 'No mask. The action sync sends the current key, as the action compare shows.'],
        ["'Sync-Connection' differs. Until then, Sync-Connection leaves it unchanged.", "'Sync-Connection' differs. Until then, the action sync leaves it unchanged."],
        ['cn-2: Check it with Get-Connection, and try it.', 'Sync-Connection: Check it in the platform\'s web UI, and try it.'],
    ]) {
        assert.equal(named.text(theirs), ours);
    }

    assert.equal(words.item({ Type: 'KeyUpdateResult', Reason: "-ApiKey refers to '-Path'." }).Reason, "the new key in keyMap refers to '-Path'.");
    assert.equal(words.describe({ message: "x refers to the environment variable 'SEEN', which is not set or empty." }).advice, 'Map it in the step: env: { SEEN: $(SEEN) }');
    assert.equal(words.relative('/s/a/b.yaml'), 'a/b.yaml');
    assert.equal(words.relative('/other/b.yaml'), '/other/b.yaml');
    assert.equal(new Words({ action: 'script' }, new Set(), [], '/s').text('-Path is wrong.'), '-Path is wrong.');
});

test('a name, a path or a server\'s answer keeps its words, quoted or not', () => {
    for (const name of [
        'Desk -Path', '-Path', 'Run Sync-Connection again', 'Checked with Get-Connection', "Bob's -ApiKey", "Bobs' -ApiKey", 'use it with Connect-KorePlatform', 'a, or use New-Connection -IfNotExists',
        'Compare-Connection', '(-Name) [x].*', 'Über -Header', 'x: -WhatIf', 'If a change cannot be confirmed, the previous key cannot be restored, x', '-Path  of  two', '$& -Path', `${'long '.repeat(25)}-Path`,
    ]) {
        const [rotate, sync] = ['rotate', 'sync'].map(action => new Words({ action }, new Set(), [], '/s'));
        rotate.learn({ id: 'cn-0a', name });
        rotate.learn({ id: 'cn-0', name: 'Other' });
        const shown = clean(name, 100);
        // As the module says them: with the id, which a step leaves out, by the name alone, in quotation marks, and as a server repeats it.
        for (const [theirs, ours] of [[`${shown} (cn-0a): `, `${name}: `], ['cn-0a: ', `${name}: `], ['Other (cn-0): ', 'Other: ']]) {
            assert.equal(rotate.text(`Row 3: ${theirs}-ApiKey refers to '${shown}'. Use -ThrottleLimit.`), `${ours}the new key in keyMap refers to '${shown}'. Use throttleLimit.`);
        }

        assert.equal(sync.describe({ message: `${shown}: -ApiKey of '${shown}' is wrong. Use -ThrottleLimit.`, target: name }).message, `${shown}: the new key in keyMap of '${shown}' is wrong. Use throttleLimit.`);
        assert.equal(sync.describe({ message: 'x', target: name, advice: `Rename ${shown}, or use -ThrottleLimit.` }).advice, `Rename ${shown}, or use throttleLimit.`);
        assert.equal(sync.describe({ message: `${shown}: the payload uses {{-Path}}.` }).message, `${shown}: the payload uses {{-Path}}.`);
        assert.equal(sync.item({ Type: 'ConnectionPlanItem', Name: name, Reason: `${shown} is one. Use -ThrottleLimit.` }).Reason, `${shown} is one. Use throttleLimit.`);
        assert.equal(sync.item({ Type: 'KeyUpdateResult', Error: `The platform failed (HTTP 500 X): ${name} is wrong.` }).Error, `The platform failed (HTTP 500 X): ${name} is wrong.`);
    }
});

// Cmdlets that no action runs, and what only they say; a rule's description, which is in no message; and what asks a person.
const elsewhere = /(?:Commands\/(?:New|Set|Export|Connect|Disconnect|Register|Unregister|GetProvider|Select|GetKore|Definition|ChangeWarnings|PromptHelp|Documentation)|Definitions\/(?:CustomApiChange|ConnectionChange|LostContent)|Manifests\/ExportWarnings|Binding\/(?:ProxyInput|ProviderSet|TextTransformation|IssueInput|ConnectionInput)|Commands\/ExportConnectionCommand|Issues\/IssueRule|Issues\/Rules\/(?:ModelRules|KeyRules)|HostInfo|Resolver\/|Sandbox\/|Sources\/|Models\/ModelLister)/;

/** All texts of the module that name a parameter, with an x where a value is, as they begin an error, too. */
function messages() {
    const folder = join(source, '..');
    return readdirSync(folder, { recursive: true }).map(name => name.replaceAll('\\', '/')).filter(name => name.endsWith('.cs') && !elsewhere.test(name)).flatMap(name => {
        const text = readFileSync(join(folder, name), 'utf8').replace(/^\s*(?:\/\/|\[).*$/gm, '').replace(/"\s*\n\s*\+ \$?"/g, '')
            // What asks for a confirmation, which a step never does, changes by Set-Connection alone, and objects of a session of the user.
            .replace(/"for confirmation", "[^"]*"|"-(?:Status|Provider)"|"[^"\n]*(?:-NonInteractive|every header to keep|Use -Session with)[^\n]*"|\$"[^\n]*without -Replace\."/g, '');
        const texts = [...text.matchAll(/"((?:[^"\\\n{]|\\.|\{\{|\{(?:[^{}]|\{[^{}]*\})*\})*)"/g)].map(([, found]) => found.replace(/\{(?:[^{}]|\{[^{}]*\})*\}/g, 'x'));
        return texts.filter(found => parameter.test(found)).map(found => [name, found]);
    });
}

const parameter = /(?<=^|[\s(])-[A-Z][a-z]\w+/;
// A cmdlet that no action runs stays as it is, with its parameters.
const foreign = /\b(?!Compare-|Sync-|Update-|Get-Connection -Provider)[A-Z][a-z]+-[A-Z]\w+ -[^.,:;)]*(?:, and -Force)?/g;

test('no message names a parameter that a step does not have', () => {
    const all = messages();
    assert.ok(all.length > 50, `${all.length}`);
    const words = new Words({ action: 'rotate' }, new Set(), [], '/s');
    const script = `. '${root}/out/KoreConnections/AzurePipelines/Log.ps1'; ConvertTo-Json @($input | ConvertFrom-Json | Convert-Word)`;
    const inTemplate = JSON.parse(runShell(['-Command', script], { input: JSON.stringify(all.map(([, text]) => text)) }).stdout);
    const inTask = all.map(([, text]) => words.text(text));
    const left = all.flatMap(([name], i) => [['task', inTask[i]], ['template', inTemplate[i]]].map(([where, text]) => `${where} ${name}: ${text}`))
        .filter(text => parameter.test(text.replace(foreign, '')) || /Get-Connection (?!-)\w|\w  \w|\bCompare-Connection|\bSync-Connection|\bUpdate-ConnectionKey/.test(text));
    assert.deepEqual(left, []);
});
