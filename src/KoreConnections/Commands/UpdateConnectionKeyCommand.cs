namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Update, "ConnectionKey", SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeyUpdateResult))]
public sealed class UpdateConnectionKeyCommand : ParallelCmdlet
{
    private RotationJournal? _report;
    private KeyRotator? _rotation;
    private Queue<RotationItem> _ready = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject)]
    [Alias("ConnectionId", "Id"), Opaque, ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public object? InputObject { get; set; }

    [Parameter(Position = 1), KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter, KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? PreviousApiKey { get; set; }

    [Parameter, Opaque]
    public object? Header { get; set; }

    [Parameter, Opaque]
    public object? PreviousHeader { get; set; }

    [Parameter, ValidateNotNull, TextTransformation]
    public string? ProviderUri { get; set; }

    [Parameter]
    public SwitchParameter SkipVerification { get; set; }

    [Parameter, ValidateNotNull, TextTransformation(IsPath = true)]
    public string? ReportPath { get; set; }

    [Parameter, ValidateRange(0, int.MaxValue)]
    public int MaximumFailure { get; set; }

    [Parameter, ValidateRange(1, 10_000)]
    public int BatchSize { get; set; } = 50;

    [Parameter, ValidateRange(0, 86_400)]
    public int DelaySeconds { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private RotationLimit Limit => field ??= new RotationLimit(MaximumFailure);

    private RotationBatches Batches => field ??= new RotationBatches(Limit, BatchSize, TimeSpan.FromSeconds(DelaySeconds));

    private protected override string Activity => "Updating keys";

    // A key that was sent and not confirmed is worse than a moment more.
    private protected override bool FinishesWhatIsBegun => true;

    private protected override string Remedy =>
        ReportPath is null ? "Run the command again for the skipped connections." : "To resume, run the command again with the same report.";

    private protected override IEnumerable<string> NotStarted =>
        _ready.Concat(Batches.Items).Where(i => !i.IsEnded || EndsRotation(i)).Select(i => i.Result.Shown);

    protected override void ProcessRecord()
    {
        foreach (object? item in Rows(InputObject))
        {
            ConnectionInput? row = null;
            try
            {
                row = new ConnectionInput(item);
                Collect(row);
            }
            catch (Exception e) when (Errors.IsOfItem(e))
            {
                Batches.Items.Add(RotationItem.Refused(
                    row?.Target, row?.ConnectionId, row?.ShownName, row?.Provider, KoreException.FromUnexpected(e), CurrentRow));
            }

            if (Batches.IsFull)
            {
                RunBatch();
            }
        }
    }

    protected override void EndProcessing()
    {
        RunBatch();
        if (_rotation?.ReportFailure is KoreException failure)
        {
            // The rows say what became of the keys; that the report does not is an error of its own.
            Fail(failure, ReportPath);
        }

        base.EndProcessing();
    }

    private protected override void Close()
    {
        base.Close();
        _report?.Dispose();
    }

    private void Collect(ConnectionInput row)
    {
        RequireSessionOf(row.Platform);
        bool mayBeOther = row is { ConnectionId: not null, Platform: null } and not { ConnectionName: null, Provider: null };
        row.FindId(() => Listing);
        string id = row.RequireId();
        var keys = new KeyResolver(this);
        ConnectionCredential key = row.Key(ApiKey, Header, keys);
        ConnectionCredential? previous = row.PreviousKey(PreviousApiKey, PreviousHeader, keys);
        // Of two rows for one connection, the second has to see what the first has done.
        if (Batches.Holds(id))
        {
            int? number = CurrentRow;
            RunBatch();
            CurrentRow = number;
        }

        RotationItem item = Begin().Take(id, row.ConnectionName, row.Provider, key, previous, CurrentRow);
        if (!item.IsEnded)
        {
            if (IsWhatIf)
            {
                _rotation!.Preview(item, mayBeOther && TryListing(NotCompared) is ConnectionList all ? NameLookup.OfId(all, id, row.ConnectionName) : null);
            }

            if (!ShouldProcess(item.Result.Shown, "Update the key"))
            {
                return;
            }
        }

        Batches.Items.Add(item);
    }

    private KeyRotator Begin()
    {
        try
        {
            return _rotation ??= NewRotation();
        }
        catch (KoreException e)
        {
            // What is wrong here is wrong for all that follow.
            ThrowTerminatingError(Errors.ToRecord(e, null));
            throw;
        }
    }

    private KeyRotator NewRotation()
    {
        Uri? gateway = Gateway(ProviderUri);
        ConnectionsClient client = Client;
        if (ReportPath is not null)
        {
            string path = PathInput.Full(this, ReportPath, nameof(ReportPath));
            _report = Stoppable(stop => RotationJournal.Open(path, client.BaseUri, IsWhatIf, stop));
        }

        var preparation = new RotationPreparation(client, SkipVerification ? null : Tester, gateway, Force ? null : new KeyOwnership());
        return new KeyRotator(client, preparation, _report, Limit);
    }

    private void RunBatch()
    {
        (IReadOnlyList<RotationItem> items, string? stopReason) = Await(context => Batches.PrepareAsync(_rotation, ThrottleLimit, context));
        if (stopReason is null)
        {
            WarnBefore([.. items.Where(i => i is { IsEnded: false, IsDone: false, Result.Failure: null })]);
        }

        _ready = new Queue<RotationItem>(items);
        while (_ready.Count > 0)
        {
            RotationItem item = _ready.Dequeue();
            KoreException? known = item.Result.Failure;
            Run(item);
            if (known is not null && IsLast(known))
            {
                Flush();
            }
        }

        Flush();
        // Its error comes after the results of its batch, because it is the last.
        if (items.FirstOrDefault(EndsRotation) is RotationItem last)
        {
            Fail(last.Result.Failure!, last.ConnectionId, last.Result.Shown);
        }
    }

    private void WarnBefore(RotationItem[] ready)
    {
        WriteWarnings(ready.Select(i => i.HeaderWarning));
        if (ready.Any(i => i.RollbackChange is null))
        {
            WarnOnce(
                "If a change cannot be confirmed, the previous key cannot be restored, because the platform never shows it. "
                    + "To allow this, use -PreviousApiKey (for custom APIs, -PreviousHeader).");
        }
    }

    /// <summary>Whether it could not be begun because of what all that follow would fail of, too.</summary>
    private static bool EndsRotation(RotationItem item) => !item.IsBegun && Errors.EndsPipeline(item.Result.Failure);

    private void Run(RotationItem item)
    {
        CurrentRow = item.Row;
        KeyUpdateResult result = item.Result;
        if (!item.IsEnded)
        {
            Start(
                item.Target,
                "Update",
                context => _rotation!.ChangeAsync(item, context),
                Emit,
                changed => EndsRotation(item)
                    || (changed.OutcomeValue == KeyUpdateOutcome.Unconfirmed && !Errors.EndsPipeline(changed.Failure))
                    ? null : changed.Failure,
                changed => changed.Summary,
                result.Shown);
        }
        else if (EndsRotation(item))
        {
            Prepare(() => item.Target, () => throw result.Failure!, () => item.Label);
        }
        else
        {
            Start(item.Target, null, _ => Task.FromResult(result), Emit, known => known.Failure, label: item.Label);
        }
    }

    private void Emit(KeyUpdateResult result)
    {
        Count(result.Outcome);
        if (result.OutcomeValue == KeyUpdateOutcome.Skipped && Limit.StopReason is string stopped)
        {
            WarnOnce($"The remaining connections are skipped: {stopped}. {Remedy}");
        }

        WriteOwn(result);
        WriteWarnings(
            result is { IsUnrecorded: true, IsSent: true } ? $"The report is incomplete for {result.Shown} ({result.Outcome}). {result.Reason}" : null,
            result.KeyElsewhere,
            result is { OutcomeValue: KeyUpdateOutcome.Unconfirmed, Failure: KoreException failure }
                ? $"{result.Shown} may or may not have the new key. {failure.Message} {failure.RecommendedAction}"
                : null);
    }
}
