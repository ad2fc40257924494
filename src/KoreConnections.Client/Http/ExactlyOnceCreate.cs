namespace KoreConnections.Client;

/// <summary>
/// Creates exactly once. A create that got no answer may have been done, may still be done, or not; listings begun after
/// the failure decide: what is ours is returned, what stays absent while it could still appear is created again, and
/// what cannot be known is said to be unknown.
/// </summary>
internal sealed class ExactlyOnceCreate(
    Func<ConnectionDefinition, RetryState, Task<Connection>> post, CoalescedListing listing, RetryPolicy retry, ServerClock clock, TimeProvider time)
{
    // A listing may show a connection seconds after it was made, and work may go on after a gateway gave up on it.
    private static readonly TimeSpan[] Looks = [TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)];
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(5);

    // What was accepted and is not listed yet: of a thousand rows, not each waits for it in turn.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private const string CreatedBefore = "this session created before";
    private const long NeverSilent = long.MinValue;
    private long _silentSince = NeverSilent;

    // The connections that this session made, by id. What one create has made, no other can have made too.
    private readonly ConcurrentDictionary<string, (string Provider, string? Model)> _made = new(StringComparer.Ordinal);

    private bool IsSilent => Interlocked.Read(ref _silentSince) is var since && since != NeverSilent && time.GetElapsedTime(since) < Silence;

    public bool HasMade(Connection found, ConnectionDefinition wanted) =>
        found.ConnectionId is string id && _made.TryGetValue(id, out var sent) && sent == (wanted.Provider, wanted.Model);

    public async Task<Connection> RunAsync(ConnectionDefinition definition, ConnectionList? before, RequestContext context)
    {
        RetryState retryState = retry.Begin(context);
        CreateAttribution? ownership = null;
        int sendings = context.Sendings;
        for (bool isRepeated = false; ; isRepeated = true)
        {
            Connection created;
            try
            {
                created = await post(definition, retryState).ConfigureAwait(false);
                if (before?.Has(created.ConnectionId) == true)
                {
                    throw Older(created.ConnectionId!, "existed before");
                }

                Claim(created, definition);
            }
            catch (KoreException e) when (RequestOutcome.IsIndeterminate(e) || (isRepeated && e.Kind == KoreErrorKind.Conflict))
            {
                context.Log(
                    $"It is unclear whether '{TextSanitizer.SingleLine(definition.ShownName)}' was created. Listing connections to find out: {e.Message}");
                ownership ??= new CreateAttribution(definition, clock, _made, before, retryState.FirstAttempt!.Value);
                ownership.Failure = e;
                Connection? renamed = e.Answered is Connection answered && !ownership.IsOthers(answered) ? answered : null;
                if (renamed?.ConnectionId is string id && _made.ContainsKey(id))
                {
                    ownership.Failure = Older(id, CreatedBefore);
                    renamed = null;
                }

                if (renamed is not null)
                {
                    created = await OursOrAsync(renamed, ownership, definition, context).ConfigureAwait(false);
                }
                else if (await ResolveInDoubtAsync(ownership, retryState, e).ConfigureAwait(false) is Connection ours)
                {
                    created = ours;
                }
                else
                {
                    retryState.Settle();
                    continue;
                }
            }
            // Some count requests once their work is done, so that it may be of a sending before. It may as well be somebody else's.
            catch (KoreException e) when (e.Kind == KoreErrorKind.Conflict && context.Sendings > sendings + 1)
            {
                e.RecommendedAction = "A try before was refused, but may have created it: check CreatedOn with Get-Connection. "
                    + e.RecommendedAction;
                throw;
            }

            return isRepeated ? await CheckForTwinAsync(created, definition, ownership!, context).ConfigureAwait(false) : created;
        }
    }

    /// <summary>What was answered under another name, which the platform may write in its own way, unless a listing shows ours beside it.</summary>
    private async Task<Connection> OursOrAsync(Connection renamed, CreateAttribution ownership, ConnectionDefinition definition, RequestContext context)
    {
        try
        {
            if (ownership.Find(await listing.GetAsync(context).ConfigureAwait(false), out _) is Connection ours)
            {
                return ours;
            }
        }
        catch (Exception e) when (e is KoreException or OperationCanceledException)
        {
            context.Log($"A listing does not show whose '{TextSanitizer.SingleLine(renamed.ConnectionName)}' is: {e.Message}");
        }

        Claim(renamed, definition);
        return renamed;
    }

    private void Claim(Connection created, ConnectionDefinition definition)
    {
        if (!_made.TryAdd(created.ConnectionId!, (definition.Provider, definition.Model)))
        {
            throw Older(created.ConnectionId!, CreatedBefore);
        }
    }

    // A cache on the way, or a platform that answers with what is newest: what this create has made, a listing shows.
    private static KoreException Older(string id, string which) =>
        new(KoreErrorKind.UnexpectedResponse, $"The response has the id '{TextSanitizer.SingleLine(id, 100)}', which is that of a connection that {which}.")
        {
            StatusCode = HttpStatusCode.OK,
        };

    /// <summary>What was created after all, or null where it may be created again.</summary>
    private async Task<Connection?> ResolveInDoubtAsync(CreateAttribution ownership, RetryState retryState, KoreException failure)
    {
        bool isConflict = failure.Kind == KoreErrorKind.Conflict;
        bool mayRepeat = retry.MaySendAgain(failure, retryState);
        long failedOn = time.GetTimestamp();
        bool isAccepted = RequestOutcome.IsAccepted(failure);
        bool looksAgain = isConflict || failure.Answered is not null || (isAccepted && !IsSilent);
        KoreException? existed = null;
        try
        {
            for (int i = 0; i < Looks.Length; i++)
            {
                // Of the looks whose time a longer wait has passed, only the last is taken.
                TimeSpan wait = Looks[i] - time.GetElapsedTime(failedOn);
                bool isLast = i == Looks.Length - 1;
                if (i > 0 && wait <= TimeSpan.Zero && !isLast)
                {
                    continue;
                }

                await time.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, retryState.Context.CancellationToken).ConfigureAwait(false);
                if (ownership.Find(await ListAsync(ownership, retryState.Context).ConfigureAwait(false), out existed) is Connection ours)
                {
                    return ours;
                }

                if (i == 0 && mayRepeat)
                {
                    await retry.BackOffAsync(failure, retryState).ConfigureAwait(false);
                }
                else if (i == 0 && existed is null && !looksAgain)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw ownership.Unknown("The command was stopped before a listing could show it.");
        }

        if (existed is null && mayRepeat)
        {
            return null;
        }

        if (isAccepted)
        {
            Interlocked.Exchange(ref _silentSince, time.GetTimestamp());
        }

        if (failure.Answered is not null)
        {
            throw ownership.Unknown("A listing does not show what this request created.");
        }

        string pause = failure.RetryAfter is { TotalSeconds: > 60 } asked ? $"{Math.Ceiling(asked.TotalSeconds):0} s" : "a minute";
        failure.RecommendedAction = "A listing after the failure does not show it. The platform may still create it. "
            + $"Wait {pause}, then use New-Connection -IfNotExists or Sync-Connection. Both create it only if it does not exist.";
        failure.IsIndeterminate = !RequestOutcome.IsReported(failure) && !RequestOutcome.IsPostponed(failure);
        throw existed ?? (isConflict ? ownership.Unknown("A listing shows no connection with that name.") : failure);
    }

    private async Task<ConnectionList> ListAsync(CreateAttribution ownership, RequestContext context)
    {
        try
        {
            return await listing.GetAsync(context).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            throw ownership.Unknown($"Listing the connections also failed: {e.Message}");
        }
    }

    /// <summary>After a repeated create: the first may have been done later than any listing before the second could show.</summary>
    private async Task<Connection> CheckForTwinAsync(
        Connection created, ConnectionDefinition definition, CreateAttribution ownership, RequestContext context)
    {
        ConnectionList now;
        try
        {
            await time.Delay(LastLook, context.CancellationToken).ConfigureAwait(false);
            now = await listing.GetAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KoreException or OperationCanceledException)
        {
            string name = TextSanitizer.SingleLine(definition.ShownName);
            context.Log($"It is unclear whether the first, unanswered request also created '{name}': {e.Message}");
            return created;
        }

        string?[] twins =
        [
            .. now.Items.Where(
                c => ownership.IsTwin(c, created)
                    && (c.ConnectionId is null || _made.TryAdd(c.ConnectionId, (definition.Provider, definition.Model)))).Select(c => c.ConnectionId),
        ];
        return twins.Length == 0 ? created : throw CreateAttribution.Twice(definition, [created.ConnectionId, .. twins]);
    }
}
