using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Reflection;
using System.Security;
using System.Text.Json.Serialization;

namespace KoreConnections.Tests.Support;

/// <summary>
/// Runs scripts with everything told that can be told, and looks for marked keys in all that came of it: streams, error
/// records to the last property, the host, Clixml and JSON of each object, event sources, files. In any usual disguise.
/// </summary>
internal sealed class SecretLeakScanner : IDisposable
{
    private const int Depth = 10;
    private const int ClixmlDepth = 3;

    private readonly (string Key, string[] Disguises)[] _keys;
    private static readonly JsonSerializerOptions Json = new() { Converters = { new FailureAsText() } };

    private readonly Listener _listener = new();

    public SecretLeakScanner(params string[] keys) => _keys = keys.Select(k => (k, Disguises(k))).ToArray();

    /// <summary>
    /// Whether a key is given to a parameter that takes plain text: PowerShell keeps what was bound in the InvocationInfo of
    /// each record, where no cmdlet reaches it and no view shows it.
    /// </summary>
    public bool IsGivenAsPlainText { get; set; }

    /// <summary>Runs a script and tells where a key was found.</summary>
    public IReadOnlyList<string> Run(Shell shell, string script)
    {
        _listener.Events.Clear();
        shell.RunClean("$Error.Clear()");
        int shown = shell.Host.Shown.Length;
        ShellResult result = shell.Run($"$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'\n{script}");
        var found = new List<string>();
        for (int i = 0; i < result.Output.Count; i++)
        {
            Search(result.Output[i], $"output {i}", found);
        }

        foreach (ErrorRecord error in result.AllErrors)
        {
            Search(error, "error", found);
        }

        foreach (PropertyInfo stream in typeof(PSDataStreams).GetProperties().Where(p => p.Name != nameof(PSDataStreams.Error)))
        {
            foreach (object? item in (IEnumerable)stream.GetValue(result.Streams)!)
            {
                Search(item, stream.Name.ToLowerInvariant(), found);
            }
        }

        Search(result.Terminating, "terminating error", found);
        foreach (object error in ((IEnumerable)shell.Runspace.SessionStateProxy.GetVariable("Error")).Cast<object>().Except(result.AllErrors).ToArray())
        {
            Search(error, "$Error", found);
        }

        Look(shell.Host.Shown[shown..], "host", found);
        Look(string.Join("\n", _listener.Events), "event sources", found);
        return found;
    }

    /// <summary>Looks through files.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="except">What the platform shows to everybody, such as a part of a connection's name.</param>
    public IReadOnlyList<string> Files(DirectoryInfo folder, string? except = null)
    {
        var found = new List<string>();
        // Nobody else can open the file that marks another as in use.
        foreach (FileInfo file in folder.GetFiles("*", SearchOption.AllDirectories).Where(f => f.Length > 0 && !f.Name.EndsWith("-lock", StringComparison.Ordinal)))
        {
            // As it may stand there in either encoding.
            byte[] bytes = File.ReadAllBytes(file.FullName);
            Look(Encoding.UTF8.GetString(bytes), file.Name, found, except);
            Look(Encoding.Unicode.GetString(bytes), file.Name, found, except);
        }

        return found;
    }

    public void Dispose() => _listener.Dispose();

    private void Search(object? item, string place, List<string> found)
    {
        Walk(item, place, found, new HashSet<object>(ReferenceEqualityComparer.Instance), 0);
        if (item is not (null or InformationalRecord or ProgressRecord))
        {
            Look(PSSerializer.Serialize(item, ClixmlDepth), place + " as Clixml", found);
            object plain = item is PSObject wrapped ? wrapped.BaseObject : item;
            if (plain.GetType().Namespace == "KoreConnections" && plain is not Exception)
            {
                Look(JsonSerializer.Serialize(plain, plain.GetType(), Json), place + " as JSON", found);
            }
        }
    }

    private void Walk(object? item, string place, List<string> found, HashSet<object> seen, int depth)
    {
        // What a program consists of is no place for a key, and has no end.
        if (item is null or Type or Assembly or MemberInfo or Delegate or SecureString or CommandInfo or PSModuleInfo or ScriptBlock || depth > Depth)
        {
            return;
        }

        if (item is string or Uri or System.Globalization.CultureInfo || item.GetType() is { IsValueType: true, Namespace: "System" })
        {
            Look(item.ToString()!, place, found);
            return;
        }

        if (!item.GetType().IsValueType && !seen.Add(item))
        {
            return;
        }

        Look(item.ToString() ?? "", place + " as text", found);
        switch (item)
        {
            case PSObject wrapped:
                foreach (PSPropertyInfo property in wrapped.Properties.Where(p => p.MemberType == PSMemberTypes.NoteProperty))
                {
                    Walk(Quietly(() => property.Value), $"{place}.{property.Name}", found, seen, depth + 1);
                }

                Walk(wrapped.BaseObject is PSCustomObject ? null : wrapped.BaseObject, place, found, seen, depth);
                return;
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                {
                    Walk(entry.Key, place + " key", found, seen, depth + 1);
                    Walk(entry.Value, $"{place}[{entry.Key}]", found, seen, depth + 1);
                }

                break;
            case IEnumerable items:
                foreach (object? inner in items.Cast<object?>().ToArray())
                {
                    Walk(inner, place + "[]", found, seen, depth + 1);
                }

                break;
        }

        foreach (PropertyInfo property in item.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && !(IsGivenAsPlainText && p.Name == nameof(InvocationInfo.BoundParameters))))
        {
            Walk(Quietly(() => property.GetValue(item)), $"{place}.{property.Name}", found, seen, depth + 1);
        }
    }

    private void Look(string text, string place, List<string> found, string? except = null)
    {
        foreach ((string key, string[] disguises) in _keys.Where(k => k.Key != except))
        {
            if (text.Contains(key, StringComparison.OrdinalIgnoreCase) || disguises.Any(d => text.Contains(d, StringComparison.Ordinal)))
            {
                found.Add(place);
            }
        }
    }

    private static object? Quietly(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string[] Disguises(string key)
    {
        byte[][] encoded = [Encoding.UTF8.GetBytes(key), Encoding.Unicode.GetBytes(key)];
        return
        [
            Uri.EscapeDataString(key),
            System.Net.WebUtility.HtmlEncode(key),
            JsonEncodedText.Encode(key).ToString(),
            new string(key.Reverse().ToArray()),
            key.Replace("/", "\\/", StringComparison.Ordinal),
            string.Concat(key.Select(c => $"%{(int)c:X2}")),
            string.Concat(key.Select(c => $"&#{(int)c};")),
            string.Concat(key.Select(c => $"&#x{(int)c:x};")),
            .. encoded.SelectMany(bytes => new[] { Convert.ToHexString(bytes), Convert.ToHexString(bytes).ToLowerInvariant() }),
            // In base64, what stands before decides about the first characters, and what follows about the last.
            .. encoded.SelectMany(bytes => Enumerable.Range(0, 3).Select(before => Convert.ToBase64String([.. new byte[before], .. bytes])[(before == 0 ? 0 : 4)..^4])),
        ];
    }

    private sealed class FailureAsText : JsonConverter<Exception>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(Exception).IsAssignableFrom(typeToConvert);

        public override Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>
    /// What event sources tell. Left out is the runtime's private trace of itself (Private.InternalDiagnostics), which
    /// holds whole requests of every program and is switched on by a debugger only.
    /// </summary>
    private sealed class Listener : EventListener
    {
        private static readonly string[] Sources = ["System.Net", "KoreConnections", "PowerShell", "Microsoft-PowerShell", "Microsoft-Extensions", "Microsoft-Diagnostics-DiagnosticSource"];

        public ConcurrentQueue<string> Events { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (Sources.Any(s => eventSource.Name.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // Sources exist before this constructor has run.
            Events?.Enqueue($"{eventData.EventSource.Name} {eventData.EventName} {string.Join(" ", eventData.Payload ?? (IEnumerable<object?>)[])}");
        }
    }
}
