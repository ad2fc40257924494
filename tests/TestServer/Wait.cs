namespace KoreConnections.Tests.Support;

/// <summary>Waiting for what happens elsewhere.</summary>
internal static class Wait
{
    public static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
