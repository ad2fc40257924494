// Builds the extension: the module into the task's folder, the module's version into the manifests, then tfx.
// Everything is made in out/azure-pipelines; nothing that is made is committed.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, 'out');
const stage = join(out, 'azure-pipelines');
const task = join(stage, 'task');

const run = (program, args, options = {}) => execFileSync(program, args, { stdio: 'inherit', cwd: root, ...options });
const change = (file, edit) => writeFileSync(file, JSON.stringify(edit(JSON.parse(readFileSync(file, 'utf8'))), null, 2));

// The module's manifest is the one place of the version.
const version = readFileSync(join(root, 'KoreConnections.psd1'), 'utf8').match(/ModuleVersion\s*=\s*'(\d+)\.(\d+)\.(\d+)'/);
if (!version) {
    throw new Error('KoreConnections.psd1 has no ModuleVersion of three numbers.');
}

const [Major, Minor, Patch] = version.slice(1).map(Number);
const text = `${Major}.${Minor}.${Patch}`;

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
['task', 'images', 'overview.md', 'vss-extension.json'].forEach(name => cpSync(join(here, name), join(stage, name), { recursive: true }));
['package.json', 'package-lock.json', '.npmrc'].forEach(name => cpSync(join(here, name), join(task, name)));
change(join(stage, 'vss-extension.json'), manifest => ({ ...manifest, version: text }));
// A task's Major is the number that pipelines name (KoreConnections@1): that of its inputs, and task.json's own. What
// follows it grows with the module's version.
change(join(task, 'task.json'), manifest => ({ ...manifest, version: { Major: manifest.version.Major, Minor: Major * 1000 + Minor, Patch } }));

const built = process.argv[process.argv.indexOf('--module', 2) + 1];
if (process.argv.includes('--module')) {
    // One that was built before, such as a release's.
    cpSync(built, join(task, 'KoreConnections'), { recursive: true });
} else {
    run('dotnet', ['build', 'src/KoreConnections', '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', `-p:ModuleOutput=${join(task, 'KoreConnections')}/`]);
}

// npm and tfx are scripts: started by this node, they need no shell on any system.
const npm = (args, cwd) => process.env.npm_execpath ? run(process.execPath, [process.env.npm_execpath, ...args], { cwd }) : run('npm', args, { cwd });
npm(['ci', '--omit=dev', '--ignore-scripts', '--no-bin-links'], task);
['package-lock.json', '.npmrc'].forEach(name => rmSync(join(task, name)));

if (!existsSync(join(here, 'node_modules', 'tfx-cli'))) {
    npm(['ci'], here);
}

const tfx = createRequire(import.meta.url).resolve('tfx-cli/package.json');
const vsix = join(out, `KoreConnections-${text}.vsix`);
rmSync(vsix, { force: true });
run(process.execPath, [join(dirname(tfx), '_build', 'tfx-cli.js'), 'extension', 'create', '--no-prompt', '--root', stage, '--manifest-globs', 'vss-extension.json', '--output-path', vsix]);
