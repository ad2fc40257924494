using System.Net.Http.Headers;
using System.Reflection;

namespace KoreConnections.Client;

/// <summary>
/// A JSON body that is written when it is sent and wiped after: keys exist as text for that moment only.
/// Without a writer it is the empty body that lets a GET carry the documented content type.
/// </summary>
internal sealed class SecretJsonContent : HttpContent
{
    public const int MaxDepth = 1000;

    private const string JsonType = "application/json";

    private readonly BodyWriter? _write;
    private readonly Action? _leaving;

    /// <param name="leaving">Called when its first byte is about to leave.</param>
    public SecretJsonContent(BodyWriter? write = null, Action? leaving = null)
    {
        _write = write;
        _leaving = leaving;
        Headers.ContentType = new MediaTypeHeaderValue(JsonType);
    }

    /// <summary>Gives a request its body, and the documented content type, which the API requires of a GET too.</summary>
    /// <param name="leaving">Called when the first byte of the body is about to leave.</param>
    /// <param name="isDesktop">Whether it is sent by .NET Framework.</param>
    public static void AttachTo(HttpRequestMessage request, BodyWriter? body, Action leaving, bool isDesktop)
    {
        if (body is not null || !isDesktop)
        {
            request.Content = new SecretJsonContent(body, leaving);
            return;
        }

        // .NET Framework sends no GET that has a content, be it empty. It sends the header where its own list does not forbid that.
        typeof(HttpHeaders).GetField("invalidHeaders", BindingFlags.Instance | BindingFlags.NonPublic)?.SetValue(request.Headers, null);
        request.Headers.TryAddWithoutValidation("Content-Type", JsonType);
    }

    public string Shown(SecretRedactor redactor) => _write is null ? "no body"
        // A payload may hold a key too, which nothing but its name shows.
        : redactor.Quote(ShownJson.Text(ToJson(_write), withReferences: redactor.WithReferences), 10_000);

    public static string Text(BodyWriter write) => Encoding.UTF8.GetString(Masked(write));

    /// <summary>What is written, with masks instead of keys.</summary>
    public static JsonElement ToJson(BodyWriter write) => JsonText.Of(writer => write(writer, false));

    /// <summary>What is written as UTF-8, with masks instead of keys, of a body that is going to be sent.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it cannot be written at all.</exception>
    public static byte[] Checked(BodyWriter write)
    {
        try
        {
            return Masked(write);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw KoreException.InvalidInput(
                "InputObject",
                "A string contains half of a surrogate pair, which JSON does not support, or the payload is nested more than 1,000 levels deep. "
                    + "Check whether a value was cut off.");
        }
    }

    private static byte[] Masked(BodyWriter write) => JsonText.Written(writer => write(writer, reveal: false), static json => json.AsSpan().ToArray());

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext context)
    {
        if (_write is null)
        {
            return;
        }

        using var buffer = new WipedBuffer();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            _write(writer, reveal: true);
        }

        _leaving?.Invoke();
        await stream.WriteAsync(buffer.Written.Array, 0, buffer.Written.Count).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _write is null ? 0 : JsonText.Written(writer => _write(writer, reveal: true), static json => json.Count);
        return true;
    }
}
