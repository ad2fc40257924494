namespace KoreConnections.Client;

/// <summary>Asks providers. It knows no platform key and follows no redirect, so a key gets nowhere but where it is sent.</summary>
internal sealed class ProviderRequestor(TransportOptions options) : IDisposable
{
    private readonly HttpPipeline _pipeline = HttpPipeline.ForProviders(options);
    private readonly RetryPolicy _retry = new(options.ForProviders());

    /// <exception cref="KoreException">No answer came, or none but a failure.</exception>
    public Task<ProbeResponse> AskAsync(ProbeRequest question, RequestContext context)
    {
        // Before anything else: a log shows addresses, and name servers are asked for hosts.
        PlatformKey.Refuse([.. question.Headers.Select(h => h.Value)], question.Texts(), options);
        return _retry.RunAsync(question.IsRepeatable, () => AttemptAsync(question, context), _retry.Begin(context));
    }

    public void Dispose() => _pipeline.Dispose();

    private async Task<ProbeResponse> AttemptAsync(ProbeRequest question, RequestContext context)
    {
        var redactor = new SecretRedactor(new RequestSecrets(question.Keys(), question.Substituted), () => _pipeline.ProxyKeys(question.Address));
        using AttemptCancellation limit = _pipeline.Transmission.Limit(context, isRead: true);
        using var request = new HttpRequestMessage(question.Method, question.Address);
        if (question.Body is JsonElement body)
        {
            request.Content = new SecretJsonContent((writer, _) => body.WriteTo(writer));
        }

        ProviderKeyHandler.Attach(request, question.Headers, question.Destination);
        context.AttachTo(request);
        redactor.AttachTo(request);
        return await _pipeline.Transmission.SendAsync(
            request,
            (response, answer) => (int)response.StatusCode >= 500
                ? throw ErrorMapper.FromProvider(request, response, answer, redactor.ForFailure().Until(limit.Token))
                : Read(response, answer, response.IsSuccessStatusCode ? redactor : redactor.ForFailure(), limit.Token),
            limit).ConfigureAwait(false);
    }

    private static ProbeResponse Read(HttpResponseMessage response, ArraySegment<byte> answer, SecretRedactor redactor, CancellationToken stop)
    {
        SecretRedactor reading = redactor.Until(stop);
        ErrorResponse error = ErrorResponse.Read(answer, reading);
        string? message = error.Message ?? (response.IsSuccessStatusCode ? null : ErrorMapper.Excerpt(answer, reading));
        string? requestId = error.RequestId ?? ErrorMapper.RequestId(response, reading);
        return new ProbeResponse(response.StatusCode, answer, error, message is "" ? null : message, requestId, redactor).Read(stop);
    }
}
