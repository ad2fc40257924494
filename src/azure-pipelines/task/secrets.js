'use strict';

// Finds what a step's texts refer to as keys, so that the agent can mask each before anything else is in the log. The
// module shows none of them; this is for what the module has no part in, such as a user's own script.

const fs = require('fs');
const path = require('path');

const largestFile = 64 * 1024;
// What is shorter is no key, and masking it would make the log unreadable.
const shortest = 4;

/** The files that a path stands for: itself, those of a folder, or those that fit a pattern. */
function manifestFiles(folder, pattern) {
    if (!pattern) {
        return [];
    }

    const full = path.resolve(folder, pattern);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    const found = stat?.isFile() ? [full] : stat?.isDirectory() ? list(full).map(n => path.join(full, n)) : expand(full);
    return found.filter(f => /\.(ya?ml|json)$/i.test(f));
}

function expand(full) {
    const { root } = path.parse(full);
    const parts = full.slice(root.length).split(/[\\/]/);
    return parts.reduce((folders, part) => folders.flatMap(f => /[*?[]/.test(part)
        ? list(f).filter(n => wildcard(part).test(n)).map(n => path.join(f, n))
        : [path.join(f, part)]), [root]).filter(f => fs.statSync(f, { throwIfNoEntry: false })?.isFile());
}

const list = folder => {
    try {
        return fs.readdirSync(folder);
    } catch {
        return [];
    }
};

function wildcard(pattern) {
    const expression = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
    try {
        return new RegExp(`^${expression}$`, 'i');
    } catch {
        return /$^/;
    }
}

/** The references in a text: names of environment variables, files, and what vaults hold. */
function references(text, folder, env) {
    const filled = text.replace(/\$\{env:([^}]+)\}/gi, (whole, name) => env[name.trim()] ?? whole);
    const found = { env: new Set(), file: new Set(), secret: new Set() };
    for (const [, scheme, place] of filled.matchAll(/(?<![\w$])(env|file|secret):[ \t]*([^"'\r\n|]+)/gi)) {
        const kind = scheme.toLowerCase();
        const value = place.replace(/[ \t]#.*$/, '').trim();
        if (kind === 'env') {
            found.env.add(value.match(/^[\w.()-]+/)?.[0] ?? '');
        } else if (kind === 'file') {
            // Quoted, a backslash may stand twice.
            [value, value.replace(/\\\\/g, '\\')].forEach(f => found.file.add(path.resolve(folder, f)));
        } else {
            found.secret.add(value);
        }
    }

    return found;
}

function contents(file) {
    try {
        return fs.statSync(file).size <= largestFile ? fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '') : '';
    } catch {
        return '';
    }
}

/** All secrets that this process can know, the names that are not set, and the references that only a vault can follow. */
function find(inputs, env) {
    const sources = [
        ...manifestFiles(inputs.folder, inputs.manifest).map(f => [contentsOf(f), path.dirname(f)]),
        [inputs.keyMap, inputs.folder],
        [inputs.script || contentsOf(inputs.scriptPath), inputs.folder],
    ].map(([text, folder]) => references(text, folder, env));
    const names = new Set(sources.flatMap(s => [...s.env]));
    const values = [inputs.platform?.key, ...[...names].map(n => env[n]), ...sources.flatMap(s => [...s.file]).map(contents)];
    return {
        values: lines(values),
        missing: [...names].filter(n => n && !env[n]),
        vault: [...new Set(sources.flatMap(s => [...s.secret]))],
    };
}

const contentsOf = file => file && fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';

/** The agent masks line by line. */
const lines = values => [...new Set(values.flatMap(v => (v || '').split(/[\r\n]+/)).map(v => v.trim()).filter(v => v.length >= shortest))];

module.exports = { find, lines, references, manifestFiles };
