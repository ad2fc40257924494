namespace KoreConnections.Client;

/// <summary>One request to the platform and its answer: sends, reads, and turns all else that happens into a <see cref="KoreException"/>.</summary>
internal sealed class ApiRequestor(HttpPipeline pipeline, SessionOptions options, RetryPolicy retry, ServerClock clock)
{
    // What several threads may set, and always to the same.
    private volatile bool _hasSent;
    private volatile bool _isAccepted;

    /// <summary>Whether all that was sent failed to arrive, or was refused for its key: the address or the key may be wrong.</summary>
    public bool IsUnaccepted => _hasSent && !_isAccepted;

    /// <summary>Reads the answer; null when it has another shape than expected.</summary>
    public delegate T? Parser<T>(ConnectionReader json, ArraySegment<byte> body)
        where T : class;

    public Task<T> SendAsync<T>(
        HttpMethod method, bool isIdempotent, Uri address, BodyWriter? body, RequestSecrets secrets, Parser<T> parse, RetryState retryState)
        where T : class =>
        retry.RunAsync(isIdempotent, () => AttemptAsync(method, address, body, secrets, parse, retryState.Context), retryState);

    private async Task<T> AttemptAsync<T>(HttpMethod method, Uri address, BodyWriter? body, RequestSecrets secrets, Parser<T> parse, RequestContext context)
        where T : class
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        _hasSent = true;
        DateTimeOffset begun = options.TimeProvider.GetUtcNow();
        Secret[] keys = [.. secrets.Keys, options.ApiKey];
        var redactor = new SecretRedactor(
            secrets with { Keys = keys }, () => context.KnownKeys.Concat(pipeline.ProxyKeys(address)), context.SearchedTexts);
        using AttemptCancellation limit = pipeline.Transmission.Limit(context, isRead: method == HttpMethod.Get);
        using var request = new HttpRequestMessage(method, address);
        SecretJsonContent.AttachTo(request, body, limit.MarkLeaving, HttpPipeline.IsDesktop);
        context.AttachTo(request);
        redactor.AttachTo(request);
        SecretRedactor reading = redactor.Until(limit.Token);
        T result = await pipeline.Transmission.SendAsync(
            request,
            (response, answer) =>
            {
                clock.Observe(response, begun);
                if (response.StatusCode != HttpStatusCode.Unauthorized)
                {
                    _isAccepted = true;
                }

                context.RequestId = ErrorMapper.RequestId(response, reading);
                return response.IsSuccessStatusCode
                    ? Parse(method, response, answer, parse, reading, begun, limit.Token)
                    : throw ErrorMapper.FromStatus(request, response, answer, reading.ForFailure());
            },
            limit).ConfigureAwait(false);
        if (method == HttpMethod.Post && result is Connection created)
        {
            clock.Compare(begun, created.CreatedOn);
        }

        return result;
    }

    private T Parse<T>(
        HttpMethod method, HttpResponseMessage response, ArraySegment<byte> answer, Parser<T> parse, SecretRedactor redactor, DateTimeOffset begun,
        CancellationToken stop)
        where T : class
    {
        string problem;
        // A change that is only accepted is under way: what its answer shows may be the connection before or after it.
        bool isUnderWay = response.StatusCode == HttpStatusCode.Accepted && method != HttpMethod.Get && method != HttpMethod.Post;
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        var reader = new ConnectionReader(redactor, stop) { Platform = options.Platform, ReadOn = begun, IsPart = isPart };
        try
        {
            if (parse(reader, answer) is T result && !isUnderWay)
            {
                return result;
            }

            problem = reader.IsFailure ? "JSON that reports a failure"
                : isUnderWay ? "an answer that does not say whether the change is done"
                : "JSON that does not match the Connections API";
        }
        catch (JsonException e)
        {
            problem = answer.Count == 0 ? "an empty answer" : $"invalid or incomplete JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
        }

        KoreException failure = ErrorMapper.FromUnexpected(response, isUnderWay ? new ArraySegment<byte>([]) : answer, problem, redactor.ForFailure());
        if (reader.IsFailure)
        {
            failure.IsReported = true;
            failure.RecommendedAction = "Correct what the response names, or try again later. " + ErrorMapper.AfterChange;
        }

        throw failure;
    }
}
