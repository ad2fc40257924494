namespace KoreConnections.Client;

/// <summary>The session's own key is for the platform alone: it is no provider's key.</summary>
internal static class PlatformKey
{
    /// <summary>Returns the key that a session is made with, or says what is wrong with it.</summary>
    public static Secret Check(Secret key, string parameter)
    {
        Secret checkedKey = ApiKeyValidator.Check(key, parameter);
        OtherProduct.RefuseKey(checkedKey, parameter);
        return checkedKey;
    }

    public static void Refuse(IEnumerable<Secret> secrets, Secret? platformKey)
    {
        if (platformKey is not null && secrets.Any(s => s.Contains(platformKey)))
        {
            throw KoreException.InvalidInput(
                "ApiKey",
                "This is the platform key of the session, which must not be sent to a provider. Specify the provider's key.");
        }
    }
}
