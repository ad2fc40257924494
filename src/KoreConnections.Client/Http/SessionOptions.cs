namespace KoreConnections.Client;

internal sealed class SessionOptions(Uri baseUri, Secret apiKey) : TransportOptions
{
    /// <summary>The base of the API, such as <c>https://HOST/api/public</c>.</summary>
    public Uri BaseUri { get; } = baseUri;

    /// <summary>What the platform is known by: its address, or the file of a sandbox, whose address changes with each start.</summary>
    internal string Platform { get; set; } = baseUri.AbsoluteUri;

    public Secret ApiKey { get; } = apiKey;

    public override IEnumerable<Secret> PlatformKeys => [ApiKey, .. base.PlatformKeys];
}
