'use strict';

const { spawn } = require('child_process');
const crypto = require('crypto');
const path = require('path');
const readline = require('readline');
const { part, withoutSecrets } = require('./text');
const { Cancellation, isCancelled, isWindows } = require('./cancel');

/** What run.ps1 gets. Keys travel in the environment only: arguments are seen by every user of the machine. */
function environment(inputs, mark, scriptFile, report) {
    const given = {
        MARK: mark,
        ACTION: inputs.action,
        MANIFEST: inputs.manifest,
        NAME: inputs.names,
        PROVIDER: inputs.provider,
        KEYMAP: inputs.keyMap,
        SCRIPT: scriptFile,
        REPORT: report,
        SOURCES: inputs.keySourcesPath,
        WHATIF: inputs.whatIf,
        VERIFYKEYS: inputs.verifyKeys,
        IGNOREKEYS: inputs.ignoresKeys,
        SKIPVERIFICATION: inputs.skipVerification,
        PROVIDERURI: inputs.providerUri,
        MAXIMUMFAILURE: inputs.maximumFailure,
        BATCHSIZE: inputs.batchSize,
        DELAYSECONDS: inputs.delaySeconds,
        THROTTLELIMIT: inputs.throttleLimit,
        PAGE: inputs.page,
        RULE: inputs.rules,
        EXCLUDERULE: inputs.excludedRules,
        WITHINDAYS: inputs.withinDays,
        MAXIMUMKEYAGEDAYS: inputs.maximumKeyAgeDays,
        DEBUG: inputs.debug,
    };
    const named = Object.entries(given).filter(([, value]) => value).map(([name, value]) => [`KORE_TASK_${name}`, String(value)]);
    const platform = inputs.platform ? { KORE_HOST: inputs.platform.host, KORE_API_KEY: inputs.platform.key } : {};
    // A pipeline's variable of such a name is no input of this step. An agent that PowerShell 7 started has the paths of its modules, with which
    // Windows PowerShell cannot read a SecureString: it makes its own.
    const foreign = inputs.pwsh ? /^KORE_(TASK_|HOST$|API_KEY$)/i : /^(KORE_(TASK_|HOST$|API_KEY$)|PSModulePath$)/i;
    const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    return { ...Object.fromEntries(inherited), ...platform, ...Object.fromEntries(named) };
}

/**
 * Runs run.ps1. Lines with the mark are events for the caller, and all others are for the log, without the start of a command. What a
 * script has the agent mask is an event too, and shown nowhere.
 * What a cancelled shell writes to the log is kept: there are the results that it could no longer emit.
 */
async function run(program, inputs, scriptFile, report, onEvent) {
    if (isCancelled()) {
        return { exitCode: null, cancelled: true };
    }

    const mark = `kore-${crypto.randomBytes(16).toString('hex')} `;
    const policy = isWindows ? ['-ExecutionPolicy', 'Bypass'] : [];
    const child = spawn(program, ['-NoLogo', '-NoProfile', '-NonInteractive', ...policy, '-File', path.join(__dirname, 'run.ps1')], {
        cwd: inputs.folder,
        env: environment(inputs, mark.trim(), scriptFile, report),
        stdio: ['ignore', 'pipe', 'pipe'],
        // Its own process group, through which all of it can be ended. On Windows that would be another console, and so would a hidden one:
        // the agent's Ctrl+C reaches only this process's.
        detached: !isWindows,
    });
    const cancellation = new Cancellation(child);
    const lastLines = [];

    const hide = text => {
        const { shown, values } = withoutSecrets(text);
        values.forEach(value => onEvent('secret', { value }));
        return shown;
    };
    const takeEvent = ({ kind, ...rest }) => kind === 'shell' ? cancellation.begun(Number(rest.id))
        : onEvent(kind, ['error', 'warning'].includes(kind) ? Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, hide(text)])) : rest);
    const log = line => {
        const shown = hide(line);
        onEvent('log', { text: part(shown) });
        if (isCancelled()) {
            // Colors are for the log alone.
            lastLines.push(shown.replace(/\x1b\[[\d;]*m/g, ''));
        }
    };
    const relay = stream => new Promise(resolve => {
        const reader = readline.createInterface({ input: stream, crlfDelay: Infinity })
            .on('line', line => line.startsWith(mark) ? takeEvent(Object.fromEntries(new URLSearchParams(line.slice(mark.length)))) : log(line))
            .on('close', resolve);
        // A stream that is cut off has no end.
        stream.on('close', () => reader.close());
    });
    const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    const [exitCode] = await Promise.all([ended, relay(child.stdout), relay(child.stderr)]);
    return { exitCode, cancelled: isCancelled(), lastLines };
}

module.exports = { run, isWindows };
