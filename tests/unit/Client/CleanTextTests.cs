namespace KoreConnections.Tests.Client;

/// <summary>Foreign text is data: it steers neither a terminal nor a build agent.</summary>
public sealed class CleanTextTests
{
    [Theory]
    [InlineData("##vso[task.setvariable variable=X]p.yaml", "# #vso[task.setvariable variable=X]p.yaml")]
    [InlineData("###[error]", "# # #[error]")]
    [InlineData("::set-env name=X::y", ": :set-env name=X: :y")]
    [InlineData("a ::add-mask::b", "a : :add-mask: :b")]
    [InlineData("wrapped::stop-commands::x", "wrapped: :stop-commands: :x")]
    [InlineData("'::group::a'", "': :group: :a'")]
    [InlineData(":\u200B:debug::x", ": :debug: :x")]
    [InlineData(":::x", ": : :x")]
    [InlineData("[::debug::x", "[: :debug: :x")]
    [InlineData("http://[::1]:80/ and [fe80::abcd]", "http://[::1]:80/ and [fe80::abcd]")]
    [InlineData("model 'ft:gpt-4o-mini-2024-07-18:contoso::9AbC23xY'", "model 'ft:gpt-4o-mini-2024-07-18:contoso::9AbC23xY'")]
    [InlineData("ft:gpt-4o:contoso::9AbC23xY:ckpt-step-100", "ft:gpt-4o:contoso::9AbC23xY:ckpt-step-100")]
    [InlineData("ft:a:b::warning::x", "ft:a:b: :warning: :x")]
    [InlineData("ft:a:b::endGroup ft:a:b::ERROR", "ft:a:b: :endGroup ft:a:b: :ERROR")]
    [InlineData("ft:a:b::remove-matcher x", "ft:a:b: :remove-matcher x")]
    [InlineData("ft:a:b::9AbC23xY::x ft:a ::9AbC23xY", "ft:a:b: :9AbC23xY: :x ft:a : :9AbC23xY")]
    [InlineData("draft:a:b::9AbC23xY", "draft:a:b: :9AbC23xY")]
    [InlineData("a\U000E0041\U000E0042b", "a b")]
    [InlineData("a\U000E0100b", "a b")]
    [InlineData("\u001b[31mred", "[31mred")]
    [InlineData("x\u202Ey", "x y")]
    [InlineData("👩\u200D🚀", "👩\u200D🚀")]
    [InlineData("❤\uFE0F ©\uFE0F 1\uFE0F\u20E3 क\u094D\u200Dष", "❤\uFE0F ©\uFE0F 1\uFE0F\u20E3 क\u094D\u200Dष")]
    [InlineData("#\uFE0F#vso[x]", "# #vso[x]")]
    [InlineData("می\u200Cخواهم ന\u0D4D\u200D ❤\uFE0F\u200D🔥", "می\u200Cخواهم ന\u0D4D\u200D ❤\uFE0F\u200D🔥")]
    [InlineData("Бот\u200D é\uFE0F 고\uFE0F객 a\u200Cb", "Бот é 고 객 a b")]
    [InlineData("a\u3164b\u034Fc\u2800d\uFFA0e\u200Df", "a b c d e f")]
    public void NothingActs(string text, string shown)
    {
        Assert.Equal(shown, TextSanitizer.SingleLine(text));
        Assert.Equal(shown, TextSanitizer.SingleLine(TextSanitizer.SingleLine(text)));
        Assert.Equal(shown, new KoreException(KoreErrorKind.Conflict, text).Message);
        Assert.Equal(TextSanitizer.SingleLine($"{text} (x)"), new Connection { ConnectionName = text, ConnectionId = "x" }.ToString());
    }

    // An attribute cannot hold it.
    [Fact]
    public void HalfACharacterIsNone() => NothingActs("half \uD83D", "half \uFFFD");

    [Fact]
    public void NoCharacterIsCutInTwo() => Assert.Equal("🚀🚀…", TextSanitizer.SingleLine("🚀🚀🚀", 4));
}
