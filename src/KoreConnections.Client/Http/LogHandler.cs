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
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Call.Of(request) is { IsLogged: true } call ? SendLoggedAsync(request, call, cancellationToken) : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendLoggedAsync(HttpRequestMessage request, Call call, CancellationToken cancellationToken)
    {
        string what = $"{request.Method} {Redactor.Of(request).ApplyToFreeText(request.RequestUri.AbsoluteUri)}";
        if (request.Content is JsonBody body)
        {
            call.Log(LogLevel.Debug, $"{what}: {body.Shown(Redactor.Of(request))}");
        }

        long start = Stopwatch.GetTimestamp();
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            call.Log(LogLevel.Verbose, $"{what}: {(int)response.StatusCode} {response.StatusCode} in {Elapsed(start)} ms");
            call.Log(LogLevel.Debug, $"{what}: content type {CleanText.Line(Redactor.Of(request).ApplyToFreeText(response.Content?.Headers.ContentType?.ToString() ?? ""), 100)}, length {response.Content?.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "not told"}");
            return response;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            call.Log(LogLevel.Verbose, $"{what}: no answer after {Elapsed(start)} ms, {Failures.Reason(e, Redactor.Of(request))}");
            throw;
        }
    }

    private static long Elapsed(long start) => (Stopwatch.GetTimestamp() - start) * 1000 / Stopwatch.Frequency;
}
