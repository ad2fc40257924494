using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>A reference whose colon is something else is none, and is not sent as the key that it was to name. No key looks like one.</summary>
public sealed class MistypedReferenceTests
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz", Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Digits = "0123456789";

    [Theory]
    [InlineData("env=OPENAI_KEY", "env:OPENAI_KEY"), InlineData("env;OPENAI_KEY", "env:OPENAI_KEY"), InlineData("env.K1", "env:NAME"), InlineData("env/K1", "env:NAME"), InlineData("env\\K1", "env:NAME")]
    [InlineData("env : K1", "env:NAME"), InlineData("env :K1", "env:NAME"), InlineData("ENV = K1", "env:NAME"), InlineData("Env;K_2", "env:K_2"), InlineData("env=openai_key", "env:NAME"), InlineData("env/openai", "env:NAME")]
    [InlineData("env=AZURE_4O_KEY_2026", "env:NAME"), InlineData("env.KEY_2026", "env:NAME"), InlineData("env=apiKey", "env:NAME")]
    [InlineData("Bearer env=K1", "env:NAME"), InlineData("Bearer env : K1", "env:NAME"), InlineData(" env=K1 ", "env:NAME")]
    [InlineData("file=./openai.key", "file:PATH"), InlineData("file./openai.key", "file:PATH"), InlineData("file;openai.key", "file:PATH"), InlineData("file=C:\\keys\\openai", "file:PATH")]
    [InlineData("file/run/secrets/openai", "file:PATH"), InlineData("file=~/openai", "file:PATH"), InlineData("file : key.txt", "file:PATH"), InlineData("FILE=openai", "file:PATH")]
    [InlineData("azkv/team/openai", "azkv:VAULT/NAME"), InlineData("azkv=team/openai", "azkv:VAULT/NAME"), InlineData("azkv.team/openai", "azkv:VAULT/NAME"), InlineData("azkv;team-eu/openai-2", "azkv:VAULT/NAME")]
    [InlineData("azkv\\team\\openai", "azkv:VAULT/NAME"), InlineData("azkv :team/openai", "azkv:VAULT/NAME"), InlineData("azkv=openai", "azkv:VAULT/NAME")]
    [InlineData("secret=team/x", "secret:[VAULT/]NAME"), InlineData("secret/openai", "secret:[VAULT/]NAME"), InlineData("secret;team/x", "secret:[VAULT/]NAME"), InlineData("secret : openai", "secret:[VAULT/]NAME")]
    [InlineData("azkv=team/OpenAIProduction2026", "azkv:VAULT/NAME"), InlineData("azkv=team/x7q9z2", "azkv:VAULT/NAME"), InlineData("azkv=2026/openai", "azkv:VAULT/NAME")]
    public void IsSeenWithWhatToWrite(string text, string meant)
    {
        string? problem = SecretReference.Mistyped(text);
        Assert.Contains(meant, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("openai", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:K1"), InlineData("env: K1"), InlineData("env"), InlineData("env="), InlineData("env=="), InlineData("env;"), InlineData("environment=K1"), InlineData("my-env=K1"), InlineData("env-K1"), InlineData("env_K1"), InlineData("envK1")]
    [InlineData("env.prod.2024!x"), InlineData("env.prod"), InlineData("env.Prod2024"), InlineData("env=2024"), InlineData("env=Prod!2024"), InlineData("env=a.b"), InlineData("env=AGo8GJpp"), InlineData("env\\BWmL6o79kqPb"), InlineData("azkv/gJizzejN"), InlineData("env/a/b"), InlineData("env=AbCd3fGh1jKl3nOp"), InlineData("env=sk-made-up-0123456789")]
    [InlineData("file.name"), InlineData("file.name.2024!x"), InlineData("file;abc"), InlineData("file=abc123"), InlineData("file/Ab3dEf6hIj9kLm2nOp5q"), InlineData("filename=a/b"), InlineData("files/a/b"), InlineData("file/a+b=")]
    [InlineData("secret.word"), InlineData("secret.Passw0rd"), InlineData("secret/Winter2024"), InlineData("secret=hunter2"), InlineData("secret;word"), InlineData("secrets/a"), InlineData("secret!/a"), InlineData("secret-word"), InlineData("secretary=x")]
    [InlineData("azkv.team"), InlineData("azkv/Ab3dEf6hIj9kLm2nOp5q"), InlineData("azkv2/team/x"), InlineData("azkv/team?x"), InlineData("azkv"), InlineData(""), InlineData("="), InlineData("Bearer"), InlineData("Bearer abc")]
    [InlineData("env=A1B2C3D4"), InlineData("env=4_KEY"), InlineData("env=My_Passw0rd2024"), InlineData("azkv/team/Ab3dEf6hIj9kLm2nOp5q"), InlineData("secret=Ab3dEf6hIj9kLm2n/Op5q"), InlineData("secret=sk-Ab3dEf/gh1jkl")]
    public void IsNotSeenInAnythingElse(string text) => Assert.Null(SecretReference.Mistyped(text));

    [Theory]
    [InlineData("keepass:Team/OpenAI", "keepass"), InlineData("Sommer:Urlaub2025", ""), InlineData("kg-x7q9z2b4:words", null), InlineData("vault:sk-x7q9z2b4", null), InlineData("vault:Ab3dEf6hIj9kLm2nOp5q", null), InlineData("http://a.example.com", null)]
    [InlineData("keepass:", null), InlineData("a:x", null), InlineData("env:X", null)]
    public void ASchemeThatNobodyRegisteredIsQuotedUnlessItMayBeAPasswords(string text, string? scheme) =>
        Assert.Equal(scheme, SecretReference.UnknownScheme(text));

    [Fact]
    public void NoKeyOfAProviderIsOne()
    {
        string[] alphabets = [Lower + Upper + Digits, Lower + Upper + Digits + "-_", Lower + Upper + Digits + "+/=", "0123456789abcdef", Upper + Digits, Lower + Upper + Digits + "./\\=;:"];
        foreach (string beginning in KeyForm.All.Select(f => f.Beginning).Append(""))
        {
            foreach (string alphabet in alphabets)
            {
                Gen.Char[alphabet].Array[16, 64].Sample(c => Assert.Null(SecretReference.Mistyped(beginning + new string(c))), iter: 500, threads: 1);
            }
        }
    }
}
