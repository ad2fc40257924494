using System.Net.Http.Headers;

namespace KoreConnections.Client;

/// <summary>How long a server wants to be left alone: a number of seconds or a date.</summary>
internal static class RetryAfterHeader
{
    // What asks for more is a mistake: then it is a day.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);
    private static readonly TimeSpan OfMistake = TimeSpan.FromDays(1);

    public static TimeSpan? Read(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: TimeSpan delta } => delta,
            // The server's: it is read by the clock that the answer shows, not by this machine's.
            { Date: DateTimeOffset date } => date - (response.Headers.Date ?? DateTimeOffset.UtcNow),
            _ => IsHuge(response.Headers) ? OfMistake : null,
        };
        return wait > Longest ? OfMistake : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // .NET reads no number that is larger than an int.
    private static bool IsHuge(HttpResponseHeaders headers)
    {
        string given = headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.FirstOrDefault()?.Trim() ?? "" : "";
        return given.Length >= int.MaxValue.ToString(CultureInfo.InvariantCulture).Length && given.All(c => c is >= '0' and <= '9');
    }
}
