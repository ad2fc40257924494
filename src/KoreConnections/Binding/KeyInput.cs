using System.Runtime.CompilerServices;

namespace KoreConnections.Commands;

/// <summary>Wraps what was given as a key. It only wraps: references, masks and empty values are judged when the record is processed.</summary>
internal static class KeyInput
{
    public const string Accepted = "Use " + ApiKeyValidator.Accepted;

    /// <summary>What stands for a bound value that can be no key.</summary>
    public static readonly SecureString NoKey = new();

    private static readonly ConditionalWeakTable<SecureString, Given> Bound = new();

    /// <param name="IsText">Whether it was text, which may be a reference of an unknown scheme. A SecureString or a credential has the value itself.</param>
    public sealed record Given(Secret Key, bool IsText);

    /// <summary>
    /// What stands in for a key among the bound parameters, which PowerShell keeps in every error record: on Unix,
    /// Export-Clixml writes the text of a SecureString as it is. This one holds no key; <see cref="Open"/> finds it.
    /// </summary>
    /// <returns>Null for what can be no key.</returns>
    public static SecureString? Bind(object? given)
    {
        SecureString? key = Wrap(given);
        if (key is null || key.Length == 0 || Bound.TryGetValue(key, out _))
        {
            return key;
        }

        SecureString standIn = Secret.Secure(Secret.Mask.AsSpan());
        standIn.MakeReadOnly();
        Bound.Add(standIn, Opened(key, given));
        return standIn;
    }

    /// <summary>The key that was given; null for what can be no key.</summary>
    public static Given? Open(object? given) =>
        Wrap(given) is not SecureString key ? null : Bound.TryGetValue(key, out Given? bound) ? bound : Opened(key, given);

    /// <summary>The key as a SecureString, or null for what can be no key.</summary>
    public static SecureString? Wrap(object? given) => PSValueConverter.Unwrap(given) switch
    {
        null => new SecureString(),
        SecureString secure => ReferenceEquals(secure, NoKey) ? null : secure,
        PSCredential credential => credential.Password,
        string text => Secret.Secure(text.AsSpan()),
        _ => null,
    };

    private static Given Opened(SecureString key, object? given) => new(new Secret(key), PSValueConverter.Unwrap(given) is string);
}
