using System.Runtime.CompilerServices;

namespace KoreConnections.Commands;

/// <summary>
/// What the format file shows of an object, live or deserialized: its properties, made safe for a terminal and a build log. The
/// types file makes it a hidden property of each object, because views may read properties in every language mode, and call nothing
/// in a constrained one.
/// </summary>
public sealed class DisplayText
{
    private readonly PSObject _item;

    private DisplayText(PSObject item) => _item = item;

    // Each is the property of the object that has its name, as it is shown.
    public string Action => Text();
    public string Advice => Text();
    public string ConnectionId => Text();
    public string ConnectionName => Text();
    public string ErrorId => Text();
    public string File => Text();
    public string KeyState => Text();
    public string MaskAfter => Text();
    public string MaskBefore => Text();
    public string Message => Text();
    public string Model => Text();
    public string ModelId => Text();
    public string New => Text();
    public string Old => Text();
    public string Outcome => Text();
    public string Output => Text();
    public string Path => Text();
    public string Property => Text();
    public string Provider => Text();
    public string ProviderHost => Text();
    public string ProviderMessage => Text();
    public string Reason => Text();
    public string RecommendedAction => Text();
    public string Replacement => Text();
    public string RequestId => Text();
    public string Rule => Text();
    public string Verdict => Text();

    public string ConnectedOn => Format.Time(Value());
    public string ModifiedOn => Format.Time(Value());
    public string CreatedOn => Format.Day(Value());
    public string DueOn => Format.Day(Value());
    public string ModelRetiresOn => Format.Day(Value());
    public string RetiresOn => Format.Day(Value());
    public string Fields => Format.Table(Value());
    public string Severity => Format.Severity(Value());
    public string Status => Format.Status(Value());
    public string Difference => PlanFormat.Differences(_item);
    public string Error => Text();

    public string Name => Format.Text(Value() ?? Value(nameof(ConnectionName)) ?? Value(nameof(ConnectionId)));
    public string ErrorIdOrReason => ErrorId.Length > 0 ? ErrorId : Reason;

    public string NameColumn => FlexibleColumn.Name(ConnectionName);
    public string ModelColumn => FlexibleColumn.Model(Model);
    public string ProviderColumn => FlexibleColumn.Cell(Provider, FlexibleColumn.ProviderWidth);
    public string StatusColumn => Format.Status(Value(nameof(Status)), FlexibleColumn.StatusWidth);
    public string ModifiedOnColumn => FlexibleColumn.Cell(ModifiedOn, FlexibleColumn.TimeWidth);

    /// <summary>Who was asked for a verdict, and what to do about it. PowerShell wraps in the middle of words, so each address begins a line.</summary>
    public string HostAndAction => string.Join("\n", new[] { ProviderHost, RecommendedAction.Replace(" https://", "\n") }.Where(t => t.Length > 0));

    public object Field => new DisplayFields(_item);

    public string FurtherProperties => Format.Further(Value(nameof(Connection.AdditionalProperties)));
    public string PlanItem => PlanFormat.Item(_item);
    public string Summary => PlanFormat.Summary(_item);
    public string Problem => PlanFormat.Problem(_item);
    public string Whole => Format.Text(_item);
    public bool IsCurrent => ReferenceEquals(_item.BaseObject, CurrentSession.Value);

    public static object? Platform(PSObject item) => (item?.BaseObject as Connection)?.Platform;
    public static string? PlanSummary(PSObject item) => (item?.BaseObject as ConnectionPlanItem)?.Summary;
    public static object Of(PSObject item) => new DisplayText(item);

    private string Text([CallerMemberName] string property = "") => Format.Text(Value(property));

    private object? Value([CallerMemberName] string property = "") => _item.Properties[property]?.Value;
}
