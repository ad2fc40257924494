using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>Tells of each attempt: method, address, status, duration. It sits outside the key's handler and sees no key.</summary>
internal sealed class LogHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Call? call = Call.Of(request);
        if (call?.IsLogged != true)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        string what = $"{request.Method} {Masking.Address(request.RequestUri)}";
        if (request.Content is JsonBody body)
        {
            call.Log(LogLevel.Debug, $"{what}: {body.Shown()}");
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            call.Log(LogLevel.Verbose, $"{what}: {(int)response.StatusCode} {response.StatusCode} in {Elapsed(start)} ms");
            call.Log(LogLevel.Debug, $"{what}: content type {CleanText.Line(response.Content?.Headers.ContentType?.ToString(), 100)}, length {response.Content?.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "not told"}");
            return response;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            call.Log(LogLevel.Verbose, $"{what}: no answer after {Elapsed(start)} ms, {CleanText.Line(e.GetBaseException().Message)}");
            throw;
        }
    }

    private static long Elapsed(long start) => (Stopwatch.GetTimestamp() - start) * 1000 / Stopwatch.Frequency;
}
