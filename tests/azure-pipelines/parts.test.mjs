// What the handler is made of, by itself: texts, secrets, inputs, outcomes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hunt, inHtml, newFolder, parseCommand, requireThere, root, source } from './support.mjs';

const { part, clean, markdown } = requireThere('./task/text.js');
const secrets = requireThere('./task/secrets.js');
const { checkPaths, read, InputError } = requireThere('./task/inputs.js');
const { firstLine, judge, unemitted } = requireThere('./task/outcome.js');
const { page } = requireThere('./task/summary.js');

const hostile = ['##vso[task.complete result=Failed;]', '###vso[x]', '####vso[x]', '#####[error]', '# ##vso[y]', '#\u200B#vso[z]', '##\u202Evso[a]', '#\r#vso[b]', '#\n#[c]', '#\u0000#vso[d]'];

test('no text keeps the start of a command', () => {
    for (const text of hostile) {
        assert.doesNotMatch(part(text), /##/, text);
        assert.doesNotMatch(clean(`before ${text} after`), /##|[\r\n\u0000\u202E]/, text);
        assert.doesNotMatch(markdown(text), /##/, text);
        assert.equal(parseCommand(clean(text)), null);
    }
});

test('random texts of the characters that matter keep none either', () => {
    const letters = ['#', '#', '#', '[', ']', 'vso', ' ', '\u200B', '\t', '\r', '\n', ';', '%', 'a'];
    for (let i = 0; i < 5000; i++) {
        const text = Array.from({ length: i % 12 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
        assert.doesNotMatch(clean(text), /##/, JSON.stringify(text));
        assert.doesNotMatch(part(text), /##/, JSON.stringify(text));
    }
});

test('a text is shown in Markdown as it is', () => {
    assert.equal(markdown('a|b'), 'a\\|b');
    assert.equal(markdown('<script>alert(1)</script>'), '&lt;script&gt;alert\\(1\\)&lt;\\/script&gt;');
    assert.equal(markdown('[x](https://example.com) `code` *bold*'), '\\[x\\]\\(https\\:\\/\\/example\\.com\\) \\`code\\` \\*bold\\*');
    assert.equal(markdown('a\n\n# Title'), 'a \\# Title');
});

test('references are found wherever they may stand', () => {
    const found = secrets.references(`
        connections:
          - name: "env: is no reference, and env:IN_TEXT is"
            apiKey: env:PLAIN_KEY # a comment
          - { apiKey: "env:QUOTED_KEY" }
          - { headers: { x-api-key: 'env:HEADER_KEY', authorization: file:keys/one.key } }
          - apiKey: secret:vault/name of it
          - apiKey: file:\${env:FOLDER}/two.key
          - model: \${env:MODEL}
        Support desk = env:MAP_KEY | env:OLD_KEY`, '/place', { FOLDER: '/keys', MODEL: 'gpt-4o' });
    assert.deepEqual([...found.env].filter(n => n !== 'is').sort(), ['FOLDER', 'HEADER_KEY', 'IN_TEXT', 'MAP_KEY', 'MODEL', 'OLD_KEY', 'PLAIN_KEY', 'QUOTED_KEY']);
    assert.ok(found.file.has('/keys/two.key'));
    assert.ok(found.file.has('/place/keys/one.key'));
    assert.ok(found.namesVault);
});

test('a vault is named by a reference, and by nothing else', () => {
    for (const text of [
        '# apiKey: env:NAME, file:PATH or secret:[VAULT/]NAME',
        'apiKey: env:KEY # or secret:desk',
        'connections: [] #secret:desk is gone',
        'headers: { x-secret: env:GATEWAY_KEY, client_secret: env:OTHER }',
        'x-client-secret: env:GATEWAY_KEY',
        'secret: env:KEY',
        'payload: { top.secret: yes }',
        '{ "secret": "env:KEY", "my-secret:": "env:KEY" }',
        '<#\n.PARAMETER NewKey\n  secret:NAME of the key\n#>\nGet-Connection',
        "Write-Host 'the secret: never shown'",
        "name: Bob's desk # secret:desk",
    ]) {
        [text, text.replaceAll('secret:', 'azkv:')].forEach(t => assert.equal(secrets.references(t, '/place', {}).namesVault, false, t));
    }

    for (const text of [
        'apiKey: secret:desk',
        'apiKey: secret:team/desk # of the team',
        '{ apiKey: secret:desk, model: m }',
        "{ apiKey: 'secret:team/desk 1', model: 'secret: x' }",
        '"apiKey": "secret: desk"',
        'authorization: Bearer secret:gateway',
        'authorization: "Bearer secret:gateway"',
        'Desk = secret:new | secret:old',
        'Desk = x-api-key: secret:new',
        'Set-Connection $id secret:desk; New-Connection -ApiKey secret:two',
        "Set-Connection $id -Header @{ a='secret:three' } # secret:four",
        'apiKey: secret:/Group/Entry',
        "name: '#1', apiKey: secret:desk",
        'note: "a # b", key: "secret:desk"',
    ]) {
        [text, text.replaceAll('secret:', 'azkv:')].forEach(t => assert.equal(secrets.references(t, '/place', {}).namesVault, true, t));
    }
});

test('what a comment names is neither masked nor missed, and a number sign within a name begins none', () => {
    const folder = newFolder();
    const env = { GOOD: 'key-of-good', LATER: 'key-of-later', LEFT: '$(LEFT)' };
    const find = (kind, text) => {
        writeFileSync(join(folder, 'm.yaml'), kind === 'manifest' ? text : '');
        const { values, missing, unresolved } = secrets.find({ folder, manifest: 'm.yaml', [kind]: kind === 'manifest' ? 'm.yaml' : text }, env);
        return { values, open: [...missing, ...unresolved] };
    };
    for (const [kind, text, values = ['key-of-good']] of [
        ['manifest', '# apiKey: env:LEFT\n- apiKey: env:GOOD # or env:ABSENT'],
        ['manifest', "- { name: 'Bob''s #1', apiKey: env:GOOD } # env:LEFT"],
        ['manifest', '- { name: "a \\" #1", apiKey: env:GOOD }'],
        ['manifest', '{ "name": "#1 <#", "apiKey": "env:GOOD", "model": "#> #" }'],
        ['manifest', 'payload: |\n  # Title ${env:LATER}\napiKey: env:GOOD', ['key-of-good', 'key-of-later']],
        ['keyMap', '# Desk = env:LEFT\n  # Desk = env:ABSENT\nDesk #1 = env:GOOD | env:LATER', ['key-of-good', 'key-of-later']],
        ['keyMap', "Bob's #1 = x-api-key: env:GOOD\n#Desk = file:none.key"],
        ['script', '<#\nenv:LEFT\n#>\nSet-Connection Desk env:GOOD # env:ABSENT'],
        ['script', 'Set-Connection "a `" #1" -ApiKey env:GOOD'],
    ]) {
        assert.deepEqual(find(kind, text), { values, open: [] }, text);
    }
});

test('every secret that is referred to is found, line by line', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'env', 'prod', 'deep.d', 'more'), { recursive: true });
    mkdirSync(join(folder, 'env', 'prod', '.hidden.d'));
    writeFileSync(join(folder, 'env', 'prod', 'deep.d', 'more', 'd.yml'), 'connections:\n- apiKey: env:FOURTH\n');
    writeFileSync(join(folder, 'env', 'prod', '.hidden.d', 'e.yml'), 'connections:\n- apiKey: env:THIRD\n');
    writeFileSync(join(folder, 'env', 'prod', 'a.yaml'), 'connections:\n- apiKey: env:FIRST\n- apiKey: file:one.key\n- apiKey: env:MISSING\n- apiKey: secret:v/n\n');
    writeFileSync(join(folder, 'env', 'prod', 'b.json'), '{ "apiKey": "env:SECOND" }');
    writeFileSync(join(folder, 'env', 'prod', 'c.txt'), 'env:THIRD');
    writeFileSync(join(folder, 'env', 'prod', 'one.key'), '\uFEFFfrom-a-file\r\nsecond-line\n');
    const env = { FIRST: 'first-key', SECOND: ' second-key ', THIRD: 'third-key', FOURTH: 'fourth-key' };
    for (const manifest of ['env', 'env/prod', 'env/*', 'env/p*/*', 'env/prod/*.*']) {
        const found = secrets.find({ folder, manifest: manifest === 'env/*' ? 'env/*/*' : manifest, keyMap: '', script: '', scriptPath: '', platform: { key: 'platform-key' } }, env);
        assert.deepEqual(found.values.sort(), ['first-key', 'fourth-key', 'from-a-file', 'platform-key', 'second-key', 'second-line'], manifest);
        assert.deepEqual(found.missing, ['MISSING']);
        assert.equal(found.hasKeys, true);
    }
});

test('only what is defined is a secret', () => {
    const inputs = { folder: '/', keyMap: 'a = env:WHOLE\nb = x-key: env:HEADER\nc = env:SPACED\nd = env:GOOD', platform: null };
    const env = { WHOLE: '$(WHOLE)', HEADER: 'Bearer $(TOKEN)', SPACED: ' $(My Group.Key) ', GOOD: 'a-key-with-$(x)-within', OTHER: 'x' };
    const found = secrets.find(inputs, env);
    assert.deepEqual([found.values, found.unresolved, found.hasKeys], [['a-key-with-$(x)-within'], ['WHOLE', 'HEADER', 'SPACED'], true]);
    assert.equal(secrets.find(inputs, { ...env, GOOD: '' }).hasKeys, false);
    // What a manifest fills in is no key to compare.
    assert.equal(secrets.find({ ...inputs, keyMap: 'x: ${env:OTHER}' }, env).hasKeys, false);
    assert.doesNotThrow(() => read(given({ action: 'script', connectionType: 'variables', hostName: 'h', apiKey: 'k', script: '$(Get-Connection)' })));
});

test('a secret that is planted in what a step shows or uploads is found', () => {
    const key = 'planted "key" 0123456789';
    const clean = { leaks: () => [], issues: [], summary: '', report: [] };
    assert.deepEqual(hunt(clean, key), []);
    for (const [place, planted] of [
        ['log', { leaks: text => [`it is ${text}`] }],
        ['issues', { issues: [{ message: `it is ${key}` }] }],
        ['summary', { summary: `| ${key} |` }],
        ['report', { report: [{ Difference: `x: a -> ${key}` }] }],
        ['files', { sent: [{ file: 'kore-connections.html', text: `<td>${inHtml(key)}</td>`, properties: {} }] }],
        ['files', { sent: [{ file: 'kore-connections.html', text: '', properties: { artifactname: key } }] }],
        ['report', { report: [{ Address: `https://x?y=${encodeURIComponent(key)}` }] }],
    ]) {
        assert.deepEqual(hunt({ ...clean, ...planted }, key), [place]);
    }
});

test('known secrets are taken out of what is uploaded, the longest first', () => {
    assert.equal(secrets.masker(new Set(['secret', 'secret-and-more', 'a.b[c']))('a=secret-and-more b=secret c axb[c a.b[c'), 'a=*** b=*** c axb[c ***');
    assert.equal(secrets.masker(new Set())('as it is'), 'as it is');
    const page = '<style>td{}</style><td class="td">Is <b>td</b> &lt;&#39;k&quot;&gt;</td>\n<script>"td<x>"</script>td';
    assert.equal(secrets.pageWithout(page, new Set(['td', `<'k">`])), '<style>td{}</style><td class="td">Is <b>***</b> ***</td>\n<script>"td<x>"</script>***');
});

test('secrets are taken out in the forms that addresses and JSON give them, too', () => {
    const values = ['Zq7+Rt5/Yu9Io3Pa1Sd4Fg6==', 'pa"ss\\word-1a2b', 'with space & more', "it's (a) *key*!", 'ключ-от-двери', '<tag>+`tick`', 'tab\there', 'half \uD800 of a pair'];
    const lower = text => text.replace(/%[\dA-F]{2}/g, found => found.toLowerCase());
    const strict = text => encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const json = text => JSON.stringify(text).slice(1, -1);
    const number = c => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    // System.Text.Json, and ConvertTo-Json of Windows PowerShell for what is in ASCII.
    const others = [text => json(text).replace(/\\"/g, '\\u0022').replace(/[^ -~]|[<>&'+`]/g, number), text => json(text).replace(/[^ -~]|[<>&']/g, number)];
    for (const value of values) {
        const mask = secrets.masker(new Set([value, 'another-secret']));
        const written = value.includes('\uD800') ? [json] : [encodeURIComponent, strict, t => lower(encodeURIComponent(t)), t => lower(strict(t)), json, ...others];
        written.forEach(write => assert.equal(mask(`a ${write(value)} b another-secret`), 'a *** b ***', write(value)));
        assert.equal(secrets.pageWithout(`<p title="x">${inHtml(json(value))}</p>`, [value]), '<p title="x">***</p>');
    }
});

test('a value is the agent\'s secret where its name is no public one', () => {
    const env = { SECRET_NAME: 'openai', SECRET_MY_OWN_TOKEN: 'token-1a2b', SECRET_STEP: 'of-the-step', ENDPOINT_AUTH_PARAMETER_X_APITOKEN: 'login-3c4d' };
    const found = lists => secrets.ofAgent({ ...env, ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [`VSTS_${name}_VARIABLES`, list && JSON.stringify(list)])) });
    const [login, token] = ['login-3c4d', 'token-1a2b'];
    for (const [lists, expected] of [
        [{ SECRET: ['My.Own token'], PUBLIC: ['secret.name', 'system.debug'] }, [token, login]], [{ SECRET: [], PUBLIC: [] }, [login]],
        [{ SECRET: ['my own.token', 'Name'] }, ['openai', token, login]], [{ SECRET: ['name'], PUBLIC: ['secret.name'] }, ['openai', login]],
        [{ PUBLIC: ['Secret.Name', 'secret step'] }, [token, login]], [{}, ['openai', token, 'of-the-step', login]],
    ]) {
        assert.deepEqual(found(lists).sort(), [...expected].sort(), JSON.stringify(lists));
    }
});

const given = (inputs, more = {}) => ({ ...Object.fromEntries(Object.entries(inputs).map(([n, v]) => [`INPUT_${n.toUpperCase()}`, v])), ...more });

test('each mistake in the inputs is said', () => {
    const platform = { connectionType: 'variables', hostName: 'localhost', apiKey: 'k' };
    for (const [inputs, said] of [
        [{ ...platform, action: 'destroy' }, /action is 'destroy'\. Accepted values: test, compare/],
        [{ action: 'compare', manifestPath: 'a' }, /serviceConnection is empty/],
        [{ action: 'compare', serviceConnection: 'none-such', manifestPath: 'a' }, /no address/],
        [{ action: 'compare', connectionType: 'none', manifestPath: 'a' }, /compare needs a platform/],
        [{ action: 'test', connectionType: 'none', manifestPath: 'a', verifyKeys: 'true' }, /needs a platform/],
        [{ ...platform, action: 'compare' }, /manifestPath is empty/],
        [{ ...platform, action: 'rotate' }, /keyMap is empty/],
        [{ ...platform, action: 'rotate', keyMap: '\r\n # Desk = env:KEY\r\n' }, /keyMap has no line but comments/],
        [{ ...platform, action: 'sync', manifestPath: 'a', name: ' ,\r\n, ' }, /name has nothing but separators/],
        [{ ...platform, action: 'script' }, /script is empty/],
        [{ ...platform, action: 'script', scriptType: 'filePath' }, /scriptPath is empty/],
        [{ ...platform, apiKey: '$(KORE_API_KEY)', action: 'compare', manifestPath: 'a' }, /\$\(KORE_API_KEY\)': no variable of that name/],
        [{ ...platform, action: 'compare', manifestPath: 'a', throttleLimit: '0' }, /throttleLimit is '0'.*from 1 to 256/],
        [{ ...platform, action: 'sync', manifestPath: 'a', whatIf: 'yes' }, /whatIf is 'yes'\. Use true or false\./],
        [{ ...platform, action: 'compare', manifestPath: 'a', failOnDrift: '1' }, /failOnDrift is '1'/],
        [{ ...platform, action: 'test', manifestPath: 'a', verifyKeys: 'on' }, /verifyKeys is 'on'/],
        [{ ...platform, action: 'compare', manifestPath: 'a', provider: 'Google' }, /provider is 'Google'/],
        [{ ...platform, action: 'rotate', keyMap: 'a = env:B', batchSize: 'x' }, /batchSize is 'x'/],
        [{ ...platform, hostName: '$(KORE_HOST)', action: 'compare', manifestPath: 'a' }, /hostName is '\$\(KORE_HOST\)': no variable of that name/],
        [{ ...platform, action: 'compare', manifestPath: '$(manifest)' }, /manifestPath is '\$\(manifest\)': no variable/],
        [{ ...platform, action: 'rotate', keyMap: '$(keys)' }, /keyMap is '\$\(keys\)': no variable/],
        // An agent makes the folder of the sources of a path that is left empty.
        [{ ...platform, action: 'compare', manifestPath: process.cwd() }, /manifestPath is empty/],
        [{ ...platform, action: 'sync', manifestPath: `${process.cwd()}/` }, /manifestPath is empty/],
        [{ ...platform, action: 'script', scriptType: 'filePath', scriptPath: process.cwd() }, /scriptPath is empty/],
        ...['x.txt', 'x.sh', 'x', 'sub/.', 'x.psm1', 'x.ps1.bak', 'env:x'].map(scriptPath => [{ ...platform, action: 'script', scriptType: 'filePath', scriptPath }, /scriptPath is '.*', which is not a \.ps1 file\. /]),
        [{ ...platform, action: 'audit', verifyKeys: 'true', manifestPath: process.cwd() }, /manifestPath is empty\. Set manifestPath/],
        [{ ...platform, action: 'audit', connectionType: 'none' }, /audit needs a platform/],
        [{ ...platform, action: 'audit', failOn: 'Critical' }, /failOn is 'Critical'\. Accepted values: none, Error, Warning, Information/],
        [{ ...platform, action: 'audit', excludeRule: ',' }, /excludeRule has nothing but separators/],
        [{ ...platform, action: 'audit', rule: ' , ' }, /rule has nothing but separators/],
        [{ ...platform, action: 'audit', withinDays: '3651' }, /withinDays is '3651'.*from 0 to 3650/],
        [{ ...platform, action: 'audit', withinDays: '-1' }, /withinDays is '-1'/],
        [{ ...platform, action: 'audit', maximumKeyAgeDays: 'old' }, /maximumKeyAgeDays is 'old'/],
        ...['a;b', 'a]b', 'a/b', '../up', 'a\\b', 'a%0Ab', '##vso[x]', 'end.', 'x'.repeat(101)].map(artifactName => [{ ...platform, action: 'audit', artifactName }, /artifactName is '.*'\. Use up to 100 letters/]),
        [{ ...platform, action: 'compare', manifestPath: 'a', compareKeys: 'maybe' }, /compareKeys is 'maybe'\. Accepted values: auto, true, false/],
        [{ ...platform, action: 'compare', manifestPath: 'a', compareKeys: 'False', failOnUnknownKeys: 'true' }, /needs compareKeys, which is false\. Use only one/],
    ]) {
        assert.throws(() => read(given(inputs)), e => e instanceof InputError && said.test(e.message), JSON.stringify(inputs));
    }
});

test('a number has the limits of the parameter that gets it', () => {
    const commands = join(root, 'src', 'KoreConnections', 'Commands');
    const code = readdirSync(commands).filter(name => name.endsWith('.cs')).map(name => readFileSync(join(commands, name), 'utf8')).join('\n');
    const names = [...readFileSync(join(source, 'task', 'inputs.js'), 'utf8').matchAll(/\bnumber\('(\w+)'/g)].map(m => m[1]);
    const described = JSON.parse(readFileSync(join(source, 'task', 'task.json'), 'utf8')).inputs;
    assert.ok(names.length > 5, `${names}`);
    for (const name of names) {
        const [, ...limits] = code.match(new RegExp(String.raw`\bValidateRange\((\d[\d_]*), (\d[\d_]*|int\.MaxValue)\)\]\s+public int ${name}\b`, 'i')) ?? [];
        const [least, most] = limits.map(limit => limit === 'int.MaxValue' ? 2 ** 31 - 1 : Number(limit.replaceAll('_', '')));
        const number = value => read(given({ action: 'test', manifestPath: 'm', [name]: String(value) }))[name];
        assert.deepEqual([least, most].map(number), [least, most].map(String), name);
        const refuses = { name: 'Error', message: new RegExp(`${name} is '.*from ${least} to ${most}\\.`) };
        [least - 1, most + 1].forEach(value => assert.throws(() => number(value), refuses, `${name}: ${value}`));
        assert.ok(most === 2 ** 31 - 1 || described.find(i => i.name === name).helpMarkDown.includes(`rom ${least} to ${most}`), name);
    }
});

test('inputs are read as the agent gives them', () => {
    const inputs = read(given({ action: 'Compare', connectionType: 'variables', hostName: ' h ', apiKey: 'k', manifestPath: 'm', name: 'a, b\nc', failOnDrift: 'True' }, { SYSTEM_DEFAULTWORKINGDIRECTORY: '/s' }));
    assert.deepEqual([inputs.action, inputs.platform, inputs.names, inputs.failOnDrift, inputs.pwsh, inputs.folder, inputs.throttleLimit], ['compare', { host: 'h', key: 'k' }, 'a\nb\nc', true, true, '/s', '8']);
});

test('a test of a manifest needs no platform, whatever connection is given', () => {
    [{}, { connectionType: 'none' }, { connectionType: 'variables' }, { serviceConnection: 'none-such' }]
        .forEach(more => assert.equal(read(given({ action: 'test', manifestPath: 'm', verifyKeys: 'false', ...more })).platform, null));
});

test('an audit is read as the agent gives it, with a manifest or without', () => {
    const root = process.cwd();
    const inputs = more => read(given({ action: 'audit', connectionType: 'variables', hostName: 'h', apiKey: 'k', ...more }, { SYSTEM_DEFAULTWORKINGDIRECTORY: root, BUILD_SOURCESDIRECTORY: '/other' }));
    const some = inputs({ failOn: 'warning', rule: 'Model*,\n Key* ', withinDays: '0', artifactName: 'audit (1)' });
    assert.deepEqual([some.failOn, some.rules, some.withinDays, some.artifact, some.manifest], ['Warning', 'Model*\nKey*', '0', 'audit (1)', '']);
    assert.deepEqual(['', root, '/other', './', 'm.yaml', `${root}/m`].map(manifestPath => inputs({ manifestPath }).manifest), ['', '', '', './', 'm.yaml', `${root}/m`]);
    assert.deepEqual([inputs({}).failOn, inputs({}).artifact], ['Error', 'model-connections']);
});

const whole = { exitCode: 0, isWhole: true, cancelled: false };
const planned = (Action, Outcome = '') => ({
    Type: 'ConnectionPlanItem', Action, Outcome, Name: Action, Reason: 'because', IsDrift: ['InSync', 'Unmanaged'].includes(Action) || Outcome === 'Done' ? 'False' : 'True',
});

test('counts, result and sentence follow from what came', () => {
    const compare = (items, errors = [], options = {}, ended = whole) => judge({ action: 'compare', ...options }, items, errors, [], ended);
    assert.deepEqual([compare([planned('InSync'), planned('Unmanaged')])].map(o => [o.result, o.message]), [['Succeeded', 'In sync: 1. Unmanaged: 1. Keys not comparable: 0.']]);
    assert.deepEqual([compare([planned('InSync'), planned('Create'), planned('Ambiguous')])].map(o => [o.result, o.variables.drift, o.message]), [['SucceededWithIssues', 2, 'Drift: 2 of 3 connections differ from the manifest. In sync: 1. Unmanaged: 0. Keys not comparable: 0.']]);
    assert.equal(compare([planned('Create')], [], { failOnDrift: true }).result, 'Failed');
    assert.deepEqual([compare([], [{ message: 'x' }])].map(o => [o.result, o.variables.failed, o.message]), [['Failed', 1, 'Nothing was compared: 1 error.']]);
    assert.deepEqual([compare([planned('InSync')], [], {}, { ...whole, isWhole: false, exitCode: 137 })].map(o => [o.result, o.message]), [['Failed', 'PowerShell ended early, with exit code 137. Check the end of the log, correct the problem, and run the step again.']]);
    assert.equal(compare([planned('InSync')], [], {}, { exitCode: null, isWhole: false, cancelled: true }).result, 'Canceled');
    const sync = judge({ action: 'sync' }, [planned('Create', 'Done'), planned('Update', 'Done'), planned('ChangeKey', 'Failed'), planned('CannotChange', 'Skipped'), planned('InSync', 'Unchanged')], [{ message: 'x' }], [], whole);
    assert.deepEqual(sync.variables, { drift: 2, unmanaged: 0, unknownKeys: 0, created: 1, changed: 1, failed: 1 });
    assert.equal(sync.result, 'Failed');
    const unknown = judge({ action: 'sync' }, [planned('ChangeKey', 'Unconfirmed')], [{ message: 'x' }], [], whole);
    assert.deepEqual([unknown.result, unknown.variables.failed, unknown.issues.map(i => [i.level, i.isSaid])], ['Failed', 1, [['error', true]]]);
    assert.deepEqual(judge({ action: 'test' }, [{ Type: 'KeyTestResult', Verdict: 'Valid' }, { Type: 'KeyTestResult', Verdict: 'InvalidKey' }, { Type: 'KeyTestResult', Verdict: 'Unreachable' }], [], [], whole).issues.map(i => i.level), ['error', 'warning']);
});

test('a rehearsal counts a key once, and keys that nobody tried are no success', () => {
    const rehearsal = judge({ action: 'rotate', whatIf: true }, [{ Type: 'PlannedRotation' }, { Type: 'KeyUpdateResult', Outcome: 'Failed' }], [{ message: 'x' }], [], whole);
    assert.equal(rehearsal.message, 'Rehearsal: 1 of 2 keys would be changed, 1 error. Nothing was changed.');
    const refused = judge({ action: 'rotate', whatIf: true }, [{ Type: 'PlannedRotation' }], [{ message: 'x' }], [], whole);
    assert.equal(refused.message, 'Rehearsal: 1 of 2 keys would be changed, 1 error. Nothing was changed.');
    const tested = judge({ action: 'test', verifyKeys: true, provider: 'Anthropic' }, [{ Type: 'TestedManifest', Count: '3' }], [], [], whole);
    assert.deepEqual([tested.result, tested.message], ['SucceededWithIssues', 'Nothing was tested: no connection in the manifest matches the inputs name and provider.']);
});

test('the summary is a page whatever the names are', () => {
    const items = [...hostile.map(name => ({ ...planned('Create'), Name: name })), { ...planned('Create'), Name: '| <b>x</b> |', Difference: 'model: a -> b' }, ...Array.from({ length: 200 }, (_, i) => ({ ...planned('Update'), Name: `n${i}` }))];
    const text = page({ action: 'compare' }, items, [{ message: '<img src=x>', advice: 'do | this' }], judge({ action: 'compare' }, items, [], [], whole));
    const rows = text.split('\n').filter(l => l.startsWith('| ⚠️'));
    assert.equal(rows.length, 100);
    rows.forEach(row => assert.equal(row.match(/(?<!\\)\|/g).length, 6, row));
    assert.doesNotMatch(text, /<b>|<img|[^\n#]##/);
    assert.match(text, /111 more are in the report/);
    assert.match(text, /What to do/);
});

test('results that a stopped module could only write to the log are counted, once', () => {
    const end = ', but its result could no longer be emitted.';
    const lines = [
        `WARNING: Update 'cn-1': Updated${end}`,
        `WARNING: Update 'cn-2': Unconfirmed. The rotation was stopped${end}`,
        `WARNING: Update 'cn-3': Failed. HTTP 500${end}`,
        `WARNING: Update 'cn-4': unknown. It was sent, but no answer arrived before the pipeline stopped. Check with Get-Connection.`,
        `WARNING: Update 'cn-5': Updated${end}`,
        `WARNING: Update 'Help desk (cn-7)': Updated${end}`,
        `WARNUNG: Update 'cn-6': Skipped${end}`,
        'any other line', "VERBOSE: it says Update 'cn-9' and no more",
    ];
    const emitted = [{ Type: 'KeyUpdateResult', Outcome: 'Updated', ConnectionId: 'cn-5' }, { Type: 'KeyUpdateResult', Outcome: 'Updated', ConnectionName: 'Help desk', ConnectionId: 'cn-7' }];
    const items = [...emitted, ...unemitted({ action: 'rotate' }, emitted, lines)];
    const rotation = judge({ action: 'rotate' }, items, [], [], { exitCode: 0, isWhole: false, cancelled: true });
    assert.deepEqual(rotation.variables, { drift: 0, unmanaged: 0, unknownKeys: 0, created: 0, changed: 4, failed: 1 });
    assert.deepEqual(rotation.issues.map(i => [i.level, i.code]), [['warning', 'Unconfirmed'], ['error', 'Failed'], ['warning', 'Unknown']]);
    assert.equal(rotation.message, 'Cancelled: 3 keys changed, 2 unknown, 1 error.');

    const long = 'x'.repeat(150);
    const plan = [{ ...planned('Create', 'Done'), Name: long }];
    const last = unemitted({ action: 'sync' }, plan, [`WARNING: Create 'A': done${end}`, `WARNING: Change 'B, done': done${end}`, `WARNING: Change 'C': failed. No${end}`, `WARNING: Create '${long.slice(0, 100)}…': done${end}`]);
    const sync = judge({ action: 'sync' }, [...plan, ...last], [], [], { exitCode: 0, isWhole: false, cancelled: true });
    assert.deepEqual(sync.variables, { drift: 1, unmanaged: 0, unknownKeys: 0, created: 2, changed: 1, failed: 1 });
    assert.equal(sync.message, 'Cancelled: 2 created, 1 changed, 1 error.');
    assert.deepEqual(unemitted({ action: 'script' }, [], lines), []);
    // What is known of them is in their columns.
    assert.deepEqual(unemitted({ action: 'rotate' }, [], lines).map(i => i.Reason), ['', 'The rotation was stopped', 'HTTP 500',
        'It was sent, but no answer arrived before the pipeline stopped. Check with Get-Connection.', '', '', '']);
});

test('the first line says why keys are not compared, of a manifest that is there', () => {
    const line = (given, hasManifest) => firstLine({ action: 'compare', manifest: 'm', compareKeys: 'auto', ignoresKeys: true, ...given }, hasManifest);
    assert.match(line({}, true), /Keys are not compared: no reference of the manifest has a key in this step\./);
    assert.match(line({ compareKeys: 'false' }, true), /Keys are not compared: compareKeys is false\./);
    assert.doesNotMatch(line({}, false), /Keys/);
});

test('a step that fails without an error says by which inputs', () => {
    const strict = { failOnDrift: true, failOnUnmanaged: true, failOnUnknownKeys: true };
    for (const [items, inputs, reason] of [
        [[planned('InSync'), planned('Unmanaged'), planned('Create')], strict, 'Failed because of failOnUnmanaged and failOnDrift.'], [[planned('Update')], strict, 'Failed because of failOnDrift.'],
        [[planned('Ambiguous')], strict, 'Failed because of failOnDrift.'], [[{ ...planned('InSync'), IsKeyUnknown: 'True' }], strict, 'Failed because of failOnUnknownKeys.'],
        [[planned('Create'), planned('Unmanaged')], {}, ''], [[planned('InSync')], strict, ''], [[planned('InSync'), planned('Unmanaged')], { failOnDrift: true }, ''],
    ]) {
        ['compare', 'sync'].forEach(action => assert.equal(judge({ action, ...inputs }, items, [], [], whole).reason, reason));
    }

    assert.equal(judge({ action: 'sync', ...strict }, [planned('Update', 'Failed')], [{ message: 'x' }], [], whole).reason, '', 'its error says why');
});

test('the last line says why nothing came of a step', () => {
    const missing = ["refers to the environment variable 'A', which is not set or empty.", "refers to 'op:x/y', but its source failed: vault sealed", "refers to 'azkv:a/b', which could not be read: you are not signed in.", "refers to the file 'k', which is empty.", "'secret:none' was not found."];
    const said = (errors, action = 'sync') => judge({ action }, [], errors, [], whole).message;
    missing.forEach(message => assert.equal(said([{ message: `connections[0].apiKey: apiKey ${message}`, column: '3', code: 'KoreInvalidInput' }]), 'Nothing was changed: 1 reference has no key in this step.'));
    assert.equal(said([{ message: "x: 'modle' refers to nothing.", column: '3' }]), 'Nothing was changed: the manifest has 1 error.');
    assert.equal(said([{ message: 'HTTP 200 returned invalid JSON', code: 'KoreUnexpectedResponse' }], 'compare'), 'Nothing was compared: the response of the platform was not as expected.');
    assert.equal(said([{ message: 'The script in keySources exited with code 1.', code: 'ExitCode' }], 'compare'), 'Nothing was compared: the exit code of a script was not 0.');
    const tested = messages => judge({ action: 'test', verifyKeys: true }, messages.map(Message => ({ Type: 'ManifestProblem', Message, Column: '1' })), [], [], whole).message;
    assert.equal(tested(missing), 'The keys were not tested: 5 references have no key in this step.');
    assert.equal(tested([...missing, "'modle' is not a property.", "apiKey 'secret:' does not name anything."]), 'The manifest has 7 errors.');
});

test('a report below a file system without folders of its own is refused at once', { skip: process.platform !== 'linux', timeout: 10000 }, () => {
    ['/proc/x/r.jsonl', '/proc/x/y/r.jsonl'].forEach(report => assert.throws(() => checkPaths({ folder: process.cwd(), report }), /reportPath is in a folder that cannot be created/));
    const report = join(newFolder(), 'a', 'b', 'r.jsonl');
    checkPaths({ folder: process.cwd(), report });
    assert.ok(existsSync(dirname(report)));
});

test('on Windows, the shell shares the console that the agent stops, and Windows PowerShell gets no module paths of PowerShell 7', () => {
    const starts = `
        Object.defineProperty(process, 'platform', { value: 'win32' });
        const all = [];
        require('child_process').spawn = (program, args, options) => {
            all.push({ ...options, env: Object.keys(options.env) });
            throw new Error('It is not started.');
        };
        const { run } = require('./task/shell.js');
        Promise.all([true, false].map(pwsh => run('shell', { pwsh, folder: '.' }, '', '', () => {}).catch(() => {}))).then(() => console.log(JSON.stringify(all)));`;
    const [seven, five] = JSON.parse(execFileSync(process.execPath, ['-e', starts], { cwd: source, env: { PATH: process.env.PATH, PSModulePath: '/seven', KORE_TASK_X: 'x' } }));
    for (const { windowsHide, detached } of [seven, five]) {
        assert.deepEqual([windowsHide ?? false, detached], [false, false]);
    }

    assert.deepEqual([seven, five].map(({ env }) => [env.includes('PSModulePath'), env.includes('KORE_TASK_X')]), [[true, false], [false, false]]);
});

test('on Windows, a cancel before the script runs ends the shell as it begins, and one after it is left to the console', () => {
    const stops = early => JSON.parse(execFileSync(process.execPath, ['-e', `
        Object.defineProperty(process, 'platform', { value: 'win32' });
        const killed = [];
        process.kill = (id, name) => killed.push([id, name]);
        const { Cancellation } = require('./task/cancel.js');
        const child = new (require('events'))();
        child.pid = 50;
        const cancellation = new Cancellation(child);
        const begin = () => cancellation.begun(77);
        ${early} || begin();
        process.emit('SIGINT');
        setTimeout(() => {
            ${early} && begin();
            child.emit('close');
            console.log(JSON.stringify(killed));
        }, 50);`], { cwd: source }));
    assert.deepEqual(stops(true), [[50, 'SIGKILL'], [77, 'SIGKILL']]);
    assert.deepEqual(stops(false), []);
});
