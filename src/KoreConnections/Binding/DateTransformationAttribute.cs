namespace KoreConnections.Commands;

/// <summary>Reads a date such as 2027-02-01 the same in every culture: PowerShell reads it in the calendar of the shell.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DateTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PSValueConverter.Unwrap(inputData) is string text && Regex.IsMatch(text, @"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}")
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
                ? date
                : inputData;
}
