namespace KoreConnections.Client;

/// <summary>
/// The newer product that is called Agent Platform too. It has the same path and the same header, but no model connections:
/// only its host and its keys distinguish it before anything is sent.
/// </summary>
internal static class OtherProduct
{
    private const string Host = "agents.kore.ai";
    private const string KeyPrefix = "abl_";

    private const string What = "of the newer product that is also called Agent Platform "
        + $"({Host}, its keys begin with {KeyPrefix}), whose API has no model connections. Nothing was sent.";

    private const string WhereInstead =
        "The Connections API belongs to Agent Platform v1 and AI for Process. Use one of their hosts, such as agent-platform.kore.ai, "
        + "and a key that was created there under Settings > Security & Control > API Scopes.";

    public static void RefuseHost(Uri address, string parameter)
    {
        string host = address.IdnHost.TrimEnd('.');
        if (host.Equals(Host, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(parameter, $"'{SecretMasker.Quote(host)}' is a host {What}");
        }
    }

    public static void RefuseKey(Secret key, string parameter)
    {
        if (key.Read(static text => text.Starts(KeyPrefix)))
        {
            throw Refused(parameter, $"The key is one {What}");
        }
    }

    private static KoreException Refused(string parameter, string problem) => KoreException.InvalidInput(parameter, problem, WhereInstead);
}
