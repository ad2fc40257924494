namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Sync, "Connection", SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ConnectionPlanItem))]
public sealed class SyncConnectionCommand : PlanCmdlet
{
    private PlanExecutor? _executor;
    private readonly List<ConnectionPlanItem> _left = [];
    private Uri? _gateway;
    private ModelWarnings? _models;

    [Parameter]
    public SwitchParameter VerifyKey { get; set; }

    [Parameter, ValidateNotNull, TextTransformation]
    public string? ProviderUri { get; set; }

    private protected override string Activity => "Synchronizing connections";

    private protected override bool IsApplied => true;

    private protected override IEnumerable<string> NotStarted => IsWhatIf ? [] : _left.Select(i => i.Name ?? "");

    protected override void EndProcessing() => Attempt(null, () =>
    {
        _gateway = Gateway(ProviderUri, VerifyKey);
        base.EndProcessing();
    });

    private protected override void Handle(IReadOnlyList<ConnectionPlanItem> plan)
    {
        if (!HasKeys(plan))
        {
            return;
        }

        WarnOfRemovedHeaders(plan);
        _models = new ModelWarnings(this);
        if (!VerifyKey || IsWhatIf)
        {
            WarnOfModels(plan);
        }

        foreach (ConnectionPlanItem item in plan.Where(i => i.ActionValue is PlanAction.Create or PlanAction.Update))
        {
            WarnOf(item.Name, item.Wanted!.Remarks());
        }

        _executor = new PlanExecutor(Client, Before!, VerifyKey ? Tester : null, _gateway);
        _left.AddRange(plan.Where(i => i.ActionValue <= PlanAction.ChangeKey));
        foreach (ConnectionPlanItem item in plan.Where(i => i.ActionValue == PlanAction.Create))
        {
            string model = item.Model is null ? "" : ", " + TextSanitizer.SingleLine(item.Model, 100);
            Apply(item, $"Create connection ({item.Provider}{model})");
        }

        // Everything is created before anything that exists is changed.
        Flush();
        foreach (ConnectionPlanItem item in plan.Where(i => i.ActionValue is PlanAction.Update or PlanAction.ChangeKey))
        {
            Apply(item, item.ActionValue == PlanAction.ChangeKey ? "Change the key" : ChangeText(item));
        }

        Flush();
        // Those whose providers were not asked.
        WarnOfModels(plan.Where(i => i.Lifecycle is null));
        WarnOfNames([.. plan.Select(StillDifferent).OfType<string>()], names =>
            $"The platform accepted the changes, but its responses still show other values for {names}. "
                + "The changes may not have been stored. To see what differs, use Compare-Connection.");
        // Without it, a platform whose masks are of another kind gets the same keys with every run, and nobody learns of it.
        WarnOfNames([.. plan.Where(HasOtherMask).Select(i => $"'{TextSanitizer.SingleLine(i.Name, 100)}'")], names =>
            $"The platform accepted new keys for {names}, but its masks do not match them. "
                + "The keys may not have been stored, and the next plan will show the same difference. "
                + "Test the keys with Test-ConnectionKey, and try the connections in an agent.");
        foreach (ConnectionPlanItem item in plan.Where(i => i.ActionValue > PlanAction.ChangeKey))
        {
            // Where nothing is applied, it is the plan of Compare-Connection.
            Emit(item, IsWhatIf ? null : item.ActionValue is PlanAction.CannotChange or PlanAction.Ambiguous ? SyncOutcome.Skipped : SyncOutcome.Unchanged);
        }

        if (!IsWhatIf)
        {
            WriteInformation(PlanSummary.OfOutcome([.. plan]));
        }
    }

    private void WarnOfModels(IEnumerable<ConnectionPlanItem> items)
    {
        foreach (ConnectionPlanItem item in items.Where(i => i.Wanted is not null))
        {
            _models!.Warn(item.Wanted!.Definition, item.ActionValue == PlanAction.Create);
        }
    }

    /// <summary>Whether every key that will be sent is there; nothing is written when one is missing.</summary>
    private bool HasKeys(IReadOnlyList<ConnectionPlanItem> plan)
    {
        UnresolvedReference[] missing =
        [
            .. plan.Where(i => i.ActionValue <= PlanAction.ChangeKey)
                .SelectMany(i => VerifyKey && i.BringsKey ? i.Wanted!.Unresolved : i.Missing),
        ];
        if (missing.Length > 0 && IsWhatIf)
        {
            string references = Phrases.FirstOf([.. missing.Select(m => m.Reference).Distinct()]);
            WriteWarning($"Without -WhatIf, nothing would be changed, because required keys are missing: {references}.");
            return true;
        }

        ManifestInput.Report(this, missing.Select(m => m.Problem));
        return missing.Length == 0;
    }

    private static bool HasOtherMask(ConnectionPlanItem item) => item is
    {
        ActionValue: PlanAction.Update or PlanAction.ChangeKey,
        OutcomeValue: SyncOutcome.Done,
        BringsKey: true,
        KeyStateValue: KeyLikeness.Different,
    };

    // Of a key that has another mask, there is a warning apart.
    private static string? StillDifferent(ConnectionPlanItem item) => Listed(
        item,
        [.. item.StillDifferent.Where(p => !HasOtherMask(item) || !(p == "apiKey" || p.StartsWith("header.", StringComparison.Ordinal)))]);

    private static string ChangeText(ConnectionPlanItem item)
    {
        string sentAgain = item.SentAgain.Count == 0 ? "" : $" (sent again: {string.Join(", ", item.SentAgain)})";
        string[] removed = [.. item.RemovedHeaders.Select(h => $"header.{h}")];
        IEnumerable<string> changes = item.Difference.Select(d => d.Property).Except(removed)
            .Concat(removed.Select(h => $"{h} is removed"))
            .Concat(item.HidesHeaders ? [ChangePreview.CannotBeRead] : []);
        return TextSanitizer.SingleLine($"Change: {string.Join(", ", changes)}{sentAgain}");
    }

    private void Apply(ConnectionPlanItem item, string action)
    {
        if (_executor!.Refusal(item, IsRehearsed) is not null)
        {
            _left.Remove(item);
            Start(item.Name, null, _ => Task.FromResult(item), refused => Emit(refused, SyncOutcome.Failed), refused => refused.Failure);
            return;
        }

        bool isApplied = ShouldProcess(item.Name, action);
        _left.Remove(item);
        PlanExecutor executor = _executor;
        if (isApplied || IsWhatIf)
        {
            executor.Note(item);
        }

        if (!isApplied)
        {
            Result(item.Name, () => Emit(item, IsWhatIf ? null : SyncOutcome.Skipped));
            return;
        }

        Start(
            item.Name,
            item.ActionValue == PlanAction.Create ? "Create" : "Change",
            context => executor.RunAsync(item, context),
            done =>
            {
                _models!.Warn(done.Lifecycle, done.Provider, done.ActionValue == PlanAction.Create);
                Emit(done, done.OutcomeValue);
            },
            done => done.Failure);
    }

    private void Emit(ConnectionPlanItem item, SyncOutcome? outcome)
    {
        item.OutcomeValue = outcome;
        if (outcome is { } came and not SyncOutcome.Unchanged)
        {
            Count(came != SyncOutcome.Done ? $"{came}" : item.ActionValue == PlanAction.Create ? "created" : "changed");
        }

        WriteOwn(item);
    }
}
