using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KoreConnections.Tests.Support;

/// <summary>A proxy that lets nothing through: it records what it is asked, and answers as it is said to.</summary>
internal sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _answer;

    /// <param name="answer">The answer to a request's head, byte for byte; null for silence.</param>
    public TunnelProxy(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Its host and port.</summary>
    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The heads of all requests.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>An answer without content.</summary>
    public static string Status(int status, string headers = "") => $"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                byte[] head = new byte[8192];
                string asked = Encoding.UTF8.GetString(head, 0, await client.GetStream().ReadAsync(head));
                Heads.Enqueue(asked);
                if (_answer(asked) is string answer)
                {
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
                else
                {
                    while (await client.GetStream().ReadAsync(head) > 0)
                    {
                    }
                }
            }
            catch (Exception e) when (e is System.IO.IOException or ObjectDisposedException)
            {
            }
        }
    }
}
