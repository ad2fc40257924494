'use strict';

// Read from the environment before the task library is loaded: it writes each value that it is asked for to the log.

const fs = require('fs');
const path = require('path');
const rules = require('./rules.json');

const actions = ['test', 'compare', 'sync', 'rotate', 'audit', 'script'];
const connectionTypes = ['serviceConnection', 'variables', 'none'];
const keyComparisons = ['auto', 'true', 'false'];
const thresholds = ['none', ...rules.severities];
const providers = ['', 'OpenAI', 'AzureOpenAI', 'Anthropic', 'API'];

/** A mistake in the step's inputs: what is wrong, what is accepted. */
class InputError extends Error {}

/** Everything the step was given, checked. */
function read(env) {
    const plain = name => (env[`INPUT_${name.toUpperCase()}`] || '').trim();
    const text = name => isUndefined(plain(name))
        ? refuse(`The input ${name} is '${plain(name)}': no variable of that name is defined. Add it to the pipeline, or link its variable group.`)
        : plain(name);
    const flag = name => {
        const value = text(name).toLowerCase();
        return ['', 'true', 'false'].includes(value) ? value === 'true' : refuse(`The input ${name} is '${text(name)}'. Use true or false.`);
    };
    const root = env.SYSTEM_DEFAULTWORKINGDIRECTORY || process.cwd();
    // A step may have been saved when these inputs were of the type filePath: of one that is left empty, an agent makes the folder of the sources.
    const empty = [root, env.BUILD_SOURCESDIRECTORY || root].map(folder => path.resolve(folder));
    const file = name => path.isAbsolute(text(name)) && empty.includes(path.resolve(text(name))) ? '' : text(name);
    // In a script, $(Get-Date) is no variable of the pipeline.
    const needed = (name, read = text) => read(name) || refuse(`The input ${name} is empty.`);
    const choice = (name, accepted, otherwise) => {
        const value = text(name) || otherwise;
        return accepted.find(a => a.toLowerCase() === value.toLowerCase())
            ?? refuse(`The input ${name} is '${value}'. Accepted values: ${accepted.filter(a => a).join(', ')}.`);
    };
    const number = (name, least, most) => {
        const value = text(name);
        return value === '' || (/^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most)
            ? value
            : refuse(`The input ${name} is '${value}'. Use a whole number from ${least} to ${most}.`);
    };

    const action = choice('action', actions, 'compare');
    const folder = path.resolve(root, text('workingDirectory'));
    const isInline = choice('scriptType', ['inline', 'filePath'], 'inline') === 'inline';
    return {
        action,
        folder,
        platform: platform(env, choice('connectionType', connectionTypes, 'serviceConnection'), action, flag('verifyKeys'), needed),
        manifest: manifest(action, flag('verifyKeys'), ['rotate', 'script'].includes(action) ? '' : file('manifestPath')),
        names: list('name', text),
        provider: choice('provider', providers, ''),
        keyMap: action === 'rotate' ? keyMap(needed('keyMap')) : '',
        script: action === 'script' && isInline ? needed('script', plain) : '',
        scriptPath: action === 'script' && !isInline ? scriptFile(folder, needed('scriptPath', file)) : '',
        keySources: plain('keySources'),
        failOn: choice('failOn', thresholds, 'Error'),
        rules: action === 'audit' ? list('rule', text) : '',
        excludedRules: action === 'audit' ? list('excludeRule', text) : '',
        withinDays: number('withinDays', 0, 3650),
        maximumKeyAgeDays: number('maximumKeyAgeDays', 0, 3650),
        artifact: artifact(text('artifactName') || 'model-connections'),
        failOnDrift: flag('failOnDrift'),
        failOnUnmanaged: flag('failOnUnmanaged'),
        failOnUnknownKeys: flag('failOnUnknownKeys'),
        compareKeys: keyComparison(choice('compareKeys', keyComparisons, 'auto'), flag('failOnUnknownKeys')),
        verifyKeys: flag('verifyKeys'),
        whatIf: flag('whatIf') && ['sync', 'rotate'].includes(action),
        skipVerification: flag('skipVerification'),
        providerUri: text('providerUri'),
        maximumFailure: number('maximumFailure', 0, 2147483647),
        batchSize: number('batchSize', 1, 10000),
        delaySeconds: number('delaySeconds', 0, 86400),
        report: action === 'rotate' && text('reportPath') ? path.resolve(folder, text('reportPath')) : '',
        throttleLimit: number('throttleLimit', 1, 256) || '8',
        pwsh: text('pwsh') === '' || flag('pwsh'),
        debug: /^true$/i.test(env.SYSTEM_DEBUG || ''),
    };
}

function manifest(action, verifiesKeys, given) {
    if (!given && ['test', 'compare', 'sync'].includes(action)) {
        refuse('The input manifestPath is empty or the folder of the sources. Give a file, a folder or a pattern. For the folder of the sources, give a dot.');
    }

    return given || action !== 'audit' || !verifiesKeys ? given
        : refuse('The input verifyKeys tests the keys of a manifest, but manifestPath is empty. Set manifestPath, or verifyKeys: false.');
}

// What narrows nothing would mean all, which nobody has asked for.
function list(name, text) {
    const found = text(name).split(/[,\r\n]+/).map(n => n.trim()).filter(n => n);
    return text(name) && found.length === 0 ? refuse(`The input ${name} has nothing but separators. Give names, or leave it empty for all.`) : found.join('\n');
}

// It becomes part of a command and of a folder's name.
const artifact = name => /^\w[\w .()-]{0,99}$/.test(name) && !name.endsWith('.')
    ? name
    : refuse(`The input artifactName is '${name}'. Use up to 100 letters, digits, spaces and the characters _ . ( ) -.`);

const isFile = name => fs.statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;

// PowerShell gives a file of another kind to the desktop, and nothing of it runs. The ending may be left out, as in PowerShell.
function scriptFile(folder, name) {
    const [full, longer] = [name, `${name}.ps1`].map(n => path.resolve(folder, n));
    return /\.ps1$/i.test(name) ? full
        : !isFile(full) && isFile(longer) ? longer
            : refuse(`The input scriptPath is '${name}', which is not a .ps1 file. Use a PowerShell script.`);
}

const keyMap = text => text.split(/\r?\n/).some(line => !/^\s*(#|$)/.test(line))
    ? text
    : refuse('The input keyMap has no line but comments. Give a line NAME = REFERENCE for each connection.');

const keyComparison = (given, isNeeded) => given === 'false' && isNeeded
    ? refuse('The input failOnUnknownKeys needs compareKeys, which is false. Use only one of them.')
    : given;

const undefinedVariable = new RegExp(rules.undefinedVariable);

/** Whether a text is what Azure Pipelines leaves of a variable that is not defined. With a word before it, it is a header's. It would be taken for a key. */
const isUndefined = value => undefinedVariable.test((value || '').trim());

/** The platform's address and key; the key of the step's environment is never asked for again. */
function platform(env, type, action, verifyKeys, needed) {
    if (action === 'test' && !verifyKeys) {
        return null;
    }

    if (type === 'none') {
        refuse(`The input connectionType is 'none', which is for the action test without verifyKeys: ${action} needs a platform.`);
    }

    if (type === 'variables') {
        return { host: needed('hostName'), key: needed('apiKey') };
    }

    const id = needed('serviceConnection');
    const host = env[`ENDPOINT_URL_${id}`];
    const key = env[`ENDPOINT_AUTH_PARAMETER_${id}_APITOKEN`];
    return host && key
        ? { host, key }
        : refuse(`The service connection '${id}' has no ${host ? 'token' : 'address'}. It has to be of the type Kore.ai Agent Platform.`);
}

// Node's own recursion has no end where a file system, such as /proc, says of a new folder that its parent is not there.
const makeFolder = folder => isFolder(folder) || (makeFolder(path.dirname(folder)), fs.mkdirSync(folder));
const isFolder = name => fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;

// A shell that is started in a folder that is not there cannot say so, and a report whose folder is not there has no place.
function checkPaths(inputs) {
    if (!isFolder(inputs.folder)) {
        refuse(`The input workingDirectory was not found: ${inputs.folder}. Correct it, or check out the sources first.`);
    }

    try {
        if (inputs.report && !inputs.whatIf) {
            makeFolder(path.dirname(inputs.report));
        }
    } catch (e) {
        refuse(`The input reportPath is in a folder that cannot be created: ${e.message}`);
    }

    if (inputs.report && isFolder(inputs.report)) {
        refuse(`The input reportPath is a folder: ${inputs.report}. Specify the path of a file.`);
    }
}

function refuse(message) {
    throw new InputError(message);
}

module.exports = { checkPaths, read, InputError, isUndefined };
