using System;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading;

namespace KoreConnections.Host;

/// <summary>What the engine knows of its surroundings: the console, and the exit code a script asks for.</summary>
internal sealed class EngineHost(CancellationToken interrupted) : PSHost
{
    /// <summary>The argument of the script's exit statement; null without one.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "KoreConnections.Host";

    public override Version Version { get; } = typeof(EngineHost).Assembly.GetName().Version ?? new();

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public ConsoleInterface Console { get; } = new(new(interrupted));

    public override PSHostUserInterface UI => Console;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompt.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
