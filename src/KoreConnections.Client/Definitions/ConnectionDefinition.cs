namespace KoreConnections.Client;

/// <summary>A connection to be created. Each provider's shape on the wire is one derived type.</summary>
internal abstract class ConnectionDefinition
{
    private byte[] _body = [];

    public string? Name { get; set; }

    public string? Model { get; set; }

    /// <summary>The provider as the API spells it.</summary>
    public abstract string Provider { get; }

    internal abstract IEnumerable<Secret> Secrets { get; }

    /// <summary>Of what it carries, what no text of its answer may show.</summary>
    internal virtual IEnumerable<Secret> Redacted => Secrets;

    internal IReadOnlyList<SubstitutedValue> Substituted { get; set; } = [];

    /// <summary>What is sent, with masks instead of keys, as it was checked last.</summary>
    internal JsonElement Body => JsonText.Read(_body);

    internal string? ShownName => Show(Name);

    /// <summary>Whether the answer to the create is about a connection with another name, however the platform writes it.</summary>
    internal bool IsNamedOtherwise(Connection answer) => answer.ConnectionName is { Length: > 0 } name
        && SingleLine.Comparable(name) != SingleLine.Comparable(Name!) && SingleLine.Comparable(name) != SingleLine.Comparable(AsRead(Name!));

    /// <summary>Whether a plan finds it by the name that the answer has: one that only looks alike is another connection's.</summary>
    internal bool IsFoundAs(Connection answer) =>
        string.IsNullOrEmpty(answer.ConnectionName) || answer.ConnectionName == Name || answer.ConnectionName == AsRead(Name!);

    /// <summary>Whether what is listed has its provider and its model, if it has one.</summary>
    internal bool IsLike(Connection listed) => listed.Provider == Provider && (Model is null || listed.Model == Model);

    /// <summary>Whether what is listed can be this connection. What a platform does not list says nothing, and it may write a model in another case.</summary>
    internal bool MayBe(Connection listed) =>
        (string.IsNullOrEmpty(listed.Provider) || listed.Provider == Provider) && MayHaveModel(listed);

    internal bool MayHaveModel(Connection listed) =>
        string.IsNullOrWhiteSpace(Model) || string.IsNullOrEmpty(listed.Model) || string.Equals(listed.Model, Model, StringComparison.OrdinalIgnoreCase);

    /// <summary>By what an answer is about another connection.</summary>
    internal IEnumerable<string> OtherConnection(Connection answer) => new[]
    {
        IsNamedOtherwise(answer) ? "name" : null,
        answer.Provider is not null && answer.Provider != Provider ? "provider" : null,
    }.OfType<string>();

    /// <summary>What the answer to the create shows otherwise than it was sent. What it does not show says nothing, as a mask without an end.</summary>
    internal virtual IReadOnlyList<string> StillDifferent(Connection answer)
    {
        bool isOtherModel = answer.Model is not null && !string.IsNullOrWhiteSpace(Model) && answer.Model != Model && answer.Model != AsRead(Model!);
        return [.. OtherConnection(answer), .. isOtherModel ? ["model"] : Array.Empty<string>()];
    }

    // What repeats a key of its own comes back as a mask.
    private protected string AsRead(string text) => SecretMasker.WithoutKeys(SecretRedactor.For(Redacted).Apply(text));

    internal string? Show(string? text) => text is null ? null : SubstitutedValue.Show(text, Substituted, SubstitutedValue.ShortestByChance);

    /// <summary>The connection that a reader describes, not checked yet.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: a value is of another kind, or a reference leads to no key.</exception>
    public static ConnectionDefinition Read(string provider, IFieldReader reader)
    {
        ConnectionDefinition definition = provider switch
        {
            ApiValues.OpenAI => new OpenAIDefinition { ApiKey = reader.Key("ApiKey") },
            ApiValues.Anthropic => new AnthropicDefinition { ApiKey = reader.Key("ApiKey") },
            ApiValues.AzureOpenAI => new AzureOpenAIDefinition
            {
                ApiKey = reader.Key("ApiKey"),
                ResourceName = reader.Text("ResourceName"),
                DeploymentId = reader.Text("DeploymentId"),
                ApiVersion = reader.Text("ApiVersion"),
            },
            _ => new CustomApiDefinition(CustomApiSettings.Read(reader)) { IsDisabled = reader.Flag("Disabled") },
        };
        definition.Name = reader.Text("Name");
        definition.Model = reader.Text("Model");
        return definition;
    }

    /// <summary>Checks and normalises everything.</summary>
    public void Validate()
    {
        Name = Guard.Name(Name);
        Model = string.IsNullOrWhiteSpace(Model) ? Model : Guard.Model(Model);
        ValidateProvider();
        _body = SecretJsonContent.Checked(Write);
    }

    /// <summary>What is accepted but will probably not work, a sentence each.</summary>
    internal virtual IEnumerable<string> Remarks() => [];

    /// <summary>Checks and normalises all but the name.</summary>
    internal abstract void ValidateProvider();

    internal void Write(Utf8JsonWriter writer, bool reveal)
    {
        writer.WriteStartObject();
        writer.WriteString("provider", Provider);
        writer.WriteString("connectionName", Name);
        writer.WriteIfGiven("model", string.IsNullOrWhiteSpace(Model) ? null : Model);
        WriteProvider(writer, reveal);
        writer.WriteEndObject();
    }

    internal static void WriteSecret(Utf8JsonWriter writer, string name, Secret? secret, bool reveal)
    {
        if (reveal && secret is not null)
        {
            secret.WriteTo(writer, name);
        }
        else
        {
            writer.WriteString(name, Secret.Mask);
        }
    }

    private protected abstract void WriteProvider(Utf8JsonWriter writer, bool reveal);
}
