using Microsoft.AspNetCore.Connections;

namespace KoreConnections.Tests.Support;

/// <summary>A mail server that takes every mail and keeps each as a file.</summary>
internal static class FakeMail
{
    public static TestServer Start(string folder) => new(_ => Task.CompletedTask, endpoint => endpoint.Run(connection => TalkAsync(connection, folder)));

    private static async Task TalkAsync(ConnectionContext connection, string folder)
    {
        using var reader = new StreamReader(connection.Transport.Input.AsStream(), Encoding.Latin1);
        using var writer = new StreamWriter(connection.Transport.Output.AsStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 ready");
        while (await reader.ReadLineAsync() is string line && !line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
        {
            bool isData = line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase);
            await writer.WriteLineAsync(isData ? "354 go on" : "250 well");
            if (isData)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{Guid.NewGuid()}.eml"), await ReadMailAsync(reader));
                await writer.WriteLineAsync("250 taken");
            }
        }
    }

    private static async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is string line && line != ".")
        {
            mail.Append(line).Append("\r\n");
        }

        return mail.ToString();
    }
}
