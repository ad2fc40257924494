using System;

namespace KoreConnections.Client;

/// <summary>A reference to a key, <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:[VAULT/]NAME</c>, taken apart.</summary>
internal readonly struct KeyReference
{
    public const string Accepted = "env:NAME, file:PATH and secret:[VAULT/]NAME";

    private static readonly string[] Schemes = ["env", "file", "secret"];

    private KeyReference(string scheme, string place)
    {
        Scheme = scheme;
        Place = place;
    }

    /// <summary>What it leads to: <c>env</c>, <c>file</c> or <c>secret</c>; empty for a text that is no reference.</summary>
    public string Scheme { get; }

    /// <summary>What follows the colon.</summary>
    public string Place { get; }

    public bool IsReference => Scheme.Length > 0;

    public static KeyReference Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        int colon = text.IndexOf(':');
        foreach (string known in colon <= 0 ? [] : Schemes)
        {
            if (text.Slice(0, colon).Equals(known.AsSpan(), StringComparison.OrdinalIgnoreCase))
            {
                string place = text.Slice(colon + 1).Trim().ToString();
                // PowerShell's own spelling of a variable, which its completion of paths writes: Env:/NAME.
                return new KeyReference(known, known == "env" ? place.TrimStart('/', '\\') : place);
            }
        }

        return new KeyReference("", "");
    }
}
