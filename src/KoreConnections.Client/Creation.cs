using System;
using System.Linq;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>
/// Creates exactly once. A create that got no answer may have been done or not; a listing begun after the failure
/// decides: what is ours is returned, what is absent is created again, and what cannot be known is said to be unknown.
/// </summary>
internal sealed class Creation(Func<ConnectionDefinition, Call, Task<Connection>> post, SharedListing listing, RetryPolicy retry, ServerClock clock, int maximumRetryCount)
{
    public async Task<Connection> RunAsync(ConnectionDefinition definition, Call call)
    {
        DateTimeOffset firstSent = clock.Now;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await post(definition, call).ConfigureAwait(false);
            }
            catch (KoreException e) when (IsAmbiguous(e) || (attempt > 0 && e.Kind == KoreErrorKind.Conflict))
            {
                call.Log(LogLevel.Verbose, $"Whether '{CleanText.Line(definition.Name)}' was created is not known; listing to find out: {e.Message}");
                if (await FindAsync(definition, firstSent, e, call).ConfigureAwait(false) is Connection ours)
                {
                    return ours;
                }

                if (attempt >= maximumRetryCount || !RetryPolicy.IsOpen(e) || !retry.HasTime(firstSent, e))
                {
                    e.RecommendedAction = "A listing after the failure shows that it was not created. Try again.";
                    throw;
                }

                await retry.BackOffAsync(e, attempt, call).ConfigureAwait(false);
            }
        }
    }

    // An answer that says success but cannot be read is as good as none.
    internal static bool IsAmbiguous(KoreException e) =>
        RetryPolicy.IsOpen(e)
        || e.Kind == KoreErrorKind.ServerError
        || (e.Kind == KoreErrorKind.UnexpectedResponse && (int?)e.StatusCode is >= 200 and < 300);

    /// <summary>What was created after all, or null where nothing was.</summary>
    private async Task<Connection?> FindAsync(ConnectionDefinition wanted, DateTimeOffset firstSent, KoreException failure, Call call)
    {
        ConnectionList now;
        try
        {
            now = await listing.GetAsync(call).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            throw Unknown(wanted, failure, $"the listing that would tell failed too: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            throw Unknown(wanted, failure, "it was stopped before a listing could tell.");
        }

        if (now.Items.FirstOrDefault(c => c.ConnectionName == wanted.Name) is not Connection found)
        {
            return now.IsComplete ? null : throw Unknown(wanted, failure, $"the platform tells of {now.Total} connections and listed {now.Items.Count}.");
        }

        if (found.Provider != wanted.Provider || (wanted.Model is not null && found.Model != wanted.Model))
        {
            throw Existed(found, failure);
        }

        return found.CreatedOn is DateTime created
            ? created.ToUniversalTime() >= clock.ToServer(firstSent).UtcDateTime ? found : throw Existed(found, failure)
            : throw Unknown(wanted, failure, $"a connection of that name, provider and model is there ({CleanText.Line(found.ConnectionId)}), but not since when.");
    }

    private static KoreException Existed(Connection found, KoreException failure) =>
        new(KoreErrorKind.Conflict, $"A connection named '{CleanText.Line(found.ConnectionName)}' existed before ({CleanText.Line(found.ConnectionId)}); nothing was created.", failure)
        {
            StatusCode = failure.StatusCode,
            RequestId = failure.RequestId,
            RecommendedAction = "Choose another name, or use New-Connection -IfNotExists to take the existing one.",
        };

    private static KoreException Unknown(ConnectionDefinition wanted, KoreException failure, string why) =>
        new(failure.Kind, $"Whether '{CleanText.Line(wanted.Name)}' was created is unknown: {failure.Message} And {why}", failure)
        {
            StatusCode = failure.StatusCode,
            Code = failure.Code,
            ServerMessage = failure.ServerMessage,
            RequestId = failure.RequestId,
            RetryAfter = failure.RetryAfter,
            RecommendedAction = $"Look with Get-Connection -Name before you create it again; New-Connection -IfNotExists creates it only where it is absent.",
        };
}
