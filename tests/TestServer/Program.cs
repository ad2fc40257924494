using System;
using KoreConnections.Tests.Support;

// What it serves, in a process of its own; it prints its address and ends with its standard input.
switch (args)
{
    case ["api"]:
        await ApiServer.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("KoreConnections.TestServer api");
        return 2;
}
