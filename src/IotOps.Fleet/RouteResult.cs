namespace IotOps.Fleet;

/// <summary>What became of a delivery.</summary>
/// <param name="Messages">Messages in it.</param>
/// <param name="Handled">How often a handler handled one.</param>
/// <param name="Repeated">How often a handler was spared one because it had handled it before.</param>
/// <param name="Unrouted">Messages that no pattern chose.</param>
/// <param name="Failures">What failed. Deliver again: handlers that succeeded are spared the repetition.</param>
public sealed record RouteResult(int Messages, int Handled, int Repeated, int Unrouted, IReadOnlyList<RouteFailure> Failures)
{
    /// <summary>Throws when something failed, so that a queue or Lambda delivers again.</summary>
    /// <exception cref="AggregateException">Each failure, told with its route.</exception>
    public void ThrowIfFailed()
    {
        if (Failures.Count > 0)
        {
            throw new AggregateException(
                $"{Failures.Count} of {Messages} messages were not handled: {string.Join("; ", Failures.Take(5).Select(failure => $"{failure.Route ?? "unreadable"}: {failure.Exception.Message}"))}",
                Failures.Select(failure => failure.Exception));
        }
    }
}
