using System;
using System.Collections.Generic;
using System.Linq;

namespace KoreConnections.Client;

/// <summary>Checks the headers of a manifest's connection, each for itself.</summary>
internal sealed class HeaderValidator(Action<SourceLocation, string, string?> report)
{
    private const string Accepted = "Use a table of names and values, such as header: { x-api-key: env:NAME }, or a list of tables with key and value.";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    public void Check(ManifestNode headers, string at)
    {
        switch (headers.Kind)
        {
            case NodeKind.Mapping:
                foreach (KeyValuePair<ManifestNode, ManifestNode> header in headers.Entries)
                {
                    Check(header.Key, header.Value, at);
                }

                break;
            case NodeKind.Sequence:
                foreach (ManifestNode item in headers.Items.Where(i => !i.HasError))
                {
                    if (ManifestEntry.Of(item, "key") is { IsScalar: true } name && ManifestEntry.Of(item, "value") is ManifestNode value)
                    {
                        Check(name, value, at);
                    }
                    else
                    {
                        report(item.Location, at, $"header contains an item that is not a header. {Accepted}");
                    }
                }

                break;
            default:
                report(headers.Location, at, $"header is {headers.Described}. {Accepted}");
                break;
        }
    }

    private void Check(ManifestNode name, ManifestNode value, string at)
    {
        string shown = ManifestParseContext.Shown(name.Text);
        at = $"{at}.{shown}";
        if (!_names.Add(name.Text))
        {
            report(name.Location, at, $"The header '{shown}' is given twice. Remove one of them.");
            return;
        }

        if (value.HasError)
        {
            return;
        }

        if (!value.IsScalar || value.Kind == NodeKind.Null)
        {
            report(value.Location, at, $"The header '{shown}' is {value.Described}. Use a string or a reference: {KeySources.BuiltInReferences}.");
            return;
        }

        bool isReference = SecretReference.Parse(value.Text.AsSpan()).IsReference;
        if (isReference || ManifestKeyValidator.IsSecret(name.Text, value.Text) || ForeignReference.Problem(value.Text.AsSpan()) is not null)
        {
            report(value.Location, at, ManifestKeyValidator.Reference($"The header '{shown}'", value));
        }

        try
        {
            // Where the value is not the one that is sent, only the name is judged.
            Header.Validate([new Header(name.Text, Secret.FromPlainText(isReference || SecretMasker.IsMasked(value.Text.AsSpan()) ? "x" : value.Text))]);
        }
        catch (KoreException e)
        {
            report(name.Location, at, SubstitutedValue.Show(ConnectionValidator.Words(e), value.Substituted));
        }
    }
}
