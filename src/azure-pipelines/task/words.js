'use strict';

// What the module says, in the words of a step: its inputs in place of a cmdlet's parameters, names in place of ids, and
// places as paths of the repository.

const fs = require('fs');
const path = require('path');
const { inputs } = require('./task.json');
const rules = require('./rules.json');
const { clean } = require('./text');

// Parameters in the words of a step. Most have the name of their input.
const parameters = {
    ...Object.fromEntries(inputs.map(({ name }) => [name[0].toUpperCase() + name.slice(1), name])), ...rules.parameters, ...rules.taskParameters,
};

// What is quoted, which may have an apostrophe, what a server says, and whose payload it is about: nobody's words.
const data = rules.data.map(pattern => new RegExp(pattern));

// No pattern has groups. Of two that begin at one place, the first counts.
const phrases = [
    ...rules.words.map(([pattern, ours]) => [new RegExp(pattern), found => ours ?? found]),
    [/(?<=^|[\s(])-[A-Z][A-Za-z]+\b/, found => parameters[found.slice(1)] ?? found],
];

const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const oneOf = texts => `(?<!\\w)(?:${['(?!)', ...texts.map(escaped)].join('|')})(?!\\w)`;
// As the module shows a name.
const spellings = name => name ? [name, clean(name, 100)] : [];

class Words {
    #names = new Map();
    #inputs;
    #root;
    #hidden;
    #manifests;

    /**
     * @param inputs the step's inputs
     * @param hidden the names of the pipeline's secret variables
     * @param manifests the manifest's files
     * @param root the folder in which the agent has the sources
     */
    constructor(inputs, hidden, manifests, root) {
        [this.#inputs, this.#hidden, this.#manifests, this.#root] = [inputs, hidden, manifests, root];
    }

    /** A connection of this id has this name. */
    learn({ id, name }) {
        [...spellings(name).map(n => `${n} (${id})`), id].forEach(label => this.#names.set(label, name));
        spellings(name).forEach(n => this.#names.set(`'${n}'`, `'${n}'`));
    }

    // Of thousands of names, an expression takes too long to be made for each text.
    #labelsIn = text => oneOf([...this.#names.keys()].filter(label => text.includes(label)));

    /** A text with names instead of ids. */
    named = text => text.replace(new RegExp(this.#labelsIn(text), 'g'), label => this.#names.get(label));

    /** A text in the words of a step. The names that it is about stay as they are, because a name may read like anything. */
    text(text, ...names) {
        if (!text || this.#inputs.action === 'script') {
            return text;
        }

        const kept = [this.#labelsIn(text), oneOf(names.flatMap(spellings).flatMap(n => [`'${n}'`, n])), ...data.map(pattern => pattern.source)].join('|');
        const all = [[{ source: kept }, this.named], ...phrases];
        const any = new RegExp(all.map(([{ source }]) => `(${source})`).join('|'), 'gs');
        return text.replace(/^Row \d+: /, '').replace(any, (found, ...groups) => {
            const [, ours] = all[groups.findIndex(group => group !== undefined)];
            return ours(found);
        });
    }

    /** An object of the module, in whose texts are its words. */
    item(item) {
        const texts = ['Reason', 'Error'].filter(name => item[name]).map(name => [name, this.text(item[name], item.Name, item.ConnectionName)]);
        return { ...item, ...Object.fromEntries(texts), ...(item.Type === 'ManifestProblem' && { Advice: this.#mapping(item.Message) }) };
    }

    /** An error or a warning of the module, with its place in the manifest and with what to do. */
    describe({ target = '', ...said }) {
        const place = this.#place(target);
        const hasPlace = place.column && said.message.startsWith(`${target}: `);
        const message = this.text(hasPlace ? said.message.slice(target.length + 2) : said.message, target);
        const mapping = this.#mapping(message);
        return { ...said, message, advice: mapping || this.text(said.advice, target), ...place };
    }

    /** A path as the repository knows it. */
    relative(file) {
        const found = file && path.relative(this.#root, file);
        return !found || found.startsWith('..') || path.isAbsolute(found) ? file : found.split(path.sep).join('/');
    }

    // A secret variable reaches a step only where the step asks for it, which is easily forgotten.
    #mapping(message) {
        const name = message.match(/environment variable '([\w.()-]+)', which is not set/)?.[1];
        const first = this.#hidden.has(name?.toUpperCase()) ? 'Map' : 'Add it to the pipeline as a secret variable, or link its variable group, and map';
        return name ? `${first} it in the step: env: { ${name}: $(${name}) }` : '';
    }

    // The module says file, line and column of a mistake; of a connection that failed it says the name.
    #place(target) {
        const { file, line, column } = target.match(/^(?<file>.+\.(?:ya?ml|json)):(?<line>\d+):(?<column>\d+)$/is)?.groups ?? {};
        if (file) {
            return { file: this.relative(file), line, column };
        }

        const name = escaped(target);
        const names = new RegExp(`(?<![\\w])["']?name["']?\\s*:\\s*(?:"${name}"|'${name}'|${name})\\s*(?:[,}#]|$)`);
        const all = this.#manifests.flatMap(m => linesOf(m).map((text, i) => ({ text, file: this.relative(m), line: `${i + 1}` })));
        const found = target ? all.filter(({ text }) => names.test(text)) : [];
        return found.length === 1 ? { file: found[0].file, line: found[0].line } : {};
    }
}

function linesOf(file) {
    try {
        return fs.readFileSync(file, 'utf8').split(/\r?\n/);
    } catch {
        return [];
    }
}

module.exports = { Words };
