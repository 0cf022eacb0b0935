namespace IotOps.Detect.Tests.Working;

/// <summary>Ends a worker at a chosen call, before it has had its effect or after: what a kill -9 in between leaves behind.</summary>
internal sealed class KillPoint(int call, bool isAfter)
{
    private int _calls;

    public bool WasReached { get; private set; }

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        bool isHere = _calls++ == call;
        if (WasReached || (isHere && !isAfter))
        {
            WasReached = true;
            throw new KilledException();
        }

        T result = await work();
        if (isHere)
        {
            WasReached = true;
            throw new KilledException();
        }

        return result;
    }
}
