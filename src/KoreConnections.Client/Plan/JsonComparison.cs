using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>Holds JSON against what the platform tells, down to the last value.</summary>
/// <param name="report">Takes a difference: its path, what the platform tells, what is wanted.</param>
internal sealed class JsonComparison(Action<string, string?, string?> report)
{
    /// <summary>Compares a value under its name.</summary>
    public void Compare(string path, string name, JsonElement wanted, object? told)
    {
        switch (wanted.ValueKind)
        {
            case JsonValueKind.Object when told is IDictionary table:
                CompareTables(path, wanted, table);
                break;
            case JsonValueKind.Array when told is object?[] list:
                CompareLists(path, name, wanted, list);
                break;
            // The platform, or the reading of its answer, puts a mask in place of what looks like a key.
            case JsonValueKind.String when told is string mask && mask != wanted.GetString() && KeyEvidence.IsMask(name, mask):
                CompareKey(path, wanted.GetString()!, mask);
                break;
            default:
                if (!ToldValues.IsSame(wanted, told))
                {
                    report(path, ToldValues.Text(told) ?? "null", Shown(name, wanted));
                }

                break;
        }
    }

    private void CompareTables(string path, JsonElement wanted, IDictionary told)
    {
        var values = told.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => e.Value, StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in wanted.EnumerateObject())
        {
            string at = $"{path}.{property.Name}";
            names.Add(property.Name);
            if (values.TryGetValue(property.Name, out object? value))
            {
                Compare(at, property.Name, property.Value, value);
            }
            else
            {
                report(at, null, Shown(property.Name, property.Value));
            }
        }

        foreach (DictionaryEntry extra in told.Cast<DictionaryEntry>().Where(e => !names.Contains((string)e.Key)))
        {
            report($"{path}.{extra.Key}", ToldValues.Text(extra.Value) ?? "null", null);
        }
    }

    private void CompareLists(string path, string name, JsonElement wanted, object?[] told)
    {
        int wantedCount = wanted.GetArrayLength();
        for (int i = 0; i < Math.Max(wantedCount, told.Length); i++)
        {
            string at = $"{path}[{i}]";
            if (i >= told.Length)
            {
                report(at, null, Shown(name, wanted[i]));
            }
            else if (i >= wantedCount)
            {
                report(at, ToldValues.Text(told[i]) ?? "null", null);
            }
            else
            {
                Compare(at, name, wanted[i], told[i]);
            }
        }
    }

    private void CompareKey(string path, string wanted, string mask)
    {
        if (KeyEvidence.Judge(wanted.AsSpan(), mask) == KeyLikeness.Different)
        {
            report(path, mask, KeyEvidence.Like(wanted.AsSpan(), mask));
        }
    }

    private static string Shown(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Masking.IsSecretName(name) ? Masking.Apply(value.GetString()!) : Masking.Scrub(value.GetString()!),
        _ => Masking.IsSecretName(name) ? Secret.Mask : Masking.Scrub(value.GetRawText()),
    };
}
