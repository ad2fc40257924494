using System.IO.Compression;

namespace KoreConnections.Client;

/// <summary>Reads an answer's body, up to a size that no honest answer has.</summary>
internal static class ResponseReader
{
    // 100,000 connections take about 30 MB.
    private const int Limit = 128 * 1024 * 1024;
    private const int Chunk = 1024;

    // What the other side says of its length is believed up to here only.
    private const int LargestFirst = 1024 * 1024;

    public static async Task<ArraySegment<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content is null)
        {
            return new ArraySegment<byte>([]);
        }

        // On .NET Framework a token does not end a pending read; closing the response does.
        using CancellationTokenRegistration registration = cancellationToken.Register(response.Dispose);
        using Stream stream = Decoded(response.Content, await response.Content.ReadAsStreamAsync().ConfigureAwait(false));
        long? announced = response.Content.Headers.ContentLength;
        byte[] buffer = new byte[announced is > 0 ? Math.Min((int)Math.Min(announced.Value, LargestFirst) + 1, LargestFirst) : Chunk];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer, length, buffer.Length - length, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return new ArraySegment<byte>(buffer, 0, length);
            }

            length += read;
            if (length > Limit)
            {
                throw new KoreException(KoreErrorKind.UnexpectedResponse, $"The answer is larger than {Limit / (1024 * 1024)} MB, so it was not read.")
                {
                    StatusCode = response.StatusCode,
                };
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Limit + 1));
            }
        }
    }

    private static Stream Decoded(HttpContent content, Stream stream) =>
        content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() is "gzip" or "x-gzip"
            ? new GZipStream(stream, CompressionMode.Decompress)
            : stream;
}
