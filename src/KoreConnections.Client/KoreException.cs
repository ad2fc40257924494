namespace KoreConnections;

/// <summary>Every failure of this module. Its texts never hold a key, nor characters that act on a terminal.</summary>
public sealed class KoreException : Exception
{
    private const int LongestMessage = 20_000;

    /// <summary>A failure with its message.</summary>
    /// <param name="message">One or two sentences for a person.</param>
    public KoreException(KoreErrorKind kind, string message, Exception? innerException = null)
        : base(TextSanitizer.SingleLine(message, LongestMessage), innerException) => Kind = kind;

    internal KoreException(KoreErrorKind kind, string message, string action)
        : this(kind, message) => RecommendedAction = action;

    /// <summary>What went wrong.</summary>
    public KoreErrorKind Kind { get; }

    /// <summary>The error id, such as <c>KoreConflict</c>.</summary>
    public string ErrorId => "Kore" + Kind;

    /// <summary>The id that its error record has instead, where scripts know it as PowerShell's own.</summary>
    internal string? RecordId { get; set; }

    /// <summary>The HTTP status, where an answer came.</summary>
    public HttpStatusCode? StatusCode { get; internal set; }

    /// <summary>The platform's own error code, such as <c>RESOURCE_CONFLICT</c>.</summary>
    public string? Code { get; internal set; }

    /// <summary>The platform's own message.</summary>
    public string? ServerMessage { get; internal set; }

    /// <summary>The platform's id of the request, for its support.</summary>
    public string? RequestId { get; internal set; }

    /// <summary>How long the platform asks to wait.</summary>
    public TimeSpan? RetryAfter { get; internal set; }

    /// <summary>The parameter at fault, for <see cref="KoreErrorKind.InvalidInput"/>.</summary>
    public string? ParameterName { get; private set; }

    /// <summary>What a person can do about it.</summary>
    public string? RecommendedAction { get; internal set; }

    /// <summary>Whether it is certain that the platform never got the request.</summary>
    internal bool IsNotSent { get; set; }

    /// <summary>Whether the host's name was not resolved, and never was before: most likely it is mistyped.</summary>
    internal bool IsHostUnknown { get; set; }

    /// <summary>Whether the two sides did not agree on encryption: no repetition mends that.</summary>
    internal bool IsTls { get; set; }

    /// <summary>Whether a proxy is the cause, or is on the way.</summary>
    internal bool IsOfProxy { get; set; }

    /// <summary>Whether it is open if something was changed or created.</summary>
    internal bool IsIndeterminate { get; set; }

    /// <summary>Whether the platform says itself that it failed, so that nothing of the request is under way any more.</summary>
    internal bool IsReported { get; set; }

    /// <summary>What the answer to a create shows instead of it: a connection of another name.</summary>
    internal Connection? Answered { get; set; }

    /// <summary>The item that the message itself is about, by name, id or path: it need not be put before it.</summary>
    internal string? Subject { get; set; }

    /// <summary>The same, with the name or id that its message quotes.</summary>
    internal KoreException About(string? subject)
    {
        Subject = subject;
        return this;
    }

    /// <summary>This failure, where nobody knows what became of what was sent.</summary>
    internal KoreException Undecided(string outcome, string why, string action) =>
        With($"Could not determine whether {outcome}: {Message} {why}", action, isIndeterminate: true);

    /// <summary>This failure, with what is known of it besides.</summary>
    internal KoreException With(string message, string action, bool isIndeterminate = false) =>
        new(Kind, message, this)
        {
            StatusCode = StatusCode,
            Code = Code,
            ServerMessage = ServerMessage,
            RequestId = RequestId,
            RetryAfter = RetryAfter,
            IsIndeterminate = isIndeterminate,
            RecommendedAction = action,
        };

    /// <summary>An exception that nothing here expected. Its own text may hold what was given, so only its type and place are shown.</summary>
    internal static KoreException FromUnexpected(Exception exception) => exception as KoreException
        ?? (IsDisposedKey(exception) ? new KoreException(KoreErrorKind.InvalidInput, DisposedKey) : null)
        ?? new KoreException(
            KoreErrorKind.InternalError,
            $"KoreConnections failed with {exception.GetType().FullName} in {Place(exception)}. This is an error in the module, not in your input.",
            "Report this message with the input that causes it, but without keys. The other items are not affected.");

    internal const string DisposedKey = "The SecureString of a key was disposed. Create it again, and keep it until the command has ended.";

    internal static bool IsDisposedKey(Exception exception) =>
        exception is ObjectDisposedException { ObjectName: string name } && name.EndsWith(nameof(System.Security.SecureString), StringComparison.Ordinal);

    private static string Place(Exception exception)
    {
        string? frame = exception.StackTrace?
            .Split('\n')
            .Select(f => f.Trim())
            .FirstOrDefault(f => f.IndexOf(nameof(KoreConnections) + ".", StringComparison.Ordinal) >= 0);
        return frame is null ? exception.TargetSite?.ToString() ?? "an unknown method" : frame.Split(' ').First(part => part.IndexOf('.') > 0).Split('(')[0];
    }

    /// <summary>A failure of what was given.</summary>
    /// <param name="message">What was wrong, what is accepted, what to do.</param>
    /// <param name="action">What a person can do about it, where the message does not say it.</param>
    public static KoreException InvalidInput(string parameter, string message, string? action = null) =>
        new(KoreErrorKind.InvalidInput, message) { ParameterName = parameter, RecommendedAction = action };
}
