using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Tests.Support;
using Xunit;

namespace KoreConnections.Tests.Keys;

/// <summary>Keys that lie about: in a file for all to read, in the history of a shell.</summary>
public sealed class KeyWarningTests : IDisposable
{
    private const string Key = "sk-lies-about-0123456789";

    private readonly Workplace _place = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kore-warnings");

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    public void AFileThatOthersCanReadIsWarnedOfOnce(UnixFileMode mode, bool warns)
    {
        if (OperatingSystem.IsWindows())
        {
            // Files have no such mode there.
            return;
        }

        string path = Path.Combine(_folder.FullName, "key.txt");
        File.WriteAllText(path, Key);
        File.SetUnixFileMode(path, mode);
        _place.Shell.Set("path", path);
        ShellResult result = _place.Shell.Run("1..3 | ForEach-Object { @{ Provider = 'OpenAI'; Name = \"N$_\"; Model = 'm'; ApiKey = \"file:$path\" } } | New-Connection");
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(warns ? 1 : 0, result.Streams.Warning.Count(w => w.Message.Contains("can be read by others", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatWasTypedInPlainTextIsWarnedOfOnce()
    {
        Environment.SetEnvironmentVariable("KORE_TEST_LIES", Key);
        _place.Shell.Set("key", Shell.Secure(Key)).Set("text", Key);
        // Not of these: no key stands in the line, or the line is not kept.
        Assert.Equal(0, Warnings("New-Connection -OpenAI -Name a -Model m -ApiKey $key"));
        Assert.Equal(0, Warnings("New-Connection -OpenAI -Name b -Model m -ApiKey $text"));
        Assert.Equal(0, Warnings("New-Connection -OpenAI -Name c -Model m -ApiKey env:KORE_TEST_LIES"));
        Assert.Equal(0, Warnings("New-Connection -CustomApi -Name d -EndpointUrl https://llm.example.com -MapProvider openAIModel -Feature streaming -Header @{ version = '2023-06-01' }"));
        Assert.Equal(0, Warnings($"New-Connection -OpenAI -Name e -Model m -ApiKey {Key}", isKept: false));
        Assert.Equal(1, Warnings($"New-Connection -OpenAI -Name f -Model m -ApiKey {Key}"));
        Assert.Equal(0, Warnings($"New-Connection -OpenAI -Name g -Model m -ApiKey {Key}"));
    }

    public void Dispose()
    {
        _place.Dispose();
        _folder.Delete(recursive: true);
    }

    private int Warnings(string line, bool isKept = true)
    {
        using PowerShell shell = _place.Shell.Create(line);
        shell.Invoke(null, new PSInvocationSettings { AddToHistory = isKept });
        Assert.Empty(shell.Streams.Error);
        return shell.Streams.Warning.Count(w => w.Message.Contains("plain text", StringComparison.Ordinal));
    }
}
