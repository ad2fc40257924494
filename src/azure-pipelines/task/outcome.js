'use strict';

// What came of a step: counts for variables, issues for the log, the result, and the sentence that tells it.

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
};

const isDrift = item => differing.includes(item.Action) && item.Outcome !== 'Done';
const nameOf = item => item.Name || item.ConnectionName || item.ConnectionId || item.Provider || '';

/** @returns {{issues: object[], result: string, message: string, variables: object}} */
function judge(inputs, items, errors, warnings, ended) {
    const issues = items.map(item => ({ ...judges[item.Type]?.(item, inputs), item })).filter(issue => issue.level);
    const done = items.filter(i => ['Done', 'Updated', 'Unconfirmed'].includes(i.Outcome));
    const variables = {
        drift: count(items, isDrift),
        created: count(done, i => i.Action === 'Create'),
        changed: count(done, i => i.Action !== 'Create'),
        failed: count(issues, i => i.level === 'error' && !i.isTold && !isDrift(i.item)) + errors.length,
    };
    const broke = ended.exitCode !== 0 || !ended.isWhole;
    const isFailed = variables.failed > 0 || broke || (inputs.failOnDrift && variables.drift > 0);
    const hasIssues = variables.drift > 0 || warnings.length > 0 || issues.length > 0;
    return {
        issues,
        variables,
        result: ended.cancelled ? 'Canceled' : isFailed ? 'Failed' : hasIssues ? 'SucceededWithIssues' : 'Succeeded',
        message: ended.cancelled ? `Cancelled: ${sentence(inputs, items, variables)}`
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

module.exports = { judge, nameOf };
