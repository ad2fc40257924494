using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;

namespace KoreConnections.Client;

/// <summary>A key. Its text is readable only in the assembly that writes it on the wire, and only for the length of a callback.</summary>
internal sealed class Secret
{
    /// <summary>The most characters that a key can have, which is the limit of a SecureString.</summary>
    internal const int MaxLength = 65_536;

    // A shorter one is in other texts by chance.
    private const int ShortestPart = 8;

    /// <summary>What stands for a key wherever a text is needed.</summary>
    public const string Mask = "***************";

    // Made in every process, so that a fingerprint cannot be tried out elsewhere.
    private static readonly Lazy<byte[]> FingerprintKey = new(static () =>
    {
        using var random = new HMACSHA256();
        return random.Key;
    });

    private readonly SecureString _value;

    /// <summary>Wraps a secure string; the copy is read-only.</summary>
    public Secret(SecureString value)
    {
        _value = (value ?? throw new ArgumentNullException(nameof(value))).Copy();
        _value.MakeReadOnly();
    }

    /// <summary>Wraps plain text, which the caller should forget at once.</summary>
    public static Secret FromPlainText(string value) => Of(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Stands for a key whose reference leads to none here. A plan needs no keys; this one is never sent.</summary>
    /// <param name="problem">Why there is none, which is the failure of all that needs the key.</param>
    internal static Secret Unresolved(KoreException problem)
    {
        using SecureString standIn = Secure("unresolved");
        return new Secret(standIn) { Problem = problem };
    }

    /// <summary>Why there is no key; null where there is one.</summary>
    internal KoreException? Problem { get; private init; }

    // A key is read where it is kept encrypted: what a thousand connections and answers ask of the same one is remembered.

    /// <summary>Whether <see cref="ApiKeyValidator"/> found it to be right.</summary>
    internal bool IsChecked { get; set; }

    /// <summary>The reference that led to it, as a message may show it; null for none.</summary>
    internal string? Origin { get; set; }

    /// <summary>The length of the shortest text that may repeat it.</summary>
    internal int ShortestEcho => field != 0 ? field : field = EchoFinder.ShortestOf(this);

    public int Length => _value.Length;

    public override string ToString() => Mask;

    internal SecureString ToSecureString() => _value.Copy();

    internal delegate T Reader<out T>(ReadOnlySpan<char> text);

    internal unsafe T Read<T>(Reader<T> reader)
    {
        IntPtr text = Marshal.SecureStringToGlobalAllocUnicode(_value);
        try
        {
            return reader(new ReadOnlySpan<char>((void*)text, _value.Length));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
        }
    }

    internal void WriteTo(Utf8JsonWriter writer, string property) => Read(text =>
    {
        if (Problem is not null)
        {
            throw Problem;
        }

        writer.WriteString(property, text);
        return true;
    });

    internal Secret Trim() => Read(text => text.Trim() is var trimmed && trimmed.Length == text.Length ? this : Of(trimmed));

    /// <summary>The same with a scheme before it, as headers carry keys.</summary>
    internal Secret WithScheme(string scheme) => Problem is not null ? this : Read(text =>
    {
        using var whole = new Wiped<char>(scheme.Length + 1 + text.Length);
        $"{scheme} ".CopyTo(0, whole.Items, 0, scheme.Length + 1);
        text.CopyTo(whole.Items.AsSpan(scheme.Length + 1));
        Secret withScheme = Of(whole.Items);
        withScheme.Origin = Origin;
        return withScheme;
    });

    internal bool IsIn(string? text, StringComparison comparison = StringComparison.Ordinal) =>
        Length > 0 && text is not null && Read(key => text.AsSpan().IndexOf(key, comparison) >= 0);

    /// <summary>
    /// Whether a text has the key within its base64, also as addresses write it. There are three forms: each by where in a group of three bytes
    /// it begins.
    /// </summary>
    internal bool IsInBase64(ReadOnlyMemory<char> text) => Length > 0 && Read(key =>
    {
        using var plain = new Wiped<char>(key.ToArray());
        using var bytes = new Wiped<byte>(Encoding.UTF8.GetMaxByteCount(plain.Length) + 2);
        using var encoded = new Wiped<char>((bytes.Length + 2) / 3 * 4);
        bool isFound = false;
        for (int before = 0; before < 3 && !isFound; before++)
        {
            int end = before + Encoding.UTF8.GetBytes(plain.Items, 0, plain.Length, bytes.Items, before);
            Convert.ToBase64CharArray(bytes.Items, 0, end, encoded.Items, 0);
            // The first characters depend on what is before the key, and the last one on what is behind it.
            int start = ((before * 8) + 5) / 6;
            Span<char> form = encoded.Items.AsSpan(start, (end * 8 / 6) - start);
            isFound = text.Span.IndexOf(form) >= 0;
            if (!isFound && form.IndexOfAny('+', '/') >= 0)
            {
                for (int i = 0; i < form.Length; i++)
                {
                    form[i] = form[i] switch { '+' => '-', '/' => '_', var c => c };
                }

                isFound = text.Span.IndexOf(form) >= 0;
            }
        }

        return isFound;
    });

    /// <summary>Whether another key is this one or a part of it, as after a scheme in a header, or in base64.</summary>
    internal bool Contains(Secret other) => other.Length > 0 && Read(text =>
    {
        using var copy = new Wiped<char>(text.ToArray());
        return other.Length < ShortestPart
            ? other.Read(key => copy.Items.AsSpan().SequenceEqual(key))
            : other.Read(key => copy.Items.AsSpan().IndexOf(key) >= 0) || other.IsInBase64(copy.Items);
    });

    /// <summary>Distinguishes equal keys from different ones within this process; it means nothing outside of it.</summary>
    internal string Fingerprint() => Convert.ToBase64String(Hash(FingerprintKey.Value));

    internal byte[] Hash(byte[] with) => Read(text =>
    {
        using var bytes = new Wiped<byte>(text.Length * sizeof(char));
        MemoryMarshal.AsBytes(text).CopyTo(bytes.Items);
        using var hash = new HMACSHA256(with);
        return hash.ComputeHash(bytes.Items);
    });

    private static Secret Of(ReadOnlySpan<char> text)
    {
        using SecureString secure = Secure(text);
        return new Secret(secure);
    }

    /// <exception cref="KoreException">KoreInvalidInput: it is longer than any key.</exception>
    internal static unsafe SecureString Secure(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength)
        {
            throw KoreException.InvalidInput(
                "ApiKey", $"A value of {text.Length} characters was given as a key, but no key is longer than {MaxLength}. Specify the key itself.");
        }

        fixed (char* first = text)
        {
            return text.IsEmpty ? new SecureString() : new SecureString(first, text.Length);
        }
    }
}
