namespace KoreConnections.Commands;

[Cmdlet(VerbsDiagnostic.Test, "ConnectionManifest", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ManifestProblem), typeof(bool))]
public sealed class TestConnectionManifestCommand : KoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ManifestPath)]
    [Alias("PSPath"), AllowEmptyString, SupportsWildcards, PathTransformation, ArgumentCompleter(typeof(ManifestPathCompleter))]
    public string[]? Path { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter IgnoreKeys { get; set; }

    protected override void ProcessRecord() => Manifest.Find(Path!);

    protected override void EndProcessing()
    {
        Manifest.RequirePath();
        IReadOnlyList<ManifestConnection> connections = Manifest.Read();
        if (Quiet)
        {
            WriteObject(Manifest.IsRight);
        }
        else
        {
            var models = new ModelWarnings(this);
            foreach (ManifestConnection connection in connections)
            {
                models.Warn(connection.Definition);
            }

            foreach (ManifestEntry entry in Manifest.Rejected)
            {
                // What else is wrong with a connection does not change its model.
                models.Warn(ModelReference.Of(entry)?.Look(DateTime.Today), entry.Provider);
            }

            foreach (ManifestConnection connection in connections)
            {
                WarnOf(connection.Definition.ShownName, connection.Remarks());
            }

            WriteInformation($"{Phrases.Count(Manifest.Count, "connection")}.");
            WriteObject(Manifest.Problems, enumerateCollection: true);
        }

        base.EndProcessing();
    }

    private ManifestInput Manifest => field ??=
        new ManifestInput(this, opensVaults: false) { AllowsUnresolved = IgnoreKeys, FollowsReferences = !IgnoreKeys };
}
