namespace KoreConnections.Sandbox;

/// <summary>The faults that wait for the requests they fit.</summary>
public sealed class FaultInjector
{
    private readonly object _gate = new();
    private readonly List<Fault> _waiting = [];

    public void Add(Fault fault)
    {
        if (fault.Problem is string problem)
        {
            throw new ArgumentException(problem, nameof(fault));
        }

        lock (_gate)
        {
            _waiting.Add(fault);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }

    internal Fault? Take(SandboxRequest request)
    {
        lock (_gate)
        {
            foreach (Fault fault in _waiting)
            {
                if ((fault.Method is not null && fault.Method != request.Method)
                    || (fault.Path is not null && !request.Target.Contains(fault.Path)))
                {
                    continue;
                }

                if (fault.Skip > 0)
                {
                    fault.Skip--;
                    continue;
                }

                if (fault.Times > 0 && --fault.Times == 0)
                {
                    _waiting.Remove(fault);
                }

                return fault;
            }

            return null;
        }
    }
}
