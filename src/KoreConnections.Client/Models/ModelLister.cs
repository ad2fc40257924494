namespace KoreConnections.Client;

/// <summary>Lists the models that a key may use, page after page, with what is known of their retirement.</summary>
internal sealed class ModelLister(TransportOptions options) : IDisposable
{
    // No provider has so many: a server that always announces one more page must not hold the caller for ever.
    private const int MostPages = 100;

    private readonly ProviderRequestor _requestor = new(options);

    /// <summary>Whether the provider had more, which it did not give.</summary>
    public bool IsIncomplete { get; private set; }

    /// <param name="definition">Whose key is asked with; what its model or deployment is called makes no difference.</param>
    /// <exception cref="KoreException">The provider refused, or answered with something else.</exception>
    public async Task<IReadOnlyList<ProviderModel>> ListAsync(NamedProviderDefinition definition, Uri? gateway, RequestContext context)
    {
        definition.ValidateProvider();
        var models = new List<ProviderModel>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        for (int page = 0; page < MostPages; page++)
        {
            ProbeRequest question = Ask(definition, gateway, after);
            ProbeResponse answer = await _requestor.AskAsync(question, context).ConfigureAwait(false);
            if (answer.Status is < 200 or >= 300
                || answer.IsFailure
                || answer.Json is not { } json
                || LenientJson.Property(json, "data") is not { ValueKind: JsonValueKind.Array })
            {
                throw Refused(definition, gateway, question, answer);
            }

            foreach (JsonElement item in ProviderModels.Items(json))
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (LenientJson.Text(item, "id") is { Length: > 0 } id && seen.Add(id))
                {
                    models.Add(Model(definition.Provider, answer.SecretRedactor.Quote(id), item));
                }
            }

            string? last = LenientJson.Text(json, "last_id");
            IsIncomplete = LenientJson.Property(json, "has_more") is { ValueKind: JsonValueKind.True };
            // Only Anthropic documents pages: elsewhere the next request would be the same.
            if (!IsIncomplete || definition is not AnthropicDefinition || last is null || last == after)
            {
                break;
            }

            after = last;
        }

        return [.. models.OrderBy(m => m.ModelId, StringComparer.OrdinalIgnoreCase)];
    }

    public void Dispose() => _requestor.Dispose();

    private static ProbeRequest Ask(NamedProviderDefinition definition, Uri? gateway, string? after) => definition switch
    {
        AzureOpenAIDefinition azure => ProviderModels.AskAzure(gateway ?? AzureOpenAIProbe.Resource(azure), azure.ApiVersion!, azure.ApiKey!),
        AnthropicDefinition => AnthropicProbe.Ask(
            definition, gateway, "models?limit=1000" + (after is null ? "" : "&after_id=" + Uri.EscapeDataString(after))),
        OpenAIDefinition => OpenAIProbe.Ask(definition, gateway, "models"),
        // A key of a provider that is new here goes nowhere.
        _ => throw new NotSupportedException(definition.Provider),
    };

    private ProviderModel Model(string provider, string id, JsonElement item)
    {
        DateTime day = options.TimeProvider.GetLocalNow().Date;
        ModelLifecycle? life = ((provider switch
        {
            ApiValues.OpenAI => ProviderModels.OpenAILifecycle(item, id, day),
            ApiValues.AzureOpenAI => ProviderModels.AzureLifecycle(item, id, day),
            _ => null,
        }) ?? ModelTable.Current.Find(provider, id, day))?.ToReport;
        return new ProviderModel
        {
            Provider = provider,
            ModelId = id,
            StatusValue = life?.StatusOn(day) is not ModelStatus status ? ModelStatus.Active
                : status == ModelStatus.Retired && !life.IsCertain ? ModelStatus.MayBeRetired
                : status,
            RetiresOn = life?.RetiresOn,
            Replacement = life?.Replacement,
            CreatedOn = ModelDate.Created(item),
        };
    }

    private static KoreException Refused(NamedProviderDefinition definition, Uri? gateway, ProbeRequest question, ProbeResponse answer)
    {
        string? toCheck = answer.Status == 404 ? "There is no list of models at this address. Check -ProviderUri, -ResourceName and -ApiVersion."
            : answer is { Status: >= 200 and < 300, IsFailure: false }
                ? "The answer is not a list of models. Check the address, and that no proxy or login page intercepts the request."
            : null;
        ProbeResult judgement = toCheck is null ? KeyProbe.For(definition, gateway).Judge(answer) : new(KeyVerdict.Inconclusive, toCheck);
        KoreErrorKind kind = answer.Status == 429 ? KoreErrorKind.Throttled
            : judgement.Verdict == KeyVerdict.InvalidKey ? KoreErrorKind.InvalidInput
            : KoreErrorKind.UnexpectedResponse;
        string detail = answer.Message is string message ? $": {message}" : ".";
        return new KoreException(kind, $"{question.Address.Authority} did not list its models ({judgement.Verdict}, HTTP {answer.Status}){detail}")
        {
            StatusCode = answer.StatusCode,
            RequestId = answer.RequestId,
            RecommendedAction = judgement.Action,
        };
    }
}
