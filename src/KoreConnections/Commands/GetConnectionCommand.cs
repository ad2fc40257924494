namespace KoreConnections.Commands;

[Cmdlet(VerbsCommon.Get, "Connection", DefaultParameterSetName = ListSet, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(Connection))]
public sealed class GetConnectionCommand : ParallelCmdlet
{
    private const string ListSet = "List";
    private const string IdSet = "Id";

    // As IdSet, for -Detailed beside what is piped, which is read in detail anyway.
    private const string RowSet = "Row";

    [Parameter(Position = 0, ParameterSetName = ListSet)]
    [ValidateNotNull] // a variable without a value is no wish for all
    [SupportsWildcards, TextTransformation, ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[]? Name { get; set; }

    [Parameter(ParameterSetName = ListSet), ValidateNotNull, TextTransformation]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    public string? Provider { get; set; }

    [Parameter(ParameterSetName = ListSet), ValidateNotNull, TextTransformation]
    [ArgumentCompleter(typeof(StatusCompleter))]
    public string? Status { get; set; }

    [Parameter(ParameterSetName = ListSet)]
    public int? Limit { get; set; }

    [Parameter(ParameterSetName = ListSet)]
    [Parameter(ParameterSetName = RowSet)]
    public SwitchParameter Detailed { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ConnectionId)]
    [Alias("Id"), AllowEmptyString, ConnectionIdTransformation, ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public string[]? ConnectionId { get; set; }

    /// <summary>A piped connection or row, whose name is looked up where it has no id.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipeline = true, DontShow = true)]
    [Parameter(Mandatory = true, ParameterSetName = RowSet, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject, DontShow = true)]
    [ItemLabel]
    public object? InputObject { get; set; }

    private protected override string Activity => "Reading connections";

    protected override void ProcessRecord()
    {
        if (ParameterSetName == ListSet)
        {
            Attempt(null, List);
            return;
        }

        foreach ((string?[] ids, string? id, object? label) in Labelled(InputObject, ParameterSetName == RowSet ? null : ConnectionId))
        {
            Prepare(() => ItemLabel.TargetOf(label, id), () =>
            {
                ItemLabel.RefuseUnknown(label, id);
                string? name = ItemLabel.NameWithoutId(label, id);
                Read(name is null ? ids : [NameLookup.Find(Listing, name).ConnectionId], platform: ItemLabel.PlatformOf(label, id), label: label);
            });
        }
    }

    private void Read(IEnumerable<string?> ids, ListFilter? filter = null, string? platform = null, object? label = null)
    {
        foreach (string? id in ids)
        {
            Read(id, connection => Emit(connection, filter), platform, ItemLabel.Of(label, id));
        }
    }

    private void Emit(Connection connection, ListFilter? filter)
    {
        Count("read");
        if (filter?.Matches(connection) != false)
        {
            WriteObject(connection);
        }
    }

    /// <summary>Reads ids at the place of names. For a name of that form all are listed, but only where nothing has the id.</summary>
    private void ReadIdsOrNames(IEnumerable<string> texts, ListFilter filter)
    {
        ConnectionsClient client = Client;
        RequestContext call = NewContext();
        var listing = new Lazy<Task<ConnectionList>>(() => client.ListAsync(null, call));
        foreach (string text in texts)
        {
            Start(text, null, context => ReadAsync(text, context), read => Array.ForEach(read, connection => Emit(connection, filter)));
        }

        async Task<Connection[]> ReadAsync(string text, RequestContext context)
        {
            try
            {
                return [await client.GetAsync(text, context).ConfigureAwait(false)];
            }
            catch (KoreException e) when (e.Kind == KoreErrorKind.ConnectionNotFound && !text.Any(char.IsUpper))
            {
                ConnectionList list = await listing.Value.ConfigureAwait(false);
                string[] ids = [.. list.Items.Where(c => c.ConnectionName == text).Select(c => c.ConnectionId).OfType<string>()];
                if (ids.Length == 0)
                {
                    throw;
                }

                var found = new List<Connection>(ids.Length);
                foreach (string id in ids)
                {
                    found.Add(await client.GetAsync(id, context).ConfigureAwait(false));
                }

                return [.. found];
            }
        }
    }

    private void List()
    {
        var filter = new ListFilter { Provider = Provider, Status = Status, Limit = Limit };
        filter.Validate();
        Array.ForEach(Name ?? [], name => Guard.NotEmpty(name, nameof(Name)));
        if (Name is { Length: > 0 } && Name.All(IsWholeId))
        {
            ReadIdsOrNames(Name.Take(Limit ?? int.MaxValue), filter);
            return;
        }

        // The limit is on what comes out, not on what is looked for in.
        filter.Limit = Name is null ? Limit : null;
        ConnectionList list = ListRows(filter);
        // What is listed without a name is read, but not found by one.
        bool isWhole = Name is null ? list.IsWhole : list.ShowsAllNames;
        if (!isWhole && !(list.Items.Count >= filter.Limit))
        {
            WriteWarning($"The listing is incomplete: {list.Shortfall}.");
        }

        WarnOfUnknown(list, nameof(Provider), Provider, ApiValues.Providers);
        WarnOfUnknown(list, nameof(Status), Status, ApiValues.StatusFilters, ApiValues.CustomApiStatuses);
        foreach (Connection connection in (Name is null ? list.Items : Find(list)).Take(Limit ?? int.MaxValue))
        {
            if ((Detailed || connection.ConnectionName is null) && connection.ConnectionId is string id)
            {
                Read([id], filter);
            }
            else
            {
                WriteObject(connection);
            }
        }
    }

    private List<Connection> Find(ConnectionList list)
    {
        var found = new List<Connection>();
        var seen = new HashSet<Connection>();
        foreach (string name in Name!)
        {
            Attempt(name, () => found.AddRange(IsId(list, name)
                ? [new Connection { ConnectionId = name }]
                : NameLookup.Matching(list, name, Provider, Status).Where(seen.Add)));
        }

        return found;
    }

    // As the platform makes them: hardly anybody names a connection so, and no listing is needed to know.
    private static bool IsWholeId(string name) => name.StartsWith("cn-", StringComparison.Ordinal) && Guid.TryParseExact(name.Substring(3), "D", out _);

    // A shorter id where names belong is read as an id, unless it is somebody's name.
    private static bool IsId(ConnectionList list, string name) =>
        name.StartsWith("cn-", StringComparison.OrdinalIgnoreCase) && name.IndexOfAny(['*', '?', '[']) < 0 && list.Items.All(c => c.ConnectionName != name);
}
