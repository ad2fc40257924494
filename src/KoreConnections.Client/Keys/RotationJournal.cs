namespace KoreConnections.Client;

/// <summary>
/// The record of a rotation: JSON Lines, only ever appended to, on the disk before the next step is taken. It holds no key
/// and nothing that a key could be tried against; which key a line is about, the end of its mask shows as the platform shows it.
/// </summary>
internal sealed class RotationJournal : IDisposable
{
    internal const string StartedStep = "started";
    internal const string FinishedStep = "finished";

    private const string Kind = "KoreConnections key rotation";
    private const string RollingBackStep = "rollingBack";
    private const int Version = 1;

    private const int LargestReport = 256 * 1024 * 1024;

    // What could not be written must not be left for later: it would be written again, or fail again at the end.
    private const int NoBuffer = 1;

    private readonly object _gate = new();
    private readonly Dictionary<string, JournalEntry> _recorded = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly string _file;
    private readonly FileLock? _lock;
    private readonly FileStream? _stream;
    private readonly (long, long)? _identity;
    private bool _isLineBroken;

    private RotationJournal(string path, Uri platform, bool isReadOnly, CancellationToken stop)
    {
        _path = _file = path;
        if (Directory.Exists(path))
        {
            throw Refused("is a folder. Specify a file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw Refused("cannot be used because its folder does not exist. Create the folder, or specify another path.");
        }

        try
        {
            _file = FileLink.Followed(path);
            _lock = isReadOnly ? null : FileLock.Take(_file, TimeSpan.Zero, stop);
            string[] lines = Load(stop);
            bool isNew = !ReadHead(lines, platform);
            if (!isReadOnly)
            {
                _stream = new FileStream(_file, isNew ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read, NoBuffer);
                _identity = FileStatus.Identity(_file);
                Begin(isNew ? platform : null, lines);
            }
        }
        catch (Exception e)
        {
            Dispose();
            if (AtomicFile.IsFailure(e))
            {
                throw Refused(AtomicFile.IsDiskFull(e)
                    ? "cannot be used because there is no space left on the disk. Free disk space for the report, and run the rotation again."
                    : $"cannot be used: {SecretMasker.Reason(e)}"
                        + (e is InvalidDataException ? "" : " Check that its folder exists and that no other rotation uses it."));
            }

            throw;
        }
    }

    /// <summary>Begins a report, or goes on with one. Nobody else can write to it until it is disposed of.</summary>
    /// <param name="isReadOnly">Whether it is only looked at; then a file that is not there is not made.</param>
    /// <exception cref="KoreException">KoreInvalidInput: it is no report, or another platform's, or in use.</exception>
    public static RotationJournal Open(string path, Uri platform, bool isReadOnly, CancellationToken stop = default) => new(path, platform, isReadOnly, stop);

    public JournalEntry? Find(string connectionId) => _recorded.TryGetValue(connectionId, out JournalEntry? found) ? found : null;

    public void Started(KeyUpdateResult result) => Append(StartedStep, result);

    public void RollingBack(KeyUpdateResult result) => Append(RollingBackStep, result);

    public void Finished(KeyUpdateResult result) => Append(FinishedStep, result, writer =>
    {
        writer.WriteString("outcome", result.Outcome);
        if (result.IsEitherKey)
        {
            writer.WriteBoolean("isEitherKey", true);
        }

        writer.WriteIfGiven("thirdKey", result.ThirdKey);
        writer.WriteIfGiven("maskAfter", result.MaskAfter);
        writer.WriteIfGiven("verdict", result.Verdict);
        writer.WriteNumber("durationMilliseconds", (long)result.Duration.TotalMilliseconds);
        writer.WriteIfGiven("requestId", result.RequestId);
        writer.WriteIfGiven("errorId", result.ErrorId);
        writer.WriteIfGiven("error", result.Error);
        writer.WriteIfGiven("reason", result.Reason);
    });

    public void Dispose()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written has been said with the step that it was about.
        }

        _lock?.Dispose();
    }

    private string[] Load(CancellationToken stop)
    {
        byte[] content = File.Exists(_file) ? RegularFile.Read(_file, LargestReport, stop) : [];
        // What is appended is UTF-8, and no line of a file is of another encoding than its first.
        return content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
            ? throw Refused("was saved as UTF-16 by another program. Save it as UTF-8, or specify another path.")
            // An editor may have changed the ends of lines. Within a line, JSON has neither character.
            : content.Length == 0 ? [] : RegularFile.Text(content, Encoding.UTF8).Split('\n', '\r');
    }

    /// <summary>False for a report that has yet to begin.</summary>
    private bool ReadHead(string[] lines, Uri platform)
    {
        JsonElement? first = lines.Length == 0 ? null : Parse(lines[0]);
        if (first is null && (lines.Length == 0 || (lines.Length == 1 && IsPartOfHead(lines[0], platform))))
        {
            return false;
        }

        if (first is not JsonElement head || LenientJson.Text(head, "report") != Kind)
        {
            throw Refused("is not a report of a key rotation. It was not changed. Specify another path.");
        }

        if (LenientJson.Property(head, "version") is JsonElement version && version.GetRawText() != $"{Version}")
        {
            throw Refused(
                $"is a report of version {TextSanitizer.SingleLine(version.ToString(), 20)}, which this version of the module cannot read. "
                    + "It was not changed. Install a newer module, or specify another path.");
        }

        string? owner = LenientJson.Text(head, "platform");
        if (!Uri.TryCreate(owner, UriKind.Absolute, out Uri? its) || !IsSame(its, platform))
        {
            throw Refused($"belongs to the platform {TextSanitizer.SingleLine(owner, 200)}, not {platform}. It was not changed. Specify another path.");
        }

        for (int i = 1; i < lines.Length; i++)
        {
            // A line that a crash cut off says nothing; the step that it was about is in doubt by the line before.
            if (Parse(lines[i]) is JsonElement line
                && LenientJson.Text(line, "connectionId") is string id
                && LenientJson.Text(line, "step") is string step)
            {
                JournalEntry entry = JournalEntry.Read(line, step);
                _recorded[id] = step == StartedStep ? entry : entry with { SentAt = Find(id)?.SentAt ?? entry.At };
            }
        }

        return true;
    }

    // A run that ended while it wrote its first line left no more than a part of it. Of that line, only the time differs.
    private static bool IsPartOfHead(string line, Uri platform)
    {
        using var whole = new MemoryStream();
        WriteLine(whole, writer => WriteHead(writer, platform));
        string head = Encoding.UTF8.GetString(whole.ToArray());
        int time = head.IndexOf("\"at\":\"", StringComparison.Ordinal) + "\"at\":\"".Length;
        return head.StartsWith(line.Length < time ? line : line.Substring(0, time), StringComparison.Ordinal);
    }

    // A sandbox that keeps its connections in a file has another port each time.
    private static bool IsSame(Uri its, Uri platform) =>
        its.Scheme == platform.Scheme
            && its.Host == platform.Host
            && its.AbsolutePath == platform.AbsolutePath
            && (its.Port == platform.Port || platform.IsLoopback);

    private void Begin(Uri? platform, string[] lines)
    {
        if (platform is not null)
        {
            Write(writer => WriteHead(writer, platform));
        }
        else if (lines[lines.Length - 1].Length > 0)
        {
            _stream!.WriteByte((byte)'\n');
        }
    }

    private static void WriteHead(Utf8JsonWriter writer, Uri platform)
    {
        writer.WriteString("report", Kind);
        writer.WriteNumber("version", Version);
        writer.WriteString("platform", platform.AbsoluteUri);
        writer.WriteString("at", DateTimeOffset.UtcNow);
    }

    private void Append(string step, KeyUpdateResult result, Action<Utf8JsonWriter>? further = null)
    {
        try
        {
            Write(writer =>
            {
                writer.WriteString("step", step);
                writer.WriteString("connectionId", result.ConnectionId);
                writer.WriteIfGiven("connectionName", result.ConnectionName);
                writer.WriteIfGiven("provider", result.Provider);
                writer.WriteIfGiven("keyCheck", result.KeyCheck);
                writer.WriteIfGiven("maskBefore", result.MaskBefore);
                if (result.ModifiedBefore is DateTime modified)
                {
                    writer.WriteString("modifiedBefore", modified.ToUniversalTime());
                }

                further?.Invoke(writer);
                writer.WriteString("startedOn", result.StartedOn.ToUniversalTime());
                writer.WriteString("at", DateTimeOffset.UtcNow);
            });
        }
        catch (Exception e) when (e is not KoreException)
        {
            // Of any kind: .NET says that a limit on the size of files is reached with an ArgumentOutOfRangeException.
            throw new KoreException(
                KoreErrorKind.InvalidInput, $"The report '{SecretMasker.QuotePath(_path)}' could not be written ({step}): {SecretMasker.Reason(e)}", e)
            {
                RecommendedAction = "Free disk space for the report, and run the rotation again with it. Keys that were already changed are not changed again.",
            };
        }
    }

    private void Write(Action<Utf8JsonWriter> properties)
    {
        using var line = new MemoryStream();
        WriteLine(line, properties);
        lock (_gate)
        {
            // What is written to a file that was removed is lost without an error, also where another has its path.
            if (!File.Exists(_file) || FileStatus.Identity(_file) != _identity)
            {
                throw new KoreException(
                    KoreErrorKind.InvalidInput, $"The report '{SecretMasker.QuotePath(_path)}' was removed or renamed during the rotation.",
                    "To resume, run the rotation with a new report for the connections whose result is not Updated.");
            }

            if (_isLineBroken)
            {
                _stream!.WriteByte((byte)'\n');
            }

            // A line that is written in part must not spoil the next.
            _isLineBroken = true;
            _stream!.Write(line.GetBuffer(), 0, (int)line.Length);
            _stream.Flush(flushToDisk: true);
            _isLineBroken = false;
        }
    }

    private static void WriteLine(MemoryStream line, Action<Utf8JsonWriter> properties)
    {
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
    }

    private KoreException Refused(string problem) => KoreException.InvalidInput("ReportPath", $"-ReportPath '{SecretMasker.QuotePath(_path)}' {problem}");

    private static JsonElement? Parse(string line) =>
        LenientJson.Parse(Encoding.UTF8.GetBytes(line)) is { ValueKind: JsonValueKind.Object } json ? json : null;
}
