using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>One request and its answer: sends, reads, and turns whatever else happens into a <see cref="KoreException"/>.</summary>
internal sealed class Exchange(HttpPipeline pipeline, SessionOptions options, RetryPolicy retry, ServerClock clock)
{
    /// <summary>Reads the answer; null when it has another shape than expected.</summary>
    public delegate T? Parser<T>(ConnectionJson json, ArraySegment<byte> body)
        where T : class;

    /// <param name="method">The HTTP method.</param>
    /// <param name="address">Where to.</param>
    /// <param name="body">Writes the body; null for none.</param>
    /// <param name="secrets">The keys in the body.</param>
    /// <param name="parse">Reads the answer.</param>
    /// <param name="repetitions">How often it may be repeated, and until when.</param>
    public Task<T> SendAsync<T>(HttpMethod method, Uri address, BodyWriter? body, IReadOnlyList<Secret> secrets, Parser<T> parse, Repetitions repetitions)
        where T : class =>
        retry.RunAsync(method, () => AttemptAsync(method, address, body, secrets, parse, repetitions.Call), repetitions);

    private async Task<T> AttemptAsync<T>(HttpMethod method, Uri address, BodyWriter? body, IReadOnlyList<Secret> secrets, Parser<T> parse, Call call)
        where T : class
    {
        call.CancellationToken.ThrowIfCancellationRequested();
        var redactor = new Redactor(secrets, options.ApiKey);
        using var limit = new AttemptLimit(call, isRead: method == HttpMethod.Get, options.Timeout);
        using var request = new HttpRequestMessage(method, address) { Content = new JsonBody(body, limit.MarkLeaving) };
        call.AttachTo(request);
        try
        {
            using HttpResponseMessage response = await pipeline.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            clock.Observe(response);
            ArraySegment<byte> answer = await BoundedBody.ReadAsync(response, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? Parse(response, answer, parse, redactor)
                : throw Failures.OfStatus(request, response, answer, redactor);
        }
        catch (Exception e) when (e is not KoreException && limit.IsStopped)
        {
            throw new OperationCanceledException(limit.Token);
        }
        catch (Exception e) when (e is not KoreException && limit.IsTimeOver)
        {
            throw Failures.OfTimeout(address, options.Timeout);
        }
        catch (Exception e) when (e is not KoreException && pipeline.IsDisposed)
        {
            throw new KoreException(KoreErrorKind.NotConnected, $"The session with {address.Host} was disconnected while it was in use.")
            {
                RecommendedAction = "Connect again with Connect-KorePlatform. After a change, look with Get-Connection whether it was made.",
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw Failures.OfTransport(address, e);
        }
    }

    private static T Parse<T>(HttpResponseMessage response, ArraySegment<byte> answer, Parser<T> parse, Redactor redactor)
        where T : class
    {
        string problem;
        try
        {
            if (parse(new ConnectionJson(redactor), answer) is T result)
            {
                return result;
            }

            problem = "JSON of another shape than the Connections API has";
        }
        catch (JsonException e)
        {
            problem = answer.Count == 0 ? "an empty answer" : $"no complete JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})";
        }

        throw Failures.OfUnexpected(response, answer, problem, redactor);
    }
}
