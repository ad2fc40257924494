'use strict';

// What came of a step: counts for variables, issues for the log, the result, and the sentence that says it.

const audit = require('./audit');
const rules = require('./rules.json');
const { clean } = require('./text');

const failing = ['ManifestProblem', 'KeyTestResult', 'LastResult'];
const usable = ['Valid', 'RateLimited'];
const undecided = ['Unreachable', 'Inconclusive'];

const count = (items, fits) => items.filter(fits).length;
const plural = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

const isKeyUnknown = item => item.IsKeyUnknown === 'True';

/** What a person does about each row, where the row itself does not say it. */
const remedies = {
    Create: 'Run the action sync, or remove it from the manifest.',
    Update: 'Run the action sync, or change the manifest to match the platform.',
    ChangeKey: 'If the key in this step is correct, run the action sync.',
    Unmanaged: 'Add it to the manifest (Export-Connection), or delete it in the platform\'s web UI.',
    UnmappedKey: 'Map its key in the step.',
    KeylessSource: 'The log says why the reference cannot be resolved. Correct that, and run the step again.',
    HiddenKey: 'If the platform\'s mask shows too little of the key, run the action rotate.',
    Nothing: 'Check the inputs manifestPath, name, provider and keyMap.',
    LastResult: 'Run the action compare to see what the platform has now.',
    ManifestProblem: 'Correct the manifest.',
    Broken: 'Check the end of the log, correct the problem, and run the step again.',
    NoAdvice: 'Check the account at the provider.',
};

/** What is to be said of one of the shell's objects. Of what failed, an error of its own has spoken already. */
const judges = {
    ManifestProblem: item => ({
        level: 'error', code: 'KoreInvalidInput', text: item.Path ? `${item.Path}: ${item.Message}` : item.Message,
        file: item.File, line: item.Line, column: item.Column, advice: item.Advice, todo: item.Advice || remedies.ManifestProblem,
    }),
    KeyTestResult: item => usable.includes(item.Verdict) ? null : {
        level: undecided.includes(item.Verdict) ? 'warning' : 'error', code: item.Verdict, text: `${nameOf(item)}: ${item.ProviderMessage || item.Verdict}`,
        advice: item.RecommendedAction, todo: item.RecommendedAction || remedies.NoAdvice,
    },
    ConnectionPlanItem: (item, inputs) => {
        const found = kindOf(item, inputs);
        return !found || found.isSaid ? found : {
            ...found, text: `${nameOf(item)}: ${found.text ?? item.Reason}`, file: item.File, line: item.Line,
            todo: found.code === 'UnknownKey' ? remedies[keyless(item)] : remedies[found.code] ?? item.Reason,
        };
    },
    ConnectionIssue: (item, inputs) => ({
        level: audit.levelOf(item, inputs), code: item.Rule, text: `${nameOf(item)}: ${item.Message}`, advice: item.Advice, todo: item.Advice,
    }),
    KeyUpdateResult: item => ['Failed', 'RolledBack'].includes(item.Outcome) ? { level: 'error', isSaid: true }
        : item.Outcome === 'Unconfirmed' ? { level: 'warning', isSaid: true } : null,
    // Where no key is mapped, none is meant to be.
    PlannedRotation: (item, inputs) => item.Unmapped && inputs.hasKeys ? {
        level: 'warning', code: 'KoreInvalidInput', text: `${nameOf(item)}: ${item.Unmapped} has no key in this step.`,
        todo: `Map ${item.Unmapped} in the step, as the others are.`,
    } : null,
    LastResult: item => ['Done', 'Updated', 'AlreadyUpdated', 'Skipped'].includes(item.Outcome) ? null : {
        level: ['Unknown', 'Unconfirmed'].includes(item.Outcome) ? 'warning' : 'error', code: item.Outcome,
        text: `${item.Name}: ${item.Reason || item.Outcome}`, todo: remedies.LastResult,
    },
};

function kindOf(item, inputs) {
    if (['Failed', 'Unconfirmed'].includes(item.Outcome)) {
        return { level: 'error', isSaid: true };
    }

    if (isDrift(item)) {
        // A rehearsal leaves open what a sync would change.
        const isPending = inputs.whatIf && ['Create', 'Update', 'ChangeKey'].includes(item.Action);
        return { level: inputs.failOnDrift && !isPending ? 'error' : 'warning', code: item.Action };
    }

    if (item.Action === 'Unmanaged' && inputs.failOnUnmanaged) {
        return { level: 'error', code: 'Unmanaged', text: 'It is on the platform, but not in the manifest.' };
    }

    return isKeyUnknown(item) && inputs.failOnUnknownKeys ? { level: 'error', code: 'UnknownKey' } : null;
}

// Only a variable can be mapped.
function keyless({ Reason }) {
    const references = Reason?.match(/\bno key here: (.*)/s)?.[1];
    return !references ? 'HiddenKey' : /(?<![\w-])env:/i.test(references) ? 'UnmappedKey' : 'KeylessSource';
}

const isDrift = item => item.Rule === 'Drift' || item.IsDrift === 'True';
const nameOf = item => item.Name || item.ConnectionName || item.ConnectionId || item.Provider || '';

// How a stopped module writes a result of a change to the log.
const outcomes = { done: 'Done', unknown: 'Unknown', failed: 'Failed' };
const shown = [...Object.keys(outcomes), 'Updated', 'AlreadyUpdated', 'Unconfirmed', 'RolledBack', 'Failed', 'Skipped'].join('|');
const lastResult = new RegExp(`^.{0,20}?\\b(?<action>Create|Change|Update) '(?<name>.*?)': (?<outcome>${shown})(?<reason>[.,].*)$`);

/** The results that a stopped module could only write to the log, as items. A script's results are its own. */
function unemitted(inputs, items, lines = []) {
    const names = item => [item.ConnectionId, item.ConnectionName, item.Name].map(name => clean(name, 100));
    const emitted = new Set(items.flatMap(i => [...names(i), `${names(i)[1]} (${names(i)[0]})`]));
    const written = inputs.action === 'script' ? [] : lines.map(line => line.match(lastResult)?.groups);
    return written.filter(found => found && !emitted.has(found.name)).map(found => ({
        Type: 'LastResult',
        Name: found.name,
        Action: found.action === 'Create' ? 'Create' : inputs.action === 'sync' ? 'Update' : '',
        Outcome: outcomes[found.outcome] ?? found.outcome,
        IsDrift: inputs.action === 'sync' && found.outcome !== 'done' ? 'True' : 'False',
        Reason: found.reason.replace(/,? ?but its result could no longer be emitted\.$|^[.,] */g, ''),
    }));
}

/** @returns {{issues: object[], result: string, message: string, reason: string, variables: object}} */
function judge(inputs, items, errors, warnings, ended) {
    const broke = ended.exitCode !== 0 || !ended.isWhole;
    const empty = broke || ended.cancelled ? null : nothingDone(inputs, items, errors);
    const issues = items.map(item => ({ ...judges[item.Type]?.(item, inputs), item })).filter(issue => issue.level).concat(empty ?? []);
    // What may have been done is not what was done. After a stop, it is counted: nobody else says it.
    const done = items.filter(i => ['Done', 'Updated', ended.cancelled && 'Unconfirmed'].includes(i.Outcome));
    const variables = {
        drift: count(items, isDrift),
        unmanaged: count(items, i => i.Action === 'Unmanaged'),
        unknownKeys: count(items, isKeyUnknown),
        created: count(done, i => i.Action === 'Create'),
        changed: count(done, i => i.Action !== 'Create'),
        failed: count(issues, i => i.level === 'error' && !i.isSaid && failing.includes(i.item?.Type)) + errors.length,
        ...(inputs.action === 'audit' && audit.variables(items, inputs)),
    };
    // A script may go on after an error, if it has begun.
    const isFailed = (inputs.action === 'script' && ended.hasBegun ? errors.some(e => e.ends) : variables.failed > 0) || broke || issues.some(i => i.level === 'error');
    const hasIssues = errors.length > 0 || variables.drift > 0 || warnings.length > 0 || issues.length > 0;
    return {
        issues,
        variables,
        result: ended.cancelled ? 'Canceled' : isFailed ? 'Failed' : hasIssues ? 'SucceededWithIssues' : 'Succeeded',
        message: ended.cancelled ? cancelled(inputs, items, variables)
            : broke && variables.failed === 0 ? `PowerShell ended early, with exit code ${ended.exitCode}. ${remedies.Broken}`
                : empty && !variables.failed ? `${empty.text}${['test', 'rotate', 'audit'].includes(inputs.action) ? '' : ` ${remainder(inputs, variables)}`}`
                    : sentence(inputs, items, errors, warnings, variables, ended),
        reason: failedBy(issues),
    };
}

const strict = { Unmanaged: 'failOnUnmanaged', UnknownKey: 'failOnUnknownKeys' };

/** The inputs by which a step fails without an error. */
function failedBy(issues) {
    const plan = issues.filter(i => i.level === 'error' && !i.isSaid && i.item?.Type === 'ConnectionPlanItem');
    const names = [...new Set(plan.map(i => strict[i.code] ?? 'failOnDrift'))];
    return names.length ? `Failed because of ${names.join(' and ')}.` : '';
}

/** A control that has controlled nothing says so: it would be green by mistake. */
function nothingDone(inputs, items, errors) {
    const isEmpty = {
        // With verifyKeys, name and provider may fit no connection of it.
        test: () => items.length === 1 && items[0].Type === 'TestedManifest' && (inputs.verifyKeys || Number(items[0].Count) === 0),
        compare: () => items.every(i => i.Action === 'Unmanaged'),
        sync: () => items.every(i => i.Action === 'Unmanaged'),
        rotate: () => items.length === 0,
        audit: () => items.length === 1 && Number(audit.examined(items)) === 0,
        script: () => false,
    }[inputs.action];
    if (errors.length > 0 || !isEmpty?.()) {
        return null;
    }

    const why = inputs.action === 'audit' ? 'the platform has no connections'
        : inputs.action === 'rotate' ? 'no line of keyMap matches a connection'
        : inputs.names || inputs.provider ? 'no connection in the manifest matches the inputs name and provider'
            : 'the manifest has no connections';
    return { level: inputs.failOnDrift ? 'error' : 'warning', code: 'Nothing', text: `${nothing[inputs.action]}: ${why}.`, todo: remedies.Nothing };
}

// What is said where an action came to no object.
const nothing = {
    test: 'Nothing was tested', compare: 'Nothing was compared', sync: 'Nothing was changed', rotate: 'No key was changed',
    audit: 'Nothing was audited', script: 'The script was not run',
};

const remainder = (inputs, { unmanaged, unknownKeys }) =>
    `Unmanaged: ${unmanaged}. ${inputs.ignoresKeys ? 'Keys were not compared.' : `Keys not comparable: ${unknownKeys}.`}`;

function tested(items, failures) {
    const problems = items.filter(i => i.Type === 'ManifestProblem').map(i => ({ message: i.Message, column: i.Column }));
    if (problems.length) {
        return problems.every(lacksKey) ? `The keys were not tested: ${why(problems)}.` : `The manifest has ${plural(problems.length, 'error')}.`;
    }

    const connections = Number(items.find(i => i.Type === 'TestedManifest')?.Count ?? 0);
    const keys = items.filter(i => i.Type === 'KeyTestResult');
    const tried = keys.length ? `, and ${count(keys, i => usable.includes(i.Verdict))} of ${plural(keys.length, 'key')} can be used` : '';
    return `The manifest is valid: ${plural(connections, 'connection')}${tried}${failures}.`;
}

function rehearsed(items, errors, failures, unmapped = []) {
    const planned = count(items, i => i.Type === 'PlannedRotation');
    const without = unmapped.length ? ` Not mapped in this step: ${unmapped.map(name => `env:${name}`).join(', ')}.` : '';
    // A row that fails is a result and an error.
    const failed = count(items, i => judges[i.Type]?.(i, {})?.level === 'error');
    return `Rehearsal: ${planned} of ${plural(items.length + Math.max(errors.length - failed, 0), 'key')} would be changed${failures}. Nothing was changed.${without}`;
}

/** What a step sets out to do. Of a manifest that is not there, nothing else is known. */
function firstLine(inputs, hasManifest) {
    const where = inputs.platform ? ` ${inputs.platform.host}` : '';
    const reason = inputs.compareKeys === 'false' ? 'compareKeys is false' : 'no reference of the manifest has a key in this step';
    const keys = inputs.ignoresKeys && hasManifest ? ` Keys are not compared: ${reason}.` : '';
    return {
        test: `Testing ${inputs.manifest}${inputs.verifyKeys ? ', and its keys at their providers' : ''}.`,
        compare: `Comparing ${inputs.manifest} with${where}.${keys}`,
        sync: `${inputs.whatIf ? 'Rehearsing: synchronizing' : 'Synchronizing'}${where} with ${inputs.manifest}.`,
        audit: `Auditing the connections of${where}${inputs.manifest ? ` with ${inputs.manifest}` : ''}.`,
        rotate: `${inputs.whatIf ? 'Rehearsing: changing' : 'Changing'} keys on${where}.`,
        script: `Running a script with a session on${where}.`,
    }[inputs.action];
}

// Why nothing came of a step, in a few words; the errors say the rest.
const reasons = {
    ...rules.reasons, KoreTask: 'the step could not start', ExitCode: 'the exit code of a script was not 0',
};

// It says all by itself.
const absentName = /^N(either the manifest nor the platform has a connection named '(.*)')\.$/;

const wrongRule = new RegExp(rules.wrongRule);

const wrongInput = /^([a-z]\w*[A-Z]\w*|name) '/;

const referenceWithoutKey = new RegExp(rules.referenceWithoutKey);

// Of a reference that leads to no key: the variable is not set, or the source of it fails.
const lacksKey = ({ message }) => referenceWithoutKey.test(message);

/** What is said of one reference alike wherever it is used, of an error of it. */
const faultOf = message => message.match(/(?:\brefers to |'secret:).*/s)?.[0];

function why(errors, names = '') {
    const count = errors.length;
    if (count === 0) {
        return '';
    }

    if (errors.every(lacksKey)) {
        return `${count === 1 ? '1 reference has' : `${count} references have`} no key in this step`;
    }

    if (errors.every(e => e.column)) {
        return `the manifest has ${plural(count, 'error')}`;
    }

    if (errors.every(e => /^The input keyMap\b/.test(e.message))) {
        return `keyMap has ${plural(count, 'error')}`;
    }

    const absent = count === 1 && errors[0].message.match(absentName);
    if (absent) {
        // The module stops at the first one.
        const given = names.split('\n');
        const hasMore = given.includes(absent[2]) && given.at(-1) !== absent[2];
        return `n${absent[1]}${hasMore ? '; the names after it were not checked' : ''}`;
    }

    const codes = new Set(errors.map(e => e.code));
    const rule = count === 1 && errors[0].message.match(wrongRule);
    const input = rule ? rule[1] ?? 'rule' : count === 1 && errors[0].message.match(wrongInput)?.[1];
    return (codes.size === 1 && reasons[errors[0].code]) || (input ? `the input ${input} is wrong` : plural(count, 'error'));
}

function sentence(inputs, items, errors, warnings, variables, { hasBegun }) {
    const { drift, created, changed, failed } = variables;
    if (inputs.action === 'script' && hasBegun && failed && !errors.some(e => e.ends)) {
        return `The script completed with ${plural(failed, 'error')}.`;
    }

    if (inputs.action === 'audit' && audit.examined(items)) {
        return audit.sentence(inputs, items, warnings, variables);
    }

    if (failed && items.every(i => i.Type === 'TestedManifest')) {
        const came = inputs.action === 'script' && hasBegun ? 'The script failed' : nothing[inputs.action] ?? 'Nothing was done';
        return `${came}: ${why(errors, inputs.names)}.`;
    }

    const all = count(items, i => i.Action !== 'Unmanaged');
    const rest = `In sync: ${count(items, i => i.Action === 'InSync')}. ${remainder(inputs, variables)}`;
    const failures = failed ? `, ${plural(failed, 'error')}` : '';
    switch (inputs.action) {
        case 'test':
            return tested(items, failures);
        case 'compare':
            return [drift && `Drift: ${drift} of ${plural(all, 'connection')} differ from the manifest.`, rest, failed && `Errors: ${failed}.`]
                .filter(t => t).join(' ');
        case 'sync':
            return (inputs.whatIf ? 'Nothing was changed: ' : '')
                + `${created} created, ${changed} changed, ${drift} still different from the manifest${failures}. ${rest}`;
        case 'rotate':
            return inputs.whatIf ? rehearsed(items, errors, failures, inputs.unmapped) : `${plural(changed, 'key')} changed of ${all}${failures}.`;
        default:
            return 'The script completed.';
    }
}

// How much there was to do is not known here. What may have been done is not counted with what was.
function cancelled({ action, whatIf }, items, { failed }) {
    const of = (...outcomes) => items.filter(i => outcomes.includes(i.Outcome));
    const done = of('Done', 'Updated');
    const created = count(done, i => i.Action === 'Create');
    const unknown = of('Unknown', 'Unconfirmed').length;
    const said = action === 'script' ? 'the script was stopped'
        : whatIf || done.length + unknown === 0 ? 'nothing was changed'
            : action === 'rotate' ? `${plural(done.length, 'key')} changed`
                : `${created} created, ${done.length - created} changed`;
    return `Cancelled: ${said}${unknown ? `, ${unknown} unknown` : ''}${failed ? `, ${plural(failed, 'error')}` : ''}.`;
}

module.exports = { faultOf, firstLine, judge, nameOf, unemitted };
