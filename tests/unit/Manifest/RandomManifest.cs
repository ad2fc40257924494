using System.Text.Json.Nodes;

namespace KoreConnections.Tests.AsCode;

/// <summary>Writes values as YAML in any layout. Not each file is valid, and a value may become another: read what was written.</summary>
internal sealed class RandomManifest(Random random)
{
    private readonly StringBuilder _text = new();
    private int _comments;
    private int _noise;
    private int _anchors;

    public string Write(JsonArray connections)
    {
        _noise = random.Next(4) == 0 ? 0 : random.Next(1, 40);
        if (random.Next(5) == 0)
        {
            _text.Append(Chance(50) ? "---" : "--- # c").Append(Chance(50) ? "\n" : " \n");
        }

        if (random.Next(8) == 0)
        {
            Flow(new JsonObject { ["version"] = 1, ["connections"] = connections }, 0);
        }
        else
        {
            var root = new JsonObject { ["version"] = 1, ["connections"] = connections, ["x-other"] = RandomConnections.Value(random, 1) };
            foreach (KeyValuePair<string, JsonNode?> entry in root.Where(e => e.Key == "connections" || Chance(60)).OrderBy(_ => random.Next()).ToArray())
            {
                Noise();
                _text.Append(Key(entry.Key)).Append(':');
                Behind(entry.Value, 0, isList: false);
            }
        }

        Noise();
        if (random.Next(10) == 0)
        {
            _text.Append("...\n");
            Noise();
        }

        string text = _text.ToString();
        text = random.Next(4) == 0 ? text.TrimEnd('\n') : text;
        return random.Next(4) == 0 ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
    }

    // What is behind a name and its colon, or a dash.
    private void Behind(JsonNode? value, int parent, bool isList)
    {
        if (value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
        {
            Scalar(value, parent);
        }
        else if (Chance(15))
        {
            _text.Append(Blank());
            Flow(value, parent + 1);
            EndLine();
        }
        else if (value is JsonObject table)
        {
            bool isInline = isList && Chance(75);
            int column = parent + random.Next(1, 5);
            if (isInline)
            {
                string gap = new(' ', random.Next(1, 4));
                _text.Append(gap);
                column = parent + 1 + gap.Length;
            }
            else
            {
                Anchor();
                EndLine();
            }

            foreach (KeyValuePair<string, JsonNode?> entry in table)
            {
                if (!isInline)
                {
                    Noise();
                    _text.Append(' ', column);
                }

                isInline = false;
                bool isExplicit = Chance(1);
                string colon = isExplicit ? "\n" + new string(' ', column) + ":" : Chance(3) ? " :" : ":";
                _text.Append(isExplicit ? "? " : "").Append(Key(entry.Key)).Append(colon);
                Behind(entry.Value, column, isList: false);
            }
        }
        else
        {
            int column = parent + (isList ? random.Next(1, 5) : random.Next(0, 5));
            Anchor();
            EndLine();
            foreach (JsonNode? item in value.AsArray())
            {
                Noise();
                _text.Append(' ', column).Append('-');
                Behind(item, column, isList: true);
            }
        }
    }

    private void Scalar(JsonNode? value, int parent)
    {
        if (value is null && Chance(50))
        {
            EndLine();
            return;
        }

        _text.Append(Blank());
        if (Chance(5))
        {
            EndLine();
            Noise();
            _text.Append(' ', parent + random.Next(1, 6));
        }

        if (value?.GetValueKind() == JsonValueKind.String)
        {
            Anchor(isInline: true);
            _text.Append(Chance(3) ? "!!str " : "");
            Text(value.GetValue<string>(), parent);
        }
        else
        {
            _text.Append(value?.ToJsonString() ?? "null");
            EndLine();
        }
    }

    private void Text(string text, int parent)
    {
        string margin = new(' ', parent + random.Next(1, 6));
        // A block of blanks alone can be read at the end of a file only, and nothing can be added behind it.
        bool isLines = text.Contains('\n') ? Chance(70) : Chance(25) && text.Trim(' ').Length > 0;
        if (isLines)
        {
            string mark = Chance(70) ? "|" : ">";
            string chomp = random.Next(3) switch { 0 => "-", 1 => "+", _ => "" };
            string indicator = text.StartsWith(' ') || text.StartsWith('\n') || Chance(15) ? $"{margin.Length - parent}" : "";
            _text.Append(mark).Append(Chance(50) ? indicator + chomp : chomp + indicator).Append(Trailing()).Append('\n');
            foreach (string line in text.TrimEnd('\n').Split('\n'))
            {
                _text.Append(line.Length == 0 && Chance(70) ? "" : margin).Append(line).Append(Chance(4) ? "  " : "").Append('\n');
            }

            _text.Append(Chance(10) ? margin + "  \n" : Chance(10) ? "\n\n" : "");
            return;
        }

        bool isPlain = text.Trim() == text && text is not ("" or ['-' or '#' or '"' or '.' or '{', ..]) && !Regex.IsMatch(text, ": | #|\n") && Chance(70);
        string written = isPlain ? text
            : !text.Contains('\n') && Chance(50) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"
            : JsonValue.Create(text).ToJsonString();
        // Over several lines.
        _text.Append(written[0] != '\'' && Chance(15) ? written.Replace(" ", "\n" + margin, StringComparison.Ordinal) : written);
        EndLine();
    }

    private void Flow(JsonNode? value, int column)
    {
        switch (value)
        {
            case JsonObject table:
                _text.Append('{');
                foreach ((KeyValuePair<string, JsonNode?> entry, int i) in table.Select((e, i) => (e, i)).ToArray())
                {
                    Gap(column);
                    _text.Append(Chance(50) ? $"\"{entry.Key}\"" : entry.Key).Append(": ");
                    Flow(entry.Value, column);
                    Gap(column);
                    _text.Append(i < table.Count - 1 || Chance(10) ? "," : "");
                }

                Gap(column);
                _text.Append('}');
                break;
            case JsonArray list:
                _text.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    Gap(column);
                    Flow(list[i], column);
                    Gap(column);
                    _text.Append(i < list.Count - 1 || Chance(10) ? "," : "");
                }

                Gap(column);
                _text.Append(']');
                break;
            default:
                _text.Append(value?.ToJsonString() ?? "null");
                break;
        }
    }

    private void Gap(int column)
    {
        if (Chance(12))
        {
            EndLine();
            _text.Append(Chance(20) ? "\n" : "").Append(' ', column + random.Next(1, 6));
        }
        else
        {
            _text.Append(Chance(60) ? " " : "");
        }
    }

    private string Key(string name) => random.Next(12) switch { 0 => $"\"{name}\"", 1 => $"'{name}'", _ => name };

    private string Blank() => random.Next(20) switch { 0 => "\t", 1 => "   ", _ => " " };

    private string Trailing() => Chance(_noise / 2) ? Comment() : Chance(8) ? "  " : Chance(3) ? "\t" : "";

    private string Comment() => $" {(Chance(10) ? "\t" : "")}# c{_comments++}.{(Chance(10) ? " " : "")}";

    private void EndLine() => _text.Append(Trailing()).Append('\n');

    private void Anchor(bool isInline = false)
    {
        if (Chance(3))
        {
            _text.Append(isInline ? "&a" : " &a").Append(_anchors++).Append(isInline ? " " : "");
        }
    }

    // Lines between others.
    private void Noise()
    {
        while (Chance(_noise))
        {
            _text.Append(random.Next(6) switch
            {
                0 => "\n",
                1 => new string(' ', random.Next(1, 14)) + "\n",
                2 => "\t\n",
                _ => new string(' ', random.Next(0, 14)) + Comment().TrimStart() + "\n",
            });
        }
    }

    private bool Chance(int percent) => random.Next(100) < percent;
}
