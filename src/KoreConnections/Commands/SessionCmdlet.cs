namespace KoreConnections.Commands;

public abstract class SessionCmdlet : KoreCmdlet
{
    private KoreSession? _session;
    private bool _isFixed;
    private ConnectionList? _listing;
    private KoreException? _listingFailure;
    private KeyTester? _tester;

    [Parameter, ValidateNotNull]
    public KoreSession Session
    {
        get => _session ??= CurrentSession.GetOrConnect(this, onlyFromEnvironment: _isFixed);
        set => _session = value;
    }

    /// <summary>The session at hand, for what works without one too.</summary>
    private protected KoreSession? SessionIfAny
    {
        get
        {
            FixSession();
            return _session;
        }
    }

    // Commands before this one may select or make the session. From the first decision on, nothing changes where this cmdlet sends: not another
    // runspace, not a key's source.
    internal sealed override void FixSession()
    {
        if (!_isFixed)
        {
            _session ??= CurrentSession.Value;
            _isFixed = true;
        }
    }

    /// <summary>Who is asked instead of the providers: the given gateway, else those that the session's own sandbox imitates. Null for none.</summary>
    private protected Uri? Gateway(string? providerUri, bool isUsed = true)
    {
        Uri? gateway = BaseAddress.ParseProvider(providerUri, isUsed);
        // Where custom APIs are imitated, too, a gateway does not send their keys to their own endpoints.
        return SessionIfAny?.ImitatedProviders is not Uri imitated ? gateway : gateway is null ? imitated : new SandboxProviderUri(gateway);
    }

    /// <summary>Refuses a connection of another platform than the session's: an id means nothing there. Who names the session has decided.</summary>
    private protected void RequireSessionOf(string? platform)
    {
        if (platform is not null
            && !MyInvocation.BoundParameters.ContainsKey(nameof(Session))
            && (SessionIfAny ?? (CurrentSession.IsInEnvironment ? Session : null)) is KoreSession current
            && !current.IsWith(platform))
        {
            throw KoreException.InvalidInput(
                nameof(Session),
                $"The connection was read from {platform}, but the current session is with {current.Platform}. "
                    + "Use -Session with the session that it belongs to, or make that the current one with Select-KoreSession.");
        }
    }

    /// <summary>Emits what is about connections of the session's platform, so that no other platform's is taken for it.</summary>
    private protected void WriteOwn(params IReadOnlyList<IFromPlatform> items) => WriteObject(items.Select(Own), enumerateCollection: true);

    private protected T Own<T>(T item)
        where T : IFromPlatform
    {
        item.Platform ??= SessionIfAny?.Platform;
        return item;
    }

    private protected ConnectionsClient Client => Session.Client;

    private protected const string NotCompared = "The id of the row was not compared with its name and provider";

    /// <summary>All connections, listed once for the pipeline: what names stand for.</summary>
    private protected ConnectionList Listing => _listing ??= List();

    /// <summary>The same where something needed it before; null where nothing did.</summary>
    private protected ConnectionList? ListingAtHand => _listing;

    /// <summary>The same where much can be done without it; null where it cannot be read.</summary>
    /// <param name="loss">What follows from that, as the beginning of a sentence.</param>
    private protected ConnectionList? TryListing(string loss)
    {
        // What failed once is not tried again for each item.
        if (_listingFailure is not null)
        {
            return _listing;
        }

        try
        {
            return Listing;
        }
        catch (KoreException e) when (!Errors.EndsPipeline(e))
        {
            _listingFailure = e;
            WriteVerbose($"{loss}, because the connections could not be listed: {e.Message}");
            return null;
        }
    }

    /// <summary>The same where nothing may be done without it.</summary>
    /// <param name="way">What to do where it cannot be read, or does not decide.</param>
    /// <param name="decides">Whether what is to be decided shows in the listing.</param>
    /// <exception cref="KoreException">Why it cannot be read, or what is missing of it.</exception>
    private protected void RequireListing(string loss, string way, Func<ConnectionList, bool> decides)
    {
        ConnectionList? listing = TryListing(loss);
        if (listing is null || !decides(listing))
        {
            KoreException failure = listing?.Incomplete(loss)
                ?? _listingFailure!.With($"{loss}: {_listingFailure.Message}", _listingFailure.RecommendedAction ?? "");
            failure.RecommendedAction = $"{way} {failure.RecommendedAction}".TrimEnd();
            throw failure;
        }
    }

    /// <summary>How providers are reached: as the platform, where there is a session.</summary>
    private protected TransportOptions Transport => SessionIfAny?.Client.Transport ?? new TransportOptions { OtherPlatformKeys = CurrentSession.PlatformKeys };

    /// <summary>Refuses what sending refuses, before it is shown or asked about as if it would be sent.</summary>
    private protected void Rehearse(Action<TransportOptions> refuse)
    {
        if (IsRehearsed)
        {
            refuse(Transport);
        }
    }

    /// <summary>One for the pipeline, so that the same question is asked once.</summary>
    private protected KeyTester Tester => _tester ??= new KeyTester(Transport);

    private protected TimeSpan Pause => _session?.Pause ?? TimeSpan.Zero;

    /// <summary>The connections that are listed, each once: what is decided by them must not count one as several.</summary>
    private protected ConnectionList List(ListFilter? filter = null)
    {
        ConnectionList rows = ListRows(filter);
        ConnectionList once = rows.WithoutRepeats();
        if (once.Items.Count < rows.Items.Count)
        {
            WriteVerbose($"The listing repeats connections ({rows.Items.Count - once.Items.Count} rows). Each connection counts once.");
        }

        return once;
    }

    private protected ConnectionList ListRows(ListFilter? filter)
    {
        // Asked for on this thread: a session that is made from the environment says so with WriteVerbose.
        ConnectionsClient client = Client;
        return Await(context => client.ListAsync(filter, context));
    }

    // A platform may have more than its document names, so that only an empty listing says that a word may be misspelt.
    private protected void WarnOfUnknown(ConnectionList found, string parameter, string? given, params ApiValueSet[] known)
    {
        if (found.Items.Count == 0 && given is not null && known.All(k => k.Find(given) is null))
        {
            WriteWarning(
                $"No connection was listed. -{parameter} '{SecretMasker.Quote(given)}' is not one of the API's values: "
                    + $"{string.Join(", ", known.SelectMany(k => k.Values))}.");
        }
    }

    private protected override void Close()
    {
        base.Close();
        CurrentSession.LeaveUnaccepted(_session);
        _tester?.Dispose();
    }
}
