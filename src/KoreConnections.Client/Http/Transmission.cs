using System;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>Sends one request and reads its whole answer within a time limit. What happens instead is a <see cref="KoreException"/>.</summary>
internal sealed class Transmission(HttpPipeline pipeline, TimeSpan time)
{
    /// <summary>The limits of one attempt, which its request may need to know before it is sent.</summary>
    public AttemptLimit Limit(Call call, bool isRead) => new(call, isRead, time);

    public async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, ArraySegment<byte>, T> read, AttemptLimit limit)
    {
        try
        {
            using HttpResponseMessage response = await pipeline.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return read(response, await BoundedBody.ReadAsync(response, limit.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not KoreException && limit.IsStopped)
        {
            throw new OperationCanceledException(limit.Token);
        }
        catch (Exception e) when (e is not KoreException && limit.IsTimeOver)
        {
            throw Failures.OfTimeout(request.RequestUri, time);
        }
        catch (Exception e) when (e is not KoreException && pipeline.IsDisposed)
        {
            throw Failures.OfDisconnect(request.RequestUri, isUnknown: request.Method != HttpMethod.Get && Call.Of(request) is { IsSent: true });
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw Failures.OfTransport(request.RequestUri, e, Redactor.Of(request));
        }
    }
}
