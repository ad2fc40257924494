using System.Dynamic;
using System.Runtime.CompilerServices;

namespace KoreConnections.Commands;

/// <summary>
/// What the format file shows of an object, live or deserialized: its properties, made safe for a terminal and a build log. The
/// types file makes it a hidden property of each object, because views may read properties in every language mode, and call nothing
/// in a constrained one.
/// </summary>
public sealed class DisplayText : DynamicObject
{
    private readonly PSObject _item;

    private DisplayText(PSObject item) => _item = item;

    // Of these, more is done than that they are made safe. Any other is dynamic, so that a new field needs nothing here.
    public string ConnectedOn => Format.Time(Value());
    public string ModifiedOn => Format.Time(Value());
    public string CreatedOn => Format.Day(Value());
    public string DueOn => Format.Day(Value());
    public string ModelRetiresOn => Format.Day(Value());
    public string RetiresOn => Format.Day(Value());
    public string Payload => Format.Json(Value());
    public string Fields => Format.Table(Value());
    public string Severity => Format.Severity(Value());
    public string Status => Format.Status(Value());
    public string Difference => PlanFormat.Differences(_item);
    public string Error => Format.Text(Value());

    public string Name => Format.Text(Value() ?? Value("ConnectionName") ?? Value("ConnectionId"));
    public string ErrorIdOrReason => Text("ErrorId") is { Length: > 0 } id ? id : Text("Reason");

    public string NameColumn => FlexibleColumn.Name(Text("ConnectionName"));
    public string ModelColumn => FlexibleColumn.Model(Text("Model"));
    public string NameLines => FlexibleColumn.Wrapped(Text("ConnectionName"), 21);
    public string ModelLines => FlexibleColumn.Wrapped(Text("Model"), 25);
    public string ProviderColumn => FlexibleColumn.Cell(Text("Provider"), FlexibleColumn.ProviderWidth);
    public string StatusColumn => Format.Status(Value(nameof(Status)), FlexibleColumn.StatusWidth);
    public string ModifiedOnColumn => FlexibleColumn.Cell(ModifiedOn, FlexibleColumn.TimeWidth);

    /// <summary>Who was asked for a verdict, and what to do about it. PowerShell wraps in the middle of words, so each address begins a line.</summary>
    public string HostAndAction => string.Join(
        "\n", new[] { Text("ProviderHost"), Text("RecommendedAction").Replace(" https://", "\n") }.Where(t => t.Length > 0));

    public string FurtherProperties => Format.Further(Value(nameof(Connection.AdditionalProperties)));
    public string PlanItem => PlanFormat.Item(_item);
    public string Summary => PlanFormat.Summary(_item);
    public string Problem => PlanFormat.Problem(_item);
    public string Whole => Format.Text(_item);
    public bool IsCurrent => ReferenceEquals(_item.BaseObject, CurrentSession.Value);

    public static object? Platform(PSObject item) => (item?.BaseObject as Connection)?.Platform;
    public static string? PlanSummary(PSObject item) => (item?.BaseObject as ConnectionPlanItem)?.Summary;
    public static object Of(PSObject item) => new DisplayText(item);

    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        result = Format.Value(Value(binder.Name));
        return true;
    }

    private string Text(string property) => Format.Text(Value(property));

    private object? Value([CallerMemberName] string property = "") => _item.Properties[property]?.Value;
}
