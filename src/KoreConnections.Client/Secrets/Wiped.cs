namespace KoreConnections.Client;

/// <summary>Memory with a key in it, which is overwritten after its use.</summary>
internal sealed class Wiped<T>(T[] items) : IDisposable
{
    public Wiped(int length)
        : this(new T[length])
    {
    }

    public T[] Items => items;

    public int Length => items.Length;

    public void Dispose() => Array.Clear(items, 0, items.Length);
}
