'use strict';

// The task as the agent starts it. Order matters: the agent has to know every secret before anything else is in its log.

// First, so that no cancel is missed.
const shell = require('./shell');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { TaskCommand } = require('azure-pipelines-task-lib/taskcommand');
const { read, InputError } = require('./inputs');
const { clean } = require('./text');
const { judge, unemitted } = require('./outcome');
const { page } = require('./summary');
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

// What the agent masks in the log, which is not masked in what is uploaded.
const known = new Set();

const mask = values => values.filter(value => !known.has(value)).forEach(value => {
    known.add(value);
    process.stdout.write(new TaskCommand('task.setsecret', {}, value) + os.EOL);
});

const hidden = new Set(JSON.parse(process.env.VSTS_SECRET_VARIABLES || '[]').map(name => name.replace(/[. ]/g, '_').toUpperCase()));
const { inputs, found, problem } = prepare();

// It takes inputs, endpoints and secret variables out of the environment, so that the shell does not get them.
const tl = require('azure-pipelines-task-lib/task');

async function main() {
    if (problem) {
        throw new InputError(problem);
    }

    if (inputs.action === 'compare') {
        // It needs no keys, so that a variable that is not defined is as good as none.
        found.unresolved.splice(0).forEach(name => delete process.env[name]);
    }

    if (found.unresolved.length > 0) {
        throw new InputError(`No variable is defined for ${found.unresolved.map(name => `env:${name}, which holds '${process.env[name]}'`).join('; ')}. Add it to the pipeline as a secret variable, or link its variable group.`);
    }

    tellUnmapped();
    const folder = fs.mkdtempSync(path.join(process.env.AGENT_TEMPDIRECTORY || os.tmpdir(), 'kore-connections-'));
    const script = inputs.script ? path.join(folder, 'script.ps1') : inputs.scriptPath;
    if (inputs.script) {
        // The mark at the beginning is for Windows PowerShell, which takes a file without it for the machine's code page.
        fs.writeFileSync(script, `\uFEFF${inputs.script}`, { mode: 0o600 });
    }

    if (inputs.keySources) {
        inputs.keySourcesPath = path.join(folder, 'sources.ps1');
        fs.writeFileSync(inputs.keySourcesPath, `\uFEFF${inputs.keySources}`, { mode: 0o600 });
    }

    const report = inputs.report || path.join(folder, 'report.jsonl');
    const events = { item: [], error: [], warning: [] };
    let isWhole = false;
    const ended = await shell.run(program(), inputs, found.vault, script, inputs.action === 'rotate' ? report : '', (kind, rest) => {
        if (kind === 'secret') {
            mask(secrets.lines([rest.value]));
        } else if (kind === 'end') {
            isWhole = true;
        } else {
            events[kind].push(rest);
            if (kind !== 'item') {
                issue(kind, rest.code, [rest.message, rest.advice].filter(t => t).join(' '));
            }
        }
    });
    finish(folder, report, events, { ...ended, isWhole });
}

function finish(folder, report, events, ended) {
    const { item: emitted, error: errors, warning: warnings } = hideKnown(events);
    const items = [...emitted, ...hideKnown(unemitted(inputs, emitted, ended.lastLines))];
    const outcome = judge(inputs, items, errors, warnings, ended);
    const untold = outcome.issues.filter(i => !i.isTold);
    untold.slice(0, mostIssues).forEach(i => issue(i.level, i.code, [i.text, i.advice].filter(t => t).join(' '), i.file, i.line, i.column));
    if (untold.length > mostIssues) {
        console.log(`${untold.length - mostIssues} more are in the summary and in the report.`);
    }

    Object.entries(outcome.variables).forEach(([name, value]) => tl.setVariable(name, String(value), false, true));
    if (inputs.action !== 'rotate' && items.length > 0) {
        fs.writeFileSync(report, items.map(i => JSON.stringify(i) + '\n').join(''));
    }

    if (fs.existsSync(report)) {
        tl.addAttachment('kore-connections', 'report.jsonl', report);
    }

    const summary = path.join(folder, `Kore.ai connections (${inputs.action}).md`);
    fs.writeFileSync(summary, page(inputs, items, errors, outcome));
    tl.uploadSummary(summary);
    complete(outcome.result, outcome.message);
}

// Each is one of the module's own words, which decide what came of a step.
const ownWords = new Set(['Type', 'Action', 'Outcome', 'Verdict', 'code']);

/** The same without the secrets that are known. */
function hideKnown(value) {
    return typeof value === 'string' ? secrets.without(value, known)
        : Array.isArray(value) ? value.map(hideKnown)
            : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, ownWords.has(name) ? inner : hideKnown(inner)]))
                : value;
}

// The agent's own word for it is Canceled, which the library's enumeration does not have.
function complete(result, message) {
    console.log(clean(message));
    if (result === 'Failed' && !hasError) {
        issue('error', 'KoreTask', message);
    }

    tl.command('task.complete', { result }, clean(message));
}

function issue(level, code, text, file, line, column) {
    hasError ||= level === 'error';
    tl.logIssue(level === 'error' ? tl.IssueType.Error : tl.IssueType.Warning, clean(text), file, Number(line) || undefined, Number(column) || undefined, clean(code, 60));
}

function program() {
    if (!inputs.pwsh && !shell.isWindows) {
        throw new InputError('The input pwsh is false, and Windows PowerShell is on Windows agents only. Set pwsh: true.');
    }

    return tl.which(inputs.pwsh ? 'pwsh' : 'powershell') || refuse();
}

function refuse() {
    throw new InputError(inputs.pwsh
        ? 'This agent has no pwsh on its PATH. Install PowerShell 7, or set pwsh: false on a Windows agent.'
        : 'This agent has no powershell on its PATH. Set pwsh: true.');
}

// A secret variable reaches a step only where the step asks for it, which is easily forgotten.
function tellUnmapped() {
    found.missing.filter(name => hidden.has(name.toUpperCase())).forEach(name =>
        issue('warning', 'KoreInvalidInput', `env:${name} is not set in this step, though the pipeline has a secret variable of that name. Map it in the step: env: { ${name}: $(${name}) }`));
}

main().catch(e => complete('Failed', e.message));
