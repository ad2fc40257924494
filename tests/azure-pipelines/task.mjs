// The task from the unpacked extension, run as an agent runs it, against a sandbox, with keys that nobody may see.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { inOrder, runStep, shell, startSandbox, unpack, warmShell } from './support.mjs';

export const openAi = 'sk-marked-openai-4f1c7a90e2b35d68MQAA';
export const anthropic = 'sk-ant-marked-7d20e5b3c1a94f88QXBB';
export const newKey = 'sk-marked-new-key-90aa17c6b2d4NEWW';
export const fromFile = 'sk-marked-from-a-file-5521c0de9f7aFILE';
export const evil = '##vso[task.complete result=Failed;]';

export const manifest = `
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
export const files = { 'connections.yaml': manifest, 'keys/openai.key': `${fromFile}\n` };
export const env = { OPENAI_KEY: openAi, ANTHROPIC_KEY: anthropic };

// Of an agent with the module and without a vault, each call warns.
export const noVault = { 'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': "Write-Warning 'touched'\nfunction Get-Secret($Name, $Vault) { Write-Warning 'There are currently no extension vaults registered.'; throw 'The secret was not found.' }" };
export function leavesVaultsAlone(run) {
    assert.doesNotMatch(run.log, /touched|extension vaults/, explain(run));
    assert.deepEqual(run.issues.filter(i => /vault/.test(i.message)), [], explain(run));
}

export const posixOnly = { skip: process.platform === 'win32' && 'the shells here are for POSIX systems' };
export const counts = (drift, created, changed, failed) =>
    ({ drift: String(drift), created: String(created), changed: String(changed), failed: String(failed) });
export const explain = run => run.lines.join('\n');

export const extension = unpack();

/** For the tests of a suite: the task, and a sandbox of its own, with connections of OpenAI and with what the steps are given. */
export function useTask(names = [], { keys = [openAi, anthropic, fromFile], env: ownEnv = env, files: ownFiles = files, inputs: own = {}, isWarm = false } = {}) {
    let warm;
    const task = {
        /** For steps that may have one shell after the other. */
        get warm() {
            return warm ??= warmShell(join(extension, 'task', 'KoreConnections'));
        },
        /** A step with the marked keys; whatever it does, none of them may be seen. */
        async step(inputs, more = {}) {
            const { sandbox } = task;
            const given = { ...more, env: { ...ownEnv, ...more.env }, files: { ...ownFiles, ...more.files } };
            const run = await runStep(extension, more.shell ?? (isWarm ? task.warm : shell), { ...own, ...inputs }, { endpoint: { url: `${sandbox.origin}/`, key: sandbox.key }, ...given });
            return inOrder(run, [...keys, sandbox.key], more.lateSecrets);
        },
        isOnlyRead: async () => assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET'])),
    };
    before(async () => {
        task.sandbox = await startSandbox();
        await Promise.all(names.map(name => task.sandbox.create(name, openAi)));
    });
    after(() => {
        task.sandbox.stop();
        warm?.stop();
    });
    return task;
}

/** Runs a step with a provider that knows no key but those it is given. */
export async function withProvider(known, run) {
    const seen = [];
    const provider = createServer((request, response) => {
        const given = request.headers.authorization?.replace('Bearer ', '') ?? request.headers['x-api-key'];
        seen.push(given);
        const refusal = { error: { message: `${evil} Incorrect API key`, code: 'invalid_api_key', type: 'authentication_error' } };
        const answer = known.includes(given) ? { id: 'model', type: 'model' } : refusal;
        response.writeHead(known.includes(given) ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    try {
        return [await run(`http://localhost:${provider.address().port}`), seen];
    } finally {
        provider.close();
    }
}
