namespace KoreConnections.Tests.Keys;

/// <summary>Imitated providers, and what tests keys with them.</summary>
public abstract class KeyTesterTestBase : IDisposable
{
    private protected readonly FakeProviders _provider = new();
    private protected readonly KeyTester _tester;

    private protected KeyTesterTestBase(TimeProvider? clock = null) =>
        _tester = new(new TransportOptions { RetryInterval = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(5), TimeProvider = clock ?? TimeProvider.System });

    public void Dispose()
    {
        _tester.Dispose();
        _provider.Dispose();
        GC.SuppressFinalize(this);
    }
}
