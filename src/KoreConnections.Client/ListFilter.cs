namespace KoreConnections.Client;

/// <summary>What a listing is narrowed to: by the platform itself, and here by what it does not filter by.</summary>
internal sealed class ListFilter
{
    public string? Provider { get; set; }

    public string? Status { get; set; }

    public int? Limit { get; set; }

    /// <summary>Whether something is filtered by here, so that a limit on what comes out cannot be the platform's.</summary>
    private bool IsOwn => ApiValues.Providers.Find(Provider) != Provider || ApiValues.StatusFilters.Find(Status) != Status;

    internal bool IsFiltering => Provider is not null || Status is not null;

    public void Validate()
    {
        Provider = Normalize(Provider, ApiValues.Providers, "Provider");
        Status = Normalize(Status, ApiValues.StatusFilters, "Status");
        if (Limit < 1)
        {
            throw Guard.Invalid("Limit", $"{Limit} is too small. Specify 1 or more.");
        }
    }

    public bool Matches(Connection connection) => IsLike(connection.Provider, Provider) && IsLike(connection.Status, Status);

    internal ListFilter OfPlatform() => new()
    {
        Provider = ApiValues.Providers.Find(Provider),
        Status = ApiValues.StatusFilters.Find(Status),
        Limit = IsOwn ? null : Limit,
    };

    /// <summary>What is left of a listing, of which the platform filtered what it can.</summary>
    internal ConnectionList Narrow(ConnectionList list)
    {
        if (!IsOwn && IsAppliedTo(list))
        {
            return list;
        }

        Connection[] found = [.. list.Items.Where(IsOwn ? Matches : IsOfFilter).Take(Limit ?? int.MaxValue)];
        // What the platform did not list may have been among them.
        return list.IsComplete
            ? new ConnectionList(found, ConnectionList.CountOf(found), list.Gap)
            : new ConnectionList(found, list.Total, list.Gap) { Source = list };
    }

    /// <summary>Whether nothing in a listing shows that the platform passed over the filter.</summary>
    internal bool IsAppliedTo(ConnectionList list) => list.Items.All(IsOfFilter);

    // A platform that passes over the filter must not hand out another provider's connections, which may get a key next. A status that it
    // does not filter by may be a kind of one that it does.
    private bool IsOfFilter(Connection connection) =>
        (connection.Provider is null || IsLike(connection.Provider, Provider))
        && (ApiValues.StatusFilters.Find(connection.Status) is not string status || IsLike(status, Status));

    internal string Query()
    {
        string query = Part("provider", Provider) + Part("status", Status) + Part("limit", Limit?.ToString(CultureInfo.InvariantCulture));
        return query.Length == 0 ? "" : "?" + query.Substring(1);

        static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
    }

    private static string? Normalize(string? value, ApiValueSet known, string parameter) =>
        value is null ? null : known.Find(Guard.NotEmpty(value, parameter)) ?? value;

    private static bool IsLike(string? value, string? filter) =>
        filter is null || string.Equals(value?.Replace(" ", ""), filter.Replace(" ", ""), StringComparison.OrdinalIgnoreCase);
}
