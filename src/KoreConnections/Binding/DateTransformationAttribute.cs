namespace KoreConnections.Commands;

/// <summary>Reads a date such as 2027-02-01 the same in every culture: PowerShell reads it in the calendar of the shell.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DateTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Read(PSValueConverter.Unwrap(inputData)) ?? inputData;

    /// <summary>A date, or text that begins with its year; null for anything else.</summary>
    public static DateTime? Read(object? given) => given switch
    {
        DateTime date => date,
        DateTimeOffset moment => moment.LocalDateTime,
        string text when Regex.IsMatch(text, @"^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) => date,
        not string when PSValueConverter.OwnText(given) is string day => Read(day),
        _ => null,
    };
}
