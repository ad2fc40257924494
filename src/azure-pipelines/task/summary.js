'use strict';

// The page that the run's summary shows. Everything in it that came from outside is escaped.

const { markdown } = require('./text');
const { nameOf } = require('./outcome');

const mostRows = 100;
const mostAdvice = 20;
const marks = { error: '❌', warning: '⚠️' };

/** The page, for what has a row: everything but what is in step or unmanaged. */
function page(inputs, items, errors, outcome) {
    const issues = new Map(outcome.issues.map(issue => [issue.item, issue]));
    const rows = items.filter(i => issues.has(i) || i.Outcome === 'Done' || ['Updated', 'Unconfirmed'].includes(i.Outcome));
    return [
        `### Kore.ai connections: ${inputs.action}`,
        outcome.message,
        counts(outcome.variables),
        table(rows, issues),
        rows.length > mostRows ? `${rows.length - mostRows} more are in the report that is attached to this step.` : '',
        whatToDo(errors, outcome.issues),
    ].filter(p => p).join('\n\n') + '\n';
}

const counts = variables =>
    `| ${Object.keys(variables).join(' | ')} |\n| ${Object.keys(variables).map(() => '---:').join(' | ')} |\n| ${Object.values(variables).join(' | ')} |`;

function table(rows, issues) {
    if (rows.length === 0) {
        return '';
    }

    const cells = rows.slice(0, mostRows).map(item => [
        `${marks[issues.get(item)?.level] ?? '✅'} ${markdown(item.Action || item.Verdict || item.Outcome || item.Type)}`,
        markdown(nameOf(item) || place(item)),
        markdown(item.Provider),
        markdown(item.Outcome),
        markdown(item.Difference || item.Message || item.ProviderMessage || item.Error || item.Reason, 300),
    ]);
    return ['| | Connection | Provider | Outcome | Details |', '| --- | --- | --- | --- | --- |', ...cells.map(c => `| ${c.join(' | ')} |`)].join('\n');
}

const place = item => [item.File?.split(/[\\/]/).pop(), item.Line, item.Column].filter(p => p).join(':');

function whatToDo(errors, issues) {
    const advice = [...new Set([
        ...errors.map(e => [e.message, e.advice].filter(t => t).join(' ')),
        ...issues.filter(i => !i.isTold).map(i => [i.text, i.advice].filter(t => t).join(' ')),
    ])];
    const more = advice.length > mostAdvice ? [`- ${advice.length - mostAdvice} more are in the log.`] : [];
    return advice.length ? ['#### What to do', '', ...advice.slice(0, mostAdvice).map(a => `- ${markdown(a, 500)}`), ...more].join('\n') : '';
}

module.exports = { page };
