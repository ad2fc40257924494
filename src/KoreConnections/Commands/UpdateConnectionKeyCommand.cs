using System.Security;

namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Update, "ConnectionKey", SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(KeyUpdateResult))]
public sealed class UpdateConnectionKeyCommand : ParallelCmdlet
{
    private readonly List<PendingUpdate> _batch = [];
    private RotationJournal? _report;
    private KeyRotator? _rotation;
    private RotationLimit? _limit;
    private SkippedNames? _skipped;
    private bool _hasTried;

    private string Resume => ReportPath is null ? "Run the command again for the skipped connections" : "To resume, run the command again with the same report";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PromptHelp.InputObject)]
    [Alias("ConnectionId", "Id")]
    [Opaque]
    [ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public object? InputObject { get; set; }

    [Parameter(Position = 1)]
    [KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? ApiKey { get; set; }

    [Parameter]
    [KeyTransformation]
    [ArgumentCompleter(typeof(KeyCompleter))]
    public SecureString? PreviousApiKey { get; set; }

    [Parameter]
    [Opaque]
    public object? Header { get; set; }

    [Parameter]
    [Opaque]
    public object? PreviousHeader { get; set; }

    [Parameter]
    [ValidateNotNull]
    [TextTransformation]
    public string? ProviderUri { get; set; }

    [Parameter]
    public SwitchParameter SkipVerification { get; set; }

    [Parameter]
    [ValidateNotNull]
    [TextTransformation]
    public string? ReportPath { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumFailure { get; set; }

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int BatchSize { get; set; } = 50;

    [Parameter]
    [ValidateRange(0, 86_400)]
    public int DelaySeconds { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private RotationLimit Limit => _limit ??= new RotationLimit(MaximumFailure);

    private protected override string Activity => "Updating keys";

    // A key that was sent and not confirmed is worse than a moment more.
    private protected override bool FinishesWhatIsBegun => true;

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
                Add(PendingUpdate.Refused(row, KoreException.FromUnexpected(e)));
            }

            if (_batch.Count >= BatchSize)
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
        row.FindId(() => Listing);
        string id = Guard.ConnectionId(row.ConnectionId);
        var keys = new KeyResolver(this);
        ConnectionCredential key = row.Key(ApiKey, Header, keys);
        ConnectionCredential? previous = row.PreviousKey(PreviousApiKey, PreviousHeader, keys);
        Begin();
        JournalEntry? recorded = _report?.Find(id);
        var item = new RotationItem(id, key, previous, recorded);
        item.NameIs(row.ConnectionName);
        item.Result.Provider = row.Provider;
        item.Narrow(row.Provider ?? recorded?.Provider);
        _rotation!.Claim(id, item.NewKey);
        if (recorded?.IsDone == true)
        {
            KeyUpdateResult done = PendingUpdate.AsRecorded(item, recorded);
            _rotation.NoteDone(item.NewKey, done.Provider);
            Add(new PendingUpdate(id, null, done));
        }
        else
        {
            if (IsWhatIf)
            {
                _rotation.Preview(item);
            }

            if (!ShouldProcess(item.Result.Shown, "Update the key"))
            {
                return;
            }

            // Of two changes of one connection, the second has to see what the first has done.
            if (_batch.Any(p => p.Target == id))
            {
                RunBatch();
            }

            Add(new PendingUpdate(id, item, item.Result));
        }
    }

    private void Add(PendingUpdate pending) => _batch.Add(pending with { Row = CurrentRow });

    private void Begin()
    {
        if (_rotation is not null)
        {
            return;
        }

        try
        {
            Uri? gateway = Gateway(ProviderUri);
            ConnectionsClient client = Client;
            if (ReportPath is not null)
            {
                _report = RotationJournal.Open(PathInput.Full(this, ReportPath, nameof(ReportPath)), client.BaseUri, IsWhatIf);
            }

            var preparation = new RotationPreparation(client, SkipVerification ? null : Tester, gateway, Force ? null : new KeyOwnership());
            _rotation = new KeyRotator(client, preparation, _report, Limit);
        }
        catch (KoreException e)
        {
            // What is wrong here is wrong for all that follow.
            ThrowTerminatingError(Errors.ToRecord(e, null));
        }
    }

    private void RunBatch()
    {
        RotationItem[] items = _batch.Select(p => p.Item).OfType<RotationItem>().ToArray();
        Limit.Count(_batch.Count(p => p.Item is null && p.Result.IsFailure));
        if (items.Length > 0)
        {
            Verify(items);
        }

        Limit.Judge([.. _batch.Select(p => p.Item is null ? p.Result.Failure : p.Item.Failure)]);
        _batch.ForEach(Run);
        Flush();
        _batch.Clear();
        // Its error comes after the results of its batch, because it is the last.
        if (items.FirstOrDefault(i => Errors.EndsPipeline(i.Failure)) is RotationItem last)
        {
            Fail(last.Failure!, last.ConnectionId, last.Result.Shown);
        }
    }

    private void Verify(RotationItem[] items)
    {
        if (_hasTried && DelaySeconds > 0 && Limit.StopReason is null)
        {
            WriteVerbose($"The next batch starts in {DelaySeconds} s.");
            Await(context => Task.Delay(TimeSpan.FromSeconds(DelaySeconds), context.CancellationToken));
        }

        _hasTried = true;
        if (Limit.StopReason is not null)
        {
            SkippedNames names = _skipped ??= new SkippedNames(Client);
            Await(context => names.AddAsync(items, context));
            return;
        }

        Await(context => _rotation!.PrepareAsync(items, ThrottleLimit, context));
        RotationItem[] ready = [.. items.Where(i => i.Failure is null && !i.IsDone)];
        foreach (string warning in ready.Select(i => i.HeaderWarning).OfType<string>())
        {
            WriteWarning(warning);
        }

        if (ready.Any(i => i.WayBack is null))
        {
            WarnOnce(
                "If a change cannot be confirmed, the previous key cannot be restored, because the platform never shows it. "
                    + "To allow this, use -PreviousApiKey (for custom APIs, -PreviousHeader).");
        }
    }

    private protected override void OnLast()
    {
        int left = _batch.Count(p => p.Item is { IsBegun: false, IsDone: false, Failure: null, Result.OutcomeValue: not KeyUpdateOutcome.Failed });
        if (left > 0)
        {
            WriteWarning($"The rotation ended before {Phrases.Count(left, "connection")} of its batch could be attempted. {Resume}.");
        }
    }

    private void Run(PendingUpdate pending)
    {
        CurrentRow = pending.Row;
        KeyUpdateResult result = pending.Result;
        if (pending.Item is RotationItem item)
        {
            KeyRotator rotation = _rotation!;
            Start(
                item.ConnectionId,
                "Update",
                context => rotation.ChangeAsync(item, context),
                Emit,
                changed => Errors.EndsPipeline(item.Failure)
                    || (changed.OutcomeValue == KeyUpdateOutcome.Unconfirmed && !Errors.EndsPipeline(changed.Failure))
                    ? null : changed.Failure,
                changed => changed.Summary,
                result.Shown);
        }
        else if (result.Failure is KoreException failure && Errors.EndsPipeline(failure))
        {
            Prepare(() => pending.Target, () => throw failure, () => pending.Label);
        }
        else
        {
            Start(pending.Target, null, _ => Task.FromResult(result), Emit, known => known.Failure, label: pending.Label);
        }
    }

    private void Emit(KeyUpdateResult result)
    {
        Count(result.Outcome);
        if (result.OutcomeValue == KeyUpdateOutcome.Skipped && Limit.StopReason is string stopped)
        {
            WarnOnce($"The remaining connections are skipped: {stopped}. {Resume}.");
        }

        WriteOwn(result);
        if (result is { IsUnrecorded: true, IsSent: true })
        {
            WriteWarning($"The report is incomplete for {result.Shown} ({result.Outcome}). {result.Reason}");
        }

        if (result.KeyElsewhere is string elsewhere)
        {
            WriteWarning(elsewhere);
        }

        if (result is { OutcomeValue: KeyUpdateOutcome.Unconfirmed, Failure: KoreException failure })
        {
            WriteWarning($"{result.Shown} may or may not have the new key. {failure.Message} {failure.RecommendedAction}");
        }
    }
}
