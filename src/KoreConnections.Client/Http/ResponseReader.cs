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

    private const string CheckHost = "Check the address, and the proxy or gateway in front of the host. " + ErrorMapper.AfterChange;
    private const string CheckGateway = "Check the proxy or gateway in front of the host. " + ErrorMapper.AfterChange;

    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>The body in UTF-8, without a mark at its beginning. Of a failure, a body that cannot be decompressed is empty.</summary>
    public static async Task<ArraySegment<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content is null)
        {
            return new ArraySegment<byte>([]);
        }

        ArraySegment<byte> bytes = await ReadBytesAsync(response, cancellationToken).ConfigureAwait(false);
        ArraySegment<byte> body = InUtf8(bytes, response.Content.Headers.ContentType?.CharSet);
        return JsonSize.IsWithin(body) ? body : throw Unread(response, $"The answer contains {JsonSize.Excess}, so it was not read.");
    }

    private static async Task<ArraySegment<byte>> ReadBytesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // On .NET Framework a token does not end a pending read; closing the response does.
        using CancellationTokenRegistration registration = cancellationToken.Register(response.Dispose);
        using Stream stream = Decoded(response, await response.Content.ReadAsStreamAsync().ConfigureAwait(false));
        long? announced = response.Content.Headers.ContentLength;
        byte[] buffer = new byte[announced is > 0 ? Math.Min((int)Math.Min(announced.Value, LargestFirst) + 1, LargestFirst) : Chunk];
        int length = 0;
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer, length, buffer.Length - length, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException) when (!cancellationToken.IsCancellationRequested)
            {
                return response.IsSuccessStatusCode ? throw Damaged(response) : new ArraySegment<byte>([]);
            }

            if (read == 0)
            {
                return new ArraySegment<byte>(buffer, 0, length);
            }

            length += read;
            if (length > Limit)
            {
                throw Unread(response, $"The answer is larger than {Limit / (1024 * 1024)} MB, so it was not read.");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Limit + 1));
            }
        }
    }

    private static Stream Decoded(HttpResponseMessage response, Stream stream)
    {
        string encoding = response.Content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() ?? "";
        return encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(stream, CompressionMode.Decompress),
            "" or "identity" => stream,
            _ when !response.IsSuccessStatusCode => Stream.Null,
            _ => throw Unread(
                response,
                $"HTTP {(int)response.StatusCode} returned the content encoding '{TextSanitizer.SingleLine(encoding, 20)}', which was not requested.",
                CheckGateway),
        };
    }

    private static KoreException Unread(HttpResponseMessage response, string message, string action = CheckHost) =>
        new(KoreErrorKind.UnexpectedResponse, message, action) { StatusCode = response.StatusCode };

    // As if the connection had broken within it: another attempt may get it whole.
    private static KoreException Damaged(HttpResponseMessage response) =>
        new(KoreErrorKind.Unreachable, $"HTTP {(int)response.StatusCode} returned content that is not valid gzip.", CheckGateway);

    // JSON is UTF-8, even where a header says otherwise. Gateways add a mark, and write pages of their own in other encodings.
    private static ArraySegment<byte> InUtf8(ArraySegment<byte> body, string? charset)
    {
        ReadOnlySpan<byte> start = body;
        return start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? new ArraySegment<byte>(body.Array!, body.Offset + 3, body.Count - 3)
            : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Converted(Encoding.Unicode, 2)
            : start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Converted(Encoding.BigEndianUnicode, 2)
            : Declared() is Encoding declared ? Converted(declared, 0)
            : body;

        ArraySegment<byte> Converted(Encoding encoding, int mark) =>
            new(Encoding.UTF8.GetBytes(encoding.GetString(body.Array!, body.Offset + mark, body.Count - mark)));

        Encoding? Declared()
        {
            try
            {
                Encoding encoding = Encoding.GetEncoding(charset?.Trim('"', '\'') ?? Encoding.UTF8.WebName);
                return encoding is UTF8Encoding || IsUtf8(body) ? null : encoding;
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                // Nobody here knows it, or reads it any more.
                return null;
            }
        }
    }

    private static bool IsUtf8(ArraySegment<byte> body)
    {
        try
        {
            _ = Strict.GetCharCount(body.Array!, body.Offset, body.Count);
            return Array.IndexOf(body.Array!, (byte)0, body.Offset, body.Count) < 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
