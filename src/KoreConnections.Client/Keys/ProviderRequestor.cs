using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>One request to a provider.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Address">The whole address: the only place that the headers go to.</param>
/// <param name="Headers">What carries the key.</param>
/// <param name="Destination">The provider's own scheme and host, or those that the user named: the only place that the headers may go to.</param>
internal sealed record ProbeRequest(HttpMethod Method, Uri Address, IReadOnlyList<Header> Headers, Uri Destination)
{
    /// <summary>Headers without a secret.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PlainHeaders { get; init; } = [];

    /// <summary>The JSON to send.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>What is shown as the manifest says it.</summary>
    public IReadOnlyList<SubstitutedValue> Substituted { get; init; } = [];

    /// <summary>Whether asking twice does no harm.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The same for the same question with the same key.</summary>
    public string Identity() => string.Join("\n", [
        $"{Method} {Address.AbsoluteUri}",
        .. Headers.Select(h => $"{h.Name.ToLowerInvariant()}: {h.Value.Fingerprint()}"),
        Body?.GetRawText() ?? ""]);
}

/// <summary>What a provider answered, whatever its status below 500 is.</summary>
internal sealed record ProbeResponse(HttpStatusCode StatusCode, ArraySegment<byte> Body, ErrorResponse Error, SecretRedactor SecretRedactor)
{
    public int Status => (int)StatusCode;

    /// <summary>The provider's own message, or the beginning of what came in place of one.</summary>
    public string? Message { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The answer as JSON; null for anything else.</summary>
    public JsonElement? Json()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the provider's code, kind of error or message has one of these words in it.</summary>
    public bool Mentions(params string[] words) => words.Any(word =>
        new[] { Error.Code, Error.Type, Message }.Any(text => text?.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
}

/// <summary>Asks providers. It knows no platform key and follows no redirect, so a key gets nowhere but where it is sent.</summary>
internal sealed class ProviderRequestor : IDisposable
{
    private readonly HttpPipeline _pipeline;
    private readonly RetryPolicy _retry;
    private readonly Transmission _transmission;

    public ProviderRequestor(TransportOptions options)
    {
        _pipeline = HttpPipeline.ForProviders(options);
        _retry = new RetryPolicy(options.ForProviders());
        _transmission = new Transmission(_pipeline, options.Timeout);
    }

    /// <summary>Asks, and again where the provider was not reached or failed.</summary>
    /// <exception cref="KoreException">No answer came, or none but a failure.</exception>
    public Task<ProbeResponse> AskAsync(ProbeRequest question, RequestContext context) =>
        _retry.RunAsync(question.IsRepeatable ? HttpMethod.Get : HttpMethod.Post, () => AttemptAsync(question, context), _retry.Begin(context));

    public void Dispose() => _pipeline.Dispose();

    private async Task<ProbeResponse> AttemptAsync(ProbeRequest question, RequestContext context)
    {
        var redactor = new SecretRedactor(new RequestSecrets([.. question.Headers.Select(h => h.Value)], question.Substituted));
        using AttemptCancellation limit = _transmission.Limit(context, isRead: true);
        using var request = new HttpRequestMessage(question.Method, question.Address);
        if (question.Body is JsonElement body)
        {
            request.Content = new SecretJsonContent((writer, _) => body.WriteTo(writer));
        }

        foreach (KeyValuePair<string, string> header in question.PlainHeaders)
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        ProviderKeyHandler.Attach(request, question.Headers, question.Destination);
        context.AttachTo(request);
        redactor.AttachTo(request);
        return await _transmission.SendAsync(
            request,
            (response, answer) => (int)response.StatusCode >= 500
                ? throw ErrorMapper.FromProvider(request, response, answer, redactor)
                : Read(response, answer, redactor),
            limit).ConfigureAwait(false);
    }

    private static ProbeResponse Read(HttpResponseMessage response, ArraySegment<byte> answer, SecretRedactor redactor)
    {
        ErrorResponse error = ErrorResponse.Read(answer, redactor);
        string? told = error.Message ?? (response.IsSuccessStatusCode ? null : ErrorMapper.Excerpt(answer, redactor));
        return new ProbeResponse(response.StatusCode, answer, error, redactor)
        {
            Message = told is "" ? null : told,
            RequestId = error.RequestId ?? ErrorMapper.RequestId(response, redactor),
        };
    }
}
