namespace KoreConnections.Client;

/// <summary>Where a sandbox imitates providers. Unlike a gateway, it is asked instead of custom APIs too, always: nothing leaves the machine.</summary>
internal sealed class SandboxProviderUri(Uri address) : Uri(address.AbsoluteUri);
