namespace KoreConnections;

/// <summary>Why an item of a plan failed: of its exception what people and files need, without its stack.</summary>
public sealed class PlanItemError
{
    private readonly KoreException _failure;

    internal PlanItemError(KoreException failure) => _failure = failure;

    /// <summary>The id, such as <c>KoreServerError</c>.</summary>
    public string ErrorId => _failure.ErrorId;

    /// <summary>What went wrong.</summary>
    public string Message => _failure.Message;

    /// <summary>What went wrong.</summary>
    public override string ToString() => Message;
}
