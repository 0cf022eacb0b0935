namespace IotOps.Detect;

/// <summary>What a worker has done since it was made. The same counts are under the meter <c>IotOps.Detect</c>.</summary>
/// <param name="Received">Messages taken from the inbox, repetitions included.</param>
/// <param name="Unreadable">Of these, what no worker can read: they stay in the inbox, which sets them aside.</param>
/// <param name="Events">Reports, lifecycle events and log entries in the messages.</param>
/// <param name="Late">Events that came after what they belong to was judged.</param>
/// <param name="Duplicates">Events that had come before.</param>
/// <param name="Alarms">Alarms that began, ended or became invalid, as committed.</param>
/// <param name="Conflicts">Evaluations that were repeated because another worker had changed the record.</param>
/// <param name="Failed">Things that could not be evaluated or committed: their messages come again.</param>
public sealed record DetectWorkerStatistics(
    long Received, long Unreadable, long Events, long Late, long Duplicates, long Alarms, long Conflicts, long Failed)
{
    /// <summary>When the inbox and the store last answered; null before the first time.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>Why the inbox or the store last did not; null when they always have. It stays after they have answered again.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}
