using IotOps.Logs.Sending;

namespace IotOps.Logs.Lanes;

/// <summary>What a lane decided to do next. The lane counts as busy until <see cref="LogLane.Completed"/> hears how it went.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Batch">With what; null for <see cref="LaneWorkKind.None"/>.</param>
internal readonly record struct LaneWork(LaneWorkKind Kind, OutgoingBatch? Batch)
{
    /// <summary>Nothing is to be done now.</summary>
    public static LaneWork None => default;

    /// <summary>Send the batch. The permit for it was taken; whoever sends it gives it back.</summary>
    public static LaneWork Send(OutgoingBatch batch) => new(LaneWorkKind.Send, batch);

    /// <summary>Move the batch to the spool.</summary>
    public static LaneWork Spill(OutgoingBatch batch) => new(LaneWorkKind.Spill, batch);
}
