namespace KoreConnections.Tests.Client;

/// <summary>What reading a connection says of a change without a usable answer.</summary>
public sealed class ChangeEvidenceTests
{
    [Theory]
    [InlineData(true, 0, "shows the new values, but it may have had them before.")]
    [InlineData(true, -60, "does not show it.")]
    [InlineData(false, 0, "shows a change at that time, but with other values.")]
    [InlineData(false, -60, "does not show it.")]
    [InlineData(null, 0, "shows a change at that time, but not which one.")]
    [InlineData(null, -60, "does not show it.")]
    [InlineData(null, null, "does not show it.")]
    public void WhatDecidesNothingIsSaid(bool? shown, int? now, string seen)
    {
        var sent = new DateTime(2026, 5, 4, 3, 2, 1, 500, DateTimeKind.Utc);
        var read = new Connection { ModifiedOn = now is int seconds ? sent.AddSeconds(seconds) : null };
        Assert.Equal("Reading the connection " + seen, new ChangeEvidence(null, sent).Seen(shown, read));
    }

    /// <summary>Of a connection that nobody read before: its creation is not a change.</summary>
    [Theory]
    [InlineData(-12, -12.0, false)]
    [InlineData(-4.5, -4.5, null)] // whole seconds, in which a change of now may hide
    [InlineData(-4.6, -4.6, false)]
    [InlineData(-12, -13.0, null)]
    [InlineData(-12, null, null)]
    public void ItsCreationIsNotAChange(double modified, double? created, bool? isMade)
    {
        var sent = new DateTime(2026, 5, 4, 3, 2, 1, 500, DateTimeKind.Utc);
        var now = new Connection { ModifiedOn = sent.AddSeconds(modified), CreatedOn = created is double at ? sent.AddSeconds(at) : null };
        var evidence = new ChangeEvidence(null, sent);
        Assert.Equal(isMade, evidence.IsMadeForSure(null, now));
        Assert.Equal(isMade, evidence.IsMadeDespite(null, now));
        Assert.Equal(isMade is null, evidence.Seen(null, now).Contains("a change at that time", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false, null, 0, true)] // nobody read it before
    [InlineData(true, false, null, -60, null)]
    [InlineData(false, false, null, -60, false)]
    [InlineData(false, false, null, 0, null)]
    [InlineData(null, false, null, 0, null)]
    [InlineData(true, false, -60, -60, true)] // it was read before
    [InlineData(true, true, -60, -60, false)]
    [InlineData(true, true, -60, 0, true)]
    [InlineData(false, false, -60, -60, false)]
    [InlineData(false, false, -60, 0, null)] // the platform writes it in its own way, or somebody else changed it
    [InlineData(null, false, -60, 0, true)]
    [InlineData(null, false, -60, -60, false)]
    [InlineData(null, false, -60, -30, false)] // somebody else changed it before
    [InlineData(null, false, -60, -10, null)] // the clocks of two machines
    [InlineData(false, false, -60, -10, null)]
    [InlineData(null, false, null, -10, null)]
    [InlineData(true, false, null, -10, true)]
    [InlineData(null, false, -60, null, null)]
    public void WhatAReadShowsDecides(bool? shown, bool wasShown, int? before, int? now, bool? isMade)
    {
        var sent = new DateTime(2026, 5, 4, 3, 2, 1, 500, DateTimeKind.Utc);
        var evidence = new ChangeEvidence(At(before), sent) { WasShown = wasShown };
        var read = new Connection { ModifiedOn = At(now) };
        Assert.Equal(isMade, evidence.IsMadeForSure(shown, read));
        // Of what failed, only values that are new say that it was made nevertheless.
        Assert.Equal(shown == false ? false : isMade == true && (shown != true || wasShown) ? null : isMade, evidence.IsMadeDespite(shown, read));
        Assert.NotEqual(true, (evidence with { WasShown = null }).IsMadeDespite(shown, read));

        DateTime? At(int? seconds) => seconds is int s ? sent.AddSeconds(s) : null;
    }
}
