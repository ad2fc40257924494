using System.Diagnostics;

namespace KoreConnections.Client;

/// <summary>Asks providers whether keys work. The same question with the same key is asked once, however often it comes.</summary>
internal sealed class KeyTester(TransportOptions options) : IDisposable
{
    private readonly Lazy<ProviderRequestor> _requestor = new(() => new ProviderRequestor(options));
    private readonly ConcurrentDictionary<string, Lazy<Task<KeyTestResult>>> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<ProbeResponse?>>> _models = new(StringComparer.Ordinal);

    /// <summary>Asks the provider. Whatever it answers, or if nothing, is a verdict and no failure.</summary>
    public async Task<KeyTestResult> TestAsync(KeyProbe probe, RequestContext context)
    {
        ProbeRequest question = probe.CreateRequest() with { Substituted = probe.Definition.Substituted };
        Lazy<Task<KeyTestResult>> asked = _asked.GetOrAdd(question.Identity(), _ => new Lazy<Task<KeyTestResult>>(() => AskAsync(probe, question, context)));
        return (await asked.Value.ConfigureAwait(false)).For(probe.ConnectionId, probe.Definition.ShownName);
    }

    public void Dispose()
    {
        if (_requestor.IsValueCreated)
        {
            _requestor.Value.Dispose();
        }
    }

    private async Task<KeyTestResult> AskAsync(KeyProbe probe, ProbeRequest question, RequestContext context)
    {
        var watch = Stopwatch.StartNew();
        var result = new KeyTestResult
        {
            Provider = probe.Definition.Provider,
            Model = probe.Definition.Show(probe.Model),
            ProviderHost = probe.Definition.Show(question.Address.Authority)!,
        };
        try
        {
            ProbeResponse answer = await _requestor.Value.AskAsync(question, context).ConfigureAwait(false);
            if (probe.CreateFallback(answer) is ProbeRequest other)
            {
                answer = await _requestor.Value.AskAsync(other with { Substituted = probe.Definition.Substituted }, context).ConfigureAwait(false);
            }

            Fill(result, answer, probe.Judge(answer));
            AddLifecycle(result, await LifecycleAsync(probe, answer, result, context).ConfigureAwait(false), Today);
        }
        catch (KoreException e) when (e.Kind != KoreErrorKind.InvalidInput)
        {
            Fill(result, e);
        }

        result.Duration = watch.Elapsed;
        return result;
    }

    private DateTime Today => options.TimeProvider.GetLocalNow().Date;

    private async Task<ModelLifecycle?> LifecycleAsync(KeyProbe probe, ProbeResponse answer, KeyTestResult result, RequestContext context)
    {
        ModelLifecycle? live = null;
        if (result.VerdictValue == KeyVerdict.Valid)
        {
            // One listing for each key and resource, however many of its deployments are tested.
            ProbeResponse? models = probe.AskForModels(answer) is ProbeRequest question
                ? await _models.GetOrAdd(
                    question.Identity(), _ => new Lazy<Task<ProbeResponse?>>(() => ListAsync(question, context))).Value.ConfigureAwait(false)
                : null;
            live = probe.Lifecycle(answer, models, Today);
        }

        return live ?? probe.Reference?.Look(Today);
    }

    // What a listing does not say, the module's table may: the key's verdict never depends on it.
    private async Task<ProbeResponse?> ListAsync(ProbeRequest question, RequestContext context)
    {
        try
        {
            return await _requestor.Value.AskAsync(question with { IsRepeatable = false }, context).ConfigureAwait(false);
        }
        catch (KoreException)
        {
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

    private static void AddLifecycle(KeyTestResult result, ModelLifecycle? lifecycle, DateTime day)
    {
        result.Lifecycle = lifecycle;
        if (lifecycle?.EndsWithin(day, ModelLifecycle.SoonDays) != true)
        {
            return;
        }

        string words = $"{lifecycle.Describe(day)} {lifecycle.Advice(result.Provider)}";
        // A provider does not know a model any more that it retired: that is why, and not how it is spelled.
        bool isWhy = result.VerdictValue == KeyVerdict.NoModelAccess && lifecycle.StatusOn(day) == ModelStatus.Retired;
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
