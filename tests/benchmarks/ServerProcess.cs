using System.Diagnostics;
using KoreConnections.Tests.Support;

namespace KoreConnections.Benchmarks;

/// <summary>The server in a process of its own, so that its memory is not its clients'.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _origin;

    private ServerProcess(Process process)
    {
        _process = process;
        _origin = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start.");
    }

    public static ServerProcess Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ApiServer).Assembly.Location, "api"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>The base of an API that answers after a time and lists so many connections.</summary>
    public string Address(int latency, int count) => $"{_origin}/{latency}/{count}";

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
