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

    private bool Succeeded => _runspace.SessionStateProxy.GetVariable("?") is true;

    /// <summary>Imports a module as a script would, so that a failure is shown as PowerShell shows it.</summary>
    public bool Import(string manifest) =>
        Run(shell => shell.AddCommand("Import-Module").AddParameter("Name", manifest).AddParameter("ErrorAction", ActionPreference.Stop));

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
        return ExitCode(completed ? 0 : 1);
    }

    /// <summary>Closes the session, so that modules clean up.</summary>
    public void Dispose() => _runspace.Dispose();

    // As a function of the file's name: an exit statement in a file ends only the file, in a function all that runs.
    // As in pwsh, a file without the extension (a here document, a shebang file) is run as text.
    private PowerShell AddFile(PowerShell shell, string path)
    {
        if (_runspace.SessionStateProxy.InvokeCommand.GetCommand(path, CommandTypes.ExternalScript) is not ExternalScriptInfo script)
        {
            return shell.AddScript(File.ReadAllText(path));
        }

        _runspace.SessionStateProxy.InvokeProvider.Item.Set(["function:" + script.Name], script.ScriptBlock, force: true, literalPath: true);
        return shell.AddCommand(script.Name);
    }

    private int ExitCode(int otherwise) => _interruption.ExitCode ?? _host.ExitCode ?? otherwise;

    private bool Run(Action<PowerShell> script)
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _host.Console.WriteErrorLine(e.Message);
            return false;
        }
        catch (IncompleteParseException e) when (e.ErrorRecord.InvocationInfo is null)
        {
            // PowerShell's own view of a command that breaks off is empty.
            _host.Console.WriteErrorLine(e.Message);
            return false;
        }
        catch (RuntimeException e)
        {
            Show(e.ErrorRecord);
            return false;
        }
    }

    // Shown as output that goes to stderr: WriteError would put its own position in place of the error's.
    private void Show(ErrorRecord error)
    {
        _host.Console.OutputIsError = true;
        try
        {
            Invoke(shell => shell.AddScript("$args[0]").AddArgument(error));
        }
        catch (RuntimeException)
        {
            Console.Error.WriteLine(error);
        }
        finally
        {
            _host.Console.OutputIsError = false;
        }
    }

    private void Invoke(Action<PowerShell> script)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        script(shell);

        // Errors travel with the output to one formatter, which keeps the two in the order they were written.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        using (_interruption.Stops(shell))
        {
            // Without history, the engine would put back $? as it was before.
            shell.Invoke(null, new PSInvocationSettings { AddToHistory = true });
        }
    }
}
