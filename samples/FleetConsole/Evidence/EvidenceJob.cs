using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>A bundle that is being made, or was. What it counts is read while it runs.</summary>
/// <param name="Id">Its number, for its address.</param>
/// <param name="Request">What it is of.</param>
/// <param name="By">Who began it.</param>
/// <param name="Since">When.</param>
/// <param name="Path">Where the zip is.</param>
/// <param name="Stop">Ends it.</param>
internal sealed record EvidenceJob(string Id, EvidenceRequest Request, string By, DateTimeOffset Since, string Path, CancellationTokenSource Stop)
{
    private int _parts;
    private long _lines;

    /// <summary>Files and quarantines that it will have.</summary>
    public int AllParts { get; set; } = 1;

    /// <summary>How many are written.</summary>
    public int Parts => Volatile.Read(ref _parts);

    /// <summary>Lines that are written.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Its end.</summary>
    public Task End { get; set; } = Task.CompletedTask;

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What proves later that it is this bundle; null before its end.</summary>
    public EvidenceSeal? Seal { get; set; }

    /// <summary>Why it ended before its end; null when it did not.</summary>
    public string? Problem { get; set; }

    public bool IsRunning => EndedAt is null;

    public void CountPart() => Interlocked.Increment(ref _parts);

    public void CountLine() => Interlocked.Increment(ref _lines);
}
