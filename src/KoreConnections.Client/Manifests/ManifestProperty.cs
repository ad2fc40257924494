namespace KoreConnections.Client;

/// <summary>A name of a table with its value.</summary>
internal readonly record struct ManifestProperty(ManifestNode Key, ManifestNode Value)
{
    public ManifestProperty(string name, ManifestNode value)
        : this(ManifestNode.Of(name), value)
    {
    }
}
