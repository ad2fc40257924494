using System.Collections;

namespace KoreConnections.Client;

/// <summary>
/// What a definition or a change takes from a connection that was read. Its keys are given: the platform shows no more of them than masks.
/// </summary>
internal static class DefinitionFactory
{
    /// <summary>The provider in the API's spelling.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it is none that is known here.</exception>
    public static string Provider(Connection connection) => ApiValues.Providers.Find(connection.Provider)
        ?? throw KoreException.InvalidInput(
            "Provider",
            $"{Shown(connection)} has the provider '{TextSanitizer.SingleLine(connection.Provider, 100)}', which this module does not support, "
                + $"so its key cannot be tested or changed. Supported providers: {ApiValues.Providers.Listed}.");

    /// <summary>Refuses a row that says another provider than the connection has: a key of that one is no key of this.</summary>
    /// <param name="said">The provider of the row in the API's spelling, or null.</param>
    public static void RequireProvider(Connection? found, string? said)
    {
        if (said is not null && found?.Provider is string provider && (ApiValues.Providers.Find(provider) ?? provider) != said)
        {
            throw KoreException.InvalidInput(
                "Provider",
                $"The provider of {Shown(found)} is {SecretMasker.Quote(provider)}, but the row has {SecretMasker.Quote(said)}. Correct the row.");
        }
    }

    /// <summary>All headers of a custom API: those given, and of the others what the platform shows without a mask.</summary>
    /// <param name="parameter">What they were given with.</param>
    /// <exception cref="KoreException">KoreInvalidInput: a header whose value is not known would be lost, or the word before its key.</exception>
    public static IReadOnlyList<Header> Headers(Connection connection, IReadOnlyList<Header> given, string parameter)
    {
        var all = new List<Header>(given);
        var missing = new List<string>();
        IReadOnlyList<IDictionary> there = ActualValues.Headers(connection, out bool isReadable) ?? [];
        if (!isReadable)
        {
            throw KoreException.InvalidInput(
                parameter, ChangePreview.UnreadableHeaders(connection) + " To set the key, use Set-Connection -Header with every header, and -Force.");
        }

        foreach (IDictionary header in there.Where(h => Text(h, "key") is not null))
        {
            string name = Text(header, "key")!;
            string? value = Text(header, "value");
            if (given.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase)) is Header own)
            {
                if (value is not null && SecretMasker.SchemeOf(value) is { Length: > 0 } scheme && own.Value is { Problem: null } key
                    && !key.Read(text => text.IndexOf(' ') >= 0))
                {
                    throw Guard.Invalid(
                        parameter,
                        $"has no word before the key of '{own.Name}', but {Shown(connection)} has {scheme} there. "
                            + $"Write it before the key, such as '{scheme} env:NAME'.");
                }

                continue;
            }

            if (value is not null && !SecretMasker.IsMasked(value.AsSpan()))
            {
                all.Add(new Header(name, Secret.FromPlainText(value)));
            }
            else
            {
                missing.Add($"'{TextSanitizer.SingleLine(name, 100)}'");
            }
        }

        // In the order of the connection, so that the masks before and after are of the same header.
        List<string?> order = [.. there.Select(h => Text(h, "key")?.ToLowerInvariant())];
        return missing.Count == 0
            ? [.. all.OrderBy(h => order.IndexOf(h.Name.ToLowerInvariant()) is var at && at < 0 ? int.MaxValue : at)]
            : throw Guard.Invalid(
                parameter,
                $"does not include {string.Join(", ", missing)} of {Shown(connection)}, for which the platform shows only a mask. "
                    + "Headers are replaced as a whole: specify all of them.");
    }

    public static string? Mask(Connection connection) => connection.Fields is not null
        ? Text(connection.Fields, "API_KEY")
        : Items(ActualValues.Of(connection, CustomApiFields.Header))
            .Select(h => Text(h, "value"))
            .FirstOrDefault(v => v is not null && SecretMasker.IsMasked(v.AsSpan()));

    public static IReadOnlyList<IDictionary> Items(object? list) => ActualValues.Tables(list) ?? [];

    /// <summary>A text that a table has, null for an empty one.</summary>
    public static string? Text(IDictionary? table, string name) => ActualValues.Scalar(table?[name]) is { Length: > 0 } text ? text : null;

    public static string Shown(Connection connection) => $"'{TextSanitizer.SingleLine(connection.ConnectionName ?? connection.ConnectionId, 100)}'";
}
