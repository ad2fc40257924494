using KoreConnections.Tests.Support;

// A server in a process of its own: it prints its address and ends with its standard input.
switch (args)
{
    case ["api"]:
        using (var api = new TestServer(ApiServer.AnswerAsync))
        {
            return Serve(api.BaseUri);
        }

    case ["providers"]:
        using (var providers = new FakeProviders())
        {
            return Serve(providers.BaseUri);
        }

    case ["mail", string folder]:
        using (TestServer mail = FakeMail.Start(folder))
        {
            return Serve(mail.BaseUri);
        }

    default:
        Console.Error.WriteLine("KoreConnections.TestServer api|providers|mail FOLDER");
        return 2;
}

static int Serve(Uri address)
{
    Console.WriteLine(address.GetLeftPart(UriPartial.Authority));
    Console.In.ReadToEnd();
    return 0;
}
