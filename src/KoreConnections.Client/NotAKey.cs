using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace KoreConnections.Client;

/// <summary>
/// Texts that people give where a key belongs: what a template, another tool or a file has in a key's place. No provider's
/// keys have any of these shapes.
/// </summary>
internal static class NotAKey
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly string[] Words =
        ["null", "none", "nil", "undefined", "nan", "true", "false", "empty", "todo", "tbd", "changeme", "change-me", "change_me", "placeholder", "redacted", "secret", "password", "hidden", "masked"];

    // The first that fits says what the text looks like, and what to do.
    private static readonly (Regex Shape, string Looks)[] Shapes =
    [
        (new(@"^<[^>]*>$|^\[[a-z _.-]*\]$|^\.{3,}$|^x{4,}$", Options), "is a placeholder. Put the key in its place."),
        (new(@"^(sk-)?(your|my|the|insert|enter|replace|add)[-_ ]?.*(key|token|secret|here)$", Options), "is a placeholder. Put the key in its place."),
        (new(@"^#\{.*\}#$|^\{\{.*\}\}$|^__.+__$|^@@.+@@$", Options), "is a token that a deployment tool should have replaced. Replace it, or give a reference such as env:NAME."),
        (new(@"^os\.environ|^process\.env|^System\.getenv|^\$\{\{|^@Microsoft\.KeyVault\(|^vault:|^arn:aws:|^projects/[^/]+/secrets/", Options), "is another tool's reference to a secret. Give env:NAME, file:PATH or secret:NAME."),
        (new(@"^[a-z][a-z0-9+.-]*://", Options), "is an address or another tool's reference to a secret. Give the key, or a reference such as env:NAME."),
        (new(@"^(export\s+|set\s+)?[a-z_][a-z0-9_]*=.*[^=]", Options), "is a line NAME=VALUE of a file of variables. Give only the value, or env:NAME."),
        (new(@"^[{\[]", Options), "is JSON. Give the key alone."),
        (new(@"^-----BEGIN", Options), "is a certificate or a private key file. Give the provider's API key."),
        (new(@"^(~|\.{1,2})?[/\\].*\.(txt|key|json|pem|env|ya?ml|secret)$|^(~|\.{1,2})[/\\]|^[a-z]:[/\\]|^\\\\", Options), "is a path. Give file:PATH to take the key from that file."),
        (new(@"^(/[a-z0-9._-]+){2,}$", RegexOptions.CultureInvariant), "is a path. Give file:PATH to take the key from that file."),
    ];

    /// <summary>What a text looks like in place of a key, as the end of a sentence; null where it may be one.</summary>
    public static string? Problem(ReadOnlySpan<char> key)
    {
        // Longer than any placeholder or path: not worth a copy of what is probably a key.
        if (key.Length > 300)
        {
            return null;
        }

        string text = key.ToString();
        return Words.Contains(text, StringComparer.OrdinalIgnoreCase)
            ? "is a word that stands for no value. Give the key."
            : Shapes.Where(s => s.Shape.IsMatch(text)).Select(s => s.Looks).FirstOrDefault();
    }
}
