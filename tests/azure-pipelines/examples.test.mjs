// The examples, as far as a machine without Azure DevOps and GitHub can run them: their steps in their order, with the agent's
// variables, with keys of the scopes that they ask for. The providers cannot be asked here, so that keys are not tried.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inOrder, newFolder, requireThere, root, runScripts, runStep } from './support.mjs';
import { explain, extension, posixOnly, useTask } from './task.mjs';

const yaml = requireThere('yaml');
const example = name => yaml.parse(readFileSync(join(root, 'docs', 'examples', 'pipelines', name), 'utf8'));
const keys = Object.fromEntries(['OPENAI_KEY', 'ANTHROPIC_KEY', 'OPENAI_KEY_NEW', 'OPENAI_KEY_OLD', 'ANTHROPIC_KEY_NEW', 'ANTHROPIC_KEY_OLD'].map(n => [n, `sk-marked-${n.toLowerCase()}-4f1c7a90`]));
const manifest = 'connections:\n  - { name: Support desk, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n  - { name: Contract review, provider: Anthropic, model: claude-sonnet-5-5, apiKey: "env:ANTHROPIC_KEY" }\n';

describe('The example', posixOnly, () => {
    const task = useTask([], { isWarm: true });
    let view;
    let hook;
    const posted = [];
    before(async () => {
        view = await task.sandbox.createKey(['View Connections']);
        hook = createServer(async (request, response) => {
            posted.push(JSON.parse(Buffer.concat(await request.toArray()).toString()).text);
            response.end('{}');
        });
        await once(hook.listen(0, '127.0.0.1'), 'listening');
    });
    after(() => hook.close());

    const fill = (value, variables) => String(value).replace(/\$\(([\w.]+)\)/g, (whole, name) => variables[name] ?? whole);

    /** A step of the task; only those that come after an approval have a key that can change something. */
    async function step({ inputs, env = {} }, variables, platformKey) {
        const given = Object.fromEntries(Object.entries(inputs).map(([n, v]) => [n, fill(v, variables)]));
        const offline = { ...given, ...(given.verifyKeys && { verifyKeys: 'false' }), ...(given.action === 'rotate' && { skipVerification: 'true' }) };
        const key = platformKey ?? (given.serviceConnection?.endsWith('-view') ? view : task.sandbox.key);
        const mapped = Object.fromEntries(Object.entries(env).map(([n, v]) => [n, fill(v, { ...variables, ...keys })]));
        return inOrder(await runStep(extension, task.warm, offline, { endpoint: { url: task.sandbox.origin, key }, files: { 'connections.yaml': manifest }, env: mapped, secretVariables: mapped }), [...Object.values(keys), view, task.sandbox.key]);
    }

    /** Scripts of steps, in one shell: each of a text, a folder and variables. */
    async function scripts(rows, env) {
        const written = rows.map(([text, folder, variables], i) => {
            const script = join(folder, `step-${i}.ps1`);
            writeFileSync(script, `$ErrorActionPreference = 'Stop'\n${text}`);
            return { script, folder, env: variables };
        });
        return runScripts(written, env);
    }

    const post = ({ pwsh }, more) => [pwsh, newFolder(), { TEAM_WEBHOOK: `http://localhost:${hook.address().port}/`, SYSTEM_COLLECTIONURI: 'https://dev.azure.com/us/', SYSTEM_TEAMPROJECT: 'ai', BUILD_BUILDID: '7', ...more }];

    /** What the team gets of the outputs of another job's steps, or of none where it has none. */
    async function messages(notify, form, rows) {
        const message = notify.steps.find(s => s.pwsh);
        const outputs = values => Object.fromEntries(notify.variables.filter(v => v.name).map(v => [v.name, values[v.value.match(/outputs\['connections\.(\w+)'\]/)[1]] ?? '']));
        const { TEAM_WEBHOOK, ...mapped } = message.env;
        posted.length = 0;
        const ended = await scripts(rows.map(values => post(message, Object.fromEntries(Object.entries(mapped).map(([n, v]) => [n, fill(v, outputs(values))])))));
        ended.forEach(({ code, text }) => assert.equal(code, 0, text));
        return posted.map(text => text.match(form)[1]);
    }

    // The feed is only read from, and both examples get the module from it in the same words.
    const installed = {};
    async function install(text) {
        const home = newFolder();
        const feed = newFolder();
        const env = { HOME: home, RUNNER_TEMP: home, KORE_FEED: feed };
        const packing = `Compress-PSResource '${join(extension, 'task', 'KoreConnections')}' -DestinationPath '${feed}' -SkipModuleManifestValidate`;
        const runs = await scripts([[packing, home, env], ...['', 'made-up-token'].map(KORE_FEED_TOKEN => [text, home, { ...env, KORE_FEED_TOKEN }])], { HOME: home });
        runs.forEach(({ code, text: said }) => assert.equal(code, 0, said));
        return home;
    }

    /** A runner of GitHub, with the module from a feed by the step of the example that gets it. */
    async function onGitHub({ run: text }) {
        const version = readFileSync(join(extension, 'task', 'KoreConnections', 'KoreConnections.psd1'), 'utf8').match(/ModuleVersion\s*=\s*'([\d.]+)'/)[1];
        const inVersion = run => run.replaceAll('0.1.0', version);
        const home = await (installed[text] ??= install(inVersion(text)));
        const at = async (...rows) => {
            const folders = rows.map(newFolder);
            rows.forEach(([, manifestText], i) => writeFileSync(join(folders[i], 'connections.yaml'), manifestText));
            const env = folder => ({ RUNNER_TEMP: home, KORE_HOST: task.sandbox.address, KORE_API_KEY: view, GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') });
            const runs = await scripts(rows.map(([run, , more], i) => [inVersion(run), folders[i], { ...env(folders[i]), ...more }]), { HOME: home });
            return runs.map(({ code, text: said }, i) => {
                const read = name => existsSync(join(folders[i], name)) ? readFileSync(join(folders[i], name), 'utf8').trim() : '';
                assert.doesNotMatch(said, /sk-marked/);
                return { code, said, summary: read('summary'), output: read('output') };
            });
        };
        return { home, at };
    }

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

    test('of a nightly check is green with a key that can only look, and notifies the team when it is not', async () => {
        const { jobs: [check, notify] } = example('nightly-drift-check.yml');
        const run = await step(check.steps[0]);
        assert.deepEqual([run.result, run.values.drift, run.values.unmanaged], ['Succeeded', '0', '0'], explain(run));
        const [expired, absent] = await Promise.all([step(check.steps[0], {}, 'kg-expired-0123456789'), step({ inputs: { ...check.steps[0].inputs, manifestPath: 'none.yaml' } })]);
        [expired, absent].forEach(failed => assert.deepEqual([failed.result, failed.values.drift, failed.values.failed], ['Failed', '0', '1'], explain(failed)));
        await task.sandbox.create('Made by hand', keys.OPENAI_KEY);
        const drifted = await step(check.steps[0]);
        const of = (drift, unmanaged, failed) => ({ drift, unmanaged, failed });
        const said = await messages(notify, /^Kore\.ai drift check: (.*)\. https:\/\/dev\.azure\.com\/us\/ai\/_build\/results\?buildId=7$/, [expired.values, absent.values, drifted.values, of('2', '1', '0'), of('2', '0', '1'), {}, of('0', '0', '0')]);
        const broken = 'the check itself has broken';
        assert.deepEqual(said.slice(0, -1), [broken, broken, '0 connections differ, 1 are unmanaged', '2 connections differ, 1 are unmanaged', broken, broken], explain(drifted));
        assert.match(said.pop(), /no difference, and is not green/);
    });

    test('of a rotation rehearses without a key, changes, and resumes', async () => {
        const document = example('rotate-keys.yml');
        const { value } = document.variables.find(v => v.name === 'keys');
        const [rehearse, rotate, notify] = document.stages;
        await task.sandbox.forget();
        const rehearsal = await step(rehearse.jobs[0].steps.find(s => s.task), { keys: value });
        assert.deepEqual([rehearsal.result, rehearsal.report.length], ['Succeeded', 2], explain(rehearsal));
        assert.deepEqual(new Set((await task.sandbox.requests()).map(r => r.method)), new Set(['GET']));

        const steps = rotate.jobs[0].strategy.runOnce.deploy.steps;
        const workspace = newFolder();
        const agent = { PIPELINE_WORKSPACE: workspace };
        const [resume, hasReport] = steps.filter(s => s.pwsh).map(s => s.pwsh);
        const [first, none] = await scripts([resume, hasReport].map(text => [text, workspace, agent]));
        assert.equal(first.code, 0);
        assert.doesNotMatch(none.text, /hasReport/);
        const rotation = steps.find(s => s.name === 'rotation');
        const variables = { keys: value, 'Pipeline.Workspace': workspace };
        const run = await step(rotation, variables);
        assert.deepEqual([run.result, run.values.changed], ['Succeeded', '2'], explain(run));

        // Another attempt, on another agent: the longest report has all.
        const next = newFolder();
        for (const [attempt, part] of [['rotation-1-1', 100], ['rotation-1-2', Infinity]]) {
            mkdirSync(join(next, 'earlier', attempt), { recursive: true });
            writeFileSync(join(next, 'earlier', attempt, 'rotation.jsonl'), readFileSync(join(workspace, 'rotation.jsonl'), 'utf8').slice(0, part));
        }

        posted.length = 0;
        const [some, resumed, sent] = await scripts([[hasReport, workspace, agent], [resume, next, { PIPELINE_WORKSPACE: next }], post(notify.jobs[0].steps.find(s => s.pwsh))]);
        assert.match(some.text, /^##vso\[task\.setvariable variable=hasReport\]true/m);
        assert.deepEqual([resumed.code, sent.code], [0, 0], resumed.text);
        assert.match(posted[0], /key rotation: not all is changed/);
        const again = await step(rotation, { ...variables, 'Pipeline.Workspace': next });
        assert.deepEqual([again.result, again.values.changed], ['Succeeded', '0'], explain(again));
    });

    test('of a nightly audit keeps the page, and notifies the team with its counts', async () => {
        const { jobs: [audit, notify] } = example('nightly-audit.yml');
        const agent = { 'System.JobAttempt': '2' };
        const [run, expired] = await Promise.all([step(audit.steps[0], agent), step(audit.steps[0], agent, 'kg-expired-0123456789')]);
        assert.notEqual(run.result, 'Failed', explain(run));
        assert.deepEqual(run.sent.filter(f => f.name === 'artifact.upload').map(f => [f.file, f.properties.artifactname]), [['kore-connections.html', 'model-connections-2']]);
        await task.sandbox.create('Old one', keys.OPENAI_KEY, 'gpt-4');
        const grave = await step(audit.steps[0], agent);
        assert.deepEqual([grave.result, grave.values.errorFindings], ['Failed', '1'], explain(grave));
        const said = await messages(notify, /^Kore\.ai audit: (.*)\. https:/, [grave.values, expired.values, {}, { errorFindings: '0', warningFindings: '0', failed: '0' }]);
        assert.match(said[0], /^1 errors, \d+ warnings; the page is among the run's artifacts$/);
        assert.deepEqual(said.slice(1, 3), Array(2).fill('the audit itself has broken'));
        assert.match(said[3], /found nothing, and is not green/);
    });

    test('for GitHub gets the module from a feed, says what it has compared and found, and keeps the page', async () => {
        const { steps, outputs } = example('github-actions.yml').jobs.check;
        const [get, compare, audit] = steps.filter(s => s.run);
        // Every output that a later step or job reads is one of a step with that id.
        const text = JSON.stringify(example('github-actions.yml'));
        [...text.matchAll(/steps\.(\w+)\.(?:outputs\.(\w+)|outcome)/g)].forEach(([, id, name]) => assert.ok(steps.some(s => s.id === id && (!name || s.run.includes(`"${name}=`))), `${id}.${name}`));
        [...text.matchAll(/needs\.check\.outputs\.(\w+)/g)].forEach(([, name]) => assert.ok(name in outputs, name));

        const { home, at } = await onGitHub(get);
        const [same, nothing, found] = await at([compare.run, manifest], [compare.run, 'connections: []\n'], [audit.run, manifest]);
        assert.deepEqual([same.code, same.output], [0, 'drift=0'], same.said);
        assert.match(same.summary, /^Drift: 0\. In sync: 2\. Unmanaged: \d+\. Keys were not compared\.$/);
        assert.deepEqual([nothing.code, nothing.output], [2, 'drift=0'], nothing.said);
        assert.deepEqual([found.code, found.output], [2, 'errors=1'], found.said);
        assert.match(found.summary, /^Findings: .*\b1 ModelRetired\b.*\. The page is among the run's artifacts\.$/);
        assert.match(readFileSync(join(home, 'kore-connections.html'), 'utf8'), /Old one/);
    });

    test('for GitHub annotates the errors of a pull request, and keeps one comment with its plan', async () => {
        const [get, annotate, comment] = example('github-pull-request.yml').jobs.check.steps.filter(s => s.run);
        const { at } = await onGitHub(get);
        await task.sandbox.create('Old @owner <b>`', keys.OPENAI_KEY);
        const comments = [{ id: 1, user: { type: 'User' }, body: '<!-- plan of KoreConnections --> quoted' }];
        const sent = [];
        const api = createServer(async (request, response) => {
            const text = Buffer.concat(await request.toArray()).toString();
            sent.push(`${request.method} ${request.url}`);
            assert.equal(request.headers.authorization, 'Bearer made-up-token');
            if (request.method === 'POST') {
                comments.push({ id: 2, user: { type: 'Bot' }, body: JSON.parse(text).body });
            } else if (request.method === 'PATCH') {
                comments.find(c => request.url.endsWith(`/${c.id}`)).body = JSON.parse(text).body;
            }

            response.setHeader('Content-Type', 'application/json');
            response.end(JSON.stringify(request.method === 'GET' ? comments : {}));
        });
        await once(api.listen(0, '127.0.0.1'), 'listening');
        const github = { GITHUB_API_URL: `http://localhost:${api.address().port}`, GITHUB_REPOSITORY: 'us/ai', GITHUB_TOKEN: 'made-up-token', PULL_REQUEST: '7' };
        const [wrong, right, ...commented] = await at(
            [annotate.run, manifest.replace('gpt-5.4-mini', '').replace('Contract review', 'a,b:c%0A::warning')], [annotate.run, manifest, { KORE_API_KEY: '' }],
            [comment.run, manifest, github], [comment.run, manifest.replace('Support desk', 'Hélène\'s desk'), github],
        ).finally(() => api.close());
        assert.equal(wrong.code, 2, wrong.said);
        assert.match(wrong.said, /^::error file=connections\.yaml,line=2,col=\d+::\S/m);
        assert.doesNotMatch(wrong.said, /^::warning|%0A::/m);
        assert.deepEqual([right.code, right.said], [0, '']);
        commented.forEach(({ code, said }) => assert.equal(code, 0, said));
        const list = 'GET /repos/us/ai/issues/7/comments?per_page=100';
        assert.deepEqual(sent, [list, 'POST /repos/us/ai/issues/7/comments', list, 'PATCH /repos/us/ai/issues/comments/2']);
        assert.match(comments[1].body, /^<!-- plan of KoreConnections -->\nPlan for `connections\.yaml`.*\n\n {4}/);
        assert.match(comments[1].body, /^ {4}.*Hélène's desk/m);
        // Every line after the heading is code.
        comments[1].body.split('\n').slice(3).forEach(line => assert.match(line, /^ {4}/));
    });
});
