namespace KoreConnections.Tests.Plans;

/// <summary>A flag of a manifest and what the platform has for it, which is the opposite where the table says so.</summary>
public sealed class FlagTests
{
    private static readonly ConnectionField Disabled = ConnectionFields.Find("Disabled")!;
    private static readonly ConnectionField Further = new("Further", "further", ValueKind.Flag);

    public static TheoryData<string, object?, bool?> Values => new()
    {
        { "Draft", "DRAFT", true }, { "Draft", "finalized ", false }, { "Draft", "archived", null }, { "Draft", null, null },
        { "Draft", "enabled", null }, { "Draft", "on", null }, { "Draft", "1", null }, { "Draft", true, null }, { "Draft", "disabled", null },
        { "Disabled", true, false }, { "Disabled", false, true }, { "Disabled", "off", true }, { "Disabled", 1, false }, { "Disabled", "perhaps", null }, { "Disabled", "draft", null },
        { "Further", true, true }, { "Further", false, false }, { "Further", "yes", true }, { "Further", 0, false }, { "Further", null, null },
    };

    [Theory, MemberData(nameof(Values))]
    public void AFlagIsTheOppositeOnlyWhereTheTableSaysSo(string parameter, object? value, bool? isOn) => Assert.Equal(
        isOn, ActualValues.IsFlagOn(parameter switch { "Draft" => CustomApiFields.Draft, "Disabled" => Disabled, _ => Further }, value));
}
