// The action audit: the same findings, thresholds and results from the unpacked extension and from the steps template.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { before, describe, test } from 'node:test';
import { hunt, inHtml, newFolder, recorded } from './support.mjs';
import { explain, openAi, posixOnly, useTask } from './task.mjs';
import { runTemplates } from './template.mjs';

// The end of a mask is a part of a key.
const keys = [openAi, 'MQAA'];
const hostile = ['<img src=x onerror=alert(1)>', '###vso[task.complete result=Succeeded;]x', 'a|b `c` **[x](javascript:alert(2))**', "</script><script>alert('3')</script>"];
const manifest = hostile.map(name => `  - { name: ${JSON.stringify(name)}, provider: OpenAI, model: gpt-4, apiKey: "env:OPENAI_KEY" }\n`).join('');
const files = {
    'connections.yaml': `connections:\n${manifest}`,
    'drift.yaml': 'connections:\n  - { name: Desk, provider: OpenAI, model: another, apiKey: "env:OPENAI_KEY" }\n  - { name: "Absent | `1`", provider: OpenAI, model: house-1, apiKey: "azkv:team/desk" }\n',
    'empty.yaml': 'connections: []\n',
    'wrong.yaml': 'connections:\n  - { name: A, provider: Google }\n',
};

describe('An audit', posixOnly, () => {
    const suite = useTask([], { keys, env: {}, files, inputs: { action: 'audit' }, isWarm: true });

    async function task(inputs, more) {
        const run = await suite.step(inputs, more);
        return { ...run, text: explain(run), first: run.lines.find(l => !l.startsWith('##vso[')), codes: run.issues.map(i => `${i.type} ${i.code}`) };
    }

    async function template(...rows) {
        const parameters = inputs => Object.fromEntries(Object.entries(inputs).map(([n, v]) => [n, v === 'true' ? true : v]));
        const runs = await runTemplates(suite, rows.map(([inputs, { env, files: own = files } = {}]) => [{ action: 'audit', manifestPath: '', ...parameters(inputs) }, own, env]), keys);
        return runs.map(run => {
            keys.forEach(key => assert.deepEqual(hunt({ ...run, issues: run.messages, leaks: () => [] }, key), []));
            assert.equal(run.results.length, 1, run.text);
            return { ...run, result: run.results[0], values: run.counts, first: run.lines[0], codes: run.issues };
        });
    }

    const nowhere = { manifestPath: 'drift.yaml', failOn: 'Warning' };
    const wrongKey = 'kg-wrong-0123456789';
    const filesOf = run => run.sent.map(f => [f.name, f.file]);
    const page = run => run.sent.find(f => f.name === 'artifact.upload')?.text;
    const pageCommands = ['task.addattachment', 'task.uploadfile', 'artifact.upload'].map(name => [name, 'kore-connections.html']);

    test('of a platform without connections is no success, and one that may not list is a failure', async () => {
        const [drift, refused, [same, again]] = await Promise.all([task(nowhere), task({}, { endpoint: { url: suite.sandbox.origin, key: wrongKey } }), template([nowhere], [{}, { env: { KORE_API_KEY: wrongKey } }])]);
        for (const run of [drift, same]) {
            assert.deepEqual([run.result, run.codes, run.first], ['Failed', ['error Drift', 'error Drift'], 'Audit failed: 2 Drift at or above Warning. Connections: 0. Findings: 0 Error, 2 Warning, 0 Information.'], run.text);
        }

        assert.deepEqual([refused.result, refused.codes, refused.first], ['Failed', ['error KoreUnauthorized'], 'Nothing was audited: the platform rejected the API key.'], refused.text);
        assert.deepEqual([refused.values.pagePath, refused.values.thresholdCrossed, page(refused)], ['', 'false', undefined]);
        assert.deepEqual([again.result, again.codes, again.values.pagePath, page(again)], ['Failed', ['error KoreUnauthorized'], '', undefined], again.text);
    });

    describe('of a platform with findings', () => {
        const cases = [
            { inputs: { failOn: 'none' }, result: 'SucceededWithIssues', said: 'Audit without a threshold.', levels: ['warning', 'warning', null] },
            { inputs: {}, result: 'Failed', said: 'Audit failed: 4 ModelRetired at or above Error.', levels: ['error', 'warning', null] },
            { inputs: { failOn: 'Warning', artifactName: 'nightly (1)' }, result: 'Failed', said: 'Audit failed: 4 ModelRetired, 2 LookAlikeName at or above Warning.', levels: ['error', 'error', null] },
            { inputs: { failOn: 'Information' }, result: 'Failed', said: 'Audit failed: 4 ModelRetired, 2 LookAlikeName, 1 NotUsableInAgenticApps at or above Information.', levels: ['error', 'error', 'error'] },
            { inputs: { rule: 'ModelRet*,LookAlikeName,NotUsable*', excludeRule: 'ModelRet*' }, result: 'SucceededWithIssues', said: 'Audit passed: no finding at or above Error.', levels: [null, 'warning', null], counts: [0, 2, 1] },
            { inputs: { rule: 'NotUsable*,  HiddenCharacters' }, result: 'Succeeded', said: 'Audit passed: no finding at or above Error.', levels: [null, null, null], counts: [0, 0, 1] },
            { inputs: { rule: 'HiddenCharacters', failOn: 'Information' }, result: 'Succeeded', said: 'Audit passed: no finding at or above Information.', levels: [null, null, null], counts: [0, 0, 0] },
        ];
        const unmapped = [{ rule: 'Drift', failOn: 'Warning', manifestPath: 'drift.yaml' }, { env: { OPENAI_KEY: '$(OPENAI_KEY)' } }];
        const wrong = [{ rule: 'Drift, LookAlikeName', manifestPath: 'wrong.yaml' }];
        const keyless = [{ rule: 'KeyRejected', manifestPath: 'connections.yaml', verifyKeys: 'true' }];
        const empty = [{ rule: 'Drift', failOn: 'Information', manifestPath: 'empty.yaml' }];
        const rows = [...cases.map(c => [c.inputs]), unmapped, wrong, keyless, empty];
        const refusals = [[{ verifyKeys: 'true' }, /verifyKeys tests the keys/], [{ artifactName: 'a;b]c' }, /artifactName is/], [{ rule: 'ModelRetird' }, /Did you mean ModelRetired/], [{ rule: ' , ' }, /rule has nothing but separators/]];
        let tasks;
        let templates;
        let methods;
        const both = row => [tasks, templates].map(runs => runs[rows.findIndex(([inputs]) => inputs === row[0])]);
        before(async () => {
            await Promise.all([...hostile.map(name => suite.sandbox.create(name, openAi, 'gpt-4')), suite.sandbox.create('Desk', openAi, 'house-1'), suite.sandbox.create('desk', openAi, 'house-1'), suite.sandbox.createOwn('Own', openAi)]);
            await suite.sandbox.forget();
            const tape = recorded('audit');
            const { work } = await task({}, { shell: tape });
            tasks = [];
            for (const [inputs, more] of rows) {
                // The threshold and the artifact are the handler's own.
                tasks.push(await task(inputs, inputs.rule ? more : { shell: tape.again, work }));
            }

            templates = await template(...rows, ...refusals);
            methods = new Set((await suite.sandbox.requests()).map(r => r.method));
        });

        for (const { inputs, result, said, levels, counts = [4, 2, 1] } of cases) {
            test(`has its threshold, and says first what crosses it: ${JSON.stringify(inputs)}`, () => {
                const codes = ['ModelRetired', 'LookAlikeName', 'NotUsableInAgenticApps'].flatMap((rule, i) => Array(counts[i]).fill(levels[i] && `${levels[i]} ${rule}`)).filter(c => c);
                for (const run of both([inputs])) {
                    assert.deepEqual([run.result, run.codes], [result, codes], run.text);
                    assert.equal(run.first, `${said} Connections: 7. Findings: ${counts[0]} Error, ${counts[1]} Warning, ${counts[2]} Information.`, run.text);
                    const { errorFindings, warningFindings, informationFindings, thresholdCrossed, drift, failed, pagePath } = run.values;
                    assert.deepEqual([errorFindings, warningFindings, informationFindings, thresholdCrossed, drift, failed], [...counts.map(String), String(result === 'Failed'), '0', '0']);
                    assert.match(pagePath, /kore-connections-[^/]+\/kore-connections\.html$/);
                    assert.deepEqual(filesOf(run).filter(([, file]) => file.endsWith('.html')), pageCommands, run.text);
                }

                assert.deepEqual(methods, new Set(['GET']));
            });
        }

        test('shows hostile names as text, in the log, the summary, the report and the page', () => {
            const [run, same] = both([cases[2].inputs]);
            for (const { sent, results, lines } of [run, same]) {
                const { text, properties } = sent.find(f => f.name === 'artifact.upload');
                assert.deepEqual(properties, { containerfolder: 'nightly (1)', artifactname: 'nightly (1)' });
                assert.deepEqual(results, ['Failed'], lines.join('\n'));
                assert.ok(!text.includes('<img src=x') && !text.includes('<script>alert'));
                [hostile[0], hostile[2], hostile[3]].forEach(name => assert.ok(text.includes(`<th scope="row">${inHtml(name)}</th>`), name));
                lines.filter(l => !l.startsWith('##vso[')).forEach(l => assert.ok(!l.includes('##'), l));
            }

            // No name is in the path or the properties of a command.
            for (const { name, file, properties } of [...run.sent, ...same.sent]) {
                assert.match(file, /^(kore-connections\.html|report\.jsonl|Kore\.ai connections \(audit\)\.md)$/, name);
                assert.doesNotMatch(JSON.stringify(properties), /onerror|javascript|alert/);
            }

            const { summary } = run;
            assert.match(summary, /^### Kore\.ai connections: audit\n\nAudit failed: 4 ModelRetired, 2 LookAlikeName at or above Warning\./);
            assert.match(summary, /^\| ❌ Error ModelRetired \| &lt;img src\\=x onerror\\=alert\\\(1\\\)&gt; \| Open AI \| \d{4}\\-\d\d\\-\d\d \|/m);
            assert.match(summary, /^\| ℹ️ Information NotUsableInAgenticApps \| Own \|/m);
            assert.match(summary, /a\\\|b \\`c\\` \\\*\\\*\\\[x\\\]\\\(javascript\\:alert/);
            assert.match(summary, /in the artifact nightly \\\(1\\\)\./);
            assert.doesNotMatch(summary, /<img|<script|##vso|\[x\]\(/);
            summary.split('\n').filter(l => /^\| [❌⚠ℹ]/u.test(l)).forEach(row => assert.equal(row.split(/(?<!\\)\|/).length, 7, row));
            assert.equal(run.report.filter(r => r.Type === 'ConnectionIssue').length, Number(run.values.errorFindings) + Number(run.values.warningFindings) + Number(run.values.informationFindings));
            assert.match(run.sent.find(f => f.file === 'report.jsonl').text, /"Advice":"[^"]/);
        });

        test('with a manifest finds drift, needs no provider\'s key for it, and reads on where the manifest is wrong', () => {
            for (const run of both(unmapped)) {
                assert.deepEqual([run.result, run.values.drift, run.codes], ['Failed', '2', ['error Drift', 'error Drift']], run.text);
                assert.match(run.first, /^Audit failed: 2 Drift at or above Warning\. /);
            }

            for (const run of both(wrong)) {
                assert.equal(run.result, 'Failed', run.text);
                assert.ok(run.codes.includes('error KoreInvalidInput') && run.codes.includes('warning LookAlikeName') && page(run), run.text);
                assert.match(run.first, /^Audit failed: \d errors?\. Connections: 7\. Findings: 0 Error, 2 Warning, 0 Information\.$/);
            }
        });

        test('is not green where its manifest names no connection, and says so first', () => {
            for (const run of both(empty)) {
                assert.deepEqual([run.result, run.codes, run.values.drift], ['SucceededWithIssues', ['warning Warning'], '0'], run.text);
                assert.equal(run.first, 'Audit passed: no finding at or above Information. Connections: 7. Findings: 0 Error, 0 Warning, 0 Information. Drift was not examined: the manifest has no connections.', run.text);
                assert.match(run.text, /The manifest has no connections, so nothing was compared with it\. Correct its path, or add its connections\./);
            }
        });

        test('tries the keys of a manifest where it is asked to, and shows none', async () => {
            const provider = createServer((request, response) => response.writeHead(401, { 'content-type': 'application/json' })
                .end(JSON.stringify({ error: { message: `Incorrect API key provided: ${request.headers.authorization}`, code: 'invalid_api_key' } })));
            await once(provider.listen(0, '127.0.0.1'), 'listening');
            const run = await task({ ...keyless[0], providerUri: `http://localhost:${provider.address().port}` }, { env: { OPENAI_KEY: openAi } });
            provider.close();
            assert.deepEqual([run.result, run.codes], ['Failed', Array(4).fill('error KeyRejected')], run.text);
            assert.match(run.first, /^Audit failed: 4 KeyRejected at or above Error\. /);
            both(keyless).forEach(r => assert.match(`${r.result} ${r.text}`, /^Failed [^]*'OPENAI_KEY', which is not set/));
        });

        test('says what is wrong with its inputs, and has outputs and a summary then', async () => {
            for (const [inputs, said] of [
                [{ failOn: 'Grave' }, /failOn is 'Grave'\. Accepted values: none, Error, Warning, Information\./],
                [{ verifyKeys: 'true' }, /verifyKeys tests the keys of a manifest/],
                [{ rule: 'ModelRetird' }, /rule does not match any rule\. Did you mean ModelRetired\?/],
            ]) {
                const run = await task(inputs);
                assert.equal(run.result, 'Failed', run.text);
                assert.match(run.issues.map(i => i.message).join('\n'), said);
                assert.match(run.first, /^(Nothing was audited|Audit failed): /);
                assert.deepEqual([run.values.errorFindings, run.values.thresholdCrossed], ['0', 'false']);
                assert.deepEqual([run.values.pagePath, page(run)], ['', undefined], 'a page would say that all is well');
                assert.ok(run.summary);
            }

            refusals.forEach(([, said], i) => {
                const run = templates[rows.length + i];
                assert.deepEqual([run.result, run.codes.length, run.values.pagePath, page(run)], ['Failed', 1, '', undefined], run.text);
                assert.match(run.messages.join('\n'), said);
            });
        });

        test('that examined nothing because a rule is wrong says so first, and which, without the path of a page', async () => {
            for (const [inputs, input] of [
                [{ rule: 'Nope' }, 'rule'], [{ excludeRule: 'Nope' }, 'excludeRule'], [{ excludeRule: '*' }, 'excludeRule'], [{ rule: 'Drift' }, 'rule'], [{ rule: 'KeyRejected,KeyUnverified' }, 'rule'],
            ]) {
                const [run, [same]] = await Promise.all([task(inputs), template([inputs])]);
                assert.deepEqual([run.result, run.first, run.lines.filter(l => !l.startsWith('##vso')).pop()], ['Failed', ...Array(2).fill(`Nothing was audited: the input ${input} is wrong.`)], run.text);
                assert.deepEqual([same.result, same.first, same.lines.at(-1)], ['Failed', ...Array(2).fill(`Nothing was audited: the parameter ${input} is wrong.`)], same.text);
                [...run.issues.map(i => i.message), ...same.messages, run.summary].forEach(text => assert.doesNotMatch(text, /kore-connections-|-Rule|-ExcludeRule|-ManifestPath/));
            }
        });

        test('begins its log with the verdict in debug mode too, takes an empty path for none, and leaves artifacts to builds', async () => {
            const folder = newFolder();
            const debug = await task({ rule: 'Model*', manifestPath: folder, keySources: "'signed in'" }, { env: { SYSTEM_DEBUG: 'true', SYSTEM_HOSTTYPE: 'deployment', BUILD_SOURCESDIRECTORY: folder } });
            assert.match(debug.first, /^Audit failed: 4 ModelRetired at or above Error\. /, debug.text);
            assert.match(debug.log, /^signed in$/m);
            assert.match(debug.log, /GET http/);
            assert.deepEqual(filesOf(debug).filter(([, f]) => f.endsWith('.html')), pageCommands.slice(0, 2));
            assert.doesNotMatch(debug.summary, /artifact/);
        });

        test('takes what is secret out of the page, where a name holds it', async () => {
            await suite.sandbox.create(`Named after ${"s3cret'<value>"}`, openAi, 'gpt-4');
            const run = await task({ rule: 'ModelRetired', manifestPath: 'own.yaml' }, { env: { NAMED: "s3cret'<value>" }, files: { 'own.yaml': 'connections:\n  - { name: "Named after ${env:NAMED}", provider: OpenAI, model: gpt-4, apiKey: "env:OPENAI_KEY" }\n' } });
            assert.deepEqual([run.result, hunt(run, "s3cret'<value>").filter(p => p !== 'log' && p !== 'issues')], ['Failed', []], run.text);
            assert.match(page(run), /Named after \*\*\*/);
        });
    });

    describe('of one listing', () => {
        const desk = { connectionId: 'cn-1', connectionName: 'Desk', provider: 'Open AI', model: 'house-1', status: 'INACTIVE', modifiedOn: '2026-01-01T00:00:00Z' };
        const none = { 'none.yaml': 'connections: []\n' };
        // The first listings of a platform, of which the rest are empty. Connect-KorePlatform asks for one with a limit.
        async function flickering(shown) {
            const platform = createServer((request, response) => {
                const { pathname, searchParams } = new URL(request.url, 'http://localhost');
                const isListing = pathname.endsWith('/connections');
                const connections = isListing && !searchParams.has('limit') && platform.listings++ >= shown ? [] : [desk];
                response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(isListing ? { connections, total: connections.length } : desk));
            });
            platform.listings = 0;
            await once(platform.listen(0, '127.0.0.1'), 'listening');
            platform.origin = `http://localhost:${platform.address().port}`;
            return platform;
        }

        const steps = [[1, { rule: 'Inactive', failOn: 'Warning' }], [1, { rule: 'Drift,HiddenCharacters', manifestPath: 'none.yaml' }], [0, {}]];
        const kinds = {
            task: rows => Promise.all(rows.map(([inputs, origin]) => task(inputs, { endpoint: { url: origin, key: suite.sandbox.key }, files: none }))),
            template: rows => template(...rows.map(([inputs, origin]) => [inputs, { env: { KORE_HOST: `${origin}/api/public` }, files: none }])),
        };
        for (const [kind, run] of Object.entries(kinds)) {
            let audit;
            let another;
            let empty;
            before(async () => {
                const platforms = await Promise.all(steps.map(([shown]) => flickering(shown)));
                const runs = await run(steps.map(([, inputs], i) => [inputs, platforms[i].origin])).finally(() => platforms.forEach(p => p.close()));
                [audit, another, empty] = runs.map((r, i) => ({ ...r, listings: platforms[i].listings }));
            });

            test(`has its count, its findings and its page from it: ${kind}`, () => {
                assert.deepEqual([audit.result, audit.listings], ['Failed', 1], audit.text);
                assert.equal(audit.first, 'Audit failed: 1 Inactive at or above Warning. Connections: 1. Findings: 0 Error, 1 Warning, 0 Information.', audit.text);
                assert.match(page(audit), /<th scope="row">Desk<\/th>/);
            });

            test(`is not green where the listing for its manifest is another one, or where it examined nothing: ${kind}`, () => {
                assert.deepEqual([another.result, another.codes], ['Failed', ['error KoreUnexpectedResponse']], another.text);
                assert.match(another.text, /no longer lists 1 of the 1 connections/);
                assert.deepEqual([empty.result, empty.codes, empty.first, page(empty)], ['SucceededWithIssues', ['warning Nothing'], 'Nothing was audited: the platform has no connections.', undefined], empty.text);
            });
        }
    });

    describe('that is incomplete', () => {
        const now = new Date().toISOString();
        const draft = { connectionId: 'cn-1', connectionName: 'Desk', provider: 'Open AI', model: 'house-1', status: 'DRAFT', createdOn: now, modifiedOn: now };
        const own = { ...draft, connectionId: 'cn-2', connectionName: 'Own', provider: 'API', status: 'FINALIZED' };
        const down = { ...draft, connectionId: 'cn-3', connectionName: 'Down', provider: 'API', endpointUrl: 'http://localhost:1/v1', payload: { p: '{{prompt}}' }, outputPath: 'a' };
        const desk = key => `connections:\n  - { name: Desk, provider: OpenAI, model: house-1, apiKey: "${key}" }\n`;
        const all = { ...files, 'down.yaml': `connections: [${JSON.stringify({ name: 'Down', provider: 'API', endpointUrl: down.endpointUrl, payload: down.payload, outputPath: 'a', draft: true })}]`, 'desk.yaml': desk('env:DESK_KEY'), 'sealed.yaml': desk('sealed:desk'), 'sources.ps1': "Register-KeySource sealed { throw 'The vault is sealed.' }" };
        // Drafts are only good to know, so that nothing else of the page would say that anything is wrong.
        const steps = [
            { why: 'nothing is missing', inputs: {}, result: 'Succeeded', lead: ['Good', 'No action is needed.'] },
            { why: 'its manifest is wrong', inputs: { manifestPath: 'wrong.yaml' }, missing: /The manifest was not compared/ },
            { why: 'its manifest is nowhere', inputs: { manifestPath: 'none.yaml' }, missing: /The manifest was not compared/ },
            { why: 'a key is not mapped', inputs: { manifestPath: 'desk.yaml', verifyKeys: 'true', rule: 'Draft, Key*' }, missing: /Not every key was tested: 1 reference of the manifest could not be resolved\./ },
            { why: 'a source of keys fails', inputs: { manifestPath: 'sealed.yaml', verifyKeys: 'true', rule: 'Draft, Key*' }, sources: true, missing: /Not every key was tested: 1 reference/ },
            { why: 'a connection cannot be read once', inputs: {}, connections: [draft, own], missing: /1 connection could not be read by id/ },
            { why: 'no connection can be read', inputs: { rule: 'Draft, HiddenCharacters' }, connections: [draft, own], refused: 9, missing: /1 connection could not be read by id/ },
            { why: 'the listing is', inputs: {}, total: 3, result: 'SucceededWithIssues', missing: /Not every connection was examined/ },
            { why: 'no key could be verified', inputs: { manifestPath: 'down.yaml', verifyKeys: 'true', rule: 'Draft, KeyUnverified' }, connections: [down], result: 'SucceededWithIssues', missing: /<li>0 of 1 keys were verified at localhost:1\.<\/li>/, said: /^Audit passed: .* 0 of 1 keys were verified at localhost:1\.$/ },
            { why: 'no key was tested', inputs: { manifestPath: 'down.yaml', verifyKeys: 'true', rule: 'Draft, KeyUnverified' }, result: 'SucceededWithIssues', missing: /<li>No key was tested for Open AI \(1 connection\)\.<\/li>/, said: /^Audit passed: .* No key was tested for Open AI \(1 connection\)\.$/ },
            { why: 'its manifest has no connections', inputs: { manifestPath: 'empty.yaml' }, result: 'SucceededWithIssues', missing: /nothing was compared with it/ },
        ];
        async function platform({ connections = [draft], total = connections.length, refused = 1 }) {
            let reads = 0;
            const server = createServer((request, response) => {
                const { pathname } = new URL(request.url, 'http://localhost');
                const isListing = pathname.endsWith('/connections');
                const one = connections.find(c => pathname.endsWith(c.connectionId));
                const isRefused = one === own && reads++ < refused;
                response.writeHead(isRefused ? 403 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(isListing ? { connections, total } : isRefused ? {} : { endpointUrl: 'https://models.example.com/v1', ...one }));
            });
            await once(server.listen(0, '127.0.0.1'), 'listening');
            return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
        }

        const kinds = {
            task: given => Promise.all(given.map(([{ inputs, sources }, origin]) => task({ ...inputs, ...sources && { keySources: all['sources.ps1'] } }, { endpoint: { url: origin, key: suite.sandbox.key }, files: all }))),
            template: given => template(...given.map(([{ inputs, sources }, origin]) => [{ ...inputs, ...sources && { keySourcesPath: './sources.ps1' } }, { env: { KORE_HOST: `${origin}/api/public` }, files: all }])),
        };
        for (const [kind, run] of Object.entries(kinds)) {
            let runs;
            before(async () => {
                const platforms = await Promise.all(steps.map(platform));
                runs = await run(steps.map((step, i) => [step, platforms[i].origin])).finally(() => platforms.forEach(p => p.close()));
            });

            steps.forEach(({ why, result = 'Failed', lead = ['Warning', 'This report is incomplete.'], missing, said = /^/ }, i) => test(`has no page that says that all is well: ${why}, ${kind}`, () => {
                const [, level, headline] = page(runs[i])?.match(/class="lead (\w+)"><h2>([^<]*)/) ?? [];
                assert.deepEqual([runs[i].result, level, headline], [result, ...lead], runs[i].text);
                assert.match(runs[i].first, said, runs[i].text);
                const [, gaps] = page(runs[i]).match(/What is missing from this report([^]*?)<\/section>/) ?? [];
                if (missing) { assert.match(gaps, missing); } else { assert.equal(gaps, undefined); }
            }));
        }
    });
});
