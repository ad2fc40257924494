namespace KoreConnections.Tests.Client;

/// <summary>A number comes back as it went.</summary>
public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("1e400", typeof(JsonNumber))]
    [InlineData("-7.5e-900", typeof(JsonNumber))]
    [InlineData("1e99999999999999999999", typeof(JsonNumber))]
    [InlineData("0.12345678901234567890123456789012345", typeof(JsonNumber))]
    [InlineData("12345678901234567890123456789012345678", typeof(System.Numerics.BigInteger))]
    [InlineData("0.1234567890123456789", typeof(decimal))]
    [InlineData("1.7976931348623157e308", typeof(double))]
    [InlineData("9223372036854775807", typeof(long))]
    public void IsReadAndWrittenWhole(string json, Type type)
    {
        Connection read = new ConnectionReader(new SecretRedactor(RequestSecrets.None)).ReadOne(new ArraySegment<byte>(Encoding.UTF8.GetBytes($$"""{"connectionId":"cn-1","payload":{ "n":{{json}} } }""")))!;
        object number = ((System.Collections.IDictionary)read.AdditionalProperties["payload"]!)["n"]!;
        Assert.IsType(type, number);
        using JsonDocument given = JsonDocument.Parse(json);
        Assert.True(JsonNumber.AreSame(json, JsonValues.Write(number).GetRawText()));
        Assert.True(ActualValues.IsSame(given.RootElement, number));
        Assert.False(ActualValues.IsSame(given.RootElement, 2L));
        Assert.True(JsonNumber.AreSame(json, ActualValues.Text(number)!));
        Assert.Equal(json, (number as JsonNumber)?.Text ?? json);
    }

    /// <summary>Who changes what was read may put anything there.</summary>
    [Fact]
    public void WhatSomebodyPutsThereIsWrittenOrRefused()
    {
        Assert.Equal("1.5", JsonValues.Text(1.5f));
        Assert.Equal("System.Uri", JsonValues.Text(new Uri("https://a.example.com")));
        Assert.Equal("System.Single", JsonValues.Text(float.NaN));
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("-0", "0.0", true)]
    [InlineData("0.010", "1E-2", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("-1", "1", false)]
    public void OneNumberHasManySpellings(string one, string other, bool isSame) => Assert.Equal(isSame, JsonNumber.AreSame(one, other));
}
