using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>Logs each attempt: method, address, status, duration. It sits outside the key's handler and sees no key.</summary>
internal sealed class LogHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        RequestContext.Of(request) is { IsLogged: true } context
            ? SendLoggedAsync(request, context, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendLoggedAsync(HttpRequestMessage request, RequestContext context, CancellationToken cancellationToken)
    {
        var redactor = SecretRedactor.Of(request);
        string what = $"{request.Method} {redactor.ApplyToFreeText(request.RequestUri.AbsoluteUri)}";
        if (request.Content is SecretJsonContent body)
        {
            context.Log($"{what}: {body.Shown(redactor)}", LogLevel.Debug);
        }

        var watch = Stopwatch.StartNew();
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            context.Log($"{what}: {(int)response.StatusCode} {response.StatusCode} in {watch.ElapsedMilliseconds} ms");
            string type = redactor.Quote(response.Content?.Headers.ContentType?.ToString() ?? "", 100);
            string length = response.Content?.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
            context.Log($"{what}: content type {type}, length {length}", LogLevel.Debug);
            return response;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            context.Log($"{what}: no answer after {watch.ElapsedMilliseconds} ms, {ErrorMapper.Reason(e, redactor)}");
            throw;
        }
    }
}
