// How the task keeps keys to itself: those of variables, of vaults, and of sources that a script adds.

import assert from 'node:assert/strict';
import fs, { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { hunt, newFolder, requireThere, runStep, shell } from './support.mjs';
import { counts, explain, extension, leavesVaultsAlone, noVault, openAi, posixOnly, useTask } from './task.mjs';

const secrets = requireThere('./task/secrets.js');

// The forms in which the module reads a file: by a mark at its start, else as UTF-8.
const swapped = text => Buffer.from(text, 'utf16le').swap16();
const forms = {
    'UTF-8': text => Buffer.from(text),
    'UTF-8 with a mark': text => Buffer.from(`\uFEFF${text}`),
    'UTF-16': text => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'UTF-16, the high byte first': text => swapped(`\uFEFF${text}`),
    'UTF-16 with lines of Windows': text => Buffer.from(`\uFEFF${text.replace(/\n/g, '\r\n')}`, 'utf16le'),
    'UTF-8 with lines of Windows': text => Buffer.from(text.replace(/\n/g, '\r\n')),
};

for (const [form, write] of Object.entries(forms)) {
    test(`keys are found as the module reads them: ${form}`, () => {
        const folder = newFolder();
        writeFileSync(join(folder, 'm.yaml'), write('connections:\n- apiKey: env:КЛЮЧ\n- apiKey: file:own.key\n'));
        writeFileSync(join(folder, 'own.key'), write('key-of-a-file\n'));
        writeFileSync(join(folder, 'own.ps1'), write("$x = 'env:OF_SCRIPT'\n"));
        const found = secrets.find({ folder, manifest: 'm.yaml', scriptPath: join(folder, 'own.ps1') }, { КЛЮЧ: 'key-of-a-variable', OF_SCRIPT: 'key-of-a-script' });
        assert.deepEqual([found.values.sort(), found.missing, found.hasKeys], [['key-of-a-file', 'key-of-a-script', 'key-of-a-variable'], [], true]);
    });
}

test('a manifest is found by any path by which the module finds it', () => {
    const folder = join(newFolder(), 's [1]');
    mkdirSync(join(folder, 'sub [2]'), { recursive: true });
    ['c.yaml', 'd[1].yaml', join('sub [2]', 'e.json')].forEach(name => writeFileSync(join(folder, name), ''));
    for (const [pattern, ...names] of [
        ['c.yaml', 'c.yaml'], ['*.yaml', 'c.yaml', 'd[1].yaml'], ['.', 'c.yaml', 'd[1].yaml', join('sub [2]', 'e.json')], ['d`[1`].yaml', 'd[1].yaml'], ['d[[]*', 'd[1].yaml'],
        ['sub [2]', join('sub [2]', 'e.json')], ['sub `[2`]/*.json', join('sub [2]', 'e.json')], ['s*/e.json', join('sub [2]', 'e.json')], ['FileSystem::c.yaml', 'c.yaml'],
        [`Microsoft.PowerShell.Core\\FileSystem::${join(folder, '*.yaml')}`, 'c.yaml', 'd[1].yaml'], ['none/*.yaml'], ['`none.yaml'], [''],
    ]) {
        assert.deepEqual(secrets.manifestFiles(folder, pattern).sort(), names.map(name => join(folder, name)).sort(), pattern);
    }
});

test('a reference leads to a variable of any name and a file of any path', () => {
    const folder = newFolder();
    const names = ['КЛЮЧ', 'clé_d’essai', '鍵', 'MY KEY', 'MY  KEY', 'A+B', 'a,b', 'KEY%', '@key', 'ProgramFiles(x86)', 'ключ-2', 'e\u0301'];
    const paths = ['k.key', 'key sp.txt', 'a|b', 'a,b.key', "it's.key", 'ключ.txt', 'c(1).key', 'd[1].key', 'with#1.key', 'sub/e.key'];
    mkdirSync(join(folder, 'sub'));
    paths.forEach((name, i) => writeFileSync(join(folder, name), `key-of-file-${i}`));
    const env = Object.fromEntries(names.map((name, i) => [name, `key-of-variable-${i}`]));
    const inManifest = text => {
        writeFileSync(join(folder, 'm.yaml'), text);
        return secrets.find({ folder, manifest: 'm.yaml' }, env);
    };
    const quoted = [t => `- apiKey: "${t}"`, t => `{ "apiKey": "${t}", "model": "m" }`, t => `{"a":"env:NONE","apiKey":"${t}","b":"file:none"}`];
    const digits = t => t.replace(/[^ -~]/gu, c => [...Array(c.length)].map((_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''));
    for (const write of [...quoted, t => `- apiKey: ${t}`, t => `- apiKey: >-\n    ${t}\n`, t => `{"apiKey":"${digits(t).replace(':', '\\u003a')}"}`]) {
        names.forEach((name, i) => {
            const text = write(`env:${name}`);
            assert.ok(inManifest(text).values.includes(`key-of-variable-${i}`) && inManifest(text).hasKeys, text);
        });
        paths.forEach((name, i) => assert.ok(inManifest(write(`file:${name}`)).values.includes(`key-of-file-${i}`), write(`file:${name}`)));
    }

    for (const text of ['apiKey: "Bearer env:MY KEY"', 'apiKey: Env:/MY KEY', 'apiKey: "env:MY\n   KEY"', 'payload: { a: "${env:MY KEY}" }', 'apiKey: env: MY KEY # x']) {
        assert.ok(inManifest(text).values.includes('key-of-variable-3'), text);
    }

    assert.deepEqual(inManifest('{ apiKey: file:key sp.txt, model: y, header: { a: file:k.key } }').values.sort(), ['key-of-file-0', 'key-of-file-1']);
    // A name that only begins so is another one, and what nothing refers to is no secret.
    assert.deepEqual(inManifest('apiKey: env:MY KEYS\nname: КЛЮЧ, A+B\nother: env:ключ-22').values, []);
    const map = secrets.find({ folder, keyMap: 'Desk = env:MY KEY | env:NO KEY\nOther = x-api-key: env:A+B\nThird = file:key sp.txt|file:k.key' }, env);
    assert.deepEqual([map.values.sort(), map.missing], [['key-of-file-0', 'key-of-file-1', 'key-of-variable-3', 'key-of-variable-5'], ['NO KEY']]);
    assert.deepEqual(secrets.find({ folder, keyMap: 'Desk = env:MY KEY' }, { 'MY KEY': '$(MY KEY)' }).unresolved, ['MY KEY']);
});

// A failed program, of which the script says itself that it is none.
const handled = ['$LASTEXITCODE = 0', 'if ($LASTEXITCODE -le 3) { $LASTEXITCODE = 0 }', "'absent'; exit 0"].map(end => `sh -c 'exit 3'\n${end}`);

describe('The task', posixOnly, () => {
    const task = useTask(['Turn 1', 'Turn 2', 'Turn 3'], { isWarm: true });
    const { step } = task;
    const anyKey = `sk-$x;%AZP25%0A"q"'s'\`]##vso[a])$b(&|<>^!\\~ANYK`;

    describe('with a manifest of many files', () => {
        const secret = 'filled-in passphrase 55';
        const marked = ['UTF-16', 'UTF-16, the high byte first', 'UTF-8 with a mark'].map((form, i) => ({ form, write: forms[form], ofVariable: `sk-marked-of-a-variable-${i}3d4eQVAR`, ofFile: `sk-marked-of-a-file-${i}0a1b2cQFIL` }));
        const row = (name, reference) => `  - { name: "${name}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "${reference}" }\n`;
        const files = {
            ...noVault,
            'all/any.yaml': `# References: env:NAME, file:PATH, secret:[VAULT/]NAME\nconnections:\n${row('Any key', 'env:ANY_KEY')}`,
            'all/own.yaml': '# apiKey: secret:desk\nconnections:\n  - name: "Own ${env:FILLED}"\n    provider: API\n    endpointUrl: "https://llm.example.com/v1?tier=${env:TIER}"\n    header: { x-api-key: env:OPENAI_KEY }\n    payload: { m: "{{prompt}}", style: "${env:FILLED}" }\n    outputPath: x\n',
            ...Object.fromEntries(marked.flatMap(({ form, write, ofFile }, i) => [
                [`all/${i}.yaml`, write(`connections:\n${row(`In ${form}`, `env:KEY_${i}`)}${row(`Of a file in ${form}`, `file:own-${i}.key`)}`)], [`all/own-${i}.key`, write(ofFile)],
            ])),
            'more/vault.yaml': `connections:\n${row('Of a vault', 'secret:desk')}`,
        };
        const env = { ANY_KEY: anyKey, FILLED: secret, TIER: 'gold-tier-of-ours', PSModulePath: 'modules', ...Object.fromEntries(marked.map(({ ofVariable }, i) => [`KEY_${i}`, ofVariable])) };
        const runs = [];
        before(async () => {
            for (const [action, manifestPath] of [['test', '*/*.yaml'], ['compare', 'all'], ['sync', 'all'], ['compare', 'all']]) {
                runs.push(await step({ action, manifestPath }, { files, env, atFolder: ['PSModulePath'] }));
            }
        });

        test('a key of any characters is masked whole', () => {
            const run = runs[2];
            assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 8, 0, 0)], explain(run));
            assert.ok(run.secrets.includes(anyKey), run.secrets.join('\n'));
            assert.deepEqual(run.leaks(anyKey), []);
        });

        for (const { form, ofVariable, ofFile } of marked) {
            test(`keys of a manifest in ${form} are masked by the agent, and compared`, () => {
                const [, , sync, compare] = runs;
                assert.deepEqual([sync, compare].map(run => run.result), ['Succeeded', 'Succeeded'], [sync, compare].map(explain).join('\n'));
                assert.doesNotMatch(compare.log, /Keys (were|are) not compared/);
                [sync, compare].forEach(run => [ofVariable, ofFile].forEach(key => assert.deepEqual([run.secrets.includes(key), hunt(run, key)], [true, []], explain(run))));
            });
        }

        test('what a manifest fills in is masked by the agent, and is in no plan, summary or report', () => {
            for (const run of runs) {
                assert.deepEqual([hunt(run, secret), hunt(run, 'gold-tier-of-ours')], [[], []], explain(run));
                assert.ok(run.secrets.includes(secret) && run.secrets.includes('gold-tier-of-ours'));
                assert.equal(run.issues.filter(i => i.type === 'error').length, 0, explain(run));
            }
        });

        ['test', 'compare', 'sync'].forEach((action, i) => test(`${action} leaves vaults alone that no reference names`, () => leavesVaultsAlone(runs[i])));
    });

    describe('with a script', () => {
        const [ofVariable, ofFile] = ['sk-marked-only-by-the-module-5f6aQMOD', 'sk-marked-only-by-the-module-7b8cQFIL'];
        const script = `# secret:desk is no more
            $n = 'LATE'; Get-Connection 'Turn 3' | Set-Connection -ApiKey ('env:' + $n)
            $env:LATE
            $f = 'late.key'; Get-Connection 'Turn 3' | Set-Connection -ApiKey ('file:' + $f)
            Get-Content late.key
            "key: $env:OPENAI_KEY"; $null = "env:OPENAI_KEY"
            (Get-Connection 'Any key' | Set-Connection -ApiKey env:ANY_KEY -PassThru).Fields.API_KEY`;
        let run;
        before(async () => {
            run = await runStep(extension, task.warm, { action: 'script', script }, { endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, env: { LATE: ofVariable, OPENAI_KEY: openAi, ANY_KEY: anyKey, PSModulePath: 'modules' }, files: { ...noVault, 'late.key': forms['UTF-16'](ofFile) }, atFolder: ['PSModulePath'] });
        });

        test('a key whose reference only the module can read is masked by the agent before it is used', () => {
            for (const key of [ofVariable, ofFile]) {
                const masked = run.lines.indexOf(`##vso[task.setsecret]${key}`);
                assert.ok(masked >= 0 && masked < run.lines.indexOf(key), explain(run));
                assert.equal(run.secrets.filter(s => s === key).length, 1);
            }
        });

        test('script that prints keys still shows them to nobody but the agent, which masks them', () => {
            assert.ok(run.secrets.includes(openAi));
            assert.ok(run.lines.indexOf(`##vso[task.setsecret]${openAi}`) < run.lines.findIndex(l => l.startsWith('key: ')), explain(run));
        });

        test('a key of any characters reaches the platform whole', () => {
            assert.match(run.log, /\*{3}ANYK/);
            assert.deepEqual(run.leaks(anyKey), []);
        });

        test('script leaves vaults alone that no reference names', () => leavesVaultsAlone(run));
    });

    test('a key of a vault is masked by the agent before anything else too', async () => {
        const vault = { 'modules/Microsoft.PowerShell.SecretManagement/Microsoft.PowerShell.SecretManagement.psm1': "function Get-Secret($Name, $Vault) { if ($Name -ne 'desk') { throw 'none' }; $s = [securestring]::new(); foreach ($c in $env:IN_VAULT.ToCharArray()) { $s.AppendChar($c) }; $s }" };
        const own = "connections:\n  - { name: Of a vault, provider: OpenAI, model: gpt-5.4-mini, apiKey: 'secret:team/desk' }\n";
        const run = await step({ action: 'sync', manifestPath: 'own.yaml' }, { files: { ...vault, 'own.yaml': own }, env: { IN_VAULT: 'sk-marked-in-a-vault-1f2e3d', PSModulePath: 'modules' }, atFolder: ['PSModulePath'], lateSecrets: 1 });
        assert.deepEqual([run.result, run.counts], ['Succeeded', counts(0, 1, 0, 0)], explain(run));
        assert.ok(run.secrets.includes('sk-marked-in-a-vault-1f2e3d'));
        assert.deepEqual(run.leaks('sk-marked-in-a-vault-1f2e3d'), []);
    });

    for (const { sources, references, keySources, files } of [
        { sources: 'one that a script registers, and Azure Key Vault', references: ['corp:team/desk', 'azkv:team/desk'], keySources: "'ready'\nRegister-KeySource corp { param($Name) $env:IN_0 }\nfunction global:az { $env:IN_1 }" },
        { sources: 'Azure Key Vault, by the module', references: ['azkv:team/desk'], files: { 'modules/Az.KeyVault/Az.KeyVault.psm1': 'function Get-AzKeyVaultSecret($VaultName, $Name) { $env:IN_0 }' } },
    ]) {
        test(`a key of a source is masked by the agent before it is used: ${sources}`, async () => {
            const values = references.map((_, i) => `marked-in-a-source-${i}1f2e3d`);
            const run = await step({ action: 'rotate', keyMap: references.map((reference, i) => `Turn ${i + 1} = ${reference}`).join('\n'), skipVerification: 'true', ...(keySources && { keySources }) },
                { files, env: { ...Object.fromEntries(values.map((value, i) => [`IN_${i}`, value])), PSModulePath: 'modules' }, atFolder: ['PSModulePath'], lateSecrets: values.length });
            assert.ok(['Succeeded', 'SucceededWithIssues'].includes(run.result), explain(run));
            values.forEach(value => assert.deepEqual([run.secrets.includes(value), run.leaks(value)], [true, []], explain(run)));
        });
    }

    test('a key of several lines that a source gives is refused, and no line of it is shown', async () => {
        const secure = "ConvertTo-SecureString ($env:IN_VAULT -replace ' ', [string][char]10) -AsPlainText -Force";
        const bodies = [secure, `[pscredential]::new('u', (${secure}))`, `@{ key = ${secure} }`];
        await task.sandbox.forget();
        const run = await step({
            action: 'rotate', skipVerification: 'true', keyMap: bodies.map((_, i) => `Turn ${i + 1} = corp${i}:x`).join('\n'),
            keySources: bodies.map((body, i) => `Register-KeySource corp${i} { ${body} }`).join('\n'),
        }, { env: { IN_VAULT: 'marked-first-1f2e marked-second-3d4c' } });
        assert.deepEqual([run.result, run.counts.failed, run.issues.length], ['Failed', '3', 3], explain(run));
        run.issues.forEach(issue => assert.match(issue.message, /emitted several lines/));
        assert.deepEqual([run.leaks('marked-first'), run.leaks('marked-second')], [[], []]);
        await task.isOnlyRead();
    });

    test('what the agent masks by itself is in no summary and no upload, where no reference names it', async () => {
        const secret = 'tok-Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl';
        const secretVariables = { GATEWAY_TOKEN: secret, 'My.Own token': 'True', LINES: 'first-line-of-it-1a2b\r\nsecond-line-of-it-3c4d' };
        const more = { secretVariables, env: { GATEWAY_TOKEN: secret, OPENAI_KEY: openAi, LINES: secretVariables.LINES } };
        const name = `Of ${secret}`;
        const files = { 'own.yaml': `connections:\n  - { name: "${name}", provider: OpenAI, model: gpt-5.4-mini, apiKey: "env:OPENAI_KEY" }\n` };
        const cases = [
            { action: 'script', script: 'throw "401 for $env:GATEWAY_TOKEN"' }, { action: 'script', script: 'throw $env:GATEWAY_TOKEN' },
            ...['"$env:GATEWAY_TOKEN, more"', '"login with $env:GATEWAY_TOKEN failed"', '"id.$env:GATEWAY_TOKEN"'].flatMap(text => [`throw ${text}`, `Write-Error x -ErrorId ${text}`])
                .map(script => ({ action: 'script', script })),
            { action: 'script', script: 'Write-Warning "calling with $env:GATEWAY_TOKEN"' }, { action: 'script', script: 'Write-Error "no $env:GATEWAY_TOKEN" -ErrorAction Continue' },
            { action: 'script', script: '[pscustomobject]@{ Token = $env:GATEWAY_TOKEN }; throw "of $env:LINES"' },
            ...['compare', 'sync', 'audit', 'test'].map(action => ({ action, manifestPath: 'own.yaml', keySources: 'throw "no $env:GATEWAY_TOKEN"' })),
            { action: 'compare', manifestPath: 'own.yaml', keySources: 'Write-Warning "with $env:GATEWAY_TOKEN"' },
            { action: 'compare', manifestPath: 'own.yaml', failOnDrift: 'true' }, { action: 'rotate', keyMap: `${name} = env:OPENAI_KEY`, whatIf: 'true' },
        ];
        const runs = await Promise.all(cases.map(inputs => runStep(extension, task.warm, inputs, { endpoint: { url: task.sandbox.origin, key: task.sandbox.key }, ...more, files })));
        for (const [i, run] of runs.entries()) {
            assert.ok(!run.issues.some(({ message, ...properties }) => JSON.stringify(properties).includes(secret)), `${JSON.stringify(cases[i])} ${explain(run)}`);
            const uploaded = [run.summary, ...run.sent.map(f => f.text)].join('\n').replace(/\\/g, '');
            [secret, 'first-line-of-it', 'second-line-of-it'].forEach(text => assert.ok(!uploaded.includes(text), `${JSON.stringify(cases[i])} ${uploaded}`));
            assert.deepEqual(run.secrets.filter(s => s === secret), [], 'the agent knows it');
        }

        // What is an error's id stays, and a text that is thrown is in its issue once.
        const codes = await Promise.all([['Write-Error x -ErrorId Own.Id-1', 'Own.Id-1'], ["throw 'NotSignedIn'", undefined], ["Get-Connection 'None'", 'KoreConnectionNotFound']].map(async ([script, code]) =>
            [(await step({ action: 'script', script })).issues[0].code, code]));
        codes.forEach(([code, expected]) => assert.equal(code, expected));
        // A secret that reads as a word of the module hides no drift.
        const drift = runs.at(-2);
        assert.deepEqual([drift.results, drift.variables.drift.value, /Of \*\*\*/.test(drift.summary.replace(/\\/g, ''))], [['Failed'], '1', true], explain(drift));
    });

    for (const keySources of ["sh -c 'exit 3'", 'exit 3', "sh -c 'echo no-sign-in >&2; exit 3'", "sh -c 'exit 3'\nRegister-KeySource corp { 'x' }", "& { sh -c 'exit 3' } | Out-Null", "$LASTEXITCODE = 0; sh -c 'exit 3'"]) {
        test(`sources whose program fails end the step before anything is sent: ${keySources}`, async () => {
            await task.sandbox.forget();
            for (const inputs of [{ action: 'rotate', keyMap: 'Turn 1 = corp:x' }, { action: 'script', script: "'ran'" }, { action: 'audit' }, { action: 'test', connectionType: 'none', manifestPath: 'connections.yaml' }]) {
                const run = await step({ ...inputs, keySources }, { shell: inputs.action === 'script' ? shell : undefined });
                assert.deepEqual([run.result, run.issues.map(i => `${i.code} ${i.message}`)], ['Failed', ['ExitCode The script in keySources exited with code 3.']], explain(run));
                assert.match(run.log.split('\n').filter(l => l).join('\n'), /(Nothing was|No key was|The script was not) \w+: the exit code of a script was not 0\./);
                assert.doesNotMatch(run.log, /^ran$/m);
            }

            assert.deepEqual(await task.sandbox.requests(), []);
        });
    }

    test('sources whose last program ends well pass', async () => {
        for (const keySources of ["sh -c 'exit 3'; sh -c 'exit 0'", "sh -c 'exit 3'; exit 0", "sh -c 'exit 3'; $global:LASTEXITCODE = 0", "'no program'", ...handled]) {
            const run = await step({ action: 'test', connectionType: 'none', manifestPath: 'connections.yaml', keySources }, { shell });
            assert.deepEqual([run.result, run.issues], ['Succeeded', []], explain(run));
        }

        for (const [script, result] of [...handled.map(text => [text, 'Succeeded']), ["$LASTEXITCODE = 0; sh -c 'exit 3'", 'Failed']]) {
            assert.equal((await step({ action: 'script', script })).result, result, script);
        }
    });

    test('what a program of a source says is neither an item nor counted', async () => {
        const keySources = "Register-KeySource corp { sh -c 'echo one >&2; echo two >&2; echo sk-marked-of-a-program-1a2b3c' }";
        const own = name => `  - { name: "${name}", provider: OpenAI, model: gpt-5.5, apiKey: "corp:x" }\n`;
        const cases = [
            ['compare', ['Turn 1'], /^Drift: 1 of 1 connection differ /],
            ['compare', ['Turn 1', 'Turn 1'], /^Nothing was compared: the manifest has 1 error\.$/],
            ['sync', ['Turn 1', 'Turn 1'], /^Nothing was changed: the manifest has 1 error\.$/],
        ];
        for (const [action, names, last] of cases) {
            const run = await step({ action, manifestPath: 'own.yaml', keySources }, { files: { 'own.yaml': `connections:\n${names.map(own).join('')}` }, lateSecrets: 1 });
            assert.match(run.log.split('\n').filter(l => l).pop(), last, explain(run));
            assert.deepEqual(run.report.filter(r => r.Type === 'String'), []);
            assert.deepEqual(run.log.split('\n').filter(l => /^(one|two)$/.test(l)), ['one', 'two'], explain(run));
        }
    });

    test('what a program of a source says is text, and its failure says why', async () => {
        const notice = "sh -c 'echo Updates-are-available >&2; echo sk-marked-of-a-program-1a2b3c'";
        const rotate = body => step({ action: 'rotate', skipVerification: 'true', keyMap: 'Turn 2 = corp:x | env:OPENAI_KEY', keySources: `Register-KeySource corp { ${body} }` }, { lateSecrets: /exit 1/.test(body) ? 0 : 1 });
        const [run, failed] = [await rotate(notice), await rotate("sh -c 'echo not-signed-in >&2; exit 1'")];
        assert.deepEqual([run.result, run.issues], ['Succeeded', []], explain(run));
        assert.match(run.log, /^Updates-are-available$/m);
        assert.deepEqual(run.leaks('sk-marked-of-a-program'), []);
        assert.deepEqual([failed.result, failed.issues.length], ['Failed', 1], explain(failed));
        assert.match(failed.issues[0].message, /not-signed-in/);
    });

    test('a key that a script gives to a cmdlet is masked before its use, and no version beside it', async () => {
        const [first, second] = ['sk-marked-of-a-script-3c4d5e', 'marked-in-a-header-6f7a8b'];
        const custom = "-CustomApi -EndpointUrl https://x.example.com -MapProvider openAIModel -Feature streaming -Header @{ 'anthropic-version' = '2023-06-01'; 'x-api-key' = $key }";
        const script = ["-OpenAI -Model gpt-5.4-mini -ApiKey (ConvertTo-SecureString $key -AsPlainText -Force)", custom]
            .map((rest, i) => `$key = '${[first, second][i].split('-').join("' + '-' + '")}'; New-Connection -Name 'Of a script ${i}' -WhatIf ${rest}`).join('\n');
        const run = await step({ action: 'script', script }, { lateSecrets: 2 });
        assert.deepEqual([run.result, run.secrets.slice(-2)], ['Succeeded', [first, second]], explain(run));
    });

    test('a script of sources that fails ends the step before anything is sent', async () => {
        await task.sandbox.forget();
        const run = await step({ action: 'rotate', keyMap: 'Turn 1 = corp:x', keySources: "Register-KeySource 'No Scheme' { 'x' }\nRegister-KeySource corp { 'x' }" });
        assert.equal(run.result, 'Failed', explain(run));
        assert.match(run.issues[0].message, /is not a valid scheme/);
        assert.deepEqual(await task.sandbox.requests(), []);
    });
});

describe('what a manifest, a key map or a script holds is searched in a time and in memory that are in proportion to its length', () => {
    const folder = newFolder();
    const { InputError } = requireThere('./task/inputs.js');
    const inText = (kind, text, env = {}) => {
        writeFileSync(join(folder, 'm.yaml'), kind === 'manifest' ? text : '');
        return secrets.find({ folder, manifest: 'm.yaml', [kind]: kind === 'manifest' ? 'm.yaml' : text }, env);
    };
    const long = (part, length) => part.repeat(Math.ceil(length / part.length));
    const numbered = (write, count) => Array.from({ length: count }, (_, i) => write(i)).join('');
    const size = 64 * 1024;

    test('the paths that may follow references are no more than its characters', () => {
        for (const text of [
            long('file: ', size), long('file:a ', size), long('file:a,b;c ', size), numbered(i => `file:${i} `, 8000), numbered(i => `file: ${i}.key, `, 5000),
            long(`file:${'a b c '.repeat(60)}`, size), numbered(i => `x: file:${i} ${'word '.repeat(70)}\n`, 150),
        ]) {
            const count = secrets.references(text, folder, {}, 'manifest').file.size;
            assert.ok(count > 0 && count <= text.length, `${count}: ${text.slice(0, 40)}`);
        }
    });

    test('each path is looked up once', context => {
        const stat = context.mock.method(fs, 'statSync');
        for (const [text, most] of [[long('file: ', size), 20], [long('- apiKey: file:k.key\n', size), 20], [numbered(i => `- apiKey: file:${i}.key\n`, 1000), 1020]]) {
            stat.mock.resetCalls();
            inText('manifest', text);
            assert.ok(stat.mock.callCount() <= most, `${stat.mock.callCount()}: ${text.slice(0, 40)}`);
        }
    });

    test('a path is found behind others, and may look like a reference', () => {
        const paths = ['one.key', 'two words.key', 'a file:b.key', 'file:c.key', 'a, file: b.key', 'one two three four five six seven eight nine ten.key'];
        paths.forEach((path, i) => writeFileSync(join(folder, path), `key-of-path-${i}`));
        const all = paths.map((_, i) => `key-of-path-${i}`);
        for (const write of [p => `- apiKey: file:${p}`, p => `{ apiKey: file:${p}, model: m }`, p => `"apiKey": "file: ${p}",`, p => `- [file:none, file:${p}]`]) {
            paths.forEach((path, i) => assert.ok(inText('manifest', write(path)).values.includes(all[i]), write(path)));
        }

        const line = `{ a: [${paths.slice(0, 2).map(p => `file:${p}`).join(', ')}, ${long('x: file:none, ', 2000)} file:${paths[5]}] }`;
        assert.deepEqual(['manifest', 'keyMap', 'script'].map(kind => inText(kind, line).values.sort()), Array(3).fill([all[0], all[1], all[5]]));
    });

    test('a text that is eight times as long takes no more than a few times eight', () => {
        const took = (kind, text) => {
            const before = process.cpuUsage().user;
            inText(kind, text, { 'MY KEY': 'key-of-spaces', 'BASH_FUNC_x%%': '() { x; }' });
            return (process.cpuUsage().user - before) / 1000;
        };
        for (const part of ['${env:', '<#', '<# ', ' "', " '", 'env:', 'env:MY ', 'env:BASH_FUNC_y ', '"secret ', ' #', 'file:', '\\u0066', '`"']) {
            for (const kind of ['manifest', 'script']) {
                const [short, whole] = [30000, 240000].map(length => took(kind, long(part, length)));
                assert.ok(whole < 30 * Math.max(short, 20), `${kind} ${part}: ${short} ms, ${whole} ms`);
            }
        }
    });

    test('a line of 15 MB has room', () => {
        for (const part of ['a', '\\\\', '`"', "''", '\\"', 'a b ']) {
            const found = inText('manifest', `- a: "${long(part, 15 * 1024 * 1024)}"\n- apiKey: env:GOOD\n`, { GOOD: 'key-of-good' });
            assert.deepEqual(found.values, ['key-of-good'], part);
        }
    });

    test('what could not be masked whole is refused, and what the module refuses is not read', () => {
        const refused = (kind, text, env) => assert.throws(() => inText(kind, text, env), e => e instanceof InputError && /did not begin\.$/.test(e.message));
        refused('manifest', numbered(i => `file:${i} `, 310000));
        ['manifest', 'keyMap', 'script'].forEach(kind => refused(kind, long('${env:LONG}', 110000), { LONG: 'x'.repeat(2000) }));
        const files = Array.from({ length: 258 }, (_, i) => `${i}.key`);
        files.forEach(file => writeFileSync(join(folder, file), 'x'.repeat(size)));
        refused('manifest', files.map(file => `- apiKey: file:${file}\n`).join(''));
        writeFileSync(join(folder, 'own.ps1'), `# ${'x'.repeat(16 * 1024 * 1024)}`);
        assert.throws(() => secrets.find({ folder, scriptPath: join(folder, 'own.ps1') }, {}), InputError);
        assert.deepEqual(inText('manifest', `apiKey: env:GOOD\n# ${'x'.repeat(16 * 1024 * 1024)}`, { GOOD: 'key-of-good' }).values, []);
    });
});
