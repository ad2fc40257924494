using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>Finds the files that paths stand for.</summary>
internal static class PathInput
{
    public const string Accepted = "Use a string, or a file or folder from Get-Item or Get-ChildItem.";

    /// <summary>What is bound in place of something that is no path, so that nothing of it is in any message.</summary>
    public static readonly string NoPath = new("(no path)".ToCharArray());

    private const string Schema = ".schema.json";

    /// <summary>Whether a file is taken of a folder, by its name.</summary>
    public static bool IsOfFolder(string file) => ManifestFile.IsManifest(file) && !file.EndsWith(Schema, StringComparison.OrdinalIgnoreCase);

    /// <summary>A path of the file system, whether or not there is something.</summary>
    public static string Full(PSCmdlet cmdlet, string? path, string parameter = "Path")
    {
        if (ReferenceEquals(path, NoPath))
        {
            throw KoreException.InvalidInput(parameter, $"-{parameter} is not a path. {Accepted}");
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(Guard.NotEmpty(path, parameter), out ProviderInfo provider, out _);
            return provider.Name != "FileSystem" ? throw Invalid(parameter, path, "is not in the file system.")
                : full.IndexOf('\0') >= 0 ? throw Invalid(parameter, path, "is not a path: it contains a null character.")
                : full;
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException)
        {
            throw Invalid(parameter, path, $"is not a path: {SecretMasker.Quote(e.Message, 300)}");
        }
    }

    /// <summary>The manifests behind a path: a file, a folder with its folders, or a pattern.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it leads to no manifest.</exception>
    public static IReadOnlyList<string> Manifests(KoreCmdlet cmdlet, string path, string parameter = "Path")
    {
        string full = Full(cmdlet, path, parameter);
        if (File.Exists(full))
        {
            return [full];
        }

        var found = new List<string>();
        try
        {
            // A file may be called what looks like a pattern, so this comes second.
            if (Directory.Exists(full))
            {
                AddFolder(cmdlet, full, found);
            }
            else
            {
                AddMatching(cmdlet, path, found);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(parameter, path, $"cannot be read completely: {SecretMasker.Reason(e)}");
        }

        return found.Count > 0
            ? found
            : throw Invalid(
                parameter,
                path,
                "does not match any manifest. Specify a file, a folder that contains manifests, or a pattern. "
                    + $"The extension of a manifest is {string.Join(", ", ManifestFile.Extensions)}. Hidden files are skipped.");
    }

    private static void AddFolder(KoreCmdlet cmdlet, string folder, List<string> found)
    {
        foreach (string file in Directory.GetFiles(folder).OrderBy(f => f, StringComparer.Ordinal))
        {
            AddFile(cmdlet, file, found);
        }

        foreach (string inner in Directory.GetDirectories(folder).OrderBy(f => f, StringComparer.Ordinal))
        {
            if (IsLeftOut(cmdlet, inner))
            {
                continue;
            }

            if (FileLink.IsLink(inner))
            {
                // It may lead back to where it is.
                cmdlet.WriteWarning($"'{SecretMasker.QuotePath(inner)}' is a link to a folder, which is not followed. Specify the folder itself with -Path.");
            }
            else
            {
                AddFolder(cmdlet, inner, found);
            }
        }
    }

    private static void AddFile(KoreCmdlet cmdlet, string file, List<string> found)
    {
        if (IsOfFolder(file) && !IsLeftOut(cmdlet, file))
        {
            found.Add(file);
        }
    }

    private static void AddMatching(KoreCmdlet cmdlet, string path, List<string> found)
    {
        foreach (string match in Matching(cmdlet, path))
        {
            if (File.Exists(match))
            {
                AddFile(cmdlet, match, found);
            }
            else if (Directory.Exists(match) && !IsLeftOut(cmdlet, match))
            {
                AddFolder(cmdlet, match, found);
            }
        }
    }

    // What systems and editors leave beside the files: ._connections.yaml, .git.
    private static bool IsLeftOut(KoreCmdlet cmdlet, string path)
    {
        bool isHidden = Path.GetFileName(path)[0] == '.' || (File.GetAttributes(path) & FileAttributes.Hidden) != 0;
        if (isHidden)
        {
            cmdlet.WriteVerbose($"'{SecretMasker.QuotePath(path)}' is hidden and was skipped. To read it, specify its path.");
        }

        return isHidden;
    }

    private static string[] Matching(PSCmdlet cmdlet, string path)
    {
        try
        {
            return WildcardPattern.ContainsWildcardCharacters(path)
                ? [.. cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _).OrderBy(f => f, StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException)
        {
            return [];
        }
    }

    public static KoreException Invalid(string parameter, string? path, string problem)
    {
        KoreException failure = KoreException.InvalidInput(parameter, $"-{parameter} '{SecretMasker.QuotePath(path)}' {problem}");
        failure.Subject = path;
        return failure;
    }
}
