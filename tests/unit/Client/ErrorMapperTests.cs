using System;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using KoreConnections.Client;
using Xunit;

namespace KoreConnections.Tests.Client;

/// <summary>When it is certain that nothing was sent.</summary>
public sealed class ErrorMapperTests
{
    private static readonly Uri Address = new("https://platform.example.com/api/public/connections");

    [Theory]
    [InlineData(SocketError.ConnectionRefused, false, true)]
    [InlineData(SocketError.HostNotFound, false, true)]
    [InlineData(SocketError.HostUnreachable, false, true)]
    [InlineData(SocketError.HostUnreachable, true, false)] // a connection that stood, and lost its way
    [InlineData(SocketError.ConnectionReset, true, false)]
    [InlineData(SocketError.ConnectionReset, false, false)]
    [InlineData(SocketError.TimedOut, false, false)]
    public void OnlyAFailedConnectIsCertain(SocketError error, bool inAStream, bool isNotSent)
    {
        Exception cause = new SocketException((int)error);
        KoreException failure = ErrorMapper.FromTransport(Address, new HttpRequestException("failed", inAStream ? new IOException("broken", cause) : cause), new SecretRedactor(RequestSecrets.None));
        Assert.Equal(isNotSent, failure.IsNotSent);
        Assert.Equal(!isNotSent, RetryPolicy.IsOpen(failure));
        Assert.Equal(KoreErrorKind.Unreachable, failure.Kind);
    }

    [Fact]
    public void TlsIsNamedAndNotRepeated()
    {
        KoreException failure = ErrorMapper.FromTransport(Address, new HttpRequestException("failed", new AuthenticationException("The remote certificate is invalid: NotTimeValid")), new SecretRedactor(RequestSecrets.None));
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NotTimeValid", failure.Message, StringComparison.Ordinal);
        Assert.Contains("clock", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.False(RetryPolicy.IsOpen(failure));
    }
}
