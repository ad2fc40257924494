namespace KoreConnections.Client;

/// <summary>Sends one request and reads its whole answer within a time limit. What happens instead is a <see cref="KoreException"/>.</summary>
internal sealed class Transmission(HttpPipeline pipeline, TimeSpan timeout)
{
    private readonly ConcurrentDictionary<string, bool> _resolved = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The limits of one attempt, which its request may need to know before it is sent.</summary>
    public AttemptCancellation Limit(RequestContext context, bool isRead) => new(context, isRead, timeout);

    public async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, ArraySegment<byte>, T> read, AttemptCancellation limit)
    {
        try
        {
            return await AttemptAsync(request, read, limit).ConfigureAwait(false);
        }
        catch (KoreException e) when (limit.IsRead)
        {
            // After it there is no change to look for.
            e.RecommendedAction = ErrorMapper.ActionOfRefusal(e);
            throw;
        }
    }

    private async Task<T> AttemptAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, ArraySegment<byte>, T> read, AttemptCancellation limit)
    {
        ProxyInUse? proxy = pipeline.ProxyFor(request.RequestUri);
        // Behind a proxy it is the proxy's name that is resolved.
        string host = proxy?.Address.Host ?? request.RequestUri.Host;
        try
        {
            using HttpResponseMessage response = await pipeline.Client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            _resolved.TryAdd(host, true);
            ArraySegment<byte> body = await ResponseReader.ReadAsync(response, limit.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
                ? throw ErrorMapper.FromProxyLogin(proxy, ErrorMapper.Excerpt(body, SecretRedactor.Of(request)))
                : read(response, body);
        }
        catch (Exception e) when (e is not KoreException && limit.IsStopped)
        {
            throw new OperationCanceledException(limit.Token);
        }
        catch (Exception e) when (e is not KoreException && limit.IsOver)
        {
            throw ErrorMapper.FromTimeout(request.RequestUri, timeout, proxy, SecretRedactor.Of(request));
        }
        catch (Exception e) when (e is not KoreException && pipeline.IsDisposed)
        {
            throw ErrorMapper.FromDisconnect(request.RequestUri, isUnknown: request.Method != HttpMethod.Get && RequestContext.Of(request) is { IsSent: true });
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            KoreException failure = ErrorMapper.FromTransport(request.RequestUri, e, SecretRedactor.Of(request), proxy, limit.HasLeft);
            // A name that was resolved before is not mistyped: it is the resolver that fails for a moment.
            failure.IsHostUnknown &= !_resolved.ContainsKey(host);
            throw failure;
        }
    }
}
