// An agent's part in running a step: the unpacked extension, variables, folders, and the reading of what comes out.

import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const source = join(root, 'src', 'azure-pipelines');
export const requireThere = createRequire(join(source, 'package.json'));

const scratch = mkdtempSync(join(tmpdir(), 'kore-azure-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// A shell that is ended by force leaves its sockets in the system's temporary folder. They go to this one, if its path has room for them.
const temporary = scratch.length < 50 ? { TMPDIR: scratch } : {};

/** A new folder that is gone when the tests have ended. */
export const newFolder = () => mkdtempSync(join(scratch, 'f-'));

/** Unpacks the extension that `npm run package` has made: with the zlib of Node, in a third of the time that a library in JavaScript takes. */
export function unpack() {
    const folder = newFolder();
    const archive = readFileSync(join(root, 'out', readdirSync(join(root, 'out')).find(name => name.endsWith('.vsix'))));
    const end = archive.lastIndexOf('PK\x05\x06');
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
        const [isDeflated, size, nameLength, more] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)];
        const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
        const local = archive.readUInt32LE(at + 42);
        const data = archive.subarray(local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)).subarray(0, size);
        at += 46 + nameLength + more;
        if (!name.endsWith('/')) {
            mkdirSync(dirname(join(folder, name)), { recursive: true });
            writeFileSync(join(folder, name), isDeflated ? inflateRawSync(data) : data);
        }
    }

    return folder;
}

// build.ps1 says how the shell that runs it is started; without that, it is the pwsh of the PATH.
const command = JSON.parse(process.env.KORE_SHELL_COMMAND || '["pwsh"]');
const quoted = command.map(part => `'${part}'`).join(' ');

/** A folder with a pwsh as an agent has it: the shell itself, or a launcher that has the shell as its child and keeps signals. */
export function commandFolder(name, script) {
    const path = join(scratch, name);
    mkdirSync(path);
    writeFileSync(join(path, 'pwsh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
}

export const shell = { name: 'pwsh', path: commandFolder('shell', `exec ${quoted} "$@"`) };
export const launcher = { name: 'a pwsh that starts the shell as its child', path: commandFolder('launcher', `${quoted} "$@"\nexit $?`) };

/**
 * A shell that is started once for many steps, because that takes longer than a step: each finds nothing of the one before. It is not for
 * steps that end, stop or watch their own process. One that ends nevertheless fails its step, and another takes its place.
 */
export function warmShell(module) {
    const folder = newFolder();
    const queue = join(folder, 'queue');
    capture('mkfifo', [queue]);
    // The shell ends when nothing can write to its queue any more, as when this process has ended.
    const held = openSync(queue, 'r+');
    let [starts, isStopped] = [0, false];
    const start = () => spawn(command[0], [...command.slice(1), '-NoLogo', '-NoProfile', '-NonInteractive', '-File', join(root, 'tests', 'azure-pipelines', 'Start-WarmShell.ps1'), queue, module],
        { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env.PATH, HOME: process.env.HOME, ...temporary } }).on('exit', code => {
        if (!isStopped && ++starts === 5) {
            console.error(`The warm shell ended with ${code}, and so did four before it.`);
            process.exit(1);
        }

        return isStopped || start();
    });
    start();
    const path = commandFolder(randomUUID(), `d=$(mktemp -d '${folder}/XXXXXX'); pwd >"$d/folder"; env -0 >"$d/variables"; mkfifo "$d/out" "$d/err"
while [ "$1" != -File ]; do shift; done; echo "$2" >"$d/path"; echo "$d" >'${queue}'
cat "$d/err" >&2 & cat "$d/out"; wait; exit $(cat "$d/code" || echo 70)`);
    const stop = () => {
        isStopped = true;
        closeSync(held);
    };
    return { path, stop, start: (script, options) => execute(join(path, 'pwsh'), ['-File', script], options) };
}

/** A shell that only says what it is given, for what the handler decides by itself. */
export const told = { path: commandFolder('told', "env | grep '^KORE_TASK_'") };

/**
 * A shell, and one that says again what it said, for steps that differ in what only the handler knows. That one ends with an error
 * where it is given anything else than the shell was: only so is its word as good.
 */
export function recorded(name) {
    const tape = newFolder();
    const given = `env | grep -Ev '^(_|PATH)=' | sort | sed -e "s/$KORE_TASK_MARK/MARK/g" -e 's/kore-connections-[^/]*/FOLDER/g'`;
    return {
        path: commandFolder(`recorder ${name}`, `${given} >${tape}/given\n${quoted} "$@" >${tape}/out 2>${tape}/err; code=$?\nsed "s/$KORE_TASK_MARK/MARK/" ${tape}/out >${tape}/said\n`
            + `[ ! -f "$KORE_TASK_PAGE" ] || cp "$KORE_TASK_PAGE" ${tape}/page\ncat ${tape}/out\ncat ${tape}/err >&2\nexit $code`),
        again: { path: commandFolder(`again ${name}`, `${given} | diff ${tape}/given - >&2 || exit 9\n[ ! -f ${tape}/page ] || cp ${tape}/page "$KORE_TASK_PAGE"\n`
            + `sed "s/^MARK/$KORE_TASK_MARK/" ${tape}/said\ncat ${tape}/err >&2`) },
    };
}

/** A step, and steps with other inputs of which only the handler knows, of one run of the shell. */
export async function repeated(step, inputs, more, ...others) {
    const tape = recorded(randomUUID());
    const first = await step(inputs, { ...more, shell: tape });
    return [first, ...await Promise.all(others.map(other => step({ ...inputs, ...other }, { ...more, shell: tape.again, work: first.work })))];
}

/** Runs the shell and waits for its end. */
export const runShell = (args, options) => spawnSync(command[0], [...command.slice(1), '-NoLogo', '-NoProfile', '-NonInteractive', ...args], { encoding: 'utf8', ...options });

const execute = (...given) => new Promise(resolve => execFile(...given, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr })));

/** Runs the shell while others run. */
export const startShell = (args, options) => execute(command[0], [...command.slice(1), '-NoLogo', '-NoProfile', '-NonInteractive', ...args], options);

const oneByOne = (scripts, mark) => `
    $before = [Environment]::GetEnvironmentVariables()
    foreach ($each in Get-Content -LiteralPath '${scripts}' -Raw | ConvertFrom-Json -AsHashtable) {
        $each.env.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $each.env[$_]) }
        Set-Location -LiteralPath $each.folder
        $global:LASTEXITCODE = 0
        try { & $each.script; $code = $LASTEXITCODE } catch { $code = 1; [Console]::Out.WriteLine("$_") }
        if (Get-Module KoreConnections) { Disconnect-KorePlatform; Remove-Module KoreConnections }
        [Environment]::GetEnvironmentVariables().Keys | Where-Object { -not $before.Contains($_) } | Remove-Item -LiteralPath { "env:$_" }
        [Console]::Out.WriteLine("${mark}$code")
    }`;

/**
 * Scripts in one shell, which takes longer to start than they take. Each has its folder and its variables, and finds no variable, module
 * and session of the one before.
 */
export async function runScripts(scripts, env) {
    const folder = newFolder();
    const mark = `end-of-script-${randomUUID()} `;
    writeFileSync(join(folder, 'all.json'), JSON.stringify(scripts));
    writeFileSync(join(folder, 'all.ps1'), oneByOne(join(folder, 'all.json'), mark));
    const { stdout, stderr } = await startShell(['-File', join(folder, 'all.ps1')], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } });
    const ends = [...stdout.matchAll(new RegExp(`([^]*?)${mark}(\\d+)\n`, 'g'))].map(([, text, code]) => ({ text: `${text}${stderr}`, code: Number(code) }));
    assert.equal(ends.length, scripts.length, `${stdout}${stderr}`);
    return ends;
}

/** A sandbox in a process of its own, with a key. */
export async function startSandbox() {
    const first = `kg-${randomUUID()}`;
    const script = `Import-Module '${join(root, 'out', 'KoreConnections')}'; Connect-KorePlatform -Sandbox -ApiKey env:KORE_SANDBOX_KEY; [Console]::Out.WriteLine((Get-KoreSession).BaseUri); $null = [Console]::In.ReadLine()`;
    const child = spawn(command[0], [...command.slice(1), '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, KORE_SANDBOX_KEY: first } });
    const address = await new Promise(resolve => createInterface({ input: child.stdout }).once('line', resolve));
    const origin = new URL(address).origin;
    // A connection for each request: one that is kept may be closed in the moment in which it is used again.
    const ask = (method, path, body, headers = {}) => new Promise((resolve, reject) => {
        const sent = request(`${origin}/${path}`, { method, agent: false, headers: { 'content-type': 'application/json', 'x-api-key': first, ...headers } }, async answer => {
            resolve(JSON.parse(Buffer.concat(await answer.toArray()).toString('utf8')));
        });
        sent.on('error', reject).end(body && JSON.stringify(body));
    });
    const { key } = await ask('POST', 'sandbox/keys', {});
    const create = connection => ask('POST', 'api/public/connections', connection, { 'x-api-key': key });
    return {
        address,
        origin,
        key,
        createKey: async scopes => (await ask('POST', 'sandbox/keys', { scopes })).key,
        requests: () => ask('GET', 'sandbox/requests'),
        forget: () => ask('DELETE', 'sandbox/requests'),
        fault: fault => ask('POST', 'sandbox/faults', fault),
        repair: () => ask('DELETE', 'sandbox/faults'),
        create: (name, apiKey, model = 'gpt-5.4-mini') => create({ provider: 'Open AI', connectionName: name, model, fields: { API_KEY: apiKey } }),
        createOwn: (name, apiKey) => create({ provider: 'API', connectionName: name, status: 'FINALIZED', endpointUrl: 'https://llm.example.com/v1', headers: [{ key: 'x-api-key', value: apiKey }], payload: { prompt: '{{prompt}}' }, outputPath: 'text' }),
        list: async () => (await ask('GET', 'api/public/connections', undefined, { 'x-api-key': key })),
        stop: () => child.stdin.end(),
    };
}

/** What the agent does with a line: the first opening in it, its properties, its data. */
export function parseCommand(line) {
    const start = line.indexOf('##vso[');
    const end = line.indexOf(']', start);
    if (start < 0 || end < 0) {
        return null;
    }

    const [, name, rest] = line.slice(start + 6, end).match(/^(\S+)\s*(.*)$/);
    const plain = text => text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%5D/g, ']').replace(/%3B/g, ';').replace(/%AZP25/g, '%');
    const properties = Object.fromEntries(rest.split(';').filter(p => p.includes('=')).map(p => [p.slice(0, p.indexOf('=')), plain(p.slice(p.indexOf('=') + 1))]));
    return { name, properties, data: plain(line.slice(end + 1)) };
}

/** Runs the task as an agent does, and reads its output as an agent does. */
export function runStep(extension, shell, inputs, { env = {}, endpoint, secretVariables = {}, files = {}, onLine, atFolder = [], work = newFolder() } = {}) {
    const folders = { temp: join(work, '_temp'), sources: join(work, '1', 's') };
    Object.values(folders).forEach(f => mkdirSync(f, { recursive: true }));
    Object.entries(files).forEach(([name, text]) => {
        mkdirSync(dirname(join(folders.sources, name)), { recursive: true });
        // Key files are among them, and one that others can read is warned of.
        writeFileSync(join(folders.sources, name), text, { mode: 0o600 });
    });

    const id = randomUUID();
    const connection = endpoint ? {
        INPUT_SERVICECONNECTION: id,
        [`ENDPOINT_URL_${id}`]: endpoint.url,
        [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ scheme: 'Token', parameters: { apitoken: endpoint.key } }),
        [`ENDPOINT_AUTH_SCHEME_${id}`]: 'Token',
        [`ENDPOINT_AUTH_PARAMETER_${id}_APITOKEN`]: endpoint.key,
        [`ENDPOINT_DATA_${id}`]: '{}',
    } : {};
    const child = spawn(process.execPath, [join(extension, 'task', 'index.js')], {
        cwd: folders.sources,
        env: {
            PATH: shell.path + delimiter + process.env.PATH,
            HOME: process.env.HOME,
            ...temporary,
            ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, String(value)])),
            ...connection,
            ...Object.fromEntries(Object.entries(secretVariables).map(([name, value]) => [`SECRET_${name.toUpperCase()}`, value])),
            VSTS_SECRET_VARIABLES: JSON.stringify(Object.keys(secretVariables)),
            VSTS_PUBLIC_VARIABLES: JSON.stringify(['system.debug']),
            AGENT_TEMPDIRECTORY: folders.temp,
            AGENT_WORKFOLDER: work,
            AGENT_VERSION: '4.264.2',
            BUILD_SOURCESDIRECTORY: folders.sources,
            SYSTEM_DEFAULTWORKINGDIRECTORY: folders.sources,
            TF_BUILD: 'True',
            ...env,
            ...Object.fromEntries(atFolder.map(name => [name, join(folders.sources, env[name])])),
        },
    });
    const lines = [];
    const read = stream => new Promise(resolve => createInterface({ input: stream, crlfDelay: Infinity })
        .on('line', line => {
            lines.push(line);
            onLine?.(line, child);
        })
        .on('close', resolve));
    const ended = new Promise(resolve => child.on('close', resolve));
    return Promise.all([ended, read(child.stdout), read(child.stderr)]).then(([exitCode]) => understand(lines, exitCode, folders));
}

/** All that leaves the agent as a file: attachments, logs and artifacts. */
export const filesOf = commands => commands.filter(c => /^(task\.(addattachment|upload\w+)|artifact\.upload)$/.test(c.name))
    .map(({ name, data, properties }) => ({ name, file: basename(data), text: readFileSync(data, 'utf8'), properties }));

function understand(lines, exitCode, folders) {
    const commands = lines.map(parseCommand).filter(c => c);
    const of = name => commands.filter(c => c.name === name);
    const file = command => command && readFileSync(command.data, 'utf8');
    return {
        exitCode,
        lines,
        commands,
        folders,
        work: dirname(folders.temp),
        results: of('task.complete').map(c => c.properties.result),
        issues: [...of('task.logissue'), ...of('task.issue')].map(c => ({ ...c.properties, message: c.data })),
        secrets: of('task.setsecret').map(c => c.data),
        variables: Object.fromEntries(of('task.setvariable').map(c => [c.properties.variable, { value: c.data, isOutput: c.properties.isOutput }])),
        summary: file(of('task.uploadsummary')[0]),
        uploads: of('task.uploadfile').map(c => [basename(c.data), c.data.endsWith('.html') ? file(c) : file(c).trim().split('\n').map(l => JSON.parse(l))]),
        sent: filesOf(commands),
        report: file(of('task.addattachment')[0])?.trim().split('\n').map(l => JSON.parse(l)),
        log: lines.filter(l => !l.includes('##vso[')).join('\n'),
        /** The lines that hold a text other than where the agent gets it to mask it. */
        leaks: text => lines.filter(l => l.includes(text) && !l.startsWith('##vso[task.setsecret]')),
    };
}

/** Lines by which a script has the agent mask a value that it writes after them, each with that value: in every spelling that the agent accepts. */
export const maskingLines = [
    '##vso[task.setsecret]', '##VSO[Task.SetSecret]', 'see ##vso[task.setsecret]', '##vso[task.setsecret a=b;]', '##vso[task.setvariable variable=T;issecret=true]',
    '##vso[task.setvariable isSecret=TRUE;variable=T;isOutput=true]', '##vso[task.setvariable variable=T;issecret=1;]', '##vso[task.setvariable variable=T;issecret=$true]',
    '##vso[task.setendpoint id=x;field=authParameter;key=apitoken]', '##vso[task.setvariable variable=T]##vso[task.setsecret]',
].map((command, i) => ({ command, value: `hush-${i}-5c1e${'0123456789'.repeat(i === 0 ? 40 : 1)}` }));

export const inHtml = text => text.replace(/[&<>"']/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);

/** Where a step shows a text: in the log, but where the agent gets it to mask it, and in what is uploaded, which nobody masks. */
export function hunt(run, text) {
    const places = { log: run.leaks(text).join('\n'), issues: JSON.stringify(run.issues), summary: run.summary ?? '', report: JSON.stringify(run.report ?? ''), files: (run.sent ?? []).map(f => `${f.file} ${JSON.stringify(f.properties)} ${f.text}`).join('\n') };
    return Object.keys(places).filter(place => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), inHtml(text)].some(form => places[place].includes(form)));
}

/** A step that has to end in order, whatever comes of it: one result, secrets before all else, and none of the keys seen. */
export function inOrder(run, keys, lateSecrets = 0) {
    for (const key of keys) {
        assert.deepEqual(hunt(run, key), []);
    }

    assert.equal(run.exitCode, 0, run.lines.join('\n'));
    assert.equal(run.results.length, 1, run.lines.join('\n'));
    const early = run.commands.findIndex(c => c.name !== 'task.setsecret');
    assert.equal(early, run.secrets.length - lateSecrets, 'secrets come before everything else');
    assert.equal(run.lines.findIndex(l => !l.startsWith('##vso[task.setsecret]')), early);
    const values = Object.fromEntries(Object.entries(run.variables).map(([n, v]) => [n, v.value]));
    const { unmanaged, unknownKeys, ...counts } = values;
    return { ...run, result: run.results[0], counts, values };
}

/** A program that has to succeed; its output. */
export function capture(program, args, options = {}) {
    return output(program, spawnSync(program, args, { encoding: 'utf8', ...options }));
}

/** A script that has to succeed; its output. */
export const captureScript = (path, ...args) => output(path, runShell(['-File', path, ...args]));

function output(name, { status, stdout, stderr }) {
    if (status !== 0) {
        throw new Error(`${name} ended with ${status}: ${stdout}${stderr}`);
    }

    return stdout;
}
