namespace KoreConnections.Client;

/// <summary>References to keys as other tools write them, which cannot be resolved here, and what to give instead.</summary>
internal static class ForeignReference
{
    private static readonly (string Start, string Inner, string Owner, string Advice)[] Known =
    [
        ("op://", "", "1Password", "Run Register-KeySource op { param($Name) op read \"op://$Name\" }, and use op:VAULT/ITEM/FIELD."),
        ("vault:", "", "HashiCorp Vault", "Run Register-KeySource vault { param($Name) vault kv get -field=key $Name }, and use vault:PATH."),
        ("arn:aws", ":secret", "AWS Secrets Manager", Aws),
        ("arn:aws", ":ssm:", "AWS", Aws),
        (AwsResource, "", "AWS", Aws),
        ("projects/", "/secrets/", "Google Secret Manager", Google),
        ("//secretmanager.googleapis.com/", "", "Google Secret Manager", Google),
        ("@microsoft.keyvault(", "", "Azure App Service", AzureKeyVault),
        ("https://", ".vault.azure.net/secrets/", "Azure Key Vault", AzureKeyVault),
        ("https://", ".vault.usgovcloudapi.net/secrets/", "Azure Key Vault", AzureKeyVault),
        ("https://", ".vault.azure.cn/secrets/", "Azure Key Vault", AzureKeyVault),
        ("os.environ", "", "Python", "Use env:NAME."),
        ("process.env", "", "JavaScript", "Use env:NAME."),
        ("system.getenv", "", "Java", "Use env:NAME."),
        ("os.getenv", "", "Python", "Use env:NAME."),
        ("getenv(", ")", "PHP", "Use env:NAME."),
        ("env[", "]", "Ruby", "Use env:NAME."),
        ("env.", "_", "GitHub Actions", "Use env:NAME."),
        ("secrets.", "_", "GitHub Actions", "Give the secret to the step as an environment variable, and use env:NAME."),
        ("{cipher}", "", "Spring Cloud Config", "Decrypt it with the config server, and specify the key itself."),
        ("enc[", ",", "sops", "Decrypt the file with sops, and specify the key itself."),
        ("$ansible_vault;", "", "Ansible Vault", "Decrypt it with ansible-vault, and specify the key itself."),
    ];

    private const string AwsResource = "arn:aws:";

    // Other headers may have the like: a role, a guardrail, a name.
    private static readonly string[] OfKeysAlone = [AwsResource, "secrets.", "{cipher}"];

    private const string AzureKeyVault = "Use azkv:VAULT/NAME.";

    private const string Aws = "Run Register-KeySource aws "
        + "{ param($Name) aws secretsmanager get-secret-value --secret-id $Name --query SecretString --output text }, and use aws:NAME.";

    private const string Google = "Run Register-KeySource gcp "
        + "{ param($Name) gcloud secrets versions access latest \"--secret=$Name\" }, and use gcp:NAME.";

    /// <summary>What a text is instead of a key, as the end of a sentence; null where it is no other tool's reference.</summary>
    /// <param name="isKey">Whether a key belongs there, and nothing else.</param>
    public static string? Problem(ReadOnlySpan<char> text, bool isKey = true)
    {
        ReadOnlySpan<char> bare = SecretReference.Bare(text);
        foreach ((string start, string inner, string owner, string advice) in Known)
        {
            if ((isKey || !OfKeysAlone.Contains(start)) && bare.Starts(start)
                && bare[start.Length..].IndexOf(inner, StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return $"is a reference to a secret of {owner}, which cannot be resolved directly. {advice}";
            }
        }

        return null;
    }
}
