namespace KoreConnections.Commands;

/// <summary>What <c>!?</c> shows at the prompt for a mandatory parameter. A key has none: what is typed there, <c>!?</c> too, is taken as the key.</summary>
internal static class PromptHelp
{
    public const string HostName = "The platform's host, such as agent-platform.kore.ai.";
    public const string Session = "An open session. It is easier to pipe one: Get-KoreSession -All | ...";
    public const string SessionHost = "The host of an open session. Get-KoreSession -All lists them.";
    public const string Name = "The name of the new connection. Names must be unique in an account.";
    public const string Model = "The provider's name for the model, such as gpt-5.5, claude-opus-4-8 or GPT-5.4.";
    public const string ResourceName = "The bare name of the Azure resource: contoso in https://contoso.openai.azure.com.";
    public const string DeploymentId = "The name of the deployment in the Azure resource.";
    public const string ApiVersion = "The version of Azure's API, such as 2024-10-21.";
    public const string EndpointUrl = "The https address that the platform calls.";
    public const string ConnectionId = "The id of a connection, such as cn-4f1c7a90-6b1d-4d0e-9a57-c2f5d1f0b7e3. Get-Connection lists ids.";
    public const string InputObject = "A connection from Get-Connection, or a row with a Provider. It is easier to pipe one: Get-Connection NAME | ...";
    public const string ManifestPath = "A manifest (.yaml, .yml or .json), a folder of them, or a pattern. An empty line ends the list.";
    public const string ExportPath = "The manifest to write, with the extension .yaml, .yml or .json.";
    public const string ReportPath = "The HTML file to write, such as report.html.";
    public const string Scheme = "The part of a reference before the colon: op in op:Team/OpenAI.";
    public const string ScriptBlock = "The commands that read a key, such as { param($Name) Get-Secret $Name }.";
}
