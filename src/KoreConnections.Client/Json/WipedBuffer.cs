using System.Buffers;

namespace KoreConnections.Client;

/// <summary>A rented buffer whose every byte is overwritten before it goes back.</summary>
internal sealed class WipedBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;

    public ArraySegment<byte> Written => new(_bytes, 0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(sizeHint, 1))
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + sizeHint));
            Buffer.BlockCopy(_bytes, 0, larger, 0, _length);
            Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => Return(_bytes);

    private static void Return(byte[] bytes)
    {
        Array.Clear(bytes, 0, bytes.Length);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
