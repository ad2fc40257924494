using System.Management.Automation.Host;
using System.Management.Automation.Remoting.Internal;

namespace KoreConnections.Commands;

/// <summary>
/// What a cmdlet here says, and asks: on one line, and cleaned, because what is written may have come from anywhere, an id as well as a file's name.
/// Where PowerShell has to ask about it and nobody answers, that is an error of ours, and what was done until then is emitted.
/// </summary>
public abstract class StreamCmdlet : PSCmdlet
{
    private const int LongestText = 20_000;

    // Beyond what PowerShell counts up to for its own.
    private static long _lastSource = 1L << 40;

    // The id of its progress, because PowerShell's own is not accessible.
    private readonly long _source = Interlocked.Increment(ref _lastSource);
    private readonly HashSet<string> _warnings = [];
    private KoreException? _unanswered;

    private protected bool IsUnanswered => _unanswered is not null;

    internal new bool ShouldProcess(string? target, string action)
    {
        EndUnanswered();
        try
        {
            return base.ShouldProcess(TextSanitizer.SingleLine(target), TextSanitizer.SingleLine(action));
        }
        catch (Exception e) when (IsOfQuestion(e))
        {
            _unanswered = Unanswered("for confirmation", "Use -Confirm:$false to confirm all changes.", e);
            EndUnanswered();
            throw;
        }
    }

    /// <summary>Writes a warning; null is none.</summary>
    internal new void WriteWarning(string? text)
    {
        if (text is not null)
        {
            Write(PSStreamObjectType.Warning, Clean(text), base.WriteWarning, "WarningAction");
        }
    }

    internal void WriteWarnings(params IEnumerable<string?> texts)
    {
        foreach (string? text in texts)
        {
            WriteWarning(text);
        }
    }

    /// <summary>Warns of what has these names, if there is any.</summary>
    internal void WarnOfNames(IReadOnlyCollection<string> names, Func<string, string> text, int most = 10) =>
        WriteWarning(names.Count == 0 ? null : text(Phrases.FirstOf(names, most)));

    internal void WarnOnce(string text)
    {
        if (_warnings.Add(text))
        {
            WriteWarning(text);
        }
    }

    /// <summary>Warns of what is accepted of a connection but will probably not work.</summary>
    internal void WarnOf(string? connection, IEnumerable<string> remarks) =>
        WriteWarnings(remarks.Select(remark => $"{TextSanitizer.SingleLine(connection, 100)}: {remark}"));

    /// <summary>Writes a warning that a pipeline which stops, and takes no more, has for the person in front of it all the same.</summary>
    private protected void WarnToTheEnd(string text)
    {
        // Where a warning ends the pipeline, each would be shown before it does, and here again. A question would come too late.
        ActionPreference preference = Preference("WarningAction", "WarningPreference");
        if (preference == ActionPreference.Inquire || (preference == ActionPreference.Stop && MyInvocation.BoundParameters.ContainsKey("WarningAction")))
        {
            Show();
        }
        else
        {
            WriteOr(() => WriteWarning(text), Show);
        }

        void Show() => Host?.UI?.WriteWarningLine(Clean(text));
    }

    // With -Debug alone, PowerShell would ask at each verbose line whether to go on.
    internal new void WriteVerbose(string text)
    {
        if (MyInvocation.BoundParameters.ContainsKey("Verbose") || !IsDebugging)
        {
            Write(PSStreamObjectType.Verbose, Clean(text), base.WriteVerbose, "Verbose");
        }
        else
        {
            WriteDebug(text);
        }
    }

    internal new void WriteDebug(string text) => Write(PSStreamObjectType.Debug, Clean(text), base.WriteDebug, "Debug");

    internal void WriteInformation(object said) => Inform(new InformationRecord(said, MyInvocation.MyCommand.Name));

    /// <summary>Shows a text as Write-Host does.</summary>
    internal void WriteHost(string text)
    {
        var record = new InformationRecord(new HostInformationMessage { Message = Clean(text) }, MyInvocation.MyCommand.Name);
        record.Tags.Add("PSHOST");
        Inform(record);
    }

    private void Inform(InformationRecord record) =>
        Write(PSStreamObjectType.Information, record, base.WriteInformation, "InformationAction");

    internal new void WriteProgress(ProgressRecord record) =>
        Write(PSStreamObjectType.Progress, record, r => CommandRuntime.WriteProgress(_source, r), "ProgressAction");

    /// <summary>Writes the last record of a progress, for the person in front of it also where the pipeline takes no more.</summary>
    private protected void EndProgress(ProgressRecord record) =>
        WriteOr(() => WriteProgress(record), () => Host?.UI?.WriteProgress(_source, record));

    private static void WriteOr(Action write, Action show)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is PipelineStoppedException or InvalidOperationException)
        {
            // The pipeline takes no more.
            show();
        }
    }

    internal new void WriteError(ErrorRecord record)
    {
        try
        {
            base.WriteError(record);
        }
        catch (Exception e) when (Preference("ErrorAction", "ErrorActionPreference") == ActionPreference.Inquire && IsOfQuestion(e))
        {
            // PowerShell asks before it writes, and the error says more than that nobody answered.
            ThrowTerminatingError(record);
        }
    }

    /// <summary>Ends the pipeline, and with -ErrorAction Stop the script: PowerShell itself would go on with the next statement.</summary>
    private protected new void ThrowTerminatingError(ErrorRecord record)
    {
        if (Preference("ErrorAction", "ErrorActionPreference") == ActionPreference.Stop)
        {
            base.WriteError(record);
        }

        base.ThrowTerminatingError(record);
    }

    /// <summary>Ends the pipeline where PowerShell asked whether to continue, and nobody answered: before anything else is begun.</summary>
    private protected virtual void EndUnanswered()
    {
        if (_unanswered is KoreException failure)
        {
            ThrowTerminatingError(Errors.ToRecord(failure, null));
        }
    }

    internal bool IsOn(string stream) =>
        MyInvocation.BoundParameters.TryGetValue(stream, out object? given) && given is SwitchParameter flag
            ? flag.IsPresent
            : Preference("", stream + "Preference") is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private protected ActionPreference Preference(string parameter, string variable) =>
        LanguagePrimitives.TryConvertTo(Given(parameter, variable), out ActionPreference preference) ? preference : ActionPreference.SilentlyContinue;

    private protected object? Given(string parameter, string variable) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? given) ? given : GetVariableValue(variable);

    private bool IsDebugging => MyInvocation.BoundParameters.ContainsKey("Debug") && IsOn("Debug");

    // -Debug is for more lines, and PowerShell makes a question of each: in a build, nobody answers. Questions come only where they are asked for.
    private void Write<T>(PSStreamObjectType stream, T record, Action<T> write, string parameter)
        where T : notnull
    {
        string variable = stream + "Preference";
        bool asks = Preference(parameter, variable) == ActionPreference.Inquire;
        if (IsUnanswered || (IsDebugging && !asks))
        {
            new PSStreamObject(stream, record).WriteStreamObject(this, overrideInquire: true);
            return;
        }

        try
        {
            write(record);
        }
        catch (Exception e) when (asks && IsOfQuestion(e))
        {
            // It was written before the question. What the cmdlet has done is still to be emitted, so that it ends a little later.
            string way = parameter.EndsWith("Action", StringComparison.Ordinal) ? $"-{parameter} Continue" : $"${variable} = 'Continue'";
            _unanswered = Unanswered("whether to continue", $"Use {way} to continue without questions.", e);
        }
    }

    private static KoreException Unanswered(string question, string way, Exception cause) => new(
        KoreErrorKind.InvalidInput, $"PowerShell could not ask {question} because there is no input to answer with, as with -NonInteractive. {way}", cause);

    // At the end of the input, the shell's own prompt fails with a NullReferenceException; with -NonInteractive, and in other hosts, with one of its own.
    private static bool IsOfQuestion(Exception exception) => exception is PSInvalidOperationException or HostException || Errors.IsOfItem(exception);

    private static string Clean(string text) => TextSanitizer.SingleLine(text, LongestText);
}
