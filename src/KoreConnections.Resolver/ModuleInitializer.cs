using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace KoreConnections.Resolver;

/// <summary>
/// Finds the module's dependencies in its Dependencies folder, for requests that come from the module itself.
/// It lives in an assembly of its own because it has to be in place before the cmdlets' types are loaded.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string ModuleRoot = Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location) + Path.DirectorySeparatorChar;
    private static readonly string DependencyFolder = Path.Combine(ModuleRoot, "Dependencies");
    private static readonly ConcurrentDictionary<string, Assembly?> Loaded = new(StringComparer.OrdinalIgnoreCase);

    // What .NET Framework says of a file from elsewhere: COR_E_NOTSUPPORTED.
    private const int Blocked = unchecked((int)0x80131515);

    private static readonly bool IsDesktop = Environment.Version.Major == 4;

    /// <summary>Called by PowerShell when the module is imported.</summary>
    public void OnImport()
    {
        if (IsDesktop)
        {
            RequireUnblocked(static () => Loaded.GetOrAdd("System.Text.Json", Load));
        }

        // Imported twice (Import-Module -Force), it must still answer once only.
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    /// <summary>
    /// Called by PowerShell when the module is removed. The handler stays: code of the module that still runs
    /// (a session held in a variable, another runspace) may load a dependency for the first time after this.
    /// </summary>
    /// <param name="psModuleInfo">The module that goes.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
    }

    // A resolver can only say that it found nothing, and then the error does not say why.
    private static void RequireUnblocked(Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e.HResult == Blocked)
        {
            string folder = ModuleRoot.Replace("'", "''");
            throw new FileLoadException(
                $"Windows blocks files of this module. Run: Get-ChildItem '{folder}' -Recurse | Unblock-File. "
                    + "If the module is on a network share, install it on a local disk. Then start a new shell.",
                e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The code that needs it gets the error.
        }
    }

    // An exception from here can end the process, so each failure means "not found".
    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        try
        {
            return IsOurs(args.RequestingAssembly) ? Loaded.GetOrAdd(new AssemblyName(args.Name).Name ?? "", Load) : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    // .NET Framework does not always say who asks; there, the simple name alone has to do.
    private static bool IsOurs(Assembly? requesting) =>
        requesting is null
            ? IsDesktop
            : !requesting.IsDynamic && requesting.Location.StartsWith(ModuleRoot, StringComparison.OrdinalIgnoreCase);

    private static Assembly? Load(string name)
    {
        string path = Path.Combine(DependencyFolder, name + ".dll");
        // LoadFile, not LoadFrom: an older copy that another module has already loaded does not stand in its way.
        return File.Exists(path) ? Assembly.LoadFile(path) : null;
    }
}
