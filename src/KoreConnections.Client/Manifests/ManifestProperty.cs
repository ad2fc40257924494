namespace KoreConnections.Client;

internal readonly record struct ManifestProperty(ManifestNode Key, ManifestNode Value)
{
    public ManifestProperty(string name, ManifestNode value)
        : this(ManifestNode.Of(name), value)
    {
    }
}
