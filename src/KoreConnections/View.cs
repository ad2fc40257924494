using System;
using System.Collections.Generic;
using System.Linq;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>What the format file shows: text from the platform, made safe for a terminal and a build log.</summary>
public static class View
{
    private const string Muted = "\u001b[33m";
    private const string Alarming = "\u001b[31m";
    private const string Reset = "\u001b[0m";

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

    /// <summary>A date.</summary>
    /// <param name="value">The date.</param>
    public static string Day(object? value) => value is DateTime day ? ModelLifecycle.Day(day) : "";

    /// <summary>A severity, which stands out where the shell has colours.</summary>
    /// <param name="value">The severity.</param>
    /// <param name="hasColours">Whether the shell decides itself when to show colours.</param>
    public static string Severity(object? value, bool hasColours)
    {
        string severity = Text(value);
        return !hasColours ? severity : severity switch
        {
            nameof(IssueSeverity.Error) => $"{Alarming}{severity}{Reset}",
            nameof(IssueSeverity.Warning) => $"{Muted}{severity}{Reset}",
            _ => severity,
        };
    }

    /// <summary>A table of names and values, a line each.</summary>
    /// <param name="value">A dictionary.</param>
    public static string Table(object? value) => string.Join(
        "\n",
        (Values.Properties(value) ?? []).Select(p => $"{Text(p.Key)}: {Text(Cell(p))}"));

    private static string? Cell(KeyValuePair<string, object?> property) =>
        Values.Unwrap(property.Value) is string text ? text : JsonInput.Value(property.Value, property.Key).GetRawText();
}
