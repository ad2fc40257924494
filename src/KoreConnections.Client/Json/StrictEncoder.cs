using System.Text.Encodings.Web;

namespace KoreConnections.Client;

/// <summary>
/// Escapes what JSON requires and nothing else, so that names stay readable on the wire and in logs. Half of a surrogate
/// pair, which every other encoder replaces without a word, is an <see cref="ArgumentException"/>.
/// </summary>
internal sealed unsafe class StrictEncoder : JavaScriptEncoder
{
    private static readonly JavaScriptEncoder Inner = UnsafeRelaxedJsonEscaping;

    public static StrictEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => Inner.MaxOutputCharactersPerInputCharacter;

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        // It stops at each surrogate, whole pairs too: what is before has none.
        int first = Inner.FindFirstCharacterToEncode(text, textLength);
        for (int i = first; i >= 0 && i < textLength; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < textLength && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException("Half of a surrogate pair.", nameof(text));
            }
        }

        return first;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        Inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override bool WillEncode(int unicodeScalar) => Inner.WillEncode(unicodeScalar);
}
