namespace KoreConnections.Commands;

/// <summary>A source that something else answers for, over the network or after a question: asked once for a reference in a pipeline.</summary>
internal interface IExternalKeySource
{
    string? Check(string place);

    KeyAnswer Ask(KeySourceInvoker invoker, string place);
}
