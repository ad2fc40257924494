using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>What stands where a key belongs is refused, and no key is: not one of any provider, and none that was made by chance.</summary>
public sealed class NotAKeyTests
{
    private const string Digits = "0123456789", Lower = "abcdefghijklmnopqrstuvwxyz", Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    [Theory]
    // Stand-ins
    [InlineData("sk-xxxxxxxxxxxxxxxx", "placeholder"), InlineData("sk-xxxx", "placeholder"), InlineData("XXXX-XXXX-XXXX", "placeholder"), InlineData("sk-proj-xxxx-xxxx", "placeholder")]
    [InlineData("sk-...", "placeholder"), InlineData("sk-<key>", "placeholder"), InlineData("sk-proj-YOUR-KEY-HERE", "placeholder"), InlineData("sk-ant-[key]", "placeholder")]
    [InlineData("(null)", "placeholder"), InlineData("(redacted)", "placeholder"), InlineData("(hidden)", "placeholder"), InlineData("{KEY}", "placeholder"), InlineData("<G>", "placeholder")]
    [InlineData("REPLACE_ME", "word"), InlineData("REPLACEME", "word"), InlineData("replace-me", "word"), InlineData("FixMe", "word"), InlineData("dummy", "word"), InlineData("Example", "word")]
    // Keys as consoles shorten them
    [InlineData("sk-...MQAA", "shortens"), InlineData("sk-proj-...MQAA", "shortens"), InlineData("sk-ant-api03-R2D...igAA", "shortens"), InlineData("sk-####MQAA", "shortens")]
    [InlineData("sk-0123456789abcdef....", "shortens"), InlineData("....MQAA", "shortens")]
    // Variables
    [InlineData("$KEY", "was not replaced"), InlineData("$KEY_NAME", "was not replaced"), InlineData("$K_2", "was not replaced"), InlineData("!KEY!", "was not replaced")]
    [InlineData("%KEY%", "was not replaced"), InlineData("%%KEY%%", "was not replaced"), InlineData("%OpenAIKey1%", "was not replaced")]
    [InlineData("$[variables.K]", "Azure Pipelines"), InlineData("$[variables['a.b']]", "Azure Pipelines"), InlineData("#{key}", "token"), InlineData("%{KEY}", "token")]
    [InlineData("((vault/key))", "token"), InlineData("{{key}}", "token"), InlineData("__KEY__", "token"), InlineData("@@KEY@@", "token")]
    [InlineData("OPENAI_API_KEY", "name of a variable"), InlineData("API_KEY", "name of a variable"), InlineData("GATEWAY_TOKEN", "name of a variable"), InlineData("GATEWAY_CLIENT_SECRET", "name of a variable")]
    [InlineData("env.OPENAI_KEY", "reference"), InlineData("ENV['KEY']", "reference"), InlineData("ENV[\"KEY\"]", "reference"), InlineData("os.getenv(\"X\")", "reference"), InlineData("getenv(X)", "reference")]
    [InlineData("secrets.OPENAI_KEY", "GitHub Actions"), InlineData("{cipher}AbC123def456", "Spring"), InlineData("//secretmanager.googleapis.com/projects/p/secrets/s", "Google")]
    // Variables and commands of PowerShell in single quotation marks
    [InlineData("$apiKey", "was not replaced"), InlineData("$newKey", "was not replaced"), InlineData("$key", "was not replaced"), InlineData("$openAIKey", "was not replaced")]
    [InlineData("$openaikey", "was not replaced"), InlineData("$api_key", "was not replaced"), InlineData("$apiKey2", "was not replaced"), InlineData("$Secret", "was not replaced")]
    [InlineData("$row.ApiKey", "was not replaced"), InlineData("$_.Key", "was not replaced"), InlineData("$PSItem.Key", "was not replaced"), InlineData("$row1.ApiKey", "was not replaced")]
    [InlineData("$script:key", "was not replaced"), InlineData("$global:k2", "was not replaced"), InlineData("$using:OpenAI", "was not replaced"), InlineData("$keys[0]", "was not replaced")]
    [InlineData("$keys[-1]", "was not replaced"), InlineData("$keys[$i]", "was not replaced"), InlineData("$keys['a b']", "was not replaced"), InlineData("$row.ApiKey.Trim()", "was not replaced")]
    [InlineData("$cred.GetNetworkCredential().Password", "was not replaced"), InlineData("$secret.Value", "was not replaced"), InlineData("$cfg.Keys[0].Text", "was not replaced")]
    [InlineData("$null", "was not replaced"), InlineData("$true", "was not replaced"), InlineData("$False", "was not replaced"), InlineData("$pass", "was not replaced"), InlineData("$my_token", "was not replaced")]
    [InlineData("$k[0]", "was not replaced"), InlineData("$r.Key", "was not replaced"), InlineData("$keys1[0]", "was not replaced"), InlineData("$row.Key2", "was not replaced"), InlineData("$myPassword", "was not replaced")]
    [InlineData("(Get-Secret x)", "is a command"), InlineData("(Read-Host)", "is a command"), InlineData("(get-content ./a.txt).Trim()", "is a command"), InlineData("(Get-AzKeyVaultSecret -VaultName a).SecretValue", "is a command")]
    // Placeholders as pages escape them, and what is left of them
    [InlineData("&lt;your-key&gt;", "placeholder"), InlineData("&lt;key&gt;", "placeholder"), InlineData("sk-&lt;key&gt;", "placeholder"), InlineData("%3Cyour-key%3E", "placeholder")]
    [InlineData("\\u003ckey\\u003e", "placeholder"), InlineData("sk-ant-\\u003Ckey\\u003E", "placeholder"), InlineData("paste-key-here", "placeholder"), InlineData("insert_key_here", "placeholder")]
    [InlineData("put-your-key-here", "placeholder"), InlineData("openai-key-here", "placeholder"), InlineData("Paste_Token_Here", "placeholder"), InlineData("sk-paste-here", "placeholder")]
    [InlineData("sk-proj-", "beginning"), InlineData("sk-ant-", "beginning"), InlineData("sk-ant-api03-", "beginning"), InlineData("sk-ant-admin01", "beginning"), InlineData("sk-proj", "beginning"), InlineData("sk-or-v1-", "beginning")]
    [InlineData("nvapi-", "beginning"), InlineData("gsk_", "beginning"), InlineData("AIza", "beginning"), InlineData("pplx-", "beginning")]
    // Others
    [InlineData("OPENAI_API_KEY:sk-abc123456", "NAME=VALUE"), InlineData("OPENAI=sk-abc123456", "NAME=VALUE"), InlineData("AZURE_OPENAI=0123456789abcdef", "NAME=VALUE"), InlineData("apiKey=0123", "NAME=VALUE")]
    [InlineData("`sk-abcdefghijk12`", "quotation marks"), InlineData("ENC[AES256_GCM,data:abc,iv:x]", "sops"), InlineData("$ANSIBLE_VAULT;1.1;AES256", "Ansible Vault")]
    [InlineData("{\"key\":\"sk-1\"}", "JSON"), InlineData("[\"sk-made-up\"]", "JSON"), InlineData("[{\"key\":1}]", "JSON")]
    [InlineData("sk-<yours>", "placeholder"), InlineData("[my own]", "placeholder"), InlineData("https://a.example.com/key", "address"), InlineData("Deserialized.System.String", "PowerShell writes"), InlineData("@{ApiKey=sk-abc123}.ApiKey", "PowerShell writes")]
    [InlineData("73006b002d006100620063003100320033003400", "SecureString"), InlineData("73006b002d00610062006300310032003300340", "SecureString")]
    // Paths
    [InlineData("keys/openai.key", "path"), InlineData("openai.key", "path"), InlineData("/run/secrets/OpenAI", "path"), InlineData("/Users/Bob/openai", "path"), InlineData("/home/Bob/Key", "path")]
    [InlineData("/srv/keys/openai", "path"), InlineData("C:\\keys\\x.txt", "path"), InlineData("~/Key", "path"), InlineData("\\\\srv\\share\\K", "path"), InlineData("/opt/app/key", "path")]
    public void WhatStandsInPlaceOfAKeyIsRefused(string text, string saying)
    {
        KoreException failure = Assert.Throws<KoreException>(() => ApiKeyValidator.Check(Secret.FromPlainText(text), "ApiKey"));
        Assert.Contains(saying, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, failure.Message.Replace("$env:NAME or $apiKey", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$apiKey"), InlineData("$_"), InlineData("$_.Key"), InlineData("$row.ApiKey"), InlineData("$script:key"), InlineData("$keys[0]"), InlineData("$null"), InlineData("$true"), InlineData("$secret.Value")]
    [InlineData("(Get-Secret x)"), InlineData("&lt;your-key&gt;"), InlineData("sk-&lt;key&gt;"), InlineData("paste-key-here"), InlineData("insert_key_here"), InlineData("your key here")]
    [InlineData("sk-"), InlineData("sk-ant-"), InlineData("sk-ant-api03-"), InlineData("sk-proj-"), InlineData("sk-proj")]
    [InlineData("sk-proj-Ab3dEf6hIj9kLm2nOp5q,"), InlineData("(sk-proj-Ab3dEf6hIj9kLm2nOp5q)"), InlineData("sk-proj-Ab3dEf6hIj9kLm2nOp5qsk-proj-Ab3dEf6hIj9kLm2nOp5q")]
    public void InAHeaderItIsRefusedToo(string text)
    {
        foreach (string value in new[] { text, "Bearer " + text })
        {
            KoreException failure = Assert.Throws<KoreException>(() => Header.Validate([new Header("x-api-key", Secret.FromPlainText(value))]));
            Assert.DoesNotContain("Ab3dEf", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AKeyWithMoreAtItsEndsOrTwiceIsRefusedWithoutItsText()
    {
        string[] keys = ["sk-proj-Ab3dEf6hIj9kLm2nOp5q", "sk-ant-api03-Ab3dEf6hIj9k_Lm2nOp5q-AA", "sk-Ab3dEf6hIj9kT3BlbkFJLm2nOp5q", "sk-svcacct-Ab3dEf6hIj9kLm2nOp5q"];
        string[] around = ["{0},", "{0};", "({0})", "[{0}]", "<{0}>", "{{{0}}}", "{0}%0A", "{0}%0D%0a", "{0}\\n", "{0}\\r\\n", "{0}.", "\"{0}", "{0}\"", "{0}',", "'{0}';", "{0}%20", "{0}:", "{0}{0}"];
        foreach (string text in from key in keys from form in around select string.Format(CultureInfo.InvariantCulture, form, key))
        {
            KoreException failure = Assert.Throws<KoreException>(() => ApiKeyValidator.Check(Secret.FromPlainText(text), "ApiKey"));
            Assert.Matches("at the source|twice", failure.Message);
            Assert.DoesNotContain("Ab3dEf", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sk-proj-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6hIj9kLm2nOp5qRs8t"), InlineData("sk-ant-api03-Ab3dEf6hIj9k_Lm2nOp5q-Rs8tUv1wXy4zAA"), InlineData("sk-or-v1-0123456789abcdef0123456789abcdef")]
    [InlineData("AIzaSyA1234567890abcdefghijklmnopqrstuvw"), InlineData("gsk_1234567890abcdefghijABCDEFGHIJ"), InlineData("hf_AbCdEfGhIjKlMnOpQrStUvWxYz123456"), InlineData("xai-AbCdEf1234567890AbCdEf1234567890")]
    [InlineData("r8_AbCdEf1234567890"), InlineData("pplx-1234567890abcdef"), InlineData("nvapi-AbCdEf12345_67890-Ab"), InlineData("fw_3ZabcDEF123456789012"), InlineData("ya29.a0AfH6SMBabcDEF1234567890")]
    [InlineData("0123456789abcdef0123456789abcdef"), InlineData("aB3/dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6="), InlineData("/abcDEF012/ghi345678901234567890=="), InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123456")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301"), InlineData("app-12345:AbCdEf123456secret7890"), InlineData("id1234567890:secretAbCdEf1234"), InlineData("KEY:0123456789"), InlineData("a=b"), InlineData("x==y")]
    [InlineData("{abc}1"), InlineData("[abc]1"), InlineData("%41bc%2Fdef1234567"), InlineData("%a1b2c3d4e5f6%"), InlineData("__abcDEF123456"), InlineData("~abcdef1234567890"), InlineData("$2a$10$abcdefghijklmnopqrstuv")]
    [InlineData("$ecretPassw0rd"), InlineData("$UMMER2024"), InlineData("!Passw0rd!"), InlineData("pa$$word!"), InlineData("P@ss(word)1"), InlineData("KEY_2024_abc"), InlineData("OPENAI_PRODUCTION"), InlineData("key_live_abc123")]
    [InlineData("xxab-cdef-0123"), InlineData("sk-exampledummy01"), InlineData("a..b..c0123"), InlineData("ab#cd##ef###01"), InlineData("<abc>1"), InlineData("<a/b+c=>"), InlineData("environment01"), InlineData("getenvoy-0123")]
    [InlineData("$MoneyBags"), InlineData("$nowWhite"), InlineData("$ommerUrlaub"), InlineData("$onne.Mond.Sterne"), InlineData("$correctHorseBatteryStaple"), InlineData("$openAI"), InlineData("$my_value")]
    [InlineData("$ecret"), InlineData("$ecretPass"), InlineData("$Money"), InlineData("$unshine"), InlineData("$monkey"), InlineData("$Turkey"), InlineData("$summer"), InlineData("$Password1"), InlineData("$password2"), InlineData("$Summer24")]
    [InlineData("$autumn.secret90"), InlineData("$token.paris9"), InlineData("$cHGuZGFcIPFp"), InlineData("$nsppjK.uPEko"), InlineData("$kB_lQetNoFewC_QI"), InlineData("$qwertzKlmpfTr")]
    [InlineData("$MoneyPenny007"), InlineData("$hello.World1"), InlineData("$a.b.2024"), InlineData("$apple!"), InlineData("$tar-wars"), InlineData("$key!"), InlineData("$compass"), InlineData("$crown"), InlineData("$denver")]
    [InlineData("$row[0"), InlineData("$x:y"), InlineData("$1.50"), InlineData("$$apiKey"), InlineData("apiKey$"), InlineData("@apiKey#1"), InlineData("$ecret.word"), InlineData("$ecret[0]"), InlineData("$k3y"), InlineData("$p@ss")]
    [InlineData("(get-rich1)"), InlineData("(abc-def)x"), InlineData("&lt;abc"), InlineData("a&lt;b&gt;c"), InlineData("%3Cabc"), InlineData("keyhere2024"), InlineData("paste2024"), InlineData("there-is-a-key1")]
    [InlineData("sk-proj-1"), InlineData("sk-ant-x1"), InlineData("Asia"), InlineData("sk"), InlineData("sk-abc01"), InlineData("sk-ant-X1b01"), InlineData("sk-ant-abcdefgh01"), InlineData("sk-ant-01"), InlineData("skproj"), InlineData("gsk_a"), InlineData("xai"), InlineData("sk-short,"), InlineData("sk-P@ssw0rd-0123456789,"), InlineData("app-Ab3dEf6hIj9kLm2nOp5q,"), InlineData("(Ab3dEf6hIj9kLm2nOp5q)")]
    [InlineData("sk-abab"), InlineData("sk-a1b2a1b2a1b2a1b2a1b2a1b2"), InlineData("0123456789abcdef01230123456789abcdef0123"), InlineData("sk-Ab3dEf6hIj9kLm2nOp5q="), InlineData("sk-Ab3dEf6hIj9k+Lm2n/Op5q=="), InlineData("env.prod.2024!x")]
    [InlineData("env-prod-2024"), InlineData("environment=1x"), InlineData("secret.Passw0rd"), InlineData("file.system;Passw0rd"), InlineData("secret/Winter2024"), InlineData("azkvABC/def0123"), InlineData("env.prod"), InlineData("env/2024"), InlineData("file;a1b2")]
    [InlineData("https0123"), InlineData("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), InlineData("file/Ab3dEf6hIj9kLm2nOp5qRs8t="), InlineData("env=a+b/c"), InlineData("secret\\p@ss")]
    [InlineData("System.Passw0rd!x"), InlineData("p!a_key=5x"), InlineData("Summer_Nights=1x"), InlineData("SUMMERNIGHTS=1x"), InlineData("A_B=0123456789"), InlineData("[\"abc1"), InlineData("{ab\":1}"), InlineData("P@ss.key"), InlineData("p:ssword1")]
    [InlineData("/abcDEF012/ghi345678901234567890"), InlineData("/abc1234567890"), InlineData("stay-here"), InlineData("(Get-Rich1)"), InlineData("P@ss...word1"), InlineData("7://Passw0rd"), InlineData("7:/passw0rd"), InlineData("/abc//def0")]
    public void AKeyIsTaken(string key) => AssertTaken(key);

    [Theory]
    [InlineData("[PROD]"), InlineData("(get-rich)"), InlineData("(Get-rich)"), InlineData("(get-Rich)"), InlineData("(x-api-key)")]
    public void AHeaderMayHaveOtherWordsInBrackets(string text) =>
        Assert.NotNull(Header.Validate([new Header("x-api-key", Secret.FromPlainText(text))]));

    [Fact]
    public void NoTextIsTooShortOrTooOddToBeRead()
    {
        string[] parts = ["$", "[", "]", "(", ")", ".", "%0A", "\\n", "'", "\"", "-", "_", "sk-", "sk-ant-", "a", "Key", "7", "&lt;", "&gt;", "<", ">", "env", "=", ":", " ", "(Get-", "script:"];
        Gen.Int[0, parts.Length - 1].Array[0, 6].Sample(chosen =>
        {
            string text = string.Concat(chosen.Select(i => parts[i]));
            NotAKey.Problem(text);
            SecretReference.Mistyped(text);
            UnfilledPlaceholder.FindInPayload(text, "api_key");
        }, iter: 20000);
    }

    [Fact]
    public void WhatIsMadeByChanceIsTaken()
    {
        Gen<string> bytes = Gen.Byte.Array[16, 66].Select(Convert.ToBase64String);
        Gen<string> safe = bytes.Select(b => b.Replace('+', '-').Replace('/', '_').TrimEnd('='));
        // Long, so that no chance makes one of the forms; and without what is refused by design, as a mask, a path, JSON, a line NAME=VALUE or what a shell left.
        Gen<string> printable = Of(string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)));
        Gen<string> usual = Of(Lower + Upper + Digits + "!@#$%^&*-_=+?");
        Gen.OneOf(bytes, safe, Gen.Byte.Array[8, 32].Select(b => Convert.ToHexString(b)), Gen.Byte.Array[8, 32].Select(b => Convert.ToHexStringLower(b)),
            Gen.Guid.Select(g => g.ToString()), Gen.Select(safe, safe, safe).Select(p => $"eyJ{p.Item1}.eyJ{p.Item2}.{p.Item3}"), printable, usual)
            .Sample(AssertTaken, iter: 4000);

        static Gen<string> Of(string characters) => Gen.Char[characters].Array[24, 64].Select(c => new string(c)).Where(t =>
            t.Count(c => c == '*') < 3 && t[0] is not ('.' or '~' or '\\' or '{' or '[') && !(t[0] == t[^1] && t[0] is '"' or '\'' or '`')
            && !Regex.IsMatch(t, "^\\w+=") && !new[] { "$(", "${", "#{", "$[", "%{", "@{", "://", "$env:" }.Any(t.Contains));
    }

    // Alone, and as what a custom API's header has.
    private static void AssertTaken(string key)
    {
        Assert.Null(SecretReference.Mistyped(key));
        ApiKeyValidator.Check(Secret.FromPlainText(key), "ApiKey");
        Header.Validate([new Header("x-api-key", Secret.FromPlainText(key)), new Header("Authorization", Secret.FromPlainText("Bearer " + key))]);
    }
}
