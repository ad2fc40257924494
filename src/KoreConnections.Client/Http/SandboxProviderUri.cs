namespace KoreConnections.Client;

/// <summary>
/// Where a sandbox imitates providers, or the gateway that is named in its session. Unlike other gateways, it is asked instead of custom APIs too, always:
/// their own endpoints get nothing.
/// </summary>
internal sealed class SandboxProviderUri(Uri address) : Uri(address.AbsoluteUri);
