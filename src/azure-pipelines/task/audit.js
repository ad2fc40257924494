'use strict';

// What came of an audit: which findings cross the threshold, the counts, and the sentence that says it.

// The gravest severity is the first. What the module says of an empty manifest, and of a provider that does not answer, is no finding, so that
// the verdict alone would say that all is well.
const { severities, ...rules } = require('./rules.json');
const [emptyManifest, unverifiedKeys] = [rules.emptyManifest, rules.unverifiedKeys].map(pattern => new RegExp(pattern));

const count = (items, fits) => items.filter(fits).length;
const plural = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
const findings = items => items.filter(i => i.Type === 'ConnectionIssue');

/** Whether a finding makes the step fail. No finding does with the threshold none. */
const crosses = (item, { failOn }) => item.Type === 'ConnectionIssue' && severities.indexOf(item.Severity) <= severities.indexOf(failOn);

/** How the run shows a finding: what is only good to know is no issue of it. */
const levelOf = (item, inputs) => crosses(item, inputs) ? 'error' : item.Severity === 'Information' ? null : 'warning';

const variables = (items, inputs) => ({
    errorFindings: count(findings(items), i => i.Severity === 'Error'),
    warningFindings: count(findings(items), i => i.Severity === 'Warning'),
    informationFindings: count(findings(items), i => i.Severity === 'Information'),
    thresholdCrossed: items.some(i => crosses(i, inputs)),
});

/** How many connections the platform lists, or nothing where it could not be asked. */
const examined = items => items.find(i => i.Type === 'ExaminedConnections')?.Count;

function sentence(inputs, items, warnings, { failed }) {
    const rules = new Map();
    items.filter(i => crosses(i, inputs)).forEach(i => rules.set(i.Rule, (rules.get(i.Rule) ?? 0) + 1));
    const crossed = rules.size ? `${[...rules].map(([rule, number]) => `${number} ${rule}`).join(', ')} at or above ${inputs.failOn}` : '';
    const failures = [crossed, failed ? plural(failed, 'error') : ''].filter(t => t).join(', ');
    const verdict = failures ? `Audit failed: ${failures}.`
        : inputs.failOn === 'none' ? 'Audit without a threshold.' : `Audit passed: no finding at or above ${inputs.failOn}.`;
    const numbers = severities.map(severity => `${count(findings(items), i => i.Severity === severity)} ${severity}`).join(', ');
    const unseen = warnings.some(w => emptyManifest.test(w.message)) ? ' Drift was not examined: the manifest has no connections.' : '';
    const unverified = warnings.map(w => w.message.match(unverifiedKeys)?.[0]).filter(t => t).map(t => ` ${t}`).join('');
    return `${verdict} Connections: ${examined(items)}. Findings: ${numbers}.${unseen}${unverified}`;
}

module.exports = { examined, levelOf, sentence, variables };
