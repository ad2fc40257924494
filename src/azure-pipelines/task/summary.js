'use strict';

// The page that the run's summary shows. Everything in it that came from outside is escaped.

const { markdown } = require('./text');
const { faultOf, nameOf } = require('./outcome');

const mostRows = 100;
const mostAdvice = 20;
const mostNames = 10;
const marks = { error: '❌', warning: '⚠️', Information: 'ℹ️' };

/** The page, for what has a row: everything but what is in step or unmanaged. */
function page(inputs, items, errors, outcome, warnings = []) {
    const issues = new Map(outcome.issues.map(issue => [issue.item, issue]));
    const rows = items.filter(i => issues.has(i)
        || ['PlannedRotation', 'ConnectionIssue'].includes(i.Type) || ['Done', 'Updated', 'Unconfirmed'].includes(i.Outcome));
    return [
        `### Kore.ai connections: ${inputs.action}`,
        outcome.message,
        counts(outcome.variables, inputs.action === 'audit' ? /^(drift|failed|\w+Findings)$/ : /./),
        outcome.variables.pagePath && where(inputs),
        table(rows, issues, inputs.action === 'audit' ? 'Due' : 'Outcome'),
        rest(rows.length, mostRows),
        whatToDo([...errors, ...warnings], outcome.issues),
    ].filter(p => p).join('\n\n') + '\n';
}

const where = ({ hasArtifact, artifact }) =>
    `The page kore-connections.html has all details. It is in the run's logs${hasArtifact ? `, and in the artifact ${markdown(artifact)}` : ''}.`;

// Nothing is left to another place that leaves it to this one.
const rest = (number, shown) => number > shown ? `${number - shown} more are in the report in the run's logs.` : '';

function counts(variables, shown) {
    const numbers = Object.entries(variables).filter(([name, value]) => typeof value === 'number' && shown.test(name));
    return [numbers.map(([name]) => name), numbers.map(() => '---:'), numbers.map(([, value]) => value)].map(row => `| ${row.join(' | ')} |`).join('\n');
}

const kindOf = item => item.Rule ? `${item.Severity} ${item.Rule}` : item.Action || item.Verdict || item.Outcome || item.Type;

function table(rows, issues, outcome) {
    if (rows.length === 0) {
        return '';
    }

    const cells = rows.slice(0, mostRows).map(item => [
        item.Type === 'PlannedRotation' ? '🔎 Would change' : `${marks[issues.get(item)?.level ?? item.Severity] ?? '✅'} ${markdown(kindOf(item))}`,
        markdown(nameOf(item) || place(item)),
        markdown(item.Provider),
        markdown(item.DueOn ? item.DueOn.slice(0, 10) : item.Outcome),
        markdown(item.Type === 'PlannedRotation' ? planned(item) : item.Difference || item.Message || item.ProviderMessage || item.Error || item.Reason, 300),
    ]);
    return [`| | Connection | Provider | ${outcome} | Details |`, '| --- | --- | --- | --- | --- |', ...cells.map(c => `| ${c.join(' | ')} |`)].join('\n');
}

const planned = ({ NewKey, PreviousKey }) => `${NewKey}; ${PreviousKey ? `rolled back to ${PreviousKey}` : 'no key to roll back to'}`;

const place = item => [item.File?.split(/[\\/]/).pop(), item.Line, item.Column].filter(p => p).join(':');

/** Each row has something to do; what is done alike is said once. */
function whatToDo(said, issues) {
    const groups = new Map();
    for (const { item, todo, text } of issues.filter(i => i.todo)) {
        const isProblem = item?.Type === 'ManifestProblem' || !item;
        const key = isProblem ? `${faultOf(text) ?? text} ${todo}` : todo;
        const { names } = groups.get(key) ?? groups.set(key, { said: isProblem ? `${text} ${todo}` : todo, names: [] }).get(key);
        names.push(isProblem ? place(item ?? {}) : nameOf(item));
    }

    const named = names => names.length > mostNames ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more` : names.join(', ');
    const advice = [
        ...new Set(said.map(e => [e.line && `${e.file.split('/').pop()}:${e.line}:`, e.message, e.advice].filter(t => t).join(' '))),
        ...[...groups.values()].map(({ said, names }) => [named(names.filter(n => n)), said].filter(t => t).join(': ')),
    ];
    const lines = advice.slice(0, mostAdvice).map(a => `- ${markdown(a, 500)}`);
    return lines.length ? ['#### What to do', lines.join('\n'), rest(advice.length, mostAdvice)].filter(t => t).join('\n\n') : '';
}

module.exports = { page };
