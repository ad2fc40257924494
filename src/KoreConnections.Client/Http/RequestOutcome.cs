namespace KoreConnections.Client;

/// <summary>What a failure says of the request that it belongs to: the one place that decides whether something happened.</summary>
internal static class RequestOutcome
{
    /// <summary>How long after its sender gave up a change may still arrive, and a read may still show what was there before.</summary>
    public static readonly TimeSpan LongestArrival = TimeSpan.FromSeconds(10);

    /// <summary>A failure that may pass, of a request that may have arrived.</summary>
    public static bool IsTransient(KoreException failure) =>
        (int?)failure.StatusCode is 502 or 503 or 504 or 529
        || failure.Kind == KoreErrorKind.Timeout
        || (failure.Kind == KoreErrorKind.Unreachable && !failure.IsNotSent && !failure.IsTls && failure.StatusCode is null);

    /// <summary>
    /// Whether a write may have been done. An answer that says success and cannot be read is as good as none, and so is one that points to
    /// the result. Redirects that ask to send the request elsewhere did nothing, and what a platform does not implement it has not done.
    /// </summary>
    public static bool IsIndeterminate(KoreException failure) =>
        IsTransient(failure)
        || (failure.Kind == KoreErrorKind.ServerError && (int?)failure.StatusCode != 501)
        || (failure.Kind == KoreErrorKind.UnexpectedResponse && (int?)failure.StatusCode is >= 200 and < 400 and not (301 or 302 or 307 or 308));

    /// <summary>Whether the platform said success and showed nothing that it made: that may be under way.</summary>
    public static bool IsAccepted(KoreException failure) =>
        failure.Kind == KoreErrorKind.UnexpectedResponse && (int?)failure.StatusCode is >= 200 and < 300 && !failure.IsReported;

    /// <summary>Whether the platform says itself that the request failed: nothing of it is under way any more.</summary>
    public static bool IsReported(KoreException failure) => failure.IsReported || failure.StatusCode == HttpStatusCode.InternalServerError;

    /// <summary>Whether the platform asks to be sent it again later, which says that it has not begun it.</summary>
    public static bool IsPostponed(KoreException failure) => (int?)failure.StatusCode == 503 && failure.RetryAfter is not null;

    /// <summary>Whether reading shows what became of a change, by this attempt or one before. A session that has ended reads nothing.</summary>
    public static bool IsInDoubt(KoreException failure) =>
        (failure.IsIndeterminate || IsIndeterminate(failure)) && failure.Kind != KoreErrorKind.NotConnected;

    /// <summary>
    /// Whether the platform refuses what was asked and would refuse it again: another request may be accepted. Not where it, or a proxy, refuses
    /// any request.
    /// </summary>
    public static bool IsRefusal(KoreException failure) => (int?)failure.StatusCode is >= 400 and < 500 and not 407
        && failure.Kind is not (KoreErrorKind.Unauthorized or KoreErrorKind.Throttled or KoreErrorKind.Unreachable) && !IsTransient(failure);

    /// <summary>
    /// Whether a change may have been refused because the connection is of a provider that takes other changes: its properties are unknown (400,
    /// 422), or the method (405, 501). For one of a custom API the address may be unknown, too; a key's change has the one of every provider.
    /// </summary>
    public static bool MayBeOtherProvider(KoreException failure, bool isForCustomApi) =>
        (int?)failure.StatusCode is 400 or 405 or 422 or 501 || (isForCustomApi && (int?)failure.StatusCode == 404);

    /// <summary>
    /// Whether a platform answers so that has no changes of custom APIs: to the address (404), the method (405, 501) or all of the body (400), or in
    /// its own words (403). One that finds a value wrong (422) has them.
    /// </summary>
    public static bool MayLackCustomApiChanges(KoreException failure) => (int?)failure.StatusCode is 400 or 404 or 405 or 501
        || ((int?)failure.StatusCode == 403 && ServerWords.SayUnsupported(failure.ServerMessage ?? ""));
}
