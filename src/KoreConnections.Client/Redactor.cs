using System;
using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>Takes the keys of one request out of any text that came back, should the other side repeat them.</summary>
internal sealed class Redactor
{
    // Shorter ones would turn ordinary words into masks; no provider has such keys.
    private const int ShortestKey = 6;

    private readonly List<Secret> _secrets;

    // Opening a secret costs; the ten thousand names of a listing are shorter than any key in question.
    private int? _shortest;

    /// <param name="secrets">The keys that the request carries.</param>
    /// <param name="ofTheSession">The session's key, where it carries that too.</param>
    public Redactor(IEnumerable<Secret> secrets, Secret? ofTheSession = null)
    {
        _secrets = [.. secrets];
        if (ofTheSession is not null)
        {
            _secrets.Add(ofTheSession);
        }
    }

    /// <summary>For free text: takes out the request's own keys, and whatever else looks like one.</summary>
    public string ApplyToFreeText(string text) => Masking.Scrub(Apply(text));

    public string Apply(string text)
    {
        _shortest ??= _secrets.Select(static secret => secret.Read(static key => key.Length - SchemeLength(key))).DefaultIfEmpty(int.MaxValue).Min();
        if (text.Length < _shortest)
        {
            return text;
        }

        foreach (Secret secret in _secrets)
        {
            text = secret.Read(key => Without(text, key));
        }

        return text;
    }

    private static string Without(string text, ReadOnlySpan<char> key)
    {
        text = Replace(text, key);
        int scheme = SchemeLength(key);
        return scheme == 0 ? text : Replace(text, key.Slice(scheme));
    }

    // A header's value may name a scheme before the key: "Bearer …". The key alone is as secret.
    private static int SchemeLength(ReadOnlySpan<char> key) => key.LastIndexOf(' ') + 1;

    private static string Replace(string text, ReadOnlySpan<char> key)
    {
        int at;
        while (key.Length >= ShortestKey && (at = text.AsSpan().IndexOf(key, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            text = text.Substring(0, at) + Secret.Mask + text.Substring(at + key.Length);
        }

        return text;
    }
}
