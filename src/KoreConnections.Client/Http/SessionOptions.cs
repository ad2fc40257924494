using System;
using System.Net;

namespace KoreConnections.Client;

/// <summary>Where the platform is and how to reach it.</summary>
/// <param name="baseUri">The base of the API, such as <c>https://HOST/api/public</c>.</param>
/// <param name="apiKey">The platform key, sent as <c>x-api-key</c>.</param>
public sealed class SessionOptions(Uri baseUri, Secret apiKey)
{
    /// <summary>The base of the API.</summary>
    public Uri BaseUri { get; } = baseUri;

    /// <summary>The platform key.</summary>
    public Secret ApiKey { get; } = apiKey;

    /// <summary>The longest time for one attempt, answer included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is repeated at the most; 0 for never.</summary>
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>The wait before the first repetition; it doubles with each. What the platform asks for comes first.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock that waits are measured with.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The proxy, or null for the system's.</summary>
    public IWebProxy? Proxy { get; set; }

    /// <summary>Accepts any certificate: for trying out only.</summary>
    public bool SkipCertificateCheck { get; set; }

    /// <summary>Lets the key travel over plain http to another machine.</summary>
    public bool AllowUnencryptedAuthentication { get; set; }
}
