namespace KoreConnections.Client;

/// <summary>Whose a connection is that a listing shows after a create without an answer.</summary>
internal sealed class CreateAttribution(
    ConnectionDefinition wanted, ServerClock clock, ConcurrentDictionary<string, (string Provider, string? Model)> made, ConnectionList? before,
    DateTimeOffset sent)
{
    // What a clock that nobody has checked may be wrong by, a mistaken time zone included.
    private static readonly TimeSpan LongestSkew = TimeSpan.FromDays(1);

    private bool _wasAbsent = before is not null;

    private enum Owner
    {
        Unknown,
        Ours,
        Others,
    }

    public KoreException Failure { get; set; } = null!;

    private DateTime? Start => field ??= clock.ToServer(sent);

    /// <summary>What this create has made; null where there is nothing of it, and why that is a conflict.</summary>
    /// <param name="now">A listing begun after the failure.</param>
    /// <param name="existed">What to say where only connections are there that are not ours.</param>
    public Connection? Find(ConnectionList now, out KoreException? existed)
    {
        existed = null;
        Connection[] named = [.. now.Items.Where(IsNamed)];
        Connection[] fitting = [.. named.Where(wanted.MayBe)];
        Connection[] unclaimed = [.. fitting.Where(c => c.ConnectionId is null || !made.ContainsKey(c.ConnectionId))];
        // A listing may repeat one: two of one id are not made twice.
        ILookup<Owner, Connection> by = unclaimed.GroupBy(ConnectionList.Identity).Select(rows => rows.First()).ToLookup(OwnerOf);
        if (by[Owner.Ours].Count() > 1)
        {
            throw Twice(wanted, by[Owner.Ours].Select(c => c.ConnectionId));
        }

        if (by[Owner.Unknown].Any())
        {
            string ids = Ids(by[Owner.Unknown].Concat(by[Owner.Ours]));
            throw Unknown(
                $"A connection with this name, provider and model exists ({ids}), but it is unclear whether this request or an earlier one created it.");
        }

        if (by[Owner.Ours].FirstOrDefault() is Connection ours
            && (ours.ConnectionId is null || made.TryAdd(ours.ConnectionId, (wanted.Provider, wanted.Model))))
        {
            return ours;
        }

        if (!now.ShowsAllNames)
        {
            throw Unknown($"The listing is incomplete: {now.Shortfall}.");
        }

        _wasAbsent |= named.Length == 0;
        existed = named.Length == 0 ? null
            : fitting.Length == 0 ? Existed(named, "exists with another provider or model")
            : by[Owner.Others].Any() ? Existed(by[Owner.Others], "existed before")
            : Existed(fitting, "was created by this session earlier");
        return null;
    }

    /// <summary>
    /// Whether an answer of another name is about somebody else's connection: it was listed before, is older than the request, or has
    /// another provider or model, too. Else the platform wrote the name in its own way, and what is new may have a model in its own way.
    /// </summary>
    public bool IsOthers(Connection answer)
    {
        Owner owner = OwnerOf(answer.CreatedOn, wasAbsent: false);
        return before?.Has(answer.ConnectionId) == true
            || owner == Owner.Others
            || answer.CreatedOn?.ToUniversalTime() < sent.UtcDateTime - LongestSkew
            || (owner != Owner.Ours && !wanted.MayHaveModel(answer))
            || (ApiValues.Providers.Find(answer.Provider) is string known && known != wanted.Provider);
    }

    /// <summary>Whether what is listed is a second one of what was created. Under a name that nobody asked for, only the time says so.</summary>
    public bool IsTwin(Connection found, Connection created) => found.ConnectionName == (created.ConnectionName ?? wanted.Name)
        && wanted.MayBe(found)
        && (!wanted.IsNamedOtherwise(created) || (before?.Has(found.ConnectionId) != true && OwnerOf(found.CreatedOn, wasAbsent: false) == Owner.Ours));

    // A platform may write the name in its own way. Then it must not be created again, unless what is similar was there before.
    private bool IsNamed(Connection found) => found.ConnectionName == wanted.Name
        || (found.ConnectionName is string name
            && SingleLine.Comparable(name) == SingleLine.Comparable(wanted.Name!)
            && wanted.MayBe(found)
            && (found.ConnectionId is null || !made.ContainsKey(found.ConnectionId))
            && OwnerOf(found) != Owner.Others);

    public static KoreException Twice(ConnectionDefinition wanted, IEnumerable<string?> ids) =>
        new(
            KoreErrorKind.UnexpectedResponse,
            $"'{TextSanitizer.SingleLine(wanted.ShownName)}' was created more than once: "
                + $"the platform lists {string.Join(" and ", ids.Select(id => TextSanitizer.SingleLine(id)))}. "
                + "The first request got no answer, and its result was listed only later.",
            "Keep one of them, and remove the other in the platform's web UI.");

    public KoreException Unknown(string why) => Failure.Undecided(
        $"'{TextSanitizer.SingleLine(wanted.ShownName)}' was created",
        why,
        "Check with Get-Connection -Name before you create it again, or use New-Connection -IfNotExists.");

    // Of a name that is only similar, its absence says nothing, and in another case it may be that of another create.
    private Owner OwnerOf(Connection found) =>
        before?.Has(found.ConnectionId) == true ? Owner.Others
        : found.ConnectionName == wanted.Name ? OwnerOf(found.CreatedOn, _wasAbsent)
        : OwnerOf(found.CreatedOn, wasAbsent: false) is var owner && owner == Owner.Ours
            && SingleLine.Plain(found.ConnectionName!) != SingleLine.Plain(wanted.Name!)
            ? Owner.Unknown
        : owner;

    // Absent before the first sending, or created after it. A time that cannot be right decides nothing.
    private Owner OwnerOf(DateTime? createdOn, bool wasAbsent)
    {
        if (createdOn is not DateTime local || !ServerClock.IsTime(local.Year) || Start is not DateTime start)
        {
            return wasAbsent ? Owner.Ours : Owner.Unknown;
        }

        DateTime created = Latest(local.ToUniversalTime());
        if (created < start - ServerClock.Error)
        {
            // Where Date headers disagree, the start is known as exactly as they agree.
            TimeSpan doubt = clock.Disagreement + (clock.IsCreatedOnRight == true ? ServerClock.Error : LongestSkew);
            return start - created > doubt ? Owner.Others : Owner.Unknown;
        }

        bool isFuture = created - ServerClock.Error > clock.Now;
        return isFuture ? Owner.Unknown
            : wasAbsent || (created >= start && clock.IsCreatedOnRight != false) ? Owner.Ours
            : Owner.Unknown;
    }

    // A platform that keeps whole seconds has cut off the rest.
    private static DateTime Latest(DateTime time) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? time.AddTicks(TimeSpan.TicksPerSecond - 1) : time;

    private static string Ids(IEnumerable<Connection> found) => string.Join(", ", found.Select(c => TextSanitizer.SingleLine(c.ConnectionId)));

    private KoreException Existed(IEnumerable<Connection> found, string how) =>
        new(KoreErrorKind.Conflict, $"A connection named '{TextSanitizer.SingleLine(wanted.ShownName)}' {how} ({Ids(found)}). Nothing was created.", Failure)
        {
            StatusCode = Failure.StatusCode,
            RequestId = Failure.RequestId,
            RecommendedAction = "Choose another name, or use New-Connection -IfNotExists to get the existing connection.",
        };
}
