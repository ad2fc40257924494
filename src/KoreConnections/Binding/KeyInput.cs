using System;
using System.Linq;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Wraps what was given as a key. It only wraps: references, masks and empty values are judged when the record is processed.</summary>
internal static class KeyInput
{
    private static readonly ConditionalWeakTable<SecureString, Secret> Bound = new();

    /// <summary>
    /// What stands in for a key among the bound parameters, which PowerShell keeps in every error record: on Unix,
    /// Export-Clixml writes the text of a SecureString as it is. This one holds no key; <see cref="Open"/> finds it.
    /// </summary>
    public static SecureString Bind(SecureString key)
    {
        if (key.Length == 0 || Bound.TryGetValue(key, out _))
        {
            return key;
        }

        SecureString standIn = Secret.Secure(Secret.Mask.AsSpan());
        standIn.MakeReadOnly();
        Bound.Add(standIn, new Secret(key));
        return standIn;
    }

    /// <summary>The key, whether it was bound as a parameter or came another way.</summary>
    public static Secret Open(SecureString given) => Bound.TryGetValue(given, out Secret? key) ? key : new Secret(given);

    /// <summary>The key as a SecureString, or null for what can be no key.</summary>
    public static SecureString? Wrap(object? given) => PSValueConverter.Unwrap(given) switch
    {
        null => new SecureString(),
        SecureString secure => secure,
        PSCredential credential => credential.Password,
        string text => Secret.Secure(text.AsSpan()),
        _ => null,
    };
}

/// <summary>Turns a key that was given as text or credential into a SecureString before PowerShell records it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        KeyInput.Wrap(inputData) is SecureString key ? KeyInput.Bind(key) : throw new ArgumentTransformationMetadataException(
            "Accepted are a SecureString, a PSCredential, text, or a reference such as env:NAME, file:PATH or secret:NAME.",
            // PowerShell passes over this cause when it tries a piped object, and tells it for what was typed.
            new PSInvalidCastException("It is none of the accepted types."));
}

/// <summary>
/// Accepts text only: PowerShell would turn any object into text, and a stray object is no id. An object without an id is
/// bound as a text that stands for none: PowerShell's own error would carry the whole row, its keys included.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextOnlyTransformationAttribute : ArgumentTransformationAttribute
{
    // No id has these characters, so that the cmdlet refuses it as one.
    private const string NoId = "(an object without ConnectionId)";

    private static readonly string[] Names = ["ConnectionId", "Id"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is null or string || (value is Array items && IsText(items)) ? inputData
            : inputData is not Array && !Names.Any(name => PSObject.AsPSObject(inputData).Properties[name] is not null) ? NoId
            : throw new ArgumentTransformationMetadataException(
                "Accepted is text. Pipe an object that has a ConnectionId, or give its ConnectionId.",
                new PSInvalidCastException("It is no text."));
    }

    private static bool IsText(Array items)
    {
        foreach (object? item in items)
        {
            if ((item is PSObject wrapped ? wrapped.BaseObject : item) is not (string or null))
            {
                return false;
            }
        }

        return true;
    }
}
