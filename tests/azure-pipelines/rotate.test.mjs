// How the task rotates keys: what it asks first, what its map may say, and what it leaves alone.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { counts, explain, newKey, openAi, posixOnly, useTask, withProvider } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask();
    const { step } = task;

    test('rotate changes keys, each confirmed, and resumes from its report', async () => {
        const names = ['Turn 1', 'Turn 2', 'Turn [3]'];
        await Promise.all(names.map(n => task.sandbox.create(n, openAi)));
        const inputs = { action: 'rotate', keyMap: '# keys\nTurn 1 = env:NEW_KEY | env:OPENAI_KEY\n\nTurn [3] = file:keys/openai.key\nTurn 2=env:NEW_KEY\n', skipVerification: 'true', reportPath: 'report.jsonl' };
        const run = await step(inputs, { env: { NEW_KEY: newKey } });
        assert.deepEqual([run.result === 'Failed', run.counts], [false, counts(0, 0, 3, 0)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        assert.deepEqual(new Set(run.report.map(l => l.connectionName).filter(n => n)), new Set(names));
        assert.match(run.log, /3 keys changed of 3/);

        await task.sandbox.forget();
        const again = await step(inputs, { env: { NEW_KEY: newKey }, files: { 'report.jsonl': `${run.report.map(l => JSON.stringify(l)).join('\n')}\n` } });
        assert.deepEqual([again.result, again.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(again));
        assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('rotate does nothing where a line of its map is wrong', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: `Turn 1 = env:OPENAI_KEY\nTurn * = env:OPENAI_KEY\nNobody = env:OPENAI_KEY\nTurn 2 = ${openAi}\nSearch [prod = env:OPENAI_KEY\n`, skipVerification: 'true' });
        assert.equal(run.result, 'Failed', explain(run));
        const said = run.issues.map(i => i.message).join('\n');
        for (const problem of [/line 2: 'Turn 1' also matches line 1/, /line 3: the platform has no connection 'Nobody'/, /line 4: it is not NAME = REFERENCE/, /line 5: 'Search \[prod' is neither a name nor a pattern/]) {
            assert.match(said, problem);
        }

        assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET']));
    });

    test('rotate asks the provider first: a key that it does not know changes nothing', async () => {
        await task.sandbox.create('Asked', openAi);
        await task.sandbox.forget();
        const [run, seen] = await withProvider([], providerUri => step({ action: 'rotate', keyMap: 'Asked = env:NEW_KEY', providerUri }, { env: { NEW_KEY: newKey } }));
        assert.deepEqual(seen, [newKey], explain(run));
        assert.deepEqual([run.result, run.counts], ['Failed', counts(0, 0, 0, 1)], explain(run));
        assert.deepEqual(run.leaks(newKey), []);
        await task.isOnlyRead();
    });

    test('rotate takes the key of a custom API in its header, of a map with line ends of Windows', async () => {
        const own = 'connections:\n  - name: Header map = 1\n    provider: API\n    endpointUrl: https://llm.example.com/v1\n    header: { x-api-key: env:ANTHROPIC_KEY }\n    payload: { prompt: "{{prompt}}" }\n    outputPath: content[0].text\n';
        assert.deepEqual((await step({ action: 'sync', manifestPath: 'own.yaml' }, { files: { 'own.yaml': own } })).counts, counts(0, 1, 0, 0));
        await task.sandbox.create('Plain map', openAi);
        await task.sandbox.forget();
        const keyMap = '# keys\r\nHeader map = 1 = x-api-key: env:NEW_KEY | x-api-key: env:ANTHROPIC_KEY\r\n\r\nPlain * = env:NEW_KEY | env:OPENAI_KEY\r\n';
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
        const run = await step({ action: 'rotate', keyMap: 'Header map = 1 = env:OPENAI_KEY\nPlain map = x-api-key: env:OPENAI_KEY', skipVerification: 'true' });
        assert.deepEqual([run.result, run.counts.failed], ['Failed', '2'], explain(run));
        assert.match(run.issues[0].message, /'Header map = 1' is a custom API, which sends its key in a header/);
        await task.isOnlyRead();
    });

    test('rotate takes a word before the key of a header, and before no other', async () => {
        await task.sandbox.forget();
        const keyMap = 'Header map = 1 = x-api-key: Bearer env:NEW_KEY | x-api-key: Bearer env:ANTHROPIC_KEY';
        const run = await step({ action: 'rotate', whatIf: 'true', keyMap }, { env: { NEW_KEY: newKey } });
        assert.deepEqual([run.result, run.report.find(r => r.Type === 'PlannedRotation')?.NewKey], ['Succeeded', 'x-api-key: Bearer env:NEW_KEY'], explain(run));
        const wrong = await step({ action: 'rotate', whatIf: 'true', keyMap: `Plain map = Bearer env:NEW_KEY\nHeader map = 1 = x-api-key: ${openAi} env:NEW_KEY` }, { env: { NEW_KEY: newKey } });
        assert.match(wrong.issues.map(i => i.message).join('\n'), /line 1: it is not NAME = REFERENCE[^]*line 2: it is not NAME = REFERENCE/);
        await task.isOnlyRead();
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
});
