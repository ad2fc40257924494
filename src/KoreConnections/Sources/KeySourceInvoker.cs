using System.Collections.ObjectModel;

namespace KoreConnections.Commands;

/// <summary>Runs a key source's command where Ctrl+C ends it. What it says is passed on at its end: only then is the key known that is taken out.</summary>
internal sealed class KeySourceInvoker(KoreCmdlet cmdlet)
{
    private const int LongestLine = 2000;
    private const int LongestFailure = 500;

    // The loop takes a break or continue that would reach a loop of the caller. No variable holds what comes out: Set-PSDebug would show it.
    private const string Script = """
        param($Command, $Arguments, $Verbose, $Debug)
        $ErrorActionPreference = $WarningPreference = 'Continue'
        $ProgressPreference = 'SilentlyContinue'
        $VerbosePreference = $Verbose
        $DebugPreference = $Debug
        $PSNativeCommandUseErrorActionPreference = $false
        $global:LASTEXITCODE = 0
        foreach ($once in 1) { try { & $Command @Arguments *>&1 } catch { $_ } }
        """;

    /// <summary>A command of this shell, also of a module that is installed and not loaded; null for none.</summary>
    public CommandInfo? Find(string name, CommandTypes types) => cmdlet.InvokeCommand.GetCommand(name, types);

    private string Preference(string parameter) => cmdlet.IsOn(parameter) ? "Continue" : "SilentlyContinue";

    public KeySourceResult Run(object command, IEnumerable arguments)
    {
        PSVariableIntrinsics variables = cmdlet.SessionState.PSVariable;
        object? exitCodeBefore = variables.GetValue("global:LASTEXITCODE");
        var errors = variables.GetValue("global:Error") as ArrayList;
        object?[] errorsBefore = errors?.ToArray() ?? [];
        var records = new List<object>();
        int exitCode;
        try
        {
            Collection<PSObject?> output = cmdlet.InvokeCommand.InvokeScript(
                true, ScriptBlock.Create(Script), null, command, arguments, Preference("Verbose"), Preference("Debug"))!;
            records.AddRange(output.OfType<PSObject>());
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            records.Add(PSObject.AsPSObject(e.ErrorRecord));
        }
        catch (ExitException e)
        {
            // It would end the caller's script.
            variables.Set("global:LASTEXITCODE", e.Argument);
        }
        finally
        {
            // They may hold the key, and people who look into $Error look for their own commands.
            foreach (object? error in errors?.ToArray().Except(errorsBefore).ToArray() ?? [])
            {
                errors!.Remove(error);
            }

            _ = LanguagePrimitives.TryConvertTo(variables.GetValue("global:LASTEXITCODE"), out exitCode);
            variables.Set("global:LASTEXITCODE", exitCodeBefore);
        }

        return Read(records.Cast<PSObject>(), exitCode);
    }

    private KeySourceResult Read(IEnumerable<PSObject> records, int exitCode)
    {
        ILookup<bool, PSObject> byKind = records.ToLookup(r => r.BaseObject is ErrorRecord or InformationalRecord or InformationRecord);
        PSObject[] values = [.. byKind[false]];
        var redactor = SecretRedactor.For(values.SelectMany(KeySourceValue.Secrets));
        var printed = new List<string>();
        var failures = new List<string>();
        foreach (object record in byKind[true].Select(r => r.BaseObject))
        {
            switch (record)
            {
                case ErrorRecord error when error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal):
                    printed.Add(error.Exception.Message);
                    break;
                case ErrorRecord error:
                    failures.Add(error.ErrorDetails?.Message is { Length: > 0 } details ? details : error.Exception.Message);
                    break;
                case InformationalRecord said:
                    Action<string> write = said is WarningRecord ? cmdlet.WriteWarning : said is VerboseRecord ? cmdlet.WriteVerbose : cmdlet.WriteDebug;
                    write(Redacted(said.Message));
                    break;
                case InformationRecord information:
                    cmdlet.WriteInformation(Redacted(information.MessageData?.ToString() ?? ""));
                    break;
            }
        }

        printed.RemoveAll(string.IsNullOrWhiteSpace);
        if (failures.Count > 0 || exitCode != 0)
        {
            string said = string.Join(" ", failures.Count > 0 ? failures : printed);
            string failure = TextSanitizer.SingleLine(Redacted(said), LongestFailure);
            return new KeySourceResult(values, failure.Length > 0 ? failure : $"It exited with code {exitCode}.") { Said = said };
        }

        // Standard error is where native commands print progress and notices; with exit code 0 none of it is a failure or a warning.
        printed.ForEach(line => cmdlet.WriteHost(Redacted(line)));
        return new KeySourceResult(values, null);

        string Redacted(string text) => SecretMasker.Quote(redactor.Apply(text), LongestLine);
    }
}

/// <param name="Failure">What it said of its failure, redacted; null where it did not fail.</param>
internal sealed record KeySourceResult(IReadOnlyList<PSObject> Values, string? Failure)
{
    /// <summary>The same as it was said. It may hold the key: it is compared with known words, and never shown.</summary>
    public string? Said { get; init; }
}
