using System.Numerics;

namespace KoreConnections.Client;

/// <summary>What a YAML scalar without quotation marks means: YAML 1.2's core schema.</summary>
internal static class YamlCoreSchema
{
    private static readonly Regex Integer = new(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant);
    private static readonly Regex OtherBase = new(@"^0(?:o[0-7]+|x[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant);
    private static readonly Regex Real = new(
        @"^(?<sign>[-+]?)(?<whole>[0-9]*)(?:\.(?<part>[0-9]*))?(?<exponent>[eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant);
    private static readonly Regex NoNumber = new(@"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z", RegexOptions.CultureInvariant);

    // Longer ones are texts: no payload counts that far, and hexadecimal ones take long to write out.
    private const int LongestNumber = 400;

    public static ManifestNode Plain(string text, SourceLocation place, Substituted? origin)
    {
        (NodeKind kind, string? json) = Kind(text);
        return ManifestNode.Scalar(kind, text, place, json, origin);
    }

    /// <summary>The kind, and for a number how JSON writes it.</summary>
    public static (NodeKind Kind, string? Json) Kind(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (NodeKind.Null, null),
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => (NodeKind.Flag, null),
        { Length: > LongestNumber } => (NodeKind.Text, null),
        _ when text[0] is not ('-' or '+' or '.' or (>= '0' and <= '9')) => (NodeKind.Text, null),
        _ when Integer.IsMatch(text) => (NodeKind.Number, Sign(text) + Whole(text.TrimStart('-', '+'))),
        _ when OtherBase.IsMatch(text) => (NodeKind.Number, InOtherBase(text)),
        _ when NoNumber.IsMatch(text) => (NodeKind.Number, null),
        _ when Real.Match(text) is { Success: true } real && real.Groups["whole"].Length + real.Groups["part"].Length > 0 => (NodeKind.Number, Decimal(real)),
        _ => (NodeKind.Text, null),
    };

    /// <summary>Whether a value is of the kind that a tag names; one that is not known here says nothing.</summary>
    public static bool Is(string tag, ManifestNode value) => tag switch
    {
        "int" => value is { Kind: NodeKind.Number, Json: string json } && json.IndexOfAny(['.', 'e', 'E']) < 0,
        "float" => value.Kind == NodeKind.Number,
        "bool" => value.Kind == NodeKind.Flag,
        "null" => value.Kind == NodeKind.Null,
        _ => true,
    };

    // As text, so that no digit is lost.
    private static string Decimal(Match real)
    {
        string part = real.Groups["part"].Value;
        return Sign(real.Groups["sign"].Value) + Whole(real.Groups["whole"].Value) + (part.Length == 0 ? "" : "." + part) + real.Groups["exponent"].Value;
    }

    private static string Sign(string text) => text.StartsWith("-", StringComparison.Ordinal) ? "-" : "";

    private static string Whole(string digits) => digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";

    private static string InOtherBase(string text)
    {
        int digits = text[1] == 'x' ? 16 : 8;
        return text.Skip(2)
            .Aggregate(BigInteger.Zero, (value, digit) => (value * digits) + Convert.ToInt32($"{digit}", 16))
            .ToString(CultureInfo.InvariantCulture);
    }
}
