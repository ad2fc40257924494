namespace KoreConnections.Client;

/// <param name="report">Takes a difference: its path, what the platform returns, what is wanted.</param>
/// <param name="keep">Takes a key that is no difference, though it need not be the same: its path, and what the manifest says.</param>
/// <param name="answer">What is redacted in what the platform returns.</param>
internal sealed class JsonDiff(Action<string, string?, string?> report, Action<string, string?> keep, SecretRedactor answer)
{
    public void Compare(string path, string name, JsonElement desired, object? actual, ManifestNode? source = null)
    {
        // Most is as it should be, and needs no path.
        if (source is not { Substituted.Count: > 0 } && ActualValues.IsSame(desired, actual))
        {
            return;
        }

        switch (desired.ValueKind)
        {
            case JsonValueKind.String when source is { IsScalar: true, IsUnresolved: true }
                && ActualValues.Text(actual) is string text
                && source.MayBe(text.AsSpan()):
                keep(path, source.Shown);
                break;
            case JsonValueKind.Object when actual is IDictionary table:
                CompareTables(path, name, desired, table, source);
                break;
            case JsonValueKind.Array when actual is object?[] list:
                CompareLists(path, name, desired, list, source);
                break;
            // The platform, or the reading of its answer, puts a mask instead of what looks like a key.
            case JsonValueKind.String when actual is string mask && SecretMasker.IsMask(name, mask):
                CompareKey(path, desired.GetString()!, mask, source);
                break;
            case JsonValueKind.Number when actual is string mask && SecretMasker.IsMask(name, mask) && IsMasked(name, desired.GetRawText()):
                CompareKey(path, desired.GetRawText(), mask, source);
                break;
            // So does the reading with what looks like one within an address or another text, and with what the request carried.
            case JsonValueKind.String when actual is string shown && shown != desired.GetString() && answer.Shows(desired.GetString()!, shown):
                break;
            case var _ when source is { IsScalar: true, IsSubstituted: true }:
                if (ActualValues.IsSame(desired, actual))
                {
                    keep(path, source.Shown);
                }
                else
                {
                    // The value before may be as secret as the one that the environment holds now.
                    report(path, actual is string before ? SecretMasker.Apply(before) : Shown(name, actual), source.Shown);
                }

                break;
            default:
                (string old, string now) = (Shown(name, actual), Shown(name, desired, source));
                // A text and a number, or two line ends, look alike but as JSON.
                bool isAlike = TextSanitizer.SingleLine(old) == TextSanitizer.SingleLine(now) && !SecretMasker.IsMasked(now.AsSpan());
                report(
                    path,
                    isAlike ? SecretMasker.Scrub(JsonValues.Write(actual).GetRawText()) : old,
                    isAlike ? SecretMasker.Scrub(desired.GetRawText()) : now);
                break;
        }
    }

    /// <param name="onlyStatus">Whether only those that are wanted are compared, and only whether they are on.</param>
    /// <param name="source">What the manifest says of the variable of a name.</param>
    public void CompareVariables(
        ConnectionField field, JsonElement desired, IReadOnlyList<IDictionary> actual, bool onlyStatus, Func<string, ManifestNode?> source)
    {
        string path = field.Name;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement variable in desired.EnumerateArray())
        {
            string name = variable.GetProperty("name").GetString()!;
            names.Add(name);
            if (actual.FirstOrDefault(v => v["name"] is string shown && answer.Shows(name, shown)) is not IDictionary found)
            {
                // Of those that are completed, one that is not there is the same as one that is off.
                if (!field.IsCompleted || variable.GetProperty("status").ValueKind != JsonValueKind.False)
                {
                    report($"{path}.{SecretMasker.Step(name)}", null, Shown(name, variable, source(name)));
                }

                continue;
            }

            ManifestNode? node = source(name);
            Dictionary<string, object?> values = ActualValues.ByName(found);
            foreach (JsonProperty property in variable.EnumerateObject())
            {
                if ((!onlyStatus || property.NameEquals("status")) && values.TryGetValue(property.Name, out object? value)
                    && !(Variable.IsFlag(property.Name) && property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                        && ActualValues.IsTrue(value) == property.Value.GetBoolean()))
                {
                    // What a variable is called says what its value is.
                    string of = property.Name == "defaultValue" ? name : property.Name;
                    string at = $"{path}.{SecretMasker.Step(name)}.{SecretMasker.Step(property.Name)}";
                    Compare(at, of, property.Value, value, node?.Find(property.Name));
                }
            }
        }

        foreach (IDictionary extra in onlyStatus ? [] : actual.Where(v => v["name"] is string shown && !names.Any(name => answer.Shows(name, shown))))
        {
            report($"{path}.{SecretMasker.Step((string)extra["name"]!)}", SecretMasker.Scrub(ActualValues.Text(extra) ?? ""), null);
        }
    }

    private void CompareTables(string path, string name, JsonElement desired, IDictionary actual, ManifestNode? source)
    {
        Dictionary<string, object?> values = ActualValues.ByName(actual);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in desired.EnumerateObject())
        {
            string at = $"{path}.{SecretMasker.Step(property.Name)}";
            string shown = values.ContainsKey(property.Name) ? property.Name
                : values.Keys.FirstOrDefault(name => answer.Shows(property.Name, name)) ?? property.Name;
            names.Add(shown);
            if (values.TryGetValue(shown, out object? value))
            {
                Compare(at, NameOf(property.Name), property.Value, value, source?[property.Name]);
            }
            else
            {
                report(at, null, Shown(NameOf(property.Name), property.Value, source?[property.Name]));
            }
        }

        foreach (DictionaryEntry extra in actual.Cast<DictionaryEntry>().Where(e => !names.Contains((string)e.Key)))
        {
            report($"{path}.{SecretMasker.Step((string)extra.Key)}", Shown(NameOf((string)extra.Key), extra.Value), null);
        }

        string NameOf(string property) => SecretRule.NameIn(name, property);
    }

    private void CompareLists(string path, string name, JsonElement desired, object?[] actual, ManifestNode? source)
    {
        int wantedCount = desired.GetArrayLength();
        for (int i = 0; i < Math.Max(wantedCount, actual.Length); i++)
        {
            string at = $"{path}[{i}]";
            ManifestNode? item = source?.Items.ElementAtOrDefault(i);
            if (i < wantedCount && i < actual.Length)
            {
                Compare(at, name, desired[i], actual[i], item);
            }
            else
            {
                report(at, i < actual.Length ? Shown(name, actual[i]) : null, i < wantedCount ? Shown(name, desired[i], item) : null);
            }
        }
    }

    private void CompareKey(string path, string desired, string mask, ManifestNode? source)
    {
        string? reference = source is { IsSubstituted: true } ? source.Shown : null;
        // JSON in a text may have a mask in it. What is around it is compared as it is.
        bool isText = SecretMasker.HoldsMask(mask);
        if (MaskMatcher.Judge(desired.AsSpan(), mask) == KeyLikeness.Different || (isText && Masked(desired) != Masked(mask) && !answer.Shows(desired, mask)))
        {
            string now = isText ? SecretMasker.Scrub(desired) : MaskMatcher.Like(desired.AsSpan(), mask);
            report(path, isText ? SecretMasker.Scrub(mask) : mask, reference ?? now);
        }
        else
        {
            keep(path, reference);
        }

        static string Masked(string text) =>
            SecretJson.Replace(SecretMasker.AsRead(text), static _ => Secret.Mask, static (_, value) => SecretMasker.IsWholeMask(value));
    }

    private bool IsMasked(string name, string number) => SecretRule.MayHoldNumber(name, number) || answer.Apply(number) != number;

    private static string Shown(string name, object? actual) => ActualValues.Text(actual) is string text ? SecretMasker.Shown(name, text) : "null";

    private static string Shown(string name, JsonElement value, ManifestNode? source) => source switch
    {
        { IsScalar: true, IsSubstituted: true } => source.Shown,
        { IsScalar: false, Substituted.Count: > 0 } => SecretMasker.Scrub(ShownJson.Text(JsonText.Of(w => source.WriteTo(w, isShown: true)), name)),
        _ when value.ValueKind == JsonValueKind.String => SecretMasker.Shown(name, value.GetString()!),
        _ when value.ValueKind == JsonValueKind.Number && SecretRule.MayHoldNumber(name, value.GetRawText()) => Secret.Mask,
        _ => SecretMasker.Scrub(ShownJson.Text(value, name)),
    };
}
