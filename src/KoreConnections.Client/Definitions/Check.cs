using System;
using System.Text.Json;

namespace KoreConnections.Client;

/// <summary>The rules for single values, checked before anything is sent.</summary>
internal static class Check
{
    public static string Required(string? text, string parameter) =>
        string.IsNullOrWhiteSpace(text) ? throw KoreException.InvalidInput(parameter, $"-{parameter} is empty. Give a value.") : text!;

    /// <summary>A text that may be left out, but not be given empty.</summary>
    public static string? Given(string? text, string parameter) => text is null ? null : Required(text, parameter);

    /// <summary>An absolute http(s) address.</summary>
    public static string EndpointUrl(string? text)
    {
        string url = Required(text, "EndpointUrl").Trim();
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.Host.Length > 0
            ? url
            : throw KoreException.InvalidInput("EndpointUrl", $"-EndpointUrl '{CleanText.Line(Masking.Addresses(url), 200)}' is not an absolute http or https address, such as https://api.example.com/v1/chat.");
    }

    /// <summary>A resource's bare name; a pasted address is the usual mistake.</summary>
    public static string ResourceName(string? text)
    {
        string name = Required(text, "ResourceName").Trim();
        if (name.IndexOfAny(['/', ':', '.', ' ', '?', '@']) < 0)
        {
            return name;
        }

        string bare = name.Substring(name.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme >= 0 ? scheme + 3 : 0).Split('.', '/', ':')[0];
        string hint = bare.Length > 0 && bare.IndexOfAny([' ', '?', '@']) < 0 ? $" Here that is probably '{CleanText.Line(bare, 100)}'." : "";
        throw KoreException.InvalidInput("ResourceName", $"-ResourceName '{CleanText.Line(name, 200)}' is an address or host; only the resource's name is accepted, the RESOURCE in https://RESOURCE.openai.azure.com.{hint}");
    }

    /// <summary>A path into an answer: dotted, with indexes, without the leading <c>$</c> of JSONPath.</summary>
    public static string AnswerPath(string? text, string parameter)
    {
        string path = Required(text, parameter).Trim();
        return path[0] == '$'
            ? throw KoreException.InvalidInput(parameter, $"-{parameter} '{CleanText.Line(path, 200)}' begins with $. The platform's paths have none: write {CleanText.Line(path.TrimStart('$', '.'), 200)}, for example content[0].text.")
            : path;
    }

    public static JsonElement Payload(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object
            ? payload
            : throw KoreException.InvalidInput("Payload", "-Payload is not a JSON object. Accepted are a hashtable, an object with properties, or JSON text that begins with {.");

    /// <summary>An id as one segment of a path.</summary>
    public static string ConnectionId(string? text)
    {
        string id = Required(text, "ConnectionId").Trim();
        bool acceptable = id.Length <= 200 && id is not ("." or "..");
        foreach (char c in id)
        {
            acceptable &= c is > ' ' and <= '~';
        }

        return acceptable
            ? id
            : throw KoreException.InvalidInput("ConnectionId", $"-ConnectionId '{CleanText.Line(id, 60)}' is not a connection's id. Ids look like cn-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx; to find one by its name use Get-Connection -Name.");
    }
}
