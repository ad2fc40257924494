'use strict';

const { spawn } = require('child_process');
const crypto = require('crypto');
const path = require('path');
const readline = require('readline');
const { part } = require('./text');

const isWindows = process.platform === 'win32';

/** What run.ps1 is told. Keys travel in the environment only: arguments are seen by every user of the machine. */
function environment(inputs, vault, mark, scriptFile, report) {
    const told = {
        MARK: mark,
        ACTION: inputs.action,
        MANIFEST: inputs.manifest,
        NAME: inputs.names,
        PROVIDER: inputs.provider,
        KEYMAP: inputs.keyMap,
        SCRIPT: scriptFile,
        REPORT: report,
        WHATIF: inputs.whatIf,
        VERIFYKEYS: inputs.verifyKeys,
        SKIPVERIFICATION: inputs.skipVerification,
        PROVIDERURI: inputs.providerUri,
        MAXIMUMFAILURE: inputs.maximumFailure,
        BATCHSIZE: inputs.batchSize,
        DELAYSECONDS: inputs.delaySeconds,
        THROTTLELIMIT: inputs.throttleLimit,
        DEBUG: inputs.debug,
        VAULT: vault.join('\n'),
    };
    const named = Object.entries(told).filter(([, value]) => value).map(([name, value]) => [`KORE_TASK_${name}`, String(value)]);
    const platform = inputs.platform ? { KORE_HOST: inputs.platform.host, KORE_API_KEY: inputs.platform.key } : {};
    // A pipeline's variable of such a name is no input of this step.
    const inherited = Object.entries(process.env).filter(([name]) => !/^KORE_(TASK_|HOST$|API_KEY$)/i.test(name));
    return { ...Object.fromEntries(inherited), ...platform, ...Object.fromEntries(named) };
}

// In milliseconds. The module waits up to 3 s for the answer to a write that it has sent, so the end is not forced before.
const asksAgainAfter = 1000;
const forcesAfter = [20000, 25000];

/** What the agent's cancel asks for, from the first line of the task on. */
const cancel = { isAsked: false, start: 0, press: () => {} };
['SIGINT', 'SIGTERM', 'SIGBREAK'].forEach(signal => process.on(signal, () => {
    cancel.start ||= Date.now();
    cancel.isAsked = true;
    cancel.press();
}));

/**
 * Stops the shell when the agent cancels, and again until it has ended: PowerShell loses a Ctrl+C that comes while it starts.
 * @param {() => number} shell the shell's process; 0 while it has not said which it is
 */
function obeyCancel(child, shell) {
    const send = signal => {
        try {
            process.kill(shell() || child.pid, signal);
        } catch {
            // It has ended.
        }
    };
    cancel.press = () => {
        const forced = forcesAfter.filter(time => Date.now() - cancel.start >= time).length;
        if (forced > 0) {
            send(['SIGTERM', 'SIGKILL'][forced - 1]);
        } else if (shell() && !isWindows) {
            // On Windows the agent's Ctrl+C reaches every process of the console, and a signal would end the shell at once.
            send('SIGINT');
        }
    };
    const timer = setInterval(() => cancel.isAsked && cancel.press(), asksAgainAfter);
    return () => clearInterval(timer);
}

/**
 * Runs run.ps1. Lines with the mark are events for the caller, all others go to the log, without the start of a command.
 * A signal asks the shell to end what it does: the module then finishes what it has sent, and sends nothing more.
 */
async function run(program, inputs, vault, scriptFile, report, onEvent) {
    if (cancel.isAsked) {
        return { exitCode: null, cancelled: true };
    }

    const mark = `kore-${crypto.randomBytes(16).toString('hex')} `;
    const policy = isWindows ? ['-ExecutionPolicy', 'Bypass'] : [];
    const child = spawn(program, ['-NoLogo', '-NoProfile', '-NonInteractive', ...policy, '-File', path.join(__dirname, 'run.ps1')], {
        cwd: inputs.folder,
        env: environment(inputs, vault, mark.trim(), scriptFile, report),
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
    });

    let shell = 0;
    const release = obeyCancel(child, () => shell);
    const take = event => event.kind === 'shell' ? shell = Number(event.id) : onEvent(event);
    const relay = stream => new Promise(resolve => readline.createInterface({ input: stream, crlfDelay: Infinity })
        .on('line', line => line.startsWith(mark)
            ? take(Object.fromEntries(new URLSearchParams(line.slice(mark.length))))
            : process.stdout.write(`${part(line)}\n`))
        .on('close', resolve));
    const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    const [exitCode] = await Promise.all([ended, relay(child.stdout), relay(child.stderr)]);
    release();
    return { exitCode, cancelled: cancel.isAsked };
}

module.exports = { run, isWindows };
