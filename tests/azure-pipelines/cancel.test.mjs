// How the task is cancelled: what was sent is finished and reported, and nothing else runs on.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { commandFolder, launcher, newFolder, shell } from './support.mjs';
import { counts, explain, manifest, newKey, openAi, posixOnly, useTask } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask();
    const { step } = task;

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
        return (await task.sandbox.requests()).filter(r => r.method === method && r.status < 300).length;
    }

    const many = 40;
    const cancellations = [
        ['script', 'PATCH', { script: "Get-Connection -Name 'Slow*' | Set-Connection -ApiKey env:OPENAI_KEY -PassThru -ThrottleLimit 4 | & { process { \"changed $($_.ConnectionName)\" } }" }, /^changed /],
        ['rotate', 'PATCH', { keyMap: 'Slow * = env:NEW_KEY | env:OPENAI_KEY', skipVerification: 'true', throttleLimit: '4' }, /Updated/],
        ['sync', 'POST', { manifestPath: 'many.yaml', throttleLimit: '4' }, /Done/],
    ];
    for (const [kind, how] of Object.entries({ shell, launcher })) {
        describe(`cancelled in the kind of pwsh that is a ${kind}`, () => {
            before(() => Promise.all(Array.from({ length: many }, (_, i) => task.sandbox.create(`Slow ${kind} ${i}`, openAi))));
            after(() => task.sandbox.repair());

            for (const [action, method, inputs, reached] of cancellations) {
                test(`${action} finishes what was sent, says what was done, and is canceled`, async () => {
                    await task.sandbox.repair();
                    await task.sandbox.forget();
                    await task.sandbox.fault({ method, times: 0, delayMilliseconds: 400 });
                    const connections = Array.from({ length: many }, (_, i) => `  - { name: Made ${kind} ${i}, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`);
                    const run = await cancelled(reached, { action, ...inputs }, { shell: how, env: { NEW_KEY: newKey }, files: { 'many.yaml': `connections:\n${connections.join('')}` } });
                    assert.equal(run.result, 'Canceled', explain(run));
                    const made = await written(method);
                    assert.ok(made > 0 && made < many, explain(run));
                    // Of a script, the result that was being emitted may be reported twice: as its own line and as lost.
                    const said = action === 'script' ? Math.min(made, run.lines.filter(l => /^changed Slow|: done, /.test(l)).length) : Number(run.counts.created) + Number(run.counts.changed);
                    assert.equal(said, made, explain(run));
                    assert.match(run.log, /^Cancelled: /m);
                    // What is known of the last ones is in their rows, without the colors of a log, and by their names.
                    assert.doesNotMatch(`${run.summary}${JSON.stringify(run.report.filter(r => r.Type === 'LastResult'))}${JSON.stringify(run.issues)}`, /\x1b|\[0m|longer be emitted|\(cn-/, explain(run));
                });
            }

            for (const [action, method, inputs] of cancellations) {
                test(`${action} does nothing when the stop comes before the shell can be stopped`, async () => {
                    await task.sandbox.repair();
                    await task.sandbox.forget();
                    const slow = commandFolder(`slow ${kind} ${action}`, `echo 'not yet a shell'\nsleep 1\nexec '${join(how.path, 'pwsh')}' "$@"`);
                    const run = await cancelled(/not yet a shell/, { action, ...inputs }, { shell: { path: slow }, env: { NEW_KEY: newKey }, files: { 'many.yaml': manifest } });
                    assert.deepEqual([run.result, run.counts], ['Canceled', counts(0, 0, 0, 0)], explain(run));
                    assert.equal(await written(method), 0, explain(run));
                    assert.match(run.log, /^Cancelled: (nothing was changed|the script was stopped)\.$/m);
                });
            }

            for (const milliseconds of [1, 350, 600, 1200]) {
                test(`${milliseconds} ms after the first line, all that was changed is reported`, async () => {
                    await task.sandbox.repair();
                    await task.sandbox.forget();
                    await task.sandbox.fault({ method: 'PATCH', times: 0, delayMilliseconds: 400 });
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
