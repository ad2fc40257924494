using System.Numerics;

namespace KoreConnections;

/// <summary>A number of JSON that no type of .NET holds without loss, such as 1e400: as it was written.</summary>
public sealed class JsonNumber : IFormattable
{
    private static readonly Regex Json = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant);

    private const int LongestWhole = 400;

    // Whoever writes a longer exponent means no number.
    private const int LongestExponent = 17;

    private JsonNumber(string text) => Text = text;

    /// <summary>The number as JSON writes it.</summary>
    public string Text { get; }

    /// <summary>The number as JSON writes it.</summary>
    public override string ToString() => Text;

    /// <summary>The number as JSON writes it, in each format.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => Text;

    /// <summary>A number of JSON in the smallest type that gives it back as it is: long, decimal, double, BigInteger, or this one.</summary>
    internal static object Read(string json)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return long.TryParse(json, NumberStyles.AllowLeadingSign, invariant, out long whole) ? whole
            : decimal.TryParse(json, NumberStyles.Float, invariant, out decimal exact) && AreSame(json, JsonOf(exact)) ? exact
            : double.TryParse(json, NumberStyles.Float, invariant, out double real) && IsFinite(real) && AreSame(json, JsonOf(real)) ? real
            : json.Length <= LongestWhole && BigInteger.TryParse(json, NumberStyles.AllowLeadingSign, invariant, out BigInteger large) ? large
            : new JsonNumber(json);
    }

    /// <summary>Whether a text is a number of JSON.</summary>
    internal static bool IsJson(string text) => Json.IsMatch(text);

    /// <summary>Whether a text is a number that only this type holds.</summary>
    internal static bool IsOwnText(string text) => IsJson(text) && Read(text) is JsonNumber;

    internal static bool IsNumber(object? value) => value switch
    {
        double real => IsFinite(real),
        float real => IsFinite(real),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger or JsonNumber => true,
        _ => false,
    };

    internal static string JsonOf(object number) => number is double or float
        ? ((IFormattable)number).ToString("R", CultureInfo.InvariantCulture)
        : Convert.ToString(number, CultureInfo.InvariantCulture)!;

    /// <summary>Whether two texts are one number: 1, 1.0 and 1e0 are.</summary>
    internal static bool AreSame(string one, string other) => one == other || Canonical(one) == Canonical(other);

    private static bool IsFinite(double real) => !double.IsNaN(real) && !double.IsInfinity(real);

    private static string Canonical(string json)
    {
        int e = json.IndexOfAny(['e', 'E']);
        string exponent = e < 0 ? "" : json.Substring(e + 1).TrimStart('+');
        string mantissa = (e < 0 ? json : json.Substring(0, e)).TrimStart('-');
        int point = mantissa.IndexOf('.');
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        string significant = digits.TrimStart('0').TrimEnd('0');
        if (significant.Length == 0)
        {
            return "0";
        }

        bool isNegative = exponent.StartsWith("-", StringComparison.Ordinal);
        string counted = exponent.TrimStart('-').TrimStart('0');
        if (counted.Length > LongestExponent)
        {
            return json;
        }

        long power = counted.Length == 0 ? 0 : long.Parse(counted, CultureInfo.InvariantCulture);
        power = (isNegative ? -power : power) - (point < 0 ? 0 : mantissa.Length - point - 1) + (digits.Length - digits.TrimEnd('0').Length);
        return $"{(json[0] == '-' ? "-" : "")}{significant}e{power.ToString(CultureInfo.InvariantCulture)}";
    }
}
