namespace KoreConnections.Tests.AsCode;

/// <summary>Manifests, and a sandbox to use them with.</summary>
public abstract class ManifestTestBase : IDisposable
{
    private protected readonly ManifestFixture _place = new();

    public void Dispose()
    {
        _place.Dispose();
        GC.SuppressFinalize(this);
    }
}
