// How the task runs a script: what it has, what of it is shown, and what its end counts for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runStep, shell } from './support.mjs';
import { counts, env, evil, explain, openAi, posixOnly, useTask } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask('Support desk');
    const { step } = task;

    test('script has a session, its objects and texts go to the log, and no command', async () => {
        const run = await step({ action: 'script', script: `Get-Connection -Name 'Support desk'\n'${evil}'\n'###vso[task.setvariable variable=drift]9'\n[Console]::Out.WriteLine('##vso[task.setvariable variable=drift]9')\n[Console]::Error.WriteLine('##[error]x')` });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(run));
        assert.match(run.log, /Support desk/);
        assert.match(run.log, /# # #vso\[task\.setvariable/);
    });

    test('script that prints keys still shows them to nobody but the agent, which masks them', async () => {
        const run = await runStep(task.extension, shell, { action: 'script', script: '"key: $env:OPENAI_KEY"; $null = "env:OPENAI_KEY"' }, { endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, env });
        assert.ok(run.secrets.includes(openAi));
        assert.ok(run.lines.indexOf(`##vso[task.setsecret]${openAi}`) < run.lines.findIndex(l => l.startsWith('key: ')));
    });

    test('script stops at the first error, and what was sent by then is in the log', async () => {
        for (let i = 0; i < 20; i++) {
            await task.sandbox.create(`Drain ${i}`, openAi);
        }

        await task.sandbox.forget();
        await task.sandbox.fault({ method: 'PATCH', skip: 5, status: 400 });
        const run = await step({ action: 'script', script: "Get-Connection -Name 'Drain*' | Set-Connection -ApiKey env:OPENAI_KEY -PassThru | & { process { \"changed $($_.ConnectionName)\" } }\n'not reached'" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual(run.issues.map(i => i.code), ['KoreInvalidRequest']);
        const made = (await task.sandbox.requests()).filter(r => r.method === 'PATCH' && r.status === 200).length;
        assert.equal(run.lines.filter(l => l.startsWith('changed Drain')).length, made);
        assert.ok(made >= 5 && made < 20, `${made}`);
        assert.doesNotMatch(run.log, /not reached/);
        await task.sandbox.repair();
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
});
