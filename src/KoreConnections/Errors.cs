using System;
using System.Management.Automation;

namespace KoreConnections.Commands;

/// <summary>The one mapping from failures to PowerShell's error records.</summary>
internal static class Errors
{
    public static ErrorRecord ToRecord(KoreException exception, object? target)
    {
        var record = new ErrorRecord(exception, exception.ErrorId, Category(exception.Kind), target);
        if (exception.RecommendedAction is string action)
        {
            record.ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = action };
        }

        return record;
    }

    /// <summary>Whether all that follows in the pipeline would fail alike.</summary>
    public static bool EndsPipeline(KoreException exception) =>
        exception.Kind is KoreErrorKind.NotConnected or KoreErrorKind.Unauthorized;

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
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
