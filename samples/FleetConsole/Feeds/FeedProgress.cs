using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>What a feed has done since the console was started. Thread-safe.</summary>
internal sealed class FeedProgress
{
    private long _added;
    private long _repeated;
    private long _refused;
    private long _problems;

    /// <summary>Items that were new.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>Items that were known.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Items that the store did not keep.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Files, messages and lines that could not be read.</summary>
    public long Problems => Interlocked.Read(ref _problems);

    /// <summary>The latest problem; null when there was none.</summary>
    public string? LastProblem { get; private set; }

    /// <summary>What it is at, such as a file.</summary>
    public string? At { get; set; }

    public void Take(AppendResult result)
    {
        Interlocked.Add(ref _added, result.Added);
        Interlocked.Add(ref _repeated, result.Repeated);
        Interlocked.Add(ref _refused, result.Refused.Count);
        LastProblem = result.Refused.Count > 0 ? result.Refused[0] : LastProblem;
    }

    public void Problem(string what)
    {
        Interlocked.Increment(ref _problems);
        LastProblem = what;
    }
}
