namespace KoreConnections.Tests.Plans;

/// <summary>What scripts and pipelines count of a plan.</summary>
public sealed class PlanItemTests
{
    [Theory]
    [InlineData("Create", null, true, false)]
    [InlineData("Update", null, true, true)]
    [InlineData("ChangeKey", null, true, true)]
    [InlineData("CannotChange", null, true, true)]
    [InlineData("Ambiguous", null, true, false)]
    [InlineData("InSync", null, false, true)]
    [InlineData("Unmanaged", null, false, true)]
    [InlineData("Update", "Done", false, false)]
    [InlineData("Update", "Failed", true, true)]
    [InlineData("Update", "Unconfirmed", true, true)]
    [InlineData("CannotChange", "Skipped", true, true)]
    [InlineData("InSync", "Unchanged", false, true)]
    public void DriftIsWhatDiffersAndWasNotChanged(string action, string? outcome, bool isDrift, bool isKeyUnknown)
    {
        var item = new ConnectionPlanItem
        {
            ActionValue = Enum.Parse<PlanAction>(action),
            OutcomeValue = outcome is null ? null : Enum.Parse<SyncOutcome>(outcome),
            KeyStateValue = KeyLikeness.Unknown,
        };
        Assert.Equal((isDrift, isKeyUnknown), (item.IsDrift, item.IsKeyUnknown));
        item.KeyStateValue = KeyLikeness.LikelySame;
        Assert.False(item.IsKeyUnknown);
    }
}
