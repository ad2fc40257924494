namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Select, "KoreSession", DefaultParameterSetName = HostSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class SelectKoreSessionCommand : PSCmdlet
{
    private const string HostSet = "Host";
    private const string SessionSet = "Session";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = HostSet, HelpMessage = PromptHelp.SessionHost)]
    [SupportsWildcards, AllowEmptyString, TextTransformation, ArgumentCompleter(typeof(SessionHostCompleter))]
    public string? HostName { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SessionSet, HelpMessage = PromptHelp.Session), ValidateNotNull]
    public KoreSession? Session { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            KoreSession session = Session ?? Find();
            // Fails where it was ended.
            _ = session.Client;
            CurrentSession.Set(session, isHandedOut: PassThru);
            WriteVerbose($"The current session is with {session}.");
            if (PassThru)
            {
                WriteObject(session);
            }
        }
        catch (KoreException e)
        {
            WriteError(Errors.ToRecord(e, HostName ?? Session?.ToString(), label: ""));
        }
    }

    private KoreSession Find()
    {
        string name = Guard.NotEmpty(HostName, nameof(HostName)).Trim();
        KoreSession[] all = CurrentSession.All;
        KoreSession[] found = name.Contains("://")
            ? Array.FindAll(all, s => s.BaseUri == BaseAddress.Parse(name, allowUnencrypted: true))
            : NamePattern.Find(all, HostOf, name);
        if (found is [KoreSession one])
        {
            return one;
        }

        string[] names = [.. (found.Length == 0 ? all : found).Select(HostOf).Distinct()];
        string[] addresses = [.. found.Select(s => s.ToString()).Distinct()];
        bool isOneHost = names.Length == 1 && addresses.Length > 1;
        string hosts = string.Join(", ", isOneHost ? addresses : names);
        string advice = isOneHost ? "Specify the whole address of one, or pipe it" : "Pipe the one that you want";
        string others = all.Length == 0 ? "Connect with Connect-KorePlatform." : $"There are sessions with {hosts}. To add one, use Connect-KorePlatform.";
        throw KoreException.InvalidInput(nameof(HostName), found.Length == 0
            ? $"There is no session with '{SecretMasker.Quote(name)}'. {others}"
            : $"'{SecretMasker.Quote(name)}' matches {found.Length} sessions, with {hosts}. "
                + $"{advice}: Get-KoreSession -All | Where-Object ... | Select-KoreSession.");
    }

    /// <summary>What a session is called: its host, with the port where that is not the usual one.</summary>
    internal static string HostOf(KoreSession session) => session.BaseUri.Authority;
}
