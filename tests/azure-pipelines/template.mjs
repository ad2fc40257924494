// The steps template: what PowerShell@2 runs of it.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, newFolder, parseCommand, requireThere, source, startShell } from './support.mjs';

export const template = requireThere('yaml').parse(readFileSync(join(source, 'templates', 'kore-connections.yml'), 'utf8'));

/** The step that the template makes of parameters: its folder, its script and its variables. */
function write(extension, sandbox, given, files = {}, env = {}) {
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
    mkdirSync(join(folder, 'home'));
    const variables = Object.fromEntries(Object.entries(mapped).filter(([, value]) => typeof value === 'string').map(([name, value]) => [name, fill(value)]));
    return { folder, script, env: { AGENT_TEMPDIRECTORY: folder, KORE_HOST: sandbox.address, KORE_API_KEY: sandbox.key, ...variables, ...env } };
}

// A shell takes longer to start than a step does. What one step leaves in it, the next one does not find: variables, module, session.
const inOneShell = (steps, mark) => `
    $before = [Environment]::GetEnvironmentVariables()
    foreach ($each in Get-Content -LiteralPath '${steps}' -Raw | ConvertFrom-Json -AsHashtable) {
        $each.env.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $each.env[$_]) }
        Set-Location -LiteralPath $each.folder
        & $each.script
        if (Get-Module KoreConnections) { Disconnect-KorePlatform; Remove-Module KoreConnections }
        [Environment]::GetEnvironmentVariables().Keys | Where-Object { -not $before.Contains($_) } | Remove-Item -LiteralPath { "env:$_" }
        [Console]::Out.WriteLine('${mark}')
    }`;

/** Runs steps, each of parameters, files and variables, with keys that they may not show: one as PowerShell@2 does, several in one shell. */
export async function runTemplates(extension, sandbox, given, keys) {
    const steps = given.map(g => write(extension, sandbox, ...g));
    const [{ folder, script, env }] = steps;
    const mark = `end-of-step-${randomUUID()}`;
    const many = { script: join(folder, 'all.ps1'), env: {} };
    writeFileSync(many.script, inOneShell(join(folder, 'all.json'), mark));
    writeFileSync(join(folder, 'all.json'), JSON.stringify(steps));
    const run = steps.length === 1 ? { script, env } : many;
    const { stdout, stderr } = await startShell(['-Command', `. '${run.script}'`], { cwd: folder, env: { PATH: process.env.PATH, HOME: join(folder, 'home'), ...run.env } });
    const parts = stdout.split(`${mark}\n`).slice(0, steps.length);
    assert.equal(parts.length, steps.length, `${stdout}${stderr}`);
    return parts.map(part => understand(`${part}${stderr}`, [...keys, sandbox.key]));
}

export const runTemplate = async (extension, sandbox, given, files, env, keys) => (await runTemplates(extension, sandbox, [[given, files, env]], keys))[0];

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
