using System;

namespace KoreConnections.Client;

/// <summary>A reference to a key, <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:[VAULT/]NAME</c>, taken apart.</summary>
internal readonly struct SecretReference
{
    public const string Accepted = "env:NAME, file:PATH and secret:[VAULT/]NAME";

    private static readonly string[] Schemes = ["env", "file", "secret"];

    private SecretReference(string scheme, string place, string prefix = "")
    {
        Scheme = scheme;
        Place = place;
        Prefix = prefix;
    }

    /// <summary>The authentication scheme before it, such as <c>Bearer</c> in <c>Bearer env:NAME</c>; empty for none.</summary>
    public string Prefix { get; }

    /// <summary>What it leads to: <c>env</c>, <c>file</c> or <c>secret</c>; empty for a text that is no reference.</summary>
    public string Scheme { get; }

    /// <summary>What follows the colon.</summary>
    public string Place { get; }

    public bool IsReference => Scheme.Length > 0;

    public static SecretReference Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        int space = text.IndexOf(' ');
        if (space > 0 && IsWord(text.Slice(0, space)) && ParseBare(text.Slice(space + 1).Trim()) is { IsReference: true } reference)
        {
            return new SecretReference(reference.Scheme, reference.Place, text.Slice(0, space).ToString());
        }

        return ParseBare(text);
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!(char.IsLetterOrDigit(c) || c == '-') || c > '~')
            {
                return false;
            }
        }

        return true;
    }

    private static SecretReference ParseBare(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        foreach (string known in colon <= 0 ? [] : Schemes)
        {
            if (text.Slice(0, colon).Equals(known.AsSpan(), StringComparison.OrdinalIgnoreCase))
            {
                string place = text.Slice(colon + 1).Trim().ToString();
                // PowerShell's own spelling of a variable, which its completion of paths writes: Env:/NAME.
                return new SecretReference(known, known == "env" ? place.TrimStart('/', '\\') : place);
            }
        }

        return new SecretReference("", "");
    }
}
