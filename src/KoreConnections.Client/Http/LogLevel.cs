namespace KoreConnections.Client;

internal enum LogLevel
{
    Verbose,

    Debug,
}
