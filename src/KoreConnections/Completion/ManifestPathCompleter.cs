using System.Management.Automation.Language;

namespace KoreConnections.Commands;

public sealed class ManifestPathCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete ?? "")
            .Where(f => f.ResultType == CompletionResultType.ProviderContainer || PathInput.IsOfFolder(f.ListItemText));
}
