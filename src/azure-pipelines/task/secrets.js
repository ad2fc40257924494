'use strict';

// Finds what a step's texts refer to as keys, so that the agent can mask each before anything else is in the log. The
// module shows none of them; this is for what the module has no part in, such as a user's own script. It is the early net:
// run.ps1 sends each key that the module itself finds before it is used, also those whose references only a parser reads.

const fs = require('fs');
const os = require('os');
const path = require('path');
const { InputError, isUndefined } = require('./inputs');

const largestFile = 64 * 1024;
// The module reads no larger manifest, and fills in no more from variables.
const largestManifest = 16 * 1024 * 1024;
const mostFilledIn = 16 * 1024 * 1024;
// No step needs so much. What is beyond could not all be masked, so that it does not begin.
const largestScript = 16 * 1024 * 1024;
const mostOfFiles = 16 * 1024 * 1024;
const mostPaths = 300000;
// What is shorter is no key, and masking it would make the log unreadable.
const shortest = 4;

/** The files that a path stands for: itself, those of a folder, or those that fit a pattern. */
function manifestFiles(folder, pattern) {
    if (!pattern) {
        return [];
    }

    // As PowerShell reads a path: with the name of its provider, or from the home folder.
    const full = path.resolve(folder, pattern.replace(/^(?:microsoft\.powershell\.core\\)?filesystem::/i, '').replace(/^~(?=[\\/])/, os.homedir()));
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
    return parts.reduce((folders, part) => folders.flatMap(f => {
        // A folder may be called as a pattern is, and a backtick says that a character is none of a pattern.
        const named = [part, part.replace(/`(.)/g, '$1')].map(name => path.join(f, name)).find(full => fs.existsSync(full));
        return named ? [named] : /[*?[]/.test(part) ? list(f).filter(n => wildcard(part).test(n) && !n.startsWith('.')).map(n => path.join(f, n)) : [];
    }), [root]).flatMap(f => {
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
const isFile = new RegExp(reference('file'), 'gi');
// A path may look like a reference itself, hardly more than once.
const mostWithin = 3;
// What a variable may be called besides: anything, so that the names are looked for.
const beginning = new RegExp(reference('env') + String.raw`[\s/\\]*`, 'gi');
const isOrdinary = /^[\p{L}\p{M}\p{N}_.()-]*[\p{L}\p{M}\p{N}_]$/u;
const longestPlace = 400;

/** The variables of other names that references in a text begin with; white space may be folded. */
function unusual(text, env) {
    const same = process.platform === 'win32' ? name => name.toLowerCase() : name => name;
    const names = Object.keys(env).filter(name => name && !isOrdinary.test(name));
    const starts = new Set(names.map(name => same(name)[0]));
    const found = new Set();
    for (const match of names.length ? text.matchAll(beginning) : []) {
        const at = match.index + match[0].length;
        if (starts.has(same(text.slice(at, at + 1))[0])) {
            const rest = same(text.slice(at, at + longestPlace));
            [rest, rest.replace(/\s+/g, ' ')]
                .flatMap(form => names.filter(name => form.startsWith(same(name)) && !/^[\p{L}\p{M}\p{N}_]/u.test(form.slice(name.length))))
                .forEach(name => found.add(name));
        }
    }

    return found;
}

/** What follows a reference to a file, as far as its path may reach. */
function reach(rest) {
    isFile.lastIndex = 0;
    let next = null;
    for (let i = 0; i < mostWithin; i++) {
        next = isFile.exec(rest);
        if (!next) {
            return rest;
        }
    }

    return rest.slice(0, next.index);
}

/** What a path may be, since its end depends on the format, and it may hold spaces and most marks: each reading. */
function readings(rest, folder) {
    const ends = [...rest.matchAll(/[\s,;|)}\]'#]/g)].map(m => m.index);
    return [...ends, rest.length].map(end => rest.slice(0, end).trim()).filter(p => p)
        // Quoted, a backslash may stand twice.
        .flatMap(p => [...new Set([p, p.replace(/\\\\/g, '\\')])])
        .map(p => path.resolve(folder, p.replace(/^~(?=[\\/])/, os.homedir())));
}

/** Also with what JSON and YAML write by numbers, as some programs do with all letters outside of English. */
const spelled = text => [...new Set([text, text.replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2}))/gi, (whole, ...digits) => {
    const code = parseInt(digits.slice(0, 3).find(d => d), 16);
    return code <= 0x10FFFF ? String.fromCodePoint(code) : whole;
})])];

/** A text with what its variables are replaced by. Behind the last brace of a line nothing ends, so that no line is searched again and again. */
const filledIn = (text, fill) => text.replace(/[^\r\n]+/g, line => {
    const end = line.lastIndexOf('}') + 1;
    return line.slice(0, end).replace(substituted, fill) + line.slice(end);
});

/**
 * The references in a text, not in its comments: names of environment variables and files, and whether a vault is named.
 * One by one: all matches of a long text take more memory than there is.
 */
function references(text, folder, env, kind = 'script', file = new Set()) {
    let added = 0;
    const filled = spelled(withoutComments[kind](text)).map(form => filledIn(form, (whole, name) => {
        const value = env[name.trim()];
        added += value?.length ?? 0;
        refuseBeyond(added, mostFilledIn, 'characters that variables fill in');
        return value ?? whole;
    })).join('\n');
    // A block of text, in which a number sign begins no comment, may have them too.
    const fillings = new Set();
    spelled(text).forEach(form => filledIn(form, (whole, name) => {
        fillings.add(name.trim());
        return whole;
    }));
    // A line of a key map says where a name ends.
    const keys = new Set();
    for (const match of filled.matchAll(kind === 'keyMap' ? /(?<![\w$])env:[\s/\\]*([^|\r\n]+)/gi : ofVariable)) {
        keys.add(match[1].trim());
    }

    unusual(filled, env).forEach(name => keys.add(name));
    fillings.forEach(name => keys.delete(name));
    const seen = new Set();
    for (const match of filled.matchAll(ofFile)) {
        const rest = reach(match[1].trim());
        if (!seen.has(rest)) {
            seen.add(rest);
            readings(rest, folder).forEach(reading => file.add(reading));
            refuseBeyond(file.size, mostPaths, 'paths that may be those of keys');
        }
    }

    return {
        // What a manifest fills in may be a secret as well as what it refers to.
        env: new Set([...keys, ...fillings]),
        keys: [...keys],
        file,
        namesVault: vaultReference.test(filled),
    };
}

function refuseBeyond(count, most, what) {
    if (count > most) {
        const problem = `The manifest, the key map or the script has more than ${most} ${what}, which no step needs.`;
        throw new InputError(`${problem} Not all keys could be masked, so the step did not begin.`);
    }
}

// With white space after the colon it is prose, unless the quotation marks begin with it. A key or a word that ends so is none.
const vaultReference = /(?<![^\s"'=|:,[{(])(?:["'](?:secret|azkv):[ \t]*|(?:["'][\w-]+ +)?(?:secret|azkv):)(?=[^\s"'|])/i;

// At the beginning of a line or after white space, outside of quotation marks, a number sign begins one. In a key map a name may hold it.
const quoteOrComment = /(?<![^\s[{(,=:|])["']|(?<!\S)#/g;

/** Behind a quoted text; 0 where nothing ends it. No expression: for a long line it would run out of stack. */
function endOfQuoted(line, start) {
    const quote = line[start];
    // Of an escaped one, YAML and PowerShell know different ways: if nothing else ends the text, the last one does.
    let last = 0;
    for (let i = start + 1; i < line.length; i++) {
        if (line[i + 1] === quote && line[i] === (quote === '"' ? '`' : quote)) {
            last = quote === '"' ? i + 2 : i + 1;
            i++;
        } else if (line[i] === quote) {
            return i + 1;
        } else if (quote === '"' && line[i] === '\\' && /[\r\u2028\u2029]|^$/.test(line[++i] ?? '')) {
            break;
        }
    }

    return last;
}

function withoutComment(line) {
    let kept = '';
    let from = 0;
    const next = new RegExp(quoteOrComment);
    for (let found = next.exec(line); found; found = next.exec(line)) {
        if (found[0] === '#') {
            kept += line.slice(from, found.index);
            from = found.index + line.slice(found.index).search(/[\r\u2028\u2029]|$/);
            next.lastIndex = from;
        } else {
            next.lastIndex = endOfQuoted(line, found.index) || next.lastIndex;
        }
    }

    return kept + line.slice(from);
}

const withoutComments = {
    manifest: text => text.split(/\r?\n/).map(withoutComment).join('\n'),
    keyMap: text => text.replace(/^[ \t]*#.*$/gm, ''),
    script: text => {
        // Behind the last end nothing ends, so that no text is searched again and again.
        const end = text.lastIndexOf('#>') + 2;
        return withoutComments.manifest(end < 2 ? text : text.slice(0, end).replace(/<#[\s\S]*?#>/g, '') + text.slice(end));
    },
};

/** A text as the module reads it: UTF-8, or what a mark at its start says, as Windows PowerShell writes it. */
function decoded(bytes) {
    const mark = bytes.subarray(0, 2).toString('hex');
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8').decode(bytes);
}

/** The text of a file. One that is larger has none; what is a device has no end. */
function contentsOf(file, most) {
    const stat = file ? fs.statSync(file, { throwIfNoEntry: false }) : null;
    return stat?.isFile() && stat.size <= most ? decoded(fs.readFileSync(file)) : '';
}

function scriptOf(file) {
    const size = file ? fs.statSync(file, { throwIfNoEntry: false })?.size : 0;
    refuseBeyond(size, largestScript, 'bytes');
    return contentsOf(file, largestScript);
}

function contents(file) {
    try {
        return contentsOf(file, largestFile);
    } catch {
        return '';
    }
}

/** What is in the files that may have keys. */
function keysIn(files) {
    let size = 0;
    const texts = [];
    for (const file of files) {
        const text = contents(file);
        size += text.length;
        refuseBeyond(size, mostOfFiles, 'characters in the files that it names');
        texts.push(text);
    }

    return texts.filter(text => text);
}

/** All secrets that this process can know, the names that have none, and whether there may be keys. */
function find(inputs, env) {
    const file = new Set();
    const of = (kind, text, folder) => references(text || '', folder, env, kind, file);
    const sources = [
        ...manifestFiles(inputs.folder, inputs.manifest).map(f => of('manifest', contentsOf(f, largestManifest), path.dirname(f))),
        of('keyMap', inputs.keyMap, inputs.folder),
        of('script', inputs.script || scriptOf(inputs.scriptPath), inputs.folder),
    ];
    const names = new Set(sources.flatMap(s => [...s.env]));
    // A variable that is not defined has no secret; to mask its name would hide what is wrong.
    const isSet = name => env[name] && !isUndefined(env[name]);
    const fromFiles = keysIn(file);
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
