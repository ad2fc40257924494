using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace KoreConnections.Host;

/// <summary>
/// The console as a script sees it: output and messages on stdout, errors on stderr, as pwsh has it.
/// Colours go only to a terminal, decided for each of the two.
/// </summary>
internal sealed class ConsoleInterface(ConsolePrompt prompt) : PSHostUserInterface
{
    private static readonly bool Coloured =
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Whether lines of output are lines of an error, and go where those go.</summary>
    public bool OutputIsError { private get; set; }

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleScreen();

    public override bool SupportsVirtualTerminal => Coloured && !(Console.IsOutputRedirected && Console.IsErrorRedirected);

    public override void Write(string value) => Write(Console.Out, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value)
    {
        if (OutputIsError)
        {
            WriteErrorLine(value);
        }
        else
        {
            Write(value + Environment.NewLine);
        }
    }

    // The error view ends with an empty line that is not meant to be seen.
    public override void WriteErrorLine(string value) => Write(Console.Error, value is "" ? "" : Styled(value, FormatStyle.Error));

    public override void WriteWarningLine(string message) => Write(Styled("WARNING: " + message, FormatStyle.Warning));

    public override void WriteVerboseLine(string message) => Write(Styled("VERBOSE: " + message, FormatStyle.Verbose));

    public override void WriteDebugLine(string message) => Write(Styled("DEBUG: " + message, FormatStyle.Debug));

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => prompt.ReadLine();

    public override SecureString ReadLineAsSecureString() => prompt.ReadSecret();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        prompt.Fields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        prompt.Choice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        prompt.Credential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        prompt.Credential(caption, message, userName);

    private static string Styled(string text, FormatStyle style) =>
        GetFormatStyleString(style) is { Length: > 0 } start
            ? start + text + GetFormatStyleString(FormatStyle.Reset) + Environment.NewLine
            : text + Environment.NewLine;

    private static void Write(TextWriter writer, string text)
    {
        bool redirected = writer == Console.Error ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        writer.Write(GetOutputString(text, supportsVirtualTerminal: Coloured && !redirected));
    }
}
