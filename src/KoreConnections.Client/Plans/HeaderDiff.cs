namespace KoreConnections.Client;

/// <param name="keep">Takes what is no difference: its path, and the reference that the manifest has there.</param>
/// <param name="answer">What is redacted in what the platform returns.</param>
/// <param name="leavesKeys">Whether a header that the manifest does not list is no difference if it may hold a key.</param>
internal sealed class HeaderDiff(
    ManifestEntry entry,
    bool ignoresKeys,
    Action<string, string?, string?> report,
    Action<string, string?> keep,
    SecretRedactor answer,
    bool leavesKeys)
{
    public KeyLikeness? Key { get; private set; }

    /// <summary>The platform's headers that the manifest does not list: a change of headers removes them, because the API replaces all of them.</summary>
    public IReadOnlyList<ShownHeader> Unlisted { get; private set; } = [];

    /// <param name="actual">What the platform returns; null where it says nothing of headers.</param>
    public void Compare(IReadOnlyList<Header> desired, IReadOnlyList<ShownHeader>? actual)
    {
        if (actual is null)
        {
            Key = desired.Count == 0 ? null : KeyLikeness.Unknown;
            return;
        }

        var sources = entry.Headers.ToDictionary(h => h.Name.Text, h => h.Value, StringComparer.OrdinalIgnoreCase);
        // Of several with one name, the first is compared, and the others are too many.
        var extra = new List<ShownHeader>(actual);
        foreach (Header header in desired)
        {
            ManifestNode source = sources[header.Name];
            if (extra.Find(h => h.IsCalled(header.Name) || answer.Shows(header.Name, h.Name)) is ShownHeader found)
            {
                extra.Remove(found);
                Compare(header, found.Value ?? "", source);
            }
            else
            {
                report($"header.{header.Name}", null, Reference(source) ?? header.Value.Read(text => SecretMasker.Shown(header.Name, text.ToString())));
            }
        }

        extra.RemoveAll(h => h.Name.Length == 0);
        Unlisted = [.. extra.Where(h => !desired.Any(d => h.IsCalled(d.Name)))];
        // One without a name or a value is not sent to the API, and no manifest can say it.
        foreach (ShownHeader header in extra.Where(h => h.Content is not null && (h.IsPlain || !leavesKeys)))
        {
            report($"header.{SecretMasker.Step(header.Name)}", Secret.Mask, null);
        }
    }

    private void Compare(Header header, string actual, ManifestNode source)
    {
        bool isMasked = SecretMasker.IsMasked(actual.AsSpan());
        string? reference = Reference(source);
        bool isKey = reference is not null || isMasked;
        bool isUnknown = header.Value.Problem is not null || (ignoresKeys && isKey);
        KeyLikeness likeness = isUnknown ? KeyLikeness.Unknown : header.Value.Read(text => isMasked ? MaskMatcher.Judge(text, actual)
            : text.SequenceEqual(actual.AsSpan()) ? KeyLikeness.LikelySame
            : KeyLikeness.Different);
        string path = $"header.{header.Name}";
        if (likeness != KeyLikeness.Different)
        {
            keep(path, reference);
        }
        else
        {
            string old = reference is null ? SecretMasker.Shown(header.Name, actual) : SecretMasker.Apply(actual);
            string now = reference
                ?? header.Value.Read(text => isMasked ? MaskMatcher.Like(text, actual) : SecretMasker.Shown(header.Name, text.ToString()));
            report(path, old, now);
        }

        if (isKey)
        {
            // One that differs decides; of those that are not known, none makes the others sure.
            Key = Key is null || likeness == KeyLikeness.Different || (likeness == KeyLikeness.Unknown && Key != KeyLikeness.Different) ? likeness : Key;
        }
    }

    private static string? Reference(ManifestNode header) =>
        header.IsSubstituted || SecretReference.Parse(header.Text.AsSpan()).IsReference ? header.Shown : null;
}
