using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Tests.Support;

/// <summary>What becomes of one request on its way through a <see cref="FaultyProxy"/>.</summary>
internal abstract record Fate
{
    /// <summary>It goes through.</summary>
    public static Fate Pass { get; } = new Passed();

    /// <summary>The connection is reset and the server never hears of it.</summary>
    public static Fate ResetBefore { get; } = new Reset(Forward: false);

    /// <summary>The server does the work, and the connection is reset in place of its answer.</summary>
    public static Fate ResetAfter { get; } = new Reset(Forward: true);

    /// <summary>No answer ever comes.</summary>
    public static Fate Silence { get; } = new Answer([], Forward: false, Close: false);

    /// <summary>These bytes are the answer.</summary>
    public static Fate Raw(string answer, bool close = true, bool forward = false) => new Answer([Encoding.UTF8.GetBytes(answer)], forward, close);

    /// <summary>These pieces are the answer, with a pause after each.</summary>
    public static Fate Drip(string[] pieces, TimeSpan pause) => new Answer(Array.ConvertAll(pieces, Encoding.UTF8.GetBytes), Forward: false, Close: true) { Pause = pause };

    internal sealed record Passed : Fate;

    internal sealed record Reset(bool Forward) : Fate;

    internal sealed record Answer(byte[][] Pieces, bool Forward, bool Close) : Fate
    {
        public TimeSpan Pause { get; init; }
    }
}

/// <summary>
/// A TCP proxy before a server, for what HttpListener cannot do: resets, raw bytes, silence. It reads whole requests,
/// so that each has its own fate on a connection that is kept.
/// </summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Func<string, int, Fate> _decide;
    private int _count;

    /// <param name="server">The server behind it.</param>
    /// <param name="decide">The fate of a request, by its first line and its number from 1.</param>
    public FaultyProxy(Uri server, Func<string, int, Fate> decide)
    {
        _server = server;
        _decide = decide;
        _listener.Start();
        BaseUri = new UriBuilder(server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _ = Task.Run(AcceptAsync);
    }

    public Uri BaseUri { get; }

    /// <summary>The first lines of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        connection.NoDelay = true;
        try
        {
            using var upstream = new TcpClient { NoDelay = true };
            NetworkStream stream = connection.GetStream();
            while (await ReadMessageAsync(stream) is { Length: > 0 } request)
            {
                string line = Encoding.ASCII.GetString(request).Split('\r')[0];
                Requests.Enqueue(line);
                if (!await MeetAsync(_decide(line, Interlocked.Increment(ref _count)), request, connection, upstream))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>True when the connection goes on.</summary>
    private async Task<bool> MeetAsync(Fate fate, byte[] request, TcpClient client, TcpClient upstream)
    {
        NetworkStream stream = client.GetStream();
        switch (fate)
        {
            case Fate.Reset reset:
                if (reset.Forward)
                {
                    await ForwardAsync(request, upstream);
                }

                client.LingerState = new LingerOption(true, 0);
                client.Close();
                return false;
            case Fate.Answer answer:
                if (answer.Forward)
                {
                    await ForwardAsync(request, upstream);
                }

                foreach (byte[] piece in answer.Pieces)
                {
                    await stream.WriteAsync(piece, _stop.Token);
                    await Task.Delay(answer.Pause, _stop.Token);
                }

                return !answer.Close;
            default:
                await stream.WriteAsync(await ForwardAsync(request, upstream), _stop.Token);
                return true;
        }
    }

    private async Task<byte[]> ForwardAsync(byte[] request, TcpClient upstream)
    {
        if (!upstream.Connected)
        {
            await upstream.ConnectAsync(_server.Host, _server.Port, _stop.Token);
        }

        await upstream.GetStream().WriteAsync(request, _stop.Token);
        return await ReadMessageAsync(upstream.GetStream());
    }

    /// <summary>A head and the body of the length that it tells.</summary>
    private async Task<byte[]> ReadMessageAsync(NetworkStream stream)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[8192];
        int whole = int.MaxValue;
        while (message.Length < whole)
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return [];
            }

            message.Write(buffer, 0, read);
            whole = whole == int.MaxValue ? WholeLength(message.ToArray()) : whole;
        }

        return message.ToArray();
    }

    private static int WholeLength(byte[] soFar)
    {
        int head = soFar.AsSpan().IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return int.MaxValue;
        }

        foreach (string line in Encoding.ASCII.GetString(soFar, 0, head).Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                return head + 4 + int.Parse(line.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return head + 4;
    }
}
