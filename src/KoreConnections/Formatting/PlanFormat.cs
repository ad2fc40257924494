namespace KoreConnections.Commands;

/// <summary>What the format file shows of a plan: like a diff, live or deserialized.</summary>
internal static class PlanFormat
{
    private const string Indentation = "      ";
    private const int Width = 72;

    private static readonly Dictionary<string, (char Mark, string Colour)> Marks = new()
    {
        [nameof(PlanAction.Create)] = ('+', "\u001b[32m"),
        [nameof(PlanAction.Update)] = ('~', Format.Muted),
        [nameof(PlanAction.ChangeKey)] = ('~', Format.Muted),
        [nameof(PlanAction.CannotChange)] = ('!', Format.Alarming),
        [nameof(PlanAction.Ambiguous)] = ('!', Format.Alarming),
        [nameof(PlanAction.InSync)] = ('=', ""),
        [nameof(PlanAction.Unmanaged)] = ('?', ""),
    };

    public static string Summary(PSObject item) => Format.Text((item.BaseObject as ConnectionPlanItem)?.Summary ?? Of(item, "Summary"));

    /// <summary>What is done with which connection, what became of it, what differs, and why a person has to act.</summary>
    public static string Item(PSObject item)
    {
        string action = TextOf(item, "Action");
        (char mark, string colour) = Marks.TryGetValue(action, out (char, string) known) ? known : (' ', "");
        string marked = $"{mark} {action}".PadRight(15);
        string model = TextOf(item, "Model");
        string outcome = TextOf(item, "Outcome");
        string provider = TextOf(item, "Provider") + (model.Length == 0 ? "" : ", " + model);
        string line = $"{TextOf(item, "Name")} ({provider}){(outcome.Length == 0 ? "" : ": " + outcome)}";
        return WithDetails(Format.Coloured(marked, colour) + line, Details(item, action));
    }

    public static string Problem(PSObject problem) => WithDetails(
        Format.Text($"{Of(problem, "Line")}:{Of(problem, "Column")} {Of(problem, "Path")}"),
        [TextOf(problem, "Message")]);

    public static string Differences(PSObject item)
    {
        IEnumerable all = PSValueConverter.Unwrap(Of(item, "Difference")) as IEnumerable ?? Array.Empty<object>();
        return string.Join("\n", all.Cast<object>().Select(Difference));
    }

    private static IEnumerable<string> Details(PSObject item, string action)
    {
        object[] sentAgain = [.. PSValueConverter.Unwrap(Of(item, "SentAgain")) is IEnumerable sent and not string ? sent.Cast<object>() : []];
        string[] details =
        [
            .. Differences(item).Split('\n'),
            sentAgain.Length == 0 ? "" : $"sent again: {string.Join(", ", sentAgain.Select(Format.Text))}",
            action is nameof(PlanAction.CannotChange) or nameof(PlanAction.Ambiguous) ? TextOf(item, "Reason") : "",
            TextOf(item, "Error"),
        ];
        return details.Where(d => d.Length > 0);
    }

    private static string WithDetails(string line, IEnumerable<string> details) =>
        string.Join("\n", [line, .. details.SelectMany(Wrapped).Select(d => Indentation + d)]);

    // The shell would break in the middle of words.
    private static IEnumerable<string> Wrapped(string text)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    // A deserialized one is a text already where its depth was spent.
    private static string Difference(object difference) => Of(difference, "Property") is { } property
        ? TextSanitizer.SingleLine($"{property}: {Of(difference, "Old") ?? "(none)"} -> {Of(difference, "New") ?? "(none)"}")
        : Format.Text(difference);

    private static object? Of(object item, string property) => PSObject.AsPSObject(item).Properties[property]?.Value;

    private static string TextOf(PSObject item, string property) => Format.Text(Of(item, property));
}
