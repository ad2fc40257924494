// The task from the unpacked extension, run as an agent runs it, against a sandbox: its actions, and its scripts.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { hunt, maskingLines, repeated, runStep, shell } from './support.mjs';
import { anthropic, counts, env, evil, explain, extension, files, fromFile, manifest, openAi, posixOnly, useTask, withProvider } from './task.mjs';

describe('The task', posixOnly, () => {
    const task = useTask();
    const { step } = task;

    const noise = "sh -c 'echo a-note-of-a-program >&2; exit 0'";
    const hasNoise = run => {
        assert.deepEqual([run.result, run.issues, run.counts.failed], ['Succeeded', [], '0'], explain(run));
        assert.match(explain(run), /^a-note-of-a-program$/m);
    };

    test('test says that a manifest is right, and takes what a program writes to standard error for text', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'test', manifestPath: 'connections.yaml', keySources: noise }, { env: { OPENAI_KEY: '$(OPENAI_KEY)' } });
        assert.deepEqual([run.result, run.log.split('\n').pop()], ['Succeeded', 'The manifest is valid: 3 connections.'], explain(run));
        assert.deepEqual(await task.sandbox.requests(), [], 'a connection that is given is not used');
        assert.deepEqual(run.counts, counts(0, 0, 0, 0));
        hasNoise(run);
    });

    test('compare tells drift and changes nothing, and failOnDrift makes drift a failure', async () => {
        await task.sandbox.forget();
        const [run, strict] = await repeated(step, { action: 'compare', manifestPath: 'connections.yaml' }, {}, { failOnDrift: 'true' });
        assert.equal(run.result, 'SucceededWithIssues', explain(run));
        assert.deepEqual(run.counts, counts(3, 0, 0, 0));
        assert.deepEqual(run.issues.map(i => [i.type, i.code]), [['warning', 'Create'], ['warning', 'Create'], ['warning', 'Create']]);
        await task.isOnlyRead();
        assert.ok(Object.values(run.variables).every(v => v.isOutput === 'true'));
        assert.equal(run.report.length, 3);
        assert.deepEqual([strict.result, strict.counts], ['Failed', counts(3, 0, 0, 0)], explain(strict));
    });

    test('sync with whatIf tells the same and changes nothing', async () => {
        await task.sandbox.forget();
        const [run, strict] = await repeated(step, { action: 'sync', manifestPath: 'connections.yaml', whatIf: 'true' }, {}, { failOnDrift: 'true' });
        assert.deepEqual(run.counts, counts(3, 0, 0, 0), explain(run));
        await task.isOnlyRead();
        // What a sync would change is no reason to fail.
        [run, strict].forEach(r => assert.deepEqual([r.result, r.issues.map(i => `${i.type} ${i.code}`)], ['SucceededWithIssues', Array(3).fill('warning Create')], explain(r)));
    });

    test('sync creates what is absent, a hostile name included, and the second time nothing', async () => {
        const run = await step({ action: 'sync', manifestPath: 'connections.yaml' }, { env: { SYSTEM_DEBUG: 'true' } });
        assert.equal(run.result, 'Succeeded', explain(run));
        assert.deepEqual(run.counts, counts(0, 3, 0, 0));
        assert.match(run.log, /POST http/);
        assert.deepEqual(run.secrets.sort(), [openAi, anthropic, fromFile, task.sandbox.key].sort());

        await task.sandbox.forget();
        const again = await step({ action: 'sync', manifestPath: 'connections.yaml' });
        assert.deepEqual([again.result, again.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(again));
        await task.isOnlyRead();
    });

    test('compare says 0 when all is in step, with variables as well as a service connection, and in another folder', async () => {
        const inputs = { action: 'compare', failOnDrift: 'true', connectionType: 'variables', hostName: task.sandbox.address, apiKey: task.sandbox.key, manifestPath: 'a.yaml', workingDirectory: 'sub folder' };
        const run = await step(inputs, { endpoint: undefined, files: { 'sub folder/a.yaml': manifest, 'sub folder/keys/openai.key': `${fromFile}\r\n` } });
        assert.deepEqual([run.result, run.counts, run.issues], ['Succeeded', counts(0, 0, 0, 0), []], explain(run));
        assert.match(run.log, /^In sync: 3\. Unmanaged: \d+\. Keys not comparable: 3\.$/m);
    });

    test('what cannot be changed is left to a person, and said', async () => {
        const other = manifest.replace('gpt-5.4-mini', 'gpt-5.5');
        const [run, strict] = await repeated(step, { action: 'sync', manifestPath: 'connections.yaml' }, { files: { 'connections.yaml': other } }, { failOnDrift: 'true' });
        assert.deepEqual([run.result, run.counts], ['SucceededWithIssues', counts(1, 0, 0, 0)], explain(run));
        assert.deepEqual(run.issues.map(i => i.code), ['CannotChange']);
        assert.match(run.summary, /What to do/);
        assert.equal(strict.result, 'Failed');
        const rehearsed = await step({ action: 'sync', manifestPath: 'connections.yaml', whatIf: 'true', failOnDrift: 'true' }, { files: { 'connections.yaml': other }, shell: task.warm });
        assert.deepEqual([rehearsed.result, rehearsed.issues.map(i => `${i.type} ${i.code}`)], ['Failed', ['error CannotChange']], explain(rehearsed));
    });

    test('what differs and can be changed is changed, of the names that were asked for', async () => {
        const own = url => `connections:\n  - name: Own model\n    provider: API\n    endpointUrl: ${url}\n    header: { x-api-key: env:ANTHROPIC_KEY }\n    payload: { prompt: "{{prompt}}" }\n    outputPath: content[0].text\n  - { name: Not asked for, provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n`;
        const sync = url => step({ action: 'sync', manifestPath: 'own.yaml', name: 'Own*', provider: 'API' }, { files: { 'own.yaml': own(url) }, shell: task.warm });
        assert.deepEqual((await sync('https://llm.example.com/v1')).counts, counts(0, 1, 0, 0));
        const run = await sync('https://llm.example.com/v2');
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 1, 0)], explain(run));
        assert.match(run.summary, /endpointUrl/);
    });

    test('a platform key that is wrong is one error', async () => {
        const run = await step({ action: 'compare', manifestPath: 'connections.yaml' }, { endpoint: { url: task.sandbox.origin, key: 'kg-marked-wrong-key-77' } });
        assert.deepEqual([run.result, run.counts.failed], ['Failed', '1'], explain(run));
        assert.equal(run.issues[0].code, 'KoreUnauthorized');
        assert.equal(run.log.split('\n').pop(), 'Nothing was compared: the platform rejected the API key.', explain(run));
        assert.ok(run.uploads.length >= 1 && run.summary, explain(run));
        assert.deepEqual(run.leaks('kg-marked-wrong-key-77'), []);
    });

    test('test tries the keys of a manifest at their providers', async () => {
        await task.sandbox.forget();
        const [run, seen] = await withProvider([openAi, fromFile], providerUri => step({ action: 'test', manifestPath: 'connections.yaml', verifyKeys: 'true', providerUri }, { shell: task.warm }));
        assert.deepEqual(seen.sort(), [openAi, anthropic, fromFile].sort(), explain(run));
        assert.deepEqual([run.result, run.counts, run.issues.map(i => i.code)], ['Failed', counts(0, 0, 0, 1), ['InvalidKey']], explain(run));
        assert.match(run.issues[0].message, /^Contract review: /);
        await task.isOnlyRead();
    });

    test('test warns of a key whose account has no credit, and not of one that is limited for a moment', async () => {
        for (const [key, code, name, said, usable] of [
            [openAi, 'insufficient_quota', 'Support desk', ['warning RateLimited'], /1 of 1 key can be used/],
            [fromFile, 'rate_limit_exceeded', '', [], /3 of 3 keys can be used/],
        ]) {
            const provider = createServer((request, response) => {
                const isLimited = request.headers.authorization === `Bearer ${key}`;
                response.writeHead(isLimited ? 429 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(isLimited ? { error: { message: 'Later', code, type: code } } : { id: 'model', type: 'model' }));
            });
            await once(provider.listen(0, '127.0.0.1'), 'listening');
            const run = await step({ action: 'test', manifestPath: 'connections.yaml', name, verifyKeys: 'true', providerUri: `http://localhost:${provider.address().port}` }, { shell: task.warm });
            provider.close();
            assert.deepEqual([run.result, run.issues.map(i => `${i.type} ${i.code}`)], [said.length ? 'SucceededWithIssues' : 'Succeeded', said], explain(run));
            run.issues.forEach(i => assert.match(i.message, /^Support desk: .* no credit left\. Check the billing\.$/));
            assert.match(run.log, usable, explain(run));
            assert.equal(run.report.filter(r => r.Verdict === 'RateLimited').length, 1, explain(run));
        }
    });

    test('sync tries keys first where it is asked to, and sends none that does not work', async () => {
        const more = "connections:\n  - { name: Tried, provider: OpenAI, model: gpt-5.4-mini, apiKey: 'env:OPENAI_KEY' }\n  - { name: Tried too, provider: Anthropic, model: claude, apiKey: 'env:ANTHROPIC_KEY' }\n";
        const sync = providerUri => step({ action: 'sync', manifestPath: 'more.yaml', verifyKeys: 'true', providerUri }, { files: { 'more.yaml': more }, shell: task.warm });
        await task.sandbox.forget();
        const [refused, seen] = await withProvider([openAi], sync);
        assert.deepEqual([refused.result, refused.counts], ['Failed', counts(1, 1, 0, 1)], explain(refused));
        assert.deepEqual(seen.sort(), [openAi, anthropic].sort());
        assert.match(refused.issues[0].message, /^Tried too: /);
        assert.equal((await task.sandbox.requests()).filter(r => r.method === 'POST').length, 1);
        const [run] = await withProvider([openAi, anthropic], sync);
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 1, 0, 0)], explain(run));
    });

    test('what leads nowhere is said: no manifest, no script', async () => {
        for (const [inputs, said] of [
            [{ action: 'test', connectionType: 'none', manifestPath: 'none.yaml' }, /none\.yaml' does not match any manifest/],
            [{ action: 'compare', manifestPath: 'none/*.yaml' }, /does not match any manifest/],
            [{ action: 'sync', manifestPath: 'none' }, /does not match any manifest/],
            [{ action: 'script', scriptType: 'filePath', scriptPath: 'none.ps1' }, /none\.ps1/],
        ]) {
            const run = await step(inputs, { shell: task.warm });
            assert.deepEqual([run.result, run.counts.failed], ['Failed', '1'], explain(run));
            assert.match(run.issues[0].message, said);
        }
    });

    test('script has a session and the module of the task, its objects and texts go to the log, and no command', async () => {
        // Another module of the name, which is found first.
        const other = {
            'modules/KoreConnections/0.0.1/KoreConnections.psd1': "@{ ModuleVersion = '0.0.1'; RootModule = 'KoreConnections.psm1'; FunctionsToExport = 'Get-Connection', 'Connect-KorePlatform' }",
            'modules/KoreConnections/0.0.1/KoreConnections.psm1': "function Get-Connection { 'older' }; function Connect-KorePlatform { throw 'older' }",
        };
        const script = `Import-Module KoreConnections\n"found $((Get-Connection 'Support desk').Model)"\nGet-Connection -Name 'Support desk'\n'${evil}'\n'###vso[task.setvariable variable=drift]9'
            [Console]::Out.WriteLine('##vso[task.setvariable variable=drift]9')\n[Console]::Error.WriteLine('##[error]x')\n${noise}; 'all done'`;
        const run = await step({ action: 'script', script }, { files: other, env: { PSModulePath: 'modules' }, atFolder: ['PSModulePath'] });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 0, 0, 0)], explain(run));
        assert.match(run.log, /found gpt-5.4-mini/);
        assert.match(run.log, /Support desk/);
        assert.match(run.log, /# # #vso\[task\.setvariable/);
        hasNoise(run);
    });

    test('script and sources have values masked by the commands for it, which are shown nowhere', async () => {
        const said = maskingLines.map(({ command, value }, i) => `'${command}${value}' | ${['Write-Host', 'Write-Output', '& { process { [Console]::Out.WriteLine($_) } }', 'Write-Warning', 'Write-Error -ErrorAction Continue'][i % 5]}`);
        const text = [...said, "'##vso[task.setvariable variable=T;issecret=false]shown-1'", "'##vso[task.setsecret]hush-a%0Ahush-b%AZP25c'", "throw '##vso[task.setsecret]hush-thrown'"].join('\n');
        const more = { lateSecrets: maskingLines.length + 3, shell: task.warm };
        const runs = await Promise.all([
            step({ action: 'script', script: text }, more), step({ action: 'script', script: "'ran'", keySources: text }, more),
            step({ action: 'audit', keySources: text }, more),
        ]);
        for (const run of runs) {
            assert.deepEqual(new Set(run.secrets.filter(s => s.startsWith('hush-'))), new Set([...maskingLines.map(l => l.value), 'hush-a', 'hush-b%c', 'hush-thrown']), explain(run));
            assert.deepEqual([run.result, hunt(run, 'hush-'), run.values.T], ['Failed', [], undefined], explain(run));
            assert.match(run.log, /# #vso\[task\.setsecret\]\*\*\*/);
            assert.match(run.log, /# #vso\[task\.setvariable variable=T;issecret=false\]shown-1/);
        }
    });

    test('script stops at the first error, and what was sent by then is in the log', async () => {
        for (let i = 0; i < 20; i++) {
            await task.sandbox.create(`Drain ${i}`, openAi);
        }

        await task.sandbox.forget();
        await task.sandbox.fault({ method: 'PATCH', skip: 5, status: 400 });
        const run = await step({ action: 'script', script: "Get-Connection -Name 'Drain*' | Set-Connection -ApiKey env:OPENAI_KEY -PassThru -ThrottleLimit 1 | & { process { \"changed $($_.ConnectionName)\" } }\n'not reached'" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.deepEqual([run.issues.map(i => i.code), run.log.split('\n').pop()], [['KoreInvalidRequest'], 'The script failed: 1 error.'], explain(run));
        assert.ok(run.uploads.length >= 1 && run.summary, explain(run));
        const made = (await task.sandbox.requests()).filter(r => r.method === 'PATCH' && r.status === 200).length;
        assert.equal(run.lines.filter(l => l.startsWith('changed Drain')).length, made);
        assert.ok(made >= 5 && made < 20, `${made}`);
        assert.doesNotMatch(run.log, /not reached/);
        await task.sandbox.repair();
    });

    test('script that was not run is a failure, and says that it was not, whatever it was that failed', async () => {
        const cases = [
            [{ script: '' }, /script is empty/],
            [{ scriptType: 'filePath' }, /scriptPath is empty/],
            [{ scriptType: 'filePath', scriptPath: 'keys' }, /scriptPath is 'keys', which is not a \.ps1 file/],
            [{ scriptType: 'filePath', scriptPath: 'of-a-folder.ps1' }, /scriptPath was not found/],
            [{ scriptType: 'filePath', scriptPath: 'none.ps1' }, /scriptPath was not found: .*none\.ps1/],
            [{ scriptType: 'filePath', scriptPath: 'x.txt' }, /scriptPath is 'x\.txt', which is not a \.ps1 file/],
            [{ scriptType: 'file' }, /scriptType is 'file'/],
            [{ failOnDrift: 'yes' }, /failOnDrift is 'yes'/],
            [{ throttleLimit: '0' }, /throttleLimit is '0'/],
            [{ connectionType: 'none' }, /script needs a platform/],
            [{}, /serviceConnection is empty/, { endpoint: undefined }],
            [{ connectionType: 'variables', hostName: '$(KORE_HOST)', apiKey: 'x' }, /hostName is '\$\(KORE_HOST\)'/],
            [{ connectionType: 'variables', hostName: task.sandbox.address, apiKey: '$(KORE_API_KEY)' }, /apiKey is '\$\(KORE_API_KEY\)'/],
            [{ workingDirectory: 'nowhere' }, /workingDirectory was not found/],
            [{ pwsh: 'false' }, /Set pwsh: true/],
            [{}, /no pwsh on its PATH/, { env: { PATH: '/nowhere' } }],
            [{ script: "'env:UNMAPPED'; 'ran'" }, /env:UNMAPPED, which holds '\$\(UNMAPPED\)'/, { env: { UNMAPPED: '$(UNMAPPED)' } }],
            [{}, /rejected|key/i, { endpoint: { url: task.sandbox.origin, key: 'kg-marked-wrong-key-77' } }, 'the platform rejected the API key'],
            [{ keySources: "throw 'no vault'" }, /no vault/, {}, '1 error'],
            [{ keySources: "Write-Error 'one' -ErrorAction Continue; Write-Error 'two'" }, /one/, {}, '2 errors'],
        ];
        const made = { 'of-a-folder.ps1/x.ps1': "'ran'", 'x.txt': "'ran'" };
        const runs = await Promise.all(cases.map(([inputs, , more]) => step({ action: 'script', script: "'ran'", ...inputs }, { files: made, shell: task.warm, ...more })));
        cases.forEach(([, said, , why = 'the step could not start'], i) => {
            const run = runs[i];
            assert.deepEqual([run.result, run.log.split('\n').filter(l => l).pop()], ['Failed', `The script was not run: ${why}.`], explain(run));
            assert.match(run.issues[0].message, said);
            assert.ok(!run.lines.includes('ran') && Number(run.counts.failed) >= 1 && run.summary.includes('The script was not run'), explain(run));
        });
    });

    test('script may be written by the sources, and its path without the ending of PowerShell', async () => {
        const write = "Set-Content made.ps1 '$env:MADE = \"env:OF_MADE\"; \"ran $env:OF_MADE\"'";
        const made = { 'deploy.ps1': "'ran'", 'sub/deploy.ps1': "'ran'", 'deploy.d/x': '', 'deploy.d.ps1': "'ran'", 'both.ps1': "'ran'", both: 'x', 'run.sh': '#!/bin/sh\n' };
        const cases = [
            ['deploy', ''], ['./deploy', ''], ['sub/deploy', ''], ['deploy.d', ''], ['deploy.PS1', "Rename-Item deploy.ps1 deploy.PS1"], ['made.ps1', write],
            ['both', '', /scriptPath is 'both', which is not a \.ps1 file/], ['run.sh', 'chmod +x run.sh', /scriptPath is 'run\.sh', which is not a \.ps1 file/],
            ['none', write, /scriptPath is 'none', which is not/], ['none.ps1', write, /scriptPath was not found: .*none\.ps1/], ['deploy.ps1', 'Remove-Item deploy.ps1', /scriptPath was not found/],
        ];
        const key = 'marked-of-a-made-script-77';
        const runs = await Promise.all(cases.map(([scriptPath, keySources]) => step({ action: 'script', scriptType: 'filePath', scriptPath, keySources },
            { files: made, env: { OF_MADE: key }, lateSecrets: scriptPath === 'made.ps1' ? 1 : 0, shell: task.warm })));
        cases.forEach(([path, , refused], i) => {
            const run = runs[i];
            assert.deepEqual([run.result, run.lines.some(l => /^ran( |$)/.test(l))], refused ? ['Failed', false] : ['Succeeded', true], `${path}: ${explain(run)}`);
            assert.equal(run.secrets.includes(key), path === 'made.ps1', explain(run));
            if (refused) {
                assert.match(run.issues[0].message, refused);
                assert.equal(run.log.split('\n').filter(l => l).pop(), 'The script was not run: the step could not start.');
            }
        });
    });

    test('script: its exit code counts', async () => {
        const run = await step({ action: 'script', scriptType: 'filePath', scriptPath: 'own.ps1' }, { files: { 'own.ps1': "'about to end'\nexit 3\n" } });
        assert.deepEqual([run.result, run.issues.map(i => i.code)], ['Failed', ['ExitCode']], explain(run));
    });

    test('a shell that ends before its work is done is a failure', async () => {
        const run = await step({ action: 'script', script: "'begun'\r\n[Environment]::Exit(0)\r\n'not reached'" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.match(run.issues[0].message, /PowerShell ended early, with exit code 0/);
    });
});

describe('An agent', () => {
    test('without PowerShell says what to do', async () => {
        const run = await runStep(extension, shell, { action: 'test', connectionType: 'none', manifestPath: 'connections.yaml' }, { files, env: { ...env, PATH: '/nowhere' } });
        assert.deepEqual(run.results, ['Failed']);
        assert.match(run.issues[0].message, /no pwsh on its PATH\. Install PowerShell 7/);
    });
});
