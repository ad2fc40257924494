using CsCheck;

namespace KoreConnections.Tests;

/// <summary>
/// Whatever comes in, from a person or from the platform, gives success, one of the error ids, or PowerShell's own
/// binding error for null. CsCheck prints the seed of a failure.
/// </summary>
public abstract class RandomInputTestBase : IDisposable
{
    private static readonly Gen<string> Awkward = Gen.OneOf(
        "it's", "\"quoted\"", "a`b", "$(throw)", "line\nfeed", "\r\n", "\0", "🚀 emoji 👩‍👩‍👧", "%2F", "../..", "..", ".", "-Name", "--", "–dash", "[a]", "[", "*", "?", "[prod",
        " leading", "trailing ", " ", "", "\t", "null", "$null", "{{prompt}}", "##vso[task.complete]", "\u001b[31m", "\uD800", "x\uDC00y", "\uFFFE", "ＡＰＩ", "ß", "İ",
        new string('n', 10_000), new string('*', 10), "sk-***", "env:", "env:NO_SUCH", "file:/no/such", "secret:x", "{\"a\":1}", "[1]", "{", "a;b;;c", "https://x.example.com", "http://", "C:\\x", "ftp://x");

    private protected static readonly Gen<string> Text = Gen.OneOf(Awkward, Gen.String, Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.Select(Awkward, Awkward, (a, b) => a + b));

    private static readonly string[] Ids = [.. Enum.GetNames<KoreErrorKind>().Select(k => "Kore" + k)];
    private static readonly string[] Nulls = ["ParameterArgumentValidationErrorNullNotAllowed", "ParameterArgumentValidationErrorEmptyArrayNotAllowed", "ArgumentValidationError", "ParameterArgumentValidationError"];

    private protected SandboxFixture Place { get; private set; } = NewPlace();

    public void Dispose()
    {
        Place.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Renew()
    {
        Place.Dispose();
        Place = NewPlace();
    }

    private protected ShellResult RunChecked(string script)
    {
        ShellResult result = Place.Shell.Run(script);
        foreach (ErrorRecord error in result.AllErrors)
        {
            string id = error.FullyQualifiedErrorId.Split(',')[0];
            Assert.True(Ids.Contains(id) || Nulls.Contains(id), $"{error.FullyQualifiedErrorId}: {error.Exception}");
            Assert.DoesNotContain(error.ToString(), char.IsControl);
        }

        return result;
    }

    private static SandboxFixture NewPlace() => new(connectOptions: "-MaximumRetryCount 0");
}
