namespace KoreConnections.Client;

/// <summary>A session's own key is for its platform alone: it is no provider's key.</summary>
internal static class PlatformKey
{
    public static Secret Check(Secret key, string parameter)
    {
        Secret checkedKey = ApiKeyValidator.Check(key, parameter);
        OtherProduct.RefuseKey(checkedKey, parameter);
        return checkedKey;
    }

    public static void Refuse(IReadOnlyList<Secret> secrets, TransportOptions options)
    {
        if (secrets.Count > 0 && options.PlatformKeys.Any(platformKey => secrets.Any(s => s.Contains(platformKey))))
        {
            throw KoreException.InvalidInput(
                "ApiKey",
                "This is a platform key (of an open session, or from KORE_API_KEY), which must not be sent to a provider. Specify the provider's key.");
        }
    }
}
