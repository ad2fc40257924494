using System;
using System.Linq;
using System.Threading.Tasks;

namespace KoreConnections.Client;

/// <summary>
/// Creates exactly once. A create that got no answer may have been done or not; a listing begun after the failure
/// decides: what is ours is returned, what is absent is created again, and what cannot be known is said to be unknown.
/// </summary>
internal sealed class Creation(Func<ConnectionDefinition, Repetitions, Task<Connection>> post, SharedListing listing, RetryPolicy retry, ServerClock clock)
{
    // How far the clocks of one platform's machines may be apart: what was created so shortly before is in doubt.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);

    private readonly RecentIds _made = new();

    /// <param name="definition">What to create.</param>
    /// <param name="wasAbsent">Whether a listing showed that there is none of that name.</param>
    /// <param name="call">Who listens and when to stop.</param>
    public async Task<Connection> RunAsync(ConnectionDefinition definition, bool wasAbsent, Call call)
    {
        Repetitions repetitions = retry.Begin(call);
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                Connection created = await post(definition, repetitions).ConfigureAwait(false);
                _made.TryAdd(created.ConnectionId);
                return created;
            }
            catch (KoreException e) when (IsAmbiguous(e) || (!isFirst && e.Kind == KoreErrorKind.Conflict))
            {
                call.Log(LogLevel.Verbose, $"Whether '{CleanText.Line(definition.Name)}' was created is not known; listing to find out: {e.Message}");
                if (await FindAsync(definition, wasAbsent, repetitions, e).ConfigureAwait(false) is Connection ours)
                {
                    return ours;
                }

                wasAbsent = true;
                await BackOffAsync(e, repetitions).ConfigureAwait(false);
            }
        }
    }

    // An answer that says success but cannot be read is as good as none.
    internal static bool IsAmbiguous(KoreException e) =>
        RetryPolicy.IsOpen(e)
        || e.Kind == KoreErrorKind.ServerError
        || (e.Kind == KoreErrorKind.UnexpectedResponse && (int?)e.StatusCode is >= 200 and < 300);

    private async Task BackOffAsync(KoreException failure, Repetitions repetitions)
    {
        try
        {
            if (retry.MaySendAgain(failure, repetitions))
            {
                await retry.BackOffAsync(failure, repetitions).ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException)
        {
        }

        failure.RecommendedAction = "A listing after the failure shows that it was not created. Try again.";
        throw failure;
    }

    /// <summary>What was created after all, or null where nothing was.</summary>
    private async Task<Connection?> FindAsync(ConnectionDefinition wanted, bool wasAbsent, Repetitions repetitions, KoreException failure)
    {
        ConnectionList now;
        try
        {
            now = await listing.GetAsync(repetitions.Call).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            throw Unknown(wanted, failure, $"the listing that would tell failed too: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            throw Unknown(wanted, failure, "it was stopped before a listing could tell.");
        }

        if (now.Items.Where(c => c.ConnectionName == wanted.Name).OrderByDescending(c => c.CreatedOn).FirstOrDefault() is Connection found)
        {
            return Judge(found, wanted, wasAbsent, repetitions, failure);
        }

        return !now.IsComplete ? throw Unknown(wanted, failure, $"the platform tells of {now.Total} connections and listed {now.Items.Count}.")
            : failure.Kind == KoreErrorKind.Conflict ? throw Unknown(wanted, failure, "a listing shows none of that name.")
            : null;
    }

    /// <summary>The connection that was found, if it is ours: absent before the first sending, or created after it.</summary>
    private Connection Judge(Connection found, ConnectionDefinition wanted, bool wasAbsent, Repetitions repetitions, KoreException failure)
    {
        if ((Known.Providers.Find(found.Provider) ?? found.Provider) != wanted.Provider || (wanted.Model is not null && found.Model != wanted.Model))
        {
            throw Existed(found, failure, "exists with another provider or model");
        }

        DateTime? start = clock.ToServer(repetitions.FirstAttempt);
        if (found.CreatedOn is DateTime local && start is not null)
        {
            DateTime created = Latest(local.ToUniversalTime());
            if (created < start - Doubt)
            {
                throw Existed(found, failure, "existed before");
            }

            wasAbsent |= created >= start;
        }

        return !wasAbsent ? throw Unknown(wanted, failure, $"a connection of that name, provider and model is there ({CleanText.Line(found.ConnectionId)}), but whether since this create or from shortly before cannot be told.")
            : _made.TryAdd(found.ConnectionId) ? found
            : throw Existed(found, failure, "was created by this session just before");
    }

    // A platform that keeps whole seconds has cut off the rest.
    private static DateTime Latest(DateTime time) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? time.AddTicks(TimeSpan.TicksPerSecond - 1) : time;

    private static KoreException Existed(Connection found, KoreException failure, string how) =>
        new(KoreErrorKind.Conflict, $"A connection named '{CleanText.Line(found.ConnectionName)}' {how} ({CleanText.Line(found.ConnectionId)}); nothing was created.", failure)
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
            IsUnknown = true,
            RecommendedAction = $"Look with Get-Connection -Name before you create it again; New-Connection -IfNotExists creates it only where it is absent.",
        };
}
