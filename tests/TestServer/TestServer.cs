using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace KoreConnections.Tests.Support;

/// <summary>A Kestrel on a port of the loopback that it takes when it starts and keeps. Disposing it aborts what is under way.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly WebApplication _app;

    public TestServer(RequestDelegate answer, Action<ListenOptions>? listen = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                listen?.Invoke(endpoint);
            });
        });
        _app = builder.Build();
        _app.Run(answer);
        _app.Start();
        BaseUri = new Uri(_app.Urls.Single());
    }

    public Uri BaseUri { get; }

    /// <summary>One that says nothing on the connections that it accepts, so that a handshake never ends.</summary>
    public static TestServer Mute(Action accepted) => new(_ => Task.CompletedTask, endpoint => endpoint.Run(connection =>
    {
        accepted();
        return NeverAsync(connection.ConnectionClosed);
    }));

    public static Task NeverAsync(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

    public void Dispose() => ((IDisposable)_app).Dispose();
}
