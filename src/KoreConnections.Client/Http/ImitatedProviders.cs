namespace KoreConnections.Client;

/// <summary>Where a sandbox imitates providers. Unlike a gateway, it is asked in place of custom APIs too, always: nothing leaves the machine.</summary>
/// <param name="address">Its address.</param>
internal sealed class ImitatedProviders(Uri address) : Uri(address.AbsoluteUri);
