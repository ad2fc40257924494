// The repository's own workflows, which no machine here can run: they run tasks of build.ps1 alone, and hold no logic and no key.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { requireThere, root } from './support.mjs';

const yaml = requireThere('yaml');
const folder = join(root, '.github', 'workflows');
const workflows = readdirSync(folder).map(name => ({ name, document: yaml.parse(readFileSync(join(folder, name), 'utf8')) }));
const script = readFileSync(join(root, 'build.ps1'), 'utf8');
const parameters = script.slice(0, script.indexOf('$ErrorActionPreference'));
const tasks = /ValidateSet\(([^)]*'Build'[^)]*)\)/.exec(parameters)[1].match(/\w+/g);
const options = [...parameters.matchAll(/^ {4}\[(?:string(?:\[\])?|switch)\] \$(\w+)/gm)].map(m => m[1]);

/** Why a command of a step is not a task of build.ps1, or nothing. */
function problem(command) {
    const [, task, rest] = /^(?:dotnet tool exec (?:powershell(?:@[\d.]+)?|\$\{\{ matrix\.powershell \}\}) -y -- )?\.\/build\.ps1 (\w+)((?: -\w+(?: [^-\s]\S*)?)*)$/.exec(command.replace(/\$\{\{ matrix\.(\w+) \}\}/g, (all, name) => (name === 'powershell' ? all : name))) ?? [];
    return !task ? 'is no single call of build.ps1'
        : !tasks.includes(task) ? `runs ${task}, which build.ps1 does not have`
        : [...rest.matchAll(/ -(\w+)/g)].map(m => m[1]).filter(o => !options.includes(o)).map(o => `gives -${o}, which build.ps1 does not have`)[0];
}

const steps = workflows.flatMap(({ name, document }) => Object.values(document.jobs).flatMap(job => (job.steps ?? []).map(step => ({ name, job, step }))));

describe('The workflows', () => {
    test('run tasks that build.ps1 has, and nothing else', () => {
        const commands = steps.filter(s => s.step.run).map(s => s.step.run);
        assert.ok(commands.length > 5);
        assert.deepEqual(commands.filter(problem), []);
    });

    for (const [command, says] of [
        ['./build.ps1 Release', /Release/], ['./build.ps1 Test -Suits Unit', /-Suits/], ['./build.ps1 Test -Packages', /-Packages/], ['dotnet build', /no single call/], ['./build.ps1 Test; exit 0', /no single call/],
        ['./build.ps1 Test\necho done', /no single call/], ['pwsh -c ./build.ps1 Test', /no single call/], ['./build.ps1 Test || true', /no single call/],
    ]) {
        test(`would be found out: ${JSON.stringify(command)}`, () => assert.match(problem(command), says));
    }

    test('use actions by the SHA of a commit, and do not leave a token in the checkout', () => {
        for (const { step } of steps.filter(s => s.step.uses)) {
            assert.match(step.uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
            assert.ok(!step.uses.startsWith('actions/checkout') || step.with['persist-credentials'] === false);
        }
    });

    test('may only read, and say how long a job may take', () => {
        for (const { document } of workflows) {
            assert.deepEqual(document.permissions, { contents: 'read' });
            assert.ok(Object.values(document.jobs).every(job => job.uses || job['timeout-minutes']));
        }
    });

    test('have secrets by name, in a protected environment, in the step that needs them', () => {
        for (const { name, document } of workflows) {
            const { jobs, ...head } = document;
            assert.doesNotMatch(JSON.stringify(head), /secrets\./);
            for (const { steps: of = [], ...job } of Object.values(jobs)) {
                assert.doesNotMatch(JSON.stringify(job), /secrets/, name);
                for (const step of of.filter(s => /secrets/.test(JSON.stringify(s)))) {
                    assert.equal(job.environment, 'release');
                    assert.deepEqual(Object.entries(step.env), Object.keys(step.env).map(key => [key, `\${{ secrets.${key} }}`]));
                    assert.match(step.run, /^\.\/build\.ps1 /);
                }
            }
        }
    });

    test('cover three systems, the oldest and the newest PowerShell, and Windows PowerShell', () => {
        const { test: job } = workflows.find(w => w.name === 'test.yml').document.jobs;
        assert.deepEqual(job.strategy.matrix.os.map(o => o.split('-')[0]).sort(), ['macos', 'ubuntu', 'windows']);
        const oldest = /#requires -Version ([\d.]+)/.exec(script)[1];
        assert.deepEqual(job.strategy.matrix.include.map(i => i.powershell.replace(`@${oldest}.`, '@OLDEST.').replace(/\.\d+$/, '')).sort(), ['powershell', 'powershell@OLDEST']);
        assert.ok(job.steps.some(s => s.run?.endsWith('TestPackage -Shell powershell.exe') && s.if === "runner.os == 'Windows'"));
    });
});
