using System.Collections;
using System.Management.Automation.Language;

namespace KoreConnections.Commands;

/// <summary>Completes paths of manifests and of the folders on the way there.</summary>
public sealed class ManifestPathCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete ?? "")
            .Where(f => f.ResultType == CompletionResultType.ProviderContainer || PathInput.IsOfFolder(f.ListItemText));
}
