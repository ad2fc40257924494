using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KoreConnections.Client;

/// <summary>Names variables of the environment for keys that a platform does not tell, each once.</summary>
internal sealed class KeyVariableNames
{
    private const string Prefix = "KORE_KEY_";

    private static readonly Regex Other = new("[^A-Z0-9]+", RegexOptions.CultureInvariant);

    private static readonly Regex Taken = new($@"\b{Prefix}\w+", RegexOptions.CultureInvariant);

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Takes the names that a text holds, so that none is given to something else.</summary>
    public void Take(string text) => _used.UnionWith(Taken.Matches(text).Cast<Match>().Select(m => m.Value));

    /// <summary>A name from the connection's, and from what the key is for where it has several.</summary>
    public string For(params string[] parts)
    {
        string name = Prefix + string.Join("_", parts.Select(Plain).Where(p => p.Length > 0).DefaultIfEmpty("CONNECTION"));
        string unique = name;
        for (int i = 2; !_used.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        return unique;
    }

    private static string Plain(string text) => Other.Replace(text.ToUpperInvariant(), "_").Trim('_');
}
