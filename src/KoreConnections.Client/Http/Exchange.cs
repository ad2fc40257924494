using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>One request to the platform and its answer: sends, reads, and turns whatever else happens into a <see cref="KoreException"/>.</summary>
internal sealed class Exchange(HttpClient http, SessionOptions options, RetryPolicy retry, ServerClock clock)
{
    private readonly Transmission _transmission = new(http, options.Timeout);

    /// <summary>Reads the answer; null when it has another shape than expected.</summary>
    public delegate T? Parser<T>(ConnectionJson json, ArraySegment<byte> body)
        where T : class;

    /// <summary>Sends, and again as the policy says for this method.</summary>
    public Task<T> SendAsync<T>(HttpMethod method, Uri address, BodyWriter? body, IReadOnlyList<Secret> secrets, Parser<T> parse, Call call)
        where T : class =>
        SendAsync(method, method, address, body, secrets, parse, call);

    /// <summary>Sends, and again as the policy says for another method: what must not arrive twice is repeated like a create.</summary>
    public Task<T> SendAsync<T>(HttpMethod method, HttpMethod repeatedAs, Uri address, BodyWriter? body, IReadOnlyList<Secret> secrets, Parser<T> parse, Call call)
        where T : class =>
        retry.RunAsync(repeatedAs, () => AttemptAsync(method, address, body, secrets, parse, call), call);

    private async Task<T> AttemptAsync<T>(HttpMethod method, Uri address, BodyWriter? body, IReadOnlyList<Secret> secrets, Parser<T> parse, Call call)
        where T : class
    {
        call.CancellationToken.ThrowIfCancellationRequested();
        CancellationToken stop = method == HttpMethod.Get ? call.CancellationToken : call.WriteToken;
        var redactor = new Redactor([.. secrets, options.ApiKey]);
        using var request = new HttpRequestMessage(method, address) { Content = new JsonBody(body) };
        call.AttachTo(request);
        if (method != HttpMethod.Get)
        {
            call.MarkSent();
        }

        try
        {
            return await _transmission.SendAsync(
                request,
                (response, answer) =>
                {
                    clock.Observe(response);
                    call.RequestId = Failures.RequestId(response, redactor);
                    return response.IsSuccessStatusCode
                        ? Parse(response, answer, parse, redactor)
                        : throw Failures.OfStatus(request, response, answer, redactor);
                },
                stop).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw new KoreException(KoreErrorKind.NotConnected, $"The session with {address.Host} was disconnected while it was in use.");
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
