namespace KoreConnections.Tests.Client;

/// <summary>The one rule for what may hold a secret.</summary>
public sealed class SecretRuleTests
{
    [Theory]
    [InlineData("password"), InlineData("PASSWORD_1"), InlineData("dbPassword"), InlineData("pass"), InlineData("user-pass"), InlineData("pwd"), InlineData("passphrase")]
    [InlineData("token"), InlineData("token_value"), InlineData("accessToken"), InlineData("accesstoken"), InlineData("token_foo"), InlineData("apiTokens"), InlineData("Refresh-Token")]
    [InlineData("api_key"), InlineData("api_key_v2"), InlineData("apiKeys"), InlineData("APIKey"), InlineData("APIKEY"), InlineData("x-api-key"), InlineData("Ocp-Apim-Subscription-Key"), InlineData("openaikey")]
    [InlineData("jwt"), InlineData("idJwt"), InlineData("auth"), InlineData("authHeader"), InlineData("oauth2"), InlineData("bearer"), InlineData("Authorization"), InlineData("proxy-authorization")]
    [InlineData("clientSecret"), InlineData("secrets"), InlineData("credentials"), InlineData("creds"), InlineData("session_cookie"), InlineData("Set-Cookie"), InlineData("signature"), InlineData("hmac"), InlineData("sas"), InlineData("connectionString"), InlineData("pin"), InlineData("otp")]
    [InlineData("api_key_second"), InlineData("PASSWORD_2"), InlineData("secretarypassword"), InlineData("secretary_key"), InlineData("password_day")]
    public void ANameSaysThatItsValueIsASecret(string name)
    {
        Assert.True(SecretRule.IsName(name));
        Assert.True(SecretRule.MayHold(name, "letmein"));
        Assert.False(SecretRule.MayHold(name, "{{value}}"));
        Assert.False(SecretRule.MayHold(name, "Bearer ${env:NAME}"));
        Assert.False(SecretRule.MayHold(name, ""));
    }

    [Theory]
    [InlineData("pass_threshold"), InlineData("chunk_token_overlap"), InlineData("auth_timeout"), InlineData("token_ids"), InlineData("auth_timeout_ms"), InlineData("undersecretary"), InlineData("secretary"), InlineData("SecretariatName")]
    [InlineData("max_tokens"), InlineData("MAXTokens"), InlineData("maxCompletionTokens"), InlineData("inputTokensPath"), InlineData("token_count"), InlineData("tokenizer"), InlineData("stop_token"), InlineData("tokenUrl")]
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
    [InlineData("sk-SK-ViktoriaNeural"), InlineData("sk-bratislava-1"), InlineData("pplx-70b-online"), InlineData("xai-grok-2-latest"), InlineData("kg-client/1.0"), InlineData("sg.contoso.example.com"), InlineData("asia1-pool-x"), InlineData("hf_mistral-7b-instruct")]
    [InlineData("Kundenservice2026"), InlineData("AzureOpenAI-Production"), InlineData("OpenAI-Organization"), InlineData("Сервис2026Прод-Москва"), InlineData("客户服务2026生产环境二号三号四号五号"), InlineData("ContosoGraphQLApi2027"), InlineData("hT8vQx2L mZ9rKp4W")]
    public void WordsAndVersionsDoNot(string value) => Assert.False(SecretRule.LooksLikeKey(value));

    [Theory]
    [InlineData("hT8vQx2LmZ9rKp4W"), InlineData("3f2b1c4d-0000-4000-8000-abcdef012345"), InlineData("Correct7Horse9Battery"), InlineData("sk-abcdefghij"), InlineData("AKIAIOSFODNN7EXAMPLE"), InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("9dK2-pQ7x-Lm3Z-vB8n-Rt5w"), InlineData("b7f3k9_x2m4p8_q1w5e7_r3t6y9"), InlineData("a1B2c3D4e5F~g6H7i8J9k0L"), InlineData("7Gk2.Qw9x.Zp4m.Tn8v"), InlineData("tvly-dev-Ab12Cd34"), InlineData("xkfjQWEzmnbvREWQpoiuASDF"), InlineData("Token kfjwqpzxmvbnrtghlsdqw"), InlineData("Basic abcd12"), InlineData("sk-bratislava-20261"), InlineData("Abteilung2Berlin20261")]
    public void AKeyIsFoundWhereANameBelongs(string name) => Assert.True(SecretRule.IsKeyAsName(name));

    [Theory]
    [InlineData("OpenAI-Organization"), InlineData("X-RateLimit-ABcdef-iOS"), InlineData("Ocp-Apim-Subscription-Key"), InlineData("traceparent"), InlineData("X-Amz-Content-Sha256"), InlineData("X-B3-ParentSpanId"), InlineData("X-OrganizationId")]
    [InlineData("X-Office365TenantIdentifier"), InlineData("X-Gpt4oMiniDeployment"), InlineData("X-D365FinanceOps"), InlineData("X-S3BucketName42"), InlineData("X-B2BCustomerNumber"), InlineData("X-Log4jTraceContext"), InlineData("X-E2EIntegrationTests")]
    [InlineData("X-Oauth2TokenExchange"), InlineData("x-kundenservice2026abteilung"), InlineData("X-AzureMLWorkspaceId"), InlineData("CustomerCareInBerlin-x"), InlineData("Microsoft365Copilot"), InlineData("Covid19Informationen"), InlineData("SAPS4HANAIntegration")]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct-Turbo-Free"), InlineData("Kundenservice2026Nord"), InlineData("AzureOpenAI4Finance")]
    public void ANameIsMadeOfWords(string name) => Assert.False(SecretRule.IsKeyAsName(name));

    [Theory]
    [InlineData("password", "type", "type"), InlineData("password", "description", "description"), InlineData("password", "default", "password"), InlineData("auth", "enum", "enum"), InlineData("pin", "minimum", "minimum"), InlineData("credentials", "properties", "credentials"), InlineData("auth", "user", "auth"), InlineData("parameters", "token", "token")]
    public void BelowASecretAllIsOneButWhatASchemaSaysOfIt(string of, string name, string expected) => Assert.Equal(expected, SecretRule.NameWithin(of, name));

    [Theory]
    [InlineData("token", "EUR"), InlineData("auth", "managed_identity"), InlineData("credentials", "same-origin"), InlineData("public_key", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrb"), InlineData("partitionKey", "tenant-7f3a9c2e1b")]
    [InlineData("idempotency_key", "550e8400-e29b-41d4-a716-446655440000"), InlineData("password.default", "changeit"), InlineData("token.examples", "abc"), InlineData("token.const", "session")]
    [InlineData("keys", "https://hooks.slack.com/services/T00000000/B00000000/hT8vQx2LmZ9rKp4WhT8vQx2L", true), InlineData("key", "http://svc:7Gk2Qw9xZp4mTn8v@proxy.local:8080"), InlineData("key", "7Gk2Qw9xZp4mTn8v", true)]
    [InlineData("key", "Server=x;Password=7Gk2Qw9xZp4mTn8v;"), InlineData("key", "InstrumentationKey=3f2b1c4d-0000-4000-8000-abcdef012345;Endpoint=https://x.example/")]
    [InlineData("token", "EUROS", true), InlineData("password", "changeit", true), InlineData("password.default", "hunter2", true), InlineData("api_public_key", "abc", true), InlineData("public_key_app", "abc", true), InlineData("public_key", "sk-0123456789abcdef", true), InlineData("primary_key", "hT8vQx2LmZ9rKp4W", true)]
    // A wildcard is none.
    [InlineData("pat", "*"), InlineData("pat", "**"), InlineData("token", "*")]
    [InlineData("pat", "**x", true), InlineData("password", "*a", true), InlineData("password", "+-", true)]
    public void AValueThatOpensNothingIsNoSecret(string name, string value, bool isSecret = false) => Assert.Equal(isSecret, SecretRule.MayHold(name, value));

    [Theory]
    [InlineData("password", "default", "password.default"), InlineData("password.examples", "examples", "password.examples"), InlineData("password", "value", "password"), InlineData("a", "default", "default"), InlineData("password", "type", "type")]
    public void ASampleInASchemaIsKnownAsOne(string of, string name, string expected) => Assert.Equal(expected, SecretRule.NameIn(of, name));

    [Theory]
    [InlineData("tenant", "3f2b1c4d-0000-4000-8000-abcdef012345"), InlineData("appId", "aa-3f2b1c4d-0000-4000-8000-abcdef012345"), InlineData("code", "DE"), InlineData("sign", "plus"), InlineData("tokens", "4096"), InlineData("tokens", "10000"), InlineData("code", "en-US"), InlineData("key", "price"), InlineData("key", "{{key}}")]
    [InlineData("api_key", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("code", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x", "kg-12345678-abcd-4321-9876-0123456789ab", true), InlineData("key", "sk-abcdefghij", true), InlineData("sig", "a/1B+c2", true), InlineData("x", "3f2b1c4d00004000", true)]
    public void AnIdInAnAddressIsNoKeyUnlessItsNameSaysSo(string name, string value, bool isKey = false) =>
        Assert.Equal(isKey, SecretRule.MayHoldInQuery(name, value));

    [Theory]
    [InlineData("x-tenant-id", "3f2b1c4d-0000-4000-8000-abcdef012345"), InlineData("X-RequestId", "3F2B1C4D-0000-4000-8000-ABCDEF012345"), InlineData("x-ms-workspace-id", "3f2b1c4d-0000-4000-8000-abcdef012345")]
    [InlineData("x-tenant", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x-ibm-client-id", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x-clients-id", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x-login-id", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x-tenant-key-id", "3f2b1c4d-0000-4000-8000-abcdef012345", true), InlineData("x-tenant-id", "3f2b1c4d00004000", true), InlineData("x-api-key", "3f2b1c4d-0000-4000-8000-abcdef012345", true)]
    public void AnIdInAHeaderIsNoKeyIfItsNameSaysSo(string name, string value, bool isKey = false) =>
        Assert.Equal(isKey, SecretRule.MayHoldInHeader(name, value));

    [Theory]
    [InlineData("1234", true), InlineData("90071992547409", true), InlineData("0.8"), InlineData("50"), InlineData("999"), InlineData("-1234"), InlineData("1e2"), InlineData("1e9", true), InlineData("2.283E+17", true), InlineData("1234.0", true), InlineData("1234.5")]
    public void OnlyWholeNumbersOfFourDigitsMayBeSecrets(string number, bool isSecret = false) => Assert.Equal(isSecret, SecretRule.IsPin(number));

    /// <summary>A header that a manifest may have as it is, and that is read, compared and exported as it is.</summary>
    [Theory]
    [InlineData("HTTP-Referer", "https://www.example.com/path?utm_source=kore"), InlineData("Referer", "https://docs.example.com/a/b.html?lang=de&page=2#top"), InlineData("x-origin", "http://localhost:3000/?a=%20b"), InlineData("x-docs", "https://example.com/?tab=readme-ov-file")]
    [InlineData("X-Model", "meta-llama/Llama-3.3-70B-Instruct:free"), InlineData("x-route", "mistralai/Mixtral-8x7B-Instruct-v0.1"), InlineData("x-portkey-model", "accounts/fireworks/models/llama-v3p1-405b-instruct"), InlineData("X-Model-Name", "microsoft/WizardLM-2-8x22B"), InlineData("model", "deepseek-ai/DeepSeek-R1-Distill-Llama-70B")]
    [InlineData("x-model", "us.anthropic.claude-sonnet-4-20250514-v1:0"), InlineData("model-id", "hf_Qwen2.5-72B-Instruct-AWQ")]
    [InlineData("X-Json", """{"team":"a","env":"prod"}"""), InlineData("x-tags", """["support","emea-west","tier1"]"""), InlineData("cf-aig-metadata", """{ "team": "AI", "user": 12345, "test": true, "note": null }"""), InlineData("x-cfg", """{"retry":{"attempts":3,"token_cap":409}}""")]
    [InlineData("X-Amz-Date", "20240115T103000Z"), InlineData("x-since", "20240115T103000.123Z"), InlineData("x-any", "x7q9z2b4")]
    // The same forms with a key in them
    [InlineData("HTTP-Referer", "https://www.example.com/path?key=abc", true), InlineData("x-link", "https://www.example.com/path?utm_source=hT8vQx2LmZ9rKp4W", true), InlineData("x-link", "https://bob:pw@www.example.com/path?a=b", true), InlineData("x-link", "https://www.example.com/sk-a1b2c3d4e5f6g7h8/x", true)]
    [InlineData("x-link", "https://www.example.com/?next=https%3A%2F%2Fx.example%2F%3Ftoken%3Dabcdef", true), InlineData("x-link", "https://example.com/?%70assword=letmein1", true), InlineData("x-api-key", "https://www.example.com/path?utm_source=kore", true)]
    [InlineData("X-Model", "hT8vQx2LmZ9rKp4W", true), InlineData("X-Model", "for sk-a1b2c3d4e5f6g7h8 only", true), InlineData("X-Model-Key", "meta-llama/Llama-3.3-70B-Instruct:free", true), InlineData("x-remodeling", "Zq7Rt5Yu9Io3Pa1Sd4Fg6Hj8Kl", true)]
    [InlineData("x-link", "https://h.example/p?redirect=https%3A%2F%2Fbob%3Ahunterword%40h.example", true), InlineData("x-link", "https://h.example/p?x=Bearer+hunterword", true), InlineData("x-link", "https://h.example/p?data=password=hunterword", true), InlineData("x-link", "https://h.example/p?session=hunterword", true), InlineData("x-link", "https://h.example/p?sid=hunterword", true), InlineData("x-link", "https://h.example/p?x=sk-abcdefghij", true)]
    [InlineData("X-Json", """{"login":"bob","code":"hunterword"}""", true), InlineData("X-Json", """{"user":"bob","key":"hunterword"}""", true), InlineData("X-Json", """{"kind":"bob:hunterword"}""", true), InlineData("X-Model", "hunter2:secret9xyz", true)]
    [InlineData("X-Json", """{"team":"hT8vQx2LmZ9rKp4W"}""", true), InlineData("X-Json", """{"password":"letmein"}""", true), InlineData("X-Json", """{"a":[{"auth":{"user":"bob"}}]}""", true), InlineData("X-Json", """{"pin":73024,"team":"a"}""", true), InlineData("X-Json", """{"name":"password","value":"letmein"}""", true)]
    [InlineData("X-Json", """{"hT8vQx2LmZ9rKp4W":"a"}""", true), InlineData("X-Json", """{"n":12345678901234567890}""", true), InlineData("X-Json", """{"body":"{\"token\":\"abc\"}"}""", true), InlineData("X-Json", """{"team":"a","env":"prod""", true), InlineData("X-Json", """{"half":"\ud800 of a pair"}""", true)]
    [InlineData("x-any", "20240115T103000Zq7", true), InlineData("x-any", "12345678T9Rt5Yu9Io3", true)]
    public void ALongHeaderIsPlainByItsForm(string name, string value, bool isKey = false)
    {
        Assert.Equal(isKey, SecretRule.MayHoldInHeader(name, value));
        Assert.Equal(isKey, new Header(name, Secret.FromPlainText(value)).MayBeKey);
        Assert.Equal(isKey, ManifestKeyValidator.IsSecret(name, value));
    }
}
