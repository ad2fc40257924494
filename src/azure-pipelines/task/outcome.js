'use strict';

// What came of a step: counts for variables, issues for the log, the result, and the sentence that tells it.

const { clean } = require('./text');

const differing = ['Create', 'Update', 'ChangeKey', 'CannotChange', 'Ambiguous'];
const usable = ['Valid', 'RateLimited'];
const undecided = ['Unreachable', 'Inconclusive'];

const count = (items, fits) => items.filter(fits).length;
const plural = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What is to be said of one of the shell's objects. Of what failed, an error of its own has told already. */
const judges = {
    ManifestProblem: item => ({
        level: 'error', code: 'KoreInvalidInput', text: item.Path ? `${item.Path}: ${item.Message}` : item.Message, file: item.File, line: item.Line, column: item.Column,
    }),
    KeyTestResult: item => usable.includes(item.Verdict) ? null : {
        level: undecided.includes(item.Verdict) ? 'warning' : 'error', code: item.Verdict, text: `${nameOf(item)}: ${item.ProviderMessage || item.Verdict}`, advice: item.RecommendedAction,
    },
    ConnectionPlanItem: (item, inputs) => item.Outcome === 'Failed' ? { level: 'error', isTold: true } : isDrift(item) ? {
        level: inputs.failOnDrift ? 'error' : 'warning', code: item.Action, text: `${nameOf(item)}: ${item.Reason}`, file: item.File, line: item.Line,
    } : null,
    KeyUpdateResult: item => ['Failed', 'RolledBack'].includes(item.Outcome) ? { level: 'error', isTold: true }
        : item.Outcome === 'Unconfirmed' ? { level: 'warning', isTold: true } : null,
    LastResult: item => ['Done', 'Updated', 'Skipped'].includes(item.Outcome) ? null : {
        level: ['Unknown', 'Unconfirmed'].includes(item.Outcome) ? 'warning' : 'error', code: item.Outcome, text: `${item.Name}: ${item.Reason || item.Outcome}`,
    },
};

const isDrift = item => differing.includes(item.Action) && item.Outcome !== 'Done';
const nameOf = item => item.Name || item.ConnectionName || item.ConnectionId || item.Provider || '';

// How a stopped module writes a result of a change to the log.
const lastResult = /^.{0,20}?\b(?<action>Create|Change|Update) '(?<name>.*?)': (?<outcome>done|unknown|failed|Updated|Unconfirmed|RolledBack|Failed|Skipped)(?<reason>[.,].*)$/;
const outcomes = { done: 'Done', unknown: 'Unknown', failed: 'Failed' };

/** The results that a stopped module could only write to the log, as items. A script's results are its own. */
function unemitted(inputs, items, lines = []) {
    const emitted = new Set(items.flatMap(i => [i.ConnectionId, i.ConnectionName, i.Name].map(name => clean(name, 100)).concat(`${clean(i.ConnectionName, 100)} (${clean(i.ConnectionId, 100)})`)));
    return inputs.action === 'script' ? [] : lines.map(line => line.match(lastResult)?.groups).filter(found => found && !emitted.has(found.name)).map(found => ({
        Type: 'LastResult',
        Name: found.name,
        Action: found.action === 'Create' ? 'Create' : inputs.action === 'sync' ? 'Update' : '',
        Outcome: outcomes[found.outcome] ?? found.outcome,
        Reason: found.reason.replace(/^[.,] *|,? but its result could no longer be emitted\.$/g, ''),
    }));
}

/** @returns {{issues: object[], result: string, message: string, variables: object}} */
function judge(inputs, items, errors, warnings, ended) {
    const issues = items.map(item => ({ ...judges[item.Type]?.(item, inputs), item })).filter(issue => issue.level);
    const done = items.filter(i => ['Done', 'Updated', 'Unconfirmed'].includes(i.Outcome));
    const variables = {
        drift: count(items, isDrift),
        created: count(done, i => i.Action === 'Create'),
        changed: count(done, i => i.Action !== 'Create'),
        failed: count(issues, i => i.level === 'error' && !i.isTold && (i.item.Type === 'LastResult' || !isDrift(i.item))) + errors.length,
    };
    const broke = ended.exitCode !== 0 || !ended.isWhole;
    const isFailed = variables.failed > 0 || broke || (inputs.failOnDrift && variables.drift > 0);
    const hasIssues = variables.drift > 0 || warnings.length > 0 || issues.length > 0;
    return {
        issues,
        variables,
        result: ended.cancelled ? 'Canceled' : isFailed ? 'Failed' : hasIssues ? 'SucceededWithIssues' : 'Succeeded',
        message: ended.cancelled ? cancelled(inputs, items, variables)
            : broke && variables.failed === 0 ? `PowerShell ended early, with exit code ${ended.exitCode}.`
                : sentence(inputs, items, variables),
    };
}

// What is said where an action came to no object.
const nothing = { test: 'Nothing was tested', compare: 'Nothing was compared', sync: 'Nothing was changed', rotate: 'No key was changed', script: 'The script did not end well' };

function sentence(inputs, items, { drift, created, changed, failed }) {
    if (failed && items.length === 0) {
        return `${nothing[inputs.action]}: ${plural(failed, 'error')}.`;
    }

    const all = count(items, i => i.Action !== 'Unmanaged');
    const failures = failed ? `, ${plural(failed, 'error')}` : '';
    switch (inputs.action) {
        case 'test':
            return failed ? `${plural(failed, 'problem')} found.` : `The manifest is right${items.length ? `, and ${count(items, i => usable.includes(i.Verdict))} of ${plural(items.length, 'key')} can be used` : ''}.`;
        case 'compare':
            return drift ? `Drift: ${drift} of ${plural(all, 'connection')} differ from the manifest${failures}.` : `No drift: ${plural(all, 'connection')} in step${failures}.`;
        case 'sync':
            return `${inputs.whatIf ? 'Nothing was changed: ' : ''}${created} created, ${changed} changed, ${drift} not as the manifest says${failures}.`;
        case 'rotate':
            return `${plural(changed, 'key')} changed of ${all}${failures}.`;
        default:
            return 'The script has run.';
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

module.exports = { judge, nameOf, unemitted };
