'use strict';

// The page that the run's summary shows. Everything in it that came from outside is escaped.

const { markdown } = require('./text');
const { nameOf } = require('./outcome');

const mostRows = 100;
const mostAdvice = 20;
const mostNames = 10;
const marks = { error: '❌', warning: '⚠️' };

/** The page, for what has a row: everything but what is in step or unmanaged. */
function page(inputs, items, errors, outcome, warnings = []) {
    const issues = new Map(outcome.issues.map(issue => [issue.item, issue]));
    const rows = items.filter(i => issues.has(i) || i.Type === 'PlannedRotation' || ['Done', 'Updated', 'Unconfirmed'].includes(i.Outcome));
    return [
        `### Kore.ai connections: ${inputs.action}`,
        outcome.message,
        counts(outcome.variables),
        table(rows, issues),
        rest(rows.length, mostRows),
        whatToDo([...errors, ...warnings], outcome.issues),
    ].filter(p => p).join('\n\n') + '\n';
}

// Nothing is left to another place that leaves it to this one.
const rest = (number, shown) => number > shown ? `${number - shown} more are in the report, which is among the run's logs.` : '';

const counts = variables =>
    `| ${Object.keys(variables).join(' | ')} |\n| ${Object.keys(variables).map(() => '---:').join(' | ')} |\n| ${Object.values(variables).join(' | ')} |`;

function table(rows, issues) {
    if (rows.length === 0) {
        return '';
    }

    const cells = rows.slice(0, mostRows).map(item => [
        item.Type === 'PlannedRotation' ? '🔎 Would change' : `${marks[issues.get(item)?.level] ?? '✅'} ${markdown(item.Action || item.Verdict || item.Outcome || item.Type)}`,
        markdown(nameOf(item) || place(item)),
        markdown(item.Provider),
        markdown(item.Outcome),
        markdown(item.Type === 'PlannedRotation' ? planned(item) : item.Difference || item.Message || item.ProviderMessage || item.Error || item.Reason, 300),
    ]);
    return ['| | Connection | Provider | Outcome | Details |', '| --- | --- | --- | --- | --- |', ...cells.map(c => `| ${c.join(' | ')} |`)].join('\n');
}

const planned = ({ NewKey, PreviousKey }) => `${NewKey}; ${PreviousKey ? `rolled back to ${PreviousKey}` : 'no key to roll back to'}`;

const place = item => [item.File?.split(/[\\/]/).pop(), item.Line, item.Column].filter(p => p).join(':');

/** Each row has something to do; what is done alike is said once. */
function whatToDo(said, issues) {
    const groups = new Map();
    for (const { item, todo, text } of issues.filter(i => i.todo)) {
        const isProblem = item?.Type === 'ManifestProblem' || !item;
        const key = isProblem ? `${text} ${todo}` : todo;
        groups.set(key, [...groups.get(key) ?? [], isProblem ? place(item ?? {}) : nameOf(item)]);
    }

    const named = names => names.length > mostNames ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more` : names.join(', ');
    const advice = [
        ...new Set(said.map(e => [e.line && `${e.file.split('/').pop()}:${e.line}:`, e.message, e.advice].filter(t => t).join(' '))),
        ...[...groups].map(([todo, names]) => [named(names.filter(n => n)), todo].filter(t => t).join(': ')),
    ];
    const lines = advice.slice(0, mostAdvice).map(a => `- ${markdown(a, 500)}`);
    return lines.length ? ['#### What to do', lines.join('\n'), rest(advice.length, mostAdvice)].filter(t => t).join('\n\n') : '';
}

module.exports = { page };
