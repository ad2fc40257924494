'use strict';

// Finds what a step's texts refer to as keys, so that the agent can mask each before anything else is in the log. The
// module shows none of them; this is for what the module has no part in, such as a user's own script.

const fs = require('fs');
const path = require('path');
const { isUndefined } = require('./inputs');

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

const substituted = /(?<!\$)\$\{env:([^}\r\n]+)\}/gi;

/** The references in a text: names of environment variables, files, and what vaults hold. */
function references(text, folder, env) {
    const filled = text.replace(substituted, (whole, name) => env[name.trim()] ?? whole);
    const all = expression => [...filled.matchAll(expression)].map(match => match[1].trim());
    // What ends a path or a name depends on the format, and both may hold spaces: the longest and the shortest reading.
    const places = scheme => all(new RegExp(`(?<![\\w$])${scheme}:[ \\t]*([^"'\\r\\n|]+)`, 'gi')).flatMap(p => [p.replace(/\s#.*$/, '').trim(), p.match(/^[^\s,;})\]]*/)[0]]);
    const fillings = [...text.matchAll(substituted)].map(match => match[1].trim());
    const keys = all(/(?<![\w$])env:[ \t]*([\w.()-]*\w)/gi).filter(name => !fillings.includes(name));
    return {
        // What a manifest fills in may be a secret as well as what it refers to.
        env: new Set([...keys, ...fillings]),
        keys,
        // Quoted, a backslash may stand twice.
        file: new Set(places('file').flatMap(p => [p, p.replace(/\\\\/g, '\\')]).map(p => path.resolve(folder, p))),
        secret: vaultReferences(filled),
    };
}

/** What vaults are asked for. A vault may ask for a password, or warn: only what is a reference counts, and no comment, name or prose. */
function vaultReferences(text) {
    const found = new Set();
    for (const line of withoutComments(text).split(/\r?\n/)) {
        // In quotation marks it ends with them; else it ends with the line, or, in a flow or a command, before its punctuation.
        for (const { groups } of line.matchAll(/(?<![^\s"'=|:,[{(])(?<scheme>["'](?:[\w-]+ +)?)?secret:(?<space>[ \t]*)(?=(?<place>[^"'|]+))/gi)) {
            const quoted = groups.scheme !== undefined;
            // With white space after the colon it is prose, unless the quotation marks begin with it.
            if (groups.space === '' || groups.scheme?.length === 1) {
                (quoted ? [groups.place.trim()] : [groups.place.trim(), groups.place.match(/^[^\s,;})\]]*/)[0]]).filter(p => p).forEach(p => found.add(p));
            }
        }
    }

    return found;
}

// A number sign begins one at the beginning of a line or after white space, outside of quotation marks.
const withoutComments = text => text.replace(/<#[\s\S]*?#>/g, '').split(/\r?\n/)
    .map(line => line.replace(/((?<![^\s[{(,=:|])(?:"(?:\\.|[^"\\])*"|'[^']*'))|(?<!\S)#.*/g, (whole, quoted) => quoted ?? '')).join('\n');

function contents(file) {
    try {
        return fs.statSync(file).size <= largestFile ? fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '') : '';
    } catch {
        return '';
    }
}

/** All secrets that this process can know, the names that have none, and the references that only a vault can follow. */
function find(inputs, env) {
    const sources = [
        ...manifestFiles(inputs.folder, inputs.manifest).map(f => [contentsOf(f), path.dirname(f)]),
        [inputs.keyMap, inputs.folder],
        [inputs.script || contentsOf(inputs.scriptPath), inputs.folder],
    ].map(([text, folder]) => references(text, folder, env));
    const names = new Set(sources.flatMap(s => [...s.env]));
    // A variable that is not defined has no secret; to mask its name would hide what is wrong.
    const isSet = name => env[name] && !isUndefined(env[name]);
    const fromFiles = sources.flatMap(s => [...s.file]).map(contents).filter(text => text);
    const values = [inputs.platform?.key, ...[...names].filter(isSet).map(n => env[n]), ...fromFiles];
    return {
        values: lines(values),
        hasKeys: fromFiles.length > 0 || sources.some(s => s.secret.size > 0 || s.keys.some(isSet)),
        missing: [...names].filter(n => n && !env[n]),
        unresolved: [...names].filter(n => isUndefined(env[n])),
        // To test a manifest's text, no key is needed.
        vault: inputs.action === 'test' && !inputs.verifyKeys ? [] : [...new Set(sources.flatMap(s => [...s.secret]))],
    };
}

const contentsOf = file => file && fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';

/** The agent masks line by line. */
const lines = values => [...new Set(values.flatMap(v => (v || '').split(/[\r\n]+/)).map(v => v.trim()).filter(v => v.length >= shortest))];

/** A text without the secrets: what is uploaded goes past the agent's masks. The longest first, as one may be in another. */
function without(text, values) {
    return [...values].sort((a, b) => b.length - a.length).reduce((shown, value) => shown.split(value).join('***'), text);
}

module.exports = { find, lines, references, manifestFiles, without };
