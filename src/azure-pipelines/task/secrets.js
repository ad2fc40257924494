'use strict';

// Finds what a step's texts refer to as keys, so that the agent can mask each before anything else is in the log. The
// module shows none of them; this is for what the module has no part in, such as a user's own script. It is the early net:
// run.ps1 sends each key that the module itself finds before it is used, also those whose references only a parser reads.

const fs = require('fs');
const os = require('os');
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
    const found = stat?.isFile() ? [full] : stat?.isDirectory() ? under(full) : expand(full);
    return found.filter(f => /\.(ya?ml|json)$/i.test(f));
}

/** The files of a folder and of the folders in it, of which the module reads no hidden one and follows no link. */
const under = folder => list(folder, { withFileTypes: true }).filter(e => !e.name.startsWith('.')).flatMap(e => {
    const full = path.join(folder, e.name);
    return e.isDirectory() ? under(full) : [full];
});

function expand(full) {
    const { root } = path.parse(full);
    const parts = full.slice(root.length).split(/[\\/]/);
    return parts.reduce((folders, part) => folders.flatMap(f => /[*?[]/.test(part)
        ? list(f).filter(n => wildcard(part).test(n) && !n.startsWith('.')).map(n => path.join(f, n))
        : [path.join(f, part)]), [root]).flatMap(f => {
        const stat = fs.statSync(f, { throwIfNoEntry: false });
        return stat?.isDirectory() ? under(f) : stat?.isFile() ? [f] : [];
    });
}

const list = (folder, options) => {
    try {
        return fs.readdirSync(folder, options);
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
const reference = scheme => `(?<![\\w$])${scheme}:`;
const ofVariable = new RegExp(reference('env') + String.raw`[\s/\\]*([\p{L}\p{M}\p{N}_.()-]*[\p{L}\p{M}\p{N}_])`, 'giu');
const ofFile = new RegExp(reference('file') + String.raw`[ \t]*(?=([^"\r\n]{1,400}))`, 'gi');
// What a variable may be called besides: anything, so that the names are looked for.
const beginning = new RegExp(reference('env') + String.raw`[\s/\\]*`, 'gi');
const isOrdinary = /^[\p{L}\p{M}\p{N}_.()-]*[\p{L}\p{M}\p{N}_]$/u;
const longestPlace = 400;

/** The variables of other names that references in a text begin with; white space may be folded. */
function unusual(text, env) {
    const names = Object.keys(env).filter(name => !isOrdinary.test(name));
    const same = process.platform === 'win32' ? name => name.toLowerCase() : name => name;
    const rests = names.length ? [...text.matchAll(beginning)].map(m => m.index + m[0].length) : [];
    return rests.map(at => same(text.slice(at, at + longestPlace))).flatMap(rest => [rest, rest.replace(/\s+/g, ' ')])
        .flatMap(rest => names.filter(name => rest.startsWith(same(name)) && !/^[\p{L}\p{M}\p{N}_]/u.test(rest.slice(name.length))));
}

/** What a path may be, since its end depends on the format, and it may hold spaces and most marks: each reading. */
function readings(rest, folder) {
    const ends = [...rest.matchAll(/[\s,;|)}\]'#]/g)].map(m => m.index);
    return [...ends, rest.length].map(end => rest.slice(0, end).trim()).filter(p => p)
        // Quoted, a backslash may stand twice.
        .flatMap(p => [p, p.replace(/\\\\/g, '\\')])
        .map(p => path.resolve(folder, p.replace(/^~(?=[\\/])/, os.homedir())));
}

/** Also with what JSON and YAML write by numbers, as some programs do with all letters outside of English. */
const spelled = text => [...new Set([text, text.replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2}))/gi, (whole, ...digits) => {
    const code = parseInt(digits.slice(0, 3).find(d => d), 16);
    return code <= 0x10FFFF ? String.fromCodePoint(code) : whole;
})])];

/** The references in a text, not in its comments: names of environment variables and files, and whether a vault is named. */
function references(text, folder, env, kind = 'script') {
    const filled = spelled(withoutComments[kind](text)).map(form => form.replace(substituted, (whole, name) => env[name.trim()] ?? whole)).join('\n');
    const all = (expression, within = filled) => [...within.matchAll(expression)].map(match => match[1].trim());
    // A block of text, in which a number sign begins no comment, may have them too.
    const fillings = all(substituted, spelled(text).join('\n'));
    // A line of a key map says where a name ends.
    const named = kind === 'keyMap' ? all(/(?<![\w$])env:[\s/\\]*([^|\r\n]+)/gi) : all(ofVariable);
    const keys = [...named, ...unusual(filled, env)].filter(name => !fillings.includes(name));
    return {
        // What a manifest fills in may be a secret as well as what it refers to.
        env: new Set([...keys, ...fillings]),
        keys,
        file: new Set(all(ofFile).flatMap(rest => readings(rest, folder))),
        namesVault: vaultReference.test(filled),
    };
}

// With white space after the colon it is prose, unless the quotation marks begin with it. A key or a word that ends so is none.
const vaultReference = /(?<![^\s"'=|:,[{(])(?:["'](?:secret|azkv):[ \t]*|(?:["'][\w-]+ +)?(?:secret|azkv):)(?=[^\s"'|])/i;

// At the beginning of a line or after white space, outside of quotation marks, a number sign begins one. In a key map a name may hold it.
const quotedOrComment = /((?<![^\s[{(,=:|])(?:"(?:\\.|`"|[^"\\])*"|'(?:''|[^'])*'))|(?<!\S)#.*/g;
const withoutComments = {
    manifest: text => text.split(/\r?\n/).map(line => line.replace(quotedOrComment, (whole, quoted) => quoted ?? '')).join('\n'),
    keyMap: text => text.replace(/^[ \t]*#.*$/gm, ''),
    script: text => withoutComments.manifest(text.replace(/<#[\s\S]*?#>/g, '')),
};

/** A text as the module reads it: UTF-8, or what a mark at its start says, as Windows PowerShell writes it. */
function decoded(bytes) {
    const mark = bytes.subarray(0, 2).toString('hex');
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8').decode(bytes);
}

const contentsOf = file => file && fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? decoded(fs.readFileSync(file)) : '';

function contents(file) {
    try {
        const stat = fs.statSync(file);
        // What is a device has no end.
        return stat.isFile() && stat.size <= largestFile ? contentsOf(file) : '';
    } catch {
        return '';
    }
}

/** All secrets that this process can know, the names that have none, and whether there may be keys. */
function find(inputs, env) {
    const sources = [
        ...manifestFiles(inputs.folder, inputs.manifest).map(f => ['manifest', contentsOf(f), path.dirname(f)]),
        ['keyMap', inputs.keyMap, inputs.folder],
        ['script', inputs.script || contentsOf(inputs.scriptPath), inputs.folder],
    ].map(([kind, text, folder]) => references(text || '', folder, env, kind));
    const names = new Set(sources.flatMap(s => [...s.env]));
    // A variable that is not defined has no secret; to mask its name would hide what is wrong.
    const isSet = name => env[name] && !isUndefined(env[name]);
    const fromFiles = sources.flatMap(s => [...s.file]).map(contents).filter(text => text);
    const values = [inputs.platform?.key, ...[...names].filter(isSet).map(n => env[n]), ...fromFiles];
    return {
        values: lines(values),
        // A vault only the module can ask: what it is asked for counts as there.
        hasKeys: fromFiles.length > 0 || sources.some(s => s.namesVault || s.keys.some(isSet)),
        missing: [...names].filter(n => n && !env[n]),
        unresolved: [...names].filter(n => isUndefined(env[n])),
    };
}

/** The names of the pipeline's variables of a kind, SECRET or PUBLIC, as the environment has them. An old agent gives no list. */
const variables = (env, kind) => {
    const given = env[`VSTS_${kind}_VARIABLES`];
    return given && new Set(JSON.parse(given).map(name => name.replace(/[. ]/g, '_').toUpperCase()));
};

/** What the agent masks by itself: the values of its secret variables, and of the logins of service connections. */
function ofAgent(env) {
    const [secret, open] = ['SECRET', 'PUBLIC'].map(kind => variables(env, kind));
    // An ordinary variable may be named SECRET_NAME.
    const isSecret = name => secret ? secret.has(name.slice('SECRET_'.length)) : !open?.has(name);
    return lines(Object.keys(env).filter(name => /^ENDPOINT_AUTH_PARAMETER_/i.test(name) || (/^SECRET_/i.test(name) && isSecret(name.toUpperCase())))
        .map(name => env[name]));
}

/** The agent masks line by line. */
const lines = values => [...new Set(values.flatMap(v => (v || '').split(/[\r\n]+/)).map(v => v.trim()).filter(v => v.length >= shortest))];

const byNumber = (text, expression) => text.replace(expression, c => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);

/** A value, and as it is in an address and in JSON, by whichever library: the agent masks these, too. */
function forms(value) {
    const address = encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD'));
    const strict = address.replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    const json = JSON.stringify(value).slice(1, -1);
    const addresses = [address, strict].flatMap(form => [form, form.replace(/%[\dA-F]{2}/g, found => found.toLowerCase())]);
    return [value, ...addresses, json, byNumber(json, /[^ -~]|[<>&']/g), byNumber(json.replace(/\\"/g, '"'), /[^ -~]|["<>&'+`]/g)];
}

/**
 * What takes secrets out of texts: what is uploaded goes past the agent's masks. One expression for all of them, because a thousand keys
 * meet ten thousand texts; the longest first, as one may be in another.
 */
function masker(values, written = form => form) {
    const all = [...new Set([...values].flatMap(forms).map(written))].sort((a, b) => b.length - a.length);
    const escaped = all.map(value => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const any = new RegExp(escaped.join('|'), 'g');
    return escaped.length ? text => text.replace(any, '***') : text => text;
}

const encoded = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');

/** The same for a page's texts: its markup, style and script are the module's own. */
function pageWithout(page, values) {
    const mask = masker(values, encoded);
    return page.replace(/<(script|style)\b[^]*?<\/\1>|<[^>]*>|[^<]+/g, text => text.startsWith('<') ? text : mask(text));
}

module.exports = { find, lines, masker, references, manifestFiles, ofAgent, pageWithout, variables };
