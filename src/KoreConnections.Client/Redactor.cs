using System;
using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>Takes the keys of one request out of any text that came back, should the other side repeat them.</summary>
internal sealed class Redactor(IReadOnlyList<Secret> secrets)
{
    // Shorter ones would turn ordinary words into masks; no provider has such keys.
    private const int ShortestKey = 6;

    /// <summary>For free text: takes out the request's own keys, and whatever else looks like one.</summary>
    public string ApplyToFreeText(string text) => Masking.Scrub(Apply(text));

    public string Apply(string text)
    {
        foreach (Secret secret in secrets)
        {
            if (secret.Length >= ShortestKey && text.Length >= secret.Length)
            {
                text = secret.Read(key => Replace(text, key));
            }
        }

        return text;
    }

    private static string Replace(string text, ReadOnlySpan<char> key)
    {
        int at;
        while ((at = text.AsSpan().IndexOf(key, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            text = text.Substring(0, at) + Secret.Mask + text.Substring(at + key.Length);
        }

        return text;
    }
}
