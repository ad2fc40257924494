// How the task rotates keys: what it asks first, what its map may say, and what it leaves alone.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { shell } from './support.mjs';
import { counts, explain, leavesVaultsAlone, newKey, noVault, openAi, posixOnly, useTask, withProvider } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask(['Turn 1', 'Turn 2', 'Turn [3]', 'Asked', 'Plain map'], { isWarm: true });
    const { step } = task;
    const header = 'Header map = 1';
    before(() => task.sandbox.createOwn(header, openAi));

    const odd = `100%; "a" 'b' $x $(y) %3B ] \`c`;

    test('names that PowerShell, YAML or the agent could touch come through as they are', async () => {
        const own = `connections:\n  - { name: ${JSON.stringify(odd)}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;
        const files = { 'own.yaml': own };
        const drift = await step({ action: 'compare', manifestPath: 'own.yaml', name: `${odd}\r\nHeader map*\r\n` }, { files });
        assert.ok(drift.issues[0].message.startsWith(`${odd}: `), drift.issues[0].message);
        assert.equal(drift.report.find(r => r.Action === 'Create').Name, odd);
        assert.deepEqual((await step({ action: 'sync', manifestPath: 'own.yaml', name: odd }, { files })).counts, counts(0, 1, 0, 0));
    });

    test('rotate changes keys, odd names among them, each confirmed, leaves vaults alone that no reference names, and resumes from its report', async () => {
        const names = ['Turn 1', 'Turn 2', 'Turn [3]', odd];
        const inputs = { action: 'rotate', keyMap: `# Desk = secret:desk\nTurn 1 = env:NEW_KEY | env:OPENAI_KEY\n\nTurn [3] = file:keys/openai.key\nTurn 2=env:NEW_KEY\n${odd} = env:NEW_KEY\n`, skipVerification: 'true', reportPath: 'report.jsonl' };
        const more = { env: { NEW_KEY: newKey, PSModulePath: 'modules' }, atFolder: ['PSModulePath'] };
        const run = await step(inputs, { ...more, files: noVault, shell });
        assert.deepEqual([run.result === 'Failed', run.counts], [false, counts(0, 0, 4, 0)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        assert.deepEqual(new Set(run.report.map(l => l.connectionName).filter(n => n)), new Set(names));
        assert.match(run.log, /4 keys changed of 4/);
        leavesVaultsAlone(run);

        await task.sandbox.forget();
        const again = await step(inputs, { ...more, files: { 'report.jsonl': `${run.report.map(l => JSON.stringify(l)).join('\n')}\n` } });
        assert.deepEqual([again.result, again.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(again));
        await task.isOnlyRead();
    });

    test('rotate does nothing where a line of its map is wrong, or has another word than one before the key of a header', async () => {
        await task.sandbox.forget();
        const keyMap = `Turn 1 = env:OPENAI_KEY\nTurn * = env:OPENAI_KEY\nNobody = env:OPENAI_KEY\nTurn 2 = ${openAi}\nSearch [prod = env:OPENAI_KEY\nPlain map = Bearer env:NEW_KEY\n${header} = x-api-key: ${openAi} env:NEW_KEY\n`;
        const run = await step({ action: 'rotate', keyMap, skipVerification: 'true' }, { env: { NEW_KEY: newKey } });
        assert.equal(run.result, 'Failed', explain(run));
        const said = run.issues.map(i => i.message).join('\n');
        for (const problem of [
            /line 2: 'Turn 1' also matches line 1/, /line 3: the platform has no connection 'Nobody'/, /line 4: it is not NAME = REFERENCE/, /line 5: 'Search \[prod' is neither a name nor a pattern/,
            /line 6: it is not NAME = REFERENCE[^]*line 7: it is not NAME = REFERENCE/,
        ]) {
            assert.match(said, problem);
        }

        await task.isOnlyRead();
    });

    test('rotate changes nothing where a pattern may match what an incomplete listing lacks, and takes names that are listed', async () => {
        const { connections } = await task.sandbox.list();
        const listed = connections.filter(c => c.connectionName === 'Asked');
        await task.sandbox.fault({ method: 'GET', path: 'connections?', times: 0, status: 200, body: JSON.stringify({ connections: listed, total: connections.length }) });
        await task.sandbox.fault({ method: 'GET', path: 'connections', skip: 0, times: 0, status: 200, body: JSON.stringify({ connections: listed, total: connections.length }) });
        await task.sandbox.forget();
        const patterns = ['*', 'A*', 'Ask[e]d', '?sked', 'Turn *', 'Turn 1'];
        for (const keyMap of [...patterns.map(p => `${p} = env:NEW_KEY | env:OPENAI_KEY`), 'Asked = env:NEW_KEY\nTurn* = env:NEW_KEY']) {
            for (const whatIf of ['false', 'true']) {
                const run = await step({ action: 'rotate', keyMap, skipVerification: 'true', whatIf }, { env: { NEW_KEY: newKey } });
                assert.deepEqual([run.result, run.log.split('\n').pop()], ['Failed', 'No key was changed: keyMap has 1 error.'], explain(run));
                assert.match(run.issues.map(i => i.message).join('\n'), /line \d: '.*' may match connections that the incomplete listing lacks\. Try again/);
            }
        }

        await task.isOnlyRead();
        const named = await step({ action: 'rotate', keyMap: 'Asked = env:NEW_KEY | env:OPENAI_KEY', whatIf: 'true' }, { env: { NEW_KEY: newKey } });
        assert.deepEqual([named.result, named.log.split('\n').pop()], ['SucceededWithIssues', 'Rehearsal: 1 of 1 key would be changed. Nothing was changed.'], explain(named));
        await task.sandbox.repair();
        // So is a name whose bracket is escaped, in the letters that it has.
        const bracket = connections.filter(c => c.connectionName === 'Turn [3]');
        await task.sandbox.fault({ method: 'GET', path: 'connections', skip: 0, times: 0, status: 200, body: JSON.stringify({ connections: bracket, total: connections.length }) });
        for (const [name, result] of [['Turn [3]', 'SucceededWithIssues'], ['Turn `[3]', 'SucceededWithIssues'], ['Turn `[3`]', 'SucceededWithIssues'], ['turn `[3]', 'Failed'], ['Turn `[3]*', 'Failed'], ['Turn `[4]', 'Failed']]) {
            const run = await step({ action: 'rotate', keyMap: `${name} = env:NEW_KEY | env:OPENAI_KEY`, whatIf: 'true' }, { env: { NEW_KEY: newKey } });
            assert.equal(run.result, result, explain(run));
        }

        await task.sandbox.repair();
    });

    test('rotate asks the provider first: a key that it does not know changes nothing', async () => {
        await task.sandbox.forget();
        const [run, seen] = await withProvider([], providerUri => step({ action: 'rotate', keyMap: 'Asked = env:NEW_KEY', providerUri }, { env: { NEW_KEY: newKey } }));
        assert.deepEqual(seen, [newKey], explain(run));
        assert.deepEqual([run.result, run.counts], ['Failed', counts(0, 0, 0, 1)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        await task.isOnlyRead();
    });

    test('rotate takes the key of a custom API in its header, of a map with line ends of Windows', async () => {
        await task.sandbox.forget();
        const keyMap = `# keys\r\n${header} = x-api-key: env:NEW_KEY | x-api-key: env:ANTHROPIC_KEY\r\n\r\nPlain * = env:NEW_KEY | env:OPENAI_KEY\r\n`;
        const run = await step({ action: 'rotate', keyMap, skipVerification: 'true' }, { env: { NEW_KEY: newKey } });
        assert.deepEqual([run.result, run.counts, run.issues], ['Succeeded', counts(0, 0, 2, 0), []], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        const sent = (await task.sandbox.requests()).filter(r => r.method === 'PATCH').map(r => JSON.stringify(r.body)).sort();
        assert.equal(sent.length, 2);
        assert.match(sent[0], /^\{"fields":\{"API_KEY":"\*+"\}\}$/);
        assert.match(sent[1], /^\{"headers":\[\{"key":"x-api-key","value":"\*+"\}\]\}$/);
    });

    test('rotate reports a header where none belongs, and of none where one does, and changes neither', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: `${header} = env:OPENAI_KEY\nPlain map = x-api-key: env:OPENAI_KEY`, skipVerification: 'true' });
        assert.deepEqual([run.result, run.counts.failed], ['Failed', '2'], explain(run));
        assert.match(run.issues[0].message, /'Header map = 1' is a custom API, which sends its key in a header/);
        await task.isOnlyRead();
    });
});
