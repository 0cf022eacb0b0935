namespace IotOps.Logs.Sending;

/// <summary>One event of a request.</summary>
/// <param name="Timestamp">The time it is sent with.</param>
/// <param name="Index">Which event of the batch.</param>
/// <param name="Retimed">The time is not the event's own.</param>
internal readonly record struct PlannedEvent(long Timestamp, int Index, bool Retimed)
{
    /// <summary>By time; events of one time stay in the order they came.</summary>
    public static int ByTime(PlannedEvent one, PlannedEvent other) =>
        one.Timestamp != other.Timestamp ? one.Timestamp.CompareTo(other.Timestamp) : one.Index.CompareTo(other.Index);
}
