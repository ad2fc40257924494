using System.Reflection;

namespace KoreConnections.Commands;

/// <summary>
/// The object of the pipeline that is worked on, also where only its properties are bound. PowerShell keeps it for its own cmdlets. An engine
/// without it gives none, and only warnings depend on it.
/// </summary>
internal static class PipelineObject
{
    private static readonly Func<Cmdlet, PSObject?>? Current = Find();

    public static PSObject? Of(Cmdlet cmdlet) => Current?.Invoke(cmdlet);

    private static Func<Cmdlet, PSObject?>? Find()
    {
        MethodInfo? get = typeof(Cmdlet).BaseType?
            .GetProperty("CurrentPipelineObject", BindingFlags.Instance | BindingFlags.NonPublic, null, typeof(PSObject), Type.EmptyTypes, null)?
            .GetMethod;
        return get is null ? null : (Func<Cmdlet, PSObject?>)get.CreateDelegate(typeof(Func<Cmdlet, PSObject?>));
    }
}
