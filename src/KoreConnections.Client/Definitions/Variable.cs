namespace KoreConnections.Client;

/// <summary>A variable of a custom API's payload. What is not given has the value that the document's sample has.</summary>
internal sealed class Variable(string name)
{
    // Of what is shorter, nobody knows what it was meant to be.
    private const int ShortestBeginning = 7;

    /// <summary>The three names that <c>promptVars</c> can hold.</summary>
    public static ApiValueSet PromptNames { get; } = new(["prompt", "system_prompt", "examples"]);

    private static readonly string[] Properties = ["name", "displayName", "status", "dataType", "elementType", "examples", "defaultValue", "required"];

    private static readonly string[] Flags = ["status", "required"];

    private static readonly Dictionary<string, JsonElement> Nothing = [];

    public string Name { get; } = name;

    /// <summary>Properties that were given, by the API's names.</summary>
    public IReadOnlyDictionary<string, JsonElement> Given { get; set; } = Nothing;

    internal JsonElement? Default => Given.TryGetValue("defaultValue", out JsonElement value) ? value : null;

    /// <summary>Where its default is among the variables.</summary>
    internal string DefaultPlace => $"{SecretMasker.Step(Name)}.defaultValue";

    /// <summary>Whether it is in use, where that was not given.</summary>
    internal bool IsOn { get; set; } = true;

    /// <summary>Whether the platform fills it in.</summary>
    internal bool IsFilled => Given.TryGetValue("status", out JsonElement status) ? status.ValueKind != JsonValueKind.False : IsOn;

    /// <summary>Whether it is sent again because the platform has it, under any name.</summary>
    internal bool IsKept { get; set; }

    /// <summary>The API's name of a property, which people write with a capital, too.</summary>
    internal static string PropertyName(string name) => name.Length == 0 ? "" : char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>Whether a property is true or false.</summary>
    internal static bool IsFlag(string name) => Flags.Contains(PropertyName(name));

    /// <summary>Flags that are neither, as a platform may have them, a sentence each.</summary>
    internal static IEnumerable<string> Remarks(IEnumerable<Variable> variables) =>
        variables.SelectMany(v => v.Given
            .Where(g => IsFlag(g.Key) && g.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
            .Select(g => $"{g.Key} of the variable '{SecretMasker.Step(v.Name)}' is neither true nor false. Use one of them."));

    /// <summary>The property that a name was meant to be; null for one that it is, and for a further one, which is sent as it is.</summary>
    internal static string? Misspelt(string name) => Properties.Contains(PropertyName(name)) ? null
        : Properties.FirstOrDefault(p => name.Length >= ShortestBeginning && p.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            ?? SpellingSuggestion.Of(name, Properties.Where(p => Math.Abs(p.Length - name.Length) <= 1));

    /// <summary>What is sent of a property's value that somebody gave: texts of true and false are these, which any other text would be, too.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it is neither, or a displayed name is none.</exception>
    internal static JsonElement Checked(string property, JsonElement value, string parameter)
    {
        bool isText = value.ValueKind == JsonValueKind.String;
        if (Flags.Contains(property) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            return isText && bool.TryParse(value.GetString(), out bool flag) ? JsonText.Of(writer => writer.WriteBooleanValue(flag)) : throw Guard.Invalid(
                parameter, $"has {property} '{SecretMasker.Quote(isText ? value.GetString() : value.GetRawText(), 50)}'. Use true or false.");
        }

        return property == "displayName" && isText && Guard.DisplayedName(value.GetString()!, parameter) is var name && name != value.GetString()
            ? JsonText.Of(writer => writer.WriteStringValue(name))
            : value;
    }

    /// <summary>The first of some names that comes again, if only in another case, as the end of a sentence; null for none.</summary>
    internal static string? Repeated(IEnumerable<string> names, StringComparer? comparer = null) =>
        names.GroupBy(n => n, comparer ?? StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? $"contains '{SecretMasker.Quote(twice.Last(), 60)}' twice. Remove one of them."
            : null;

    /// <summary>A variable from its name, or from a table of properties.</summary>
    /// <param name="json">Reads what is sent of any other property.</param>
    /// <param name="isGiven">Whether somebody gave it: what a platform has stays as it is.</param>
    internal static Variable Read<T>(
        IReadOnlyList<KeyValuePair<string, T>> properties, string parameter, Func<T, string?> text, Func<T, JsonElement> json, bool isGiven)
    {
        string? name = null;
        var given = new Dictionary<string, JsonElement>();
        string Trimmed(string key) => isGiven ? key.Trim() : key;
        if (Repeated(properties.Select(p => Trimmed(p.Key))) is string repeated)
        {
            throw Guard.Invalid(parameter, repeated);
        }

        foreach (KeyValuePair<string, T> property in properties)
        {
            string key = Trimmed(property.Key);
            if (string.Equals(key, "name", StringComparison.OrdinalIgnoreCase))
            {
                name = text(property.Value);
                continue;
            }

            string sent = PropertyName(key);
            JsonElement value = json(property.Value);
            if (isGiven && Flags.Contains(sent) && value.ValueKind == JsonValueKind.String && value.GetString()!.Trim().Length == 0)
            {
                // An empty cell.
                continue;
            }

            given[sent] = isGiven && Misspelt(key) is string meant
                ? throw Guard.Invalid(
                    parameter, $"contains '{SecretMasker.Quote(property.Key, 60)}', which is not a property of a variable. Did you mean {meant}?")
                : isGiven ? Checked(sent, value, parameter) : value;
        }

        return name is not null ? new Variable(isGiven ? SingleLine.Trim(name) : name) { Given = given } : throw Guard.Invalid(
            parameter,
            "contains a variable without a name. Use names, or tables with name and optionally displayName, status, defaultValue and required.");
    }

    /// <summary>Checks names of variables of the prompt, and adds those that were not given, switched off.</summary>
    internal static IReadOnlyList<Variable> CompletePrompt(IReadOnlyList<Variable>? given, JsonElement payload)
    {
        var byName = new Dictionary<string, Variable>();
        foreach (Variable variable in given ?? [])
        {
            byName[variable.IsKept ? variable.Name : PromptNames.Parse(variable.Name, "PromptVariable")] = variable;
        }

        string text = payload.ValueKind == JsonValueKind.Undefined ? "" : payload.GetRawText();
        string[] on = given is null ? ["prompt", .. PayloadPlaceholders.Names(text)] : [];
        return
        [
            .. PromptNames.Values.Select(name => byName.TryGetValue(name, out Variable? variable)
                ? new Variable(name) { Given = variable.Given, IsOn = variable.IsOn, IsKept = variable.IsKept }
                : new Variable(name) { IsOn = on.Contains(name) }),
            .. byName.Values.Where(v => v.IsKept && !PromptNames.Values.Contains(v.Name)),
        ];
    }

    /// <summary>The variables of the prompt as they are sent where only whether they are on was decided: the rest stays as the platform shows it.</summary>
    /// <param name="lose">Takes what cannot be sent again, because a mask stands for it: the variable, the property, what is sent. Null for nothing.</param>
    internal static IReadOnlyList<Variable> Kept(
        IReadOnlyList<Variable> decided, IReadOnlyList<IDictionary> there, Action<IDictionary, string?, JsonElement?> lose)
    {
        var shown = there.Where(t => t["name"] is string)
            .ToLookup(t => PromptNames.Find((string)t["name"]!) ?? (string)t["name"]!, StringComparer.Ordinal);
        return
        [
            .. decided.Select(v => shown[v.Name].FirstOrDefault() is IDictionary own ? Kept(v.Name, own, v.IsOn, lose) ?? v : v),
            .. shown.Where(s => decided.All(v => v.Name != s.Key)).Select(s => Kept(s.Key, s.First(), null, lose)).OfType<Variable>(),
        ];
    }

    private static Variable? Kept(string name, IDictionary there, bool? isOn, Action<IDictionary, string?, JsonElement?> lose)
    {
        if (isOn is null && SecretMasker.HasMask("", name))
        {
            lose(there, null, null);
            return null;
        }

        Dictionary<string, JsonElement> shown = there.Cast<DictionaryEntry>()
            .Where(p => p.Value is not null && !((string)p.Key == "status" ? isOn is not null : (string)p.Key == "name"))
            .ToDictionary(p => (string)p.Key, p => JsonValues.Write(p.Value));
        string[] masked = [.. shown.Where(p => IsMasked(there, name, p.Key, p.Value)).Select(p => p.Key)];
        var kept = new Variable(name)
        {
            Given = shown.Where(p => !masked.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value),
            IsOn = isOn ?? true,
            IsKept = true,
        };
        JsonElement sent = kept.ToJson();
        Array.ForEach(masked, key => lose(there, key, sent.TryGetProperty(key, out JsonElement value) ? value : null));
        return kept;
    }

    /// <summary>The same with what a platform has of it besides, which no list of its properties has.</summary>
    /// <param name="lose">Takes what cannot be sent again, because a mask stands for it: the variable, the property, nothing.</param>
    internal Variable WithOthersOf(IDictionary there, Action<IDictionary, string?, JsonElement?> lose)
    {
        HashSet<string> stated = new(ToJson().EnumerateObject().Select(p => p.Name), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, JsonElement> others = there.Cast<DictionaryEntry>().Where(p => p.Value is not null && !stated.Contains((string)p.Key))
            .ToDictionary(p => (string)p.Key, p => JsonValues.Write(p.Value));
        foreach (string masked in others.Keys.Where(key => IsMasked(there, Name, key, others[key]) || HasMask(others[key])).ToArray())
        {
            lose(there, masked, null);
            others.Remove(masked);
        }

        return others.Count == 0 ? this
            : new Variable(Name) { Given = Given.Concat(others).ToDictionary(p => p.Key, p => p.Value), IsOn = IsOn, IsKept = true };
    }

    // Nobody wrote these, so that asterisks of any form are taken for a mask.
    private static bool HasMask(JsonElement value) => JsonString.In(value).Any(t => SecretMasker.IsMasked(t.Text.AsSpan()));

    // A key within a text is masked without its ends, which asterisks of one's own would look like.
    private static bool IsMasked(IDictionary there, string name, string key, JsonElement value) => SecretMasker.HasMask("", key)
        || CarriedSecrets.FindMask(value, key == "defaultValue" ? name : key) is not null
        || (there is JsonTable { IsRedacted: true } && value.GetRawText().IndexOf(Secret.Mask, StringComparison.Ordinal) >= 0);

    internal static void Write(Utf8JsonWriter writer, string property, IReadOnlyList<Variable> variables)
    {
        writer.WritePropertyName(property);
        JsonText.WriteList(writer, variables, variable => variable.Write(writer));
    }

    internal JsonElement ToJson() => JsonText.Of(Write);

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        Write(writer, "displayName", DisplayName);
        Write(writer, "status", IsOn);
        Write(writer, "dataType", "String");
        Write(writer, "elementType", "textBox");
        if (Name == "examples" || (IsKept && Given.ContainsKey("examples")))
        {
            Write(writer, "examples", true);
        }

        Write(writer, "defaultValue", "");
        Write(writer, "required", Name == "prompt");
        foreach (KeyValuePair<string, JsonElement> further in Given.Where(g => !Properties.Contains(g.Key)))
        {
            writer.WritePropertyName(further.Key);
            further.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private string DisplayName => Name.Length == 0 ? Name : char.ToUpperInvariant(Name[0]) + Name.Substring(1).Replace('_', ' ');

    private void Write(Utf8JsonWriter writer, string property, object fallback)
    {
        writer.WritePropertyName(property);
        if (Given.TryGetValue(property, out JsonElement value))
        {
            value.WriteTo(writer);
        }
        else
        {
            JsonValues.Write(writer, fallback);
        }
    }
}
