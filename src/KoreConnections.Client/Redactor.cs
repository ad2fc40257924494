using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace KoreConnections.Client;

/// <summary>Takes the keys of one request out of any text that came back, should the other side repeat them.</summary>
internal sealed class Redactor
{
    // Shorter ones would turn ordinary words into masks; no provider has such keys.
    private const int ShortestKey = 6;
    // Of free text an error shows a line. So much is read for it, and so much more that no key is cut within what is shown.
    private const int LongestShown = 32 * 1024;
    private const int LongestFreeText = 1024 * 1024;
    private const string Property = "KoreConnections.Redactor";

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

    /// <summary>The redactor of a request, for what is told of it elsewhere.</summary>
    public static Redactor Of(HttpRequestMessage request) =>
        request.Properties.TryGetValue(Property, out object? redactor) ? (Redactor)redactor : new Redactor([]);

    public void AttachTo(HttpRequestMessage request) => request.Properties[Property] = this;

    /// <summary>For free text: takes out the request's own keys, and whatever else looks like one.</summary>
    public string ApplyToFreeText(string text) => Masking.Scrub(Start(Apply(Start(text, LongestFreeText)), LongestShown));

    private static string Start(string text, int length) => text.Length <= length ? text : text.Substring(0, length);

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
        ReadOnlySpan<char> bare = key.Slice(SchemeLength(key));
        text = bare.Length == key.Length ? text : Replace(text, bare);
        return bare.Length < ShortestKey ? text : WithoutBase64(WithoutEscaped(text, bare), bare);
    }

    /// <summary>As addresses and JSON hold it, where that is another text.</summary>
    private static string WithoutEscaped(string text, ReadOnlySpan<char> key)
    {
        bool isOther = false;
        foreach (char c in key)
        {
            isOther |= !IsPlain(c);
        }

        if (!isOther)
        {
            return text;
        }

        char[] escaped = new char[key.Length * 3];
        try
        {
            text = Replace(text, escaped.AsSpan(0, EscapeForJson(key, escaped)));
            return Replace(text, escaped.AsSpan(0, EscapeForAddress(key, escaped)));
        }
        finally
        {
            Array.Clear(escaped, 0, escaped.Length);
        }
    }

    private static int EscapeForJson(ReadOnlySpan<char> key, char[] escaped)
    {
        int length = 0;
        foreach (char c in key)
        {
            if (c is '"' or '\\')
            {
                escaped[length++] = '\\';
            }

            escaped[length++] = c;
        }

        return length;
    }

    private static int EscapeForAddress(ReadOnlySpan<char> key, char[] escaped)
    {
        const string Digits = "0123456789ABCDEF";
        int length = 0;
        foreach (char c in key)
        {
            if (IsPlain(c))
            {
                escaped[length++] = c;
                continue;
            }

            escaped[length++] = '%';
            escaped[length++] = Digits[(c >> 4) & 15];
            escaped[length++] = Digits[c & 15];
        }

        return length;
    }

    private static bool IsPlain(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '.' or '_' or '~';

    /// <summary>
    /// In base64, alone or within a longer text: it can begin in three ways within a group of three bytes, and in each the
    /// groups that it fills are the same whatever stands around. What is left are a few characters at its ends.
    /// </summary>
    private static string WithoutBase64(string text, ReadOnlySpan<char> key)
    {
        if (text.Length < (key.Length - 2) / 3 * 4)
        {
            return text;
        }

        byte[] bytes = new byte[key.Length];
        char[] base64 = new char[key.Length * 2];
        try
        {
            for (int i = 0; i < key.Length; i++)
            {
                // Neither a key nor a header has any other character than those of ASCII.
                bytes[i] = (byte)key[i];
            }

            for (int skipped = 0; skipped < 3; skipped++)
            {
                int length = Convert.ToBase64CharArray(bytes, skipped, (key.Length - skipped) / 3 * 3, base64, 0);
                text = Replace(text, base64.AsSpan(0, length));
                for (int i = 0; i < length; i++)
                {
                    base64[i] = base64[i] switch { '+' => '-', '/' => '_', var c => c };
                }

                text = Replace(text, base64.AsSpan(0, length));
            }

            return text;
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
            Array.Clear(base64, 0, base64.Length);
        }
    }

    // A header's value may name a scheme before the key: "Bearer …". The key alone is as secret.
    private static int SchemeLength(ReadOnlySpan<char> key) => key.LastIndexOf(' ') + 1;

    private static string Replace(string text, ReadOnlySpan<char> key)
    {
        int at;
        if (key.Length < ShortestKey || (at = text.AsSpan().IndexOf(key, StringComparison.OrdinalIgnoreCase)) < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        int start = 0;
        for (int found = at; found >= 0; found = text.AsSpan(start).IndexOf(key, StringComparison.OrdinalIgnoreCase))
        {
            result.Append(text, start, found).Append(Secret.Mask);
            start += found + key.Length;
        }

        return result.Append(text, start, text.Length - start).ToString();
    }
}
