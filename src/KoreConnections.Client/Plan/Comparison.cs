using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>
/// Holds what a manifest says of a connection against what the platform tells of it. What the manifest does not say is no
/// difference. Nor is what the platform does not tell, unless its answer holds the whole of a custom API: what is not there
/// is absent then.
/// </summary>
internal sealed class Comparison
{
    private static readonly string[] Clearable = ["Model", "InputTokensPath", "OutputTokensPath"];

    private readonly ManifestConnection _wanted;
    private readonly Connection _told;
    private readonly bool _ignoresKeys;
    private readonly bool _isWhole;
    private readonly List<ConnectionDifference> _differences = [];
    private readonly List<(string Parameter, string Path)> _kept = [];
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);

    public Comparison(ManifestConnection wanted, Connection told, bool ignoresKeys = false)
    {
        _wanted = wanted;
        _ignoresKeys = ignoresKeys;
        _told = told;
        _isWhole = wanted.Definition is CustomApiDefinition { Settings: var settings } && Has("endpointUrl") && Has(settings.IsMapped ? "mapProvider" : "payload");
        foreach (JsonProperty property in JsonBody.ToJson(wanted.Definition.Write).EnumerateObject())
        {
            Compare(property.Name, property.Value);
        }

        if (wanted.Definition is CustomApiDefinition custom)
        {
            CompareShape(custom.Settings);
            CompareCleared();
            CompareHeaders(custom.Settings);
        }

        Key = ignoresKeys ? null : Key ?? (wanted.Unresolved.Count > 0 ? KeyLikeness.Unknown : null);
    }

    /// <summary>What differs.</summary>
    public IReadOnlyList<ConnectionDifference> Differences => _differences;

    /// <summary>
    /// What does not differ and is sent all the same, because the API replaces what it is a part of as a whole: headers, and
    /// keys of which a mask does not show that they are the same.
    /// </summary>
    public IEnumerable<string> SentAgain => _kept.Where(k => _parameters.Contains(k.Parameter)).Select(k => k.Path);

    /// <summary>The parameters whose values differ.</summary>
    public ICollection<string> Parameters => _parameters;

    /// <summary>What can be told of the keys; null where there are none to compare.</summary>
    public KeyLikeness? Key { get; private set; }

    /// <summary>Whether it has the one shape of a custom API there and the other here.</summary>
    public bool IsOtherShape { get; private set; }

    private void Compare(string wireName, JsonElement wanted)
    {
        object? told = ToldValues.Of(_told, wireName);
        switch (wireName)
        {
            case "fields":
                foreach (JsonProperty field in wanted.EnumerateObject())
                {
                    CompareField(field.Name, field.Value);
                }

                break;
            case "model" when IsGiven("Model"):
                CompareText("Model", wanted, told);
                break;
            case "status" when told is "DRAFT" or "FINALIZED":
                CompareFlag("Draft", wanted.GetString() == "DRAFT", told is "DRAFT");
                break;
            case "isEnable" when told is bool isEnabled:
                CompareFlag("Disabled", !wanted.GetBoolean(), !isEnabled);
                break;
            case "endpointUrl":
                CompareEndpoint(wanted, told);
                break;
            case "outputPath" or "inputTokensPath" or "outputTokensPath" or "mapProvider":
                CompareText(char.ToUpperInvariant(wireName[0]) + wireName.Substring(1), wanted, told);
                break;
            case "idp" when Says("AuthorizationProfile"):
                CompareText("AuthorizationProfile", wanted, told ?? (_isWhole ? "none" : null));
                break;
            case "payload" when told is not null && _wanted.Entry["Payload"] is not { IsScalar: true, IsUnresolved: true }:
                Values("Payload").Compare("payload", "payload", wanted, told, _wanted.Entry["Payload"]);
                break;
            case "llmFeatures" when ToldValues.On(told) is { } on:
                CompareLists("Feature", on.Where(f => Known.Features.Find(f) is not null), wanted.EnumerateObject().Where(f => f.Value.GetBoolean()).Select(f => f.Name));
                break;
            case "IOMappings" when Says("IOMapping") && ToldValues.Texts(told ?? (_isWhole ? Known.IOMappings.Values.Take(1).ToArray<object?>() : null)) is { } mappings:
                CompareLists("IOMapping", mappings, wanted.EnumerateArray().Select(m => m.GetString()!));
                break;
            case "promptVars":
                CompareVariables("PromptVariable", wanted, told ?? (IsGiven("PromptVariable") ? None : null), onlyStatus: !IsGiven("PromptVariable"));
                break;
            case "customVars" when Says("CustomVariable"):
                CompareVariables("CustomVariable", wanted, told ?? None, onlyStatus: false);
                break;
        }
    }

    private void CompareField(string name, JsonElement wanted)
    {
        object? told = _told.Fields?[name];
        if (name != "API_KEY")
        {
            CompareText(ManifestProperty.All.First(p => WireNames.Of(p.Parameter) == name).Parameter, wanted, told);
            return;
        }

        Secret key = ((KeyedDefinition)_wanted.Definition).ApiKey!;
        string? mask = told as string;
        Key = key.Problem is not null ? KeyLikeness.Unknown : key.Read(text => KeyEvidence.Judge(text, mask));
        if (Key == KeyLikeness.Different && !_ignoresKeys)
        {
            Add("ApiKey", "apiKey", mask, _wanted.Entry["ApiKey"]?.Shown);
        }
    }

    private void CompareText(string parameter, JsonElement wanted, object? told)
    {
        string now = wanted.GetString()!;
        if (_isWhole && told is null or "")
        {
            Add(parameter, NameOf(parameter), null, Masking.Addresses(_wanted.Shown(parameter, now)!));
        }
        else if (told is string text && text != now)
        {
            Add(parameter, NameOf(parameter), Masking.Addresses(text), Masking.Addresses(_wanted.Shown(parameter, now)!));
        }
    }

    /// <summary>The platform shows the keys in an address as it likes; where it shows masks, those of the wanted one are held against them.</summary>
    private void CompareEndpoint(JsonElement wanted, object? told)
    {
        string now = wanted.GetString()!;
        Secret shown = _told.Endpoint ?? Secret.FromPlainText(told as string ?? now);
        bool isSame = _wanted.Entry["EndpointUrl"] is { IsUnresolved: true } source
            ? shown.Read(source.MayBe)
            : shown.Read(text => text.SequenceEqual(now.AsSpan()) || (_told.Endpoint is null && text.SequenceEqual(Masking.Addresses(now).AsSpan())));
        if (!isSame)
        {
            Add("EndpointUrl", "endpointUrl", Masking.Addresses((string)told!), Masking.Addresses(_wanted.Shown("EndpointUrl", now)!));
        }
    }

    private void CompareFlag(string parameter, bool wanted, bool told)
    {
        if (wanted != told)
        {
            Add(parameter, NameOf(parameter), told ? "true" : "false", wanted ? "true" : "false");
        }
    }

    private void CompareLists(string parameter, IEnumerable<string> told, IEnumerable<string> wanted)
    {
        string[] old = [.. told.Distinct().OrderBy(t => t, StringComparer.Ordinal)];
        string[] now = [.. wanted.OrderBy(t => t, StringComparer.Ordinal)];
        if (!old.SequenceEqual(now))
        {
            Add(parameter, NameOf(parameter), string.Join(", ", old), string.Join(", ", now));
        }
    }

    private void CompareVariables(string parameter, JsonElement wanted, object? told, bool onlyStatus)
    {
        if (ToldValues.Tables(told) is { } variables)
        {
            Values(parameter).CompareVariables(NameOf(parameter), wanted, variables, onlyStatus, name => Variable(parameter, name));
        }
    }

    /// <summary>What the manifest gives as empty is not to be there.</summary>
    private void CompareCleared()
    {
        foreach (string parameter in Clearable.Where(p => _wanted.Entry.Clears(p)))
        {
            if (ToldValues.Of(_told, NameOf(parameter)) is string { Length: > 0 } told)
            {
                Add(parameter, NameOf(parameter), Masking.Addresses(told), null);
            }
        }
    }

    private void CompareShape(CustomApiSettings wanted)
    {
        bool isToldMapped = ToldValues.Of(_told, "mapProvider") is string { Length: > 0 };
        bool isToldOwn = ToldValues.Of(_told, "payload") is IDictionary;
        IsOtherShape = wanted.IsMapped ? isToldOwn && !isToldMapped : isToldMapped && !isToldOwn;
        if (IsOtherShape)
        {
            Add("MapProvider", "mapProvider", ToldValues.Of(_told, "mapProvider") as string, wanted.MapProvider);
        }
    }

    private void CompareHeaders(CustomApiSettings wanted)
    {
        if (!IsGiven("Header"))
        {
            return;
        }

        if (ToldValues.Tables(ToldValues.Of(_told, "headers")) is not { } told)
        {
            Key = wanted.Headers!.Count == 0 ? null : KeyLikeness.Unknown;
            return;
        }

        var sources = _wanted.Entry.Headers.ToLookup(h => h.Name.Text, h => h.Value, StringComparer.OrdinalIgnoreCase);
        foreach (Header header in wanted.Headers!)
        {
            ManifestNode? source = sources[header.Name].FirstOrDefault();
            if (told.FirstOrDefault(t => IsNamed(t, header.Name)) is IDictionary found)
            {
                CompareHeader(header, found["value"] as string ?? "", source);
            }
            else
            {
                Add("Header", $"header.{header.Name}", null, Shown(source));
            }
        }

        foreach (IDictionary extra in told.Where(t => !wanted.Headers!.Any(h => IsNamed(t, h.Name))))
        {
            Add("Header", $"header.{extra["key"]}", Secret.Mask, null);
        }
    }

    private void CompareHeader(Header header, string told, ManifestNode? source)
    {
        bool isMasked = Masking.IsMasked(told.AsSpan());
        bool isReference = Shown(source) != Secret.Mask;
        bool isUnknown = header.Value.Problem is not null || source is { IsUnresolved: true } || (_ignoresKeys && (isReference || isMasked));
        KeyLikeness likeness = isUnknown ? KeyLikeness.Unknown : header.Value.Read(text => isMasked ? KeyEvidence.Judge(text, told)
            : text.SequenceEqual(told.AsSpan()) ? KeyLikeness.LikelySame
            : KeyLikeness.Different);
        string path = $"header.{header.Name}";
        if (likeness != KeyLikeness.Different)
        {
            Keep("Header", path, isReference ? Shown(source) : null);
        }
        else
        {
            string now = isReference ? Shown(source) : header.Value.Read(text => isMasked ? KeyEvidence.Like(text, told) : Masking.Shown(header.Name, text.ToString()));
            Add("Header", path, isReference ? Masking.Apply(told) : Masking.Shown(header.Name, told), now);
        }

        if (isReference || isMasked)
        {
            // One that differs decides; of those that cannot be told, none makes the others sure.
            Key = Key is null || likeness == KeyLikeness.Different || (likeness == KeyLikeness.Unknown && Key != KeyLikeness.Different) ? likeness : Key;
        }
    }

    /// <summary>A header's value where a reference leads to it; else a mask.</summary>
    private static string Shown(ManifestNode? header) =>
        header is not null && (header.IsSubstituted || KeyReference.Parse(header.Text.AsSpan()).IsReference) ? header.Shown : Secret.Mask;

    private ManifestNode? Variable(string parameter, string name) => _wanted.Entry[parameter]?.Items.FirstOrDefault(v => ManifestEntry.Of(v, "name")?.Text == name);

    private string? Show(string? text) => _wanted.Definition.Show(text);

    private void Add(string parameter, string path, string? old, string? now)
    {
        _parameters.Add(parameter);
        _differences.Add(new ConnectionDifference { Property = path, Old = old, New = now });
    }

    private void Keep(string parameter, string path, string? shown) => _kept.Add((parameter, shown is null ? path : $"{path} ({shown})"));

    private JsonComparison Values(string parameter) => new((path, old, now) => Add(parameter, path, old, Show(now)), (path, shown) => Keep(parameter, path, shown));

    private object?[]? None => _isWhole ? [] : null;

    private bool Has(string wireName) => ToldValues.Of(_told, wireName) is not (null or "");

    /// <summary>Whether the manifest says what it is to be, be it nothing.</summary>
    private bool Says(string parameter) => IsGiven(parameter) || _wanted.Entry.Clears(parameter);

    private bool IsGiven(string parameter) => _wanted.Entry[parameter] is not null;

    private static bool IsNamed(IDictionary header, string name) => string.Equals(header["key"] as string, name, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string parameter) => ManifestProperty.Find(parameter)!.Name;
}
