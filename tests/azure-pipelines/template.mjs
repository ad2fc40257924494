// The steps template: what PowerShell@2 runs of it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, newFolder, parseCommand, requireThere, source, startShell } from './support.mjs';
import { extension } from './task.mjs';

export const template = requireThere('yaml').parse(readFileSync(join(source, 'templates', 'kore-connections.yml'), 'utf8'));

/** The step that the template makes of parameters: its folder, its script and its variables. */
function write(sandbox, given, files = {}, env = {}) {
    const folder = newFolder();
    Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
    const parameters = {
        ...Object.fromEntries(template.parameters.map(p => [p.name, p.default])),
        modulePath: join(extension, 'task', 'KoreConnections'),
        reportPath: join(folder, 'report.jsonl'),
        ...given,
    };
    const capital = value => typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
    const fill = text => String(text).replace(/\$\{\{ parameters\.(\w+) \}\}/g, (_, name) => capital(parameters[name]));
    const { env: mapped, inputs } = template.steps.find(s => s.name);
    const script = join(folder, 'step.ps1');
    writeFileSync(script, `\uFEFF$ErrorActionPreference = '${inputs.errorActionPreference}'\n${fill(inputs.script)}`);
    const variables = Object.fromEntries(Object.entries(mapped).filter(([, value]) => typeof value === 'string').map(([name, value]) => [name, fill(value)]));
    return { folder, script, env: { AGENT_TEMPDIRECTORY: folder, KORE_HOST: sandbox.address, KORE_API_KEY: sandbox.key, ...variables, ...env } };
}

/** The step that an agent runs of the template where a run was canceled, in the temporary folder of the step before. */
export async function runCanceled(folder) {
    const { inputs } = template.steps.find(s => s.condition === 'canceled()');
    const script = join(folder, 'canceled.ps1');
    writeFileSync(script, `\uFEFF${inputs.script}`);
    const { stdout, stderr } = await startShell(['-Command', `. '${script}'`], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, AGENT_TEMPDIRECTORY: folder } });
    return understand(`${stdout}${stderr}`, []);
}

/** A step that is under way in a shell that nobody waits for, as one of which the agent ended the task. */
export const beginTemplate = ({ sandbox }, row) => {
    const { folder, script, env } = write(sandbox, ...row);
    const ended = startShell(['-Command', `. '${script}'`], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } });
    return { folder, ended };
};

/** Runs steps, each of parameters, files and variables, with keys that they may not show: one as PowerShell@2 does, several in the warm shell. */
export async function runTemplates({ sandbox, warm }, given, keys) {
    const runs = [];
    for (const row of given) {
        const { folder, script, env } = write(sandbox, ...row);
        const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } };
        const { stdout, stderr } = await (given.length === 1 ? startShell(['-Command', `. '${script}'`], options) : warm.start(script, options));
        runs.push(understand(`${stdout}${stderr}`, [...keys, sandbox.key]));
    }

    return runs;
}

function understand(output, keys) {
    const lines = output.split(/\r?\n/);
    keys.forEach(key => lines.forEach(line => assert.ok(!line.includes(key), line)));
    const commands = lines.map(parseCommand).filter(c => c);
    const of = name => commands.filter(c => c.name === name);
    return {
        text: lines.join('\n'),
        results: of('task.complete').map(c => c.properties.result),
        issues: of('task.logissue').map(c => `${c.properties.type} ${c.properties.code}`),
        messages: of('task.logissue').map(c => c.data),
        secrets: of('task.setsecret').map(c => c.data),
        places: of('task.logissue').map(c => `${c.properties.sourcepath}:${c.properties.linenumber}`),
        uploads: of('task.uploadfile').length,
        sent: filesOf(commands),
        lines: lines.filter(l => l && !l.includes('##vso[')),
        counts: Object.fromEntries(of('task.setvariable').map(c => [c.properties.variable, c.data])),
    };
}
