using System;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Threading;

namespace KoreConnections.Host;

/// <summary>Ctrl+C and SIGTERM: the first stops what runs and lets it clean up, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => On(signal, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => On(signal, 143)),
    ];

    /// <summary>The exit code of an interrupted process; null while nobody interrupted it.</summary>
    public int? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? code : null;

    public CancellationToken Token => _source.Token;

    /// <summary>Stops a pipeline on interruption, at once if that has come already, until the answer is disposed of.</summary>
    public CancellationTokenRegistration Stops(PowerShell shell) => Token.Register(() => shell.BeginStop(null, null));

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _source.Dispose();
    }

    private void On(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            Environment.Exit(exitCode);
        }

        _source.Cancel();
    }
}
