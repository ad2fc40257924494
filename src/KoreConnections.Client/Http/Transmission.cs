using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>Sends one request and reads its whole answer within a time limit. What happens instead is a <see cref="KoreException"/>.</summary>
internal sealed class Transmission(HttpClient http, TimeSpan limit)
{
    public async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, ArraySegment<byte>, T> read, CancellationToken stop)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        attempt.CancelAfter(limit);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            return read(response, await BoundedBody.ReadAsync(response, attempt.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not KoreException && stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (Exception e) when (e is not KoreException && attempt.IsCancellationRequested)
        {
            throw Failures.OfTimeout(request.RequestUri, limit);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw Failures.OfTransport(request.RequestUri, e);
        }
    }
}
