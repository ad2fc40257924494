using System.Net;

namespace KoreConnections.Tests.Client;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(@"P@ss\w0rd-Xy9!kLmQz")]
    [InlineData(@"P@ss\\w0rd\Xy9!kLmQz")]
    [InlineData("P@ss#w0rd-Xy9!kLmQz")]
    [InlineData("P@ss-w0rd#Xy9!kLmQz")]
    [InlineData("P@ss-w0rd?Xy9!kLmQz")]
    [InlineData("P@ss/./w0rd-Xy9!kLmQz")]
    [InlineData("P@ss-w0rd/../Xy9!kLmQz")]
    [InlineData("P@ss-w0rd-Xy9!kLmQz")]
    [InlineData(@"wJalrXUt\w0rd\Xy9bPxRfiCYzQ")]
    public void ARedirectShowsNoKeyHoweverItsAddressIsRead(string key)
    {
        foreach (string form in new[] { key, Uri.EscapeDataString(key), key.ToUpperInvariant() })
        {
            foreach (string place in new[] { "KEY", "/KEY", "/path/KEY", "/path/KEY/x", "./KEY", "https://other.example/KEY", "https://other.example/a?b=KEY", "https://other.example/#KEY", "//other.example/KEY", "?KEY", "#KEY" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "https://platform.example/api/public/connections");
                using var response = new HttpResponseMessage(HttpStatusCode.TemporaryRedirect);
                Assert.True(response.Headers.TryAddWithoutValidation("Location", place.Replace("KEY", form)));
                KoreException failure = ErrorMapper.FromStatus(request, response, default, SecretRedactor.For([Secret.FromPlainText(key)]));
                Assert.Contains("platform.example redirects (HTTP 307) ", failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("w0rd", failure.Message, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Xy9", failure.Message, StringComparison.OrdinalIgnoreCase);
            }
        }
    }
}
