namespace KoreConnections.Commands;

/// <summary>A cmdlet that examines connections by rules: all of the platform, or those that are given.</summary>
public abstract class ExaminingCmdlet : ParallelCmdlet
{
    private readonly List<ExaminedConnection> _given = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private bool _isManifestEmpty;
    private int _unresolvedKeys;

    public abstract object? InputObject { get; set; }

    [Parameter, ValidateNotNull, SupportsWildcards, TextTransformation]
    [ArgumentCompleter(typeof(IssueRuleCompleter))]
    public string[]? Rule { get; set; }

    [Parameter, ValidateNotNull, SupportsWildcards, TextTransformation]
    [ArgumentCompleter(typeof(IssueRuleCompleter))]
    public string[]? ExcludeRule { get; set; }

    [Parameter]
    public IssueSeverity MinimumSeverity { get; set; } = IssueSeverity.Information;

    [Parameter, ValidateRange(0, 3650)]
    public int WithinDays { get; set; } = ModelLifecycle.SoonDays;

    [Parameter, ValidateRange(0, 3650)]
    public int MaximumKeyAgeDays { get; set; } = 90;

    [Parameter, ValidateNotNull, SupportsWildcards, PathTransformation]
    [ArgumentCompleter(typeof(ManifestPathCompleter))]
    public string[]? ManifestPath { get; set; }

    [Parameter]
    public SwitchParameter VerifyKey { get; set; }

    [Parameter, ValidateNotNull, TextTransformation]
    public string? ProviderUri { get; set; }

    [Parameter, DateTransformation]
    public DateTime? AsOf { get; set; }

    private protected override string Activity => "Examining connections";

    protected override void ProcessRecord()
    {
        foreach (object? item in InputObject is null ? [] : Rows(InputObject, warns: false))
        {
            string? target = null;
            Prepare(() => target, () =>
            {
                ExaminedConnection connection = Given(item!, ref target);
                if (_ids.Add(connection.Listed.ConnectionId!))
                {
                    _given.Add(connection);
                }
            });
        }
    }

    /// <summary>The findings that were piped: their connections are examined again.</summary>
    private protected List<ConnectionIssue> PipedIssues { get; } = [];

    // What was piped in is all that is meant, be it nothing.
    private bool IsNarrowed => MyInvocation.ExpectingInput || InputObject is not null;

    private protected bool IsNarrowedToNothing => IsNarrowed && _given.Count == 0;

    private protected virtual bool NeedsDetails(Connection listed, IReadOnlyList<IssueRule> rules) => rules.Any(r => r.NeedsDetails(listed));

    private protected Examination Examine()
    {
        IReadOnlyList<IssueRule> rules = ChooseRules();
        if (VerifyKey && ManifestPath is null)
        {
            throw Guard.Invalid(
                nameof(VerifyKey), "tests the keys that a manifest refers to. Use -ManifestPath with it. To test a single key, use Test-ConnectionKey.");
        }

        if (AsOf is { Year: int year } && !ServerClock.IsTime(year))
        {
            throw Guard.Invalid(nameof(AsOf), $"is in the year {year}, which is out of range. Specify a date from 1971 to 8999.");
        }

        Uri? gateway = Gateway(ProviderUri, VerifyKey);
        IReadOnlyList<ManifestConnection>? manifest = ManifestPath is null ? null : ReadManifest(ManifestPath);
        var gaps = new List<string>();
        ConnectionList? listing = !IsNarrowed ? List() : manifest is null ? null : Listing;
        if (listing?.IsWhole == false && !IsNarrowed)
        {
            gaps.Add($"Not every connection was examined: {listing.Shortfall}.");
            WriteWarning(gaps[0]);
        }

        List<ExaminedConnection> connections = IsNarrowed ? _given : [.. listing!.Items.Select(c => new ExaminedConnection(c))];
        ManifestPlan? plan = manifest is null ? null : new ManifestPlan(manifest, listing!, connections, IsNarrowed);
        Read(
            [.. connections.Where(c => c.Details is null && (c.Listed.Provider is null || NeedsDetails(c.Listed, rules) || plan?.NeedsDetails(c) == true))],
            gaps);
        IReadOnlyList<ConnectionPlanItem>? items = null;
        Attempt(null, () => items = plan?.Make());
        if (ManifestPath is not null && items is null)
        {
            gaps.Add("The manifest was not compared with the platform because one of them could not be read completely.");
        }
        else if (_isManifestEmpty && (VerifyKey || rules.Contains(StateRules.Drift)))
        {
            // No drift found must not mean that there was nothing to find it by.
            string empty = "The manifest has no connections, so nothing was compared with it";
            gaps.Add($"{empty}.");
            WriteWarning($"{empty}. Correct its path, or add its connections.");
        }

        DateTime asOf = AsOf is { Kind: DateTimeKind.Utc } utc ? utc.ToLocalTime() : AsOf ?? DateTime.Now;
        if (VerifyKey && items is not null)
        {
            TestKeys(connections, items, gateway, asOf.Date);
        }

        if (_unresolvedKeys > 0)
        {
            gaps.Add($"Not every key was tested: {Phrases.Count(_unresolvedKeys, "reference")} of the manifest could not be resolved.");
        }
        else if (gaps.Count == 0 && Failures > 0)
        {
            // No error may end in an all-clear.
            gaps.Add($"Not everything was examined: {Phrases.Count(Failures, "error")} occurred. The messages of the command name what is missing.");
        }

        if (KeyRules.Gap(connections) is string unverified)
        {
            gaps.Add(unverified);
            WriteWarning($"{unverified} Test-ConnectionKey shows the reason for one of them.");
        }

        if (VerifyKey && items is not null && KeyRules.Untested(connections) is string untested)
        {
            gaps.Add(untested);
            WriteWarning($"{untested} Add the connections to the manifest with references to their keys, or use Test-ConnectionKey.");
        }

        var context = new IssueContext(asOf, WithinDays, MaximumKeyAgeDays) { VerifiesKeys = VerifyKey && items is not null, Plan = items };
        context.Learn(connections);
        connections = [.. connections.Where(c => !c.IsAbsent)];
        return new Examination(
            connections, rules, [.. IssueRules.Find(rules, connections, context).Where(i => i.SeverityValue >= MinimumSeverity)], context, gaps)
        {
            MinimumSeverity = MinimumSeverity,
        };
    }

    private IssueRule[] ChooseRules()
    {
        HashSet<string>? chosen = Rule is null ? null : Named(Rule, nameof(Rule));
        HashSet<string> left = Named(ExcludeRule ?? [], nameof(ExcludeRule));
        IssueRule[] rules = [.. IssueRules.All.Where(r => chosen?.Contains(r.Id) != false && !left.Contains(r.Id))];
        // Nothing found must not mean that nothing was looked for.
        var possible = new IssueContext(default, 0, 0) { VerifiesKeys = VerifyKey, Plan = ManifestPath is null ? null : [] };
        IssueRule[] idle = [.. rules.Where(r => !r.IsPossible(possible))];
        return chosen?.Count == 0
                ? throw Guard.Invalid(nameof(Rule), "is empty, so nothing would be examined. Specify at least one rule, or omit -Rule.")
            : rules.Length == 0
                ? throw Guard.Invalid(nameof(ExcludeRule), "leaves no rule to apply, so nothing would be examined. Exclude fewer rules.")
            : idle.Length < rules.Length && !idle.Any(r => Rule?.Contains(r.Id, StringComparer.OrdinalIgnoreCase) == true) ? rules
            : throw KoreException.InvalidInput(
                nameof(Rule),
                $"Each of these rules needs a manifest or its keys: {string.Join(", ", idle.Select(r => r.Id))}. "
                    + "Use -ManifestPath with Drift, and -VerifyKey beside it with KeyRejected and KeyUnverified.");
    }

    private static HashSet<string> Named(IEnumerable<string?> patterns, string parameter)
    {
        string[] all = [.. IssueRules.All.Select(r => r.Id)];
        return [.. patterns.SelectMany(Matches)];

        string[] Matches(string? pattern)
        {
            string[] matches = NamePattern.Find(all, r => r, Guard.NotEmpty(pattern, parameter).Trim());
            if (matches.Length > 0)
            {
                return matches;
            }

            string given = SecretMasker.Quote(pattern!);
            string hint = SpellingSuggestion.Of(pattern!, all) is string name ? $"Did you mean {name}? You specified '{given}'."
                : $"No rule is called '{given}'.";
            throw Guard.Invalid(parameter, $"does not match any rule. {hint} The rules are {string.Join(", ", all)}.");
        }
    }

    private ExaminedConnection Given(object input, ref string? target)
    {
        if (PSValueConverter.Unwrap(input) is Connection { ConnectionId: not null } connection)
        {
            target = connection.ConnectionId;
            RequireSessionOf(connection.Platform);
            bool isRead = connection.Fields is not null || ActualValues.Of(connection, CustomApiFields.EndpointUrl) is not null;
            return new ExaminedConnection(connection) { Details = isRead ? connection : null };
        }

        if (PSValueConverter.Unwrap(input) is ConnectionIssue issue)
        {
            PipedIssues.Add(issue);
        }

        // Of anything else only the id is taken, and the platform is asked: a copy may be old.
        var row = new ConnectionInput(input);
        target = row.Target;
        RequireSessionOf(row.Platform);
        row.FindId(() => Listing);
        return new ExaminedConnection(new Connection { ConnectionId = row.RequireId() });
    }

    private IReadOnlyList<ManifestConnection>? ReadManifest(string[] paths)
    {
        // That a connection does not exist shows without its keys and values.
        HashSet<string> given = !IsNarrowed ? [] : [.. Listing.Items
            .Where(c => c.ConnectionName is not null && _ids.Contains(c.ConnectionId ?? ""))
            .Select(c => SingleLine.Comparable(c.ConnectionName!))];
        bool IsMeant(ManifestEntry entry) => !IsNarrowed || given.Contains(SingleLine.Comparable(entry.Name ?? ""));

        // A key that is not here is not compared.
        var input = new ManifestInput(this, opensVaults: true) { AllowsUnresolved = true, IsMeant = IsMeant, NeedsValues = IsMeant };
        input.Find(paths, nameof(ManifestPath));
        // What is wrong is reported; the rules that need no manifest find what they find.
        IReadOnlyList<ManifestConnection>? connections = input.ReadOrReport();
        _isManifestEmpty = connections is not null && input.Count == 0;
        if (VerifyKey)
        {
            // Only what verifies keys needs them. All else is found without.
            ManifestProblem[] keys = [.. (connections ?? []).SelectMany(c => c.Unresolved).Where(u => u.IsKey).Select(u => u.Problem)];
            _unresolvedKeys = keys.Length;
            ManifestInput.Report(this, keys);
        }

        return connections;
    }

    private void Read(ExaminedConnection[] connections, List<string> gaps)
    {
        foreach (ExaminedConnection connection in connections)
        {
            Connection listed = connection.Listed;
            string? label = ItemLabel.Named(listed.ConnectionName, listed.ConnectionId);
            Prepare(() => listed.ConnectionId, () =>
            {
                ConnectionsClient client = Client;
                string id = Guard.ConnectionId(listed.ConnectionId);
                Start(id, null, context => connection.ReadAsync(client, id, context), _ => Count("read"), label: label);
            }, () => label);
        }

        Flush();
        ExaminedConnection[] gone = [.. connections.Where(c => c.IsAbsent && c.Listed.Provider is not null)];
        if (gone.Length > 0)
        {
            gaps.Add($"The platform no longer has {Phrases.Count(gone.Length, "connection")} that it listed, so this page leaves out {Names(gone)}.");
        }

        ExaminedConnection[] unread = [.. connections.Where(c => c.Details is null).Except(gone)];
        if (unread.Length > 0)
        {
            // An id that somebody gave may be no connection's.
            string names = Names(unread.Where(c => c.Listed.ConnectionName is not null)) is { Length: > 0 } listed ? $" ({listed})" : "";
            gaps.Add($"{Phrases.Count(unread.Length, "connection")} could not be read by id{names}, so not all settings were examined.");
        }
    }

    private static string Names(IEnumerable<ExaminedConnection> named) => Phrases.FirstOf([.. named.Select(c => c.Listed.Shown)]);

    private void TestKeys(IEnumerable<ExaminedConnection> connections, IEnumerable<ConnectionPlanItem> items, Uri? gateway, DateTime day)
    {
        KeyTester tester = Tester;
        var owners = new KeyOwnership();
        ILookup<string?, ConnectionPlanItem> byId = items.Where(i => i.Wanted is not null).ToLookup(i => i.ConnectionId);
        foreach (ExaminedConnection connection in connections)
        {
            try
            {
                ConnectionPlanItem? item = connection.Listed.ConnectionId is string listed ? byId[listed].FirstOrDefault() : null;
                if (item?.Wanted!.Unresolved is [UnresolvedReference missing, ..])
                {
                    connection.NotTested = $"The manifest's key was not found: {missing.Problem.Message}";
                }
                else if (item?.ProbeActual(gateway) is KeyProbe probe)
                {
                    owners.Claim(probe);
                    connection.IsOtherTested = probe.Reference != ModelReference.Of(connection.Snapshot);
                    Start(item.ConnectionId, null, context => tester.TestAsync(probe, context, day, WithinDays), test => connection.KeyTest = test);
                }
            }
            catch (KoreException e)
            {
                connection.NotTested = e.Message;
            }
        }

        Flush();
    }
}
