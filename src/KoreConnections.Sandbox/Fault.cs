namespace KoreConnections.Sandbox;

/// <summary>What goes wrong on purpose with the next requests that it fits.</summary>
public sealed class Fault
{
    /// <summary>The method that it is for; null for any.</summary>
    public string? Method { get; set; }

    /// <summary>A part of the path that it is for; null for any.</summary>
    public string? Path { get; set; }

    /// <summary>How many requests pass before the first.</summary>
    public int Skip { get; set; }

    /// <summary>How many requests it takes; 0 for all that follow.</summary>
    public int Times { get; set; } = 1;

    public int DelayMilliseconds { get; set; }

    /// <summary>Answers with this status and <see cref="Body"/> instead of the real answer.</summary>
    public int? Status { get; set; }

    /// <summary>The body that goes with <see cref="Status"/>; without it the documented envelope.</summary>
    public string? Body { get; set; }

    /// <summary>Another content type than <c>application/json</c>.</summary>
    public string? ContentType { get; set; }

    /// <summary>Cuts the answer after so many bytes, and announces the shorter length.</summary>
    public int? TruncateAt { get; set; }

    /// <summary>Does the work before the faulty answer is given.</summary>
    public bool AfterWork { get; set; }

    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>Why it could not happen as it says; null where it can.</summary>
    internal string? Problem =>
        Status is null && Body is not null ? "body needs status"
        : AfterWork && Status is null && TruncateAt is null && DelayMilliseconds == 0 ? "afterWork needs status, delayMilliseconds or truncateAt"
        : Status is < 100 or > 999 ? "status must be 100 to 999"
        : Skip < 0 || Times < 0 || DelayMilliseconds < 0 ? "skip, times and delayMilliseconds must be 0 or more"
        : Method is not null and not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE") ? "method must be GET, POST, PUT, PATCH or DELETE"
        : null;
}
