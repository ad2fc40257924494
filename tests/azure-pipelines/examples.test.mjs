// The examples, as far as a machine without Azure DevOps and GitHub can run them: their steps in their order, with the agent's
// variables, with keys of the scopes that they ask for. The providers cannot be asked here, so that keys are not tried.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inOrder, newFolder, requireThere, root, runStep, shell, startSandbox, startShell, unpack } from './support.mjs';

const yaml = requireThere('yaml');
const example = name => yaml.parse(readFileSync(join(root, 'docs', 'examples', 'pipelines', name), 'utf8'));
const keys = Object.fromEntries(['OPENAI_KEY', 'ANTHROPIC_KEY', 'OPENAI_KEY_NEW', 'OPENAI_KEY_OLD', 'ANTHROPIC_KEY_NEW', 'ANTHROPIC_KEY_OLD'].map(n => [n, `sk-marked-${n.toLowerCase()}-4f1c7a90`]));
const manifest = 'connections:\n  - { name: Support desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n  - { name: Contract review, provider: Anthropic, model: claude-sonnet-5-5, apiKey: "env:ANTHROPIC_KEY" }\n';

describe('The example', { skip: process.platform === 'win32' && 'the shells here are for POSIX systems' }, () => {
    let sandbox;
    let extension;
    let view;
    let hook;
    const told = [];
    before(async () => {
        [extension, sandbox] = await Promise.all([unpack(), startSandbox()]);
        view = await sandbox.createKey(['View Connections']);
        hook = createServer(async (request, response) => {
            told.push(JSON.parse(Buffer.concat(await request.toArray()).toString()).text);
            response.end('{}');
        });
        await once(hook.listen(0, '127.0.0.1'), 'listening');
    });
    after(() => {
        sandbox.stop();
        hook.close();
    });

    const fill = (value, variables) => String(value).replace(/\$\(([\w.]+)\)/g, (whole, name) => variables[name] ?? whole);

    /** A step of the task; only those that come after an approval have a key that can change something. */
    async function step({ inputs, env = {} }, variables, platformKey) {
        const given = Object.fromEntries(Object.entries(inputs).map(([n, v]) => [n, fill(v, variables)]));
        const offline = { ...given, ...(given.verifyKeys && { verifyKeys: 'false' }), ...(given.action === 'rotate' && { skipVerification: 'true' }) };
        const key = platformKey ?? (given.serviceConnection?.endsWith('-view') ? view : sandbox.key);
        const mapped = Object.fromEntries(Object.entries(env).map(([n, v]) => [n, fill(v, { ...variables, ...keys })]));
        return inOrder(await runStep(extension, shell, offline, { endpoint: { url: sandbox.origin, key }, files: { 'connections.yaml': manifest }, env: mapped, secretVariables: mapped }), [...Object.values(keys), view, sandbox.key]);
    }

    async function script(text, cwd, env) {
        writeFileSync(join(cwd, 'step.ps1'), `$ErrorActionPreference = 'Stop'\n${text}`);
        const { status, stdout, stderr } = await startShell(['-File', join(cwd, 'step.ps1')], { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } });
        return { code: status, text: `${stdout}${stderr}` };
    }

    const tell = ({ pwsh }, more) => script(pwsh, newFolder(), { TEAM_WEBHOOK: `http://localhost:${hook.address().port}/`, SYSTEM_COLLECTIONURI: 'https://dev.azure.com/us/', SYSTEM_TEAMPROJECT: 'ai', BUILD_BUILDID: '7', ...more });
    const explain = run => run.lines.join('\n');

    test('of a promotion goes from the check to production, and asks only where there is something to approve', async () => {
        const { stages } = example('promote.yml');
        const [check, development, plan, production] = stages.map(s => [...(s.jobs[0].steps ?? s.jobs[0].strategy.runOnce.deploy.steps)].find(t => t.task));
        assert.equal((await step(check)).result, 'Succeeded');
        const planned = await step(plan);
        assert.deepEqual([planned.result, planned.values.drift], ['SucceededWithIssues', '2'], explain(planned));
        assert.equal((await step(development)).values.created, '2');
        const [again, applied] = await Promise.all([step(plan), step(production)]);
        assert.deepEqual([again.values.drift, applied.result, applied.values.created], ['0', 'Succeeded', '0'], explain(again));
    });

    test('of a nightly check is green with a key that can only look, and tells the team when it is not', async () => {
        const { jobs: [check, teller] } = example('nightly-drift-check.yml');
        const run = await step(check.steps[0]);
        assert.deepEqual([run.result, run.values.drift, run.values.unmanaged], ['Succeeded', '0', '0'], explain(run));
        const message = teller.steps.find(s => s.pwsh);
        // What a job gets of a step of another: its outputs, or nothing where it has none.
        const outputs = values => Object.fromEntries(teller.variables.filter(v => v.name).map(v => [v.name, values[v.value.match(/outputs\['connections\.(\w+)'\]/)[1]] ?? '']));
        const say = async values => {
            const { TEAM_WEBHOOK, ...mapped } = message.env;
            const sent = await tell(message, Object.fromEntries(Object.entries(mapped).map(([n, v]) => [n, fill(v, outputs(values))])));
            assert.equal(sent.code, 0, sent.text);
            return told.pop().match(/^Kore\.ai drift check: (.*)\. https:\/\/dev\.azure\.com\/us\/ai\/_build\/results\?buildId=7$/)[1];
        };
        const [expired, absent] = await Promise.all([step(check.steps[0], {}, 'kg-expired-0123456789'), step({ inputs: { ...check.steps[0].inputs, manifestPath: 'none.yaml' } })]);
        for (const failed of [expired, absent]) {
            assert.deepEqual([failed.result, failed.values.drift, failed.values.failed], ['Failed', '0', '1'], explain(failed));
            assert.equal(await say(failed.values), 'the check itself has broken');
        }

        await sandbox.create('Made by hand', keys.OPENAI_KEY);
        const drifted = await step(check.steps[0]);
        assert.equal(await say(drifted.values), '0 connections differ, 1 are unmanaged', explain(drifted));
        assert.equal(await say({ drift: '2', unmanaged: '1', failed: '0' }), '2 connections differ, 1 are unmanaged');
        assert.equal(await say({ drift: '2', unmanaged: '0', failed: '1' }), 'the check itself has broken');
        assert.equal(await say({}), 'the check itself has broken');
        assert.match(await say({ drift: '0', unmanaged: '0', failed: '0' }), /no difference, and is not green/);
    });

    test('of a rotation rehearses without a key, changes, and resumes', async () => {
        const document = example('rotate-keys.yml');
        const { value } = document.variables.find(v => v.name === 'keys');
        const [rehearse, rotate, teller] = document.stages;
        await sandbox.forget();
        const rehearsal = await step(rehearse.jobs[0].steps.find(s => s.task), { keys: value });
        assert.deepEqual([rehearsal.result, rehearsal.report.length], ['Succeeded', 2], explain(rehearsal));
        assert.deepEqual(new Set((await sandbox.requests()).map(r => r.method)), new Set(['GET']));

        const steps = rotate.jobs[0].strategy.runOnce.deploy.steps;
        const workspace = newFolder();
        const agent = { PIPELINE_WORKSPACE: workspace };
        const [resume, hasReport] = steps.filter(s => s.pwsh).map(s => s.pwsh);
        assert.equal((await script(resume, workspace, agent)).code, 0);
        assert.doesNotMatch((await script(hasReport, workspace, agent)).text, /hasReport/);
        const rotation = steps.find(s => s.name === 'rotation');
        const variables = { keys: value, 'Pipeline.Workspace': workspace };
        const run = await step(rotation, variables);
        assert.deepEqual([run.result, run.values.changed], ['Succeeded', '2'], explain(run));
        assert.match((await script(hasReport, workspace, agent)).text, /^##vso\[task\.setvariable variable=hasReport\]true/m);

        // Another attempt, on another agent: the longest report has all.
        const next = newFolder();
        for (const [attempt, part] of [['rotation-1-1', 100], ['rotation-1-2', Infinity]]) {
            mkdirSync(join(next, 'earlier', attempt), { recursive: true });
            writeFileSync(join(next, 'earlier', attempt, 'rotation.jsonl'), readFileSync(join(workspace, 'rotation.jsonl'), 'utf8').slice(0, part));
        }

        assert.equal((await script(resume, next, { PIPELINE_WORKSPACE: next })).code, 0);
        const again = await step(rotation, { ...variables, 'Pipeline.Workspace': next });
        assert.deepEqual([again.result, again.values.changed], ['Succeeded', '0'], explain(again));
        assert.equal((await tell(teller.jobs[0].steps.find(s => s.pwsh))).code, 0);
        assert.match(told.pop(), /key rotation: not all is changed/);
    });

    test('for GitHub says what it has compared, and fails where that is nothing', async () => {
        const { run } = example('github-actions.yml').jobs.compare.steps.find(s => s.env?.KORE_API_KEY);
        const at = async text => {
            const folder = newFolder();
            cpSync(join(extension, 'task', 'KoreConnections'), join(folder, 'modules', 'KoreConnections', '0.1.0'), { recursive: true });
            writeFileSync(join(folder, 'connections.yaml'), text);
            const ended = await script(run, folder, { KORE_HOST: sandbox.address, KORE_API_KEY: view, GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') });
            return [ended.code, readFileSync(join(folder, 'summary'), 'utf8').trim(), readFileSync(join(folder, 'output'), 'utf8').trim()];
        };
        const [same, nothing] = await Promise.all([at(manifest), at('connections: []\n')]);
        assert.deepEqual(same, [0, 'Drift: 0. In step: 2. Unmanaged: 0. Keys were not compared.', 'drift=0']);
        assert.deepEqual(nothing, [2, 'Drift: 0. In step: 0. Unmanaged: 2. Keys were not compared.', 'drift=0']);
    });
});
