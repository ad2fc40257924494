'use strict';

// The task as the agent starts it. Order matters: the agent has to know every secret before anything else is in its log.

// First, so that no cancel is missed.
const shell = require('./shell');
const { randomUUID } = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { TaskCommand } = require('azure-pipelines-task-lib/taskcommand');
const { checkPaths, read, InputError } = require('./inputs');
const { clean } = require('./text');
const { faultOf, firstLine, judge, unemitted } = require('./outcome');
const { page } = require('./summary');
const { Words } = require('./words');
const secrets = require('./secrets');

const mostIssues = 25;
let hasError = false;

function prepare() {
    try {
        const inputs = read(process.env);
        const found = secrets.find(inputs, process.env);
        mask(found.values);
        return { inputs, found };
    } catch (e) {
        return { problem: e instanceof InputError ? e.message : `The step could not be prepared: ${e.message}` };
    }
}

// What the agent masks in the log, which is not masked in what is uploaded: of itself, and what it was asked for.
const ofAgent = secrets.ofAgent(process.env);
const known = new Set();
const uploaded = () => new Set([...ofAgent, ...known]);

const mask = values => values.filter(value => !known.has(value)).forEach(value => {
    known.add(value);
    process.stdout.write(new TaskCommand('task.setsecret', {}, value) + os.EOL);
});

const hidden = secrets.variables(process.env, 'SECRET') ?? new Set();
const { inputs, found, problem } = prepare();
// Of inputs that are wrong, this much is known.
const action = inputs?.action ?? clean(process.env.INPUT_ACTION ?? '', 20).toLowerCase();

// It takes inputs, endpoints and secret variables out of the environment, so that the shell does not get them.
const tl = require('azure-pipelines-task-lib/task');

const root = process.env.SYSTEM_DEFAULTWORKINGDIRECTORY || process.cwd();
const manifests = inputs ? secrets.manifestFiles(inputs.folder, inputs.manifest) : [];
const words = new Words(inputs ?? { action: '' }, hidden, manifests, root);
const events = { item: [], error: [], warning: [], note: [] };
const folder = fs.mkdtempSync(path.join(process.env.AGENT_TEMPDIRECTORY || os.tmpdir(), 'kore-connections-'));
let journal = '';
// The verdict is the first line of an audit's log, so that all else waits for it.
const held = [];
const isAudit = action === 'audit';
const say = line => isAudit ? held.push(line) : console.log(line);

async function main() {
    if (problem) {
        throw new InputError(problem);
    }

    inputs.ignoresKeys = ignoresKeys();
    const isNarrowed = inputs.action === 'sync' && (inputs.names || inputs.provider);
    if (inputs.ignoresKeys || inputs.action === 'compare' || (isAudit && !inputs.verifyKeys) || isNarrowed) {
        // No key is needed, or only the module knows which: a variable that is not defined is as good as none.
        found.unresolved.splice(0).forEach(name => delete process.env[name]);
    }

    if (inputs.action === 'rotate' && inputs.whatIf) {
        standIn();
    }

    if (found.unresolved.length > 0) {
        const names = found.unresolved.map(name => `env:${name}, which holds '${process.env[name]}'`).join('; ');
        throw new InputError(`No variable is defined for ${names}. Add it to the pipeline as a secret variable, or link its variable group.`);
    }

    checkPaths(inputs);
    say(clean(firstLine(inputs, manifests.length > 0)));
    warnOfUnmapped();
    const script = inputs.script ? path.join(folder, 'script.ps1') : inputs.scriptPath;
    if (inputs.script) {
        // The mark at the beginning is for Windows PowerShell, which takes a file without it for the machine's code page.
        fs.writeFileSync(script, `\uFEFF${inputs.script}`, { mode: 0o600 });
    }

    if (inputs.keySources) {
        inputs.keySourcesPath = path.join(folder, 'sources.ps1');
        fs.writeFileSync(inputs.keySourcesPath, `\uFEFF${inputs.keySources}`, { mode: 0o600 });
    }

    inputs.page = isAudit ? path.join(folder, 'kore-connections.html') : '';
    journal = inputs.action === 'rotate' ? inputs.report || path.join(folder, 'report.jsonl') : '';
    let isWhole = false;
    let hasBegun = false;
    const ended = await shell.run(program(), inputs, script, journal, (kind, rest) => {
        if (kind === 'secret') {
            mask(secrets.lines([rest.value]));
        } else if (kind === 'end') {
            isWhole = true;
        } else if (kind === 'begun') {
            hasBegun = true;
            maskAgain();
        } else if (kind === 'name') {
            words.learn(rest);
        } else if (kind === 'log') {
            say(rest.text);
        } else {
            take(kind, rest);
        }
    });
    finish({ ...ended, isWhole, hasBegun });
}

// The sources may have written the script. What it writes comes after this.
function maskAgain() {
    try {
        mask(secrets.find(inputs, process.env).values);
    } catch (e) {
        take('error', { code: 'KoreTask', message: e.message, ends: true });
    }
}

// A rehearsal sends nothing and tries no key, so that it needs none: it can come before the approval that opens them.
function standIn() {
    inputs.unmapped = [...new Set([...found.missing, ...found.unresolved.splice(0)])];
    inputs.hasKeys = found.hasKeys;
    inputs.unmapped.forEach(name => {
        process.env[name] = `not-mapped-${randomUUID()}`;
        // It is no key, so that the agent need not know it.
        known.add(process.env[name]);
    });
}

function take(kind, event) {
    const said = kind === 'item' ? words.item(event) : words.describe(event);
    if (event.Type === 'PlannedRotation') {
        const names = `${event.NewKey} ${event.PreviousKey}`.split(/\s+/);
        said.Unmapped = (inputs.unmapped ?? []).map(name => `env:${name}`).filter(name => names.includes(name)).join(', ');
    }

    events[kind].push(said);
    // A mistake in the manifest waits for those that are the same one.
    if (['error', 'warning'].includes(kind) && !said.column && !isAudit) {
        issue(kind, said.code, said);
    }
}

// A manifest is tested, and drift is found, without a provider's key, unless one is asked for, mapped, or in a vault or a source.
function ignoresKeys() {
    return inputs.action === 'test' ? !inputs.verifyKeys
        : inputs.action === 'compare' && (inputs.compareKeys === 'false'
            || (inputs.compareKeys === 'auto' && !found.hasKeys && !inputs.keySources && !inputs.failOnUnknownKeys));
}

function finish(ended) {
    const hide = secrets.masker(uploaded());
    const { item: emitted, error: errors, warning: warnings, note } = hideIn(events, hide);
    const last = inputs ? unemitted(inputs, events.item, ended.lastLines).map(i => words.item({ ...i, Name: words.named(i.Name) })) : [];
    const items = [...emitted, ...hideIn(last, hide)];
    const step = inputs ?? { action };
    const outcome = judge(step, items, errors, warnings, ended);
    if (isAudit) {
        [clean(outcome.message), ...held].forEach(line => console.log(line));
        [['error', errors], ['warning', warnings]].forEach(([kind, said]) => said.filter(e => !e.column).forEach(e => issue(kind, e.code, e)));
    }

    const mistakes = onePerFault(errors.filter(e => e.column));
    // What is an error, too, is said there.
    const notes = note.filter(n => !errors.some(e => e.message === n.message));
    const unsaidNotes = notes.filter(n => !errors.some(e => faultOf(e.message) && faultOf(e.message) === faultOf(n.message)));
    onePerFault(unsaidNotes).slice(0, mostIssues).forEach(n => say(clean(`${n.file}:${n.line}: ${n.message} ${n.advice ?? ''}`)));
    const findings = outcome.issues.filter(i => !i.isSaid).map(i => ({ ...i, message: i.text, file: words.relative(i.file) }));
    const [problems, others] = [true, false].map(is => findings.filter(i => (i.item?.Type === 'ManifestProblem') === is));
    const unsaid = [...mistakes.map(e => ({ ...e, level: 'error' })), ...onePerFault(problems), ...others];
    unsaid.slice(0, mostIssues).forEach(i => issue(i.level, i.code, i));
    if (unsaid.length > mostIssues) {
        console.log(`${unsaid.length - mostIssues} more are in the report in the run's logs.`);
    }

    if (isAudit) {
        step.hasArtifact = !/^(release|deployment)$/i.test(process.env.SYSTEM_HOSTTYPE ?? '');
        outcome.variables.pagePath = inputs?.page && fs.existsSync(inputs.page) ? inputs.page : '';
    }

    Object.entries(outcome.variables).forEach(([name, value]) => tl.setVariable(name, String(value), false, true));
    upload(step, items, errors, notes, [...warnings, ...outcome.issues.filter(i => !i.item).map(i => ({ ...i, message: i.text }))], outcome);
    publish(step, outcome.variables.pagePath);
    const summary = path.join(folder, `Kore.ai connections (${step.action.replace(/\W/g, '')}).md`);
    fs.writeFileSync(summary, page(step, items, [...errors.filter(e => !e.column), ...mistakes], outcome, warnings));
    tl.uploadSummary(summary);
    complete(outcome.result, outcome.message, outcome.reason);
}

// One reference without a key is one fault, however many lines have it.
function onePerFault(errors) {
    const faults = new Map();
    for (const error of errors) {
        const key = faultOf(error.message) ?? error;
        faults.set(key, [...faults.get(key) ?? [], error]);
    }

    return [...faults.values()].map(([first, ...others]) => {
        const places = others.slice(0, 10).map(e => `${e.file}:${e.line}`).join(', ');
        const more = others.length > 10 ? ` and ${others.length - 10} more lines` : '';
        return places ? { ...first, message: `${first.message} Also needed at ${places}${more}.` } : first;
    });
}

/** Everything, among the run's logs; a rotation's own record is there too. */
function upload(step, items, errors, notes, warnings, outcome) {
    const said = (type, list) => list.map(e => ({ Type: type, Code: e.code, Message: e.message, Advice: e.advice, File: e.file, Line: e.line }));
    const rows = [...items, ...said('Error', errors), ...said('Warning', warnings), ...said('Note', notes)];
    const record = [journal].filter(f => f && fs.existsSync(f));
    const report = path.join(folder, record.length ? 'results.jsonl' : 'report.jsonl');
    const lines = rows.length ? rows : [{ Type: 'Step', Action: step.action, Result: outcome.result, Message: outcome.message }];
    fs.writeFileSync(report, lines.map(i => JSON.stringify(i) + '\n').join(''));
    for (const file of [...record, report]) {
        tl.addAttachment('kore-connections', path.basename(file), file);
        tl.command('task.uploadfile', null, file);
    }
}

/** The page of an audit, of which no part but the path, which is the task's own, is in a command. A release has no artifacts of its own. */
function publish(step, page) {
    if (!page) {
        return;
    }

    fs.writeFileSync(page, secrets.pageWithout(fs.readFileSync(page, 'utf8'), uploaded()));
    tl.addAttachment('kore-connections', path.basename(page), page);
    tl.command('task.uploadfile', null, page);
    if (step.hasArtifact) {
        tl.uploadArtifact(step.artifact, page, step.artifact);
    }
}

// The module's own words, which decide what came of a step, and places, which a value such as prod would make unfindable.
const shownWhole = new Set([
    'Type', 'Action', 'Outcome', 'Verdict', 'Rule', 'Severity', 'IsDrift', 'IsKeyUnknown', 'Count', 'ends', 'File', 'file', 'Line', 'line', 'column',
]);

/** The same without the secrets that are known. */
function hideIn(value, hide) {
    return typeof value === 'string' ? hide(value)
        : Array.isArray(value) ? value.map(v => hideIn(v, hide))
            : value && typeof value === 'object'
                ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shownWhole.has(name) ? inner : hideIn(inner, hide)]))
                : value;
}

// The agent's own word for it is Canceled, which the library's enumeration does not have.
function complete(result, message, reason) {
    if (result === 'Failed' && !hasError) {
        issue('error', 'KoreTask', { message });
    } else {
        [reason, message].filter(line => line).forEach(line => console.log(clean(line)));
    }

    tl.command('task.complete', { result }, clean(reason ? `${reason} ${message}` : message));
}

// The agent masks the text of an issue, and not its code. Where a script throws a text, that is the error's id.
const idOf = code => code && /^[\w.,-]{1,100}$/.test(code) && ![...uploaded()].some(value => code.includes(value)) ? code : undefined;

function issue(level, code, { message, advice, file, line, column }) {
    hasError ||= level === 'error';
    const text = clean([message, advice].filter(t => t).join(' '));
    const type = level === 'error' ? tl.IssueType.Error : tl.IssueType.Warning;
    tl.logIssue(type, text, file, Number(line) || undefined, Number(column) || undefined, idOf(code));
}

function program() {
    if (!inputs.pwsh && !shell.isWindows) {
        throw new InputError('The input pwsh is false, but only Windows agents have Windows PowerShell. Set pwsh: true.');
    }

    return tl.which(inputs.pwsh ? 'pwsh' : 'powershell') || refuse();
}

function refuse() {
    throw new InputError(inputs.pwsh
        ? 'This agent has no pwsh on its PATH. Install PowerShell 7, or set pwsh: false on a Windows agent.'
        : 'This agent has no powershell on its PATH. Set pwsh: true.');
}

// Of a script, nothing here knows what it needs.
function warnOfUnmapped() {
    (inputs.action === 'script' ? found.missing : []).filter(name => hidden.has(name.toUpperCase())).forEach(name => take('warning', {
        code: 'KoreInvalidInput',
        message: `env:${name} is not set in this step, though the pipeline has a secret variable of that name.`,
        advice: `Map it in the step: env: { ${name}: $(${name}) }`,
    }));
}

main().catch(e => {
    take('error', { code: 'KoreTask', message: e.message });
    finish({ exitCode: 0, isWhole: true, hasBegun: false });
});
