namespace KoreConnections.Commands;

/// <summary>The one mapping from failures to PowerShell's error records.</summary>
internal static class Errors
{
    /// <param name="target">The id, name or path that it is about: never a row, and never what may be a key in the place of one.</param>
    /// <param name="label">What people call it, where that is more than the target.</param>
    public static ErrorRecord ToRecord(KoreException exception, string? target, string? label = null, int? row = null)
    {
        label = label is null || label == target ? null : LostContent.WithoutRow(label);
        target = target is null ? null : LostContent.WithoutRow(target);
        // What the platform has as a name is no key in the wrong place.
        target = exception.Kind == KoreErrorKind.Conflict ? target : Safe(target, exception.ParameterName);
        string message = Shown(exception, label ?? target, label is null ? 100 : 200);
        var record = new ErrorRecord(exception, exception.RecordId ?? exception.ErrorId, Category(exception.Kind), target)
        {
            ErrorDetails = new ErrorDetails(row is null ? message : $"Row {row}: {message}") { RecommendedAction = exception.RecommendedAction },
        };
        // PowerShell shows it beside the message.
        record.CategoryInfo.TargetName = TextSanitizer.SingleLine(target);
        return record;
    }

    public static bool EndsPipeline(KoreException? exception) =>
        exception?.Kind is KoreErrorKind.NotConnected or KoreErrorKind.Unauthorized;

    /// <summary>Whether an exception is one item's. PowerShell's own end or steer the pipeline, and some leave nothing to work with.</summary>
    public static bool IsOfItem(Exception exception) =>
        exception is not (IContainsErrorRecord or RuntimeException or FlowControlException or OperationCanceledException
            or OutOfMemoryException or InsufficientExecutionStackException);

    // Of hundreds of rows, PowerShell's view of an error does not show which one it is about.
    // What a message quotes may be spelt as the item is called, and be something else.
    private static string Shown(KoreException exception, string? target, int length)
    {
        string item = TextSanitizer.SingleLine(target, length);
        string subject = TextSanitizer.SingleLine(Safe(exception.Subject, exception.ParameterName), length);
        // Behind the name is the id.
        return item.Length == 0 || item == subject || (subject.Length > 0 && item.StartsWith(subject + " (", StringComparison.Ordinal)) ? exception.Message
            : $"{item}: {exception.Message}";
    }

    private static string? Safe(string? target, string? parameter) =>
        target is null || LostContent.HoldsRow(target.AsSpan()) ? target
        : IsKey(target.Trim(), parameter) ? Secret.Mask
        : SecretMasker.MayBeKey(target) ? SecretMasker.QuotePath(target)
        : SecretMasker.WithoutLogin(SecretMasker.WithoutKnownKey(target));

    // What the check of a parameter calls a key may look like a path, as USER:PASSWORD does. An id in the place of a host is none.
    private static bool IsKey(string target, string? parameter) =>
        (target.IndexOf("://", StringComparison.Ordinal) > 0 && BaseAddress.IsKey(target))
        || (SecretMasker.MayBeKey(target) && (parameter == "ConnectionId" || (parameter == "HostName" && BaseAddress.IsKey(target))));

    private static ErrorCategory Category(KoreErrorKind kind) => kind switch
    {
        KoreErrorKind.NotConnected => ErrorCategory.ConnectionError,
        KoreErrorKind.InvalidInput => ErrorCategory.InvalidArgument,
        KoreErrorKind.Unauthorized => ErrorCategory.AuthenticationError,
        KoreErrorKind.Forbidden => ErrorCategory.PermissionDenied,
        KoreErrorKind.ConnectionNotFound => ErrorCategory.ObjectNotFound,
        KoreErrorKind.Conflict => ErrorCategory.ResourceExists,
        KoreErrorKind.InvalidRequest => ErrorCategory.InvalidOperation,
        KoreErrorKind.Throttled => ErrorCategory.LimitsExceeded,
        KoreErrorKind.ServerError => ErrorCategory.ResourceUnavailable,
        KoreErrorKind.Unreachable => ErrorCategory.ConnectionError,
        KoreErrorKind.Timeout => ErrorCategory.OperationTimeout,
        KoreErrorKind.UnexpectedResponse => ErrorCategory.ProtocolError,
        KoreErrorKind.InternalError => ErrorCategory.NotSpecified,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
