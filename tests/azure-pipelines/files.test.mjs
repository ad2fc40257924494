// The files that nothing here can run: the manifests of the extension by the published rules, and the pipelines.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { capture, captureScript, newFolder, requireThere, root, runShell, source } from './support.mjs';
import { extension as folder } from './task.mjs';

const yaml = requireThere('yaml');
const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const task = json(source, 'task', 'task.json');
const extension = json(source, 'vss-extension.json');
const inputs = new Map(task.inputs.map(i => [i.name, i]));

describe('task.json', () => {
    const only = (object, allowed, where) => Object.keys(object).forEach(k => assert.ok(allowed.includes(k), `${where}: ${k}`));

    test('has what a task needs, in the forms that are accepted', () => {
        assert.match(task.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
        assert.match(task.name, /^[A-Za-z0-9-]+$/);
        assert.ok(task.friendlyName.length <= 40);
        assert.match(task.minimumAgentVersion, /^\d+\.\d+(\.\d+)?$/);
        assert.ok(['Azure Repos', 'Azure Boards', 'Azure Pipelines', 'Azure Test Plans', 'Azure Artifacts', 'Build', 'Utility', 'Test', 'Package', 'Deploy'].includes(task.category));
        task.visibility.forEach(v => assert.ok(['Build', 'Release'].includes(v)));
        task.runsOn.forEach(r => assert.ok(['Agent', 'MachineGroup', 'Server', 'ServerGate', 'DeploymentGroup'].includes(r)));
        assert.deepEqual(Object.keys(task.version), ['Major', 'Minor', 'Patch']);
        only(task, ['$schema', 'id', 'name', 'friendlyName', 'description', 'helpMarkDown', 'helpUrl', 'category', 'visibility', 'runsOn', 'author', 'version', 'minimumAgentVersion', 'instanceNameFormat', 'showEnvironmentVariables', 'groups', 'inputs', 'outputVariables', 'restrictions', 'execution', 'releaseNotes', 'preview', 'demands'], 'task');
    });

    test('has inputs that people can understand and the handler knows', () => {
        const types = ['boolean', 'filePath', 'multiLine', 'pickList', 'radio', 'secureFile', 'string', 'int', 'identities', 'querycontrol'];
        const code = readFileSync(join(source, 'task', 'inputs.js'), 'utf8');
        assert.equal(inputs.size, task.inputs.length);
        for (const input of task.inputs) {
            only(input, ['name', 'aliases', 'label', 'type', 'defaultValue', 'required', 'helpMarkDown', 'groupName', 'visibleRule', 'properties', 'options'], input.name);
            assert.match(input.name, /^[A-Za-z][A-Za-z0-9]*$/);
            assert.ok(input.label && input.helpMarkDown?.endsWith('.'), `${input.name}: label and help`);
            assert.ok(types.includes(input.type) || /^connectedService:.+$/.test(input.type), input.type);
            assert.ok(!input.groupName || task.groups.some(g => g.name === input.groupName), input.name);
            // An agent would make a path of the sources' folder of it, before the working directory is known.
            assert.notEqual(input.type, 'filePath', input.name);
            assert.ok(!input.options || input.defaultValue in input.options, `${input.name}: the default is an option`);
            assert.ok(code.includes(`'${input.name}'`), `${input.name} is read`);
            assert.ok(input.type !== 'boolean' || ['true', 'false'].includes(input.defaultValue), input.name);
        }

        for (const [, name] of code.matchAll(/(?:text|flag|needed|choice|number)\('(\w+)'/g)) {
            assert.ok(inputs.has(name), `${name} is an input`);
        }
    });

    test('has rules of visibility that name inputs and their options', () => {
        for (const { visibleRule } of [...task.inputs, ...task.groups].filter(i => i.visibleRule)) {
            assert.ok(!(visibleRule.includes('&&') && visibleRule.includes('||')), visibleRule);
            for (const part of visibleRule.split(/&&|\|\|/)) {
                const [, name, value] = part.trim().match(/^(\w+) !?= (\w+)$/) ?? assert.fail(visibleRule);
                assert.ok(value in (inputs.get(name)?.options ?? {}), visibleRule);
            }
        }
    });

    test('can set nothing but its own variables, and runs on both versions of Node', () => {
        assert.deepEqual(task.restrictions.settableVariables.allowed, task.outputVariables.map(v => v.name));
        assert.deepEqual(Object.keys(task.execution), ['Node24', 'Node20_1']);
        Object.values(task.execution).forEach(e => assert.ok(existsSync(join(source, 'task', e.target))));
    });
});

describe('The extension', () => {
    test('has the module, what the handler needs, and no more', () => {
        for (const file of ['task/task.json', 'task/index.js', 'task/run.ps1', 'task/icon.png', 'task/KoreConnections/KoreConnections.psd1', 'task/KoreConnections/KoreConnections.dll', 'task/node_modules/azure-pipelines-task-lib/task.js', 'images/icon.png', 'overview.md']) {
            assert.ok(existsSync(join(folder, file)), file);
        }

        ['tfx-cli', 'yaml', 'jszip'].forEach(name => assert.ok(!existsSync(join(folder, 'task', 'node_modules', name)), name));
    });

    test('has the scripts of the steps template in the module, each of a size to review, and the module names none of them', () => {
        const [there, sources] = [join(folder, 'task', 'KoreConnections', 'AzurePipelines'), join(source, 'step')];
        const scripts = readdirSync(sources);
        assert.ok(scripts.includes('Step.ps1'), `${scripts}`);
        [there, join(root, 'out', 'KoreConnections', 'AzurePipelines')].forEach(f => assert.deepEqual(readdirSync(f).sort(), [...scripts, 'rules.json'].sort(), f));
        assert.equal(readFileSync(join(there, 'rules.json'), 'utf8'), readFileSync(join(source, 'task', 'rules.json'), 'utf8'));
        for (const name of scripts) {
            assert.equal(readFileSync(join(there, name), 'utf8'), readFileSync(join(sources, name), 'utf8'), name);
            assert.ok(readFileSync(join(sources, name), 'utf8').split('\n').length <= 300, name);
        }

        assert.doesNotMatch(readFileSync(join(root, 'KoreConnections.psd1'), 'utf8'), /AzurePipelines\b.*\.ps1|ScriptsToProcess/);
        const session = `Import-Module '${join(folder, 'task', 'KoreConnections')}'; (Get-Command -Module KoreConnections).CommandType | Select-Object -Unique; Get-Command Invoke-Step, Write-Mask -ErrorAction Ignore`;
        assert.equal(runShell(['-Command', session]).stdout.trim(), 'Cmdlet');
    });

    test('has the version of the module', () => {
        const version = readFileSync(join(root, 'KoreConnections.psd1'), 'utf8').match(/ModuleVersion\s*=\s*'([\d.]+)'/)[1];
        const [major, minor, patch] = version.split('.').map(Number);
        assert.deepEqual(json(folder, 'task', 'task.json').version, { Major: 1, Minor: major * 1000 + minor, Patch: patch });
        assert.match(readFileSync(join(folder, 'extension.vsixmanifest'), 'utf8'), new RegExp(`Version="${version.replaceAll('.', '\\.')}"`));
        assert.equal(extension.version, '0.0.0');
    });

    test('contributes the task and the service connection that it takes', () => {
        const [contributed, endpoint] = extension.contributions;
        assert.deepEqual([contributed.type, contributed.properties.name], ['ms.vss-distributed-task.task', 'task']);
        assert.equal(inputs.get('serviceConnection').type, `connectedService:${endpoint.properties.name}`);
        const [scheme] = endpoint.properties.authenticationSchemes;
        assert.equal(scheme.type, 'ms.vss-endpoint.endpoint-auth-scheme-token');
        assert.deepEqual(scheme.headers, [{ name: 'x-api-key', value: '{{endpoint.apitoken}}' }]);
        assert.deepEqual([scheme.inputDescriptors[0].id, scheme.inputDescriptors[0].isConfidential, scheme.inputDescriptors[0].inputMode], ['apitoken', true, 'passwordbox']);
    });

    test('has icons of the sizes that are asked for', () => {
        const size = file => [readFileSync(file).readUInt32BE(16), readFileSync(file).readUInt32BE(20)];
        assert.deepEqual(size(join(folder, 'images', 'icon.png')), [128, 128]);
        assert.deepEqual(size(join(folder, 'task', 'icon.png')), [32, 32]);
    });
});

test('no file names a registry', () => {
    const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lock, /"resolved"/);
    const { dependencies, devDependencies } = json(source, 'package.json');
    Object.values({ ...dependencies, ...devDependencies }).forEach(v => assert.match(v, /^\d+\.\d+\.\d+$/));
});

const examples = join(root, 'docs', 'examples', 'pipelines');
const template = join(source, 'templates', 'kore-connections.yml');
const pipelines = [...readdirSync(examples).map(n => join(examples, n)), template];
const inMarkdown = ['docs/azure-pipelines.md', 'src/azure-pipelines/overview.md'].flatMap(file =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text], i) => [`${file}, part ${i + 1}`, text]));
const documents = [...pipelines.map(f => [f.slice(root.length + 1), readFileSync(f, 'utf8')]), ...inMarkdown];

/** All nodes of a document that have a property. */
function* having(node, property) {
    if (Array.isArray(node)) {
        for (const item of node) {
            yield* having(item, property);
        }
    } else if (node && typeof node === 'object') {
        if (property in node) {
            yield node;
        }

        yield* having(Object.values(node), property);
    }
}

describe('The pipelines', () => {
    for (const [name, text] of documents) {
        test(`${name}: the syntax, and inputs and parameters that exist`, () => {
            const parsed = yaml.parseDocument(text, { uniqueKeys: true });
            assert.deepEqual([...parsed.errors, ...parsed.warnings].map(e => e.message), []);
            const document = parsed.toJS();
            for (const step of having(document, 'task')) {
                if (!/^KoreConnections@/.test(step.task)) {
                    continue;
                }

                assert.equal(step.task, `KoreConnections@${task.version.Major}`);
                checkInputs(step.inputs);
            }

            for (const { template: path, parameters } of having(document, 'template')) {
                assert.equal(join(root, path.replace(/@.*/, '')), template);
                const declared = new Map(yaml.parse(readFileSync(template, 'utf8')).parameters.map(p => [p.name, p]));
                Object.entries(parameters).forEach(([key, value]) => {
                    assert.ok(declared.has(key), key);
                    const { type, values } = declared.get(key);
                    assert.equal(typeof value, type, key);
                    assert.ok(!values || values.includes(value), key);
                });
                [...declared.values()].filter(p => !('default' in p)).forEach(p => assert.ok(p.name in parameters, p.name));
            }

            const names = new Set([...having(document, 'task')].map(s => s.name).filter(n => n));
            const variables = task.outputVariables.map(v => v.name);
            for (const [, step, variable] of text.matchAll(/\$\((\w+)\.(\w+)\)|variables\['(\w+)\.(\w+)'\]/g)) {
                if (step && names.has(step)) {
                    assert.ok(variables.includes(variable), `${step}.${variable}`);
                }
            }
        });
    }

    function checkInputs(given) {
        for (const [key, value] of Object.entries(given)) {
            assert.ok(inputs.has(key), `the task has no input ${key}`);
            const { type, options } = inputs.get(key);
            assert.ok(!options || value in options, `${key}: ${value}`);
            assert.ok(type !== 'boolean' || typeof value === 'boolean', `${key}: ${value}`);
        }

        const shown = rule => rule.split(rule.includes('&&') ? '&&' : '||')[rule.includes('&&') ? 'every' : 'some'](part => {
            const [, name, not, value] = part.trim().match(/^(\w+) (!?)= (\w+)$/);
            return ((given[name] ?? inputs.get(name).defaultValue) === value) === !not;
        });
        for (const input of task.inputs) {
            const isShown = !input.visibleRule || shown(input.visibleRule);
            assert.ok(isShown || !(input.name in given), `${input.name} has no meaning there`);
            assert.ok(!isShown || !input.required || input.name in given || input.defaultValue, `${input.name} is missing`);
        }
    }

    test('name where each module, template and action comes from, in one version', () => {
        const parameters = new Map(yaml.parse(readFileSync(template, 'utf8')).parameters.map(p => [p.name, p]));
        ['moduleRepository', 'moduleVersion'].forEach(name => assert.ok(!('default' in parameters.get(name)), name));
        for (const [name, text] of [...documents, ['docs/azure-pipelines.md', readFileSync(join(root, 'docs', 'azure-pipelines.md'), 'utf8')]]) {
            assert.doesNotMatch(text, /TrustRepository|PSGallery/, name);
            for (const [line] of text.matchAll(/.*(?:Install|Save)-PSResource .*/g)) {
                assert.ok(/-Version/.test(line) && /-Repository/.test(line), `${name}: ${line}`);
            }

            [...text.matchAll(/uses: ([^\s`]+)/g)].forEach(([, action]) => assert.match(action, /@[0-9a-f]{40}$/, name));
        }

        for (const [name, text] of documents) {
            [...having(yaml.parse(text), 'repository')].forEach(r => assert.match(r.ref ?? '', /^refs\/tags\/v\d/, name));
        }
    });

    test('pass a review: time limits, secrets after the approval alone, keys that can only look before it, and a message', () => {
        for (const [name, text] of documents.filter(([n]) => n.startsWith('docs/examples') && !n.includes('github'))) {
            const document = yaml.parse(text);
            assert.match(text, /TEAM_WEBHOOK: \$\(TEAM_WEBHOOK\)/, name);
            assert.ok(document.trigger && document.pr, `${name}: what starts it is said`);
            for (const job of [...having(document, 'job'), ...having(document, 'deployment')]) {
                assert.ok(job.timeoutInMinutes, `${name}: ${job.job ?? job.deployment} has a time limit`);
                assert.ok(!job.deployment || (job.environment && document.lockBehavior === 'sequential'), `${name}: an environment with its checks`);
                const groups = (job.variables ?? []).map(v => v.group).filter(g => g);
                assert.ok(job.deployment || groups.every(g => /-view$|-notification$/.test(g)), `${name}: ${groups}`);
                for (const { inputs: given, env } of having(job, 'task')) {
                    const changes = ['sync', 'rotate'].includes(given?.action) && !given.whatIf;
                    assert.ok(!given?.action || job.deployment || !changes, `${name}: changes without an approval`);
                    assert.ok(!given?.serviceConnection || changes || given.serviceConnection.endsWith('-view'), `${name}: ${given?.serviceConnection}`);
                    assert.ok(!given?.action || changes || !env, `${name}: keys that ${given?.action} does not need`);
                }
            }

            assert.ok(!(document.variables ?? []).some(v => v.group), `${name}: a group of the whole pipeline`);
            [...having(document, 'publish')].forEach(p => assert.match(p.condition, /always\(\).*hasReport/, name));
        }
    });

    test('have the lines that the list of their review names', () => {
        const list = readFileSync(join(root, 'docs', 'azure-pipelines.md'), 'utf8').match(/## Security review checklist\n(.*?)\n## /s)[1];
        const rows = [...list.matchAll(/^\|[^|]*\| ([\w-]+\.yml) \| `([^`]+)` \|/gm)];
        assert.ok(rows.length >= 25 && rows.length === list.split('\n').filter(l => l.startsWith('|')).length - 2, `${rows.length}`);
        rows.forEach(([, file, line]) => assert.ok(readFileSync(join(examples, file), 'utf8').includes(line), `${file}: ${line}`));
        readdirSync(examples).forEach(name => assert.ok(rows.some(r => r[1] === name), name));
    });

    test('their scripts have the syntax and the parameters of the cmdlets, and the finder of problems finds them', () => {
        const folder = newFolder();
        const wrong = { 'wrong-a.ps1': 'Get-Connection -Nmae x\nRemove-Connection x\n', 'wrong-b.ps1': 'if (' };
        Object.entries(wrong).forEach(([name, text]) => writeFileSync(join(folder, name), text));
        let count = 0;
        for (const [name, text] of documents) {
            const document = yaml.parse(text);
            const scripts = [...having(document, 'script')].concat([...having(document, 'pwsh')], [...having(document, 'run')])
                .flatMap(s => [s.script, s.pwsh, s.run].filter(t => typeof t === 'string'));
            scripts.forEach(script => writeFileSync(join(folder, `${name.replace(/\W+/g, '-')}-${++count}.ps1`), script.replace(/\$\{\{.*?\}\}/g, 'x')));
        }

        assert.ok(count >= 4);
        readdirSync(join(source, 'step')).forEach(name => copyFileSync(join(source, 'step', name), join(folder, `step-${name}`)));
        const problems = captureScript(join(root, 'tests', 'azure-pipelines', 'Find-ScriptProblem.ps1'), folder).trim().split(/\r?\n/);
        assert.deepEqual(problems.filter(p => !p.startsWith('wrong-')), []);
        [/a\.ps1: Get-Connection has no -Nmae\./, /a\.ps1: the module has no Remove-Connection\./, /b\.ps1: /].forEach(found => assert.match(problems.join('\n'), found));
    });
});
