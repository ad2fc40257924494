namespace KoreConnections.Client;

/// <summary>Where something begins in its file; both from 1.</summary>
internal readonly record struct SourceLocation(int Line, int Column);
