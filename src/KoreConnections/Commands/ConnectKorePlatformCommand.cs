using System;
using System.IO;
using System.Management.Automation;
using System.Net;
using System.Security;
using KoreConnections.Client;
using KoreConnections.Sandbox;

namespace KoreConnections.Commands;

/// <summary>Makes the one authenticated session, current until it is replaced.</summary>
[Cmdlet(VerbsCommunications.Connect, "KorePlatform", DefaultParameterSetName = HostSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KoreSession))]
public sealed class ConnectKorePlatformCommand : KoreCmdlet
{
    private const string HostSet = "Host";
    private const string SandboxSet = "Sandbox";

    /// <summary>The platform's host, such as <c>agent-platform.kore.ai</c>, or the API's address.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = HostSet, HelpMessage = PromptHelp.HostName)]
    [AllowNull]
    [AllowEmptyString]
    public string? HostName { get; set; }

    /// <summary>Starts a sandbox on this machine and connects to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SandboxSet)]
    public SwitchParameter Sandbox { get; set; }

    /// <summary>The file that keeps the sandbox's connections.</summary>
    [Parameter(ParameterSetName = SandboxSet)]
    public string? SandboxPath { get; set; }

    /// <summary>Creates the connections that the help's examples begin with, and has the sandbox imitate the providers.</summary>
    [Parameter(ParameterSetName = SandboxSet)]
    public SwitchParameter WithSamples { get; set; }

    /// <summary>The platform key: a SecureString, a PSCredential, text, or a reference. Of a sandbox, the key that it is to accept.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = HostSet)]
    [Parameter(ParameterSetName = SandboxSet)]
    [KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    /// <summary>The longest time for one attempt, answer included, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>How often a request is repeated at the most; 0 for never.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>Seconds before the first repetition; the wait doubles with each. What the platform asks for comes first.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int RetryIntervalSec { get; set; } = 1;

    /// <summary>The proxy's address, which may hold a login; without it the system's proxy is used.</summary>
    [Parameter]
    [Opaque]
    public object? Proxy { get; set; }

    /// <summary>The login for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Logs in to the proxy as the current user.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Accepts any certificate: for trying out only.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Lets the key travel over plain http to another machine.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>Does not try the session with a first listing.</summary>
    [Parameter(ParameterSetName = HostSet)]
    public SwitchParameter SkipVerification { get; set; }

    /// <summary>Emits the session.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Until this one stands, nothing may run on the session before.
        if (CurrentSession.Invalidate() is { IsSandbox: true, IsExternallyOwned: false } before)
        {
            // Nobody could end it any more: it would listen, and keep its file from the next one, as long as the process runs.
            before.Dispose();
        }

        Attempt(ParameterSetName == SandboxSet ? SandboxPath : HostName, () =>
        {
            KoreSession session = ParameterSetName == SandboxSet ? StartSandbox() : ConnectHost();
            CurrentSession.Set(session);
            WriteVerbose($"Connected to {session.BaseUri}.");
            if (PassThru)
            {
                session.IsExternallyOwned = true;
                WriteObject(session);
            }
        }, isItem: false);
    }

    private KoreSession ConnectHost()
    {
        Uri address = BaseAddress.Parse(HostName, AllowUnencryptedAuthentication);
        var session = new KoreSession(new ConnectionsClient(Options(address, Key())));
        try
        {
            Verify(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Verify(KoreSession session)
    {
        if (SkipVerification)
        {
            return;
        }

        try
        {
            Await(context => session.Client.ListAsync(new ListFilter { Limit = 1 }, context));
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Forbidden)
        {
            WriteWarning($"Connected, but the session cannot be used yet: {e.Message} {e.RecommendedAction}");
        }
    }

    private KoreSession StartSandbox()
    {
        if (!Sandbox)
        {
            throw KoreException.InvalidInput(nameof(Sandbox), "-Sandbox:$false does not start a sandbox. Omit it, and use -HostName and -ApiKey.");
        }

        if (SandboxPath is not null && string.IsNullOrWhiteSpace(SandboxPath))
        {
            throw KoreException.InvalidInput(
                nameof(SandboxPath), "-SandboxPath is empty. Specify a file, or omit the parameter to discard the data at the end.");
        }

        string? path = SandboxPath is null ? null : PathInput.Full(this, SandboxPath, nameof(SandboxPath));
        Secret? chosen = ApiKey is null ? null : Key();
        try
        {
            SandboxServer server = SandboxServer.Start(new SandboxOptions { Path = path, ImitatesProviders = WithSamples });
            chosen?.Read(key =>
            {
                server.Keys.Accept(key.ToString());
                return true;
            });
            SessionOptions options = Options(server.BaseUri, chosen ?? Secret.FromPlainText(server.Keys.Issue()));
            options.Platform = path ?? options.Platform;
            var session = new KoreSession(new ConnectionsClient(options), server)
            {
                ImitatedProviders = server.ProviderUri is null ? null : new ImitatedProviders(server.ProviderUri),
            };
            return WithSamples ? AddSamples(session, server) : session;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or HttpListenerException)
        {
            throw KoreException.InvalidInput(nameof(SandboxPath), $"The sandbox did not start: {TextSanitizer.SingleLine(e.Message)}");
        }
    }

    private KoreSession AddSamples(KoreSession session, SandboxServer server)
    {
        try
        {
            Await(context => SampleConnections.AddAsync(session.Client, context));
            // What the user sent is all that the log of requests is about.
            server.Log.Clear();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private Secret Key() => KeyResolver.PlatformKeyOf(this, ApiKey, nameof(ApiKey));

    private SessionOptions Options(Uri address, Secret key) => new(address, key)
    {
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = TimeSpan.FromSeconds(RetryIntervalSec),
        Proxy = ProxyOption(),
        SkipCertificateCheck = SkipCertificateCheck,
        AllowUnencryptedAuthentication = AllowUnencryptedAuthentication,
    };

    private WebProxy? ProxyOption() => ProxyInput.Read(Proxy, ProxyCredential, ProxyUseDefaultCredentials);
}
