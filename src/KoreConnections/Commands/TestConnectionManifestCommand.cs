using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Lists everything that is wrong with a manifest, without a platform: nothing is sent, and no vault is opened.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ConnectionManifest", HelpUri = Documentation.ConnectionsApi)]
[OutputType(typeof(ManifestProblem), typeof(bool))]
public sealed class TestConnectionManifestCommand : KoreCmdlet
{
    private readonly List<string> _files = [];
    private bool _isWrong;

    /// <summary>Files, folders or patterns. All of them together are one manifest.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = PromptHelp.ManifestPath)]
    [Alias("PSPath")]
    [AllowEmptyString]
    [SupportsWildcards]
    [PathTransformation]
    [ArgumentCompleter(typeof(ManifestPathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Emits true or false in place of the problems.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Leaves references to keys as they are: where they lead is not asked, so that no key has to be at hand.</summary>
    [Parameter]
    public SwitchParameter IgnoreKeys { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path!)
        {
            _isWrong |= !Attempt(path, () => _files.AddRange(PathInput.Manifests(this, path)));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var input = new ManifestInput(this, opensVaults: false) { AllowsUnresolved = IgnoreKeys, Follows = (_, _) => !IgnoreKeys };
        IReadOnlyList<ManifestConnection> manifest = input.Read(_files.Distinct());
        IReadOnlyList<ManifestProblem> problems = input.Problems;
        if (Quiet)
        {
            WriteObject(!_isWrong && problems.Count == 0);
        }
        else
        {
            var models = new ModelWarnings(this);
            foreach (ManifestConnection connection in manifest)
            {
                models.Warn(connection.Definition);
            }

            WriteInformation(new InformationRecord($"{manifest.Count} {(manifest.Count == 1 ? "connection" : "connections")}.", MyInvocation.MyCommand.Name));
            WriteObject(problems, enumerateCollection: true);
        }
    }
}
