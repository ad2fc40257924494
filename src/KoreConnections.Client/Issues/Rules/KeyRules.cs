using static KoreConnections.Client.IssueRule;

namespace KoreConnections.Client;

internal static class KeyRules
{
    // Fewer visible characters are the same by chance.
    private const int SharedCharacters = 4;

    private const int HostsNamed = 3;

    // A key as a provider's message may shorten it, such as 4f1c...MQAA.
    private static readonly Regex Shortened = new(
        @"(?<!\w)(?:\w[\w-]{0,40}[-_]\w{0,20}|\w{2,20}(?=\W+(?:\w*[A-Z]|[a-z]*\d+[a-z])))(?:\.{3}|…|•{3,})\w{2,12}(?!\w)", RegexOptions.CultureInvariant);

    private static string WithoutParts(string message, IEnumerable<Secret> keys) =>
        TextSanitizer.SingleLine(keys.Aggregate(Shortened.Replace(SecretMasker.WithoutMasks(message), "***"), QuotedKey.WithoutEnds), 200);

    public static IssueRule Old { get; } = new(
        "KeyOld",
        IssueSeverity.Warning,
        "The key is older than -MaximumKeyAgeDays (90): the connection, and so its key, has not been changed since then.",
        Each((connection, context) =>
        {
            DateTime? changed = Array.Find(
                [connection.Snapshot.ModifiedOn, connection.Snapshot.CreatedOn],
                time => time is { Year: int year } && ServerClock.IsTime(year));
            // In UTC, because a day on which the clocks change is no day of 24 hours.
            TimeSpan? age = context.AsOf.ToUniversalTime() - changed?.ToUniversalTime();
            if (age is not { } old || old <= TimeSpan.FromDays(context.MaximumKeyAgeDays))
            {
                return null;
            }

            // A day, which is the same everywhere.
            DateTime due = DateTime.SpecifyKind(changed!.Value.Date.AddDays(context.MaximumKeyAgeDays), DateTimeKind.Unspecified);
            ConnectionIssue issue = Issue(
                connection.Snapshot,
                $"A new key was due on {ModelLifecycle.Day(due)}: the key is at least {(int)old.TotalDays} days old, "
                    + $"because the connection was last changed on {ModelLifecycle.Day(changed)}.",
                ApiValues.Providers.Find(connection.Snapshot.Provider) is null
                    ? "Create a new key at the provider, and set it in the platform's web UI. This module does not change connections of this provider."
                    : "Create a new key at the provider, and rotate to it with Update-ConnectionKey.");
            issue.DueOn = due;
            return issue;
        }));

    public static IssueRule Rejected { get; } = new(
        "KeyRejected",
        IssueSeverity.Error,
        "With -VerifyKey: the provider rejects the key in the manifest, or rejects it for this model or deployment.",
        Each((connection, context) =>
            connection.KeyTest is { VerdictValue: KeyVerdict.InvalidKey or KeyVerdict.NoModelAccess or KeyVerdict.DeploymentNotFound } test
            // A retired model is refused with every key. One finding is enough, but there has to be one.
            && !(test.VerdictValue == KeyVerdict.NoModelAccess && !connection.IsOtherTested && context.Rules.Contains(ModelRules.Retired)
                && ModelRules.Retired.Find([connection], context).Any(i => i.SeverityValue == IssueSeverity.Error))
                ? Issue(
                    connection.Snapshot,
                    $"{test.ProviderHost} rejects the key ({test.Verdict})"
                        + (test.ProviderMessage is string message ? ": " + WithoutParts(message, test.Keys) : "."),
                    test.RecommendedAction ?? "Set a valid key with Set-Connection.")
                : null))
    {
        IsPossible = static context => context.VerifiesKeys,
    };

    public static IssueRule Unverified { get; } = new(
        "KeyUnverified",
        IssueSeverity.Information,
        "With -VerifyKey: the key could not be verified, because the manifest has none or the provider's answer was inconclusive.",
        Each((connection, context) => connection.KeyTest switch
        {
            { IsUndecided: true } test => Issue(
                connection.Snapshot,
                $"{test.ProviderHost} did not confirm whether the key works ({test.Verdict}).",
                test.RecommendedAction ?? "Test it again later with Test-ConnectionKey."),
            null when context.VerifiesKeys => Issue(
                connection.Snapshot,
                connection.NotTested ?? "The manifest does not name the connection, so there is no key to test.",
                "Add it to the manifest with a reference to its key (Export-Connection), or test it with Test-ConnectionKey."),
            _ => null,
        }))
    {
        IsPossible = static context => context.VerifiesKeys,
    };

    public static IssueRule Shared { get; } = new(
        "SharedKey",
        IssueSeverity.Information,
        "Several connections share a key, according to the manifest or the visible end of the mask: revoking it breaks all of them.",
        (connections, context) =>
        {
            Dictionary<string, string> keys = KeysOf(context);
            return connections.GroupBy(c => c.Snapshot.Provider).SelectMany(ofProvider => SharedBy(ofProvider, keys));
        })
    {
        NeedsDetails = static _ => true,
    };

    /// <summary>How many keys were asked about in vain: none rejected does not mean that they work. Null where that is not so of any provider.</summary>
    public static string? Gap(IEnumerable<ExaminedConnection> connections)
    {
        ExaminedConnection[] tested = [.. connections.Where(c => c.KeyTest is not null)];
        bool isNone = tested.All(c => c.KeyTest!.IsUndecided);
        // Behind one gateway, a provider may be silent beside another that answers.
        var silent = tested.GroupBy(c => (Host: c.KeyTest!.ProviderHost, c.Snapshot.Provider))
            .Where(g => g.All(c => c.KeyTest!.IsUndecided && (isNone || c.KeyTest!.IsUnanswered)))
            .ToArray();
        string[] places =
        [
            .. silent.GroupBy(g => g.Key.Host).OrderBy(h => h.Key, StringComparer.Ordinal).Select(host =>
                host.Sum(g => g.Count()) == tested.Count(c => c.KeyTest!.ProviderHost == host.Key) ? host.Key
                : $"{host.Key} ({string.Join(", ", host.Select(g => SecretMasker.Quote(g.Key.Provider ?? "")))})"),
        ];
        string hosts = string.Join(", ", places.Take(HostsNamed)) + Phrases.More(places.Length - HostsNamed);
        return places.Length == 0 ? null : $"0 of {silent.Sum(g => g.Count())} keys were verified at {hosts}.";
    }

    /// <summary>The providers of which no key was tested at all: that is no sign that their keys work. Null for none.</summary>
    public static string? Untested(IReadOnlyCollection<ExaminedConnection> connections)
    {
        // Each custom API has a key of its own, which a manifest of the providers' keys may leave out.
        bool isAnyTested = connections.Any(c => c.KeyTest is not null);
        string[] untested =
        [
            .. connections.Where(c => c.Snapshot.Provider is not null)
                .GroupBy(c => c.Snapshot.Provider!)
                .Where(g => g.All(c => c.KeyTest is null) && !(isAnyTested && g.Key == ApiValues.CustomApi))
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{SecretMasker.Quote(g.Key)} ({Phrases.Count(g.Count(), "connection")})"),
        ];
        return untested.Length == 0 ? null : $"No key was tested for {Phrases.FirstOf(untested)}.";
    }

    // Keys that the manifest knows are the same or not. Of any other, the mask may be that of each connection with this mask.
    private static IEnumerable<ConnectionIssue> SharedBy(IEnumerable<ExaminedConnection> ofProvider, Dictionary<string, string> keys)
    {
        ILookup<(string? Key, string? Mask), ExaminedConnection> all = ofProvider.ToLookup(c => (KeyOf(c.Snapshot, keys), MaskOf(c.Snapshot)));
        ILookup<string?, ExaminedConnection> byKey = ofProvider.ToLookup(c => KeyOf(c.Snapshot, keys));
        ILookup<string?, ExaminedConnection> byMask = ofProvider.ToLookup(c => MaskOf(c.Snapshot));
        foreach (IGrouping<(string? Key, string? Mask), ExaminedConnection> group in all)
        {
            (string? key, string? mask) = group.Key;
            if (key is null && mask is null)
            {
                continue;
            }

            IEnumerable<ExaminedConnection> same = key is null ? byMask[mask] : byKey[key];
            IEnumerable<ExaminedConnection> unknown = key is null || mask is null ? [] : all[(null, mask)];
            string more = Phrases.More(same.Count() + unknown.Count() - OthersNamed - 1);
            string reason = key is not null && same.Skip(1).Any() ? "the manifest or their masks show it" : "their masks match";
            IEnumerable<ConnectionIssue> issues = IssueForEach(
                group,
                same.Concat(unknown),
                c => Shown(c.ConnectionName),
                others => key is not null && !unknown.Any()
                    ? $"In the manifest, it has the same key as {others}{more}."
                    : $"It seems to have the same key as {others}{more}: {reason}.",
                "Use a separate key for each, so that you can revoke one without the others: Update-ConnectionKey.");
            foreach (ConnectionIssue issue in issues)
            {
                yield return issue;
            }
        }
    }

    // A manifest knows its keys; those that the platform's masks contradict are not on the platform.
    private static Dictionary<string, string> KeysOf(IssueContext context)
    {
        var keys = new Dictionary<string, string>();
        foreach (ConnectionPlanItem item in context.Plan ?? [])
        {
            if (item is { ConnectionId: string id, KeyStateValue: not KeyLikeness.Different }
                && item.Wanted?.Definition is NamedProviderDefinition { ApiKey: Secret { Problem: null } key })
            {
                keys[id] = key.Fingerprint();
            }
        }

        return keys;
    }

    private static string? KeyOf(Connection connection, Dictionary<string, string> keys) =>
        connection.ConnectionId is string id && keys.TryGetValue(id, out string? key) ? key : null;

    // The ends of the mask that are visible; the number of asterisks means nothing.
    private static string? MaskOf(Connection connection) =>
        SecretMasker.EndsOf(connection.Mask) is var (start, end) && end.Length >= SharedCharacters ? $"{start}*{end}" : null;
}
