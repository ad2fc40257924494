using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Follows references to keys: <c>env:NAME</c>, <c>file:PATH</c>, <c>secret:[VAULT/]NAME</c>. Anything else is the key itself.</summary>
internal sealed class KeyResolver(KoreCmdlet cmdlet)
{
    private const int LargestFile = 64 * 1024;
    private const string SecretCommand = @"Microsoft.PowerShell.SecretManagement\Get-Secret";
    private const string HistoryWarning = "";

    // Each warning comes once in a session: for the history, and for each file.
    private static readonly ConcurrentDictionary<string, bool> Warned = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Secret> _fromVault = new(StringComparer.Ordinal);

    /// <summary>What relative paths of files start from; the current location where it is null.</summary>
    public string? Folder { get; set; }

    /// <summary>Whether the key is for the platform itself, which alone takes the variable of its key.</summary>
    public bool IsForPlatform { get; set; }

    /// <summary>Whether vaults are opened: they may ask for a password, or reach over the network. Where they are not, a secret is a stand-in.</summary>
    public bool OpensVaults { get; set; } = true;

    /// <summary>Whether references are followed at all; where they are not, each is one that is unresolved.</summary>
    public bool FollowsReferences { get; set; } = true;

    /// <summary>Whether a reference that leads to no key here is kept as one that is unresolved; else it is an error.</summary>
    public bool AllowsUnresolved { get; set; }

    /// <summary>The key that was given or referred to.</summary>
    /// <param name="given">Text, SecureString or credential.</param>
    /// <param name="parameter">The parameter, named in errors.</param>
    /// <param name="isSecret">Whether it matters who sees it; of a header such as a version it does not.</param>
    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public Secret Resolve(object? given, string parameter, bool isSecret = true)
    {
        SecureString wrapped = KeyInput.Wrap(given)
            ?? throw Invalid(parameter, "is no key. Accepted are a SecureString, a PSCredential, text, or a reference such as env:NAME, file:PATH or secret:NAME.");
        Secret key = KeyInput.Open(wrapped);
        SecretReference reference = key.Read(text => SecretReference.Parse(text));
        if (!reference.IsReference)
        {
            return isSecret ? Typed(key, parameter) : key;
        }

        Secret found = Follow(reference, parameter);
        return reference.Prefix.Length == 0 ? found : found.WithScheme(reference.Prefix);
    }

    private Secret Follow(SecretReference reference, string parameter)
    {
        if (!FollowsReferences)
        {
            return Secret.Unresolved(Invalid(parameter, $"refers to '{reference.Scheme}:{SecretMasker.Quote(reference.Place)}', which was not asked for: -IgnoreKeys, -Name or -Provider left it out."));
        }

        try
        {
            return reference.Scheme switch
            {
                "env" => FromEnvironment(reference.Place, parameter),
                "file" => FromFile(reference.Place, parameter),
                _ => FromVault(reference.Place, parameter),
            };
        }
        catch (KoreException e) when (e.IsUnresolved && AllowsUnresolved)
        {
            return Secret.Unresolved(e);
        }
    }

    // A literal that PowerShell keeps among the lines that were typed; keys from variables and rows leave none there.
    private Secret Typed(Secret key, string parameter)
    {
        InvocationInfo invocation = cmdlet.MyInvocation;
        if (HostInfo.KeepsHistory(cmdlet.Host) && string.IsNullOrEmpty(invocation.ScriptName) && key.IsIn(invocation.Line) && Warned.TryAdd(HistoryWarning, true))
        {
            cmdlet.WriteWarning($"-{parameter} was typed in plain text, which stays in the history of this shell. Better are a reference (env:NAME, file:PATH, secret:NAME) or a SecureString, as from Read-Host -AsSecureString.");
        }

        return key;
    }

    private Secret FromEnvironment(string name, string parameter)
    {
        if (!IsForPlatform && string.Equals(name, CurrentSession.KeyVariable, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(parameter, $"refers to {CurrentSession.KeyVariable}, the key of the platform, which no provider may see. Give the provider's own key.");
        }

        if (IsValue(name))
        {
            throw Invalid(parameter, "has the value of a variable after env:, which is not shown. Write the variable's name: env:NAME, and not env:$env:NAME.");
        }

        string? value = name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value)
            ? throw Unresolved(parameter, $"refers to the environment variable '{SecretMasker.Quote(name)}', which is not set or empty.")
            : Secret.FromPlainText(value!.Trim());
    }

    // PowerShell puts the value in place of $env:NAME, where a name was meant.
    private static bool IsValue(string name) => name.Length > 0 && Environment.GetEnvironmentVariable(name) is null
        && Environment.GetEnvironmentVariables().Values.Cast<string?>().Any(value => value?.Trim() == name);

    // The system repeats the path.
    private static string Reason(Exception e, string path, string shown) => TextSanitizer.SingleLine(path.Length == 0 ? e.Message : e.Message.Replace(path, shown), 300);

    private Secret FromFile(string path, string parameter)
    {
        string shown = SecretMasker.QuotePath(path);
        try
        {
            string? folder = Folder is null ? null : Path.GetFullPath(Folder);
            bool isRelative = !path.StartsWith("~", StringComparison.Ordinal) && !cmdlet.SessionState.Path.IsPSAbsolute(path, out _);
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(isRelative && folder is not null ? Path.Combine(folder, path) : path);
            if (isRelative && folder is not null && !Path.GetFullPath(full).StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw Invalid(parameter, $"refers to the file '{shown}', which is outside the manifest's folder. Keep key files below that folder, or give an absolute path.");
            }

            string text = RegularFile.Text(cmdlet.Stoppable(stop => RegularFile.Read(full, LargestFile, stop)), Encoding.UTF8);
            if (FilePermission.IsNeedlesslyOpen(full) && Warned.TryAdd(full, true))
            {
                cmdlet.WriteWarning($"The key file '{shown}' can be read by others on this machine. Take that away from them: chmod 600.");
            }

            return string.IsNullOrWhiteSpace(text) ? throw Unresolved(parameter, $"refers to the file '{shown}', which is empty.") : Secret.FromPlainText(text.Trim());
        }
        catch (InvalidDataException)
        {
            throw Invalid(parameter, $"refers to the file '{shown}', which is larger than any key: {LargestFile / 1024} kB are accepted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or SecurityException or (RuntimeException and not PipelineStoppedException))
        {
            throw Unresolved(parameter, $"refers to the file '{shown}', which cannot be read: {Reason(e, path, shown)}");
        }
    }

    private Secret FromVault(string reference, string parameter)
    {
        int slash = reference.IndexOf('/');
        // Nothing before the slash is the default vault, whose names may hold slashes too.
        string? vault = slash <= 0 ? null : reference.Substring(0, slash);
        string name = reference.Substring(slash + 1);
        string shown = SecretMasker.Quote(reference, 200);
        if (name.Length == 0)
        {
            throw Invalid(parameter, $"'secret:{shown}' is no reference. Accepted are secret:NAME, secret:VAULT/NAME, and secret:/GROUP/NAME for a name with a slash in the default vault.");
        }

        string readAs = vault is null ? "" : $" What is before the first slash is the vault: '{SecretMasker.Quote(vault)}'. For the name '{shown}' in the default vault, write secret:/{shown}.";

        if (!OpensVaults)
        {
            return Secret.FromPlainText("stand-in");
        }

        if (_fromVault.TryGetValue(reference, out Secret? known))
        {
            return known;
        }

        if (cmdlet.InvokeCommand.GetCommand(SecretCommand, CommandTypes.Cmdlet | CommandTypes.Function) is not CommandInfo command)
        {
            throw Unresolved(parameter, $"'secret:{shown}' needs the module Microsoft.PowerShell.SecretManagement. Install it, or use env:NAME or file:PATH.");
        }

        object? value;
        try
        {
            const string Script = "param($Command, $Name, $Vault) if ($Vault) { & $Command -Name $Name -Vault $Vault -ErrorAction Stop } else { & $Command -Name $Name -ErrorAction Stop }";
            Collection<PSObject> found = cmdlet.InvokeCommand.InvokeScript(false, ScriptBlock.Create(Script), null, command, name, vault);
            value = found.FirstOrDefault(f => f is not null)?.BaseObject;
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw Unresolved(parameter, $"'secret:{shown}' could not be read: {SecretMasker.Quote(e.Message, 300).TrimEnd('.')}.{readAs}");
        }

        return value switch
        {
            SecureString or string or PSCredential => _fromVault[reference] = new Secret(KeyInput.Wrap(value)!),
            null => throw Unresolved(parameter, $"'secret:{shown}' was not found.{readAs}"),
            _ => throw Invalid(parameter, $"'secret:{shown}' is a {value.GetType().Name}, not a text, SecureString or PSCredential."),
        };
    }

    private static KoreException Unresolved(string parameter, string problem)
    {
        KoreException failure = Invalid(parameter, problem);
        failure.IsUnresolved = true;
        return failure;
    }

    private static KoreException Invalid(string parameter, string problem) => KoreException.InvalidInput(parameter, $"-{parameter} {problem}");
}
