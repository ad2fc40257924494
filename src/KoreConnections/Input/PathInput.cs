using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using KoreConnections.Client;

namespace KoreConnections.Commands;

/// <summary>
/// Takes paths as text, and files and folders as they come from Get-ChildItem: Windows PowerShell would keep no more of them
/// than the name. Of anything else PowerShell would make a text, and with it of the keys that a row holds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Values.Unwrap(inputData) switch
    {
        object[] items => items.Select(One).ToArray(),
        var item => One(item),
    };

    private static object? One(object? given) => Values.Unwrap(given) switch
    {
        null => null,
        string text => text,
        FileSystemInfo item => item.FullName,
        PSObject row when row.Properties["PSPath"]?.Value is string or PSObject || row.Properties["Path"] is not null => throw new ArgumentTransformationMetadataException(
            PathInput.Accepted,
            // PowerShell passes over this cause, and takes the property.
            new PSInvalidCastException("It has a path of its own.")),
        _ => PathInput.NoPath,
    };
}

/// <summary>Finds the files that paths stand for.</summary>
internal static class PathInput
{
    public const string Accepted = "Accepted are text, and files and folders as Get-Item and Get-ChildItem emit them.";

    /// <summary>What is bound in place of something that is no path, so that nothing of it is in any message.</summary>
    public static readonly string NoPath = new("(no path)".ToCharArray());

    private const string Schema = ".schema.json";

    /// <summary>A path of the file system, whether or not there is something.</summary>
    /// <param name="cmdlet">The cmdlet at work.</param>
    /// <param name="path">What was given.</param>
    /// <param name="parameter">The parameter that took it.</param>
    /// <exception cref="KoreException">KoreInvalidInput.</exception>
    public static string Full(PSCmdlet cmdlet, string? path, string parameter = "Path")
    {
        if (ReferenceEquals(path, NoPath))
        {
            throw KoreException.InvalidInput(parameter, $"-{parameter} is no path. {Accepted}");
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(Check.NotEmpty(path, parameter), out ProviderInfo provider, out _);
            return provider.Name != "FileSystem" ? throw Invalid(parameter, path, "is not in the file system.")
                : full.IndexOf('\0') >= 0 ? throw Invalid(parameter, path, "is no path: it holds a null character.")
                : full;
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException or NotSupportedException)
        {
            throw Invalid(parameter, path, $"is no path: {Masking.Quote(e.Message, 300)}");
        }
    }

    /// <summary>The manifests behind a path: a file, a folder, or a pattern.</summary>
    /// <exception cref="KoreException">KoreInvalidInput: it leads to no manifest.</exception>
    public static IReadOnlyList<string> Manifests(PSCmdlet cmdlet, string path)
    {
        string full = Full(cmdlet, path);
        if (File.Exists(full))
        {
            return [full];
        }

        // A file may be called what looks like a pattern, so this comes second.
        string[] found = Directory.Exists(full) ? Directory.GetFiles(full) : Matching(cmdlet, path);
        string[] manifests = [.. found.Where(f => ManifestFile.IsManifest(f) && !f.EndsWith(Schema, StringComparison.OrdinalIgnoreCase)).OrderBy(f => f, StringComparer.Ordinal)];
        return manifests.Length > 0
            ? manifests
            : throw Invalid("Path", path, $"leads to no manifest. Accepted are a file, a folder that holds some, or a pattern; manifests end with {string.Join(", ", ManifestFile.Endings)}.");
    }

    private static string[] Matching(PSCmdlet cmdlet, string path)
    {
        try
        {
            return WildcardPattern.ContainsWildcardCharacters(path) ? [.. cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists)] : [];
        }
        catch (Exception e) when (e is RuntimeException or ArgumentException)
        {
            return [];
        }
    }

    private static KoreException Invalid(string parameter, string? path, string problem) => KoreException.InvalidInput(parameter, $"-{parameter} '{Masking.QuotePath(path)}' {problem}");
}
