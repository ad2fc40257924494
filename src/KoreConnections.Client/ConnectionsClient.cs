namespace KoreConnections.Client;

/// <summary>The Connections API, a method per operation. Safe for use from many threads at once.</summary>
internal sealed class ConnectionsClient : IDisposable
{
    private readonly SessionOptions _options;
    private readonly HttpPipeline _pipeline;
    private readonly ApiRequestor _requestor;
    private readonly ExactlyOnceCreate _creation;
    // By id, the changes of this session that are under way, and when the last one ended that may have been made.
    private readonly ConcurrentDictionary<string, (int UnderWay, DateTimeOffset? EndedOn)> _changed = new(StringComparer.Ordinal);
    private int _changes;

    public ConnectionsClient(SessionOptions options)
    {
        _options = options;
        _pipeline = HttpPipeline.ForPlatform(options);
        Clock = new ServerClock(options.TimeProvider);
        LateChanges = new LateChanges(options.TimeProvider);
        Retry = new RetryPolicy(options);
        _requestor = new ApiRequestor(_pipeline, options, Retry, Clock);
        _creation = new ExactlyOnceCreate(PostAsync, new CoalescedListing(context => ListAsync(null, context)), Retry, Clock, options.TimeProvider);
    }

    public Uri BaseUri => _options.BaseUri;

    internal string Platform => _options.Platform;

    internal Secret ApiKey => _options.ApiKey;

    internal TransportOptions Transport => _options;

    internal ServerClock Clock { get; }

    internal LateChanges LateChanges { get; }

    internal RetryPolicy Retry { get; }

    internal bool IsUnaccepted => _requestor.IsUnaccepted;

    internal TimeSpan Pause => Retry.Pause;

    /// <summary>How many requests that change something have begun: what was listed before the last one may be no longer true.</summary>
    internal int Changes => Volatile.Read(ref _changes);

    /// <summary>Lists connections, without their fields.</summary>
    public async Task<ConnectionList> ListAsync(ListFilter? filter, RequestContext context)
    {
        filter ??= new ListFilter();
        filter.Validate();
        ListFilter asked = filter.OfPlatform();
        ConnectionList list = await ListOnceAsync(asked, context).ConfigureAwait(false);
        if (asked.Limit is not null && !filter.IsAppliedTo(list))
        {
            // The platform passes over the filter, so its limit may have cut off what is asked for.
            asked.Limit = null;
            list = await ListOnceAsync(asked, context).ConfigureAwait(false);
        }

        if (list.Total > list.Items.Count && asked.Limit is null)
        {
            // The platform may have a limit of its own when none is asked for; it documents no pages, so ask for all.
            asked.Limit = (int)Math.Min(list.Total.Value, int.MaxValue);
            list = await ListMoreAsync(list, asked, context).ConfigureAwait(false);
            if (list.Total > list.Distinct && asked.IsFiltering)
            {
                // Its total may be that of the account: then the listing of all shows it, too, and no further one that is asked for.
                ConnectionList all = await ListMoreAsync(list, new ListFilter { Limit = asked.Limit }, context, isNeeded: false).ConfigureAwait(false);
                bool isOfAll = all != list && all.IsWhole && all.Total == list.Total;
                list = isOfAll && all.Items.Where(asked.Matches).All(c => list.Has(c.ConnectionId)) ? list with { Total = list.Distinct } : list;
            }
        }

        return filter.Narrow(list);
    }

    public Task<Connection> GetAsync(string connectionId, RequestContext context) =>
        GetAsync(connectionId, [], context);

    /// <summary>Reads a connection whose keys are known, so that no text of the answer repeats them.</summary>
    internal Task<Connection> GetAsync(string connectionId, IEnumerable<Secret> hidden, RequestContext context)
    {
        Secret[] keys = [.. hidden];
        PlatformKey.Refuse(keys, [], _options);
        return OneAsync(HttpMethod.Get, Guard.ConnectionId(connectionId), null, new RequestSecrets(keys, []), Retry.Begin(context));
    }

    /// <summary>Creates a connection, exactly once even where an answer got lost.</summary>
    /// <param name="before">A listing from just before, which shows none of that name; null where nobody looked.</param>
    public Task<Connection> CreateAsync(ConnectionDefinition definition, RequestContext context, ConnectionList? before = null)
    {
        definition.Validate();
        return _creation.RunAsync(definition, before, context);
    }

    /// <summary>Whether this session created a connection with such a provider and model, even where a listing shows something else.</summary>
    internal bool HasCreated(Connection found, ConnectionDefinition wanted) => _creation.HasMade(found, wanted);

    public Task<Connection> ChangeAsync(string connectionId, ConnectionChange change, RequestContext context) =>
        ChangeAsync(connectionId, change, once: false, Retry.Begin(context));

    /// <summary>Changes a connection, unless it has another provider than was said, or a header of it would be dropped.</summary>
    /// <param name="provider">What was said of its provider; null for nothing.</param>
    /// <param name="seen">The connection as the caller has it, since whenever; null where it has only its id.</param>
    /// <param name="preview">What the change does to the connection as it was read before; null where nobody read it.</param>
    /// <param name="keepsHeaders">Takes what is said of its headers, null for nothing, where none may be dropped; null where they may.</param>
    internal async Task<Connection> ChangeCheckedAsync(
        string connectionId, ConnectionChange change, string? provider, Connection? seen, ChangePreview? preview, Action<string?>? keepsHeaders,
        RequestContext context)
    {
        Connection? before = preview?.There ?? Current(connectionId, seen);
        if (before is null && provider is null && keepsHeaders is null && change.DependsOn(seen))
        {
            before = await ReadAgainAsync(connectionId, change, seen!, context).ConfigureAwait(false);
        }

        if (provider is not null || keepsHeaders is not null)
        {
            before = await GetAsync(connectionId, change.Keys, context).ConfigureAwait(false);
            before.RequireProvider(provider);
            change.RequireFit(before);
            if (keepsHeaders is not null)
            {
                preview = new ChangePreview(change, before);
                preview.RefuseDrops();
                keepsHeaders(preview.HeaderWarning);
            }
        }

        try
        {
            return await new ChangeInDoubt(this, connectionId, change, before).RunAsync(context).ConfigureAwait(false);
        }
        catch (KoreException e) when ((provider ?? before?.Provider ?? seen?.Provider) is null && RequestOutcome.MayBeOtherProvider(e, change.IsForCustomApi))
        {
            e.RecommendedAction = $"{change.ProviderAdvice} {e.RecommendedAction}".TrimEnd();
            throw;
        }
    }

    // Who may only change connections has the answer to the last change, and nothing later.
    private async Task<Connection?> ReadAgainAsync(string id, ConnectionChange change, Connection seen, RequestContext context)
    {
        try
        {
            Connection now = await GetAsync(id, change.Keys, context).ConfigureAwait(false);
            change.RequireFit(now);
            return now;
        }
        catch (KoreException e) when (e.Kind == KoreErrorKind.Forbidden)
        {
            change.RequireFit(seen);
            return null;
        }
    }

    /// <summary>The connection as the caller has it, if that is the one meant and shows all that this session changed; null otherwise.</summary>
    internal Connection? Current(string connectionId, Connection? seen) => seen?.ConnectionId == connectionId && IsCurrent(seen) ? seen : null;

    public void Dispose() => _pipeline.Dispose();

    /// <summary>Changes a connection. With <paramref name="once"/> the caller finds out what became of a change without an answer.</summary>
    internal async Task<Connection> ChangeAsync(string connectionId, ConnectionChange change, bool once, RetryState retryState)
    {
        change.Validate();
        string id = Guard.ConnectionId(connectionId);
        bool isRefused = false;
        Note(id, 1, null);
        try
        {
            PlatformKey.Refuse(change, _options);
            var secrets = new RequestSecrets([.. change.Redacted, .. change.Hidden], change.Substituted);
            return await OneAsync(new HttpMethod(change.Method), id, change.Write, secrets, retryState, once).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            isRefused = !RequestOutcome.IsInDoubt(e);
            if (change.IsForCustomApi && RequestOutcome.MayLackCustomApiChanges(e))
            {
                string unsupported = "If the connection exists and the values are correct, "
                    + $"this platform does not seem to support changes of custom APIs ({change.Method}). Use the platform's web UI.";
                e.RecommendedAction = $"{unsupported} {e.RecommendedAction}".TrimEnd();
            }

            throw;
        }
        finally
        {
            // Who stops a command is told what is unknown, and does not wait for it.
            if (retryState.InDoubtSince is long since && !retryState.Context.CancellationToken.IsCancellationRequested)
            {
                LateChanges.Add(id, since);
            }

            Note(id, -1, isRefused ? null : _options.TimeProvider.GetUtcNow());
        }
    }

    private void Note(string id, int underWay, DateTimeOffset? endedOn) =>
        _changed.AddOrUpdate(id, (underWay, endedOn), (_, noted) => (noted.UnderWay + underWay, endedOn ?? noted.EndedOn));

    /// <summary>Whether what was read shows all that this session changed: what came later would be taken for the next change.</summary>
    private bool IsCurrent(Connection read) =>
        !_changed.TryGetValue(read.ConnectionId!, out var noted) || (noted.UnderWay == 0 && !(read.ReadOn <= noted.EndedOn + RequestOutcome.LongestArrival));

    /// <summary>The longer of two listings. Nobody asked for the second, so where the platform refuses its limit, the first has to do.</summary>
    /// <param name="isNeeded">Whether more than a warning depends on it.</param>
    private async Task<ConnectionList> ListMoreAsync(ConnectionList first, ListFilter asked, RequestContext context, bool isNeeded = true)
    {
        try
        {
            ConnectionList second = await ListOnceAsync(asked, context).ConfigureAwait(false);
            return second.Distinct < first.Distinct ? first : second with { Total = second.Total ?? first.Total };
        }
        catch (KoreException e) when (!isNeeded || RequestOutcome.IsRefusal(e))
        {
            context.Log($"The platform did not list all of its {first.Total} connections at once: {e.Message}");
            return first;
        }
    }

    private Task<ConnectionList> ListOnceAsync(ListFilter filter, RequestContext context) =>
        _requestor.SendAsync(
            HttpMethod.Get, isIdempotent: true, Address(null, filter.Query()), null, RequestSecrets.None,
            static (json, body) => json.ReadList(body), Retry.Begin(context));

    private Task<Connection> PostAsync(ConnectionDefinition definition, RetryState retryState)
    {
        PlatformKey.Refuse(definition, _options);
        var secrets = new RequestSecrets([.. definition.Redacted], definition.Substituted);
        return OneAsync(HttpMethod.Post, null, definition.Write, secrets, retryState, wanted: definition);
    }

    private Task<Connection> OneAsync(
        HttpMethod method, string? id, BodyWriter? body, RequestSecrets secrets, RetryState retryState, bool once = false, ConnectionDefinition? wanted = null)
    {
        if (method != HttpMethod.Get)
        {
            Interlocked.Increment(ref _changes);
        }

        return _requestor.SendAsync(
            method, isIdempotent: !once && method != HttpMethod.Post, Address(id, ""), body, secrets,
            (json, answer) => json.ReadOne(answer, isWrite: method != HttpMethod.Get) is not Connection read ? null
                : wanted is null ? About(id, read)
                : About(wanted, read),
            retryState);
    }

    /// <summary>The same of a create, which has a name and no id yet. Without an id, nobody can change what is answered.</summary>
    private static Connection? About(ConnectionDefinition wanted, Connection answer)
    {
        if (string.IsNullOrWhiteSpace(answer.ConnectionId))
        {
            return null;
        }

        if (!wanted.IsNamedOtherwise(answer))
        {
            return answer;
        }

        string name = TextSanitizer.SingleLine(wanted.Show(answer.ConnectionName), 100);
        KoreException failure = OfAnother($"to create '{TextSanitizer.SingleLine(wanted.ShownName, 100)}'", $"'{name}' ({Shown(answer)})");
        failure.Answered = answer;
        throw failure;
    }

    /// <summary>An answer that names another connection than the one that was asked about says nothing of that one.</summary>
    private static Connection About(string? id, Connection answer) =>
        id is null || answer.ConnectionId is null || answer.ConnectionId == id
            ? answer
            : throw OfAnother($"for the connection '{id}'", $"'{Shown(answer)}'").About(id);

    private static string Shown(Connection answer) => TextSanitizer.SingleLine(answer.ConnectionId, 100);

    private static KoreException OfAnother(string asked, string returned) =>
        new(KoreErrorKind.UnexpectedResponse, $"The request was {asked}, but the platform returned {returned}.")
        {
            StatusCode = System.Net.HttpStatusCode.OK,
            RecommendedAction = "Check the connection with Get-Connection before you continue. If this persists, contact the platform's support.",
        };

    private Uri Address(string? connectionId, string query) =>
        new($"{BaseUri.AbsoluteUri}/connections{(connectionId is null ? "" : "/" + Uri.EscapeDataString(connectionId))}{query}");
}
