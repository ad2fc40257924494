namespace KoreConnections.Commands;

/// <summary>Turns a key that was given as text or credential into a SecureString before PowerShell records it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether it binds from rows: what can be no key is refused later, because PowerShell's own error would carry the whole row.</summary>
    public bool IsOfRow { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return KeyInput.Bind(inputData) ?? (IsOfRow && inputData is not ScriptBlock ? KeyInput.NoKey
                : throw new ArgumentTransformationMetadataException(
                    KeyInput.Accepted,
                    // PowerShell passes over this cause when it tries a piped object, and shows it for what was typed.
                    new PSInvalidCastException("It is none of the accepted types.")));
        }
        catch (ObjectDisposedException e) when (KoreException.IsDisposedKey(e))
        {
            throw new ArgumentTransformationMetadataException(KoreException.DisposedKey);
        }
    }
}
