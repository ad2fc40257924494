using CsCheck;

namespace KoreConnections.Tests.Client;

/// <summary>What the filter denies is not searched: a key that it denied wrongly would be shown.</summary>
public sealed class BloomFilterTests
{
    // Letters with another case that no ASCII has are among them.
    private static readonly Gen<string> Noise = Gen.OneOf(Gen.String, Gen.String[Gen.Char.AlphaNumeric, 0, 300], Gen.String[Gen.Char["ıİſKßé\u2028\0aAzZ-_ \n"], 0, 60]);
    private static readonly Gen<string> Form = Gen.String[Gen.Char[' ', '~'], 0, 60];

    [Fact]
    public void WhatATextHasIsNeverDenied() => Gen.Select(Noise, Form, Noise, Gen.Bool).Sample((before, form, after, isUpper) =>
    {
        var filter = new BloomFilter(before + (isUpper ? form.ToUpperInvariant() : form.ToLowerInvariant()) + after);
        Assert.True(filter.MayHold(form));
        Assert.All(Enumerable.Range(0, form.Length), at => Assert.True(filter.MayHold(form.AsSpan(at))));
    });

    /// <summary>Whatever the search itself takes for the same, the filter does.</summary>
    [Fact]
    public void WhatTheSearchFindsIsNotDenied() => Gen.Select(Noise, Gen.String[Gen.Char["kKsSiIK-ſıİ1"], 8, 12]).Sample((text, form) =>
    {
        string whole = text + new string([.. form.Select(c => c switch { 'k' => 'K', 's' => 'ſ', 'i' => 'İ', _ => c })]) + text;
        Assert.True(whole.AsSpan().IndexOf(form, StringComparison.OrdinalIgnoreCase) < 0 || new BloomFilter(whole).MayHold(form));
    });

    [Theory]
    [InlineData("", "sk-01234567", false)]
    [InlineData("sk-0123", "sk-01234567", false)]
    [InlineData("sk-0123", "sk-0123", true)]
    [InlineData("the key SK-01234567 is wrong", "sk-01234567", true)]
    [InlineData("the key sk-11234567 is wrong", "sk-01234567", false)]
    [InlineData("Pj9P\uD801\uDC00Y7UIZ", "Pj9P\uD801\uDC28y7UIz", true)]
    public void APieceThatIsAbsentIsDenied(string text, string form, bool mayHold) => Assert.Equal(mayHold, new BloomFilter(text).MayHold(form));
}
