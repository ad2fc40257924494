using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace KoreConnections.Host;

/// <summary>Questions to the person at the terminal. Where there is none, each is an error at once: nothing ever waits.</summary>
internal sealed class ConsolePrompt(CancellationToken interrupted)
{
    private static readonly bool Interactive =
        !Console.IsInputRedirected
        && !(Console.IsOutputRedirected && Console.IsErrorRedirected)
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TF_BUILD"));

    // A question that went into a file would look like a hang.
    private static TextWriter Screen => Console.IsOutputRedirected ? Console.Error : Console.Out;

    public string ReadLine() => Await(Console.ReadLine) ?? throw NotInteractive();

    public SecureString ReadSecret()
    {
        SecureString secret = new();
        while (Await(() => Console.ReadKey(intercept: true)) is { Key: not ConsoleKey.Enter } key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Backspace } when secret.Length > 0:
                    secret.RemoveAt(secret.Length - 1);
                    Screen.Write("\b \b");
                    break;
                case { KeyChar: var typed } when !char.IsControl(typed):
                    secret.AppendChar(typed);
                    Screen.Write('*');
                    break;
            }
        }

        Screen.WriteLine();
        secret.MakeReadOnly();
        return secret;
    }

    public Dictionary<string, PSObject> Fields(string caption, string message, IEnumerable<FieldDescription> fields)
    {
        Introduce(caption, message);
        return fields.ToDictionary(field => field.Name, field => PSObject.AsPSObject(Field(field)));
    }

    public int Choice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Introduce(caption, message);
        (string Key, string Label, string Help)[] options = [.. choices.Select(Option)];
        string line = string.Join("  ", options.Select(option => $"[{option.Key}] {option.Label}")) + "  [?] Help"
            + (defaultChoice >= 0 ? $" (default is \"{options[defaultChoice].Key}\"): " : ": ");

        while (true)
        {
            string answer = Ask(line).Trim();
            if (answer is "" && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (answer is "?")
            {
                Array.ForEach(options, option => Screen.WriteLine($"{option.Key} - {option.Help}"));
            }
            else if (Array.FindIndex(options, option => Same(answer, option.Key) || Same(answer, option.Label)) is >= 0 and var chosen)
            {
                return chosen;
            }
        }
    }

    public PSCredential Credential(string caption, string message, string? userName)
    {
        Introduce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            userName = Ask("User: ");
        }

        return new(userName, AskSecret($"Password for user {userName}: "));
    }

    // A type that is not found here is left to parameter binding, which converts text anyway.
    private object Field(FieldDescription field) =>
        Type.GetType(field.ParameterAssemblyFullName) switch
        {
            { } type when type == typeof(SecureString) => AskSecret(field.Name + ": "),
            { } type when type == typeof(PSCredential) => Credential("", "", null),
            { IsArray: true } => Items(field.Name).ToArray(),
            { } type => Converted(field.Name, type),
            null => Ask(field.Name + ": "),
        };

    private IEnumerable<string> Items(string name)
    {
        for (int i = 0; Ask($"{name}[{i}]: ") is { Length: > 0 } item; i++)
        {
            yield return item;
        }
    }

    private object Converted(string name, Type type)
    {
        while (true)
        {
            string text = Ask(name + ": ");
            if (LanguagePrimitives.TryConvertTo(text, type, out object value))
            {
                return value;
            }

            Screen.WriteLine($"'{text}' cannot be read as {type.Name}.");
        }
    }

    private string Ask(string question)
    {
        Screen.Write(question);
        return ReadLine();
    }

    private SecureString AskSecret(string question)
    {
        Screen.Write(question);
        return ReadSecret();
    }

    private static void Introduce(string caption, string message)
    {
        ThrowIfNotInteractive();
        foreach (string line in new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)))
        {
            Screen.WriteLine(line);
        }
    }

    // The terminal cannot be told to stop reading, so an interrupted read is abandoned: the process ends soon after.
    private T Await<T>(Func<T> read)
    {
        ThrowIfNotInteractive();
        try
        {
            Task<T> reading = Task.Run(read, CancellationToken.None);
            reading.Wait(interrupted);
            return reading.Result;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private static (string Key, string Label, string Help) Option(ChoiceDescription choice, int index)
    {
        int at = choice.Label.IndexOf('&', StringComparison.Ordinal);
        string label = at < 0 ? choice.Label : choice.Label.Remove(at, 1);
        string key = at >= 0 && at < label.Length ? label[at].ToString().ToUpperInvariant() : label;
        return (key, label, choice.HelpMessage);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static void ThrowIfNotInteractive()
    {
        if (!Interactive)
        {
            throw NotInteractive();
        }
    }

    private static PSInvalidOperationException NotInteractive() => new("This session is not interactive: nobody is there to answer.");
}
