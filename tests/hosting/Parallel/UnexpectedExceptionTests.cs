using System.Collections;

namespace KoreConnections.Tests.Parallel;

/// <summary>An exception that nothing expected is its item's error, and the other items are worked on.</summary>
public sealed class UnexpectedExceptionTests
{
    [Theory]
    [InlineData("$rows | New-Connection -ThrottleLimit {0}", 8)]
    [InlineData("$rows | New-Connection -ThrottleLimit {0}", 1)]
    [InlineData("$rows | New-Connection -WhatIf -ThrottleLimit {0}", 8)]
    [InlineData("$rows | ForEach-Object {{ New-Connection -InputObject $_ }}", 8)]
    public void ItIsTheItemsErrorOnly(string script, int throttle)
    {
        using var place = new SandboxFixture();
        object Row(string name) => new Hashtable { ["Provider"] = "OpenAI", ["Name"] = name, ["Model"] = "m", ["ApiKey"] = "sk-made-up-0123456789" };
        place.Shell.Set("rows", new[] { Row("first"), new BrokenTable(), Row("last") });
        ShellResult result = place.Shell.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, throttle));
        Assert.Equal(["KoreInternalError"], result.ErrorIds);
        Assert.Null(result.Terminating);
        Assert.Contains(nameof(InvalidTimeZoneException), result.AllErrors[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret-in-the-message", $"{result.AllErrors[0]} {result.AllErrors[0].Exception}", StringComparison.Ordinal);
        if (!script.Contains("WhatIf", StringComparison.Ordinal))
        {
            Assert.Equal(["first", "last"], result.Output.Select(c => c.Properties["ConnectionName"].Value));
        }
    }

    /// <summary>A table whose values cannot be had, with an exception whose text holds a key.</summary>
    private sealed class BrokenTable : Hashtable
    {
        public override ICollection Keys => throw new InvalidTimeZoneException("sk-secret-in-the-message");
    }
}
