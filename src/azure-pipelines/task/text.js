'use strict';

const rules = require('./rules.json');

/** Two number signs in a row begin the agent's commands, and two colons those of others, so that no two stay together outside of [::1]. */
const part = text => text.replace(/#(?=#)/g, '# ').replace(/:(?=:)(?!:[0-9a-f:.]*\])/gi, ': ');

// By these a script has the agent mask a value. The agent does not act on the line, so that the log would show the value.
const masking = new RegExp(rules.masking, 'gi');
const escapes = { '%0D': '\r', '%0A': '\n', '%3B': ';', '%5D': ']', '%AZP25': '%' };

/** A text without the values that it has the agent mask, and those values. */
function withoutSecrets(text) {
    const values = [];
    const shown = text.replace(masking, (_, command, value) => {
        values.push(value.replace(/%(?:0D|0A|3B|5D|AZP25)/gi, found => escapes[found.toUpperCase()]));
        return `${command}***`;
    });
    return { shown, values };
}

/** Text from outside on one line that does nothing: the module's own rule, for what reaches the log by way of this program. */
function clean(text, maxLength = 1000) {
    const line = String(text ?? '').replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+|(?!\u200D)\p{Cf}|[\u{E0000}-\u{EFFFF}]/gu, ' ').replace(/ {2,}/g, ' ').trim();
    return part(line.length > maxLength ? `${line.slice(0, maxLength)}…` : line);
}

/** Clean text that Markdown and HTML show as it is. */
const markdown = (text, maxLength = 200) => clean(text, maxLength)
    .replace(/[\\`*_{}[\]()#+\-.!|~@:$^=/'"%?,;]/g, '\\$&')
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

module.exports = { part, clean, markdown, withoutSecrets };
