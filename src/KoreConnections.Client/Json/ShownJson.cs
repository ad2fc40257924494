namespace KoreConnections.Client;

/// <summary>JSON that is sent or wanted as it is shown: with masks where the reading of an answer puts them, numbers under a key's name among them.</summary>
internal static class ShownJson
{
    /// <param name="name">What it is called.</param>
    /// <param name="withReferences">Puts references instead of what came from them; null where nothing did.</param>
    public static string Text(JsonElement element, string name = "", Func<string, string>? withReferences = null) =>
        JsonText.Of(writer => Write(writer, element, name, withReferences ?? (static text => text))).GetRawText();

    private static void Write(Utf8JsonWriter writer, JsonElement element, string name, Func<string, string> withReferences)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                // A variable has its name and its kind beside its value.
                string of = LenientJson.Text(element, "name") == name ? "" : name;
                JsonText.WriteTable(writer, element.EnumerateObject(), p => p.Name, p =>
                    Write(writer, p.Value, CarriedSecrets.NameOf(p.Name, of, other => LenientJson.Text(element, other)), withReferences));
                break;
            case JsonValueKind.Array:
                JsonText.WriteList(writer, element.EnumerateArray(), item => Write(writer, item, name, withReferences));
                break;
            case JsonValueKind.String:
                string text = withReferences(element.GetString()!);
                writer.WriteStringValue(SecretRule.MayHold(name, text) ? SecretMasker.Apply(text) : SecretMasker.AsRead(text));
                break;
            case JsonValueKind.Number when withReferences(element.GetRawText()) is var reference && reference != element.GetRawText():
                writer.WriteStringValue(reference);
                break;
            case JsonValueKind.Number when SecretRule.MayHoldNumber(name, element.GetRawText()):
                writer.WriteStringValue(Secret.Mask);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
