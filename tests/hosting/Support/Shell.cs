using System.Diagnostics;
using System.Management.Automation.Runspaces;
using System.Security;

namespace KoreConnections.Tests.Support;

/// <summary>
/// A runspace with the built module. Connected, its cmdlets use its own session, so that tests can run side by side
/// although the current session belongs to the process.
/// </summary>
internal sealed class Shell : IDisposable
{
    /// <summary>Far below the time-out that would end each wait of a test, far above what a busy machine needs.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly string[] SessionCmdlets = ["*-Connection*", "*-ProviderModel"];

    private readonly Runspace _runspace;

    public Shell(bool importModule = true)
    {
        Host = new RecordingHost();
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (importModule)
        {
            state.ImportPSModule([Repository.Manifest]);
        }

        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        // As the console does; a thread for each script costs more than most scripts.
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
    }

    public RecordingHost Host { get; }

    public Runspace Runspace => _runspace;

    /// <summary>A shell with a session to a sandbox, or to whatever stands before it.</summary>
    public static Shell ConnectedTo(SandboxServer sandbox, Uri? through = null, string options = "")
    {
        var shell = new Shell();
        shell.Set("key", Secure(sandbox.Keys.Issue()));
        shell.Set("address", (through ?? sandbox.BaseUri).AbsoluteUri);
        return shell.Use((KoreSession)shell.RunClean($"Connect-KorePlatform $address $key -SkipVerification -PassThru {options}").Single().BaseObject);
    }

    /// <summary>A shell with a session whose waits pass by themselves.</summary>
    public static Shell WithoutWaits(SandboxServer sandbox, Uri? through = null, int retries = 2) => new Shell().Use(SessionWithoutWaits(sandbox, through, retries));

    public static KoreSession SessionWithoutWaits(SandboxServer sandbox, Uri? through = null, int retries = 2) =>
        new(new ConnectionsClient(new SessionOptions(through ?? sandbox.BaseUri, Secret.FromPlainText(sandbox.Keys.Issue())) { MaximumRetryCount = retries, RetryInterval = TimeSpan.Zero, TimeProvider = new AutoAdvancingTimeProvider() }));

    /// <summary>
    /// A script that gives each cmdlet a session. The current one belongs to the process: a cmdlet without its own would ask
    /// the platform of another test, which counts its requests.
    /// </summary>
    public static string SessionOf(string variable) =>
        string.Join("; ", SessionCmdlets.Select(c => $"$PSDefaultParameterValues['{c}:Session'] = {variable}"));

    /// <summary>Makes a session the one that the cmdlets use.</summary>
    public Shell Use(KoreSession session)
    {
        Set("session", session);
        RunClean(SessionOf("$session"));
        return this;
    }

    public static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (char c in text)
        {
            secure.AppendChar(c);
        }

        return secure;
    }

    public Shell Set(string variable, object? value)
    {
        _runspace.SessionStateProxy.SetVariable(variable, value);
        return this;
    }

    public object? Get(string variable) => _runspace.SessionStateProxy.GetVariable(variable) is PSObject wrapped ? wrapped.BaseObject : _runspace.SessionStateProxy.GetVariable(variable);

    /// <summary>Runs a script and keeps everything that it gave.</summary>
    public ShellResult Run(string script, params object?[] input)
    {
        using PowerShell powerShell = Create(script);
        Exception? terminating = null;
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = input.Length == 0 ? powerShell.Invoke() : powerShell.Invoke(input);
        }
        catch (RuntimeException e)
        {
            terminating = e;
        }

        return new ShellResult(output, powerShell.Streams, terminating, Host.Shown);
    }

    /// <summary>Runs a script that has to go without an error.</summary>
    public IReadOnlyList<PSObject> RunClean(string script, params object?[] input)
    {
        ShellResult result = Run(script, input);
        return result.AllErrors.FirstOrDefault() is ErrorRecord error
            ? throw new InvalidOperationException($"{script}: {error.FullyQualifiedErrorId}: {error}", error.Exception)
            : result.Output;
    }

    public PowerShell Create(string script)
    {
        var powerShell = PowerShell.Create();
        powerShell.Runspace = _runspace;
        // In the session's own scope, so that one script sees the variables of the one before.
        return powerShell.AddScript(script, useLocalScope: false);
    }

    /// <summary>Stops a script as Ctrl+C does, which takes a moment, whatever the script waits for.</summary>
    public static void Stop(PowerShell running, IAsyncResult invocation)
    {
        var watch = Stopwatch.StartNew();
        running.Stop();
        Assert.True(watch.Elapsed < Soon, watch.Elapsed.ToString());
        Assert.Throws<PipelineStoppedException>(() => running.EndInvoke(invocation));
    }

    /// <summary>Runs a script, and stops it once it has come so far, or a moment later.</summary>
    public async Task RunAndStopAsync(string script, Func<bool> isThere, int millisecondsLater = 0)
    {
        using PowerShell running = Create(script);
        IAsyncResult invocation = running.BeginInvoke();
        await Wait.Until(isThere);
        await Task.Delay(millisecondsLater);
        Stop(running, invocation);
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>What a script gave.</summary>
internal sealed record ShellResult(IReadOnlyList<PSObject> Output, PSDataStreams Streams, Exception? Terminating, string Shown)
{
    /// <summary>All errors, the one that ended the script last.</summary>
    public IReadOnlyList<ErrorRecord> AllErrors { get; } =
        [.. Streams.Error, .. Terminating is IContainsErrorRecord { ErrorRecord: { } record } ? new[] { record } : []];

    /// <summary>The error ids without the cmdlet's class.</summary>
    public IReadOnlyList<string> ErrorIds => AllErrors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]).ToArray();

    /// <summary>The one error says that the input is wrong, in these words.</summary>
    public void AssertRefused(string words)
    {
        Assert.Equal(["KoreInvalidInput"], ErrorIds);
        Assert.Contains(words, AllErrors[0].ToString(), StringComparison.Ordinal);
    }
}
