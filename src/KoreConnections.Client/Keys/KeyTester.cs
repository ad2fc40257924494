using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>
/// Asks providers whether keys work. The same question with the same key is asked once, however often it comes; each connection has its own judgement
/// of the answer.
/// </summary>
internal sealed class KeyTester(TransportOptions options) : IDisposable
{
    private readonly Lazy<ProviderRequestor> _requestor = new(() => new ProviderRequestor(options));
    private readonly ConcurrentDictionary<string, Lazy<Task<Asked>>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ProbeResponse?>>> _models = new(StringComparer.Ordinal);

    /// <summary>Asks the provider. Whatever it answers, or if nothing, is a verdict and no failure.</summary>
    /// <param name="asOf">The day of which the model's retirement is reported; today if none.</param>
    /// <param name="withinDays">How soon it is worth a word.</param>
    public async Task<KeyTestResult> TestAsync(
        KeyProbe probe, RequestContext context, DateTime? asOf = null, int withinDays = ModelLifecycle.SoonDays)
    {
        DateTime day = asOf ?? Today;
        ProbeRequest question = probe.CreateRequest();
        var result = new KeyTestResult
        {
            ConnectionId = probe.ConnectionId,
            ConnectionName = probe.Definition.ShownName,
            Provider = probe.Definition.Provider,
            Model = probe.Definition.Show(probe.Model),
            ProviderHost = new SecretRedactor(new RequestSecrets([], probe.Definition.Substituted)).WithReferences(question.Address.Authority),
            Keys = question.Keys(),
        };
        if (question.IsChanged)
        {
            result.VerdictValue = KeyVerdict.Inconclusive;
            result.RecommendedAction = "Windows PowerShell changes %2F in this address to a slash, so the key was not tested. Test it in PowerShell 7.";
            return result;
        }

        Asked asked = await AskOnceAsync(question, probe, context).ConfigureAwait(false);
        result.Duration = asked.Duration;
        if (asked.Answer is ProbeResponse first && probe.CreateFallback(first) is ProbeRequest other)
        {
            asked = await AskOnceAsync(other, probe, context).ConfigureAwait(false);
            result.Duration += asked.Duration;
        }

        if (asked.Answer is not ProbeResponse answer)
        {
            Fill(result, asked.Failure!);
            return result;
        }

        // A redactor notes what it finds, so several connections cannot share one.
        answer = answer with { SecretRedactor = new SecretRedactor(new RequestSecrets(question.Keys(), probe.Definition.Substituted)) };
        Fill(result, answer, probe.Judge(answer));
        AddLifecycle(result, await LifecycleAsync(probe, answer, result, day, context).ConfigureAwait(false), day, withinDays);
        return result;
    }

    public void Dispose()
    {
        if (_requestor.IsValueCreated)
        {
            _requestor.Value.Dispose();
        }
    }

    private sealed record Asked(ProbeResponse? Answer, KoreException? Failure, TimeSpan Duration);

    private Task<Asked> AskOnceAsync(ProbeRequest question, KeyProbe probe, RequestContext context) => _asked.GetOrAdd(
        question.Identity(),
        _ => new Lazy<Task<Asked>>(() => AskAsync(question with { Substituted = probe.Definition.Substituted }, context))).Value;

    private async Task<Asked> AskAsync(ProbeRequest question, RequestContext context)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return new Asked(await _requestor.Value.AskAsync(question, context).ConfigureAwait(false), null, watch.Elapsed);
        }
        catch (KoreException e) when (e.Kind != KoreErrorKind.InvalidInput)
        {
            return new Asked(null, e, watch.Elapsed);
        }
    }

    private DateTime Today => options.TimeProvider.GetLocalNow().Date;

    private async Task<ModelLifecycle?> LifecycleAsync(KeyProbe probe, ProbeResponse answer, KeyTestResult result, DateTime day, RequestContext context)
    {
        ModelLifecycle? live = null;
        if (result.VerdictValue == KeyVerdict.Valid)
        {
            // One listing for each key and resource, however many of its deployments are tested.
            ProbeResponse? models = probe.AskForModels(answer) is ProbeRequest question
                ? await _models.GetOrAdd(
                    question.Identity(), _ => new Lazy<Task<ProbeResponse?>>(() => ListAsync(question, context))).Value.ConfigureAwait(false)
                : null;
            live = probe.Lifecycle(answer, models, day);
        }

        // What answers is of a version that lives on, whichever has ended: the next end is its own, or comes before it.
        ModelLifecycle? known = live
            ?? (result.VerdictValue == KeyVerdict.Valid ? probe.Reference?.Find(day) : probe.Reference?.Look(day));
        // What has just been accepted is not gone, whichever day a page names.
        return result.VerdictValue == KeyVerdict.Valid && known is { IsCertain: true, AsOf: not null } && known.StatusOn(Today) == ModelStatus.Retired
            ? known with { IsStillAccepted = true }
            : known;
    }

    // What a listing does not say, the module's table may: the key's verdict never depends on it.
    private async Task<ProbeResponse?> ListAsync(ProbeRequest question, RequestContext context)
    {
        try
        {
            return await _requestor.Value.AskAsync(question with { IsRepeatable = false }, context).ConfigureAwait(false);
        }
        catch (KoreException e)
        {
            context.Log($"The list of models could not be read: {e.Message}");
            return null;
        }
    }

    private static void Fill(KeyTestResult result, ProbeResponse answer, ProbeResult judgement)
    {
        result.VerdictValue = judgement.Verdict;
        result.RecommendedAction = judgement.Action;
        result.Output = judgement.Output;
        result.InputTokens = judgement.InputTokens;
        result.OutputTokens = judgement.OutputTokens;
        result.StatusCode = answer.StatusCode;
        result.ProviderMessage = answer.Message;
        result.RequestId = answer.RequestId;
    }

    private void AddLifecycle(KeyTestResult result, ModelLifecycle? lifecycle, DateTime day, int withinDays)
    {
        result.Lifecycle = lifecycle;
        if (lifecycle?.EndsWithin(day, withinDays) != true)
        {
            return;
        }

        string words = $"{lifecycle.Describe(day)} {lifecycle.Advice(result.Provider, withinDays)}";
        // A provider does not know a model any more that it retired: that is why, and not how it is spelled. It was asked today.
        bool isWhy = result.VerdictValue == KeyVerdict.NoModelAccess && lifecycle.StatusOn(Today) == ModelStatus.Retired;
        result.RecommendedAction = result.RecommendedAction is null || isWhy ? words : $"{result.RecommendedAction} {words}";
    }

    private static void Fill(KeyTestResult result, KoreException failure)
    {
        bool isAnswer = failure.Kind is KoreErrorKind.ServerError or KoreErrorKind.UnexpectedResponse;
        result.VerdictValue = isAnswer ? KeyVerdict.Inconclusive : KeyVerdict.Unreachable;
        result.ProviderMessage = failure.Message;
        result.StatusCode = failure.StatusCode;
        result.RequestId = failure.RequestId;
        result.RecommendedAction = failure.Kind == KoreErrorKind.UnexpectedResponse
            ? $"The provider's answer could not be read, so the key was not tested. {ErrorMapper.ActionOfRefusal(failure)}".TrimEnd()
            : isAnswer ? "The provider failed, so the key was not tested. Test it again later."
            : failure.IsOfProxy ? failure.RecommendedAction
            : "Check the network, the proxy and the host name. A firewall may allow the platform but block this machine.";
    }
}
