namespace KoreConnections.Client;

/// <summary>
/// Decides what has to be done with each connection of a manifest, from one complete listing and from reading those
/// that it names. It never plans to remove a connection: the API cannot.
/// </summary>
internal sealed class Planner
{
    private const string NewName = "Rename the connection in the manifest, which creates a new one";
    private const string Unchanged = "Until then, Sync-Connection leaves it unchanged.";

    private readonly ILookup<string, Connection> _byName;
    private readonly ILookup<string, Connection> _bySimilarName;
    private readonly HashSet<string> _named;
    private readonly HashSet<Connection> _meant = [];
    private readonly HashSet<string?> _sharedIds;
    private readonly ConnectionList _listing;
    private readonly bool _ignoresKeys;

    /// <param name="names">All names of the manifest, those left out of this plan too.</param>
    public Planner(IEnumerable<string> names, ConnectionList listing, bool ignoresKeys = false)
    {
        _ignoresKeys = ignoresKeys;
        _listing = listing;
        _named = new HashSet<string>(names, StringComparer.Ordinal);
        _sharedIds = [.. listing.Items.GroupBy(c => c.ConnectionId, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        _byName = listing.Items.ToLookup(c => c.ConnectionName ?? "", StringComparer.Ordinal);
        // What another entry names exactly is that entry's.
        _bySimilarName = listing.Items
            .Where(c => !_named.Contains(c.ConnectionName ?? ""))
            .ToLookup(c => SingleLine.Comparable(c.ConnectionName ?? ""), StringComparer.Ordinal);
    }

    /// <summary>The connection that has to be read before an item can be planned; null where the listing has enough.</summary>
    public string? ToRead(ManifestConnection desired) =>
        _byName[desired.Definition.Name!].ToArray() is [{ ConnectionId: string id } found]
            && found.Provider == desired.Definition.Provider
            && !_sharedIds.Contains(id)
            ? id
            : null;

    /// <param name="read">What was read of it, where <see cref="ToRead"/> asked for it.</param>
    public ConnectionPlanItem Plan(ManifestConnection desired, Connection? read)
    {
        string name = desired.Definition.Name!;
        Connection[] same = [.. _byName[name]];
        Connection[] similar = same.Length > 0 ? same : [.. _bySimilarName[SingleLine.Comparable(name)]];
        _meant.UnionWith(similar);

        ConnectionPlanItem item = Item(desired, similar.Length == 1 ? similar[0] : null);
        if (same.Length == 0)
        {
            item.BringsKey = true;
            item.Missing = desired.Unresolved;
            item.KeyStateValue = desired.LacksKey && !_ignoresKeys ? KeyLikeness.Unknown : null;
            return similar.Length == 0
                ? Decide(item, PlanAction.Create, "No connection with this name exists yet.")
                : Decide(item, PlanAction.Ambiguous, LooksLike(name, similar));
        }

        string? unclear = same.Length > 1
                ? $"The platform has {same.Length} connections with this name: {Listed(same)}. Rename all but one in the platform's web UI."
            : same[0].ConnectionId is string shared && _sharedIds.Contains(shared) ? ConnectionList.SharedId(shared)
            : null;
        if (unclear is not null)
        {
            return Decide(item, PlanAction.Ambiguous, unclear);
        }

        if (same[0].Provider != desired.Definition.Provider)
        {
            var provider = new ConnectionDifference { Property = "provider", Old = same[0].Provider, New = desired.Definition.Provider };
            item.Difference = new JoinedList<ConnectionDifference>([provider]);
            return Decide(item, PlanAction.CannotChange, $"A connection's provider cannot change. {NewName}, or correct its provider.");
        }

        if ((Other("name", read?.ConnectionName, name) ?? Other("provider", read?.Provider, desired.Definition.Provider)) is string reason)
        {
            return Decide(item, PlanAction.Ambiguous, reason);
        }

        return read is null
            ? Decide(
                item, PlanAction.Ambiguous, "The platform lists it without an id, so it can be neither read nor changed. Check it in the platform's web UI.")
            : Compared(item, desired, read);
    }

    /// <summary>What the platform has and the manifest does not name, by name. Called when all others are planned.</summary>
    public IEnumerable<ConnectionPlanItem> Unmanaged() => _listing.Items
        .Where(c => !_named.Contains(c.ConnectionName ?? "") && !_meant.Contains(c))
        .OrderBy(c => c.ConnectionName, StringComparer.Ordinal)
        .Select(c => Decide(
            new ConnectionPlanItem { Name = c.ConnectionName, Provider = c.Provider, Model = c.Model, ConnectionId = c.ConnectionId },
            PlanAction.Unmanaged,
            "The manifest does not name it, so it is not changed."));

    public static IReadOnlyList<ConnectionPlanItem> Ordered(IEnumerable<ConnectionPlanItem> items)
    {
        ConnectionPlanItem[] plan = [.. items.OrderBy(i => (int)i.ActionValue)];
        string summary = PlanSummary.Of(plan);
        foreach (ConnectionPlanItem item in plan)
        {
            item.Summary = summary;
        }

        return plan;
    }

    private ConnectionPlanItem Compared(ConnectionPlanItem item, ManifestConnection desired, Connection read)
    {
        var comparison = new ConnectionDiff(desired, read, _ignoresKeys, leavesKeys: _ignoresKeys);
        item.Before = read;
        item.Parameters = comparison.Parameters;
        item.Difference = new JoinedList<ConnectionDifference>(comparison.Differences);
        item.KeyStateValue = comparison.Key;
        string properties = string.Join(", ", item.Difference.Select(d => TextSanitizer.SingleLine(d.Property, 100)));
        if (item.Difference.Count == 0)
        {
            return Decide(item, PlanAction.InSync, MatchWords(comparison, desired.Unresolved) + KeyWords(item.KeyStateValue, desired.Unresolved));
        }

        if (desired.Definition is CustomApiDefinition custom)
        {
            string? obstacle = comparison.IsOtherShape
                    ? $"{CustomApiSettings.FixedShape} {NewName}."
                : item.Difference.Any(d => d is { Property: "model", New: null })
                    ? $"The API can replace a model, but not remove it. Specify a model in the manifest, or omit the property. {Unchanged}"
                : item.Difference.FirstOrDefault(d => d.Property == "disabled") is ConnectionDifference disabled
                    ? "The API cannot enable or disable a connection. "
                        + $"Use the platform's web UI, or write disabled: {disabled.Old} in the manifest. {Unchanged}"
                : _ignoresKeys ? KeysInHeaders(comparison, read)
                : null;
            if (obstacle is not null)
            {
                return Decide(item, PlanAction.CannotChange, obstacle);
            }

            item.BringsKey = comparison.Parameters.Contains("Header");
            item.RemovedHeaders = [.. comparison.RemovedHeaders.Select(Step).Distinct()];
            item.HidesHeaders = item.BringsKey && !IsReadable(read);
            item.Change = new CustomApiChange(comparison.Sent(custom.Settings), replace: false)
            {
                Model = comparison.Parameters.Contains("Model") ? custom.Model : null,
                Substituted = custom.Substituted,
            };
            item.Missing = [.. desired.Unresolved.Where(u => comparison.Parameters.Contains(u.Parameter))];
            item.SentAgain = new JoinedList<string>(comparison.SentAgain.Select(s => TextSanitizer.SingleLine(s, 200)));
            return Decide(item, PlanAction.Update, $"These differ: {properties}.{SentWords(item)}{(item.BringsKey ? HeaderWords(read) : "")}");
        }

        string[] fixedProperties = [.. item.Difference.Where(d => d.Property != "apiKey").Select(d => d.Property)];
        if (fixedProperties.Length > 0)
        {
            return Decide(
                item,
                PlanAction.CannotChange,
                $"For {item.Provider}, the API can change only the key, not {string.Join(", ", fixedProperties)}. "
                    + $"Use the platform's web UI, or rename the connection in the manifest, which creates a new one. {Unchanged}");
        }

        item.BringsKey = true;
        item.Change = new KeyChange(((NamedProviderDefinition)desired.Definition).ApiKey);
        return Decide(item, PlanAction.ChangeKey, "The key differs: the visible parts of the platform's mask do not match the key in the manifest.");
    }

    /// <summary>Why the id that is listed may be another connection's; null where it is not.</summary>
    private static string? Other(string what, string? read, string listed) => read is null || read == listed ? null
        : $"The platform lists it with this {what}, but returns '{TextSanitizer.SingleLine(SecretMasker.Scrub(read), 100)}' for its id. "
            + "Check both in the platform's web UI.";

    private static ConnectionPlanItem Item(ManifestConnection desired, Connection? found) => new()
    {
        Name = desired.Shown("Name", desired.Definition.Name),
        Provider = desired.Definition.Provider,
        Model = desired.Shown("Model", desired.Definition.Model),
        ConnectionId = found?.ConnectionId,
        File = desired.Entry.File,
        Line = desired.Entry.Location.Line,
        Wanted = desired,
    };

    private static ConnectionPlanItem Decide(ConnectionPlanItem item, PlanAction action, string reason)
    {
        item.ActionValue = action;
        item.Reason = reason;
        return item;
    }

    private static string SentWords(ConnectionPlanItem item) => item.SentAgain.Count == 0 ? ""
        : $" The API replaces headers, payload and variables as a whole, so these are sent again: {string.Join(", ", item.SentAgain)}."
            + (item.KeyStateValue switch
        {
            _ when item.SentAgain.All(s => s.StartsWith(CustomApiFields.PromptVariable.Name + ".", StringComparison.Ordinal)
                || s.StartsWith(CustomApiFields.CustomVariable.Name + ".", StringComparison.Ordinal)) => "",
            KeyLikeness.LikelySame => " The key among them is probably unchanged.",
            KeyLikeness.Unknown => " The platform's mask does not show whether the key among them changes. "
                + "Sync-Connection sends the current key of the reference.",
            _ => "",
        });

    /// <summary>Why the headers cannot be replaced without a key that only the platform has; null where they can, or are not.</summary>
    private static string? KeysInHeaders(ConnectionDiff comparison, Connection read)
    {
        string[] hidden = [.. comparison.RemovedHeaders.Where(h => !h.IsPlain).Select(h => $"header.{TextSanitizer.SingleLine(Step(h), 100)}").Distinct()];
        bool isReadable = !comparison.Parameters.Contains("Header") || IsReadable(read);
        return hidden.Length == 0 && isReadable ? null
            : $"Headers are replaced as a whole, which would remove {(isReadable ? string.Join(", ", hidden) : ShownHeader.Unreadable)}. "
                + "With -IgnoreKeys, no header that may hold a key is removed. "
                + $"{(isReadable ? "List all headers in the manifest, omit" : "Omit")} its property header, or omit -IgnoreKeys. {Unchanged}";
    }

    private static string Step(ShownHeader header) => SecretMasker.Step(header.Name);

    private static bool IsReadable(Connection read) => ShownHeader.All(read, out bool isReadable) is var _ && isReadable;

    private static string HeaderWords(Connection read) => (ShownHeader.All(read, out bool isReadable), isReadable) switch
    {
        (null, _) => " " + ChangePreview.HiddenHeaders(read, "of the manifest", "add them to the manifest"),
        (_, false) => $" {ChangePreview.UnreadableHeaders(read)} Write all of them into the manifest.",
        _ => "",
    };

    private static string MatchWords(ConnectionDiff comparison, IReadOnlyList<UnresolvedReference> unresolved)
    {
        string[] unset = [.. unresolved.Where(u => u.NotCompared is not null).Select(u => $"{u.NotCompared} ({u.Reference})")];
        string[] left = [.. comparison.LeftHeaders.Select(h => $"header.{TextSanitizer.SingleLine(Step(h), 100)}").Distinct()];
        return unset.Length + left.Length == 0 ? "Everything that the platform returns matches."
            : "Everything else matches."
                + (unset.Length == 0 ? "" : $" Not compared, because the variable is not set or empty: {string.Join(", ", unset)}.")
                + (left.Length == 0 ? ""
                    : $" With -IgnoreKeys, headers that the manifest does not list stay if they may hold a key: {string.Join(", ", left)}.");
    }

    private static string KeyWords(KeyLikeness? key, IReadOnlyList<UnresolvedReference> unresolved) => key switch
    {
        KeyLikeness.Unknown when unresolved.Any(u => u.IsKey) =>
            " The key could not be compared: these references have no key here: "
                + $"{string.Join(", ", unresolved.Where(u => u.IsKey).Select(u => u.Reference).Distinct())}.",
        KeyLikeness.LikelySame => " The key is probably the same: the visible parts of its mask match.",
        KeyLikeness.Unknown => " The key could not be compared: its mask shows too little. Use Update-ConnectionKey to replace it.",
        _ => "",
    };

    private static string LooksLike(string name, Connection[] similar)
    {
        if (similar.All(c => FieldText.IsPadded(c.ConnectionName)))
        {
            return $"The platform has {Listed(similar)}, whose name begins or ends with white space, as no manifest can say. "
                + "If you mean that connection, rename it in the platform's web UI.";
        }

        bool isCase = similar.All(c => string.Equals(c.ConnectionName, name, StringComparison.OrdinalIgnoreCase));
        string where = isCase ? "case" : "white space or the composition of accents";
        return $"The platform has {Listed(similar)}, which differs only in {where}. "
            + "If you mean that connection, use its exact name in the manifest. Otherwise choose another name.";
    }

    private static string Listed(IEnumerable<Connection> connections) => string.Join(
        ", ",
        connections.Select(c => $"'{TextSanitizer.SingleLine(c.ConnectionName, 100)}' ({TextSanitizer.SingleLine(c.ConnectionId, 60)})"));
}
