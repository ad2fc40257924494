namespace KoreConnections.Commands;

[Cmdlet(VerbsData.Export, "ConnectionReport", SupportsShouldProcess = true, HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(FileInfo))]
public sealed class ExportConnectionReportCommand : ExaminingCmdlet
{
    private static readonly string[] Extensions = [".html", ".htm"];

    // What says how to find is of no use where the findings are given.
    private static readonly string[] Searching =
    [
        nameof(Rule), nameof(ExcludeRule), nameof(MinimumSeverity), nameof(WithinDays), nameof(MaximumKeyAgeDays), nameof(ManifestPath),
        nameof(VerifyKey), nameof(ProviderUri),
    ];

    private bool _isReady;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = PromptHelp.ReportPath), AllowEmptyString, TextTransformation(IsPath = true)]
    public string? Path { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Alias("ConnectionId", "Id"), Opaque, ArgumentCompleter(typeof(ConnectionIdCompleter))]
    public override object? InputObject { get; set; }

    [Parameter, Opaque]
    public object? Issue { get; set; }

    [Parameter, TextTransformation]
    public string? IssueVariable { get; set; }

    [Parameter, TextTransformation]
    public string? Title { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasIssues => MyInvocation.BoundParameters.ContainsKey(nameof(Issue));

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // What the variable held before is no finding.
        _isReady = Attempt(null, () => Keep([]));
    }

    protected override void EndProcessing()
    {
        // A pipeline in which nothing came is no wish for a page that says that all is well.
        if (_isReady && !IsNarrowedToNothing)
        {
            Attempt(Path, Export);
        }

        base.EndProcessing();
    }

    private protected override bool NeedsDetails(Connection listed, IReadOnlyList<IssueRule> rules) =>
        ReportModels.NeedsDetails(listed) || (!HasIssues && base.NeedsDetails(listed, rules));

    private void Export()
    {
        var file = new OutputFile(this, Path, Extensions, Force);
        IReadOnlyList<ConnectionIssue>? issues = HasIssues ? GivenIssues() : null;
        string? title = MyInvocation.BoundParameters.ContainsKey(nameof(Title)) ? Guard.NotEmpty(SingleLine.Trim(Title ?? ""), nameof(Title)) : null;
        if (!ShouldProcess(file.FullPath, "Export connection report"))
        {
            return;
        }

        file.RequireWritable();
        Examination found = Examine();
        if (issues is null && PipedIssues.Any(piped => !found.Issues.Any(i => i.Rule == piped.Rule && i.ConnectionId == piped.ConnectionId)))
        {
            WriteWarning(
                "Some of the piped findings are not on the page, because their connections were examined again, with this command's parameters. "
                    + "To show the findings themselves, use -Issue.");
        }

        found = issues is null ? found : found with { Rules = null, Issues = issues };
        Keep(found.Issues);
        string platform = Session.BaseUri.Authority;
        var report = new ConnectionReport(title ?? $"Model connections of {platform}", platform, found);
        file.Write(() => AtomicFile.Write(file.FullPath, report.ToHtml(), Force));
        if (PassThru)
        {
            WriteObject(file.Item, enumerateCollection: true);
        }
    }

    /// <summary>Sets the variable of the caller that -IssueVariable names.</summary>
    private void Keep(IEnumerable<ConnectionIssue> issues)
    {
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(IssueVariable)))
        {
            return;
        }

        string name = Guard.NotEmpty(IssueVariable, nameof(IssueVariable));
        if (name[0] is '$' or '+')
        {
            throw Guard.Invalid(nameof(IssueVariable), $"begins with {name[0]}. Specify the name of the variable alone, such as issues.");
        }

        try
        {
            SessionState.PSVariable.Set(name, issues.Select(Own).ToArray());
        }
        catch (SessionStateException e)
        {
            throw Guard.Invalid(nameof(IssueVariable), $"cannot be set: {e.Message} Specify the name of another variable, without $.");
        }
    }

    private IReadOnlyList<ConnectionIssue> GivenIssues()
    {
        if (Searching.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is string other)
        {
            throw Guard.Invalid(other, $"cannot be used with -Issue, which has the findings already. Use -{other} with Find-ConnectionIssue.");
        }

        object?[] given = [.. Items(Issue).Select(PSValueConverter.Unwrap).Where(i => i is not null)];
        Array.ForEach(given, item => RequireSessionOf((item as IFromPlatform)?.Platform));
        ConnectionIssue?[] issues = [.. given.Select(IssueInput.Read)];
        return issues.Contains(null)
            ? throw Guard.Invalid(
                nameof(Issue),
                "contains other objects than Find-ConnectionIssue emits. Use its output, or a copy with the same properties, as ConvertFrom-Json makes it.")
            : ConnectionIssue.Ordered(issues!);
    }
}
