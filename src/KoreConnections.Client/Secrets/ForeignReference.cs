using System;

namespace KoreConnections.Client;

/// <summary>References to keys as other tools write them, which lead to nothing here, and what to give in their place.</summary>
internal static class ForeignReference
{
    private static readonly (string Start, string Inner, string Owner, string Advice)[] Known =
    [
        ("op://", "", "1Password", "Register its source, Register-KeySource op { param($Name) op read \"op://$Name\" }, and give op:VAULT/ITEM/FIELD."),
        ("vault:", "", "HashiCorp Vault", "Register its source, Register-KeySource vault { param($Name) vault kv get -field=key $Name }, and give vault:PATH."),
        ("arn:aws", ":secret", "AWS Secrets Manager", Aws),
        ("arn:aws:", "", "AWS", Aws),
        ("projects/", "/secrets/", "Google Secret Manager", "Register its source, Register-KeySource gcp { param($Name) gcloud secrets versions access latest \"--secret=$Name\" }, and give gcp:NAME."),
        ("@microsoft.keyvault(", "", "Azure App Service", "Give azkv:VAULT/NAME."),
        ("https://", ".vault.azure.net/secrets/", "Azure Key Vault", "Give azkv:VAULT/NAME."),
        ("https://", ".vault.usgovcloudapi.net/secrets/", "Azure Key Vault", "Give azkv:VAULT/NAME."),
        ("https://", ".vault.azure.cn/secrets/", "Azure Key Vault", "Give azkv:VAULT/NAME."),
        ("os.environ", "", "Python", "Give env:NAME."),
        ("process.env", "", "JavaScript", "Give env:NAME."),
        ("system.getenv", "", "Java", "Give env:NAME."),
    ];

    private const string Aws = "Register its source, Register-KeySource aws { param($Name) aws secretsmanager get-secret-value --secret-id $Name --query SecretString --output text }, and give aws:NAME.";

    /// <summary>What a text is in place of a key, as the end of a sentence; null where it is no other tool's reference.</summary>
    public static string? Problem(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> bare = SecretReference.Bare(text);
        foreach ((string start, string inner, string owner, string advice) in Known)
        {
            if (bare.StartsWith(start.AsSpan(), StringComparison.OrdinalIgnoreCase) && bare.Slice(start.Length).IndexOf(inner.AsSpan(), StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return $"is another tool's reference to a secret, of {owner}. {advice}";
            }
        }

        return null;
    }
}
