namespace KoreConnections.Client;

internal class TransportOptions
{
    // Whoever checks a key waits for the answer.
    private const int MostProviderRetries = 2;

    /// <summary>The longest time for one attempt, answer included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is repeated at the most; 0 for never.</summary>
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>The wait before the first repetition; it doubles with each. What the platform asks for comes first.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The proxy, or null for the system's.</summary>
    public IWebProxy? Proxy { get; set; }

    /// <summary>Accepts any certificate: for trying out only.</summary>
    public bool SkipCertificateCheck { get; set; }

    /// <summary>What sends, or null for the system's: for what never leaves the process.</summary>
    public HttpMessageHandler? PrimaryHandler { get; set; }

    public Func<IEnumerable<Secret>> OtherPlatformKeys { get; set; } = static () => [];

    /// <summary>The keys that no provider gets.</summary>
    public virtual IEnumerable<Secret> PlatformKeys => OtherPlatformKeys();

    /// <summary>
    /// The same for asking a provider. Certificates are always checked there: that a platform on trial has none to show
    /// is no reason to hand a provider's key to any host that answers.
    /// </summary>
    internal TransportOptions ForProviders() => new()
    {
        Timeout = Timeout,
        MaximumRetryCount = Math.Min(MaximumRetryCount, MostProviderRetries),
        RetryInterval = RetryInterval,
        TimeProvider = TimeProvider,
        Proxy = Proxy,
    };
}
