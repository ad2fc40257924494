using System;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace KoreConnections.Host;

/// <summary>An embedded PowerShell engine. It runs one script after another in one session and shows what they write.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Interruption _interruption;
    private readonly EngineHost _host;
    private readonly Runspace _runspace;

    public Engine(Interruption interruption)
    {
        _interruption = interruption;
        _host = new(interruption.Token);

        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.ReuseThread;
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
    }

    /// <summary>Imports a module as a script would, so that a failure is shown as PowerShell shows it.</summary>
    public bool Import(string manifest) =>
        Run(shell => shell.AddCommand("Import-Module").AddParameter("Name", manifest)) && Succeeded;

    /// <summary>Runs text; the exit code is that of pwsh -Command.</summary>
    public int RunCommand(string text)
    {
        bool completed = Run(shell => shell.AddScript(text));
        return ExitCode(completed && Succeeded ? 0 : 1);
    }

    /// <summary>Runs a script file; the exit code is that of pwsh -File.</summary>
    public int RunFile(string path, string[] arguments)
    {
        bool completed = Run(shell => ScriptArguments.Add(AddFile(shell, path), arguments));

        // A script file keeps its exit statement to itself. Only with a code other than 0 is the command then a failed
        // one, which tells it from a code that a native command left behind.
        int exit = !Succeeded && _runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : 0;
        return ExitCode(completed ? exit : 1);
    }

    /// <summary>Closes the session, so that modules clean up.</summary>
    public void Dispose() => _runspace.Dispose();

    // As in pwsh, a script without the extension (a here document, a shebang file) is run as text.
    private static PowerShell AddFile(PowerShell shell, string path) =>
        Path.GetExtension(path).Equals(".ps1", StringComparison.OrdinalIgnoreCase)
            ? shell.AddCommand(path)
            : shell.AddScript(File.ReadAllText(path));

    private bool Succeeded => _runspace.SessionStateProxy.GetVariable("?") is true;

    private int ExitCode(int otherwise) => _interruption.ExitCode ?? _host.ExitCode ?? otherwise;

    private bool Run(Func<PowerShell, PowerShell> script)
    {
        try
        {
            Invoke(script);
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException e)
        {
            Show(e.ErrorRecord);
            return false;
        }
    }

    // Written to the error stream by a cmdlet, because only then does Out-Default send it to stderr.
    private void Show(ErrorRecord error) => Invoke(shell => shell
        .AddScript("[CmdletBinding()] param($Record) $PSCmdlet.WriteError($Record)")
        .AddParameter("Record", error)
        .AddParameter("ErrorAction", ActionPreference.Continue));

    private void Invoke(Func<PowerShell, PowerShell> script)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        script(shell);

        // Errors travel with the output to one formatter, which keeps the two in the order they were written.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");

        using (_interruption.Stops(shell))
        {
            shell.Invoke();
        }
    }
}
