using System;
using System.Collections.Generic;

namespace KoreConnections.Client;

/// <summary>Checks the payload of a manifest's connection: that JSON can carry it, and that no key stands in it.</summary>
internal sealed class PayloadCheck(Action<Place, string, string?> report)
{
    private const string ByVariable = "Accepted is a variable of the environment: ${env:NAME}.";

    public void Check(ManifestNode payload, string at)
    {
        // A text is JSON, which is read where all JSON text is.
        if (payload.Kind is NodeKind.Mapping or NodeKind.Text)
        {
            CheckNode(payload, "payload", at);
        }
        else
        {
            report(payload.Place, at, $"payload is {payload.Described}. Accepted is a table, or a text with a JSON object.");
        }
    }

    private void CheckNode(ManifestNode node, string name, string at)
    {
        foreach (KeyValuePair<ManifestNode, ManifestNode> entry in node.Entries)
        {
            CheckNode(entry.Value, entry.Key.Text, $"{at}.{CleanText.Line(entry.Key.Text, 60)}");
        }

        for (int i = 0; i < node.Items.Count; i++)
        {
            CheckNode(node.Items[i], name, $"{at}[{i}]");
        }

        string? problem = node switch
        {
            { Kind: NodeKind.Number, Json: null } => "is no number that JSON can carry.",
            { Kind: NodeKind.Text, IsSubstituted: false, IsFaulty: false } when KeyEvidence.IsMask(name, node.Text) => "holds a mask, such as the platform shows in place of a key. " + ByVariable,
            { Kind: NodeKind.Text, IsSubstituted: false, IsFaulty: false } when Masking.HoldsKey(node.Text) || (Masking.IsSecretName(name) && Masking.LooksLikeKey(node.Text)) => "holds a key itself, which never stands in a manifest. " + ByVariable,
            _ => null,
        };
        report(node.Place, at, problem is null ? null : $"{CleanText.Line(name, 60)} {problem}");
    }
}
