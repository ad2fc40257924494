namespace KoreConnections.Client;

/// <param name="Address">Where it is. It may hold a login.</param>
internal sealed record ProxyInUse(Uri Address, bool HasLogin)
{
    public string Name => $"proxy {TextSanitizer.SingleLine(Address.Host, 200)}:{Address.Port}";

    /// <summary>Nothing of the login.</summary>
    public override string ToString() => Name;
}
