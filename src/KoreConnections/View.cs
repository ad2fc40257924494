using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What the format file shows: text from the platform, made safe for a terminal and a build log.</summary>
public static class View
{
    private const string Muted = "\u001b[33m";
    private const string Reset = "\u001b[0m";

    // As in a diff.
    private static readonly Dictionary<string, (string Mark, string Colour)> Marks = new()
    {
        [nameof(PlanAction.Create)] = ("+", "\u001b[32m"),
        [nameof(PlanAction.Update)] = ("~", "\u001b[33m"),
        [nameof(PlanAction.ChangeKey)] = ("~", "\u001b[33m"),
        [nameof(PlanAction.CannotChange)] = ("!", "\u001b[31m"),
        [nameof(PlanAction.Ambiguous)] = ("!", "\u001b[31m"),
        [nameof(PlanAction.InSync)] = ("=", ""),
        [nameof(PlanAction.Unmanaged)] = ("?", ""),
    };

    /// <summary>A text on one line.</summary>
    /// <param name="value">The text.</param>
    public static string Text(object? value) => CleanText.Line(value?.ToString());

    /// <summary>A status; what is not in use stands out where the shell has colours.</summary>
    /// <param name="value">The status.</param>
    /// <param name="hasColours">Whether the shell decides itself when to show colours.</param>
    public static string Status(object? value, bool hasColours)
    {
        string status = Text(value);
        return hasColours && status is ("INACTIVE" or "DRAFT") ? $"{Muted}{status}{Reset}" : status;
    }

    /// <summary>A local time to the minute.</summary>
    /// <param name="value">The time.</param>
    public static string Time(object? value) => value is DateTime time ? time.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "";

    /// <summary>A table of names and values, a line each.</summary>
    /// <param name="value">A dictionary.</param>
    public static string Table(object? value) => string.Join(
        "\n",
        (Values.Properties(value) ?? []).Select(p => $"{Text(p.Key)}: {Text(Cell(p))}"));

    /// <summary>What is done with an item of a plan, marked as in a diff.</summary>
    /// <param name="value">The action.</param>
    /// <param name="hasColours">Whether the shell decides itself when to show colours.</param>
    public static string Action(object? value, bool hasColours)
    {
        string action = Text(value);
        (string mark, string colour) = Marks.TryGetValue(action, out (string, string) known) ? known : (" ", "");
        string line = $"{mark} {action}";
        return hasColours && colour.Length > 0 ? $"{colour}{line}{Reset}" : line;
    }

    /// <summary>What an item of a plan changes, or why nothing is changed.</summary>
    /// <param name="item">The item, live or deserialized.</param>
    public static string Change(object? item)
    {
        PSObject source = PSObject.AsPSObject(item ?? "");
        object? error = source.Properties["Error"]?.Value;
        string differences = string.Join("; ", (Values.Unwrap(source.Properties["Difference"]?.Value) as System.Collections.IEnumerable ?? Array.Empty<object>()).Cast<object>().Select(Difference));
        return error is not null ? Text(error is Exception failure ? failure.Message : error)
            : Text(source.Properties["Action"]?.Value) is nameof(PlanAction.Update) or nameof(PlanAction.ChangeKey) ? differences
            : Text(source.Properties["Action"]?.Value) is nameof(PlanAction.Create) or nameof(PlanAction.Unmanaged) ? ""
            : $"{(differences.Length == 0 ? "" : differences + ". ")}{Text(source.Properties["Reason"]?.Value)}";
    }

    /// <summary>The plan in one line, which stands above its table.</summary>
    /// <param name="item">An item of it.</param>
    public static string Summary(object? item) => Values.Unwrap(item) is ConnectionPlanItem planned ? planned.Summary : "";

    private static string Difference(object difference)
    {
        PSObject source = PSObject.AsPSObject(difference);
        return Text($"{source.Properties["Property"]?.Value}: {source.Properties["Old"]?.Value ?? "(none)"} -> {source.Properties["New"]?.Value ?? "(none)"}");
    }

    private static string? Cell(KeyValuePair<string, object?> property) =>
        Values.Unwrap(property.Value) is string text ? text : JsonInput.Value(property.Value, property.Key).GetRawText();
}
