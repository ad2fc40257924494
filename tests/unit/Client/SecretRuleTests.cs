namespace KoreConnections.Tests.Client;

/// <summary>The one rule for what may hold a secret.</summary>
public sealed class SecretRuleTests
{
    [Theory]
    [InlineData("password"), InlineData("PASSWORD_1"), InlineData("dbPassword"), InlineData("pass"), InlineData("user-pass"), InlineData("pwd"), InlineData("passphrase")]
    [InlineData("token"), InlineData("token_value"), InlineData("accessToken"), InlineData("accesstoken"), InlineData("apiTokens"), InlineData("Refresh-Token")]
    [InlineData("api_key"), InlineData("api_key_v2"), InlineData("apiKeys"), InlineData("APIKey"), InlineData("APIKEY"), InlineData("x-api-key"), InlineData("Ocp-Apim-Subscription-Key"), InlineData("openaikey")]
    [InlineData("jwt"), InlineData("idJwt"), InlineData("auth"), InlineData("authHeader"), InlineData("oauth2"), InlineData("bearer"), InlineData("Authorization"), InlineData("proxy-authorization")]
    [InlineData("clientSecret"), InlineData("secrets"), InlineData("credentials"), InlineData("creds"), InlineData("session_cookie"), InlineData("Set-Cookie"), InlineData("signature"), InlineData("hmac"), InlineData("sas"), InlineData("connectionString"), InlineData("pin"), InlineData("otp")]
    public void ANameSaysThatItsValueIsASecret(string name)
    {
        Assert.True(SecretRule.IsName(name));
        Assert.True(SecretRule.MayHold(name, "letmein"));
        Assert.False(SecretRule.MayHold(name, "{{value}}"));
        Assert.False(SecretRule.MayHold(name, "Bearer ${env:NAME}"));
        Assert.False(SecretRule.MayHold(name, ""));
    }

    [Theory]
    [InlineData("max_tokens"), InlineData("maxCompletionTokens"), InlineData("inputTokensPath"), InlineData("token_count"), InlineData("tokenizer"), InlineData("stop_token"), InlineData("tokenUrl")]
    [InlineData("key"), InlineData("keys"), InlineData("cache_key"), InlineData("sortKey"), InlineData("keyFindings"), InlineData("monkey"), InlineData("keyboard"), InlineData("api_key_name")]
    [InlineData("authType"), InlineData("author"), InlineData("authority"), InlineData("authorizationProfile"), InlineData("password_policy"), InlineData("pass_through"), InlineData("pattern"), InlineData("spin"), InlineData("model"), InlineData("")]
    public void ANameSaysNothingOfTheKind(string name)
    {
        Assert.False(SecretRule.IsName(name));
        Assert.False(SecretRule.MayHold(name, "gpt-4o"));
        Assert.False(SecretRule.MayHold(name, "2048"));
        Assert.True(SecretRule.MayHold(name, "sk-0123456789abcdef"));
    }

    [Theory]
    [InlineData("sk-abcdefghij"), InlineData("kg-0123456789"), InlineData("ghp_a1B2c3D4e5"), InlineData("AKIAIOSFODNN7EXAMPLE"), InlineData("eyJhbGciOiJIUzI1NiJ9.e30.x"), InlineData("AIzaSyD-9tSrke72PouQMnMX")]
    [InlineData("Bearer abcdef"), InlineData("Basic dXNlcjpwYXNz"), InlineData("0123456789abcdef0123456789abcdef"), InlineData("hT8vQx2LmZ9rKp4W"), InlineData("xkfjQWEzmnbvREWQpoiuASDF")]
    public void AValueLooksLikeAKey(string value) => Assert.True(SecretRule.LooksLikeKey(value));

    [Theory]
    [InlineData("claude-3-5-sonnet-20241022"), InlineData("gpt-4o-mini-2024-07-18"), InlineData("2024-08-01-preview"), InlineData("application/vnd.openai+json"), InlineData("Basic understanding"), InlineData("a sentence about skills and tokens")]
    [InlineData("parallelToolCalling"), InlineData("KORE_KEY_SUPPORT_DESK_EU"), InlineData("sk-learn"), InlineData("eyjafjallajokull"), InlineData("https://api.example.com/v1/chat/completions"), InlineData("2026-11-27T01:32:57Z"), InlineData("meta-llama-3.1-70b-instruct")]
    public void WordsAndVersionsDoNot(string value) => Assert.False(SecretRule.LooksLikeKey(value));
}
