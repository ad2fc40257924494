namespace KoreConnections.Tests.Client;

/// <summary>What is sent is shown as the reading of an answer shows it.</summary>
public sealed class ShownJsonTests
{
    [Theory]
    [InlineData("""{"apiKey":12345678}""")]
    [InlineData("""{"body":{"pin":1234,"pins":[1234,5678.0,12,"hunter2 x"],"max_tokens":4096,"seed":12345678}}""")]
    [InlineData("""{"password":-5,"secret":12.5,"token":1e9,"token_count":98765432,"passcode":true,"pwd":null}""")]
    [InlineData("""{"auth":{"user":"hunter2x","tries":4321},"tools":[{"access_token":87654321}]}""")]
    [InlineData("""{"secret":{"type":"integer","minimum":1000,"default":987654,"enum":[1234]}}""")]
    [InlineData("""{"promptVars":[{"name":"apiKey","defaultValue":"hunter2x"},{"name":"prompt","defaultValue":"hunter2x"}]}""")]
    [InlineData("""{"db":"Server=db;;Password=Winter 2025;\nDatabase=x","text":"a sentence; key=of C major"}""")]
    [InlineData("""{"apiKey":"{{key}}","token":"${env:TOKEN}","headers":[{"key":"x-plan","value":"Basic"}]}""")]
    public async Task WhatIsSentIsShownAsItWouldBeRead(string json)
    {
        var content = new SecretJsonContent((writer, _) => JsonText.Parse(json, "Payload").WriteTo(writer));
        Assert.Equal(Read(json), ShownJson.Text(JsonText.Parse(json, "Payload")));
        Assert.Equal(SecretMasker.Scrub(Read(json)), content.Shown(SecretRedactor.None));
        Assert.Equal(json, await content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"pin":12345678}""", """{"pin":"${env:PIN}"}""")]
    [InlineData("""{"limit":12345678}""", """{"limit":"${env:PIN}"}""")]
    [InlineData("""{"password":"12345678"}""", """{"password":"${env:PIN}"}""")]
    [InlineData("""{"text":"It is 12345678."}""", """{"text":"It is ${env:PIN}."}""")]
    public void WhatCameFromAReferenceIsShownAsTheReference(string json, string shown)
    {
        var redactor = new SecretRedactor(new RequestSecrets([], [new SubstitutedValue("${env:PIN}", Secret.FromPlainText("12345678"))]));
        Assert.Equal(shown, new SecretJsonContent((writer, _) => JsonText.Parse(json, "Payload").WriteTo(writer)).Shown(redactor));
    }

    [Fact]
    public void AVariableIsShownWithItsName() => Assert.Equal(
        $$"""{"name":"token","dataType":"String","defaultValue":"{{Secret.Mask}}"}""",
        ShownJson.Text(JsonText.Parse("""{"name":"token","dataType":"String","defaultValue":"hunter2x"}""", "Payload"), "token"));

    private static string Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return JsonValues.Text(new JsonValues(SecretRedactor.None).Read(ref reader)!);
    }
}
