namespace KoreConnections.Client;

/// <summary>Writes a body. With <c>reveal</c> the keys are written, else a mask in their place.</summary>
internal delegate void BodyWriter(Utf8JsonWriter writer, bool reveal);
