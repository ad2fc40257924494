namespace KoreConnections.Tests.Keys;

/// <summary>A platform that gives the answers of a text, and a rotation of one connection on it.</summary>
public abstract class KeyConfirmationTestBase : IDisposable
{
    private protected const string New = "sk-new-0123456789-NEWX";

    private protected readonly AutoAdvancingTimeProvider _clock = new();
    private protected readonly DateTimeOffset _now = new(DateTimeOffset.UtcNow.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    private protected readonly List<string> _sent = [];
    private protected readonly CancellationTokenSource _stop = new();
    private protected FaultyProxy? _platform;
    private protected Action? _atReading;

    public void Dispose()
    {
        _platform?.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<KeyUpdateResult> RotateAsync(
        string answers, bool hasPrevious, JournalEntry? recorded, RotationJournal? report = null, Action<RotationItem>? prepared = null,
        int timeout = 100)
    {
        string[] all = answers.Split(", ");
        _platform = new FaultyProxy(new Uri("http://localhost:1/api/public"), (line, number) =>
        {
            _sent.Add(line.Split(' ')[0]);
            if (number == 3)
            {
                _atReading?.Invoke();
            }

            return Answer(all[Math.Min(number, all.Length) - 1].Split(' '));
        });
        using var client = new ConnectionsClient(
            new SessionOptions(_platform.BaseUri, Secret.FromPlainText("kg-0123456789")) 
            {
                RetryInterval = TimeSpan.Zero, TimeProvider = _clock, Timeout = TimeSpan.FromSeconds(timeout),
            });
        var item = new RotationItem("cn-1", Key(New), hasPrevious ? Key("sk-old-0123456789-OLDX") : null, recorded);
        var rotation = new KeyRotator(client, new RotationPreparation(client, null, null, null), report, new RotationLimit(0));
        await rotation.PrepareAsync([item], 1, new RequestContext());
        prepared?.Invoke(item);
        return await rotation.ChangeAsync(item, new RequestContext(cancellationToken: _stop.Token));
    }

    private FaultAction Answer(string[] answer)
    {
        string modified = answer.ElementAtOrDefault(2) switch
        {
            "older" => $$""","modifiedOn":"{{_now.AddHours(-2):O}}" """,
            "before" => $$""","modifiedOn":"{{_now.AddHours(-1):O}}" """,
            "earlier" => $$""","modifiedOn":"{{_now.AddMinutes(-1):O}}" """,
            "behind" => $$""","modifiedOn":"{{_now.AddSeconds(-10):O}}" """,
            "same" => $$""","modifiedOn":"{{_now:O}}" """,
            "end" => ""","modifiedOn":"9999-12-31T23:59:59Z" """,
            "later" => $$""","modifiedOn":"{{_now.AddSeconds(1):O}}" """,
            _ => "",
        };
        if (answer[0] == "fails")
        {
            return FaultAction.Answer(200, "Content-Type: application/json\r\n", """{"success":false,"message":"could not store"}""");
        }

        string? more = answer.ElementAtOrDefault(3);
        string model = more == "other" ? "gpt-5.4" : "gpt-5.5";
        string end = answer.ElementAtOrDefault(1) is "NEWX" or "OLDX" ? answer[1] : "";
        return FaultAction.Answer(
            int.Parse(answer[0], CultureInfo.InvariantCulture),
            $"Content-Type: application/json\r\nDate: {DateTimeOffset.UtcNow:R}\r\n{(int.TryParse(more, out int wait) ? $"Retry-After: {wait}\r\n" : "")}",
            $$"""{"connectionId":"cn-1","connectionName":"A","provider":"Open AI","model":"{{model}}","fields":{"API_KEY":"sk-***{{end}}"}{{modified}}}""");
    }

    private static ConnectionCredential Key(string text) => new(Secret.FromPlainText(text), null);
}
