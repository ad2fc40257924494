using System.Collections.Specialized;

namespace KoreConnections.Tests.Client;

/// <summary>JSON of the greatest depth that is sent, on the stacks of small threads: Windows gives those of a pool far less than Linux does.</summary>
public sealed class SmallStackTests
{
    private const int Depth = 990;

    public static TheoryData<string, int> Cases => new(
        from work in new[] { "Shown", "Renderer", "Strings", "Mask", "Values", "Body" }
        from size in new[] { 1024, 512, 256, 192 }
        select (work, size));

    [Theory]
    [MemberData(nameof(Cases))]
    public void DeepJsonIsWrittenOrRefused(string work, int kilobytes)
    {
        foreach (string json in new[] { Lists(Depth), Tables(Depth) })
        {
            Exception? found = null;
            var thread = new Thread(
                () =>
                {
                    try
                    {
                        Run(work, json);
                    }
                    catch (Exception e)
                    {
                        found = e;
                    }
                },
                kilobytes * 1024);
            thread.Start();
            thread.Join();
            // A megabyte is enough for all of it. Of less, it depends on how far the runtime has optimized the code.
            Assert.True(found is null || (kilobytes < 1024 && IsRefusal(found)), $"{work}: {found}");
        }
    }

    [Fact]
    public void ALevelTooManyIsRefusedBeforeTheStackIsUsedUp()
    {
        Exception? found = null;
        var thread = new Thread(() => found = Record.Exception(() => { Descend(); }), 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(IsRefusal(found), $"{found}");
    }

    private static int Descend()
    {
        JsonText.RequireStack();
        return Descend() + 1;
    }

    private static bool IsRefusal(Exception? e) =>
        e is KoreException { Kind: KoreErrorKind.InvalidInput } && e.Message.Contains("nested too deep", StringComparison.Ordinal);

    private static void Run(string work, string json)
    {
        JsonElement element = JsonText.Parse(json, "Payload");
        switch (work)
        {
            case "Shown":
                Assert.Equal(json, ShownJson.Text(element));
                break;
            case "Renderer":
                JsonText.Of(writer => new PlaceholderRenderer(new CustomApiSettings(), null).Write(writer, element));
                break;
            case "Strings":
                _ = JsonString.In(element).Count();
                break;
            case "Values":
                JsonValues.Write(Deep(json));
                break;
            case "Mask":
                Assert.Null(CarriedSecrets.FindMask(element));
                break;
            case "Body":
                _ = SecretJsonContent.Checked((writer, _) => JsonText.WriteTable(writer, [element], _ => "payload", e => new PlaceholderRenderer(new CustomApiSettings(), null).Write(writer, e)));
                break;
        }
    }

    private static string Lists(int depth) => new string('[', depth) + "\"x\"" + new string(']', depth);

    private static string Tables(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "\"x\"" + new string('}', depth);

    // What a reader makes of it, which is not the one that is tested.
    private static object? Deep(string json)
    {
        object? value = "x";
        for (int i = 0; i < Depth; i++)
        {
            value = json[0] == '[' ? new object?[] { value } : new OrderedDictionary { ["a"] = value };
        }

        return value;
    }
}
