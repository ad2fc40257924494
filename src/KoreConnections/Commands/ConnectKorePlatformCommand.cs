using System.Net;
using KoreConnections.Sandbox;

namespace KoreConnections.Commands;

[Cmdlet(VerbsCommunications.Connect, "KorePlatform", DefaultParameterSetName = HostSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class ConnectKorePlatformCommand : KoreCmdlet
{
    private const string HostSet = "Host";
    private const string SandboxSet = "Sandbox";

    private bool _hasRun;

    // While PowerShell binds the parameters.
    public ConnectKorePlatformCommand() => FirstRequest.Prepare();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = HostSet, HelpMessage = PromptHelp.HostName)]
    [AllowNull, AllowEmptyString, TextTransformation]
    public string? HostName { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SandboxSet)]
    public SwitchParameter Sandbox { get; set; }

    [Parameter(ParameterSetName = SandboxSet), TextTransformation(IsPath = true)]
    public string? SandboxPath { get; set; }

    [Parameter(ParameterSetName = SandboxSet)]
    public SwitchParameter WithSamples { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = HostSet)]
    [Parameter(ParameterSetName = SandboxSet)]
    [KeyTransformation, ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter, ValidateRange(1, 86_400)]
    public int TimeoutSec { get; set; } = 30;

    [Parameter, ValidateRange(0, 1000)]
    public int MaximumRetryCount { get; set; } = 5;

    [Parameter, ValidateRange(0, 3600)]
    public int RetryIntervalSec { get; set; } = 1;

    [Parameter, Opaque]
    public object? Proxy { get; set; }

    [Parameter, Credential]
    public PSCredential? ProxyCredential { get; set; }

    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    [Parameter(ParameterSetName = HostSet)]
    public SwitchParameter SkipVerification { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        _hasRun = true;
        // Until this one stands, nothing may run on the session before.
        CurrentSession.Invalidate();
        HostInfo.WarnWithoutUnicode(this);
        Attempt(ParameterSetName == SandboxSet ? SandboxPath : HostName, () =>
        {
            KoreSession session = ParameterSetName == SandboxSet ? StartSandbox() : ConnectHost();
            CurrentSession.Set(session, isHandedOut: PassThru);
            WriteVerbose($"Connected to {session.BaseUri}.");
            if (PassThru)
            {
                WriteObject(session);
            }
        }, label: "");
    }

    private protected override void Close()
    {
        // PowerShell refused a parameter, or the command before it failed: that is no reason to stay with the other platform.
        if (!_hasRun)
        {
            CurrentSession.Invalidate();
        }

        base.Close();
    }

    private KoreSession ConnectHost()
    {
        Uri address = BaseAddress.Parse(HostName, AllowUnencryptedAuthentication);
        return Used(new KoreSession(new ConnectionsClient(Options(address, Key()))), Verified);
    }

    private static KoreSession Used<T>(T opened, Func<T, KoreSession> use)
        where T : IDisposable
    {
        try
        {
            return use(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private KoreSession Verified(KoreSession session)
    {
        try
        {
            if (!SkipVerification)
            {
                Await(context => session.Client.ListAsync(new ListFilter { Limit = 1 }, context));
            }
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Forbidden)
        {
            WriteWarning($"Connected, but the session cannot list connections: {e.Message} {e.RecommendedAction}");
        }

        return session;
    }

    private KoreSession StartSandbox()
    {
        if (!Sandbox)
        {
            throw KoreException.InvalidInput(nameof(Sandbox), "-Sandbox:$false does not start a sandbox. Omit it, and use -HostName and -ApiKey.");
        }

        // A variable without a value is no wish to keep nothing.
        if (MyInvocation.BoundParameters.ContainsKey(nameof(SandboxPath)) && string.IsNullOrWhiteSpace(SandboxPath))
        {
            throw Guard.Invalid(nameof(SandboxPath), "is empty. Specify a file, or omit the parameter to discard the data at the end.");
        }

        string? path = SandboxPath is null ? null : PathInput.Full(this, SandboxPath, nameof(SandboxPath));
        Secret? chosen = ApiKey is null ? null : Key();
        if (path is not null)
        {
            CurrentSession.EndUnreachable();
        }

        try
        {
            // One that is left would listen, and keep its file from the next one.
            return Used(
                SandboxServer.Start(new SandboxOptions { Path = path, ImitatesProviders = WithSamples }),
                server => ConnectSandbox(server, path, chosen));
        }
        catch (Exception e) when (e is HttpListenerException || AtomicFile.IsFailure(e))
        {
            throw KoreException.InvalidInput(nameof(SandboxPath), $"The sandbox did not start: {TextSanitizer.SingleLine(e.Message)}");
        }
    }

    private KoreSession ConnectSandbox(SandboxServer server, string? path, Secret? chosen)
    {
        chosen?.Read(key =>
        {
            server.Keys.Accept(key.ToString());
            return true;
        });
        SessionOptions options = Options(server.BaseUri, chosen ?? Secret.FromPlainText(server.Keys.Issue()));
        options.Platform = path ?? options.Platform;
        var connected = new KoreSession(new ConnectionsClient(options), server)
        {
            ImitatedProviders = server.ProviderUri is null ? null : new SandboxProviderUri(server.ProviderUri),
        };
        return Used(connected, session =>
        {
            if (WithSamples)
            {
                Await(context => SampleConnections.AddAsync(session.Client, context));
                // What the user sent is all that the log of requests is about.
                server.Log.Clear();
            }

            return session;
        });
    }

    private Secret Key() => KeyResolver.PlatformKeyOf(this, ApiKey, nameof(ApiKey));

    private SessionOptions Options(Uri address, Secret key) => new(address, key)
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = TimeSpan.FromSeconds(RetryIntervalSec),
        Proxy = ProxyInput.Read(Proxy, ProxyCredential, ProxyUseDefaultCredentials),
        SkipCertificateCheck = SkipCertificateCheck,
        OtherPlatformKeys = CurrentSession.PlatformKeys,
    };
}
