using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>A text that many failures share is searched for each key once, and shows what it would show alone.</summary>
public sealed class SearchedTextsTests
{
    private static readonly string[] Keys = ["abcdef-0123456789-ghijkl", "Zx9Qw8Er7T-abc", "k1z9", "p+q/r=s\"t\\u&v-0123", "sk-proj-AAAABBBBCCCC1234"];

    private static readonly string[] Texts =
    [
        "refused", .. Keys.SelectMany(k => new[] { $"bad key {k}", $"bad key {Uri.EscapeDataString(k)}", $"bad {Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{k}"))}" }),
    ];

    [Fact]
    public void EveryOrderOfFailuresShowsWhatEachShowsAlone() => Gen.Select(Gen.Int[0, Texts.Length - 1], Gen.Int[1, (1 << Keys.Length) - 1]).Array[1, 60].Sample(
        failures =>
        {
            Secret[] keys = [.. Keys.Select(k => ApiKeyValidator.Check(Secret.FromPlainText(k), "ApiKey")!)];
            var searched = new SearchedTexts();
            return failures.All(f =>
            {
                var secrets = new RequestSecrets([.. keys.Where((_, i) => (f.Item2 >> i & 1) == 1)], []);
                return new SecretRedactor(secrets, searched: searched).ApplyToFreeText(Texts[f.Item1]) == new SecretRedactor(secrets).ApplyToFreeText(Texts[f.Item1]);
            });
        },
        iter: 300);

    [Fact]
    public void AKeyThatIsKnownToBeRightIsSearchedForOnceMore()
    {
        Secret key = Secret.FromPlainText("k1z9");
        var redactor = new SecretRedactor(new RequestSecrets([key], []), searched: new SearchedTexts());
        Assert.Equal("bad key k1z9", redactor.ApplyToFreeText("bad key k1z9"));
        ApiKeyValidator.Check(key, "ApiKey");
        Assert.Equal($"bad key {Secret.Mask}", redactor.ApplyToFreeText("bad key k1z9"));
    }

    [Fact]
    public void OnlyKeysThatAreNewAreSearchedFor()
    {
        var searched = new SearchedTexts();
        (Secret first, Secret second) = (Secret.FromPlainText(Keys[0]), Secret.FromPlainText(Keys[1]));
        new SecretRedactor(new RequestSecrets([first], []), searched: searched).ApplyToFreeText("refused");
        Assert.Equal([second], searched.Without("refused", [first, second]));
        Assert.Equal([first, second], searched.Without("another", [first, second]));
        for (int i = 0; i < 20; i++)
        {
            searched.Add($"text {i}", [first]);
        }

        Assert.Equal([first], searched.Without("refused", [first]));
    }
}
