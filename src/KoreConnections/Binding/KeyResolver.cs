namespace KoreConnections.Commands;

/// <summary>Follows references to keys, <c>SCHEME:NAME</c>, of the schemes in <see cref="KeySources"/>. Anything else is the key itself.</summary>
internal sealed class KeyResolver(KoreCmdlet cmdlet)
{
    // Real ones have 20 and more. What has less is a help character at a prompt, or a slip of the keyboard; a header's value may be short.
    private const int ShortestKey = 4;

    private const string KeyItself = "If this is the key itself, use a SecureString, or store it in a variable or a file, "
        + "and use env:NAME or file:PATH.";

    private readonly Dictionary<string, Secret> _known = new(StringComparer.Ordinal);

    // What is being asked for on this thread: sources run where they are asked.
    [ThreadStatic]
    private static HashSet<string>? _asked;

    // A log is masked line by line, and no key has any of these.
    private const string LineBreaks = "\r\n\v\f\u0085\u2028\u2029";

    // The warning comes once in a session.
    private static int _hasWarnedOfHistory;

    /// <summary>What relative paths of files start from; the current location where it is null.</summary>
    public string? Folder { get; set; }

    /// <summary>How a reference is shown of which a part came from elsewhere.</summary>
    public Func<string, string> Show { get; set; } = text => text;

    private bool IsForPlatform { get; init; }

    /// <summary>Whether vaults and scripts are called: they may prompt, or reach over the network. Where not, a key of theirs is a placeholder.</summary>
    public bool OpensVaults { get; init; } = true;

    /// <summary>Whether references are followed at all; where they are not, each is one that is unresolved.</summary>
    public bool FollowsReferences { get; set; } = true;

    /// <summary>Whether a reference that leads to no key here is kept as one that is unresolved; else it is an error.</summary>
    public bool AllowsUnresolved { get; set; }

    /// <summary>Whether a key is kept for the next reference to it: a manifest names the same few over and over.</summary>
    public bool Remembers { get; init; }

    public static Secret PlatformKeyOf(KoreCmdlet cmdlet, object? given, string parameter) =>
        PlatformKey.Check(new KeyResolver(cmdlet) { IsForPlatform = true }.Resolve(given, parameter), parameter);

    /// <param name="isSecret">Whether it matters who sees it; of a header such as a version it does not.</param>
    public Secret Resolve(object? given, string parameter, bool isSecret = true)
    {
        cmdlet.FixSession();
        Secret found = Find(given, parameter, isSecret);
        if (isSecret && found.Problem is null)
        {
            cmdlet.Know(found);
        }

        return found;
    }

    private Secret Find(object? given, string parameter, bool isSecret)
    {
        string place = Remembers && given is string ? $"{parameter}\n{Folder}\n{given}" : "";
        if (FollowsReferences && _known.TryGetValue(place, out Secret known))
        {
            return known;
        }

        (Secret key, bool isText) = KeyInput.Open(given) ?? throw Guard.Invalid(parameter, $"is not a key. {KeyInput.Accepted}");
        SecretReference reference = key.Read(text => SecretReference.Parse(text));
        if (!reference.IsReference)
        {
            if (isSecret && !IsForPlatform)
            {
                // Also where it is refused: somebody may have meant it as a key.
                KeySource.OnGiven(key);
            }

            if (key.Read(text => NoKeyOf(text, isSecret, isText, parameter)) is string problem)
            {
                throw Guard.Invalid(parameter, problem);
            }

            return isSecret ? Typed(Whole(key, parameter), parameter) : key;
        }

        Secret found = Whole(Follow(reference, parameter), parameter);
        found = reference.Prefix.Length == 0 ? found : found.WithScheme(reference.Prefix);
        if (Remembers && given is string && found.Problem is null)
        {
            _known[place] = found;
        }

        return found;
    }

    private static Secret Whole(Secret key, string parameter)
    {
        if (parameter != HeaderInput.Parameter && key.Trim().Length < ShortestKey)
        {
            int length = ApiKeyValidator.Check(key, parameter).Length;
            throw Guard.Invalid(
                parameter, $"has {Phrases.Count(length, "character")}, but keys have at least {ShortestKey}. Check whether it was cut off.");
        }

        return key;
    }

    // What stands instead of a key because somebody meant a reference. A key that really looks so comes from a variable or a file.
    private static string? NoKeyOf(ReadOnlySpan<char> text, bool isSecret, bool isText, string parameter) =>
        ForeignReference.Problem(text, isSecret) is string foreign ? foreign
        : !isSecret || !isText ? null
        // A header may have paths and tags.
        : parameter != HeaderInput.Parameter && SecretReference.Mistyped(text) is string mistyped ? $"{mistyped} {KeyItself}"
        : SecretReference.UnknownScheme(text) is string scheme ? $"{KeySources.Unknown(scheme)} {KeyItself}"
        : null;

    private Secret Follow(SecretReference reference, string parameter)
    {
        if (!FollowsReferences)
        {
            string skipped = $"refers to '{reference.Source!.Scheme}:{SecretMasker.Quote(reference.Place)}', "
                + "which was not resolved because -IgnoreKeys, -Name or -Provider excludes it.";
            return Secret.Unresolved(Guard.Invalid(parameter, skipped));
        }

        KeyAnswer answer = Answer(reference.Source!, reference.Place);
        if (answer.Key is Secret key)
        {
            return key;
        }

        KoreException failure = Guard.Invalid(parameter, answer.Problem!);
        failure.RecommendedAction = answer.Action;
        return answer.IsUnresolved && AllowsUnresolved ? Secret.Unresolved(failure) : throw failure;
    }

    private KeyAnswer Answer(KeySource source, string place) => source switch
    {
        IExternalKeySource registered => Ask(registered, source, place),
        { Scheme: "env" } => Announced(EnvironmentSource.Read(place, IsForPlatform), source, place),
        { Scheme: "file" } => Announced(FileSource.Read(cmdlet, place, Show(SecretMasker.QuotePath(place)), Folder), source, place),
        { Scheme: "azkv" } => Ask(new AzureKeyVaultSource(), source, place),
        { Scheme: "secret" } => Ask(new SecretManagementSource(), source, place),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source.Scheme, null),
    };

    // A manifest's value is easily copied to where the key belongs. A variable is the way for a key that really looks so.
    private KeyAnswer Announced(KeyAnswer answer, KeySource source, string place)
    {
        if (answer.Key is not Secret key)
        {
            return answer;
        }

        key.Origin = $"{source.Scheme}:{Show(source.Scheme switch
        {
            "file" => SecretMasker.QuotePath(place),
            "env" => EnvironmentSource.Quote(place),
            _ => SecretMasker.Quote(place, 200),
        })}";
        if (key.Read(text => SecretReference.Parse(text)).IsReference)
        {
            string shown = $"'{key.Origin}'";
            const string Advice = "Put the key itself there, or use the other reference directly.";
            if (source is IExternalKeySource || source.Scheme != "env")
            {
                return KeyAnswer.Refused($"refers to {shown}, which contains another reference, not a key. {Advice}");
            }

            cmdlet.WarnOnce($"{shown} contains text that looks like another reference. It is used as the key, exactly as it is. {Advice}");
        }

        source.OnResolved(key);
        return answer;
    }

    private KeyAnswer Ask(IExternalKeySource source, KeySource kept, string place)
    {
        if (source.Check(place) is string malformed)
        {
            return KeyAnswer.Refused(malformed);
        }

        if (!OpensVaults)
        {
            return new KeyAnswer(Secret.FromPlainText("stand-in"));
        }

        string reference = $"{kept.Scheme}:{place}";
        if (!cmdlet.KeyAnswers.TryGetValue(reference, out KeyAnswer? answer))
        {
            answer = AskOnce(source, reference, place);
            if (answer.Key?.Read(text => text.IndexOfAny(LineBreaks.AsSpan()) >= 0) == true)
            {
                answer = KeyAnswer.Refused(
                    $"refers to '{kept.Scheme}:{SecretMasker.Quote(place, 200)}', but its source emitted several lines. "
                        + "Name a secret that contains only the key.");
            }

            cmdlet.KeyAnswers[reference] = answer = Announced(answer, kept, place);
        }

        return answer;
    }

    // A source may use cmdlets of this module, whose keys or session need that very source.
    private KeyAnswer AskOnce(IExternalKeySource source, string reference, string place)
    {
        if (!(_asked ??= new HashSet<string>(StringComparer.Ordinal)).Add(reference))
        {
            return KeyAnswer.Refused(
                $"refers to '{SecretMasker.Quote(reference)}', whose source needs the same key. "
                    + "Change the source so that it calls no cmdlet that needs this key.");
        }

        try
        {
            return source.Ask(new KeySourceInvoker(cmdlet), place);
        }
        finally
        {
            _asked.Remove(reference);
        }
    }

    // A literal that PowerShell keeps among the lines that were typed; keys from variables and rows leave none there.
    private Secret Typed(Secret key, string parameter)
    {
        InvocationInfo invocation = cmdlet.MyInvocation;
        if (HostInfo.KeepsHistory(cmdlet.Host)
            && string.IsNullOrEmpty(invocation.ScriptName)
            && key.IsIn(invocation.Line)
            && Interlocked.Exchange(ref _hasWarnedOfHistory, 1) == 0)
        {
            cmdlet.WriteWarning(
                $"-{parameter} was typed in plain text, which stays in the history of this shell. "
                    + "Use a reference (env:NAME, file:PATH, azkv:VAULT/NAME) or a SecureString from Read-Host -AsSecureString.");
        }

        return key;
    }
}
