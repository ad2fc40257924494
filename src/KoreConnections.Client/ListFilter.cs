using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>What a listing is narrowed to, by the platform itself.</summary>
public sealed class ListFilter
{
    /// <summary>A provider.</summary>
    public string? Provider { get; set; }

    /// <summary>A status.</summary>
    public string? Status { get; set; }

    /// <summary>The most that may come.</summary>
    public int? Limit { get; set; }

    /// <summary>Checks and normalises everything.</summary>
    /// <exception cref="KoreException">KoreInvalidInput; nothing was sent.</exception>
    public void Validate()
    {
        Provider = Provider is null ? null : Known.Providers.Parse(Provider, "Provider");
        Status = Status is null ? null : Known.StatusFilters.Parse(Status, "Status");
        if (Limit < 1)
        {
            throw KoreException.InvalidInput("Limit", $"-Limit {Limit} is too small. Give a number from 1.");
        }
    }

    internal string Query()
    {
        var parts = new List<string>();
        if (Provider is not null)
        {
            parts.Add("provider=" + System.Uri.EscapeDataString(Provider));
        }

        if (Status is not null)
        {
            parts.Add("status=" + System.Uri.EscapeDataString(Status));
        }

        if (Limit is int limit)
        {
            parts.Add("limit=" + limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return parts.Count == 0 ? "" : "?" + string.Join("&", parts);
    }
}
