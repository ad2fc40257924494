namespace KoreConnections.Commands;

/// <summary><c>azkv:VAULT/NAME[/VERSION]</c>: Azure Key Vault, by Az.KeyVault or else the command az, with the account that they are signed in with.</summary>
internal sealed class AzureKeyVaultSource : IExternalKeySource
{
    private const string Cmdlet = "Get-AzKeyVaultSecret";
    private const string SignIn = "Sign in with Connect-AzAccount or az login, using an account that can read secrets. "
        + "In Azure Pipelines, use it inside AzurePowerShell@5 or AzureCLI@2.";

    private const string SignedOut = $"you are not signed in to Azure, or your sign-in has expired. {SignIn}";

    // What both say, in the words of Key Vault, of Microsoft Entra ID and of the network. The first that fits is meant.
    private static readonly (string Words, string Meaning)[] Failures =
    [
        (
            "Tunnel connection failed|ProxyError|proxy tunnel",
            "the proxy between this machine and Azure refuses the request. Check HTTPS_PROXY, and allow the vault's address at the proxy."),
        (
            @"az login|Connect-AzAccount|Login-AzAccount|AADSTS\d|credentials have not been set up|No subscriptions? found|not logged in"
                + @"|AuthenticationFailed|invalid_grant|ExpiredAuthenticationToken|\b401\b|Unauthorized",
            SignedOut),
        (
            "SecretDisabled|disabled secret|secret is disabled",
            "the secret is disabled. Enable it in the vault, or name another version: azkv:VAULT/NAME/VERSION."),
        (
            "ForbiddenByFirewall|ForbiddenByConnection|Client address is not authorized|public network access is disabled",
            "the vault's firewall blocks this machine. Add its address to the vault's network settings, or use a machine that can reach the vault."),
        (
            @"Forbidden|not authorized to perform|does not have secrets get|AccessDenied|\b403\b",
            "the account that you are signed in with cannot read it. "
                + "Assign it the role Key Vault Secrets User on the vault, or the access policy Get for secrets."),
        (@"SecretNotFound|was not found in this key vault|secret not found", NoSecret),
        (
            "VaultNotFound|name or service not known|no such host|name resolution|getaddrinfo|nodename nor servname|could not be resolved"
                + "|Failed to resolve|could not find .*vault",
            "there is no such vault in the cloud that you are signed in to. "
                + "Check the name of the vault. To select another cloud, use az cloud set or Connect-AzAccount -Environment."),
    ];

    private const string NoSecret = "the vault has no such secret or version. "
        + "To list its secrets, use az keyvault secret list --vault-name VAULT.";

    private const RegexOptions AnyCase = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly Regex Form = new(
        @"^(?<vault>[A-Za-z0-9][A-Za-z0-9-]{0,126})/(?<name>[A-Za-z0-9][A-Za-z0-9-]{0,126})(?:/(?<version>[A-Za-z0-9]{1,64}))?\z",
        RegexOptions.CultureInvariant);

    public string? Check(string place) => Form.IsMatch(place) ? null
        : $"'azkv:{SecretMasker.Quote(place, 200)}' is not a valid reference. Use azkv:VAULT/NAME or azkv:VAULT/NAME/VERSION, "
            + "where VAULT and NAME consist of letters, digits and hyphens.";

    public KeyAnswer Ask(KeySourceInvoker invoker, string place)
    {
        Match reference = Form.Match(place);
        string shown = "azkv:" + SecretMasker.Quote(place, 200);
        KeySourceResult? result = invoker.Find(Cmdlet, CommandTypes.Cmdlet | CommandTypes.Function) is CommandInfo module
            ? invoker.Run(module, Parameters(reference))
            : null;
        // On an agent that has both, the step has signed in to one of them.
        if ((result is null || IsSignedOut(result, reference))
            && invoker.Find("az", CommandTypes.Application | CommandTypes.Function | CommandTypes.ExternalScript) is CommandInfo tool
            && invoker.Run(tool, Arguments(reference)) is var other && (result is null || !IsSignedOut(other, reference)))
        {
            result = other;
        }

        if (result is null)
        {
            return KeyAnswer.Unresolved(
                $"refers to '{shown}', which needs the module Az.KeyVault or the command az. Install one of them, or use env:NAME.");
        }

        string? reason = result.Failure is not string failure ? result.Values.Count == 0 ? NoSecret : null
            : Meaning(result.Said, reference) is string meaning ? $"{meaning} Message from Azure: {failure}"
            : failure;
        return reason is null
            ? KeySourceValue.Read(result.Values, shown)
            : KeyAnswer.Unresolved($"refers to '{shown}', which could not be read: {reason}");
    }

    private static bool IsSignedOut(KeySourceResult result, Match reference) => Meaning(result.Said, reference) == SignedOut;

    private static string? Meaning(string? said, Match reference)
    {
        if (said is null)
        {
            return null;
        }

        // A secret may be called as a failure is, such as app-403.
        string names = $@"(?<![\w-])(?:{reference.Groups["vault"].Value}|{reference.Groups["name"].Value})(?![\w-])";
        return MeaningOf(Regex.Replace(said, names, "", AnyCase)) ?? MeaningOf(said);
    }

    private static string? MeaningOf(string words) => Failures.FirstOrDefault(f => Regex.IsMatch(words, f.Words, AnyCase)).Meaning;

    private static Hashtable Parameters(Match reference)
    {
        var parameters = new Hashtable { ["VaultName"] = reference.Groups["vault"].Value, ["Name"] = reference.Groups["name"].Value, ["ErrorAction"] = "Stop" };
        if (reference.Groups["version"] is { Success: true } version)
        {
            parameters["Version"] = version.Value;
        }

        return parameters;
    }

    private static object[] Arguments(Match reference)
    {
        object[] all =
        [
            "keyvault", "secret", "show", "--vault-name", reference.Groups["vault"].Value, "--name", reference.Groups["name"].Value,
            "--query", "value", "-o", "tsv", "--only-show-errors",
        ];
        return reference.Groups["version"] is { Success: true } version ? [.. all, "--version", version.Value] : all;
    }
}
