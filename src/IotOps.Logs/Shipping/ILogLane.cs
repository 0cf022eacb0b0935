namespace IotOps.Logs.Shipping;

/// <summary>The way of one log stream's events to the service. Lanes are independent: one that is refused never slows another.</summary>
/// <remarks>Called by the tail's one thread; the lane's own sending runs beside it.</remarks>
internal interface ILogLane
{
    /// <summary>Where this lane's events go.</summary>
    LogDestination Destination { get; }

    /// <summary>
    /// Copies an event in. False when there is no room now: offer the same event again after the lanes' wake signal.
    /// An event taken here is not yet safe: <see cref="ICheckpoint.CommitAsync"/> says when it is.
    /// </summary>
    bool TryAppend(in TailedEvent tailed);

    /// <summary>
    /// Says that the bytes behind events of this source may not be there for a second read: the file was deleted, or truncated
    /// with no copy to be found. While the service is out of reach the lane keeps such events on disk, in its spool.
    /// </summary>
    void SourceIsVanishing(long sourceId);
}
